#include "data/encoding/dataset_encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/encoding/encoding_parts.h"

/* The table row of a combination of the dataset's codes. */
static uint32_t table_row(const struct binding *binding, const struct reading_table *table,
                          uint64_t combination) {
  uint32_t code[CROSS_ARITY_MAX] = {0};
  for (size_t k = table->cross.arity; k-- > 0;) {
    const uint64_t cardinality = table->vocabulary[k]->column->cardinality(binding->dataset);
    const size_t v = (size_t)(table->vocabulary[k] - binding->reading->vocabulary);
    code[k] = binding->code_of[v][combination % cardinality];
    combination /= cardinality;
  }
  uint64_t own = 0;
  for (size_t k = 0; k < table->cross.arity; k++) {
    if (code[k] == VOCABULARY_NONE) return table->seen;
    own = own * table->vocabulary[k]->words + code[k];
  }
  return reading_row(table, own);
}

/* --- once: translations, bags, statistics --- */

static bool translate(struct binding *binding, struct error *error) {
  const struct reading *reading = binding->reading;
  binding->code_of = memory_array(reading->vocabularies, sizeof *binding->code_of, error);
  bool done = binding->code_of != NULL;
  for (size_t v = 0; done && v < reading->vocabularies; v++) {
    binding->code_of[v] = vocabulary_translate(&reading->vocabulary[v], binding->dataset, error);
    done = binding->code_of[v] != NULL;
  }
  return done;
}

/* Every code of one column of the dataset, as a list of codes. */
static bool all_codes(const struct binding *binding, const struct reading_table *table,
                      struct code_list *list, uint32_t **row_of_code, struct error *error) {
  const uint32_t codes = table->vocabulary[0]->column->cardinality(binding->dataset);
  *list = (struct code_list){.cross = table->cross, .codes = codes};
  list->combination = memory_array(codes, sizeof *list->combination, error);
  *row_of_code = memory_array((size_t)codes + 1, sizeof **row_of_code, error);
  if (list->combination == NULL || *row_of_code == NULL) return false;
  for (uint32_t code = 0; code < codes; code++) {
    list->combination[code] = code;
    (*row_of_code)[code] = table_row(binding, table, code);
  }
  (*row_of_code)[codes] = table->seen;
  return true;
}

static bool bind_bag(struct binding *binding, const struct reading_table *table,
                     struct fitting_rows training, struct dictionary *dictionary,
                     struct error *error) {
  struct encoding *encoding = &binding->encoding;
  struct bag_lists *lists = &encoding->bag[encoding->bags];
  const struct column *column = table->vocabulary[0]->column;
  struct code_list list;
  dictionary->slots = 0;
  dictionary->bag = (uint32_t)encoding->bags++;
  bool done = all_codes(binding, table, &list, &dictionary->row_of_code, error);
  dictionary->list = &list;
  done =
      done && (column->kind == COLUMN_HISTORY
                   ? bags_of_history(binding->dataset, column, dictionary, training, lists, error)
                   : bags_of_codes(binding->dataset, column, dictionary, lists, error));
  dictionary->list = NULL;
  free(dictionary->row_of_code);
  free(list.combination);
  dictionary->row_of_code = NULL;
  return done;
}

/* Shapes of the tables, but for the slots of multi-hot crosses. */
static bool bind_tables(struct binding *binding, struct fitting_rows training,
                        struct error *error) {
  const struct reading *reading = binding->reading;
  struct encoding *encoding = &binding->encoding;
  encoding->fields = reading->fields;
  encoding->table = memory_array(reading->tables, sizeof *encoding->table, error);
  encoding->bag = memory_array(reading->tables, sizeof *encoding->bag, error);
  if (encoding->table == NULL || encoding->bag == NULL) return false;
  for (size_t t = 0; t < reading->tables; t++) {
    const struct reading_table *table = &reading->table[t];
    struct dictionary *dictionary = &encoding->table[encoding->tables++];
    *dictionary = (struct dictionary){
        .cross = table->cross, .hashed = table->hashed, .seen = table->seen, .slots = 1};
    const bool bag = t < reading->fields && table->vocabulary[0]->column->kind != COLUMN_CATEGORY;
    if (bag && !bind_bag(binding, table, training, dictionary, error)) return false;
  }
  return true;
}

static bool bind_numbers(struct binding *binding, struct fitting_rows training, uint64_t seed,
                         struct error *error) {
  const struct reading *reading = binding->reading;
  struct encoding *encoding = &binding->encoding;
  encoding->scalings = reading->scalings;
  encoding->numbers = reading->numbers;
  encoding->scaling = memory_array(reading->scalings, sizeof *encoding->scaling, error);
  if (encoding->scaling == NULL) return false;
  bool statistics = false;
  for (size_t i = 0; i < reading->scalings; i++) {
    encoding->scaling[i] = reading->scaling[i];
    statistics = statistics || column_find(reading->scaling[i].column)->kind == COLUMN_STATISTIC;
  }
  if (!statistics) return true;
  encoding->statistics = statistics_new(binding->dataset, training, seed, error);
  return encoding->statistics != NULL;
}

/* The rows that a training may encode as its own. */
static bool bind_training(struct binding *binding, struct fitting_rows training,
                          struct error *error) {
  struct encoding *encoding = &binding->encoding;
  uint32_t *rows = memory_array(training.count, sizeof *rows, error);
  if (rows == NULL) return false;
  for (size_t i = 0; i < training.count; i++) rows[i] = (uint32_t)fitting_row(training, i);
  encoding->has_training = true;
  encoding->training_rows = training.count;
  encoding->training_digest = digest_bytes(rows, training.count * sizeof *rows);
  free(rows);
  return true;
}

/* --- for each window: lists of codes --- */

static bool attach_table(const struct binding *binding, const struct features *features, size_t t,
                         struct dictionary *dictionary, struct error *error) {
  const struct reading_table *table = &binding->reading->table[t];
  const enum column_kind kind = table->vocabulary[0]->column->kind;
  if (t < binding->reading->fields && kind == COLUMN_HISTORY) return true;
  dictionary->list = features_codes(features, &table->cross);
  if (dictionary->list == NULL) return error_set(error, ERROR_SYSTEM, "the features lack a cross");
  if (t < binding->reading->fields && kind == COLUMN_MULTI_HOT) return true;
  const uint32_t codes = dictionary->list->codes;
  dictionary->slots = dictionary->list->slots;
  dictionary->row_of_code = memory_array((size_t)codes + 1, sizeof(uint32_t), error);
  if (dictionary->row_of_code == NULL) return false;
  for (uint32_t code = 0; code < codes; code++) {
    dictionary->row_of_code[code] = table_row(binding, table, dictionary->list->combination[code]);
  }
  dictionary->row_of_code[codes] = table->seen;
  return true;
}

static bool attach(const struct binding *binding, const struct features *features,
                   struct encoding *encoding, struct error *error) {
  encoding->slots = 0;
  for (size_t t = 0; t < encoding->tables; t++) {
    struct dictionary *dictionary = &encoding->table[t];
    if (!attach_table(binding, features, t, dictionary, error)) return false;
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

bool binding_encode(const struct binding *binding, const struct dataset *window,
                    const uint32_t *rows, size_t count, enum encoded_part part,
                    struct encoded_rows *encoded, struct error *error) {
  struct features features;
  struct encoding encoding = binding->encoding; /* whose arrays are the binding's */
  *encoded = (struct encoded_rows){0};
  features_init(&features, window);
  bool done = features_add(&features, binding->spec, error) &&
              attach(binding, &features, &encoding, error) &&
              encoding_apply(&encoding, window, rows, count, part, encoded, error);
  detach(&encoding);
  features_clear(&features);
  /* The copy's bags are the binding's, which outlive it. */
  return done;
}

/* One row tells how many slots each table has. */
static bool settle_slots(struct binding *binding, struct error *error) {
  struct dataset window = *binding->dataset;
  struct features features;
  window.ratings = 1;
  features_init(&features, &window);
  bool done = features_add(&features, binding->spec, error) &&
              attach(binding, &features, &binding->encoding, error);
  detach(&binding->encoding);
  features_clear(&features);
  return done;
}

bool binding_init(struct binding *binding, const struct reading *reading,
                  const struct encoding_spec *spec, const struct dataset *dataset,
                  const uint32_t *training, size_t count, struct error *error) {
  *binding = (struct binding){.reading = reading, .spec = spec, .dataset = dataset};
  const struct fitting_rows rows = {training, training != NULL ? count : dataset->ratings};
  bool done = translate(binding, error) && bind_tables(binding, rows, error) &&
              bind_numbers(binding, rows, spec->seed, error) &&
              bind_training(binding, rows, error) && settle_slots(binding, error);
  if (!done) binding_clear(binding);
  return done;
}

void binding_clear(struct binding *binding) {
  for (size_t v = 0; binding->code_of != NULL && v < binding->reading->vocabularies; v++) {
    free(binding->code_of[v]);
  }
  free(binding->code_of);
  encoding_clear(&binding->encoding);
  *binding = (struct binding){0};
}

bool binding_knows(const struct binding *binding, const struct column *column, uint32_t code) {
  const struct vocabulary *vocabulary = reading_vocabulary(binding->reading, column->name);
  if (vocabulary == NULL) return true;
  const uint32_t own = binding->code_of[vocabulary - binding->reading->vocabulary][code];
  return own != VOCABULARY_NONE && vocabulary->known[own];
}
