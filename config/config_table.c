#include "config/config_table.h"

#include <string.h>

static const struct config_rows *const parts[] = {&rows_data,  &rows_source, &rows_model,
                                                  &rows_train, &rows_sweep,  &rows_launcher};
enum { PARTS = sizeof parts / sizeof *parts };

size_t config_key_count(void) {
  size_t count = 0;
  for (size_t i = 0; i < PARTS; i++) count += parts[i]->count;
  return count;
}

const struct config_key *config_key_at(size_t index) {
  size_t part = 0;
  while (index >= parts[part]->count) index -= parts[part++]->count;
  return &parts[part]->key[index];
}

const struct config_key *config_key_find(const char *path) {
  for (size_t i = 0; i < PARTS; i++) {
    for (size_t j = 0; j < parts[i]->count; j++) {
      if (strcmp(parts[i]->key[j].path, path) == 0) return &parts[i]->key[j];
    }
  }
  return NULL;
}

size_t config_key_index(const struct config_key *key) {
  size_t index = 0;
  while (config_key_at(index) != key) index++;
  return index;
}

const char *config_key_last(const struct config_key *key) {
  const char *dot = strrchr(key->path, '.');
  return dot == NULL ? key->path : dot + 1;
}

static bool wide_optimizer_is(const struct trial_config *trial, enum optimizer_name name) {
  return trial->train.has_wide_optimizer && trial->train.wide_optimizer.name == name;
}

bool config_key_applies(const struct config_key *key, const struct trial_config *trial) {
  switch (key->when) {
    case WHEN_ALWAYS:
      return true;
    case WHEN_FILES:
      return trial->data.source != SOURCE_SYNTHETIC;
    case WHEN_TABLES:
      return trial->data.source != SOURCE_SYNTHETIC && trial->data.source != SOURCE_MOVIELENS;
    case WHEN_CSV:
      return trial->data.source == SOURCE_CSV;
    case WHEN_SQLITE:
      return trial->data.source == SOURCE_SQLITE;
    case WHEN_SYNTHETIC:
      return trial->data.source == SOURCE_SYNTHETIC;
    case WHEN_RANDOM:
      return trial->data.split.method == SPLIT_RANDOM || trial->data.split.method == SPLIT_TIME;
    case WHEN_FOLDS:
      return trial->data.split.method == SPLIT_GIVEN_FOLDS;
    case WHEN_KFOLD:
      return trial->data.split.method == SPLIT_KFOLD;
    case WHEN_SGD:
      return trial->train.optimizer.name == OPTIMIZER_SGD;
    case WHEN_ADAMW:
      return trial->train.optimizer.name == OPTIMIZER_ADAMW;
    case WHEN_WIDE:
      return trial->train.has_wide_optimizer;
    case WHEN_WIDE_SGD:
      return wide_optimizer_is(trial, OPTIMIZER_SGD);
    case WHEN_WIDE_ADAMW:
      return wide_optimizer_is(trial, OPTIMIZER_ADAMW);
    case WHEN_WIDE_FTRL:
      return wide_optimizer_is(trial, OPTIMIZER_FTRL);
    case WHEN_STEP:
      return trial->train.schedule.name == SCHEDULE_STEP;
    case WHEN_COSINE:
      return trial->train.schedule.name == SCHEDULE_COSINE;
    case WHEN_INVERSE_TIME:
      return trial->train.schedule.name == SCHEDULE_INVERSE_TIME;
    case WHEN_EARLY_STOPPING:
      return trial->train.early_stopping.on;
    case WHEN_AVERAGING:
      return trial->train.averaging.on;
    case WHEN_CHECKPOINT:
      return trial->train.checkpoint.on;
  }
  return true;
}

bool config_key_within(const struct config_key *key, const char *section) {
  size_t length = strlen(section);
  if (length == 0) return true;
  return strncmp(key->path, section, length) == 0 && key->path[length] == '.';
}

const struct config_key *config_key_group(const struct config_key *key) {
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *group = config_key_at(i);
    if (group->type == &type_group && config_key_within(key, group->path)) return group;
  }
  return NULL;
}

bool config_keys_overlap(const struct config_key *one, const struct config_key *other) {
  return one == other || config_key_within(one, other->path) || config_key_within(other, one->path);
}

bool config_is_section(const char *path) {
  for (size_t i = 0; i < config_key_count(); i++) {
    if (config_key_within(config_key_at(i), path)) return true;
  }
  return false;
}
