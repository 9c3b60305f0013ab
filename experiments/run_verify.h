/* Whether this machine comes to the numbers of records that others made. */
#ifndef CROSSLANE_EXPERIMENTS_RUN_VERIFY_H
#define CROSSLANE_EXPERIMENTS_RUN_VERIFY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "data/data_spec.h"
#include "kernels/kernels.h"
#include "records/record_union.h"

struct verify_options {
  size_t trials; /* at most so many, of those that are done; 0: none */
  /* Where the data of such a source are; NULL: as the records say. */
  const char *(*data_path)(const void *context, enum data_source source);
  const void *data_context;
  const struct kernels *kernels;
  const volatile sig_atomic_t *interrupted;
  void (*tell)(struct text *message); /* a line when a trial is verified; clears it */
};

/* Draws trials of the union, by a seed that follows from their keys, trains each to its
 * end with all cores, and compares mse and weights_digest with its record's: to the last
 * bit. A difference is ERROR_TRIAL that names the record, its machine and both numbers,
 * all of them when all are trained. Other data than the records' and another numerics
 * version than this program's are ERROR_DATA. */
bool run_verify(const struct record_union *all, const struct verify_options *options,
                struct error *error);

#endif
