/* Different texts, each with a code: the values of a category, the ids of a
 * table. */
#ifndef CROSSLANE_DATA_WORDS_H
#define CROSSLANE_DATA_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define WORDS_NONE UINT32_MAX

enum { WORDS_MAX = 1 << 30 };

/* Texts one after the other, each ended by a zero; code c is bytes + at[c]. */
struct words {
  uint32_t count;
  uint32_t appended; /* how many of them, the last ones, words_append added */
  bool by_number;    /* whole numbers in ascending order, else bytewise or as was given; not the
                        appended ones */
  char *bytes;
  size_t *at; /* [count + 1]; the last one is the end */
};

static inline const char *words_text(const struct words *words, uint32_t code) {
  return words->bytes + words->at[code];
}
static inline size_t words_length(const struct words *words, uint32_t code) {
  return words->at[code + 1] - words->at[code] - 1;
}

/* The code of a text, among words that are in order (words_builder_sort), the appended ones
 * left out; WORDS_NONE: it is not there. */
uint32_t words_find(const struct words *words, const char *text, size_t length);

/* One more word after all others, whose codes stay what they are. words_find does not find
 * it: its code is `count - 1` now. */
bool words_append(struct words *words, const char *text, size_t length, struct error *error);

bool words_copy(struct words *to, const struct words *from, struct error *error);
void words_clear(struct words *words);

/* What stands for a word in random streams: the number that it writes, where
 * that is a canonical one below 2^32, else a digest of the text. */
uint32_t words_key(const struct words *words, uint32_t code);

/* Collects words; codes are handed out in the order of their first appearance.
 * Starts from {0}. */
struct words_builder {
  struct words words;
  size_t bytes_room;
  uint32_t room;
  uint32_t *slot; /* [mask + 1] open addressing, at most half full: a code, or WORDS_NONE */
  size_t mask;
  /* [numbers] the code of the word that writes this number, or WORDS_NONE: it is not known
   * yet. Ids are mostly whole numbers without many gaps: so they are found at once. */
  uint32_t *of_number;
  size_t numbers;
};

/* The code of a text, which is added when it is new. Memory, or more than WORDS_MAX
 * words, is the error. */
bool words_builder_add(struct words_builder *builder, const char *text, size_t length,
                       uint32_t *code, struct error *error);
/* WORDS_NONE: it is not there. */
uint32_t words_builder_find(const struct words_builder *builder, const char *text, size_t length);

/* The order of the codes that words are given at last. */
enum words_order {
  WORDS_BYTEWISE,
  WORDS_IDS /* by number where all are canonical whole numbers, else bytewise */
};

/* Puts the words in order. (*code_of)[c]: the new code of what had code c; to be
 * freed. The builder finds words by their new codes then. */
bool words_builder_sort(struct words_builder *builder, enum words_order order, uint32_t **code_of,
                        struct error *error);

/* Moves the words out and releases the rest. */
struct words words_builder_take(struct words_builder *builder);
void words_builder_clear(struct words_builder *builder);

#endif
