/* The one table of keys, and the draft that it reads into.
 *
 * A row has a type: how a value is read from YAML, written as JSON, and
 * described. Adding a key is adding a row (and, for a new kind of value, a
 * type): parser, `--set`, sweep, canonical form and help follow. */
#ifndef CROSSLANE_CONFIG_CONFIG_TABLE_H
#define CROSSLANE_CONFIG_CONFIG_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "config/launcher_spec.h"
#include "config/trial_config.h"
#include "config/yaml.h"

enum { CONFIG_KEYS_MAX = 160 };

enum sweep_method { SWEEP_GRID, SWEEP_LIST, SWEEP_RANDOM, SWEEP_BAYES };

/* As the config says it: one value for all hidden layers, or one for each. It
 * becomes model.dropout when the number of layers is settled. */
struct dropout_values {
  bool list;
  size_t count;
  double value[HIDDEN_LAYERS_MAX];
};

struct seed_values {
  size_t count;
  uint64_t value[CONFIG_SEEDS_MAX];
};

/* A config while it is read. Texts and nodes belong to the YAML documents,
 * which outlive it. Sweep points are copies with some keys read anew. */
struct config_draft {
  const struct yaml_document *document; /* the file */
  const struct schema *columns;         /* of the data */
  struct trial_config trial;            /* model.dropout: see config_settle */
  struct source_spec source;            /* becomes trial.data.tables */
  uint32_t kfold;                       /* 0: not given; becomes data.split.folds */
  struct dropout_values dropout;
  struct seed_values seeds;
  uint32_t schema;
  const char *name, *description, *baseline; /* NULL: not given */
  unsigned method;                           /* enum sweep_method */
  const struct yaml_node *parameters, *trials, *exclude;
  unsigned metric, goal, terminate_type; /* one choice each */
  uint64_t max_parameters, run_cap;      /* 0: null */
  uint64_t sweep_seed;
  uint32_t round;
  struct early_terminate_spec early_terminate;
  struct launcher_spec launcher;
  const struct yaml_node *given[CONFIG_KEYS_MAX]; /* by row; NULL: the default holds */
};

struct config_key;

enum config_range { RANGE_NONE, RANGE_WHOLE, RANGE_REAL };

struct config_type {
  /* Errors point at the node, or at the part of it that is wrong. */
  bool (*read)(const struct config_key *key, const struct yaml_node *node,
               struct config_draft *draft, struct error *error);
  /* NULL: not a part of the canonical form. */
  json_t *(*json)(const struct config_key *key, const struct config_draft *draft);
  /* "a whole number from 1 to 65536" */
  void (*describe)(const struct config_key *key, struct text *text);
  /* Whether the value is none, and so no part of the canonical form; NULL: it never is. */
  bool (*is_none)(const struct config_key *key, const struct config_draft *draft);
  /* How a label of the sweep shows a value of `json`; NULL: as YAML. */
  void (*label)(const json_t *value, struct text *text);
  enum config_range range; /* whether numbers can be drawn from {min, max} */
};

/* With what other choice a key has a meaning. */
enum key_when {
  WHEN_ALWAYS,
  WHEN_FILES, /* all sources but synthetic */
  WHEN_TABLES,
  WHEN_CSV,
  WHEN_SQLITE,
  WHEN_SYNTHETIC,
  WHEN_RANDOM,
  WHEN_FOLDS,
  WHEN_KFOLD,
  WHEN_SGD,
  WHEN_ADAMW,
  WHEN_WIDE,
  WHEN_WIDE_SGD,
  WHEN_WIDE_ADAMW,
  WHEN_WIDE_FTRL,
  WHEN_STEP,
  WHEN_COSINE,
  WHEN_INVERSE_TIME,
  WHEN_EARLY_STOPPING,
  WHEN_AVERAGING,
  WHEN_CHECKPOINT
};

struct config_key {
  const char *path; /* dotted */
  const struct config_type *type;
  size_t offset; /* into struct config_draft */
  const char *help;
  const char *standard; /* the default, as YAML; NULL: nothing */
  const char *const *choices;
  size_t choice_count;
  unsigned first; /* what choices[0] stands for; the others follow */
  uint64_t minimum, maximum;
  /* Of real numbers; `above`: low itself is not allowed; `below`: nor high. */
  double low, high;
  bool above, below;
  enum key_when when;
  bool required;
  bool swept;    /* may stand in sweep.parameters */
  bool nullable; /* groups: null is not the same as {}; `offset` is a bool, true for a mapping */
  const char *label; /* in labels of the sweep, where the last component says too little */
  /* Came when there were records: at its default it is not a part of a trial's
   * key, so that those records stay valid. */
  bool late;
  /* Determines no number: it is no part of the canonical form, and so neither of records nor
   * of keys. */
  bool untold;
};

#define AT(field) .offset = offsetof(struct config_draft, field)
#define CHOICE(names) .choices = (names), .choice_count = sizeof(names) / sizeof *(names)

/* The table, in parts: config/config_rows_*.c */
struct config_rows {
  const struct config_key *key;
  size_t count;
};
extern const struct config_rows rows_data, rows_source, rows_model, rows_train, rows_sweep,
    rows_launcher;

size_t config_key_count(void);
const struct config_key *config_key_at(size_t index);
const struct config_key *config_key_find(const char *path); /* or NULL */
size_t config_key_index(const struct config_key *key);
const char *config_key_last(const struct config_key *key); /* the last component */
bool config_key_applies(const struct config_key *key, const struct trial_config *trial);
/* The group to which the key belongs, or NULL. */
const struct config_key *config_key_group(const struct config_key *key);
/* Whether a value of one sets the other too: the same key, or a key of a group. */
bool config_keys_overlap(const struct config_key *one, const struct config_key *other);
/* "sweep", "model.deep": the path of a mapping that holds keys; "" is the file. */
bool config_is_section(const char *path);
/* Whether the key stands in `section`, at any depth. */
bool config_key_within(const struct config_key *key, const char *section);

/* config/config_types.c */
extern const struct config_type type_u32, type_u64, type_real, type_choice, type_flag, type_name,
    type_text, type_path, type_mapping, type_list, type_bool, type_limit, type_metric;
/* A mapping of keys that have rows of their own; as a value of the sweep it
 * replaces the whole mapping. Its functions would need the table, which needs
 * them: they are NULL, and config_read_value and its like know groups. */
extern const struct config_type type_group;
/* config/config_lists.c */
extern const struct config_type type_seeds, type_folds, type_hidden, type_dropout;
/* config/config_source.c */
extern const struct config_type type_word, type_names, type_scale, type_kinds, type_derived,
    type_split_seed;
/* config/config_columns.c */
extern const struct config_type type_crosses, type_columns;
/* config/config_launcher.c */
extern const struct config_type type_slurm, type_lines;
/* config/config_head.c */
extern const struct config_type type_head;

/* What the types share. */
void *config_field(const struct config_key *key, struct config_draft *draft);
const void *config_field_const(const struct config_key *key, const struct config_draft *draft);
bool config_read_u64(const struct yaml_node *node, uint64_t minimum, uint64_t maximum,
                     uint64_t *value, struct error *error);
bool config_read_real(const struct config_key *key, const struct yaml_node *node, double *value,
                      struct error *error);
void config_describe_real(const struct config_key *key, struct text *text);
/* A text, quoted or not; `what` names what is expected. */
bool config_read_word(const struct yaml_node *node, const char *what, struct error *error);
bool config_expect(const struct yaml_node *node, enum yaml_kind kind, const char *what,
                   struct error *error);
/* Adds "did you mean 'x'?" and "Known: a, b, c" to an error; returns false. */
bool config_suggest(struct error *error, const char *word, const char *const *words, size_t count,
                    const char *all);

/* Reads a value of `key`; config_value_json writes it, NULL when memory ran
 * out. */
bool config_read_value(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error);
json_t *config_value_json(const struct config_key *key, const struct config_draft *draft);

bool config_read_default(const struct config_key *key, struct config_draft *draft,
                         struct error *error);

/* Sets a value at a dotted path below `root`; steals it. */
bool config_set_json(json_t *root, const char *path, json_t *value);

/* Reads one key's value and notes where it came from; a failure also tells
 * what the key is for. */
bool config_read_key(const struct config_key *key, const struct yaml_node *node,
                     struct config_draft *draft, struct error *error);

/* config/config_keys.c: unknown keys. `section` is "" at the top. */
bool config_unknown_key(const struct yaml_node *key, const char *section, const char *name,
                        struct error *error);

/* config/config_check.c: the checks between keys, on the final values;
 * then what has no influence is set to one form, so that equal models are
 * equal structs. */
bool config_settle(struct config_draft *draft, struct error *error);
/* The part of it that the section data needs. */
bool config_settle_data(struct config_draft *draft, struct error *error);

/* A value as compact YAML: "[64, 32]", "{name: age, dim: 4}", "0.2". */
void config_flow(const json_t *value, struct text *text);

/* A value as labels of the sweep show it: crosses as "[gender*genre, zip_area]",
 * all else as compact YAML. */
void config_label(const struct config_key *key, const json_t *value, struct text *text);

#endif
