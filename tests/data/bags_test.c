/* Bags: all genres of a film; the histories of users and films. */
#include <stdlib.h>

#include "data/encoding/encoding.h"
#include "data_fixture.h"

static struct error error;

static struct encoding_spec one_field(const char *column) {
  struct encoding_spec spec = {0};
  add_field(&spec, column);
  return spec;
}

/* The rows of bag 0 of encoded row r, without the one to skip; returns how many. */
static size_t read_bag(const struct encoded_rows *encoded, size_t r, uint32_t *rows) {
  const struct encoded_bag *bag = &encoded->bag[0];
  const struct bag_lists *lists = bag->lists;
  size_t count = 0;
  for (uint32_t k = lists->offset[bag->owner[r]]; k < lists->offset[bag->owner[r] + 1]; k++) {
    if (k - lists->offset[bag->owner[r]] != bag->skip[r]) rows[count++] = lists->entry[k];
  }
  return count;
}

/* "1 2;": the bag of each row, in labels. */
static void bags_in_words(const struct fitted *fitted, const struct encoded_rows *encoded,
                          struct text *text) {
  for (size_t r = 0; r < encoded->rows; r++) {
    uint32_t rows[64];
    size_t count = read_bag(encoded, r, rows);
    for (size_t i = 0; i < count; i++) {
      if (i > 0) text_add(text, " ");
      encoding_label(&fitted->encoding, &fitted->dataset, 0, rows[i], text);
    }
    text_add(text, ";");
  }
}

/* The bags of the training rows and, after "|", of the others. */
static void assert_bags(const struct encoding_spec *spec,
                        bool (*trains)(const struct dataset *dataset, size_t row),
                        const char *expected) {
  struct fitted fitted;
  struct encoded_rows training, others;
  struct text text = {0};
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, spec, trains);
  assert_int_equal(fitted.encoding.bags, 1);
  assert_int_equal(fitted.encoding.slots, 0);
  fitted_training(&fitted, &training);
  fitted_others(&fitted, &others);
  bags_in_words(&fitted, &training, &text);
  text_add(&text, "|");
  bags_in_words(&fitted, &others, &text);
  assert_string_equal(text.text, expected);
  text_clear(&text);
  encoded_rows_clear(&training);
  encoded_rows_clear(&others);
  fitted_clear(&fitted);
}

static bool first_and_fourth(const struct dataset *dataset, size_t row) {
  (void)dataset;
  return row == 0 || row == 3;
}

static void a_history_has_the_training_rows_but_the_row_s_own(void **state) {
  (void)state;
  struct encoding_spec spec = one_field("user_history");
  assert_bags(&spec, every_row, "3;2;1;;1;|");
  assert_bags(&spec, all_but_the_last, ";2;1;;|1;");
  spec = one_field("item_history");
  assert_bags(&spec, every_row, "2;1;;1;3;|");
  assert_bags(&spec, all_but_the_last, "2;1;;;|3;");
}

static void fit_all_does_not_widen_a_history(void **state) {
  (void)state;
  struct encoding_spec spec = one_field("user_history");
  spec.fit_all = true;
  assert_bags(&spec, first_and_fourth, ";;|;;1;");
}

static void ids_that_did_not_train_have_no_row(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = one_field("user_history");
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, first_and_fourth); /* films 1 and 3 */
  const struct dictionary *dictionary = &fitted.encoding.table[0];
  static const uint32_t rows[] = {0, 2, 1, 2};
  assert_int_equal(dictionary->seen, 2);
  assert_null(dictionary->list);
  assert_memory_equal(dictionary->row_of_code, rows, sizeof rows);
  assert_string_equal(dictionary->cross.column[0], "user_history");
  assert_label(&fitted, 0, 0, "1");
  assert_label(&fitted, 0, 1, "3");
  assert_label(&fitted, 0, 2, "unseen");
  fitted_clear(&fitted);
}

static void genres_of_a_film_are_a_bag_in_every_part(void **state) {
  (void)state;
  struct encoding_spec spec = one_field("genres");
  assert_bags(&spec, all_but_the_last, "Drama Romance;Drama Romance;unknown;Action;|Action;");
}

static void genres_that_did_not_train_are_left_out(void **state) {
  (void)state;
  struct encoding_spec spec = one_field("genres");
  assert_bags(&spec, first_and_fourth, "Drama Romance;Action;|Drama Romance;;Action;");
  spec.fit_all = true;
  assert_bags(&spec, first_and_fourth, "Drama Romance;Action;|Drama Romance;unknown;Action;");
}

/* Spelled out for every row: the other training rows of its owner, in order. */
static void check_histories(const char *name) {
  struct fitted fitted;
  struct encoded_rows encoded[2];
  struct encoding_spec spec = one_field(name);
  middle_dataset(&fitted.dataset);
  const struct column *column = dataset_column(&fitted.dataset, name);
  fitted_fit(&fitted, &spec, all_but_every_fourth);
  const struct split *split = &fitted.split;
  fitted_training(&fitted, &encoded[0]);
  fitted_others(&fitted, &encoded[1]);
  const uint32_t *row_of_code = fitted.encoding.table[0].row_of_code;
  for (size_t i = 0; i < split->train + split->test; i++) {
    bool training = i < split->train;
    size_t row = split->rows[i], expected = 0;
    uint32_t rows[900];
    size_t count = read_bag(&encoded[!training], training ? i : i - split->train, rows);
    for (size_t j = 0; j < split->train; j++) {
      size_t other = split->rows[j];
      if (other == row || dataset_owner(&fitted.dataset, column->side, other) !=
                              dataset_owner(&fitted.dataset, column->side, row)) {
        continue;
      }
      assert_true(expected < count);
      assert_int_equal(rows[expected], row_of_code[column_code(column, &fitted.dataset, other)]);
      expected++;
    }
    assert_int_equal(count, expected);
    if (!training) assert_int_equal(encoded[1].bag[0].skip[i - split->train], BAG_SKIP_NONE);
  }
  encoded_rows_clear(&encoded[0]);
  encoded_rows_clear(&encoded[1]);
  fitted_clear(&fitted);
}

static void histories_are_those_of_the_other_training_rows(void **state) {
  (void)state;
  check_histories("user_history");
  check_histories("item_history");
}

static void a_history_is_stored_once_an_owner(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = one_field("user_history");
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_every_fourth);
  const struct bag_lists *lists = &fitted.encoding.bag[0];
  size_t longest = 0;
  assert_int_equal(lists->owners, fitted.dataset.users);
  assert_int_equal(lists->offset[0], 0);
  assert_int_equal(lists->offset[lists->owners], fitted.split.train);
  for (size_t owner = 0; owner < lists->owners; owner++) {
    size_t length = lists->offset[owner + 1] - lists->offset[owner];
    if (length > longest) longest = length;
  }
  assert_int_equal(lists->longest, longest);
  fitted_clear(&fitted);
}

static void tables_know_their_slots_and_bags(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = {.crosses = 2};
  add_field(&spec, "user_id");
  add_field(&spec, "genres");
  add_field(&spec, "gender");
  add_field(&spec, "item_history");
  spec.cross[0] = cross_of("gender", "genres", NULL);
  spec.cross[1] = cross_of("item_id", NULL, NULL);
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  static const struct {
    uint32_t slots, slot, bag;
  } expected[] = {{1, 0, 0}, {0, 1, 0}, {1, 1, 0}, {0, 2, 1}, {2, 2, 0}, {1, 4, 0}};
  assert_int_equal(fitted.encoding.tables, 6);
  assert_int_equal(fitted.encoding.fields, 4);
  assert_int_equal(fitted.encoding.bags, 2);
  assert_int_equal(fitted.encoding.slots, 5);
  for (size_t t = 0; t < 6; t++) {
    assert_int_equal(fitted.encoding.table[t].slots, expected[t].slots);
    if (expected[t].slots > 0) assert_int_equal(fitted.encoding.table[t].slot, expected[t].slot);
    if (expected[t].slots == 0) assert_int_equal(fitted.encoding.table[t].bag, expected[t].bag);
  }
  fitted_clear(&fitted);
}

static void assert_not_training(const struct fitted *fitted, const uint32_t *rows, size_t count) {
  struct encoded_rows encoded;
  error = (struct error){0};
  assert_false(encoding_apply(&fitted->encoding, &fitted->dataset, rows, count, ENCODED_TRAINING,
                              &encoded, &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_has(error.message, "are not the 4 training rows");
  assert_null(encoded.codes);
}

static void only_the_training_rows_can_be_encoded_as_such(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = one_field("user_history");
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_the_last);
  assert_not_training(&fitted, (const uint32_t[]){0, 1, 2}, 3);
  assert_not_training(&fitted, (const uint32_t[]){0, 1, 2, 4}, 4);
  assert_not_training(&fitted, (const uint32_t[]){0, 1, 3, 2}, 4);
  assert_not_training(&fitted, (const uint32_t[]){0, 1, 2, 3, 4}, 5);
  fitted_clear(&fitted);
}

static void without_a_split_there_is_neither_history_nor_statistic(void **state) {
  (void)state;
  struct dataset dataset;
  struct features features;
  struct encoding encoding;
  small_dataset(&dataset);
  features_init(&features, &dataset);
  struct encoding_spec specs[3] = {{0}, {0}, {0}};
  add_field(&specs[0], "item_history");
  add_number(&specs[1], "days_since_first", SCALE_MINMAX);
  add_field(&specs[2], "genres");
  for (size_t i = 0; i < 3; i++) {
    specs[i].fit_all = i < 2;
    error = (struct error){0};
    assert_true(features_add(&features, &specs[i], &error));
    assert_false(encoding_fit(&features, &specs[i], NULL, &encoding, &error));
    assert_int_equal(error.kind, ERROR_SYSTEM);
    assert_has(error.message, "no split to fit on");
    assert_null(encoding.table);
  }
  specs[2].fit_all = true;
  assert_true(encoding_fit(&features, &specs[2], NULL, &encoding, &error));
  encoding_clear(&encoding);
  features_clear(&features);
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_history_has_the_training_rows_but_the_row_s_own),
      cmocka_unit_test(fit_all_does_not_widen_a_history),
      cmocka_unit_test(ids_that_did_not_train_have_no_row),
      cmocka_unit_test(genres_of_a_film_are_a_bag_in_every_part),
      cmocka_unit_test(genres_that_did_not_train_are_left_out),
      cmocka_unit_test(histories_are_those_of_the_other_training_rows),
      cmocka_unit_test(a_history_is_stored_once_an_owner),
      cmocka_unit_test(tables_know_their_slots_and_bags),
      cmocka_unit_test(only_the_training_rows_can_be_encoded_as_such),
      cmocka_unit_test(without_a_split_there_is_neither_history_nor_statistic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
