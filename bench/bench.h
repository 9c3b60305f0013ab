/* The room bench/: the kernels timed with Google Benchmark, beside other
 * libraries. */
#ifndef CROSSLANE_BENCH_BENCH_H
#define CROSSLANE_BENCH_BENCH_H

#include "bench/suite.h" /* the whole bench */

#endif
