/* The subcommands. Each takes its own arguments (argv[0] is its name), calls
 * one thing and prints; it returns the exit status. */
#ifndef CROSSLANE_CLI_CLI_H
#define CROSSLANE_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum {
  EXIT_DONE = 0,
  EXIT_TRIAL_FAILED = 1,
  EXIT_USAGE = 2,
  EXIT_DATA = 3,
  EXIT_INTERRUPTED = 130,
  EXIT_TERMINATED = 143
};

int command_sweep(int argc, char **argv);
int command_show(int argc, char **argv);
int command_plot(int argc, char **argv);
int command_report(int argc, char **argv);
int command_predict(int argc, char **argv);
int command_evaluate(int argc, char **argv);
int command_data(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_cpu(int argc, char **argv);
int command_help(int argc, char **argv);

/* Prints "crosslane: <message>" to standard error; the exit status of its kind. */
int fail(const struct error *error);

/* Writes the text to standard output and clears it; false (reported) when
 * standard output is gone or full, or memory had run out. */
bool print_text(struct text *text);

/* An environment variable's value; NULL when it is not set or empty. */
const char *environment(const char *name);

/* --- arguments --- */

/* An option: "--name VALUE" or "--name=VALUE", or a flag. Each use of it calls
 * nothing: values are collected. */
struct option {
  const char *name; /* with its dashes */
  bool flag;
  const char **value;  /* last one wins */
  bool *set;           /* of a flag */
  const char **values; /* collects all; room for `argc` of them */
  size_t *count;
};

/* Splits argv into options and operands (operands are moved to the front of
 * argv + 1; `*operands` counts them). Unknown options and missing values are
 * ERROR_USAGE with a suggestion. */
bool parse_arguments(int argc, char **argv, const struct option *options, size_t count,
                     size_t *operands, struct error *error);

/* A whole number from 1 to `most`. */
bool parse_count(const char *option, const char *text, size_t most, size_t *value,
                 struct error *error);

/* The usage lines of one command, or NULL when there is none of that name. */
const char *command_usage(const char *command);

#endif
