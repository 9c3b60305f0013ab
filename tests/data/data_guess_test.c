/* What an unknown folder, file or database is taken for, and what is said about it. */
#include "data/data_guess.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data_fixture.h"

struct guess {
  struct fixture fixture;
  struct data_spec spec;
  struct source_spec source;
  struct text notes;
  struct error error;
};

static void open_guess(struct guess *guess) {
  *guess = (struct guess){0};
  fixture_open_empty(&guess->fixture);
}

static void close_guess(struct guess *guess) {
  text_clear(&guess->notes);
  fixture_close(&guess->fixture);
}

/* Of NAME in the folder; NULL: of the folder. */
static bool try_guess(struct guess *guess, const char *name) {
  char path[512];
  (void)snprintf(path, sizeof path, "%s%s%s", guess->fixture.folder, name != NULL ? "/" : "",
                 name != NULL ? name : "");
  text_clear(&guess->notes);
  guess->error = (struct error){0};
  return data_guess(path, &guess->spec, &guess->source, &guess->notes, &guess->error);
}

static void assert_guesses(struct guess *guess, const char *name, enum data_source source,
                           const char *notes) {
  if (!try_guess(guess, name)) fail_msg("%s", guess->error.message);
  assert_int_equal(guess->spec.source, source);
  assert_ptr_equal(guess->spec.tables, &guess->source);
  assert_string_equal(guess->notes.text, notes);
}

static void assert_cannot(struct guess *guess, const char *name, const char *words) {
  assert_false(try_guess(guess, name));
  assert_int_equal(guess->error.kind, ERROR_DATA);
  assert_has(guess->error.message, words);
}

static void tables_are_told_by_the_names_of_their_columns(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  fixture_write(&guess.fixture, "orders.csv", "Customer-ID;SKU;Stars;When;device\n1;2;3;4;5\n");
  fixture_write(&guess.fixture, "people.tsv", "customer_id\tage\n1\t2\n");
  fixture_write(&guess.fixture, "products.txt", "id|name|price\n1|x|2\n");
  fixture_write(&guess.fixture, "readme.md", "user,item,rating\n"); /* no name of a table's file */
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "orders.csv: the ratings (user Customer-ID, item SKU, rating Stars, time When)\n"
                 "people.tsv: the users (key customer_id)\n"
                 "products.txt: the items (key id, title name)\n");
  const struct source_table *table = guess.source.table;
  assert_string_equal(guess.spec.path, guess.fixture.folder);
  assert_string_equal(table[TABLE_RATINGS].path, "orders.csv");
  assert_string_equal(table[TABLE_RATINGS].user, "Customer-ID");
  assert_string_equal(table[TABLE_RATINGS].item, "SKU");
  assert_string_equal(table[TABLE_RATINGS].rating, "Stars");
  assert_string_equal(table[TABLE_RATINGS].time, "When");
  assert_int_equal(table[TABLE_RATINGS].header, 0);
  assert_string_equal(table[TABLE_USERS].key, "customer_id");
  assert_string_equal(table[TABLE_ITEMS].key, "id");
  assert_string_equal(table[TABLE_ITEMS].name, "name");
  close_guess(&guess);
}

static void ratings_may_stand_alone(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  fixture_write(&guess.fixture, "a.csv", "reviewerID,asin,overall\nx,y,5\n");
  fixture_write(&guess.fixture, "b.csv", "reviewerID,asin,tag\nx,y,z\n"); /* of both: no owners */
  fixture_write(&guess.fixture, "c.csv", "asin\ny\n"); /* a key and nothing else */
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "a.csv: the ratings (user reviewerID, item asin, rating overall)\n");
  assert_string_equal(guess.source.table[TABLE_RATINGS].time, "");
  assert_false(guess.source.table[TABLE_USERS].given);
  assert_false(guess.source.table[TABLE_ITEMS].given);
  close_guess(&guess);
}

static void the_file_that_is_named_goes_first(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  fixture_write(&guess.fixture, "a.csv", "user,item,rating\n1,2,3\n");
  fixture_write(&guess.fixture, "z.data", "user,item,score\n1,2,3\n");
  fixture_write(&guess.fixture, "users.csv", "user,age\n1,2\n");
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "a.csv: the ratings (user user, item item, rating rating)\n"
                 "users.csv: the users (key user)\n");
  assert_guesses(&guess, "z.data", SOURCE_CSV,
                 "z.data: the ratings (user user, item item, rating score)\n"
                 "users.csv: the users (key user)\n");
  assert_string_equal(guess.spec.path, guess.fixture.folder);
  close_guess(&guess);
}

static void a_file_of_numbers_has_no_header(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  fixture_write(&guess.fixture, "r.dat", "1::10::4.5::978300760::7\n");
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "r.dat: the ratings (user user_id, item item_id, rating rating, time timestamp); "
                 "it has no header\n");
  static const char *const names[] = {"user_id", "item_id", "rating", "timestamp", "column_5"};
  const struct source_table *table = &guess.source.table[TABLE_RATINGS];
  assert_int_equal(table->header, 5);
  for (size_t i = 0; i < 5; i++) assert_string_equal(table->header_name[i], names[i]);
  fixture_write(&guess.fixture, "r.dat", "1\t10\t4\n");
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "r.dat: the ratings (user user_id, item item_id, rating rating); it has no "
                 "header\n");
  assert_int_equal(table->header, 3);
  fixture_write(&guess.fixture, "r.dat", "1\t10\n");
  assert_cannot(&guess, NULL, ": no table has columns that are a user, an item and a rating");
  close_guess(&guess);
}

static void other_forms_are_told_by_their_files(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  fixture_write(&guess.fixture, "shop.inter", "user_id:token\titem_id:token\trating:float\n");
  fixture_write(&guess.fixture, "a.csv", "user,item,rating\n1,2,3\n");
  assert_guesses(&guess, NULL, SOURCE_ATOMIC, "atomic files\n");
  assert_string_equal(guess.spec.path, guess.fixture.folder);
  fixture_write(&guess.fixture, "u.data", fixture_data);
  fixture_write(&guess.fixture, "u.user", fixture_users);
  fixture_write(&guess.fixture, "u.item", fixture_items);
  assert_guesses(&guess, NULL, SOURCE_MOVIELENS, "a folder of MovieLens\n");
  close_guess(&guess);
}

static void make_database(const struct guess *guess, const char *sql) {
  char path[512], *message = NULL;
  sqlite3 *database;
  (void)snprintf(path, sizeof path, "%s/t.db", guess->fixture.folder);
  assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
  if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
  assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void tables_of_a_database_are_queries(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  make_database(&guess,
                "CREATE TABLE \"my \"\"ratings\"\"\" (user, movie, rating);"
                "CREATE TABLE movies (id, title);"
                "CREATE VIEW a_broken_one AS SELECT user, movie, rating FROM gone;"
                "CREATE TABLE long (c23456789012345678901234567890123456789012345678);");
  assert_guesses(&guess, "t.db", SOURCE_SQLITE,
                 "my \"ratings\": the ratings (user user, item movie, rating rating)\n"
                 "movies: the items (key id, title title)\n");
  assert_string_equal(guess.source.table[TABLE_RATINGS].query,
                      "SELECT * FROM \"my \"\"ratings\"\"\"");
  assert_string_equal(guess.source.table[TABLE_ITEMS].query, "SELECT * FROM \"movies\"");
  assert_string_equal(guess.spec.path + strlen(guess.fixture.folder), "/t.db");
  assert_false(guess.source.table[TABLE_USERS].given);
  close_guess(&guess);
}

static void what_cannot_be_told_is_said_with_what_there_is(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  assert_cannot(&guess, NULL, ": no data that are known\na folder of MovieLens, of atomic files");
  fixture_write(&guess.fixture, "a.csv", "user,item,text\n1,2,nice\n");
  fixture_write(&guess.fixture, "b.csv", "who,what\n1,2\n");
  fixture_write(&guess.fixture, "c.csv", ""); /* no table: passed over */
  assert_cannot(&guess, NULL,
                ": no table has columns that are a user, an item and a rating\n"
                "a.csv has user, item, text\n"
                "b.csv has who, what\n"
                "write an experiment file that names them: 'crosslane help config', data.ratings");
  assert_cannot(&guess, "c.csv", "/c.csv: the file is empty"); /* unless it is named */
  fixture_write_bytes(&guess.fixture, "d.zip", "PK\x03\x04rest", 8);
  assert_cannot(&guess, "d.zip", "/d.zip: a zip archive\nunpack it, and name the folder");
  assert_cannot(&guess, "none", "/none: no such file or folder");
  make_database(&guess, "CREATE TABLE a (user, item)");
  assert_cannot(&guess, "t.db", "a has user, item\n");
  close_guess(&guess);
}

static void a_folder_above_movielens_names_it(void **state) {
  (void)state;
  struct guess guess;
  struct fixture inner;
  open_guess(&guess);
  (void)snprintf(inner.folder, sizeof inner.folder, "%.200s/ml", guess.fixture.folder);
  assert_int_equal(mkdir(inner.folder, 0700), 0);
  fixture_write(&inner, "u.data", fixture_data);
  assert_cannot(&guess, NULL, ": no data that are known\ndid you mean ");
  assert_has(guess.error.message, "/ml?");
  fixture_close(&inner);
  close_guess(&guess);
}

/* In the order of their names, whatever order the folder has. */
static void many_files_are_looked_at_by_name(void **state) {
  (void)state;
  struct guess guess;
  open_guess(&guess);
  for (int i = 200; i > 0; i--) {
    char name[16];
    (void)snprintf(name, sizeof name, "t%03d.csv", i);
    fixture_write(&guess.fixture, name, i <= 60 ? "x,y\n" : "user,item,rating\n");
  }
  assert_guesses(&guess, NULL, SOURCE_CSV,
                 "t061.csv: the ratings (user user, item item, rating rating)\n");
  close_guess(&guess);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables_are_told_by_the_names_of_their_columns),
      cmocka_unit_test(ratings_may_stand_alone),
      cmocka_unit_test(the_file_that_is_named_goes_first),
      cmocka_unit_test(a_file_of_numbers_has_no_header),
      cmocka_unit_test(other_forms_are_told_by_their_files),
      cmocka_unit_test(tables_of_a_database_are_queries),
      cmocka_unit_test(what_cannot_be_told_is_said_with_what_there_is),
      cmocka_unit_test(a_folder_above_movielens_names_it),
      cmocka_unit_test(many_files_are_looked_at_by_name),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
