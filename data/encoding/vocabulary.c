#include "data/encoding/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/column_values.h"

json_t *vocabulary_json(const struct column *column, const struct dataset *dataset) {
  const struct words *words = column_words(column, dataset);
  json_t *list = json_array();
  for (uint32_t code = 0; code < words->count && list != NULL; code++) {
    if (json_array_append_new(list, json_string(words_text(words, code))) == 0) continue;
    json_decref(list);
    list = NULL;
  }
  return list;
}

static size_t first_slot(const struct vocabulary *vocabulary, const char *word, size_t length) {
  return (size_t)digest_bytes(word, length) & vocabulary->mask;
}

uint32_t vocabulary_find(const struct vocabulary *vocabulary, const char *word, size_t length) {
  size_t at = first_slot(vocabulary, word, length);
  for (uint32_t code; (code = vocabulary->slot[at]) != VOCABULARY_NONE;
       at = (at + 1) & vocabulary->mask) {
    if (vocabulary->length[code] == length && memcmp(vocabulary->word[code], word, length) == 0) {
      return code;
    }
  }
  return VOCABULARY_NONE;
}

static bool add(struct vocabulary *vocabulary, uint32_t code, const json_t *word, const char *name,
                struct error *error) {
  if (!json_is_string(word)) {
    return error_set(error, ERROR_DATA, "%s: column '%s' has a word that is no text", name,
                     vocabulary->column.name);
  }
  const size_t length = json_string_length(word);
  if (vocabulary_find(vocabulary, json_string_value(word), length) != VOCABULARY_NONE) {
    return error_set(error, ERROR_DATA, "%s: column '%s' has a word twice", name,
                     vocabulary->column.name);
  }
  vocabulary->word[code] = memory_text(json_string_value(word), error);
  vocabulary->length[code] = length;
  size_t at = first_slot(vocabulary, json_string_value(word), length);
  while (vocabulary->slot[at] != VOCABULARY_NONE) at = (at + 1) & vocabulary->mask;
  vocabulary->slot[at] = code;
  return vocabulary->word[code] != NULL;
}

static bool allocate(struct vocabulary *vocabulary, size_t words, struct error *error) {
  size_t slots = 16;
  while (slots < 2 * words) slots *= 2;
  vocabulary->mask = slots - 1;
  vocabulary->word = memory_array(words, sizeof *vocabulary->word, error);
  vocabulary->length = memory_array(words, sizeof *vocabulary->length, error);
  vocabulary->known = memory_array(words, sizeof *vocabulary->known, error);
  vocabulary->slot = memory_array(slots, sizeof *vocabulary->slot, error);
  if (vocabulary->word == NULL || vocabulary->length == NULL || vocabulary->known == NULL ||
      vocabulary->slot == NULL) {
    return false;
  }
  for (size_t i = 0; i < slots; i++) vocabulary->slot[i] = VOCABULARY_NONE;
  return true;
}

bool vocabulary_read(struct vocabulary *vocabulary, const struct column *column,
                     const json_t *words, const char *name, struct error *error) {
  *vocabulary = (struct vocabulary){.column = *column};
  vocabulary->column.values = NULL;
  const size_t count = json_array_size(words);
  if (!json_is_array(words) || count == 0 || count >= UINT32_MAX / 4) {
    return error_set(error, ERROR_DATA, "%s: the words of column '%s' are missing", name,
                     column->name);
  }
  bool done = allocate(vocabulary, count, error);
  for (size_t i = 0; done && i < count; i++) {
    done = add(vocabulary, (uint32_t)i, json_array_get(words, i), name, error);
    vocabulary->words = (uint32_t)i + 1;
  }
  if (!done) vocabulary_clear(vocabulary);
  return done;
}

void vocabulary_clear(struct vocabulary *vocabulary) {
  for (uint32_t i = 0; i < vocabulary->words; i++) free(vocabulary->word[i]);
  free(vocabulary->word);
  free(vocabulary->length);
  free(vocabulary->known);
  free(vocabulary->slot);
  *vocabulary = (struct vocabulary){0};
}

uint32_t *vocabulary_translate(const struct vocabulary *vocabulary, const struct dataset *dataset,
                               struct error *error) {
  const struct column *column = dataset_column(dataset, vocabulary->column.name);
  if (column == NULL || column->kind != vocabulary->column.kind) {
    (void)error_set(error, ERROR_DATA, "the data have no %s '%s', which the model reads",
                    column_kind_name(vocabulary->column.kind), vocabulary->column.name);
    return NULL;
  }
  const struct words *words = column_words(column, dataset);
  uint32_t *code_of = memory_array(words->count, sizeof *code_of, error);
  for (uint32_t code = 0; code_of != NULL && code < words->count; code++) {
    code_of[code] = vocabulary_find(vocabulary, words_text(words, code), words_length(words, code));
  }
  return code_of;
}
