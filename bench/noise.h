/* Who else used this machine's cores while the bench ran. */
#ifndef CROSSLANE_BENCH_NOISE_H
#define CROSSLANE_BENCH_NOISE_H

#include <stdbool.h>

/* Seconds over all cores. */
struct noise_clock {
  double wall;
  double busy;   /* all processes */
  double stolen; /* by the hypervisor, for other machines */
  double own;    /* this process and its children that ended */
};

struct noise {
  bool known;    /* only Linux tells */
  double others; /* cores that other processes kept busy, on average */
  double stolen; /* cores that the hypervisor took away, on average */
};

void noise_start(struct noise_clock *clock);

/* Between `start` and now. */
struct noise noise_since(const struct noise_clock *start);

#endif
