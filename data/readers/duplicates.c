#include "data/readers/duplicates.h"

#include <stdlib.h>

#include "base/memory.h"
#include "data/readers/key_index.h"

struct settling {
  struct dataset_builder *builder;
  struct key_index index;
  uint32_t *last;  /* [ratings] of a pair's first row: its last one so far */
  uint32_t *count; /* [ratings] of a pair's first row: how many there are */
  double *sum;     /* [ratings] the same: their ratings */
};

static bool allocate(struct settling *s, struct error *error) {
  const size_t rows = s->builder->ratings;
  s->last = memory_array(rows, sizeof *s->last, error);
  s->count = memory_array(rows, sizeof *s->count, error);
  s->sum = memory_array(rows, sizeof *s->sum, error);
  return s->last != NULL && s->count != NULL && s->sum != NULL;
}

static bool refuse(const struct dataset_builder *builder, size_t first, size_t again,
                   struct error *error) {
  const char *user = words_text(&builder->ids[SIDE_USER].words, builder->row_user[first]);
  const char *item = words_text(&builder->ids[SIDE_ITEM].words, builder->row_item[first]);
  error_set(error, ERROR_DATA, "%s: user '%s' rates item '%s' in rating %zu and again in %zu",
            builder->table[TABLE_RATINGS].file, user, item, first + 1, again + 1);
  return error_help(error, "data.duplicates: last takes the last one, mean their mean");
}

static void keep_row(struct dataset_builder *builder, size_t to, size_t from) {
  struct table_builder *table = &builder->table[TABLE_RATINGS];
  builder->row_user[to] = builder->row_user[from];
  builder->row_item[to] = builder->row_item[from];
  builder->row_rating[to] = builder->row_rating[from];
  if (builder->times) builder->row_time[to] = builder->row_time[from];
  for (size_t c = 0; c < table->columns; c++) {
    table->column[c].cell[to] = table->column[c].cell[from];
  }
}

/* Each pair's last row stays, in the order of the last rows. */
static void drop_rows(struct settling *s, bool mean) {
  struct dataset_builder *builder = s->builder;
  struct table_builder *table = &builder->table[TABLE_RATINGS];
  size_t kept = 0;
  for (size_t row = 0; row < builder->ratings; row++) {
    const uint64_t pair = key_index_pair(builder->row_user[row], builder->row_item[row]);
    const uint32_t first = key_index_find(&s->index, pair);
    if (s->last[first] != row) continue;
    if (mean) builder->row_rating[row] = (float)(s->sum[first] / (double)s->count[first]);
    /* What is moved to the front was read already: pairs are looked up by what follows. */
    keep_row(builder, kept++, row);
  }
  builder->ratings = kept;
  for (size_t c = 0; c < table->columns; c++) table->column[c].rows = kept;
}

static bool settle(struct settling *s, enum duplicates duplicates, struct error *error) {
  const struct dataset_builder *builder = s->builder;
  size_t again = 0;
  if (!key_index_init(&s->index, builder->ratings, error)) return false;
  if (duplicates != DUPLICATES_ERROR && !allocate(s, error)) return false;
  for (size_t row = 0; row < builder->ratings; row++) {
    const uint64_t pair = key_index_pair(builder->row_user[row], builder->row_item[row]);
    uint32_t first = key_index_add(&s->index, pair, (uint32_t)row);
    again += first != KEY_INDEX_NONE;
    if (first == KEY_INDEX_NONE) first = (uint32_t)row;
    if (duplicates == DUPLICATES_ERROR) {
      if (first != row) return refuse(builder, first, row, error);
      continue;
    }
    s->last[first] = (uint32_t)row;
    s->count[first]++;
    s->sum[first] += (double)builder->row_rating[row];
  }
  if (again > 0) drop_rows(s, duplicates == DUPLICATES_MEAN);
  return true;
}

bool duplicates_settle(struct dataset_builder *builder, enum duplicates duplicates,
                       struct error *error) {
  struct settling s = {.builder = builder};
  const bool done = settle(&s, duplicates, error);
  key_index_clear(&s.index);
  free(s.last);
  free(s.count);
  free(s.sum);
  return done;
}
