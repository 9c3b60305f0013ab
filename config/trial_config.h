/* What one model is: the sections data, model and train of an experiment file,
 * and their canonical form as JSON. */
#ifndef CROSSLANE_CONFIG_TRIAL_CONFIG_H
#define CROSSLANE_CONFIG_TRIAL_CONFIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/data_spec.h"
#include "model/model_spec.h"

enum { CONFIG_NAME = 64, CONFIG_SEEDS_MAX = 1000 };

/* The folder of an experiment's results, from its name of less than CONFIG_NAME bytes:
 * letters A to Z, digits, '.', '_' and '-' as they are, one '-' for what is between
 * them; it begins with a letter or a digit. "my thesis" is "my-thesis". False: the name
 * has none of these. */
bool config_folder(const char *name, char folder[CONFIG_NAME]);

/* What determines a trial's numbers, but for data digest, seed and fold. */
struct trial_config {
  struct data_spec data;
  struct model_spec model;
  struct train_spec train;
};

/* Successive halving (Li et al.: JMLR 18, 2018, section 3; one bracket): at
 * min_iter, min_iter * eta, min_iter * eta^2, ... epochs the architectures are
 * compared by their mean validation MSE over all seeds and folds, and the best
 * ceil(n / eta) go on. */
struct early_terminate_spec {
  bool on;
  uint32_t min_iter, eta;
};

/* One model to train under several seeds and folds. Two points of a sweep that
 * resolve to the same config are one architecture with both labels. */
struct architecture {
  /* Of a list: as given; of a grid: "hidden=[64, 32] dropout=0.2"; of random
   * draws the same, real numbers cut to four digits where that tells them apart;
   * several joined by " | ". */
  char *label;
  json_t *swept; /* dotted path -> value, as the config says it; {} without a sweep */
  struct trial_config config;
};

/* Sections data, model and train with all defaults filled in, keys sorted, as
 * the record keeps it. A new reference, or NULL without memory. */
json_t *config_json(const struct trial_config *config);

/* What enters a trial's key: config_json without data.path, the list of folds
 * (a trial's own fold is in its key), model.deep.embedding_dim (each column has
 * its own dim instead), and keys that came when there were records, where they
 * are at their defaults: the keys of those records hold. */
json_t *config_key_json(const struct trial_config *config);

/* Back from config_json's text, as a model's file keeps it: read and checked by
 * the same table. `name` is in messages, which are ERROR_DATA. */
bool config_from_json(const char *text, const char *name, const struct schema *schema,
                      struct source_spec *source, struct trial_config *config, struct error *error);

/* Its section `data` alone, as far as it says where the data are: what to load before
 * config_from_json can be given their columns. `source` becomes data->tables. */
bool config_data_from_json(const char *text, const char *name, struct source_spec *source,
                           struct data_spec *data, struct error *error);

#endif
