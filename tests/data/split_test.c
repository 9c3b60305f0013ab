/* Which rows train, validate and test. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "data/readers/movielens.h"
#include "data/split.h"
#include "data_fixture.h"

static struct error error;

/* All rows once, each part ascending, sizes as given. */
static void assert_split(const struct split *split, size_t rows, size_t validation, size_t test) {
  assert_int_equal(split->validation, validation);
  assert_int_equal(split->test, test);
  assert_int_equal(split->train + validation + test, rows);
  const size_t ends[] = {split->train, split->train + validation, rows};
  bool *met = calloc(rows, sizeof *met);
  assert_non_null(met);
  for (size_t part = 0, i = 0; part < 3; part++) {
    for (size_t begin = i; i < ends[part]; i++) {
      assert_true(split->rows[i] < rows && !met[split->rows[i]]);
      met[split->rows[i]] = true;
      assert_true(i == begin || split->rows[i] > split->rows[i - 1]);
    }
  }
  free(met);
}

static void random_parts_have_their_shares_and_no_row_twice(void **state) {
  (void)state;
  static const struct {
    size_t rows;
    double test, validation;
    size_t test_rows, validation_rows;
  } cases[] = {{1000, 0.2, 0.0, 200, 0},
               {1000, 0.2, 0.1, 200, 80},
               {7, 0.2, 0.0, 1, 0},
               {10, 0.25, 0.5, 3, 4}, /* 2.5 rounds up, then 3.5 of 7 */
               {2, 0.5, 0.0, 1, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct dataset dataset = {.ratings = cases[i].rows};
    struct split_spec spec = {.test = cases[i].test, .validation = cases[i].validation};
    struct split split;
    assert_true(split_make(&dataset, &spec, 1, NULL, "", &split, &error));
    assert_split(&split, cases[i].rows, cases[i].validation_rows, cases[i].test_rows);
    split_clear(&split);
  }
}

static void a_seed_always_draws_the_same_split(void **state) {
  (void)state;
  struct dataset dataset = {.ratings = 20};
  struct split_spec spec = {.test = 0.2, .validation = 0.25};
  struct split one, again, other;
  assert_true(split_make(&dataset, &spec, 1, NULL, "", &one, &error));
  assert_true(split_make(&dataset, &spec, 1, NULL, "", &again, &error));
  assert_true(split_make(&dataset, &spec, 2, NULL, "", &other, &error));
  assert_memory_equal(one.rows, again.rows, 20 * sizeof(uint32_t));
  assert_memory_not_equal(one.rows, other.rows, 20 * sizeof(uint32_t));
  /* Held to these on every machine. */
  static const uint32_t validation_and_test[] = {4, 7, 14, 16, 10, 11, 13, 17};
  assert_memory_equal(one.rows + 12, validation_and_test, 8 * sizeof(uint32_t));
  split_clear(&one);
  split_clear(&again);
  split_clear(&other);
}

/* The permutation is drawn before the shares cut it. */
static void test_rows_do_not_depend_on_the_validation_share(void **state) {
  (void)state;
  struct dataset dataset = {.ratings = 100};
  struct split_spec none = {.test = 0.2}, some = {.test = 0.2, .validation = 0.1};
  struct split one, two;
  assert_true(split_make(&dataset, &none, 5, NULL, "", &one, &error));
  assert_true(split_make(&dataset, &some, 5, NULL, "", &two, &error));
  assert_memory_equal(one.rows + 80, two.rows + 80, 20 * sizeof(uint32_t));
  split_clear(&one);
  split_clear(&two);
}

static void a_given_fold_is_the_test_part(void **state) {
  (void)state;
  uint32_t rows[] = {1, 4, 9};
  struct fold fold = {"u1", rows, 3};
  struct dataset dataset = {.ratings = 23};
  struct split_spec spec = {.method = SPLIT_GIVEN_FOLDS, .validation = 0.1};
  struct split split, other;
  assert_true(split_make(&dataset, &spec, 1, &fold, "", &split, &error));
  assert_split(&split, 23, 2, 3);
  assert_memory_equal(split.rows + 20, rows, sizeof rows);
  assert_true(split_make(&dataset, &spec, 2, &fold, "", &other, &error));
  assert_memory_equal(other.rows + 20, rows, sizeof rows);
  assert_memory_not_equal(split.rows + 18, other.rows + 18, 2 * sizeof(uint32_t));
  split_clear(&split);
  split_clear(&other);
}

static void an_empty_part_or_a_share_out_of_range_is_an_error(void **state) {
  (void)state;
  static const struct {
    size_t rows;
    double test, validation;
    const char *message;
  } cases[] = {
      {10, 0.0, 0.0, "share of test rows is 0,"},
      {10, 1.0, 0.0, "share of test rows is 1,"},
      {10, -0.1, 0.0, "share of test rows is -0.1"},
      {10, 0.2, 1.0, "share of validation rows is 1,"},
      {10, 0.2, -0.5, "share of validation rows is -0.5"},
      {10, 0.01, 0.0, "share of test rows is 0.01 of 10 rows, which leaves no row to test on"},
      {10, 0.2, 0.05,
       "share of validation rows is 0.05 of the 8 rows that do not test, which leaves no "
       "row to validate on"},
      {2, 0.5, 0.9, "no row to train on"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct dataset dataset = {.ratings = cases[i].rows};
    struct split_spec spec = {.test = cases[i].test, .validation = cases[i].validation};
    struct split split;
    assert_false(split_make(&dataset, &spec, 1, NULL, "", &split, &error));
    assert_int_equal(error.kind, ERROR_CONFIG);
    assert_has(error.message, cases[i].message);
    assert_null(split.rows);
  }
}

static const struct split_spec two_folds = {
    .method = SPLIT_GIVEN_FOLDS, .folds = 2, .fold = {"u2", "u1"}};

/* The rows of u.data that are not in the test file. */
static void write_base(const struct fixture *fixture, const char *base, const char *test) {
  char *folder_test = file_join(fixture->folder, test, &error);
  char *folder_data = file_join(fixture->folder, "u.data", &error);
  size_t size;
  char *left_out = file_read(folder_test, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  char *rows = file_read(folder_data, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  struct text text = {0};
  for (char *row = strtok(rows, "\n"); row != NULL; row = strtok(NULL, "\n")) {
    if (strstr(left_out, row) == NULL) text_add(&text, "%s\n", row);
  }
  fixture_write(fixture, base, text.text);
  text_clear(&text);
  free(rows);
  free(left_out);
  free(folder_data);
  free(folder_test);
}

static void a_fold_that_was_cut_off_is_refused(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  struct folds folds;
  fixture_open(&fixture);
  fixture_write(&fixture, "u1.test", "1\t3\t2\t500\n2\t1\t3\t200\n");
  fixture_write(&fixture, "u2.test", "3\t3\t4\t400");
  write_base(&fixture, "u1.base", "u1.test");
  write_base(&fixture, "u2.base", "u2.test");
  fixture_write(&fixture, "u1.test", "1\t3\t2\t500\n");
  assert_true(movielens_read(fixture.folder, &dataset, &error));
  assert_false(movielens_folds(&dataset, fixture.folder, &two_folds, &folds, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_has(error.message,
             "u1.base and u1.test are not two parts of u.data: 0 of its rows are in "
             "both, 1 in neither");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void folds_come_from_their_files(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  struct folds folds;
  fixture_open(&fixture);
  fixture_write(&fixture, "u1.test", "1\t3\t2\t500\n2\t1\t3\t200\n");
  fixture_write(&fixture, "u2.test", "3\t3\t4\t400");
  write_base(&fixture, "u1.base", "u1.test");
  write_base(&fixture, "u2.base", "u2.test");
  assert_true(movielens_read(fixture.folder, &dataset, &error));
  assert_true(movielens_folds(&dataset, fixture.folder, &two_folds, &folds, &error));
  assert_int_equal(folds.count, 2);
  assert_string_equal(folds.fold[0].name, "u2");
  assert_int_equal(folds.fold[0].count, 1);
  assert_int_equal(folds.fold[0].rows[0], 3);
  assert_string_equal(folds.fold[1].name, "u1");
  assert_int_equal(folds.fold[1].count, 2);
  assert_int_equal(folds.fold[1].rows[0], 1);
  assert_int_equal(folds.fold[1].rows[1], 4);
  folds_clear(&folds);
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void a_fold_row_that_is_not_in_the_data_is_refused_with_its_line(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"2\t1\t3\t200\n3\t1\t4\t400\n", "u2.test:2: u.data has no rating of film 1 by user 3"},
      {"2\t1\t4\t200\n", "u2.test:1: u.data (line 2) has rating 3 and time 200 for user 2"},
      {"2\t1\t3\t201\n", "u2.test:1: u.data (line 2) has rating 3 and time 200 for user 2"},
      {"2\t1\t3\t200\n2\t1\t3\t200\n", "u2.test:2: user 2 and film 1 stand in the file already"},
      {"2\t1\t3\n", "u2.test:1: 3 fields, expected 4"},
      {"", "u2.test: the file is empty"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct fixture fixture;
    struct dataset dataset;
    struct folds folds;
    fixture_open(&fixture);
    fixture_write(&fixture, "u1.test", "1\t3\t2\t500\n");
    write_base(&fixture, "u1.base", "u1.test");
    fixture_write(&fixture, "u2.test", cases[i].text);
    assert_true(movielens_read(fixture.folder, &dataset, &error));
    assert_false(movielens_folds(&dataset, fixture.folder, &two_folds, &folds, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_has(error.message, cases[i].message);
    assert_int_equal(folds.count, 0);
    dataset_clear(&dataset);
    fixture_close(&fixture);
  }
}

static void a_missing_fold_file_is_named(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  struct folds folds;
  fixture_open(&fixture);
  assert_true(movielens_read(fixture.folder, &dataset, &error));
  assert_false(movielens_folds(&dataset, fixture.folder, &two_folds, &folds, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_has(error.message, "u2.test: cannot open");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void made_folds_are_fifths_of_the_order(void **state) {
  (void)state;
  struct dataset dataset = {.ratings = 12};
  struct folds folds;
  struct split_spec spec = {
      .method = SPLIT_GIVEN_FOLDS, .folds = 5, .fold = {"u1", "u2", "u3", "u4", "u5"}};
  assert_true(movielens_folds(&dataset, NULL, &spec, &folds, &error));
  static const size_t sizes[] = {2, 2, 3, 2, 3};
  uint32_t next = 0;
  for (size_t f = 0; f < 5; f++) {
    assert_int_equal(folds.fold[f].count, sizes[f]);
    for (size_t i = 0; i < sizes[f]; i++) assert_int_equal(folds.fold[f].rows[i], next++);
  }
  assert_int_equal(next, 12);
  folds_clear(&folds);
}

static void ua_and_ub_hold_ten_ratings_of_each_user(void **state) {
  (void)state;
  enum { ROWS = 50 };
  uint32_t row_user[ROWS]; /* user 0 has every other row, user 1 the rest */
  for (uint32_t row = 0; row < ROWS; row++) row_user[row] = row % 2;
  struct dataset dataset = {.ratings = ROWS, .row_user = row_user, .users = 2};
  struct split_spec spec = {.method = SPLIT_GIVEN_FOLDS, .folds = 2, .fold = {"ua", "ub"}};
  struct folds folds;
  assert_true(movielens_folds(&dataset, NULL, &spec, &folds, &error));
  for (uint32_t f = 0; f < 2; f++) {
    assert_int_equal(folds.fold[f].count, 20);
    for (uint32_t i = 0; i < 20; i++) assert_int_equal(folds.fold[f].rows[i], 20 * f + i);
  }
  folds_clear(&folds);
}

static void an_unknown_fold_is_refused(void **state) {
  (void)state;
  struct dataset dataset = {.ratings = 12};
  struct folds folds;
  struct split_spec spec = {.method = SPLIT_GIVEN_FOLDS, .folds = 1, .fold = {"u6"}};
  assert_false(movielens_folds(&dataset, NULL, &spec, &folds, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_has(error.message, "no fold 'u6'");
  assert_false(movielens_folds(&dataset, "/nonexistent", &spec, &folds, &error));
  assert_has(error.message, "no fold 'u6'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(random_parts_have_their_shares_and_no_row_twice),
      cmocka_unit_test(a_seed_always_draws_the_same_split),
      cmocka_unit_test(test_rows_do_not_depend_on_the_validation_share),
      cmocka_unit_test(a_given_fold_is_the_test_part),
      cmocka_unit_test(an_empty_part_or_a_share_out_of_range_is_an_error),
      cmocka_unit_test(folds_come_from_their_files),
      cmocka_unit_test(a_fold_that_was_cut_off_is_refused),
      cmocka_unit_test(a_fold_row_that_is_not_in_the_data_is_refused_with_its_line),
      cmocka_unit_test(a_missing_fold_file_is_named),
      cmocka_unit_test(made_folds_are_fifths_of_the_order),
      cmocka_unit_test(ua_and_ub_hold_ten_ratings_of_each_user),
      cmocka_unit_test(an_unknown_fold_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
