/* What a model reads, as its file keeps it. */
#include "data/encoding/stored_encoding.h"

#include "data/column_values.h"

/* The codes of a combination, most significant first. */
static bool add_codes(const struct cross *cross, const struct dataset *dataset,
                      uint64_t combination, json_t *rows) {
  uint64_t code[CROSS_ARITY_MAX];
  for (size_t k = cross->arity; k-- > 0;) {
    const uint64_t cardinality =
        column_cardinality(dataset_column(dataset, cross->column[k]), dataset);
    code[k] = combination % cardinality;
    combination /= cardinality;
  }
  for (size_t k = 0; k < cross->arity; k++) {
    if (json_array_append_new(rows, json_integer((json_int_t)code[k])) != 0) return false;
  }
  return true;
}

/* In the order of the table's rows, which is that of the codes. */
static bool add_rows(const struct dictionary *dictionary, const struct dataset *dataset,
                     json_t *rows) {
  const struct code_list *list = dictionary->list; /* a history's codes are its combinations */
  uint32_t next = 0;
  for (uint32_t code = 0; next < dictionary->seen; code++) {
    if (dictionary->row_of_code[code] != next) continue;
    const uint64_t combination = list != NULL ? list->combination[code] : code;
    if (!add_codes(&dictionary->cross, dataset, combination, rows)) return false;
    next++;
  }
  return true;
}

static bool add_table(const struct dictionary *dictionary, const struct dataset *dataset,
                      json_t *columns, json_t *tables) {
  json_t *names = json_array(), *table = json_object();
  bool done = json_array_append_new(tables, table) == 0 &&
              json_object_set_new(table, "columns", names) == 0;
  for (size_t k = 0; done && k < dictionary->cross.arity; k++) {
    const struct column *column = dataset_column(dataset, dictionary->cross.column[k]);
    done = json_array_append_new(names, json_string(column->name)) == 0;
    if (json_object_get(columns, column->name) != NULL) continue;
    done =
        done && json_object_set_new(columns, column->name, vocabulary_json(column, dataset)) == 0;
  }
  if (!done) return false;
  if (dictionary->hashed) {
    return json_object_set_new(table, "buckets", json_integer(dictionary->seen)) == 0;
  }
  json_t *rows = json_array();
  return json_object_set_new(table, "rows", rows) == 0 && add_rows(dictionary, dataset, rows);
}

static json_t *scaling_json(const struct scaling *scaling) {
  return json_pack("{s:s, s:s, s:f, s:f, s:f, s:f, s:f, s:b}", "column", scaling->column, "scale",
                   scaling->scale == SCALE_STANDARD ? "standard" : "minmax", "minimum",
                   scaling->minimum, "maximum", scaling->maximum, "mean", scaling->mean,
                   "deviation", scaling->deviation, "fallback", scaling->fallback, "indicator",
                   scaling->width == 2);
}

json_t *stored_encoding_json(const struct encoding *encoding, const struct dataset *dataset) {
  json_t *columns = json_object(), *tables = json_array(), *numbers = json_array();
  json_t *json =
      json_pack("{s:o, s:o, s:o, s:[f, f]}", "columns", columns, "tables", tables, "numbers",
                numbers, "scale", (double)encoding->scale.least, (double)encoding->scale.most);
  bool done = json != NULL;
  for (size_t t = 0; done && t < encoding->tables; t++) {
    done = add_table(&encoding->table[t], dataset, columns, tables);
  }
  for (size_t i = 0; done && i < encoding->scalings; i++) {
    done = json_array_append_new(numbers, scaling_json(&encoding->scaling[i])) == 0;
  }
  if (done && encoding->levels.count > 0) {
    done = json_object_set_new(json, "levels", rating_levels_json(&encoding->levels)) == 0;
  }
  if (done) return json;
  json_decref(json);
  return NULL;
}
