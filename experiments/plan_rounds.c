/* method: bayes: the next round of a plan. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "experiments/plan.h"

static double mse_of(const struct planned_trial *trial) {
  return trial->state == PLANNED_DONE ? trial->validation_mse : INFINITY;
}

/* Means over seeds and folds; [architectures]. */
static double *round_means(const struct plan *plan, struct error *error) {
  const struct trial_list *list = &plan->data->list;
  const double each = (double)list->trials / (double)list->architectures;
  double *mean = memory_array(list->architectures, sizeof *mean, error);
  if (mean == NULL) return NULL;
  for (size_t i = 0; i < plan->trials; i++) {
    mean[list->trial[i].architecture] += mse_of(&plan->trial[i]) / each;
  }
  for (size_t a = 0; a < list->architectures; a++) {
    if (plan->left_out[a]) mean[a] = INFINITY;
  }
  return mean;
}

bool plan_next_round(struct plan *plan, struct run_data *data, const struct config *config,
                     bool *more, struct error *error) {
  const size_t architectures = data->list.architectures;
  *more = plan->rounds.left > 0;
  if (!*more) return true;
  double *mean = round_means(plan, error);
  const bool drawn =
      mean != NULL && sweep_draw_round(config->sweep, &data->dataset.schema, mean, error);
  free(mean);
  if (!drawn || !run_data_grow(data, config, error) ||
      !plan_grow(plan, config, architectures, error)) {
    return false;
  }
  *more = data->list.architectures > architectures;
  return true;
}
