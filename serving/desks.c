#include "serving/desks.h"

#include <stdlib.h>

#include "base/memory.h"

static void desk_free(struct desk *desk) {
  if (desk == NULL) return;
  workspace_clear(&desk->workspace);
  query_clear(&desk->query);
  free(desk);
}

static struct desk *desk_new(const struct serving *serving, struct error *error) {
  struct desk *desk = memory_array(1, sizeof *desk, error);
  if (desk == NULL) return NULL;
  if (query_init(&desk->query, &serving->saved.encoding, DESK_ROWS, error) &&
      workspace_init(&desk->workspace, &serving->models.member[0], DESK_ROWS, error)) {
    return desk;
  }
  desk_free(desk);
  return NULL;
}

struct desks *desks_new(const struct serving *serving, struct error *error) {
  struct desks *desks = memory_aligned(1, sizeof *desks, error);
  if (desks == NULL) return NULL;
  desks->serving = serving;
  for (size_t i = 0; i < DESKS_KEPT; i++) atomic_init(&desks->kept[i].desk, NULL);
  if (desks_reserve(desks, 1, error)) return desks;
  desks_free(desks);
  return NULL;
}

void desks_free(struct desks *desks) {
  if (desks == NULL) return;
  for (size_t i = 0; i < DESKS_KEPT; i++) desk_free(atomic_load(&desks->kept[i].desk));
  free(desks);
}

/* Where a thread looks first: near its own desk of the last time. Stacks of threads lie far
 * apart; the factor is 2^64 over the golden ratio (Knuth, TAOCP vol. 3, 6.4). */
static size_t first_place(void) {
  const char here = 0;
  const uint64_t page = (uint64_t)(uintptr_t)&here >> 16;
  return (size_t)(page * 0x9E3779B97F4A7C15u >> 58) % DESKS_KEPT;
}

static struct desk *take_kept(struct desks *desks) {
  const size_t first = first_place();
  for (size_t i = 0; i < DESKS_KEPT; i++) {
    _Atomic(struct desk *) *place = &desks->kept[(first + i) % DESKS_KEPT].desk;
    if (atomic_load_explicit(place, memory_order_relaxed) == NULL) continue;
    struct desk *desk = atomic_exchange_explicit(place, NULL, memory_order_acquire);
    if (desk != NULL) return desk;
  }
  return NULL;
}

struct desk *desks_take(struct desks *desks, struct error *error) {
  struct desk *desk = take_kept(desks);
  return desk != NULL ? desk : desk_new(desks->serving, error);
}

void desks_give(struct desks *desks, struct desk *desk) {
  const size_t first = first_place();
  for (size_t i = 0; i < DESKS_KEPT; i++) {
    _Atomic(struct desk *) *place = &desks->kept[(first + i) % DESKS_KEPT].desk;
    struct desk *none = NULL;
    if (atomic_load_explicit(place, memory_order_relaxed) == NULL &&
        atomic_compare_exchange_strong_explicit(place, &none, desk, memory_order_release,
                                                memory_order_relaxed)) {
      return;
    }
  }
  desk_free(desk);
}

bool desks_reserve(struct desks *desks, size_t count, struct error *error) {
  size_t kept = 0;
  for (size_t i = 0; i < DESKS_KEPT; i++) kept += atomic_load(&desks->kept[i].desk) != NULL;
  for (; kept < count && kept < DESKS_KEPT; kept++) {
    struct desk *desk = desk_new(desks->serving, error);
    if (desk == NULL) return false;
    desks_give(desks, desk);
  }
  return true;
}

void desks_predict(const struct desks *desks, struct desk *desk, size_t count, float *prediction) {
  const struct serving *serving = desks->serving;
  query_encode(&desk->query, count);
  model_predict(&serving->models, &desk->workspace, &desk->query.rows,
                serving->saved.config.model.clip, serving->kernels, prediction);
}

void desks_probabilities(const struct desks *desks, struct desk *desk, size_t count,
                         float *probability) {
  const struct serving *serving = desks->serving;
  query_encode(&desk->query, count);
  model_probabilities(&serving->models, &desk->workspace, &desk->query.rows, serving->kernels,
                      probability);
}
