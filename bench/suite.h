/* The whole bench. Each launch runs child processes for each instruction set, in
 * random order: libraries choose their code at start, and where a process has its
 * memory changes its times. Rows with hot operands have a child in which their
 * repetitions take turns at random; those with cold ones have another, in which
 * the repetitions of a row follow each other, since laying out what is larger than
 * the caches takes longer than the timing. */
#ifndef CROSSLANE_BENCH_SUITE_H
#define CROSSLANE_BENCH_SUITE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/own_kernels.h"
#include "kernels/kernels.h"

struct suite_options {
  bool quick; /* some shapes, short: does it work? */
  bool peers;
  const char *filter; /* extended regular expression on "kernel/shape/hot"; NULL: all */
  bool isa[ISA_COUNT];
  bool cold;                     /* of a child: which of the two */
  const char *with;              /* a shared object of one's own kernels; NULL: none */
  const struct own_kernels *own; /* opened from it: its kernels alone are timed, beside ours */
  unsigned launches;
  char **passed_on; /* Google Benchmark's own flags, NULL-terminated */
};

/* Is the filter a regular expression, of which some benchmark has the name? */
bool suite_filter_check(const struct suite_options *options, struct error *error);

/* In a child: registers what one instruction set has, times it, and writes
 * Google Benchmark's JSON to --benchmark_out of `argv`. `kernels` NULL: this
 * machine's own (tests give others). */
bool suite_child(int argc, char **argv, enum isa isa, const struct suite_options *options,
                 const struct kernels *kernels, struct error *error);

/* In the parent: `program` is run again as "program --child ISA ..." for each
 * child; their results are merged into one JSON text. `progress` is told what
 * runs. */
typedef void suite_progress(unsigned done, unsigned all, const char *isa);
bool suite_run(const char *program, const struct suite_options *options, suite_progress *progress,
               struct text *json, struct error *error);

#endif
