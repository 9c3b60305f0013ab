/* A user who was not in the data, with values as they are typed; and folds that a column of the
 * ratings names. */
#include "data_fixture.h"

#include <math.h>
#include <stdio.h>

#include "data/dataset_extend.h"
#include "data/readers/tables_reader.h"
#include "data/split.h"

static const char ratings[] =
    "customer,sku,stars,device,visits\n"
    "C10,P-2,4.5,app,1\n"
    "C9,P-1,2,web,2\n"
    "C10,P-1,3,app,3\n"
    "C9,P-2,1,web,4\n";
static const char customers[] =
    "customer,country,since,age,hobbies\n"
    "C9,DE,2020-01-31,33,chess|tea\n"
    "C10,FR,2021-02-28,44,rowing\n";

static void open_shop(struct dataset *dataset) {
  static struct source_spec spec;
  struct error error = {0};
  struct fixture fixture;
  struct source_table *table = spec.table;
  spec = (struct source_spec){.columns = 1};
  table[TABLE_RATINGS].given = table[TABLE_USERS].given = true;
  (void)snprintf(table[TABLE_RATINGS].path, SOURCE_PATH, "ratings.csv");
  (void)snprintf(table[TABLE_RATINGS].user, COLUMN_NAME, "customer");
  (void)snprintf(table[TABLE_RATINGS].item, COLUMN_NAME, "sku");
  (void)snprintf(table[TABLE_RATINGS].rating, COLUMN_NAME, "stars");
  (void)snprintf(table[TABLE_USERS].path, SOURCE_PATH, "customers.csv");
  (void)snprintf(table[TABLE_USERS].key, COLUMN_NAME, "customer");
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "hobbies");
  spec.column[0].spec.kind = CELL_MULTI_HOT;
  (void)snprintf(spec.column[0].spec.separator, sizeof spec.column[0].spec.separator, "|");
  fixture_open_empty(&fixture);
  fixture_write(&fixture, "ratings.csv", ratings);
  fixture_write(&fixture, "customers.csv", customers);
  *dataset = (struct dataset){.name = "shop"};
  if (!tables_read(&spec, TABLES_FILES, fixture.folder, dataset, &error)) {
    fail_msg("%s", error.message);
  }
  fixture_close(&fixture);
}

static void set(struct dataset *dataset, const char *column, const char *value) {
  struct error error = {0};
  if (!dataset_extend_value(dataset, column, value, &error)) fail_msg("%s", error.message);
}

static void a_new_user_has_the_values_that_are_typed(void **state) {
  (void)state;
  struct dataset dataset;
  struct error error = {0};
  open_shop(&dataset);
  assert_true(dataset_extend_owner(&dataset, SIDE_USER, "new", &error));
  assert_int_equal(dataset.users, 3);
  assert_string_equal(cell_of(&dataset, "country", 2), "");
  assert_string_equal(cell_of(&dataset, "hobbies", 2), "");
  assert_true(isnan(number_of(&dataset, "age", 2)));
  set(&dataset, "country", "FR");
  set(&dataset, "age", "-1.5");
  set(&dataset, "since", "1970-01-03");
  set(&dataset, "hobbies", "tea|chess||tea|golf"); /* in the order of their codes, each once */
  assert_string_equal(cell_of(&dataset, "country", 2), "FR");
  assert_int_equal(code_of(&dataset, "country", 2), code_of(&dataset, "country", 0)); /* C10 */
  assert_true(number_of(&dataset, "age", 2) == -1.5);
  assert_true(number_of(&dataset, "since", 2) == 2.0); /* days since 1970 */
  assert_string_equal(cell_of(&dataset, "hobbies", 2), "chess|tea|golf");
  set(&dataset, "country", "nowhere yet");
  assert_string_equal(cell_of(&dataset, "country", 2), "nowhere yet");
  /* The others keep theirs. */
  assert_string_equal(cell_of(&dataset, "country", 0), "FR");
  assert_string_equal(cell_of(&dataset, "country", 1), "DE");
  assert_string_equal(cell_of(&dataset, "hobbies", 0), "rowing");
  assert_string_equal(cell_of(&dataset, "hobbies", 1), "chess|tea");
  dataset_clear(&dataset);
}

static void values_that_a_user_cannot_have_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *column, *value, *message;
  } cases[] = {
      {"age", "old", "age: expected a number, found 'old'"},
      {"age", "", "age: expected a number, found ''"},
      {"since", "31.1.2020", "since: expected a date, found '31.1.2020'"},
      {"contry", "DE", "'contry' is no column of the users\ndid you mean 'country'?"},
      {"device", "app", "'device' is no column of the users"},
      {"customer", "C9", "'customer' is no column of the users"},
  };
  struct dataset dataset;
  struct error error = {0};
  open_shop(&dataset);
  assert_true(dataset_extend_owner(&dataset, SIDE_USER, "new", &error));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    error = (struct error){0};
    assert_false(dataset_extend_value(&dataset, cases[i].column, cases[i].value, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_has(error.message, cases[i].message);
  }
  dataset_clear(&dataset);
}

static void a_fold_has_the_rows_of_its_word(void **state) {
  (void)state;
  static const struct split_spec spec = {
      .method = SPLIT_GIVEN_FOLDS, .folds = 2, .fold = {"web", "app"}, .column = "device"};
  struct dataset dataset;
  struct folds folds;
  struct error error = {0};
  open_shop(&dataset);
  if (!folds_from_column(&dataset, &spec, &folds, &error)) fail_msg("%s", error.message);
  assert_int_equal(folds.count, 2);
  static const uint32_t expected[2][2] = {{1, 3}, {0, 2}};
  for (size_t f = 0; f < 2; f++) {
    assert_string_equal(folds.fold[f].name, spec.fold[f]);
    assert_int_equal(folds.fold[f].count, 2);
    assert_memory_equal(folds.fold[f].rows, expected[f], sizeof expected[f]);
  }
  folds_clear(&folds);
  dataset_clear(&dataset);
}

static void folds_that_are_none_are_refused(void **state) {
  (void)state;
  static const struct {
    const char *column, *word, *message;
  } cases[] = {
      {"device", "phone", "no rating has 'phone' in column 'device', so it is no fold"},
      {"devices", "app", "data.split.column: there is no column 'devices'\ndid you mean 'device'?"},
      {"country", "DE", "data.split.column: 'country' is no category of the ratings"},
      {"visits", "1",
       "data.split.column: 'visits' is no category of the ratings\n"
       "a column of numbers becomes one with data.columns: {visits: category}"},
  };
  struct dataset dataset;
  open_shop(&dataset);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct split_spec spec = {.method = SPLIT_GIVEN_FOLDS, .folds = 1};
    struct folds folds;
    struct error error = {0};
    (void)snprintf(spec.column, sizeof spec.column, "%s", cases[i].column);
    (void)snprintf(spec.fold[0], sizeof spec.fold[0], "%s", cases[i].word);
    assert_false(folds_from_column(&dataset, &spec, &folds, &error));
    assert_int_equal(error.kind, ERROR_CONFIG);
    assert_has(error.message, cases[i].message);
    folds_clear(&folds);
  }
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_user_has_the_values_that_are_typed),
      cmocka_unit_test(values_that_a_user_cannot_have_are_refused),
      cmocka_unit_test(a_fold_has_the_rows_of_its_word),
      cmocka_unit_test(folds_that_are_none_are_refused),
  };
  return cmocka_run_group_tests_name("dataset_extend", tests, NULL, NULL);
}
