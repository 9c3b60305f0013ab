#include "data/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"

/* Negative: the word with this code comes before the text. */
static int compare(const struct words *words, uint32_t code, const char *text, size_t length,
                   uint64_t number) {
  const char *word = words_text(words, code);
  const size_t own_length = words_length(words, code);
  uint64_t own;
  if (words->by_number && text_u64(word, word + own_length, &own)) {
    return own < number ? -1 : own > number;
  }
  const int order = memcmp(word, text, own_length < length ? own_length : length);
  return order != 0 ? order : (own_length > length) - (own_length < length);
}

uint32_t words_find(const struct words *words, const char *text, size_t length) {
  uint64_t number = 0;
  if (words->by_number && !text_u64(text, text + length, &number)) return WORDS_NONE;
  uint32_t low = 0, high = words->count - words->appended;
  uint32_t middle = high / 2;
  if (number > 0 && number <= high) middle = (uint32_t)number - 1; /* without gaps: found at once */
  for (; low < high; middle = low + (high - low) / 2) {
    const int order = compare(words, middle, text, length, number);
    if (order == 0) return middle;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return WORDS_NONE;
}

bool words_append(struct words *words, const char *text, size_t length, struct error *error) {
  const size_t begin = words->count > 0 ? words->at[words->count] : 0, end = begin + length + 1;
  char *bytes = memory_grow(words->bytes, end, 1, error);
  if (bytes == NULL) return false;
  words->bytes = bytes;
  size_t *at = memory_grow(words->at, (size_t)words->count + 2, sizeof *at, error);
  if (at == NULL) return false;
  words->at = at;
  memcpy(bytes + begin, text, length);
  bytes[end - 1] = '\0';
  at[words->count] = begin;
  at[++words->count] = end;
  words->appended++;
  return true;
}

bool words_copy(struct words *to, const struct words *from, struct error *error) {
  *to = (struct words){
      .count = from->count, .appended = from->appended, .by_number = from->by_number};
  const size_t size = from->count > 0 ? from->at[from->count] : 0;
  to->bytes = memory_array(size, 1, error);
  to->at = memory_array((size_t)from->count + 1, sizeof *to->at, error);
  if (to->bytes == NULL || to->at == NULL) {
    words_clear(to);
    return false;
  }
  if (from->count == 0) return true;
  memcpy(to->bytes, from->bytes, size);
  memcpy(to->at, from->at, ((size_t)from->count + 1) * sizeof *to->at);
  return true;
}

void words_clear(struct words *words) {
  free(words->bytes);
  free(words->at);
  *words = (struct words){0};
}

uint32_t words_key(const struct words *words, uint32_t code) {
  const char *text = words_text(words, code);
  const size_t length = words_length(words, code);
  uint64_t number;
  if (text_u64(text, text + length, &number) && number <= UINT32_MAX) return (uint32_t)number;
  return (uint32_t)digest_bytes(text, length);
}

/* --- collecting --- */

static bool same(const struct words *words, uint32_t code, const char *text, size_t length) {
  return words_length(words, code) == length && memcmp(words_text(words, code), text, length) == 0;
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t *find_slot(const struct words_builder *builder, const char *text, size_t length) {
  size_t at = (size_t)digest_bytes(text, length) & builder->mask;
  while (builder->slot[at] != WORDS_NONE &&
         !same(&builder->words, builder->slot[at], text, length)) {
    at = (at + 1) & builder->mask;
  }
  return &builder->slot[at];
}

/* The place of a word that writes a number of few digits, or NULL. */
static uint32_t *number_place(const struct words_builder *builder, const char *text,
                              size_t length) {
  uint64_t number;
  if (length > 9 || !text_u64(text, text + length, &number)) return NULL;
  return number < builder->numbers ? &builder->of_number[number] : NULL;
}

static void fill_slots(struct words_builder *builder) {
  const struct words *words = &builder->words;
  memset(builder->slot, 0xff, (builder->mask + 1) * sizeof *builder->slot);
  memset(builder->of_number, 0xff, builder->numbers * sizeof *builder->of_number);
  for (uint32_t code = 0; code < words->count; code++) {
    const char *text = words_text(words, code);
    const size_t length = words_length(words, code);
    uint32_t *place = number_place(builder, text, length);
    if (place != NULL) *place = code;
    *find_slot(builder, text, length) = code;
  }
}

enum { NUMBERS = 4 }; /* places of numbers for each word that there is room for */

/* Twice as much room for words, slots and numbers. */
static bool grow(struct words_builder *builder, struct error *error) {
  const uint32_t room = builder->room > 0 ? 2 * builder->room : 16;
  struct words *words = &builder->words;
  if (builder->room == WORDS_MAX) {
    return error_set(error, ERROR_DATA, "more than %d different values", WORDS_MAX);
  }
  size_t *at = memory_grow(words->at, (size_t)room + 1, sizeof *at, error);
  if (at == NULL) return false;
  words->at = at;
  if (builder->room == 0) at[0] = 0;
  uint32_t *slot = memory_array((size_t)room * 2, sizeof *slot, error);
  uint32_t *of_number = memory_array((size_t)room * NUMBERS, sizeof *of_number, error);
  if (slot == NULL || of_number == NULL) {
    free(slot);
    free(of_number);
    return false;
  }
  free(builder->slot);
  free(builder->of_number);
  builder->slot = slot;
  builder->of_number = of_number;
  builder->numbers = (size_t)room * NUMBERS;
  builder->mask = (size_t)room * 2 - 1;
  builder->room = room;
  fill_slots(builder);
  return true;
}

static bool append(struct words_builder *builder, const char *text, size_t length,
                   struct error *error) {
  struct words *words = &builder->words;
  const size_t begin = words->at[words->count], end = begin + length + 1;
  if (end > builder->bytes_room) {
    const size_t room = end > 2 * builder->bytes_room ? end + 64 : 2 * builder->bytes_room;
    char *bytes = memory_grow(words->bytes, room, 1, error);
    if (bytes == NULL) return false;
    words->bytes = bytes;
    builder->bytes_room = room;
  }
  memcpy(words->bytes + begin, text, length);
  words->bytes[end - 1] = '\0';
  words->at[++words->count] = end;
  return true;
}

bool words_builder_add(struct words_builder *builder, const char *text, size_t length,
                       uint32_t *code, struct error *error) {
  uint32_t *place = number_place(builder, text, length);
  if (place != NULL && *place != WORDS_NONE) {
    *code = *place;
    return true;
  }
  if (builder->words.count == builder->room) {
    if (!grow(builder, error)) return false;
    place = number_place(builder, text, length);
  }
  uint32_t *slot = find_slot(builder, text, length);
  if (*slot == WORDS_NONE) {
    if (!append(builder, text, length, error)) return false;
    *slot = builder->words.count - 1;
  }
  if (place != NULL) *place = *slot;
  *code = *slot;
  return true;
}

uint32_t words_builder_find(const struct words_builder *builder, const char *text, size_t length) {
  if (builder->slot == NULL) return WORDS_NONE;
  const uint32_t *place = number_place(builder, text, length);
  return place != NULL ? *place : *find_slot(builder, text, length);
}

/* --- order --- */

struct sorted {
  const char *text;
  uint64_t number;
  uint32_t code;
};

static int by_number(const void *a, const void *b) {
  const struct sorted *left = a, *right = b;
  return (left->number > right->number) - (left->number < right->number);
}

static int by_text(const void *a, const void *b) {
  const struct sorted *left = a, *right = b;
  return strcmp(left->text, right->text);
}

/* Whether all are whole numbers, written so that no other text means the same. */
static bool read_numbers(const struct words *words, struct sorted *sorted) {
  for (uint32_t i = 0; i < words->count; i++) {
    const char *text = sorted[i].text;
    if (!text_u64(text, text + words_length(words, i), &sorted[i].number)) return false;
  }
  return true;
}

static bool rearrange(struct words_builder *builder, const struct sorted *sorted,
                      struct error *error) {
  struct words *old = &builder->words;
  struct words_builder fresh = {.bytes_room = builder->bytes_room, .room = builder->room};
  fresh.words.bytes = memory_array(builder->bytes_room, 1, error);
  fresh.words.at = memory_array((size_t)builder->room + 1, sizeof *fresh.words.at, error);
  bool done = fresh.words.bytes != NULL && fresh.words.at != NULL;
  for (uint32_t i = 0; done && i < old->count; i++) {
    done = append(&fresh, sorted[i].text, words_length(old, sorted[i].code), error);
  }
  if (!done) {
    words_clear(&fresh.words);
    return false;
  }
  words_clear(old);
  *old = fresh.words;
  fill_slots(builder);
  return true;
}

bool words_builder_sort(struct words_builder *builder, enum words_order order, uint32_t **code_of,
                        struct error *error) {
  const struct words *words = &builder->words;
  struct sorted *sorted = memory_array(words->count, sizeof *sorted, error);
  *code_of = memory_array(words->count, sizeof **code_of, error);
  bool done = sorted != NULL && *code_of != NULL;
  for (uint32_t i = 0; done && i < words->count; i++) {
    sorted[i] = (struct sorted){.text = words_text(words, i), .code = i};
  }
  if (done && words->count > 0) {
    const bool numbers = order == WORDS_IDS && read_numbers(words, sorted);
    qsort(sorted, words->count, sizeof *sorted, numbers ? by_number : by_text);
    for (uint32_t i = 0; i < words->count; i++) (*code_of)[sorted[i].code] = i;
    done = rearrange(builder, sorted, error);
    builder->words.by_number = numbers;
  }
  free(sorted);
  if (done) return true;
  free(*code_of);
  *code_of = NULL;
  return false;
}

struct words words_builder_take(struct words_builder *builder) {
  struct words words = builder->words;
  builder->words = (struct words){0};
  words_builder_clear(builder);
  return words;
}

void words_builder_clear(struct words_builder *builder) {
  words_clear(&builder->words);
  free(builder->slot);
  free(builder->of_number);
  *builder = (struct words_builder){0};
}
