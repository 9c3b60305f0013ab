/* A sweep's part of a plan, for one machine of several. */
#include <stdlib.h>

#include "base/memory.h"
#include "experiments/plan.h"

/* What a row costs beside the dense layers, as FLOPs of them: a model without any has
 * its price too. From the constants of experiments/estimate.c. */
enum { ROW_FLOPS = 2000 };

static bool refuse_rungs(struct error *error) {
  error_set(error, ERROR_CONFIG,
            "sweep.early_terminate needs the trials of all models at each rung, and a shard has "
            "some of them");
  return error_help(error,
                    "run this sweep on one machine, on a cluster by 'crosslane launch slurm', "
                    "which runs rung after rung, or leave early_terminate out ('--set "
                    "sweep.early_terminate=null')");
}

/* By the first trial of the architecture: it is sized also where the others are not. */
uint64_t plan_trial_cost(const struct plan *plan, size_t index) {
  const struct trial_list *list = &plan->data->list;
  const size_t architecture = list->trial[index].architecture;
  const size_t each = list->trials / list->architectures;
  const struct planned_trial *first = &plan->trial[architecture * each];
  const uint64_t epochs = list->architecture[architecture].config.train.epochs;
  return shard_product(shard_product(shard_sum(first->size.flops_per_row, ROW_FLOPS), epochs),
                       first->training_rows);
}

/* The trials of the plan that are not left out, into `item` and `trial`; how many. */
static size_t list_wanted(const struct plan *plan, struct shard_item *item, size_t *trial) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    if (plan->left_out[plan->data->list.trial[i].architecture]) continue;
    item[count] = (struct shard_item){plan_trial_cost(plan, i), plan->data->list.trial[i].key};
    trial[count++] = i;
  }
  return count;
}

static bool refuse_rounds(struct error *error) {
  error_set(error, ERROR_CONFIG,
            "method: bayes draws each round from the results of all trials before it, and a shard "
            "has some of them");
  return error_help(error,
                    "run this sweep on one machine, or draw at random ('--set "
                    "sweep.method=random')");
}

bool plan_cut(const struct plan *plan, size_t shards, size_t *of, struct error *error) {
  if (plan->rounds.count > 0) return refuse_rounds(error);
  struct shard_item *item = memory_array(plan->trials, sizeof *item, error);
  size_t *trial = memory_array(plan->trials, sizeof *trial, error);
  size_t *cut = memory_array(plan->trials, sizeof *cut, error);
  bool done = item != NULL && trial != NULL && cut != NULL;
  const size_t count = done ? list_wanted(plan, item, trial) : 0;
  done = done && shard_cut(item, count, shards, cut, error);
  for (size_t i = 0; done && i < plan->trials; i++) of[i] = PLAN_NO_SHARD;
  for (size_t i = 0; done && i < count; i++) of[trial[i]] = cut[i];
  free(item);
  free(trial);
  free(cut);
  return done;
}

bool plan_take_shard(struct plan *plan, const struct shard *shard, struct error *error) {
  if (shard->count == 0) return true;
  if (plan->halving.rungs > 0 && !plan->listed) return refuse_rungs(error);
  size_t *of = memory_array(plan->trials, sizeof *of, error);
  const bool done = of != NULL && plan_cut(plan, shard->count, of, error);
  for (size_t i = 0; done && i < plan->trials; i++) {
    if (of[i] == PLAN_NO_SHARD) continue;
    plan->elsewhere[i] = of[i] != shard->index - 1;
    plan->cost = shard_sum(plan->cost, plan_trial_cost(plan, i));
    if (!plan->elsewhere[i]) plan->own_cost = shard_sum(plan->own_cost, plan_trial_cost(plan, i));
  }
  plan->shard = *shard;
  free(of);
  return done;
}
