/* What a column says of a row. */
#include <math.h>

#include "data/columns.h"
#include "data_fixture.h"

static void assert_labelled(const struct column *column, const struct dataset *dataset,
                            uint32_t code) {
  struct text text = {0};
  assert_true(code < column->cardinality(dataset));
  column->label(dataset, code, &text);
  assert_true(text.length > 0);
  text_clear(&text);
}

static void check_codes(const struct column *column, const struct dataset *dataset, size_t row) {
  uint32_t codes[COLUMN_CODES_MAX];
  size_t count = column->codes(dataset, column_owner(dataset, column->side, row), codes);
  assert_true(count <= COLUMN_CODES_MAX);
  for (size_t i = 0; i < count; i++) {
    assert_labelled(column, dataset, codes[i]);
    if (i > 0) assert_true(codes[i] > codes[i - 1]);
  }
}

static void check_row(const struct column *column, const struct dataset *dataset, size_t row) {
  switch (column->kind) {
    case COLUMN_CATEGORY:
    case COLUMN_HISTORY:
      assert_labelled(column, dataset, column->code(dataset, row));
      break;
    case COLUMN_MULTI_HOT:
      check_codes(column, dataset, row);
      break;
    case COLUMN_NUMBER:
      assert_true(column->may_miss || isfinite(column->number(dataset, row)));
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
  for (size_t i = 0; i < column_count(); i++) {
    const struct column *column = column_at(i);
    assert_ptr_equal(column_find(column->name), column);
    assert_true(strlen(column->name) < COLUMN_NAME);
    assert_true(strlen(column->help) > 0);
    for (size_t row = 0; row < dataset.ratings; row++) check_row(column, &dataset, row);
  }
  assert_null(column_at(column_count()));
  assert_null(column_find("no such"));
  dataset_clear(&dataset);
}

static void the_table_has_all_columns_of_the_design(void **state) {
  (void)state;
  static const struct {
    const char *name;
    enum column_kind kind;
    enum column_side side;
  } expected[] = {{"user_id", COLUMN_CATEGORY, SIDE_USER},
                  {"item_id", COLUMN_CATEGORY, SIDE_ITEM},
                  {"age", COLUMN_NUMBER, SIDE_USER},
                  {"age_group", COLUMN_CATEGORY, SIDE_USER},
                  {"gender", COLUMN_CATEGORY, SIDE_USER},
                  {"occupation", COLUMN_CATEGORY, SIDE_USER},
                  {"zip_area", COLUMN_CATEGORY, SIDE_USER},
                  {"genre", COLUMN_CATEGORY, SIDE_ITEM},
                  {"genres", COLUMN_MULTI_HOT, SIDE_ITEM},
                  {"release_year", COLUMN_NUMBER, SIDE_ITEM},
                  {"release_decade", COLUMN_CATEGORY, SIDE_ITEM},
                  {"rating_day", COLUMN_NUMBER, SIDE_USER},
                  {"rating_hour", COLUMN_CATEGORY, SIDE_USER},
                  {"rating_weekday", COLUMN_CATEGORY, SIDE_USER},
                  {"days_since_first", COLUMN_STATISTIC, SIDE_USER},
                  {"user_history", COLUMN_HISTORY, SIDE_USER},
                  {"item_history", COLUMN_HISTORY, SIDE_ITEM},
                  {"user_mean", COLUMN_STATISTIC, SIDE_USER},
                  {"item_mean", COLUMN_STATISTIC, SIDE_ITEM},
                  {"user_count", COLUMN_STATISTIC, SIDE_USER},
                  {"item_count", COLUMN_STATISTIC, SIDE_ITEM}};
  assert_int_equal(column_count(), sizeof expected / sizeof *expected);
  for (size_t i = 0; i < column_count(); i++) {
    const struct column *column = column_find(expected[i].name);
    assert_non_null(column);
    assert_int_equal(column->kind, expected[i].kind);
    assert_int_equal(column->side, expected[i].side);
    bool number = column->kind == COLUMN_NUMBER || column->kind == COLUMN_STATISTIC;
    assert_int_equal(column_has_embedding(column), !number);
    assert_int_equal(column_crosses(column), !number && column->kind != COLUMN_HISTORY);
    assert_int_equal(column->may_miss, strcmp(column->name, "release_year") == 0);
  }
}

static void genres_are_all_flags_of_the_film(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  const struct column *genres = column_find("genres");
  static const char *const expected[] = {"Drama;Romance;", "unknown;", "Action;"};
  for (uint32_t film = 0; film < 3; film++) {
    struct text text = {0};
    uint32_t codes[COLUMN_CODES_MAX];
    size_t count = genres->codes(&dataset, film, codes);
    for (size_t i = 0; i < count; i++) {
      genres->label(&dataset, codes[i], &text);
      text_add(&text, ";");
    }
    assert_string_equal(text.text, expected[film]);
    text_clear(&text);
  }
  dataset.item[1].genres = 0;
  uint32_t codes[COLUMN_CODES_MAX];
  assert_int_equal(genres->codes(&dataset, 1, codes), 0);
  dataset_clear(&dataset);
}

static void only_a_film_without_a_date_misses_its_year(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  const struct column *year = column_find("release_year");
  static const double expected[] = {1995.0, 1995.0, NAN, 1971.0, 1971.0};
  for (size_t row = 0; row < 5; row++) {
    double number = year->number(&dataset, row);
    assert_true(isnan(expected[row]) ? isnan(number) : number == expected[row]);
  }
  dataset_clear(&dataset);
}

static void a_decade_begins_with_its_zero(void **state) {
  (void)state;
  static const struct {
    int32_t year;
    const char *label;
  } cases[] = {{1870, "1870s"}, {1899, "1890s"}, {1900, "1900s"}, {1989, "1980s"}, {1990, "1990s"},
               {1999, "1990s"}, {2000, "2000s"}, {2099, "2090s"}, {0, "unknown"}};
  const struct column *decade = column_find("release_decade");
  uint32_t film = 0;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct item item = {.release_year = cases[i].year};
    const struct dataset dataset = {.ratings = 1, .row_item = &film, .items = 1, .item = &item};
    struct text text = {0};
    decade->label(&dataset, decade->code(&dataset, 0), &text);
    assert_string_equal(text.text, cases[i].label);
    text_clear(&text);
  }
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
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t time = cases[i].time;
    const struct dataset dataset = {.ratings = 1, .row_time = &time};
    assert_true(column_find("rating_day")->number(&dataset, 0) == cases[i].day);
    assert_int_equal(column_find("rating_hour")->code(&dataset, 0), cases[i].hour);
    assert_int_equal(column_find("rating_weekday")->code(&dataset, 0), cases[i].weekday);
  }
}

static void labels_of_times_are_hours_and_days_from_monday(void **state) {
  (void)state;
  struct text text = {0};
  for (uint32_t day = 0; day < 7; day++) column_find("rating_weekday")->label(NULL, day, &text);
  for (uint32_t hour = 0; hour < 24; hour++) column_find("rating_hour")->label(NULL, hour, &text);
  assert_string_equal(text.text, "MonTueWedThuFriSatSun01234567891011121314151617181920212223");
  assert_int_equal(column_find("rating_weekday")->cardinality(NULL), 7);
  assert_int_equal(column_find("rating_hour")->cardinality(NULL), 24);
  text_clear(&text);
}

static void a_history_has_the_ids_of_the_other_side(void **state) {
  (void)state;
  struct dataset dataset;
  small_dataset(&dataset);
  const struct column *of_user = column_find("user_history");
  const struct column *of_item = column_find("item_history");
  assert_int_equal(of_user->cardinality(&dataset), dataset.items);
  assert_int_equal(of_item->cardinality(&dataset), dataset.users);
  for (size_t row = 0; row < dataset.ratings; row++) {
    assert_int_equal(of_user->code(&dataset, row), dataset.row_item[row]);
    assert_int_equal(of_item->code(&dataset, row), dataset.row_user[row]);
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
    assert_int_equal(column_age_group(cases[i].age), cases[i].group);
  }
  const struct column *column = column_find("age_group");
  struct text text = {0};
  for (uint32_t g = 0; g < AGE_GROUPS; g++) {
    column->label(NULL, g, &text);
    text_add(&text, ";");
  }
  assert_string_equal(text.text, "Under 18;18-24;25-34;35-44;45-49;50-55;56+;");
  text_clear(&text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_column_has_codes_within_its_cardinality_and_labels),
      cmocka_unit_test(the_table_has_all_columns_of_the_design),
      cmocka_unit_test(genres_are_all_flags_of_the_film),
      cmocka_unit_test(only_a_film_without_a_date_misses_its_year),
      cmocka_unit_test(a_decade_begins_with_its_zero),
      cmocka_unit_test(times_are_read_in_utc),
      cmocka_unit_test(labels_of_times_are_hours_and_days_from_monday),
      cmocka_unit_test(a_history_has_the_ids_of_the_other_side),
      cmocka_unit_test(age_groups_are_movielens_own),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
