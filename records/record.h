/* One trial's record: what trials/<key>.json holds.
 *
 * Of a trial with train.refit the curve, best_epoch and validation_mse are those of the
 * training that found the number of epochs; the weights, parameters and all other scores are
 * of the model that was trained anew. Of an ensemble the scores are those of its mean
 * prediction, the curve and best_epoch are its first member's; weights_digest is digest_join
 * of the members'. A trial of an ensemble that was stopped is its first member alone. */
#ifndef CROSSLANE_RECORDS_RECORD_H
#define CROSSLANE_RECORDS_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"

/* What is written. Records of schema 1, of before typed tables, are read: their keys and the
 * digests of their data are of another kind. */
enum { RECORD_SCHEMA = 2, RECORD_SCHEMA_FIRST = 1 };

/* Stopped: the sweep ended it early, after fewer epochs than its config says.
 * It has the numbers of a trial that is done, as they were at its last epoch or,
 * with early stopping, at its best, but they do not compare with those of trials
 * that ran to their end. */
enum trial_status { TRIAL_DONE, TRIAL_FAILED, TRIAL_STOPPED };

/* "done", "failed", "stopped". */
const char *trial_status_name(enum trial_status status);

/* Unless the trial failed, only validation_mse may be NaN (null in JSON). The
 * file gives each its number too: {"epoch": 1, "train_loss": ..., ...}. The training loss is
 * a mean squared error, or with an ordinal head a mean negative log-likelihood in nats
 * (record_loss_is_mse). */
struct record_epoch {
  double train_loss, validation_mse, test_mse, seconds;
};

/* One model of an ensemble. */
struct record_member {
  char weights_digest[DIGEST_TEXT];
  uint32_t epochs, best_epoch;
  double validation_mse; /* of its own predictions, at its best epoch; NaN: no validation rows */
};

/* Numbers that do not exist (no validation rows; a failed trial) are NaN here
 * and null in the file; no infinity reaches it. A trial that is done or stopped
 * has every number but validation_mse, and one that is stopped an epoch; one that
 * failed may have the epochs that it finished. Doubles are written so that
 * reading gives the same bits again; a seed beyond 2^63 - 1 is written as a text
 * of digits. Strings and objects are owned; for writing, NULL stands for "" and {}. */
struct record {
  uint32_t schema; /* as read; RECORD_SCHEMA is written */
  char key[DIGEST_TEXT];
  char *label;
  json_t *swept;  /* object: dotted path -> value */
  json_t *config; /* object: data, model, train with all defaults */
  uint64_t seed;
  char *fold; /* "" for random splits */
  enum trial_status status;
  char *error;               /* failed: why; else "" */
  uint32_t numerics_version; /* 0: not known (schema 1) */

  uint64_t train_rows, validation_rows, test_rows; /* of its split; all 0 and not in the file:
                                                    * not known */
  double mse, rmse, mae, train_mse, validation_mse;
  uint32_t best_epoch;
  uint32_t refit_epochs; /* of the model that was trained anew on validation rows too; 0 and not
                          * in the file: it was not */
  size_t epochs;
  struct record_epoch *curve; /* [epochs] */
  double train_seconds, train_cpu_seconds, rows_per_second;
  uint64_t parameters, wide_columns, flops_per_row;
  char weights_digest[DIGEST_TEXT]; /* "" when the trial failed */
  size_t members;                   /* of an ensemble that is done, else 0 and not in the file */
  struct record_member *member;     /* [members] */
  uint64_t peak_rss_kib;

  char *isa;
  uint32_t jobs, threads; /* of the sweep; of each trial, at least 1 */
  json_t *host;           /* object: cpu, features, caches, emulated (true or false: required) */
  json_t *build;          /* object: version, commit, dirty, compiler, flags */
  json_t *data;     /* object: name and synthetic (required), digest, rows, irreducible_mse (number
                     * or null), rating_variance (likewise; optional: the MSE of predicting the mean
                     * of all ratings) */
  char *started_at; /* ISO 8601, UTC */
};

/* A new reference; NULL when memory ran out. */
json_t *record_to_json(const struct record *record);

/* `where` names the file in messages. A record of another schema, or with
 * fields missing or of the wrong type, is refused with the name of each:
 * "where: field 'mse': expected a number" (ERROR_DATA). So is one that does not
 * agree with its own digest, or its numbers with each other: somebody changed
 * it. Fields of other names are left alone. On failure `record` is empty. */
bool record_from_json(const json_t *json, const char *where, struct record *record,
                      struct error *error);

/* Whether its training loss is a mean squared error: model.head of its config is linear, or
 * older than heads. */
bool record_loss_is_mse(const struct record *record);

/* <run>/trials/<key>.json, atomically; <run>/trials must be there. A record
 * that record_read would refuse is not written. */
bool record_write(const char *run, const struct record *record, struct error *error);

/* The file must bear its key's name. */
bool record_read(const char *path, struct record *record, struct error *error);
void record_clear(struct record *record);

#endif
