/* u.item: id|title|release date|video date|URL|one flag for each genre; u.genre:
 * name|place of its flag. In Latin-1, or in UTF-8 where the whole file is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_names.h"
#include "data/readers/movielens_schema.h"
#include "data/times.h"

enum { TITLE_ROOM = 512, FIELDS_BEFORE_FLAGS = 5, YEAR_MIN = 1870, YEAR_MAX = 2099 };

static bool genre_known(const struct movielens_genres *genres, const char *name) {
  for (size_t i = 0; i < genres->count; i++) {
    if (strcmp(genres->name[i], name) == 0) return true;
  }
  return false;
}

static void read_genre(const struct lines *lines, struct span line, struct movielens_genres *genres,
                       struct error *error) {
  struct span field[2];
  uint64_t place;
  char name[MOVIELENS_GENRE_ROOM] = "";
  if (!lines_split(lines, line, '|', 2, field, "genre, place of its flag", error) ||
      !lines_word(lines, field[0], "genre", MOVIELENS_GENRE_ROOM, error) ||
      !lines_number(lines, field[1], "the place of the flag", 0, MOVIELENS_GENRES_MAX - 1, &place,
                    error)) {
    return;
  }
  if (place != genres->count) {
    lines_fault(lines, error, "the place of the flag is %llu, expected %zu",
                (unsigned long long)place, genres->count);
    return;
  }
  memcpy(name, field[0].begin, (size_t)(field[0].end - field[0].begin));
  if (genre_known(genres, name)) {
    lines_fault(lines, error, "genre '%s' stands in the file already", name);
    return;
  }
  memcpy(genres->name[genres->count++], name, sizeof name);
}

static bool read_genre_file(const char *folder, struct movielens_genres *genres,
                            struct error *error) {
  struct lines lines;
  if (!lines_open(&lines, folder, "u.genre", error)) return false;
  struct span line;
  if (lines_make_utf8(&lines, error)) {
    while (lines_next(&lines, &line, error)) read_genre(&lines, line, genres, error);
  }
  lines_close(&lines);
  return error_faults_done(error);
}

bool movielens_genres(const char *folder, struct movielens_genres *genres, struct error *error) {
  char *path = file_join(folder, "u.genre", error);
  *genres = (struct movielens_genres){0};
  if (path == NULL) return false;
  bool given = file_exists(path);
  free(path);
  if (given) return read_genre_file(folder, genres, error);
  genres->count = MOVIELENS_GENRES;
  for (size_t g = 0; g < MOVIELENS_GENRES; g++) {
    memcpy(genres->name[g], movielens_genre_names[g], strlen(movielens_genre_names[g]) + 1);
  }
  return true;
}

struct items_reader {
  struct lines lines;
  struct dataset_builder *builder;
  const struct movielens_genres *genres;
  struct key_index line_of_id;
  char names[128]; /* of the fields, for messages */
};

static bool two_digits(const char *begin, const char *end, unsigned *value) {
  *value = 0;
  if (end - begin != 1 && end - begin != 2) return false;
  for (const char *at = begin; at < end; at++) {
    if (*at < '0' || *at > '9') return false;
    *value = *value * 10 + (unsigned)(*at - '0');
  }
  return true;
}

/* "01-Jan-1995", "4-Feb-1971": as "1995-01-01". */
static bool read_date(struct span date, char iso[11]) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *dash = memchr(date.begin, '-', (size_t)(date.end - date.begin));
  unsigned day, month = 0;
  uint64_t year;
  int64_t days;
  if (dash == NULL || date.end - dash != 9 || dash[4] != '-') return false;
  if (!two_digits(date.begin, dash, &day) || !text_u64(dash + 5, date.end, &year)) return false;
  for (unsigned m = 0; m < 12; m++) {
    if (memcmp(months + 3 * (size_t)m, dash + 1, 3) == 0) month = m + 1;
  }
  if (year < YEAR_MIN || year > YEAR_MAX) return false;
  if (!times_days((int64_t)year, month, day, &days)) return false;
  (void)snprintf(iso, 11, "%04u-%02u-%02u", (unsigned)year, month % 100, day % 100);
  return true;
}

/* "Drama|Romance": the names of the flags that are set, in their order. */
static void read_flags(const struct items_reader *reader, const struct span *flag, uint64_t id,
                       struct text *names, struct error *error) {
  char shown[SPAN_SHOWN];
  bool good = true;
  for (size_t f = 0; f < reader->genres->count; f++) {
    bool binary = flag[f].end - flag[f].begin == 1 && (*flag[f].begin | 1) == '1';
    if (!binary) {
      good = lines_fault(&reader->lines, error, "flag %zu (%s) is '%s', not 0 or 1", f,
                         reader->genres->name[f], span_show(flag[f], shown));
    } else if (*flag[f].begin == '1') {
      text_add(names, "%s%s", names->length > 0 ? "|" : "", reader->genres->name[f]);
    }
  }
  if (good && names->length == 0) {
    lines_fault(&reader->lines, error, "film %llu has no genre flag set", (unsigned long long)id);
  }
}

static bool read_item(struct items_reader *reader, struct span line, struct error *error) {
  const struct lines *lines = &reader->lines;
  struct span field[FIELDS_BEFORE_FLAGS + MOVIELENS_GENRES_MAX];
  char shown[SPAN_SHOWN], iso[11] = "";
  uint64_t id;
  if (!lines_split(lines, line, '|', FIELDS_BEFORE_FLAGS + reader->genres->count, field,
                   reader->names, error) ||
      !lines_number(lines, field[0], "film id", 1, UINT32_MAX, &id, error)) {
    return true;
  }
  const uint32_t earlier = key_index_add(&reader->line_of_id, id, (uint32_t)lines->line - 1);
  if (earlier != KEY_INDEX_NONE) {
    lines_fault(lines, error, "film id %llu stands in line %u already", (unsigned long long)id,
                earlier + 1);
    return true;
  }
  (void)lines_word(lines, field[1], "title", TITLE_ROOM, error);
  if (field[2].begin < field[2].end && !read_date(field[2], iso)) {
    lines_fault(lines, error, "release date '%s' is not like 01-Jan-1995 with a year in %d to %d",
                span_show(field[2], shown), YEAR_MIN, YEAR_MAX);
  }
  struct text names = {0};
  read_flags(reader, field + FIELDS_BEFORE_FLAGS, id, &names, error);
  field[2] = (struct span){iso, iso + strlen(iso)};
  field[3] = names.text != NULL ? (struct span){names.text, names.text + names.length}
                                : (struct span){iso, iso};
  const bool added =
      movielens_add_owner(reader->builder, SIDE_ITEM, lines, field, MOVIELENS_ITEM_COLUMNS, error);
  text_clear(&names);
  return added;
}

bool movielens_items(const char *folder, const struct movielens_genres *genres,
                     struct dataset_builder *builder, struct error *error) {
  struct items_reader reader = {.builder = builder, .genres = genres};
  if (!lines_open(&reader.lines, folder, "u.item", error)) return false;
  (void)snprintf(reader.names, sizeof reader.names,
                 "film id, title, release date, video date, URL, %zu genre flags", genres->count);
  if (lines_make_utf8(&reader.lines, error) &&
      key_index_init(&reader.line_of_id, reader.lines.count, error)) {
    struct span line;
    while (lines_next(&reader.lines, &line, error) && read_item(&reader, line, error)) {
    }
  }
  key_index_clear(&reader.line_of_id);
  lines_close(&reader.lines);
  return error_faults_done(error);
}
