/* The types that name columns: crosses of the wide part, columns of the deep. */
#include <stdlib.h>
#include <string.h>

#include "data/columns.h"
#include "experiments/config_table.h"

enum { NAMES_MAX = 64, EMBEDDING_DIM_MAX = 1024 };

/* Names of the columns of `kind`, or of all. */
static size_t column_names(bool all, enum column_kind kind, const char *names[NAMES_MAX]) {
  size_t count = 0;
  for (size_t i = 0; i < column_count() && count < NAMES_MAX; i++) {
    const struct column *column = column_at(i);
    if (all || column->kind == kind) names[count++] = column->name;
  }
  return count;
}

static const struct column *read_column(const struct yaml_node *node, struct error *error) {
  if (!config_read_word(node, "the name of a column", error)) return NULL;
  const struct column *column = column_find(node->text);
  if (column != NULL) return column;
  const char *names[NAMES_MAX];
  size_t count = column_names(true, COLUMN_NUMBER, names);
  yaml_error(node, error, "unknown column '%.40s'", node->text);
  config_suggest(error, node->text, names, count, "Columns");
  return NULL;
}

static bool refuse_number(const struct yaml_node *node, struct error *error) {
  const char *names[NAMES_MAX];
  size_t count = column_names(false, COLUMN_CATEGORY, names);
  yaml_error(node, error, "%s is a number: a cross combines categories", node->text);
  return config_suggest(error, node->text, names, count, "Categories");
}

/* Crosses. */

static void describe_crosses(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of at most %d crosses, each a list of 1 to %d category columns",
           CROSSES_MAX, CROSS_ARITY_MAX);
}

static bool read_cross(const struct yaml_node *node, struct cross *cross, struct error *error) {
  if (node->kind != YAML_SEQUENCE) {
    yaml_expected(node, error, "a cross, which is a list of columns");
    if (node->kind != YAML_SCALAR || column_find(node->text) == NULL) return false;
    return error_help(error, "a cross of one column is written [%s]", node->text);
  }
  if (node->count == 0) return yaml_error(node, error, "a cross names at least one column");
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *item = node->value[i];
    if (i == CROSS_ARITY_MAX) {
      return yaml_error(item, error, "a cross names at most %d columns", CROSS_ARITY_MAX);
    }
    const struct column *column = read_column(item, error);
    if (column == NULL) return false;
    if (column->kind != COLUMN_CATEGORY) return refuse_number(item, error);
    for (size_t j = 0; j < i; j++) {
      if (strcmp(cross->column[j], column->name) != 0) continue;
      return yaml_error(item, error, "%s stands twice in this cross", column->name);
    }
    memcpy(cross->column[i], column->name, strlen(column->name) + 1);
    cross->arity = i + 1;
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
    if (!read_cross(item, &model->cross[i], error)) return false;
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

/* Deep columns. */

static void describe_columns(const struct config_key *key, struct text *text) {
  (void)key;
  text_add(text, "a list of at most %d columns: names, or {name: NAME, dim: SIZE}",
           DEEP_COLUMNS_MAX);
}

static bool set_name(const struct yaml_node *node, struct deep_column *column,
                     const struct column **found, struct error *error) {
  *found = read_column(node, error);
  if (*found == NULL) return false;
  memcpy(column->name, (*found)->name, strlen((*found)->name) + 1);
  return true;
}

/* {name: occupation, dim: 4} */
static bool read_column_mapping(const struct yaml_node *node, struct deep_column *column,
                                struct error *error) {
  static const char *const known[] = {"dim", "name"};
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *key = node->key[i];
    if (yaml_equals(key, "name") || yaml_equals(key, "dim")) continue;
    yaml_error(key, error, "unknown key '%.40s' in a column", key->text);
    return config_suggest(error, key->text, known, 2, "Keys here");
  }
  const struct yaml_node *name = yaml_get(node, "name"), *dim = yaml_get(node, "dim");
  const struct column *found;
  if (name == NULL) return yaml_error(node, error, "this column has no name");
  if (!set_name(name, column, &found, error)) return false;
  if (dim == NULL) return true;
  if (found->kind != COLUMN_CATEGORY) {
    return yaml_error(dim, error, "%s is a number: it has no embedding, and so no dim",
                      found->name);
  }
  uint64_t size;
  if (!config_read_u64(dim, 1, EMBEDDING_DIM_MAX, &size, error)) return false;
  column->dim = (uint32_t)size;
  return true;
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
    bool good = item->kind == YAML_MAPPING ? read_column_mapping(item, column, error)
                                           : set_name(item, column, &found, error);
    if (!good) return false;
    for (size_t j = 0; j < i; j++) {
      if (strcmp(model->deep[j].name, column->name) != 0) continue;
      return yaml_error(item, error, "column %s is given twice", column->name);
    }
    model->deep_columns = i + 1;
  }
  return true;
}

static json_t *json_columns(const struct config_key *key, const struct config_draft *draft) {
  const struct model_spec *model = config_field_const(key, draft);
  json_t *list = json_array();
  for (size_t i = 0; i < model->deep_columns; i++) {
    const struct deep_column *column = &model->deep[i];
    json_array_append_new(list, column->dim == 0 ? json_string(column->name)
                                                 : json_pack("{s:s, s:i}", "name", column->name,
                                                             "dim", (int)column->dim));
  }
  return list;
}

const struct config_type type_crosses = {read_crosses, json_crosses, describe_crosses};
const struct config_type type_columns = {read_columns, json_columns, describe_columns};
