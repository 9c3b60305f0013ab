/* Damaged files: each fault is refused with its file and line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/readers/movielens.h"
#include "data/readers/movielens_check.h"
#include "data_fixture.h"

static struct error error;

struct damage {
  const char *file, *text, *message; /* of the file with this text */
};

/* A film's line: FILM("2", "A", "01-Jan-1995", "1") with flag 0 as given. */
#define FILM(id, title, date, flag) \
  id "|" title "|" date "|||" flag "|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0|0\n"
#define GOOD_FILM FILM("1", "A", "", "1")

static const struct damage damages[] = {
    {"u.data", "1\t1\t5\t100\n2\t1\t3\n", "u.data:2: 3 fields, expected 4"},
    {"u.data", "1\t1\t5\t100\t1\n", "u.data:1: 5 fields, expected 4"},
    {"u.data", "1::1::5::100\n", "u.data:1: 1 field, expected 4, separated by tabs"},
    {"u.data", "1\t1\t5\t100\n\n2\t1\t3\t1\n", "u.data:2: the line is empty"},
    {"u.data", "one\t1\t5\t100\n", "u.data:1: user id 'one' is not a whole number"},
    {"u.data", "1\t\t5\t100\n", "u.data:1: film id is missing"},
    {"u.data", "0\t1\t5\t100\n", "u.data:1: user id 0 is outside 1 to"},
    {"u.data", "1\t1\t6\t100\n", "u.data:1: rating 6 is outside 1 to 5"},
    {"u.data", "1\t1\t0\t100\n", "u.data:1: rating 0 is outside 1 to 5"},
    {"u.data", "1\t1\t3.5\t100\n", "u.data:1: rating '3.5' is not a whole number"},
    {"u.data", "1\t1\t-1\t100\n", "u.data:1: rating '-1' is not a whole number"},
    {"u.data", "1\t1\t5\t1e9\n", "u.data:1: time '1e9' is not a whole number"},
    {"u.data", "1\t1\t5\t874965758000\n", "u.data:1: time 874965758000 is outside"},
    {"u.data", "1\t1\t5\t100\n9\t1\t5\t100\n", "u.data:2: user 9 is not in u.user"},
    {"u.data", "1\t9\t5\t100\n", "u.data:1: film 9 is not in u.item"},
    {"u.data", "1\t1\t5\t1\n2\t1\t5\t1\n1\t1\t4\t2\n",
     "u.data:3: user 1 rates film 1 in line 1 already"},
    {"u.data", "bad\n1\t1\t5\t1\n1\t1\t4\t2\n", "u.data:3: user 1 rates film 1 in line 2 already"},
    {"u.data", "", "u.data: the file is empty"},
    {"u.data", "\n\r\n", "u.data: the file is empty"},
    {"u.user", "1|60|M|retired\n", "u.user:1: 4 fields, expected 5"},
    {"u.user", "1|60|M|retired|1|2\n", "u.user:1: 6 fields, expected 5"},
    {"u.user", "1|0|M|retired|1\n", "u.user:1: age 0 is outside 1 to 120"},
    {"u.user", "1|121|M|retired|1\n", "u.user:1: age 121 is outside 1 to 120"},
    {"u.user", "1||M|retired|1\n", "u.user:1: age is missing"},
    {"u.user", "1|20|X|retired|1\n", "u.user:1: gender 'X' is not M or F"},
    {"u.user", "1|20|MF|retired|1\n", "u.user:1: gender 'MF' is not M or F"},
    {"u.user", "1|20||retired|1\n", "u.user:1: gender '' is not M or F"},
    {"u.user", "1|20|M||1\n", "u.user:1: occupation is missing"},
    {"u.user", "1|20|M|a|\n", "u.user:1: zip is missing"},
    {"u.user", "1|20|M|a|123456789012\n", "u.user:1: zip '123456789012' is longer than 11 bytes"},
    {"u.user", "1|20|M|a\001b|1\n", "u.user:1: occupation 'a?b' holds the control character 0x01"},
    {"u.user", "1|20|M|a|1\n2|20|M|a|1\n1|21|F|b|2\n",
     "u.user:3: user id 1 stands in line 1 already"},
    {"u.user", "99999999999|20|M|a|1\n", "u.user:1: user id 99999999999 is outside"},
    {"u.item", "1|A||||1|0\n", "u.item:1: 7 fields, expected 24"},
    {"u.item", GOOD_FILM FILM("x", "A", "", "1"), "u.item:2: film id 'x' is not a whole number"},
    {"u.item", GOOD_FILM FILM("1", "B", "", "1"), "u.item:2: film id 1 stands in line 1 already"},
    {"u.item", FILM("1", "", "", "1"), "u.item:1: title is missing"},
    {"u.item", FILM("1", "A\033", "", "1"), "holds the control character 0x1b"},
    {"u.item", FILM("1", "A", "", "0"), "u.item:1: film 1 has no genre flag set"},
    {"u.item", FILM("1", "A", "", "2"), "u.item:1: flag 0 (unknown) is '2', not 0 or 1"},
    {"u.item", FILM("1", "A", "1995-01-01", "1"), "u.item:1: release date '1995-01-01' is not"},
    {"u.item", FILM("1", "A", "01-jan-1995", "1"), "u.item:1: release date '01-jan-1995' is not"},
    {"u.item", FILM("1", "A", "32-Jan-1995", "1"), "u.item:1: release date '32-Jan-1995' is not"},
    {"u.item", FILM("1", "A", "01-Jan-1395", "1"), "u.item:1: release date '01-Jan-1395' is not"},
    {"u.item", FILM("1", "A", "-Jan-1995", "1"), "u.item:1: release date '-Jan-1995' is not"},
    {"u.genre", "unknown|0\nAction|2\n", "u.genre:2: the place of the flag is 2, expected 1"},
    {"u.genre", "War|0\nWar|1\n", "u.genre:2: genre 'War' stands in the file already"},
    {"u.genre", "War\n", "u.genre:1: 1 field, expected 2"},
    {"u.genre", "War|32\n", "u.genre:1: the place of the flag 32 is outside 0 to 31"},
    {"synthetic.json", "{", "synthetic.json:1:1: "},
    {"synthetic.json", "{\"irreducible_mse\": 1, \"digest\": \"00\"}",
     "synthetic.json: marks generated data with digest 00"},
    {"synthetic.json", "{\"digest\": \"00\"}", "synthetic.json: Object item not found"},
};

static void a_damaged_row_is_refused_with_its_line(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
    struct fixture fixture;
    fixture_open(&fixture);
    fixture_write(&fixture, damages[i].file, damages[i].text);
    assert_refused(&fixture, damages[i].message);
    fixture_close(&fixture);
  }
}

static void a_line_is_shown_with_all_its_faults(void **state) {
  (void)state;
  struct fixture fixture;
  fixture_open(&fixture);
  fixture_write(&fixture, "u.data", "x\ty\t9\t-\n");
  assert_refused(&fixture, "u.data:1: user id 'x'");
  assert_refused(&fixture, "u.data:1: film id 'y'");
  assert_refused(&fixture, "u.data:1: rating 9");
  assert_refused(&fixture, "u.data:1: time '-'");
  fixture_close(&fixture);
}

static void binary_rubbish_is_one_fault(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  fixture_open(&fixture);
  static const char rubbish[] = "\x1f\x8b\n\x08\0\xff\n\n\0\x80";
  fixture_write_bytes(&fixture, "u.data", rubbish, sizeof rubbish - 1);
  assert_refused(&fixture, "u.data:2: not a text file: it holds a zero byte here");
  assert_false(movielens_read(fixture.folder, &dataset, &error));
  assert_int_equal(error.faults, 1);
  fixture_close(&fixture);
}

static void an_overlong_line_is_refused(void **state) {
  (void)state;
  struct fixture fixture;
  struct text data = {0};
  fixture_open(&fixture);
  text_add(&data, "1\t1\t5\t100\n%05000d\n1\t2\t5\t100\n", 0);
  fixture_write(&fixture, "u.data", data.text);
  assert_refused(&fixture, "u.data:2: the line is longer than 4096 bytes");
  text_clear(&data);
  fixture_close(&fixture);
}

static void twenty_faults_are_shown_and_the_rest_counted(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset dataset;
  struct text data = {0};
  fixture_open(&fixture);
  for (int i = 0; i < 33; i++) text_add(&data, "broken\n");
  fixture_write(&fixture, "u.data", data.text);
  text_clear(&data);
  assert_false(movielens_read(fixture.folder, &dataset, &error));
  assert_int_equal(error.faults, 33);
  assert_has(error.message, "u.data:20: ");
  assert_null(strstr(error.message, "u.data:21: "));
  assert_has(error.message, "\n... and 13 more");
  fixture_close(&fixture);
}

static void a_missing_folder_or_file_says_how_to_get_the_data(void **state) {
  (void)state;
  struct fixture fixture, nowhere = {"/nonexistent/ml-100k"};
  assert_refused(&nowhere, "/nonexistent/ml-100k: no such folder");
  assert_refused(&nowhere, "tools/fetch-movielens 100k /nonexistent/ml-100k");
  assert_refused(&nowhere, "CROSSLANE_DATA");
  assert_refused(&nowhere, "--data DIR");
  assert_refused(&nowhere, "--set data.source=synthetic");
  fixture_open(&fixture);
  fixture_remove(&fixture, "u.item");
  assert_refused(&fixture, ": no MovieLens 100K folder: it has no u.item");
  assert_refused(&fixture, "tools/fetch-movielens 100k ml-100k\n"); /* not into this folder */
  fixture_close(&fixture);
}

static void assert_no_advice_to_download(struct fixture *fixture) {
  struct dataset dataset;
  assert_false(movielens_read(fixture->folder, &dataset, &error));
  assert_null(strstr(error.message, "fetch-movielens"));
}

static void another_data_set_is_told_as_such(void **state) {
  (void)state;
  struct fixture fixture, nameless = {""}, nested;
  assert_refused(&nameless,
                 "no data folder is named\nname one in the experiment file (data.path), "
                 "by --data DIR or by CROSSLANE_DATA=DIR");
  fixture_open(&fixture);
  fixture_remove(&fixture, "u.data");
  fixture_write(&fixture, "ratings.dat", "1::1193::5::978300760\n");
  assert_refused(&fixture, "it has ratings.dat, but no movies.dat");
  assert_no_advice_to_download(&fixture);
  fixture_remove(&fixture, "ratings.dat");
  fixture_write(&fixture, "ratings.csv", "userId,movieId,rating,timestamp\n");
  assert_refused(&fixture, "it has ratings.csv, but no movies.csv");
  assert_no_advice_to_download(&fixture);
  fixture_remove(&fixture, "ratings.csv");
  (void)snprintf(nested.folder, sizeof nested.folder, "%.240s/ml-100k", fixture.folder);
  assert_int_equal(mkdir(nested.folder, 0700), 0);
  fixture_write(&nested, "u.data", "");
  assert_refused(&fixture, "/ml-100k?");
  assert_no_advice_to_download(&fixture);
  fixture_remove(&nested, "u.data");
  assert_int_equal(rmdir(nested.folder), 0);
  fixture_close(&fixture);
}

static void a_file_too_long_is_refused_unread(void **state) {
  (void)state;
  struct fixture fixture;
  char path[600];
  fixture_open(&fixture);
  (void)snprintf(path, sizeof path, "%s/u.data", fixture.folder);
  assert_int_equal(truncate(path, (off_t)10 << 30), 0); /* a sparse file */
  assert_refused(&fixture, "u.data: longer than 4096 MiB, the most that is read of such a file");
  fixture_close(&fixture);
}

static void check_tells_a_sound_folder(void **state) {
  (void)state;
  struct fixture fixture;
  struct text report = {0};
  fixture_open(&fixture);
  fixture_write(&fixture, "u1.test", "2\t1\t3\t200\n");
  fixture_write(&fixture, "u1.base", "1\t1\t5\t100\n2\t2\t1\t300\n3\t3\t4\t400\n1\t3\t2\t500\n");
  fixture_write(&fixture, "u2.test", "2\t1\t3\t200\n");
  fixture_write(&fixture, "u2.base", "1\t1\t5\t100\n");
  if (!movielens_check(fixture.folder, &report, &error))
    fail_msg("%s%s", report.text, error.message);
  assert_has(report.text, "ratings        5\n");
  assert_has(report.text, "users          3\n");
  assert_has(report.text, "items          3\n");
  assert_has(report.text, "scale          1 to 5\n");
  assert_has(report.text, "mean           3.00000\n");
  assert_has(report.text, "variance       2.00000\n");
  assert_has(report.text, "age              users    number           3        0  19 to 60\n");
  assert_has(report.text, "gender           users    category         2        0  F, M\n");
  assert_has(report.text, "release_year     items    number           2        1  1971 to 1995\n");
  assert_has(report.text, "release_date     items    number           2        1  1971-02-04 to ");
  assert_has(report.text, "5              1 (20.0 %)\n");
  assert_has(report.text, "fold u1        4 base + 1 test: together all rows of u.data\n");
  assert_has(report.text, "fold u2        1 base + 1 test: only some rows of u.data\n");
  text_clear(&report);
  fixture_close(&fixture);
}

static void check_collects_the_faults_of_all_files(void **state) {
  (void)state;
  struct fixture fixture;
  struct text report = {0};
  fixture_open(&fixture);
  fixture_write(&fixture, "u.user",
                "1|600|M|retired|12345\n2|19|F|student|T8H1N\n3|33|?|writer|98765\n");
  fixture_write(&fixture, "u.item", GOOD_FILM FILM("2", "B", "", "0") FILM("3", "C", "", "1"));
  fixture_write(&fixture, "u.data", "1\t1\t5\t100\n2\t1\t8\t200\n");
  fixture_write(&fixture, "u1.base", "1\t1\t5\t100\n1\t1\t5\t100\n");
  fixture_write(&fixture, "ub.test", "1\t1\t4\t100\n3\t3\t4\t100\n");
  assert_false(movielens_check(fixture.folder, &report, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_has(report.text, "u.user:1: age 600 is outside");
  assert_has(report.text, "u.user:3: gender '?'");
  assert_has(report.text, "u.item:2: film 2 has no genre");
  assert_has(report.text, "u.data:2: rating 8");
  assert_has(report.text, "the folds are not checked: they need the other files to be sound");
  assert_has(error.message, ": 4 faults in 3 files");
  assert_null(strstr(report.text, "is not in u.user"));
  text_clear(&report);
  fixture_close(&fixture);
}

static void check_refuses_folds_whose_parts_overlap(void **state) {
  (void)state;
  struct fixture fixture;
  struct text report = {0};
  fixture_open(&fixture);
  fixture_write(&fixture, "u1.test", "2\t1\t3\t200\n3\t3\t4\t400\n");
  fixture_write(&fixture, "u1.base", "1\t1\t5\t100\n2\t1\t3\t200\n");
  assert_false(movielens_check(fixture.folder, &report, &error));
  assert_has(report.text, "u1.base and u1.test share 1 row\n");
  assert_has(error.message, ": 1 fault in 1 file");
  text_clear(&report);
  fixture_close(&fixture);
}

static void check_without_users_leaves_out_what_needs_them(void **state) {
  (void)state;
  struct fixture fixture;
  struct text report = {0};
  fixture_open(&fixture);
  fixture_write(&fixture, "u.user", "");
  assert_false(movielens_check(fixture.folder, &report, &error));
  assert_has(report.text, "u.user: the file is empty\n");
  assert_has(report.text, "u.data and the folds are not checked");
  assert_null(strstr(report.text, "u.data:"));
  assert_int_equal(error.faults, 1);
  text_clear(&report);
  fixture_close(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_damaged_row_is_refused_with_its_line),
      cmocka_unit_test(a_line_is_shown_with_all_its_faults),
      cmocka_unit_test(binary_rubbish_is_one_fault),
      cmocka_unit_test(an_overlong_line_is_refused),
      cmocka_unit_test(twenty_faults_are_shown_and_the_rest_counted),
      cmocka_unit_test(a_missing_folder_or_file_says_how_to_get_the_data),
      cmocka_unit_test(another_data_set_is_told_as_such),
      cmocka_unit_test(a_file_too_long_is_refused_unread),
      cmocka_unit_test(check_tells_a_sound_folder),
      cmocka_unit_test(check_collects_the_faults_of_all_files),
      cmocka_unit_test(check_refuses_folds_whose_parts_overlap),
      cmocka_unit_test(check_without_users_leaves_out_what_needs_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
