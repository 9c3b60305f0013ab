/* The way from one folder to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

/* A folder with a/b, a/c and link -> a/b, which is where the test stands. */
static int start(void **state) {
  static char root[] = "/tmp/crosslane-relative-XXXXXX";
  struct error error = {0};
  *state = root;
  return mkdtemp(root) == NULL || chdir(root) != 0 || !file_make_folders("a/b", &error) ||
         !file_make_folders("a/c", &error) || !file_make_folders("aa", &error) ||
         symlink("a/b", "link") != 0;
}

static int stop(void **state) {
  const char *const gone[] = {"link", "a/b", "a/c", "a", "aa"};
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) (void)remove(gone[i]);
  return chdir("/") != 0 || rmdir(*state) != 0;
}

static void assert_way(const char *folder, const char *path, const char *expected) {
  struct error error = {0};
  char *way = file_relative(folder, path, &error);
  if (way == NULL) fail_msg("%s", error.message);
  assert_string_equal(way, expected);
  free(way);
}

static void the_way_leads_up_and_down(void **state) {
  (void)state;
  assert_way("a/b", "a/c", "../c");
  assert_way("a/b", "a/b", ".");
  assert_way("a", "a/b", "b");
  assert_way("a/b", "a", "..");
  assert_way("a/b", "aa", "../../aa");
  assert_way("a", "aa", "../aa");
  assert_way("aa", "a", "../a");
  assert_way("aa", "a/b", "../a/b");
  assert_way("a/b", ".", "../..");
  assert_way(".", "a/./b/../c", "a/c");
}

static void links_are_followed(void **state) {
  (void)state;
  assert_way("link", "a/c", "../c");
  assert_way("a/c", "link", "../b");
}

static void what_is_not_there_has_its_name(void **state) {
  (void)state;
  assert_way("a/b", "a/none/here", "../none/here");
  assert_way("a/b", "none", "../../none");
}

static void the_root_is_at_the_end_of_each_way(void **state) {
  const char *root = *state;
  char expected[64];
  assert_way("/", root, root + 1);
  (void)snprintf(expected, sizeof expected, "%s", "../..");
  assert_way(root, "/", expected);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_way_leads_up_and_down),
      cmocka_unit_test(links_are_followed),
      cmocka_unit_test(what_is_not_there_has_its_name),
      cmocka_unit_test(the_root_is_at_the_end_of_each_way),
  };
  return cmocka_run_group_tests_name("file_relative", tests, start, stop);
}
