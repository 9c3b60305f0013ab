/* The bench is a program of its own, so that the trainer needs no C++ runtime:
 * this finds it and becomes it. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/installed.h"
#include "cli/cli.h"
#include "cli/commands.h"

/* Beside this executable (an installation or a build), or in libexec. */
static bool find_bench(char path[INSTALLED_PATH]) {
  return installed_find("crosslane-bench", path) ||
         installed_find("../libexec/crosslane/crosslane-bench", path);
}

/* As it can be typed: from a build it names that folder. */
static void say_how_to_build(struct error *error) {
  char ninja[INSTALLED_PATH];
  const char *needed = "it needs a C++ compiler and Google Benchmark (libbenchmark-dev)";
  if (!installed_find("../build.ninja", ninja)) {
    error_help(error,
               "%s, then in Crosslane's source: meson setup build -Dbench=enabled && "
               "ninja -C build",
               needed);
    return;
  }
  const int folder = (int)(strrchr(ninja, '/') - ninja);
  error_help(error, "%s, then: meson configure %.*s -Dbench=enabled && ninja -C %.*s", needed,
             folder, ninja, folder, ninja);
}

int command_bench(const struct bench_command *asked) {
  char **argv = asked->operands.argv;
  struct error error = {0};
  char path[INSTALLED_PATH];
  if (!find_bench(path)) {
    error_set(&error, ERROR_SYSTEM, "this build has no bench");
    say_how_to_build(&error);
    return cli_fail(&error);
  }
  argv[0] = path;
  (void)execv(path, argv);
  error_system(&error, errno, "cannot run '%s'", path);
  return cli_fail(&error);
}
