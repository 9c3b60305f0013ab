/* The canonical form: the table's values as JSON. */
#include <stdlib.h>
#include <string.h>

#include "data/columns.h"
#include "experiments/config_table.h"

/* Sets a value at a dotted path; steals it. */
static bool set_at(json_t *root, const char *path, json_t *value) {
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

json_t *config_json(const struct trial_config *config) {
  struct config_draft draft = {.trial = *config};
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
    bool trial = config_key_within(key, "data") || config_key_within(key, "model") ||
                 config_key_within(key, "train");
    bool shown = trial && key->type->json != NULL && config_key_applies(key, config);
    if (key->type == &type_path && config->data.path[0] == '\0') shown = false;
    if (!shown || set_at(root, key->path, key->type->json(key, &draft))) continue;
    json_decref(root);
    root = NULL;
  }
  return root;
}

/* Out of the key: where the data lie (their digest is in it), which folds
 * there are (the trial's own is in it), and the default size of an embedding,
 * which each column is given instead. */
json_t *config_key_json(const struct trial_config *config) {
  struct trial_config copy = *config;
  for (size_t i = 0; i < copy.model.deep_columns; i++) {
    struct deep_column *deep = &copy.model.deep[i];
    const struct column *column = column_find(deep->name);
    bool category = column != NULL && column->kind == COLUMN_CATEGORY;
    if (category && deep->dim == 0) deep->dim = copy.model.embedding_dim;
  }
  json_t *root = config_json(&copy);
  if (root == NULL) return NULL;
  json_t *data = json_object_get(root, "data");
  (void)json_object_del(data, "path");
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
