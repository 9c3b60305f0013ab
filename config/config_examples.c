/* `crosslane help config --example NAME`: experiments to start from. */
#include "config/config_help.h"

#define COLUMNS "  deep: {columns: [age, gender, occupation, genre], hidden: [64, 32]}\n"

static const char *const examples[CONFIG_EXAMPLES] = {
    [CONFIG_EXAMPLE_SWEEP] =
        "# Six models: each depth with each rate, each with three seeds.\n"
        "schema: 1\n"
        "name: depth and rate\n"
        "data: {path: ml-100k, split: {method: random, test: 0.2, validation: 0.1}}\n"
        "model:\n"
        "  wide: {crosses: [gender*genre]}\n" COLUMNS
        "train: {epochs: 10}\n"
        "seeds: [1, 2, 3]\n"
        "sweep:\n"
        "  method: grid\n"
        "  parameters:\n"
        "    model.deep.hidden: {values: [[32], [64, 32], [64, 32, 16]]}\n"
        "    train.optimizer.learning_rate: {values: [0.001, 0.01]}\n",
    [CONFIG_EXAMPLE_CROSSES] =
        "# Three wide parts in one comparison. A cross has a weight for each combination.\n"
        "schema: 1\n"
        "name: crosses\n"
        "data: {path: ml-100k, split: {method: random, test: 0.2, validation: 0.1}}\n"
        "model:\n" COLUMNS
        "train: {epochs: 10}\n"
        "seeds: [1, 2, 3]\n"
        "baseline: none\n"
        "sweep:\n"
        "  method: list\n"
        "  trials:\n"
        "    - {label: none}\n"
        "    - {label: one, model.wide.crosses: [gender*genre]}\n"
        "    - {label: ids, model.wide.crosses: [user_id, item_id, user_id*genres]}\n",
    [CONFIG_EXAMPLE_SEARCH] =
        "# Twenty models by chance; the worse half stops after 2 epochs, and again after 4.\n"
        "schema: 1\n"
        "name: search\n"
        "data: {path: ml-100k, split: {method: random, test: 0.2, validation: 0.1}}\n"
        "model:\n" COLUMNS
        "train: {epochs: 8}\n"
        "sweep:\n"
        "  method: random\n"
        "  run_cap: 20\n"
        "  parameters:\n"
        "    model.deep.embedding_dim: {values: [4, 8, 16]}\n"
        "    model.deep.dropout: {min: 0, max: 0.5}\n"
        "    train.optimizer.learning_rate: {distribution: log_uniform_values, min: 0.0005, max: "
        "0.02}\n"
        "  early_terminate: {type: hyperband, min_iter: 2, eta: 2}\n",
    [CONFIG_EXAMPLE_FOLDS] =
        "# The five given folds of MovieLens 100K, each with two seeds: ten trials.\n"
        "schema: 1\n"
        "name: folds\n"
        "data:\n"
        "  path: ml-100k\n"
        "  split: {method: folds, folds: [u1, u2, u3, u4, u5], validation: 0.1}\n"
        "model:\n" COLUMNS
        "train: {epochs: 10, early_stopping: {patience: 2}}\n"
        "seeds: [1, 2]\n",
    [CONFIG_EXAMPLE_CSV] =
        "# Your own tables: 'crosslane init --data PATH' writes a file for them. These are as\n"
        "# 'crosslane data synth --form csv --out shop' makes them.\n"
        "schema: 1\n"
        "name: my data\n"
        "data:\n"
        "  source: csv\n"
        "  path: shop\n"
        "  ratings: {path: ratings.csv, user: user_id, item: item_id, rating: rating}\n"
        "  users: {path: users.csv, key: user_id}\n"
        "  columns: {zip: ignore}\n"
        "  split: {method: random, test: 0.2, validation: 0.1}\n"
        "model: {deep: {columns: [user_id, item_id, gender], hidden: [32]}}\n"
        "train: {epochs: 10}\n",
};

const char *config_example(enum config_example which) {
  return examples[which];
}
