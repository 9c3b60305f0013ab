#include "data/builtin_columns.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

#define ID(column, whose, owners, text) \
  .name = column, .kind = COLUMN_CATEGORY, .side = whose, .table = owners, .help = text
#define HISTORY(column, whose, owners, text) \
  .name = column, .kind = COLUMN_HISTORY, .side = whose, .table = owners, .help = text
#define STATISTIC(column, what, whose, text)                                  \
  .name = column, .kind = COLUMN_STATISTIC, .side = whose, .statistic = what, \
  .table = TABLE_RATINGS, .help = text

static const struct column ids[] = {
    {ID("user_id", SIDE_USER, TABLE_USERS, "the user")},
    {ID("item_id", SIDE_ITEM, TABLE_ITEMS, "the item")},
};

static const struct column histories[] = {
    {HISTORY("user_history", SIDE_USER, TABLE_USERS, "the items that the user rated in training")},
    {HISTORY("item_history", SIDE_ITEM, TABLE_ITEMS, "the users who rated the item in training")},
    {STATISTIC("user_mean", STATISTIC_MEAN, SIDE_USER,
               "mean training rating of the user, smoothed")},
    {STATISTIC("item_mean", STATISTIC_MEAN, SIDE_ITEM,
               "mean training rating of the item, smoothed")},
    {STATISTIC("user_count", STATISTIC_COUNT, SIDE_USER, "training ratings of the user")},
    {STATISTIC("item_count", STATISTIC_COUNT, SIDE_ITEM, "training ratings of the item")},
};

static const struct column since_first = {STATISTIC("days_since_first", STATISTIC_DAYS_SINCE_FIRST,
                                                    SIDE_USER,
                                                    "days since the user's first training rating")};

static bool add_all(struct schema *schema, const struct column *columns, size_t count,
                    struct error *error) {
  for (size_t i = 0; i < count; i++) {
    if (!schema_add(schema, &columns[i], error)) return false;
  }
  return true;
}

bool builtin_add_ids(struct schema *schema, struct error *error) {
  return add_all(schema, ids, sizeof ids / sizeof *ids, error);
}

/* --- parts of a time --- */

static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static const struct {
  const char *name, *help;
  enum time_part part;
  uint32_t words;
} parts[] = {
    {"rating_day", "day of the rating, from 1970-01-01 UTC", TIME_DAY, 0},
    {"rating_hour", "hour of the rating, 0 to 23 UTC", TIME_HOUR, 24},
    {"rating_weekday", "day of the week of the rating, UTC", TIME_WEEKDAY, 7},
};

static bool part_words(enum time_part part, uint32_t count, struct words *words,
                       struct error *error) {
  struct words_builder builder = {0};
  bool done = true;
  for (uint32_t i = 0; done && i < count; i++) {
    char word[12];
    uint32_t code;
    (void)snprintf(word, sizeof word, "%u", i);
    const char *text = part == TIME_WEEKDAY ? weekdays[i] : word;
    done = words_builder_add(&builder, text, strlen(text), &code, error);
  }
  *words = words_builder_take(&builder);
  return done;
}

static bool add_parts(struct schema *schema, struct error *error) {
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    struct column column = {.kind = parts[i].words > 0 ? COLUMN_CATEGORY : COLUMN_NUMBER,
                            .side = SIDE_USER,
                            .table = TABLE_RATINGS,
                            .help = parts[i].help};
    memcpy(column.name, parts[i].name, strlen(parts[i].name) + 1);
    column.values = memory_array(1, sizeof *column.values, error);
    if (column.values == NULL) return false;
    column.values->part = parts[i].part;
    column.values->derived = true;
    if (!part_words(parts[i].part, parts[i].words, &column.values->words, error) ||
        !schema_add(schema, &column, error)) {
      column_values_free(column.values);
      return false;
    }
  }
  return schema_add(schema, &since_first, error);
}

bool builtin_add_others(struct schema *schema, bool times, struct error *error) {
  return (!times || add_parts(schema, error)) &&
         add_all(schema, histories, sizeof histories / sizeof *histories, error);
}

static bool is_among(const char *name, const struct column *columns, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(columns[i].name, name) == 0) return true;
  }
  return false;
}

bool builtin_named(const char *name, bool times) {
  for (size_t i = 0; times && i < sizeof parts / sizeof *parts; i++) {
    if (strcmp(parts[i].name, name) == 0) return true;
  }
  return is_among(name, ids, sizeof ids / sizeof *ids) ||
         is_among(name, histories, sizeof histories / sizeof *histories) ||
         (times && is_among(name, &since_first, 1));
}
