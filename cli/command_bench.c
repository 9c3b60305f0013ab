/* The bench is a program of its own, so that the trainer needs no C++ runtime:
 * this finds it and becomes it. */
#include <errno.h>
#include <unistd.h>

#include "base/installed.h"
#include "cli/cli.h"
#include "cli/commands.h"

/* Beside this executable (an installation or a build), or in libexec. */
static bool find_bench(char path[INSTALLED_PATH]) {
  return installed_find("crosslane-bench", path) ||
         installed_find("../libexec/crosslane/crosslane-bench", path);
}

int command_bench(const struct bench_command *asked) {
  char **argv = asked->operands.argv;
  struct error error = {0};
  char path[INSTALLED_PATH];
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
