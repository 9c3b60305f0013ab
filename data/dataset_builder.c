#include "data/dataset_builder.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/builtin_columns.h"

bool dataset_builder_add_column(struct dataset_builder *builder, enum table table, const char *name,
                                const struct cell_spec *spec, enum column_side side,
                                const char *help, struct error *error) {
  struct table_builder *to = &builder->table[table];
  const size_t length = strlen(name);
  if (length >= COLUMN_NAME) {
    return error_set(error, ERROR_DATA, "%s: the name of column '%.60s' is longer than %d bytes",
                     to->file, name, COLUMN_NAME - 1);
  }
  struct column_builder *grown = memory_grow(to->column, to->columns + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  to->column = grown;
  struct column_builder *column = &grown[to->columns++];
  *column = (struct column_builder){.spec = *spec};
  column->column = (struct column){.side = side, .table = table, .help = help};
  memcpy(column->column.name, name, length + 1);
  return true;
}

static bool grow_ratings(struct dataset_builder *builder, struct error *error) {
  const size_t room = builder->room > 0 ? builder->room + builder->room / 2 : 1024;
  void *grown;
  if ((grown = memory_grow(builder->row_user, room, sizeof(uint32_t), error)) == NULL) return false;
  builder->row_user = grown;
  if ((grown = memory_grow(builder->row_item, room, sizeof(uint32_t), error)) == NULL) return false;
  builder->row_item = grown;
  if ((grown = memory_grow(builder->row_rating, room, sizeof(float), error)) == NULL) return false;
  builder->row_rating = grown;
  if (builder->times) {
    if ((grown = memory_grow(builder->row_time, room, sizeof(int64_t), error)) == NULL) {
      return false;
    }
    builder->row_time = grown;
  }
  builder->room = room;
  return true;
}

bool dataset_builder_add_rating(struct dataset_builder *builder, uint32_t user, uint32_t item,
                                float rating, int64_t time, struct error *error) {
  if (builder->ratings == builder->room && !grow_ratings(builder, error)) return false;
  const size_t row = builder->ratings++;
  builder->row_user[row] = user;
  builder->row_item[row] = item;
  builder->row_rating[row] = rating;
  if (builder->times) builder->row_time[row] = time;
  return true;
}

/* --- finishing --- */

static void fit(void **array, size_t count, size_t size) {
  struct error ignored;
  void *fitted = memory_grow(*array, count, size, &ignored);
  if (fitted != NULL) *array = fitted;
}

static void move_ratings(struct dataset_builder *builder, uint32_t *const code_of[2],
                         struct dataset *dataset) {
  const size_t rows = builder->ratings;
  for (size_t row = 0; row < rows; row++) {
    builder->row_user[row] = code_of[SIDE_USER][builder->row_user[row]];
    builder->row_item[row] = code_of[SIDE_ITEM][builder->row_item[row]];
  }
  dataset->ratings = rows;
  dataset->row_user = builder->row_user;
  dataset->row_item = builder->row_item;
  dataset->row_rating = builder->row_rating;
  dataset->row_time = builder->row_time;
  builder->row_user = builder->row_item = NULL;
  builder->row_rating = NULL;
  builder->row_time = NULL;
  fit((void **)&dataset->row_user, rows, sizeof *dataset->row_user);
  fit((void **)&dataset->row_item, rows, sizeof *dataset->row_item);
  fit((void **)&dataset->row_rating, rows, sizeof *dataset->row_rating);
  if (dataset->row_time != NULL) fit((void **)&dataset->row_time, rows, sizeof(int64_t));
}

static bool finish_columns(struct dataset_builder *builder, enum table table,
                           const uint32_t *place_of, struct dataset *dataset, struct error *error) {
  struct table_builder *from = &builder->table[table];
  const size_t places = dataset_places(dataset, table);
  for (size_t c = 0; c < from->columns; c++) {
    struct column_builder *column = &from->column[c];
    const bool done = column_builder_finish(column, from->file, place_of, places, error) &&
                      schema_add(&dataset->schema, &column->column, error);
    if (done) column->column.values = NULL; /* the schema's now */
    column_builder_clear(column);
    if (!done && error->faults == 0) return false;
  }
  return error_faults_done(error);
}

static bool finish(struct dataset_builder *builder, uint32_t *code_of[2],
                   const struct derivation *derivations, size_t count, struct dataset *dataset,
                   struct error *error) {
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    if (!words_builder_sort(&builder->ids[side], WORDS_IDS, &code_of[side], error)) return false;
  }
  move_ratings(builder, code_of, dataset);
  dataset->user_ids = words_builder_take(&builder->ids[SIDE_USER]);
  dataset->item_ids = words_builder_take(&builder->ids[SIDE_ITEM]);
  dataset->users = dataset->user_ids.count;
  dataset->items = dataset->item_ids.count;
  bool done = builtin_add_ids(&dataset->schema, error) &&
              finish_columns(builder, TABLE_USERS, code_of[SIDE_USER], dataset, error) &&
              finish_columns(builder, TABLE_ITEMS, code_of[SIDE_ITEM], dataset, error) &&
              finish_columns(builder, TABLE_RATINGS, NULL, dataset, error);
  for (size_t i = 0; done && i < count; i++) {
    done = derivation_add(&derivations[i], &dataset->schema, error);
  }
  return done && builtin_add_others(&dataset->schema, dataset->row_time != NULL, error);
}

bool dataset_builder_finish(struct dataset_builder *builder, const struct derivation *derivations,
                            size_t count, struct dataset *dataset, struct error *error) {
  uint32_t *code_of[2] = {NULL, NULL};
  *error = (struct error){0}; /* faults of cells are counted from here */
  const bool done = finish(builder, code_of, derivations, count, dataset, error);
  free(code_of[SIDE_USER]);
  free(code_of[SIDE_ITEM]);
  if (done)
    dataset->digest = dataset_digest(dataset);
  else
    dataset_clear(dataset);
  return done;
}

void dataset_builder_clear(struct dataset_builder *builder) {
  for (enum column_side side = SIDE_USER; side <= SIDE_ITEM; side++) {
    words_builder_clear(&builder->ids[side]);
  }
  for (size_t t = 0; t < TABLES; t++) {
    for (size_t c = 0; c < builder->table[t].columns; c++) {
      column_builder_clear(&builder->table[t].column[c]);
    }
    free(builder->table[t].column);
  }
  free(builder->row_user);
  free(builder->row_item);
  free(builder->row_rating);
  free(builder->row_time);
  *builder = (struct dataset_builder){0};
}
