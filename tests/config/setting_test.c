/* --set KEY=VALUE */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/config/config_fixture.h"

#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_setting_replaces_a_value_of_the_file(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL "train: {epochs: 3}\n", SETTINGS("train.epochs=7", "name=other"), &config);
  assert_int_equal(config.base.train.epochs, 7);
  assert_string_equal(config.name, "other");
  assert_string_equal(config.text, MINIMAL "train: {epochs: 3}\n");
  config_clear(&config);
}

static void a_setting_adds_what_the_file_lacks(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL "train:\n",
             SETTINGS("model.deep.columns=[age, {name: genre, dim: 4}]",
                      "train.optimizer.learning_rate=0.5", "seeds=[1, 2]"),
             &config);
  assert_int_equal(config.base.model.deep_columns, 2);
  assert_int_equal(config.base.model.crosses, 1);
  assert_true(config.base.train.optimizer.learning_rate == 0.5);
  assert_int_equal(config.seeds, 2);
  config_clear(&config);
}

static void a_setting_can_be_a_whole_section(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL,
             SETTINGS("model={deep: {columns: [age], hidden: [5]}}", "model.deep.hidden=[6]"),
             &config);
  assert_int_equal(config.base.model.crosses, 0);
  assert_int_equal(config.base.model.hidden[0], 6);
  config_clear(&config);
}

static void the_last_setting_of_a_key_holds(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL, SETTINGS("train.epochs=7", "train.epochs=8"), &config);
  assert_int_equal(config.base.train.epochs, 8);
  config_clear(&config);
}

static void any_config_can_be_set_to_synthetic_data(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL "data: {source: movielens, path: ml, fit: all}\n",
             SETTINGS("data.source=synthetic"), &config);
  const struct synthetic_spec *synthetic = &config.base.data.synthetic;
  assert_int_equal(config.base.data.source, SOURCE_SYNTHETIC);
  assert_int_equal(synthetic->users, 943);
  assert_int_equal(synthetic->items, 1682);
  assert_int_equal(synthetic->ratings, 100000);
  assert_int_equal(synthetic->seed, 1);
  config_clear(&config);
}

static void an_unknown_key_of_a_setting_is_refused(void **state) {
  (void)state;
  assert_setting_refused(
      MINIMAL, "model.deep.hiden=[64]",
      "--set model.deep.hiden=[64]: unknown key 'hiden' in model.deep\n"
      "did you mean 'hidden'? Keys here: activation, columns, dropout, embedding_dim, hidden");
  assert_setting_refused(MINIMAL, "hidden=[64]",
                         "--set hidden=[64]: unknown key 'hidden'\n"
                         "did you mean 'model.deep.hidden'?\n"
                         "Keys here: baseline, data, description, launcher, model, name, "
                         "schema, seeds, sweep, train");
  assert_setting_refused(MINIMAL, "name.x=1",
                         "--set name.x=1: unknown key 'name.x': name has no keys");
  assert_setting_refused(
      MINIMAL, "train={epoch: 3}",
      "--set train={epoch: 3}: unknown key 'epoch' in train\n"
      "did you mean 'epochs'? Keys here: averaging, batch_size, checkpoint, early_stopping, "
      "ensemble, epochs, l2, "
      "optimizer, refit, save, schedule, wide_optimizer");
  assert_setting_refused(
      MINIMAL, "train..epochs=3",
      "--set train..epochs=3: unknown key '.epochs' in train\n"
      "did you mean 'epochs'? Keys here: averaging, batch_size, checkpoint, early_stopping, "
      "ensemble, epochs, l2, "
      "optimizer, refit, save, schedule, wide_optimizer");
}

static void a_wrong_value_of_a_setting_is_refused(void **state) {
  (void)state;
  assert_setting_refused(MINIMAL, "train.epochs=10x",
                         "--set train.epochs=10x: expected a whole number from 1 to 100000, found "
                         "'10x'\ntrain.epochs: passes over the training rows");
  assert_setting_refused(MINIMAL, "seeds=[1, 2",
                         "--set seeds=[1, 2: flow sequence without a closing bracket");
  assert_setting_refused(MINIMAL, "train.epochs=", "--set train.epochs=: no value is given");
}

static void a_setting_without_a_key_is_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {"train.epochs", "=3", ""};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct config config;
    struct error error;
    assert_false(try_config(MINIMAL, SETTINGS(wrong[i]), &config, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_non_null(strstr(error.message, ": expected KEY=VALUE"));
  }
}

static void a_setting_below_a_value_is_refused_at_the_value(void **state) {
  (void)state;
  assert_setting_refused(MINIMAL "train: 3\n", "train.epochs=3",
                         "t.yaml:4:8: expected a mapping, found '3'\n"
                         "  4 | train: 3\n"
                         "    |        ^");
}

static void a_setting_of_a_swept_key_is_refused(void **state) {
  (void)state;
  const char *grid = MINIMAL "sweep: {parameters: {train.epochs: {values: [1, 2]}}}\n";
  assert_setting_refused(grid, "train.epochs=3",
                         "--set train.epochs=3: swept by sweep.parameters: change it there, or set "
                         "sweep.parameters");
  const char *list = MINIMAL "sweep: {method: list, trials: [{label: a, train.epochs: 2}]}\n";
  assert_setting_refused(list, "train.epochs=3",
                         "--set train.epochs=3: swept by sweep.trials: change it there, or set "
                         "sweep.trials");
}

static void a_setting_can_change_the_sweep(void **state) {
  (void)state;
  const char *grid = MINIMAL "sweep: {parameters: {train.epochs: {values: [1, 2]}}}\n";
  struct config config;
  struct trial_list list;
  get_trials(grid, SETTINGS("sweep.parameters.train.epochs={values: [5, 6, 7]}"), &config, &list);
  assert_int_equal(list.architectures, 3);
  assert_string_equal(list.architecture[0].label, "epochs=5");
  trial_list_clear(&list);
  config_clear(&config);
  get_trials(grid, SETTINGS("sweep=null", "train.epochs=4"), &config, &list);
  assert_int_equal(list.architectures, 1);
  assert_int_equal(list.architecture[0].config.train.epochs, 4);
  trial_list_clear(&list);
  config_clear(&config);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_setting_replaces_a_value_of_the_file),
      cmocka_unit_test(a_setting_adds_what_the_file_lacks),
      cmocka_unit_test(a_setting_can_be_a_whole_section),
      cmocka_unit_test(the_last_setting_of_a_key_holds),
      cmocka_unit_test(any_config_can_be_set_to_synthetic_data),
      cmocka_unit_test(an_unknown_key_of_a_setting_is_refused),
      cmocka_unit_test(a_wrong_value_of_a_setting_is_refused),
      cmocka_unit_test(a_setting_without_a_key_is_refused),
      cmocka_unit_test(a_setting_below_a_value_is_refused_at_the_value),
      cmocka_unit_test(a_setting_of_a_swept_key_is_refused),
      cmocka_unit_test(a_setting_can_change_the_sweep),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
