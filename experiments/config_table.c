#include "experiments/config_table.h"

#include <assert.h>
#include <string.h>

static const char *const sources[] = {"movielens", "synthetic"};
static const char *const methods[] = {"random", "folds"};
static const char *const fits[] = {"train", "all"};
static const char *const activations[] = {"relu", "leaky_relu", "tanh", "sigmoid", "silu", "gelu"};
static const char *const interactions[] = {"none", "dot", "fm"};
static const char *const optimizers[] = {"adam", "adamw", "sgd", "adagrad"};
static const char *const updates[] = {"dense", "lazy"};
static const char *const sweeps[] = {"grid", "list"};

/* The choices stand in the order of their enums. */
static_assert(SOURCE_MOVIELENS == 0 && SOURCE_SYNTHETIC == 1, "sources");
static_assert(SPLIT_RANDOM == 0 && SPLIT_GIVEN_FOLDS == 1, "methods");
static_assert(ACTIVATION_GELU == ACTIVATION_RELU + 5, "activations");
static_assert(INTERACTION_NONE == 0 && INTERACTION_FM == 2, "interactions");
static_assert(OPTIMIZER_ADAM == 0 && OPTIMIZER_ADAGRAD == 3, "optimizers");
static_assert(UPDATES_DENSE == 0 && UPDATES_LAZY == 1, "updates");
static_assert(SWEEP_GRID == 0 && SWEEP_LIST == 1, "sweeps");
static_assert(sizeof(enum data_source) == sizeof(unsigned), "type_choice writes an unsigned");

#define AT(field) .offset = offsetof(struct config_draft, field)
#define CHOICE(names) .choices = (names), .choice_count = sizeof(names) / sizeof *(names)

/* In the order of the help. */
static const struct config_key table[] = {
    {.path = "schema",
     .type = &type_u32,
     AT(schema),
     .minimum = 1,
     .maximum = 1,
     .required = true,
     .help = "version of this format"},
    {.path = "name",
     .type = &type_name,
     AT(name),
     .required = true,
     .help = "name of the experiment, and of its folder of results"},
    {.path = "description",
     .type = &type_text,
     AT(description),
     .help = "the question that the experiment answers"},

    {.path = "data.source",
     .type = &type_choice,
     AT(trial.data.source),
     CHOICE(sources),
     .standard = "movielens",
     .help = "the ratings: a MovieLens 100K folder, or generated ones in its shape"},
    {.path = "data.path",
     .type = &type_path,
     AT(trial.data.path),
     .when = WHEN_MOVIELENS,
     .help = "the MovieLens folder, relative to the config file"},
    {.path = "data.synthetic.users",
     .type = &type_u32,
     AT(trial.data.synthetic.users),
     .minimum = 1,
     .maximum = 10000000,
     .standard = "943",
     .when = WHEN_SYNTHETIC,
     .help = "generated users"},
    {.path = "data.synthetic.items",
     .type = &type_u32,
     AT(trial.data.synthetic.items),
     .minimum = 1,
     .maximum = 10000000,
     .standard = "1682",
     .when = WHEN_SYNTHETIC,
     .help = "generated films"},
    {.path = "data.synthetic.ratings",
     .type = &type_u32,
     AT(trial.data.synthetic.ratings),
     .minimum = 1,
     .maximum = 1000000000,
     .standard = "100000",
     .when = WHEN_SYNTHETIC,
     .help = "generated ratings, at most users * items / 2"},
    {.path = "data.synthetic.seed",
     .type = &type_u64,
     AT(trial.data.synthetic.seed),
     .maximum = INT64_MAX,
     .standard = "1",
     .when = WHEN_SYNTHETIC,
     .help = "seed of the generator"},
    {.path = "data.split.method",
     .type = &type_choice,
     AT(trial.data.split.method),
     CHOICE(methods),
     .standard = "random",
     .help = "test rows: drawn by each trial's seed, or given as folds by the data set"},
    {.path = "data.split.test",
     .type = &type_real,
     AT(trial.data.split.test),
     .low = 0,
     .high = 1,
     .above = true,
     .below = true,
     .standard = "0.2",
     .when = WHEN_RANDOM,
     .swept = true,
     .help = "share of all rows that test"},
    {.path = "data.split.validation",
     .type = &type_real,
     AT(trial.data.split.validation),
     .low = 0,
     .high = 1,
     .below = true,
     .standard = "0.0",
     .swept = true,
     .help = "share of the remaining rows that validate instead of training"},
    {.path = "data.split.folds",
     .type = &type_folds,
     AT(trial.data.split),
     .when = WHEN_FOLDS,
     .standard = "[]",
     .help = "folds to train, one after the other"},
    {.path = "data.fit",
     .type = &type_flag,
     AT(trial.data.fit_all),
     CHOICE(fits),
     .standard = "train",
     .swept = true,
     .help = "rows on which dictionaries and scalings are fitted"},

    {.path = "model.wide.crosses",
     .type = &type_crosses,
     AT(trial.model),
     .standard = "[]",
     .swept = true,
     .help = "wide part: combinations of category columns, one-hot"},
    {.path = "model.deep.columns",
     .type = &type_columns,
     AT(trial.model),
     .standard = "[]",
     .swept = true,
     .help = "deep part: columns that it reads; dim overrides embedding_dim"},
    {.path = "model.deep.embedding_dim",
     .type = &type_u32,
     AT(trial.model.embedding_dim),
     .minimum = 1,
     .maximum = 1024,
     .standard = "8",
     .swept = true,
     .help = "numbers that stand for one category"},
    {.path = "model.deep.hidden",
     .type = &type_hidden,
     AT(trial.model),
     .minimum = 1,
     .maximum = 65536,
     .standard = "[64, 32, 16]",
     .swept = true,
     .help = "widths of the hidden layers; [] leads the embeddings straight to the output"},
    {.path = "model.deep.activation",
     .type = &type_choice,
     AT(trial.model.activation),
     CHOICE(activations),
     .first = ACTIVATION_RELU,
     .standard = "relu",
     .swept = true,
     .help = "of each hidden layer"},
    {.path = "model.deep.dropout",
     .type = &type_dropout,
     AT(dropout),
     .low = 0,
     .high = 1,
     .below = true,
     .standard = "0.0",
     .swept = true,
     .help = "share of each hidden layer's outputs dropped while training"},
    {.path = "model.interaction",
     .type = &type_choice,
     AT(trial.model.interaction),
     CHOICE(interactions),
     .standard = "none",
     .swept = true,
     .help = "dot: users' embeddings times films'; fm: all pairs of embeddings"},

    {.path = "train.epochs",
     .type = &type_u32,
     AT(trial.train.epochs),
     .minimum = 1,
     .maximum = 100000,
     .standard = "50",
     .swept = true,
     .help = "passes over the training rows"},
    {.path = "train.batch_size",
     .type = &type_u32,
     AT(trial.train.batch_size),
     .minimum = 1,
     .maximum = 1 << 20,
     .standard = "32",
     .swept = true,
     .help = "rows for one step"},
    {.path = "train.optimizer.name",
     .type = &type_choice,
     AT(trial.train.optimizer.name),
     CHOICE(optimizers),
     .standard = "adam",
     .swept = true,
     .help = "how a step is made"},
    {.path = "train.optimizer.learning_rate",
     .type = &type_real,
     AT(trial.train.optimizer.learning_rate),
     .low = 0,
     .high = 100,
     .above = true,
     .standard = "0.001",
     .swept = true,
     .help = "size of a step"},
    {.path = "train.optimizer.embedding_updates",
     .type = &type_choice,
     AT(trial.train.embedding_updates),
     CHOICE(updates),
     .standard = "dense",
     .swept = true,
     .help = "embedding rows that a step updates: all (dense), those of the batch (lazy)"},
    {.path = "train.optimizer.momentum",
     .type = &type_real,
     AT(trial.train.optimizer.momentum),
     .low = 0,
     .high = 1,
     .below = true,
     .standard = "0.0",
     .when = WHEN_SGD,
     .swept = true,
     .help = "sgd: share of the last step that is added to this one"},
    {.path = "train.optimizer.weight_decay",
     .type = &type_real,
     AT(trial.train.optimizer.weight_decay),
     .low = 0,
     .high = 100,
     .standard = "0.01",
     .when = WHEN_ADAMW,
     .swept = true,
     .help = "adamw: share of each weight, times the learning rate, that a step takes off"},
    {.path = "train.l2.wide",
     .type = &type_real,
     AT(trial.train.l2.wide),
     .low = 0,
     .high = 1000,
     .standard = "0.0",
     .swept = true,
     .help = "penalty on the squares of the wide weights"},
    {.path = "train.l2.embeddings",
     .type = &type_real,
     AT(trial.train.l2.embeddings),
     .low = 0,
     .high = 1000,
     .standard = "0.0",
     .swept = true,
     .help = "penalty on the squares of the embeddings that a batch reads"},
    {.path = "train.l2.deep",
     .type = &type_real,
     AT(trial.train.l2.deep),
     .low = 0,
     .high = 1000,
     .standard = "0.0",
     .swept = true,
     .help = "penalty on the squares of the dense weights, biases left out"},

    {.path = "seeds",
     .type = &type_seeds,
     AT(seeds),
     .maximum = INT64_MAX,
     .standard = "[1]",
     .help = "each architecture is trained once for each of them"},
    {.path = "baseline",
     .type = &type_text,
     AT(baseline),
     .help = "label of the trial with which the others are compared; null: the first"},

    {.path = "sweep.method",
     .type = &type_choice,
     AT(method),
     CHOICE(sweeps),
     .standard = "grid",
     .help = "all combinations of some values, or a list of trials"},
    {.path = "sweep.parameters",
     .type = &type_mapping,
     AT(parameters),
     .help = "grid: dotted key to {values: [...]} or {value: ...}; the last varies fastest"},
    {.path = "sweep.trials",
     .type = &type_list,
     AT(trials),
     .help = "list: mappings of a label and dotted keys"},
    {.path = "sweep.exclude",
     .type = &type_list,
     AT(exclude),
     .help = "grid: mappings of dotted keys; combinations that match one are left out"},
};

enum { KEYS = sizeof table / sizeof *table };
static_assert((int)KEYS <= (int)CONFIG_KEYS_MAX, "given[] has room for each row");

size_t config_key_count(void) {
  return KEYS;
}

const struct config_key *config_key_at(size_t index) {
  return &table[index];
}

size_t config_key_index(const struct config_key *key) {
  return (size_t)(key - table);
}

const struct config_key *config_key_find(const char *path) {
  for (size_t i = 0; i < KEYS; i++) {
    if (strcmp(table[i].path, path) == 0) return &table[i];
  }
  return NULL;
}

const char *config_key_last(const struct config_key *key) {
  const char *dot = strrchr(key->path, '.');
  return dot == NULL ? key->path : dot + 1;
}

bool config_key_applies(const struct config_key *key, const struct trial_config *trial) {
  switch (key->when) {
    case WHEN_ALWAYS:
      return true;
    case WHEN_MOVIELENS:
      return trial->data.source == SOURCE_MOVIELENS;
    case WHEN_SYNTHETIC:
      return trial->data.source == SOURCE_SYNTHETIC;
    case WHEN_RANDOM:
      return trial->data.split.method == SPLIT_RANDOM;
    case WHEN_FOLDS:
      return trial->data.split.method == SPLIT_GIVEN_FOLDS;
    case WHEN_SGD:
      return trial->train.optimizer.name == OPTIMIZER_SGD;
    case WHEN_ADAMW:
      return trial->train.optimizer.name == OPTIMIZER_ADAMW;
  }
  return true;
}

bool config_key_within(const struct config_key *key, const char *section) {
  size_t length = strlen(section);
  if (length == 0) return true;
  return strncmp(key->path, section, length) == 0 && key->path[length] == '.';
}

bool config_is_section(const char *path) {
  for (size_t i = 0; i < KEYS; i++) {
    if (config_key_within(&table[i], path)) return true;
  }
  return false;
}
