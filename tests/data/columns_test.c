/* What a column says of a row. */
#include <math.h>

#include "data/readers/movielens_schema.h"
#include "data_fixture.h"

static void assert_labelled(const struct column *column, const struct dataset *dataset,
                            uint32_t code) {
  struct text text = {0};
  assert_true(code < column_cardinality(column, dataset));
  column_label(column, dataset, code, &text);
  assert_true(text.length > 0);
  text_clear(&text);
}

static void check_codes(const struct column *column, const struct dataset *dataset, size_t row) {
  const uint32_t *codes;
  size_t count = column_codes(column, dataset_place(dataset, column->table, row), &codes);
  assert_true(count <= column_longest(column));
  for (size_t i = 0; i < count; i++) {
    assert_labelled(column, dataset, codes[i]);
    if (i > 0) assert_true(codes[i] > codes[i - 1]);
  }
}

static void check_row(const struct column *column, const struct dataset *dataset, size_t row) {
  switch (column->kind) {
    case COLUMN_CATEGORY:
    case COLUMN_HISTORY:
      assert_labelled(column, dataset, column_code(column, dataset, row));
      break;
    case COLUMN_MULTI_HOT:
      check_codes(column, dataset, row);
      break;
    case COLUMN_NUMBER:
      assert_true(column->may_miss || isfinite(column_number(column, dataset, row)));
      break;
    case COLUMN_STATISTIC:
      assert_true(column->statistic <= STATISTIC_DAYS_SINCE_FIRST);
      break;
  }
}

static void every_column_has_codes_within_its_cardinality_and_labels(void **state) {
  (void)state;
  struct dataset dataset;
  middle_dataset(&dataset);
  for (size_t i = 0; i < dataset.schema.columns; i++) {
    const struct column *column = &dataset.schema.column[i];
    assert_ptr_equal(dataset_column(&dataset, column->name), column);
    assert_true(strlen(column->name) < COLUMN_NAME);
    assert_true(strlen(column->help) > 0);
    for (size_t row = 0; row < dataset.ratings; row++) check_row(column, &dataset, row);
  }
  assert_null(dataset_column(&dataset, "no such"));
  dataset_clear(&dataset);
}

static const struct {
  const char *name;
  enum column_kind kind;
  enum column_side side;
  bool may_miss;
} expected[] = {{"user_id", COLUMN_CATEGORY, SIDE_USER, false},
                {"item_id", COLUMN_CATEGORY, SIDE_ITEM, false},
                {"age", COLUMN_NUMBER, SIDE_USER, false},
                {"gender", COLUMN_CATEGORY, SIDE_USER, false},
                {"occupation", COLUMN_CATEGORY, SIDE_USER, false},
                {"zip", COLUMN_CATEGORY, SIDE_USER, false},
                {"title", COLUMN_CATEGORY, SIDE_ITEM, false},
                {"release_date", COLUMN_NUMBER, SIDE_ITEM, true},
                {"genres", COLUMN_MULTI_HOT, SIDE_ITEM, false},
                {"age_group", COLUMN_CATEGORY, SIDE_USER, false},
                {"zip_area", COLUMN_CATEGORY, SIDE_USER, false},
                {"genre", COLUMN_CATEGORY, SIDE_ITEM, false},
                {"release_year", COLUMN_NUMBER, SIDE_ITEM, true},
                {"release_decade", COLUMN_CATEGORY, SIDE_ITEM, false},
                {"rating_day", COLUMN_NUMBER, SIDE_USER, false},
                {"rating_hour", COLUMN_CATEGORY, SIDE_USER, false},
                {"rating_weekday", COLUMN_CATEGORY, SIDE_USER, false},
                {"days_since_first", COLUMN_STATISTIC, SIDE_USER, false},
                {"user_history", COLUMN_HISTORY, SIDE_USER, false},
                {"item_history", COLUMN_HISTORY, SIDE_ITEM, false},
                {"user_mean", COLUMN_STATISTIC, SIDE_USER, false},
                {"item_mean", COLUMN_STATISTIC, SIDE_ITEM, false},
                {"user_count", COLUMN_STATISTIC, SIDE_USER, false},
                {"item_count", COLUMN_STATISTIC, SIDE_ITEM, false}};

static void check_schema(const struct schema *schema) {
  assert_int_equal(schema->columns, sizeof expected / sizeof *expected);
  for (size_t i = 0; i < schema->columns; i++) {
    const struct column *column = &schema->column[i];
    assert_string_equal(column->name, expected[i].name);
    assert_int_equal(column->kind, expected[i].kind);
    assert_int_equal(column->side, expected[i].side);
    assert_int_equal(column->may_miss, expected[i].may_miss);
    const bool number = column->kind == COLUMN_NUMBER || column->kind == COLUMN_STATISTIC;
    assert_int_equal(column_has_embedding(column), !number);
    assert_int_equal(column_crosses(column), !number && column->kind != COLUMN_HISTORY);
  }
}

/* A config is checked against the first before there are data. */
static void the_schema_is_that_of_a_folder_and_of_generated_data(void **state) {
  (void)state;
  struct error error = {0};
  struct schema schema;
  struct dataset dataset;
  assert_true(movielens_schema(&schema, &error));
  check_schema(&schema);
  schema_clear(&schema);
  small_dataset(&dataset);
  check_schema(&dataset.schema);
  dataset_clear(&dataset);
  middle_dataset(&dataset);
  check_schema(&dataset.schema);
  dataset_clear(&dataset);
}

static void genres_are_all_flags_of_the_film(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  static const char *const genres[] = {"Drama|Romance", "unknown", "Action"};
  for (uint32_t film = 0; film < 3; film++) {
    assert_string_equal(cell_of(&dataset, "genres", film), genres[film]);
  }
  const uint32_t *codes;
  set_codes(&dataset, "genres", 1, NULL, 0);
  assert_int_equal(column_codes(dataset_column(&dataset, "genres"), 1, &codes), 0);
  dataset_clear(&dataset);
}

static void only_a_film_without_a_date_misses_its_year(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  const struct column *year = dataset_column(&dataset, "release_year");
  static const double years[] = {1995.0, 1995.0, NAN, 1971.0, 1971.0};
  for (size_t row = 0; row < 5; row++) {
    double number = column_number(year, &dataset, row);
    assert_true(isnan(years[row]) ? isnan(number) : number == years[row]);
  }
  dataset_clear(&dataset);
}

static void times_are_read_in_utc(void **state) {
  (void)state;
  static const struct {
    int64_t time;
    double day;
    uint32_t hour, weekday;
  } cases[] = {{0, 0.0, 0, 3},
               {86399, 0.0, 23, 3},
               {86400, 1.0, 0, 4},
               {946684800, 10957.0, 0, 5},  /* 2000-01-01 00:00:00, a Saturday */
               {951825599, 11016.0, 11, 1}, /* 2000-02-29 11:59:59, a Tuesday */
               {-1, -1.0, 23, 2},
               {-86400, -1.0, 0, 2},
               {-86401, -2.0, 23, 1}};
  struct dataset dataset;
  small_dataset(&dataset);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dataset.row_time[0] = cases[i].time;
    assert_true(column_number(dataset_column(&dataset, "rating_day"), &dataset, 0) == cases[i].day);
    assert_int_equal(column_code(dataset_column(&dataset, "rating_hour"), &dataset, 0),
                     cases[i].hour);
    assert_int_equal(column_code(dataset_column(&dataset, "rating_weekday"), &dataset, 0),
                     cases[i].weekday);
  }
  dataset_clear(&dataset);
}

/* All labels of a column, one after the other. */
static void assert_words(const struct dataset *dataset, const char *name, const char *words) {
  const struct column *column = dataset_column(dataset, name);
  struct text text = {0};
  for (uint32_t c = 0; c < column_cardinality(column, dataset); c++) {
    column_label(column, dataset, c, &text);
    text_add(&text, ";");
  }
  assert_string_equal(text.text, words);
  text_clear(&text);
}

static void labels_of_times_are_hours_and_days_from_monday(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  assert_words(&dataset, "rating_weekday", "Mon;Tue;Wed;Thu;Fri;Sat;Sun;");
  assert_words(&dataset, "rating_hour",
               "0;1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;");
  dataset_clear(&dataset);
}

static void a_history_has_the_ids_of_the_other_side(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  const struct column *of_user = dataset_column(&dataset, "user_history");
  const struct column *of_item = dataset_column(&dataset, "item_history");
  assert_int_equal(column_cardinality(of_user, &dataset), dataset.items);
  assert_int_equal(column_cardinality(of_item, &dataset), dataset.users);
  for (size_t row = 0; row < dataset.ratings; row++) {
    assert_int_equal(column_code(of_user, &dataset, row), dataset.row_item[row]);
    assert_int_equal(column_code(of_item, &dataset, row), dataset.row_user[row]);
  }
  dataset_clear(&dataset);
}

static void age_groups_are_movielens_own(void **state) {
  (void)state;
  static const struct {
    uint32_t age, group;
  } cases[] = {{1, 0},  {17, 0}, {18, 1}, {24, 1}, {25, 2}, {34, 2}, {35, 3},
               {44, 3}, {45, 4}, {49, 4}, {50, 5}, {55, 5}, {56, 6}, {120, 6}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(movielens_age_group(cases[i].age), cases[i].group);
  }
  struct dataset dataset;
  report_dataset(&dataset);
  assert_words(&dataset, "age_group", "Under 18;18-24;25-34;35-44;45-49;50-55;56+;");
  for (size_t u = 0; u < dataset.users; u++) {
    assert_int_equal(code_of(&dataset, "age_group", u),
                     movielens_age_group((uint32_t)number_of(&dataset, "age", u)));
  }
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_column_has_codes_within_its_cardinality_and_labels),
      cmocka_unit_test(the_schema_is_that_of_a_folder_and_of_generated_data),
      cmocka_unit_test(genres_are_all_flags_of_the_film),
      cmocka_unit_test(only_a_film_without_a_date_misses_its_year),
      cmocka_unit_test(times_are_read_in_utc),
      cmocka_unit_test(labels_of_times_are_hours_and_days_from_monday),
      cmocka_unit_test(a_history_has_the_ids_of_the_other_side),
      cmocka_unit_test(age_groups_are_movielens_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
