#ifndef CROSSLANE_CONFIG_CONFIG_HELP_H
#define CROSSLANE_CONFIG_CONFIG_HELP_H

#include <stddef.h>

#include "base/text.h"

/* `crosslane help config`, and crosslane-config(5) in mdoc. */
void config_help(struct text *text);
void config_man_page(struct text *text);

/* In the order of `help config --example`. */
enum config_example {
  CONFIG_EXAMPLE_SWEEP,
  CONFIG_EXAMPLE_CROSSES,
  CONFIG_EXAMPLE_SEARCH,
  CONFIG_EXAMPLE_FOLDS,
  CONFIG_EXAMPLE_CSV,
  CONFIG_EXAMPLES
};

/* A short experiment, as a file. */
const char *config_example(enum config_example which);

/* The dotted path of a key, in the order of the table; NULL after the last. */
const char *config_key_path(size_t index);

#endif
