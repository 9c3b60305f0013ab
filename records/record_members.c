#include "records/record_members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"

enum { MEMBERS_MOST = 1000 }; /* more than any config allows */

json_t *record_members_json(const struct record *record) {
  json_t *members = json_array();
  bool good = members != NULL;
  for (size_t m = 0; m < record->members && good; m++) {
    const struct record_member *member = &record->member[m];
    json_t *json =
        json_pack("{s:s, s:I, s:I, s:o}", "weights_digest", member->weights_digest, "epochs",
                  (json_int_t)member->epochs, "best_epoch", (json_int_t)member->best_epoch,
                  "validation_mse", json_text_real(member->validation_mse));
    good = json_array_append_new(members, json) == 0;
  }
  if (good) return members;
  json_decref(members);
  return NULL;
}

void record_read_digest(const struct json_fields *fields, const char *name, bool empty,
                        char digest[DIGEST_TEXT]) {
  char *text = NULL;
  json_fields_string(fields, name, &text);
  if (text == NULL) return;
  size_t digits = strspn(text, "0123456789abcdef");
  bool whole = digits == DIGEST_TEXT - 1 && text[digits] == '\0';
  if (whole || (empty && text[0] == '\0')) {
    memcpy(digest, text, strlen(text) + 1);
  } else {
    json_fields_fault(fields, name, "expected 16 hexadecimal digits");
  }
  free(text);
}

static void read_member(const struct json_fields *fields, struct record_member *member) {
  record_read_digest(fields, "weights_digest", false, member->weights_digest);
  json_fields_u32(fields, "epochs", &member->epochs);
  json_fields_u32(fields, "best_epoch", &member->best_epoch);
  json_fields_real(fields, "validation_mse", true, &member->validation_mse);
}

void record_read_members(const struct json_fields *fields, struct record *record) {
  if (json_object_get(fields->object, "members") == NULL) return;
  const json_t *members = json_fields_array(fields, "members");
  if (members == NULL) return;
  const size_t count = json_array_size(members);
  struct error memory;
  if (count > MEMBERS_MOST) {
    json_fields_fault(fields, "members", "too many");
    return;
  }
  record->member = memory_array(count, sizeof *record->member, &memory);
  if (record->member == NULL) {
    json_fields_no_memory(fields, "members");
    return;
  }
  record->members = count;
  for (size_t m = 0; m < count; m++) {
    struct text prefix = {0};
    text_add(&prefix, "members[%zu].", m);
    const struct json_fields member = {json_array_get(members, m), fields->where,
                                       prefix.failed ? "members." : prefix.text, fields->error};
    read_member(&member, &record->member[m]);
    text_clear(&prefix);
  }
}

/* --- whether they can be believed --- */

static size_t members_asked(const struct record *record) {
  const json_t *train = json_object_get(record->config, "train");
  const json_t *members = json_object_get(json_object_get(train, "ensemble"), "members");
  return json_is_integer(members) ? (size_t)json_integer_value(members) : 1;
}

/* Of their texts: base/digest.h, digest_join. */
static void join(const struct record *record, char digest[DIGEST_TEXT]) {
  uint64_t joined = 0;
  for (size_t m = 0; m < record->members; m++) {
    joined = digest_extend(joined, record->member[m].weights_digest, DIGEST_TEXT - 1);
  }
  digest_text(joined, digest);
}

static bool is_of_curve(const struct record *record, const struct record_member *first) {
  if (first->epochs != record->epochs || first->best_epoch != record->best_epoch) return false;
  const double mse = record->curve[record->best_epoch - 1].validation_mse;
  return mse == first->validation_mse || (isnan(mse) && isnan(first->validation_mse));
}

void record_check_members(const struct json_fields *fields, const struct record *record) {
  const size_t asked = members_asked(record);
  const size_t expected = record->status == TRIAL_DONE && asked > 1 ? asked : 0;
  char digest[DIGEST_TEXT];
  if (record->members != expected) {
    json_fields_fault(fields, "members", "not as many as train.ensemble.members says");
    return;
  }
  if (expected == 0) return;
  if (!is_of_curve(record, &record->member[0])) {
    json_fields_fault(fields, "members", "the first is not that of the curve");
  }
  join(record, digest);
  if (strcmp(digest, record->weights_digest) != 0) {
    json_fields_fault(fields, "weights_digest", "not that of the members");
  }
}
