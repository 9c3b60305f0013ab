/* What the commands share: exit statuses, output, the environment. */
#ifndef CROSSLANE_CLI_CLI_H
#define CROSSLANE_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "data/data_spec.h"
#include "kernels/isa.h"

#define EXIT_STATUSES(STATUS)                                                                 \
  STATUS(EXIT_DONE, 0, "Done")                                                                \
  STATUS(EXIT_TRIAL_FAILED, 1, "A trial failed, or the system did: memory, files, processes") \
  STATUS(EXIT_USAGE, 2, "The command line or the experiment file is wrong")                   \
  STATUS(EXIT_DATA, 3, "The data set is damaged or missing")                                  \
  STATUS(EXIT_INTERRUPTED, 130, "Interrupted")                                                \
  STATUS(EXIT_TERMINATED, 143, "Terminated")

enum {
#define STATUS(name, number, meaning) name = (number),
  EXIT_STATUSES(STATUS)
#undef STATUS
};

/* Prints "crosslane: <message>" to standard error; the exit status of its kind. */
int cli_fail(const struct error *error);

/* Writes the text to standard error, made harmless (base/plain.h), and clears it. */
void cli_tell(struct text *text);

/* The same after "crosslane: warning: "; nothing for an empty text. */
void cli_warn(struct text *text);

/* Writes the text to standard output, likewise, and clears it; EXIT_TRIAL_FAILED (reported)
 * when standard output is closed or full, or memory had run out. */
int cli_print(struct text *text);

/* Columns of the terminal at `descriptor`: COLUMNS, else what the terminal says, else
 * 80; 0 when it is none. */
size_t cli_width(int descriptor);

/* Breaks the lines that are wider than `width` (0: none is) between words. */
void cli_fold(struct text *text, size_t width);

/* An environment variable's value; NULL when it is not set or empty. */
const char *cli_environment(const char *name);

/* Where the data are: `asked` (--data) or, for folders of MovieLens, CROSSLANE_DATA; NULL: as the
 * config says. */
const char *cli_data_path(const char *asked, enum data_source source);

/* The instruction set of --isa (`asked`; NULL: not given), or CROSSLANE_ISA, or
 * the widest that runs here. */
bool cli_isa(const char *asked, enum isa *isa, struct error *error);

#endif
