/* Whether the rungs of early_terminate could tell good models from fast ones. */
#include <stdlib.h>

#include "base/memory.h"
#include "experiments/plan.h"

static int ascending(const void *a, const void *b) {
  const size_t one = *(const size_t *)a, other = *(const size_t *)b;
  return (one > other) - (one < other);
}

/* The best epochs of the trials that came to their end; how many. */
static size_t best_epochs(const struct plan *plan, size_t *epoch) {
  size_t count = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    if (plan->trial[i].state == PLANNED_DONE) epoch[count++] = plan->trial[i].best_epoch;
  }
  qsort(epoch, count, sizeof *epoch, ascending);
  return count;
}

static uint32_t longest_training(const struct trial_list *list) {
  uint32_t longest = 0;
  for (size_t a = 0; a < list->architectures; a++) {
    const uint32_t epochs = list->architecture[a].config.train.epochs;
    if (epochs > longest) longest = epochs;
  }
  return longest;
}

/* min_iter has to be below train.epochs. */
static void advise(const struct plan *plan, size_t median, struct text *warning) {
  if (median < longest_training(&plan->data->list)) {
    text_add(warning, "set sweep.early_terminate.min_iter to %zu or more\n", median);
  } else {
    text_add(warning,
             "that is the last epoch: give train.epochs more, or leave early_terminate "
             "out\n");
  }
}

static void say(const struct plan *plan, size_t count, size_t median, struct text *warning) {
  size_t early = 0;
  while (early < plan->halving.rungs && plan->halving.epochs[early] < median) early++;
  if (early == 0) return;
  text_add(warning, "early_terminate: the rung%s at epoch", early == 1 ? "" : "s");
  for (size_t r = 0; r < early; r++) {
    text_add(warning, "%s %u",
             r == 0           ? ""
             : r + 1 == early ? " and"
                              : ",",
             (unsigned)plan->halving.epochs[r]);
  }
  text_add(warning, " ended before epoch %zu, ", median);
  if (count == 1) {
    text_add(warning, "at which the only trial that came to its end was at its best");
  } else {
    text_add(warning, "by which half of the %zu trials that came to their end were at their best",
             count);
  }
  text_add(warning, "; a rung that early stops slow models, not bad ones\n");
  advise(plan, median, warning);
}

void plan_check_rungs(const struct plan *plan, struct text *warning) {
  struct error error;
  if (plan->halving.rungs == 0) return;
  size_t *epoch = memory_array(plan->trials, sizeof *epoch, &error);
  if (epoch == NULL) {
    warning->failed = true;
    return;
  }
  const size_t count = best_epochs(plan, epoch);
  /* Of an even number the lower one of the two in the middle. */
  if (count > 0) say(plan, count, epoch[(count - 1) / 2], warning);
  free(epoch);
}
