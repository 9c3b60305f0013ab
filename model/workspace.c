/* A batch's memory, and its inputs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/wide_deep.h"

enum { ALIGN = 16, LARGE_TABLE = 512 << 10 };

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

static size_t row_of(const uint32_t *order, size_t i) {
  return order != NULL ? order[i] : i;
}

/* Of a table that no L2 cache holds, rows are worth asking for early. */
static size_t worth_ahead(const struct field *field) {
  const size_t bytes = (field->table->rows + 1) * field->table->ld * sizeof(float);
  return bytes >= LARGE_TABLE ? EMBEDDING_AHEAD : 0;
}

static void load_field(struct field_rows *to, const struct field *field,
                       const struct encoded_rows *rows, const uint32_t *order, size_t first,
                       size_t m) {
  const uint32_t *code = rows->codes + field->source;
  const size_t left = rows->rows - first - m, worth = worth_ahead(field);
  to->known_ahead = left < worth ? left : worth;
  for (size_t i = 0; i < m + to->known_ahead; i++) {
    to->index[i] = code[row_of(order, first + i) * rows->slots];
  }
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

/* The lists of the rows' owners, one after another. */
static void load_bag(struct field_rows *to, const struct field *field,
                     const struct encoded_rows *rows, const uint32_t *order, size_t first,
                     size_t m) {
  const struct encoded_bag *bag = &rows->bag[field->source];
  const size_t worth = worth_ahead(field);
  size_t end = 0;
  to->offset[0] = 0;
  for (size_t i = 0; i < m; i++) {
    end += copy_list(to->index + end, bag, row_of(order, first + i), SIZE_MAX);
    to->offset[i + 1] = (uint32_t)end;
  }
  const size_t left = rows->rows - first - m, ahead = left < worth ? left : worth;
  to->known_ahead = 0;
  for (size_t i = first + m; i < first + m + ahead && to->known_ahead < worth; i++) {
    to->known_ahead += copy_list(to->index + end + to->known_ahead, bag, row_of(order, i),
                                 worth - to->known_ahead);
  }
}

static void load_wide(struct workspace *w, const struct wide_deep *model, const uint32_t *codes,
                      size_t i) {
  uint32_t *to = w->wide + i;
  for (size_t c = 0; c < model->crosses; c++) {
    const struct wide_table *wide = &model->wide[c];
    const uint32_t *code = codes + wide->source, first = (uint32_t)wide->weight->offset;
    for (size_t s = 0; s < wide->slots; s++, to += w->most) *to = first + code[s];
  }
}

void workspace_load(struct workspace *w, const struct wide_deep *model,
                    const struct encoded_rows *rows, const uint32_t *order, size_t first,
                    size_t m) {
  for (size_t f = 0; f < model->fields; f++) {
    const struct field *field = &model->field[f];
    if (field->is_bag) {
      load_bag(&w->field[f], field, rows, order, first, m);
    } else {
      load_field(&w->field[f], field, rows, order, first, m);
    }
  }
  for (size_t i = 0; i < m; i++) {
    const size_t row = row_of(order, first + i);
    load_wide(w, model, rows->codes + row * rows->slots, i);
    float *x = w->x + i * model->input_ld + model->embedding_width;
    for (size_t n = 0; n < model->numbers; n++) x[n] = rows->values[row * rows->numbers + n];
    w->target[i] = rows->target[row];
  }
}
