/* u.item: id|title|release date|video date|URL|one flag for each genre, the
 * titles in Latin-1, or in UTF-8 where the whole file is; u.genre: name|place of its flag. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/names.h"
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_names.h"

enum { TITLE_ROOM = 512, GENRE_ROOM = 64, FIELDS_BEFORE_FLAGS = 5 };

static char *copy_span(struct span span, struct error *error) {
  size_t length = (size_t)(span.end - span.begin);
  char *copy = memory_array(length + 1, 1, error);
  if (copy != NULL) memcpy(copy, span.begin, length);
  return copy;
}

static bool genre_known(const struct dataset *dataset, const char *name) {
  for (size_t i = 0; i < dataset->genres; i++) {
    if (strcmp(dataset->genre_names[i], name) == 0) return true;
  }
  return false;
}

static void read_genre(const struct lines *lines, struct span line, struct dataset *dataset,
                       struct error *error) {
  struct span field[2];
  uint64_t place;
  char shown[SPAN_SHOWN];
  if (!lines_split(lines, line, '|', 2, field, "genre, place of its flag", error) ||
      !lines_word(lines, field[0], "genre", GENRE_ROOM, error) ||
      !lines_number(lines, field[1], "the place of the flag", 0, DATASET_GENRES_MAX - 1, &place,
                    error)) {
    return;
  }
  if (place != dataset->genres) {
    lines_fault(lines, error, "the place of the flag is %llu, expected %zu",
                (unsigned long long)place, dataset->genres);
    return;
  }
  char *name = copy_span(field[0], error);
  if (name == NULL) return;
  if (genre_known(dataset, name)) {
    lines_fault(lines, error, "genre '%s' stands in the file already", span_show(field[0], shown));
    free(name);
    return;
  }
  dataset->genre_names[dataset->genres++] = name;
}

static bool read_genre_file(const char *folder, struct dataset *dataset, struct error *error) {
  struct lines lines;
  if (!lines_open(&lines, folder, "u.genre", error)) return false;
  dataset->genre_names = memory_array(DATASET_GENRES_MAX, sizeof(char *), error);
  struct span line;
  while (dataset->genre_names != NULL && lines_next(&lines, &line, error)) {
    read_genre(&lines, line, dataset, error);
  }
  lines_close(&lines);
  return error_faults_done(error);
}

bool movielens_genres(const char *folder, struct dataset *dataset,
                      uint32_t code_of[DATASET_GENRES_MAX], struct error *error) {
  char *path = file_join(folder, "u.genre", error);
  if (path == NULL) return false;
  bool given = file_exists(path);
  free(path);
  if (given) {
    if (!read_genre_file(folder, dataset, error)) return false;
  } else {
    dataset->genre_names = names_copy(movielens_genre_names, MOVIELENS_GENRES, error);
    if (dataset->genre_names == NULL) return false;
    dataset->genres = MOVIELENS_GENRES;
  }
  return names_sort(dataset->genre_names, dataset->genres, code_of, error);
}

struct items_reader {
  struct lines lines;
  struct dataset *dataset;
  struct key_index line_of_id;
  const uint32_t *code_of;
  bool utf8;       /* the file was saved again so */
  char names[128]; /* of the fields, for messages */
};

static bool two_digits(const char *begin, const char *end, int *value) {
  *value = 0;
  if (end - begin != 1 && end - begin != 2) return false;
  for (const char *at = begin; at < end; at++) {
    if (*at < '0' || *at > '9') return false;
    *value = *value * 10 + (*at - '0');
  }
  return true;
}

/* "01-Jan-1995", "4-Feb-1971". */
static bool read_year(struct span date, int32_t *year) {
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *dash = memchr(date.begin, '-', (size_t)(date.end - date.begin));
  int day;
  uint64_t number;
  if (dash == NULL || date.end - dash != 9 || dash[4] != '-') return false;
  if (!two_digits(date.begin, dash, &day) || day < 1 || day > 31) return false;
  bool known = false;
  for (size_t m = 0; m < 12; m++) known = known || memcmp(months + 3 * m, dash + 1, 3) == 0;
  if (!known || !text_u64(dash + 5, date.end, &number)) return false;
  if (number < DATASET_YEAR_MIN || number > DATASET_YEAR_MAX) return false;
  *year = (int32_t)number;
  return true;
}

static char *utf8_from_latin1(struct span latin1, struct error *error) {
  char *utf8 = memory_array(2 * (size_t)(latin1.end - latin1.begin) + 1, 1, error);
  char *out = utf8;
  for (const char *at = latin1.begin; out != NULL && at < latin1.end; at++) {
    unsigned byte = (unsigned char)*at;
    if (byte >= 0x80) *out++ = (char)(0xc0 | byte >> 6);
    *out++ = (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte);
  }
  return utf8;
}

/* Latin-1 letters beyond ASCII are hardly ever sequences of UTF-8, and never all of
 * a file's. */
static bool is_utf8(const char *at, const char *end) {
  bool beyond_ascii = false;
  while (at < end) {
    const size_t length = (unsigned char)*at < 0x80 ? 1 : text_character(at, end);
    if (length == 0) return false;
    beyond_ascii = beyond_ascii || length > 1;
    at += length;
  }
  return beyond_ascii;
}

static void read_flags(struct items_reader *reader, const struct span *flag, struct item *item,
                       struct error *error) {
  char shown[SPAN_SHOWN];
  bool good = true;
  for (size_t f = 0; f < reader->dataset->genres; f++) {
    bool binary = flag[f].end - flag[f].begin == 1 && (*flag[f].begin | 1) == '1';
    if (!binary) {
      good =
          lines_fault(&reader->lines, error, "flag %zu (%s) is '%s', not 0 or 1", f,
                      reader->dataset->genre_names[reader->code_of[f]], span_show(flag[f], shown));
    } else if (*flag[f].begin == '1') {
      if (item->genres == 0) item->first_genre = reader->code_of[f];
      item->genres |= UINT32_C(1) << reader->code_of[f];
    }
  }
  if (good && item->genres == 0) {
    lines_fault(&reader->lines, error, "film %u has no genre flag set", item->id);
  }
}

static void read_item(struct items_reader *reader, struct span line, struct error *error) {
  const struct lines *lines = &reader->lines;
  struct dataset *dataset = reader->dataset;
  struct span field[FIELDS_BEFORE_FLAGS + DATASET_GENRES_MAX];
  char shown[SPAN_SHOWN];
  if (!lines_split(lines, line, '|', FIELDS_BEFORE_FLAGS + dataset->genres, field, reader->names,
                   error)) {
    return;
  }
  struct item item = {0};
  uint64_t id;
  if (!lines_number(lines, field[0], "film id", 1, UINT32_MAX, &id, error)) return;
  item.id = (uint32_t)id;
  uint32_t earlier = key_index_add(&reader->line_of_id, id, (uint32_t)lines->line - 1);
  if (earlier != KEY_INDEX_NONE) {
    lines_fault(lines, error, "film id %u stands in line %u already", item.id, earlier + 1);
    return;
  }
  (void)lines_word(lines, field[1], "title", TITLE_ROOM, error);
  if (field[2].begin < field[2].end && !read_year(field[2], &item.release_year)) {
    lines_fault(lines, error, "release date '%s' is not like 01-Jan-1995 with a year in %d to %d",
                span_show(field[2], shown), DATASET_YEAR_MIN, DATASET_YEAR_MAX);
  }
  read_flags(reader, field + FIELDS_BEFORE_FLAGS, &item, error);
  item.title = reader->utf8 ? copy_span(field[1], error) : utf8_from_latin1(field[1], error);
  if (item.title != NULL) dataset->item[dataset->items++] = item;
}

static int by_id(const void *a, const void *b) {
  const struct item *left = a, *right = b;
  return (left->id > right->id) - (left->id < right->id);
}

bool movielens_items(const char *folder, const uint32_t code_of[DATASET_GENRES_MAX],
                     struct dataset *dataset, struct error *error) {
  struct items_reader reader = {.dataset = dataset, .code_of = code_of};
  if (!lines_open(&reader.lines, folder, "u.item", error)) return false;
  (void)snprintf(reader.names, sizeof reader.names,
                 "film id, title, release date, video date, URL, %zu genre flags", dataset->genres);
  reader.utf8 = is_utf8(reader.lines.at, reader.lines.end);
  dataset->item = memory_array(reader.lines.count, sizeof *dataset->item, error);
  if (dataset->item != NULL && key_index_init(&reader.line_of_id, reader.lines.count, error)) {
    struct span line;
    while (lines_next(&reader.lines, &line, error)) read_item(&reader, line, error);
    qsort(dataset->item, dataset->items, sizeof *dataset->item, by_id);
  }
  key_index_clear(&reader.line_of_id);
  lines_close(&reader.lines);
  return error_faults_done(error);
}
