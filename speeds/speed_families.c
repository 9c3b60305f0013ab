#include "speeds/speed_families.h"

#include <stdbool.h>
#include <string.h>

const char *const speed_family_names[SPEED_FAMILIES] = {
    [FAMILY_DENSE_FORWARD] = "dense forward",
    [FAMILY_DENSE_BACKWARD_DATA] = "dense backward data",
    [FAMILY_DENSE_BACKWARD_WEIGHTS] = "dense backward weights",
    [FAMILY_ACTIVATIONS] = "activations",
    [FAMILY_EMBEDDINGS] = "embeddings",
    [FAMILY_WIDE_TABLES] = "wide tables",
    [FAMILY_INTERACTIONS] = "interactions",
    [FAMILY_OUTPUT] = "output and loss",
    [FAMILY_OPTIMIZERS] = "optimizers",
    [FAMILY_OTHERS] = "others",
};

/* A name that ends in _ stands for all that begin with it. */
static const struct {
  const char *kernel;
  enum speed_family family;
} families[] = {
    {"dense_forward", FAMILY_DENSE_FORWARD},
    {"dense_backward_data", FAMILY_DENSE_BACKWARD_DATA},
    {"dense_backward_weights", FAMILY_DENSE_BACKWARD_WEIGHTS},
    {"activate", FAMILY_ACTIVATIONS},
    {"embedding_", FAMILY_EMBEDDINGS},
    {"wide_", FAMILY_WIDE_TABLES},
    {"fm_", FAMILY_INTERACTIONS},
    {"dot_", FAMILY_INTERACTIONS},
    {"head_forward", FAMILY_OUTPUT},
    {"squared_error", FAMILY_OUTPUT},
    {"adam", FAMILY_OPTIMIZERS},
    {"adam_rows", FAMILY_OPTIMIZERS},
    {"sgd", FAMILY_OPTIMIZERS},
    {"adagrad", FAMILY_OPTIMIZERS},
    {"ftrl", FAMILY_OPTIMIZERS},
    {"l2", FAMILY_OPTIMIZERS},
    {"l2_rows", FAMILY_OPTIMIZERS},
};

static bool is_named(const char *kernel, const char *name) {
  const size_t length = strlen(name);
  return name[length - 1] == '_' ? strncmp(kernel, name, length) == 0 : strcmp(kernel, name) == 0;
}

enum speed_family speed_family_of(const char *kernel) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    if (is_named(kernel, families[i].kernel)) return families[i].family;
  }
  return FAMILY_OTHERS;
}
