/* The type of the head: linear, ordinal, or a mapping with a name. */
#include <string.h>

#include "config/config_table.h"

#define SLOPE 2.0 /* its loss is then about as curved as the squared error */

static const char *const heads[] = {"linear", "ordinal"};
static const char *const head_keys[] = {"name", "slope"};
enum { HEADS = 2, HEAD_KEYS = 2 };
_Static_assert(HEAD_LINEAR == 0 && HEAD_ORDINAL == 1, "heads");

static void describe_head(const struct config_key *key, struct text *text) {
  text_add(text, "linear, ordinal, or {name: ordinal, slope: %g}, slope ", SLOPE);
  config_describe_real(key, text);
}

static bool read_name(const struct yaml_node *node, struct model_spec *model, struct error *error) {
  for (size_t i = 0; node->kind == YAML_SCALAR && i < HEADS; i++) {
    if (!yaml_equals(node, heads[i])) continue;
    model->head = (enum head_name)i;
    model->slope = model->head == HEAD_ORDINAL ? SLOPE : 0;
    return true;
  }
  yaml_expected(node, error, "linear, ordinal, or a mapping with name and slope");
  if (node->kind != YAML_SCALAR) return false;
  const char *nearest = text_nearest(node->text, heads, HEADS);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  return false;
}

static bool check_keys(const struct yaml_node *node, struct error *error) {
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *key = node->key[i];
    if (yaml_equals(key, head_keys[0]) || yaml_equals(key, head_keys[1])) continue;
    yaml_error(key, error, "unknown key '%.40s' in a head", key->text);
    return config_suggest(error, key->text, head_keys, HEAD_KEYS, "Keys here");
  }
  return true;
}

static bool read_mapping(const struct config_key *key, const struct yaml_node *node,
                         struct model_spec *model, struct error *error) {
  if (!check_keys(node, error)) return false;
  const struct yaml_node *name = yaml_get(node, "name"), *slope = yaml_get(node, "slope");
  if (name == NULL) return yaml_error(node, error, "this head has no name: linear or ordinal");
  if (!read_name(name, model, error)) return false;
  if (slope == NULL) return true;
  if (model->head != HEAD_ORDINAL) {
    return yaml_error(slope, error, "slope is for an ordinal head: a linear one has none");
  }
  return config_read_real(key, slope, &model->slope, error);
}

static bool read_head(const struct config_key *key, const struct yaml_node *node,
                      struct config_draft *draft, struct error *error) {
  struct model_spec *model = config_field(key, draft);
  return node->kind == YAML_MAPPING ? read_mapping(key, node, model, error)
                                    : read_name(node, model, error);
}

static json_t *json_head(const struct config_key *key, const struct config_draft *draft) {
  const struct model_spec *model = config_field_const(key, draft);
  if (model->head == HEAD_LINEAR) return json_string(heads[HEAD_LINEAR]);
  return json_pack("{s:s, s:f}", head_keys[0], heads[HEAD_ORDINAL], head_keys[1], model->slope);
}

/* "linear", "ordinal", "ordinal(0.5)" */
static void label_head(const json_t *value, struct text *text) {
  if (json_is_string(value)) {
    text_add(text, "%s", json_string_value(value));
    return;
  }
  const double slope = json_number_value(json_object_get(value, head_keys[1]));
  char number[TEXT_DOUBLE];
  text_from_double(slope, number);
  text_add(text, "%s", heads[HEAD_ORDINAL]);
  if (slope < SLOPE || slope > SLOPE) text_add(text, "(%s)", number);
}

const struct config_type type_head = {
    .read = read_head, .json = json_head, .describe = describe_head, .label = label_head};
