/* What `data check` says: counts, ranges, kinds, and why a kind was inferred. */
#include "data/data_summary.h"

#include <stdio.h>

#include "data/readers/tables_reader.h"
#include "data_fixture.h"

static const char ratings[] =
    "user,item,rating,time\n"
    "1,a,2,2020-01-01\n1,b,4,2020-02-01\n2,a,4,2021-03-01\n9,z,5,2019-12-31\n";
/* A column for each way in which a kind is found. */
static const char users[] =
    "user,plain,code,real,empty,day,mixed,tags,bar,end\n"
    "1,10,007,-1.5e3,,2020-01-31,2020-01-31,a|b,|,x|\n"
    "2,20,12,0.25,,1999/12/01,5,a,a,y\n"
    "3,,13,,,,,c,|b,\n";

static void read_all(struct dataset *dataset) {
  struct source_spec spec = {0};
  struct fixture fixture;
  struct error error = {0};
  struct source_table *table = spec.table;
  table[TABLE_RATINGS].given = table[TABLE_USERS].given = true;
  (void)snprintf(table[TABLE_RATINGS].path, SOURCE_PATH, "r.csv");
  (void)snprintf(table[TABLE_RATINGS].user, COLUMN_NAME, "user");
  (void)snprintf(table[TABLE_RATINGS].item, COLUMN_NAME, "item");
  (void)snprintf(table[TABLE_RATINGS].rating, COLUMN_NAME, "rating");
  (void)snprintf(table[TABLE_RATINGS].time, COLUMN_NAME, "time");
  (void)snprintf(table[TABLE_USERS].path, SOURCE_PATH, "u.csv");
  (void)snprintf(table[TABLE_USERS].key, COLUMN_NAME, "user");
  spec.columns = 1;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "end");
  spec.column[0].spec.kind = CELL_CATEGORY;
  fixture_open_empty(&fixture);
  fixture_write(&fixture, "r.csv", ratings);
  fixture_write(&fixture, "u.csv", users);
  *dataset = (struct dataset){.name = "t"};
  if (!tables_read(&spec, TABLES_FILES, fixture.folder, dataset, &error)) {
    fail_msg("%s", error.message);
  }
  fixture_close(&fixture);
}

static void every_number_is_right(void **state) {
  (void)state;
  struct dataset dataset;
  struct text text = {0};
  read_all(&dataset);
  data_summary(&dataset, " (of a test)", &text);
  assert_has(text.text, "data           t (of a test)\n");
  assert_has(text.text,
             "ratings        4\nusers          4\nitems          3\n"
             "unlisted       1 users and 0 items have ratings, but no row in their table\n"
             "mean           3.75000\nvariance       1.18750\nscale          2 to 5 (as found)\n"
             "2              1 (25.0 %)\n4              2 (50.0 %)\n5              1 (25.0 %)\n"
             "times          2019-12-31 to 2021-03-01\n");
  text_clear(&text);
  dataset_clear(&dataset);
}

/* Values that are different, places that miss one (user 9 has no row), and the reason. */
static void kinds_are_told_with_their_reasons(void **state) {
  (void)state;
  static const char *const lines[] = {
      "plain            users    number           2        2  10 to 20 (every value is a number)\n",
      "code             users    category         3        1  007, 12, 13 (not every value is a "
      "number or a date)\n",
      "real             users    number           2        2  -1500 to 0.25 (every value is a "
      "number)\n",
      "empty            users    category         0        4   (no row has a value)\n",
      "day              users    number           2        2  1999-12-01 to 2020-01-31 (every "
      "value is a date)\n",
      "mixed            users    category         2        2  2020-01-31, 5 (not every value is a "
      "number or a date)\n",
      "tags             users    multi_hot        3        1  a, b, c ('|' stands between words)\n",
      "bar              users    category         3        1  a, |, |b (not every value is a "
      "number or a date)\n",
      "end              users    category         2        2  x|, y\n", /* said, not inferred */
  };
  struct dataset dataset;
  struct text text = {0};
  read_all(&dataset);
  data_summary(&dataset, "", &text);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) assert_has(text.text, lines[i]);
  text_clear(&text);
  dataset_clear(&dataset);
}

static void json_has_the_same(void **state) {
  (void)state;
  struct dataset dataset;
  read_all(&dataset);
  json_t *json = data_summary_json(&dataset);
  assert_non_null(json);
  assert_int_equal(json_integer_value(json_object_get(json, "ratings")), 4);
  assert_int_equal(json_integer_value(json_object_get(json, "users_unlisted")), 1);
  assert_int_equal(json_integer_value(json_object_get(json, "items_unlisted")), 0);
  assert_true(json_real_value(json_object_get(json, "variance")) == 1.1875);
  assert_string_equal(json_string_value(json_object_get(json, "last_day")), "2021-03-01");
  const json_t *columns = json_object_get(json, "columns");
  assert_int_equal(json_array_size(columns), 9);
  const json_t *real = json_array_get(columns, 2);
  assert_string_equal(json_string_value(json_object_get(real, "name")), "real");
  assert_string_equal(json_string_value(json_object_get(real, "kind")), "number");
  assert_true(json_real_value(json_object_get(real, "least")) == -1500);
  assert_int_equal(json_integer_value(json_object_get(real, "missing")), 2);
  assert_string_equal(json_string_value(json_object_get(real, "inferred")),
                      "every value is a number");
  assert_null(json_object_get(json_array_get(columns, 8), "inferred"));
  json_decref(json);
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_is_right),
      cmocka_unit_test(kinds_are_told_with_their_reasons),
      cmocka_unit_test(json_has_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
