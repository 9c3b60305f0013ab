/* libcrosslane beside the rooms that it is made of, which this program has too: the same
 * numbers to the last bit. */
#include <fenv.h>
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

#include <crosslane/catalog.h>
#include <crosslane/isa.h>
#include <crosslane/kernels.h>
#include <crosslane/model.h>
#include <crosslane/version.h>

#include "base/build.h"
#include "base/file.h"
#include "base/philox.h"
#include "serving/last_times.h"
#include "serving/recommend.h"
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
#define REPORT                                                                 \
  SYNTHETIC                                                                    \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, " \
  "occupation, genre], hidden: [8, 4]}}\n"
/* Several words a value, numbers that may be missing, predictions that are cut. */
#define SETS                                                                                 \
  SYNTHETIC                                                                                  \
  "model: {wide: {crosses: [[gender, genres], [genre, release_decade, age_group]]}, deep: {" \
  "columns: [genres, age, release_year, zip_area], hidden: []}, clip: true}\n"
#define ORDINAL                                                                       \
  SYNTHETIC                                                                           \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, gender, genre]," \
  " hidden: [8]}, head: {name: ordinal, slope: 1.5}}\n"
#define HISTORY                                                                           \
  SYNTHETIC                                                                               \
  "model: {wide: {crosses: [[gender, genres]]}, deep: {columns: [user_id, user_history, " \
  "item_mean, release_year], hidden: []}, head: ordinal}\n"

enum { ROWS = 700, INPUTS_MAX = 16, SET = 4 };

static crosslane_model *open_model(void) {
  crosslane_error *error = crosslane_error_new();
  crosslane_model *model = crosslane_model_open(MODEL_PATH, error);
  if (model == NULL) fail_msg("%s", crosslane_error_message(error));
  crosslane_error_free(error);
  return model;
}

/* --- rows --- */

/* Made-up values, as text and as columns. */
struct rows {
  size_t inputs;
  char text[ROWS * INPUTS_MAX][80];
  const char *values[ROWS * INPUTS_MAX];
  uint32_t codes[INPUTS_MAX][ROWS * SET];
  size_t offsets[INPUTS_MAX][ROWS + 1];
  double numbers[INPUTS_MAX][ROWS];
  crosslane_column columns[INPUTS_MAX];
};

static void make_number(const crosslane_model *model, struct rows *rows, size_t i, size_t r,
                        uint32_t random) {
  char *text = rows->text[r * rows->inputs + i];
  const bool missing = crosslane_model_input_may_miss(model, i) && random % 7 == 0;
  const double least = crosslane_model_input_least(model, i);
  const double number = least + (double)(random % 1000) / 16;
  rows->numbers[i][r] = missing ? (double)NAN : number;
  if (!missing) (void)snprintf(text, sizeof rows->text[0], "%.4f", number);
  rows->columns[i] =
      (crosslane_column){.type = CROSSLANE_COLUMN_DOUBLE, .values = rows->numbers[i]};
}

/* Up to three words, one of which may be unknown. */
static void make_set(const crosslane_model *model, struct rows *rows, size_t i, size_t r,
                     uint32_t random) {
  char *text = rows->text[r * rows->inputs + i];
  const size_t words = crosslane_model_input_words(model, i);
  for (uint32_t k = 0; k < random % 4; k++) {
    const uint32_t code = (random / 4 + 3 * k) % (uint32_t)words;
    (void)snprintf(text + strlen(text), sizeof rows->text[0] - strlen(text), "%s%s",
                   k > 0 ? crosslane_model_input_separator(model, i) : "",
                   k == 2 ? "no such word" : crosslane_model_input_word(model, i, code));
  }
}

static void make_category(const crosslane_model *model, struct rows *rows, size_t i, size_t r,
                          uint32_t random) {
  const size_t words = crosslane_model_input_words(model, i);
  const bool unknown = random % 11 == 0;
  const char *word =
      unknown ? "no such word" : crosslane_model_input_word(model, i, random % (uint32_t)words);
  (void)snprintf(rows->text[r * rows->inputs + i], sizeof rows->text[0], "%s", word);
}

static void encode(const crosslane_model *model, struct rows *rows, size_t i) {
  const char *values[ROWS];
  for (size_t r = 0; r < ROWS; r++) values[r] = rows->values[r * rows->inputs + i];
  if (crosslane_model_input_kind(model, i) == CROSSLANE_INPUT_CATEGORY) {
    assert_int_equal(crosslane_model_encode(model, i, ROWS, values, rows->codes[i], NULL), 0);
    rows->columns[i] = (crosslane_column){.type = CROSSLANE_COLUMN_CODES, .values = rows->codes[i]};
    return;
  }
  assert_int_equal(
      crosslane_model_encode_sets(model, i, ROWS, values, NULL, 0, rows->offsets[i], NULL), -1);
  assert_in_range(rows->offsets[i][ROWS], 1, ROWS * SET);
  assert_int_equal(crosslane_model_encode_sets(model, i, ROWS, values, rows->codes[i], ROWS * SET,
                                               rows->offsets[i], NULL),
                   0);
  rows->columns[i] = (crosslane_column){
      .type = CROSSLANE_COLUMN_SETS, .values = rows->codes[i], .offsets = rows->offsets[i]};
}

static struct rows *make_rows(const crosslane_model *model) {
  struct rows *rows = calloc(1, sizeof *rows);
  struct random random;
  assert_non_null(rows);
  rows->inputs = crosslane_model_inputs(model);
  assert_in_range(rows->inputs, 1, INPUTS_MAX);
  random_init(&random, 5, 0, 0, 0);
  for (size_t r = 0; r < ROWS; r++) {
    for (size_t i = 0; i < rows->inputs; i++) {
      const enum crosslane_input_kind kind = crosslane_model_input_kind(model, i);
      rows->values[r * rows->inputs + i] = rows->text[r * rows->inputs + i];
      (kind == CROSSLANE_INPUT_NUMBER      ? make_number
       : kind == CROSSLANE_INPUT_MULTI_HOT ? make_set
                                           : make_category)(model, rows, i, r, random_u32(&random));
    }
  }
  for (size_t i = 0; i < rows->inputs; i++) {
    if (crosslane_model_input_kind(model, i) != CROSSLANE_INPUT_NUMBER) encode(model, rows, i);
  }
  return rows;
}

/* As `crosslane predict` does, in blocks of its own size. */
static void predict_as_the_program(const struct rows *rows, float *out, float *probability) {
  struct serving *serving = calloc(1, sizeof *serving);
  struct error error = {0};
  assert_non_null(serving);
  if (!serving_open(serving, MODEL_PATH, kernels_of(ISA_SCALAR), &error) ||
      !serving_values(serving, ROWS, &error)) {
    fail_msg("%s", error.message);
  }
  for (size_t r = 0; r < ROWS; r++) {
    for (size_t i = 0; i < rows->inputs; i++) {
      const char *value = rows->values[r * rows->inputs + i];
      assert_int_not_equal(query_set(&serving->query, i, r, value, strlen(value)), QUERY_NO_NUMBER);
    }
  }
  serving_predict_values(serving, ROWS, out);
  if (probability != NULL) serving_value_probabilities(serving, ROWS, probability);
  serving_done(serving);
}

static void assert_same(const float *one, const float *other, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (memcmp(one + i, other + i, sizeof *one) != 0) {
      fail_msg("number %zu of %zu: %a and %a", i, count, (double)one[i], (double)other[i]);
    }
  }
}

/* --- predictions --- */

static void text_and_codes_are_predicted_as_by_the_program(void **state) {
  (void)state;
  static const char *const configs[] = {REPORT, SETS, ORDINAL};
  for (size_t c = 0; c < sizeof configs / sizeof *configs; c++) {
    float expected[ROWS], out[ROWS];
    (void)train_and_save(configs[c]);
    crosslane_model *model = open_model();
    struct rows *rows = make_rows(model);
    predict_as_the_program(rows, expected, NULL);
    assert_int_equal(crosslane_predict_text(model, ROWS, rows->values, out, NULL), 0);
    assert_same(out, expected, ROWS);
    memset(out, 0xff, sizeof out);
    assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, NULL), 0);
    assert_same(out, expected, ROWS);
    for (size_t r = 0; r < ROWS; r++) {
      assert_int_equal(
          crosslane_predict_text(model, 1, rows->values + r * rows->inputs, out + r, NULL), 0);
    }
    assert_same(out, expected, ROWS);
    free(rows);
    crosslane_model_free(model);
  }
}

static void every_instruction_set_predicts_the_same(void **state) {
  (void)state;
  (void)train_and_save(REPORT);
  crosslane_model *best = open_model();
  assert_string_equal(crosslane_model_isa(best), crosslane_isa_best());
  struct rows *rows = make_rows(best);
  float expected[ROWS], out[ROWS];
  predict_as_the_program(rows, expected, NULL);
  for (size_t i = 0; i < crosslane_isas(); i++) {
    const char *isa = crosslane_isa_name(i);
    crosslane_error *error = crosslane_error_new();
    crosslane_model *model = crosslane_model_open_isa(MODEL_PATH, isa, error);
    if (!crosslane_isa_runs_here(isa)) {
      assert_null(model);
      assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_USAGE);
    } else {
      assert_string_equal(crosslane_model_isa(model), isa);
      assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), 0);
      assert_same(out, expected, ROWS);
    }
    crosslane_model_free(model);
    crosslane_error_free(error);
  }
  assert_null(crosslane_isa_name(crosslane_isas()));
  assert_int_equal(crosslane_isa_runs_here("mmx"), 0);
  free(rows);
  crosslane_model_free(best);
}

static void columns_may_be_parts_of_records(void **state) {
  (void)state;
  (void)train_and_save(REPORT);
  crosslane_model *model = open_model();
  struct rows *rows = make_rows(model);
  struct {
    float age;
    uint32_t code[3];
  } records[ROWS];
  crosslane_column columns[4];
  float expected[ROWS], out[ROWS];
  assert_int_equal(rows->inputs, 4);
  for (size_t r = 0, codes; r < ROWS; r++) {
    codes = 0;
    for (size_t i = 0; i < 4; i++) {
      if (crosslane_model_input_kind(model, i) == CROSSLANE_INPUT_NUMBER) {
        records[r].age = (float)rows->numbers[i][r]; /* of 16ths: exact */
        columns[i] = (crosslane_column){.type = CROSSLANE_COLUMN_FLOAT, .values = &records[0].age};
      } else {
        records[r].code[codes] = rows->codes[i][r];
        columns[i] = (crosslane_column){.values = &records[0].code[codes++]};
      }
      columns[i].stride = sizeof records[0];
    }
  }
  predict_as_the_program(rows, expected, NULL);
  assert_int_equal(crosslane_predict_coded(model, ROWS, columns, out, NULL), 0);
  assert_same(out, expected, ROWS);
  free(rows);
  crosslane_model_free(model);
}

static void probabilities_are_those_of_the_program(void **state) {
  (void)state;
  (void)train_and_save(ORDINAL);
  crosslane_model *model = open_model();
  struct rows *rows = make_rows(model);
  const size_t levels = crosslane_model_levels(model);
  assert_int_equal(levels, 5);
  float prediction[ROWS], expected[ROWS * 5], out[ROWS * 5];
  predict_as_the_program(rows, prediction, expected);
  assert_int_equal(crosslane_probabilities_text(model, ROWS, rows->values, out, NULL), 0);
  assert_same(out, expected, ROWS * 5);
  memset(out, 0xff, sizeof out);
  assert_int_equal(crosslane_probabilities_coded(model, ROWS, rows->columns, out, NULL), 0);
  assert_same(out, expected, ROWS * 5);
  for (size_t r = 0; r < ROWS; r++) {
    double mean = 0, sum = 0;
    for (size_t k = 0; k < 5; k++) {
      sum += (double)out[5 * r + k];
      mean += (double)out[5 * r + k] * (double)crosslane_model_level(model, k);
    }
    assert_true(fabs(sum - 1) < 1e-5 && fabs(mean - (double)prediction[r]) < 1e-5);
  }
  assert_true(isnan(crosslane_model_level(model, 5)));
  free(rows);
  crosslane_model_free(model);
}

/* Of the caller: its rounding, and what it does with denormals. */
static void the_callers_floating_point_changes_nothing(void **state) {
  (void)state;
  (void)train_and_save(REPORT);
  crosslane_model *model = open_model();
  struct rows *rows = make_rows(model);
  float expected[ROWS], out[ROWS];
  predict_as_the_program(rows, expected, NULL);
  const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(fesetround(modes[i]), 0);
    const int text = crosslane_predict_text(model, ROWS, rows->values, out, NULL);
    const int kept = fegetround();
    const int coded = crosslane_predict_coded(model, ROWS, rows->columns, out, NULL);
    (void)fesetround(FE_TONEAREST);
    assert_int_equal(text, 0);
    assert_int_equal(coded, 0);
    assert_int_equal(kept, modes[i]);
    assert_same(out, expected, ROWS);
  }
  /* Flags that the caller has not raised are not there after a call. */
  (void)feclearexcept(FE_ALL_EXCEPT);
  (void)crosslane_predict_coded(model, ROWS, rows->columns, out, NULL);
  assert_int_equal(fetestexcept(FE_ALL_EXCEPT), 0);
  free(rows);
  crosslane_model_free(model);
}

/* --- opening --- */

static void a_model_in_memory_is_the_same(void **state) {
  (void)state;
  (void)train_and_save(REPORT);
  crosslane_model *from_file = open_model();
  struct rows *rows = make_rows(from_file);
  float expected[ROWS], out[ROWS];
  predict_as_the_program(rows, expected, NULL);
  crosslane_model_free(from_file);
  struct error error = {0};
  size_t size;
  char *bytes = file_read(MODEL_PATH, 1 << 20, &size, ERROR_DATA, &error);
  assert_non_null(bytes);
  crosslane_model *model = crosslane_model_open_memory(bytes, size, "scalar", NULL);
  assert_non_null(model);
  crosslane_error *fault = crosslane_error_new();
  assert_null(crosslane_model_open_memory(bytes, size - 1, NULL, fault));
  assert_int_equal(crosslane_error_kind_of(fault), CROSSLANE_ERROR_DATA);
  assert_null(crosslane_model_open_memory(bytes, 4, NULL, fault));
  assert_string_equal(crosslane_error_message(fault),
                      "model in memory: not a model: 4 bytes are too few");
  memset(bytes, 0xff, size); /* it has a copy */
  free(bytes);
  assert_int_equal(crosslane_predict_text(model, ROWS, rows->values, out, fault), 0);
  assert_same(out, expected, ROWS);
  crosslane_error_free(fault);
  crosslane_model_free(model);
  free(rows);
}

static void what_a_model_reads_is_described(void **state) {
  (void)state;
  (void)train_and_save(SETS);
  crosslane_model *model = open_model();
  const size_t genres = crosslane_model_input_find(model, "genres");
  const size_t age = crosslane_model_input_find(model, "age");
  assert_int_equal(crosslane_model_inputs(model), 8);
  assert_string_equal(crosslane_model_input_name(model, genres), "genres");
  assert_int_equal(crosslane_model_input_kind(model, genres), CROSSLANE_INPUT_MULTI_HOT);
  assert_string_equal(crosslane_model_input_separator(model, genres), "|");
  assert_int_equal(crosslane_model_input_kind(model, age), CROSSLANE_INPUT_NUMBER);
  assert_string_equal(crosslane_model_input_separator(model, age), "");
  assert_int_equal(crosslane_model_input_words(model, age), 0);
  assert_true(crosslane_model_input_least(model, age) < crosslane_model_input_most(model, age));
  assert_true(isnan(crosslane_model_input_least(model, genres)));
  const size_t gender = crosslane_model_input_find(model, "gender");
  assert_int_equal(crosslane_model_input_kind(model, gender), CROSSLANE_INPUT_CATEGORY);
  assert_int_equal(crosslane_model_input_words(model, gender), 2);
  assert_string_equal(crosslane_model_input_word(model, gender, 1), "M");
  assert_int_equal(crosslane_model_input_seen(model, gender, 1), 1);
  assert_int_equal(crosslane_model_input_seen(model, gender, CROSSLANE_NO_CODE), 0);
  assert_null(crosslane_model_input_word(model, gender, 2));
  assert_null(crosslane_model_input_name(model, 8));
  assert_int_equal(crosslane_model_input_find(model, "shoe_size"), SIZE_MAX);
  assert_string_equal(crosslane_model_label(model), "t");
  assert_int_equal(strlen(crosslane_model_key(model)), 16);
  assert_true(crosslane_model_least(model) == 1 && crosslane_model_most(model) == 5);
  assert_true(crosslane_model_mse(model) > 0);
  assert_int_equal(crosslane_model_levels(model), 0);
  crosslane_model_free(model);
}

static void the_version_is_that_of_the_headers(void **state) {
  (void)state;
  char text[32];
  (void)snprintf(text, sizeof text, "%d.%d.%d", CROSSLANE_VERSION_MAJOR, CROSSLANE_VERSION_MINOR,
                 CROSSLANE_VERSION_PATCH);
  assert_string_equal(crosslane_version(), text);
  assert_string_equal(crosslane_commit(), build_commit());
  assert_int_equal(crosslane_numerics_version(), NUMERICS_VERSION);
}

/* Of both names the same bytes. */
static void kernels_are_those_of_the_rooms(void **state) {
  (void)state;
  enum { M = 5, K = 7, N = 33 };
  float x[M * K], w[K * N], bias[N], out[M * N], expected[M * N];
  struct random random;
  random_init(&random, 9, 0, 0, 0);
  for (size_t i = 0; i < M * K; i++) x[i] = (float)random_u32(&random) * 0x1p-32f - 0.5f;
  for (size_t i = 0; i < K * N; i++) w[i] = (float)random_u32(&random) * 0x1p-32f - 0.5f;
  for (size_t i = 0; i < N; i++) bias[i] = (float)i * 0.01f;
  kernels_of(ISA_SCALAR)
      ->dense_forward(&(struct dense_forward){.m = M,
                                              .k = K,
                                              .n = N,
                                              .x = x,
                                              .w = w,
                                              .bias = bias,
                                              .x_ld = K,
                                              .w_ld = N,
                                              .y = expected,
                                              .y_ld = N,
                                              .activation = ACTIVATION_RELU});
  for (size_t i = 0; i < crosslane_isas(); i++) {
    const char *isa = crosslane_isa_name(i);
    const crosslane_kernels *kernels = crosslane_kernels_of(isa);
    assert_int_equal(kernels != NULL, crosslane_isa_runs_here(isa));
    if (kernels == NULL) continue;
    assert_string_equal(kernels->name, isa);
    assert_int_equal(kernels->size, sizeof *kernels);
    memset(out, 0xff, sizeof out);
    kernels->dense_forward(
        &(struct crosslane_dense_forward){.m = M,
                                          .k = K,
                                          .n = N,
                                          .x = x,
                                          .w = w,
                                          .bias = bias,
                                          .x_ld = K,
                                          .w_ld = N,
                                          .y = out,
                                          .y_ld = N,
                                          .activation = CROSSLANE_ACTIVATION_RELU});
    assert_same(out, expected, M * N);
  }
  assert_ptr_equal(crosslane_kernels_of(NULL), crosslane_kernels_of(crosslane_isa_best()));
  assert_null(crosslane_kernels_of("mmx"));
}

/* --- errors --- */

static void faults_have_their_place(void **state) {
  (void)state;
  (void)train_and_save(REPORT);
  crosslane_model *model = open_model();
  crosslane_error *error = crosslane_error_new();
  float out[2];
  const size_t age = crosslane_model_input_find(model, "age");
  const char *values[] = {"F", "F", "F", "F", "F", "F", "F", "F"};
  values[age] = "25";
  values[4 + age] = "old";
  assert_int_equal(crosslane_predict_text(model, 2, values, out, error), -1);
  assert_string_equal(crosslane_error_message(error), "row 2, age: 'old' is not a number");
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_USAGE);
  assert_int_equal(crosslane_error_line(error), 2);
  assert_int_equal(crosslane_error_column(error), age + 1);
  assert_string_equal(crosslane_error_file(error), "");
  values[4 + age] = NULL;
  assert_int_equal(crosslane_predict_text(model, 2, values, out, error), -1);
  assert_string_equal(crosslane_error_message(error), "row 2, age: a number is missing");
  assert_int_equal(crosslane_predict_text(model, 2, values, out, NULL), -1);
  values[4 + age] = "30";
  assert_int_equal(crosslane_predict_text(model, 2, values, out, error), 0);
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_NONE);
  assert_string_equal(crosslane_error_message(error), "");
  assert_int_equal(crosslane_error_line(error), 0);
  assert_int_equal(crosslane_probabilities_text(model, 2, values, out, error), -1);
  assert_int_equal(crosslane_predict_text(model, 1, NULL, out, error), -1);
  assert_int_equal(crosslane_predict_text(model, 0, NULL, NULL, error), 0);
  crosslane_error_free(error);
  crosslane_model_free(model);
}

static void wrong_columns_are_refused(void **state) {
  (void)state;
  (void)train_and_save(SETS);
  crosslane_model *model = open_model();
  crosslane_error *error = crosslane_error_new();
  struct rows *rows = make_rows(model);
  float out[ROWS];
  const size_t genres = crosslane_model_input_find(model, "genres");
  const size_t gender = crosslane_model_input_find(model, "gender");
  const size_t age = crosslane_model_input_find(model, "age");
  const crosslane_column good = rows->columns[age];
  rows->columns[age].type = CROSSLANE_COLUMN_CODES;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), -1);
  assert_int_equal(crosslane_error_column(error), age + 1);
  rows->columns[age] = good;
  rows->numbers[age][300] = (double)NAN;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), -1);
  assert_string_equal(crosslane_error_message(error), "row 301, age: a number is missing");
  rows->numbers[age][300] = (double)INFINITY;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), -1);
  assert_string_equal(crosslane_error_message(error), "row 301, age: the number is not finite");
  rows->numbers[age][300] = 30;
  rows->codes[gender][699] = 2;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), -1);
  assert_int_equal(crosslane_error_line(error), 700);
  rows->codes[gender][699] = CROSSLANE_NO_CODE;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), 0);
  rows->codes[genres][3] = 1000;
  assert_int_equal(crosslane_predict_coded(model, ROWS, rows->columns, out, error), -1);
  rows->codes[genres][3] = 0;
  rows->offsets[genres][2] = ROWS * SET;
  assert_int_equal(crosslane_predict_coded(model, 3, rows->columns, out, error), -1);
  free(rows);
  crosslane_error_free(error);
  crosslane_model_free(model);
}

static void files_that_are_no_model_are_named(void **state) {
  (void)state;
  crosslane_error *error = crosslane_error_new();
  assert_null(crosslane_model_open("none.safetensors", error));
  assert_string_equal(crosslane_error_message(error),
                      "none.safetensors: cannot open: No such file or directory");
  assert_string_equal(crosslane_error_file(error), "none.safetensors");
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_DATA);
  assert_null(crosslane_model_open(".", error));
  assert_string_equal(crosslane_error_message(error), ".: is a folder, not a file");
  assert_null(crosslane_model_open("none.safetensors", NULL));
  crosslane_model_free(NULL);
  crosslane_error_free(NULL);
  assert_string_equal(crosslane_error_message(NULL), "");
  crosslane_error_free(error);
}

/* --- catalogs --- */

enum { PAIRS = 90 };

/* Of ids that the data have, and one of either that they do not. */
static void make_pairs(const crosslane_catalog *catalog, const char **users, const char **items) {
  for (size_t r = 0; r < PAIRS; r++) {
    users[r] = crosslane_catalog_user(catalog, r * 7 % crosslane_catalog_users(catalog));
    items[r] = crosslane_catalog_item(catalog, r * 11 % crosslane_catalog_items(catalog));
  }
  users[PAIRS - 1] = items[PAIRS - 2] = "9999";
}

static void a_catalog_rates_pairs_as_the_program_does(void **state) {
  (void)state;
  (void)train_and_save(HISTORY);
  crosslane_error *error = crosslane_error_new();
  crosslane_model *model = open_model();
  assert_int_equal(crosslane_model_inputs(model), 0);
  float one;
  assert_int_equal(crosslane_predict_text(model, 1, &(const char *){"x"}, &one, error), -1);
  assert_string_equal(crosslane_error_message(error),
                      "the model reads 'user_history', which only a data set has\n"
                      "open a catalog of it and a data set, with crosslane_catalog_open");
  crosslane_catalog *catalog = crosslane_catalog_open(model, NULL, error);
  if (catalog == NULL) fail_msg("%s", crosslane_error_message(error));
  const char *users[PAIRS], *items[PAIRS];
  make_pairs(catalog, users, items);
  struct serving *serving = serving_of(NULL);
  int64_t *times;
  struct error fault = {0};
  assert_true(last_times_find(&serving->dataset, &times, &fault));
  assert_int_equal(crosslane_catalog_users(catalog), serving->dataset.users);
  assert_int_equal(crosslane_catalog_items(catalog), serving->dataset.items);
  struct serving_pair pair[PAIRS];
  for (size_t r = 0; r < PAIRS - 2; r++) {
    pair[r].user = words_find(&serving->dataset.user_ids, users[r], strlen(users[r]));
    pair[r].item = words_find(&serving->dataset.item_ids, items[r], strlen(items[r]));
    pair[r].time = times[pair[r].user];
  }
  float expected[PAIRS * 5], out[PAIRS * 5];
  assert_true(serving_predict_pairs(serving, pair, PAIRS - 2, expected, &fault));
  assert_int_equal(crosslane_predict_pairs(catalog, PAIRS, users, items, NULL, out, error), 0);
  assert_same(out, expected, PAIRS - 2);
  assert_true(isfinite(out[PAIRS - 1]) && isfinite(out[PAIRS - 2]));
  assert_true(serving_pair_probabilities(serving, pair, PAIRS - 2, expected, &fault));
  assert_int_equal(crosslane_probabilities_pairs(catalog, PAIRS, users, items, NULL, out, error),
                   0);
  assert_same(out, expected, 5 * (PAIRS - 2));
  users[4] = "";
  assert_int_equal(crosslane_predict_pairs(catalog, PAIRS, users, items, NULL, out, error), -1);
  assert_string_equal(crosslane_error_message(error), "row 5: no user is named");
  free(times);
  serving_done(serving);
  crosslane_catalog_free(catalog);
  crosslane_model_free(model);
  crosslane_error_free(error);
}

static void the_best_items_are_those_of_the_program(void **state) {
  (void)state;
  (void)train_and_save(SETS);
  crosslane_model *model = open_model();
  crosslane_catalog *catalog = crosslane_catalog_open(model, NULL, NULL);
  struct serving *serving = serving_of(NULL);
  struct recommendation best;
  struct error fault = {0};
  const char *items[60];
  float ratings[60];
  size_t found;
  for (size_t u = 0; u < crosslane_catalog_users(catalog); u += 13) {
    const char *user = crosslane_catalog_user(catalog, u);
    for (size_t most = 3; most <= 60; most += 57) {
      assert_true(recommend(serving, user, NULL, most, &best, &fault));
      assert_int_equal(crosslane_catalog_top(catalog, user, most, items, ratings, &found, NULL), 0);
      assert_int_equal(found, best.count);
      for (size_t k = 0; k < found; k++) {
        assert_string_equal(items[k], crosslane_catalog_item(catalog, best.film[k].item));
        assert_memory_equal(&ratings[k], &best.film[k].prediction, sizeof(float));
      }
      recommendation_clear(&best);
    }
  }
  assert_null(crosslane_catalog_user(catalog, crosslane_catalog_users(catalog)));
  serving_done(serving);
  crosslane_catalog_free(catalog);
  crosslane_error *error = crosslane_error_new();
  assert_null(crosslane_catalog_open(model, "no-such-folder", error));
  assert_int_equal(crosslane_error_kind_of(error), CROSSLANE_ERROR_DATA);
  assert_string_equal(crosslane_error_file(error), "no-such-folder");
  crosslane_error_free(error);
  crosslane_catalog_free(NULL);
  crosslane_model_free(model);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_and_codes_are_predicted_as_by_the_program),
      cmocka_unit_test(every_instruction_set_predicts_the_same),
      cmocka_unit_test(columns_may_be_parts_of_records),
      cmocka_unit_test(probabilities_are_those_of_the_program),
      cmocka_unit_test(the_callers_floating_point_changes_nothing),
      cmocka_unit_test(a_model_in_memory_is_the_same),
      cmocka_unit_test(what_a_model_reads_is_described),
      cmocka_unit_test(the_version_is_that_of_the_headers),
      cmocka_unit_test(kernels_are_those_of_the_rooms),
      cmocka_unit_test(faults_have_their_place),
      cmocka_unit_test(wrong_columns_are_refused),
      cmocka_unit_test(files_that_are_no_model_are_named),
      cmocka_unit_test(a_catalog_rates_pairs_as_the_program_does),
      cmocka_unit_test(the_best_items_are_those_of_the_program),
  };
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
