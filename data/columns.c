#include "data/columns.h"

#include <math.h>
#include <string.h>

/* Decades from that of DATASET_YEAR_MIN on; code 0: no year known. */
enum { DECADE_FIRST = DATASET_YEAR_MIN / 10, DECADE_LAST = DATASET_YEAR_MAX / 10 };

enum { DAY_SECONDS = 24 * 60 * 60 };

static const struct user *user_of(const struct dataset *dataset, size_t row) {
  return &dataset->user[dataset->row_user[row]];
}

static const struct item *item_of(const struct dataset *dataset, size_t row) {
  return &dataset->item[dataset->row_item[row]];
}

static uint32_t user_id_cardinality(const struct dataset *dataset) {
  return (uint32_t)dataset->users;
}

static uint32_t user_id_code(const struct dataset *dataset, size_t row) {
  return dataset->row_user[row];
}

static void user_id_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  text_add(text, "%u", dataset->user[code].id);
}

static uint32_t item_id_cardinality(const struct dataset *dataset) {
  return (uint32_t)dataset->items;
}

static uint32_t item_id_code(const struct dataset *dataset, size_t row) {
  return dataset->row_item[row];
}

static void item_id_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  text_add(text, "%u", dataset->item[code].id);
}

static double age_number(const struct dataset *dataset, size_t row) {
  return (double)user_of(dataset, row)->age;
}

static const struct {
  uint32_t from; /* years */
  const char *label;
} age_groups[AGE_GROUPS] = {{0, "Under 18"}, {18, "18-24"}, {25, "25-34"}, {35, "35-44"},
                            {45, "45-49"},   {50, "50-55"}, {56, "56+"}};

uint32_t column_age_group(uint32_t age) {
  uint32_t group = AGE_GROUPS - 1;
  while (age < age_groups[group].from) group--;
  return group;
}

static uint32_t age_group_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return AGE_GROUPS;
}

static uint32_t age_group_code(const struct dataset *dataset, size_t row) {
  return column_age_group(user_of(dataset, row)->age);
}

static void age_group_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  (void)dataset;
  text_add(text, "%s", age_groups[code].label);
}

static uint32_t gender_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return 2;
}

static uint32_t gender_code(const struct dataset *dataset, size_t row) {
  return user_of(dataset, row)->gender;
}

static void gender_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  (void)dataset;
  text_add(text, "%s", code == GENDER_M ? "M" : "F");
}

static uint32_t occupation_cardinality(const struct dataset *dataset) {
  return (uint32_t)dataset->occupations;
}

static uint32_t occupation_code(const struct dataset *dataset, size_t row) {
  return user_of(dataset, row)->occupation;
}

static void occupation_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  text_add(text, "%s", dataset->occupation_names[code]);
}

static uint32_t zip_area_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return UINT8_MAX + 1;
}

static uint32_t zip_area_code(const struct dataset *dataset, size_t row) {
  return (unsigned char)user_of(dataset, row)->zip[0];
}

static void zip_area_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  (void)dataset;
  /* Zips may hold any byte but control characters; labels are UTF-8. */
  if (code < 0x80)
    text_add(text, "%c", (char)code);
  else
    text_add(text, "0x%02x", code);
}

static uint32_t genre_cardinality(const struct dataset *dataset) {
  return (uint32_t)dataset->genres;
}

static uint32_t genre_code(const struct dataset *dataset, size_t row) {
  return item_of(dataset, row)->first_genre;
}

static void genre_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  text_add(text, "%s", dataset->genre_names[code]);
}

static uint32_t release_decade_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return DECADE_LAST - DECADE_FIRST + 2;
}

static uint32_t release_decade_code(const struct dataset *dataset, size_t row) {
  int32_t year = item_of(dataset, row)->release_year;
  return year == 0 ? 0 : (uint32_t)(year / 10 - DECADE_FIRST + 1);
}

static void release_decade_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  (void)dataset;
  if (code == 0)
    text_add(text, "unknown");
  else
    text_add(text, "%u0s", DECADE_FIRST - 1 + code);
}

static size_t genres_codes(const struct dataset *dataset, uint32_t owner,
                           uint32_t codes[COLUMN_CODES_MAX]) {
  size_t count = 0;
  for (uint32_t g = 0; g < dataset->genres; g++) {
    if ((dataset->item[owner].genres >> g & 1) != 0) codes[count++] = g;
  }
  return count;
}

static double release_year_number(const struct dataset *dataset, size_t row) {
  int32_t year = item_of(dataset, row)->release_year;
  return year == 0 ? NAN : (double)year;
}

/* Times before 1970 are negative, and days begin at midnight there too. */
static int64_t day_of(const struct dataset *dataset, size_t row) {
  int64_t time = dataset->row_time[row];
  return time / DAY_SECONDS - (time % DAY_SECONDS < 0 ? 1 : 0);
}

static double rating_day_number(const struct dataset *dataset, size_t row) {
  return (double)day_of(dataset, row);
}

static uint32_t rating_hour_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return 24;
}

static uint32_t rating_hour_code(const struct dataset *dataset, size_t row) {
  int64_t second = dataset->row_time[row] % DAY_SECONDS;
  return (uint32_t)((second < 0 ? second + DAY_SECONDS : second) / 3600);
}

static void rating_hour_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  (void)dataset;
  text_add(text, "%u", code);
}

static uint32_t rating_weekday_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return 7;
}

/* 1970 began on a Thursday. */
static uint32_t rating_weekday_code(const struct dataset *dataset, size_t row) {
  int64_t day = (day_of(dataset, row) % 7 + 7) % 7;
  return (uint32_t)((day + 3) % 7);
}

static void rating_weekday_label(const struct dataset *dataset, uint32_t code, struct text *text) {
  static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  (void)dataset;
  text_add(text, "%s", names[code]);
}

#define CATEGORY(column, whose, text)                                    \
  .name = #column, .kind = COLUMN_CATEGORY, .side = whose, .help = text, \
  .cardinality = column##_cardinality, .label = column##_label, .code = column##_code
/* `values`: the category that has its codes, one a row. */
#define MULTI_HOT(column, values, whose, text)                            \
  .name = #column, .kind = COLUMN_MULTI_HOT, .side = whose, .help = text, \
  .cardinality = values##_cardinality, .label = values##_label, .codes = column##_codes
#define HISTORY(column, values, whose, text)                            \
  .name = #column, .kind = COLUMN_HISTORY, .side = whose, .help = text, \
  .cardinality = values##_cardinality, .label = values##_label, .code = values##_code
#define NUMBER(column, missing, whose, text)                                                      \
  .name = #column, .kind = COLUMN_NUMBER, .side = whose, .help = text, .number = column##_number, \
  .may_miss = missing
#define STATISTIC(column, what, whose, text) \
  .name = #column, .kind = COLUMN_STATISTIC, .side = whose, .help = text, .statistic = what

static const struct column columns[] = {
    {CATEGORY(user_id, SIDE_USER, "the user")},
    {CATEGORY(item_id, SIDE_ITEM, "the film")},
    {NUMBER(age, false, SIDE_USER, "years")},
    {CATEGORY(age_group, SIDE_USER, "MovieLens' seven groups, Under 18 to 56+")},
    {CATEGORY(gender, SIDE_USER, "F or M")},
    {CATEGORY(occupation, SIDE_USER, "student, retired, ...")},
    {CATEGORY(zip_area, SIDE_USER, "first character of the zip code")},
    {CATEGORY(genre, SIDE_ITEM, "the film's first genre in u.item")},
    {MULTI_HOT(genres, genre, SIDE_ITEM, "all genres of the film")},
    {NUMBER(release_year, true, SIDE_ITEM, "year; where unknown the mean, and an indicator")},
    {CATEGORY(release_decade, SIDE_ITEM, "1990s, ..., or unknown")},
    {NUMBER(rating_day, false, SIDE_USER, "day of the rating, from 1970-01-01 UTC")},
    {CATEGORY(rating_hour, SIDE_USER, "hour of the rating, 0 to 23 UTC")},
    {CATEGORY(rating_weekday, SIDE_USER, "day of the week of the rating, UTC")},
    {STATISTIC(days_since_first, STATISTIC_DAYS_SINCE_FIRST, SIDE_USER,
               "days since the user's first training rating")},
    {HISTORY(user_history, item_id, SIDE_USER, "the films that the user rated in training")},
    {HISTORY(item_history, user_id, SIDE_ITEM, "the users who rated the film in training")},
    {STATISTIC(user_mean, STATISTIC_MEAN, SIDE_USER, "mean training rating of the user, smoothed")},
    {STATISTIC(item_mean, STATISTIC_MEAN, SIDE_ITEM, "mean training rating of the film, smoothed")},
    {STATISTIC(user_count, STATISTIC_COUNT, SIDE_USER, "training ratings of the user")},
    {STATISTIC(item_count, STATISTIC_COUNT, SIDE_ITEM, "training ratings of the film")},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

bool column_has_embedding(const struct column *column) {
  return column->kind != COLUMN_NUMBER && column->kind != COLUMN_STATISTIC;
}

bool column_crosses(const struct column *column) {
  return column->kind == COLUMN_CATEGORY || column->kind == COLUMN_MULTI_HOT;
}

uint32_t column_owner(const struct dataset *dataset, enum column_side side, size_t row) {
  return side == SIDE_USER ? dataset->row_user[row] : dataset->row_item[row];
}

size_t column_owners(const struct dataset *dataset, enum column_side side) {
  return side == SIDE_USER ? dataset->users : dataset->items;
}

size_t column_count(void) {
  return COLUMNS;
}

const struct column *column_at(size_t index) {
  return index < COLUMNS ? &columns[index] : NULL;
}

const struct column *column_find(const char *name) {
  for (size_t i = 0; i < COLUMNS; i++) {
    if (strcmp(columns[i].name, name) == 0) return &columns[i];
  }
  return NULL;
}
