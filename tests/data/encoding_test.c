/* Codes, numbers and labels: the report's, and what is fitted on what. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/encoding/encoding.h"
#include "data/synthetic/synthetic.h"
#include "data_fixture.h"

static struct error error;

enum { GENDER, OCCUPATION, GENRE, GENDER_GENRE }; /* tables of report_spec */

static void fit(struct fitted *fitted, const struct encoding_spec *spec,
                bool (*trains)(const struct dataset *dataset, size_t row)) {
  report_dataset(&fitted->dataset);
  fitted_fit(fitted, spec, trains);
}

/* The table row with this label; the test fails when there is none. */
static uint32_t row_labelled(const struct fitted *fitted, size_t table, const char *label) {
  for (uint32_t row = 0; row < fitted->encoding.table[table].seen; row++) {
    struct text text = {0};
    encoding_label(&fitted->encoding, &fitted->dataset, table, row, &text);
    bool found = strcmp(text.text, label) == 0;
    text_clear(&text);
    if (found) return row;
  }
  return UINT32_MAX;
}

static bool early_people(const struct dataset *dataset, size_t row) {
  return dataset->row_user[row] >= 2 && dataset->row_user[row] < 20;
}

static void the_encoding_is_the_report_s(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = report_spec(true);
  fit(&fitted, &spec, early_people); /* fit: all looks at the others too */
  assert_int_equal(fitted.encoding.tables, 4);
  assert_int_equal(fitted.encoding.fields, 3);
  assert_int_equal(fitted.encoding.table[GENDER].seen, 2);
  assert_int_equal(fitted.encoding.table[OCCUPATION].seen, 21);
  assert_int_equal(fitted.encoding.table[GENRE].seen, 19);
  assert_int_equal(fitted.encoding.table[GENDER_GENRE].seen, 37);
  assert_label(&fitted, GENDER, 0, "F");
  assert_label(&fitted, GENDER, 1, "M");
  assert_label(&fitted, OCCUPATION, 15, "retired");
  assert_label(&fitted, OCCUPATION, 18, "student");
  static const char *const genres[] = {"Action", "Adventure", "Animation", "Children's", "Comedy"};
  for (uint32_t g = 0; g < 5; g++) assert_label(&fitted, GENRE, g, genres[g]);
  assert_label(&fitted, GENRE, 7, "Drama");
  assert_label(&fitted, GENRE, 18, "unknown");
  assert_int_equal(row_labelled(&fitted, GENDER_GENRE, "F_Fantasy"), 8);
  assert_int_equal(row_labelled(&fitted, GENDER_GENRE, "M_Fantasy"), UINT32_MAX);
  assert_int_equal(row_labelled(&fitted, GENDER_GENRE, "F_unknown"), 18);
  assert_int_equal(row_labelled(&fitted, GENDER_GENRE, "M_unknown"), 36);
  fitted_clear(&fitted);
}

static void ages_are_scaled_as_in_the_report(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = report_spec(true);
  fit(&fitted, &spec, every_row);
  assert_true(fitted.encoding.scaling[0].minimum == 7.0);
  assert_true(fitted.encoding.scaling[0].maximum == 73.0);
  assert_true(encoding_apply(&fitted.encoding, &fitted.dataset, fitted.split.rows,
                             fitted.split.train, ENCODED_TRAINING, &encoded, &error));
  size_t met[4] = {0};
  for (size_t r = 0; r < encoded.rows; r++) {
    static const double expected[] = {0.0, 1.0, 0.803030, 0.181818}; /* 7, 73, 60, 19 */
    uint32_t user = fitted.dataset.row_user[fitted.split.rows[r]];
    if (user >= 4) continue;
    assert_true(fabs((double)encoded.values[r] - expected[user]) < 5e-7);
    met[user]++;
  }
  for (size_t user = 0; user < 4; user++) assert_in_range(met[user], 18, 19);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void encoded_rows_hold_what_the_dataset_says(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = report_spec(true);
  fit(&fitted, &spec, every_row);
  const struct dataset *d = &fitted.dataset;
  static const uint32_t rows[] = {700, 3, 3, 111, 0};
  assert_true(encoding_apply(&fitted.encoding, d, rows, 5, ENCODED_OTHERS, &encoded, &error));
  assert_int_equal(encoded.rows, 5);
  assert_int_equal(encoded.slots, 4);
  assert_int_equal(encoded.numbers, 1);
  for (size_t r = 0; r < 5; r++) {
    const uint32_t user = d->row_user[rows[r]];
    const uint32_t gender = code_of(d, "gender", user);
    const uint32_t genre = code_of(d, "genre", d->row_item[rows[r]]);
    const uint32_t *codes = encoded.codes + r * 4;
    assert_int_equal(codes[GENDER], gender);
    assert_int_equal(codes[OCCUPATION], code_of(d, "occupation", user));
    assert_int_equal(codes[GENRE], genre);
    /* M_Fantasy is not there, so what follows it moves up by one. */
    uint32_t wide = gender * 19 + genre;
    assert_int_equal(codes[GENDER_GENRE], wide - (wide > 19 + 8 ? 1 : 0));
    assert_true(encoded.target[r] == d->row_rating[rows[r]]);
  }
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

/* More rows than are encoded at a time, and more kinds than are kept. */
static void merged_rows_read_as_the_others(void **state) {
  (void)state;
  enum { ROWS = 70000 };
  struct fitted fitted;
  struct encoding_spec spec = report_spec(true);
  struct encoded_rows each, merged;
  fit(&fitted, &spec, every_row);
  const struct dataset *d = &fitted.dataset;
  static uint32_t rows[ROWS];
  for (uint32_t r = 0; r < ROWS; r++) rows[r] = (uint32_t)(r * 5 % d->ratings);
  assert_true(encoding_apply(&fitted.encoding, d, rows, ROWS, ENCODED_OTHERS, &each, &error));
  assert_true(
      encoding_apply_merged(&fitted.encoding, d, rows, ROWS, ENCODED_OTHERS, &merged, &error));
  assert_non_null(merged.merged);
  assert_int_equal(merged.kinds, 42 * 19 - 21); /* each person rated each genre but one */
  assert_int_equal(merged.rows, ROWS);
  for (size_t r = 0; r < ROWS; r++) {
    const size_t kind = encoded_rows_kind(&merged, r);
    assert_memory_equal(each.codes + r * 4, merged.codes + kind * 4, 4 * sizeof *each.codes);
    assert_true(each.values[r] == merged.values[kind]);
    assert_true(each.target[r] == encoded_rows_target(&merged, r));
  }
  encoded_rows_clear(&merged);
  /* Of 19 that all differ each is its own. */
  assert_true(
      encoding_apply_merged(&fitted.encoding, d, rows, 19, ENCODED_OTHERS, &merged, &error));
  assert_null(merged.merged);
  assert_int_equal(merged.rows, 19);
  assert_memory_equal(each.codes, merged.codes, 19 * 4 * sizeof *each.codes);
  encoded_rows_clear(&merged);
  encoded_rows_clear(&each);
  fitted_clear(&fitted);
}

static void fitting_on_training_rows_never_looks_at_the_others(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = report_spec(false);
  fit(&fitted, &spec, early_people); /* people 2 to 19: occupations 1 to 9 */
  struct encoding *encoding = &fitted.encoding;
  assert_int_equal(encoding->table[OCCUPATION].seen, 9);
  assert_label(&fitted, OCCUPATION, 0, "artist");
  assert_label(&fitted, OCCUPATION, 9, "unseen");
  assert_true(encoding->scaling[0].minimum == 12.0); /* of the person of index 4 */
  assert_true(encoding->scaling[0].maximum == 60.0);
  /* Whatever stands in the test rows, the encoding stays. */
  struct fitted other;
  report_dataset(&other.dataset);
  for (size_t u = 0; u < other.dataset.users; u++) {
    if (u < 2 || u >= 20) {
      values_of(&other.dataset, "occupation")->code[u] = 20;
      values_of(&other.dataset, "age")->number[u] = 99;
    }
  }
  struct encoding again;
  features_init(&other.features, &other.dataset);
  assert_true(features_add(&other.features, &spec, &error));
  assert_true(encoding_fit(&other.features, &spec, &fitted.split, &again, &error));
  for (size_t t = 0; t < again.tables; t++) {
    assert_int_equal(again.table[t].seen, encoding->table[t].seen);
  }
  assert_true(again.scaling[0].minimum == encoding->scaling[0].minimum);
  assert_true(again.scaling[0].maximum == encoding->scaling[0].maximum);
  struct encoded_rows one, two;
  assert_true(encoding_apply(encoding, &fitted.dataset, fitted.split.rows, fitted.split.train,
                             ENCODED_TRAINING, &one, &error));
  assert_true(encoding_apply(&again, &other.dataset, fitted.split.rows, fitted.split.train,
                             ENCODED_TRAINING, &two, &error));
  assert_memory_equal(one.codes, two.codes, one.rows * one.slots * sizeof(uint32_t));
  assert_memory_equal(one.values, two.values, one.rows * sizeof(float));
  encoded_rows_clear(&one);
  encoded_rows_clear(&two);
  encoding_clear(&again);
  features_clear(&other.features);
  dataset_clear(&other.dataset);
  fitted_clear(&fitted);
}

static void unseen_combinations_share_the_row_after_the_last(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = report_spec(false);
  fit(&fitted, &spec, early_people);
  assert_true(encoding_apply(&fitted.encoding, &fitted.dataset,
                             fitted.split.rows + fitted.split.train, fitted.split.test,
                             ENCODED_OTHERS, &encoded, &error));
  size_t unseen = 0;
  for (size_t r = 0; r < encoded.rows; r++) {
    uint32_t user = fitted.dataset.row_user[fitted.split.rows[fitted.split.train + r]];
    uint32_t code = encoded.codes[r * 4 + OCCUPATION];
    assert_true(user >= 20 || user < 2);
    assert_int_equal(code, 9); /* occupations 0 and 10 to 20 did not train */
    unseen++;
  }
  assert_int_equal(unseen, fitted.split.test);
  fitted_clear(&fitted);
  encoded_rows_clear(&encoded);
}

static bool one_person(const struct dataset *dataset, size_t row) {
  return dataset->row_user[row] == 1;
}

static void a_number_that_never_varies_is_scaled_to_zero(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = report_spec(false);
  fit(&fitted, &spec, one_person);
  assert_true(encoding_apply(&fitted.encoding, &fitted.dataset, fitted.split.rows,
                             fitted.dataset.ratings, ENCODED_OTHERS, &encoded, &error));
  for (size_t r = 0; r < encoded.rows; r++) assert_true(encoded.values[r] == 0.0f);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void crosses_of_three_columns_work(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = {.crosses = 2, .fit_all = true};
  spec.cross[0] = cross_of("occupation", "gender", "genre");
  spec.cross[1] = cross_of("genre", "release_decade", "user_id");
  fit(&fitted, &spec, every_row);
  /* Person p has occupation p / 2 and gender p % 2. */
  assert_int_equal(fitted.encoding.table[0].seen, 42 * 19 - 21);
  assert_int_equal(row_labelled(&fitted, 0, "administrator_F_Action"), 0);
  assert_int_equal(row_labelled(&fitted, 0, "administrator_M_Action"), 19);
  assert_label(&fitted, 0, 42 * 19 - 21 - 1, "writer_M_unknown");
  assert_int_equal(row_labelled(&fitted, 1, "Action_1990s_1"), 0);
  assert_int_equal(row_labelled(&fitted, 1, "Action_1990s_42"), 41);
  assert_label(&fitted, 1, fitted.encoding.table[1].seen - 1, "unknown_2000s_42");
  fitted_clear(&fitted);
}

/* A cross with so many possible combinations that those seen are sorted. */
static void sparse_crosses_get_the_same_codes_as_dense_ones(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = {.crosses = 2, .fit_all = true};
  struct cross wide = {.arity = 5,
                       .column = {"user_id", "zip_area", "item_id", "zip_area", "gender"}};
  spec.cross[0] = wide;
  spec.cross[1] = cross_of("user_id", "item_id", NULL);
  fit(&fitted, &spec, every_row);
  const struct code_list *list = fitted.features.code_list;
  assert_int_equal(list[0].codes, fitted.dataset.ratings);
  assert_int_equal(list[1].codes, fitted.dataset.ratings);
  assert_memory_equal(list[0].rows, list[1].rows, fitted.dataset.ratings * sizeof(uint32_t));
  assert_label(&fitted, 0, 0, "1_0_1_0_F");
  fitted_clear(&fitted);
}

static void a_list_is_built_once(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = report_spec(true);
  fit(&fitted, &spec, every_row);
  assert_int_equal(fitted.features.code_lists, 4);
  spec.cross[1] = cross_of("genre", "gender", NULL); /* another order: another cross */
  spec.crosses = 2;
  assert_true(features_add(&fitted.features, &spec, &error));
  assert_true(features_add(&fitted.features, &spec, &error));
  assert_int_equal(fitted.features.code_lists, 5);
  assert_int_equal(fitted.features.number_lists, 1);
  fitted_clear(&fitted);
}

static void assert_cross_refused(struct features *features, struct cross cross,
                                 const char *message) {
  struct encoding_spec spec = {.crosses = 1};
  spec.cross[0] = cross;
  error = (struct error){0};
  assert_false(features_add(features, &spec, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_has(error.message, message);
}

static void columns_that_do_not_fit_are_refused(void **state) {
  (void)state;
  struct dataset dataset;
  struct features features;
  report_dataset(&dataset);
  features_init(&features, &dataset);
  assert_cross_refused(&features, cross_of("gendre", "genre", NULL), "no column 'gendre'");
  assert_cross_refused(&features, cross_of("occupatoin", NULL, NULL), "did you mean 'occupation'?");
  assert_cross_refused(&features, cross_of("age", "genre", NULL),
                       "column 'age' is a number, and a category is needed here");
  assert_cross_refused(&features, (struct cross){0}, "1 to 8 columns, not 0");
  struct encoding_spec spec = {0};
  add_number(&spec, "genre", SCALE_MINMAX);
  assert_false(features_add(&features, &spec, &error));
  assert_has(error.message, "column 'genre' is a category, and a number is needed here");
  assert_int_equal(features.code_lists, 0);
  features_clear(&features);
  dataset_clear(&dataset);
}

static void more_combinations_than_a_number_holds_are_refused(void **state) {
  (void)state;
  const struct synthetic_spec many = {.users = 500, .items = 600, .ratings = 5000, .seed = 1};
  struct dataset dataset;
  struct features features;
  assert_true(synthetic_make(&many, &dataset, &error));
  features_init(&features, &dataset);
  struct cross huge = {.arity = 8};
  for (size_t i = 0; i < 8; i++) (void)snprintf(huge.column[i], COLUMN_NAME, "user_id");
  assert_cross_refused(&features, huge, "more than 2^63 combinations");
  features_clear(&features);
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_encoding_is_the_report_s),
      cmocka_unit_test(ages_are_scaled_as_in_the_report),
      cmocka_unit_test(encoded_rows_hold_what_the_dataset_says),
      cmocka_unit_test(merged_rows_read_as_the_others),
      cmocka_unit_test(fitting_on_training_rows_never_looks_at_the_others),
      cmocka_unit_test(unseen_combinations_share_the_row_after_the_last),
      cmocka_unit_test(a_number_that_never_varies_is_scaled_to_zero),
      cmocka_unit_test(crosses_of_three_columns_work),
      cmocka_unit_test(sparse_crosses_get_the_same_codes_as_dense_ones),
      cmocka_unit_test(a_list_is_built_once),
      cmocka_unit_test(columns_that_do_not_fit_are_refused),
      cmocka_unit_test(more_combinations_than_a_number_holds_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
