#include "data/cross_codes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"

/* In a place to spare: greater than all combinations, which are below 2^63. */
#define NO_COMBINATION UINT64_MAX

/* The combinations of all rows of a table, row r's at [r * slots], ascending. */
struct combinations {
  enum table table;
  uint64_t *entry; /* [entries] */
  uint32_t *count; /* [rows] of each row */
  size_t rows, slots, entries;
  uint64_t possible;
};

/* The most codes that any place of its table has, with or without ratings. */
static size_t longest_of(const struct column *column) {
  return column->kind == COLUMN_MULTI_HOT ? column_longest(column) : 1;
}

/* The table that has all columns; else that of the ratings. */
static enum table table_of(const struct dataset *dataset, const struct cross *cross) {
  const enum table first = dataset_column(dataset, cross->column[0])->table;
  for (size_t i = 1; i < cross->arity; i++) {
    if (dataset_column(dataset, cross->column[i])->table != first) return TABLE_RATINGS;
  }
  return first;
}

static bool measure(const struct dataset *dataset, const struct cross *cross,
                    struct combinations *all, struct error *error) {
  all->table = table_of(dataset, cross);
  all->rows = dataset_places(dataset, all->table);
  all->possible = 1;
  all->slots = 1;
  for (size_t i = 0; i < cross->arity; i++) {
    const struct column *column = dataset_column(dataset, cross->column[i]);
    if (__builtin_mul_overflow(all->possible, column_cardinality(column, dataset),
                               &all->possible) ||
        all->possible > (uint64_t)INT64_MAX) {
      return error_set(error, ERROR_CONFIG, "a cross with '%s' has more than 2^63 combinations",
                       column->name);
    }
    all->slots *= longest_of(column);
    if (all->slots > CROSS_SLOTS_MAX) {
      return error_set(error, ERROR_CONFIG,
                       "a cross with '%s' has up to %zu combinations in one row, and at most %d "
                       "are allowed",
                       column->name, all->slots, CROSS_SLOTS_MAX);
    }
  }
  if (__builtin_mul_overflow(all->rows, all->slots, &all->entries) || all->entries >= UINT32_MAX) {
    return error_set(error, ERROR_CONFIG,
                     "a cross with '%s' has too many combinations: %zu on each of %zu rows",
                     cross->column[0], all->slots, all->rows);
  }
  return true;
}

/* From the last to the first, as they move to the right within `entry`. */
uint32_t cross_codes_widen(uint64_t *entry, uint32_t count, uint64_t cardinality,
                           const uint32_t *codes, size_t width) {
  for (size_t s = count; s-- > 0;) {
    uint64_t base = entry[s] * cardinality;
    for (size_t k = width; k-- > 0;) entry[s * width + k] = base + codes[k];
  }
  return count * (uint32_t)width;
}

/* The place in a column's own table. */
static uint32_t place_in(const struct dataset *dataset, const struct column *column,
                         const struct combinations *all, size_t row) {
  return all->table == TABLE_RATINGS ? dataset_place(dataset, column->table, row) : (uint32_t)row;
}

/* Places to spare hold anything until all columns are combined. */
static void combine_column(const struct dataset *dataset, const struct column *column,
                           struct combinations *all) {
  uint64_t cardinality = column_cardinality(column, dataset);
  for (size_t row = 0; row < all->rows; row++) {
    uint64_t *entry = all->entry + row * all->slots;
    if (column->kind == COLUMN_MULTI_HOT) {
      const uint32_t *codes;
      const uint32_t place = place_in(dataset, column, all, row);
      size_t width = column_codes(column, place, &codes);
      all->count[row] = cross_codes_widen(entry, all->count[row], cardinality, codes, width);
    } else {
      const uint64_t code = all->table == TABLE_RATINGS ? column_code(column, dataset, row)
                                                        : column_code_of(column, (uint32_t)row);
      for (size_t s = 0; s < all->slots; s++) entry[s] = entry[s] * cardinality + code;
    }
  }
}

/* Mixed radix, first column most significant. */
static bool combine(const struct dataset *dataset, const struct cross *cross,
                    struct combinations *all, struct error *error) {
  if (!measure(dataset, cross, all, error)) return false;
  all->entry = memory_array(all->entries, sizeof *all->entry, error);
  all->count = memory_array(all->rows, sizeof *all->count, error);
  if (all->entry == NULL || all->count == NULL) return false;
  for (size_t row = 0; row < all->rows; row++) all->count[row] = 1;
  for (size_t i = 0; i < cross->arity; i++) {
    combine_column(dataset, dataset_column(dataset, cross->column[i]), all);
  }
  for (size_t row = 0; row < all->rows; row++) {
    for (size_t s = all->count[row]; s < all->slots; s++) {
      all->entry[row * all->slots + s] = NO_COMBINATION;
    }
  }
  return true;
}

/* For few possible combinations: one table of them. */
static bool code_by_table(const struct combinations *all, struct code_list *list,
                          struct error *error) {
  uint32_t *code = memory_array((size_t)all->possible, sizeof *code, error);
  if (code == NULL) return false;
  for (size_t i = 0; i < all->entries; i++) {
    if (all->entry[i] != NO_COMBINATION) code[all->entry[i]] = 1;
  }
  for (size_t c = 0; c < all->possible; c++) list->codes += code[c];
  list->combination = memory_array(list->codes, sizeof *list->combination, error);
  bool done = list->combination != NULL;
  uint32_t next = 0;
  for (size_t c = 0; done && c < all->possible; c++) {
    if (code[c] == 0) continue;
    list->combination[next] = c;
    code[c] = next++;
  }
  for (size_t i = 0; done && i < all->entries; i++) {
    list->rows[i] = all->entry[i] != NO_COMBINATION ? code[all->entry[i]] : list->codes;
  }
  free(code);
  return done;
}

static int ascending(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

/* The first place whose value is not below `value`; `count` when there is none. */
static uint32_t place_of(const uint64_t *sorted, uint32_t count, uint64_t value) {
  uint32_t low = 0, high = count;
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
static bool code_by_sorting(const struct combinations *all, struct code_list *list,
                            struct error *error) {
  uint64_t *sorted = memory_array(all->entries, sizeof *sorted, error);
  if (sorted == NULL) return false;
  memcpy(sorted, all->entry, all->entries * sizeof *sorted);
  qsort(sorted, all->entries, sizeof *sorted, ascending);
  uint32_t codes = 0;
  for (size_t i = 0; i < all->entries && sorted[i] != NO_COMBINATION; i++) {
    if (codes == 0 || sorted[codes - 1] != sorted[i]) sorted[codes++] = sorted[i];
  }
  for (size_t i = 0; i < all->entries; i++) {
    list->rows[i] = place_of(sorted, codes, all->entry[i]);
  }
  list->codes = codes;
  list->combination = memory_grow(sorted, codes, sizeof *sorted, error);
  if (list->combination == NULL) free(sorted);
  return list->combination != NULL;
}

bool cross_codes_fill(const struct dataset *dataset, struct code_list *list, struct error *error) {
  struct combinations all = {0};
  bool done = combine(dataset, &list->cross, &all, error);
  if (done) {
    list->table = all.table;
    list->slots = (uint32_t)all.slots;
    list->rows = memory_array(all.entries, sizeof *list->rows, error);
    done = list->rows != NULL;
  }
  if (done && all.possible <= 4 * (uint64_t)all.entries + UINT16_MAX) {
    done = code_by_table(&all, list, error);
  } else if (done) {
    done = code_by_sorting(&all, list, error);
  }
  free(all.entry);
  free(all.count);
  return done;
}
