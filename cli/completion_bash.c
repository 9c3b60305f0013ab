#include "cli/completion.h"

/* Bash 3.2 (macOS) reads it too. */
static const char functions[] =
    "# bash completion for crosslane(1), from 'crosslane help completion bash'\n"
    "# shellcheck shell=bash\n"
    "\n"
    "# One answer a line, so that names with blanks stay whole.\n"
    "_crosslane_answers() {\n"
    "  local IFS=$'\\n'\n"
    "  # shellcheck disable=SC2207  # mapfile is not in bash 3.2\n"
    "  COMPREPLY=($(compgen \"$@\" -- \"$current\"))\n"
    "}\n"
    "\n"
    "_crosslane_folders() {\n"
    "  compopt -o filenames 2>/dev/null\n"
    "  _crosslane_answers -d\n"
    "}\n"
    "\n"
    "_crosslane_files() {\n"
    "  compopt -o filenames 2>/dev/null\n"
    "  _crosslane_answers -f -X \"!$1\" -o plusdirs\n"
    "}\n"
    "\n"
    "_crosslane_words() {\n"
    "  local IFS=$' \\n'\n"
    "  # shellcheck disable=SC2207\n"
    "  COMPREPLY=($(compgen -W \"$1\" -- \"$current\"))\n"
    "}\n"
    "\n"
    "_crosslane_list() {\n"
    "  local last=${current##*,} IFS=$' \\n'\n"
    "  # shellcheck disable=SC2207\n"
    "  COMPREPLY=($(compgen -P \"${current%\"$last\"}\" -W \"$1\" -- \"$last\"))\n"
    "}\n"
    "\n"
    "_crosslane_prefix() {\n"
    "  compopt -o nospace 2>/dev/null\n"
    "  _crosslane_words \"$1\"\n"
    "}\n"
    "\n"
    "# Options after a dash; else what the other arguments say.\n"
    "_crosslane_arguments() {\n"
    "  local options=$1\n"
    "  shift\n"
    "  case $current in\n"
    "    -*) _crosslane_words \"$options\" ;;\n"
    "    *) \"$@\" ;;\n"
    "  esac\n"
    "}\n"
    "\n"
    "_crosslane() {\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "  local command=${COMP_WORDS[1]-}\n"
    "  COMPREPLY=()\n";

static const char *const calls[] = {[VALUE_ANY] = ":",
                                    [VALUE_FOLDER] = "_crosslane_folders",
                                    [VALUE_FILE] = "_crosslane_files '*@'",
                                    [VALUE_WORDS] = "_crosslane_words '@'",
                                    [VALUE_LIST] = "_crosslane_list '@'",
                                    [VALUE_PREFIX] = "_crosslane_prefix '@'"};

static void add_option_names(enum command_id id, struct text *text) {
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    text_add(text, "%s ", o->name);
  }
  text_add(text, "%s", HELP_OPTION);
}

/* The words of a group: "check synth". */
static void add_group(const char *group, struct text *text) {
  const char *name;
  text_add(text, "_crosslane_words '");
  for (size_t i = 0; (name = command_in_group(group, i)) != NULL; i++) text_add(text, "%s ", name);
  text_add(text, "%s'", HELP_OPTION);
}

static void add_groups(struct text *text) {
  char group[COMPLETION_WORD];
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    if (completion_group(id, group) == NULL) continue;
    text_add(text, "  if [ \"$command\" = %s ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n    ", group);
    add_group(group, text);
    text_add(text,
             "\n    return\n  fi\n"
             "  [ \"$command\" = %s ] && command=\"$command ${COMP_WORDS[2]}\"\n",
             group);
  }
}

static void add_values(enum command_id id, struct text *text) {
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    if (o->kind == KIND_FLAG || o->kind == KIND_PASSED) continue;
    struct completion_value value = completion_value(o->metavar);
    text_add(text, "    '%s %s') ", command_at(id)->name, o->name);
    completion_add(text, &value, calls);
    text_add(text, "; return ;;\n");
  }
}

void completion_bash(struct text *text) {
  text_add(text, "%s  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    _crosslane_words '", functions);
  completion_commands(text, " ");
  for (const struct option *o = NULL; (o = option_shown(COMMAND_program, o)) != NULL;) {
    text_add(text, "%s ", o->name);
  }
  text_add(text, "'\n    return\n  fi\n");
  add_groups(text);
  text_add(text,
           "  case \"$command $previous\" in\n"
           "    'help completion') _crosslane_words 'bash zsh fish'; return ;;\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) add_values(id, text);
  text_add(text, "  esac\n  case $command in\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    struct completion_value value = completion_operands(id);
    text_add(text, "    '%s') _crosslane_arguments '", command_at(id)->name);
    add_option_names(id, text);
    text_add(text, "' ");
    completion_add(text, &value, calls);
    text_add(text, " ;;\n");
  }
  text_add(text, "  esac\n}\n\ncomplete -F _crosslane crosslane\n");
}
