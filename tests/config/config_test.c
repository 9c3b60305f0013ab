/* Keys, types, bounds, defaults, and the checks between keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/config/config_fixture.h"

static void keys_that_are_left_out_have_their_defaults(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL, NULL, &config);
  assert_string_equal(config.name, "t");
  assert_string_equal(config.description, "");
  assert_string_equal(config.text, MINIMAL);
  assert_int_equal(config.text_size, strlen(MINIMAL));
  assert_int_equal(config.seeds, 1);
  assert_int_equal(config.seed[0], 1);
  assert_null(config.baseline);
  assert_null(config.sweep);
  const struct data_spec *data = &config.base.data;
  assert_int_equal(data->source, SOURCE_MOVIELENS);
  assert_string_equal(data->path, "");
  assert_int_equal(data->split.method, SPLIT_RANDOM);
  assert_true(data->split.test == 0.2);
  assert_true(data->split.validation == 0);
  assert_false(data->fit_all);
  assert_int_equal(config.base.model.crosses, 1);
  assert_int_equal(config.base.model.deep_columns, 0);
  assert_int_equal(config.base.model.embedding_dim, 8);
  assert_int_equal(config.base.train.epochs, 50);
  assert_int_equal(config.base.train.batch_size, 32);
  assert_int_equal(config.base.train.optimizer.name, OPTIMIZER_ADAM);
  assert_true(config.base.train.optimizer.learning_rate == 0.001);
  config_clear(&config);
}

static void every_key_is_read_into_its_field(void **state) {
  (void)state;
  struct config config;
  get_config(
      "schema: 1\nname: A.b-c_9\ndescription: 'why: so'\n"
      "data:\n  source: synthetic\n  path: x\n"
      "  synthetic: {users: 20, items: 30, ratings: 200, seed: 9223372036854775807}\n"
      "  split: {method: folds, folds: [u2, ub], validation: 0.25}\n  fit: all\n"
      "model:\n  wide: {crosses: [[gender], [age_group, genre, occupation]]}\n"
      "  deep: {columns: [age, {name: genre, dim: 3}, {name: \"gender\"}], embedding_dim: 5,\n"
      "         hidden: [7, 6], activation: relu, dropout: [0.5, 0]}\n  interaction: none\n"
      "train: {epochs: 3, batch_size: 17, optimizer: {name: adam, learning_rate: 1e-2,\n"
      "        embedding_updates: dense}}\n"
      "seeds: [0, 9223372036854775807]\nbaseline: A.b-c_9\nsweep: null\n",
      NULL, &config);
  assert_string_equal(config.name, "A.b-c_9");
  assert_string_equal(config.description, "why: so");
  assert_string_equal(config.baseline, "A.b-c_9");
  assert_int_equal(config.seeds, 2);
  assert_true(config.seed[0] == 0 && config.seed[1] == INT64_MAX);
  const struct data_spec *data = &config.base.data;
  assert_int_equal(data->source, SOURCE_SYNTHETIC);
  assert_int_equal(data->synthetic.users, 20);
  assert_int_equal(data->synthetic.items, 30);
  assert_int_equal(data->synthetic.ratings, 200);
  assert_true(data->synthetic.seed == INT64_MAX);
  assert_int_equal(data->split.folds, 2);
  assert_string_equal(data->split.fold[0], "u2");
  assert_string_equal(data->split.fold[1], "ub");
  assert_true(data->split.validation == 0.25 && data->fit_all);
  const struct model_spec *model = &config.base.model;
  assert_int_equal(model->crosses, 2);
  assert_int_equal(model->cross[1].arity, 3);
  assert_string_equal(model->cross[1].column[2], "occupation");
  assert_int_equal(model->deep_columns, 3);
  assert_string_equal(model->deep[1].name, "genre");
  assert_int_equal(model->deep[1].dim, 3);
  assert_string_equal(model->deep[2].name, "gender");
  assert_int_equal(model->deep[2].dim, 0);
  assert_int_equal(model->embedding_dim, 5);
  assert_int_equal(model->hidden_layers, 2);
  assert_int_equal(model->hidden[1], 6);
  assert_int_equal(model->activation, ACTIVATION_RELU);
  assert_true(model->dropout[0] == 0.5 && model->dropout[1] == 0);
  assert_int_equal(config.base.train.epochs, 3);
  assert_int_equal(config.base.train.batch_size, 17);
  assert_true(config.base.train.optimizer.learning_rate == 0.01);
  config_clear(&config);
}

static void an_unknown_key_is_refused_with_the_nearest_one(void **state) {
  (void)state;
  assert_refused(MINIMAL "train:\n  epoch: 3\n",
                 "t.yaml:5:3: unknown key 'epoch' in train\n"
                 "  5 |   epoch: 3\n"
                 "    |   ^\n"
                 "did you mean 'epochs'? Keys here: averaging, batch_size, checkpoint, "
                 "early_stopping, ensemble, "
                 "epochs, l2, optimizer, refit, save, schedule, wide_optimizer");
  assert_refused(
      "schema: 1\nname: t\nmodel:\n  deep:\n    columns: [age]\n    drop_out: 0.2\n",
      "t.yaml:6:5: unknown key 'drop_out' in model.deep\n"
      "  6 |     drop_out: 0.2\n"
      "    |     ^\n"
      "did you mean 'dropout'? Keys here: activation, columns, dropout, embedding_dim, hidden");
}

static void a_key_in_the_wrong_section_is_told_its_own(void **state) {
  (void)state;
  assert_refused(
      MINIMAL "data: {learning_rate: 1}\n",
      "t.yaml:4:8: unknown key 'learning_rate' in data\n"
      "  4 | data: {learning_rate: 1}\n"
      "    |        ^\n"
      "did you mean 'train.optimizer.learning_rate'?\n"
      "Keys here: columns, derived, duplicates, fit, items, path, ratings, scale, source, split, "
      "synthetic, users");
  assert_refused(
      MINIMAL "train: {refit: false, seeds: [1]}\n",
      "t.yaml:4:23: unknown key 'seeds' in train\n"
      "  4 | train: {refit: false, seeds: [1]}\n"
      "    |                       ^\n"
      "'seeds' belongs to no section: write it at the start of a line\n"
      "Keys here: averaging, batch_size, checkpoint, early_stopping, ensemble, epochs, l2, "
      "optimizer, refit, save, schedule, wide_optimizer");
}

static void keys_of_later_versions_are_unknown(void **state) {
  (void)state;
  assert_refused_with(MINIMAL "train: {distill: none}\n", "unknown key 'distill'");
}

static void what_is_saved_is_no_part_of_a_trial(void **state) {
  (void)state;
  struct config plain, saved;
  get_config(MINIMAL, NULL, &plain);
  get_config(MINIMAL "train: {save: all, checkpoint: {minutes: 0.5}}\n", NULL, &saved);
  assert_int_equal(plain.base.train.save, SAVE_NONE);
  assert_int_equal(saved.base.train.save, SAVE_ALL);
  assert_false(plain.base.train.checkpoint.on);
  assert_true(saved.base.train.checkpoint.on && saved.base.train.checkpoint.minutes == 0.5);
  json_t *one = config_json(&plain.base), *other = config_json(&saved.base);
  assert_true(json_equal(one, other));
  json_decref(one);
  json_decref(other);
  config_clear(&plain);
  config_clear(&saved);
}

static void saving_the_best_needs_validation_rows(void **state) {
  (void)state;
  assert_refused_with(MINIMAL "train: {save: best}\n", "t.yaml:4:15: save: best needs validation");
  assert_refused_with(MINIMAL "train: {save: first}\n", "expected one of none, best, all");
}

static void a_checkpoint_has_its_minutes(void **state) {
  (void)state;
  struct config config;
  get_config(MINIMAL "train: {checkpoint: {}}\n", NULL, &config);
  assert_true(config.base.train.checkpoint.on && config.base.train.checkpoint.minutes == 10);
  config_clear(&config);
  assert_refused_with(MINIMAL "train: {checkpoint: {minutes: 0}}\n",
                      "t.yaml:4:31: expected a number, above 0 and at most 10080, found '0'");
  assert_refused_with(MINIMAL "train: {checkpoint: 10}\n", "t.yaml:4:21: expected");
  assert_refused_with(MINIMAL
                      "sweep: {method: grid, parameters: {train.checkpoint.minutes: {values: "
                      "[1, 2]}}}\n",
                      "train.checkpoint.minutes cannot be swept");
}

static void a_missing_required_key_is_named(void **state) {
  (void)state;
  assert_refused("name: t\n", "t.yaml: 'schema' is missing\nschema: version of this format");
  assert_refused_with("schema: 1\n", "t.yaml: 'name' is missing");
  assert_refused_with("schema: 2\nname: t\n", "t.yaml:1:9: expected 1, found '2'");
}

static void numbers_are_strict(void **state) {
  (void)state;
  assert_refused(MINIMAL "train: {epochs: 10x}\n",
                 "t.yaml:4:17: expected a whole number from 1 to 100000, found '10x'\n"
                 "  4 | train: {epochs: 10x}\n"
                 "    |                 ^\n"
                 "train.epochs: passes over the training rows");
  static const char *const wrong[] = {
      "1.5",    "010", "nan",   "0x10", "1_000", "-1",  "+1",  "0",      "1e2",
      "100001", "'5'", "\"5\"", "~",    "",      "yes", "[1]", "{a: 1}", "18446744073709551617"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, MINIMAL "train:\n  epochs: %s\n", wrong[i]);
    assert_refused_with(text, ": expected a whole number from 1 to 100000, found ");
  }
  static const char *const unreal[] = {"nan",   ".inf",  "inf",  ".5", "1.",  "0x1p-3", "1,5",
                                       "'0.1'", "1e999", "-0.1", "1",  "1.0", "true"};
  for (size_t i = 0; i < sizeof unreal / sizeof *unreal; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, MINIMAL "data:\n  split:\n    validation: %s\n", unreal[i]);
    assert_refused_with(text, "t.yaml:6:17: expected a number, at least 0 and below 1, found ");
  }
  assert_refused_with(MINIMAL "data: {split: {test: 0}}\n",
                      "t.yaml:4:22: expected a number, above 0 and below 1, found '0'");
}

static void an_interaction_needs_embeddings_that_fit(void **state) {
  (void)state;
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {interaction: fm, deep: {columns: [gender, age]}}\n",
      "t.yaml:3:22: fm needs two columns with embeddings in model.deep.columns");
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {interaction: dot, deep: {columns: [gender, occupation]}}\n",
      "t.yaml:3:22: dot needs a column with an embedding of the users and one of the items");
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {interaction: fm, deep: {columns: [gender, {name: genre, dim: "
      "3}]}}\n",
      "t.yaml:3:22: dot and fm need embeddings of one size");
}

static void bags_are_partners_in_an_interaction(void **state) {
  (void)state;
  struct config config;
  get_config(
      "schema: 1\nname: t\nmodel: {interaction: dot, deep: {columns: [user_history, genres]}}\n",
      NULL, &config);
  config_clear(&config);
  get_config("schema: 1\nname: t\nmodel: {interaction: fm, deep: {columns: [genre, genres]}}\n",
             NULL, &config);
  config_clear(&config);
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {interaction: fm, deep: {columns: [genres, user_mean, age]}}\n",
      "t.yaml:3:22: fm needs two columns with embeddings");
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {interaction: fm, deep: {columns: [genres, "
      "{name: item_history, dim: 3}]}}\n",
      "t.yaml:3:22: dot and fm need embeddings of one size");
}

static void an_unknown_choice_is_refused_with_the_nearest_one(void **state) {
  (void)state;
  assert_refused(
      MINIMAL "data: {source: movielense}\n",
      "t.yaml:4:16: expected one of movielens, csv, atomic, sqlite, synthetic, found "
      "'movielense'\n"
      "  4 | data: {source: movielense}\n"
      "    |                ^\n"
      "did you mean 'movielens'?\n"
      "data.source: the ratings: a MovieLens folder, your own tables (csv, atomic, sqlite), or "
      "generated ones in MovieLens' shape");
  assert_refused_with(MINIMAL "data: {fit: [all]}\n", "t.yaml:4:13: expected one of train, all, ");
  assert_refused_with("schema: 1\nname: t\nmodel: {interaction: fn}\n",
                      "t.yaml:3:22: expected one of none, dot, fm, found 'fn'");
}

#define HEAD(value) "schema: 1\nname: t\nmodel: {head: " value "}\n"
#define CROSS_AND_HEAD(value) \
  "schema: 1\nname: t\nmodel: {wide: {crosses: [[gender]]}, head: " value "}\n"

static void a_head_is_a_name_or_has_a_slope(void **state) {
  (void)state;
  static const struct {
    const char *text;
    enum head_name head;
    double slope;
  } cases[] = {{MINIMAL, HEAD_LINEAR, 0},
               {CROSS_AND_HEAD("linear"), HEAD_LINEAR, 0},
               {CROSS_AND_HEAD("{name: linear}"), HEAD_LINEAR, 0},
               {CROSS_AND_HEAD("ordinal"), HEAD_ORDINAL, 2},
               {CROSS_AND_HEAD("{name: ordinal}"), HEAD_ORDINAL, 2},
               {CROSS_AND_HEAD("{name: ordinal, slope: 0.5}"), HEAD_ORDINAL, 0.5}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct config config;
    get_config(cases[i].text, NULL, &config);
    assert_int_equal(config.base.model.head, cases[i].head);
    assert_true(config.base.model.slope == cases[i].slope);
    config_clear(&config);
  }
}

static void a_wrong_head_is_refused_at_its_place(void **state) {
  (void)state;
  assert_refused_with(HEAD("ordinl"),
                      "t.yaml:3:15: expected linear, ordinal, or a mapping with "
                      "name and slope, found 'ordinl'");
  assert_refused_with(HEAD("ordinl"), "did you mean 'ordinal'?");
  assert_refused_with(HEAD("[ordinal]"), "t.yaml:3:15: expected linear, ordinal, or a mapping");
  assert_refused_with(HEAD("{slope: 2}"), "t.yaml:3:15: this head has no name");
  assert_refused_with(HEAD("{name: ordinal, slop: 2}"),
                      "t.yaml:3:31: unknown key 'slop' in a head");
  assert_refused_with(HEAD("{name: ordinal, slop: 2}"),
                      "did you mean 'slope'? Keys here: name, slope");
  assert_refused_with(HEAD("{name: linear, slope: 2}"),
                      "t.yaml:3:37: slope is for an ordinal head");
  static const char *const slopes[] = {
      HEAD("{name: ordinal, slope: 0}"), HEAD("{name: ordinal, slope: -1}"),
      HEAD("{name: ordinal, slope: 101}"), HEAD("{name: ordinal, slope: nan}"),
      HEAD("{name: ordinal, slope: 2x}")};
  for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++) {
    assert_refused_with(slopes[i], "t.yaml:3:38: expected a number, above 0 and at most 100");
  }
}

static void a_folder_is_named_by_letters_and_digits(void **state) {
  (void)state;
  static const char *const names[][2] = {
      {"my thesis", "my-thesis"}, {"A.b-c_9", "A.b-c_9"},   {"../x", "x"},
      {"a/b: c!", "a-b-c"},       {" 2 \xc3\xa9 x", "2-x"}, {"-.x.", "x."}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char folder[CONFIG_NAME];
    assert_true(config_folder(names[i][0], folder));
    assert_string_equal(folder, names[i][1]);
  }
  struct config config;
  get_config("schema: 1\nname: my thesis\nmodel: {wide: {crosses: [genre]}}\n", NULL, &config);
  assert_string_equal(config.name, "my thesis");
  config_clear(&config);
}

static void names_are_safe_as_names_of_folders(void **state) {
  (void)state;
  static const char *const wrong[] = {"'..'", "'/'", "'-'",      "''",
                                      "null", "[a]", "\xc3\xa9", "\"a\\nb\""};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    char text[64];
    (void)snprintf(text, sizeof text, "schema: 1\nname: %s\n", wrong[i]);
    assert_refused_with(text, "t.yaml:2:7: expected a text of one line, at most 63 bytes");
  }
  char text[128] = "schema: 1\nname: ";
  memset(text + strlen(text), 'n', 64);
  assert_refused_with(text, "t.yaml:2:7: expected a text of one line, at most 63 bytes");
}

static void every_wrong_key_is_said_with_its_place(void **state) {
  (void)state;
  assert_refused("schema: 1\nmodel: {wide: {crosses: [gnre]}}\ntrain: {epochs: x, lr: 2}\n",
                 "t.yaml:2:26: unknown column 'gnre'\n"
                 "  2 | model: {wide: {crosses: [gnre]}}\n"
                 "    |                          ^\n"
                 "did you mean 'genre'? Columns: user_id, item_id, age, gender, occupation, zip, "
                 "title, release_date, genres, age_group, zip_area, genre, release_year, "
                 "release_decade, rating_day, rating_hour, rating_weekday, days_since_first, "
                 "user_history, item_history, user_mean, item_mean, user_count, item_count\n"
                 "model.wide.crosses: combinations of columns in the wide part, one-hot; a cross "
                 "may have one column\n\n"
                 "t.yaml:3:17: expected a whole number from 1 to 100000, found 'x'\n"
                 "  3 | train: {epochs: x, lr: 2}\n"
                 "    |                 ^\n"
                 "train.epochs: passes over the training rows\n\n"
                 "t.yaml:3:20: unknown key 'lr' in train\n"
                 "  3 | train: {epochs: x, lr: 2}\n"
                 "    |                    ^\n"
                 "did you mean 'l2'? Keys here: averaging, batch_size, checkpoint, early_stopping, "
                 "ensemble, epochs, l2, optimizer, refit, save, schedule, wide_optimizer\n\n"
                 "t.yaml: 'name' is missing\n"
                 "name: name of the experiment; its folder of results is called so, with - for "
                 "other signs than letters and digits");
}

static void ten_wrong_keys_are_enough(void **state) {
  (void)state;
  struct config config;
  struct error error;
  struct text text = {0};
  for (int i = 0; i < 30; i++) text_add(&text, "wrong%d: 1\n", i);
  assert_false(try_config(text.text, NULL, &config, &error));
  size_t faults = 0;
  for (const char *at = error.message; (at = strstr(at, "unknown key")) != NULL; at++) faults++;
  assert_int_equal(faults, 10);
  assert_non_null(strstr(error.message, "t.yaml:10:1: unknown key 'wrong9'"));
  text_clear(&text);
}

static void columns_must_exist_once_and_be_of_the_right_kind(void **state) {
  (void)state;
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [age, gendre]}}\n",
                      "t.yaml:3:31: unknown column 'gendre'\n"
                      "  3 | model: {deep: {columns: [age, gendre]}}\n"
                      "    |                               ^\n"
                      "did you mean 'gen");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [genre, age, genre]}}\n",
                      "t.yaml:3:38: column genre is given twice");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [{name: age, dim: 4}]}}\n",
                      "t.yaml:3:43: age is a number: it has no embedding, so it has no dim");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [{name: genre, dim: 0}]}}\n",
                      "t.yaml:3:45: expected a whole number from 1 to 1024, found '0'");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [{nam: genre}]}}\n",
                      "t.yaml:3:27: unknown key 'nam' in a column");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [{dim: 4}]}}\n",
                      "t.yaml:3:26: this column has no name");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: age}}\n",
                      "t.yaml:3:25: expected a list of columns, found 'age'");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [[age]]}}\n",
                      "t.yaml:3:26: expected the name of a column, found a list");
}

static void a_column_says_how_it_is_pooled_and_scaled(void **state) {
  (void)state;
  struct config config;
  get_config(
      "schema: 1\nname: t\nmodel:\n  deep:\n    columns:\n      - genres\n"
      "      - {name: user_history, pooling: sqrt, dim: 3}\n      - {name: item_history, pooling: "
      "sum}\n"
      "      - {name: age, scale: standard}\n      - {name: user_mean, scale: minmax}\n      - "
      "gender\n",
      NULL, &config);
  const struct deep_column *deep = config.base.model.deep;
  assert_int_equal(config.base.model.deep_columns, 6);
  assert_int_equal(deep[0].pooling, POOLING_MEAN);
  assert_int_equal(deep[1].pooling, POOLING_RSQRT);
  assert_int_equal(deep[1].dim, 3);
  assert_int_equal(deep[2].pooling, POOLING_SUM);
  assert_int_equal(deep[3].scale, SCALE_STANDARD);
  assert_int_equal(deep[4].scale, SCALE_MINMAX);
  assert_int_equal(deep[5].pooling, POOLING_SUM);
  config_clear(&config);
}

static void what_has_no_meaning_for_a_column_is_refused(void **state) {
  (void)state;
  const struct {
    const char *column, *message;
  } cases[] = {
      {"{name: occupation, pooling: mean}",
       "t.yaml:3:54: occupation is a category: a row has one value of it, so there is nothing to "
       "pool"},
      {"{name: occupation, pooling: mean}",
       "Columns with pooling: genres, user_history, item_history\n"},
      {"{name: age, pooling: sum}", "t.yaml:3:47: age is a number: a row has one value of it"},
      {"{name: gender, scale: minmax}",
       "t.yaml:3:48: gender is a category: only numbers are scaled"},
      {"{name: genres, scale: standard}",
       "t.yaml:3:48: genres is a set of categories: only numbers are scaled"},
      {"{name: user_history, scale: minmax}", "t.yaml:3:54: user_history is a history: only numb"},
      {"{name: gender, scale: minmax}", "\nNumbers: age, release_date, release_year, "},
      {"{name: user_mean, dim: 4}", "t.yaml:3:49: user_mean is a number: it has no embedding"},
      {"{name: genres, pooling: max}", "t.yaml:3:50: expected one of sum, mean, sqrt, found 'max'"},
      {"{name: age, scale: log}", "t.yaml:3:45: expected one of minmax, standard, found 'log'"},
      {"{name: age, scale: [minmax]}", "t.yaml:3:45: expected one of minmax, standard, found a l"},
      {"{name: age, scales: minmax}",
       "did you mean 'scale'? Keys here: name, dim, pooling, scale\n"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, "schema: 1\nname: t\nmodel: {deep: {columns: [%s]}}\n",
                   cases[i].column);
    assert_refused_with(text, cases[i].message);
  }
}

static void crosses_combine_different_categories(void **state) {
  (void)state;
  const struct {
    const char *crosses, *message;
  } cases[] = {
      {"[[gender, age]]", "t.yaml:3:35: age is a number: a cross combines categories"},
      {"[[user_mean]]", "t.yaml:3:27: user_mean is a number: a cross combines categories"},
      {"[[gender, user_history]]",
       "t.yaml:3:35: user_history is a history: a cross combines categories"},
      {"[[item_history]]", "Categories: user_id, item_id, gender, occupation, "},
      {"[[gender, genre, gender]]", "t.yaml:3:42: gender is given twice in this cross"},
      {"[[gender, gnre]]", "t.yaml:3:35: unknown column 'gnre'"},
      {"[[]]", "t.yaml:3:26: a cross names at least one column"},
      {"[{gender: genre}]",
       "t.yaml:3:26: expected a cross: columns joined by *, or a list of them, found a mapping"},
      {"[gender*age]", "t.yaml:3:33: age is a number: a cross combines categories"},
      {"[genre, gender * gnre]", "t.yaml:3:42: unknown column 'gnre'"},
      {"['gender*gnre']", "t.yaml:3:34: unknown column 'gnre'"},
      {"[gender*]", "t.yaml:3:33: expected the name of a column, found nothing"},
      {"[gender*gender]", "t.yaml:3:33: gender is given twice in this cross"},
      {"[[gender, genre], genre*gender]", "t.yaml:3:43: the same cross as number 1 of this list"},
      {"[[gender, genre], [genre, gender]]",
       "t.yaml:3:43: the same cross as number 1 of this list"},
      {"gender", "t.yaml:3:25: expected a list of crosses, found 'gender'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[256];
    (void)snprintf(text, sizeof text, "schema: 1\nname: t\nmodel: {wide: {crosses: %s}}\n",
                   cases[i].crosses);
    assert_refused_with(text, cases[i].message);
  }
}

static void a_cross_may_be_written_as_it_is_printed(void **state) {
  (void)state;
  struct config lists, words;
  get_config("schema: 1\nname: t\nmodel: {wide: {crosses: [[gender, genre], [user_id]]}}\n", NULL,
             &lists);
  get_config("schema: 1\nname: t\nmodel: {wide: {crosses: [gender*genre, user_id]}}\n", NULL,
             &words);
  assert_int_equal(words.base.model.crosses, 2);
  assert_memory_equal(words.base.model.cross, lists.base.model.cross,
                      sizeof words.base.model.cross);
  config_clear(&words);
  config_clear(&lists);
}

static void sets_of_categories_can_be_crossed_and_hashed(void **state) {
  (void)state;
  struct config config;
  get_config(
      "schema: 1\nname: t\nmodel: {clip: true, wide: {crosses: [[genres], [gender, genres]], "
      "hash_buckets: 1000}}\n",
      NULL, &config);
  assert_int_equal(config.base.model.crosses, 2);
  assert_string_equal(config.base.model.cross[1].column[1], "genres");
  assert_int_equal(config.base.model.hash_buckets, 1000);
  assert_true(config.base.model.clip);
  config_clear(&config);
  get_config(MINIMAL, NULL, &config);
  assert_int_equal(config.base.model.hash_buckets, 0);
  assert_false(config.base.model.clip);
  config_clear(&config);
  assert_refused_with("schema: 1\nname: t\nmodel: {clip: yes}\n",
                      "t.yaml:3:15: expected true or false, found 'yes'");
  assert_refused_with("schema: 1\nname: t\nmodel: {clip: \"true\"}\n",
                      "t.yaml:3:15: expected true or false, found");
  assert_refused_with("schema: 1\nname: t\nmodel: {wide: {hash_buckets: -1}}\n",
                      "t.yaml:3:30: expected a whole number from 0 to 1073741824, found '-1'");
}

static void lists_have_their_limits(void **state) {
  (void)state;
  assert_refused_with(MINIMAL "seeds: []\n", "t.yaml:4:8: expected at least one seed");
  assert_refused_with(MINIMAL "seeds: [1, 2, 1]\n", "t.yaml:4:15: seed 1 is given twice");
  assert_refused_with(MINIMAL "seeds: 3\n", "t.yaml:4:8: expected a list of whole numbers");
  assert_refused_with(MINIMAL "seeds: [9223372036854775808]\n", "t.yaml:4:9: expected a whole");
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {deep: {hidden: [1,2,3,4,5,6,7,8,9,1,1,1,1,1,1,1,17]}}\n",
      "t.yaml:3:57: more than 16 entries");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {hidden: [64, 0]}}\n",
                      "t.yaml:3:29: expected a whole number from 1 to 65536, found '0'");
}

static void a_model_must_read_something(void **state) {
  (void)state;
  assert_refused("schema: 1\nname: t\n",
                 "t.yaml: the model reads nothing: give model.wide.crosses or model.deep.columns");
  assert_refused_with("schema: 1\nname: t\nmodel: {wide: {crosses: []}}\n",
                      "t.yaml:3:25: the model reads nothing");
}

static void dropout_has_one_value_or_one_for_each_layer(void **state) {
  (void)state;
  const char *one =
      "schema: 1\nname: t\nmodel: {deep: {columns: [age], hidden: [4, 2], dropout: 0.25}}\n";
  struct config config;
  get_config(one, NULL, &config);
  assert_true(config.base.model.dropout[0] == 0.25 && config.base.model.dropout[1] == 0.25);
  assert_true(config.base.model.dropout[2] == 0);
  config_clear(&config);
  assert_refused_with(
      "schema: 1\nname: t\nmodel: {deep: {columns: [age], hidden: [4, 2], dropout: [0.1]}}\n",
      "t.yaml:3:57: dropout has 1 values for 2 hidden layers\n");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [age], dropout: [0.1, 1]}}\n",
                      "t.yaml:3:47: expected a number, at least 0 and below 1, found '1'");
  assert_refused_with("schema: 1\nname: t\nmodel: {deep: {columns: [age], dropout: {a: 1}}}\n",
                      "t.yaml:3:41: expected a number, at least 0 and below 1, or a list of such");
}

static void the_keys_of_a_split_go_with_its_method(void **state) {
  (void)state;
  assert_refused(MINIMAL "data: {split: {method: folds, folds: [u1], test: 0.3}}\n",
                 "t.yaml:4:50: data.split.test cannot be used with method: folds\n"
                 "  4 | data: {split: {method: folds, folds: [u1], test: 0.3}}\n"
                 "    |                                                  ^");
  assert_refused_with(MINIMAL "data: {split: {folds: [u1]}}\n",
                      "t.yaml:4:23: data.split.folds cannot be used with method: random");
  assert_refused_with(MINIMAL "data: {split: {method: folds}}\n",
                      "t.yaml:4:24: method: folds needs data.split.folds");
  assert_refused_with(MINIMAL "data: {split: {method: folds, folds: []}}\n",
                      "t.yaml:4:38: method: folds needs data.split.folds");
  assert_refused_with(MINIMAL "data: {split: {method: folds, folds: [u1, u6]}}\n",
                      "t.yaml:4:43: unknown fold 'u6'");
  assert_refused_with(MINIMAL "data: {split: {method: folds, folds: [u1, u1]}}\n",
                      "t.yaml:4:43: fold u1 is given twice");
}

static void synthetic_ratings_must_fit_their_users_and_items(void **state) {
  (void)state;
  const char *text = MINIMAL "data: {source: %s, synthetic: {users: 10, items: 10, ratings: %d}}\n";
  char full[256];
  (void)snprintf(full, sizeof full, text, "synthetic", 51);
  assert_refused_with(full, "t.yaml:4:70: too many ratings: at most users * items / 2");
  struct config config;
  (void)snprintf(full, sizeof full, text, "synthetic", 50);
  get_config(full, NULL, &config);
  config_clear(&config);
  (void)snprintf(full, sizeof full, text, "movielens", 51);
  get_config(full, NULL, &config);
  config_clear(&config);
}

static void a_path_is_relative_to_the_file(void **state) {
  (void)state;
  struct config config;
  struct error error = {0};
  assert_true(file_make_folders("sub", &error));
  const char *text = MINIMAL "data: {path: ml}\n";
  get_config(text, NULL, &config);
  assert_string_equal(config.base.data.path, "ml");
  config_clear(&config);
  assert_true(file_write_atomic("sub/s.yaml", text, strlen(text), &error));
  assert_true(config_read("sub/s.yaml", NULL, 0, NULL, &config, &error));
  assert_string_equal(config.base.data.path, "sub/ml");
  config_clear(&config);
  const char *const here = "data.path=here";
  assert_true(config_read("sub/s.yaml", &here, 1, NULL, &config, &error));
  assert_string_equal(config.base.data.path, "here");
  config_clear(&config);
  get_config(MINIMAL "data: {path: /abs/ml}\n", NULL, &config);
  assert_string_equal(config.base.data.path, "/abs/ml");
  config_clear(&config);
  assert_int_equal(remove("sub/s.yaml"), 0);
  assert_int_equal(remove("sub"), 0);
}

static void a_baseline_names_a_label(void **state) {
  (void)state;
  assert_refused(MINIMAL "baseline: tt\n",
                 "t.yaml:4:11: no trial has the label 'tt'\n"
                 "  4 | baseline: tt\n"
                 "    |           ^\n"
                 "did you mean 't'? Labels: t");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_that_are_left_out_have_their_defaults),
      cmocka_unit_test(every_key_is_read_into_its_field),
      cmocka_unit_test(an_unknown_key_is_refused_with_the_nearest_one),
      cmocka_unit_test(a_key_in_the_wrong_section_is_told_its_own),
      cmocka_unit_test(keys_of_later_versions_are_unknown),
      cmocka_unit_test(what_is_saved_is_no_part_of_a_trial),
      cmocka_unit_test(a_checkpoint_has_its_minutes),
      cmocka_unit_test(saving_the_best_needs_validation_rows),
      cmocka_unit_test(a_missing_required_key_is_named),
      cmocka_unit_test(numbers_are_strict),
      cmocka_unit_test(an_interaction_needs_embeddings_that_fit),
      cmocka_unit_test(bags_are_partners_in_an_interaction),
      cmocka_unit_test(an_unknown_choice_is_refused_with_the_nearest_one),
      cmocka_unit_test(a_head_is_a_name_or_has_a_slope),
      cmocka_unit_test(a_wrong_head_is_refused_at_its_place),
      cmocka_unit_test(a_folder_is_named_by_letters_and_digits),
      cmocka_unit_test(names_are_safe_as_names_of_folders),
      cmocka_unit_test(every_wrong_key_is_said_with_its_place),
      cmocka_unit_test(ten_wrong_keys_are_enough),
      cmocka_unit_test(columns_must_exist_once_and_be_of_the_right_kind),
      cmocka_unit_test(a_column_says_how_it_is_pooled_and_scaled),
      cmocka_unit_test(what_has_no_meaning_for_a_column_is_refused),
      cmocka_unit_test(crosses_combine_different_categories),
      cmocka_unit_test(a_cross_may_be_written_as_it_is_printed),
      cmocka_unit_test(sets_of_categories_can_be_crossed_and_hashed),
      cmocka_unit_test(lists_have_their_limits),
      cmocka_unit_test(a_model_must_read_something),
      cmocka_unit_test(dropout_has_one_value_or_one_for_each_layer),
      cmocka_unit_test(the_keys_of_a_split_go_with_its_method),
      cmocka_unit_test(synthetic_ratings_must_fit_their_users_and_items),
      cmocka_unit_test(a_path_is_relative_to_the_file),
      cmocka_unit_test(a_baseline_names_a_label),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
