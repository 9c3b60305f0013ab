#include "data/encoding/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"

/* The label of a code; only that of a zip area can be a byte that no text
 * holds. */
static void add_word(const struct column *column, const struct dataset *dataset, uint32_t code,
                     struct text *text) {
  text->length = 0;
  column->label(dataset, code, text);
  const unsigned char first = text->length > 0 ? (unsigned char)text->text[0] : 0;
  if (first >= 0x20 && first != 0x7f) return;
  text->length = 0;
  text_add(text, "0x%02x", (unsigned)code);
}

json_t *vocabulary_json(const struct column *column, const struct dataset *dataset) {
  json_t *words = json_array();
  struct text text = {0};
  const uint32_t count = column->cardinality(dataset);
  for (uint32_t code = 0; code < count && words != NULL; code++) {
    add_word(column, dataset, code, &text);
    if (!text.failed && json_array_append_new(words, json_stringn(text.text, text.length)) == 0) {
      continue;
    }
    json_decref(words);
    words = NULL;
  }
  text_clear(&text);
  return words;
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
                     vocabulary->column->name);
  }
  const size_t length = json_string_length(word);
  if (vocabulary_find(vocabulary, json_string_value(word), length) != VOCABULARY_NONE) {
    return error_set(error, ERROR_DATA, "%s: column '%s' has a word twice", name,
                     vocabulary->column->name);
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
  *vocabulary = (struct vocabulary){.column = column};
  const size_t count = json_array_size(words);
  if (!json_is_array(words) || count == 0 || count >= UINT32_MAX / 4) {
    return error_set(error, ERROR_DATA, "%s: the words of column '%s' are missing", name,
                     column->name);
  }
  if (column->kind == COLUMN_MULTI_HOT && count > COLUMN_CODES_MAX) {
    return error_set(error, ERROR_DATA, "%s: column '%s' has %zu words, more than %d", name,
                     column->name, count, COLUMN_CODES_MAX);
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
  const uint32_t count = vocabulary->column->cardinality(dataset);
  uint32_t *code_of = memory_array(count, sizeof *code_of, error);
  struct text text = {0};
  if (code_of == NULL) return NULL;
  for (uint32_t code = 0; code < count && !text.failed; code++) {
    add_word(vocabulary->column, dataset, code, &text);
    if (!text.failed) code_of[code] = vocabulary_find(vocabulary, text.text, text.length);
  }
  if (text.failed) {
    free(code_of);
    code_of = NULL;
    (void)error_set(error, ERROR_SYSTEM, "out of memory");
  }
  text_clear(&text);
  return code_of;
}
