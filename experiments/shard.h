/* Part I of N of a sweep, for several machines. */
#ifndef CROSSLANE_EXPERIMENTS_SHARD_H
#define CROSSLANE_EXPERIMENTS_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { SHARDS_MAX = 100000 };

struct shard {
  size_t index, count; /* index from 1; count 0: the whole sweep */
};

/* What Slurm tells a task of a job array: SLURM_ARRAY_TASK_ID, _MIN, _MAX and _COUNT.
 * NULL: not set. */
struct slurm_array {
  const char *id, *min, *max, *count;
};

/* "2/16", or "slurm": the task's place in its array. An array has to begin at 0 or 1
 * and to have no gaps: of `--array=1,3` or of indices that are submitted again nobody
 * can tell how many shards there were. ERROR_USAGE. */
bool shard_read(const char *text, const struct slurm_array *slurm, struct shard *shard,
                struct error *error);

struct shard_item {
  uint64_t cost;
  const char *key; /* no two are equal */
};

/* of[i] [items]: the shard of item i, from 0. The dearest first, ties by key, each to
 * the shard that costs least until then, the first of equals (Graham: "Bounds on
 * multiprocessing timing anomalies", SIAM J. Appl. Math. 17, 1969): no shard costs
 * more than the least one and one item. Integers alone decide, so that all machines
 * cut alike. */
bool shard_cut(const struct shard_item *item, size_t items, size_t shards, size_t *of,
               struct error *error);

/* a + b and a b, or UINT64_MAX where they do not fit. */
uint64_t shard_sum(uint64_t a, uint64_t b);
uint64_t shard_product(uint64_t a, uint64_t b);

#endif
