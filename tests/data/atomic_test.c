/* RecBole's atomic files: kinds in the headers, what may be left out, what is refused. */
#include "data_fixture.h"

#include <math.h>
#include <stdio.h>

#include "data/readers/atomic.h"

static const char inter[] =
    "user_id:token\titem_id:token\trating:float\ttimestamp:float\tshop:token\n"
    "u2\ti1\t4.5\t1700000000.75\tweb\n"
    "u1\ti2\t3\t1.6e9\tapp\n"
    "u1\ti9\t1\t0\tweb\n";
static const char users[] =
    "user_id:token\tage:float\tzip:token\tvector:float_seq\n"
    "u1\t31.5\t0123\t0.1 0.2\n"
    "u2\t\t0007\t\n";
static const char items[] =
    "item_id:token\ttitle:token_seq\tgenre:token_seq\tyear:token\n"
    "i1\tThe Cat\tDrama Comedy Drama\t1999\n"
    "i2\tOne\t\t2001\n";

static bool try_atomic(const struct source_spec *spec, const char *of_inter, const char *of_users,
                       const char *of_items, struct dataset *dataset, struct error *error) {
  struct fixture fixture;
  fixture_open_empty(&fixture);
  if (of_inter != NULL) fixture_write(&fixture, "shop.inter", of_inter);
  if (of_users != NULL) fixture_write(&fixture, "shop.user", of_users);
  if (of_items != NULL) fixture_write(&fixture, "shop.item", of_items);
  *dataset = (struct dataset){.name = "t"};
  *error = (struct error){0};
  const bool done = atomic_read(spec, fixture.folder, dataset, error);
  fixture_close(&fixture);
  return done;
}

static void read_atomic(const struct source_spec *spec, const char *of_inter, const char *of_users,
                        const char *of_items, struct dataset *dataset) {
  struct error error;
  if (!try_atomic(spec, of_inter, of_users, of_items, dataset, &error)) {
    fail_msg("%s", error.message);
  }
}

static void assert_refuses(const char *of_inter, const char *of_users, const char *words) {
  struct dataset dataset;
  struct error error;
  assert_false(try_atomic(NULL, of_inter, of_users, NULL, &dataset, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_int_equal(dataset.ratings, 0);
  assert_has(error.message, words);
}

static enum column_kind kind_of(const struct dataset *dataset, const char *name) {
  const struct column *column = dataset_column(dataset, name);
  assert_non_null(column);
  assert_null(column->inferred); /* the header said it */
  return column->kind;
}

static void headers_say_what_columns_are(void **state) {
  (void)state;
  struct dataset dataset;
  read_atomic(NULL, inter, users, items, &dataset);
  assert_int_equal(dataset.ratings, 3);
  assert_int_equal(dataset.users, 2);
  assert_int_equal(dataset.items, 3);
  assert_int_equal(dataset.items_unlisted, 1); /* i9 */
  assert_int_equal(kind_of(&dataset, "age"), COLUMN_NUMBER);
  assert_int_equal(kind_of(&dataset, "zip"), COLUMN_CATEGORY);
  assert_int_equal(kind_of(&dataset, "year"), COLUMN_CATEGORY); /* digits, but tokens */
  assert_int_equal(kind_of(&dataset, "genre"), COLUMN_MULTI_HOT);
  assert_int_equal(kind_of(&dataset, "shop"), COLUMN_CATEGORY);
  assert_null(dataset_column(&dataset, "vector")); /* float_seq is not read */
  assert_float_equal(number_of(&dataset, "age", 0), 31.5, 0);
  assert_true(isnan(number_of(&dataset, "age", 1)));
  assert_string_equal(cell_of(&dataset, "zip", 0), "0123");
  dataset_clear(&dataset);
}

static void values_are_those_of_the_files(void **state) {
  (void)state;
  struct dataset dataset;
  read_atomic(NULL, inter, users, items, &dataset);
  const struct column_values *genre = values_of(&dataset, "genre");
  assert_int_equal(genre->words.count, 2); /* words stand between blanks, each counts once */
  assert_int_equal(genre->offset[1] - genre->offset[0], 2);
  assert_string_equal(word_at(&dataset, "genre", genre->first[0]), "Drama");
  assert_int_equal(genre->offset[2] - genre->offset[1], 0);
  assert_float_equal(dataset.row_rating[0], 4.5F, 0);
  assert_int_equal(dataset.row_time[0], 1700000000); /* of a fraction, the second */
  assert_int_equal(dataset.row_time[1], 1600000000); /* with an exponent */
  assert_string_equal(words_text(&dataset.user_ids, dataset.row_user[0]), "u2");
  assert_string_equal(cell_of(&dataset, "shop", 1), "app");
  dataset_clear(&dataset);
}

static void times_and_tables_may_be_left_out(void **state) {
  (void)state;
  struct dataset dataset;
  read_atomic(NULL, "user_id:token\titem_id:token\trating:float\r\n1\t10\t4\r\n2\t9\t3\r\n", NULL,
              NULL, &dataset);
  assert_null(dataset.row_time);
  assert_int_equal(dataset.users_unlisted, 0); /* without a table nobody is missing in it */
  assert_string_equal(words_text(&dataset.item_ids, 0), "9"); /* numbers in their order */
  dataset_clear(&dataset);
}

static void a_config_may_name_columns_and_kinds(void **state) {
  (void)state;
  struct source_spec spec = {.columns = 1};
  (void)snprintf(spec.table[TABLE_RATINGS].user, COLUMN_NAME, "reviewer");
  (void)snprintf(spec.table[TABLE_RATINGS].rating, COLUMN_NAME, "stars");
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "age");
  spec.column[0].spec.kind = CELL_CATEGORY;
  struct dataset dataset;
  read_atomic(&spec, "reviewer:token\titem_id:token\tstars:float\na\tb\t2\n",
              "reviewer:token\tage:float\na\t31\n", NULL, &dataset);
  assert_float_equal(dataset.row_rating[0], 2, 0);
  assert_int_equal(kind_of(&dataset, "age"), COLUMN_CATEGORY);
  dataset_clear(&dataset);
}

static void a_header_without_kinds_is_refused(void **state) {
  (void)state;
  assert_refuses("user_id:token\titem_id:token\trating:double\na\tb\t1\n", NULL,
                 "shop.inter:1: column 'rating' has the type 'double', which is not token, "
                 "token_seq, float or float_seq");
  assert_refuses("user_id\titem_id\trating\na\tb\t1\n", NULL,
                 "shop.inter:1: column 'user_id' has the type '', which is not token");
  assert_refuses("user_id:token\titem_id:token\tlabel:float\na\tb\t1\n", NULL,
                 "shop.inter: there is no column 'rating'\nits columns: user_id, item_id, label");
  assert_refuses("user_id:token\titem_id:token\trating:float\trating:float\na\tb\t1\t2\n", NULL,
                 "shop.inter:1: column 'rating' stands twice");
}

static void rows_that_do_not_fit_have_their_lines(void **state) {
  (void)state;
  assert_refuses("user_id:token\titem_id:token\trating:float\na\tb\n", NULL,
                 "shop.inter:2: 2 fields, expected 3");
  assert_refuses("user_id:token\titem_id:token\trating:float\na\tb\tgood\n", NULL,
                 "shop.inter:2: rating 'good' is not a number");
  assert_refuses(inter, "user_id:token\tage:float\nu1\t30\nu2\told\n",
                 "shop.user:3: age 'old' is not a number");
  assert_refuses(inter, "user_id:token\tage:float\nu1\t30\nu1\t31\n",
                 "shop.user:3: user_id 'u1' stands in an earlier row already");
}

/* Tokens may hold commas and quotes: a tab alone separates, nothing is quoted. */
static void quotes_are_letters(void **state) {
  (void)state;
  struct dataset dataset;
  read_atomic(NULL, "user_id:token\titem_id:token\trating:float\na\t\"b\t1\nc\td,e\t2\n", NULL,
              NULL, &dataset);
  assert_string_equal(words_text(&dataset.item_ids, 0), "\"b");
  assert_string_equal(words_text(&dataset.item_ids, 1), "d,e");
  dataset_clear(&dataset);
}

static void a_folder_has_one_file_of_ratings(void **state) {
  (void)state;
  assert_refuses(NULL, users, ": no atomic file NAME.inter with ratings");
  struct fixture fixture;
  struct dataset dataset = {0};
  struct error error = {0};
  fixture_open_empty(&fixture);
  fixture_write(&fixture, "a.inter", inter);
  fixture_write(&fixture, "b.inter", inter);
  assert_false(atomic_read(NULL, fixture.folder, &dataset, &error));
  assert_has(error.message, ": more than one file NAME.inter");
  fixture_close(&fixture);
  error = (struct error){0};
  assert_false(atomic_read(NULL, "/nonexistent/folder", &dataset, &error));
  assert_has(error.message, "/nonexistent/folder: cannot open the folder: No such file");
  error = (struct error){0};
  assert_false(atomic_read(NULL, "", &dataset, &error));
  assert_string_equal(error.message,
                      "no folder of atomic files is named\n"
                      "name one in the experiment file (data.path) or by --data DIR");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(headers_say_what_columns_are),
      cmocka_unit_test(values_are_those_of_the_files),
      cmocka_unit_test(times_and_tables_may_be_left_out),
      cmocka_unit_test(a_config_may_name_columns_and_kinds),
      cmocka_unit_test(a_header_without_kinds_is_refused),
      cmocka_unit_test(rows_that_do_not_fit_have_their_lines),
      cmocka_unit_test(quotes_are_letters),
      cmocka_unit_test(a_folder_has_one_file_of_ratings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
