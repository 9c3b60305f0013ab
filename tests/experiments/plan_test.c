/* Which trials are trained, and to which epoch; records are made up. */
#include "experiments/plan.h"
#include "data/data_load.h"
#include "records/record_list.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

/* Four architectures, two seeds: eight trials. */
#define FOUR                                                                      \
  "schema: 1\n"                                                                   \
  "name: t\n"                                                                     \
  "data:\n"                                                                       \
  "  source: synthetic\n"                                                         \
  "  synthetic: {users: 30, items: 40, ratings: 600, seed: 1}\n"                  \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"                       \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender]}}\n" \
  "train: {epochs: 10}\n"                                                         \
  "seeds: [1, 2]\n"                                                               \
  "sweep:\n"                                                                      \
  "  method: grid\n"                                                              \
  "  parameters:\n"                                                               \
  "    model.deep.hidden: {values: [[4], [64, 64], [8], [16]]}\n"
enum { TRIALS = 8, EPOCHS = 10 };

struct planned {
  struct config config;
  struct run_data data;
  struct plan plan;
};

static volatile sig_atomic_t never;

static bool try_plan(struct planned *p, bool retry_failed, struct error *error) {
  *error = (struct error){0};
  struct dataset dataset;
  return data_load(&p->config.base.data, NULL, &dataset, error) &&
         run_data_load(&p->data, &p->config, &dataset, NULL, &never, error) &&
         plan_init(&p->plan, &p->data, &p->config, kernels_of(ISA_SCALAR), false, ESTIMATE_DENSE,
                   retry_failed, &never, error);
}

static void get_plan(struct planned *p, bool retry_failed) {
  struct error error;
  if (!try_plan(p, retry_failed, &error)) fail_msg("%s", error.message);
}

static void clear(struct planned *p) {
  plan_clear(&p->plan);
  run_data_clear(&p->data);
  config_clear(&p->config);
}

/* With early_terminate: rungs at epochs 2 and 4 (and 8), of eta 2. */
static void get_halving(struct planned *p, bool retry_failed) {
  get_config(FOUR, NULL, &p->config);
  p->config.early_terminate = (struct early_terminate_spec){.on = true, .min_iter = 2, .eta = 2};
  get_plan(p, retry_failed);
}

/* A trial that ended with the validation MSE 1 - slope * epoch at each epoch. */
static void end_trial(struct plan *plan, size_t trial, enum trial_status status, size_t epochs,
                      double slope) {
  struct record_epoch curve[EPOCHS];
  for (size_t e = 0; e < epochs; e++) {
    curve[e] = (struct record_epoch){.validation_mse = 1 - slope * (double)(e + 1)};
  }
  struct record record = {.status = status, .curve = curve, .epochs = epochs};
  record.validation_mse = status == TRIAL_FAILED ? NAN : curve[epochs - 1].validation_mse;
  plan_trial_ended(plan, trial, &record);
}

/* The trials that are pending, as "01.....7". */
static void assert_pending(const struct plan *plan, const char *expected) {
  char found[TRIALS + 1] = "........";
  for (size_t i = 0; i < plan->pending_count; i++) {
    found[plan->pending[i]] = (char)('0' + plan->pending[i]);
  }
  assert_string_equal(found, expected);
}

static void begin(struct plan *plan) {
  struct error error = {0};
  assert_true(plan_begin(plan, &error));
}

static bool next(struct plan *plan) {
  struct error error = {0};
  bool more;
  assert_true(plan_next(plan, &more, &error));
  return more;
}

static void without_early_terminate_there_is_one_stage(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, false);
  begin(&p.plan);
  assert_pending(&p.plan, "01234567");
  assert_int_equal(plan_epochs(&p.plan), 0);
  assert_int_equal(plan_trainings(&p.plan), TRIALS);
  assert_false(next(&p.plan));
  clear(&p);
}

static void the_longest_trials_come_first(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, false);
  begin(&p.plan);
  const size_t expected[TRIALS] = {2, 3, 6, 7, 4, 5, 0, 1};
  assert_memory_equal(p.plan.pending, expected, sizeof expected);
  clear(&p);
}

static void what_is_recorded_is_not_trained(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, false);
  end_trial(&p.plan, 0, TRIAL_DONE, EPOCHS, 0);
  end_trial(&p.plan, 3, TRIAL_FAILED, 0, 0);
  end_trial(&p.plan, 5, TRIAL_STOPPED, 4, 0);
  for (size_t i = 0; i < TRIALS; i++) p.plan.trial[i].trained = false; /* before this start */
  begin(&p.plan);
  /* A stopped one counts as not trained where nothing is to be stopped. */
  assert_pending(&p.plan, ".12.4567");
  clear(&p);
}

static void what_failed_alone_is_tried_again_when_asked(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, true);
  end_trial(&p.plan, 0, TRIAL_DONE, EPOCHS, 0);
  end_trial(&p.plan, 3, TRIAL_FAILED, 0, 0);
  end_trial(&p.plan, 6, TRIAL_DONE, EPOCHS, 0);
  p.plan.trial[3].trained = false; /* it failed before this start */
  begin(&p.plan);
  assert_pending(&p.plan, ".12345.7");
  clear(&p);
}

static void failed_trials_are_tried_once_a_start(void **state) {
  (void)state;
  struct planned p;
  get_halving(&p, true);
  end_trial(&p.plan, 2, TRIAL_FAILED, 0, 0);
  p.plan.trial[2].trained = false; /* it failed before this start */
  begin(&p.plan);
  assert_pending(&p.plan, "01234567");
  end_trial(&p.plan, 2, TRIAL_FAILED, 0, 0);
  begin(&p.plan);
  assert_pending(&p.plan, "01.34567");
  clear(&p);
}

static double all_epoch_seconds(const struct plan *plan) {
  double seconds = 0;
  for (size_t i = 0; i < TRIALS; i++) seconds += plan->trial[i].epoch_seconds;
  return seconds;
}

static void assert_near(double found, double expected) {
  if (!(fabs(found - expected) < 1e-9)) fail_msg("%.12g is not %.12g", found, expected);
}

/* With checkpoints from the rung before, else from the start. */
static void assert_estimates(bool checkpoints, double of_rung, double at_first, double at_second) {
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  p.config.early_terminate = (struct early_terminate_spec){.on = true, .min_iter = 2, .eta = 2};
  p.config.base.train.checkpoint.on = checkpoints;
  get_plan(&p, false);
  begin(&p.plan);
  /* Of four architectures two go on to epoch 4, and one of these to the end. */
  const double each = all_epoch_seconds(&p.plan) / 4;
  assert_near(plan_trial_seconds(&p.plan, 0) / p.plan.trial[0].epoch_seconds, 2);
  assert_near(plan_later_seconds(&p.plan) / each, at_first);
  for (size_t i = 0; i < TRIALS; i++) end_trial(&p.plan, i, TRIAL_STOPPED, 2, 0.01);
  assert_true(next(&p.plan));
  assert_pending(&p.plan, "0123....");
  assert_near(plan_trial_seconds(&p.plan, 0) / p.plan.trial[0].epoch_seconds, of_rung);
  double in = 0;
  for (size_t i = 0; i < 4; i++) in += p.plan.trial[i].epoch_seconds;
  assert_near(plan_later_seconds(&p.plan) / (in / 2), at_second);
  clear(&p);
}

static void with_checkpoints_a_rung_costs_the_epochs_that_are_new(void **state) {
  (void)state;
  assert_estimates(false, 4, 2 * 4 + 10, 10);
  assert_estimates(true, 2, 2 * 2 + 6, 6);
}

static void rungs_halve_the_field(void **state) {
  (void)state;
  struct planned p;
  get_halving(&p, false);
  begin(&p.plan);
  assert_int_equal(plan_epochs(&p.plan), 2);
  assert_int_equal(plan_trainings(&p.plan), 8 + 4 + 2);
  const double slope[] = {0.01, 0.03, 0.02, 0.04};
  for (size_t i = 0; i < TRIALS; i++) end_trial(&p.plan, i, TRIAL_STOPPED, 2, slope[i / 2]);
  assert_true(next(&p.plan));
  assert_int_equal(plan_epochs(&p.plan), 4);
  assert_pending(&p.plan, "..23..67");
  for (size_t i = 0; i < TRIALS; i++) {
    if (p.plan.in[i / 2]) end_trial(&p.plan, i, TRIAL_STOPPED, 4, slope[i / 2]);
  }
  /* One is left: the rung at epoch 8 has nothing to compare. */
  assert_true(next(&p.plan));
  assert_int_equal(plan_epochs(&p.plan), 0);
  assert_pending(&p.plan, "......67");
  assert_false(next(&p.plan));
  assert_int_equal(plan_count(&p.plan, PLANNED_STOPPED), TRIALS);
  clear(&p);
}

/* The state of a plan follows from the records: of which start they are, and
 * how far beyond a rung they went, does not matter. */
static void a_restart_decides_as_before(void **state) {
  (void)state;
  struct planned p;
  get_halving(&p, false);
  /* Of architecture 0 all is recorded, and it falls behind only after epoch 2. */
  end_trial(&p.plan, 0, TRIAL_DONE, EPOCHS, 0.010);
  end_trial(&p.plan, 1, TRIAL_DONE, EPOCHS, 0.010);
  end_trial(&p.plan, 2, TRIAL_STOPPED, 4, 0.030);
  end_trial(&p.plan, 3, TRIAL_STOPPED, 2, 0.030);
  end_trial(&p.plan, 4, TRIAL_STOPPED, 2, 0.020);
  end_trial(&p.plan, 5, TRIAL_STOPPED, 2, 0.020);
  end_trial(&p.plan, 6, TRIAL_STOPPED, 2, 0.005);
  begin(&p.plan);
  assert_pending(&p.plan, ".......7");
  end_trial(&p.plan, 7, TRIAL_STOPPED, 2, 0.005);
  assert_true(next(&p.plan));
  assert_pending(&p.plan, "...345..");
  clear(&p);
}

static void an_architecture_with_a_failed_trial_ranks_last(void **state) {
  (void)state;
  struct planned p;
  get_halving(&p, false);
  begin(&p.plan);
  for (size_t i = 0; i < TRIALS; i++) {
    end_trial(&p.plan, i, TRIAL_STOPPED, 2, i < 2 ? 0.1 : 0.01);
  }
  end_trial(&p.plan, 1, TRIAL_FAILED, 0, 0);
  assert_true(next(&p.plan));
  assert_pending(&p.plan, "..2345..");
  clear(&p);
}

/* What a sweep has recorded of each trial. */
struct recorded {
  enum trial_status status;
  size_t epochs;
};

static const double slopes[] = {0.01, 0.03, 0.02, 0.04};

/* Ends what is pending, but trial 6 fails when it should pass `bearable`
 * epochs, of which it keeps the curve. */
static void end_pending(struct plan *plan, size_t bearable, struct recorded *recorded) {
  for (size_t i = 0; i < plan->pending_count; i++) {
    const size_t trial = plan->pending[i], asked = plan_trial_epochs(plan, trial);
    struct recorded *one = &recorded[trial];
    const bool fails = trial == 6 && asked > bearable;
    *one = (struct recorded){asked < EPOCHS ? TRIAL_STOPPED : TRIAL_DONE, asked};
    if (fails) *one = (struct recorded){TRIAL_FAILED, bearable};
    end_trial(plan, trial, one->status, one->epochs, slopes[trial / 2]);
  }
}

/* Which architectures are in the present stage, as "1010 ". */
static void note_in(const struct plan *plan, struct text *text) {
  for (size_t a = 0; a < plan->data->list.architectures; a++) text_add(text, "%d", plan->in[a]);
  text_add(text, " ");
}

static void a_failure_changes_nothing_that_was_decided_before(void **state) {
  (void)state;
  for (size_t bearable = 0; bearable <= EPOCHS; bearable++) {
    struct recorded recorded[TRIALS];
    struct text first = {0}, second = {0};
    struct planned p;
    get_halving(&p, false);
    begin(&p.plan);
    do {
      note_in(&p.plan, &first);
      end_pending(&p.plan, bearable, recorded);
    } while (next(&p.plan));
    clear(&p);
    get_halving(&p, false);
    for (size_t i = 0; i < TRIALS; i++) {
      end_trial(&p.plan, i, recorded[i].status, recorded[i].epochs, slopes[i / 2]);
    }
    begin(&p.plan);
    do {
      note_in(&p.plan, &second);
      assert_pending(&p.plan, "........");
    } while (next(&p.plan));
    /* The failing one, the best, goes on for as long as it bears. */
    const char *expected = bearable < 2   ? "1111 0110 0100 "
                           : bearable < 4 ? "1111 0101 0100 "
                                          : "1111 0101 0001 ";
    assert_string_equal(first.text, expected);
    assert_string_equal(second.text, expected);
    clear(&p);
    text_clear(&first);
    text_clear(&second);
  }
}

static void assert_best(const struct plan *plan, size_t architecture, double mse) {
  size_t found;
  double found_mse;
  assert_true(plan_best(plan, &found, &found_mse));
  assert_int_equal(found, architecture);
  assert_true(fabs(found_mse - mse) < 1e-12);
}

static void the_best_is_of_complete_architectures(void **state) {
  (void)state;
  struct planned p;
  size_t best;
  double mse;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, false);
  begin(&p.plan);
  assert_false(plan_best(&p.plan, &best, &mse));
  end_trial(&p.plan, 6, TRIAL_DONE, EPOCHS, 0.09);
  assert_false(plan_best(&p.plan, &best, &mse));
  end_trial(&p.plan, 0, TRIAL_DONE, EPOCHS, 0.01);
  end_trial(&p.plan, 1, TRIAL_DONE, EPOCHS, 0.03);
  assert_best(&p.plan, 0, 0.8);
  end_trial(&p.plan, 7, TRIAL_FAILED, EPOCHS - 1, 0.09);
  end_trial(&p.plan, 2, TRIAL_STOPPED, 4, 0.09);
  end_trial(&p.plan, 3, TRIAL_DONE, EPOCHS, 0.09);
  assert_best(&p.plan, 0, 0.8);
  end_trial(&p.plan, 2, TRIAL_DONE, EPOCHS, 0.03);
  assert_best(&p.plan, 1, 0.4);
  clear(&p);
}

/* Numbers after different epochs do not compare. */
static void the_best_is_of_the_present_rung(void **state) {
  (void)state;
  struct planned p;
  size_t best;
  double mse;
  get_halving(&p, false);
  end_trial(&p.plan, 0, TRIAL_DONE, EPOCHS, 0.01);
  end_trial(&p.plan, 1, TRIAL_DONE, EPOCHS, 0.01);
  begin(&p.plan);
  assert_best(&p.plan, 0, 0.98);
  for (size_t i = 2; i < TRIALS; i++) end_trial(&p.plan, i, TRIAL_STOPPED, 2, slopes[i / 2]);
  assert_best(&p.plan, 3, 0.92);
  assert_true(next(&p.plan));
  assert_false(plan_best(&p.plan, &best, &mse));
  end_trial(&p.plan, 2, TRIAL_STOPPED, 4, 0.03);
  end_trial(&p.plan, 3, TRIAL_STOPPED, 4, 0.03);
  assert_best(&p.plan, 1, 0.88);
  clear(&p);
}

/* Its weights would be restored from the best epoch, so that counts. */
static void early_stopping_compares_the_best_epoch_so_far(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  p.config.early_terminate = (struct early_terminate_spec){.on = true, .min_iter = 2, .eta = 2};
  for (int early = 0; early < 2; early++) {
    get_plan(&p, false);
    for (size_t a = 0; a < p.data.list.architectures; a++) {
      p.data.list.architecture[a].config.train.early_stopping =
          (struct early_stopping_spec){.on = early == 1, .patience = 3};
    }
    struct record_epoch curve[] = {{.validation_mse = 0.5},
                                   {.validation_mse = 0.9},
                                   {.validation_mse = 0.4},
                                   {.validation_mse = 0.8}};
    struct record record = {.status = TRIAL_STOPPED, .curve = curve, .epochs = 4};
    plan_trial_ended(&p.plan, 0, &record);
    assert_true(p.plan.at_rung[0] == (early == 1 ? 0.5 : 0.9)); /* to epoch 2 */
    assert_true(p.plan.at_rung[1] == (early == 1 ? 0.4 : 0.8)); /* to epoch 4 */
    plan_clear(&p.plan);
    run_data_clear(&p.data);
  }
  config_clear(&p.config);
}

static void large_architectures_are_left_out(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  p.config.max_parameters = 1000;
  get_plan(&p, false);
  begin(&p.plan);
  assert_pending(&p.plan, "01..4567");
  assert_int_equal(p.plan.architectures_left_out, 1);
  assert_int_equal(plan_trials_in(&p.plan), 6);
  assert_int_equal(plan_count(&p.plan, PLANNED_NEW), 6);
  clear(&p);
}

static void assert_no_plan(struct planned *p, const char *part) {
  struct error error;
  assert_false(try_plan(p, false, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  if (strstr(error.message, part) == NULL) fail_msg("'%s' is not in: %s", part, error.message);
  clear(p);
}

static void leaving_out_all_or_the_baseline_is_refused(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  p.config.max_parameters = 1;
  assert_no_plan(&p, "leaves out all 4 architectures");
  const char *const settings[] = {"baseline='hidden=[64, 64]'", NULL};
  get_config(FOUR, settings, &p.config);
  p.config.max_parameters = 1000;
  assert_no_plan(&p, "leaves out the baseline 'hidden=[64, 64]'");
}

static void early_terminate_without_validation_rows_is_refused(void **state) {
  (void)state;
  struct planned p;
  const char *const settings[] = {"data.split.validation=0", NULL};
  get_config(FOUR, settings, &p.config);
  p.config.early_terminate = (struct early_terminate_spec){.on = true, .min_iter = 2, .eta = 2};
  assert_no_plan(&p, "early_terminate");
}

/* Each term of the formula in estimate.h by itself, with its constants: training
 * costs 4.2 times a forward pass, a machine of half the speed takes twice as long. */
static void an_estimate_is_the_sum_of_its_terms(void **state) {
  (void)state;
  const struct {
    struct epoch_work work;
    double seconds;
  } cases[] = {
      {{.trainings = 1, .train_rows = 1e6, .batch_rows = 32}, 0.045},
      {{.trainings = 1, .train_rows = 1e6, .batch_rows = 32, .flops = 2e5}, 0.045 + 4.2},
      {{.trainings = 1, .train_rows = 1e6, .batch_rows = 32, .history_floats = 1000}, 0.045 + 0.35},
      {{.trainings = 1, .train_rows = 1e6, .batch_rows = 32, .activation_ns = 200}, 0.045 + 0.2},
      {{.trainings = 1, .train_rows = 1e6, .batch_rows = 50, .parameters = 1e5}, 0.045 + 0.3},
      {{.trainings = 1, .evaluated_rows = 1e6, .batch_rows = 32, .flops = 2e5}, 0.01125 + 1},
      {{.trainings = 1,
        .evaluated_rows = 1e6,
        .batch_rows = 32,
        .activation_ns = 300,
        .history_floats = 600},
       0.01125 + 0.1 + 0.07},
      {{.trainings = 2, .train_rows = 1e6, .batch_rows = 32}, 0.09},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const double right = cases[i].seconds;
    assert_true(fabs(estimate_epoch_seconds(&cases[i].work, 200e9) - right) < 1e-9);
    assert_true(fabs(estimate_epoch_seconds(&cases[i].work, 100e9) - 2 * right) < 1e-9);
  }
}

static void recorded_times_put_the_estimate_right(void **state) {
  (void)state;
  struct planned p;
  get_config(FOUR, NULL, &p.config);
  get_plan(&p, false);
  double before[] = {p.plan.trial[0].epoch_seconds, p.plan.trial[2].epoch_seconds};
  assert_true(before[0] > 0 && before[1] > before[0]);
  json_t *host = json_pack("{s:s}", "cpu", "this one");
  struct record record = {.status = TRIAL_DONE, .epochs = EPOCHS, .isa = "scalar", .host = host};
  record.train_cpu_seconds = 3 * EPOCHS * before[0];
  memcpy(record.key, p.data.list.trial[0].key, sizeof record.key);
  struct record_list records = {.count = 1, .record = &record};
  assert_int_equal(plan_calibrate(&p.plan, &records, "scalar", "another"), 0);
  assert_int_equal(plan_calibrate(&p.plan, &records, "avx2", "this one"), 0);
  assert_true(p.plan.trial[0].epoch_seconds == before[0]);
  assert_int_equal(plan_calibrate(&p.plan, &records, "scalar", "this one"), 1);
  assert_true(fabs(p.plan.trial[2].epoch_seconds / before[1] - 3) < 1e-9);
  json_decref(host);
  clear(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_early_terminate_there_is_one_stage),
      cmocka_unit_test(the_longest_trials_come_first),
      cmocka_unit_test(what_is_recorded_is_not_trained),
      cmocka_unit_test(what_failed_alone_is_tried_again_when_asked),
      cmocka_unit_test(failed_trials_are_tried_once_a_start),
      cmocka_unit_test(with_checkpoints_a_rung_costs_the_epochs_that_are_new),
      cmocka_unit_test(rungs_halve_the_field),
      cmocka_unit_test(a_restart_decides_as_before),
      cmocka_unit_test(an_architecture_with_a_failed_trial_ranks_last),
      cmocka_unit_test(a_failure_changes_nothing_that_was_decided_before),
      cmocka_unit_test(the_best_is_of_complete_architectures),
      cmocka_unit_test(the_best_is_of_the_present_rung),
      cmocka_unit_test(early_stopping_compares_the_best_epoch_so_far),
      cmocka_unit_test(large_architectures_are_left_out),
      cmocka_unit_test(leaving_out_all_or_the_baseline_is_refused),
      cmocka_unit_test(early_terminate_without_validation_rows_is_refused),
      cmocka_unit_test(an_estimate_is_the_sum_of_its_terms),
      cmocka_unit_test(recorded_times_put_the_estimate_right),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
