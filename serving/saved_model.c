#include "serving/saved_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "data/data_load.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_schema.h"

/* A single model is written as it was before ensembles. */
static const char format_version[] = "3", single_version[] = "2", first_version[] = "1";

static uint64_t split_digest(const struct split *split) {
  const uint64_t sizes[] = {split->train, split->validation, split->test};
  const size_t rows = split->train + split->validation + split->test;
  return digest_extend(digest_bytes(sizes, sizeof sizes), split->rows, rows * sizeof *split->rows);
}

/* --- writing --- */

/* Adds a text to the metadata; takes `json` (NULL: memory ran out). */
static bool put(json_t *metadata, const char *key, json_t *json) {
  char *text = json != NULL ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
  json_decref(json);
  const bool done = text != NULL && json_object_set_new(metadata, key, json_string(text)) == 0;
  free(text);
  return done;
}

static bool put_text(json_t *metadata, const char *key, const char *text) {
  return json_object_set_new(metadata, key, json_string(text)) == 0;
}

static bool put_double(json_t *metadata, const char *key, double value) {
  char text[TEXT_DOUBLE] = "null";
  if (!isnan(value)) text_from_double(value, text);
  return put_text(metadata, key, text);
}

static bool put_digest(json_t *metadata, const char *key, uint64_t digest) {
  char text[DIGEST_TEXT];
  digest_text(digest, text);
  return put_text(metadata, key, text);
}

static json_t *data_json(const struct dataset *dataset) {
  char digest[DIGEST_TEXT];
  digest_text(dataset->digest, digest);
  return json_pack("{s:s, s:s, s:I, s:b}", "name", dataset->name, "digest", digest, "rows",
                   (json_int_t)dataset->ratings, "synthetic", (int)dataset->synthetic);
}

/* The seed as text: it may be beyond JSON's numbers. */
static json_t *split_json(const struct trial *trial, const struct split *split) {
  char digest[DIGEST_TEXT];
  digest_text(split_digest(split), digest);
  struct text seed = {0};
  text_add(&seed, "%llu", (unsigned long long)trial->seed);
  json_t *json = seed.failed ? NULL
                             : json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "seed", seed.text,
                                         "fold", trial->fold, "train", (json_int_t)split->train,
                                         "validation", (json_int_t)split->validation, "test",
                                         (json_int_t)split->test, "digest", digest);
  text_clear(&seed);
  return json;
}

/* Of an ordinal head alone. */
static bool put_levels(json_t *metadata, const json_t *stored) {
  json_t *levels = json_object_get(stored, "levels");
  return levels == NULL || put(metadata, "levels", json_incref(levels));
}

/* Of ensembles alone: the digest of each member's weights. */
static bool put_members(json_t *metadata, const struct train_result *result) {
  if (result->members == 1) return true;
  json_t *members = json_array();
  bool done = members != NULL;
  for (size_t m = 0; m < result->members && done; m++) {
    char digest[DIGEST_TEXT];
    digest_text(result->member[m].weights_digest, digest);
    done = json_array_append_new(members, json_string(digest)) == 0;
  }
  return put(metadata, "members", members) && done;
}

static bool describe(json_t *metadata, const struct saved_about *about,
                     const struct encoding *encoding) {
  const struct train_result *result = about->result;
  json_t *stored = stored_encoding_json(encoding, about->dataset);
  const bool done =
      stored != NULL &&
      put_text(metadata, "crosslane", result->members > 1 ? format_version : single_version) &&
      put_text(metadata, "key", about->trial->key) && put_text(metadata, "label", about->label) &&
      put(metadata, "config", config_json(about->config)) &&
      put(metadata, "schema", stored_schema_json(encoding, about->dataset)) &&
      put(metadata, "columns", json_incref(json_object_get(stored, "columns"))) &&
      put(metadata, "tables", json_incref(json_object_get(stored, "tables"))) &&
      put(metadata, "numbers", json_incref(json_object_get(stored, "numbers"))) &&
      put(metadata, "scale", json_incref(json_object_get(stored, "scale"))) &&
      put_levels(metadata, stored) && put(metadata, "data", data_json(about->dataset)) &&
      put(metadata, "split", split_json(about->trial, about->split)) &&
      put(metadata, "numerics_version", json_integer(NUMERICS_VERSION)) &&
      put(metadata, "build", build_json()) &&
      put(metadata, "parameters", json_integer((json_int_t)result->parameters)) &&
      put_digest(metadata, "weights_digest", result->weights_digest) &&
      put_members(metadata, result) && put_double(metadata, "mse", result->mse) &&
      put_double(metadata, "validation_mse", result->validation_mse);
  json_decref(stored);
  return done;
}

bool saved_model_write(const char *path, const struct saved_about *about,
                       const struct ensemble *models, const struct encoding *encoding,
                       struct error *error) {
  json_t *metadata = json_object();
  bool done = metadata != NULL && describe(metadata, about, encoding);
  if (!done) error_set(error, ERROR_SYSTEM, "%s: out of memory", path);
  done = done && checkpoint_write(path, models, metadata, error);
  json_decref(metadata);
  return done;
}

/* --- reading --- */

static bool wrong(const struct saved_model *saved, const char *key, struct error *error) {
  return error_set(error, ERROR_DATA, "%s: not a sound model: metadata '%s' is missing or wrong",
                   saved->file.name, key);
}

/* A new reference to a text's JSON. */
static json_t *parse(const struct saved_model *saved, const char *key, struct error *error) {
  const char *text = checkpoint_file_text(&saved->file, key);
  struct error fault = {0};
  json_t *json = text != NULL ? json_parse(text, strlen(text), saved->file.name, &fault) : NULL;
  if (json == NULL && fault.kind == ERROR_SYSTEM) {
    *error = fault;
  } else if (json == NULL) {
    wrong(saved, key, error);
  }
  return json;
}

static bool read_digest(const char *text, uint64_t *digest) {
  *digest = 0;
  if (text == NULL || strlen(text) != DIGEST_TEXT - 1) return false;
  for (const char *at = text; *at != '\0'; at++) {
    static const char digits[] = "0123456789abcdef";
    const char *digit = strchr(digits, *at);
    if (digit == NULL) return false;
    *digest = *digest << 4 | (uint64_t)(digit - digits);
  }
  return true;
}

static bool read_score(const struct saved_model *saved, const char *key, double *value,
                       struct error *error) {
  const char *text = checkpoint_file_text(&saved->file, key);
  *value = NAN;
  if (text == NULL) return wrong(saved, key, error);
  return strcmp(text, "null") == 0 || text_double(text, text + strlen(text), value) ||
         wrong(saved, key, error);
}

static bool read_data(struct saved_model *saved, struct error *error) {
  json_t *json = parse(saved, "data", error);
  if (json == NULL) return false;
  const char *name = json_string_value(json_object_get(json, "name"));
  const bool done =
      name != NULL && strlen(name) < DATASET_NAME &&
      json_is_boolean(json_object_get(json, "synthetic")) &&
      read_digest(json_string_value(json_object_get(json, "digest")), &saved->data_digest);
  if (done) memcpy(saved->data_name, name, strlen(name) + 1);
  saved->synthetic = json_is_true(json_object_get(json, "synthetic"));
  json_decref(json);
  return done || wrong(saved, "data", error);
}

static bool read_split(struct saved_model *saved, struct error *error) {
  json_t *json = parse(saved, "split", error);
  if (json == NULL) return false;
  const char *seed = json_string_value(json_object_get(json, "seed"));
  const char *fold = json_string_value(json_object_get(json, "fold"));
  const bool done =
      seed != NULL && text_u64(seed, seed + strlen(seed), &saved->seed) && fold != NULL &&
      strlen(fold) < SPLIT_FOLD_NAME &&
      read_digest(json_string_value(json_object_get(json, "digest")), &saved->split_digest);
  if (done) memcpy(saved->fold, fold, strlen(fold) + 1);
  json_decref(json);
  return done || wrong(saved, "split", error);
}

bool saved_model_is_first(const struct saved_model *saved) {
  return strcmp(checkpoint_file_text(&saved->file, "crosslane"), first_version) == 0;
}

/* The parts of an encoding that this file has. */
static bool parse_parts(const struct saved_model *saved, json_t *json, struct error *error) {
  const bool first = saved_model_is_first(saved);
  const struct {
    const char *key;
    bool there;
  } parts[] = {{"columns", true},
               {"tables", true},
               {"numbers", true},
               {"scale", !first},
               {"levels", saved->spec.rating_levels}};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    json_t *part = parts[i].there ? parse(saved, parts[i].key, error) : NULL;
    if (parts[i].there && part == NULL) return false;
    if (part == NULL || json_object_set_new(json, parts[i].key, part) == 0) continue;
    return error_set(error, ERROR_SYSTEM, "%s: out of memory", saved->file.name);
  }
  return true;
}

static bool read_reading(struct saved_model *saved, struct error *error) {
  json_t *json = json_object();
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "%s: out of memory", saved->file.name);
  const bool done = parse_parts(saved, json, error) &&
                    stored_encoding_from_json(&saved->encoding, json, &saved->schema, &saved->spec,
                                              saved->file.name, error);
  json_decref(json);
  return done;
}

static bool check_version(const struct saved_model *saved, struct error *error) {
  const char *version = checkpoint_file_text(&saved->file, "crosslane");
  if (checkpoint_file_text(&saved->file, "crosslane_training") != NULL) {
    return error_set(error, ERROR_DATA,
                     "%s: the checkpoint of a training that is not done, and no model",
                     saved->file.name);
  }
  if (version == NULL) {
    return error_set(error, ERROR_DATA, "%s: not a model of Crosslane", saved->file.name);
  }
  return strcmp(version, format_version) == 0 || strcmp(version, single_version) == 0 ||
         strcmp(version, first_version) == 0 ||
         error_set(error, ERROR_DATA, "%s: format version '%.20s', this program reads '%s'",
                   saved->file.name, version, format_version);
}

static bool read_schema(struct saved_model *saved, struct error *error) {
  if (saved_model_is_first(saved)) {
    return movielens_schema(&saved->schema, error);
  }
  json_t *json = parse(saved, "schema", error);
  const bool done =
      json != NULL && stored_schema_from_json(&saved->schema, json, saved->file.name, error);
  json_decref(json);
  return done;
}

static bool read_metadata(struct saved_model *saved, struct error *error) {
  const struct checkpoint_file *file = &saved->file;
  const char *config = checkpoint_file_text(file, "config");
  saved->key = checkpoint_file_text(file, "key");
  saved->label = checkpoint_file_text(file, "label");
  if (saved->key == NULL) return wrong(saved, "key", error);
  if (saved->label == NULL) return wrong(saved, "label", error);
  if (config == NULL) return wrong(saved, "config", error);
  if (!read_digest(checkpoint_file_text(file, "weights_digest"), &saved->weights_digest)) {
    return wrong(saved, "weights_digest", error);
  }
  if (!read_schema(saved, error) ||
      !config_from_json(config, file->name, &saved->schema, &saved->source, &saved->config,
                        error) ||
      !read_data(saved, error) || !read_split(saved, error) ||
      !read_score(saved, "mse", &saved->mse, error) ||
      !read_score(saved, "validation_mse", &saved->validation_mse, error)) {
    return false;
  }
  const uint64_t seed = trial_stream_seed(saved->seed, saved->fold);
  model_encoding_spec(&saved->config.model, saved->config.data.fit_all, seed, &saved->spec);
  return read_reading(saved, error);
}

static bool read_saved(struct saved_model *saved, bool opened, struct error *error) {
  const bool done = opened && check_version(saved, error) && read_metadata(saved, error);
  if (!done) saved_model_close(saved);
  return done;
}

bool saved_model_open(struct saved_model *saved, const char *path, struct error *error) {
  memset(saved, 0, sizeof *saved);
  return read_saved(saved, checkpoint_file_open(&saved->file, path, error), error);
}

bool saved_model_open_bytes(struct saved_model *saved, const char *name, const void *bytes,
                            size_t size, struct error *error) {
  memset(saved, 0, sizeof *saved);
  return read_saved(saved, checkpoint_file_open_bytes(&saved->file, name, bytes, size, error),
                    error);
}

void saved_model_close(struct saved_model *saved) {
  stored_encoding_clear(&saved->encoding);
  schema_clear(&saved->schema);
  checkpoint_file_close(&saved->file);
  memset(saved, 0, sizeof *saved);
}

bool saved_model_weights(const struct saved_model *saved, const struct encoding *encoding,
                         struct ensemble *models, struct error *error) {
  return checkpoint_load(&saved->file, &saved->config.model, encoding, saved->config.train.members,
                         saved->weights_digest, models, error);
}

/* --- its data --- */

bool saved_model_data(const struct saved_model *saved, const char *folder, struct dataset *dataset,
                      bool *same, struct error *error) {
  *dataset = (struct dataset){0};
  const struct data_spec *data = &saved->config.data;
  if (folder == NULL && data->source == SOURCE_MOVIELENS) {
    error_set(error, ERROR_USAGE, "the data set's folder is missing");
    return error_help(error, "give --data DIR, or set CROSSLANE_DATA");
  }
  /* Synthetic data may stand in a folder too. */
  const bool written = folder != NULL && data->source == SOURCE_SYNTHETIC;
  const bool read =
      written ? movielens_read(folder, dataset, error) : data_load(data, folder, dataset, error);
  *same = read && dataset->digest == saved->data_digest;
  return read;
}

static bool make_split(const struct saved_model *saved, const struct dataset *dataset,
                       const char *folder, struct split *split, struct error *error) {
  struct split_spec spec = saved->config.data.split;
  struct folds folds = {0};
  if (spec.method == SPLIT_GIVEN_FOLDS) {
    spec.folds = 1;
    memcpy(spec.fold[0], saved->fold, sizeof saved->fold);
    if (!data_load_folds(&saved->config.data, folder, dataset, &spec, &folds, error)) return false;
  }
  const uint64_t seed = trial_split_seed(&spec, saved->seed, saved->fold);
  const bool done = split_make(dataset, &spec, seed, folds.count > 0 ? &folds.fold[0] : NULL,
                               saved->fold, split, error);
  folds_clear(&folds);
  return done;
}

/* The validation rows have trained too. */
static bool join(struct split *split, struct error *error) {
  struct split joined;
  const bool done = split_join_validation(split, &joined, error);
  split_clear(split);
  *split = joined;
  return done;
}

bool saved_model_split(const struct saved_model *saved, const struct dataset *dataset,
                       const char *folder, struct split *split, struct error *error) {
  *split = (struct split){0};
  if (!make_split(saved, dataset, folder, split, error)) return false;
  if (split_digest(split) == saved->split_digest) {
    return !saved->config.train.refit || join(split, error);
  }
  split_clear(split);
  return error_set(error, ERROR_DATA, "%s: the split is not the one of the training: other folds?",
                   saved->file.name);
}
