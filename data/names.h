/* Names of genres and occupations: coded in alphabetical (ASCII) order. */
#ifndef CROSSLANE_DATA_NAMES_H
#define CROSSLANE_DATA_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

/* Of MovieLens 100K. Genres in the order of the flags of u.item. */
enum { NAMES_GENRES = 19, NAMES_OCCUPATIONS = 21 };
extern const char *const names_genres[NAMES_GENRES];
extern const char *const names_occupations[NAMES_OCCUPATIONS];

/* Sorts `names` and gives, for each place that they had, the one they have
 * now: code_of[old] = new. No name stands twice. */
bool names_sort(char **names, size_t count, uint32_t *code_of, struct error *error);

/* Copies `count` names; NULL and `error` when memory ran out. */
char **names_copy(const char *const *names, size_t count, struct error *error);
void names_free(char **names, size_t count);

/* Sorts the dataset's names, and gives its users the codes that follow. */
bool names_sort_occupations(struct dataset *dataset, struct error *error);

#endif
