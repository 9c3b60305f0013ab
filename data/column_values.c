#include "data/column_values.h"

#include <math.h>
#include <stdlib.h>

#include "data/times.h"

enum { DAY_SECONDS = 24 * 60 * 60, HOUR_SECONDS = 60 * 60 };

void column_values_free(struct column_values *values) {
  if (values == NULL) return;
  words_clear(&values->words);
  free(values->code);
  free(values->offset);
  free(values->entry);
  free(values->first);
  free(values->number);
  free(values);
}

static size_t words_bytes(const struct words *words) {
  return words->count == 0 ? 0
                           : words->at[words->count] + ((size_t)words->count + 1) * sizeof(size_t);
}

size_t column_values_bytes(const struct column_values *values) {
  if (values == NULL) return 0;
  size_t bytes = sizeof *values + words_bytes(&values->words);
  if (values->code != NULL) bytes += values->places * sizeof *values->code;
  if (values->offset != NULL) {
    bytes += (2 * values->places + 1 + values->offset[values->places]) * sizeof(uint32_t);
  }
  if (values->number != NULL) bytes += values->places * sizeof *values->number;
  return bytes;
}

/* A history of a user has the ids of items. */
const struct words *column_words(const struct column *column, const struct dataset *dataset) {
  if (column->values != NULL) return &column->values->words;
  const bool users = (column->side == SIDE_USER) == (column->kind != COLUMN_HISTORY);
  return users ? &dataset->user_ids : &dataset->item_ids;
}

void column_label(const struct column *column, const struct dataset *dataset, uint32_t code,
                  struct text *text) {
  const char *word = words_text(column_words(column, dataset), code);
  text_add(text, "%s", word[0] != '\0' ? word : "missing");
}

/* --- times: before 1970 they are negative, and days begin at midnight there too --- */

static int64_t day_of(int64_t time) {
  return time / DAY_SECONDS - (time % DAY_SECONDS < 0 ? 1 : 0);
}

static uint32_t time_code(enum time_part part, int64_t time) {
  const int64_t day = day_of(time);
  if (part == TIME_HOUR) return (uint32_t)((time - day * DAY_SECONDS) / HOUR_SECONDS);
  return (uint32_t)(((day % 7 + 7) % 7 + 3) % 7); /* 1970 began on a Thursday */
}

/* --- of a place --- */

void column_add_cell(const struct column *column, size_t place, struct text *text) {
  const struct column_values *values = column->values;
  if (values->code != NULL) {
    text_add(text, "%s", words_text(&values->words, values->code[place]));
  } else if (values->offset != NULL) {
    for (uint32_t k = values->offset[place]; k < values->offset[place + 1]; k++) {
      text_add(text, "%s%s", k > values->offset[place] ? column->separator : "",
               words_text(&values->words, values->entry[k]));
    }
  } else if (!isnan(values->number[place]) && column->days) {
    times_add_day(text, (int64_t)floor(values->number[place]));
  } else if (!isnan(values->number[place])) {
    char number[TEXT_DOUBLE];
    text_from_double(values->number[place], number);
    text_add(text, "%s", number);
  }
}

/* --- of a rating --- */

uint32_t column_code(const struct column *column, const struct dataset *dataset, size_t row) {
  const struct column_values *values = column->values;
  if (values == NULL) {
    const bool users = (column->side == SIDE_USER) == (column->kind != COLUMN_HISTORY);
    return users ? dataset->row_user[row] : dataset->row_item[row];
  }
  if (values->part != TIME_NONE) return time_code(values->part, dataset->row_time[row]);
  return values->code[dataset_place(dataset, column->table, row)];
}

size_t column_longest(const struct column *column) {
  size_t longest = 1;
  const struct column_values *values = column->values;
  for (size_t place = 0; place < values->places; place++) {
    const size_t count = values->offset[place + 1] - values->offset[place];
    if (count > longest) longest = count;
  }
  return longest;
}

double column_number_of(const struct column *column, const struct dataset *dataset, size_t place) {
  const struct column_values *values = column->values;
  return values->part != TIME_NONE ? (double)day_of(dataset->row_time[place])
                                   : values->number[place];
}

double column_number(const struct column *column, const struct dataset *dataset, size_t row) {
  return column_number_of(column, dataset, dataset_place(dataset, column->table, row));
}
