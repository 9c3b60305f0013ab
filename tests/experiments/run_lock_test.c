/* Of sweeps that start at one moment one has the folder. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/scratch.h"
#include "experiments/run_lock.h"

/* The linker puts this one in the place of fcntl: what happens while a lock is asked for. */
static void (*before)(void), (*after)(void);

int __real_fcntl64(int descriptor, int command, struct flock *lock);
int __wrap_fcntl64(int descriptor, int command, struct flock *lock);
int __wrap_fcntl64(int descriptor, int command, struct flock *lock) {
  if (before != NULL) before();
  const int got = __real_fcntl64(descriptor, command, lock);
  if (after != NULL) after();
  return got;
}

/* And in that of flock: a file system may have only one of the two. */
static bool no_flock;

int __real_flock(int descriptor, int operation);
int __wrap_flock(int descriptor, int operation);
int __wrap_flock(int descriptor, int operation) {
  if (!no_flock) return __real_flock(descriptor, operation);
  errno = ENOLCK;
  return -1;
}

enum { SWEEPS = 3, ROUNDS = 300, TOOK = 10, REFUSED = 11, OTHER = 12 };

/* Starts when the pipe `start` closes, and keeps the lock until `end` does. */
static _Noreturn void take_one(const char *folder, int start, int end, int said) {
  char byte;
  struct run_lock lock;
  struct text warning = {0};
  struct error error = {0};
  while (read(start, &byte, 1) > 0) continue;
  const bool took = run_lock_take(&lock, folder, &warning, &error);
  const char verdict = took ? TOOK : error.kind == ERROR_USAGE ? REFUSED : OTHER;
  if (write(said, &verdict, 1) != 1) _exit(1);
  while (read(end, &byte, 1) > 0) continue;
  if (took) run_lock_release(&lock);
  _exit(0);
}

static void one_of_three_has_it(const char *folder) {
  int start[2], end[2], said[2];
  if (pipe(start) != 0 || pipe(end) != 0 || pipe(said) != 0) fail_msg("no pipe");
  for (int i = 0; i < SWEEPS; i++) {
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) continue;
    (void)close(start[1]);
    (void)close(end[1]);
    take_one(folder, start[0], end[0], said[1]);
  }
  (void)close(start[1]);
  int took = 0, refused = 0;
  for (int i = 0; i < SWEEPS; i++) {
    char verdict = 0;
    assert_int_equal(read(said[0], &verdict, 1), 1);
    took += verdict == TOOK;
    refused += verdict == REFUSED;
  }
  (void)close(end[1]);
  for (int i = 0; i < SWEEPS; i++) {
    int status;
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
  }
  const int rest[] = {start[0], end[0], said[0], said[1]};
  for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) (void)close(rest[i]);
  assert_int_equal(took, 1);
  assert_int_equal(refused, SWEEPS - 1);
}

static void try_rounds(int rounds) {
  struct scratch scratch;
  struct error error = {0};
  assert_true(scratch_make(&scratch, &error));
  char *folder = file_join(scratch.folder, "run", &error); /* scratch's own has its lock */
  assert_true(folder != NULL && file_make_folders(folder, &error));
  char *lock = file_join(folder, "lock", &error);
  for (int i = 0; i < rounds; i++) one_of_three_has_it(folder);
  assert_int_equal(unlink(lock), 0);
  assert_int_equal(rmdir(folder), 0);
  free(lock);
  free(folder);
  scratch_remove(&scratch);
}

static void of_sweeps_at_one_moment_one_has_the_folder(void **state) {
  (void)state;
  try_rounds(ROUNDS);
}

static void where_folders_have_no_locks_the_files_lock_decides(void **state) {
  (void)state;
  no_flock = true;
  try_rounds(ROUNDS / 10);
  no_flock = false;
}

/* --- a second sweep that comes between the two locks of the first one --- */

static const char *contested;
static int second_tells[2], second_waits[2];

static void tell_and_wait(void) {
  char byte = 0;
  const bool told = write(second_tells[1], &byte, 1) == 1;
  if (!told || read(second_waits[0], &byte, 1) != 0) _exit(1);
}

/* Goes on when the second one has its lock, should it take one, or was refused. */
static void let_a_second_come(void) {
  before = NULL;
  assert_true(pipe(second_tells) == 0 && pipe(second_waits) == 0);
  const pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    struct run_lock lock;
    struct text warning = {0};
    struct error error = {0};
    (void)close(second_waits[1]);
    after = tell_and_wait;
    const bool took = run_lock_take(&lock, contested, &warning, &error);
    after = NULL;
    tell_and_wait();
    _exit(took ? 1 : 0);
  }
  char byte;
  assert_int_equal(read(second_tells[0], &byte, 1), 1);
}

static void the_second_of_two_takes_nothing_of_the_first(void **state) {
  (void)state;
  struct scratch scratch;
  struct run_lock lock;
  struct text warning = {0};
  struct error error = {0};
  assert_true(scratch_make(&scratch, &error));
  char *folder = file_join(scratch.folder, "run", &error);
  assert_true(folder != NULL && file_make_folders(folder, &error));
  contested = folder;
  before = let_a_second_come;
  const bool took = run_lock_take(&lock, folder, &warning, &error);
  before = NULL;
  (void)close(second_waits[1]);
  int status;
  assert_true(wait(&status) > 0);
  if (!took) fail_msg("%s", error.message);
  assert_int_equal(status, 0);
  run_lock_release(&lock);
  char *file = file_join(folder, "lock", &error);
  assert_int_equal(unlink(file), 0);
  assert_int_equal(rmdir(folder), 0);
  free(file);
  free(folder);
  scratch_remove(&scratch);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_second_of_two_takes_nothing_of_the_first),
      cmocka_unit_test(of_sweeps_at_one_moment_one_has_the_folder),
      cmocka_unit_test(where_folders_have_no_locks_the_files_lock_decides),
  };
  return cmocka_run_group_tests_name("run_lock", tests, NULL, NULL);
}
