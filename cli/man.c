#include "cli/man.h"

#include <ctype.h>
#include <string.h>

#include "base/mdoc.h"
#include "cli/cli.h"
#include "cli/help_text.h"

/* "Fl -jobs Ar N" */
static void add_flag(const struct option *option, struct text *text) {
  text_add(text, "Fl %s", option->name + 1);
  if (option->kind == KIND_FLAG) return;
  text_add(text, " %sAr %s", option->kind == KIND_PASSED ? "Ns " : "", option->metavar);
}

static void add_synopsis(enum command_id id, size_t form, struct text *text) {
  const struct command *command = command_at(id);
  const char *operands = help_operands(id, form);
  text_add(text, ".Nm crosslane\n");
  if (command->name[0] != '\0') text_add(text, ".Cm %s\n", command->name);
  if (operands[0] != '\0') text_add(text, ".Ar %s\n", operands);
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    if (!help_in_form(o, form)) continue;
    text_add(text, o->needed ? "." : ".Op ");
    add_flag(o, text);
    text_add(text, o->kind == KIND_LIST || o->kind == KIND_PASSED ? " ...\n" : "\n");
  }
}

/* A sentence and what follows it, on one line. */
static void add_sentences(const char *sentence, const char *follows, struct text *text) {
  mdoc_add(text, sentence);
  text_add(text, ".\n");
  if (follows == NULL) return;
  mdoc_add(text, follows);
  text_add(text, "\n");
}

static void add_options(enum command_id id, struct text *text) {
  bool any = false;
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    struct text help = {0};
    help_option(o, &help);
    text_add(text, "%s.It ", any ? "" : ".Bl -tag -width Ds\n");
    add_flag(o, text);
    text_add(text, "\n");
    if (!help.failed) add_sentences(help.text, o->more, text);
    text_clear(&help);
    any = true;
  }
  if (any) text_add(text, ".El\n");
}

static void add_description(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  add_sentences(command->summary, command->about, text);
  if (command->more != NULL) {
    text_add(text, ".Pp\n");
    mdoc_add(text, command->more);
    text_add(text, "\n");
  }
  add_options(id, text);
}

static void add_command(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  for (size_t form = 0; form < COMMAND_FORMS; form++) {
    const char *operands = command->operands[form];
    if (operands == NULL) break;
    text_add(text, ".It Cm %s%s%s\n", command->name, operands[0] != '\0' ? " Ar " : "", operands);
  }
  add_description(id, text);
}

static void add_exit_statuses(struct text *text) {
  text_add(text, ".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n");
#define STATUS(name, number, meaning) text_add(text, ".It %d\n%s.\n", number, meaning);
  EXIT_STATUSES(STATUS)
#undef STATUS
  text_add(text, ".El\n");
}

static void add_examples(enum command_id id, struct text *text) {
  const char *at = command_at(id)->example;
  while (*at != '\0') {
    const size_t length = strcspn(at, "\n");
    text_add(text, ".Dl %.*s\n", (int)length, at);
    at += length + (at[length] == '\n');
  }
}

void man_page(struct text *text) {
  text_add(text, "%s%s.Sh SYNOPSIS\n", man_date, man_name);
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    for (size_t form = 0; form < command_forms(id); form++) add_synopsis(id, form, text);
  }
  for (size_t form = 0; form < command_forms(COMMAND_program); form++) {
    add_synopsis(COMMAND_program, form, text);
  }
  text_add(text, "%s", man_description);
  add_options(COMMAND_program, text);
  text_add(text, ".Bl -tag -width Ds\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) add_command(id, text);
  text_add(text, ".El\n%s", man_environment_and_files);
  add_exit_statuses(text);
  text_add(text, ".Sh EXAMPLES\n");
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    text_add(text, ".Pp\n%s:\n.Pp\n", command_at(id)->summary);
    add_examples(id, text);
  }
  text_add(text, "%s%s", man_more_examples, man_see_also);
}

/* "DATA-CHECK" of "data check". */
static void add_dashed(const char *name, int (*letter)(int), struct text *text) {
  for (const char *at = name; *at != '\0'; at++) {
    text_add(text, "%c", *at == ' ' ? '-' : letter((unsigned char)*at));
  }
}

void man_command_page(enum command_id id, struct text *text) {
  const struct command *command = command_at(id);
  text_add(text, "%s.Dt CROSSLANE-", man_date);
  add_dashed(command->name, toupper, text);
  text_add(text, " 1\n.Os\n.Sh NAME\n.Nm crosslane-");
  add_dashed(command->name, tolower, text);
  text_add(text, "\n.Nd %c%s\n.Sh SYNOPSIS\n", tolower((unsigned char)command->summary[0]),
           command->summary + 1);
  for (size_t form = 0; form < command_forms(id); form++) add_synopsis(id, form, text);
  text_add(text, ".Sh DESCRIPTION\n");
  add_description(id, text);
  add_exit_statuses(text);
  text_add(text, ".Sh EXAMPLES\n");
  add_examples(id, text);
  text_add(text, ".Sh SEE ALSO\n.Xr crosslane 1 ,\n.Xr crosslane-config 5\n");
}
