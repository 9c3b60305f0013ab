/* The experiment file: YAML in, one struct out. This room's other doors:
 *
 *   config/trial_config.h  what one model is
 *   config/launcher_spec.h what a cluster is asked for
 *   config/sweep.h         from a config to its list of trials
 *   config/config_help.h   help and man page of every key
 *
 * One table (config/config_table.c) names every key with its type, its
 * default, its bounds and its help text. The parser, `--set`, the sweep's
 * dotted paths, the canonical form, `crosslane help config` and the man page
 * crosslane-config(5) all come from that table. */
#ifndef CROSSLANE_CONFIG_CONFIG_H
#define CROSSLANE_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "config/launcher_spec.h"
#include "config/trial_config.h"
#include "config/yaml.h"

struct config {
  char name[CONFIG_NAME];
  char *description; /* may be empty */
  char *text;        /* the file as given */
  size_t text_size;
  struct yaml_document *document; /* [1 + settings] its tree, and of each setting what was hung
                                     into it; config_resolve writes it */
  size_t documents;
  struct source_spec *source; /* what base.data.tables points at */
  struct trial_config base;   /* the sections data, model, train, with --set applied; below a sweep
                                 its model may lack what each trial adds */
  size_t seeds;
  uint64_t seed[CONFIG_SEEDS_MAX];
  char *baseline;           /* the label of an architecture of sweep_expand, or NULL */
  struct sweep_spec *sweep; /* config/sweep.h; NULL: the base alone */
  uint64_t max_parameters;  /* sweep.constraint: larger architectures are left out; 0: none are */
  struct early_terminate_spec early_terminate;
  struct launcher_spec launcher;
};

/* Reads and checks everything: unknown and duplicate keys, wrong types, values
 * out of bounds, columns that do not exist, sweep paths and values. The error
 * is a block: "file:line:column: what", the line, a caret, the help; of a
 * setting: "--set KEY=VALUE: what". Keys that are wrong by themselves, or missing,
 * are said together, up to 10, with an empty line between two. Settings are applied in their order,
 * the last one of a key holds. A relative data.path in the file is made relative to the file's
 * folder; one of a setting is left as it is, and without any it is "". `schema` has the columns of
 * the data; NULL: those of MovieLens 100K. On failure `config` is empty. */
bool config_read(const char *path, const char *const *settings, size_t count,
                 const struct schema *schema, struct config *config, struct error *error);
void config_clear(struct config *config);

/* The config as a file of its own in `folder`, which must be there: with all settings, without
 * comments, and with a data.path that leads from there to where it led from the config's
 * folder. An absolute path stays. */
bool config_resolve(const struct config *config, const char *folder, struct text *resolved,
                    struct error *error);
/* The resolved config at `path` as one of `folder`, where a relative data.path leads to the same
 * place. What is not YAML any more stays as it is. */
bool config_move(const char *path, const char *folder, struct text *moved, struct error *error);

/* Only the section `data`, as far as it says where the data are: what to load before
 * the rest can be checked against its columns. `source` becomes data->tables. After a
 * failure `data` has what was understood. */
bool config_read_data(const char *path, const char *const *settings, size_t count,
                      struct data_spec *data, struct source_spec *source, struct error *error);

#endif
