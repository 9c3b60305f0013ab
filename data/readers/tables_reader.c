#include "data/readers/tables_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/builtin_columns.h"
#include "data/readers/duplicates.h"
#include "data/readers/table_rows.h"
#include "data/times.h"

static const char *const table_names[] = {
    [TABLE_USERS] = "users", [TABLE_ITEMS] = "items", [TABLE_RATINGS] = "ratings"};
/* Before a name that another table has too. */
static const char *const table_prefixes[] = {
    [TABLE_USERS] = "user_", [TABLE_ITEMS] = "item_", [TABLE_RATINGS] = "rating_"};

struct reading {
  const struct source_spec *spec;
  enum tables_form form;
  const char *path;
  struct dataset_builder builder;
  char *names[TABLES]; /* of the tables, for messages; as long as the builder */
  char title[COLUMN_NAME];
  bool met[SOURCE_COLUMNS_MAX]; /* which columns of the spec a table has */
};

/* One table: its rows, and where their cells go. */
struct table_reading {
  struct reading *reading;
  enum table table;
  struct table_rows rows;
  size_t *target; /* [columns] of the builder's table; SIZE_MAX: an id, a rating, a time */
};

static const struct source_table *spec_of(const struct table_reading *t) {
  return &t->reading->spec->table[t->table];
}

static bool open_rows(struct table_reading *t, struct error *error) {
  const struct reading *reading = t->reading;
  const struct source_table *table = spec_of(t);
  if (reading->form == TABLES_DATABASE) {
    return table_rows_open_query(&t->rows, reading->path, table->query, table_names[t->table],
                                 error);
  }
  char *path = file_join(reading->path, table->path, error);
  if (path == NULL) return false;
  const bool done =
      table_rows_open_file(&t->rows, path, table, reading->form == TABLES_ATOMIC, error);
  free(path);
  return done;
}

/* --- columns --- */

static const struct source_column *given_column(struct reading *reading, const char *name) {
  const struct source_spec *spec = reading->spec;
  for (size_t i = 0; i < spec->columns; i++) {
    if (strcmp(spec->column[i].name, name) != 0) continue;
    reading->met[i] = true;
    return &spec->column[i];
  }
  return NULL;
}

/* Whether the column is an id, the rating or the time. */
static bool has_role(const struct source_spec *spec, const char *name) {
  const struct source_table *ratings = &spec->table[TABLE_RATINGS];
  const char *const names[] = {ratings->user,
                               ratings->item,
                               ratings->rating,
                               ratings->time,
                               spec->table[TABLE_USERS].key,
                               spec->table[TABLE_ITEMS].key};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i], name) == 0) return true;
  }
  return false;
}

/* A kind for a column that no table has is a misspelt name. */
static bool all_met(const struct reading *reading, const struct schema *schema,
                    struct error *error) {
  for (size_t i = 0; i < reading->spec->columns; i++) {
    const char *name = reading->spec->column[i].name;
    if (reading->met[i]) continue;
    if (has_role(reading->spec, name)) {
      return error_set(error, ERROR_CONFIG,
                       "data.columns: '%s' is an id, the rating or the time, which have no kind",
                       name);
    }
    error_set(error, ERROR_CONFIG, "data.columns: there is no column '%s'", name);
    return schema_suggest(schema, name, NULL, "Columns", error);
  }
  return true;
}

/* Names of columns stand in configs and options: what could not is an underscore. */
static void clean_name(char *name) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  for (; *name != '\0'; name++) {
    if ((unsigned char)*name < 0x80 && strchr(plain, *name) == NULL) *name = '_';
  }
}

/* By a column of a table that was read before, or one that every data set has. */
static bool name_taken(const struct reading *reading, const char *name) {
  const struct dataset_builder *builder = &reading->builder;
  if (builtin_named(name, reading->spec->table[TABLE_RATINGS].time[0] != '\0')) return true;
  for (size_t t = 0; t < TABLES; t++) {
    for (size_t c = 0; c < builder->table[t].columns; c++) {
      if (strcmp(builder->table[t].column[c].column.name, name) == 0) return true;
    }
  }
  return false;
}

static bool add_column(struct table_reading *t, size_t c, struct error *error) {
  struct dataset_builder *builder = &t->reading->builder;
  const char *header = t->rows.column[c];
  char name[COLUMN_NAME + 8];
  (void)snprintf(name, sizeof name, "%s", header);
  clean_name(name);
  if (name_taken(t->reading, name)) {
    (void)snprintf(name, sizeof name, "%s%s", table_prefixes[t->table], header);
    clean_name(name);
  }
  const struct source_column *given = given_column(t->reading, header);
  if (given == NULL) given = given_column(t->reading, name);
  const struct cell_spec spec = given != NULL ? given->spec : t->rows.spec[c];
  if (spec.kind == CELL_IGNORED) return true;
  enum column_side side = t->table == TABLE_ITEMS ? SIDE_ITEM : SIDE_USER;
  if (t->table == TABLE_RATINGS && given != NULL && given->of_item) side = SIDE_ITEM;
  if (!dataset_builder_add_column(builder, t->table, name, &spec, side, NULL, error)) return false;
  t->target[c] = builder->table[t->table].columns - 1;
  if (t->table == TABLE_ITEMS && strcmp(spec_of(t)->name, header) == 0) {
    memcpy(t->reading->title, name, strlen(name) + 1);
  }
  return true;
}

static bool add_columns(struct table_reading *t, const size_t *special, size_t count,
                        struct error *error) {
  t->target = memory_array(t->rows.columns, sizeof *t->target, error);
  if (t->target == NULL) return false;
  for (size_t c = 0; c < t->rows.columns; c++) {
    bool own = true;
    t->target[c] = SIZE_MAX;
    for (size_t i = 0; i < count; i++) own = own && special[i] != c;
    if (own && !add_column(t, c, error)) return false;
  }
  return true;
}

static bool add_cells(const struct table_reading *t, struct error *error) {
  struct table_builder *table = &t->reading->builder.table[t->table];
  for (size_t c = 0; c < t->rows.columns; c++) {
    const struct span field = t->rows.field[c];
    if (t->target[c] == SIZE_MAX) continue;
    if (!column_builder_add(&table->column[t->target[c]], field.begin,
                            (size_t)(field.end - field.begin), t->rows.line, error)) {
      return false;
    }
  }
  return true;
}

/* --- users and items --- */

static bool read_owner(const struct table_reading *t, size_t key, struct error *error) {
  struct words_builder *ids = &t->reading->builder.ids[t->table == TABLE_ITEMS];
  const struct span id = t->rows.field[key];
  const uint32_t known = ids->words.count;
  uint32_t place;
  if (id.begin == id.end) {
    table_rows_fault(&t->rows, error, "%s is empty", t->rows.column[key]);
    return true;
  }
  if (!words_builder_add(ids, id.begin, (size_t)(id.end - id.begin), &place, error)) return false;
  if (place < known) {
    table_rows_fault(&t->rows, error, "%s '%.40s' stands in an earlier row already",
                     t->rows.column[key], words_text(&ids->words, place));
    return true;
  }
  return add_cells(t, error);
}

static bool read_owners(struct table_reading *t, struct error *error) {
  const size_t key = table_rows_find(&t->rows, spec_of(t)->key, error);
  const char *title = spec_of(t)->name;
  if (key == SIZE_MAX || !add_columns(t, &key, 1, error)) return false;
  if (title[0] != '\0' && table_rows_find(&t->rows, title, error) == SIZE_MAX) return false;
  while (table_rows_next(&t->rows, error)) {
    if (!read_owner(t, key, error)) return false;
  }
  return error_faults_done(error);
}

/* --- ratings --- */

enum { USER, ITEM, RATING, TIME, SPECIALS };

static bool read_id(const struct table_reading *t, size_t column, enum column_side side,
                    uint32_t *place, bool *good, struct error *error) {
  const struct span id = t->rows.field[column];
  if (id.begin == id.end) {
    *good = table_rows_fault(&t->rows, error, "%s is empty", t->rows.column[column]);
    return true;
  }
  return words_builder_add(&t->reading->builder.ids[side], id.begin, (size_t)(id.end - id.begin),
                           place, error);
}

/* Digits, and one or none after a point, as nearly all ratings are. */
static bool small_rating(struct span field, double *rating) {
  const size_t length = (size_t)(field.end - field.begin);
  if (length == 0 || length > 3 || field.begin[0] < '0' || field.begin[0] > '9') return false;
  *rating = field.begin[0] - '0';
  if (length == 1) return true;
  if (length != 3 || field.begin[1] != '.' || field.begin[2] < '0' || field.begin[2] > '9') {
    return false;
  }
  *rating += (field.begin[2] - '0') / 10.0;
  return true;
}

static bool parse_rating(const struct table_reading *t, size_t column, double *rating,
                         struct error *error) {
  const struct source_spec *spec = t->reading->spec;
  const struct span field = t->rows.field[column];
  char shown[SPAN_SHOWN];
  if (!small_rating(field, rating) &&
      (!text_double(field.begin, field.end, rating) || !isfinite(*rating))) {
    return table_rows_fault(&t->rows, error, "%s '%s' is not a number", t->rows.column[column],
                            span_show(field, shown));
  }
  if (!spec->has_scale || (*rating >= spec->scale_low && *rating <= spec->scale_high)) return true;
  return table_rows_fault(&t->rows, error, "%s '%s' is outside of the scale, %g to %g",
                          t->rows.column[column], span_show(field, shown), spec->scale_low,
                          spec->scale_high);
}

static bool parse_time(const struct table_reading *t, size_t column, int64_t *time,
                       struct error *error) {
  const struct span field = t->rows.field[column];
  char shown[SPAN_SHOWN];
  double seconds;
  if (times_parse(field.begin, (size_t)(field.end - field.begin), time)) return true;
  if (text_double(field.begin, field.end, &seconds) && fabs(seconds) < 253402300800.0) {
    *time = (int64_t)floor(seconds);
    return true;
  }
  return table_rows_fault(&t->rows, error,
                          "%s '%s' is no time: seconds since 1970, or 2020-01-31 13:45",
                          t->rows.column[column], span_show(field, shown));
}

static bool read_rating(const struct table_reading *t, const size_t at[SPECIALS],
                        struct error *error) {
  uint32_t user = 0, item = 0;
  bool good = true;
  double rating = 0;
  int64_t time = 0;
  if (!read_id(t, at[USER], SIDE_USER, &user, &good, error) ||
      !read_id(t, at[ITEM], SIDE_ITEM, &item, &good, error)) {
    return false;
  }
  good = parse_rating(t, at[RATING], &rating, error) && good;
  if (at[TIME] != SIZE_MAX) good = parse_time(t, at[TIME], &time, error) && good;
  if (!good) return true;
  return dataset_builder_add_rating(&t->reading->builder, user, item, (float)rating, time, error) &&
         add_cells(t, error);
}

static bool read_ratings(struct table_reading *t, struct error *error) {
  const struct source_table *table = spec_of(t);
  const char *const names[SPECIALS] = {table->user, table->item, table->rating, table->time};
  size_t at[SPECIALS];
  for (size_t i = 0; i < SPECIALS; i++) {
    at[i] = SIZE_MAX;
    if (i == TIME && names[i][0] == '\0') continue;
    at[i] = table_rows_find(&t->rows, names[i], error);
    if (at[i] == SIZE_MAX) return false;
  }
  t->reading->builder.times = at[TIME] != SIZE_MAX;
  if (!add_columns(t, at, SPECIALS, error)) return false;
  while (table_rows_next(&t->rows, error)) {
    if (!read_rating(t, at, error)) return false;
  }
  if (!error_faults_done(error)) return false;
  return t->reading->builder.ratings > 0 ||
         error_set(error, ERROR_DATA, "%s: there are no ratings", t->rows.name);
}

/* --- all --- */

static bool read_table(struct reading *reading, enum table table, struct error *error) {
  struct table_reading t = {.reading = reading, .table = table};
  if (!reading->spec->table[table].given) return true;
  bool done = open_rows(&t, error);
  if (done) {
    reading->names[table] = memory_text(t.rows.name, error);
    reading->builder.table[table].file = reading->names[table];
    done = reading->names[table] != NULL &&
           (table == TABLE_RATINGS ? read_ratings(&t, error) : read_owners(&t, error));
  }
  table_rows_close(&t.rows);
  free(t.target);
  return done;
}

/* Users and items first: their rows' places come before those that only ratings have. */
static bool read_all(struct reading *reading, struct dataset *dataset, struct error *error) {
  const struct source_spec *spec = reading->spec;
  struct dataset_builder *builder = &reading->builder;
  if (!read_table(reading, TABLE_USERS, error)) return false;
  const uint32_t users = builder->ids[SIDE_USER].words.count;
  if (!read_table(reading, TABLE_ITEMS, error)) return false;
  const uint32_t items = builder->ids[SIDE_ITEM].words.count;
  if (!read_table(reading, TABLE_RATINGS, error) ||
      !duplicates_settle(builder, spec->duplicates, error)) {
    return false;
  }
  if (spec->table[TABLE_USERS].given) {
    dataset->users_unlisted = builder->ids[SIDE_USER].words.count - users;
  }
  if (spec->table[TABLE_ITEMS].given) {
    dataset->items_unlisted = builder->ids[SIDE_ITEM].words.count - items;
  }
  dataset->scale_low = spec->has_scale ? (float)spec->scale_low : NAN;
  dataset->scale_high = spec->has_scale ? (float)spec->scale_high : NAN;
  memcpy(dataset->item_title, reading->title, sizeof dataset->item_title);
  return dataset_builder_finish(builder, spec->derivation, spec->derived, dataset, error) &&
         all_met(reading, &dataset->schema, error);
}

bool tables_read(const struct source_spec *spec, enum tables_form form, const char *path,
                 struct dataset *dataset, struct error *error) {
  struct reading reading = {.spec = spec, .form = form, .path = path};
  dataset->irreducible_mse = (double)NAN;
  const bool done = read_all(&reading, dataset, error);
  dataset_builder_clear(&reading.builder);
  for (size_t t = 0; t < TABLES; t++) free(reading.names[t]);
  if (!done) dataset_clear(dataset);
  return done;
}
