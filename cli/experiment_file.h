/* An experiment file and its data, as commands that train are given them. */
#ifndef CROSSLANE_CLI_EXPERIMENT_FILE_H
#define CROSSLANE_CLI_EXPERIMENT_FILE_H

#include <signal.h>

#include "cli/commands.h"
#include "config/config.h"
#include "data/dataset.h"

struct experiment_file {
  const char *path;
  const char **settings;
  size_t count;
  struct source_spec source; /* of the first look */
  struct dataset dataset;
  struct config config;
};

/* `set`: of --set; then `more` settings, [count]; `data`: of --data. The columns that the
 * file may name are those of the data, so these are read first. Where they cannot be read, what
 * is wrong with the file is said before that. `file` starts as {0}; clear it after a failure
 * too. */
bool experiment_file_read(struct experiment_file *file, const char *path,
                          const struct option_list *set, const char *const *more, size_t count,
                          const char *data, struct error *error);
void experiment_file_clear(struct experiment_file *file);

/* Set by SIGINT and SIGTERM, once they are caught. */
extern volatile sig_atomic_t experiment_interrupted;
void experiment_catch_signals(void);
/* The exit status of an error that has been printed: a signal's own for an interrupt. */
int experiment_fail(const struct error *error);

#endif
