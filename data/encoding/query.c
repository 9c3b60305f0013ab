#include "data/encoding/query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/encoding/encoding_parts.h"

enum {
  SLOTS_MAX = 1 << 13, /* combinations that one row may have in one table */
  SET_MAX = 1024       /* codes that it may have of one column; further ones are left out */
};

/* --- what is read --- */

static bool add_input(struct query *query, const struct column *column,
                      const struct vocabulary *vocabulary, const struct scaling *scaling,
                      struct error *error) {
  struct query_input *input = &query->input[query->inputs++];
  *input = (struct query_input){.column = column, .vocabulary = vocabulary, .scaling = scaling};
  if (column->kind == COLUMN_CATEGORY) {
    input->code = memory_array(query->most, sizeof *input->code, error);
  } else if (column->kind == COLUMN_MULTI_HOT) {
    const uint32_t words = input->vocabulary->words;
    input->set_room = words < SET_MAX ? words : SET_MAX;
    input->set = memory_array(query->most * input->set_room, sizeof *input->set, error);
    input->set_size = memory_array(query->most, sizeof *input->set_size, error);
    if (input->set_size == NULL) return false;
  } else {
    input->number.rows = memory_array(query->most, sizeof *input->number.rows, error);
  }
  return input->code != NULL || input->set != NULL || input->number.rows != NULL;
}

static const struct scaling *scaling_of(const struct stored_encoding *stored, const char *column) {
  for (size_t i = 0; i < stored->scalings; i++) {
    if (strcmp(stored->scaling[i].column, column) == 0) return &stored->scaling[i];
  }
  return NULL;
}

static bool find_inputs(struct query *query, struct error *error) {
  for (size_t c = 0; c < query->stored->schema->columns; c++) {
    const struct column *column = &query->stored->schema->column[c];
    const struct vocabulary *vocabulary = stored_encoding_vocabulary(query->stored, column->name);
    const struct scaling *scaling = scaling_of(query->stored, column->name);
    if (vocabulary == NULL && scaling == NULL) continue;
    if (column->kind == COLUMN_HISTORY) {
      error_set(error, ERROR_USAGE, "the model reads '%s', which only a data set has",
                column->name);
      return error_help(error, "give --data DIR");
    }
    if (!add_input(query, column, vocabulary, scaling, error)) return false;
  }
  return true;
}

size_t query_find(const struct query *query, const char *name) {
  for (size_t i = 0; i < query->inputs; i++) {
    if (strcmp(query->input[i].column->name, name) == 0) return i;
  }
  return QUERY_INPUTS_MAX;
}

void query_list(const struct query *query, const bool *given, struct text *text) {
  size_t left = 0;
  for (size_t i = 0; i < query->inputs; i++) left += given == NULL || !given[i];
  for (size_t i = 0, shown = 0; i < query->inputs; i++) {
    if (given != NULL && given[i]) continue;
    text_add(text, "%s%s",
             shown == 0          ? ""
             : shown + 1 == left ? " and "
                                 : ", ",
             query->input[i].column->name);
    shown++;
  }
}

/* --- shapes --- */

static bool has_sets(const struct stored_table *table) {
  for (size_t k = 0; k < table->cross.arity; k++) {
    if (table->vocabulary[k]->column.kind == COLUMN_MULTI_HOT) return true;
  }
  return false;
}

/* How many combinations a row may have: words of the multi-hot columns. */
static uint64_t slots_of(const struct stored_table *table) {
  uint64_t slots = 1;
  for (size_t k = 0; k < table->cross.arity && slots <= SLOTS_MAX; k++) {
    const struct vocabulary *vocabulary = table->vocabulary[k];
    if (vocabulary->column.kind == COLUMN_MULTI_HOT) slots *= vocabulary->words;
  }
  return slots;
}

static bool is_bag(const struct query *query, size_t t) {
  return t < query->stored->fields &&
         query->stored->table[t].vocabulary[0]->column.kind == COLUMN_MULTI_HOT;
}

/* Each row owns a list of at most all words. */
static bool add_bag(struct query *query, const struct vocabulary *vocabulary,
                    struct dictionary *dictionary, struct error *error) {
  struct encoding *encoding = &query->encoding;
  struct bag_lists *lists = &encoding->bag[encoding->bags];
  dictionary->bag = (uint32_t)encoding->bags++;
  *lists = (struct bag_lists){
      .table = TABLE_RATINGS, .owners = query->most, .longest = vocabulary->words};
  lists->offset = memory_array(query->most + 1, sizeof *lists->offset, error);
  if (lists->longest > SET_MAX) lists->longest = SET_MAX;
  lists->entry = memory_array(query->most * lists->longest, sizeof *lists->entry, error);
  return lists->offset != NULL && lists->entry != NULL;
}

/* The codes of its list are table rows. */
static bool add_list(struct query *query, size_t t, struct dictionary *dictionary,
                     struct error *error) {
  const uint64_t slots = slots_of(&query->stored->table[t]);
  if (slots > SLOTS_MAX) {
    error_set(error, ERROR_USAGE, "a cross with '%s' has too many combinations a row for this",
              dictionary->cross.column[0]);
    return error_help(error, "give --data DIR");
  }
  dictionary->list = &query->list[t];
  dictionary->slots = (uint32_t)slots;
  query->encoding.slots += dictionary->slots;
  query->list[t].rows = memory_array(query->most * slots, sizeof(uint32_t), error);
  return query->list[t].rows != NULL;
}

static bool shape(struct query *query, struct error *error) {
  const struct stored_encoding *stored = query->stored;
  struct encoding *encoding = &query->encoding;
  query->list = memory_array(stored->tables, sizeof *query->list, error);
  query->unknown_crosses = memory_array(stored->tables, sizeof *query->unknown_crosses, error);
  bool done = query->list != NULL && query->unknown_crosses != NULL &&
              stored_encoding_shape(stored, encoding, error);
  for (size_t t = 0; done && t < stored->tables; t++) {
    struct dictionary *dictionary = &encoding->table[t];
    dictionary->slot = (uint32_t)encoding->slots;
    done = is_bag(query, t) ? add_bag(query, stored->table[t].vocabulary[0], dictionary, error)
                            : add_list(query, t, dictionary, error);
  }
  for (size_t i = 0; done && i < stored->scalings; i++) {
    struct scaling *scaling = &encoding->scaling[i];
    scaling->list = &query->input[query_find(query, scaling->column)].number;
  }
  return done;
}

bool query_init(struct query *query, const struct stored_encoding *stored, size_t most,
                struct error *error) {
  *query = (struct query){.stored = stored, .most = most};
  bool done = find_inputs(query, error) && shape(query, error) &&
              encoded_rows_init(&query->rows, &query->encoding, most, error);
  if (!done) query_clear(query);
  return done;
}

void query_clear(struct query *query) {
  for (size_t i = 0; i < query->inputs; i++) {
    free(query->input[i].code);
    free(query->input[i].set);
    free(query->input[i].set_size);
    free(query->input[i].number.rows);
  }
  encoded_rows_clear(&query->rows);
  for (size_t t = 0; t < query->encoding.tables; t++) free(query->list[t].rows);
  free(query->list);
  encoding_clear(&query->encoding);
  free(query->unknown_crosses);
  *query = (struct query){0};
}

/* --- values --- */

/* Into its place, as codes ascend; false: there is no room. */
static bool add_code(struct query_input *input, size_t row, uint32_t code) {
  uint32_t *set = input->set + row * input->set_room, *size = &input->set_size[row];
  size_t at = *size;
  while (at > 0 && set[at - 1] > code) at--;
  if (at > 0 && set[at - 1] == code) return true;
  if (*size == input->set_room) return false;
  memmove(set + at + 1, set + at, (*size - at) * sizeof *set);
  set[at] = code;
  (*size)++;
  return true;
}

static const char *find_separator(const char *at, const char *end, const char *separator) {
  const size_t length = strlen(separator);
  for (; at + length <= end; at++) {
    if (memcmp(at, separator, length) == 0) return at;
  }
  return NULL;
}

static enum query_answer set_codes(struct query_input *input, size_t row, const char *value,
                                   size_t length) {
  const char *end = value + length, *separator = input->column->separator;
  enum query_answer answer = QUERY_KNOWN;
  input->set_size[row] = 0;
  for (const char *at = value; at < end;) {
    const char *bar = find_separator(at, end, separator);
    const char *stop = bar != NULL ? bar : end;
    const uint32_t code = vocabulary_find(input->vocabulary, at, (size_t)(stop - at));
    const bool taken = code != VOCABULARY_NONE && add_code(input, row, code);
    if (!taken || !input->vocabulary->known[code]) answer = QUERY_UNSEEN;
    at = bar != NULL ? bar + strlen(separator) : end;
  }
  return answer;
}

/* Whole numbers of up to nine digits, the usual case, without strtod. */
static bool small_number(const char *value, size_t length, double *number) {
  if (length == 0 || length > 9 || (value[0] == '0' && length > 1)) return false;
  uint32_t sum = 0;
  for (size_t i = 0; i < length; i++) {
    const unsigned digit = (unsigned)(unsigned char)value[i] - '0';
    if (digit > 9) return false;
    sum = sum * 10 + digit;
  }
  *number = sum;
  return true;
}

static enum query_answer set_number(struct query_input *input, size_t row, const char *value,
                                    size_t length) {
  double *number = &input->number.rows[row];
  if (length == 0 && input->column->may_miss) {
    *number = NAN;
    return QUERY_KNOWN;
  }
  if (!small_number(value, length, number) && !text_double(value, value + length, number)) {
    return QUERY_NO_NUMBER;
  }
  const struct scaling *scaling = input->scaling;
  return *number < scaling->minimum || *number > scaling->maximum ? QUERY_BEYOND : QUERY_KNOWN;
}

enum query_answer query_set(struct query *query, size_t i, size_t row, const char *value,
                            size_t length) {
  struct query_input *input = &query->input[i];
  if (input->set != NULL) return set_codes(input, row, value, length);
  if (input->number.rows != NULL) return set_number(input, row, value, length);
  const uint32_t code = vocabulary_find(input->vocabulary, value, length);
  input->code[row] = code;
  return code == VOCABULARY_NONE || !input->vocabulary->known[code] ? QUERY_UNSEEN : QUERY_KNOWN;
}

void query_set_codes(struct query *query, size_t i, size_t row, const uint32_t *codes,
                     size_t count) {
  struct query_input *input = &query->input[i];
  input->set_size[row] = 0;
  for (size_t c = 0; c < count; c++) {
    if (codes[c] != VOCABULARY_NONE) (void)add_code(input, row, codes[c]);
  }
}

void query_set_code(struct query *query, size_t i, size_t row, uint32_t code) {
  if (query->input[i].set != NULL) {
    query_set_codes(query, i, row, &code, 1);
  } else {
    query->input[i].code[row] = code;
  }
}

/* --- rows --- */

static const struct query_input *input_of(const struct query *query,
                                          const struct vocabulary *vocabulary) {
  size_t i = 0;
  while (query->input[i].vocabulary != vocabulary) i++;
  return &query->input[i];
}

/* The codes that a row has, ascending; returns how many. */
static size_t codes_of(const struct query_input *input, size_t r, const uint32_t **codes) {
  if (input->set == NULL) {
    *codes = &input->code[r];
    return input->code[r] != VOCABULARY_NONE;
  }
  *codes = input->set + r * input->set_room;
  return input->set_size[r];
}

/* The product of the columns' codes, ascending; slots to spare hold `seen`. */
static void list_product(const struct query *query, size_t t, size_t r) {
  const struct stored_table *table = &query->stored->table[t];
  const size_t slots = query->encoding.table[t].slots;
  uint32_t *out = query->list[t].rows + r * slots;
  uint64_t entry[SLOTS_MAX];
  uint32_t count = 1;
  entry[0] = 0;
  for (size_t k = 0; k < table->cross.arity; k++) {
    const uint32_t *codes;
    const size_t width = codes_of(input_of(query, table->vocabulary[k]), r, &codes);
    count = cross_codes_widen(entry, count, table->vocabulary[k]->words, codes, width);
  }
  for (size_t s = 0; s < slots; s++) {
    out[s] = s < count ? stored_table_row(table, entry[s]) : table->seen;
  }
}

/* A table of one category. */
static void list_words(struct query *query, size_t t, size_t count) {
  const struct stored_table *table = &query->stored->table[t];
  const bool *known = table->vocabulary[0]->known;
  const uint32_t *code = input_of(query, table->vocabulary[0])->code;
  uint32_t *row = query->list[t].rows;
  for (size_t r = 0; r < count; r++) {
    const bool is_known = code[r] != VOCABULARY_NONE && known[code[r]];
    row[r] = is_known ? stored_table_row(table, code[r]) : table->seen;
  }
}

/* A table of several categories: one combination a row. */
static void list_categories(struct query *query, size_t t, size_t count) {
  const struct stored_table *table = &query->stored->table[t];
  const uint32_t *code[CROSS_ARITY_MAX];
  const size_t arity = table->cross.arity;
  for (size_t k = 0; k < arity; k++) code[k] = input_of(query, table->vocabulary[k])->code;
  for (size_t r = 0; r < count; r++) {
    uint64_t combination = 0;
    bool known = true;
    for (size_t k = 0; k < arity; k++) {
      known = known && code[k][r] != VOCABULARY_NONE && table->vocabulary[k]->known[code[k][r]];
      combination = combination * table->vocabulary[k]->words + code[k][r];
    }
    const uint32_t row = known ? stored_table_row(table, combination) : table->seen;
    query->list[t].rows[r] = row;
    if (known && row == table->seen) query->unknown_crosses[t]++;
  }
}

static void list_bag(struct query *query, size_t t, size_t count) {
  const struct stored_table *table = &query->stored->table[t];
  struct bag_lists *lists = &query->encoding.bag[query->encoding.table[t].bag];
  const struct query_input *input = input_of(query, table->vocabulary[0]);
  uint32_t at = 0;
  for (size_t r = 0; r < count; r++) {
    const uint32_t *codes;
    const size_t width = codes_of(input, r, &codes);
    lists->offset[r] = at;
    for (size_t i = 0; i < width; i++) {
      const uint32_t row = stored_table_row(table, codes[i]);
      if (row != table->seen) lists->entry[at++] = row;
    }
  }
  lists->offset[count] = at;
}

void query_encode(struct query *query, size_t count) {
  for (size_t t = 0; t < query->stored->tables; t++) {
    if (is_bag(query, t)) {
      list_bag(query, t, count);
    } else if (query->stored->table[t].cross.arity == 1 && !has_sets(&query->stored->table[t])) {
      list_words(query, t, count);
    } else if (!has_sets(&query->stored->table[t])) {
      list_categories(query, t, count);
    } else {
      for (size_t r = 0; r < count; r++) list_product(query, t, r);
    }
  }
  encoding_apply_lists(&query->encoding, count, &query->rows);
}
