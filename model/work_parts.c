#include "model/work_parts.h"

/* Some 30 microseconds of one core: a thread that sleeps is awake after about as
 * many. */
enum { PART_FLOP = 1 << 22 };

size_t work_parts_count(const struct thread_pool *pool, uint64_t flop, size_t most) {
  if (pool == NULL) return 1;
  size_t parts = thread_pool_threads(pool);
  if (parts > most) parts = most;
  if (parts > flop / PART_FLOP) parts = (size_t)(flop / PART_FLOP);
  return parts > 1 ? parts : 1;
}

size_t work_parts_units(size_t whole) {
  return (whole + WORK_UNIT - 1) / WORK_UNIT;
}

struct work_span work_parts_span(size_t part, size_t parts, size_t whole) {
  if (parts == 1) return (struct work_span){0, whole};
  const size_t units = work_parts_units(whole);
  const size_t at = units * part / parts * WORK_UNIT;
  const size_t end = units * (part + 1) / parts * WORK_UNIT;
  return (struct work_span){at, (end < whole ? end : whole) - at};
}
