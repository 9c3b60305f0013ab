/* Lists of names, such as genres and occupations: coded in alphabetical (ASCII)
 * order. */
#ifndef CROSSLANE_DATA_NAMES_H
#define CROSSLANE_DATA_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Sorts `names` and gives, for each place that they had, the one they have
 * now: code_of[old] = new. No name stands twice. */
bool names_sort(char **names, size_t count, uint32_t *code_of, struct error *error);

/* Copies `count` names; NULL and `error` when memory ran out. */
char **names_copy(const char *const *names, size_t count, struct error *error);
void names_free(char **names, size_t count);

#endif
