#include "serving/places.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "data/dataset_extend.h"

/* What the data call the ids of users or items. */
static const struct column *id_column(const struct dataset *dataset, enum column_side side) {
  const struct column *column = dataset->schema.column;
  while (column->kind != COLUMN_CATEGORY || column->side != side || column->values != NULL) {
    column++;
  }
  return column;
}

static const struct vocabulary *model_ids(const struct serving *serving, enum column_side side) {
  return stored_encoding_vocabulary(&serving->saved.encoding,
                                    id_column(&serving->dataset, side)->name);
}

static bool add(struct serving *serving, enum column_side side, const char *id,
                struct error *error) {
  if (!dataset_extend_owner(&serving->dataset, side, id, error)) return false;
  serving->unknown[side].last = (uint32_t)dataset_owners(&serving->dataset, side) - 1;
  return true;
}

bool places_add(struct serving *serving, enum column_side side, const char *id,
                struct error *error) {
  const struct words *ids = dataset_ids(&serving->dataset, side);
  return id[0] == '\0' || words_find(ids, id, strlen(id)) != WORDS_NONE ||
         add(serving, side, id, error);
}

/* Ids that the model was trained with, and the data do not have. */
static bool add_model_ids(struct serving *serving, enum column_side side, struct error *error) {
  struct unknown_places *unknown = &serving->unknown[side];
  const struct vocabulary *vocabulary = model_ids(serving, side);
  if (vocabulary == NULL) return true;
  unknown->place_of = memory_array(vocabulary->words, sizeof *unknown->place_of, error);
  if (unknown->place_of == NULL) return false;
  for (uint32_t code = 0; code < vocabulary->words; code++) {
    if (!places_add(serving, side, vocabulary->word[code], error)) return false;
    unknown->place_of[code] = unknown->last; /* not asked for where the data have the id */
  }
  return true;
}

bool places_add_all(struct serving *serving, struct error *error) {
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    if (!add_model_ids(serving, side, error) || !add(serving, side, "", error)) return false;
  }
  return true;
}

static uint32_t find_unknown(const struct serving *serving, enum column_side side, const char *id,
                             size_t length) {
  const struct words *ids = dataset_ids(&serving->dataset, side);
  const struct unknown_places *unknown = &serving->unknown[side];
  if (unknown->last == WORDS_NONE || length == 0) return WORDS_NONE;
  if (unknown->place_of != NULL) {
    const uint32_t code = vocabulary_find(model_ids(serving, side), id, length);
    if (code != VOCABULARY_NONE) return unknown->place_of[code];
  }
  const size_t own = words_length(ids, unknown->last);
  const bool same = own == length && memcmp(words_text(ids, unknown->last), id, length) == 0;
  return same || own == 0 ? unknown->last : WORDS_NONE;
}

uint32_t places_find(const struct serving *serving, enum column_side side, const char *id,
                     size_t length) {
  const uint32_t place = words_find(dataset_ids(&serving->dataset, side), id, length);
  return place != WORDS_NONE ? place : find_unknown(serving, side, id, length);
}

bool places_unknown(const struct serving *serving, enum column_side side, uint32_t place) {
  const struct words *ids = dataset_ids(&serving->dataset, side);
  return serving->unknown[side].last != WORDS_NONE && place >= ids->count - ids->appended;
}

void places_unseen(const struct serving *serving, enum column_side side, uint32_t place,
                   struct text *text) {
  if (!places_unknown(serving, side, place) || model_ids(serving, side) != NULL) return;
  text_add(text, "%s %s", id_column(&serving->dataset, side)->name,
           words_text(dataset_ids(&serving->dataset, side), place));
}
