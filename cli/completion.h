/* Completions of the command line for shells, from the table of options. */
#ifndef CROSSLANE_CLI_COMPLETION_H
#define CROSSLANE_CLI_COMPLETION_H

#include "base/text.h"
#include "cli/commands.h"

/* For bash, zsh or fish; another shell is ERROR_USAGE. */
bool completion_write(const char *shell, struct text *text, struct error *error);

void completion_bash(struct text *text);
void completion_zsh(struct text *text);
void completion_fish(struct text *text);

/* --- what the shells share --- */

enum value_kind {
  VALUE_ANY,    /* nothing to offer */
  VALUE_FOLDER, /* a folder */
  VALUE_FILE,   /* a file that ends in `suffix`, ".yaml" */
  VALUE_WORDS,  /* one of `words` */
  VALUE_LIST,   /* some of them, joined by commas */
  VALUE_PREFIX  /* one of them, to be gone on with: "train.epochs=" */
};

/* What can stand for a metavar or operands. */
struct completion_value {
  enum value_kind kind;
  const char *suffix;
  struct text words; /* separated by blanks; text_clear */
};

struct completion_value completion_value(const char *metavar);

/* Adds what a shell does for a value, and clears it: the form of its kind, in
 * which @ stands for the suffix or the words. */
void completion_add(struct text *text, struct completion_value *value, const char *const *forms);

/* The first words of all commands, each with `end`. */
void completion_commands(struct text *text, const char *end);

/* The operands of a command; where usage lines differ, those of the last. */
struct completion_value completion_operands(enum command_id id);

/* The word of a group's commands, "data", when `id` is its first one; else NULL.
 * `room` holds it. */
enum { COMPLETION_WORD = 32 };
const char *completion_group(enum command_id id, char room[COMPLETION_WORD]);

/* For within single quotes: each of `escaped` with a backslash before it. Any
 * other quote as bash and zsh have it: it ends the quotes and begins new ones. */
void completion_escaped(struct text *text, const char *plain, const char *escaped);

#endif
