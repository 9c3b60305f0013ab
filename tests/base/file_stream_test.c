#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/file_stream.h"

static struct error error;

static int enter_new_folder(void **state) {
  char *folder = strdup("/tmp/crosslane-stream-XXXXXX");
  *state = folder;
  return folder != NULL && mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state) {
  (void)unlink("table");
  const int left = chdir("/") != 0 || rmdir(*state) != 0; /* nothing else is in it */
  free(*state);
  return left;
}

static void open_stream(struct file_stream *stream) {
  error = (struct error){0};
  if (!file_stream_open(stream, "table", &error)) fail_msg("%s", error.message);
}

static void pieces_are_one_file(void **state) {
  (void)state;
  struct file_stream stream;
  open_stream(&stream);
  for (uint64_t n = 0; n < 40000; n++) { /* longer than the buffer */
    file_stream_add_number(&stream, n);
    file_stream_add_text(&stream, ",\n");
  }
  file_stream_add_number(&stream, UINT64_MAX);
  assert_true(file_stream_end(&stream, &error));
  assert_false(file_exists("table"));
  assert_true(file_stream_commit(&stream, &error));
  file_stream_clear(&stream);
  size_t size, at = 0;
  char *bytes = file_read("table", FILE_MOST_TEXT, &size, ERROR_DATA, &error), expected[32];
  assert_non_null(bytes);
  for (unsigned n = 0; n < 40000; n++) {
    const int length = snprintf(expected, sizeof expected, "%u,\n", n);
    assert_memory_equal(bytes + at, expected, (size_t)length);
    at += (size_t)length;
  }
  assert_string_equal(bytes + at, "18446744073709551615");
  free(bytes);
}

static void what_is_given_up_leaves_nothing(void **state) {
  (void)state;
  struct file_stream stream;
  open_stream(&stream);
  file_stream_add_text(&stream, "half");
  file_stream_clear(&stream);
  open_stream(&stream);
  assert_true(file_stream_end(&stream, &error));
  file_stream_clear(&stream);
  file_stream_clear(&stream);
  assert_false(file_exists("table"));
}

static void a_disk_without_room_is_an_error(void **state) {
  (void)state;
  struct file_stream stream;
  struct rlimit kept, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
  small = kept;
  small.rlim_cur = 1000;
  assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  open_stream(&stream);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  for (int n = 0; n < 40000; n++) file_stream_add_text(&stream, "number");
  const bool done = file_stream_end(&stream, &error);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
  assert_false(done);
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_non_null(strstr(error.message, "table: cannot write"));
  file_stream_clear(&stream);
}

static void a_folder_that_is_not_there_is_named(void **state) {
  (void)state;
  struct file_stream stream;
  error = (struct error){0};
  assert_false(file_stream_open(&stream, "none/table", &error));
  assert_non_null(strstr(error.message, "none/table: cannot create"));
  file_stream_clear(&stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(pieces_are_one_file, enter_new_folder, leave_folder),
      cmocka_unit_test_setup_teardown(what_is_given_up_leaves_nothing, enter_new_folder,
                                      leave_folder),
      cmocka_unit_test_setup_teardown(a_disk_without_room_is_an_error, enter_new_folder,
                                      leave_folder),
      cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_named, enter_new_folder,
                                      leave_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
