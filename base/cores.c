#define _GNU_SOURCE /* sched_getaffinity */
#include "base/cores.h"

#include <unistd.h>
#if defined(__linux__)
#include <sched.h>
#endif

#if defined(__linux__)
/* More cores than cpu_set_t has places for fail: then all of them are taken. */
static size_t allowed(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 0;
  const int count = CPU_COUNT(&set);
  return count > 0 ? (size_t)count : 0;
}
#else
static size_t allowed(void) {
  return 0;
}
#endif

size_t cores_usable(void) {
  const size_t those = allowed();
  if (those > 0) return those;
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (size_t)online : 1;
}
