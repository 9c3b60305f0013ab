#include "data/encoding/dataset_encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/column_values.h"
#include "data/encoding/encoding_parts.h"

static const struct column *column_of(const struct dataset_encoder *encoder,
                                      const struct vocabulary *vocabulary) {
  return dataset_column(encoder->dataset, vocabulary->column.name);
}

static uint32_t cardinality_of(const struct dataset_encoder *encoder,
                               const struct vocabulary *vocabulary) {
  return column_cardinality(column_of(encoder, vocabulary), encoder->dataset);
}

/* The table row of a combination of the dataset's codes. */
static uint32_t table_row(const struct dataset_encoder *encoder, const struct stored_table *table,
                          uint64_t combination) {
  uint32_t code[CROSS_ARITY_MAX] = {0};
  for (size_t k = table->cross.arity; k-- > 0;) {
    const uint64_t cardinality = cardinality_of(encoder, table->vocabulary[k]);
    const size_t v = (size_t)(table->vocabulary[k] - encoder->stored->vocabulary);
    code[k] = encoder->code_of[v][combination % cardinality];
    combination /= cardinality;
  }
  uint64_t own = 0;
  for (size_t k = 0; k < table->cross.arity; k++) {
    if (code[k] == VOCABULARY_NONE) return table->seen;
    own = own * table->vocabulary[k]->words + code[k];
  }
  return stored_table_row(table, own);
}

/* --- once: translations, bags, statistics --- */

static bool translate(struct dataset_encoder *encoder, struct error *error) {
  const struct stored_encoding *stored = encoder->stored;
  encoder->code_of = memory_array(stored->vocabularies, sizeof *encoder->code_of, error);
  bool done = encoder->code_of != NULL;
  for (size_t v = 0; done && v < stored->vocabularies; v++) {
    encoder->code_of[v] = vocabulary_translate(&stored->vocabulary[v], encoder->dataset, error);
    done = encoder->code_of[v] != NULL;
  }
  return done;
}

/* Every code of one column of the dataset, as a list of codes. */
static bool all_codes(const struct dataset_encoder *encoder, const struct stored_table *table,
                      struct code_list *list, uint32_t **row_of_code, struct error *error) {
  const uint32_t codes = cardinality_of(encoder, table->vocabulary[0]);
  *list = (struct code_list){.cross = table->cross, .codes = codes};
  list->combination = memory_array(codes, sizeof *list->combination, error);
  *row_of_code = memory_array((size_t)codes + 1, sizeof **row_of_code, error);
  if (list->combination == NULL || *row_of_code == NULL) return false;
  for (uint32_t code = 0; code < codes; code++) {
    list->combination[code] = code;
    (*row_of_code)[code] = table_row(encoder, table, code);
  }
  (*row_of_code)[codes] = table->seen;
  return true;
}

static bool bind_bag(struct dataset_encoder *encoder, const struct stored_table *table,
                     struct dataset_rows training, struct dictionary *dictionary,
                     struct error *error) {
  struct encoding *encoding = &encoder->encoding;
  struct bag_lists *lists = &encoding->bag[encoding->bags];
  const struct column *column = column_of(encoder, table->vocabulary[0]);
  struct code_list list;
  dictionary->slots = 0;
  dictionary->bag = (uint32_t)encoding->bags++;
  bool done = all_codes(encoder, table, &list, &dictionary->row_of_code, error);
  dictionary->list = &list;
  done =
      done && (column->kind == COLUMN_HISTORY
                   ? bags_of_history(encoder->dataset, column, dictionary, training, lists, error)
                   : bags_of_codes(encoder->dataset, column, dictionary, lists, error));
  dictionary->list = NULL;
  free(dictionary->row_of_code);
  free(list.combination);
  dictionary->row_of_code = NULL;
  return done;
}

/* Shapes of the tables, but for the slots of multi-hot crosses. */
static bool bind_tables(struct dataset_encoder *encoder, struct dataset_rows training,
                        struct error *error) {
  const struct stored_encoding *stored = encoder->stored;
  if (!stored_encoding_shape(stored, &encoder->encoding, error)) return false;
  for (size_t t = 0; t < stored->tables; t++) {
    const struct stored_table *table = &stored->table[t];
    struct dictionary *dictionary = &encoder->encoding.table[t];
    dictionary->slots = 1;
    const bool bag = t < stored->fields && table->vocabulary[0]->column.kind != COLUMN_CATEGORY;
    if (bag && !bind_bag(encoder, table, training, dictionary, error)) return false;
  }
  return true;
}

static bool bind_statistics(struct dataset_encoder *encoder, struct dataset_rows training,
                            uint64_t seed, struct error *error) {
  const struct stored_encoding *stored = encoder->stored;
  bool needed = false;
  for (size_t i = 0; i < stored->scalings; i++) {
    const struct column *column = schema_find(stored->schema, stored->scaling[i].column);
    needed = needed || column->kind == COLUMN_STATISTIC;
  }
  if (!needed) return true;
  encoder->encoding.statistics = statistics_new(encoder->dataset, training, seed, error);
  return encoder->encoding.statistics != NULL;
}

/* The rows that a training may encode as its own. */
static bool bind_training(struct dataset_encoder *encoder, struct dataset_rows training,
                          struct error *error) {
  struct encoding *encoding = &encoder->encoding;
  uint32_t *rows = memory_array(training.count, sizeof *rows, error);
  if (rows == NULL) return false;
  for (size_t i = 0; i < training.count; i++) rows[i] = (uint32_t)dataset_row(training, i);
  encoding->has_training = true;
  encoding->training_rows = training.count;
  encoding->training_digest = digest_bytes(rows, training.count * sizeof *rows);
  free(rows);
  return true;
}

/* --- for each window: lists of codes --- */

static bool attach_table(const struct dataset_encoder *encoder, const struct features *features,
                         size_t t, struct dictionary *dictionary, struct error *error) {
  const struct stored_table *table = &encoder->stored->table[t];
  const enum column_kind kind = table->vocabulary[0]->column.kind;
  if (t < encoder->stored->fields && kind == COLUMN_HISTORY) return true;
  dictionary->list = features_codes(features, &table->cross);
  if (dictionary->list == NULL) return error_set(error, ERROR_SYSTEM, "the features lack a cross");
  if (t < encoder->stored->fields && kind == COLUMN_MULTI_HOT) return true;
  const uint32_t codes = dictionary->list->codes;
  dictionary->slots = dictionary->list->slots;
  dictionary->row_of_code = memory_array((size_t)codes + 1, sizeof(uint32_t), error);
  if (dictionary->row_of_code == NULL) return false;
  for (uint32_t code = 0; code < codes; code++) {
    dictionary->row_of_code[code] = table_row(encoder, table, dictionary->list->combination[code]);
  }
  dictionary->row_of_code[codes] = table->seen;
  return true;
}

static bool attach(const struct dataset_encoder *encoder, const struct features *features,
                   struct encoding *encoding, struct error *error) {
  encoding->slots = 0;
  for (size_t t = 0; t < encoding->tables; t++) {
    struct dictionary *dictionary = &encoding->table[t];
    if (!attach_table(encoder, features, t, dictionary, error)) return false;
    dictionary->slot = (uint32_t)encoding->slots;
    encoding->slots += dictionary->slots;
  }
  for (size_t i = 0; i < encoding->scalings; i++) {
    encoding->scaling[i].list = features_numbers(features, encoding->scaling[i].column);
  }
  return true;
}

static void detach(struct encoding *encoding) {
  for (size_t t = 0; t < encoding->tables; t++) {
    free(encoding->table[t].row_of_code);
    encoding->table[t].row_of_code = NULL;
    encoding->table[t].list = NULL;
  }
  for (size_t i = 0; i < encoding->scalings; i++) encoding->scaling[i].list = NULL;
}

bool dataset_encoder_apply(const struct dataset_encoder *encoder, const struct dataset *window,
                           const uint32_t *rows, size_t count, enum encoded_part part,
                           struct encoded_rows *encoded, struct error *error) {
  struct features features;
  struct encoding encoding = encoder->encoding; /* whose arrays are the encoder's */
  *encoded = (struct encoded_rows){0};
  features_init(&features, window);
  bool done = features_add(&features, encoder->spec, error) &&
              attach(encoder, &features, &encoding, error) &&
              encoding_apply(&encoding, window, rows, count, part, encoded, error);
  detach(&encoding);
  features_clear(&features);
  /* The copy's bags are the encoder's, which outlive it. */
  return done;
}

/* One row tells how many slots each table has. */
static bool settle_slots(struct dataset_encoder *encoder, struct error *error) {
  struct dataset window = *encoder->dataset;
  struct features features;
  window.ratings = 1;
  features_init(&features, &window);
  bool done = features_add(&features, encoder->spec, error) &&
              attach(encoder, &features, &encoder->encoding, error);
  detach(&encoder->encoding);
  features_clear(&features);
  return done;
}

bool dataset_encoder_init(struct dataset_encoder *encoder, const struct stored_encoding *stored,
                          const struct encoding_spec *spec, const struct dataset *dataset,
                          const uint32_t *training, size_t count, struct error *error) {
  *encoder = (struct dataset_encoder){.stored = stored, .spec = spec, .dataset = dataset};
  const struct dataset_rows rows = {training, training != NULL ? count : dataset->ratings};
  bool done = translate(encoder, error) && bind_tables(encoder, rows, error) &&
              bind_statistics(encoder, rows, spec->seed, error) &&
              bind_training(encoder, rows, error) && settle_slots(encoder, error);
  if (!done) dataset_encoder_clear(encoder);
  return done;
}

void dataset_encoder_clear(struct dataset_encoder *encoder) {
  for (size_t v = 0; encoder->code_of != NULL && v < encoder->stored->vocabularies; v++) {
    free(encoder->code_of[v]);
  }
  free(encoder->code_of);
  encoding_clear(&encoder->encoding);
  *encoder = (struct dataset_encoder){0};
}

bool dataset_encoder_knows(const struct dataset_encoder *encoder, const struct column *column,
                           uint32_t code) {
  const struct vocabulary *vocabulary = stored_encoding_vocabulary(encoder->stored, column->name);
  if (vocabulary == NULL) return true;
  const uint32_t own = encoder->code_of[vocabulary - encoder->stored->vocabulary][code];
  return own != VOCABULARY_NONE && vocabulary->known[own];
}
