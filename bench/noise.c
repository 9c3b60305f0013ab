#include "bench/noise.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"

/* The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq
 * and steal time of all cores since the start, in ticks (man 5 proc). */
static bool read_all(double *busy, double *stolen) {
  unsigned long long user, nice, system, idle, wait, irq, soft, steal;
  const long second = sysconf(_SC_CLK_TCK);
  FILE *file = fopen("/proc/stat", "r");
  if (file == NULL) return false;
  const int found = fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice,
                           &system, &idle, &wait, &irq, &soft, &steal);
  (void)fclose(file);
  if (found != 8 || second <= 0) return false;
  *busy = (double)(user + nice + system + irq + soft) / (double)second;
  *stolen = (double)steal / (double)second;
  return true;
}

static double seconds(struct timeval time) {
  return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static double own_time(void) {
  double sum = 0;
  const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
  for (int i = 0; i < 2; i++) {
    struct rusage usage;
    if (getrusage(whose[i], &usage) == 0) sum += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  return sum;
}

void noise_start(struct noise_clock *clock) {
  *clock = (struct noise_clock){.wall = clock_wall(), .busy = -1, .own = own_time()};
  if (!read_all(&clock->busy, &clock->stolen)) clock->busy = -1;
}

struct noise noise_since(const struct noise_clock *start) {
  struct noise_clock now;
  noise_start(&now);
  const double wall = now.wall - start->wall;
  if (start->busy < 0 || now.busy < 0 || wall <= 0) return (struct noise){0};
  struct noise noise = {.known = true,
                        .others = (now.busy - start->busy - (now.own - start->own)) / wall,
                        .stolen = (now.stolen - start->stolen) / wall};
  /* Ticks are coarse: a short run may seem to have used more than there was. */
  if (noise.others < 0) noise.others = 0;
  return noise;
}
