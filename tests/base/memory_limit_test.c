/* How much memory there is, read from made-up files of a system. */
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
#include "base/memory_limit.h"

#define MIB (UINT64_C(1) << 20)

static char root[256];

static int enter(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(root, sizeof root, "%s/crosslane-limit-XXXXXX", base != NULL ? base : "/tmp");
  return mkdtemp(root) != NULL ? 0 : -1;
}

static int leave(void **state) {
  (void)state;
  char command[512];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
  return system(command);
}

static void put(const char *path, const char *text) {
  struct error error = {0};
  char whole[1024];
  (void)snprintf(whole, sizeof whole, "%s%s", root, path);
  char *folder = file_folder(whole, &error);
  assert_true(file_make_folders(folder, &error));
  assert_true(file_write_atomic(whole, text, strlen(text), &error));
  free(folder);
}

/* 4096 MiB are free on the machine. */
static void put_machine(void) {
  put("/proc/meminfo",
      "MemTotal:        8388608 kB\nMemFree:          123456 kB\n"
      "MemAvailable:    4194304 kB\nBuffers:               0 kB\n");
}

static struct memory_limit limit(void) {
  struct error error = {0};
  struct memory_limit found;
  assert_true(memory_limit_read(root, &found, &error));
  return found;
}

static void assert_limit(uint64_t bytes, const char *source) {
  const struct memory_limit found = limit();
  char expected[512];
  const bool group = source[0] == '/';
  (void)snprintf(expected, sizeof expected, "%s%s%s", group ? "the control group " : "",
                 group ? root : "", source);
  assert_int_equal(found.bytes, bytes);
  assert_string_equal(found.source, expected);
}

static void the_machine_alone(void **state) {
  (void)state;
  put_machine();
  assert_limit(4096 * MIB, "this machine");
}

/* The second number of statm is what is resident. */
static void what_the_process_holds_counts_as_free(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/statm", "9000 256 50 1 0 800 0\n");
  assert_limit(4096 * MIB + 256 * (uint64_t)sysconf(_SC_PAGESIZE), "this machine");
}

static void a_group_of_version_2(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "0::/user.slice/job\n");
  put("/sys/fs/cgroup/user.slice/job/memory.max", "2147483648\n");
  assert_limit(2048 * MIB, "/sys/fs/cgroup/user.slice/job");
  put("/sys/fs/cgroup/user.slice/job/memory.current", "1073741824\n");
  assert_limit(1024 * MIB, "/sys/fs/cgroup/user.slice/job");
  /* Pages of files are given up: 128 and 256 MiB. */
  put("/sys/fs/cgroup/user.slice/job/memory.stat",
      "anon 671088640\nfile 402653184\ninactive_anon 5\nactive_anon 7\n"
      "inactive_file 134217728\nactive_file 268435456\n");
  assert_limit((1024 + 128 + 256) * MIB, "/sys/fs/cgroup/user.slice/job");
}

static void the_least_of_all_groups_above_counts(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "0::/user.slice/job\n");
  put("/sys/fs/cgroup/user.slice/job/memory.max", "max\n");
  assert_limit(4096 * MIB, "this machine");
  put("/sys/fs/cgroup/user.slice/memory.max", "3221225472\n");
  assert_limit(3072 * MIB, "/sys/fs/cgroup/user.slice");
  put("/sys/fs/cgroup/memory.max", "1048576\n");
  assert_limit(1 * MIB, "/sys/fs/cgroup");
}

static void more_than_the_machine_has_is_no_limit(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/memory.max", "8589934592\n");
  assert_limit(4096 * MIB, "this machine");
}

static void a_group_that_is_full_leaves_nothing(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/memory.max", "1048576\n");
  put("/sys/fs/cgroup/memory.current", "2097152\n");
  assert_limit(0, "/sys/fs/cgroup");
}

static void a_group_of_version_1(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "5:cpu,cpuacct:/other\n4:hugetlb,memory:/docker/1\n1:name=systemd:/\n");
  put("/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "9223372036854771712\n");
  assert_limit(4096 * MIB, "this machine");
  put("/sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "1073741824\n");
  put("/sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes", "536870912\n");
  put("/sys/fs/cgroup/memory/docker/1/memory.stat",
      "inactive_file 1\nactive_file 1\ntotal_inactive_file 1048576\ntotal_active_file 2097152\n");
  assert_limit((512 + 1 + 2) * MIB, "/sys/fs/cgroup/memory/docker/1");
}

/* As in a container that sees its own group as the root, under the path that it
 * has outside. */
static void a_path_that_is_not_there_is_the_mount(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "4:memory:/docker/1\n0::/\n");
  put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
  assert_limit(1024 * MIB, "/sys/fs/cgroup/memory");
}

static void the_limit_of_another_group_is_none(void **state) {
  (void)state;
  put_machine();
  put("/proc/self/cgroup", "0::/mine\n");
  put("/sys/fs/cgroup/other/memory.max", "1\n");
  put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1\n");
  assert_limit(4096 * MIB, "this machine");
}

/* Without MemAvailable: all of the machine's. */
static void files_that_make_no_sense_are_passed_over(void **state) {
  (void)state;
  put("/proc/meminfo", "MemAvailableX: 5 kB\nMemAvailable: many\n");
  put("/proc/self/cgroup", "0\n0:\nmemory\n");
  put("/proc/self/statm", "12");
  assert_true(limit().bytes > 64 * MIB);
  put_machine();
  put("/proc/self/cgroup", "0::/\n");
  put("/sys/fs/cgroup/memory.max", "\n");
  assert_limit(4096 * MIB, "this machine");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_machine_alone, enter, leave),
      cmocka_unit_test_setup_teardown(what_the_process_holds_counts_as_free, enter, leave),
      cmocka_unit_test_setup_teardown(a_group_of_version_2, enter, leave),
      cmocka_unit_test_setup_teardown(the_least_of_all_groups_above_counts, enter, leave),
      cmocka_unit_test_setup_teardown(more_than_the_machine_has_is_no_limit, enter, leave),
      cmocka_unit_test_setup_teardown(a_group_that_is_full_leaves_nothing, enter, leave),
      cmocka_unit_test_setup_teardown(a_group_of_version_1, enter, leave),
      cmocka_unit_test_setup_teardown(a_path_that_is_not_there_is_the_mount, enter, leave),
      cmocka_unit_test_setup_teardown(the_limit_of_another_group_is_none, enter, leave),
      cmocka_unit_test_setup_teardown(files_that_make_no_sense_are_passed_over, enter, leave),
  };
  return cmocka_run_group_tests_name("memory_limit", tests, NULL, NULL);
}
