#include "experiments/halving.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

void halving_init(struct halving *halving, const struct early_terminate_spec *spec,
                  uint32_t longest) {
  *halving = (struct halving){.eta = spec->eta};
  if (!spec->on) return;
  /* 64 bits: the product that ends the loop may exceed 32. eta >= 2, so there
   * are fewer rungs than bits. */
  for (uint64_t epochs = spec->min_iter; epochs < longest; epochs *= spec->eta) {
    halving->epochs[halving->rungs++] = (uint32_t)epochs;
  }
}

size_t halving_keep(size_t count, uint32_t eta) {
  return count / eta + (count % eta != 0);
}

struct candidate {
  size_t index;
  double mse;
};

static int by_mse(const void *a, const void *b) {
  const struct candidate *one = a, *other = b;
  if (one->mse != other->mse) return one->mse < other->mse ? -1 : 1;
  return one->index < other->index ? -1 : 1;
}

bool halving_choose(const double *mse, size_t count, uint32_t eta, bool *in, struct error *error) {
  struct candidate *candidates = memory_array(count, sizeof *candidates, error);
  if (candidates == NULL) return false;
  size_t candidate_count = 0;
  for (size_t i = 0; i < count; i++) {
    if (!in[i]) continue;
    candidates[candidate_count++] =
        (struct candidate){.index = i, .mse = isfinite(mse[i]) ? mse[i] : INFINITY};
  }
  qsort(candidates, candidate_count, sizeof *candidates, by_mse);
  for (size_t i = halving_keep(candidate_count, eta); i < candidate_count; i++) {
    in[candidates[i].index] = false;
  }
  free(candidates);
  return true;
}
