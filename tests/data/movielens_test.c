/* What is read from a folder, and how it is written. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "data/readers/movielens.h"
#include "data_fixture.h"

static struct error error;

static void read_fixture(const struct fixture *fixture, struct dataset *dataset) {
  if (!movielens_read(fixture->folder, dataset, &error)) fail_msg("%s", error.message);
}

static void a_folder_is_read_as_it_stands(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  read_fixture(&fixture, &dataset);
  assert_int_equal(dataset.users, 3);
  assert_int_equal(dataset.items, 3);
  assert_int_equal(dataset.ratings, 5);
  assert_int_equal(dataset.row_user[3], 2);
  assert_int_equal(dataset.row_item[4], 2);
  assert_true(dataset.row_rating[1] == 3.0f);
  assert_int_equal(dataset.row_time[2], 300);
  assert_string_equal(cell_of(&dataset, "age", 0), "60");
  assert_string_equal(cell_of(&dataset, "gender", 0), "M");
  assert_string_equal(cell_of(&dataset, "gender", 1), "F");
  assert_string_equal(cell_of(&dataset, "zip", 1), "T8H1N");
  assert_string_equal(cell_of(&dataset, "zip_area", 1), "T");
  assert_true(dataset.scale_low == 1.0f && dataset.scale_high == 5.0f);
  assert_string_equal(dataset.item_title, "title");
  assert_false(dataset.synthetic);
  assert_true(dataset.irreducible_mse != dataset.irreducible_mse);
  assert_string_equal(dataset.name, "ml-100k-format");
  assert_int_equal(dataset.digest, dataset_digest(&dataset));
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void names_are_coded_alphabetically(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  fixture_write(&fixture, "u.user",
                "1|20|M|writer|00000\n2|20|M|artist|00000\n3|20|M|none|00000\n");
  read_fixture(&fixture, &dataset);
  assert_string_equal(word_at(&dataset, "occupation", 0), "artist");
  assert_int_equal(code_of(&dataset, "occupation", 0), 2);
  assert_int_equal(code_of(&dataset, "occupation", 1), 0);
  static const char *const genres[] = {"Action", "Drama", "Romance", "unknown"};
  for (uint32_t g = 0; g < 4; g++) {
    assert_string_equal(word_at(&dataset, "genres", g), genres[g]);
  }
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void titles_become_utf8_and_dates_years(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  read_fixture(&fixture, &dataset);
  assert_string_equal(cell_of(&dataset, "title", 2), "Caf\xc3\xa9 (1971)");
  assert_string_equal(cell_of(&dataset, "release_date", 0), "1995-01-01");
  assert_string_equal(cell_of(&dataset, "release_date", 1), "");
  assert_string_equal(cell_of(&dataset, "release_date", 2), "1971-02-04");
  assert_string_equal(cell_of(&dataset, "release_year", 0), "1995");
  assert_string_equal(cell_of(&dataset, "release_year", 1), "");
  assert_string_equal(cell_of(&dataset, "release_decade", 0), "1990s");
  assert_string_equal(cell_of(&dataset, "release_decade", 1), "unknown");
  assert_string_equal(cell_of(&dataset, "release_decade", 2), "1970s");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

/* Saved again by an editor: as UTF-8, on Windows with a byte order mark. */
static void a_folder_saved_again_is_the_same_data_set(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset plain, again;
  static const char *const marked[] = {"u.user", "u.data", "u.item"};
  fixture_open(&fixture);
  read_fixture(&fixture, &plain);
  char path[600];
  (void)snprintf(path, sizeof path, "%s/u.item", fixture.folder);
  size_t size;
  char *latin1 = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  assert_non_null(latin1);
  struct text utf8 = {0};
  for (size_t i = 0; i < size; i++) {
    const unsigned byte = (unsigned char)latin1[i];
    if (byte >= 0x80) text_add(&utf8, "%c", (int)(0xc0 | byte >> 6));
    text_add(&utf8, "%c", (int)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte));
  }
  assert_true(utf8.length > size);
  fixture_write(&fixture, "u.item", utf8.text);
  text_clear(&utf8);
  free(latin1);
  read_fixture(&fixture, &again);
  assert_string_equal(cell_of(&again, "title", 2), "Caf\xc3\xa9 (1971)");
  assert_true(again.digest == plain.digest);
  dataset_clear(&again);
  for (size_t i = 0; i < 3; i++) {
    (void)snprintf(path, sizeof path, "%s/%s", fixture.folder, marked[i]);
    char *bytes = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
    struct text text = {0};
    text_add(&text, "\xef\xbb\xbf%s", bytes);
    fixture_write(&fixture, marked[i], text.text);
    text_clear(&text);
    free(bytes);
  }
  read_fixture(&fixture, &again);
  assert_true(again.digest == plain.digest);
  dataset_clear(&again);
  dataset_clear(&plain);
  fixture_close(&fixture);
}

static void the_first_genre_is_the_first_flag_of_the_file(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  read_fixture(&fixture, &dataset);
  assert_string_equal(cell_of(&dataset, "genre", 0), "Drama"); /* before Romance */
  assert_string_equal(cell_of(&dataset, "genres", 0), "Drama|Romance");
  assert_string_equal(cell_of(&dataset, "genre", 1), "unknown");
  assert_string_equal(cell_of(&dataset, "genre", 2), "Action");
  dataset_clear(&dataset);
  /* Flags in an order of the folder's own, with an empty line at its end. */
  fixture_write(&fixture, "u.genre", "War|0\nDrama|1\nComedy|2\n\n");
  struct text items = {0};
  fixture_add_item(&items, 1, "A", "", "110");
  fixture_add_item(&items, 2, "B", "", "011");
  fixture_add_item(&items, 3, "C", "", "001");
  fixture_write(&fixture, "u.item", items.text);
  text_clear(&items);
  read_fixture(&fixture, &dataset);
  assert_string_equal(word_at(&dataset, "genres", 0), "Comedy");
  assert_string_equal(cell_of(&dataset, "genre", 0), "War");
  assert_string_equal(cell_of(&dataset, "genre", 1), "Drama");
  assert_string_equal(cell_of(&dataset, "genres", 1), "Comedy|Drama");
  assert_string_equal(cell_of(&dataset, "genre", 2), "Comedy");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void carriage_returns_and_a_missing_last_newline_are_accepted(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset plain, dos;
  fixture_open(&fixture);
  read_fixture(&fixture, &plain);
  fixture_write(&fixture, "u.user",
                "1|60|M|retired|12345\r\n2|19|F|student|T8H1N\r\n3|33|F|writer|98765");
  fixture_write(&fixture, "u.data",
                "1\t1\t5\t100\r\n2\t1\t3\t200\r\n2\t2\t1\t300\r\n3\t3\t4\t400\r\n1\t3\t2\t500");
  read_fixture(&fixture, &dos);
  assert_int_equal(plain.digest, dos.digest);
  dataset_clear(&plain);
  dataset_clear(&dos);
  fixture_close(&fixture);
}

static void ids_may_have_gaps_and_any_order(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  fixture_write(&fixture, "u.user", "4000000000|60|M|a|1\n2|19|F|b|2\n70|33|F|c|3\n5|33|F|c|3\n");
  fixture_write(&fixture, "u.data",
                "70\t1\t1\t10\n4000000000\t1\t2\t10\n2\t1\t3\t10\n5\t1\t4\t10\n");
  read_fixture(&fixture, &dataset);
  static const char *const ids[] = {"2", "5", "70", "4000000000"};
  static const uint32_t rows[] = {2, 3, 0, 1};
  for (size_t i = 0; i < 4; i++) {
    assert_string_equal(words_text(&dataset.user_ids, (uint32_t)i), ids[i]);
    assert_int_equal(dataset.row_user[i], rows[i]);
  }
  assert_string_equal(cell_of(&dataset, "age", 3), "60");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void a_written_folder_reads_back_to_the_same_digest(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset first, again;
  fixture_open(&fixture);
  read_fixture(&fixture, &first);
  assert_true(movielens_write(&first, fixture.folder, &error));
  read_fixture(&fixture, &again);
  assert_int_equal(first.digest, again.digest);
  assert_false(again.synthetic);
  size_t size;
  char path[512];
  (void)snprintf(path, sizeof path, "%s/u2.test", fixture.folder);
  char *fold = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  assert_string_equal(fold, "2\t1\t3\t200\n");
  free(fold);
  (void)snprintf(path, sizeof path, "%s/u2.base", fixture.folder);
  fold = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  assert_string_equal(fold, "1\t1\t5\t100\n1\t3\t2\t500\n2\t2\t1\t300\n3\t3\t4\t400\n");
  free(fold);
  (void)snprintf(path, sizeof path, "%s/u.info", fixture.folder);
  char *info = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  assert_string_equal(info, "3 users\n3 items\n5 ratings\n");
  free(info);
  dataset_clear(&first);
  dataset_clear(&again);
  fixture_close(&fixture);
}

static void an_order_of_flags_of_its_own_survives_writing(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset first, again;
  fixture_open(&fixture);
  fixture_write(&fixture, "u.genre", "War|0\nDrama|1\nunknown|2\nComedy|3\n");
  struct text items = {0};
  fixture_add_item(&items, 1, "A", "", "1101");
  fixture_add_item(&items, 2, "B", "", "0101");
  fixture_add_item(&items, 3, "C", "", "0010");
  fixture_write(&fixture, "u.item", items.text);
  text_clear(&items);
  read_fixture(&fixture, &first);
  assert_true(movielens_write(&first, fixture.folder, &error));
  read_fixture(&fixture, &again);
  assert_int_equal(first.digest, again.digest);
  dataset_clear(&again);
  /* Now A wants War first, and B wants Drama before it: no order does both. */
  const uint32_t first_of_a = values_of(&first, "genres")->first[0];
  const uint32_t all[] = {0, 1, 2, 3}, of_b = values_of(&first, "genres")->first[1];
  set_codes(&first, "genres", 1, all, 4);
  values_of(&first, "genres")->first[1] = of_b;
  assert_int_not_equal(first_of_a, of_b);
  assert_false(movielens_write(&first, fixture.folder, &error));
  assert_has(error.message, "no order of the genres");
  dataset_clear(&first);
  fixture_close(&fixture);
}

static void a_title_that_latin1_lacks_is_not_written(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  read_fixture(&fixture, &dataset);
  struct words *titles = &values_of(&dataset, "title")->words;
  memcpy(titles->bytes + titles->at[code_of(&dataset, "title", 1)], "5 \xe2\x82\xac", 6);
  assert_false(movielens_write(&dataset, fixture.folder, &error));
  assert_has(error.message, "film 2: its title cannot be written");
  dataset_clear(&dataset);
  fixture_close(&fixture);
}

static void the_digest_sees_every_field(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset d;
  fixture_open(&fixture);
  read_fixture(&fixture, &d);
  uint64_t digest = d.digest;
#define CHANGED(field, value)                         \
  do {                                                \
    __typeof__(field) kept = field;                   \
    field = (__typeof__(field))(value);               \
    assert_int_not_equal(dataset_digest(&d), digest); \
    field = kept;                                     \
    assert_int_equal(dataset_digest(&d), digest);     \
  } while (0)
  CHANGED(d.row_user[1], 0);
  CHANGED(d.row_item[1], 2);
  CHANGED(d.row_rating[4], 4);
  CHANGED(d.row_time[4], 501);
  CHANGED(d.scale_low, 0.5f);
  CHANGED(d.user_ids.bytes[0], '9');
  CHANGED(d.item_ids.bytes[2], '9');
  CHANGED(values_of(&d, "age")->number[2], 34);
  CHANGED(values_of(&d, "gender")->code[2], 1);
  CHANGED(values_of(&d, "occupation")->code[2], 0);
  CHANGED(values_of(&d, "zip")->words.bytes[4], '4');
  CHANGED(values_of(&d, "title")->words.bytes[0], 'm');
  CHANGED(values_of(&d, "genres")->entry[0], 0);
  CHANGED(values_of(&d, "genres")->first[0], 2);
  CHANGED(values_of(&d, "release_date")->number[0], 1996);
  CHANGED(values_of(&d, "genres")->words.bytes[0], 'c');
  CHANGED(values_of(&d, "release_year")->number[0], 1996);
  dataset_clear(&d);
  fixture_close(&fixture);
}

static void a_set_that_was_cut_off_is_refused(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  fixture_write(&fixture, "u.info", "3 users\n3 items\n9 ratings\n");
  assert_false(movielens_read(fixture.folder, &dataset, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_has(error.message, "ratings, u.info counts 9: was the file cut off?");
  fixture_close(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_set_that_was_cut_off_is_refused),
      cmocka_unit_test(a_folder_is_read_as_it_stands),
      cmocka_unit_test(names_are_coded_alphabetically),
      cmocka_unit_test(titles_become_utf8_and_dates_years),
      cmocka_unit_test(a_folder_saved_again_is_the_same_data_set),
      cmocka_unit_test(the_first_genre_is_the_first_flag_of_the_file),
      cmocka_unit_test(carriage_returns_and_a_missing_last_newline_are_accepted),
      cmocka_unit_test(ids_may_have_gaps_and_any_order),
      cmocka_unit_test(a_written_folder_reads_back_to_the_same_digest),
      cmocka_unit_test(an_order_of_flags_of_its_own_survives_writing),
      cmocka_unit_test(a_title_that_latin1_lacks_is_not_written),
      cmocka_unit_test(the_digest_sees_every_field),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
