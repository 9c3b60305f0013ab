/* The section `sweep`: one of the three methods adds the points. */
#include <stdlib.h>

#include "base/memory.h"
#include "config/sweep_spec.h"

/* A key of the other method, given with something in it. */
static bool refuse(const struct yaml_node *node, const char *key, const char *method,
                   struct error *error) {
  return node == NULL ||
         yaml_error(node, error, "sweep.%s cannot be used with method: %s", key, method);
}

static bool need(const struct config_draft *draft, const struct yaml_node *node, const char *key,
                 struct error *error) {
  if (node != NULL) return true;
  return yaml_error_document(draft->document, error, "the sweep has no sweep.%s", key);
}

static bool has_sweep(const struct config_draft *draft) {
  for (size_t i = 0; i < config_key_count(); i++) {
    if (config_key_within(config_key_at(i), "sweep") && draft->given[i] != NULL) return true;
  }
  return false;
}

bool sweep_read(const struct config_draft *draft, struct sweep_spec **sweep, struct error *error) {
  if (!has_sweep(draft)) return true;
  *sweep = memory_array(1, sizeof **sweep, error);
  if (*sweep == NULL || !sweep_spec_init(*sweep, error)) return false;
  (*sweep)->cap = draft->run_cap > 0 ? (size_t)draft->run_cap : SWEEP_ARCHITECTURES_MAX;
  if (draft->method != SWEEP_LIST) {
    bool grid = draft->method == SWEEP_GRID;
    return refuse(draft->trials, "trials", grid ? "grid" : "random", error) &&
           need(draft, draft->parameters, "parameters", error) &&
           (grid ? sweep_read_grid : sweep_read_random)(draft, *sweep, error) &&
           sweep_check_labels(draft, *sweep, error);
  }
  return refuse(draft->parameters, "parameters", "list", error) &&
         refuse(draft->exclude, "exclude", "list", error) &&
         need(draft, draft->trials, "trials", error) && sweep_read_list(draft, *sweep, error) &&
         sweep_check_labels(draft, *sweep, error);
}
