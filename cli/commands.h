/* The one table of commands and options (cli/commands.inc), and what its rows
 * become: `struct sweep_command` with a field for each option, and
 * `int command_sweep(const struct sweep_command *asked)`, which returns the exit
 * status. */
#ifndef CROSSLANE_CLI_COMMANDS_H
#define CROSSLANE_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every command has it; `-h` too. */
#define HELP_OPTION "--help"

#define OPERANDS_MANY SIZE_MAX

struct operands {
  const char *const *item;
  size_t count;
  char **argv; /* all arguments; as they were given where there is no operand */
};

struct option_list {
  const char **item;
  size_t count;
};

struct option_choice {
  bool given;
  unsigned place; /* in the list of choices; 0, the default, when not given */
};

/* KIND of an option -> type of its field. Numbers have their default, or 0, when
 * not given; a percentage -1; a text NULL. */
#define OPTION_FLAG bool
#define OPTION_TEXT const char *
#define OPTION_LIST struct option_list     /* given once or more */
#define OPTION_NUMBER uint64_t             /* from `least` to `most` */
#define OPTION_PERCENT double              /* from 0 to 1000 */
#define OPTION_CHOICE struct option_choice /* metavar "text|csv|json", the first is the default */
#define OPTION_CHOICES unsigned            /* metavar "svg,png,text"; bit i: choice i; 0: none */
#define OPTION_PASSED struct option_list   /* whole arguments that begin with `name` */

enum option_kind {
  KIND_FLAG,
  KIND_TEXT,
  KIND_LIST,
  KIND_NUMBER,
  KIND_PERCENT,
  KIND_CHOICE,
  KIND_CHOICES,
  KIND_PASSED
};

#define COMMAND(id, ...) \
  struct id##_command {  \
    struct operands operands;
#define OPTION(id, field, kind, ...) OPTION_##kind field;
#define END \
  }         \
  ;
#include "cli/commands.inc"

#define COMMAND(id, ...) int command_##id(const struct id##_command *asked);
#include "cli/commands.inc"

enum command_id {
#define COMMAND(id, ...) COMMAND_##id,
#include "cli/commands.inc"
  COMMANDS
};

/* What was asked of a command. */
union command_asked {
#define COMMAND(id, ...) struct id##_command id;
#include "cli/commands.inc"
};

enum { COMMAND_FORMS = 4 };

struct command {
  const char *name;                    /* "sweep", "data check" */
  const char *operands[COMMAND_FORMS]; /* of each usage line; NULL: those of the first */
  size_t least, most;                  /* how many operands */
  const char *summary;                 /* without its full stop */
  const char *about;                   /* sentences for help and man page; or NULL */
  const char *more;                    /* for the man page alone; or NULL */
  const char *example;                 /* one command line, or some, a line each */
};

struct option {
  enum command_id command;
  enum option_kind kind;
  size_t offset; /* of its field */
  const char *name, *metavar;
  uint64_t least, most, standard; /* of a number */
  unsigned forms;                 /* bit i: it stands in usage line i; 0: in all */
  bool needed;                    /* in those lines */
  bool hidden;                    /* from help, man page and completions */
  const char *help, *more;
};

const struct command *command_at(enum command_id id);

/* The next option of a command after `last`, which is NULL at first. NULL when
 * there is none. option_shown leaves out hidden ones. */
const struct option *option_after(enum command_id id, const struct option *last);
const struct option *option_shown(enum command_id id, const struct option *last);

/* How many usage lines the command has. */
size_t command_forms(enum command_id id);

/* The command whose name argv[0], or argv[0] and argv[1], is; `*words` counts
 * them. COMMANDS: there is none. */
enum command_id command_find(size_t argc, char *const *argv, size_t *words);

/* The commands that begin with the word `group`: "check" and "synth" of "data".
 * NULL after the last. */
const char *command_in_group(const char *group, size_t index);

#endif
