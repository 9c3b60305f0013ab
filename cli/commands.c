#include "cli/commands.h"

#include <string.h>

static const struct command commands[COMMANDS] = {
#define COMMAND(id, ...) [COMMAND_##id] = {__VA_ARGS__},
#include "cli/commands.inc"
};

static const struct option options[] = {
#define OPTION(id, field_, kind_, ...)              \
  {.command = COMMAND_##id,                         \
   .kind = KIND_##kind_,                            \
   .offset = offsetof(struct id##_command, field_), \
   __VA_ARGS__},
#include "cli/commands.inc"
};

const struct command *command_at(enum command_id id) {
  return &commands[id];
}

const struct option *option_after(enum command_id id, const struct option *last) {
  const struct option *end = options + sizeof options / sizeof *options;
  for (const struct option *option = last != NULL ? last + 1 : options; option < end; option++) {
    if (option->command == id) return option;
  }
  return NULL;
}

const struct option *option_shown(enum command_id id, const struct option *last) {
  do {
    last = option_after(id, last);
  } while (last != NULL && last->hidden);
  return last;
}

size_t command_forms(enum command_id id) {
  size_t forms = commands[id].operands[1] != NULL ? 2 : 1;
  for (const struct option *o = option_after(id, NULL); o != NULL; o = option_after(id, o)) {
    while (o->forms >> forms != 0) forms++;
  }
  return forms;
}

enum command_id command_find(size_t argc, char *const *argv, size_t *words) {
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    const char *name = commands[id].name;
    const size_t first = strcspn(name, " ");
    if (argc == 0 || strlen(argv[0]) != first || strncmp(argv[0], name, first) != 0) continue;
    *words = name[first] == ' ' ? 2 : 1;
    if (*words == 1 || (argc > 1 && strcmp(argv[1], name + first + 1) == 0)) return id;
  }
  return COMMANDS;
}

const char *command_in_group(const char *group, size_t index) {
  const size_t length = strlen(group);
  for (enum command_id id = 0; id < COMMANDS; id++) {
    const char *name = commands[id].name;
    if (strncmp(name, group, length) != 0 || name[length] != ' ') continue;
    if (index-- == 0) return name + length + 1;
  }
  return NULL;
}
