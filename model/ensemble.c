#include "model/ensemble.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/rating_head.h"

bool ensemble_init(struct ensemble *ensemble, size_t members, struct error *error) {
  *ensemble = (struct ensemble){.member = memory_array(members, sizeof *ensemble->member, error)};
  if (ensemble->member == NULL) return false;
  ensemble->members = members;
  return true;
}

void ensemble_clear(struct ensemble *ensemble) {
  for (size_t m = 0; m < ensemble->members; m++) wide_deep_clear(&ensemble->member[m]);
  free(ensemble->member);
  *ensemble = (struct ensemble){0};
}

uint64_t ensemble_seed(uint64_t seed, size_t member) {
  if (member == 0) return seed;
  struct random random;
  random_init(&random, seed, STREAM_MEMBER, (uint32_t)member, 0);
  const uint64_t high = random_u32(&random);
  return high << 32 | random_u32(&random);
}

uint64_t ensemble_digest(const struct ensemble *ensemble) {
  if (ensemble->members == 1) return wide_deep_digest(&ensemble->member[0]);
  uint64_t digest[ENSEMBLE_MEMBERS_MAX];
  for (size_t m = 0; m < ensemble->members; m++) {
    digest[m] = wide_deep_digest(&ensemble->member[m]);
  }
  return digest_join(digest, ensemble->members);
}

static void predict(const struct wide_deep *model, struct workspace *workspace, size_t m,
                    const struct kernels *kernels) {
  wide_deep_forward(model, workspace, m, NULL, kernels);
  rating_head_predict(model, workspace, m, kernels);
}

/* Sums are kept where gradients of predictions are while a model is trained. */
void ensemble_forward(const struct ensemble *ensemble, struct workspace *workspace, size_t m,
                      const struct kernels *kernels) {
  float *sum = workspace->gradient, *prediction = workspace->prediction;
  predict(&ensemble->member[0], workspace, m, kernels);
  if (ensemble->members == 1) return;
  memcpy(sum, prediction, m * sizeof *sum);
  for (size_t i = 1; i < ensemble->members; i++) {
    predict(&ensemble->member[i], workspace, m, kernels);
    for (size_t row = 0; row < m; row++) sum[row] += prediction[row];
  }
  const float members = (float)ensemble->members;
  for (size_t row = 0; row < m; row++) prediction[row] = sum[row] / members;
}

void ensemble_probabilities(const struct ensemble *ensemble, struct workspace *workspace, size_t m,
                            const struct kernels *kernels, float *out) {
  const size_t count = m * ensemble->member[0].levels.count;
  const float members = (float)ensemble->members;
  memset(out, 0, count * sizeof *out);
  for (size_t i = 0; i < ensemble->members; i++) {
    wide_deep_forward(&ensemble->member[i], workspace, m, NULL, kernels);
    rating_head_add_probabilities(&ensemble->member[i], workspace, m, kernels, out);
  }
  for (size_t i = 0; i < count; i++) out[i] /= members;
}
