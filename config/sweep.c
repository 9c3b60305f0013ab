#include "config/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/sweep_spec.h"

static bool out_of_memory(struct error *error) {
  return error_set(error, ERROR_SYSTEM, "out of memory");
}

static bool set_architecture(struct architecture *to, const char *label, json_t *swept,
                             const struct trial_config *config, const struct data_spec *data,
                             struct error *error) {
  to->config = *config;
  /* These are one for the whole sweep, and may have been changed since the
   * config was read (--data). */
  to->config.data.source = data->source;
  to->config.data.tables = data->tables;
  to->config.data.synthetic = data->synthetic;
  memcpy(to->config.data.path, data->path, sizeof data->path);
  to->swept = swept == NULL ? json_object() : json_incref(swept);
  to->label = memory_text(label, error);
  if (to->label == NULL) return false;
  return to->swept != NULL || out_of_memory(error);
}

/* Those that the list has not. */
static bool copy_architectures(const struct config *config, struct trial_list *list,
                               struct error *error) {
  const struct sweep_spec *sweep = config->sweep;
  size_t count = sweep == NULL ? 1 : sweep->architectures;
  void *grown = memory_grow(list->architecture, count, sizeof *list->architecture, error);
  if (grown == NULL) return false;
  list->architecture = grown;
  for (size_t i = list->architectures; i < count; i++) {
    list->architecture[i] = (struct architecture){0};
    list->architectures = i + 1;
    const struct architecture *from = sweep == NULL ? NULL : &sweep->architecture[i];
    if (!set_architecture(&list->architecture[i], from == NULL ? config->name : from->label,
                          from == NULL ? NULL : from->swept,
                          from == NULL ? &config->base : &from->config, &config->base.data,
                          error)) {
      return false;
    }
  }
  return true;
}

/* The digest of the canonical config with what else determines the numbers. */
static bool trial_key(json_t *identity, struct trial *trial, struct error *error) {
  bool good = json_object_set_new(identity, "seed", json_integer((json_int_t)trial->seed)) == 0 &&
              json_object_set_new(identity, "fold", json_string(trial->fold)) == 0;
  char *text = good ? json_dumps(identity, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
  if (text == NULL) return out_of_memory(error);
  digest_text(digest_bytes(text, strlen(text)), trial->key);
  free(text);
  return true;
}

static json_t *architecture_identity(const struct trial_config *config, uint64_t data_digest) {
  char digest[DIGEST_TEXT];
  digest_text(data_digest, digest);
  json_t *identity = config_key_json(config);
  if (json_object_set_new(identity, "data_digest", json_string(digest)) == 0 &&
      json_object_set_new(identity, "numerics_version", json_integer(NUMERICS_VERSION)) == 0) {
    return identity;
  }
  json_decref(identity);
  return NULL;
}

static bool add_trials(const struct config *config, size_t index, uint64_t data_digest,
                       struct trial_list *list, struct error *error) {
  const struct trial_config *trial_config = &list->architecture[index].config;
  const struct split_spec *split = &trial_config->data.split;
  bool given = split_has_folds(split);
  json_t *identity = architecture_identity(trial_config, data_digest);
  if (identity == NULL) return out_of_memory(error);
  bool good = true;
  for (size_t f = 0; f < (given ? split->folds : 1) && good; f++) {
    for (size_t s = 0; s < config->seeds && good; s++) {
      struct trial *trial = &list->trial[list->trials++];
      trial->architecture = index;
      trial->seed = config->seed[s];
      if (given) memcpy(trial->fold, split->fold[f], sizeof trial->fold);
      good = trial_key(identity, trial, error);
    }
  }
  json_decref(identity);
  return good;
}

bool sweep_expand_more(const struct config *config, uint64_t data_digest, struct trial_list *list,
                       struct error *error) {
  const struct split_spec *split = &config->base.data.split;
  const size_t folds = split_has_folds(split) ? split->folds : 1, first = list->architectures;
  if (!copy_architectures(config, list, error)) return false;
  /* At most SWEEP_TRIALS_MAX: config_read has checked. */
  const size_t trials = list->architectures * folds * config->seeds;
  struct trial *grown = memory_grow(list->trial, trials, sizeof *list->trial, error);
  if (grown == NULL) return false;
  list->trial = grown;
  memset(grown + list->trials, 0, (trials - list->trials) * sizeof *grown);
  bool good = true;
  for (size_t i = first; i < list->architectures && good; i++) {
    good = add_trials(config, i, data_digest, list, error);
  }
  return good;
}

bool sweep_expand(const struct config *config, uint64_t data_digest, struct trial_list *list,
                  struct error *error) {
  *list = (struct trial_list){0};
  const bool good = sweep_expand_more(config, data_digest, list, error);
  if (!good) trial_list_clear(list);
  return good;
}

void trial_list_clear(struct trial_list *list) {
  for (size_t i = 0; i < list->architectures; i++) {
    free(list->architecture[i].label);
    json_decref(list->architecture[i].swept);
  }
  free(list->architecture);
  free(list->trial);
  *list = (struct trial_list){0};
}

uint64_t trial_split_seed(const struct split_spec *split, uint64_t seed, const char *fold) {
  return split->method == SPLIT_KFOLD ? seed : trial_stream_seed(seed, fold);
}

uint64_t trial_stream_seed(uint64_t seed, const char *fold) {
  size_t length = strlen(fold);
  return length == 0 ? seed : digest_extend(seed, fold, length);
}
