/* Bags: lists of table rows, one an owner. */
#include <stdlib.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "data/encoding/encoding_parts.h"

static bool lists_new(const struct dataset *dataset, enum table table, struct bag_lists *lists,
                      struct error *error) {
  *lists = (struct bag_lists){.table = table, .owners = dataset_places(dataset, table)};
  lists->offset = memory_array(lists->owners + 1, sizeof *lists->offset, error);
  return lists->offset != NULL;
}

/* From offset[o + 1] = the length of o's list to where it ends. */
static bool lists_lay_out(struct bag_lists *lists, struct error *error) {
  for (size_t owner = 0; owner < lists->owners; owner++) {
    uint32_t length = lists->offset[owner + 1];
    if (length > lists->longest) lists->longest = length;
    if (__builtin_add_overflow(length, lists->offset[owner], &lists->offset[owner + 1])) {
      return error_set(error, ERROR_SYSTEM, "too many values of one column");
    }
  }
  lists->entry = memory_array(lists->offset[lists->owners], sizeof *lists->entry, error);
  return lists->entry != NULL;
}

/* row_of[c]: the table row of code c of the column; the list counts only the
 * codes that occur. */
static uint32_t *rows_of_codes(uint32_t cardinality, const struct dictionary *dictionary,
                               struct error *error) {
  uint32_t *row_of = memory_array(cardinality, sizeof *row_of, error);
  if (row_of == NULL) return NULL;
  for (uint32_t code = 0; code < cardinality; code++) row_of[code] = dictionary->seen;
  for (uint32_t i = 0; i < dictionary->list->codes; i++) {
    row_of[dictionary->list->combination[i]] = dictionary->row_of_code[i];
  }
  return row_of;
}

/* The owner's table rows, into `rows` unless that is NULL; returns how many. */
static uint32_t collect(const struct column *column, uint32_t owner, const uint32_t *row_of,
                        uint32_t seen, uint32_t *rows) {
  const uint32_t *codes;
  const size_t width = column_codes(column, owner, &codes);
  uint32_t count = 0;
  for (size_t k = 0; k < width; k++) {
    if (row_of[codes[k]] == seen) continue;
    if (rows != NULL) rows[count] = row_of[codes[k]];
    count++;
  }
  return count;
}

bool bags_of_codes(const struct dataset *dataset, const struct column *column,
                   const struct dictionary *dictionary, struct bag_lists *lists,
                   struct error *error) {
  if (!lists_new(dataset, column->table, lists, error)) return false;
  uint32_t *row_of = rows_of_codes(column_cardinality(column, dataset), dictionary, error);
  if (row_of == NULL) return false;
  for (uint32_t owner = 0; owner < lists->owners; owner++) {
    lists->offset[owner + 1] = collect(column, owner, row_of, dictionary->seen, NULL);
  }
  bool done = lists_lay_out(lists, error);
  for (uint32_t owner = 0; done && owner < lists->owners; owner++) {
    (void)collect(column, owner, row_of, dictionary->seen, lists->entry + lists->offset[owner]);
  }
  free(row_of);
  return done;
}

bool bags_of_history(const struct dataset *dataset, const struct column *column,
                     const struct dictionary *dictionary, struct dataset_rows training,
                     struct bag_lists *lists, struct error *error) {
  if (!lists_new(dataset, column->table, lists, error)) return false;
  for (size_t i = 0; i < training.count; i++) {
    lists->offset[dataset_owner(dataset, column->side, dataset_row(training, i)) + 1]++;
  }
  if (!lists_lay_out(lists, error)) return false;
  uint32_t *next = memory_array(lists->owners, sizeof *next, error);
  if (next == NULL) return false;
  for (size_t i = 0; i < training.count; i++) {
    size_t row = dataset_row(training, i);
    uint32_t owner = dataset_owner(dataset, column->side, row);
    uint32_t entry = dictionary->row_of_code[column_code(column, dataset, row)];
    lists->entry[lists->offset[owner] + next[owner]++] = entry;
  }
  free(next);
  return true;
}

void bags_clear(struct bag_lists *lists) {
  free(lists->offset);
  free(lists->entry);
  *lists = (struct bag_lists){0};
}
