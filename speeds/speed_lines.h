/* What the files of several machines have in common: their kernels at a shape. */
#ifndef CROSSLANE_SPEEDS_SPEED_LINES_H
#define CROSSLANE_SPEEDS_SPEED_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "speeds/speeds.h"

/* What was measured natively, in the order of the files. */
enum { MACHINES_MOST = 8 };
struct machines {
  const struct speeds *at[MACHINES_MOST];
  char letter[MACHINES_MOST]; /* what tables call it */
  size_t count;
};

/* A kernel at a shape, hot or cold: a line of a picture or table, whoever has it. */
struct speed_line {
  const char *kernel, *shape, *temperature;
};

/* Leaves out emulated files: their times are no speeds. */
struct machines machines_of(const struct speeds *file, size_t files);

/* Every line that some machine has timed of Crosslane's own kernels, each once;
 * the shapes of a kernel together. Free it. NULL when memory ran out. */
struct speed_line *speed_lines(const struct machines *machines, size_t *count, struct error *error);

/* Crosslane's time of that line; NULL: none. */
const struct speed *speed_of(const struct speeds *machine, const struct speed_line *line,
                             const char *isa);

/* The fastest of its instruction sets, scalar among them; NULL: none. */
const struct speed *speed_best_of(const struct speeds *machine, const struct speed_line *line);

/* Has every machine timed it? */
bool speed_is_shared(const struct machines *machines, const struct speed_line *line);

/* Has any machine timed one of Crosslane's kernels so? */
bool speed_has_isa(const struct machines *machines, const char *isa);

/* Has the file such rows of Crosslane's kernels, timed or failed? */
bool speed_file_has_isa(const struct speeds *file, const char *isa);

/* Is there an instruction set that one file has and another has not? */
bool speed_isas_differ(const struct machines *machines);

#endif
