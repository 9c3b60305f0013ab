/* The rounds of method: bayes, and what is said of rungs that end too early; records are made
 * up. */
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/sweep_spec.h"
#include "data/data_load.h"
#include "experiments/plan.h"
#include "tests/config/config_fixture.h"

/* Three architectures a round, two seeds. */
#define HEAD                                                                      \
  "schema: 1\n"                                                                   \
  "name: t\n"                                                                     \
  "data:\n"                                                                       \
  "  source: synthetic\n"                                                         \
  "  synthetic: {users: 30, items: 40, ratings: 600, seed: 1}\n"                  \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"                       \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender]}}\n" \
  "train: {epochs: 10}\n"                                                         \
  "seeds: [1, 2]\n"
#define ROUNDS                                        \
  HEAD "sweep:\n"                                     \
       "  method: bayes\n"                            \
       "  run_cap: 8\n"                               \
       "  round: 3\n"                                 \
       "  parameters:\n"                              \
       "    model.deep.dropout: {min: 0, max: 0.5}\n" \
       "    train.batch_size: {min: 8, max: 64}\n"

struct planned {
  struct config config;
  struct run_data data;
  struct plan plan;
};

static volatile sig_atomic_t never;

static void get_plan(struct planned *p, const char *text) {
  struct error error = {0};
  struct dataset dataset;
  get_config(text, NULL, &p->config);
  if (!data_load(&p->config.base.data, NULL, &dataset, &error) ||
      !run_data_load(&p->data, &p->config, &dataset, NULL, &never, &error) ||
      !plan_init(&p->plan, &p->data, &p->config, kernels_of(ISA_SCALAR), false, ESTIMATE_DENSE,
                 false, &never, &error) ||
      !plan_begin(&p->plan, &error)) {
    fail_msg("%s", error.message);
  }
}

static void clear(struct planned *p) {
  plan_clear(&p->plan);
  run_data_clear(&p->data);
  config_clear(&p->config);
}

static void end_trial(struct plan *plan, size_t trial, double mse, uint32_t best_epoch) {
  struct record_epoch curve[10];
  for (size_t e = 0; e < 10; e++) curve[e] = (struct record_epoch){.validation_mse = mse};
  const struct record record = {.status = isnan(mse) ? TRIAL_FAILED : TRIAL_DONE,
                                .curve = curve,
                                .epochs = 10,
                                .best_epoch = best_epoch,
                                .validation_mse = mse};
  plan_trial_ended(plan, trial, &record);
}

static bool next_round(struct planned *p) {
  struct error error = {0};
  bool more;
  if (!plan_next_round(&p->plan, &p->data, &p->config, &more, &error) ||
      (more && !plan_begin(&p->plan, &error))) {
    fail_msg("%s", error.message);
  }
  return more;
}

static void assert_same_labels(const struct config *one, const struct config *other, size_t count) {
  assert_int_equal(one->sweep->architectures, count);
  assert_int_equal(other->sweep->architectures, count);
  for (size_t i = 0; i < count; i++) {
    assert_string_equal(one->sweep->architecture[i].label, other->sweep->architecture[i].label);
  }
}

/* The draws are those from the means of two seeds, by hand; one that failed has none. */
static void a_round_is_drawn_from_the_means_of_the_one_before(void **state) {
  (void)state;
  const double mse[] = {1.25, 0.75, 0.5, NAN, 1.0, 1.25}, mean[] = {1, INFINITY, 1.125};
  struct planned p;
  struct config by_hand;
  struct error error = {0};
  get_plan(&p, ROUNDS);
  get_config(ROUNDS, NULL, &by_hand);
  for (size_t i = 0; i < 6; i++) end_trial(&p.plan, i, mse[i], 10);
  assert_true(next_round(&p));
  assert_true(sweep_draw_round(by_hand.sweep, &p.data.dataset.schema, mean, &error));
  assert_same_labels(&p.config, &by_hand, 6);
  config_clear(&by_hand);
  clear(&p);
}

static void what_is_left_out_counts_as_the_worst(void **state) {
  (void)state;
  const double mean[] = {1, 1, INFINITY};
  struct planned p;
  struct config by_hand;
  struct error error = {0};
  get_plan(&p, ROUNDS);
  get_config(ROUNDS, NULL, &by_hand);
  p.plan.left_out[2] = true;
  for (size_t i = 0; i < 6; i++) end_trial(&p.plan, i, i < 4 ? 1 : 0.1, 10);
  assert_true(next_round(&p));
  assert_true(sweep_draw_round(by_hand.sweep, &p.data.dataset.schema, mean, &error));
  assert_same_labels(&p.config, &by_hand, 6);
  config_clear(&by_hand);
  clear(&p);
}

static void a_plan_grows_by_its_rounds(void **state) {
  (void)state;
  struct planned p;
  size_t architecture;
  double mse;
  get_plan(&p, ROUNDS);
  assert_int_equal(plan_trainings(&p.plan), 16);
  assert_int_equal(p.plan.pending_count, 6);
  for (size_t i = 0; i < 6; i++) end_trial(&p.plan, i, 1 - 0.01 * (double)i, 10);
  assert_true(next_round(&p));
  assert_int_equal(p.plan.trials, 12);
  assert_int_equal(p.plan.first, 6);
  assert_int_equal(plan_trials_in(&p.plan), 6);
  assert_int_equal(p.plan.pending_count, 6);
  for (size_t i = 0; i < 6; i++) {
    assert_true(p.plan.pending[i] >= 6);
    assert_true(p.plan.trial[6 + i].size.parameters == p.plan.trial[0].size.parameters);
    assert_int_equal(p.plan.trial[i].state, PLANNED_DONE);
  }
  assert_true(plan_later_seconds(&p.plan) > 0);
  for (size_t i = 6; i < 12; i++) end_trial(&p.plan, i, 1, 10);
  assert_true(next_round(&p));
  assert_int_equal(p.plan.trials, 16);
  assert_int_equal(p.plan.rounds.left, 0);
  assert_true(plan_later_seconds(&p.plan) == 0);
  assert_int_equal(plan_trainings(&p.plan), 16);
  for (size_t i = 12; i < 16; i++) end_trial(&p.plan, i, 1, 10);
  /* Of all rounds. */
  assert_true(plan_best(&p.plan, &architecture, &mse));
  assert_int_equal(architecture, 2);
  assert_true(fabs(mse - 0.955) < 1e-12);
  assert_false(next_round(&p));
  clear(&p);
}

static void a_shard_of_rounds_is_refused(void **state) {
  (void)state;
  struct planned p;
  struct error error = {0};
  get_plan(&p, ROUNDS);
  assert_false(plan_take_shard(&p.plan, &(struct shard){.index = 1, .count = 2}, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, "('--set sweep.method=random')"));
  clear(&p);
}

/* Rungs at 2, 4 and 8. */
static void assert_warned(const uint32_t *best_epoch, size_t count, const char *part) {
  struct planned p;
  struct text warning = {0};
  get_plan(&p, HEAD
           "sweep: {parameters: {model.deep.hidden: {values: [[4], [8], [9]]}}, "
           "early_terminate: {min_iter: 2, eta: 2}}\n");
  for (size_t i = 0; i < count; i++) end_trial(&p.plan, i, 1, best_epoch[i]);
  plan_check_rungs(&p.plan, &warning);
  if (part == NULL) {
    assert_int_equal(warning.length, 0);
  } else if (warning.text == NULL || strstr(warning.text, part) == NULL) {
    fail_msg("'%s' is not in: %s", part, warning.text);
  }
  text_clear(&warning);
  clear(&p);
}

static void rungs_before_the_median_best_epoch_are_said(void **state) {
  (void)state;
  assert_warned((uint32_t[]){9, 5, 3, 9}, 4,
                "the rungs at epoch 2 and 4 ended before epoch 5, by which half of the 4 trials");
  assert_warned((uint32_t[]){9, 5, 3, 9}, 4, "set sweep.early_terminate.min_iter to 5 or more\n");
  assert_warned((uint32_t[]){3, 4, 1}, 3, "the rung at epoch 2 ended before epoch 3,");
  assert_warned((uint32_t[]){10, 9}, 2, "the rungs at epoch 2, 4 and 8 ended before epoch 9,");
  assert_warned((uint32_t[]){3}, 1, "epoch 3, at which the only trial that came to its end was");
  assert_warned((uint32_t[]){10}, 1, "\nthat is the last epoch: give train.epochs more, or leave");
  assert_warned((uint32_t[]){2, 9, 1}, 3, NULL);
  assert_warned(NULL, 0, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_round_is_drawn_from_the_means_of_the_one_before),
      cmocka_unit_test(what_is_left_out_counts_as_the_worst),
      cmocka_unit_test(a_plan_grows_by_its_rounds),
      cmocka_unit_test(a_shard_of_rounds_is_refused),
      cmocka_unit_test(rungs_before_the_median_best_epoch_are_said),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
