/* A trained model through its file and back, and files that are none. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/philox.h"
#include "data/column_values.h"
#include "data/readers/movielens.h"
#include "data/synthetic/synthetic.h"
#include "serving/evaluation.h"
#include "serving/recommend.h"
#include "serving/serving.h"
#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define SYNTHETIC                                                \
  "schema: 1\n"                                                  \
  "name: t\n"                                                    \
  "data:\n"                                                      \
  "  source: synthetic\n"                                        \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n" \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"      \
  "train: {epochs: 2}\n"

/* Values alone; all kinds of columns; hashed, without hidden layers. */
#define BY_VALUES                                                              \
  SYNTHETIC                                                                    \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, " \
  "occupation, genre], hidden: [8, 4]}}\n"
#define EVERY_KIND                                                                           \
  SYNTHETIC                                                                                  \
  "model: {wide: {crosses: [[gender, genres], [user_id, genre]], hash_buckets: 20}, deep: {" \
  "columns: [user_id, {name: user_history, pooling: mean}, item_history, genres, "           \
  "{name: age, scale: standard}, user_mean, item_count, days_since_first, release_year, "    \
  "rating_hour], hidden: [8]}}\n"
#define FILM_VALUES                                                                          \
  SYNTHETIC                                                                                  \
  "model: {wide: {crosses: [[gender, genres], [genre, release_decade, age_group]]}, deep: {" \
  "columns: [genres, age, release_year, zip_area], hidden: []}, clip: true}\n"

/* Values alone, and all kinds, with an ordinal head. */
#define ORDINAL_VALUES                                                                \
  SYNTHETIC                                                                           \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, genre]," \
  " hidden: [8]}, head: {name: ordinal, slope: 1.5}}\n"
#define ORDINAL_KINDS                                                                     \
  SYNTHETIC                                                                               \
  "model: {wide: {crosses: [[gender, genres]]}, deep: {columns: [user_id, user_history, " \
  "item_mean, release_year], hidden: []}, head: ordinal, clip: true}\n"

/* --- through the file and back --- */

static void assert_scores_return(const char *config) {
  const struct train_result result = train_and_save(config);
  struct error error = {0};
  struct serving *serving = serving_of(NULL);
  struct evaluation evaluation;
  assert_true(serving->same);
  const struct {
    enum evaluation_split split;
    double mse;
  } parts[] = {{EVALUATION_TEST, result.mse},
               {EVALUATION_VALIDATION, result.validation_mse},
               {EVALUATION_TRAIN, result.train_mse}};
  for (size_t i = 0; i < 3; i++) {
    if (!evaluation_run(serving, parts[i].split, &evaluation, &error))
      fail_msg("%s", error.message);
    assert_true(score_mse(&evaluation.groups.all) == parts[i].mse);
  }
  assert_true(serving->saved.mse == result.mse);
  assert_true(ensemble_digest(&serving->models) == result.weights_digest);
  serving_done(serving);
}

static void a_saved_model_scores_as_it_did_when_trained(void **state) {
  (void)state;
  assert_scores_return(BY_VALUES);
  assert_scores_return(EVERY_KIND);
  assert_scores_return(FILM_VALUES);
  assert_scores_return(ORDINAL_VALUES);
  assert_scores_return(ORDINAL_KINDS);
}

#define REFITTED "train: {epochs: 9, early_stopping: {patience: 2}, refit: true"

/* EVERY_KIND, whose line `train` is another. */
static struct train_result train_and_save_with(const char *train) {
  static const char plain[] = "train: {epochs: 2}\n";
  const char *at = strstr(EVERY_KIND, plain);
  char text[2048];
  assert_non_null(at);
  (void)snprintf(text, sizeof text, "%.*s%s\n%s", (int)(at - EVERY_KIND), EVERY_KIND, train,
                 at + strlen(plain));
  return train_and_save(text);
}

static double served_mse(struct serving *serving, enum evaluation_split split) {
  struct error error = {0};
  struct evaluation evaluation;
  if (!evaluation_run(serving, split, &evaluation, &error)) fail_msg("%s", error.message);
  return score_mse(&evaluation.groups.all);
}

/* The validation rows have trained, so that their ratings are in the statistics. */
static void a_refitted_model_scores_as_it_did_when_trained(void **state) {
  (void)state;
  const struct train_result result = train_and_save_with(REFITTED "}");
  struct error error = {0};
  struct serving *serving = serving_of(NULL);
  struct evaluation evaluation;
  assert_true(result.refit_epochs > 0);
  assert_int_equal(serving->split.train, 480);
  assert_int_equal(serving->split.validation, 0);
  assert_true(served_mse(serving, EVALUATION_TEST) == result.mse);
  assert_true(served_mse(serving, EVALUATION_TRAIN) == result.train_mse);
  assert_false(evaluation_run(serving, EVALUATION_VALIDATION, &evaluation, &error));
  assert_string_equal(error.message,
                      "the model was trained on its validation rows too (train.refit)");
  assert_true(serving->saved.validation_mse == result.validation_mse);
  serving_done(serving);
}

static void an_ensemble_scores_as_it_did_when_trained(void **state) {
  (void)state;
  static const char *const trains[] = {"train: {epochs: 2, ensemble: {members: 3}}",
                                       REFITTED ", averaging: {ema: 0.9}, ensemble: {members: 2}}"};
  for (size_t i = 0; i < 2; i++) {
    const struct train_result result = train_and_save_with(trains[i]);
    struct serving *serving = serving_of(NULL);
    assert_int_equal(serving->models.members, result.members);
    assert_string_equal(checkpoint_file_text(&serving->saved.file, "crosslane"), "3");
    assert_non_null(checkpoint_file_tensor(&serving->saved.file, "head.bias"));
    assert_non_null(checkpoint_file_tensor(&serving->saved.file, "member.1.head.bias"));
    assert_int_equal(ensemble_digest(&serving->models), result.weights_digest);
    for (size_t m = 0; m < result.members; m++) {
      assert_int_equal(wide_deep_digest(&serving->models.member[m]),
                       result.member[m].weights_digest);
    }
    assert_true(served_mse(serving, EVALUATION_TEST) == result.mse);
    assert_true(served_mse(serving, EVALUATION_TRAIN) == result.train_mse);
    if (i == 0) assert_true(served_mse(serving, EVALUATION_VALIDATION) == result.validation_mse);
    serving_done(serving);
  }
}

static void the_config_comes_back_as_it_was(void **state) {
  (void)state;
  static const char *const texts[] = {BY_VALUES, EVERY_KIND, FILM_VALUES, ORDINAL_VALUES};
  for (size_t i = 0; i < 4; i++) {
    struct error error = {0};
    struct config config;
    struct saved_model *saved = memory_array(1, sizeof *saved, &error);
    (void)train_and_save(texts[i]);
    get_config(texts[i], NULL, &config);
    if (!saved_model_open(saved, MODEL_PATH, &error)) fail_msg("%s", error.message);
    json_t *before = config_json(&config.base), *after = config_json(&saved->config);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    saved_model_close(saved);
    free(saved);
    config_clear(&config);
  }
}

/* --- values as text, and the data set's rows --- */

static void set_value(struct query *query, const struct dataset *dataset, size_t input, size_t r) {
  const struct column *column = dataset_column(dataset, query->input[input].column->name);
  struct text text = {0};
  if (column->kind == COLUMN_NUMBER) {
    const double number = column_number(column, dataset, r);
    if (!isnan(number)) text_add(&text, "%g", number);
  } else if (column->kind == COLUMN_MULTI_HOT) {
    column_add_cell(column, dataset_place(dataset, column->table, r), &text);
  } else {
    column_label(column, dataset, column_code(column, dataset, r), &text);
  }
  const char *value = text.text != NULL ? text.text : "";
  assert_int_not_equal(query_set(query, input, r, value, strlen(value)), QUERY_NO_NUMBER);
  text_clear(&text);
}

static void assert_values_are_rows(const char *config) {
  (void)train_and_save(config);
  struct error error = {0};
  struct serving *by_data = serving_of(NULL),
                 *by_values = memory_array(1, sizeof *by_values, &error);
  const struct dataset *dataset = &by_data->dataset;
  const size_t rows = dataset->ratings;
  struct serving_pair *pair = memory_array(rows, sizeof *pair, &error);
  float *one = memory_array(rows, sizeof *one, &error);
  float *other = memory_array(rows, sizeof *other, &error);
  if (!serving_open(by_values, MODEL_PATH, kernels_of(isa_best()), &error) ||
      !serving_values(by_values, rows, &error)) {
    fail_msg("%s", error.message);
  }
  for (size_t r = 0; r < rows; r++) {
    pair[r] =
        (struct serving_pair){dataset->row_user[r], dataset->row_item[r], dataset->row_time[r]};
    for (size_t i = 0; i < by_values->query.inputs; i++) {
      set_value(&by_values->query, dataset, i, r);
    }
  }
  if (!serving_predict_pairs(by_data, pair, rows, one, &error)) fail_msg("%s", error.message);
  serving_predict_values(by_values, rows, other);
  assert_memory_equal(one, other, rows * sizeof *one);
  free(pair);
  free(one);
  free(other);
  serving_done(by_data);
  serving_done(by_values);
}

static void values_as_text_predict_what_the_data_do(void **state) {
  (void)state;
  assert_values_are_rows(BY_VALUES);
  assert_values_are_rows(FILM_VALUES);
  assert_values_are_rows(ORDINAL_VALUES);
}

/* By values and by data: the same; their mean is the prediction; a linear head has none. */
static void probabilities_come_back_with_the_model(void **state) {
  (void)state;
  enum { COUNT = 3, LEVELS = 5 };
  struct error error = {0};
  (void)train_and_save(ORDINAL_VALUES);
  struct serving *serving = serving_of(NULL);
  const struct rating_levels *levels = serving_levels(serving);
  assert_int_equal(levels->count, LEVELS);
  for (size_t k = 0; k < LEVELS; k++) assert_true(levels->value[k] == (float)(k + 1));
  const struct serving_pair pair[COUNT] = {{0, 1, 0}, {5, 7, 0}, {39, 49, 0}};
  float prediction[COUNT], share[COUNT * LEVELS];
  assert_true(serving_predict_pairs(serving, pair, COUNT, prediction, &error));
  assert_true(serving_pair_probabilities(serving, pair, COUNT, share, &error));
  for (size_t i = 0; i < COUNT; i++) {
    double mean = 0, sum = 0;
    for (size_t k = 0; k < LEVELS; k++) {
      sum += (double)share[i * LEVELS + k];
      mean += (double)(k + 1) * (double)share[i * LEVELS + k];
    }
    assert_true(fabs(sum - 1) < 1e-6);
    assert_true(fabs(mean - (double)prediction[i]) < 3e-6);
  }
  serving_done(serving);
  (void)train_and_save(BY_VALUES);
  serving = serving_of(NULL);
  assert_int_equal(serving_levels(serving)->count, 0);
  serving_done(serving);
}

static void a_history_cannot_be_given_as_text(void **state) {
  (void)state;
  (void)train_and_save(EVERY_KIND);
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  assert_true(serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error));
  assert_false(serving_values(serving, 1, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_non_null(strstr(error.message, "_history"));
  serving_done(serving);
}

static void an_unknown_word_has_a_row_of_zeros(void **state) {
  (void)state;
  (void)train_and_save(BY_VALUES);
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  assert_true(serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error));
  assert_true(serving_values(serving, 1, &error));
  struct query *query = &serving->query;
  const size_t input = query_find(query, "occupation");
  assert_int_equal(query_set(query, input, 0, "wizard", 6), QUERY_UNSEEN);
  assert_int_equal(query_set(query, query_find(query, "age"), 0, "1000", 4), QUERY_BEYOND);
  assert_int_equal(query_set(query, query_find(query, "age"), 0, "1x", 2), QUERY_NO_NUMBER);
  assert_int_equal(query_set(query, query_find(query, "age"), 0, "", 0), QUERY_NO_NUMBER);
  query_set(query, query_find(query, "gender"), 0, "F", 1);
  query_set_code(query, query_find(query, "genre"), 0, 0);
  query_encode(query, 1);
  size_t t = 0;
  while (strcmp(serving->saved.encoding.table[t].cross.column[0], "occupation") != 0) t++;
  const struct dictionary *dictionary = &query->encoding.table[t];
  assert_int_equal(query->rows.codes[dictionary->slot], dictionary->seen);
  serving_done(serving);
}

/* --- recommendations --- */

static void recommended_films_are_unrated_sorted_and_ties_go_by_id(void **state) {
  (void)state;
  (void)train_and_save(BY_VALUES); /* reads genres alone: many ties */
  struct error error = {0};
  struct serving *serving = serving_of(NULL);
  const struct dataset *dataset = &serving->dataset;
  struct recommendation r;
  if (!recommend(serving, words_text(&dataset->user_ids, 3), NULL, 1000, &r, &error))
    fail_msg("%s", error.message);
  assert_int_equal(r.count + r.rated, dataset->items);
  size_t ties = 0;
  for (size_t i = 0; i < r.count; i++) {
    for (size_t row = 0; row < dataset->ratings; row++) {
      const bool same = dataset->row_user[row] == 3 && dataset->row_item[row] == r.film[i].item;
      assert_false(same);
    }
    if (i == 0) continue;
    assert_true(r.film[i - 1].prediction >= r.film[i].prediction);
    if (r.film[i - 1].prediction > r.film[i].prediction) continue;
    ties++;
    assert_true(r.film[i - 1].item < r.film[i].item);
  }
  assert_true(ties > 0);
  struct recommendation one;
  const char *user = words_text(&dataset->user_ids, 3);
  const char *item = words_text(&dataset->item_ids, r.film[2].item);
  assert_true(recommend(serving, user, item, 10, &one, &error));
  assert_int_equal(one.count, 1);
  assert_true(one.film[0].prediction == r.film[2].prediction);
  recommendation_clear(&one);
  recommendation_clear(&r);
  assert_false(recommend(serving, "999999", NULL, 10, &r, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  serving_done(serving);
}

/* --- other data --- */

static void other_data_have_no_test_rows(void **state) {
  (void)state;
  (void)train_and_save(EVERY_KIND);
  const struct synthetic_spec spec = {.users = 45, .items = 60, .ratings = 500, .seed = 9};
  struct error error = {0};
  struct dataset other;
  assert_true(synthetic_make(&spec, &other, &error));
  assert_true(movielens_write(&other, "other", &error));
  dataset_clear(&other);
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  struct evaluation evaluation;
  if (!serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error) ||
      !serving_data(serving, "other", &error)) {
    fail_msg("%s", error.message);
  }
  assert_false(serving->same);
  assert_false(evaluation_run(serving, EVALUATION_TEST, &evaluation, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_true(evaluation_run(serving, EVALUATION_ALL, &evaluation, &error));
  assert_int_equal(evaluation.groups.all.rows, 500);
  assert_true(isfinite(score_mse(&evaluation.groups.all)));
  struct recommendation r; /* films of ids that the model does not know */
  assert_true(recommend(serving, "44", NULL, 60, &r, &error));
  assert_true(strstr(r.unseen, "user_id 44") != NULL);
  recommendation_clear(&r);
  serving_done(serving);
}

/* --- files that are no model --- */

static const char damaged[] = "damaged.safetensors";

static void write_damaged(const char *bytes, size_t size) {
  FILE *file = fopen(damaged, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

/* Opens the file as the program would, to the weights; an error must say why. */
static bool opens(void) {
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  const bool opened = serving_open(serving, damaged, kernels_of(isa_best()), &error) &&
                      serving_values(serving, 1, &error);
  if (!opened) {
    assert_true(error.kind == ERROR_DATA || error.kind == ERROR_USAGE);
    assert_true(strlen(error.message) > 0);
  }
  serving_done(serving);
  return opened;
}

static char *read_model(const char *config, size_t *size) {
  struct error error = {0};
  (void)train_and_save(config);
  char *bytes = file_read(MODEL_PATH, FILE_MOST_JSON, size, ERROR_DATA, &error);
  assert_non_null(bytes);
  return bytes;
}

static size_t header_length(const char *bytes) {
  uint64_t length;
  memcpy(&length, bytes, sizeof length);
  return (size_t)length;
}

static void a_file_cut_off_anywhere_is_refused(void **state) {
  (void)state;
  size_t size;
  char *bytes = read_model(BY_VALUES, &size);
  write_damaged(bytes, size);
  assert_true(opens());
  for (size_t cut = size; cut-- > 0;) {
    assert_int_equal(truncate(damaged, (off_t)cut), 0);
    if (opens()) fail_msg("opened when cut to %zu of %zu bytes", cut, size);
  }
  free(bytes);
}

/* Behind the header every bit is under the digest of the weights. */
static void a_changed_byte_is_refused_or_harmless(void **state) {
  (void)state;
  enum { CHANGES = 4000 };
  size_t size, opened = 0;
  char *bytes = read_model(BY_VALUES, &size);
  const size_t weights = 8 + header_length(bytes);
  struct random random;
  random_init(&random, 1, STREAM_SWEEP, 0, 0);
  write_damaged(bytes, size);
  const int file = open(damaged, O_WRONLY);
  assert_true(file >= 0);
  for (size_t i = 0; i < CHANGES; i++) {
    const size_t at = random_below(&random, (uint32_t)(i % 4 == 0 ? size : weights));
    const char changed = (char)random_u32(&random);
    assert_int_equal(pwrite(file, &changed, 1, (off_t)at), 1);
    if (changed != bytes[at] && opens()) {
      assert_true(at < weights);
      opened++;
    }
    assert_int_equal(pwrite(file, &bytes[at], 1, (off_t)at), 1);
  }
  assert_int_equal(close(file), 0);
  assert_true(opened < CHANGES / 4 * 3); /* texts that nothing checks: labels, words, the build */
  assert_true(opens());
  free(bytes);
}

static void a_longer_file_is_refused(void **state) {
  (void)state;
  size_t size;
  char *bytes = read_model(BY_VALUES, &size);
  write_damaged(bytes, size);
  assert_int_equal(truncate(damaged, (off_t)size + 4), 0);
  assert_false(opens());
  free(bytes);
}

/* A whole file of this header and `data` bytes behind it. */
static void assert_file_refused(const char *header, size_t data, const char *reason) {
  char bytes[1024] = {0};
  const uint64_t length = strlen(header);
  memcpy(bytes, &length, sizeof length);
  memcpy(bytes + 8, header, strlen(header));
  FILE *file = fopen("foreign.safetensors", "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, 8 + strlen(header) + data, file), 8 + strlen(header) + data);
  assert_int_equal(fclose(file), 0);
  struct error error = {0};
  struct saved_model *saved = memory_array(1, sizeof *saved, &error);
  assert_false(saved_model_open(saved, "foreign.safetensors", &error));
  assert_int_equal(error.kind, ERROR_DATA);
  if (strstr(error.message, reason) == NULL) fail_msg("%s: not %s", error.message, reason);
  free(saved);
}

#define F32(name, shape, from, to) \
  "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":[" from "," to "]}"

static void hostile_headers_are_refused_with_a_reason(void **state) {
  (void)state;
  assert_file_refused("{}", 0, "not a model of Crosslane");
  assert_file_refused("[]", 0, "not a safetensors file");
  assert_file_refused("{\"a\":", 0, ", header:1:");
  assert_file_refused("{\"a\":1,\"a\":2}", 0, ", header:1:");
  assert_file_refused("{\"a\":1}", 0, "no dtype");
  assert_file_refused("{\"a\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", 2, "F32");
  assert_file_refused("{" F32("a", "[2]", "0", "4") "}", 4, "another size");
  assert_file_refused("{" F32("a", "[2]", "0", "8") "}", 4, "beyond the end");
  assert_file_refused("{" F32("a", "[-1]", "0", "4") "}", 4, "shape");
  assert_file_refused("{" F32("a", "[1.5]", "0", "4") "}", 4, "shape");
  assert_file_refused("{" F32("a", "[4294967296, 4294967296, 4]", "0", "4") "}", 4, "shape");
  assert_file_refused("{" F32("a", "[1]", "4", "0") "}", 4, "data_offsets");
  assert_file_refused("{" F32("a", "[1]", "0", "4") "," F32("b", "[1]", "0", "4") "}", 4,
                      "overlaps");
  assert_file_refused("{" F32("a", "[1]", "4", "8") "}", 8, "gap");
  assert_file_refused("{" F32("a", "[1]", "0", "4") "}", 8, "follow the last");
  assert_file_refused("{\"__metadata__\":[]}", 0, "no object");
  assert_file_refused("{\"__metadata__\":{\"a\":1}}", 0, "no text");
  assert_file_refused("{\"__metadata__\":{\"crosslane\":\"4\"}}", 0, "format version");
  assert_file_refused("{\"__metadata__\":{\"crosslane\":\"1\"}}", 0, "'key' is missing");
  assert_file_refused("{\"__metadata__\":{\"crosslane\":\"2\"}}", 0, "'key' is missing");
  assert_file_refused("{\"__metadata__\":{\"crosslane\":\"3\"}}", 0, "'key' is missing");
}

static void an_oversized_header_is_refused(void **state) {
  (void)state;
  char bytes[16] = "\xff\xff\xff\xff\xff\xff\xff\x7f{}";
  write_damaged(bytes, sizeof bytes);
  struct error error = {0};
  struct saved_model *saved = memory_array(1, sizeof *saved, &error);
  assert_false(saved_model_open(saved, damaged, &error));
  assert_non_null(strstr(error.message, "a header of"));
  free(saved);
}

/* With what the tests have left in the fixture's folder. */
static int teardown(void **state) {
  static const char *const left[] = {MODEL_PATH, damaged, "foreign.safetensors"};
  for (size_t i = 0; i < sizeof left / sizeof *left; i++) (void)unlink(left[i]);
  return system("rm -r other") == 0 ? fixture_teardown(state) : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_saved_model_scores_as_it_did_when_trained),
      cmocka_unit_test(a_refitted_model_scores_as_it_did_when_trained),
      cmocka_unit_test(an_ensemble_scores_as_it_did_when_trained),
      cmocka_unit_test(the_config_comes_back_as_it_was),
      cmocka_unit_test(values_as_text_predict_what_the_data_do),
      cmocka_unit_test(probabilities_come_back_with_the_model),
      cmocka_unit_test(a_history_cannot_be_given_as_text),
      cmocka_unit_test(an_unknown_word_has_a_row_of_zeros),
      cmocka_unit_test(recommended_films_are_unrated_sorted_and_ties_go_by_id),
      cmocka_unit_test(other_data_have_no_test_rows),
      cmocka_unit_test(a_file_cut_off_anywhere_is_refused),
      cmocka_unit_test(a_changed_byte_is_refused_or_harmless),
      cmocka_unit_test(a_longer_file_is_refused),
      cmocka_unit_test(hostile_headers_are_refused_with_a_reason),
      cmocka_unit_test(an_oversized_header_is_refused),
  };
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
