#include "data/readers/duplicates.h"

#include <stdlib.h>

#include "base/memory.h"

/* Of one user's ratings so far, an item's. */
struct rated {
  uint32_t user;  /* whose: from 1 */
  uint32_t count; /* how many of them */
  uint32_t first, last;
  double sum;
};

struct settling {
  struct dataset_builder *builder;
  enum duplicates duplicates;
  uint32_t *begin;     /* [users + 1] where each one's rows begin in `row` */
  uint32_t *row;       /* [ratings] those of one user after those of another, each ascending */
  struct rated *rated; /* [items] */
  bool *dropped;       /* [ratings] */
  size_t drops;
  size_t first, again; /* of a pair that is there twice: the one whose second row comes first */
};

static bool allocate(struct settling *s, struct error *error) {
  const struct dataset_builder *builder = s->builder;
  const size_t users = builder->ids[SIDE_USER].words.count;
  s->begin = memory_array(users + 1, sizeof *s->begin, error);
  s->row = memory_array(builder->ratings, sizeof *s->row, error);
  s->rated = memory_array(builder->ids[SIDE_ITEM].words.count, sizeof *s->rated, error);
  s->dropped = memory_array(builder->ratings, sizeof *s->dropped, error);
  return s->begin != NULL && s->row != NULL && s->rated != NULL && s->dropped != NULL;
}

/* By counting (Knuth, TAOCP vol. 3, section 5.2, algorithm D). */
static void sort_by_user(struct settling *s) {
  const struct dataset_builder *builder = s->builder;
  const size_t users = builder->ids[SIDE_USER].words.count;
  for (size_t row = 0; row < builder->ratings; row++) s->begin[builder->row_user[row] + 1]++;
  for (size_t user = 0; user < users; user++) s->begin[user + 1] += s->begin[user];
  for (size_t row = 0; row < builder->ratings; row++) {
    s->row[s->begin[builder->row_user[row]]++] = (uint32_t)row;
  }
  /* Each begin is at its end now, where the next one's rows begin. */
  for (size_t user = users; user > 0; user--) s->begin[user] = s->begin[user - 1];
  s->begin[0] = 0;
}

static void settle_row(struct settling *s, uint32_t user, uint32_t row) {
  struct dataset_builder *builder = s->builder;
  struct rated *rated = &s->rated[builder->row_item[row]];
  if (rated->user != user + 1) *rated = (struct rated){.user = user + 1, .first = row};
  rated->count++;
  rated->sum += (double)builder->row_rating[row];
  if (rated->count > 1) {
    s->dropped[rated->last] = true;
    s->drops++;
    if (row < s->again) {
      s->first = rated->first;
      s->again = row;
    }
    if (s->duplicates == DUPLICATES_MEAN) {
      builder->row_rating[row] = (float)(rated->sum / (double)rated->count);
    }
  }
  rated->last = row;
}

static void settle(struct settling *s) {
  const uint32_t users = s->builder->ids[SIDE_USER].words.count;
  sort_by_user(s);
  s->again = s->builder->ratings;
  for (uint32_t user = 0; user < users; user++) {
    for (uint32_t i = s->begin[user]; i < s->begin[user + 1]; i++) settle_row(s, user, s->row[i]);
  }
}

static bool refuse(const struct settling *s, struct error *error) {
  const struct dataset_builder *builder = s->builder;
  const char *user = words_text(&builder->ids[SIDE_USER].words, builder->row_user[s->first]);
  const char *item = words_text(&builder->ids[SIDE_ITEM].words, builder->row_item[s->first]);
  error_set(error, ERROR_DATA, "%s: user '%s' rates item '%s' in rating %zu and again in %zu",
            builder->table[TABLE_RATINGS].file, user, item, s->first + 1, s->again + 1);
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
static void drop_rows(struct settling *s) {
  struct dataset_builder *builder = s->builder;
  struct table_builder *table = &builder->table[TABLE_RATINGS];
  size_t kept = 0;
  for (size_t row = 0; row < builder->ratings; row++) {
    if (!s->dropped[row]) keep_row(builder, kept++, row);
  }
  builder->ratings = kept;
  for (size_t c = 0; c < table->columns; c++) table->column[c].rows = kept;
}

bool duplicates_settle(struct dataset_builder *builder, enum duplicates duplicates,
                       struct error *error) {
  struct settling s = {.builder = builder, .duplicates = duplicates};
  bool done = allocate(&s, error);
  if (done) settle(&s);
  if (done && s.drops > 0) {
    if (duplicates == DUPLICATES_ERROR) {
      done = refuse(&s, error);
    } else {
      drop_rows(&s);
    }
  }
  free(s.begin);
  free(s.row);
  free(s.rated);
  free(s.dropped);
  return done;
}
