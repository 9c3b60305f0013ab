#include "base/process.h"

#include <fcntl.h>
#include <fenv.h>
#include <signal.h>
#include <sys/resource.h>
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

uint64_t process_peak_rss_kib(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#if defined(__APPLE__)
  return (uint64_t)usage.ru_maxrss / 1024;
#else
  return (uint64_t)usage.ru_maxrss;
#endif
}
