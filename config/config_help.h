#ifndef CROSSLANE_CONFIG_CONFIG_HELP_H
#define CROSSLANE_CONFIG_CONFIG_HELP_H

#include "base/text.h"

/* `crosslane help config`, and crosslane-config(5) in mdoc. */
void config_help(struct text *text);
void config_man_page(struct text *text);

#endif
