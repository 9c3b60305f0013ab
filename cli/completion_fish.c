#include <string.h>

#include "cli/completion.h"
#include "cli/help_text.h"

static const char start[] =
    "# fish completion for crosslane(1), from 'crosslane help completion fish'\n"
    "\n"
    "# Whether these are the first words after the program.\n"
    "function __crosslane_on\n"
    "    set -l words (commandline -opc)\n"
    "    set -l last (math (count $argv) + 1)\n"
    "    test (count $words) -ge $last; and test \"$words[2..$last]\" = \"$argv\"\n"
    "end\n"
    "\n"
    "# Whether they are all of them, so that the next one is a command.\n"
    "function __crosslane_at\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -eq (math (count $argv) + 1)\n"
    "    and test \"$words[2..-1]\" = \"$argv\"\n"
    "end\n"
    "\n"
    "complete -c crosslane -f\n";

static const char *const answers[] = {
    [VALUE_ANY] = "",
    [VALUE_FOLDER] = " -a '(__fish_complete_directories)'",
    [VALUE_FILE] = " -a '(__fish_complete_suffix @)'",
    [VALUE_WORDS] = " -a '@'",
    [VALUE_LIST] = " -a \"(__fish_complete_list , 'string split \\' \\' \\'@\\'')\"",
    [VALUE_PREFIX] = " -a '@'"};

static void add_condition(const char *function, const char *words, struct text *text) {
  text_add(text, "complete -c crosslane -n '%s%s%s'", function, words[0] != '\0' ? " " : "", words);
}

static void add_described(const char *summary, struct text *text) {
  text_add(text, " -d '");
  completion_escaped(text, summary, "\\'");
  text_add(text, "'\n");
}

static void add_options(enum command_id id, struct text *text) {
  const char *name = command_at(id)->name;
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    struct text help = {0};
    help_option(o, &help);
    add_condition(name[0] != '\0' ? "__crosslane_on" : "__crosslane_at", name, text);
    text_add(text, " -l %s", o->name + 2);
    if (o->kind != KIND_FLAG) {
      struct completion_value value = completion_value(o->metavar);
      text_add(text, " -x");
      completion_add(text, &value, answers);
    }
    add_described(help.failed ? "" : help.text, text);
    text_clear(&help);
  }
}

static void add_command(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  char first[COMPLETION_WORD] = "";
  const char *blank = strchr(command->name, ' ');
  text_add(text, "\n");
  if (completion_group(id, first) != NULL) {
    add_condition("__crosslane_at", "", text);
    text_add(text, " -a %s\n", first);
  }
  if (blank != NULL) strncpy(first, command->name, (size_t)(blank - command->name));
  add_condition("__crosslane_at", first, text);
  text_add(text, " -a %s", blank != NULL ? blank + 1 : command->name);
  add_described(command->summary, text);
  add_options(id, text);
  add_condition("__crosslane_on", command->name, text);
  text_add(text, " -l %s", &HELP_OPTION[2]);
  add_described("Print help", text);
  struct completion_value value = completion_operands(id);
  if (value.kind != VALUE_ANY) {
    add_condition("__crosslane_on", command->name, text);
    completion_add(text, &value, answers);
    text_add(text, "\n");
  }
  text_clear(&value.words);
}

void completion_fish(struct text *text) {
  text_add(text, "%s", start);
  add_options(COMMAND_program, text);
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) add_command(id, text);
  text_add(text,
           "\ncomplete -c crosslane -n '__crosslane_at help completion' -a 'bash zsh fish'\n");
}
