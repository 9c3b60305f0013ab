/* Text as HTML. */
#ifndef CROSSLANE_RESULTS_HTML_H
#define CROSSLANE_RESULTS_HTML_H

#include "base/text.h"

/* Text, or the value of an attribute in double quotes. */
void html_add(struct text *out, const char *text);

#endif
