#include "data/encoding/stored_encoding.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/encoding/encoding_parts.h"

const struct vocabulary *stored_encoding_vocabulary(const struct stored_encoding *stored,
                                                    const char *column) {
  for (size_t i = 0; i < stored->vocabularies; i++) {
    if (strcmp(stored->vocabulary[i].column.name, column) == 0) return &stored->vocabulary[i];
  }
  return NULL;
}

bool stored_encoding_shape(const struct stored_encoding *stored, struct encoding *encoding,
                           struct error *error) {
  *encoding = (struct encoding){.fields = stored->fields,
                                .numbers = stored->numbers,
                                .scale = stored->scale,
                                .levels = stored->levels};
  encoding->table = memory_array(stored->tables, sizeof *encoding->table, error);
  encoding->bag = memory_array(stored->tables, sizeof *encoding->bag, error);
  encoding->scaling = memory_array(stored->scalings, sizeof *encoding->scaling, error);
  if (encoding->table == NULL || encoding->bag == NULL || encoding->scaling == NULL) return false;
  for (; encoding->tables < stored->tables; encoding->tables++) {
    const struct stored_table *table = &stored->table[encoding->tables];
    encoding->table[encoding->tables] =
        (struct dictionary){.cross = table->cross,
                            .side = table->vocabulary[0]->column.side,
                            .hashed = table->hashed,
                            .seen = table->seen};
  }
  for (; encoding->scalings < stored->scalings; encoding->scalings++) {
    encoding->scaling[encoding->scalings] = stored->scaling[encoding->scalings];
  }
  return true;
}

uint32_t stored_table_search(const struct stored_table *table, uint64_t combination) {
  if (table->hashed) return dictionary_bucket(combination, table->seen);
  uint32_t low = 0, high = table->seen;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (table->combination[middle] < combination)
      low = middle + 1;
    else
      high = middle;
  }
  return low < table->seen && table->combination[low] == combination ? low : table->seen;
}

/* --- the words --- */

static bool read_vocabulary(struct stored_encoding *stored, const json_t *columns, const char *name,
                            const char *file, struct error *error) {
  if (stored_encoding_vocabulary(stored, name) != NULL) return true;
  struct vocabulary *vocabulary = &stored->vocabulary[stored->vocabularies];
  const struct column *column = schema_find(stored->schema, name);
  if (column == NULL || !column_has_embedding(column)) {
    return error_set(error, ERROR_DATA, "%s: there is no category '%s'", file, name);
  }
  if (!vocabulary_read(vocabulary, column, json_object_get(columns, name), file, error)) {
    return false;
  }
  stored->vocabularies++;
  return true;
}

/* All of them first: tables point at them. */
static bool read_vocabularies(struct stored_encoding *stored, const json_t *columns,
                              const struct encoding_spec *spec, const char *file,
                              struct error *error) {
  stored->vocabulary = memory_array(stored->schema->columns, sizeof *stored->vocabulary, error);
  bool done = stored->vocabulary != NULL;
  for (size_t i = 0; done && i < spec->fields; i++) {
    done = read_vocabulary(stored, columns, spec->field[i].column, file, error);
  }
  for (size_t i = 0; done && i < spec->crosses; i++) {
    for (size_t k = 0; done && k < spec->cross[i].arity; k++) {
      done = read_vocabulary(stored, columns, spec->cross[i].column[k], file, error);
    }
  }
  return done;
}

/* --- the tables --- */

static bool table_fault(const struct stored_table *table, const char *file, const char *what,
                        struct error *error) {
  return error_set(error, ERROR_DATA, "%s: the dictionary of '%s%s' %s", file,
                   table->cross.column[0], table->cross.arity > 1 ? "*..." : "", what);
}

static bool check_columns(const struct stored_table *table, const json_t *columns) {
  bool same = json_array_size(columns) == table->cross.arity;
  for (size_t k = 0; same && k < table->cross.arity; k++) {
    const char *name = json_string_value(json_array_get(columns, k));
    same = name != NULL && strcmp(name, table->cross.column[k]) == 0;
  }
  return same;
}

/* One combination from its codes; false when one is no code of its column. */
static bool combine(const struct stored_table *table, const json_t *rows, size_t row,
                    uint64_t *combination) {
  *combination = 0;
  for (size_t k = 0; k < table->cross.arity; k++) {
    const json_t *code = json_array_get(rows, row * table->cross.arity + k);
    const json_int_t value = json_integer_value(code);
    const uint32_t words = table->vocabulary[k]->words;
    if (!json_is_integer(code) || value < 0 || value >= (json_int_t)words) return false;
    table->vocabulary[k]->known[value] = true;
    *combination = *combination * words + (uint64_t)value;
  }
  return true;
}

static bool read_rows(struct stored_table *table, const json_t *rows, const char *file,
                      struct error *error) {
  const size_t count = json_array_size(rows);
  if (!json_is_array(rows) || count % table->cross.arity != 0 || count >= UINT32_MAX / 4) {
    return table_fault(table, file, "has no rows", error);
  }
  table->seen = (uint32_t)(count / table->cross.arity);
  table->combination = memory_array(table->seen, sizeof *table->combination, error);
  if (table->combination == NULL) return false;
  for (uint32_t r = 0; r < table->seen; r++) {
    if (!combine(table, rows, r, &table->combination[r])) {
      return table_fault(table, file, "has a code that its column has not", error);
    }
    if (r > 0 && table->combination[r] <= table->combination[r - 1]) {
      return table_fault(table, file, "is out of order", error);
    }
  }
  return true;
}

static bool read_buckets(struct stored_table *table, const json_t *buckets, const char *file,
                         struct error *error) {
  const json_int_t value = json_integer_value(buckets);
  if (value < 1 || value >= UINT32_MAX / 4) {
    return table_fault(table, file, "has a wrong number of buckets", error);
  }
  table->hashed = true;
  table->seen = (uint32_t)value;
  for (size_t k = 0; k < table->cross.arity; k++) {
    const struct vocabulary *vocabulary = table->vocabulary[k];
    memset(vocabulary->known, true, vocabulary->words * sizeof *vocabulary->known);
  }
  return true;
}

/* A direct way from combination to row, where it is not much larger than what
 * it holds. */
static bool index_rows(struct stored_table *table, struct error *error) {
  if (table->hashed || table->possible > 4 * (uint64_t)table->seen + UINT16_MAX) return true;
  table->row_of = memory_array((size_t)table->possible, sizeof *table->row_of, error);
  if (table->row_of == NULL) return false;
  for (uint64_t c = 0; c < table->possible; c++) table->row_of[c] = table->seen;
  for (uint32_t r = 0; r < table->seen; r++) table->row_of[table->combination[r]] = r;
  return true;
}

static bool read_table(struct stored_encoding *stored, const struct cross *cross,
                       const json_t *json, const char *file, struct error *error) {
  struct stored_table *table = &stored->table[stored->tables++];
  table->cross = *cross;
  table->possible = 1;
  for (size_t k = 0; k < cross->arity; k++) {
    table->vocabulary[k] = stored_encoding_vocabulary(stored, cross->column[k]);
    if (__builtin_mul_overflow(table->possible, table->vocabulary[k]->words, &table->possible) ||
        table->possible > (uint64_t)INT64_MAX) {
      return table_fault(table, file, "has too many combinations", error);
    }
  }
  if (!check_columns(table, json_object_get(json, "columns"))) {
    return table_fault(table, file, "is not where the config has it", error);
  }
  const json_t *buckets = json_object_get(json, "buckets");
  if (buckets == NULL ? !read_rows(table, json_object_get(json, "rows"), file, error)
                      : !read_buckets(table, buckets, file, error)) {
    return false;
  }
  return index_rows(table, error);
}

static bool read_tables(struct stored_encoding *stored, const json_t *tables,
                        const struct encoding_spec *spec, const char *file, struct error *error) {
  const size_t count = spec->fields + spec->crosses;
  if (!json_is_array(tables) || json_array_size(tables) != count) {
    return error_set(error, ERROR_DATA, "%s: expected %zu dictionaries, found %zu", file, count,
                     json_array_size(tables));
  }
  stored->fields = spec->fields;
  stored->table = memory_array(count, sizeof *stored->table, error);
  bool done = stored->table != NULL;
  for (size_t i = 0; done && i < count; i++) {
    struct cross cross = {.arity = 1};
    if (i < spec->fields) {
      memcpy(cross.column[0], spec->field[i].column, COLUMN_NAME);
    } else {
      cross = spec->cross[i - spec->fields];
    }
    done = read_table(stored, &cross, json_array_get(tables, i), file, error);
  }
  return done;
}

/* --- the numbers --- */

static bool read_scaling(struct stored_encoding *stored, const struct number_spec *spec,
                         const json_t *json, const char *file, struct error *error) {
  const struct column *column = schema_find(stored->schema, spec->column);
  struct scaling *scaling = &stored->scaling[stored->scalings++];
  const char *name = json_string_value(json_object_get(json, "column"));
  const char *scale = json_string_value(json_object_get(json, "scale"));
  const char *expected = spec->scale == SCALE_STANDARD ? "standard" : "minmax";
  if (column == NULL || name == NULL || scale == NULL || strcmp(name, spec->column) != 0 ||
      strcmp(scale, expected) != 0) {
    return error_set(error, ERROR_DATA, "%s: the scaling of '%s' is not where the config has it",
                     file, spec->column);
  }
  *scaling = (struct scaling){
      .scale = spec->scale, .at = stored->numbers, .width = column->may_miss ? 2 : 1};
  memcpy(scaling->column, column->name, strlen(column->name));
  stored->numbers += scaling->width;
  const struct {
    const char *name;
    double *value;
  } constants[] = {{"minimum", &scaling->minimum},
                   {"maximum", &scaling->maximum},
                   {"mean", &scaling->mean},
                   {"deviation", &scaling->deviation},
                   {"fallback", &scaling->fallback}};
  for (size_t i = 0; i < sizeof constants / sizeof *constants; i++) {
    const json_t *value = json_object_get(json, constants[i].name);
    if (!json_is_number(value)) {
      return error_set(error, ERROR_DATA, "%s: the scaling of '%s' has no %s", file, spec->column,
                       constants[i].name);
    }
    *constants[i].value = json_number_value(value);
  }
  return true;
}

static bool read_scalings(struct stored_encoding *stored, const json_t *numbers,
                          const struct encoding_spec *spec, const char *file, struct error *error) {
  if (!json_is_array(numbers) || json_array_size(numbers) != spec->numbers) {
    return error_set(error, ERROR_DATA, "%s: expected %zu scalings, found %zu", file, spec->numbers,
                     json_array_size(numbers));
  }
  stored->scaling = memory_array(spec->numbers, sizeof *stored->scaling, error);
  bool done = stored->scaling != NULL;
  for (size_t i = 0; done && i < spec->numbers; i++) {
    done = read_scaling(stored, &spec->number[i], json_array_get(numbers, i), file, error);
  }
  return done;
}

static bool read_scale(struct stored_encoding *stored, const json_t *json, const char *file,
                       struct error *error) {
  double least = 1.0, most = 5.0;
  if (json != NULL) {
    const json_t *low = json_array_get(json, 0), *high = json_array_get(json, 1);
    least = json_number_value(low);
    most = json_number_value(high);
    if (!json_is_number(low) || !json_is_number(high) || least > most) {
      return error_set(error, ERROR_DATA, "%s: not a sound model: the scale of the ratings", file);
    }
  }
  stored->scale = (struct rating_scale){(float)least, (float)most};
  return true;
}

static bool read_levels(struct stored_encoding *stored, const json_t *json,
                        const struct encoding_spec *spec, const char *file, struct error *error) {
  return !spec->rating_levels || rating_levels_from_json(&stored->levels, json) ||
         error_set(error, ERROR_DATA, "%s: not a sound model: the levels of the ratings", file);
}

bool stored_encoding_from_json(struct stored_encoding *stored, const json_t *json,
                               const struct schema *schema, const struct encoding_spec *spec,
                               const char *name, struct error *error) {
  *stored = (struct stored_encoding){.schema = schema};
  bool done = read_scale(stored, json_object_get(json, "scale"), name, error) &&
              read_levels(stored, json_object_get(json, "levels"), spec, name, error) &&
              read_vocabularies(stored, json_object_get(json, "columns"), spec, name, error) &&
              read_tables(stored, json_object_get(json, "tables"), spec, name, error) &&
              read_scalings(stored, json_object_get(json, "numbers"), spec, name, error);
  if (!done) stored_encoding_clear(stored);
  return done;
}

void stored_encoding_clear(struct stored_encoding *stored) {
  for (size_t i = 0; i < stored->vocabularies; i++) vocabulary_clear(&stored->vocabulary[i]);
  for (size_t t = 0; t < stored->tables; t++) {
    free(stored->table[t].combination);
    free(stored->table[t].row_of);
  }
  free(stored->vocabulary);
  free(stored->table);
  free(stored->scaling);
  *stored = (struct stored_encoding){0};
}
