/* crosslane(1) in mdoc(7): made of the table of options and of prose. */
#ifndef CROSSLANE_CLI_MAN_H
#define CROSSLANE_CLI_MAN_H

#include "base/text.h"

void man_page(struct text *text);

/* The prose (cli/man_prose.c), in the order of the page. What the table knows
 * stands between. */
extern const char man_name[], man_description[], man_environment_and_files[], man_more_examples[],
    man_see_also[];

#endif
