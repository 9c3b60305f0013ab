/* Random sweeps: what is drawn, and that a draw depends on nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "config/config_table.h"
#include "tests/config/config_fixture.h"

#define DEEP "schema: 1\nname: t\nmodel: {deep: {columns: [age, genre]}}\n" /* line 4 is next */

/* Trials of a random sweep with these keys and parameters, in flow style. */
static void draw(const char *keys, const char *parameters, struct config *config,
                 struct trial_list *list) {
  struct text text = {0};
  text_add(&text, DEEP "sweep: {method: random, %s, parameters: {%s}}\n", keys, parameters);
  get_trials(text.text, NULL, config, list);
  text_clear(&text);
}

static void finish(struct config *config, struct trial_list *list) {
  trial_list_clear(list);
  config_clear(config);
}

#define RATE \
  "train.optimizer.learning_rate: {min: 1e-4, max: 1.0, distribution: log_uniform_values}"
#define DROPOUT "model.deep.dropout: {min: 0.0, max: 0.5}"
#define BATCH "train.batch_size: {min: 3, max: 8}"
#define HIDDEN "model.deep.hidden: {values: [[], [8], [8, 4]]}"

static double rate_of(const struct trial_list *list, size_t i) {
  return list->architecture[i].config.train.optimizer.learning_rate;
}

/* The learning rates of both lists are the same for the first `count` draws. */
static void assert_same_rates(const char *keys, const char *parameters, const char *other_keys,
                              const char *other_parameters, size_t count, bool same) {
  struct config config, other_config;
  struct trial_list list, other;
  draw(keys, parameters, &config, &list);
  draw(other_keys, other_parameters, &other_config, &other);
  assert_true(list.architectures >= count && other.architectures >= count);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(rate_of(&list, i) == rate_of(&other, i), same);
  }
  finish(&config, &list);
  finish(&other_config, &other);
}

static void a_larger_cap_only_adds_draws(void **state) {
  (void)state;
  assert_same_rates("run_cap: 10", RATE, "run_cap: 200", RATE, 10, true);
}

static void a_draw_does_not_depend_on_other_parameters(void **state) {
  (void)state;
  assert_same_rates("run_cap: 50", RATE, "run_cap: 50", DROPOUT ", " BATCH ", " RATE, 50, true);
  assert_same_rates("run_cap: 50", RATE, "run_cap: 50", RATE ", " HIDDEN, 50, true);
}

static void another_seed_draws_others(void **state) {
  (void)state;
  assert_same_rates("run_cap: 50", RATE, "run_cap: 50, seed: 1", RATE, 50, true);
  assert_same_rates("run_cap: 50", RATE, "run_cap: 50, seed: 2", RATE, 50, false);
  assert_same_rates("run_cap: 50", RATE, "run_cap: 50, seed: 4294967297", RATE, 50, false);
}

static void two_parameters_of_one_range_are_drawn_apart(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw("run_cap: 50",
       "train.l2.deep: {min: 0.0, max: 1.0}, train.l2.embeddings: {min: 0.0, max: "
       "1.0}",
       &config, &list);
  for (size_t i = 0; i < list.architectures; i++) {
    const struct l2_spec *l2 = &list.architecture[i].config.train.l2;
    assert_true(l2->deep != l2->embeddings);
  }
  finish(&config, &list);
}

enum { MANY = 2000 };

static int compare_reals(const void *one, const void *other) {
  double a = *(const double *)one, b = *(const double *)other;
  return (a > b) - (a < b);
}

static void log_uniform_draws_have_the_geometric_mean_as_median(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  static double rate[MANY];
  draw("run_cap: 2000", RATE, &config, &list);
  assert_int_equal(list.architectures, MANY);
  for (size_t i = 0; i < MANY; i++) rate[i] = rate_of(&list, i);
  qsort(rate, MANY, sizeof *rate, compare_reals);
  assert_true(rate[0] >= 1e-4 && rate[MANY - 1] <= 1);
  /* Four decades; the median of 2000 has a standard deviation of 0.1. */
  assert_true(rate[MANY / 2] > 0.006 && rate[MANY / 2] < 0.016);
  /* A quarter in each decade, give or take five standard deviations. */
  for (int decade = 0; decade < 4; decade++) {
    static const double edge[] = {1e-4, 1e-3, 1e-2, 1e-1, 1.1};
    size_t count = 0;
    for (size_t i = 0; i < MANY; i++)
      count += rate[i] >= edge[decade] && rate[i] < edge[decade + 1];
    assert_true(count > 400 && count < 600);
  }
  finish(&config, &list);
}

static void uniform_draws_fill_their_range_evenly(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  size_t count[5] = {0};
  draw("run_cap: 2000", "model.deep.dropout: {min: 0.25, max: 0.5, distribution: uniform}", &config,
       &list);
  for (size_t i = 0; i < list.architectures; i++) {
    double value = list.architecture[i].config.model.dropout[0];
    assert_true(value >= 0.25 && value <= 0.5);
    count[(size_t)((value - 0.25) * 20 * 0.999999)]++;
  }
  for (size_t i = 0; i < 5; i++) assert_true(count[i] > 310 && count[i] < 490);
  finish(&config, &list);
}

/* Counts how often each batch size below 10 is drawn, repetitions too: a
 * learning rate keeps the draws apart. */
static void count_batches(const char *range, size_t count[10]) {
  struct config config;
  struct trial_list list;
  struct text parameters = {0};
  text_add(&parameters, RATE ", train.batch_size: %s", range);
  draw("run_cap: 2000", parameters.text, &config, &list);
  assert_int_equal(list.architectures, MANY);
  for (size_t i = 0; i < MANY; i++) {
    uint32_t size = list.architecture[i].config.train.batch_size;
    assert_true(size < 10);
    count[size]++;
  }
  text_clear(&parameters);
  finish(&config, &list);
}

static void whole_numbers_are_drawn_with_both_ends(void **state) {
  (void)state;
  static const char *const ranges[] = {"{min: 3, max: 7}",
                                       "{min: 3, max: 7, distribution: int_uniform}",
                                       "{distribution: categorical, values: [3, 4, 5, 6, 7]}"};
  for (size_t r = 0; r < 3; r++) {
    size_t count[10] = {0};
    count_batches(ranges[r], count);
    for (size_t i = 0; i < 10; i++) {
      if (i < 3 || i > 7) assert_int_equal(count[i], 0);
      if (i >= 3 && i <= 7) assert_true(count[i] > 310 && count[i] < 490);
    }
  }
  size_t count[10] = {0};
  count_batches("{value: 9, distribution: constant}", count);
  assert_int_equal(count[9], MANY);
}

static void whole_numbers_can_be_log_uniform(void **state) {
  (void)state;
  size_t count[10] = {0};
  count_batches("{min: 1, max: 7, distribution: log_uniform_values}", count);
  assert_int_equal(count[0] + count[8] + count[9], 0);
  /* log 2 / log 8 is a third, and so is that of 2 and 3, and that of 4 to 7. */
  assert_true(count[1] > 560 && count[1] < 775);
  assert_true(count[2] + count[3] > 560 && count[2] + count[3] < 775);
  assert_true(count[4] > count[7] && count[7] > 0);
}

static void large_whole_numbers_are_drawn_exactly(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw("run_cap: 20", "train.epochs: {value: 2}, train.batch_size: {min: 1000000, max: 1000001}",
       &config, &list);
  assert_int_equal(list.architectures, 2);
  for (size_t i = 0; i < 2; i++) {
    uint32_t size = list.architecture[i].config.train.batch_size;
    assert_true(size == 1000000 || size == 1000001);
  }
  finish(&config, &list);
}

static void a_drawn_number_reads_back_to_the_same_bits(void **state) {
  (void)state;
  struct config config, again;
  struct trial_list list;
  draw("run_cap: 50", RATE, &config, &list);
  for (size_t i = 0; i < list.architectures; i++) {
    json_t *json = config_json(&list.architecture[i].config);
    json_object_set_new(json, "schema", json_integer(1));
    json_object_set_new(json, "name", json_string("t"));
    char *text = json_dumps(json, JSON_INDENT(2));
    get_config(text, NULL, &again);
    assert_memory_equal(&again.base.train.optimizer, &list.architecture[i].config.train.optimizer,
                        sizeof again.base.train.optimizer);
    const json_t *swept =
        json_object_get(list.architecture[i].swept, "train.optimizer.learning_rate");
    assert_true(json_real_value(swept) == rate_of(&list, i));
    free(text);
    json_decref(json);
    config_clear(&again);
  }
  finish(&config, &list);
}

static void labels_show_four_digits_where_that_is_enough(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw("run_cap: 20", RATE ", " HIDDEN, &config, &list);
  for (size_t i = 0; i < list.architectures; i++) {
    char short_rate[64];
    (void)snprintf(short_rate, sizeof short_rate, "learning_rate=%.4g hidden=", rate_of(&list, i));
    assert_int_equal(strncmp(list.architecture[i].label, short_rate, strlen(short_rate)), 0);
  }
  finish(&config, &list);
  draw("run_cap: 9", "model.deep.dropout: {min: 0.25, max: 0.2500001}", &config, &list);
  assert_int_equal(list.architectures, 9);
  assert_string_equal(list.architecture[0].label, "dropout=0.25");
  for (size_t i = 1; i < 9; i++) {
    char digits[TEXT_DOUBLE], whole[64];
    text_from_double(list.architecture[i].config.model.dropout[0], digits);
    (void)snprintf(whole, sizeof whole, "dropout=%s", digits);
    assert_string_equal(list.architecture[i].label, whole);
  }
  finish(&config, &list);
}

static void equal_draws_are_one_model(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw("run_cap: 100", HIDDEN, &config, &list);
  assert_int_equal(list.architectures, 3);
  for (size_t i = 0; i < 3; i++) assert_null(strchr(list.architecture[i].label, '|'));
  finish(&config, &list);
}

static void excluded_draws_are_left_out(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw(
      "run_cap: 300, exclude: [{model.deep.hidden: [8], train.batch_size: 3}, "
      "{train.batch_size: 8}]",
      HIDDEN ", " BATCH, &config, &list);
  /* 3 x 6, without 1 and 3. */
  assert_int_equal(list.architectures, 14);
  for (size_t i = 0; i < 14; i++) {
    const struct trial_config *trial = &list.architecture[i].config;
    assert_int_not_equal(trial->train.batch_size, 8);
    assert_false(trial->train.batch_size == 3 && trial->model.hidden_layers == 1);
  }
  finish(&config, &list);
}

#define SWEEP(keys, parameters) \
  DEEP "sweep:\n  method: random\n  " keys "\n  parameters: {" parameters "}\n"

static void an_exclusion_must_be_possible_and_leave_something(void **state) {
  (void)state;
  assert_refused(SWEEP("run_cap: 9\n  exclude: [{train.batch_size: 9}]", BATCH),
                 "t.yaml:7:32: train.batch_size never takes this value\n"
                 "  7 |   exclude: [{train.batch_size: 9}]\n"
                 "    |                                ^");
  assert_refused_with(SWEEP("run_cap: 9\n  exclude: [{model.deep.hidden: [9]}]", HIDDEN),
                      "t.yaml:7:33: model.deep.hidden never takes this value");
  assert_refused_with(SWEEP("run_cap: 9\n  exclude: [{model.deep.dropout: 0.1}]", DROPOUT),
                      "t.yaml:7:34: a single value of a range of real numbers cannot be excluded");
  assert_refused_with(
      SWEEP("run_cap: 9\n  exclude: [{train.epochs: 2}]", "train.epochs: {value: 2}"),
      "t.yaml:7:12: every combination that is drawn is excluded");
}

static void a_random_sweep_needs_a_run_cap(void **state) {
  (void)state;
  assert_refused(SWEEP("seed: 2", BATCH),
                 "t.yaml: method: random needs sweep.run_cap\n"
                 "say how many combinations are drawn, for example run_cap: 100");
  assert_refused_with(SWEEP("run_cap: 0", BATCH), "t.yaml:6:12: expected a whole number from 1 to");
  assert_refused_with(SWEEP("run_cap: 10001", BATCH), "t.yaml:6:12: expected a whole number from");
  assert_refused_with(SWEEP("run_cap: 5\n  trials: [{label: a}]", BATCH),
                      "t.yaml:7:11: sweep.trials cannot be used with method: random");
  assert_refused_with(DEEP "sweep: {method: random, run_cap: 4}\n",
                      "t.yaml: the sweep has no sweep.parameters");
}

static void a_wrong_range_is_refused_at_its_place(void **state) {
  (void)state;
  const struct {
    const char *parameter, *message;
  } cases[] = {
      {"train.batch_size: {min: 4, max: 4}", "t.yaml:7:48: max must be larger than min"},
      {"train.batch_size: {min: 4}", "t.yaml:7:34: max is missing"},
      {"train.batch_size: {max: 4}", "t.yaml:7:34: min is missing"},
      {"train.batch_size: {min: 1.5, max: 4}",
       "t.yaml:7:40: expected a whole number from 1 to 1048576, found '1.5'"},
      {"train.batch_size: {min: 1, max: 4, distribution: uniform}",
       "t.yaml:7:65: train.batch_size takes whole numbers"},
      {"model.deep.dropout: {min: 0, max: 0.5, distribution: int_uniform}",
       "t.yaml:7:69: model.deep.dropout takes real numbers"},
      {"model.deep.dropout: {min: 0, max: 1}",
       "t.yaml:7:50: expected a number, at least 0 and below 1, found '1'"},
      {"model.deep.dropout: {min: 0, max: 0.5, distribution: log_uniform_values}",
       "t.yaml:7:42: log_uniform_values needs a min above 0"},
      {"train.batch_size: {min: 1, max: 4, distribution: log_uniform}",
       "t.yaml:7:65: unknown distribution 'log_uniform' of min and max"},
      {"train.batch_size: {min: 1, max: 4, distribution: log_uniform}",
       "\ndid you mean 'log_uniform_values'? Distributions: uniform, log_uniform_values, "
       "int_uniform"},
      {"train.batch_size: {min: 1, max: 4, distribution: normal}",
       "Distributions: uniform, log_uniform_values, int_uniform"},
      {"train.batch_size: {min: 1, max: 4, values: [1]}",
       "t.yaml:7:34: expected {values: [...]}, {value: ...} or {min: A, max: B}, found"},
      {"train.batch_size: {values: [1], value: 1}",
       "t.yaml:7:34: expected {values: [...]}, {value: ...} or {min: A, max: B}, found"},
      {"train.batch_size: {values: [1], distribution: uniform}",
       "t.yaml:7:62: expected distribution: categorical, or min and max, found 'uniform'"},
      {"train.batch_size: {mim: 1, max: 4}", "t.yaml:7:35: unknown key 'mim' in a parameter"},
      {"model.deep.hidden: {min: 1, max: 4}",
       "t.yaml:7:35: model.deep.hidden is not one number: give values"},
      {"train.optimizer.name: {min: 1, max: 4}",
       "t.yaml:7:38: train.optimizer.name is not one number: give values"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct text text = {0};
    text_add(&text, SWEEP("run_cap: 9", "%s"), cases[i].parameter);
    assert_refused_with(text.text, cases[i].message);
    text_clear(&text);
  }
  assert_refused_with(DEEP "sweep: {parameters: {train.batch_size: {min: 1, max: 4}}}\n",
                      "t.yaml:4:41: min needs method: random or bayes; a grid takes values");
}

static void a_drawn_model_that_makes_no_sense_is_refused_at_its_range(void **state) {
  (void)state;
  assert_refused_with(SWEEP("run_cap: 9", "train.early_stopping.patience: {min: 2, max: 4}"),
                      "t.yaml:7:53: early stopping needs validation rows\n");
}

static void every_swept_number_has_a_stream_of_its_own(void **state) {
  (void)state;
  for (size_t i = 0; i < config_key_count(); i++) {
    for (size_t j = 0; j < i; j++) {
      const char *one = config_key_at(i)->path, *other = config_key_at(j)->path;
      assert_true((uint32_t)digest_bytes(one, strlen(one)) !=
                  (uint32_t)digest_bytes(other, strlen(other)));
    }
  }
}

/* Of all kinds of draws: the same on every machine, in every version. */
static void draws_do_not_change(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  draw("run_cap: 100, seed: 7",
       RATE ", " DROPOUT ", " BATCH ", " HIDDEN
            ", train.epochs: {min: 1, max: 1000, distribution: log_uniform_values}",
       &config, &list);
  assert_int_equal(list.architectures, 100);
  uint64_t digest = 0;
  for (size_t i = 0; i < 100; i++) {
    char *text = json_dumps(list.architecture[i].swept, JSON_COMPACT | JSON_SORT_KEYS);
    digest = digest_extend(digest, text, strlen(text));
    free(text);
  }
  char shown[DIGEST_TEXT];
  digest_text(digest, shown);
  assert_string_equal(shown, "148738adf80dcae6");
  finish(&config, &list);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_larger_cap_only_adds_draws),
      cmocka_unit_test(a_draw_does_not_depend_on_other_parameters),
      cmocka_unit_test(another_seed_draws_others),
      cmocka_unit_test(two_parameters_of_one_range_are_drawn_apart),
      cmocka_unit_test(log_uniform_draws_have_the_geometric_mean_as_median),
      cmocka_unit_test(uniform_draws_fill_their_range_evenly),
      cmocka_unit_test(whole_numbers_are_drawn_with_both_ends),
      cmocka_unit_test(whole_numbers_can_be_log_uniform),
      cmocka_unit_test(large_whole_numbers_are_drawn_exactly),
      cmocka_unit_test(a_drawn_number_reads_back_to_the_same_bits),
      cmocka_unit_test(labels_show_four_digits_where_that_is_enough),
      cmocka_unit_test(equal_draws_are_one_model),
      cmocka_unit_test(excluded_draws_are_left_out),
      cmocka_unit_test(an_exclusion_must_be_possible_and_leave_something),
      cmocka_unit_test(a_random_sweep_needs_a_run_cap),
      cmocka_unit_test(a_wrong_range_is_refused_at_its_place),
      cmocka_unit_test(a_drawn_model_that_makes_no_sense_is_refused_at_its_range),
      cmocka_unit_test(every_swept_number_has_a_stream_of_its_own),
      cmocka_unit_test(draws_do_not_change),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
