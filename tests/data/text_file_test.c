/* A text file before it is read: what separates its columns, its letters, what is no text. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/readers/text_file.h"
#include "data_fixture.h"

enum { CHUNK = 1 << 18 }; /* what the reader looks at in one go */

struct look {
  struct fixture fixture;
  struct text_file file;
  struct error error;
  char path[512];
  bool done;
};

static void look_at(struct look *look, const char *bytes, size_t size) {
  *look = (struct look){0};
  fixture_open_empty(&look->fixture);
  fixture_write_bytes(&look->fixture, "f", bytes, size);
  (void)snprintf(look->path, sizeof look->path, "%s/f", look->fixture.folder);
  look->done = text_file_open(&look->file, look->path, &look->error);
}

static void look_away(struct look *look) {
  if (look->done) (void)close(look->file.descriptor);
  fixture_close(&look->fixture);
}

/* "DELIMITER utf8", "DELIMITER latin1", or the message after the path. */
static void assert_looks(const char *bytes, size_t size, const char *expected) {
  struct look look;
  char found[512];
  look_at(&look, bytes, size);
  if (look.done) {
    char first = '?';
    (void)snprintf(found, sizeof found, "%s %s", look.file.delimiter,
                   look.file.latin1 ? "latin1" : "utf8");
    assert_int_equal(read(look.file.descriptor, &first, 1), 1); /* at the beginning */
    assert_int_equal(first, bytes[0]);
  } else {
    assert_int_equal(look.error.kind, ERROR_DATA);
    (void)snprintf(found, sizeof found, "%s", look.error.message + strlen(look.path));
  }
  assert_string_equal(found, expected);
  look_away(&look);
}

#define LOOKS(text, expected) assert_looks(text, sizeof(text) - 1, expected)

static void the_delimiter_is_the_one_that_the_first_line_has_most_of(void **state) {
  (void)state;
  LOOKS("a,b,c\n", ", utf8");
  LOOKS("a\tb,c\td\n", "\t utf8");
  LOOKS("name, first;age;zip\n", "; utf8");
  LOOKS("a|b|c,d", "| utf8");
  LOOKS("1::2::3::4\n", ":: utf8");
  LOOKS("a:b,c\n", ", utf8");          /* one colon separates nothing */
  LOOKS("a;b,c\n", "; utf8");          /* of two that stand as often, the rarer in texts */
  LOOKS("alone\n", ", utf8");          /* one column */
  LOOKS("a,b\n1;2;3;4\n", ", utf8");   /* further lines are not asked */
  LOOKS("a;b\r\n1,2,3\r\n", "; utf8"); /* line ends of Windows */
  LOOKS(
      "\xef\xbb\xbf"
      "a;b\n",
      "; utf8"); /* a byte-order mark */
}

static void the_encoding_is_found_by_looking_at_all_of_it(void **state) {
  (void)state;
  LOOKS("a,b\nplain,ascii\n", ", utf8");
  LOOKS("a,b\ncaf\xc3\xa9,1\n", ", utf8");
  LOOKS("a,b\ncaf\xe9,1\n", ", latin1");
  LOOKS("a,b\n1,caf\xe9", ", latin1");          /* at the very end */
  LOOKS("a,b\n1,caf\xc3", ", latin1");          /* where UTF-8 would need one byte more */
  LOOKS("a,b\n\xf0\x9f\x8e\xac,1\n", ", utf8"); /* four bytes */
}

static void a_letter_of_another_encoding_is_named_with_both_lines(void **state) {
  (void)state;
  LOOKS("a,b\nx,caf\xc3\xa9\ny,plain\nz,caf\xe9\n",
        ":4: a letter that is not UTF-8, but line 2 has one that is\n"
        "save the file in one encoding, UTF-8 or Latin-1");
  LOOKS("a,b\nx,caf\xe9\ny,caf\xc3\xa9\n",
        ":2: a letter that is not UTF-8, but line 3 has one that is\n"
        "save the file in one encoding, UTF-8 or Latin-1");
  LOOKS(
      "\xef\xbb\xbf"
      "a,b\nx,caf\xe9\n", /* the mark is UTF-8 too */
      ":2: a letter that is not UTF-8, but line 1 has one that is\n"
      "save the file in one encoding, UTF-8 or Latin-1");
}

static void what_is_no_text_is_refused(void **state) {
  (void)state;
  LOOKS("", ": the file is empty");
  LOOKS("a,b\n1,2\n3,\0\n", ":3: not a text file: it holds a zero byte here");
  struct fixture fixture;
  struct text_file file;
  char path[512];
  struct error error = {0};
  fixture_open_empty(&fixture);
  assert_false(text_file_open(&file, fixture.folder, &error));
  assert_has(error.message, ": not a regular file");
  (void)snprintf(path, sizeof path, "%s/pipe", fixture.folder);
  assert_int_equal(mkfifo(path, 0600), 0);
  assert_false(text_file_open(&file, path, &error)); /* and does not wait for a writer */
  assert_has(error.message, "/pipe: not a regular file");
  (void)snprintf(path, sizeof path, "%s/none", fixture.folder);
  assert_false(text_file_open(&file, path, &error));
  assert_has(error.message, "/none: cannot open: No such file or directory");
  fixture_close(&fixture);
}

/* Letters of two to four bytes at every place around the border of two reads, and lines
 * are counted on after it. */
static void letters_across_two_reads_are_whole(void **state) {
  (void)state;
  static const char *const letters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8e\xac"};
  enum { SIZE = CHUNK + 64 };
  char *bytes = malloc(SIZE);
  assert_non_null(bytes);
  for (size_t l = 0; l < sizeof letters / sizeof *letters; l++) {
    for (size_t at = CHUNK - 6; at < CHUNK + 6; at++) {
      memset(bytes, 'x', SIZE);
      for (size_t i = 99; i < SIZE; i += 100) bytes[i] = '\n';
      memcpy(bytes + at, letters[l], strlen(letters[l]));
      assert_looks(bytes, SIZE, ", utf8");
    }
  }
  memset(bytes, 'x', SIZE);
  for (size_t i = 99; i < SIZE; i += 100) bytes[i] = '\n';
  bytes[CHUNK + 30] = '\0';
  char expected[128];
  (void)snprintf(expected, sizeof expected, ":%d: not a text file: it holds a zero byte here",
                 (CHUNK + 30) / 100 + 1);
  assert_looks(bytes, SIZE, expected);
  free(bytes);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_delimiter_is_the_one_that_the_first_line_has_most_of),
      cmocka_unit_test(the_encoding_is_found_by_looking_at_all_of_it),
      cmocka_unit_test(a_letter_of_another_encoding_is_named_with_both_lines),
      cmocka_unit_test(what_is_no_text_is_refused),
      cmocka_unit_test(letters_across_two_reads_are_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
