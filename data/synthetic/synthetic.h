/* A generator of ratings in MovieLens' shape, whose best possible test error is
 * known. */
#ifndef CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_H
#define CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

struct synthetic_spec {
  uint32_t users, items, ratings;
  uint64_t seed;
};

/* See data/synthetic/synthetic.c for the model. The same on every machine:
 * integer arithmetic, + - * / and sqrt only. On failure `dataset` is empty. */
bool synthetic_make(const struct synthetic_spec *spec, struct dataset *dataset,
                    struct error *error);

#endif
