/* What a program does first. */
#include <fcntl.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/process.h"

/* In a child: which of the descriptors 0 to 2 lead to /dev/null when those of
 * `closed`, a bit each, were closed; -1: it did not start, or lacks one. */
static int null_ones(int closed) {
  struct stat null, own;
  int found = 0;
  for (int i = 0; i < 3; i++) {
    if (closed >> i & 1) (void)close(i);
  }
  if (!process_start() || stat("/dev/null", &null) != 0) return -1;
  for (int i = 0; i < 3; i++) {
    if (fstat(i, &own) != 0) return -1;
    if (S_ISCHR(own.st_mode) && own.st_rdev == null.st_rdev) found |= 1 << i;
  }
  return found;
}

static int status_of(int (*child)(int), int argument) {
  const pid_t process = fork();
  assert_true(process >= 0);
  if (process == 0) _exit(child(argument) & 0xff);
  int status;
  assert_int_equal(waitpid(process, &status, 0), process);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static int with_pipes(int closed) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 3; i++) {
    if (dup2(ends[1], i) != i) return -1;
  }
  return null_ones(closed);
}

static void what_is_closed_leads_to_dev_null_and_the_rest_stays(void **state) {
  (void)state;
  for (int closed = 0; closed < 8; closed++) {
    assert_int_equal(status_of(with_pipes, closed), closed);
  }
}

static int after_other_settings(int unused) {
  (void)unused;
  struct sigaction found;
  (void)fesetround(FE_DOWNWARD);
  (void)signal(SIGXFSZ, SIG_DFL);
  if (!process_start() || sigaction(SIGXFSZ, NULL, &found) != 0) return -1;
  return found.sa_handler == SIG_IGN && fegetround() == FE_TONEAREST;
}

static void rounding_and_the_signal_of_large_files_are_set(void **state) {
  (void)state;
  assert_int_equal(status_of(after_other_settings, 0), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_closed_leads_to_dev_null_and_the_rest_stays),
      cmocka_unit_test(rounding_and_the_signal_of_large_files_are_set),
  };
  return cmocka_run_group_tests_name("process", tests, NULL, NULL);
}
