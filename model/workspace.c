/* A batch's memory, and its inputs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/wide_deep.h"
#include "model/work_parts.h"

enum { ALIGN = 16, LARGE_TABLE = 512 << 10 };

/* Rows of data that no L2 cache holds, and how far ahead they are asked for. */
enum { WORTH_FETCHING = 1 << 17, FETCHED_AHEAD = 64 };

static float *floats(size_t rows, size_t ld, struct error *error) {
  return memory_aligned(rows * ld, sizeof(float), error);
}

static uint32_t *indices(size_t count, struct error *error) {
  return memory_aligned(count, sizeof(uint32_t), error);
}

static bool allocate_layer(struct workspace *w, const struct wide_deep *model, size_t l,
                           struct error *error) {
  const size_t outputs = model->layer[l].outputs;
  const bool derivative = model->activation != ACTIVATION_RELU;
  w->h_ld[l] = (outputs + ALIGN - 1) / ALIGN * ALIGN;
  w->keep_ld[l] = (outputs + KEEP_GROUP - 1) / KEEP_GROUP;
  if (derivative && (w->derivative[l] = floats(w->most, w->h_ld[l], error)) == NULL) return false;
  return (w->h[l] = floats(w->most, w->h_ld[l], error)) != NULL &&
         (w->dh[l] = floats(w->most, w->h_ld[l], error)) != NULL &&
         (w->keep[l] = memory_aligned(w->most * w->keep_ld[l], sizeof(uint16_t), error)) != NULL;
}

/* A single field names one table row a row, a bag at most `longest`. */
static bool allocate_field(struct workspace *w, const struct field *field, struct field_rows *rows,
                           struct error *error) {
  const size_t each = field->is_bag ? field->longest : 1;
  if (each > 0 && w->most > UINT32_MAX / each) {
    return error_set(error, ERROR_CONFIG,
                     "%s: batches of %zu rows with up to %zu entries each are too large",
                     field->table->name, w->most, each);
  }
  if (field->is_bag && (rows->offset = indices(w->most + 1, error)) == NULL) return false;
  return (rows->index = indices(w->most * each + EMBEDDING_AHEAD, error)) != NULL;
}

bool workspace_init(struct workspace *w, const struct wide_deep *model, size_t most,
                    struct error *error) {
  *w = (struct workspace){.most = most};
  bool done = (w->wide = indices(model->wide_slots * most, error)) != NULL &&
              (w->x = floats(most, model->input_ld, error)) != NULL &&
              (w->dx = floats(most, model->input_ld, error)) != NULL &&
              (w->wide_sum = floats(most, 1, error)) != NULL &&
              (w->interaction = floats(most, 1, error)) != NULL &&
              (w->prediction = floats(most, 1, error)) != NULL &&
              (w->target = floats(most, 1, error)) != NULL &&
              (w->gradient = floats(most, 1, error)) != NULL;
  for (size_t f = 0; done && f < model->fields; f++) {
    done = allocate_field(w, &model->field[f], &w->field[f], error);
  }
  for (size_t l = 0; done && l < model->layers; l++) {
    done = allocate_layer(w, model, l, error);
  }
  if (!done) workspace_clear(w);
  return done;
}

void workspace_clear(struct workspace *w) {
  for (size_t f = 0; f < DEEP_COLUMNS_MAX; f++) {
    free(w->field[f].index);
    free(w->field[f].offset);
  }
  free(w->wide);
  free(w->x);
  free(w->dx);
  for (size_t l = 0; l < HIDDEN_LAYERS_MAX; l++) {
    free(w->h[l]);
    free(w->dh[l]);
    free(w->derivative[l]);
    free(w->keep[l]);
  }
  free(w->wide_sum);
  free(w->interaction);
  free(w->prediction);
  free(w->target);
  free(w->gradient);
  *w = (struct workspace){0};
}

struct workspace workspace_rows(const struct workspace *w, const struct wide_deep *model, size_t at,
                                size_t count, size_t m) {
  struct workspace rows = *w;
  rows.pool = NULL;
  rows.first_row += at;
  for (size_t f = 0; f < model->fields; f++) {
    struct field_rows *field = &rows.field[f];
    if (at + count < m) field->known_ahead = 0;
    if (model->field[f].is_bag) {
      field->offset += at;
    } else {
      field->index += at;
    }
  }
  rows.wide += at;
  rows.x += at * model->input_ld;
  rows.dx += at * model->input_ld;
  for (size_t l = 0; l < model->layers; l++) {
    rows.h[l] += at * w->h_ld[l];
    rows.dh[l] += at * w->h_ld[l];
    if (rows.derivative[l] != NULL) rows.derivative[l] += at * w->h_ld[l];
    rows.keep[l] += at * w->keep_ld[l];
  }
  rows.wide_sum += at;
  rows.interaction += at;
  rows.prediction += at;
  rows.target += at;
  rows.gradient += at;
  return rows;
}

/* --- loading --- */

/* Rows order[first], order[first + 1], ... of `rows`; order NULL: first, ... */
struct loading {
  struct workspace *w;
  const struct wide_deep *model;
  const struct encoded_rows *rows;
  const uint32_t *order;
  size_t first, m, parts;
};

static size_t row_of(const struct loading *l, size_t i) {
  return l->order != NULL ? l->order[l->first + i] : l->first + i;
}

/* Where what the model reads of it is. */
static size_t kind_of(const struct loading *l, size_t i) {
  return encoded_rows_kind(l->rows, row_of(l, i));
}

/* Of a table that no L2 cache holds, rows are worth asking for early. */
static size_t worth_ahead(const struct field *field) {
  const size_t bytes = (field->table->rows + 1) * field->table->ld * sizeof(float);
  return bytes >= LARGE_TABLE ? EMBEDDING_AHEAD : 0;
}

/* How many rows of those to come to look at: of two small batches, since each batch looks
 * anew. */
static size_t rows_ahead(const struct loading *l, const struct field *field) {
  const size_t left = l->rows->rows - l->first - l->m, worth = worth_ahead(field);
  const size_t most = worth < 2 * l->m ? worth : 2 * l->m;
  return left < most ? left : most;
}

/* `first` + the code in this slot. */
static void load_codes(const struct loading *l, size_t slot, uint32_t first, uint32_t *to,
                       size_t from, size_t end) {
  const uint32_t *code = l->rows->codes + slot;
  for (size_t i = from; i < end; i++) to[i] = first + code[kind_of(l, i) * l->rows->slots];
}

/* The list of a row's owner without the entry that the row leaves out. At most
 * `room` entries are written; how many, is returned. */
static size_t copy_list(uint32_t *to, const struct encoded_bag *bag, size_t row, size_t room) {
  const struct bag_lists *lists = bag->lists;
  const uint32_t *list = lists->entry + lists->offset[bag->owner[row]];
  const size_t length = lists->offset[bag->owner[row] + 1] - lists->offset[bag->owner[row]];
  const size_t before = bag->skip[row] < length ? bag->skip[row] : length;
  const size_t after = before < length ? length - before - 1 : 0;
  const size_t copied = before < room ? before : room;
  const size_t copied_after = after < room - copied ? after : room - copied;
  memcpy(to, list, copied * sizeof *to);
  memcpy(to + copied, list + (length - after), copied_after * sizeof *to);
  return copied + copied_after;
}

static uint32_t list_length(const struct encoded_bag *bag, size_t row) {
  const uint32_t *offset = bag->lists->offset + bag->owner[row];
  const uint32_t length = offset[1] - offset[0];
  return bag->skip[row] < length ? length - 1 : length;
}

/* Where the rows' lists lie, one after another. */
static void place_lists(const struct loading *l, size_t f) {
  const struct encoded_bag *bag = &l->rows->bag[l->model->field[f].source];
  uint32_t *offset = l->w->field[f].offset;
  offset[0] = 0;
  for (size_t i = 0; i < l->m; i++) offset[i + 1] = offset[i] + list_length(bag, kind_of(l, i));
}

/* A merged row is one number somewhere in memory, which is asked for some rows ahead. */
static void fetch_ahead(const struct loading *l, size_t at, size_t count) {
  const struct encoded_rows *rows = l->rows;
  if (l->order == NULL || rows->merged == NULL || rows->rows < WORTH_FETCHING) return;
  const size_t first = l->first + at + FETCHED_AHEAD;
  for (size_t i = first; i < first + count && i < rows->rows; i++) {
    memory_fetch(rows->merged + l->order[i]);
  }
}

/* What follows the batch, in the place after it. */
static void load_ahead(const struct loading *l, size_t f) {
  const struct field *field = &l->model->field[f];
  const size_t ahead = rows_ahead(l, field), worth = worth_ahead(field);
  struct field_rows *to = &l->w->field[f];
  to->known_ahead = 0;
  if (!field->is_bag) {
    load_codes(l, field->source, 0, to->index, l->m, l->m + ahead);
    to->known_ahead = ahead;
    return;
  }
  const struct encoded_bag *bag = &l->rows->bag[field->source];
  uint32_t *index = to->index + to->offset[l->m];
  for (size_t i = l->m; i < l->m + ahead && to->known_ahead < worth; i++) {
    const size_t room = worth - to->known_ahead;
    to->known_ahead += copy_list(index + to->known_ahead, bag, kind_of(l, i), room);
  }
}

static void load_wide(const struct loading *l, size_t from, size_t end) {
  uint32_t *to = l->w->wide;
  for (size_t c = 0; c < l->model->crosses; c++) {
    const struct wide_table *wide = &l->model->wide[c];
    const uint32_t first = (uint32_t)wide->weight->offset;
    for (size_t s = 0; s < wide->slots; s++, to += l->w->most) {
      load_codes(l, wide->source + s, first, to, from, end);
    }
  }
}

static void load_numbers(const struct loading *l, size_t from, size_t end) {
  const struct encoded_rows *rows = l->rows;
  const size_t numbers = l->model->numbers;
  for (size_t i = from; numbers > 0 && i < end; i++) {
    float *x = l->w->x + i * l->model->input_ld + l->model->embedding_width;
    const float *from_row = rows->values + kind_of(l, i) * rows->numbers;
    for (size_t n = 0; n < numbers; n++) x[n] = from_row[n];
  }
}

static void load_part(void *context, size_t part) {
  const struct loading *l = context;
  const struct wide_deep *model = l->model;
  const struct encoded_rows *rows = l->rows;
  const struct work_span span = work_parts_span(part, l->parts, l->m);
  const size_t end = span.at + span.count;
  fetch_ahead(l, span.at, span.count);
  /* Each may come from memory: alone in their loop, many are on their way at once. */
  for (size_t i = span.at; i < end; i++) {
    l->w->target[i] = encoded_rows_target(rows, row_of(l, i));
  }
  for (size_t f = 0; f < model->fields; f++) {
    const struct field *field = &model->field[f];
    const struct field_rows *to = &l->w->field[f];
    if (!field->is_bag) load_codes(l, field->source, 0, to->index, span.at, end);
    for (size_t i = span.at; field->is_bag && i < end; i++) {
      (void)copy_list(to->index + to->offset[i], &rows->bag[field->source], kind_of(l, i),
                      SIZE_MAX);
    }
  }
  load_wide(l, span.at, end);
  load_numbers(l, span.at, end);
}

static uint64_t loading_work(const struct loading *l) {
  const struct wide_deep *model = l->model;
  uint64_t codes = l->m * (model->fields + model->wide_slots + model->numbers);
  for (size_t f = 0; f < model->fields; f++) {
    if (model->field[f].is_bag) codes += l->w->field[f].offset[l->m];
  }
  return WORK_CODE * codes;
}

void workspace_load(struct workspace *w, const struct wide_deep *model,
                    const struct encoded_rows *rows, const uint32_t *order, size_t first,
                    size_t m) {
  struct loading loading = {
      .w = w, .model = model, .rows = rows, .order = order, .first = first, .m = m};
  for (size_t f = 0; f < model->fields; f++) {
    if (model->field[f].is_bag) place_lists(&loading, f);
  }
  loading.parts = work_parts_count(w->pool, loading_work(&loading), work_parts_units(m));
  thread_pool_run(w->pool, loading.parts, load_part, &loading);
  for (size_t f = 0; f < model->fields; f++) load_ahead(&loading, f);
}
