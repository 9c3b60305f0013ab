#include "base/process.h"

#include <fcntl.h>
#include <fenv.h>
#include <signal.h>
#include <unistd.h>

bool process_start(void) {
  for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++) {
    /* The lowest free number is the one that is closed. */
    if (fcntl(standard, F_GETFD) < 0 && open("/dev/null", O_RDWR) != standard) return false;
  }
  (void)fesetenv(FE_DFL_ENV);
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  return sigaction(SIGXFSZ, &ignore, NULL) == 0;
}
