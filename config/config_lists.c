/* The types of lists of numbers and of folds. */
#include <string.h>

#include "config/config_table.h"

static bool expect_list(const struct config_key *key, const struct yaml_node *node, size_t most,
                        struct error *error) {
  if (node->kind != YAML_SEQUENCE) {
    struct text what = {0};
    key->type->describe(key, &what);
    yaml_expected(node, error, "%s", what.text == NULL ? "a list" : what.text);
    text_clear(&what);
    return false;
  }
  if (node->count <= most) return true;
  return yaml_error(node->value[most], error, "more than %zu entries", most);
}

/* Seeds. */

static bool read_seeds(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct seed_values *seeds = config_field(key, draft);
  if (!expect_list(key, node, CONFIG_SEEDS_MAX, error)) return false;
  if (node->count == 0) return yaml_error(node, error, "expected at least one seed");
  seeds->count = node->count;
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *item = node->value[i];
    if (!config_read_u64(item, key->minimum, key->maximum, &seeds->value[i], error)) return false;
    for (size_t j = 0; j < i; j++) {
      if (seeds->value[j] != seeds->value[i]) continue;
      return yaml_error(item, error, "seed %s is given twice", item->text);
    }
  }
  return true;
}

static json_t *json_seeds(const struct config_key *key, const struct config_draft *draft) {
  const struct seed_values *seeds = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < seeds->count; i++) {
    json_array_append_new(list, json_integer((json_int_t)seeds->value[i]));
  }
  return list;
}

static void describe_seeds(const struct config_key *key, struct text *text) {
  text_add(text, "a list of whole numbers from %llu to %llu", (unsigned long long)key->minimum,
           (unsigned long long)key->maximum);
}

/* Folds. */

static void describe_folds(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of folds: u1, u2, u3, u4, u5, ua, ub; or values of data.split.column");
}

static bool read_fold(const struct yaml_node *item, struct split_spec *split, struct error *error) {
  if (!config_read_word(item, "the name of a fold", error)) return false;
  for (size_t i = 0; i < split->folds; i++) {
    if (strcmp(split->fold[i], item->text) != 0) continue;
    return yaml_error(item, error, "fold %s is given twice", item->text);
  }
  if (item->length == 0 || item->length >= SPLIT_FOLD_NAME) {
    return yaml_error(item, error, "the name of a fold has 1 to %d bytes", SPLIT_FOLD_NAME - 1);
  }
  memcpy(split->fold[split->folds++], item->text, item->length + 1);
  return true;
}

static bool read_folds(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  struct split_spec *split = config_field(key, draft);
  if (!expect_list(key, node, SPLIT_FOLDS_MAX, error)) return false;
  split->folds = 0;
  memset(split->fold, 0, sizeof split->fold);
  for (size_t i = 0; i < node->count; i++) {
    if (!read_fold(node->value[i], split, error)) return false;
  }
  return true;
}

static json_t *json_folds(const struct config_key *key, const struct config_draft *draft) {
  const struct split_spec *split = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < split->folds; i++)
    json_array_append_new(list, json_string(split->fold[i]));
  return list;
}

/* Widths of the hidden layers. */

static bool read_hidden(const struct config_key *key, const struct yaml_node *node,
                        struct config_draft *draft, struct error *error) {
  struct model_spec *model = config_field(key, draft);
  if (!expect_list(key, node, HIDDEN_LAYERS_MAX, error)) return false;
  memset(model->hidden, 0, sizeof model->hidden);
  model->hidden_layers = node->count;
  for (size_t i = 0; i < node->count; i++) {
    uint64_t width;
    if (!config_read_u64(node->value[i], key->minimum, key->maximum, &width, error)) return false;
    model->hidden[i] = (uint32_t)width;
  }
  return true;
}

static json_t *json_hidden(const struct config_key *key, const struct config_draft *draft) {
  const struct model_spec *model = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < model->hidden_layers; i++) {
    json_array_append_new(list, json_integer((json_int_t)model->hidden[i]));
  }
  return list;
}

static void describe_hidden(const struct config_key *key, struct text *text) {
  text_add(text, "a list of at most %d whole numbers from %llu to %llu", HIDDEN_LAYERS_MAX,
           (unsigned long long)key->minimum, (unsigned long long)key->maximum);
}

/* Dropout: one value for all layers, or one for each. */

static void describe_dropout(const struct config_key *key, struct text *text) {
  config_describe_real(key, text);
  text_add(text, ", or a list of such, one for each hidden layer");
}

static bool read_dropout(const struct config_key *key, const struct yaml_node *node,
                         struct config_draft *draft, struct error *error) {
  struct dropout_values *dropout = config_field(key, draft);
  *dropout = (struct dropout_values){.list = node->kind == YAML_SEQUENCE};
  if (node->kind == YAML_MAPPING) return expect_list(key, node, 0, error);
  if (!dropout->list) {
    dropout->count = 1;
    return config_read_real(key, node, &dropout->value[0], error);
  }
  if (!expect_list(key, node, HIDDEN_LAYERS_MAX, error)) return false;
  dropout->count = node->count;
  for (size_t i = 0; i < node->count; i++) {
    if (!config_read_real(key, node->value[i], &dropout->value[i], error)) return false;
  }
  return true;
}

static json_t *json_dropout(const struct config_key *key, const struct config_draft *draft) {
  const struct dropout_values *dropout = config_field_const(key, draft);
  if (!dropout->list) return json_real(dropout->value[0]);
  json_t *list = json_array();
  for (size_t i = 0; i < dropout->count; i++) {
    json_array_append_new(list, json_real(dropout->value[i]));
  }
  return list;
}

const struct config_type type_seeds = {
    .read = read_seeds, .json = json_seeds, .describe = describe_seeds};
const struct config_type type_folds = {
    .read = read_folds, .json = json_folds, .describe = describe_folds};
const struct config_type type_hidden = {
    .read = read_hidden, .json = json_hidden, .describe = describe_hidden};
const struct config_type type_dropout = {
    .read = read_dropout, .json = json_dropout, .describe = describe_dropout, .range = RANGE_REAL};
