/* The experiments that ship: what they train, by value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/sweep.h"

static void read_shipped(const char *name, struct config *config, struct trial_list *list) {
  char path[1024];
  struct error error = {0};
  (void)snprintf(path, sizeof path, "%s/%s.yaml", EXPERIMENTS_FOLDER, name);
  if (!config_read(path, NULL, 0, NULL, config, &error) || !sweep_expand(config, 1, list, &error)) {
    fail_msg("%s", error.message);
  }
}

/* The key says in one number what the first trial is. It may change when the
 * experiment does, or when NUMERICS_VERSION is raised; reference results of
 * machines are then made again. */
static void the_shipped_experiments_are_those_of_the_reference_results(void **state) {
  (void)state;
  const struct {
    const char *name;
    size_t architectures, trials, seeds;
    const char *first_key, *last_key;
  } shipped[] = {
      {"ablation", 10, 50, 1, "1000f52273476146", "c1d509e07c5c9c1a"},
      {"accuracy", 4, 20, 1, "141246f627052066", "51c294910657211a"},
      {"architectures", 64, 320, 5, "3e438eafb979fe8d", "3ddfb6b75d39afc9"},
      {"best", 1, 25, 5, "5e3eb14f2c0f0659", "b086858f8ecb4e8c"},
      {"deep-columns", 20, 100, 5, "3e438eafb979fe8d", "96a69c801d9c66d3"},
      {"extra-layers", 32, 160, 5, "3e438eafb979fe8d", "5e85173aa10271ae"},
      {"quickstart", 6, 12, 2, "5d384ab19de5bcf7", "ff8950f6a53d1362"},
      {"report", 1, 5, 5, "43fab1e519d1a5e2", "ffb89a0aa3846bb5"},
      /* Its first round; the results decide what the others are. */
      {"search", 8, 40, 1, "59ebf99212c57ee7", "c968f3fabfd337d8"},
      {"wide-crosses", 21, 105, 5, "3e438eafb979fe8d", "685799afc5842977"},
  };
  for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
    struct config config;
    struct trial_list list;
    read_shipped(shipped[i].name, &config, &list);
    assert_string_equal(config.name, shipped[i].name);
    assert_int_equal(list.architectures, shipped[i].architectures);
    assert_int_equal(list.trials, shipped[i].trials);
    assert_int_equal(config.seeds, shipped[i].seeds);
    for (size_t s = 0; s < config.seeds; s++) assert_int_equal(config.seed[s], s + 1);
    assert_string_equal(list.trial[0].key, shipped[i].first_key);
    assert_string_equal(list.trial[list.trials - 1].key, shipped[i].last_key);
    trial_list_clear(&list);
    config_clear(&config);
  }
}

/* The student report: its split, its columns, its layers, its training. */
static void the_report_is_trained_as_it_was_written(void **state) {
  (void)state;
  struct config config;
  struct trial_list list;
  read_shipped("report", &config, &list);
  const struct data_spec *data = &list.architecture[0].config.data;
  assert_int_equal(data->source, SOURCE_MOVIELENS);
  assert_int_equal(data->split.method, SPLIT_RANDOM);
  assert_true(data->split.test == 0.2);
  assert_true(data->split.validation == 0.0);
  assert_true(data->fit_all);
  const struct model_spec *model = &list.architecture[0].config.model;
  assert_int_equal(model->crosses, 1);
  assert_int_equal(model->cross[0].arity, 2);
  assert_string_equal(model->cross[0].column[0], "gender");
  assert_string_equal(model->cross[0].column[1], "genre");
  assert_int_equal(model->hash_buckets, 0);
  static const char *const columns[] = {"age", "gender", "occupation", "genre"};
  assert_int_equal(model->deep_columns, 4);
  for (size_t i = 0; i < 4; i++) assert_string_equal(model->deep[i].name, columns[i]);
  assert_int_equal(model->deep[0].scale, SCALE_MINMAX);
  for (size_t i = 1; i < 4; i++) assert_int_equal(model->deep[i].dim, 0);
  assert_int_equal(model->embedding_dim, 8);
  static const uint32_t hidden[] = {64, 32, 16};
  assert_int_equal(model->hidden_layers, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(model->hidden[i], hidden[i]);
    assert_true(model->dropout[i] == 0.2);
  }
  assert_int_equal(model->activation, ACTIVATION_RELU);
  assert_int_equal(model->interaction, INTERACTION_NONE);
  assert_false(model->clip);
  const struct train_spec *train = &list.architecture[0].config.train;
  assert_int_equal(train->epochs, 50);
  assert_int_equal(train->batch_size, 32);
  assert_int_equal(train->optimizer.name, OPTIMIZER_ADAM);
  assert_true(train->optimizer.learning_rate == 0.001);
  assert_int_equal(train->embedding_updates, UPDATES_DENSE);
  assert_false(train->has_wide_optimizer);
  assert_true(train->l2.wide == 0 && train->l2.embeddings == 0 && train->l2.deep == 0);
  assert_int_equal(train->schedule.name, SCHEDULE_CONSTANT);
  assert_false(train->early_stopping.on);
  assert_int_equal(train->save, SAVE_NONE);
  trial_list_clear(&list);
  config_clear(&config);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_shipped_experiments_are_those_of_the_reference_results),
      cmocka_unit_test(the_report_is_trained_as_it_was_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
