#include <stdio.h>
#include <string.h>

#include "base/build.h"
#include "base/memory.h"
#include "base/process.h"
#include "cli/arguments.h"
#include "cli/cli.h"
#include "cli/help_text.h"
#include "cli/json_memory.h"
#include "cli/libraries.h"
#include "model/model.h"

/* `argv` is a word that is no command, or a group without one of its own. */
static int unknown_command(int argc, char **argv) {
  const char *names[COMMANDS];
  size_t count = 0;
  struct error error = {0};
  const char *found = argv[0];
  for (const char *name; (name = command_in_group(argv[0], count)) != NULL;) names[count++] = name;
  if (count > 0) {
    struct text list = {0};
    for (size_t i = 0; i < count; i++) text_add(&list, "%s%s", i > 0 ? " or " : "", names[i]);
    const char *expected = list.failed ? "a command" : list.text;
    found = argc > 1 ? argv[1] : "";
    if (argc > 1) {
      error_set(&error, ERROR_USAGE, "%s: expected %s, found '%s'", argv[0], expected, found);
    } else {
      error_set(&error, ERROR_USAGE, "%s needs %s after it", argv[0], expected);
    }
    text_clear(&list);
  } else {
    for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
      names[count++] = command_at(id)->name;
    }
    error_set(&error, ERROR_USAGE, "unknown command '%s'", found);
  }
  const char *nearest = text_nearest(found, names, count);
  if (nearest != NULL) error_help(&error, "did you mean '%s'?", nearest);
  error_help(&error, "'crosslane help' lists the commands");
  return cli_fail(&error);
}

static bool asks_for_help(int argc, char **argv) {
  for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strcmp(argv[i], HELP_OPTION) == 0 || strcmp(argv[i], "-h") == 0) return true;
  }
  return false;
}

int command_program(const struct program_command *asked) {
  struct text text = {0};
  if (asked->help) {
    help_overview(&text);
  } else if (asked->version) {
    text_add(&text, "crosslane %s (%s%s; %s)\n", build_version(), build_commit(),
             build_dirty() ? ", modified" : "", build_compiler());
    text_add(&text, "numerics   version %d\nlibraries  ", NUMERICS_VERSION);
    libraries_add(&text);
    text_add(&text, "\n");
  }
  if (text.length > 0 || text.failed) return cli_print(&text);
  help_overview(&text); /* as without arguments: there was only "--" */
  cli_tell(&text);
  return EXIT_USAGE;
}

static int dispatch(enum command_id id, const union command_asked *asked) {
  switch (id) {
#define COMMAND(name, ...) \
  case COMMAND_##name:     \
    return command_##name(&asked->name);
#include "cli/commands.inc"
    case COMMANDS:
      break;
  }
  return EXIT_USAGE;
}

static int run(enum command_id id, int argc, char **argv) {
  struct error error = {0};
  union command_asked asked;
  const bool parsed = arguments_parse(id, argc, argv, &asked, &error);
  const int status = parsed ? dispatch(id, &asked) : cli_fail(&error);
  arguments_clear(id, &asked);
  return status;
}

int main(int argc, char **argv) {
  if (!process_start()) return EXIT_TRIAL_FAILED;
  json_memory_start();
  memory_return_large();
  struct text text = {0};
  if (argc < 2) {
    help_overview(&text);
    cli_tell(&text);
    return EXIT_USAGE;
  }
  if (strcmp(argv[1], "-h") == 0) argv[1] = (char *)HELP_OPTION;
  if (argv[1][0] == '-') return run(COMMAND_program, argc, argv);
  size_t words = 0;
  const enum command_id id = command_find((size_t)argc - 1, argv + 1, &words);
  if (asks_for_help(argc - 1, argv + 1)) {
    if (id != COMMANDS) help_command(id, &text);
    if (id != COMMANDS || help_group(argv[1], &text)) return cli_print(&text);
  }
  if (id == COMMANDS) return unknown_command(argc - 1, argv + 1);
  return run(id, argc - (int)words, argv + words);
}
