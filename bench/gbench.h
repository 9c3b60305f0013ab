/* Google Benchmark (from 1.7.1) for C. A benchmark is a function that sets up, runs
 * the timing loop to its end, and may attach numbers to the result:
 *
 *   static void sum(struct gbench *g, void *argument) {
 *     while (gbench_keep_running(g, 16)) {
 *       for (int i = 0; i < 16; i++) ...one call...
 *     }
 *     gbench_counter(g, "flop", 1000.0);
 *   }
 *
 * The loop must run to its end unless gbench_fail was called before it. */
#ifndef CROSSLANE_BENCH_GBENCH_H
#define CROSSLANE_BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct gbench; /* one run of one benchmark */
typedef void gbench_function(struct gbench *g, void *argument);

/* Reads Google Benchmark's own flags ("--benchmark_min_time=0.1", ...) and
 * takes them out of argv. Call it once, first. */
void gbench_initialize(int *argc, char **argv);

/* Adds a benchmark. The name is copied; `argument` must outlive the run. `once`:
 * whatever --benchmark_repetitions says. False when memory ran out. */
bool gbench_register(const char *name, gbench_function *function, void *argument, bool once);

/* A line of the JSON's context. */
bool gbench_context(const char *key, const char *value);

/* What one repetition measured, or an aggregate of repetitions. Times are of
 * one iteration, in nanoseconds. */
struct gbench_run {
  const char *name;
  bool aggregate;
  const char *error; /* NULL: none */
  uint64_t iterations;
  int64_t repetition;
  double real_ns, cpu_ns;
};
typedef void gbench_report(const struct gbench_run *run, void *argument);

/* Runs what was registered and matches --benchmark_filter, and calls `report`
 * (unless NULL) for each result. --benchmark_out writes the file too. Returns
 * how many benchmarks matched; -1 when the library threw. */
long gbench_run_all(gbench_report *report, void *argument);

/* Forgets what was registered. */
void gbench_clear(void);

/* --- inside of a benchmark --- */

/* False when enough was measured. Each true stands for `batch` iterations. */
bool gbench_keep_running(struct gbench *g, int64_t batch);

/* Reports the benchmark as failed, with the reason; nothing is timed. */
void gbench_fail(struct gbench *g, const char *message);

/* A number of 0 is left out of the result: the library's JSON would hold its
 * coefficient of variation, which is not a number. */
uint64_t gbench_iterations(const struct gbench *g);
void gbench_items_processed(struct gbench *g, double items); /* of all iterations */
void gbench_bytes_processed(struct gbench *g, double bytes);
void gbench_counter(struct gbench *g, const char *name, double value);

#ifdef __cplusplus
}
#endif
#endif
