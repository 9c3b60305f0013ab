/* Queries of an SQLite database: values of every storage class, faults with their rows. */
#include "data_fixture.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "data/readers/tables_reader.h"

/* NAME.db in the fixture's folder, made by these statements. */
static void make_database(const struct fixture *fixture, const char *sql) {
  char path[512], *message = NULL;
  sqlite3 *database;
  (void)snprintf(path, sizeof path, "%s/t.db", fixture->folder);
  assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
  if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
  assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static struct source_spec spec_of(const char *query) {
  struct source_spec spec = {0};
  struct source_table *table = &spec.table[TABLE_RATINGS];
  table->given = true;
  (void)snprintf(table->query, SOURCE_QUERY, "%s", query);
  (void)snprintf(table->user, COLUMN_NAME, "user");
  (void)snprintf(table->item, COLUMN_NAME, "item");
  (void)snprintf(table->rating, COLUMN_NAME, "rating");
  return spec;
}

static bool try_query(const struct source_spec *spec, const char *sql, struct dataset *dataset,
                      struct error *error) {
  struct fixture fixture;
  char path[512];
  fixture_open_empty(&fixture);
  make_database(&fixture, sql);
  (void)snprintf(path, sizeof path, "%s/t.db", fixture.folder);
  *dataset = (struct dataset){.name = "t"};
  *error = (struct error){0};
  const bool done = tables_read(spec, TABLES_DATABASE, path, dataset, error);
  fixture_close(&fixture);
  return done;
}

static void read_query(const struct source_spec *spec, const char *sql, struct dataset *dataset) {
  struct error error;
  if (!try_query(spec, sql, dataset, &error)) fail_msg("%s", error.message);
}

static void assert_refuses(const struct source_spec *spec, const char *sql, const char *words) {
  struct dataset dataset;
  struct error error;
  assert_false(try_query(spec, sql, &dataset, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_int_equal(dataset.ratings, 0);
  assert_has(error.message, words);
}

#define ALL "SELECT * FROM r"
#define RATINGS "CREATE TABLE r (user, item, rating, more);"

static void values_of_every_storage_class_are_read(void **state) {
  (void)state;
  struct source_spec spec = spec_of(ALL);
  struct dataset dataset;
  read_query(&spec,
             RATINGS
             "INSERT INTO r VALUES (7, 'b', 4, 10), (10, 'a', 3.5, NULL),"
             "(-3, X'61', '2', 2.25), (9223372036854775807, 'c', 1e0, '-7'),"
             "(0, 'd', 0.1, 1e300), (-9223372036854775808, 'd', 123.75, -0.0)",
             &dataset);
  static const float ratings[] = {4, 3.5F, 2, 1, 0.1F, 123.75F};
  static const char *const users[] = {
      "7", "10", "-3", "9223372036854775807", "0", "-9223372036854775808"};
  static const double more[] = {10, (double)NAN, 2.25, -7, 1e300, 0};
  assert_int_equal(dataset.ratings, 6);
  assert_int_equal(dataset.items, 4); /* a blob of letters is a text */
  for (size_t r = 0; r < 6; r++) {
    assert_true(dataset.row_rating[r] == ratings[r]);
    assert_string_equal(words_text(&dataset.user_ids, dataset.row_user[r]), users[r]);
    const double found = number_of(&dataset, "more", r);
    assert_true(isnan(more[r]) ? isnan(found) : found == more[r]);
  }
  assert_string_equal(words_text(&dataset.item_ids, dataset.row_item[2]), "a");
  dataset_clear(&dataset);
}

/* Numbers are written as SQLite does, whatever way they take: a text of the same digits in
 * another table is the same id. */
static void numbers_are_the_texts_that_sqlite_makes_of_them(void **state) {
  (void)state;
  struct source_spec spec = spec_of(
      "SELECT user, item, 1 AS rating, CAST(item AS TEXT) AS same "
      "FROM r");
  spec.columns = 1;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "same");
  spec.column[0].spec.kind = CELL_CATEGORY;
  struct dataset dataset;
  read_query(&spec,
             "CREATE TABLE r (user, item);"
             "INSERT INTO r VALUES (1, 0.0), (1, 4.0), (1, 0.1), (1, 9.9), (1, 10.0), (1, 99.9),"
             "(1, 1234.5), (1, 0.25), (1, -0.5), (1, 1e15), (1, 1e16), (1, 1e-5), (1, 12345.6),"
             "(1, 0.30000000000000004), (1, 2.675), (1, 3), (1, -12), (1, 1000000000000)",
             &dataset);
  for (size_t r = 0; r < dataset.ratings; r++) {
    assert_string_equal(words_text(&dataset.item_ids, dataset.row_item[r]),
                        cell_of(&dataset, "same", r));
  }
  assert_int_equal(dataset.ratings, 18);
  dataset_clear(&dataset);
}

static void users_and_items_are_queries_too(void **state) {
  (void)state;
  struct source_spec spec = spec_of(
      "SELECT u AS user, i AS item, s AS rating, t FROM orders "
      "WHERE s IS NOT NULL ORDER BY t DESC;");
  (void)snprintf(spec.table[TABLE_RATINGS].time, COLUMN_NAME, "t");
  struct source_table *users = &spec.table[TABLE_USERS], *items = &spec.table[TABLE_ITEMS];
  users->given = items->given = true;
  (void)snprintf(users->query, SOURCE_QUERY, "SELECT id, upper(country) AS country FROM people");
  (void)snprintf(users->key, COLUMN_NAME, "id");
  (void)snprintf(items->query, SOURCE_QUERY, "SELECT * FROM goods");
  (void)snprintf(items->key, COLUMN_NAME, "sku");
  (void)snprintf(items->name, COLUMN_NAME, "title");
  struct dataset dataset;
  read_query(&spec,
             "CREATE TABLE orders (u INTEGER, i TEXT, s REAL, t);"
             "CREATE TABLE people (id INTEGER, country TEXT);"
             "CREATE TABLE goods (sku TEXT, title TEXT, price REAL, added TEXT);"
             "INSERT INTO orders VALUES (1, 'x', 5, 100), (2, 'y', NULL, 200), (2, 'x', 3.5, 300),"
             "(3, 'z', 1, '1970-01-02');"
             "INSERT INTO people VALUES (2, 'de'), (1, NULL);"
             "INSERT INTO goods VALUES ('x', 'Caf\xc3\xa9', 9.5, '2020-02-29'),"
             "('y', '', NULL, '2021-01-01');",
             &dataset);
  assert_int_equal(dataset.ratings, 3);
  assert_int_equal(dataset.row_time[0], 86400); /* the latest first, as the query says */
  assert_float_equal(dataset.row_rating[1], 3.5F, 0);
  assert_int_equal(dataset.users_unlisted, 1);
  assert_int_equal(dataset.items_unlisted, 1);
  assert_string_equal(cell_of(&dataset, "country", 0), "");
  assert_string_equal(cell_of(&dataset, "country", 1), "DE");
  assert_string_equal(dataset.item_title, "title");
  assert_string_equal(cell_of(&dataset, "title", 0), "Caf\xc3\xa9");
  assert_float_equal(number_of(&dataset, "price", 0), 9.5, 0);
  assert_true(isnan(number_of(&dataset, "price", 1)));
  assert_float_equal(number_of(&dataset, "added", 0), 18321, 0);
  dataset_clear(&dataset);
}

static void faults_have_the_number_of_their_row(void **state) {
  (void)state;
  struct source_spec spec = spec_of(ALL);
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, 4, 0), (1, 2, 'good', 0)",
                 "t.db: query of the ratings:2: rating 'good' is not a number");
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, 4, 0), (NULL, 2, 3, 0)",
                 "t.db: query of the ratings:2: user is empty");
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, NULL, 0)",
                 "t.db: query of the ratings:1: rating '' is not a number");
  assert_refuses(&spec, RATINGS, "t.db: query of the ratings: there are no ratings");
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, 4, 0), (2, 1, 4, 0), (1, 1, 2, 0)",
                 "query of the ratings: user '1' rates item '1' in rating 1 and again in 3");
  spec.columns = 1;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "more");
  spec.column[0].spec.kind = CELL_NUMBER;
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, 4, 0), (1, 2, 4, 'x')",
                 "t.db: query of the ratings:2: more 'x' is not a number");
}

/* A database takes any bytes; models and records are texts in UTF-8. */
static void bytes_that_are_no_text_are_refused(void **state) {
  (void)state;
  struct source_spec spec = spec_of(ALL);
  assert_refuses(&spec,
                 RATINGS
                 "INSERT INTO r VALUES (1, 1, 4, 'x'), (1, 2, 4, CAST(X'e9' AS TEXT)),"
                 "(CAST(X'ff41' AS TEXT), 2, 4, 'x')",
                 "t.db: query of the ratings:2: more holds bytes that are no text in UTF-8\n");
  assert_refuses(&spec,
                 RATINGS "INSERT INTO r VALUES (1, 1, 4, 'x'), (CAST(X'ff41' AS TEXT), 2, 4, 'x')",
                 "t.db: query of the ratings:2: user holds bytes that are no text in UTF-8");
  assert_refuses(&spec, RATINGS "INSERT INTO r VALUES (1, 1, 4, X'410042')",
                 "t.db: query of the ratings:1: more holds bytes that are no text in UTF-8");
}

static void a_query_must_be_one_that_reads(void **state) {
  (void)state;
  static const struct {
    const char *query, *words;
  } cases[] = {
      {"SELECT * FROM ratings", "t.db: query of the ratings: no such table: ratings"},
      {"SELECT user, item FROM", "t.db: query of the ratings: incomplete input"},
      {"", "t.db: query of the ratings: expected one SELECT statement"},
      {ALL "; " ALL, "t.db: query of the ratings: expected one SELECT statement"},
      {"DELETE FROM r RETURNING *", "t.db: query of the ratings: it would change the database"},
      {"DROP TABLE r", "t.db: query of the ratings: it would change the database"},
      {"SELECT user, item, rating, rating FROM r", "column 'rating' stands twice"},
      {"SELECT user, item, more AS ratings FROM r",
       "there is no column 'rating'\n"
       "did you mean 'ratings'?"},
      {"SELECT user, item, abs(rating) AS rating FROM r",
       "t.db: query of the ratings: integer "
       "overflow"}, /* in its second row */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct source_spec spec = spec_of(cases[i].query);
    assert_refuses(&spec,
                   RATINGS "INSERT INTO r VALUES (1, 1, 4, 0), (1, 2, -9223372036854775808, 0)",
                   cases[i].words);
  }
}

static void what_is_no_database_is_refused(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset = {0};
  struct error error = {0};
  const struct source_spec spec = spec_of(ALL);
  char path[512];
  fixture_open_empty(&fixture);
  fixture_write(&fixture, "t.db", "user,item,rating\n1,2,3\n");
  (void)snprintf(path, sizeof path, "%s/t.db", fixture.folder);
  assert_false(tables_read(&spec, TABLES_DATABASE, path, &dataset, &error));
  assert_has(error.message, "t.db: query of the ratings: file is not a database");
  (void)snprintf(path, sizeof path, "%s/none.db", fixture.folder);
  error = (struct error){0};
  assert_false(tables_read(&spec, TABLES_DATABASE, path, &dataset, &error));
  assert_has(error.message, "none.db: no such file, or it cannot be read");
  assert_int_not_equal(access(path, F_OK), 0); /* and none was made */
  fixture_close(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_of_every_storage_class_are_read),
      cmocka_unit_test(numbers_are_the_texts_that_sqlite_makes_of_them),
      cmocka_unit_test(users_and_items_are_queries_too),
      cmocka_unit_test(faults_have_the_number_of_their_row),
      cmocka_unit_test(bytes_that_are_no_text_are_refused),
      cmocka_unit_test(a_query_must_be_one_that_reads),
      cmocka_unit_test(what_is_no_database_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
