#include "records/architectures.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_copy.h"
#include "base/json_fields.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/text.h"

#define FILE_NAME "architectures.json"

static json_t *entry_to_json(const struct architecture_entry *entry) {
  json_t *object = json_object(), *keys = json_array();
  bool good = object != NULL && keys != NULL;
  for (size_t i = 0; i < entry->keys && good; i++) {
    good = json_array_append_new(keys, json_string(entry->key[i])) == 0;
  }
  json_t *swept = entry->swept != NULL ? json_incref(entry->swept) : json_object();
  good = json_object_set_new(object, "label", json_text_string(entry->label)) == 0 && good;
  good = json_object_set_new(object, "swept", swept) == 0 && good;
  good = json_object_set_new(object, "keys", keys) == 0 && good;
  if (good) return object;
  json_decref(object);
  return NULL;
}

static json_t *list_to_json(const struct architecture_list *list) {
  json_t *object = json_object(), *array = json_array();
  bool good = object != NULL && array != NULL;
  for (size_t i = 0; i < list->count && good; i++) {
    good = json_array_append_new(array, entry_to_json(&list->architecture[i])) == 0;
  }
  json_t *baseline = list->baseline != NULL ? json_text_string(list->baseline) : json_null();
  good = json_object_set_new(object, "schema", json_integer(ARCHITECTURES_SCHEMA)) == 0 && good;
  good = json_object_set_new(object, "name", json_text_string(list->name)) == 0 && good;
  good =
      json_object_set_new(object, "description", json_text_string(list->description)) == 0 && good;
  good = json_object_set_new(object, "baseline", baseline) == 0 && good;
  good = json_object_set_new(object, "data_given", json_boolean(list->data_given)) == 0 && good;
  if (list->save != NULL) {
    good = json_object_set_new(object, "save", json_text_string(list->save)) == 0 && good;
  }
  good = json_object_set_new(object, "architectures", array) == 0 && good;
  if (good) return object;
  json_decref(object);
  return NULL;
}

bool architectures_write(const char *run, const struct architecture_list *list,
                         struct error *error) {
  char *path = file_join(run, FILE_NAME, error);
  if (path == NULL) return false;
  json_t *json = list_to_json(list);
  bool done = json_file_write(path, json, error);
  json_decref(json);
  free(path);
  return done;
}

static void read_keys(const struct json_fields *fields, struct architecture_entry *entry) {
  const json_t *keys = json_fields_array(fields, "keys");
  if (keys == NULL) return;
  struct error memory;
  entry->key = memory_array(json_array_size(keys), sizeof *entry->key, &memory);
  if (entry->key == NULL) {
    json_fields_no_memory(fields, "keys");
    return;
  }
  entry->keys = json_array_size(keys);
  for (size_t i = 0; i < entry->keys; i++) {
    const char *key = json_string_value(json_array_get(keys, i));
    if (key != NULL && strlen(key) == DIGEST_TEXT - 1) {
      memcpy(entry->key[i], key, DIGEST_TEXT);
    } else {
      json_fields_fault(fields, "keys", "expected texts of 16 hexadecimal digits");
      return;
    }
  }
}

static void read_entries(const struct json_fields *fields, struct architecture_list *list) {
  const json_t *array = json_fields_array(fields, "architectures");
  if (array == NULL) return;
  struct error memory;
  list->architecture = memory_array(json_array_size(array), sizeof *list->architecture, &memory);
  if (list->architecture == NULL) {
    json_fields_no_memory(fields, "architectures");
    return;
  }
  list->count = json_array_size(array);
  for (size_t i = 0; i < list->count; i++) {
    struct architecture_entry *entry = &list->architecture[i];
    struct text prefix = {0};
    text_add(&prefix, "architectures[%zu].", i);
    struct json_fields own = {json_array_get(array, i), fields->where,
                              prefix.failed ? "architectures." : prefix.text, fields->error};
    json_fields_string(&own, "label", &entry->label);
    json_fields_object(&own, "swept", &entry->swept);
    read_keys(&own, entry);
    text_clear(&prefix);
  }
}

static void read_baseline(const struct json_fields *fields, struct architecture_list *list) {
  const json_t *baseline = json_fields_get(fields, "baseline");
  if (baseline != NULL && !json_is_null(baseline)) {
    json_fields_string(fields, "baseline", &list->baseline);
  }
}

static void read_data_given(const struct json_fields *fields, struct architecture_list *list) {
  const json_t *given = json_object_get(fields->object, "data_given");
  list->data_given = !json_is_false(given);
}

static void read_list(const struct json_fields *fields, struct architecture_list *list) {
  uint32_t schema = ARCHITECTURES_SCHEMA;
  json_fields_u32(fields, "schema", &schema);
  if (schema != ARCHITECTURES_SCHEMA) {
    json_fields_fault(fields, "schema", "another version of Crosslane wrote this; expected 1");
    return;
  }
  json_fields_string(fields, "name", &list->name);
  json_fields_string(fields, "description", &list->description);
  read_baseline(fields, list);
  read_data_given(fields, list);
  if (json_object_get(fields->object, "save") != NULL) {
    json_fields_string(fields, "save", &list->save);
  }
  read_entries(fields, list);
}

bool architectures_read(const char *run, struct architecture_list *list, bool *found,
                        struct error *error) {
  *error = (struct error){0};
  *list = (struct architecture_list){0};
  char *path = file_join(run, FILE_NAME, error);
  if (path == NULL) return false;
  *found = file_exists(path);
  json_t *json = *found ? json_file_read(path, error) : NULL;
  if (json != NULL) {
    struct json_fields fields = {json, path, "", error};
    read_list(&fields, list);
    json_decref(json);
  }
  free(path);
  if (error_faults_done(error)) return true;
  architectures_clear(list);
  return false;
}

static bool has_key(const struct architecture_entry *entry, const char *key) {
  for (size_t i = 0; i < entry->keys; i++) {
    if (strcmp(entry->key[i], key) == 0) return true;
  }
  return false;
}

static bool add_keys(struct architecture_entry *entry, const struct architecture_entry *other,
                     struct error *error) {
  for (size_t i = 0; i < other->keys; i++) {
    const bool same_place = i < entry->keys && strcmp(entry->key[i], other->key[i]) == 0;
    if (same_place || has_key(entry, other->key[i])) continue;
    char(*grown)[DIGEST_TEXT] = memory_grow(entry->key, entry->keys + 1, sizeof *grown, error);
    if (grown == NULL) return false;
    entry->key = grown;
    memcpy(grown[entry->keys++], other->key[i], DIGEST_TEXT);
  }
  return true;
}

static bool is_same(const struct architecture_entry *one, const struct architecture_entry *other) {
  return strcmp(one->label, other->label) == 0 && json_equal(one->swept, other->swept);
}

/* Shards of one config have theirs at the same places. */
static struct architecture_entry *find_entry(struct architecture_list *list, size_t place,
                                             const struct architecture_entry *other) {
  if (place < list->count && is_same(&list->architecture[place], other)) {
    return &list->architecture[place];
  }
  for (size_t i = 0; i < list->count; i++) {
    if (is_same(&list->architecture[i], other)) return &list->architecture[i];
  }
  return NULL;
}

bool architectures_add(struct architecture_list *list, const struct architecture_list *other,
                       struct error *error) {
  for (size_t i = 0; i < other->count; i++) {
    const struct architecture_entry *added = &other->architecture[i];
    struct architecture_entry *entry = find_entry(list, i, added);
    if (entry == NULL) {
      entry = memory_grow(list->architecture, list->count + 1, sizeof *entry, error);
      if (entry == NULL) return false;
      list->architecture = entry;
      entry += list->count++;
      *entry = (struct architecture_entry){.label = memory_text(added->label, error),
                                           .swept = json_incref(added->swept)};
      if (entry->label == NULL) return false;
    }
    if (!add_keys(entry, added, error)) return false;
  }
  return true;
}

json_t *architecture_identity(const json_t *config) {
  json_t *identity = json_copy_deep(config);
  json_t *data = json_object_get(identity, "data");
  (void)json_object_del(data, "path");
  (void)json_object_del(json_object_get(data, "split"), "folds");
  return identity;
}

void architectures_clear(struct architecture_list *list) {
  for (size_t i = 0; i < list->count; i++) {
    struct architecture_entry *entry = &list->architecture[i];
    free(entry->label);
    json_decref(entry->swept);
    free(entry->key);
  }
  free(list->architecture);
  free(list->name);
  free(list->description);
  free(list->baseline);
  free(list->save);
  *list = (struct architecture_list){0};
}
