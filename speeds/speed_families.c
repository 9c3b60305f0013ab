#include "speeds/speed_families.h"

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

/* A name that ends in _ stands for all that begin with it. `roof`: nothing but the
 * peak of multiply-adds or the bandwidth of the memory limits it. The others have
 * divisions, roots, integer arithmetic, shuffles, or sums that are folded. */
static const struct {
  const char *kernel;
  enum speed_family family;
  bool roof;
} families[] = {
    {"dense_forward", FAMILY_DENSE_FORWARD, true},
    {"dense_backward_data", FAMILY_DENSE_BACKWARD_DATA, true},
    {"dense_backward_weights", FAMILY_DENSE_BACKWARD_WEIGHTS, true},
    {"activate", FAMILY_ACTIVATIONS, false},
    {"embedding_", FAMILY_EMBEDDINGS, true},
    {"wide_", FAMILY_WIDE_TABLES, false},
    {"fm_", FAMILY_INTERACTIONS, false},
    {"dot_", FAMILY_INTERACTIONS, false},
    {"head_forward", FAMILY_OUTPUT, false},
    {"squared_error", FAMILY_OUTPUT, false},
    {"ordinal_", FAMILY_OUTPUT, false},
    {"adam", FAMILY_OPTIMIZERS, false},
    {"adam_rows", FAMILY_OPTIMIZERS, false},
    {"sgd", FAMILY_OPTIMIZERS, true},
    {"adagrad", FAMILY_OPTIMIZERS, false},
    {"ftrl", FAMILY_OPTIMIZERS, false},
    {"l2", FAMILY_OPTIMIZERS, true},
    {"l2_rows", FAMILY_OPTIMIZERS, true},
    {"average", FAMILY_OPTIMIZERS, true},
    {"average_rows", FAMILY_OPTIMIZERS, true},
};
enum { KNOWN = sizeof families / sizeof *families };

static bool is_named(const char *kernel, const char *name) {
  const size_t length = strlen(name);
  return name[length - 1] == '_' ? strncmp(kernel, name, length) == 0 : strcmp(kernel, name) == 0;
}

/* KNOWN: none. */
static size_t place_of(const char *kernel) {
  size_t at = 0;
  while (at < KNOWN && !is_named(kernel, families[at].kernel)) at++;
  return at;
}

enum speed_family speed_family_of(const char *kernel) {
  const size_t at = place_of(kernel);
  return at < KNOWN ? families[at].family : FAMILY_OTHERS;
}

bool speed_family_has_roof(const char *kernel) {
  const size_t at = place_of(kernel);
  return at < KNOWN && families[at].roof;
}
