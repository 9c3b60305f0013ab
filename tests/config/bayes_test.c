/* Bayes sweeps: what is drawn from which results, round by round. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "config/sweep_spec.h"
#include "data/readers/movielens_schema.h"
#include "tests/config/config_fixture.h"

#define HEAD                                                          \
  "schema: 1\nname: t\ndata: {split: {test: 0.2, validation: 0.1}}\n" \
  "model: {deep: {columns: [age, genre]}}\n" /* line 5 is next */

#define RATE \
  "train.optimizer.learning_rate: {min: 1e-4, max: 1.0, distribution: log_uniform_values}"
#define DROPOUT "model.deep.dropout: {min: 0.0, max: 0.5}"
#define BATCH "train.batch_size: {min: 3, max: 8}"
#define HIDDEN "model.deep.hidden: {values: [[], [8], [8, 4]]}"
#define EPOCHS "train.epochs: {min: 1, max: 1000, distribution: log_uniform_values}"
#define ALL RATE ", " DROPOUT ", " BATCH ", " HIDDEN ", " EPOCHS

enum { MOST = 400 };

static struct schema columns;

static void draw_as(const char *method, const char *keys, const char *parameters,
                    struct config *config) {
  struct text text = {0};
  text_add(&text, HEAD "sweep: {method: %s, %s, parameters: {%s}}\n", method, keys, parameters);
  get_config(text.text, NULL, config);
  text_clear(&text);
}

static const struct trial_config *model(const struct config *config, size_t i) {
  return &config->sweep->architecture[i].config;
}

/* Best at a learning rate of 0.03 and two layers. */
static double bowl(const struct trial_config *trial) {
  const double off = log(trial->train.optimizer.learning_rate / 0.03);
  return 1 + 0.05 * off * off + 0.1 * (double)(2 - trial->model.hidden_layers);
}

static double rising(const struct trial_config *trial) {
  return trial->train.optimizer.learning_rate;
}

static bool next(struct config *config, double (*mse_of)(const struct trial_config *)) {
  double mse[MOST];
  const size_t before = config->sweep->architectures;
  for (size_t i = 0; i < before; i++) mse[i] = mse_of(model(config, i));
  struct error error = {0};
  if (!sweep_draw_round(config->sweep, &columns, mse, &error)) fail_msg("%s", error.message);
  return config->sweep->architectures > before;
}

static size_t draw_all(struct config *config, double (*mse_of)(const struct trial_config *)) {
  size_t rounds = 1;
  while (sweep_rounds(config->sweep).left > 0 && next(config, mse_of)) rounds++;
  return rounds;
}

/* The first `count` labels are the same, or the label after them is not. */
static void assert_same_models(const struct config *one, const struct config *other, size_t count) {
  assert_true(one->sweep->architectures >= count && other->sweep->architectures >= count);
  for (size_t i = 0; i < count; i++) {
    assert_string_equal(one->sweep->architecture[i].label, other->sweep->architecture[i].label);
  }
}

static void the_first_round_is_drawn_at_random(void **state) {
  (void)state;
  struct config bayes, random;
  draw_as("bayes", "run_cap: 40, round: 20, seed: 3", ALL, &bayes);
  draw_as("random", "run_cap: 20, seed: 3", ALL, &random);
  assert_int_equal(bayes.sweep->architectures, 20);
  assert_same_models(&bayes, &random, 20);
  config_clear(&bayes);
  config_clear(&random);
}

static void rounds_are_as_many_as_the_cap_asks_for(void **state) {
  (void)state;
  struct config config;
  draw_as("bayes", "run_cap: 20", ALL, &config);
  struct sweep_rounds rounds = sweep_rounds(config.sweep);
  assert_int_equal(rounds.drawn, 1);
  assert_int_equal(rounds.count, 3);
  assert_int_equal(rounds.left, 12);
  assert_int_equal(draw_all(&config, bowl), 3);
  rounds = sweep_rounds(config.sweep);
  assert_int_equal(rounds.drawn, 3);
  assert_int_equal(rounds.count, 3);
  assert_int_equal(rounds.left, 0);
  assert_int_equal(config.sweep->architectures, 20);
  config_clear(&config);
}

/* Draws of the first two rounds, and half of the third. */
static void a_larger_cap_only_adds_draws(void **state) {
  (void)state;
  struct config small, large;
  draw_as("bayes", "run_cap: 20", ALL, &small);
  draw_as("bayes", "run_cap: 64", ALL, &large);
  draw_all(&small, bowl);
  draw_all(&large, bowl);
  assert_int_equal(large.sweep->architectures, 64);
  assert_same_models(&small, &large, 20);
  config_clear(&small);
  config_clear(&large);
}

static double changed(const struct trial_config *trial) {
  const double mse = bowl(trial);
  return mse > 1.5 ? mse : 2.5 - mse; /* the best of them become the worst */
}

/* Round 2 depends on the results of round 1, and not on those of round 2. */
static void a_round_depends_on_the_results_before_it_alone(void **state) {
  (void)state;
  struct config one, same, other;
  draw_as("bayes", "run_cap: 40", ALL, &one);
  draw_as("bayes", "run_cap: 40", ALL, &same);
  draw_as("bayes", "run_cap: 40", ALL, &other);
  assert_true(next(&one, bowl) && next(&same, bowl) && next(&other, changed));
  assert_same_models(&one, &same, 16);
  size_t unlike = 0;
  for (size_t i = 8; i < 16; i++) {
    unlike += strcmp(one.sweep->architecture[i].label, other.sweep->architecture[i].label) != 0;
  }
  assert_int_equal(unlike, 8);
  config_clear(&one);
  config_clear(&same);
  config_clear(&other);
}

/* At random a third of the draws have two layers, and less than a quarter such a rate. */
static void later_rounds_draw_where_the_good_ones_are(void **state) {
  (void)state;
  size_t near = 0, deep = 0;
  for (int seed = 1; seed <= 5; seed++) {
    char keys[64];
    struct config config;
    (void)snprintf(keys, sizeof keys, "run_cap: 64, seed: %d", seed);
    draw_as("bayes", keys, ALL, &config);
    draw_all(&config, bowl);
    for (size_t i = 48; i < 64; i++) {
      const double rate = model(&config, i)->train.optimizer.learning_rate;
      near += rate > 0.01 && rate < 0.09;
      deep += model(&config, i)->model.hidden_layers == 2;
    }
    config_clear(&config);
  }
  assert_true(near > 44); /* of 80 */
  assert_true(deep > 48);
}

static double failing(const struct trial_config *trial) {
  const double rate = trial->train.optimizer.learning_rate;
  return rate > 0.01 ? (rate > 0.1 ? NAN : INFINITY) : 2 - rate;
}

/* Half of the range fails; the nearer to it, the better. */
static void what_failed_is_the_worst(void **state) {
  (void)state;
  size_t failed = 0;
  for (int seed = 1; seed <= 5; seed++) {
    char keys[64];
    struct config config;
    (void)snprintf(keys, sizeof keys, "run_cap: 64, seed: %d", seed);
    draw_as("bayes", keys, RATE, &config);
    draw_all(&config, failing);
    for (size_t i = 32; i < 64; i++) {
      failed += model(&config, i)->train.optimizer.learning_rate > 0.01;
    }
    config_clear(&config);
  }
  assert_true(failed < 64); /* of 160, where 80 are expected at random */
}

static double none(const struct trial_config *trial) {
  (void)trial;
  return INFINITY;
}

static void where_all_failed_draws_go_on_at_random(void **state) {
  (void)state;
  struct config config;
  draw_as("bayes", "run_cap: 160", RATE, &config);
  draw_all(&config, none);
  size_t low = 0;
  for (size_t i = 0; i < 160; i++) low += model(&config, i)->train.optimizer.learning_rate < 0.01;
  assert_true(low > 55 && low < 105);
  config_clear(&config);
}

/* 3 x 6, without 1 and 3. */
static void excluded_and_equal_draws_are_drawn_again(void **state) {
  (void)state;
  struct config config;
  draw_as("bayes",
          "run_cap: 300, exclude: [{model.deep.hidden: [8], train.batch_size: 3}, "
          "{train.batch_size: 8}]",
          HIDDEN ", " BATCH, &config);
  assert_int_equal(config.sweep->architectures, 8);
  draw_all(&config, rising);
  assert_int_equal(config.sweep->architectures, 14);
  assert_int_equal(sweep_rounds(config.sweep).left, 0);
  for (size_t i = 0; i < 14; i++) {
    assert_null(strchr(config.sweep->architecture[i].label, '|'));
    assert_int_not_equal(model(&config, i)->train.batch_size, 8);
    assert_false(model(&config, i)->train.batch_size == 3 &&
                 model(&config, i)->model.hidden_layers == 1);
  }
  config_clear(&config);
}

static void values_keep_to_their_ranges(void **state) {
  (void)state;
  struct config config;
  draw_as("bayes", "run_cap: 200", ALL, &config);
  draw_all(&config, bowl);
  assert_int_equal(config.sweep->architectures, 200);
  for (size_t i = 0; i < 200; i++) {
    const struct trial_config *trial = model(&config, i);
    assert_true(trial->train.optimizer.learning_rate >= 1e-4 &&
                trial->train.optimizer.learning_rate <= 1);
    assert_true(trial->train.batch_size >= 3 && trial->train.batch_size <= 8);
    assert_true(trial->train.epochs >= 1 && trial->train.epochs <= 1000);
  }
  config_clear(&config);
}

static void added_rounds_have_trials_of_their_own(void **state) {
  (void)state;
  struct config config;
  struct trial_list list, whole;
  struct error error = {0};
  draw_as("bayes", "run_cap: 16", ALL, &config);
  assert_true(sweep_expand(&config, 0x123, &list, &error));
  assert_int_equal(list.trials, 8);
  assert_true(next(&config, bowl));
  assert_true(sweep_expand_more(&config, 0x123, &list, &error));
  assert_true(sweep_expand(&config, 0x123, &whole, &error));
  assert_int_equal(list.trials, 16);
  assert_int_equal(list.architectures, 16);
  for (size_t i = 0; i < 16; i++) {
    assert_int_equal(list.trial[i].architecture, i);
    assert_string_equal(list.trial[i].key, whole.trial[i].key);
    assert_string_equal(list.architecture[i].label, whole.architecture[i].label);
  }
  trial_list_clear(&list);
  trial_list_clear(&whole);
  config_clear(&config);
}

/* The same on every machine, in every version. */
static void draws_do_not_change(void **state) {
  (void)state;
  struct config config;
  draw_as("bayes", "run_cap: 64, seed: 7", ALL, &config);
  while (sweep_rounds(config.sweep).left > 0) assert_true(next(&config, rising));
  uint64_t digest = 0;
  for (size_t i = 0; i < 64; i++) {
    char *text = json_dumps(config.sweep->architecture[i].swept, JSON_COMPACT | JSON_SORT_KEYS);
    digest = digest_extend(digest, text, strlen(text));
    free(text);
  }
  char shown[DIGEST_TEXT];
  digest_text(digest, shown);
  assert_string_equal(shown, "48b554d3b0949bc9");
  config_clear(&config);
}

#define SWEEP(keys) HEAD "sweep:\n  method: bayes\n  " keys "\n  parameters: {" BATCH "}\n"

static void what_it_cannot_do_is_refused(void **state) {
  (void)state;
  assert_refused(SWEEP("seed: 2"),
                 "t.yaml: method: bayes needs sweep.run_cap\n"
                 "say how many combinations are drawn, for example run_cap: 64");
  assert_refused_with(SWEEP("run_cap: 9\n  trials: [{label: a}]"),
                      "t.yaml:8:11: sweep.trials cannot be used with method: bayes");
  assert_refused_with(SWEEP("run_cap: 9\n  early_terminate: {min_iter: 2}"),
                      "t.yaml:8:20: early_terminate cannot be used with method: bayes");
  assert_refused_with(SWEEP("run_cap: 9\n  early_terminate: {min_iter: 2}"),
                      "(--set sweep.early_terminate=null), or draw at random (--set "
                      "sweep.method=random)");
  assert_refused_with(SWEEP("run_cap: 9\n  round: 0"),
                      "t.yaml:8:10: expected a whole number from 1 to 10000, found '0'");
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {deep: {columns: [age]}}\n"
      "sweep: {method: bayes, run_cap: 9, parameters: {" BATCH "}}\n",
      "t.yaml:4:17: method: bayes needs validation rows\n");
  assert_refused_with(HEAD
                      "seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]\n"
                      "sweep: {method: bayes, run_cap: 10000, parameters: {" RATE "}}\n",
                      "t.yaml: 110000 trials (10000 architectures, 1 folds, 11 seeds)");
}

static int setup(void **state) {
  struct error error;
  return movielens_schema(&columns, &error) ? fixture_setup(state) : -1;
}

static int teardown(void **state) {
  schema_clear(&columns);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_first_round_is_drawn_at_random),
      cmocka_unit_test(rounds_are_as_many_as_the_cap_asks_for),
      cmocka_unit_test(a_larger_cap_only_adds_draws),
      cmocka_unit_test(a_round_depends_on_the_results_before_it_alone),
      cmocka_unit_test(later_rounds_draw_where_the_good_ones_are),
      cmocka_unit_test(what_failed_is_the_worst),
      cmocka_unit_test(where_all_failed_draws_go_on_at_random),
      cmocka_unit_test(excluded_and_equal_draws_are_drawn_again),
      cmocka_unit_test(values_keep_to_their_ranges),
      cmocka_unit_test(added_rounds_have_trials_of_their_own),
      cmocka_unit_test(draws_do_not_change),
      cmocka_unit_test(what_it_cannot_do_is_refused),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
