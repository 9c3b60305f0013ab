/* MovieLens 100K itself, from the folder that CROSSLANE_DATA names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/readers/movielens.h"
#include "data/readers/movielens_check.h"
#include "data/split.h"
#include "data_fixture.h"

static struct error error;

/* The folder, or NULL where the data are not there. */
static const char *named_folder(void) {
  const char *folder = getenv("CROSSLANE_DATA");
  return folder == NULL || folder[0] == '\0' ? NULL : folder;
}

/* Skips the test, by name, where the data are not there. */
static const char *data_folder(void) {
  const char *folder = named_folder();
  if (folder == NULL) {
    print_message("CROSSLANE_DATA is not set: this test needs MovieLens 100K\n");
    skip();
  }
  return folder;
}

static void the_files_are_those_of_grouplens(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct dataset d;
  if (!movielens_read(folder, &d, &error)) fail_msg("%s", error.message);
  assert_string_equal(d.name, "ml-100k");
  assert_int_equal(d.ratings, 100000);
  assert_int_equal(d.users, 943);
  assert_int_equal(d.items, 1682);
  assert_int_equal(column_cardinality(dataset_column(&d, "genres"), &d), 19);
  assert_int_equal(column_cardinality(dataset_column(&d, "occupation"), &d), 21);
  assert_string_equal(word_at(&d, "occupation", 15), "retired");
  assert_string_equal(word_at(&d, "occupation", 18), "student");
  assert_string_equal(words_text(&d.item_ids, 266), "267");
  assert_string_equal(cell_of(&d, "release_year", 266), "");
  dataset_clear(&d);
}

static void the_wide_part_has_the_report_s_37_columns(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct dataset d;
  struct features features;
  struct encoding encoding;
  struct encoding_spec spec = report_spec(true);
  assert_true(movielens_read(folder, &d, &error));
  features_init(&features, &d);
  assert_true(features_add(&features, &spec, &error));
  assert_true(encoding_fit(&features, &spec, NULL, &encoding, &error));
  assert_int_equal(encoding.table[3].seen, 37);
  assert_true(encoding.scaling[0].minimum == 7.0 && encoding.scaling[0].maximum == 73.0);
  struct text labels = {0};
  for (uint32_t row = 0; row < 37; row++) {
    encoding_label(&encoding, &d, 3, row, &labels);
    text_add(&labels, ";");
  }
  assert_has(labels.text, "F_Fantasy;");
  assert_null(strstr(labels.text, "M_Fantasy;"));
  assert_has(labels.text, "F_unknown;");
  assert_has(labels.text, "M_unknown;");
  text_clear(&labels);
  encoding_label(&encoding, &d, 2, 7, &labels);
  encoding_label(&encoding, &d, 2, 18, &labels);
  assert_string_equal(labels.text, "Dramaunknown");
  text_clear(&labels);
  encoding_clear(&encoding);
  features_clear(&features);
  dataset_clear(&d);
}

/* The figures are counts over all of u.data, of which no row is told. */
static void every_column_encodes_the_real_data(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = {.crosses = 1};
  assert_true(movielens_read(folder, &fitted.dataset, &error));
  for (size_t i = 0; i < fitted.dataset.schema.columns; i++) {
    const struct column *column = &fitted.dataset.schema.column[i];
    if (column_has_embedding(column))
      add_field(&spec, column->name);
    else
      add_number(&spec, column->name, SCALE_STANDARD);
  }
  spec.cross[0] = cross_of("user_id", "genres", NULL);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &encoded);
  const struct encoding *encoding = &fitted.encoding;
  assert_int_equal(encoding->table[encoding->tables - 1].slots, 6);
  assert_int_equal(encoding->bags, 3);
  assert_int_equal(encoding->bag[1].longest, 737); /* of the user with the most ratings */
  assert_int_equal(encoding->bag[2].longest, 583); /* of the film with the most */
  size_t missing = 0;
  for (size_t r = 0; r < encoded.rows; r++) {
    missing += encoded.values[r * encoded.numbers + 2] == 1.0f;
  }
  assert_int_equal(missing, 9); /* ratings of the one film without a date */
  for (size_t i = 0; i < encoded.rows * encoded.numbers; i++) {
    assert_true(isfinite(encoded.values[i]));
  }
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void u1_to_u5_are_the_fifths_of_u_data(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct dataset d;
  struct folds read, made;
  struct split_spec spec = {
      .method = SPLIT_GIVEN_FOLDS, .folds = 7, .fold = {"u1", "u2", "u3", "u4", "u5", "ua", "ub"}};
  assert_true(movielens_read(folder, &d, &error));
  if (!movielens_folds(&d, folder, &spec, &read, &error)) fail_msg("%s", error.message);
  assert_true(movielens_folds(&d, NULL, &spec, &made, &error));
  for (size_t f = 0; f < 7; f++) {
    assert_int_equal(read.fold[f].count, made.fold[f].count);
    assert_memory_equal(read.fold[f].rows, made.fold[f].rows,
                        made.fold[f].count * sizeof(uint32_t));
  }
  folds_clear(&read);
  folds_clear(&made);
  dataset_clear(&d);
}

static void check_reports_the_known_mean_and_variance(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct text report = {0};
  if (!movielens_check(folder, &report, &error)) fail_msg("%s%s", report.text, error.message);
  assert_has(report.text, "mean           3.52986\n");
  assert_has(report.text, "variance       1.26713\n");
  assert_has(report.text, "release_date     items    number         240        1  1922-01-01 to ");
  assert_has(report.text, "GroupLens' files, unchanged");
  text_clear(&report);
}

static void written_anew_it_reads_back_the_same(void **state) {
  (void)state;
  const char *folder = data_folder();
  struct fixture fixture;
  struct dataset d, again;
  fixture_open(&fixture);
  assert_true(movielens_read(folder, &d, &error));
  if (!movielens_write(&d, fixture.folder, &error)) fail_msg("%s", error.message);
  if (!movielens_read(fixture.folder, &again, &error)) fail_msg("%s", error.message);
  assert_int_equal(d.digest, again.digest);
  dataset_clear(&d);
  dataset_clear(&again);
  fixture_close(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_files_are_those_of_grouplens),
      cmocka_unit_test(the_wide_part_has_the_report_s_37_columns),
      cmocka_unit_test(every_column_encodes_the_real_data),
      cmocka_unit_test(u1_to_u5_are_the_fifths_of_u_data),
      cmocka_unit_test(check_reports_the_known_mean_and_variance),
      cmocka_unit_test(written_anew_it_reads_back_the_same),
  };
  enum { EXIT_SKIPPED = 77 }; /* for meson: nothing was tried */
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  return named_folder() == NULL ? EXIT_SKIPPED : failed;
}
