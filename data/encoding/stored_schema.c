/* The columns that a model reads, as its file keeps them. */
#include <string.h>

#include "data/encoding/stored_encoding.h"

static const char *const sides[] = {[SIDE_USER] = "user", [SIDE_ITEM] = "item"};
static const char *const tables[] = {
    [TABLE_USERS] = "users", [TABLE_ITEMS] = "items", [TABLE_RATINGS] = "ratings"};
static const char *const statistics[] = {[STATISTIC_MEAN] = "mean",
                                         [STATISTIC_COUNT] = "count",
                                         [STATISTIC_DAYS_SINCE_FIRST] = "days_since_first"};

/* --- writing --- */

static bool reads(const struct encoding *encoding, const char *name) {
  for (size_t t = 0; t < encoding->tables; t++) {
    const struct cross *cross = &encoding->table[t].cross;
    for (size_t k = 0; k < cross->arity; k++) {
      if (strcmp(cross->column[k], name) == 0) return true;
    }
  }
  for (size_t i = 0; i < encoding->scalings; i++) {
    if (strcmp(encoding->scaling[i].column, name) == 0) return true;
  }
  return false;
}

static json_t *column_json(const struct column *column) {
  json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "name", column->name, "kind",
                           column_kind_name(column->kind), "side", sides[column->side], "table",
                           tables[column->table]);
  bool done = json != NULL;
  if (done && column->kind == COLUMN_MULTI_HOT) {
    done = json_object_set_new(json, "separator", json_string(column->separator)) == 0;
  }
  if (done && column->may_miss) done = json_object_set_new(json, "may_miss", json_true()) == 0;
  if (done && column->kind == COLUMN_STATISTIC) {
    const char *statistic = statistics[column->statistic];
    done = json_object_set_new(json, "statistic", json_string(statistic)) == 0;
  }
  if (done) return json;
  json_decref(json);
  return NULL;
}

json_t *stored_schema_json(const struct encoding *encoding, const struct dataset *dataset) {
  json_t *list = json_array();
  for (size_t i = 0; i < dataset->schema.columns && list != NULL; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (!reads(encoding, column->name)) continue;
    if (json_array_append_new(list, column_json(column)) == 0) continue;
    json_decref(list);
    list = NULL;
  }
  return list;
}

/* --- reading --- */

/* The place of a member's text among `count` words; false: it is none of them. */
static bool find_word(const json_t *json, const char *member, const char *const *words,
                      size_t count, unsigned *place) {
  const char *text = json_string_value(json_object_get(json, member));
  for (*place = 0; text != NULL && *place < count; (*place)++) {
    if (strcmp(text, words[*place]) == 0) return true;
  }
  return false;
}

static bool read_text(const json_t *json, const char *member, char *out, size_t room) {
  const char *text = json_string_value(json_object_get(json, member));
  if (text == NULL || text[0] == '\0' || strlen(text) >= room) return false;
  memcpy(out, text, strlen(text) + 1);
  return true;
}

static bool read_column(const json_t *json, struct column *column) {
  const char *kinds[COLUMN_KINDS];
  unsigned kind, side, table, statistic = 0;
  for (unsigned k = 0; k < COLUMN_KINDS; k++) kinds[k] = column_kind_name((enum column_kind)k);
  *column = (struct column){.may_miss = json_is_true(json_object_get(json, "may_miss"))};
  if (!read_text(json, "name", column->name, sizeof column->name) ||
      !find_word(json, "kind", kinds, COLUMN_KINDS, &kind) ||
      !find_word(json, "side", sides, sizeof sides / sizeof *sides, &side) ||
      !find_word(json, "table", tables, TABLES, &table)) {
    return false;
  }
  column->kind = (enum column_kind)kind;
  column->side = (enum column_side)side;
  column->table = (enum table)table;
  if (column->kind == COLUMN_MULTI_HOT) {
    return read_text(json, "separator", column->separator, sizeof column->separator);
  }
  if (column->kind != COLUMN_STATISTIC) return true;
  if (!find_word(json, "statistic", statistics, sizeof statistics / sizeof *statistics,
                 &statistic)) {
    return false;
  }
  column->statistic = (enum statistic)statistic;
  return true;
}

bool stored_schema_from_json(struct schema *schema, const json_t *json, const char *name,
                             struct error *error) {
  *schema = (struct schema){0};
  bool done = json_is_array(json);
  for (size_t i = 0; done && i < json_array_size(json); i++) {
    struct column column;
    struct error fault;
    done = read_column(json_array_get(json, i), &column) && schema_add(schema, &column, &fault);
  }
  if (done) return true;
  schema_clear(schema);
  return error_set(error, ERROR_DATA, "%s: not a sound model: its columns are not described", name);
}
