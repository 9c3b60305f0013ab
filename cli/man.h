/* crosslane(1) and a page for each command in mdoc(7): made of the table of options and of
 * prose. */
#ifndef CROSSLANE_CLI_MAN_H
#define CROSSLANE_CLI_MAN_H

#include "base/text.h"
#include "cli/commands.h"

void man_page(struct text *text);

/* crosslane-sweep(1), of one command. */
void man_command_page(enum command_id id, struct text *text);

/* The prose (cli/man_prose.c), in the order of the page. What the table knows
 * stands between. */
extern const char man_date[], man_name[], man_description[], man_environment_and_files[],
    man_more_examples[], man_see_also[];

#endif
