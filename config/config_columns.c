/* The types that name columns: crosses of the wide part, columns of the deep. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_table.h"
#include "data/schema.h"

enum { EMBEDDING_DIM_MAX = 1024 };

static const struct column *read_column(const struct schema *schema, const struct yaml_node *node,
                                        struct error *error) {
  if (!config_read_word(node, "the name of a column", error)) return NULL;
  const struct column *column = schema_find(schema, node->text);
  if (column != NULL) return column;
  yaml_error(node, error, "unknown column '%.40s'", node->text);
  (void)schema_suggest(schema, node->text, NULL, "Columns", error);
  return NULL;
}

static const char *kind_name(const struct column *column) {
  switch (column->kind) {
    case COLUMN_CATEGORY:
      return "a category";
    case COLUMN_MULTI_HOT:
      return "a set of categories";
    case COLUMN_NUMBER:
    case COLUMN_STATISTIC:
      return "a number";
    case COLUMN_HISTORY:
      return "a history";
  }
  return "a column";
}

/* Crosses. */

static void describe_crosses(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(
      text,
      "a list of at most %d crosses, each a list of 1 to %d columns, or the columns joined by *",
      CROSSES_MAX, CROSS_ARITY_MAX);
}

/* One more column of a cross, named at `item`. */
static bool add_crossed(const struct schema *schema, const struct yaml_node *item,
                        struct cross *cross, struct error *error) {
  if (cross->arity == CROSS_ARITY_MAX) {
    return yaml_error(item, error, "a cross names at most %d columns", CROSS_ARITY_MAX);
  }
  const struct column *column = read_column(schema, item, error);
  if (column == NULL) return false;
  if (!column_crosses(column)) {
    yaml_error(item, error, "%s is %s: a cross combines categories", item->text, kind_name(column));
    return schema_suggest(schema, item->text, column_crosses, "Categories", error);
  }
  for (size_t j = 0; j < cross->arity; j++) {
    if (strcmp(cross->column[j], column->name) != 0) continue;
    return yaml_error(item, error, "%s is given twice in this cross", column->name);
  }
  memcpy(cross->column[cross->arity++], column->name, strlen(column->name) + 1);
  return true;
}

/* "gender*genre", as tables print it: each part as a node with its own place. */
static bool read_cross_text(const struct schema *schema, const struct yaml_node *node,
                            struct cross *cross, struct error *error) {
  for (const char *at = node->text; at != NULL;) {
    at += strspn(at, " ");
    const char *star = strchr(at, '*');
    size_t length = star != NULL ? (size_t)(star - at) : strlen(at);
    while (length > 0 && at[length - 1] == ' ') length--;
    struct text name = {0};
    struct yaml_node part = *node;
    text_add_bytes(&name, at, length);
    text_add(&name, "%s", "");
    part.text = name.text;
    part.length = length;
    part.column += (size_t)(at - node->text) + !node->plain;
    const bool good = name.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                                  : add_crossed(schema, &part, cross, error);
    text_clear(&name);
    if (!good) return false;
    at = star != NULL ? star + 1 : NULL;
  }
  return true;
}

static bool read_cross(const struct schema *schema, const struct yaml_node *node,
                       struct cross *cross, struct error *error) {
  cross->arity = 0;
  if (node->kind == YAML_SCALAR && !yaml_is_null(node)) {
    return read_cross_text(schema, node, cross, error);
  }
  if (node->kind != YAML_SEQUENCE) {
    return yaml_expected(node, error, "a cross: columns joined by *, or a list of them");
  }
  if (node->count == 0) return yaml_error(node, error, "a cross names at least one column");
  for (size_t i = 0; i < node->count; i++) {
    if (!add_crossed(schema, node->value[i], cross, error)) return false;
  }
  return true;
}

static bool cross_has(const struct cross *cross, const char *column) {
  for (size_t i = 0; i < cross->arity; i++) {
    if (strcmp(cross->column[i], column) == 0) return true;
  }
  return false;
}

/* The same combinations, whatever the order of the columns. */
static bool same_cross(const struct cross *one, const struct cross *other) {
  if (one->arity != other->arity) return false;
  for (size_t i = 0; i < one->arity; i++) {
    if (!cross_has(other, one->column[i])) return false;
  }
  return true;
}

static bool read_crosses(const struct config_key *key, const struct yaml_node *node,
                         struct config_draft *draft, struct error *error) {
  struct model_spec *model = config_field(key, draft);
  if (node->kind != YAML_SEQUENCE) return yaml_expected(node, error, "a list of crosses");
  model->crosses = 0;
  memset(model->cross, 0, sizeof model->cross);
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *item = node->value[i];
    if (i == CROSSES_MAX) return yaml_error(item, error, "more than %d crosses", CROSSES_MAX);
    if (!read_cross(draft->columns, item, &model->cross[i], error)) return false;
    for (size_t j = 0; j < i; j++) {
      if (!same_cross(&model->cross[j], &model->cross[i])) continue;
      return yaml_error(item, error, "the same cross as number %zu of this list", j + 1);
    }
    model->crosses = i + 1;
  }
  return true;
}

static json_t *json_crosses(const struct config_key *key, const struct config_draft *draft) {
  const struct model_spec *model = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < model->crosses; i++) {
    json_t *columns = json_array();
    for (size_t j = 0; j < model->cross[i].arity; j++) {
      json_array_append_new(columns, json_string(model->cross[i].column[j]));
    }
    json_array_append_new(list, columns);
  }
  return list;
}

/* "[gender*genre, zip_area]" */
static void label_crosses(const json_t *value, struct text *text) {
  text_add(text, "[");
  for (size_t i = 0; i < json_array_size(value); i++) {
    const json_t *cross = json_array_get(value, i);
    if (i > 0) text_add(text, ", ");
    for (size_t j = 0; j < json_array_size(cross); j++) {
      const char *name = json_string_value(json_array_get(cross, j));
      text_add(text, "%s%s", j > 0 ? "*" : "", name);
    }
  }
  text_add(text, "]");
}

/* Deep columns. */

static const char *const column_keys[] = {"name", "dim", "pooling", "scale"};
enum { COLUMN_KEYS = sizeof column_keys / sizeof *column_keys };
static const char *const poolings[] = {"sum", "mean", "sqrt"};
static const char *const scales[] = {"minmax", "standard"};
static_assert(POOLING_SUM == 0 && POOLING_MEAN == 1 && POOLING_RSQRT == 2, "poolings");
static_assert(SCALE_MINMAX == 0 && SCALE_STANDARD == 1, "scales");

static void describe_columns(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(
      text,
      "a list of at most %d columns. A mapping has a name and, for columns with an embedding, "
      "dim, which overrides embedding_dim; for columns of several values, pooling: sum, mean (the "
      "default) or sqrt, which is sum / sqrt(n); for numbers, scale: minmax (the default), "
      "to 0 to 1, or standard, to mean 0 and deviation 1",
      DEEP_COLUMNS_MAX);
}

static bool set_name(const struct schema *schema, const struct yaml_node *node,
                     struct deep_column *column, const struct column **found, struct error *error) {
  *found = read_column(schema, node, error);
  if (*found == NULL) return false;
  memcpy(column->name, (*found)->name, strlen((*found)->name) + 1);
  column->kind = (*found)->kind;
  column->side = (*found)->side;
  column->pooling = column_is_bag(*found) ? POOLING_MEAN : POOLING_SUM;
  return true;
}

static bool read_dim(const struct yaml_node *node, const struct column *column, uint32_t *dim,
                     struct error *error) {
  uint64_t size = 0;
  if (node == NULL) return true;
  if (!column_has_embedding(column)) {
    return yaml_error(node, error, "%s is a number: it has no embedding, so it has no dim",
                      column->name);
  }
  if (!config_read_u64(node, 1, EMBEDDING_DIM_MAX, &size, error)) return false;
  *dim = (uint32_t)size;
  return true;
}

/* One of `count` words; returns `count` when it is none. */
static size_t read_word(const struct yaml_node *node, const char *const *words, size_t count,
                        struct error *error) {
  struct text all = {0};
  for (size_t i = 0; i < count; i++) {
    if (node->kind == YAML_SCALAR && yaml_equals(node, words[i])) {
      text_clear(&all);
      return i;
    }
    text_add(&all, "%s%s", i > 0 ? ", " : "", words[i]);
  }
  yaml_expected(node, error, "one of %s", all.text == NULL ? "" : all.text);
  text_clear(&all);
  return count;
}

static bool read_pooling(const struct schema *schema, const struct yaml_node *node,
                         const struct column *column, enum pooling *pooling, struct error *error) {
  if (node == NULL) return true;
  if (!column_is_bag(column)) {
    yaml_error(node, error, "%s is %s: a row has one value of it, so there is nothing to pool",
               column->name, kind_name(column));
    return schema_suggest(schema, column->name, column_is_bag, "Columns with pooling", error);
  }
  size_t word = read_word(node, poolings, sizeof poolings / sizeof *poolings, error);
  *pooling = (enum pooling)word;
  return word < sizeof poolings / sizeof *poolings;
}

static bool read_scale(const struct schema *schema, const struct yaml_node *node,
                       const struct column *column, enum scale *scale, struct error *error) {
  if (node == NULL) return true;
  if (!column_is_number(column)) {
    yaml_error(node, error, "%s is %s: only numbers are scaled", column->name, kind_name(column));
    return schema_suggest(schema, column->name, column_is_number, "Numbers", error);
  }
  size_t word = read_word(node, scales, sizeof scales / sizeof *scales, error);
  *scale = (enum scale)word;
  return word < sizeof scales / sizeof *scales;
}

static bool check_column_keys(const struct yaml_node *node, struct error *error) {
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *key = node->key[i];
    bool known = false;
    for (size_t j = 0; j < COLUMN_KEYS; j++) known = known || yaml_equals(key, column_keys[j]);
    if (known) continue;
    yaml_error(key, error, "unknown key '%.40s' in a column", key->text);
    return config_suggest(error, key->text, column_keys, COLUMN_KEYS, "Keys here");
  }
  return true;
}

/* {name: genres, dim: 4, pooling: sum} */
static bool read_column_mapping(const struct schema *schema, const struct yaml_node *node,
                                struct deep_column *column, struct error *error) {
  if (!check_column_keys(node, error)) return false;
  const struct yaml_node *name = yaml_get(node, "name");
  const struct column *found;
  if (name == NULL) return yaml_error(node, error, "this column has no name");
  return set_name(schema, name, column, &found, error) &&
         read_dim(yaml_get(node, "dim"), found, &column->dim, error) &&
         read_pooling(schema, yaml_get(node, "pooling"), found, &column->pooling, error) &&
         read_scale(schema, yaml_get(node, "scale"), found, &column->scale, error);
}

static bool read_columns(const struct config_key *key, const struct yaml_node *node,
                         struct config_draft *draft, struct error *error) {
  struct model_spec *model = config_field(key, draft);
  if (node->kind != YAML_SEQUENCE) return yaml_expected(node, error, "a list of columns");
  model->deep_columns = 0;
  memset(model->deep, 0, sizeof model->deep);
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *item = node->value[i];
    if (i == DEEP_COLUMNS_MAX) {
      return yaml_error(item, error, "more than %d columns", DEEP_COLUMNS_MAX);
    }
    struct deep_column *column = &model->deep[i];
    const struct column *found;
    bool good = item->kind == YAML_MAPPING
                    ? read_column_mapping(draft->columns, item, column, error)
                    : set_name(draft->columns, item, column, &found, error);
    if (!good) return false;
    for (size_t j = 0; j < i; j++) {
      if (strcmp(model->deep[j].name, column->name) != 0) continue;
      return yaml_error(item, error, "column %s is given twice", column->name);
    }
    model->deep_columns = i + 1;
  }
  return true;
}

/* The name alone where all else is at its default. */
static json_t *json_column(const struct deep_column *column) {
  const bool bag = column->kind == COLUMN_MULTI_HOT || column->kind == COLUMN_HISTORY;
  bool pooled = bag && column->pooling != POOLING_MEAN;
  if (column->dim == 0 && !pooled && column->scale == SCALE_MINMAX) {
    return json_string(column->name);
  }
  json_t *object = json_pack("{s:s}", "name", column->name);
  if (column->dim > 0) json_object_set_new(object, "dim", json_integer(column->dim));
  if (pooled) json_object_set_new(object, "pooling", json_string(poolings[column->pooling]));
  if (column->scale != SCALE_MINMAX) {
    json_object_set_new(object, "scale", json_string(scales[column->scale]));
  }
  return object;
}

static json_t *json_columns(const struct config_key *key, const struct config_draft *draft) {
  const struct model_spec *model = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < model->deep_columns; i++) {
    json_array_append_new(list, json_column(&model->deep[i]));
  }
  return list;
}

const struct config_type type_crosses = {.read = read_crosses,
                                         .json = json_crosses,
                                         .describe = describe_crosses,
                                         .label = label_crosses};
const struct config_type type_columns = {
    .read = read_columns, .json = json_columns, .describe = describe_columns};
