/* Made-up runs of few architectures, for the tests of their pictures. */
#ifndef CROSSLANE_TESTS_RESULTS_POINTS_H
#define CROSSLANE_TESTS_RESULTS_POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "results/summary.h"

/* An architecture of a made-up run: what is swept, as JSON. */
struct point {
  const char *label, *swept, *hidden;
  double mse, validation, cpu_seconds;
};

/* Two seeds of each into the folder's records. */
void points_write(const char *folder, const struct point *point, size_t count, const char *data,
                  bool synthetic);

struct summary points_summary(const char *folder);

/* Writes the data files and scripts of the pictures, which needs no gnuplot; the
 * text of one of them. */
char *points_drawn(const char *folder, const char *name);

#endif
