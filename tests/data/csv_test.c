/* CSV as a stream, and numbers in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/philox.h"
#include "base/text.h"
#include "data/readers/csv.h"

/* A descriptor from which the bytes come. */
static int descriptor_of(const char *bytes, size_t count) {
  FILE *file = tmpfile();
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, count, file), count);
  assert_int_equal(fflush(file), 0);
  const int descriptor = dup(fileno(file));
  assert_int_equal(fclose(file), 0);
  assert_int_equal(lseek(descriptor, 0, SEEK_SET), 0);
  return descriptor;
}

/* Records as "a|b;c|d;", or the error's message. */
static void read_all(const char *bytes, size_t count, struct text *out) {
  struct csv_reader reader;
  struct error error = {0};
  const int descriptor = descriptor_of(bytes, count);
  assert_true(csv_open(&reader, descriptor, "t.csv", &error));
  out->length = 0;
  text_add(out, "%s", "");
  while (csv_next(&reader, &error)) {
    for (size_t f = 0; f < reader.fields; f++) {
      if (f > 0) text_add(out, "|");
      text_add_bytes(out, reader.field[f].begin,
                     (size_t)(reader.field[f].end - reader.field[f].begin));
    }
    text_add(out, ";");
  }
  if (error.kind != ERROR_NONE) text_add(out, "%s", error.message);
  csv_close(&reader);
  (void)close(descriptor);
}

static void assert_reads(const char *bytes, const char *expected) {
  struct text out = {0};
  read_all(bytes, strlen(bytes), &out);
  assert_string_equal(out.text, expected);
  text_clear(&out);
}

static void records_are_cut_into_fields(void **state) {
  (void)state;
  assert_reads("", "");
  assert_reads("a,b\nc,d\n", "a|b;c|d;");
  assert_reads("a,b\r\nc,d", "a|b;c|d;");
  assert_reads("a,,\n,\n", "a||;|;");
  assert_reads("\n\na\n\n\nb\n\n", "a;b;");
  assert_reads(
      "\xef\xbb\xbf"
      "a,b\n",
      "a|b;");
}

static void quoted_fields_hold_anything(void **state) {
  (void)state;
  assert_reads("\"a,b\",\"c\"\"d\"\n", "a,b|c\"d;");
  assert_reads("\"x\ny\",\"\"\nz,1\n", "x\ny|;z|1;");
  assert_reads("\"x\r\ny\"\r\n", "x\r\ny;");
}

static void damage_is_named_with_its_line(void **state) {
  (void)state;
  assert_reads("a\nb\"c\n", "a;t.csv:2: a quotation mark or return out of place");
  assert_reads("a\n\"b\"c\n", "a;t.csv:2: a quotation mark or return out of place");
  assert_reads("a\rb\n", "t.csv:1: a quotation mark or return out of place");
  assert_reads("\"x\ny\"\n\n\"open\n", "x\ny;t.csv:4: a quotation mark or return out of place");
}

/* Records that straddle the reader's buffer, quoted ones too. */
static void long_files_are_read_whole(void **state) {
  (void)state;
  enum { ROWS = 200000 };
  struct text text = {0};
  for (unsigned i = 0; i < ROWS; i++) text_add(&text, "%u,\"a \"\"%u\"\"\n,b\"\r\n", i, i * i);
  const int descriptor = descriptor_of(text.text, text.length);
  struct csv_reader reader;
  struct error error = {0};
  assert_true(csv_open(&reader, descriptor, "t.csv", &error));
  unsigned count = 0;
  for (; csv_next(&reader, &error); count++) {
    char expected[64];
    assert_int_equal(reader.fields, 2);
    assert_true(reader.crlf);
    assert_int_equal(reader.line, 2 * count + 1);
    const int length = snprintf(expected, sizeof expected, "a \"%u\"\n,b", count * count);
    assert_int_equal(reader.field[1].end - reader.field[1].begin, length);
    assert_memory_equal(reader.field[1].begin, expected, (size_t)length);
  }
  assert_int_equal(error.kind, ERROR_NONE);
  assert_int_equal(count, ROWS);
  csv_close(&reader);
  (void)close(descriptor);
  text_clear(&text);
}

static void assert_too_long(const char *begin) {
  const size_t size = 3 << 20;
  char *bytes = malloc(size);
  struct text out = {0};
  assert_non_null(bytes);
  memset(bytes, 'a', size);
  memcpy(bytes, begin, strlen(begin));
  read_all(bytes, size, &out);
  assert_non_null(strstr(out.text, "a record longer than 1 MiB"));
  text_clear(&out);
  free(bytes);
}

static void an_endless_record_is_refused(void **state) {
  (void)state;
  assert_too_long("a,b");
  assert_too_long("a,\"b");
}

static void assert_number(float value) {
  char own[CSV_NUMBER + 1], expected[64];
  own[csv_number(value, own)] = '\0';
  (void)snprintf(expected, sizeof expected, "%.6f", (double)value);
  assert_string_equal(own, expected);
}

static void numbers_are_written_as_printf_does(void **state) {
  (void)state;
  static const float values[] = {0, 1, 5, 3.5f, 0.1f, 4.9999995f, 1e-7f, 123456.7f, -0.25f, -3};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) assert_number(values[i]);
  struct random random;
  random_init(&random, 1, STREAM_SWEEP, 0, 0);
  for (size_t i = 0; i < 100000; i++) assert_number(1 + 4 * random_float(&random));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_are_cut_into_fields),
      cmocka_unit_test(quoted_fields_hold_anything),
      cmocka_unit_test(damage_is_named_with_its_line),
      cmocka_unit_test(long_files_are_read_whole),
      cmocka_unit_test(an_endless_record_is_refused),
      cmocka_unit_test(numbers_are_written_as_printf_does),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
