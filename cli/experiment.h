/* An experiment file with its data, as sweep and launch begin with it. */
#ifndef CROSSLANE_CLI_EXPERIMENT_H
#define CROSSLANE_CLI_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "data/dataset.h"

/* Start from {0}; large, so not on the stack. */
struct experiment {
  const char *path;
  const char **setting; /* [settings] KEY=VALUE, not owned */
  size_t settings;
  struct source_spec source; /* of the first look */
  struct dataset dataset;
  struct config config;
};

/* The data first: what the config may name are their columns. Where they cannot be read, what
 * is wrong with the config is said before that. `data`: of --data, or NULL. Clear it after a
 * failure too. */
bool experiment_read(struct experiment *e, const char *data, struct error *error);
void experiment_clear(struct experiment *e);

#endif
