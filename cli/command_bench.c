/* The bench is a program of its own, so that the trainer needs no C++ runtime:
 * this finds it and becomes it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

enum { PATH_ROOM = 4096 };

/* The folder of this executable, with its final '/'. */
static bool own_folder(char folder[PATH_ROOM]) {
#if defined(__APPLE__)
  uint32_t room = PATH_ROOM;
  if (_NSGetExecutablePath(folder, &room) != 0) return false;
#else
  ssize_t length = readlink("/proc/self/exe", folder, PATH_ROOM - 1);
  if (length < 0) return false;
  folder[length] = '\0';
#endif
  char *slash = strrchr(folder, '/');
  if (slash == NULL) return false;
  slash[1] = '\0';
  return true;
}

/* Beside this executable (an installation or a build), or in libexec. */
static bool find_bench(char path[PATH_ROOM + 64]) {
  static const char *const places[] = {"crosslane-bench", "../libexec/crosslane/crosslane-bench"};
  char folder[PATH_ROOM];
  if (!own_folder(folder)) return false;
  for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
    (void)snprintf(path, PATH_ROOM + 64, "%s%s", folder, places[i]);
    if (access(path, X_OK) == 0) return true;
  }
  return false;
}

int command_bench(const struct bench_command *asked) {
  char **argv = asked->operands.argv;
  struct error error = {0};
  char path[PATH_ROOM + 64];
  if (!find_bench(path)) {
    error_set(&error, ERROR_SYSTEM, "this build has no bench");
    error_help(&error,
               "it needs a C++ compiler and Google Benchmark (libbenchmark-dev), then: "
               "meson setup -Dbench=enabled");
    return cli_fail(&error);
  }
  argv[0] = path;
  (void)execv(path, argv);
  error_system(&error, errno, "cannot run '%s'", path);
  return cli_fail(&error);
}
