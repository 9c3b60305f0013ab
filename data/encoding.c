/* What one split fits, and rows ready for a model. */
#include <stdlib.h>

#include "base/memory.h"
#include "data/features.h"

/* The rows to fit on: `rows` NULL stands for 0, 1, ... count - 1. */
struct fitting_rows {
  const uint32_t *rows;
  size_t count;
};

static bool fit_dictionary(const struct code_list *list, struct fitting_rows fit,
                           struct dictionary *dictionary, struct error *error) {
  uint32_t *row_of_code = memory_array(list->codes, sizeof *row_of_code, error);
  if (row_of_code == NULL) return false;
  for (size_t i = 0; i < fit.count; i++) {
    row_of_code[list->rows[fit.rows != NULL ? fit.rows[i] : i]] = 1;
  }
  uint32_t seen = 0;
  for (uint32_t code = 0; code < list->codes; code++) seen += row_of_code[code];
  uint32_t next = 0;
  for (uint32_t code = 0; code < list->codes; code++) {
    row_of_code[code] = row_of_code[code] != 0 ? next++ : seen;
  }
  *dictionary = (struct dictionary){list, seen, row_of_code};
  return true;
}

static void fit_scaling(const struct number_list *list, struct fitting_rows fit,
                        struct scaling *scaling) {
  *scaling = (struct scaling){.list = list};
  for (size_t i = 0; i < fit.count; i++) {
    double number = list->rows[fit.rows != NULL ? fit.rows[i] : i];
    if (i == 0 || number < scaling->minimum) scaling->minimum = number;
    if (i == 0 || number > scaling->maximum) scaling->maximum = number;
  }
}

static bool fit_all_tables(const struct features *features, const struct encoding_spec *spec,
                           struct fitting_rows fit, struct encoding *encoding,
                           struct error *error) {
  for (size_t t = 0; t < spec->categories + spec->crosses; t++) {
    bool deep = t < spec->categories;
    const struct cross *cross = deep ? &spec->category[t] : &spec->cross[t - spec->categories];
    const struct code_list *list = features_codes(features, cross);
    if (list == NULL) return error_set(error, ERROR_SYSTEM, "the features lack a cross");
    if (!fit_dictionary(list, fit, &encoding->table[t], error)) return false;
    encoding->tables++;
  }
  return true;
}

bool encoding_fit(const struct features *features, const struct encoding_spec *spec,
                  const struct split *split, struct encoding *encoding, struct error *error) {
  *encoding = (struct encoding){.categories = spec->categories, .numbers = spec->numbers};
  struct fitting_rows fit = {NULL, features->dataset->ratings};
  if (!spec->fit_all) fit = (struct fitting_rows){split->rows, split->train};
  encoding->table = memory_array(spec->categories + spec->crosses, sizeof *encoding->table, error);
  encoding->scaling = memory_array(spec->numbers, sizeof *encoding->scaling, error);
  bool done = encoding->table != NULL && encoding->scaling != NULL &&
              fit_all_tables(features, spec, fit, encoding, error);
  for (size_t i = 0; done && i < spec->numbers; i++) {
    const struct number_list *list = features_numbers(features, spec->number[i]);
    if (list == NULL) {
      done = error_set(error, ERROR_SYSTEM, "the features lack '%s'", spec->number[i]);
    } else {
      fit_scaling(list, fit, &encoding->scaling[i]);
    }
  }
  if (!done) encoding_clear(encoding);
  return done;
}

void encoding_clear(struct encoding *encoding) {
  for (size_t t = 0; t < encoding->tables; t++) free(encoding->table[t].row_of_code);
  free(encoding->table);
  free(encoding->scaling);
  *encoding = (struct encoding){0};
}

/* The digits of the combination, most significant first. */
static void add_label(const struct cross *cross, uint64_t combination,
                      const struct dataset *dataset, struct text *text) {
  uint32_t code[CROSS_ARITY_MAX];
  for (size_t i = cross->arity; i-- > 0;) {
    uint64_t cardinality = column_find(cross->column[i])->cardinality(dataset);
    code[i] = (uint32_t)(combination % cardinality);
    combination /= cardinality;
  }
  for (size_t i = 0; i < cross->arity; i++) {
    if (i > 0) text_add(text, "_");
    column_find(cross->column[i])->label(dataset, code[i], text);
  }
}

void encoding_label(const struct encoding *encoding, const struct dataset *dataset, size_t table,
                    uint32_t table_row, struct text *text) {
  const struct dictionary *dictionary = &encoding->table[table];
  if (table_row >= dictionary->seen) {
    text_add(text, "unseen");
    return;
  }
  const struct code_list *list = dictionary->list;
  uint32_t code = table_row; /* rows are handed out in the order of codes */
  while (dictionary->row_of_code[code] != table_row) code++;
  add_label(&list->cross, list->combination[code], dataset, text);
}

static void apply_table(const struct dictionary *dictionary, const uint32_t *rows,
                        struct encoded_rows *encoded, size_t table) {
  const uint32_t *codes = dictionary->list->rows, *row_of_code = dictionary->row_of_code;
  uint32_t *out = encoded->codes + table;
  for (size_t r = 0; r < encoded->rows; r++) out[r * encoded->tables] = row_of_code[codes[rows[r]]];
}

static void apply_scaling(const struct scaling *scaling, const uint32_t *rows,
                          struct encoded_rows *encoded, size_t number) {
  double range = scaling->maximum - scaling->minimum;
  float *out = encoded->values + number;
  for (size_t r = 0; r < encoded->rows; r++) {
    double offset = scaling->list->rows[rows[r]] - scaling->minimum;
    out[r * encoded->numbers] = range > 0.0 ? (float)(offset / range) : 0.0f;
  }
}

bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, struct encoded_rows *encoded,
                    struct error *error) {
  *encoded = (struct encoded_rows){
      .rows = count, .tables = encoding->tables, .numbers = encoding->numbers};
  size_t codes, values;
  if (__builtin_mul_overflow(count, encoding->tables, &codes) ||
      __builtin_mul_overflow(count, encoding->numbers, &values)) {
    return error_set(error, ERROR_SYSTEM, "out of memory: %zu encoded rows", count);
  }
  encoded->codes = memory_array(codes, sizeof *encoded->codes, error);
  encoded->values = memory_array(values, sizeof *encoded->values, error);
  encoded->target = memory_array(count, sizeof *encoded->target, error);
  if (encoded->codes == NULL || encoded->values == NULL || encoded->target == NULL) {
    encoded_rows_clear(encoded);
    return false;
  }
  for (size_t t = 0; t < encoding->tables; t++) {
    apply_table(&encoding->table[t], rows, encoded, t);
  }
  for (size_t i = 0; i < encoding->numbers; i++) {
    apply_scaling(&encoding->scaling[i], rows, encoded, i);
  }
  for (size_t r = 0; r < count; r++) encoded->target[r] = dataset->row_rating[rows[r]];
  return true;
}

void encoded_rows_clear(struct encoded_rows *encoded) {
  free(encoded->codes);
  free(encoded->values);
  free(encoded->target);
  *encoded = (struct encoded_rows){0};
}
