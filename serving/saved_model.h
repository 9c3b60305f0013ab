/* One trained model as a file, models/<key>.safetensors: the weights
 * (model/checkpoint.h), and in its metadata, all texts:
 *
 *   crosslane         version of this format: "2" of a single model, "3" of an ensemble; "1",
 *                     without `schema`, has the columns of MovieLens 100K
 *   key, label        of the trial
 *   config            its config, as the record has it: JSON
 *   schema, columns, tables, numbers, scale   what the model reads: JSON,
 *                              data/encoding/stored_encoding.h
 *   levels            of an ordinal head: the ratings that it tells apart, likewise
 *   data              {"name", "digest", "rows", "synthetic"}
 *   split             {"seed", "fold", "train", "validation", "test": rows, "digest"}
 *   numerics_version, build, parameters, weights_digest
 *   members           of an ensemble: the members' weights_digest, of which that of the file is
 *                     digest_join
 *   mse, validation_mse   as in the record: with train.refit the validation MSE is of the
 *                         training before it; "null": no validation rows
 *   file_digest      of all of the file (model/checkpoint_file.h) */
#ifndef CROSSLANE_SERVING_SAVED_MODEL_H
#define CROSSLANE_SERVING_SAVED_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "config/sweep.h"
#include "data/encoding/stored_encoding.h"
#include "data/split.h"
#include "model/checkpoint.h"
#include "model/train.h"

/* --- writing: what a file tells besides model and encoding --- */

struct saved_about {
  const struct trial_config *config;
  const char *label;
  const struct trial *trial;
  const struct dataset *dataset;
  const struct split *split;
  const struct train_result *result;
};
bool saved_model_write(const char *path, const struct saved_about *about,
                       const struct ensemble *models, const struct encoding *encoding,
                       struct error *error);

/* --- reading --- */

struct saved_model {
  struct checkpoint_file file;
  struct trial_config config;
  struct source_spec source; /* what config.data.tables points at */
  struct schema schema;      /* of the columns that it reads */
  struct encoding_spec spec;
  struct stored_encoding encoding;
  const char *key, *label; /* the file's */
  uint64_t seed;
  char fold[SPLIT_FOLD_NAME];
  char data_name[DATASET_NAME];
  bool synthetic;
  uint64_t data_digest, split_digest, weights_digest;
  double mse, validation_mse; /* of the record; NaN: none */
};

/* A file that is no model of Crosslane, or damaged, is ERROR_DATA. On failure
 * `saved` is empty. */
bool saved_model_open(struct saved_model *saved, const char *path, struct error *error);
/* Of the bytes of such a file, which must stay; `name` is in messages. */
bool saved_model_open_bytes(struct saved_model *saved, const char *name, const void *bytes,
                            size_t size, struct error *error);
void saved_model_close(struct saved_model *saved);

/* The weights of all members, laid out for rows of this encoding. */
bool saved_model_weights(const struct saved_model *saved, const struct encoding *encoding,
                         struct ensemble *models, struct error *error);

/* Of format 1, as Crosslane 0.1 wrote it. */
bool saved_model_is_first(const struct saved_model *saved);

/* The data set in `folder`; NULL: the one that the config makes or, when it
 * makes none, ERROR_USAGE. `*same`: it is the one that the model was trained
 * on. */
bool saved_model_data(const struct saved_model *saved, const char *folder, struct dataset *dataset,
                      bool *same, struct error *error);

/* The split of the training; needs the same data. After a refit the validation rows are
 * among the training rows. */
bool saved_model_split(const struct saved_model *saved, const struct dataset *dataset,
                       const char *folder, struct split *split, struct error *error);

#endif
