/* The words of one column: what each code of a data set is called. A model's
 * file keeps them, so that its codes mean the same with any other data. */
#ifndef CROSSLANE_DATA_ENCODING_VOCABULARY_H
#define CROSSLANE_DATA_ENCODING_VOCABULARY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset.h"

#define VOCABULARY_NONE UINT32_MAX

struct vocabulary {
  struct column column; /* without values */
  uint32_t words;
  char **word;    /* [words]: word[code], all different */
  size_t *length; /* [words] */
  uint32_t *slot; /* [mask + 1] open addressing: a code, or VOCABULARY_NONE */
  size_t mask;
  bool *known; /* [words] whether some dictionary has it: seen in training */
};

/* Every code of the column in `dataset`, by its label; NULL when memory ran out. */
json_t *vocabulary_json(const struct column *column, const struct dataset *dataset);

/* Of a list of different texts; `name` is in messages. On failure `vocabulary`
 * is empty. `known` starts as false everywhere. */
bool vocabulary_read(struct vocabulary *vocabulary, const struct column *column,
                     const json_t *words, const char *name, struct error *error);
void vocabulary_clear(struct vocabulary *vocabulary);

/* The code of a word, or VOCABULARY_NONE. */
uint32_t vocabulary_find(const struct vocabulary *vocabulary, const char *word, size_t length);

/* code_of[c]: the vocabulary's code of code c of `dataset`, or VOCABULARY_NONE. */
uint32_t *vocabulary_translate(const struct vocabulary *vocabulary, const struct dataset *dataset,
                               struct error *error);

#endif
