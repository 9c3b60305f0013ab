/* How many cores a process may use, by made-up files of a system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cores.h"
#include "base/file.h"

static char root[256];

static int enter(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(root, sizeof root, "%s/crosslane-cores-XXXXXX", base != NULL ? base : "/tmp");
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

/* Of a machine with 8 cores, without Slurm. */
static size_t cores(void) {
  return cores_within(8, root, NULL);
}

static void without_a_limit_all_are_taken(void **state) {
  (void)state;
  assert_int_equal(cores(), 8);
  put("/proc/self/cgroup", "0::/job\n");
  assert_int_equal(cores(), 8);
  put("/sys/fs/cgroup/job/cpu.max", "max 100000\n");
  assert_int_equal(cores(), 8);
  put("/sys/fs/cgroup/job/cpu.max", "6400000 100000\n");
  assert_int_equal(cores(), 8);
}

static void a_quota_of_version_2(void **state) {
  (void)state;
  put("/proc/self/cgroup", "0::/user.slice/job\n");
  put("/sys/fs/cgroup/user.slice/job/cpu.max", "300000 100000\n");
  assert_int_equal(cores(), 3);
  put("/sys/fs/cgroup/user.slice/job/cpu.max", "300000 50000\n");
  assert_int_equal(cores(), 6);
}

static void a_part_of_a_core_is_none(void **state) {
  (void)state;
  put("/proc/self/cgroup", "0::/job\n");
  put("/sys/fs/cgroup/job/cpu.max", "150000 100000\n");
  assert_int_equal(cores(), 1);
  put("/sys/fs/cgroup/job/cpu.max", "299999 100000\n");
  assert_int_equal(cores(), 2);
  put("/sys/fs/cgroup/job/cpu.max", "50000 100000\n");
  assert_int_equal(cores(), 1);
}

static void the_least_of_all_groups_above_counts(void **state) {
  (void)state;
  put("/proc/self/cgroup", "0::/user.slice/job\n");
  put("/sys/fs/cgroup/user.slice/job/cpu.max", "500000 100000\n");
  put("/sys/fs/cgroup/user.slice/cpu.max", "200000 100000\n");
  put("/sys/fs/cgroup/cpu.max", "700000 100000\n");
  assert_int_equal(cores(), 2);
}

static void a_quota_of_version_1(void **state) {
  (void)state;
  put("/proc/self/cgroup", "4:memory:/other\n3:cpu,cpuacct:/docker/1\n1:name=systemd:/\n");
  put("/sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us", "-1\n");
  put("/sys/fs/cgroup/cpu/docker/1/cpu.cfs_period_us", "100000\n");
  assert_int_equal(cores(), 8);
  put("/sys/fs/cgroup/cpu/docker/1/cpu.cfs_quota_us", "250000\n");
  assert_int_equal(cores(), 2);
  put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "150000\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  assert_int_equal(cores(), 1);
}

/* The controllers cpuset and cpuacct are others. */
static void the_quota_of_another_group_is_none(void **state) {
  (void)state;
  put("/proc/self/cgroup", "3:cpuacct:/\n2:cpuset:/\n0::/mine\n");
  put("/sys/fs/cgroup/other/cpu.max", "100000 100000\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n");
  put("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  assert_int_equal(cores(), 8);
}

static void files_that_make_no_sense_are_passed_over(void **state) {
  (void)state;
  put("/proc/self/cgroup", "3:cpu:/\n0::/\n");
  put("/sys/fs/cgroup/cpu.max", "100000\n");
  assert_int_equal(cores(), 8);
  put("/sys/fs/cgroup/cpu.max", "100000 0\n");
  assert_int_equal(cores(), 8);
  put("/sys/fs/cgroup/cpu.max", "");
  put("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n");
  assert_int_equal(cores(), 8);
}

static void slurm_says_how_many_a_task_has(void **state) {
  (void)state;
  assert_int_equal(cores_within(8, root, "3"), 3);
  assert_int_equal(cores_within(2, root, "3"), 2);
  const char *const others[] = {"", "0x1", "-1", "3 ", "many"};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    assert_int_equal(cores_within(8, root, others[i]), 8);
  }
  put("/proc/self/cgroup", "0::/job\n");
  put("/sys/fs/cgroup/job/cpu.max", "200000 100000\n");
  assert_int_equal(cores_within(8, root, "3"), 2);
}

static void there_is_always_one(void **state) {
  (void)state;
  assert_int_equal(cores_within(0, root, NULL), 1);
  assert_int_equal(cores_within(8, root, "0"), 1);
  assert_true(cores_usable() >= 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(without_a_limit_all_are_taken, enter, leave),
      cmocka_unit_test_setup_teardown(a_quota_of_version_2, enter, leave),
      cmocka_unit_test_setup_teardown(a_part_of_a_core_is_none, enter, leave),
      cmocka_unit_test_setup_teardown(the_least_of_all_groups_above_counts, enter, leave),
      cmocka_unit_test_setup_teardown(a_quota_of_version_1, enter, leave),
      cmocka_unit_test_setup_teardown(the_quota_of_another_group_is_none, enter, leave),
      cmocka_unit_test_setup_teardown(files_that_make_no_sense_are_passed_over, enter, leave),
      cmocka_unit_test_setup_teardown(slurm_says_how_many_a_task_has, enter, leave),
      cmocka_unit_test_setup_teardown(there_is_always_one, enter, leave),
  };
  return cmocka_run_group_tests_name("cores", tests, NULL, NULL);
}
