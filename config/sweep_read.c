/* The section `sweep`: its method adds the points. */
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

/* How the points of sweep.parameters are found, by method. */
static const struct drawing {
  const char *name;
  bool (*read)(const struct config_draft *draft, struct sweep_spec *sweep, struct error *error);
} drawings[] = {[SWEEP_GRID] = {"grid", sweep_read_grid},
                [SWEEP_RANDOM] = {"random", sweep_read_random},
                [SWEEP_BAYES] = {"bayes", sweep_read_bayes}};

bool sweep_read(const struct config_draft *draft, struct sweep_spec **sweep, struct error *error) {
  if (!has_sweep(draft)) return true;
  *sweep = memory_array(1, sizeof **sweep, error);
  if (*sweep == NULL || !sweep_spec_init(*sweep, error)) return false;
  (*sweep)->cap = draft->run_cap > 0 ? (size_t)draft->run_cap : SWEEP_ARCHITECTURES_MAX;
  if (draft->method != SWEEP_LIST) {
    const struct drawing *drawing = &drawings[draft->method];
    return refuse(draft->trials, "trials", drawing->name, error) &&
           need(draft, draft->parameters, "parameters", error) &&
           drawing->read(draft, *sweep, error) && sweep_check_labels(draft, *sweep, error);
  }
  return refuse(draft->parameters, "parameters", "list", error) &&
         refuse(draft->exclude, "exclude", "list", error) &&
         need(draft, draft->trials, "trials", error) && sweep_read_list(draft, *sweep, error) &&
         sweep_check_labels(draft, *sweep, error);
}

void sweep_free(struct sweep_spec *sweep) {
  if (sweep == NULL) return;
  for (size_t i = 0; i < sweep->architectures; i++) {
    free(sweep->architecture[i].label);
    json_decref(sweep->architecture[i].swept);
  }
  for (size_t i = 0; i < sweep->points; i++) free(sweep->point[i].label);
  free(sweep->architecture);
  free(sweep->point);
  free(sweep->digest);
  free(sweep->slot);
  sweep_bayes_free(sweep->bayes);
  free(sweep);
}
