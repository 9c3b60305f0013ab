#include "records/record_union.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "records/record_list.h"

/* --- from records to facts --- */

/* Every NaN counted as one. */
static uint64_t add_number(uint64_t digest, double value) {
  uint64_t bits = UINT64_MAX;
  if (!isnan(value)) memcpy(&bits, &value, sizeof bits);
  return digest_extend(digest, &bits, sizeof bits);
}

static uint64_t digest_curve(const struct record *record) {
  uint64_t digest = 0;
  for (size_t e = 0; e < record->epochs; e++) {
    digest = add_number(digest, record->curve[e].train_loss);
    digest = add_number(digest, record->curve[e].validation_mse);
    digest = add_number(digest, record->curve[e].test_mse);
  }
  return digest;
}

static void copy_text(char *to, size_t room, const char *from) {
  (void)snprintf(to, room, "%s", from != NULL ? from : "");
}

/* The folder that is being read. */
struct reading {
  struct record_union *all;
  size_t run;
};

static bool refuse_first_schema(const struct reading *reading, const struct record *record,
                                struct error *error) {
  error_set(error, ERROR_DATA, "%s/trials/%s.json: a record of Crosslane 0.1 (schema %d)",
            reading->all->run[reading->run], record->key, RECORD_SCHEMA_FIRST);
  return error_help(error,
                    "its key does not compare with those of other records: train it again into a "
                    "new folder ('crosslane sweep %s/config.yaml --out FOLDER'), and merge that",
                    reading->all->run[reading->run]);
}

static bool add_fact(void *context, struct record *record, struct error *error) {
  const struct reading *reading = context;
  struct record_union *all = reading->all;
  if (record->schema == RECORD_SCHEMA_FIRST) return refuse_first_schema(reading, record, error);
  if (all->count == all->room) {
    const size_t room = all->room * 2 + 64;
    struct record_fact *grown = memory_grow(all->fact, room, sizeof *grown, error);
    if (grown == NULL) return false;
    all->fact = grown;
    all->room = room;
  }
  struct record_fact *fact = &all->fact[all->count];
  *fact = (struct record_fact){.status = record->status,
                               .epochs = record->epochs,
                               .mse = record->mse,
                               .rmse = record->rmse,
                               .mae = record->mae,
                               .validation_mse = record->validation_mse,
                               .curve = digest_curve(record),
                               .numerics_version = record->numerics_version,
                               .label = memory_text(record->label, error),
                               .seed = record->seed,
                               .run = reading->run};
  if (fact->label == NULL) return false;
  all->count++;
  memcpy(fact->key, record->key, sizeof fact->key);
  memcpy(fact->weights_digest, record->weights_digest, sizeof fact->weights_digest);
  copy_text(fact->data_digest, sizeof fact->data_digest,
            json_string_value(json_object_get(record->data, "digest")));
  copy_text(fact->started_at, sizeof fact->started_at, record->started_at);
  copy_text(fact->cpu, sizeof fact->cpu, json_string_value(json_object_get(record->host, "cpu")));
  return true;
}

/* --- which one --- */

static int rank_of(enum trial_status status) {
  return status == TRIAL_DONE ? 0 : status == TRIAL_STOPPED ? 1 : 2;
}

/* A training that failed after a rung that it had passed is as far as it comes: of one that was
 * stopped and one that failed, the longer is taken, and that which failed where they are equal. */
static int by_status(const struct record_fact *one, const struct record_fact *other) {
  if (one->status != TRIAL_DONE && other->status != TRIAL_DONE && one->status != other->status) {
    const bool failed_first = one->status == TRIAL_FAILED;
    const struct record_fact *failed = failed_first ? one : other;
    const struct record_fact *stopped = failed_first ? other : one;
    return (failed->epochs >= stopped->epochs) == failed_first ? -1 : 1;
  }
  return rank_of(one->status) - rank_of(other->status);
}

static int by_key_then_rank(const void *a, const void *b) {
  const struct record_fact *one = a, *other = b;
  int order = strcmp(one->key, other->key);
  if (order == 0) order = by_status(one, other);
  if (order == 0) order = (one->epochs < other->epochs) - (one->epochs > other->epochs);
  if (order == 0) order = strcmp(one->started_at, other->started_at);
  return order != 0 ? order : (one->run > other->run) - (one->run < other->run);
}

static bool same_number(double one, double other) {
  return one == other || (isnan(one) && isnan(other));
}

static bool is_equal(const struct record_fact *one, const struct record_fact *other) {
  return same_number(one->mse, other->mse) && same_number(one->rmse, other->rmse) &&
         same_number(one->mae, other->mae) &&
         same_number(one->validation_mse, other->validation_mse) && one->epochs == other->epochs &&
         one->curve == other->curve && strcmp(one->weights_digest, other->weights_digest) == 0;
}

/* A done training has one length; others may have been ended at any. */
static bool agree(const struct record_fact *one, const struct record_fact *other) {
  if (one->status != other->status) return true;
  if (one->status != TRIAL_DONE && one->epochs != other->epochs) return true;
  return is_equal(one, other);
}

/* --- what is wrong --- */

static void add_difference(struct text *text, const char *name, double one, double other) {
  if (same_number(one, other)) return;
  char left[TEXT_DOUBLE], right[TEXT_DOUBLE];
  text_from_double(one, left);
  text_from_double(other, right);
  text_add(text, ", %s %s against %s", name, left, right);
}

static void add_differences(struct text *text, const struct record_fact *one,
                            const struct record_fact *other) {
  add_difference(text, "mse", one->mse, other->mse);
  add_difference(text, "rmse", one->rmse, other->rmse);
  add_difference(text, "mae", one->mae, other->mae);
  add_difference(text, "validation_mse", one->validation_mse, other->validation_mse);
  if (one->epochs != other->epochs) {
    text_add(text, ", %zu epochs against %zu", one->epochs, other->epochs);
  } else if (one->curve != other->curve) {
    text_add(text, ", another curve");
  }
  if (strcmp(one->weights_digest, other->weights_digest) != 0) {
    text_add(text, ", weights_digest %s against %s", one->weights_digest, other->weights_digest);
  }
}

static void report_conflict(const struct record_union *all, const struct record_fact *one,
                            const struct record_fact *other, struct error *error) {
  struct text text = {0}, place = {0};
  text_add(&place, "%s/trials/%s.json", all->run[one->run], one->key);
  text_add(&text, "%s, seed %llu: other numbers than in %s%s (%s against %s)", one->label,
           (unsigned long long)one->seed, all->run[other->run],
           one->run == other->run ? " again" : "", one->cpu, other->cpu);
  add_differences(&text, one, other);
  if (text.failed || place.failed) {
    error_set(error, ERROR_SYSTEM, "out of memory");
  } else {
    (void)error_fault(error, ERROR_DATA, place.text, 0, "%s", text.text);
  }
  text_clear(&text);
  text_clear(&place);
}

/* What all records have in common is that of the first. */
static bool check_common(const struct record_union *all, struct error *error) {
  const struct record_fact *first = all->fact;
  for (size_t i = 1; i < all->count; i++) {
    const struct record_fact *fact = &all->fact[i];
    if (strcmp(fact->data_digest, first->data_digest) != 0) {
      error_set(error, ERROR_DATA,
                "%s/trials/%s.json: trained on other data than %s/trials/%s.json: digest %s "
                "against %s",
                all->run[fact->run], fact->key, all->run[first->run], first->key, fact->data_digest,
                first->data_digest);
      return error_help(error,
                        "the machines need the same files: 'crosslane data check DIR' "
                        "prints their digest");
    }
    if (fact->numerics_version != first->numerics_version) {
      error_set(error, ERROR_DATA,
                "%s/trials/%s.json: numerics version %u, and %u in %s/trials/%s.json",
                all->run[fact->run], fact->key, (unsigned)fact->numerics_version,
                (unsigned)first->numerics_version, all->run[first->run], first->key);
      return error_help(error,
                        "the machines need the same version of Crosslane: numbers of different "
                        "ones do not compare");
    }
  }
  return true;
}

static bool choose(struct record_union *all, struct error *error) {
  for (size_t i = 0; i < all->count; i++) {
    struct record_fact *fact = &all->fact[i];
    fact->chosen = i == 0 || strcmp(fact->key, fact[-1].key) != 0;
    if (!fact->chosen && !agree(fact - 1, fact)) report_conflict(all, fact - 1, fact, error);
  }
  if (error->kind == ERROR_NONE) return true;
  (void)error_faults_done(error);
  return error_help(error,
                    "the same trial has the same numbers on every machine: was a record edited, "
                    "or is a machine or a build at fault?");
}

bool record_union_read(struct record_union *all, const char *const *run, size_t runs,
                       struct text *left_out, struct error *error) {
  *all = (struct record_union){.run = run, .runs = runs};
  bool good = true;
  for (size_t i = 0; good && i < runs; i++) {
    struct reading reading = {all, i};
    good = record_list_each(run[i], add_fact, &reading, left_out, error);
  }
  good = good && check_common(all, error);
  if (good && all->count > 0) qsort(all->fact, all->count, sizeof *all->fact, by_key_then_rank);
  good = good && choose(all, error);
  if (!good) record_union_clear(all);
  return good;
}

static int compare_key(const void *key, const void *fact) {
  return strcmp(key, ((const struct record_fact *)fact)->key);
}

const struct record_fact *record_union_find(const struct record_union *all, const char *key) {
  const struct record_fact *found =
      all->count > 0 ? bsearch(key, all->fact, all->count, sizeof *found, compare_key) : NULL;
  while (found != NULL && !found->chosen) found--;
  return found;
}

void record_union_clear(struct record_union *all) {
  for (size_t i = 0; i < all->count; i++) free(all->fact[i].label);
  free(all->fact);
  *all = (struct record_union){0};
}
