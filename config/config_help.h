#ifndef CROSSLANE_CONFIG_CONFIG_HELP_H
#define CROSSLANE_CONFIG_CONFIG_HELP_H

#include <stddef.h>

#include "base/text.h"

/* `crosslane help config`, and crosslane-config(5) in mdoc. */
void config_help(struct text *text);
void config_man_page(struct text *text);

/* The dotted path of a key, in the order of the table; NULL after the last. */
const char *config_key_path(size_t index);

#endif
