/* The best architecture so far, as progress names it. */
#include <math.h>

#include "experiments/plan.h"

/* Of the weights that the present stage leaves; NaN: it is not that far. */
static double mse_now(const struct plan *plan, size_t index) {
  const struct planned_trial *trial = &plan->trial[index];
  const size_t rungs = plan->halving.rungs;
  if (plan->stage == rungs) return trial->state == PLANNED_DONE ? trial->validation_mse : NAN;
  const bool stopped = trial->state == PLANNED_STOPPED;
  if (trial->state == PLANNED_NEW || (stopped && trial->epochs < plan_trial_epochs(plan, index))) {
    return NAN;
  }
  return plan->at_rung[index * rungs + plan->stage];
}

bool plan_best(const struct plan *plan, size_t *architecture, double *mse) {
  const struct trial_list *list = &plan->data->list;
  const size_t each = plan->trials / list->architectures;
  double lowest = INFINITY;
  for (size_t a = 0; a < list->architectures; a++) {
    if (!plan->in[a]) continue;
    double sum = 0;
    for (size_t i = 0; i < each; i++) sum += mse_now(plan, a * each + i);
    const double mean = sum / (double)each;
    if (!(mean < lowest)) continue;
    lowest = mean;
    *architecture = a;
  }
  *mse = lowest;
  return lowest < INFINITY;
}
