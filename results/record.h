/* One trial's record: what trials/<key>.json holds. */
#ifndef CROSSLANE_RESULTS_RECORD_H
#define CROSSLANE_RESULTS_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"

enum { RECORD_SCHEMA = 1 };

enum trial_status { TRIAL_DONE, TRIAL_FAILED };

struct record_epoch {
  double train_loss, validation_mse, test_mse, seconds; /* validation_mse NaN: null in JSON */
};

/* Numbers that do not exist (no validation rows; a failed trial) are NaN here
 * and null in the file. Doubles are written so that reading gives the same
 * bits again. Strings are owned. */
struct record {
  char key[DIGEST_TEXT];
  char *label;
  json_t *swept;  /* object: dotted path -> value */
  json_t *config; /* object: data, model, train with all defaults */
  uint64_t seed;
  char *fold; /* "" for random splits */
  enum trial_status status;
  char *error; /* failed: why; else "" */

  double mse, rmse, mae, train_mse, validation_mse;
  uint32_t best_epoch;
  size_t epochs;
  struct record_epoch *curve; /* [epochs] */
  double train_seconds, train_cpu_seconds, rows_per_second;
  uint64_t parameters, wide_columns, flops_per_row;
  char weights_digest[DIGEST_TEXT];
  uint64_t peak_rss_kib;

  char *isa;
  uint32_t jobs;
  json_t *host;     /* object: cpu, features, caches, emulated */
  json_t *build;    /* object: version, commit, dirty, compiler, flags */
  json_t *data;     /* object: name, digest, rows, synthetic, irreducible_mse */
  char *started_at; /* ISO 8601, UTC */
};

json_t *record_to_json(const struct record *record);
/* `where` names the file in messages. A file of another schema, or with a
 * field missing or of the wrong type, is refused with the field's name. */
bool record_from_json(const json_t *json, const char *where, struct record *record,
                      struct error *error);

/* <run>/trials/<key>.json, atomically. */
bool record_write(const char *run, const struct record *record, struct error *error);
bool record_read(const char *path, struct record *record, struct error *error);
void record_clear(struct record *record);

/* All records of a run, by file name; a damaged file is an error. */
struct record_list {
  size_t count;
  struct record *record;
};
bool records_read(const char *run, struct record_list *list, struct error *error);
void record_list_clear(struct record_list *list);

#endif
