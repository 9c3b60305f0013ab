/* Codes and numbers of all rows. */
#include "data/features.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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

static const struct column *find_column(const char *name, enum column_kind kind,
                                        struct error *error) {
  const struct column *column = column_find(name);
  if (column == NULL) {
    const char *names[64];
    size_t count = 0;
    for (; count < column_count() && count < 64; count++) names[count] = column_at(count)->name;
    const char *nearest = text_nearest(name, names, count);
    error_set(error, ERROR_CONFIG, "there is no column '%s'", name);
    if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
    return NULL;
  }
  if (column->kind == kind) return column;
  error_set(error, ERROR_CONFIG, "column '%s' is a %s, and a %s is needed here", name,
            kind == COLUMN_NUMBER ? "category" : "number",
            kind == COLUMN_NUMBER ? "number" : "category");
  if (strcmp(name, "age") == 0) error_help(error, "the category of ages is 'age_group'");
  return NULL;
}

/* Mixed radix, first column most significant. */
static bool combine(const struct dataset *dataset, const struct cross *cross, uint64_t *combination,
                    uint64_t *possible, struct error *error) {
  *possible = 1;
  if (cross->arity == 0 || cross->arity > CROSS_ARITY_MAX) {
    return error_set(error, ERROR_CONFIG, "a cross has 1 to %d columns, not %zu", CROSS_ARITY_MAX,
                     cross->arity);
  }
  for (size_t i = 0; i < cross->arity; i++) {
    const struct column *column = find_column(cross->column[i], COLUMN_CATEGORY, error);
    if (column == NULL) return false;
    uint64_t cardinality = column->cardinality(dataset);
    if (__builtin_mul_overflow(*possible, cardinality, possible) ||
        *possible > (uint64_t)INT64_MAX) {
      return error_set(error, ERROR_CONFIG, "a cross with '%s' has more than 2^63 combinations",
                       cross->column[i]);
    }
    for (size_t row = 0; row < dataset->ratings; row++) {
      combination[row] = combination[row] * cardinality + column->code(dataset, row);
    }
  }
  return true;
}

/* For few possible combinations: one table of them. */
static bool code_by_table(const uint64_t *combination, size_t rows, uint64_t possible,
                          struct code_list *list, struct error *error) {
  uint32_t *code = memory_array((size_t)possible, sizeof *code, error);
  if (code == NULL) return false;
  for (size_t row = 0; row < rows; row++) code[combination[row]] = 1;
  for (size_t c = 0; c < possible; c++) list->codes += code[c];
  list->combination = memory_array(list->codes, sizeof *list->combination, error);
  bool done = list->combination != NULL;
  uint32_t next = 0;
  for (size_t c = 0; done && c < possible; c++) {
    if (code[c] == 0) continue;
    list->combination[next] = c;
    code[c] = next++;
  }
  for (size_t row = 0; done && row < rows; row++) list->rows[row] = code[combination[row]];
  free(code);
  return done;
}

static int ascending(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

static uint32_t place_of(const uint64_t *sorted, uint32_t count, uint64_t value) {
  uint32_t low = 0, high = count - 1;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (sorted[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* For many: the sorted list of those that occur. */
static bool code_by_sorting(const uint64_t *combination, size_t rows, struct code_list *list,
                            struct error *error) {
  uint64_t *sorted = memory_array(rows, sizeof *sorted, error);
  if (sorted == NULL) return false;
  memcpy(sorted, combination, rows * sizeof *sorted);
  qsort(sorted, rows, sizeof *sorted, ascending);
  uint32_t codes = 0;
  for (size_t i = 0; i < rows; i++) {
    if (codes == 0 || sorted[codes - 1] != sorted[i]) sorted[codes++] = sorted[i];
  }
  for (size_t row = 0; row < rows; row++) {
    list->rows[row] = place_of(sorted, codes, combination[row]);
  }
  list->codes = codes;
  list->combination = memory_grow(sorted, codes, sizeof *sorted, error);
  if (list->combination == NULL) free(sorted);
  return list->combination != NULL;
}

static bool fill_code_list(const struct dataset *dataset, struct code_list *list,
                           struct error *error) {
  size_t rows = dataset->ratings;
  uint64_t *combination = memory_array(rows, sizeof *combination, error);
  list->rows = memory_array(rows, sizeof *list->rows, error);
  uint64_t possible;
  bool done = combination != NULL && list->rows != NULL &&
              combine(dataset, &list->cross, combination, &possible, error);
  if (done && possible <= 4 * (uint64_t)rows + UINT16_MAX) {
    done = code_by_table(combination, rows, possible, list, error);
  } else if (done) {
    done = code_by_sorting(combination, rows, list, error);
  }
  free(combination);
  return done;
}

static bool add_cross(struct features *features, const struct cross *cross, struct error *error) {
  if (features_codes(features, cross) != NULL) return true;
  struct code_list *grown =
      memory_grow(features->code_list, features->code_lists + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  features->code_list = grown;
  struct code_list list = {.cross = *cross};
  if (!fill_code_list(features->dataset, &list, error)) {
    free(list.rows);
    free(list.combination);
    return false;
  }
  grown[features->code_lists++] = list;
  return true;
}

static bool add_number(struct features *features, const char *name, struct error *error) {
  if (features_numbers(features, name) != NULL) return true;
  const struct column *column = find_column(name, COLUMN_NUMBER, error);
  if (column == NULL) return false;
  struct number_list *grown =
      memory_grow(features->number_list, features->number_lists + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  features->number_list = grown;
  struct number_list list = {0};
  memcpy(list.column, column->name, strlen(column->name));
  list.rows = memory_array(features->dataset->ratings, sizeof *list.rows, error);
  if (list.rows == NULL) return false;
  for (size_t row = 0; row < features->dataset->ratings; row++) {
    list.rows[row] = column->number(features->dataset, row);
  }
  grown[features->number_lists++] = list;
  return true;
}

bool features_add(struct features *features, const struct encoding_spec *spec,
                  struct error *error) {
  for (size_t i = 0; i < spec->categories; i++) {
    if (!add_cross(features, &spec->category[i], error)) return false;
  }
  for (size_t i = 0; i < spec->crosses; i++) {
    if (!add_cross(features, &spec->cross[i], error)) return false;
  }
  for (size_t i = 0; i < spec->numbers; i++) {
    if (!add_number(features, spec->number[i], error)) return false;
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
