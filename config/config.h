/* The experiment file: YAML in, one struct out.
 *
 * One table (config/config_table.c) names every key with its type, its
 * default, its bounds and its help text. The parser, `--set`, the sweep's
 * dotted paths, the canonical form, `crosslane help config` and the man page
 * crosslane-config(5) all come from that table. */
#ifndef CROSSLANE_CONFIG_CONFIG_H
#define CROSSLANE_CONFIG_CONFIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "data/spec.h"
#include "model/spec.h"

enum { CONFIG_NAME = 64, CONFIG_SEEDS_MAX = 1000 };

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

struct config {
  char name[CONFIG_NAME];
  char *description; /* may be empty */
  char *text;        /* the file as given, for runs/<name>/config.yaml */
  size_t text_size;
  struct trial_config base; /* the sections data, model, train, with --set applied; below a sweep
                               its model may lack what each trial adds */
  size_t seeds;
  uint64_t seed[CONFIG_SEEDS_MAX];
  char *baseline;           /* the label of an architecture of sweep_expand, or NULL */
  struct sweep_spec *sweep; /* config/sweep.h; NULL: the base alone */
  uint64_t max_parameters;  /* sweep.constraint: larger architectures are left out; 0: none are */
  struct early_terminate_spec early_terminate;
};

/* Reads and checks everything: unknown and duplicate keys, wrong types, values
 * out of bounds, columns that do not exist, sweep paths and values. The error
 * is one block: "file:line:column: what", the line, a caret, the help; of a
 * setting: "--set KEY=VALUE: what". Settings are applied in their order, the
 * last one of a key holds. A relative data.path in the file is made relative
 * to the file's folder; one of a setting is left as it is, and without any it
 * is "". On failure `config` is empty. */
bool config_read(const char *path, const char *const *settings, size_t count, struct config *config,
                 struct error *error);
void config_clear(struct config *config);

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
bool config_from_json(const char *text, const char *name, struct trial_config *config,
                      struct error *error);

/* `crosslane help config`, and crosslane-config(5) in mdoc. */
void config_help(struct text *text);
void config_man_page(struct text *text);

#endif
