/* The memory of a whole sweep: what is shared, how many trials at a time, and
 * when it is refused. */
#include "experiments/memory_estimate.h"
#include "data/data_load.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

/* Three architectures, two seeds: six trials. */
#define THREE                                                                    \
  "schema: 1\n"                                                                  \
  "name: t\n"                                                                    \
  "data: {source: synthetic, synthetic: {users: 30, items: 40, ratings: 600}}\n" \
  "model:\n"                                                                     \
  "  wide: {crosses: [[gender, genres]]}\n"                                      \
  "  deep: {columns: [age, gender, user_history]}\n"                             \
  "train: {epochs: 1}\n"                                                         \
  "seeds: [1, 2]\n"                                                              \
  "sweep:\n"                                                                     \
  "  method: grid\n"                                                             \
  "  parameters:\n"                                                              \
  "    model.deep.hidden: {values: [[4], [64, 64], [24]]}\n"
enum { TRIALS = 6, LARGEST = 2, PROGRAM = 3 << 20, THREAD = 1536 << 10 };

static struct config config;
static struct run_data data;
static struct plan plan;

static int start(void **state) {
  (void)state;
  static volatile sig_atomic_t never;
  struct error error = {0};
  get_config(THREE, NULL, &config);
  struct dataset dataset;
  const bool done = data_load(&config.base.data, NULL, &dataset, &error) &&
                    run_data_load(&data, &config, &dataset, NULL, &never, &error) &&
                    plan_init(&plan, &data, &config, kernels_of(ISA_SCALAR), true, ESTIMATE_DENSE,
                              false, &never, &error);
  return done ? 0 : -1;
}

static int stop(void **state) {
  (void)state;
  plan_clear(&plan);
  run_data_clear(&data);
  config_clear(&config);
  return 0;
}

static void end_trial(size_t trial) {
  struct record record = {.status = TRIAL_DONE};
  plan_trial_ended(&plan, trial, &record);
}

/* The tables; the users' genders and ages, one each; for each rating the cross of genders and
 * genres, of which a film has `slots` at most. A history is each training's own. */
static void shared_is_data_and_features(void **state) {
  (void)state;
  assert_int_equal(data.features.code_lists, 2);
  const struct code_list *gender = &data.features.code_list[0];
  const struct code_list *cross = &data.features.code_list[1];
  assert_int_equal(gender->slots, 1);
  assert_true(cross->slots > 1);
  assert_int_equal(memory_estimate_shared(&data),
                   PROGRAM + dataset_bytes(&data.dataset) + 4 * 30 + 8 * gender->codes +
                       4 * 600 * cross->slots + 8 * cross->codes + 8 * 30 +
                       3 * sizeof(struct architecture) +
                       TRIALS * (sizeof(struct trial) + sizeof(struct planned_trial)));
}

static void folds_are_shared(void **state) {
  (void)state;
  const uint64_t before = memory_estimate_shared(&data);
  data.folds.count = 2;
  data.folds.fold[0].count = 120;
  data.folds.fold[1].count = 300;
  assert_int_equal(memory_estimate_shared(&data), before + 4 * 420);
  data.folds.count = 0;
}

static void a_trial_is_what_is_shared_and_its_own(void **state) {
  (void)state;
  assert_int_equal(memory_estimate_trial(&plan, LARGEST),
                   memory_estimate_shared(&data) + THREAD + plan.trial[LARGEST].size.memory);
  assert_true(plan.trial[LARGEST].size.memory > plan.trial[0].size.memory);
}

static void the_largest_counts_for_each_job(void **state) {
  (void)state;
  struct memory_estimate estimate = memory_estimate_of(&plan, 4);
  assert_int_equal(estimate.trials, TRIALS);
  assert_int_equal(estimate.jobs, 4);
  assert_string_equal(estimate.label, "hidden=[64, 64]");
  assert_int_equal(estimate.own, THREAD + plan.trial[LARGEST].size.memory);
  assert_int_equal(memory_estimate_needed(&estimate), estimate.shared + 4 * estimate.own);
  assert_int_equal(memory_estimate_of(&plan, 100).jobs, TRIALS);
}

/* Beside the first, 1.5 MiB each. */
static void each_job_has_its_threads(void **state) {
  (void)state;
  const uint64_t one = memory_estimate_of(&plan, 1).own;
  plan.share.threads = 4;
  assert_int_equal(memory_estimate_of(&plan, 2).own, one + 3 * (3 << 19));
  assert_int_equal(memory_estimate_trial(&plan, LARGEST),
                   memory_estimate_shared(&data) + one + 3 * (3 << 19));
}

static void what_is_not_trained_needs_nothing(void **state) {
  (void)state;
  plan.left_out[1] = true;
  assert_string_equal(memory_estimate_of(&plan, 4).label, "hidden=[24]");
  for (size_t i = 4; i < TRIALS; i++) end_trial(i);
  assert_string_equal(memory_estimate_of(&plan, 4).label, "hidden=[4]");
  assert_int_equal(memory_estimate_of(&plan, 4).jobs, 2);
  for (size_t i = 0; i < TRIALS; i++) end_trial(i);
  struct error error = {0};
  const struct memory_estimate none = memory_estimate_of(&plan, 4);
  assert_int_equal(none.trials, 0);
  assert_true(memory_estimate_check(&none, &(struct memory_limit){.bytes = 0}, &error));
}

static void a_failed_trial_counts_when_it_is_tried_again(void **state) {
  (void)state;
  struct record record = {.status = TRIAL_FAILED};
  plan_trial_ended(&plan, 0, &record);
  assert_int_equal(memory_estimate_of(&plan, 9).trials, TRIALS - 1);
  plan.retry_failed = true;
  assert_int_equal(memory_estimate_of(&plan, 9).trials, TRIALS);
}

/* --- the limit --- */

#define MIB (UINT64_C(1) << 20)

static const struct memory_estimate four = {
    .shared = 100 * MIB, .own = 50 * MIB, .jobs = 4, .trials = 9, .label = "wide"};

static void assert_says(uint64_t mib, const char *expected) {
  struct memory_limit limit = {.bytes = mib * MIB, .source = "this machine"};
  struct error error = {0};
  assert_false(memory_estimate_check(&four, &limit, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_memory_equal(error.message, expected, strlen(expected));
  assert_non_null(strstr(error.message, "\n--allow-swap starts all the same"));
}

static void enough_is_enough(void **state) {
  (void)state;
  struct error error = {0};
  assert_true(memory_estimate_check(&four, &(struct memory_limit){.bytes = 300 * MIB}, &error));
  assert_true(memory_estimate_check(&four, &(struct memory_limit){.bytes = UINT64_MAX}, &error));
  assert_false(
      memory_estimate_check(&four, &(struct memory_limit){.bytes = 300 * MIB - 1}, &error));
}

static void a_refusal_has_the_figures_and_says_what_to_do(void **state) {
  (void)state;
  assert_says(260,
              "not enough memory: about 150 MiB for the largest trial, 300 MiB for 4 at a "
              "time; this machine has 260 MiB free\n--jobs 3 needs less\n");
  assert_says(149,
              "not enough memory: about 150 MiB for the largest trial, 300 MiB for 4 at a "
              "time; this machine has 149 MiB free\nthe largest is 'wide'; smaller "
              "layers, embeddings or batches need less\n");
  assert_says(99,
              "not enough memory: about 150 MiB for the largest trial, 300 MiB for 4 at a "
              "time; this machine has 99 MiB free\nthe largest is 'wide'");
}

static void much_is_said_in_gib(void **state) {
  (void)state;
  struct text text = {0};
  const struct memory_estimate one = {
      .shared = 1024 * MIB, .own = 10240 * MIB, .jobs = 1, .trials = 1, .label = "l"};
  memory_estimate_say(&one, &(struct memory_limit){.bytes = UINT64_MAX}, &text);
  assert_string_equal(text.text, "about 11.0 GiB for the largest trial");
  text_clear(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(shared_is_data_and_features, start, stop),
      cmocka_unit_test_setup_teardown(folds_are_shared, start, stop),
      cmocka_unit_test_setup_teardown(a_trial_is_what_is_shared_and_its_own, start, stop),
      cmocka_unit_test_setup_teardown(the_largest_counts_for_each_job, start, stop),
      cmocka_unit_test_setup_teardown(each_job_has_its_threads, start, stop),
      cmocka_unit_test_setup_teardown(what_is_not_trained_needs_nothing, start, stop),
      cmocka_unit_test_setup_teardown(a_failed_trial_counts_when_it_is_tried_again, start, stop),
      cmocka_unit_test(enough_is_enough),
      cmocka_unit_test(a_refusal_has_the_figures_and_says_what_to_do),
      cmocka_unit_test(much_is_said_in_gib),
  };
  return cmocka_run_group_tests_name("memory_estimate", tests, NULL, NULL);
}
