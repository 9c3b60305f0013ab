#include <string.h>

#include "cli/completion.h"
#include "cli/help_text.h"

/* "'name:summary'" for _describe */
static void add_description(const char *name, const char *summary, struct text *text) {
  text_add(text, "      '%s:", name);
  completion_escaped(text, summary, ":");
  text_add(text, "'\n");
}

/* What _arguments does for a value. */
static const char *const actions[] = {[VALUE_ANY] = " ",
                                      [VALUE_FOLDER] = "_files -/",
                                      [VALUE_FILE] = "_files -g \"*@\"",
                                      [VALUE_WORDS] = "(@)",
                                      [VALUE_LIST] = "_values -s , value @",
                                      [VALUE_PREFIX] = "{compadd -S \"\" -- @}"};

static void add_options(enum command_id id, struct text *text) {
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    const bool many = o->kind == KIND_LIST || o->kind == KIND_PASSED;
    const char *value = o->kind == KIND_FLAG ? "" : o->kind == KIND_PASSED ? "-" : "=";
    struct text help = {0};
    help_option(o, &help);
    text_add(text, " \\\n        '%s%s%s[", many ? "*" : "", o->name, value);
    if (!help.failed) completion_escaped(text, help.text, "[]:\\");
    text_add(text, "]");
    text_clear(&help);
    if (o->kind != KIND_FLAG) {
      struct completion_value offered = completion_value(o->metavar);
      text_add(text, ":%s:", o->metavar);
      completion_add(text, &offered, actions);
    }
    text_add(text, "'");
  }
}

static void add_command(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  text_add(text, "    '%s')\n      _arguments", command->name);
  add_options(id, text);
  text_add(text, " \\\n        '%s[Print help]'", HELP_OPTION);
  if (command->most > 0) {
    struct completion_value value = completion_operands(id);
    text_add(text, " \\\n        '*:%s:", command->operands[command->operands[1] != NULL]);
    completion_add(text, &value, actions);
    text_add(text, "'");
  }
  text_add(text, "\n      ;;\n");
}

/* The commands of the first word, or of a group. */
static void add_commands(const char *group, struct text *text) {
  char room[COMPLETION_WORD];
  text_add(text, "    commands=(\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    const char *name = command_at(id)->name, *blank = strchr(name, ' ');
    if (group == NULL && blank == NULL) {
      add_description(name, command_at(id)->summary, text);
    } else if (group == NULL && completion_group(id, room) != NULL) {
      text_add(text, "      '%s'\n", room);
    } else if (group != NULL && blank != NULL &&
               strncmp(name, group, (size_t)(blank - name)) == 0) {
      add_description(blank + 1, command_at(id)->summary, text);
    }
  }
  text_add(text, "    )\n    _describe -t commands command commands\n");
}

void completion_zsh(struct text *text) {
  text_add(text,
           "#compdef crosslane\n"
           "# zsh completion for crosslane(1), from 'crosslane help completion zsh'\n"
           "\n"
           "_crosslane() {\n"
           "  local command\n"
           "  local -a commands\n"
           "  if (( CURRENT == 2 )); then\n");
  add_commands(NULL, text);
  text_add(text, "    _arguments");
  add_options(COMMAND_program, text);
  text_add(text,
           "\n    return\n  fi\n"
           "  command=$words[2]\n"
           "  shift words\n"
           "  (( CURRENT-- ))\n");
  char group[COMPLETION_WORD];
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    if (completion_group(id, group) == NULL) continue;
    text_add(text, "  if [[ $command == %s ]] && (( CURRENT == 2 )); then\n", group);
    add_commands(group, text);
    text_add(text,
             "    return\n  fi\n"
             "  if [[ $command == %s ]]; then\n"
             "    command=\"$command $words[2]\"\n"
             "    shift words\n"
             "    (( CURRENT-- ))\n"
             "  fi\n",
             group);
  }
  text_add(text,
           "  if [[ \"$command $words[2]\" == 'help completion' ]] && (( CURRENT == 3 )); then\n"
           "    compadd bash zsh fish\n"
           "    return\n"
           "  fi\n"
           "  case $command in\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) add_command(id, text);
  text_add(text,
           "  esac\n"
           "}\n"
           "\n"
           "# Loaded by its name it completes at once; sourced it is made known.\n"
           "if [[ $funcstack[1] == _crosslane ]]; then\n"
           "  _crosslane \"$@\"\n"
           "else\n"
           "  compdef _crosslane crosslane\n"
           "fi\n");
}
