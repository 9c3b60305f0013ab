#include "data/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"

const char *column_kind_name(enum column_kind kind) {
  static const char *const names[] = {[COLUMN_CATEGORY] = "category",
                                      [COLUMN_MULTI_HOT] = "multi_hot",
                                      [COLUMN_NUMBER] = "number",
                                      [COLUMN_STATISTIC] = "statistic",
                                      [COLUMN_HISTORY] = "history"};
  return names[kind];
}

/* Names stand in configs, options, labels of architectures and names of tensors. */
static bool check_name(const char *name, struct error *error) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  const char *at = name;
  while (*at != '\0' && ((unsigned char)*at >= 0x80 || strchr(plain, *at) != NULL)) at++;
  if (name[0] == '\0') return error_set(error, ERROR_DATA, "a column has no name");
  if (*at == '\0') return true;
  error_set(error, ERROR_DATA, "column '%s': its name has a character that no column may have",
            name);
  return error_help(error, "letters, digits, '_', '-' and '.' are allowed");
}

bool schema_add(struct schema *schema, const struct column *column, struct error *error) {
  if (!check_name(column->name, error)) return false;
  if (schema_find(schema, column->name) != NULL) {
    error_set(error, ERROR_DATA, "there are two columns '%s'", column->name);
    return error_help(error,
                      "give one of them another name, or leave it out: data.columns, ignore");
  }
  struct column *grown = memory_grow(schema->column, schema->columns + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  schema->column = grown;
  grown[schema->columns++] = *column;
  return true;
}

void schema_clear(struct schema *schema) {
  for (size_t i = 0; i < schema->columns; i++) column_values_free(schema->column[i].values);
  free(schema->column);
  *schema = (struct schema){0};
}

const struct column *schema_find(const struct schema *schema, const char *name) {
  for (size_t i = 0; i < schema->columns; i++) {
    if (strcmp(schema->column[i].name, name) == 0) return &schema->column[i];
  }
  return NULL;
}

enum { SHOWN = 40 };

bool schema_suggest(const struct schema *schema, const char *name,
                    bool (*fits)(const struct column *column), const char *all,
                    struct error *error) {
  struct error ignored;
  const char **names = memory_array(schema->columns, sizeof *names, &ignored);
  struct text help = {0};
  size_t count = 0;
  for (size_t i = 0; names != NULL && i < schema->columns; i++) {
    if (fits == NULL || fits(&schema->column[i])) names[count++] = schema->column[i].name;
  }
  const char *nearest = names != NULL ? text_nearest(name, names, count) : NULL;
  if (nearest != NULL) text_add(&help, "did you mean '%s'? ", nearest);
  text_add(&help, "%s: ", all);
  for (size_t i = 0; i < count && i < SHOWN; i++) {
    text_add(&help, "%s%s", i > 0 ? ", " : "", names[i]);
  }
  if (count > SHOWN) text_add(&help, " and %zu more", count - SHOWN);
  error_help(error, "%s", help.text != NULL ? help.text : "");
  text_clear(&help);
  free(names);
  return false;
}
