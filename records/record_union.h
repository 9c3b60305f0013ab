/* The records of several run folders of one experiment, as one: the union by key. */
#ifndef CROSSLANE_RECORDS_RECORD_UNION_H
#define CROSSLANE_RECORDS_RECORD_UNION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"
#include "records/record.h"

enum { RECORD_STARTED = 24, RECORD_CPU = 64 };

/* What is compared of a record, and who made it. Two of one key are equal when their
 * status, mse, rmse, mae, validation_mse, curve without seconds and weights_digest are. */
struct record_fact {
  char key[DIGEST_TEXT];
  enum trial_status status;
  size_t epochs;
  double mse, rmse, mae, validation_mse;
  uint64_t curve; /* digest of it without seconds */
  char weights_digest[DIGEST_TEXT];
  char data_digest[DIGEST_TEXT]; /* "": not known */
  uint32_t numerics_version;
  char started_at[RECORD_STARTED];
  char *label;
  uint64_t seed;
  char cpu[RECORD_CPU];
  size_t run;  /* which folder */
  bool chosen; /* of its key */
};

struct record_union {
  const char *const *run; /* [runs], not owned */
  size_t runs, count, room;
  struct record_fact *fact; /* by key; of one key the chosen one first */
};

/* Reads the facts of all records, few of them in memory at a time, and chooses one for
 * each key: done before stopped before failed; of stopped and of failed ones the
 * longer curve; of equal ones the earliest start, then the first folder. All else is
 * ERROR_DATA that names both files, both machines and what differs: records of one key
 * with other numbers, with other data or another numerics version, or of schema 1.
 * Damaged files count as not there (records/record_list.h). */
bool record_union_read(struct record_union *all, const char *const *run, size_t runs,
                       struct text *left_out, struct error *error);
void record_union_clear(struct record_union *all);

/* The chosen one of a key; NULL: there is none. */
const struct record_fact *record_union_find(const struct record_union *all, const char *key);

#endif
