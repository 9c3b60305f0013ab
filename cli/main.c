#include <stdio.h>
#include <string.h>

#include "base/build.h"
#include "cli/cli.h"

struct command {
  const char *name;
  int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"sweep", command_sweep},   {"show", command_show},       {"plot", command_plot},
    {"report", command_report}, {"predict", command_predict}, {"evaluate", command_evaluate},
    {"data", command_data},     {"bench", command_bench},     {"compare", command_compare},
    {"cpu", command_cpu},       {"help", command_help},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

int fail(const struct error *error) {
  (void)fflush(stdout);
  (void)fprintf(stderr, "crosslane: %s\n", error->message);
  switch (error->kind) {
    case ERROR_USAGE:
    case ERROR_CONFIG:
      return EXIT_USAGE;
    case ERROR_DATA:
      return EXIT_DATA;
    case ERROR_INTERRUPTED:
      return EXIT_INTERRUPTED;
    default:
      return EXIT_TRIAL_FAILED;
  }
}

bool print_text(struct text *text) {
  bool whole = !text->failed;
  if (whole && text->length > 0) {
    whole = fwrite(text->text, 1, text->length, stdout) == text->length;
  }
  whole = fflush(stdout) == 0 && whole;
  if (!whole) (void)fprintf(stderr, "crosslane: cannot write the output\n");
  text_clear(text);
  return whole;
}

static int unknown_command(const char *name) {
  const char *names[COMMANDS];
  for (size_t i = 0; i < COMMANDS; i++) names[i] = commands[i].name;
  const char *nearest = text_nearest(name, names, COMMANDS);
  struct error error = {0};
  error_set(&error, ERROR_USAGE, "unknown command '%s'", name);
  if (nearest != NULL) error_help(&error, "did you mean '%s'?", nearest);
  error_help(&error, "'crosslane help' lists the commands");
  return fail(&error);
}

static bool asks_for_help(int argc, char **argv) {
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return true;
  }
  return false;
}

static int version(void) {
  struct text text = {0};
  text_add(&text, "crosslane %s (%s%s; %s)\n", build_version(), build_commit(),
           build_dirty() ? ", modified" : "", build_compiler());
  return print_text(&text) ? EXIT_DONE : EXIT_TRIAL_FAILED;
}

int main(int argc, char **argv) {
  if (argc < 2) {
    (void)fputs(command_usage("help"), stderr);
    return EXIT_USAGE;
  }
  const char *name = argv[1];
  if (strcmp(name, "--version") == 0) return version();
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) return command_help(1, argv + 1);
  for (size_t i = 0; i < COMMANDS; i++) {
    if (strcmp(name, commands[i].name) != 0) continue;
    if (commands[i].run == command_help || !asks_for_help(argc - 1, argv + 1)) {
      return commands[i].run(argc - 1, argv + 1);
    }
    char *help[] = {(char *)"help", argv[1], NULL};
    return command_help(2, help);
  }
  return unknown_command(name);
}
