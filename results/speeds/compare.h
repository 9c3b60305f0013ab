/* Runs of the bench, of any number of machines or commits, held against each
 * other. The first file is the base. */
#ifndef CROSSLANE_RESULTS_SPEEDS_COMPARE_H
#define CROSSLANE_RESULTS_SPEEDS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "results/speeds/grid.h"
#include "results/speeds/speeds.h"

enum { COMPARE_FILES = 8 };

struct comparison {
  struct speeds file[COMPARE_FILES];
  size_t files;
  double fail_above; /* percent; negative: regressions are listed from 5 on, none fails */
  size_t regressions;
};

/* Fewer launches than this cannot tell a regression from one unlucky start. */
enum { COMPARE_LAUNCHES = 3 };

/* Reads the files. With `fail_above` >= 0 each needs COMPARE_LAUNCHES launches. */
bool compare_read(struct comparison *c, const char *const *paths, size_t count, double fail_above,
                  struct error *error);

/* How many times as long as in `base` the machine itself took in `other`: for
 * each level of the memory, drift[struct speed's level], the median over the
 * benchmarks of others than Crosslane's kernels (plain loops, copies, libraries,
 * streams); 1 where it took less, or where there are fewer than
 * COMPARE_CONTROLS of them. Neighbours in a shared machine change what the third
 * cache and memory give by more than many a regression. */
enum { COMPARE_LEVELS = 5, COMPARE_CONTROLS = 4 };
bool compare_drifts(const struct speeds *base, const struct speeds *other, double *drift,
                    struct error *error);

/* A median beyond `percent` of drift times the base's, and outside of the spread
 * between launches: those of the one and of the other lie at least as far apart
 * as either of them spreads. */
bool compare_is_regression(const struct speed *base, const struct speed *other, double percent,
                           double drift);

/* Heading, table, geometric means, regressions; CSV and JSON: the table alone. */
void compare_write(struct comparison *c, enum grid_format format, struct text *out);

void compare_clear(struct comparison *c);

#endif
