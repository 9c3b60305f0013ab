/* Files of tables: headers, line ends, encodings, and what a row cannot be. */
#include "data_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "data/readers/table_rows.h"
#include "data/readers/tables_reader.h"

static struct source_spec plain_spec(void) {
  struct source_spec spec = {0};
  struct source_table *table = &spec.table[TABLE_RATINGS];
  table->given = true;
  (void)snprintf(table->path, SOURCE_PATH, "r.csv");
  (void)snprintf(table->user, COLUMN_NAME, "user");
  (void)snprintf(table->item, COLUMN_NAME, "item");
  (void)snprintf(table->rating, COLUMN_NAME, "rating");
  return spec;
}

/* The same with the items of i.csv, by "item". */
static struct source_spec spec_with_items(void) {
  struct source_spec spec = plain_spec();
  struct source_table *table = &spec.table[TABLE_ITEMS];
  table->given = true;
  (void)snprintf(table->path, SOURCE_PATH, "i.csv");
  (void)snprintf(table->key, COLUMN_NAME, "item");
  return spec;
}

static bool try_files(const struct source_spec *spec, const char *ratings, const char *items,
                      struct dataset *dataset, struct error *error) {
  struct fixture fixture;
  fixture_open_empty(&fixture);
  fixture_write(&fixture, "r.csv", ratings);
  if (items != NULL) fixture_write(&fixture, "i.csv", items);
  *dataset = (struct dataset){.name = "t"};
  *error = (struct error){0};
  const bool done = tables_read(spec, TABLES_FILES, fixture.folder, dataset, error);
  fixture_close(&fixture);
  return done;
}

static void read_files(const struct source_spec *spec, const char *ratings, const char *items,
                       struct dataset *dataset) {
  struct error error;
  if (!try_files(spec, ratings, items, dataset, &error)) fail_msg("%s", error.message);
}

static void assert_refuses(const struct source_spec *spec, const char *ratings, const char *items,
                           const char *words) {
  struct dataset dataset;
  struct error error;
  assert_false(try_files(spec, ratings, items, &dataset, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_int_equal(dataset.ratings, 0);
  assert_null(dataset.row_user);
  assert_has(error.message, words);
}

/* Three ratings, however the lines end. */
static void line_ends_may_be_mixed(void **state) {
  (void)state;
  static const char *const texts[] = {
      "user,item,rating,note\nu,a,1,x\nv,a,2,y\nw,b,3.5,z\n",
      "user,item,rating,note\r\nu,a,1,x\r\nv,a,2,y\r\nw,b,3.5,z\r\n",
      "user,item,rating,note\r\nu,a,1,x\nv,a,2,y\r\nw,b,3.5,z",
      "\xef\xbb\xbfuser,item,rating,note\n\n\nu,a,1,x\r\n\r\nv,a,2,y\n\nw,b,3.5,z\n\n\n",
      "\"user\",\"item\",\"rating\",note\n\"u\",a,\"1\",x\nv,\"a\",2,\"y\"\nw,b,3.5,z\n"};
  const struct source_spec spec = plain_spec();
  uint64_t digest = 0;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct dataset dataset;
    read_files(&spec, texts[i], NULL, &dataset);
    assert_int_equal(dataset.ratings, 3);
    assert_float_equal(dataset.row_rating[2], 3.5F, 0);
    assert_string_equal(words_text(&dataset.user_ids, dataset.row_user[2]), "w");
    assert_string_equal(cell_of(&dataset, "note", 2), "z");
    if (i == 0) digest = dataset.digest;
    assert_true(dataset.digest == digest);
    dataset_clear(&dataset);
  }
}

static void a_line_end_in_quotes_is_a_part_of_its_cell(void **state) {
  (void)state;
  const struct source_spec spec = plain_spec();
  struct dataset dataset;
  read_files(&spec, "user,item,rating,note\nu,a,1,\"one\ntwo\"\nv,a,2,\"x\r\ny\"\n", NULL,
             &dataset);
  assert_string_equal(cell_of(&dataset, "note", 0), "one\ntwo");
  assert_string_equal(cell_of(&dataset, "note", 1), "x\r\ny");
  dataset_clear(&dataset);
  /* The lines of the file are counted, not the rows. */
  assert_refuses(&spec, "user,item,rating,note\nu,a,1,\"one\ntwo\"\nv,a,bad,x\n", NULL,
                 "r.csv:4: rating 'bad' is not a number");
}

static void latin1_is_read_as_what_it_means(void **state) {
  (void)state;
  struct source_spec spec = spec_with_items();
  struct dataset dataset;
  read_files(&spec, "user,item,rating\nu,caf\xe9,1\n",
             "item,name\ncaf\xe9,\xdc"
             "ber \xa3 1\n",
             &dataset);
  assert_string_equal(words_text(&dataset.item_ids, 0), "caf\xc3\xa9");
  assert_string_equal(cell_of(&dataset, "name", 0),
                      "\xc3\x9c"
                      "ber \xc2\xa3 1");
  assert_int_equal(dataset.items_unlisted, 0);
  dataset_clear(&dataset);
  /* Each file has its own encoding: the ids are the same letters. */
  read_files(&spec, "user,item,rating\nu,caf\xc3\xa9,1\n", "item,name\ncaf\xe9,x\n", &dataset);
  assert_int_equal(dataset.items_unlisted, 0);
  dataset_clear(&dataset);
  /* Letters of a header too. */
  read_files(&spec, "user,item,rating\nu,a,1\n",
             "item,gr\xf6\xdf"
             "e\na,big\n",
             &dataset);
  assert_string_equal(cell_of(&dataset,
                              "gr\xc3\xb6\xc3\x9f"
                              "e",
                              0),
                      "big");
  dataset_clear(&dataset);
  assert_refuses(&spec, "user,item,rating\nu,caf\xc3\xa9,1\nv,caf\xe9,1\n", "item,name\na,x\n",
                 "r.csv:3: a letter that is not UTF-8, but line 2 has one that is");
}

static void a_header_must_name_each_column_once(void **state) {
  (void)state;
  const struct source_spec spec = plain_spec();
  assert_refuses(&spec, "user,item,rating,item\nu,a,1,b\n", NULL,
                 "r.csv:1: column 'item' stands twice");
  assert_refuses(&spec, "user,item,,rating\nu,a,x,1\n", NULL, "r.csv:1: column 3 has no name");
  assert_refuses(&spec,
                 "user,item,rating,c23456789012345678901234567890123456789012345678\nu,a,1,b", NULL,
                 "r.csv:1: the name of column 4 is too long (at most 47 bytes)");
  assert_refuses(&spec, "", NULL, "r.csv: the file is empty");
  assert_refuses(&spec, "\n\n\r\n", NULL, "r.csv: the file is empty");
  assert_refuses(&spec, "\xef\xbb\xbf", NULL, "r.csv: the file is empty");
  assert_refuses(&spec, "user,item,rating\n", NULL, "r.csv: there are no ratings");
  assert_refuses(&spec, "user,item,rating\nuser,item,rating\nu,a,1\n", NULL,
                 "r.csv:2: rating 'rating' is not a number"); /* the line stands twice */
}

static void a_missing_header_is_said_and_can_be_given(void **state) {
  (void)state;
  struct source_spec spec = plain_spec();
  assert_refuses(&spec, "1,2,3\n4,5,6\n", NULL,
                 "r.csv: there is no column 'user'\n"
                 "its columns: 1, 2, 3\n"
                 "the first line looks like data: name the columns with header: [...]");
  struct source_table *table = &spec.table[TABLE_RATINGS];
  static const char *const names[] = {"user", "item", "rating"};
  table->header = 3;
  for (size_t i = 0; i < 3; i++) (void)snprintf(table->header_name[i], COLUMN_NAME, "%s", names[i]);
  struct dataset dataset;
  read_files(&spec, "1,2,3\n4,5,4\n", NULL, &dataset);
  assert_int_equal(dataset.ratings, 2); /* the first line is one of them */
  assert_float_equal(dataset.row_rating[0], 3, 0);
  dataset_clear(&dataset);
  /* A header in spite of that is a row that is no rating. */
  assert_refuses(&spec, "user,item,rating\n1,2,3\n", NULL,
                 "r.csv:1: rating 'rating' is not a number");
  assert_refuses(&spec, "1,2,3,4\n", NULL, "r.csv:1: 4 fields, expected 3");
}

static void a_column_that_is_not_there_is_told_with_the_nearest(void **state) {
  (void)state;
  struct source_spec spec = plain_spec();
  assert_refuses(&spec, "user,item,ratings\nu,a,1\n", NULL,
                 "r.csv: there is no column 'rating'\n"
                 "did you mean 'ratings'?\n"
                 "its columns: user, item, ratings");
  (void)snprintf(spec.table[TABLE_RATINGS].delimiter, SOURCE_DELIMITER, ";");
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", NULL,
                 "its columns: user,item,rating\n"
                 "without delimiter, what separates the columns is found by looking");
}

static void a_rating_outside_of_the_scale_is_refused(void **state) {
  (void)state;
  struct source_spec spec = plain_spec();
  spec.has_scale = true;
  spec.scale_low = 0.5;
  spec.scale_high = 5;
  struct dataset dataset;
  read_files(&spec, "user,item,rating\nu,a,0.5\nu,b,5\nv,a,2\n", NULL, &dataset);
  assert_float_equal(dataset.scale_low, 0.5F, 0); /* not the least that was found */
  assert_float_equal(dataset.scale_high, 5, 0);
  dataset_clear(&dataset);
  assert_refuses(&spec, "user,item,rating\nu,a,5.5\nu,b,0\nv,a,2\n", NULL,
                 "r.csv:2: rating '5.5' is outside of the scale, 0.5 to 5\n");
  assert_refuses(&spec, "user,item,rating\nu,a,5.5\nu,b,0\nv,a,2\n", NULL,
                 "r.csv:3: rating '0' is outside of the scale, 0.5 to 5");
  static const char *const wrong[] = {"inf", "nan", "", "1,5", "0x1", " 1"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    struct text text = {0};
    text_add(&text, "user,item,rating\nu,a,\"%s\"\n", wrong[i]);
    assert_refuses(&spec, text.text, NULL, "r.csv:2: rating '");
    text_clear(&text);
  }
}

static void ids_that_only_ratings_have_are_counted(void **state) {
  (void)state;
  const struct source_spec spec = spec_with_items();
  struct dataset dataset;
  read_files(&spec, "user,item,rating\nu,a,1\nu,x,2\nv,y,3\nv,x,1\n",
             "item,price,colour\na,10,red\nb,20,blue\n", &dataset);
  assert_int_equal(dataset.items, 4);
  assert_int_equal(dataset.items_unlisted, 2); /* x and y */
  assert_int_equal(dataset.users_unlisted, 0); /* there is no table of users */
  assert_true(isnan(number_of(&dataset, "price", 2)));
  assert_string_equal(cell_of(&dataset, "colour", 3), "");
  dataset_clear(&dataset);
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", "item,price\na,10\na,20\n",
                 "i.csv:3: item 'a' stands in an earlier row already");
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", "item,price\n,10\n", "i.csv:2: item is empty");
  assert_refuses(&spec, "user,item,rating\n,a,1\n", "item,price\na,10\n", "r.csv:2: user is empty");
}

static void a_cell_that_does_not_fit_its_kind_has_line_and_value(void **state) {
  (void)state;
  struct source_spec spec = spec_with_items();
  spec.columns = 1;
  (void)snprintf(spec.column[0].name, COLUMN_NAME, "price");
  static const char items[] = "item,price\na,10\nb,cheap\nc,cheap\nd,dear\n";
  spec.column[0].spec.kind = CELL_NUMBER;
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", items,
                 "i.csv:3: price 'cheap' is not a number\n"); /* where it stands first */
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", items,
                 "i.csv:5: price 'dear' is not a number");
  spec.column[0].spec.kind = CELL_TIME;
  assert_refuses(&spec, "user,item,rating\nu,a,1\n", items,
                 "i.csv:3: price 'cheap' is not a date or a time");
}

/* Twenty faults of a table are shown, the others counted; the next table is not read. */
static void faults_are_collected_up_to_twenty(void **state) {
  (void)state;
  const struct source_spec spec = plain_spec();
  struct text text = {0};
  text_add(&text, "user,item,rating\n");
  for (int i = 0; i < 25; i++) text_add(&text, "u,i%d,bad\n", i);
  struct dataset dataset;
  struct error error;
  assert_false(try_files(&spec, text.text, NULL, &dataset, &error));
  assert_int_equal(error.faults, 25);
  assert_has(error.message, "r.csv:21: rating 'bad' is not a number");
  assert_null(strstr(error.message, "r.csv:22:"));
  assert_has(error.message, "\n... and 5 more");
  text_clear(&text);
}

/* A pair's rows lie apart, and two are between others: order, times and columns stay
 * with their rows. */
static void duplicates_keep_the_last_row_whole(void **state) {
  (void)state;
  static const char ratings[] =
      "user,item,rating,device\n"
      "u,a,1,one\nv,a,2,two\nu,a,4,three\nw,a,3,four\nu,a,2.5,five\nv,a,5,six\n";
  static const struct {
    enum duplicates policy;
    float rating[3]; /* of w, u, v: in the order of the last rows */
  } cases[] = {{DUPLICATES_LAST, {3, 2.5F, 5}}, {DUPLICATES_MEAN, {3, 2.5F, 3.5F}}};
  static const char *const users[] = {"w", "u", "v"}, *const devices[] = {"four", "five", "six"};
  struct source_spec spec = plain_spec();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct dataset dataset;
    spec.duplicates = cases[i].policy;
    read_files(&spec, ratings, NULL, &dataset);
    assert_int_equal(dataset.ratings, 3);
    for (size_t r = 0; r < 3; r++) {
      assert_float_equal(dataset.row_rating[r], cases[i].rating[r], 0);
      assert_string_equal(words_text(&dataset.user_ids, dataset.row_user[r]), users[r]);
      assert_string_equal(cell_of(&dataset, "device", r), devices[r]);
    }
    dataset_clear(&dataset);
  }
  spec.duplicates = DUPLICATES_ERROR;
  assert_refuses(&spec, ratings, NULL,
                 "r.csv: user 'u' rates item 'a' in rating 1 and again in 3\n"
                 "data.duplicates: last takes the last one, mean their mean");
}

/* A name that a column of an earlier table has, or one that every data set has, gets its
 * table's before it. */
static void names_that_are_taken_get_their_table_before_them(void **state) {
  (void)state;
  struct source_spec spec = spec_with_items();
  struct dataset dataset;
  read_files(&spec, "user,item,rating,code,user_id,rating_hour,a b\nu,a,1,x,7,now,y\n",
             "item,code,item_mean\na,z,8\n", &dataset);
  assert_string_equal(cell_of(&dataset, "code", 0), "z");
  assert_string_equal(cell_of(&dataset, "rating_code", 0), "x");
  assert_float_equal(number_of(&dataset, "rating_user_id", 0), 7, 0);
  assert_float_equal(number_of(&dataset, "item_item_mean", 0), 8, 0);
  assert_string_equal(cell_of(&dataset, "rating_hour", 0), "now"); /* there is no time */
  assert_string_equal(cell_of(&dataset, "a_b", 0), "y");
  dataset_clear(&dataset);
  (void)snprintf(spec.table[TABLE_RATINGS].time, COLUMN_NAME, "time");
  read_files(&spec, "user,item,rating,time,rating_hour\nu,a,1,0,now\n", "item,x\na,z\n", &dataset);
  assert_string_equal(cell_of(&dataset, "rating_rating_hour", 0), "now");
  assert_int_equal(values_of(&dataset, "rating_hour")->part, TIME_HOUR);
  dataset_clear(&dataset);
  spec.table[TABLE_RATINGS].time[0] = '\0';
  assert_refuses(&spec, "user,item,rating,rating_code,code\nu,a,1,x,y\n", "item,code\na,z\n",
                 "there are two columns 'rating_code'\n"
                 "give one of them another name, or leave it out: data.columns, ignore");
}

static void ids_and_ratings_have_no_kind(void **state) {
  (void)state;
  struct source_spec spec = plain_spec();
  static const char *const names[] = {"user", "item", "rating"};
  spec.columns = 1;
  spec.column[0].spec.kind = CELL_CATEGORY;
  for (size_t i = 0; i < 3; i++) {
    struct dataset dataset;
    struct error error;
    char expected[128];
    (void)snprintf(spec.column[0].name, COLUMN_NAME, "%s", names[i]);
    (void)snprintf(expected, sizeof expected,
                   "data.columns: '%s' is an id, the rating or the time, which have no kind",
                   names[i]);
    assert_false(try_files(&spec, "user,item,rating\nu,a,1\n", NULL, &dataset, &error));
    assert_int_equal(error.kind, ERROR_CONFIG);
    assert_string_equal(error.message, expected);
  }
}

/* The keys of trials have the digest of the data in place of how they are read. */
static void what_is_read_otherwise_has_another_digest(void **state) {
  (void)state;
  static const char ratings[] = "user,item,rating,code\nu,a,1,7\nv,a,2,8\nu,a,3,7\n";
  enum { PLAIN, MEAN, SCALE, WIDER, NUMBER, ITEM, DERIVED, CASES };
  uint64_t digest[CASES];
  for (size_t i = 0; i < CASES; i++) {
    struct source_spec spec = plain_spec();
    struct dataset dataset;
    spec.duplicates = i == MEAN ? DUPLICATES_MEAN : DUPLICATES_LAST;
    spec.has_scale = i == SCALE || i == WIDER;
    spec.scale_low = 1;
    spec.scale_high = i == WIDER ? 6 : 5;
    spec.columns = 1;
    (void)snprintf(spec.column[0].name, COLUMN_NAME, "code");
    spec.column[0].spec.kind = i == NUMBER ? CELL_NUMBER : CELL_CATEGORY;
    spec.column[0].of_item = i == ITEM;
    spec.derived = i == DERIVED;
    spec.derivation[0] =
        (struct derivation){.name = "x", .from = "code", .kind = DERIVE_PREFIX, .prefix = 1};
    read_files(&spec, ratings, NULL, &dataset);
    digest[i] = dataset.digest;
    for (size_t j = 0; j < i; j++) assert_true(digest[i] != digest[j]);
    dataset_clear(&dataset);
  }
}

/* What a file has of them is no bound on memory. */
static void different_cells_have_a_bound(void **state) {
  (void)state;
  struct column_builder builder = {.cells_most = 1000};
  struct error error = {0};
  char text[16];
  (void)snprintf(builder.column.name, COLUMN_NAME, "review");
  for (size_t i = 0; i < 5000; i++) {
    const int length = snprintf(text, sizeof text, "text %zu", i % 1000);
    assert_true(column_builder_add(&builder, text, (size_t)length, i + 2, &error));
  }
  assert_int_equal(builder.rows, 5000);
  assert_false(column_builder_add(&builder, "new", 3, 5002, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_string_equal(error.message,
                      "column 'review' has more than 1000 different values, the next in line 5002\n"
                      "leave it out with data.columns: {review: ignore}");
  assert_int_equal(builder.rows, 5000);
  column_builder_clear(&builder);
  assert_int_equal(COLUMN_CELLS_MAX, 67108864); /* as docs/your-data.md says */
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(line_ends_may_be_mixed),
      cmocka_unit_test(a_line_end_in_quotes_is_a_part_of_its_cell),
      cmocka_unit_test(latin1_is_read_as_what_it_means),
      cmocka_unit_test(a_header_must_name_each_column_once),
      cmocka_unit_test(a_missing_header_is_said_and_can_be_given),
      cmocka_unit_test(a_column_that_is_not_there_is_told_with_the_nearest),
      cmocka_unit_test(a_rating_outside_of_the_scale_is_refused),
      cmocka_unit_test(ids_that_only_ratings_have_are_counted),
      cmocka_unit_test(a_cell_that_does_not_fit_its_kind_has_line_and_value),
      cmocka_unit_test(faults_are_collected_up_to_twenty),
      cmocka_unit_test(duplicates_keep_the_last_row_whole),
      cmocka_unit_test(names_that_are_taken_get_their_table_before_them),
      cmocka_unit_test(ids_and_ratings_have_no_kind),
      cmocka_unit_test(what_is_read_otherwise_has_another_digest),
      cmocka_unit_test(different_cells_have_a_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
