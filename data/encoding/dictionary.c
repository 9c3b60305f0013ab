/* From codes to table rows. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "data/encoding/encoding_parts.h"

/* Turns the marks of codes (1: seen) into table rows, ascending; returns how
 * many there are. */
static uint32_t number_rows(uint32_t *row_of_code, uint32_t codes) {
  uint32_t seen = 0, next = 0;
  for (uint32_t code = 0; code < codes; code++) seen += row_of_code[code];
  for (uint32_t code = 0; code < codes; code++) {
    row_of_code[code] = row_of_code[code] != 0 ? next++ : seen;
  }
  row_of_code[codes] = seen;
  return seen;
}

/* A finaliser in the family of MurmurHash3's ("Mix13" of Stafford, as in
 * Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
 * OOPSLA'14, figure 17): every bit of the combination reaches every bit. */
static uint64_t mix(uint64_t value) {
  value += UINT64_C(0x9E3779B97F4A7C15);
  value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
  return value ^ value >> 31;
}

uint32_t dictionary_bucket(uint64_t combination, uint32_t buckets) {
  return (uint32_t)(mix(combination) % buckets);
}

static void hash_rows(const struct code_list *list, uint32_t buckets,
                      struct dictionary *dictionary) {
  for (uint32_t code = 0; code < list->codes; code++) {
    dictionary->row_of_code[code] = dictionary_bucket(list->combination[code], buckets);
  }
  dictionary->row_of_code[list->codes] = buckets;
  dictionary->hashed = true;
  dictionary->seen = buckets;
}

bool dictionary_fit(const struct code_list *list, const struct dataset *dataset,
                    struct dataset_rows fit, uint32_t buckets, struct dictionary *dictionary,
                    struct error *error) {
  *dictionary = (struct dictionary){.cross = list->cross, .list = list, .slots = list->slots};
  uint32_t *row_of_code = memory_array((size_t)list->codes + 1, sizeof *row_of_code, error);
  if (row_of_code == NULL) return false;
  dictionary->row_of_code = row_of_code;
  size_t slots = list->slots;
  for (size_t i = 0; i < fit.count; i++) {
    const size_t place = dataset_place(dataset, list->table, dataset_row(fit, i));
    const uint32_t *codes = list->rows + place * slots;
    for (size_t s = 0; s < slots; s++) row_of_code[codes[s]] = 1;
  }
  dictionary->seen = number_rows(row_of_code, list->codes);
  if (buckets > 0 && dictionary->seen > buckets) hash_rows(list, buckets, dictionary);
  return true;
}

bool dictionary_fit_history(const struct dataset *dataset, const struct column *column,
                            struct dataset_rows training, struct dictionary *dictionary,
                            struct error *error) {
  *dictionary = (struct dictionary){.cross = {.arity = 1}};
  memcpy(dictionary->cross.column[0], column->name, strlen(column->name));
  uint32_t codes = column_cardinality(column, dataset);
  dictionary->row_of_code = memory_array((size_t)codes + 1, sizeof(uint32_t), error);
  if (dictionary->row_of_code == NULL) return false;
  for (size_t i = 0; i < training.count; i++) {
    dictionary->row_of_code[column_code(column, dataset, dataset_row(training, i))] = 1;
  }
  dictionary->seen = number_rows(dictionary->row_of_code, codes);
  return true;
}

/* The digits of the combination, most significant first. */
static void add_label(const struct cross *cross, uint64_t combination,
                      const struct dataset *dataset, struct text *text) {
  uint32_t code[CROSS_ARITY_MAX];
  for (size_t i = cross->arity; i-- > 0;) {
    uint64_t cardinality = column_cardinality(dataset_column(dataset, cross->column[i]), dataset);
    code[i] = (uint32_t)(combination % cardinality);
    combination /= cardinality;
  }
  for (size_t i = 0; i < cross->arity; i++) {
    if (i > 0) text_add(text, "_");
    column_label(dataset_column(dataset, cross->column[i]), dataset, code[i], text);
  }
}

void encoding_label(const struct encoding *encoding, const struct dataset *dataset, size_t table,
                    uint32_t table_row, struct text *text) {
  const struct dictionary *dictionary = &encoding->table[table];
  if (table_row >= dictionary->seen) {
    text_add(text, "unseen");
    return;
  }
  if (dictionary->hashed) {
    text_add(text, "bucket %u", table_row);
    return;
  }
  uint32_t code = table_row; /* rows are handed out in the order of codes */
  while (dictionary->row_of_code[code] != table_row) code++;
  const struct code_list *list = dictionary->list; /* a history's codes are its combinations */
  add_label(&dictionary->cross, list != NULL ? list->combination[code] : code, dataset, text);
}
