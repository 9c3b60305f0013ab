/* Folders for files that are not kept, and those that a killed process left. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/scratch.h"

static char place[256]; /* TMPDIR */

static int enter(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(place, sizeof place, "%s/crosslane-test-XXXXXX", base != NULL ? base : "/tmp");
  return mkdtemp(place) != NULL ? setenv("TMPDIR", place, 1) : -1;
}

static int leave(void **state) {
  (void)state;
  (void)unsetenv("TMPDIR");
  char command[512];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", place);
  return system(command);
}

static void put_file(const char *folder) {
  struct error error = {0};
  char *path = file_join(folder, "file", &error);
  assert_true(file_write_atomic(path, "text", 4, &error));
  free(path);
}

static void make_old(const char *folder) {
  const struct utimbuf times = {.actime = time(NULL) - 3600, .modtime = time(NULL) - 3600};
  assert_int_equal(utime(folder, &times), 0);
}

static void make_another(void) {
  struct scratch other;
  struct error error = {0};
  assert_true(scratch_make(&other, &error));
  scratch_remove(&other);
}

static void it_is_empty_and_goes_with_its_files(void **state) {
  (void)state;
  struct scratch scratch;
  struct error error = {0};
  assert_true(scratch_make(&scratch, &error));
  assert_memory_equal(scratch.folder, place, strlen(place));
  char *path = memory_text(scratch.folder, &error);
  put_file(scratch.folder);
  scratch_remove(&scratch);
  assert_null(scratch.folder);
  assert_false(file_exists(path));
  free(path);
  scratch_remove(&scratch);
}

/* A process makes one, puts a file into it, and is killed. */
static void of_a_killed_process_it_is_removed(void **state) {
  (void)state;
  int ends[2];
  char path[512] = "";
  assert_int_equal(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    struct scratch scratch;
    struct error error = {0};
    if (!scratch_make(&scratch, &error)) _exit(1);
    put_file(scratch.folder);
    if (!file_write_all(ends[1], scratch.folder, strlen(scratch.folder) + 1)) _exit(1);
    for (;;) (void)pause();
  }
  assert_true(child > 0);
  assert_true(read(ends[0], path, sizeof path - 1) > 0);
  make_another();
  assert_true(file_exists(path)); /* it lives */
  assert_int_equal(kill(child, SIGKILL), 0);
  assert_int_equal(waitpid(child, NULL, 0), child);
  make_another();
  assert_false(file_exists(path));
  (void)close(ends[0]);
  (void)close(ends[1]);
}

static void one_that_was_never_finished_goes_after_a_while(void **state) {
  (void)state;
  struct error error = {0};
  char *path = file_join(place, "crosslane-making-abcdef", &error);
  assert_int_equal(mkdir(path, 0700), 0);
  make_another();
  assert_true(file_exists(path));
  make_old(path);
  make_another();
  assert_false(file_exists(path));
  free(path);
}

static void what_is_young_or_not_its_own_stays(void **state) {
  (void)state;
  static const char *const names[] = {"crosslane-making-young", "crosslane-other", "scratch"};
  struct error error = {0};
  for (size_t i = 0; i < 3; i++) {
    char *path = file_join(place, names[i], &error);
    assert_int_equal(mkdir(path, 0700), 0);
    if (i > 0) make_old(path);
    free(path);
  }
  char *link = file_join(place, "crosslane-scratch-link", &error);
  char *target = file_join(place, "scratch", &error);
  put_file(target);
  make_old(target);
  assert_int_equal(symlink(target, link), 0);
  make_another();
  for (size_t i = 0; i < 3; i++) {
    char *path = file_join(place, names[i], &error);
    assert_true(file_exists(path));
    free(path);
  }
  char *file = file_join(target, "file", &error);
  assert_true(file_exists(file));
  free(file);
  free(link);
  free(target);
}

static void without_a_place_that_is_said(void **state) {
  (void)state;
  struct scratch scratch;
  struct error error = {0};
  assert_int_equal(setenv("TMPDIR", "/no/such/place", 1), 0);
  assert_false(scratch_make(&scratch, &error));
  assert_non_null(strstr(error.message, "/no/such/place"));
  assert_non_null(strstr(error.message, "TMPDIR names another place"));
  scratch_remove(&scratch);
  assert_int_equal(setenv("TMPDIR", place, 1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(it_is_empty_and_goes_with_its_files, enter, leave),
      cmocka_unit_test_setup_teardown(of_a_killed_process_it_is_removed, enter, leave),
      cmocka_unit_test_setup_teardown(one_that_was_never_finished_goes_after_a_while, enter, leave),
      cmocka_unit_test_setup_teardown(what_is_young_or_not_its_own_stays, enter, leave),
      cmocka_unit_test_setup_teardown(without_a_place_that_is_said, enter, leave),
  };
  return cmocka_run_group_tests_name("scratch", tests, NULL, NULL);
}
