/* Text of manual pages in mdoc(7). */
#ifndef CROSSLANE_BASE_MDOC_H
#define CROSSLANE_BASE_MDOC_H

#include "base/text.h"

/* Adds plain text, each sentence as a line, the last one without its end.
 * Nothing in it is taken for a request or an escape. Text between backticks is
 * set in bold, and --name as it is typed. */
void mdoc_add(struct text *text, const char *plain);

#endif
