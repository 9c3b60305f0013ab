/* What the child processes of a bench measured, as one file: Google
 * Benchmark's JSON with what its readers and `crosslane compare` use, one
 * repetition a line. */
#ifndef CROSSLANE_BENCH_MERGE_H
#define CROSSLANE_BENCH_MERGE_H

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/noise.h"
#include "kernels/isa.h"

/* Start from {0}. */
struct merge {
  json_t *context;
  json_t *benchmarks[ISA_COUNT]; /* each an object: name, array of repetitions */
};

/* Adds Google Benchmark's JSON of one child. */
bool merge_child(struct merge *merge, enum isa isa, unsigned launch, const char *text, size_t size,
                 struct error *error);

/* By instruction set, and in it as they were registered. */
bool merge_write(const struct merge *merge, const struct noise *noise, struct text *out,
                 struct error *error);

void merge_clear(struct merge *merge);

#endif
