#include "cli/help_text.h"

#include <string.h>

#include "cli/cli.h"

enum { INDENT = 2, HELP_COLUMN = 24 };

bool help_in_form(const struct option *option, size_t form) {
  return (option->forms == 0 || (option->forms >> form & 1u) != 0);
}

const char *help_operands(enum command_id id, size_t form) {
  const char *const *operands = command_at(id)->operands;
  return operands[form] != NULL ? operands[form] : operands[0];
}

void help_label(const struct option *option, char blank, struct text *text) {
  text_add(text, "%s", option->name);
  if (option->kind == KIND_FLAG) return;
  if (option->kind != KIND_PASSED) text_add(text, "%c", blank);
  text_add(text, "%s", option->metavar);
}

void help_option(const struct option *option, struct text *text) {
  text_add(text, "%s", option->help);
  if (option->kind == KIND_LIST) text_add(text, " (can be repeated)");
  if (option->kind == KIND_CHOICE && strstr(option->help, "(default: ") == NULL) {
    text_add(text, " (default: %.*s)", (int)strcspn(option->metavar, "|"), option->metavar);
  }
  if (option->kind == KIND_NUMBER && option->standard > 0) {
    text_add(text, " (default: %llu)", (unsigned long long)option->standard);
  }
}

/* A usage line; what belongs together is joined by tabs, which do not wrap. */
static void add_usage(enum command_id id, size_t form, struct text *text) {
  struct text line = {0};
  const char *name = command_at(id)->name, *operands = help_operands(id, form);
  const char *start = form == 0 ? "usage: crosslane " : "       crosslane ";
  text_add(&line, "%s%s%s", name, operands[0] != '\0' && name[0] != '\0' ? " " : "", operands);
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    if (!help_in_form(o, form)) continue;
    const bool many = o->kind == KIND_LIST || o->kind == KIND_PASSED;
    text_add(&line, " %s", o->needed ? "" : "[");
    help_label(o, '\t', &line);
    text_add(&line, "%s%s", o->needed ? "" : "]", many ? "..." : "");
  }
  text_add(text, "%s", start);
  const size_t indent = strlen(start) + strlen(name) + (name[0] != '\0');
  if (!line.failed) {
    const bool bare = line.text[0] == ' ';
    text_add_wrapped(text, strlen(start), indent, line.text + bare);
  }
  text_clear(&line);
}

/* A name, and its explanation from HELP_COLUMN on. */
static void add_entry(const struct text *name, const char *explanation, struct text *text) {
  text_add(text, "%*s%s", INDENT, "", name->text != NULL ? name->text : "");
  size_t column = INDENT + name->length;
  if (column + INDENT > HELP_COLUMN) {
    text_add(text, "\n");
    column = 0;
  }
  text_add(text, "%*s", (int)(HELP_COLUMN - column), "");
  text_add_wrapped(text, HELP_COLUMN, HELP_COLUMN, explanation);
}

static void add_options(enum command_id id, struct text *text) {
  bool any = false;
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    struct text label = {0}, help = {0};
    help_label(o, ' ', &label);
    help_option(o, &help);
    text_add(text, "%s", any ? "" : "\nOptions:\n");
    if (!help.failed) add_entry(&label, help.text, text);
    text_clear(&label);
    text_clear(&help);
    any = true;
  }
}

static void add_example(enum command_id id, struct text *text) {
  text_add(text, "\nExample:\n");
  const char *at = command_at(id)->example;
  while (*at != '\0') {
    const size_t length = strcspn(at, "\n");
    text_add(text, "%*s%.*s\n", INDENT, "", (int)length, at);
    at += length + (at[length] == '\n');
  }
}

void help_command(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  for (size_t form = 0; form < command_forms(id); form++) add_usage(id, form, text);
  struct text words = {0};
  text_add(&words, "%s.%s%s", command->summary, command->about != NULL ? " " : "",
           command->about != NULL ? command->about : "");
  text_add(text, "\n");
  if (!words.failed) text_add_wrapped(text, 0, 0, words.text);
  text_clear(&words);
  add_options(id, text);
  add_example(id, text);
}

bool help_group(const char *group, struct text *text) {
  const char *name;
  for (size_t i = 0; (name = command_in_group(group, i)) != NULL; i++) {
    char *words[] = {(char *)group, (char *)name};
    size_t count;
    text_add(text, "%s", i > 0 ? "\n" : "");
    help_command(command_find(2, words, &count), text);
  }
  return text->length > 0;
}

void help_overview(struct text *text) {
  for (size_t form = 0; form < command_forms(COMMAND_program); form++) {
    add_usage(COMMAND_program, form, text);
  }
  text_add(text, "\n%s.\n\nCommands:\n", command_at(COMMAND_program)->summary);
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    const struct command *command = command_at(id);
    struct text name = {0};
    text_add(&name, "%s%s%s", command->name, command->operands[0][0] != '\0' ? " " : "",
             command->operands[0]);
    add_entry(&name, command->summary, text);
    text_clear(&name);
  }
  add_options(COMMAND_program, text);
  text_add(text, "\nExit status:\n");
#define STATUS(name, number, meaning) text_add(text, "%*s%-4d %s\n", INDENT, "", number, meaning);
  EXIT_STATUSES(STATUS)
#undef STATUS
  add_example(COMMAND_program, text);
  text_add(text,
           "\n'crosslane help COMMAND' explains a command,\n"
           "'crosslane help config' every key of an experiment file.\n");
}
