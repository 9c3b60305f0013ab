/* The room bench/: the kernels timed with Google Benchmark, beside other
 * libraries. */
#ifndef CROSSLANE_BENCH_BENCH_H
#define CROSSLANE_BENCH_BENCH_H

#include "bench/own_kernels.h" /* a shared object of one's own kernels */
#include "bench/suite.h"       /* the whole bench */

#endif
