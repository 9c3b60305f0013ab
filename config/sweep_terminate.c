/* What early termination needs of the models that it compares. */
#include "config/sweep_spec.h"

static const struct yaml_node *given(const struct config_draft *draft, const char *path) {
  return draft->given[config_key_index(config_key_find(path))];
}

static bool check(const struct config_draft *draft, const struct architecture *architecture,
                  struct error *error) {
  const struct trial_config *config = &architecture->config;
  const struct yaml_node *place = given(draft, "sweep.early_terminate");
  if (config->data.split.validation <= 0) {
    yaml_error(place, error, "early termination needs validation rows");
    error_help(error, "give data.split.validation, for example 0.1");
    return error_help(error, "in the trial '%s'", architecture->label);
  }
  if (draft->early_terminate.min_iter >= config->train.epochs) {
    yaml_error(given(draft, "sweep.early_terminate.min_iter"), error,
               "min_iter must be below train.epochs, which is %u", config->train.epochs);
    return error_help(error, "in the trial '%s'", architecture->label);
  }
  return true;
}

bool sweep_check_terminate(const struct config_draft *draft, const struct sweep_spec *sweep,
                           struct error *error) {
  if (!draft->early_terminate.on) return true;
  if (draft->early_terminate.min_iter == 0) {
    yaml_error(given(draft, "sweep.early_terminate"), error, "early_terminate has no min_iter");
    return error_help(error, "for example {type: hyperband, min_iter: 4, eta: 3}");
  }
  for (size_t i = 0; i < sweep->architectures; i++) {
    if (!check(draft, &sweep->architecture[i], error)) return false;
  }
  return true;
}
