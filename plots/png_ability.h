/* Whether this machine's gnuplot can draw PNG: it needs the terminal pngcairo,
 * which some builds lack, and a font. Without a font it draws pictures without
 * letters and says that all went well. */
#ifndef CROSSLANE_PLOTS_PNG_ABILITY_H
#define CROSSLANE_PLOTS_PNG_ABILITY_H

#include <stdbool.h>

#include "base/error.h"

/* False: ERROR_SYSTEM, with what is missing and what to do. True also where
 * gnuplot cannot be run: drawing says so. */
bool png_ability(struct error *error);

#endif
