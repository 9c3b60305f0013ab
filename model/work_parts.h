/* A batch's work in parts, for the threads of a pool. It is cut by what it puts
 * out, never by what it adds up, so that the bits are those of one thread. */
#ifndef CROSSLANE_MODEL_WORK_PARTS_H
#define CROSSLANE_MODEL_WORK_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/thread_pool.h"

/* What a float counts, as FLOP, that is read or added to; that an optimizer updates;
 * what a code counts that is copied. */
enum { WORK_FLOAT = 16, WORK_STEP = 64, WORK_CODE = 16 };

/* Into how many parts to cut work of `flop`, which has `most` of them at most:
 * one a thread, but none so small that waking a thread for it takes longer. */
size_t work_parts_count(const struct thread_pool *pool, uint64_t flop, size_t most);

/* Part `part` of `parts` of the places 0 to whole - 1, in multiples of
 * WORK_UNIT: none is empty where there are as many units as parts. */
enum { WORK_UNIT = 16 };
struct work_span {
  size_t at, count;
};
size_t work_parts_units(size_t whole);
struct work_span work_parts_span(size_t part, size_t parts, size_t whole);

#endif
