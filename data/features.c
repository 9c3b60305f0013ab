/* Codes and numbers of all rows. */
#include "data/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"

void features_init(struct features *features, const struct dataset *dataset) {
  *features = (struct features){.dataset = dataset};
}

static bool cross_equal(const struct cross *a, const struct cross *b) {
  if (a->arity != b->arity) return false;
  for (size_t i = 0; i < a->arity; i++) {
    if (strcmp(a->column[i], b->column[i]) != 0) return false;
  }
  return true;
}

const struct code_list *features_codes(const struct features *features, const struct cross *cross) {
  for (size_t i = 0; i < features->code_lists; i++) {
    if (cross_equal(&features->code_list[i].cross, cross)) return &features->code_list[i];
  }
  return NULL;
}

const struct number_list *features_numbers(const struct features *features, const char *column) {
  for (size_t i = 0; i < features->number_lists; i++) {
    if (strcmp(features->number_list[i].column, column) == 0) return &features->number_list[i];
  }
  return NULL;
}

/* What a place of the config takes. */
struct place {
  bool (*takes)(const struct column *column);
  const char *needed, *help;
};

static const struct place in_cross = {column_crosses, "category",
                                      "a cross takes categories and multi_hot columns"};
static const struct place in_field = {
    column_has_embedding, "category",
    "an embedding takes categories, multi_hot columns and histories"};
static const struct place in_number = {column_is_number, "number",
                                       "numbers and statistics are read as numbers"};

/* With the names of the columns that the place takes. */
static const struct column *find_column(const struct features *features, const char *name,
                                        const struct place *place, struct error *error) {
  const struct schema *schema = &features->dataset->schema;
  const struct column *column = schema_find(schema, name);
  if (column == NULL) {
    error_set(error, ERROR_CONFIG, "the data have no column '%s'", name);
    (void)schema_suggest(schema, name, NULL, "columns", error);
    return NULL;
  }
  if (place->takes(column)) return column;
  error_set(error, ERROR_CONFIG, "column '%s' is a %s, and a %s is needed here", column->name,
            column_kind_name(column->kind), place->needed);
  (void)schema_suggest(schema, name, place->takes, place->help, error);
  return NULL;
}

static bool check_cross(const struct features *features, const struct cross *cross,
                        struct error *error) {
  if (cross->arity == 0 || cross->arity > CROSS_ARITY_MAX) {
    return error_set(error, ERROR_CONFIG, "a cross has 1 to %d columns, not %zu", CROSS_ARITY_MAX,
                     cross->arity);
  }
  for (size_t i = 0; i < cross->arity; i++) {
    if (find_column(features, cross->column[i], &in_cross, error) == NULL) return false;
  }
  return true;
}

static bool add_cross(struct features *features, const struct cross *cross, struct error *error) {
  if (features_codes(features, cross) != NULL) return true;
  if (!check_cross(features, cross, error)) return false;
  struct code_list *grown =
      memory_grow(features->code_list, features->code_lists + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  features->code_list = grown;
  struct code_list list = {.cross = *cross};
  if (!cross_codes_fill(features->dataset, &list, error)) {
    free(list.rows);
    free(list.combination);
    return false;
  }
  grown[features->code_lists++] = list;
  return true;
}

static bool add_field(struct features *features, const char *name, struct error *error) {
  const struct column *column = find_column(features, name, &in_field, error);
  if (column == NULL) return false;
  if (!column_crosses(column)) return true; /* histories are those of a split */
  struct cross cross = {.arity = 1};
  memcpy(cross.column[0], column->name, strlen(column->name));
  return add_cross(features, &cross, error);
}

static bool add_number(struct features *features, const char *name, struct error *error) {
  const struct column *column = find_column(features, name, &in_number, error);
  if (column == NULL) return false;
  if (column->kind == COLUMN_STATISTIC) return true; /* so are statistics */
  if (features_numbers(features, name) != NULL) return true;
  struct number_list *grown =
      memory_grow(features->number_list, features->number_lists + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  features->number_list = grown;
  struct number_list list = {0};
  memcpy(list.column, column->name, strlen(column->name));
  const size_t places = dataset_places(features->dataset, column->table);
  list.table = column->table;
  list.rows = memory_array(places, sizeof *list.rows, error);
  if (list.rows == NULL) return false;
  for (size_t place = 0; place < places; place++) {
    list.rows[place] = column_number_of(column, features->dataset, place);
  }
  grown[features->number_lists++] = list;
  return true;
}

bool features_add(struct features *features, const struct encoding_spec *spec,
                  struct error *error) {
  for (size_t i = 0; i < spec->fields; i++) {
    if (!add_field(features, spec->field[i].column, error)) return false;
  }
  for (size_t i = 0; i < spec->crosses; i++) {
    if (!add_cross(features, &spec->cross[i], error)) return false;
  }
  for (size_t i = 0; i < spec->numbers; i++) {
    if (!add_number(features, spec->number[i].column, error)) return false;
  }
  return true;
}

void features_clear(struct features *features) {
  for (size_t i = 0; i < features->code_lists; i++) {
    free(features->code_list[i].combination);
    free(features->code_list[i].rows);
  }
  for (size_t i = 0; i < features->number_lists; i++) free(features->number_list[i].rows);
  free(features->code_list);
  free(features->number_list);
  *features = (struct features){0};
}
