/* From a sweep to its trials. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/sweep_spec.h"
#include "tests/config/config_fixture.h"

#define DEEP "schema: 1\nname: t\nmodel: {deep: {columns: [age, genre]}}\n" /* line 4 is next */

/* A text's architectures must have just these labels, in this order. */
static void assert_labels(const char *text, size_t count, const char *const *labels) {
  struct config config;
  struct trial_list list;
  get_trials(text, NULL, &config, &list);
  for (size_t i = 0; i < list.architectures && i < count; i++) {
    assert_string_equal(list.architecture[i].label, labels[i]);
  }
  assert_int_equal(list.architectures, count);
  trial_list_clear(&list);
  config_clear(&config);
}

#define LABELS(...)                                                                          \
  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), (const char *const[]) { \
    __VA_ARGS__                                                                              \
  }

static void without_a_sweep_the_model_is_labelled_by_the_name(void **state) {
  (void)state;
  assert_labels(DEEP, LABELS("t"));
  assert_labels(DEEP "sweep:\n", LABELS("t"));
  assert_labels(DEEP "sweep: {}\n", LABELS("t"));
}

static void the_last_parameter_of_a_grid_varies_fastest(void **state) {
  (void)state;
  assert_labels(
      DEEP
      "sweep:\n  method: grid\n  parameters:\n"
      "    model.deep.hidden: {values: [[8, 4], []]}\n"
      "    train.epochs: {value: 3}\n"
      "    train.optimizer.learning_rate: {values: [1e-1, 0.20]}\n",
      LABELS("hidden=[8, 4] epochs=3 learning_rate=0.1", "hidden=[8, 4] epochs=3 learning_rate=0.2",
             "hidden=[] epochs=3 learning_rate=0.1", "hidden=[] epochs=3 learning_rate=0.2"));
}

static void labels_show_columns_and_crosses_in_short_yaml(void **state) {
  (void)state;
  assert_labels(DEEP
                "sweep:\n  parameters:\n"
                "    model.wide.crosses: {values: [[[gender, \"genre\"], [zip_area]]]}\n"
                "    model.deep.columns: {values: [[age, {dim: 4, name: genre}], []]}\n"
                "    model.deep.dropout: {values: [0.5]}\n"
                "    data.fit: {value: all}\n",
                LABELS("crosses=[gender*genre, zip_area] columns=[age, {name: genre, dim: 4}] "
                       "dropout=0.5 fit=all",
                       "crosses=[gender*genre, zip_area] columns=[] dropout=0.5 fit=all"));
}

static void labels_show_a_head_by_its_name(void **state) {
  (void)state;
  assert_labels(DEEP
                "sweep:\n  parameters:\n"
                "    model.head: {values: [linear, ordinal, {name: ordinal, slope: 0.5}]}\n",
                LABELS("head=linear", "head=ordinal", "head=ordinal(0.5)"));
}

static void values_can_have_names_for_labels(void **state) {
  (void)state;
#define NAMED(labels) \
  DEEP "sweep:\n  parameters:\n    train.epochs:\n      values: [1, 2]\n      labels: " labels "\n"
  assert_labels(NAMED("[short, \"2\"]") "    train.batch_size: {values: [8, 9]}\n",
                LABELS("epochs=short batch_size=8", "epochs=short batch_size=9",
                       "epochs=2 batch_size=8", "epochs=2 batch_size=9"));
  assert_refused_with(NAMED("[one]"),
                      "t.yaml:8:15: expected a list of 2 labels, one for each value");
  assert_refused_with(NAMED("all"), "t.yaml:8:15: expected a list of 2 labels");
  assert_refused_with(NAMED("[a, a]"), "t.yaml:8:19: the same label as number 1 of this list");
  assert_refused_with(NAMED("[a, \"\"]"), "t.yaml:8:19: expected a label of one line");
  assert_refused_with(NAMED("[a, [b]]"), "t.yaml:8:19: expected a label of one line");
  assert_refused_with(NAMED("[a, null]"), "t.yaml:8:19: expected a label of one line");
  assert_refused_with(NAMED("[a, \"b\\nc\"]"), "t.yaml:8:19: expected a label of one line");
  assert_refused_with(NAMED("[a, \"b\\tc\"]"), "t.yaml:8:19: expected a label of one line");
  assert_refused_with(DEEP "sweep: {parameters: {train.epochs: {value: 1, labels: [a]}}}\n",
                      "there is no `values` here");
#undef NAMED
}

static void a_swept_value_reaches_its_model_and_no_other(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  get_trials(DEEP
             "sweep:\n  parameters:\n    model.deep.hidden: {values: [[8, 4], [5]]}\n"
             "    model.deep.dropout: {values: [0.25]}\n",
             NULL, &config, &list);
  assert_int_equal(list.architecture[0].config.model.hidden_layers, 2);
  assert_true(list.architecture[0].config.model.dropout[1] == 0.25);
  assert_int_equal(list.architecture[1].config.model.hidden_layers, 1);
  assert_int_equal(list.architecture[1].config.model.hidden[1], 0);
  assert_true(list.architecture[1].config.model.dropout[1] == 0);
  assert_int_equal(config.base.model.hidden_layers, 3);
  char *swept = json_dumps(list.architecture[1].swept, JSON_COMPACT);
  assert_string_equal(swept, "{\"model.deep.hidden\":[5],\"model.deep.dropout\":0.25}");
  free(swept);
  trial_list_clear(&list);
  config_clear(&config);
}

static void labels_of_tens_have_no_exponent(void **state) {
  (void)state;
  assert_labels(
      "schema: 1\nname: t\nmodel: {wide: {crosses: [[gender, genre]]}}\n"
      "train: {wide_optimizer: {name: ftrl}}\n"
      "baseline: wide_optimizer.l2=10\n"
      "sweep: {parameters: {train.wide_optimizer.l2: {values: [10, 1.5e2, 1000, 0.5]}}}\n",
      LABELS("wide_optimizer.l2=10", "wide_optimizer.l2=150", "wide_optimizer.l2=1000",
             "wide_optimizer.l2=0.5"));
}

static void excluded_combinations_are_left_out(void **state) {
  (void)state;
  assert_labels(DEEP
                "sweep:\n  parameters:\n"
                "    model.deep.hidden: {values: [[8], [8, 4]]}\n"
                "    train.epochs: {values: [1, 2]}\n"
                "    model.deep.dropout: {values: [0.5, [0.1, 0.2]]}\n"
                "  exclude:\n"
                "    - {model.deep.dropout: [0.1, 0.2], model.deep.hidden: [8]}\n"
                "    - {train.epochs: 2}\n",
                LABELS("hidden=[8] epochs=1 dropout=0.5", "hidden=[8, 4] epochs=1 dropout=0.5",
                       "hidden=[8, 4] epochs=1 dropout=[0.1, 0.2]"));
}

static void an_exclusion_must_match_something_and_leave_something(void **state) {
  (void)state;
#define GRID DEEP "sweep:\n  parameters: {train.epochs: {values: [1, 2]}}\n"
  assert_refused(GRID "  exclude: [{train.epochs: 3}]\n",
                 "t.yaml:6:13: this matches no combination\n"
                 "  6 |   exclude: [{train.epochs: 3}]\n"
                 "    |             ^");
  assert_refused_with(GRID "  exclude: [{train.epochs: 1}, {train.epochs: 2}]\n",
                      "t.yaml:6:12: all combinations are excluded");
  assert_refused_with(GRID "  exclude: [{train.epochs: x}]\n",
                      "t.yaml:6:28: expected a whole number from 1 to 100000, found 'x'");
  assert_refused_with(GRID "  exclude: [{train.batch_size: 1}]\n",
                      "t.yaml:6:14: 'train.batch_size' is not one of sweep.parameters");
  assert_refused_with(GRID "  exclude: [{}]\n", "t.yaml:6:13: expected a mapping of at least one");
  assert_refused_with(GRID "  exclude: {train.epochs: 1}\n",
                      "t.yaml:6:12: expected a list of mappings, found a mapping");
}

static void a_wrong_value_of_a_grid_is_refused_at_its_place(void **state) {
  (void)state;
  assert_refused(DEEP "sweep:\n  parameters:\n    train.epochs: {values: [1, 2x]}\n",
                 "t.yaml:6:32: expected a whole number from 1 to 100000, found '2x'\n"
                 "  6 |     train.epochs: {values: [1, 2x]}\n"
                 "    |                                ^\n"
                 "train.epochs: passes over the training rows");
  assert_refused_with(DEEP "sweep: {parameters: {train.epochs: {values: [1, 1]}}}\n",
                      "t.yaml:4:49: the same value as number 1 of this list");
  assert_refused_with(DEEP "sweep: {parameters: {train.epochs: [1, 2]}}\n",
                      "t.yaml:4:36: expected {values: [...]} or {value: ...}, found a list");
  assert_refused_with(DEEP "sweep: {parameters: {train.epochs: {vals: [1, 2]}}}\n",
                      "t.yaml:4:37: unknown key 'vals' in a parameter");
  assert_refused_with(DEEP "sweep: {parameters: {train.epochs: {values: []}}}\n",
                      "t.yaml:4:45: expected a list of at least one value");
}

static void only_known_keys_can_be_swept(void **state) {
  (void)state;
  assert_refused_with(DEEP "sweep: {parameters: {model.deep.hiden: {values: [[1]]}}}\n",
                      "t.yaml:4:22: unknown key 'model.deep.hiden' in a sweep\n"
                      "  4 | sweep: {parameters: {model.deep.hiden: {values: [[1]]}}}\n"
                      "    |                      ^\n"
                      "did you mean 'model.deep.hidden'? Keys to sweep: data.split.test, ");
  assert_refused_with(DEEP "sweep: {parameters: {hidden: {values: [[1]]}}}\n",
                      "did you mean 'model.deep.hidden'?\n");
  assert_refused_with(DEEP "sweep: {parameters: {data.path: {values: [x]}}}\n",
                      "t.yaml:4:22: data.path cannot be swept");
  assert_refused_with(DEEP "sweep: {parameters: {model.deep: {value: {hidden: [1]}}}}\n",
                      "t.yaml:4:22: model.deep is a section: sweep its keys");
}

static void a_combination_that_makes_no_model_is_named(void **state) {
  (void)state;
  assert_refused(DEEP
                 "sweep:\n  parameters:\n    model.deep.hidden: {values: [[8, 4], [8]]}\n"
                 "    model.deep.dropout: {values: [[0.1, 0.2]]}\n",
                 "t.yaml:7:35: dropout has 2 values for 1 hidden layers\n"
                 "  7 |     model.deep.dropout: {values: [[0.1, 0.2]]}\n"
                 "    |                                   ^\n"
                 "give one value for all layers, or one for each\n"
                 "in the trial 'hidden=[8] dropout=[0.1, 0.2]'");
}

static void a_sweep_may_give_what_the_base_lacks(void **state) {
  (void)state;
  assert_labels(
      "schema: 1\nname: t\n"
      "sweep: {parameters: {model.deep.columns: {values: [[age], [genre]]}}}\n",
      LABELS("columns=[age]", "columns=[genre]"));
}

static void a_list_gives_labelled_trials_in_its_order(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  get_trials(DEEP
             "baseline: small one\n"
             "sweep:\n  method: list\n  trials:\n"
             "    - {label: wide too, model.wide.crosses: [[genre]], train.epochs: 9}\n"
             "    - label: small one\n      model.deep.hidden: [2]\n"
             "    - label: as it is\n",
             NULL, &config, &list);
  assert_int_equal(list.architectures, 3);
  assert_string_equal(list.architecture[0].label, "wide too");
  assert_int_equal(list.architecture[0].config.model.crosses, 1);
  assert_int_equal(list.architecture[0].config.train.epochs, 9);
  assert_string_equal(list.architecture[1].label, "small one");
  assert_int_equal(list.architecture[1].config.train.epochs, 50);
  assert_int_equal(list.architecture[1].config.model.hidden_layers, 1);
  assert_int_equal(list.architecture[1].config.model.crosses, 0);
  assert_int_equal(json_object_size(list.architecture[2].swept), 0);
  assert_string_equal(config.baseline, "small one");
  trial_list_clear(&list);
  config_clear(&config);
}

static void trials_of_a_list_need_labels_of_their_own(void **state) {
  (void)state;
#define LIST DEEP "sweep:\n  method: list\n  trials:\n"
  assert_refused_with(LIST "    - {train.epochs: 2}\n", "t.yaml:7:7: this trial has no label");
  assert_refused_with(LIST "    - {label: a}\n    - {label: a, train.epochs: 1}\n",
                      "t.yaml:8:15: label 'a' is given twice");
  assert_refused_with(LIST "    - {label: }\n", ": expected a label of one line");
  assert_refused_with(LIST "    - {label: \"a\\nb\"}\n",
                      "t.yaml:7:15: expected a label of one line");
  assert_refused_with(LIST "    - just text\n", "t.yaml:7:7: expected a mapping with a label");
  assert_refused_with(LIST "    - {label: a, train.epochs: 0}\n",
                      "t.yaml:7:32: expected a whole number from 1 to 100000, found '0'");
  assert_refused_with(LIST "    - {label: a, model.deep.columns: []}\n",
                      "t.yaml:7:38: the model reads nothing");
}

static void two_models_cannot_have_one_label(void **state) {
  (void)state;
  /* Given, and joined of others. */
  assert_refused_with(LIST
                      "    - {label: a}\n    - {label: b}\n"
                      "    - {label: a | b, train.epochs: 1}\n",
                      "t.yaml:9:15: two different models have the label 'a | b'");
  assert_refused_with(LIST
                      "    - {label: a | b}\n    - {label: a, train.epochs: 1}\n"
                      "    - {label: b, train.epochs: 1}\n",
                      "t.yaml:7:15: two different models have the label 'a | b'");
  /* Both joined. */
  assert_refused_with(LIST
                      "    - {label: a}\n    - {label: b | c}\n"
                      "    - {label: a | b, train.epochs: 1}\n"
                      "    - {label: c, train.epochs: 1}\n",
                      "two different models have the label 'a | b | c'");
  assert_refused_with(LIST
                      "    - {label: a}\n    - {label: b}\n"
                      "    - {label: a | b, train.epochs: 1}\n",
                      "' | ' joins the labels of equal models: use another sign");
  assert_labels(LIST "    - {label: a}\n    - {label: a | b, train.epochs: 1}\n",
                LABELS("a", "a | b"));
  assert_labels(LIST "    - {label: a}\n    - {label: a | b}\n", LABELS("a | a | b"));
  /* Values whose names run into the next parameter. */
  assert_refused_with(
      DEEP
      "sweep:\n  parameters:\n"
      "    train.epochs: {values: [1, 2], labels: [a batch_size=b, a]}\n"
      "    train.batch_size: {values: [3, 4], labels: [c, b batch_size=c]}\n",
      "t.yaml:6:44: two different models have the label 'epochs=a batch_size=b batch_size=c'");
  /* The third label of one model, after it was the first of another. */
  assert_refused_with(DEEP
                      "sweep:\n  parameters:\n"
                      "    train.optimizer.name: {values: [sgd, adam], labels: [a, a momentum=b]}\n"
                      "    train.optimizer.momentum: {values: [0.1, 0.2, 0.3],\n"
                      "                               labels: [c, b momentum=d, d]}\n",
                      "two different models have the label 'optimizer=a momentum=b momentum=d'");
}

static void a_sweep_has_what_its_method_needs_and_nothing_else(void **state) {
  (void)state;
  assert_refused_with(DEEP "sweep: {method: grid}\n", "t.yaml: the sweep has no sweep.parameters");
  assert_refused_with(DEEP "sweep: {method: list}\n", "t.yaml: the sweep has no sweep.trials");
  assert_refused_with(DEEP
                      "sweep: {parameters: {train.epochs: {value: 1}}, trials: [{label: a}]}\n",
                      "t.yaml:4:57: sweep.trials cannot be used with method: grid");
  assert_refused_with(
      DEEP "sweep: {method: list, parameters: {train.epochs: {value: 1}}, trials: [{label: a}]}\n",
      "t.yaml:4:35: sweep.parameters cannot be used with method: list");
  assert_refused_with(DEEP "sweep: {method: list, exclude: [{a: 1}], trials: [{label: a}]}\n",
                      "t.yaml:4:32: sweep.exclude cannot be used with method: list");
  assert_refused_with(DEEP "sweep: {method: randomly}\n",
                      "t.yaml:4:17: expected one of grid, list, random, bayes, found 'randomly'");
  assert_labels(DEEP "sweep: {parameters: {train.epochs: {value: 1}}, trials: [], exclude: []}\n",
                LABELS("epochs=1"));
}

static void points_that_give_the_same_model_are_one_with_both_labels(void **state) {
  (void)state;
  const char *text = DEEP
      "baseline: again\n"
      "sweep:\n  method: list\n  trials:\n"
      "    - {label: one, model.deep.hidden: [4, 4], model.deep.dropout: 0.5}\n"
      "    - {label: other, model.deep.hidden: [4]}\n"
      "    - {label: again, model.deep.hidden: [4, 4], model.deep.dropout: [0.5, 0.5],\n"
      "       model.deep.columns: [age, {name: genre, dim: 8}]}\n";
  assert_labels(text, LABELS("one | again", "other"));
  struct config config;
  get_config(text, NULL, &config);
  assert_string_equal(config.baseline, "one | again");
  config_clear(&config);
}

static void layers_of_an_absent_deep_part_make_no_difference(void **state) {
  (void)state;
  assert_labels(
      "schema: 1\nname: t\nmodel: {wide: {crosses: [[genre]]}}\n"
      "sweep: {parameters: {model.deep.hidden: {values: [[8], [4, 2]]}}}\n",
      LABELS("hidden=[8] | hidden=[4, 2]"));
}

static void a_baseline_that_no_point_has_is_refused(void **state) {
  (void)state;
  assert_refused_with(DEEP
                      "baseline: epochs=3\nsweep: {parameters: {train.epochs: {values: [1, 2]}}}\n",
                      "t.yaml:4:11: no trial has the label 'epochs=3'\n"
                      "  4 | baseline: epochs=3\n"
                      "    |           ^\n"
                      "did you mean 'epochs=1'? Labels: epochs=1, epochs=2");
}

static void of_many_labels_some_are_shown(void **state) {
  (void)state;
  struct text text = {0};
  text_add(&text, DEEP "baseline: none\nsweep:\n  parameters:\n    train.epochs: {values: [1");
  for (int i = 2; i <= 45; i++) text_add(&text, ", %d", i);
  text_add(&text, "]}\n");
  assert_refused_with(text.text, ", epochs=39, epochs=40 and 5 more");
  text_clear(&text);
}

static void trials_go_by_architecture_then_fold_then_seed(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  get_trials(DEEP
             "data: {split: {method: folds, folds: [u2, u1]}}\nseeds: [7, 3]\n"
             "sweep: {parameters: {train.epochs: {values: [1, 2]}}}\n",
             NULL, &config, &list);
  assert_int_equal(list.trials, 8);
  for (size_t i = 0; i < 8; i++) {
    assert_int_equal(list.trial[i].architecture, i / 4);
    assert_string_equal(list.trial[i].fold, i / 2 % 2 == 0 ? "u2" : "u1");
    assert_int_equal(list.trial[i].seed, i % 2 == 0 ? 7 : 3);
    for (size_t j = 0; j < i; j++) assert_string_not_equal(list.trial[i].key, list.trial[j].key);
  }
  trial_list_clear(&list);
  config_clear(&config);
}

static void the_number_of_trials_is_limited(void **state) {
  (void)state;
  struct text text = {0};
  text_add(&text, DEEP "sweep:\n  parameters:\n    train.epochs: {values: [1");
  for (int i = 2; i <= 101; i++) text_add(&text, ", %d", i);
  text_add(&text, "]}\n");
  size_t axis = text.length;
  text_add(&text, "    train.batch_size: {values: [1");
  for (int i = 2; i <= 100; i++) text_add(&text, ", %d", i);
  text_add(&text, "]}\n");
  assert_refused_with(text.text, "t.yaml:6:5: more than 10000 combinations");
  text.text[axis] = '\0';
  text.length = axis;
  text_add(&text, "seeds: [1");
  for (int i = 2; i <= 1000; i++) text_add(&text, ", %d", i);
  text_add(&text, "]\n");
  assert_refused_with(text.text,
                      "t.yaml: 101000 trials (101 architectures, 1 folds, 1000 seeds), more than "
                      "100000");
  text_clear(&text);
}

static void a_path_changed_after_reading_reaches_the_trials(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  struct error error = {0};
  get_config(DEEP "sweep: {parameters: {train.epochs: {values: [1, 2]}}}\n", NULL, &config);
  strcpy(config.base.data.path, "elsewhere");
  assert_true(sweep_expand(&config, 1, &list, &error));
  assert_string_equal(list.architecture[1].config.data.path, "elsewhere");
  trial_list_clear(&list);
  config_clear(&config);
}

static void keys_whose_last_part_says_too_little_have_names_of_their_own(void **state) {
  (void)state;
  assert_labels(DEEP
                "sweep:\n  parameters:\n    train.optimizer.name: {values: [sgd]}\n"
                "    train.schedule.name: {value: cosine}\n    train.l2.deep: {value: 0.1}\n",
                LABELS("optimizer=sgd schedule=cosine l2.deep=0.1"));
}

static void a_run_cap_takes_the_first_combinations(void **state) {
  (void)state;
  assert_labels(DEEP
                "sweep: {run_cap: 2, parameters: {train.epochs: {values: [1, 2, 3]}},\n"
                "        exclude: [{train.epochs: 1}]}\n",
                LABELS("epochs=2", "epochs=3"));
  assert_labels(DEEP "sweep: {run_cap: 2, parameters: {train.epochs: {values: [1, 2, 3]}}}\n",
                LABELS("epochs=1", "epochs=2"));
  assert_labels(DEEP
                "sweep: {run_cap: 1, method: list, trials: [{label: a}, {label: b, "
                "train.epochs: 2}]}\n",
                LABELS("a"));
}

static void the_metric_is_the_validation_mse(void **state) {
  (void)state;
#define METRIC(metric) DEEP "sweep: {metric: " metric ", parameters: {train.epochs: {value: 1}}}\n"
  assert_labels(METRIC("{name: validation_mse, goal: minimize}"), LABELS("epochs=1"));
  assert_refused(
      METRIC("{name: test_mse}"),
      "t.yaml:4:24: expected validation_mse, found 'test_mse'\n"
      "  4 | sweep: {metric: {name: test_mse}, parameters: {train.epochs: {value: 1}}}\n"
      "    |                        ^\n"
      "test rows are never used for selection: they could not measure what they have selected\n"
      "sweep.metric.name: the number that models are selected by");
  assert_refused_with(METRIC("{name: mse}"), "test rows are never used for selection");
  assert_refused_with(METRIC("{goal: maximize}"),
                      "t.yaml:4:24: expected minimize, found 'maximize'");
}

static void a_constraint_limits_the_parameters(void **state) {
  (void)state;
#define CONSTRAINT(limit)                            \
  DEEP "sweep: {constraint: {max_parameters: " limit \
       "}, parameters: {train.epochs: {value: "      \
       "1}}}\n"
  struct config config;
  get_config(CONSTRAINT("5000"), NULL, &config);
  assert_int_equal(config.max_parameters, 5000);
  config_clear(&config);
  get_config(CONSTRAINT("null"), NULL, &config);
  assert_int_equal(config.max_parameters, 0);
  config_clear(&config);
  assert_refused_with(CONSTRAINT("0"), "t.yaml:4:38: expected a whole number from 1 to ");
  assert_refused_with(CONSTRAINT("1.5"), "t.yaml:4:38: expected a whole number from 1 to ");
}

static void early_termination_needs_validation_rows_and_enough_epochs(void **state) {
  (void)state;
#define EARLY(keys, values)                                                 \
  DEEP "data: {split: {validation: 0.1}}\nsweep:\n  early_terminate: " keys \
       "\n  parameters: {train.epochs: {values: " values "}}\n"
  struct config config;
  get_config(EARLY("{type: hyperband, min_iter: 4, eta: 2}", "[5, 9]"), NULL, &config);
  assert_true(config.early_terminate.on);
  assert_int_equal(config.early_terminate.min_iter, 4);
  assert_int_equal(config.early_terminate.eta, 2);
  config_clear(&config);
  get_config(EARLY("{min_iter: 4}", "[5]"), NULL, &config);
  assert_int_equal(config.early_terminate.eta, 3);
  config_clear(&config);
  get_config(EARLY("null", "[5]"), NULL, &config);
  assert_false(config.early_terminate.on);
  config_clear(&config);
  assert_refused(EARLY("{min_iter: 4}", "[5, 4]"),
                 "t.yaml:6:31: min_iter must be below train.epochs, which is 4\n"
                 "  6 |   early_terminate: {min_iter: 4}\n"
                 "    |                               ^\n"
                 "in the trial 'epochs=4'");
  assert_refused_with(EARLY("{}", "[5]"), "t.yaml:6:20: early_terminate has no min_iter");
  assert_refused_with(EARLY("{min_iter: 0}", "[5]"), "t.yaml:6:31: expected a whole number from 1");
  assert_refused_with(EARLY("{min_iter: 1, eta: 1}", "[5]"), "t.yaml:6:39: expected a whole numb");
  assert_refused_with(EARLY("{type: bayes, min_iter: 1}", "[5]"),
                      "t.yaml:6:27: expected hyperband, found 'bayes'");
  assert_refused_with(EARLY("{s: 2}", "[5]"), "t.yaml:6:21: unknown key 's' in sweep.early_termi");
  assert_refused(DEEP
                 "sweep:\n  early_terminate: {min_iter: 4}\n"
                 "  parameters: {train.epochs: {values: [5]}}\n",
                 "t.yaml:5:20: early termination needs validation rows\n"
                 "  5 |   early_terminate: {min_iter: 4}\n"
                 "    |                    ^\n"
                 "give data.split.validation, for example 0.1\n"
                 "in the trial 'epochs=5'");
}

static void names_that_two_keys_share_are_shown_in_full(void **state) {
  (void)state;
  const char *const paths[] = {"a.name", "b.size", "c.name"};
  assert_string_equal(sweep_short_name(paths, 3, 0), "a.name");
  assert_string_equal(sweep_short_name(paths, 3, 1), "size");
  assert_string_equal(sweep_short_name(paths, 3, 2), "c.name");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_a_sweep_the_model_is_labelled_by_the_name),
      cmocka_unit_test(the_last_parameter_of_a_grid_varies_fastest),
      cmocka_unit_test(labels_show_columns_and_crosses_in_short_yaml),
      cmocka_unit_test(labels_show_a_head_by_its_name),
      cmocka_unit_test(values_can_have_names_for_labels),
      cmocka_unit_test(a_swept_value_reaches_its_model_and_no_other),
      cmocka_unit_test(labels_of_tens_have_no_exponent),
      cmocka_unit_test(excluded_combinations_are_left_out),
      cmocka_unit_test(an_exclusion_must_match_something_and_leave_something),
      cmocka_unit_test(a_wrong_value_of_a_grid_is_refused_at_its_place),
      cmocka_unit_test(only_known_keys_can_be_swept),
      cmocka_unit_test(a_combination_that_makes_no_model_is_named),
      cmocka_unit_test(a_sweep_may_give_what_the_base_lacks),
      cmocka_unit_test(a_list_gives_labelled_trials_in_its_order),
      cmocka_unit_test(trials_of_a_list_need_labels_of_their_own),
      cmocka_unit_test(a_sweep_has_what_its_method_needs_and_nothing_else),
      cmocka_unit_test(points_that_give_the_same_model_are_one_with_both_labels),
      cmocka_unit_test(two_models_cannot_have_one_label),
      cmocka_unit_test(layers_of_an_absent_deep_part_make_no_difference),
      cmocka_unit_test(a_baseline_that_no_point_has_is_refused),
      cmocka_unit_test(of_many_labels_some_are_shown),
      cmocka_unit_test(trials_go_by_architecture_then_fold_then_seed),
      cmocka_unit_test(the_number_of_trials_is_limited),
      cmocka_unit_test(a_path_changed_after_reading_reaches_the_trials),
      cmocka_unit_test(names_that_two_keys_share_are_shown_in_full),
      cmocka_unit_test(keys_whose_last_part_says_too_little_have_names_of_their_own),
      cmocka_unit_test(a_run_cap_takes_the_first_combinations),
      cmocka_unit_test(the_metric_is_the_validation_mse),
      cmocka_unit_test(a_constraint_limits_the_parameters),
      cmocka_unit_test(early_termination_needs_validation_rows_and_enough_epochs),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
