#include "experiments/shard.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* --- which shard --- */

static bool read_number(const char *begin, const char *end, uint64_t least, uint64_t most,
                        uint64_t *value) {
  return begin != NULL && text_u64(begin, end, value) && *value >= least && *value <= most;
}

static bool read_pair(const char *text, struct shard *shard, struct error *error) {
  const char *slash = strchr(text, '/');
  uint64_t index = 0, count = 0;
  if (slash == NULL || !text_u64(text, slash, &index) ||
      !text_u64(slash + 1, text + strlen(text), &count)) {
    return error_set(error, ERROR_USAGE,
                     "--shard: expected I/N, such as 2/16, or slurm, found '%s'", text);
  }
  if (count < 1 || count > SHARDS_MAX) {
    return error_set(error, ERROR_USAGE, "--shard %s: N is from 1 to %d", text, SHARDS_MAX);
  }
  if (index < 1 || index > count) {
    return error_set(error, ERROR_USAGE, "--shard %s: I is from 1 to N", text);
  }
  *shard = (struct shard){(size_t)index, (size_t)count};
  return true;
}

static const char *shown(const char *value) {
  return value != NULL ? value : "(not set)";
}

static bool read_slurm(const struct slurm_array *slurm, struct shard *shard, struct error *error) {
  const char *const text[] = {slurm->id, slurm->min, slurm->max, slurm->count};
  uint64_t value[4] = {0};
  if (slurm->id == NULL) {
    error_set(error, ERROR_USAGE,
              "--shard slurm: this is no task of a job array: SLURM_ARRAY_TASK_ID is not set");
    return error_help(error, "submit it with 'sbatch --array=1-16', or give --shard I/N");
  }
  bool good = true;
  for (size_t i = 0; good && i < 4; i++) {
    good = text[i] != NULL &&
           read_number(text[i], text[i] + strlen(text[i]), 0, UINT32_MAX, &value[i]);
  }
  const uint64_t id = value[0], min = value[1], max = value[2], count = value[3];
  good = good && min <= 1 && max >= min && count == max - min + 1 && id >= min && id <= max &&
         count <= SHARDS_MAX;
  if (good) {
    *shard = (struct shard){(size_t)(id - min + 1), (size_t)count};
    return true;
  }
  error_set(error, ERROR_USAGE,
            "--shard slurm: expected an array from 0 or 1 without gaps, found "
            "SLURM_ARRAY_TASK_ID %s, _MIN %s, _MAX %s, _COUNT %s",
            shown(slurm->id), shown(slurm->min), shown(slurm->max), shown(slurm->count));
  return error_help(error,
                    "to run some tasks of an array again, give them --shard "
                    "\"$SLURM_ARRAY_TASK_ID/N\" with the N of the whole array");
}

bool shard_read(const char *text, const struct slurm_array *slurm, struct shard *shard,
                struct error *error) {
  return strcmp(text, "slurm") == 0 ? read_slurm(slurm, shard, error)
                                    : read_pair(text, shard, error);
}

/* --- the cut --- */

uint64_t shard_sum(uint64_t a, uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t shard_product(uint64_t a, uint64_t b) {
  return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

struct queued {
  const struct shard_item *item;
  size_t place;
};

static int dearest_first(const void *a, const void *b) {
  const struct shard_item *one = ((const struct queued *)a)->item;
  const struct shard_item *other = ((const struct queued *)b)->item;
  if (one->cost != other->cost) return one->cost > other->cost ? -1 : 1;
  return strcmp(one->key, other->key);
}

struct load {
  uint64_t cost;
  size_t shard;
};

static bool before(const struct load *a, const struct load *b) {
  return a->cost != b->cost ? a->cost < b->cost : a->shard < b->shard;
}

/* The first of the heap has become dearer. */
static void sink(struct load *heap, size_t count) {
  for (size_t at = 0;;) {
    size_t least = at;
    for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
      if (before(&heap[child], &heap[least])) least = child;
    }
    if (least == at) return;
    const struct load kept = heap[at];
    heap[at] = heap[least];
    heap[least] = kept;
    at = least;
  }
}

bool shard_cut(const struct shard_item *item, size_t items, size_t shards, size_t *of,
               struct error *error) {
  struct queued *queue = memory_array(items, sizeof *queue, error);
  struct load *heap = memory_array(shards, sizeof *heap, error);
  const bool good = queue != NULL && heap != NULL;
  for (size_t i = 0; good && i < items; i++) queue[i] = (struct queued){&item[i], i};
  for (size_t s = 0; good && s < shards; s++) heap[s].shard = s;
  if (good && items > 0) qsort(queue, items, sizeof *queue, dearest_first);
  for (size_t i = 0; good && i < items; i++) {
    of[queue[i].place] = heap[0].shard;
    heap[0].cost = shard_sum(heap[0].cost, queue[i].item->cost);
    sink(heap, shards);
  }
  free(queue);
  free(heap);
  return good;
}
