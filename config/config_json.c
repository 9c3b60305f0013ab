/* The canonical form: the table's values as JSON. */
#include <stdlib.h>
#include <string.h>

#include "config/config_table.h"

bool config_set_json(json_t *root, const char *path, json_t *value) {
  json_t *object = root;
  for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1) {
    json_t *child = json_object_getn(object, path, (size_t)(dot - path));
    if (child == NULL) {
      child = json_object();
      if (json_object_setn_new(object, path, (size_t)(dot - path), child) != 0) {
        json_decref(value);
        return false;
      }
    }
    object = child;
  }
  return json_object_set_new(object, path, value) == 0;
}

static int compare_paths(const void *one, const void *other) {
  const struct config_key *const *a = one, *const *b = other;
  return strcmp((*a)->path, (*b)->path);
}

/* Groups are shown by their keys, or, when they are off, as null. */
static bool is_shown(const struct config_key *key, const struct config_draft *draft) {
  bool trial = config_key_within(key, "data") || config_key_within(key, "model") ||
               config_key_within(key, "train");
  if (!trial || key->untold || !config_key_applies(key, &draft->trial)) return false;
  if (key->type->is_none != NULL && key->type->is_none(key, draft)) return false;
  if (key->type != &type_group) return key->type->json != NULL;
  return key->nullable && !*(const bool *)config_field_const(key, draft);
}

static bool is_default(const struct config_key *key, const json_t *value) {
  struct text text = {0};
  config_flow(value, &text);
  bool same = text.text != NULL && strcmp(text.text, key->standard) == 0;
  text_clear(&text);
  return same;
}

/* The keys that were given. */
static json_t *json_group(const struct config_key *key, const struct config_draft *draft) {
  if (key->nullable && !*(const bool *)config_field_const(key, draft)) return json_null();
  json_t *object = json_object();
  for (size_t i = 0; i < config_key_count() && object != NULL; i++) {
    const struct config_key *child = config_key_at(i);
    if (!config_key_within(child, key->path) || draft->given[i] == NULL) continue;
    const char *name = child->path + strlen(key->path) + 1;
    if (config_set_json(object, name, config_value_json(child, draft))) continue;
    json_decref(object);
    object = NULL;
  }
  return object;
}

json_t *config_value_json(const struct config_key *key, const struct config_draft *draft) {
  return key->type == &type_group ? json_group(key, draft) : key->type->json(key, draft);
}

/* `late`: with the keys that are of this sort also where they are at their
 * defaults. */
static json_t *trial_json(const struct trial_config *config, bool late) {
  struct config_draft draft = {.trial = *config, .kfold = (uint32_t)config->data.split.folds};
  if (config->data.tables != NULL) draft.source = *config->data.tables;
  draft.dropout.list = true;
  draft.dropout.count = config->model.hidden_layers;
  memcpy(draft.dropout.value, config->model.dropout, sizeof draft.dropout.value);

  const struct config_key *sorted[CONFIG_KEYS_MAX] = {0};
  size_t count = config_key_count();
  for (size_t i = 0; i < count; i++) sorted[i] = config_key_at(i);
  qsort(sorted, count, sizeof *sorted, compare_paths);

  json_t *root = json_object();
  for (size_t i = 0; i < count && root != NULL; i++) {
    const struct config_key *key = sorted[i];
    if (!is_shown(key, &draft)) continue;
    json_t *value = config_value_json(key, &draft);
    if (key->late && !late && value != NULL && is_default(key, value)) {
      json_decref(value);
      continue;
    }
    if (config_set_json(root, key->path, value)) continue;
    json_decref(root);
    root = NULL;
  }
  return root;
}

json_t *config_json(const struct trial_config *config) {
  return trial_json(config, true);
}

/* Out of the key: where the data lie and how they are read (their digest is in it), which folds
 * there are (the trial's own is in it), the default size of an embedding, which
 * each column is given instead, and late keys at their defaults. */
json_t *config_key_json(const struct trial_config *config) {
  struct trial_config copy = *config;
  for (size_t i = 0; i < copy.model.deep_columns; i++) {
    struct deep_column *deep = &copy.model.deep[i];
    if (deep_has_embedding(deep) && deep->dim == 0) deep->dim = copy.model.embedding_dim;
  }
  json_t *root = trial_json(&copy, false);
  if (root == NULL) return NULL;
  json_t *data = json_object_get(root, "data");
  static const char *const located[] = {"path",    "ratings", "users", "items",
                                        "columns", "derived", "scale", "duplicates"};
  for (size_t i = 0; i < sizeof located / sizeof *located; i++) {
    (void)json_object_del(data, located[i]);
  }
  (void)json_object_del(json_object_get(data, "split"), "folds");
  (void)json_object_del(json_object_get(json_object_get(root, "model"), "deep"), "embedding_dim");
  return root;
}

/* Whether YAML reads the text back as this text without quotation marks. */
static bool is_bare_word(const char *word) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static const char more[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  return word[0] != '\0' && strchr(letters, word[0]) != NULL && word[strspn(word, more)] == '\0' &&
         strcmp(word, "null") != 0 && strcmp(word, "true") != 0 && strcmp(word, "false") != 0;
}

static void flow_word(const json_t *value, struct text *text) {
  if (is_bare_word(json_string_value(value))) {
    text_add(text, "%s", json_string_value(value));
    return;
  }
  char *quoted = json_dumps(value, JSON_ENCODE_ANY);
  text_add(text, "%s", quoted == NULL ? "" : quoted);
  free(quoted);
}

void config_flow(const json_t *value, struct text *text) {
  if (json_is_array(value)) {
    text_add(text, "[");
    for (size_t i = 0; i < json_array_size(value); i++) {
      if (i > 0) text_add(text, ", ");
      config_flow(json_array_get(value, i), text);
    }
    text_add(text, "]");
  } else if (json_is_object(value)) {
    const char *name, *comma = "";
    json_t *member;
    text_add(text, "{");
    json_object_foreach((json_t *)value, name, member) {
      text_add(text, "%s%s: ", comma, name);
      config_flow(member, text);
      comma = ", ";
    }
    text_add(text, "}");
  } else if (json_is_string(value)) {
    flow_word(value, text);
  } else if (json_is_integer(value)) {
    text_add(text, "%lld", (long long)json_integer_value(value));
  } else if (json_is_real(value)) {
    char number[TEXT_DOUBLE];
    text_from_double(json_real_value(value), number);
    text_add(text, "%s", number);
  } else {
    text_add(text, "%s", json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
  }
}

void config_label(const struct config_key *key, const json_t *value, struct text *text) {
  (key->type->label != NULL ? key->type->label : config_flow)(value, text);
}
