/* Mappings that are null or hold keys, and choices with keys of their own:
 * optimizers, schedules, early stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define VALIDATION MINIMAL "data: {split: {validation: 0.1}}\n" /* line 5 is next */

static void groups_that_are_left_out_are_off(void **state) {
  (void)state;
  static const char *const texts[] = {
      MINIMAL, MINIMAL "train: {wide_optimizer: null, early_stopping: ~, schedule: }\n",
      MINIMAL "train:\n"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct config config;
    get_config(texts[i], NULL, &config);
    const struct train_spec *train = &config.base.train;
    assert_false(train->has_wide_optimizer);
    assert_false(train->early_stopping.on);
    assert_false(train->averaging.on);
    assert_int_equal(train->members, 1);
    assert_int_equal(train->schedule.name, SCHEDULE_CONSTANT);
    config_clear(&config);
  }
}

static void a_mapping_turns_a_group_on_with_its_defaults(void **state) {
  (void)state;
  struct config config;
  get_config(VALIDATION "train: {wide_optimizer: {}, early_stopping: {}, averaging: {}}\n", NULL,
             &config);
  const struct train_spec *train = &config.base.train;
  assert_true(train->averaging.on && train->averaging.ema == 0.998);
  assert_true(train->has_wide_optimizer && train->early_stopping.on);
  assert_int_equal(train->wide_optimizer.name, OPTIMIZER_FTRL);
  assert_true(train->wide_optimizer.learning_rate == 0.1);
  assert_true(train->wide_optimizer.l1 == 0 && train->wide_optimizer.l2 == 0);
  assert_int_equal(train->early_stopping.patience, 5);
  assert_true(train->early_stopping.min_delta == 0);
  config_clear(&config);
}

static void every_key_of_a_group_is_read(void **state) {
  (void)state;
  struct config config;
  get_config(VALIDATION
             "train:\n"
             "  wide_optimizer: {name: ftrl, learning_rate: 0.2, l1: 0.001, l2: 0.5}\n"
             "  schedule: {name: step, step_epochs: 7, factor: 0.25}\n"
             "  early_stopping: {patience: 3, min_delta: 0.01}\n"
             "  averaging: {ema: 0.75}\n"
             "  ensemble: {members: 30}\n",
             NULL, &config);
  const struct train_spec *train = &config.base.train;
  assert_true(train->wide_optimizer.learning_rate == 0.2);
  assert_true(train->wide_optimizer.l1 == 0.001 && train->wide_optimizer.l2 == 0.5);
  assert_int_equal(train->schedule.name, SCHEDULE_STEP);
  assert_int_equal(train->schedule.step_epochs, 7);
  assert_true(train->schedule.factor == 0.25);
  assert_int_equal(train->early_stopping.patience, 3);
  assert_true(train->early_stopping.min_delta == 0.01);
  assert_true(train->averaging.ema == 0.75);
  assert_int_equal(train->members, 30);
  config_clear(&config);
  get_config(MINIMAL
             "train: {wide_optimizer: {name: adamw, weight_decay: 0.3},\n"
             "        schedule: {name: cosine, minimum: 0.125}}\n",
             NULL, &config);
  assert_int_equal(train->wide_optimizer.name, OPTIMIZER_ADAMW);
  assert_true(train->wide_optimizer.learning_rate == 0.001);
  assert_true(train->wide_optimizer.weight_decay == 0.3);
  assert_int_equal(train->schedule.name, SCHEDULE_COSINE);
  assert_true(train->schedule.minimum == 0.125);
  config_clear(&config);
  get_config(MINIMAL
             "train: {wide_optimizer: {name: sgd, momentum: 0.5},\n"
             "        schedule: {name: inverse_time, decay: 0.75}}\n",
             NULL, &config);
  assert_true(train->wide_optimizer.momentum == 0.5);
  assert_true(train->schedule.decay == 0.75);
  config_clear(&config);
}

static void a_wrong_key_or_value_of_a_group_is_refused_at_its_place(void **state) {
  (void)state;
  assert_refused(MINIMAL "train: {early_stopping: {patience: 0}}\n",
                 "t.yaml:4:36: expected a whole number from 1 to 100000, found '0'\n"
                 "  4 | train: {early_stopping: {patience: 0}}\n"
                 "    |                                    ^\n"
                 "train.early_stopping.patience: epochs without a fall before training ends");
  assert_refused_with(MINIMAL "train: {early_stopping: {patence: 3}}\n",
                      "t.yaml:4:26: unknown key 'patence' in train.early_stopping\n");
  assert_refused_with(MINIMAL "train: {early_stopping: {patence: 3}}\n",
                      "did you mean 'patience'? Keys here: min_delta, patience");
  assert_refused_with(MINIMAL "train: {early_stopping: 3}\n",
                      "t.yaml:4:25: expected a mapping, found '3'");
  assert_refused_with(MINIMAL "train: {early_stopping: {min_delta: -1}}\n",
                      "t.yaml:4:37: expected a number, at least 0 and at most 100, found '-1'");
  assert_refused_with(MINIMAL "train: {averaging: {ema: 1}}\n",
                      "t.yaml:4:26: expected a number, above 0 and below 1, found '1'");
  assert_refused_with(MINIMAL "train: {ensemble: {members: 31}}\n",
                      "t.yaml:4:29: expected a whole number from 1 to 30, found '31'");
  assert_refused_with(MINIMAL "train: {averaging: 0.998}\n",
                      "t.yaml:4:20: expected a mapping, found '0.998'");
  assert_refused_with(MINIMAL "train: {schedule: {name: exponential}}\n",
                      "t.yaml:4:26: expected one of constant, step, cosine, inverse_time, found");
  assert_refused_with(MINIMAL "train: {schedule: {factor: 0}}\n",
                      "t.yaml:4:28: expected a number, above 0 and at most 1, found '0'");
  assert_refused_with(MINIMAL "train: {schedule: {minimum: 1}}\n",
                      "t.yaml:4:29: expected a number, at least 0 and below 1, found '1'");
  assert_refused_with(MINIMAL "train: {wide_optimizer: {name: ftlr}}\n", "did you mean 'ftrl'?");
  assert_refused_with(MINIMAL "train: {wide_optimizer: {embedding_updates: lazy}}\n",
                      "t.yaml:4:26: unknown key 'embedding_updates' in train.wide_optimizer");
  assert_refused_with(MINIMAL "train: {optimizer: {name: ftrl}}\n",
                      "t.yaml:4:27: expected one of adam, adamw, sgd, adagrad, found 'ftrl'");
  assert_refused_with(MINIMAL "train: {optimizer: {name: ftrl}}\n",
                      "ftrl is for train.wide_optimizer");
}

static void early_stopping_needs_validation_rows(void **state) {
  (void)state;
  assert_refused(MINIMAL "train: {early_stopping: {patience: 5}}\n",
                 "t.yaml:4:25: early stopping needs validation rows\n"
                 "  4 | train: {early_stopping: {patience: 5}}\n"
                 "    |                         ^\n"
                 "give data.split.validation, for example 0.1");
  assert_refused(VALIDATION "train: {refit: true}\n",
                 "t.yaml:5:16: refit needs early stopping, which finds the number of epochs\n"
                 "  5 | train: {refit: true}\n"
                 "    |                ^\n"
                 "give train.early_stopping, for example {patience: 5}");
  assert_refused_with(MINIMAL "train: {refit: true, early_stopping: {}}\n",
                      "early stopping needs validation rows");
  assert_setting_refused(MINIMAL, "train.early_stopping.patience=3",
                         "--set train.early_stopping.patience=3: early stopping needs validation "
                         "rows\ngive data.split.validation, for example 0.1");
  assert_refused(MINIMAL
                 "sweep:\n  parameters:\n    train.early_stopping.patience: {values: [3]}\n",
                 "t.yaml:6:46: early stopping needs validation rows\n"
                 "  6 |     train.early_stopping.patience: {values: [3]}\n"
                 "    |                                              ^\n"
                 "give data.split.validation, for example 0.1\n"
                 "in the trial 'patience=3'");
}

static void a_setting_turns_a_group_on_and_off(void **state) {
  (void)state;
  struct config config;
  get_config(VALIDATION, SETTINGS("train.early_stopping.patience=9"), &config);
  assert_true(config.base.train.early_stopping.on);
  assert_int_equal(config.base.train.early_stopping.patience, 9);
  config_clear(&config);
  const char *on = VALIDATION "train: {early_stopping: {min_delta: 0.5}}\n";
  get_config(on, SETTINGS("train.early_stopping=null"), &config);
  assert_false(config.base.train.early_stopping.on);
  config_clear(&config);
  get_config(on, SETTINGS("train.early_stopping.patience=2"), &config);
  assert_true(config.base.train.early_stopping.min_delta == 0.5);
  config_clear(&config);
  get_config(on, SETTINGS("train.early_stopping={patience: 2}"), &config);
  assert_true(config.base.train.early_stopping.min_delta == 0);
  config_clear(&config);
}

static void a_wide_optimizer_without_a_wide_part_is_none(void **state) {
  (void)state;
  struct config config;
  get_config("schema: 1\nname: t\nmodel: {deep: {columns: [age]}}\ntrain: {wide_optimizer: {}}\n",
             NULL, &config);
  assert_false(config.base.train.has_wide_optimizer);
  config_clear(&config);
}

static void a_group_can_be_swept_as_a_whole(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  get_trials(VALIDATION
             "train: {optimizer: {learning_rate: 0.5}, early_stopping: {min_delta: 0.1}}\n"
             "sweep:\n  parameters:\n"
             "    train.early_stopping: {values: [null, {patience: 2}]}\n"
             "    train.optimizer: {values: [{name: adam}, {momentum: 0.9, name: sgd}]}\n",
             NULL, &config, &list);
  assert_int_equal(list.architectures, 4);
  assert_string_equal(list.architecture[0].label, "early_stopping=null optimizer={name: adam}");
  assert_string_equal(list.architecture[3].label,
                      "early_stopping={patience: 2} optimizer={name: sgd, momentum: 0.9}");
  const struct train_spec *first = &list.architecture[0].config.train;
  const struct train_spec *last = &list.architecture[3].config.train;
  assert_false(first->early_stopping.on);
  assert_true(last->early_stopping.on && last->early_stopping.min_delta == 0);
  assert_true(first->optimizer.learning_rate == 0.001);
  assert_true(last->optimizer.momentum == 0.9);
  assert_true(config.base.train.optimizer.learning_rate == 0.5);
  trial_list_clear(&list);
  config_clear(&config);
}

static void a_swept_key_of_a_group_turns_it_on(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  get_trials(MINIMAL
             "sweep: {parameters: {train.wide_optimizer.name: {values: [adam, ftrl]},\n"
             "                     train.schedule.name: {values: [constant, step]},\n"
             "                     train.schedule.factor: {values: [0.1, 0.2]}}}\n",
             NULL, &config, &list);
  /* A constant schedule has no factor. */
  assert_int_equal(list.architectures, 6);
  assert_string_equal(list.architecture[0].label,
                      "wide_optimizer=adam schedule=constant factor=0.1 | wide_optimizer=adam "
                      "schedule=constant factor=0.2");
  assert_true(list.architecture[0].config.train.has_wide_optimizer);
  assert_true(list.architecture[0].config.train.wide_optimizer.learning_rate == 0.001);
  assert_true(list.architecture[5].config.train.wide_optimizer.learning_rate == 0.1);
  assert_true(list.architecture[5].config.train.schedule.factor == 0.2);
  trial_list_clear(&list);
  config_clear(&config);
}

static void a_group_and_its_key_are_not_varied_together(void **state) {
  (void)state;
  assert_refused_with(VALIDATION
                      "sweep:\n  parameters:\n    train.early_stopping: {values: [null, {}]}\n"
                      "    train.early_stopping.patience: {values: [1, 2]}\n",
                      "t.yaml:8:5: train.early_stopping.patience is a part of "
                      "train.early_stopping, which is given too\n");
  assert_refused_with(VALIDATION
                      "sweep:\n  method: list\n  trials:\n"
                      "    - {label: a, train.schedule.name: step, train.schedule: {}}\n",
                      "t.yaml:8:45: train.schedule.name is a part of train.schedule");
  const char *grid =
      VALIDATION "sweep: {parameters: {train.early_stopping: {values: [null, {}]}}}\n";
  assert_setting_refused(grid, "train.early_stopping.patience=3",
                         "--set train.early_stopping.patience=3: swept by sweep.parameters: change "
                         "it there, or set sweep.parameters");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(groups_that_are_left_out_are_off),
      cmocka_unit_test(a_mapping_turns_a_group_on_with_its_defaults),
      cmocka_unit_test(every_key_of_a_group_is_read),
      cmocka_unit_test(a_wrong_key_or_value_of_a_group_is_refused_at_its_place),
      cmocka_unit_test(early_stopping_needs_validation_rows),
      cmocka_unit_test(a_setting_turns_a_group_on_and_off),
      cmocka_unit_test(a_wide_optimizer_without_a_wide_part_is_none),
      cmocka_unit_test(a_group_can_be_swept_as_a_whole),
      cmocka_unit_test(a_swept_key_of_a_group_turns_it_on),
      cmocka_unit_test(a_group_and_its_key_are_not_varied_together),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
