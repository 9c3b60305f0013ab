/* Numbers that other programs take, as a config has them. */
#ifndef CROSSLANE_CONFIG_NUMBER_FORM_H
#define CROSSLANE_CONFIG_NUMBER_FORM_H

#include <stdbool.h>

#include "base/text.h"
#include "config/yaml.h"

/* How a config writes what `node` means: 0.5 for .5 or 0,5; 1e-3 for 1.e-3; 1
 * for +1, 01 or 1.; 1000 for 1_000, and for 1e3 where it must be `whole`. False:
 * it is no such number, or is written so already. `value` is the number. */
bool number_form(const struct yaml_node *node, bool whole, char form[TEXT_DOUBLE], double *value);

#endif
