/* Tables of somebody's own: kinds, ids, missing values, duplicates, derived columns. */
#include "data_fixture.h"

#include <math.h>
#include <stdio.h>

#include "data/readers/tables_reader.h"
#include "data/split.h"
#include "data/times.h"

/* A shop: products with semicolons, customers whose countries miss, one customer and one
 * product that only ratings have. */
static const char ratings[] =
    "customer,sku,stars,when,device\n"
    "C10,P-2,4.5,2024-03-01 10:00,app\n"
    "C9,P-1,2,2024-02-01 10:00,web\n"
    "C10,P-1,3,2024-01-01 10:00,app\n"
    "C11,P-9,1,2024-04-01 10:00,web\n";
static const char customers[] =
    "customer,country,since,code\n"
    "C9,DE,2020-01-31,007\n"
    "C10,,2021-02-28,11\n"
    "C8,FR,,12\n"
    "C7,DE,2020-01-31,13\n";
static const char products[] =
    "\xef\xbb\xbfsku;name;tags;price\n"
    "P-1;\"One; \"\"nice\"\"\";red|new|red;10.5\n"
    "P-2;Two;;\n";

static struct source_spec shop(void) {
  struct source_spec spec = {0};
  struct source_table *table = spec.table;
  for (size_t t = 0; t < TABLES; t++) table[t].given = true;
  (void)snprintf(table[TABLE_RATINGS].path, SOURCE_PATH, "ratings.csv");
  (void)snprintf(table[TABLE_RATINGS].user, COLUMN_NAME, "customer");
  (void)snprintf(table[TABLE_RATINGS].item, COLUMN_NAME, "sku");
  (void)snprintf(table[TABLE_RATINGS].rating, COLUMN_NAME, "stars");
  (void)snprintf(table[TABLE_RATINGS].time, COLUMN_NAME, "when");
  (void)snprintf(table[TABLE_USERS].path, SOURCE_PATH, "customers.csv");
  (void)snprintf(table[TABLE_USERS].key, COLUMN_NAME, "customer");
  (void)snprintf(table[TABLE_ITEMS].path, SOURCE_PATH, "products.csv");
  (void)snprintf(table[TABLE_ITEMS].key, COLUMN_NAME, "sku");
  (void)snprintf(table[TABLE_ITEMS].name, COLUMN_NAME, "name");
  return spec;
}

static bool read_shop(const struct source_spec *spec, const char *of_ratings,
                      struct dataset *dataset, struct error *error) {
  struct fixture fixture;
  fixture_open(&fixture);
  fixture_write(&fixture, "ratings.csv", of_ratings);
  fixture_write(&fixture, "customers.csv", customers);
  fixture_write(&fixture, "products.csv", products);
  *dataset = (struct dataset){.name = "shop"};
  const bool done = tables_read(spec, TABLES_FILES, fixture.folder, dataset, error);
  fixture_close(&fixture);
  return done;
}

static void open_shop(struct source_spec spec, struct dataset *dataset) {
  struct error error = {0};
  if (!read_shop(&spec, ratings, dataset, &error)) fail_msg("%s", error.message);
}

static void assert_fails_as(enum error_kind kind, struct source_spec spec, const char *of_ratings,
                            const char *words) {
  struct dataset dataset;
  struct error error = {0};
  assert_false(read_shop(&spec, of_ratings, &dataset, &error));
  assert_has(error.message, words);
  assert_int_equal(error.kind, kind);
  assert_int_equal(dataset.ratings, 0);
}

static void assert_fails(struct source_spec spec, const char *of_ratings, const char *words) {
  assert_fails_as(ERROR_DATA, spec, of_ratings, words);
}

static void ids_are_text_in_order(void **state) {
  (void)state;
  struct dataset dataset;
  open_shop(shop(), &dataset);
  assert_int_equal(dataset.users, 5);
  assert_int_equal(dataset.users_unlisted, 1);
  assert_int_equal(dataset.items, 3);
  assert_int_equal(dataset.items_unlisted, 1);
  assert_string_equal(words_text(&dataset.user_ids, 0), "C10");
  assert_string_equal(words_text(&dataset.user_ids, 1), "C11");
  assert_string_equal(words_text(&dataset.user_ids, 4), "C9");
  assert_int_equal(dataset.row_user[0], 0);
  assert_int_equal(dataset.row_item[3], 2);
  assert_float_equal(dataset.row_rating[0], 4.5F, 0);
  assert_int_equal(dataset.row_time[2], 1704103200);
  dataset_clear(&dataset);
}

/* Each value stays with its row when the words are put in order and some are missing. */
static void a_category_that_misses_keeps_its_values(void **state) {
  (void)state;
  struct dataset dataset;
  open_shop(shop(), &dataset);
  static const char *const expected[] = {"", "", "DE", "FR", "DE"};
  for (size_t u = 0; u < 5; u++) {
    const uint32_t code = code_of(&dataset, "country", u);
    assert_string_equal(word_at(&dataset, "country", code), expected[u]);
  }
  assert_int_equal(values_of(&dataset, "country")->words.count, 3);
  dataset_clear(&dataset);
}

static void kinds_are_inferred_from_all_rows(void **state) {
  (void)state;
  struct dataset dataset;
  open_shop(shop(), &dataset);
  static const struct {
    const char *name;
    enum column_kind kind;
    bool days, may_miss;
  } expected[] = {
      {"country", COLUMN_CATEGORY, false, false}, {"since", COLUMN_NUMBER, true, true},
      {"code", COLUMN_CATEGORY, false, false},    {"tags", COLUMN_MULTI_HOT, false, false},
      {"price", COLUMN_NUMBER, false, true},      {"device", COLUMN_CATEGORY, false, false},
  };
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
    const struct column *column = dataset_column(&dataset, expected[i].name);
    assert_non_null(column);
    assert_int_equal(column->kind, expected[i].kind);
    assert_int_equal(column->days, expected[i].days);
    if (column->kind == COLUMN_NUMBER) assert_int_equal(column->may_miss, expected[i].may_miss);
    assert_non_null(column->inferred);
  }
  assert_float_equal(number_of(&dataset, "since", 4), 18292, 0); /* 2020-01-31 */
  assert_true(isnan(number_of(&dataset, "since", 3)));           /* C8 */
  assert_float_equal(number_of(&dataset, "price", 0), 10.5, 0);
  assert_true(isnan(number_of(&dataset, "price", 1)));
  assert_string_equal(word_at(&dataset, "name", code_of(&dataset, "name", 0)), "One; \"nice\"");
  dataset_clear(&dataset);
}

static void a_set_has_each_word_once(void **state) {
  (void)state;
  struct dataset dataset;
  open_shop(shop(), &dataset);
  const struct column_values *tags = values_of(&dataset, "tags");
  assert_int_equal(tags->offset[0], 0);
  assert_int_equal(tags->offset[1], 2); /* new, red */
  assert_int_equal(tags->offset[2], 2); /* P-2 has none */
  assert_int_equal(tags->offset[3], 2); /* nor has P-9, which no table lists */
  assert_string_equal(word_at(&dataset, "tags", tags->first[0]), "red");
  assert_string_equal(word_at(&dataset, "tags", tags->entry[0]), "new");
  dataset_clear(&dataset);
}

static void kinds_that_are_given_hold(void **state) {
  (void)state;
  struct source_spec spec = shop();
  spec.columns = 3;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "code");
  spec.column[0].spec.kind = CELL_NUMBER;
  (void)snprintf(spec.column[1].name, COLUMN_NAME, "since");
  spec.column[1].spec.kind = CELL_IGNORED;
  (void)snprintf(spec.column[2].name, COLUMN_NAME, "country");
  (void)snprintf(spec.column[2].spec.absent, ABSENT_MAX, "FR");
  struct dataset dataset;
  open_shop(spec, &dataset);
  assert_float_equal(number_of(&dataset, "code", 4), 7, 0);
  assert_null(dataset_column(&dataset, "since"));
  assert_string_equal(word_at(&dataset, "country", code_of(&dataset, "country", 3)), "");
  dataset_clear(&dataset);
  spec.column[1].spec.kind = CELL_NUMBER;
  assert_fails(spec, ratings, "customers.csv:2: since '2020-01-31' is not a number");
}

static void a_misspelt_column_is_named(void **state) {
  (void)state;
  struct source_spec spec = shop();
  spec.columns = 1;
  spec.column[0].spec.kind = CELL_CATEGORY;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "contry");
  assert_fails_as(ERROR_CONFIG, spec, ratings, "data.columns: there is no column 'contry'");
  spec = shop();
  (void)snprintf(spec.table[TABLE_ITEMS].key, COLUMN_NAME, "sk");
  assert_fails(spec, ratings, "products.csv: there is no column 'sk'");
  spec = shop();
  spec.derived = 1;
  spec.derivation[0] =
      (struct derivation){.name = "x", .from = "prices", .kind = DERIVE_PREFIX, .prefix = 1};
  assert_fails_as(ERROR_CONFIG, spec, ratings, "there is no column 'prices'");
}

static void faults_have_their_lines(void **state) {
  (void)state;
  assert_fails(shop(), "customer,sku,stars,when,device\nC9,P-1,good,2024-01-01,app\n",
               "ratings.csv:2: ");
  assert_fails(shop(), "customer,sku,stars,when,device\nC9,P-1,1,yesterday,app\n",
               "ratings.csv:2: ");
  assert_fails(shop(), "customer,sku,stars,when,device\nC9,P-1\n", "ratings.csv:2: ");
  assert_fails(shop(), "customer,sku,score,when,device\nC9,P-1,2,2024-01-01,app\n", "stars");
  assert_fails(shop(), "customer,sku,stars,when,device\n", "ratings.csv");
}

/* Two customers who rate two products again; of three ratings of one. */
static void a_second_rating_is_what_the_policy_says(void **state) {
  (void)state;
  static const char again[] =
      "customer,sku,stars,when,device\n"
      "C9,P-1,2,2024-02-01,web\n"
      "C10,P-2,1,2024-02-02,app\n"
      "C10,P-1,5,2024-02-02,web\n"
      "C10,P-2,3,2024-02-03,web\n"
      "C9,P-1,4,2024-03-01,app\n"
      "C9,P-1,3,2024-03-02,app\n";
  struct source_spec spec = shop();
  assert_fails(spec, again, "ratings.csv: user 'C10' rates item 'P-2' in rating 2 and again in 4");
  enum { ROWS = 3 };
  static const float expected[][ROWS] = {
      [DUPLICATES_LAST] = {5, 3, 3}, [DUPLICATES_MEAN] = {5, 2, 3}};
  static const char *const user[ROWS] = {"C10", "C10", "C9"};
  static const char *const item[ROWS] = {"P-1", "P-2", "P-1"};
  for (enum duplicates d = DUPLICATES_LAST; d <= DUPLICATES_MEAN; d++) {
    spec.duplicates = d;
    struct dataset dataset;
    struct error error = {0};
    if (!read_shop(&spec, again, &dataset, &error)) fail_msg("%s", error.message);
    assert_int_equal(dataset.ratings, ROWS);
    for (size_t r = 0; r < ROWS; r++) {
      assert_string_equal(words_text(&dataset.user_ids, dataset.row_user[r]), user[r]);
      assert_string_equal(words_text(&dataset.item_ids, dataset.row_item[r]), item[r]);
      assert_float_equal(dataset.row_rating[r], expected[d][r], 0);
    }
    dataset_clear(&dataset);
  }
}

static void columns_are_derived(void **state) {
  (void)state;
  struct source_spec spec = shop();
  static const struct derivation derived[] = {
      {.name = "class", .from = "price", .kind = DERIVE_BINS, .bins = 2, .bin = {10.5, 20}},
      {.name = "letter", .from = "country", .kind = DERIVE_PREFIX, .prefix = 1},
      {.name = "tag", .from = "tags", .kind = DERIVE_FIRST},
      {.name = "year", .from = "since", .kind = DERIVE_YEAR},
      {.name = "decade", .from = "since", .kind = DERIVE_DECADE},
  };
  spec.derived = sizeof derived / sizeof *derived;
  memcpy(spec.derivation, derived, sizeof derived);
  struct dataset dataset;
  open_shop(spec, &dataset);
  assert_string_equal(cell_of(&dataset, "class", 0), "10.5 to 20");
  assert_string_equal(cell_of(&dataset, "letter", 4), "D");
  assert_string_equal(cell_of(&dataset, "tag", 0), "red");
  assert_float_equal(number_of(&dataset, "year", 0), 2021, 0);
  assert_string_equal(cell_of(&dataset, "decade", 4), "2020s");
  dataset_clear(&dataset);
}

/* Nothing that trains is later than what validates, nor that than what tests. */
static void a_split_by_time_is_in_order(void **state) {
  (void)state;
  struct dataset dataset;
  open_shop(shop(), &dataset);
  const struct split_spec spec = {.method = SPLIT_TIME, .test = 0.25, .validation = 0.34};
  struct split split;
  struct error error = {0};
  if (!split_make(&dataset, &spec, 1, NULL, "", &split, &error)) fail_msg("%s", error.message);
  assert_int_equal(split.train, 2);
  assert_int_equal(split.validation, 1);
  assert_int_equal(split.test, 1);
  assert_int_equal(split.rows[0], 1);
  assert_int_equal(split.rows[1], 2);
  assert_int_equal(split.rows[2], 0); /* March */
  assert_int_equal(split.rows[3], 3); /* April */
  split_clear(&split);
  dataset_clear(&dataset);
}

/* Each row is tested in one of the parts. */
static void parts_of_kfold_cover_the_rows(void **state) {
  (void)state;
  struct dataset dataset;
  middle_dataset(&dataset);
  struct split_spec spec = {.method = SPLIT_KFOLD, .folds = 7, .has_seed = true, .seed = 3};
  for (size_t f = 0; f < 7; f++) (void)snprintf(spec.fold[f], SPLIT_FOLD_NAME, "%zu", f + 1);
  unsigned tested[900] = {0};
  assert_int_equal(dataset.ratings, 900);
  for (size_t f = 0; f < 7; f++) {
    struct split split;
    struct error error = {0};
    if (!split_make(&dataset, &spec, f, NULL, spec.fold[f], &split, &error)) {
      fail_msg("%s", error.message);
    }
    assert_true(split.test == 128 || split.test == 129);
    for (size_t i = 0; i < split.test; i++) tested[split.rows[split.train + i]]++;
    split_clear(&split);
  }
  for (size_t r = 0; r < 900; r++) assert_int_equal(tested[r], 1);
  dataset_clear(&dataset);
}

static void times_are_read_in_every_form(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t seconds;
  } good[] = {{"0", 0},
              {"-86400", -86400},
              {"1970-01-02", 86400},
              {"1970/01/02 00:00:01", 86401},
              {"2000-02-29T12:00:00.75Z", 951825600},
              {"2000-02-29 12:00+02:00", 951818400},
              {"1969-12-31 23:59:59", -1}};
  static const char *const bad[] = {"",         "1900-02-29",    "2023-13-01",
                                    "2023-1-1", "2023-01-32",    "2023-01-01 24:00",
                                    "12:00",    "99999999999999"};
  int64_t seconds;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    assert_true(times_parse(good[i].text, strlen(good[i].text), &seconds));
    assert_int_equal(seconds, good[i].seconds);
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    if (times_parse(bad[i], strlen(bad[i]), &seconds)) fail_msg("'%s' is taken", bad[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_are_text_in_order),
      cmocka_unit_test(a_category_that_misses_keeps_its_values),
      cmocka_unit_test(kinds_are_inferred_from_all_rows),
      cmocka_unit_test(a_set_has_each_word_once),
      cmocka_unit_test(kinds_that_are_given_hold),
      cmocka_unit_test(a_misspelt_column_is_named),
      cmocka_unit_test(faults_have_their_lines),
      cmocka_unit_test(a_second_rating_is_what_the_policy_says),
      cmocka_unit_test(columns_are_derived),
      cmocka_unit_test(a_split_by_time_is_in_order),
      cmocka_unit_test(parts_of_kfold_cover_the_rows),
      cmocka_unit_test(times_are_read_in_every_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
