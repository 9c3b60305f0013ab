#include "data/column_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/times.h"

static bool room_for_cell(struct column_builder *builder, struct error *error) {
  if (builder->cells.words.count <= builder->cells_room) return true;
  const size_t room = builder->cells_room > 0 ? 2 * builder->cells_room : 16;
  size_t *line_of = memory_grow(builder->line_of, room, sizeof *line_of, error);
  if (line_of == NULL) return false;
  builder->line_of = line_of;
  builder->cells_room = room;
  return true;
}

static bool check_count(const struct column_builder *builder, size_t line, struct error *error) {
  const uint32_t most = builder->cells_most > 0 ? builder->cells_most : COLUMN_CELLS_MAX;
  const char *name = builder->column.name;
  if (builder->cells.words.count <= most) return true;
  error_set(error, ERROR_DATA,
            "column '%s' has more than %u different values, the next in line %zu", name, most,
            line);
  return error_help(error, "leave it out with data.columns: {%s: ignore}", name);
}

bool column_builder_add(struct column_builder *builder, const char *text, size_t length,
                        size_t line, struct error *error) {
  if (builder->rows == builder->room) {
    const size_t room = builder->room > 0 ? 2 * builder->room : 64;
    uint32_t *cell = memory_grow(builder->cell, room, sizeof *cell, error);
    if (cell == NULL) return false;
    builder->cell = cell;
    builder->room = room;
  }
  const char *absent = builder->spec.absent;
  if (length > 0 && strlen(absent) == length && memcmp(text, absent, length) == 0) length = 0;
  const uint32_t known = builder->cells.words.count;
  uint32_t *cell = &builder->cell[builder->rows];
  if (!words_builder_add(&builder->cells, text, length, cell, error)) return false;
  if (builder->cells.words.count > known) {
    if (!check_count(builder, line, error) || !room_for_cell(builder, error)) return false;
    builder->line_of[*cell] = line;
  }
  builder->rows++;
  return true;
}

/* --- kinds --- */

/* "01234" is a code, unless it is said to be a number. */
static bool has_leading_zero(const char *text) {
  return text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

static bool parse(enum cell_kind kind, const char *text, size_t length, double *number) {
  if (kind == CELL_TIME) return times_parse_days(text, length, number);
  const char *end = text + length;
  while (has_leading_zero(text)) text++;
  return text_double(text, end, number);
}

/* A time as a calendar has it; a whole number is a number. */
static bool is_date(const char *text, size_t length) {
  double days;
  return length > 4 && (text[4] == '-' || text[4] == '/') && times_parse_days(text, length, &days);
}

static enum cell_kind infer(const struct words *cells, const char **why) {
  bool numbers = true, dates = true, sets = false;
  uint32_t texts = 0;
  for (uint32_t c = 0; c < cells->count; c++) {
    const char *text = words_text(cells, c);
    const size_t length = words_length(cells, c);
    double number;
    if (length == 0) continue;
    texts++;
    numbers = numbers && !has_leading_zero(text) && parse(CELL_NUMBER, text, length, &number);
    dates = dates && is_date(text, length);
    const char *bar = strchr(text, '|');
    sets = sets || (bar != NULL && bar != text && bar[1] != '\0');
  }
  *why = texts == 0 ? "no row has a value" : "not every value is a number or a date";
  if (texts == 0) return CELL_CATEGORY;
  if (numbers) *why = "every value is a number";
  if (numbers) return CELL_NUMBER;
  if (dates) *why = "every value is a date";
  if (dates) return CELL_TIME;
  if (sets) *why = "'|' stands between words";
  return sets ? CELL_MULTI_HOT : CELL_CATEGORY;
}

/* --- making the values --- */

struct finishing {
  struct column_builder *builder;
  const char *file;
  const uint32_t *place_of; /* NULL: row r is place r */
  size_t places;
  uint32_t *cell_of; /* [places] WORDS_NONE: no row */
};

static bool spread_rows(struct finishing *f, struct error *error) {
  f->cell_of = memory_array(f->places, sizeof *f->cell_of, error);
  if (f->cell_of == NULL) return false;
  memset(f->cell_of, 0xff, f->places * sizeof *f->cell_of);
  for (size_t r = 0; r < f->builder->rows; r++) {
    f->cell_of[f->place_of != NULL ? f->place_of[r] : r] = f->builder->cell[r];
  }
  return true;
}

static bool is_missing(const struct finishing *f, size_t place) {
  const uint32_t cell = f->cell_of[place];
  return cell == WORDS_NONE || words_length(&f->builder->cells.words, cell) == 0;
}

static bool wrong_cell(const struct finishing *f, uint32_t cell, const char *what,
                       struct error *error) {
  const struct column_builder *builder = f->builder;
  const char *text = words_text(&builder->cells.words, cell);
  return error_fault(error, ERROR_DATA, f->file, builder->line_of[cell], "%s '%.40s' is not %s",
                     builder->column.name, text, what);
}

static bool make_numbers(struct finishing *f, enum cell_kind kind, struct error *error) {
  struct column_builder *builder = f->builder;
  const struct words *cells = &builder->cells.words;
  struct column_values *values = builder->column.values;
  double *number_of = memory_array(cells->count, sizeof *number_of, error);
  values->number = memory_array(f->places, sizeof *values->number, error);
  bool done = number_of != NULL && values->number != NULL;
  for (uint32_t c = 0; done && c < cells->count; c++) {
    if (words_length(cells, c) == 0) continue;
    if (parse(kind, words_text(cells, c), words_length(cells, c), &number_of[c])) continue;
    (void)wrong_cell(f, c, kind == CELL_TIME ? "a date or a time" : "a number", error);
  }
  for (size_t p = 0; done && p < f->places; p++) {
    const bool missing = is_missing(f, p);
    values->number[p] = missing ? (double)NAN : number_of[f->cell_of[p]];
    builder->column.may_miss = builder->column.may_miss || missing;
  }
  free(number_of);
  builder->column.kind = COLUMN_NUMBER;
  builder->column.days = kind == CELL_TIME;
  return done && error->faults == 0;
}

/* A word for the places that have none comes first, as the empty text is less than
 * all others. Sorted, the words do not stand at the numbers of their cells any more. */
static bool make_category(struct finishing *f, struct error *error) {
  struct column_builder *builder = f->builder;
  struct column_values *values = builder->column.values;
  uint32_t *code_of = NULL, none = WORDS_NONE;
  bool done = true;
  for (size_t p = 0; done && p < f->places; p++) {
    if (!is_missing(f, p)) continue;
    done = words_builder_add(&builder->cells, "", 0, &none, error);
    break;
  }
  done = done && words_builder_sort(&builder->cells, WORDS_BYTEWISE, &code_of, error);
  values->code = done ? memory_array(f->places, sizeof *values->code, error) : NULL;
  done = values->code != NULL;
  for (size_t p = 0; done && p < f->places; p++) {
    values->code[p] = code_of[f->cell_of[p] == WORDS_NONE ? none : f->cell_of[p]];
  }
  free(code_of);
  values->words = words_builder_take(&builder->cells);
  builder->column.kind = COLUMN_CATEGORY;
  return done;
}

/* The words of each cell. */
struct sets {
  struct words_builder words;
  uint32_t *begin; /* [cells + 1] in `word` */
  uint32_t *word;
  size_t count, room;
};

static bool add_word(struct sets *sets, uint32_t cell, const char *text, size_t length,
                     struct error *error) {
  uint32_t code;
  if (length == 0) return true;
  if (!words_builder_add(&sets->words, text, length, &code, error)) return false;
  for (size_t i = sets->begin[cell]; i < sets->count; i++) {
    if (sets->word[i] == code) return true; /* twice in one cell */
  }
  if (sets->count == sets->room) {
    const size_t room = sets->room > 0 ? 2 * sets->room : 64;
    uint32_t *word = memory_grow(sets->word, room, sizeof *word, error);
    if (word == NULL) return false;
    sets->word = word;
    sets->room = room;
  }
  sets->word[sets->count++] = code;
  return true;
}

static bool split_cells(const struct column_builder *builder, struct sets *sets,
                        struct error *error) {
  const struct words *cells = &builder->cells.words;
  const char *separator = builder->column.separator;
  sets->begin = memory_array((size_t)cells->count + 1, sizeof *sets->begin, error);
  if (sets->begin == NULL) return false;
  for (uint32_t c = 0; c < cells->count; c++) {
    const char *at = words_text(cells, c);
    sets->begin[c] = (uint32_t)sets->count;
    for (const char *stop; (stop = strstr(at, separator)) != NULL; at = stop + strlen(separator)) {
      if (!add_word(sets, c, at, (size_t)(stop - at), error)) return false;
    }
    if (!add_word(sets, c, at, strlen(at), error)) return false;
    if (sets->count >= UINT32_MAX) return error_set(error, ERROR_DATA, "too many values");
  }
  sets->begin[cells->count] = (uint32_t)sets->count;
  return true;
}

static size_t set_of(const struct finishing *f, const struct sets *sets, size_t place,
                     const uint32_t **words) {
  const uint32_t cell = f->cell_of[place];
  if (cell == WORDS_NONE) return 0;
  const size_t count = sets->begin[cell + 1] - sets->begin[cell];
  if (count > 0) *words = sets->word + sets->begin[cell]; /* no memory where none has a value */
  return count;
}

static int ascending(const void *a, const void *b) {
  const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left > right) - (left < right);
}

static bool fill_sets(struct finishing *f, const struct sets *sets, const uint32_t *code_of,
                      struct error *error) {
  struct column_values *values = f->builder->column.values;
  uint64_t total = 0;
  const uint32_t *words = NULL;
  for (size_t p = 0; p < f->places; p++) total += set_of(f, sets, p, &words);
  if (total >= UINT32_MAX) return error_set(error, ERROR_DATA, "too many values of one column");
  values->offset = memory_array(f->places + 1, sizeof *values->offset, error);
  values->entry = memory_array((size_t)total, sizeof *values->entry, error);
  values->first = memory_array(f->places, sizeof *values->first, error);
  if (values->offset == NULL || values->entry == NULL || values->first == NULL) return false;
  uint32_t at = 0;
  for (size_t p = 0; p < f->places; p++) {
    const size_t count = set_of(f, sets, p, &words);
    values->first[p] = count > 0 ? code_of[words[0]] : WORDS_NONE;
    for (size_t i = 0; i < count; i++) values->entry[at + i] = code_of[words[i]];
    qsort(values->entry + at, count, sizeof *values->entry, ascending);
    at += (uint32_t)count;
    values->offset[p + 1] = at;
  }
  return true;
}

static bool make_sets(struct finishing *f, struct error *error) {
  struct column_builder *builder = f->builder;
  struct sets sets = {0};
  uint32_t *code_of = NULL;
  const bool done = split_cells(builder, &sets, error) &&
                    words_builder_sort(&sets.words, WORDS_BYTEWISE, &code_of, error) &&
                    fill_sets(f, &sets, code_of, error);
  builder->column.values->words = words_builder_take(&sets.words);
  builder->column.kind = COLUMN_MULTI_HOT;
  words_builder_clear(&sets.words);
  free(sets.begin);
  free(sets.word);
  free(code_of);
  return done;
}

bool column_builder_finish(struct column_builder *builder, const char *file,
                           const uint32_t *place_of, size_t places, struct error *error) {
  struct finishing f = {.builder = builder, .file = file, .place_of = place_of, .places = places};
  builder->column.values = memory_array(1, sizeof *builder->column.values, error);
  if (builder->column.values == NULL || !spread_rows(&f, error)) return false;
  builder->column.values->places = places;
  const bool given = builder->spec.separator[0] != '\0';
  memcpy(builder->column.separator, given ? builder->spec.separator : "|\0\0\0\0\0\0",
         SEPARATOR_MAX);
  enum cell_kind kind = builder->spec.kind;
  if (kind == CELL_INFERRED) kind = infer(&builder->cells.words, &builder->column.inferred);
  bool done = false;
  if (kind == CELL_CATEGORY) {
    done = make_category(&f, error);
  } else if (kind == CELL_MULTI_HOT) {
    done = make_sets(&f, error);
  } else {
    done = make_numbers(&f, kind, error);
  }
  free(f.cell_of);
  return done;
}

void column_builder_clear(struct column_builder *builder) {
  column_values_free(builder->column.values);
  words_builder_clear(&builder->cells);
  free(builder->line_of);
  free(builder->cell);
  *builder = (struct column_builder){0};
}
