#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* Each test works in a new folder of its own. */
static int enter_new_folder(void **state) {
  const char *root = getenv("TMPDIR");
  size_t size = strlen(root != NULL ? root : "/tmp") + 32;
  char *folder = malloc(size);
  if (folder == NULL) return -1;
  (void)snprintf(folder, size, "%s/crosslane-file-XXXXXX", root != NULL ? root : "/tmp");
  *state = folder;
  return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static size_t entries(const char *folder) {
  DIR *list = opendir(folder);
  assert_non_null(list);
  size_t count = 0;
  while (readdir(list) != NULL) count++;
  (void)closedir(list);
  return count - 2; /* "." and ".." */
}

/* Everything in the folder, down to `depth` levels below it. */
static void remove_below(const char *folder, int depth) {
  DIR *list = opendir(folder);
  if (list == NULL) return;
  for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    struct error error;
    char *path = file_join(folder, entry->d_name, &error);
    if (path == NULL) continue;
    if (depth > 0) remove_below(path, depth - 1);
    (void)remove(path);
    free(path);
  }
  (void)closedir(list);
}

static int leave_folder(void **state) {
  remove_below(*state, 4);
  int left = chdir("/") == 0 ? rmdir(*state) : -1;
  free(*state);
  return left;
}

static void assert_holds(const char *path, const char *wanted, size_t length) {
  struct error error = {0};
  size_t size = 0;
  char *bytes = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  assert_non_null(bytes);
  assert_int_equal(size, length);
  assert_memory_equal(bytes, wanted, length);
  assert_int_equal(bytes[size], '\0');
  free(bytes);
}

static void what_was_written_is_read_again(void **state) {
  (void)state;
  struct error error = {0};
  assert_true(file_write_atomic("a", "one\0two", 7, &error));
  assert_holds("a", "one\0two", 7);
  assert_true(file_write_atomic("a", "", 0, &error));
  assert_holds("a", "", 0);
  assert_int_equal(entries("."), 1);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
  (void)state;
  struct error error = {0};
  size_t size;
  assert_null(file_read("missing", FILE_MOST_JSON, &size, ERROR_CONFIG, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  assert_non_null(strstr(error.message, "missing: cannot open: "));
  assert_null(file_read(".", FILE_MOST_JSON, &size, ERROR_DATA, &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_string_equal(error.message, ".: is a folder, not a file");
  assert_true(file_write_atomic("long", "1234", 4, &error));
  char *whole = file_read("long", 4, &size, ERROR_DATA, &error);
  assert_non_null(whole);
  free(whole);
  assert_null(file_read("long", 3, &size, ERROR_DATA, &error));
  assert_non_null(strstr(error.message, "long: longer than "));
  assert_null(file_read("/dev/zero", 100, &size, ERROR_DATA, &error));
  assert_string_equal(error.message, "/dev/zero: not a regular file");
}

/* The kernel refuses to write beyond the limit, as it does on a full disk. */
static void a_write_that_fails_keeps_the_old_file(void **state) {
  (void)state;
  enum { LIMIT = 4096 };
  struct error error = {0};
  char *large = calloc(2 * LIMIT, 1);
  assert_non_null(large);
  assert_true(file_write_atomic("a", "old", 3, &error));
  struct rlimit before, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = LIMIT;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  bool done = file_write_atomic("a", large, 2 * LIMIT, &error);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)signal(SIGXFSZ, handler);
  free(large);
  assert_false(done);
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_holds("a", "old", 3);
  assert_int_equal(entries("."), 1);
}

static void a_rename_that_fails_leaves_no_temporary(void **state) {
  (void)state;
  struct error error = {0};
  assert_int_equal(mkdir("folder", 0777), 0);
  assert_false(file_write_atomic("folder", "x", 1, &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_non_null(strstr(error.message, "folder: is a folder, not a file"));
  assert_true(file_is_folder("folder"));
  assert_int_equal(entries("."), 1);
  assert_false(file_write_atomic("missing/a", "x", 1, &error));
  assert_memory_equal(error.message, "missing/a: cannot create: ", 26);
}

static void only_temporaries_are_removed(void **state) {
  (void)state;
  struct error error = {0};
  static const char *const names[] = {"a.json", "b.json.12" FILE_TEMPORARY_SUFFIX,
                                      "c" FILE_TEMPORARY_SUFFIX, "d.crosslane-tmp.json",
                                      FILE_TEMPORARY_SUFFIX};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    FILE *file = fopen(names[i], "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
  }
  assert_true(file_remove_temporaries(".", &error));
  assert_true(file_exists("a.json"));
  assert_true(file_exists("d.crosslane-tmp.json"));
  assert_true(file_exists(FILE_TEMPORARY_SUFFIX)); /* the suffix of no name */
  assert_int_equal(entries("."), 3);
  assert_false(file_remove_temporaries("missing", &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
}

static void folders_are_made_with_their_parents(void **state) {
  struct error error = {0};
  assert_true(file_make_folders("a/b//c/", &error));
  assert_true(file_is_folder("a/b/c"));
  assert_true(file_make_folders("a/b/c", &error));
  assert_true(file_make_folders("a", &error));
  char path[512];
  (void)snprintf(path, sizeof path, "%s/d/e", (const char *)*state);
  assert_true(file_make_folders(path, &error));
  assert_true(file_is_folder("d/e"));
  assert_true(file_make_folders("/", &error));
}

static void a_file_in_the_way_of_a_folder_is_an_error(void **state) {
  (void)state;
  struct error error = {0};
  assert_true(file_write_atomic("a", "x", 1, &error));
  assert_false(file_make_folders("a", &error));
  assert_false(file_make_folders("a/b", &error));
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_string_equal(error.message, "a: is a file, not a folder");
  assert_holds("a", "x", 1);
}

static void assert_joined(const char *folder, const char *name, const char *wanted) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  assert_non_null(path);
  assert_string_equal(path, wanted);
  free(path);
}

static void assert_folder(const char *path, const char *wanted) {
  struct error error = {0};
  char *folder = file_folder(path, &error);
  assert_non_null(folder);
  assert_string_equal(folder, wanted);
  free(folder);
}

static void paths_are_joined_and_taken_apart(void **state) {
  (void)state;
  assert_joined("a", "b", "a/b");
  assert_joined("a/", "b", "a/b");
  assert_joined("", "b", "b");
  assert_joined("a", "/b", "/b");
  assert_joined("/", "b", "/b");
  assert_folder("a/b", "a");
  assert_folder("b", ".");
  assert_folder("/b", "/");
  assert_folder("/a/b/c", "/a/b");
}

int main(void) {
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, enter_new_folder, leave_folder)
  const struct CMUnitTest tests[] = {
      IN_A_FOLDER(what_was_written_is_read_again),
      IN_A_FOLDER(a_file_that_cannot_be_read_is_named),
      IN_A_FOLDER(a_write_that_fails_keeps_the_old_file),
      IN_A_FOLDER(a_rename_that_fails_leaves_no_temporary),
      IN_A_FOLDER(only_temporaries_are_removed),
      IN_A_FOLDER(folders_are_made_with_their_parents),
      IN_A_FOLDER(a_file_in_the_way_of_a_folder_is_an_error),
      cmocka_unit_test(paths_are_joined_and_taken_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
