#include "data/columns.h"

#include <string.h>

#include "data/movielens.h"

/* Decades from that of MOVIELENS_YEAR_MIN on; code 0: no year known. */
enum { DECADE_FIRST = MOVIELENS_YEAR_MIN / 10, DECADE_LAST = MOVIELENS_YEAR_MAX / 10 };

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

uint32_t age_group_of(uint32_t age) {
  uint32_t group = AGE_GROUPS - 1;
  while (age < age_groups[group].from) group--;
  return group;
}

static uint32_t age_group_cardinality(const struct dataset *dataset) {
  (void)dataset;
  return AGE_GROUPS;
}

static uint32_t age_group_code(const struct dataset *dataset, size_t row) {
  return age_group_of(user_of(dataset, row)->age);
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

#define CATEGORY(name, side, help) \
  { #name, COLUMN_CATEGORY, side, help, name##_cardinality, name##_code, name##_label, NULL }
#define NUMBER(name, side, help) \
  { #name, COLUMN_NUMBER, side, help, NULL, NULL, NULL, name##_number }

static const struct column columns[] = {
    CATEGORY(user_id, SIDE_USER, "the user"),
    CATEGORY(item_id, SIDE_ITEM, "the film"),
    NUMBER(age, SIDE_USER, "years, scaled to 0..1"),
    CATEGORY(age_group, SIDE_USER, "MovieLens' seven groups, Under 18 to 56+"),
    CATEGORY(gender, SIDE_USER, "F or M"),
    CATEGORY(occupation, SIDE_USER, "student, retired, ..."),
    CATEGORY(zip_area, SIDE_USER, "first character of the zip code"),
    CATEGORY(genre, SIDE_ITEM, "the film's first genre in u.item"),
    CATEGORY(release_decade, SIDE_ITEM, "1990s, ..., or unknown"),
};

enum { COLUMNS = sizeof columns / sizeof *columns };

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
