#include "data/data_summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/column_values.h"
#include "data/times.h"

enum { LEVELS_MAX = 20, DAY_SECONDS = 24 * 60 * 60 };

static const char *const table_names[] = {
    [TABLE_USERS] = "users", [TABLE_ITEMS] = "items", [TABLE_RATINGS] = "ratings"};

/* --- ratings --- */

struct rating_summary {
  double least, greatest, mean, variance;
  size_t levels; /* LEVELS_MAX + 1: more than can be listed */
  float level[LEVELS_MAX];
  size_t count[LEVELS_MAX];
  int64_t first, last; /* times */
};

static void count_level(struct rating_summary *summary, float rating) {
  size_t at = 0;
  if (summary->levels > LEVELS_MAX) return;
  while (at < summary->levels && summary->level[at] < rating) at++;
  if (at < summary->levels && summary->level[at] == rating) {
    summary->count[at]++;
    return;
  }
  if (summary->levels == LEVELS_MAX) {
    summary->levels = LEVELS_MAX + 1;
    return;
  }
  for (size_t i = summary->levels++; i > at; i--) {
    summary->level[i] = summary->level[i - 1];
    summary->count[i] = summary->count[i - 1];
  }
  summary->level[at] = rating;
  summary->count[at] = 1;
}

static struct rating_summary summarise(const struct dataset *dataset) {
  struct rating_summary summary = {.least = INFINITY, .greatest = -INFINITY};
  double sum = 0.0, squares = 0.0;
  const double n = (double)dataset->ratings;
  for (size_t row = 0; row < dataset->ratings; row++) {
    const double rating = (double)dataset->row_rating[row];
    sum += rating;
    squares += rating * rating;
    if (rating < summary.least) summary.least = rating;
    if (rating > summary.greatest) summary.greatest = rating;
    count_level(&summary, dataset->row_rating[row]);
    if (dataset->row_time == NULL) continue;
    const int64_t time = dataset->row_time[row];
    if (row == 0 || time < summary.first) summary.first = time;
    if (row == 0 || time > summary.last) summary.last = time;
  }
  summary.mean = sum / n;
  summary.variance = squares / n - summary.mean * summary.mean;
  return summary;
}

static void add_date(struct text *text, int64_t seconds) {
  times_add_day(text, seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0 ? 1 : 0));
}

static void add_ratings(const struct dataset *dataset, struct text *text) {
  const struct rating_summary summary = summarise(dataset);
  text_add(text, "%-14s %.5f\n%-14s %.5f\n", "mean", summary.mean, "variance", summary.variance);
  text_add(text, "%-14s %g to %g", "scale", summary.least, summary.greatest);
  text_add(text, isnan(dataset->scale_low) ? " (as found)\n" : "\n");
  for (size_t i = 0; i < summary.levels && summary.levels <= LEVELS_MAX; i++) {
    text_add(text, "%-14g %zu (%.1f %%)\n", (double)summary.level[i], summary.count[i],
             100.0 * (double)summary.count[i] / (double)dataset->ratings);
  }
  if (dataset->row_time == NULL) return;
  text_add(text, "%-14s ", "times");
  add_date(text, summary.first);
  text_add(text, " to ");
  add_date(text, summary.last);
  text_add(text, "\n");
}

/* --- columns --- */

/* Of a column that a table has. */
struct column_summary {
  size_t values, missing; /* different ones; places without one */
  double least, greatest; /* numbers; least > greatest: there is none */
};

static int by_value(const void *a, const void *b) {
  const double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

/* 0 where memory ran out. */
static size_t different(const double *numbers, size_t count) {
  struct error ignored;
  double *sorted = memory_array(count, sizeof *sorted, &ignored);
  size_t present = 0, values = 0;
  if (sorted == NULL) return 0;
  for (size_t i = 0; i < count; i++) {
    if (!isnan(numbers[i])) sorted[present++] = numbers[i];
  }
  qsort(sorted, present, sizeof *sorted, by_value);
  for (size_t i = 0; i < present; i++) values += i == 0 || sorted[i] != sorted[i - 1];
  free(sorted);
  return values;
}

static struct column_summary summarise_column(const struct column *column) {
  const struct column_values *values = column->values;
  struct column_summary summary = {.values = values->words.count, .least = 1.0};
  bool any = false;
  for (size_t p = 0; p < values->places; p++) {
    if (values->code != NULL) {
      summary.missing += words_length(&values->words, values->code[p]) == 0;
    } else if (values->offset != NULL) {
      summary.missing += values->offset[p] == values->offset[p + 1];
    } else if (isnan(values->number[p])) {
      summary.missing++;
    } else {
      const double number = values->number[p];
      if (!any || number < summary.least) summary.least = number;
      if (!any || number > summary.greatest) summary.greatest = number;
      any = true;
    }
  }
  if (column->kind == COLUMN_NUMBER) summary.values = different(values->number, values->places);
  if (values->code != NULL && summary.missing > 0) summary.values--; /* the word "" */
  return summary;
}

enum { EXAMPLES = 5, EXAMPLES_WIDTH = 40 };

/* The first of `values` words that are not empty, as many as there is room for. */
static void add_examples(const struct words *words, size_t values, struct text *text) {
  size_t shown = 0;
  const size_t begin = text->length;
  for (uint32_t c = 0; c < words->count && shown < EXAMPLES; c++) {
    if (words_length(words, c) == 0) continue;
    if (text->length - begin + words_length(words, c) > EXAMPLES_WIDTH) break;
    text_add(text, "%s%s", shown > 0 ? ", " : "", words_text(words, c));
    shown++;
  }
  if (shown < values) text_add(text, "%s...", shown > 0 ? ", " : "");
}

static void add_range(const struct column *column, const struct column_summary *summary,
                      struct text *text) {
  if (column->kind != COLUMN_NUMBER) {
    add_examples(&column->values->words, summary->values, text);
  } else if (summary->least <= summary->greatest && column->days) {
    add_date(text, (int64_t)floor(summary->least) * DAY_SECONDS);
    text_add(text, " to ");
    add_date(text, (int64_t)floor(summary->greatest) * DAY_SECONDS);
  } else if (summary->least <= summary->greatest) {
    text_add(text, "%g to %g", summary->least, summary->greatest);
  }
  if (column->inferred != NULL) text_add(text, " (%s)", column->inferred);
}

/* Ids, histories, statistics and parts of a time are the same in every data set. */
static bool is_own(const struct column *column) {
  return column->values != NULL && column->values->part == TIME_NONE;
}

static void add_columns(const struct dataset *dataset, struct text *text) {
  text_add(text, "\n%-16s %-8s %-9s %8s %8s  %s\n", "column", "table", "kind", "values", "missing",
           "range, or first values");
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (!is_own(column)) continue;
    const struct column_summary summary = summarise_column(column);
    text_add(text, "%-16s %-8s %-9s %8zu %8zu  ", column->name, table_names[column->table],
             column_kind_name(column->kind), summary.values, summary.missing);
    add_range(column, &summary, text);
    text_add(text, "\n");
  }
  text_add(text, "\nAlso:");
  size_t width = strlen("Also:");
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const char *name = dataset->schema.column[i].name;
    const size_t length = strlen(name);
    if (is_own(&dataset->schema.column[i])) continue;
    if (width + 1 + length > 78) {
      text_add(text, "\n     ");
      width = 5;
    }
    text_add(text, " ");
    text_add_bytes(text, name, length);
    width += 1 + length;
  }
  text_add(text, "\n");
}

void data_summary(const struct dataset *dataset, const char *origin, struct text *text) {
  char digest[DIGEST_TEXT];
  digest_text(dataset->digest, digest);
  text_add(text, "%-14s %s%s\n%-14s %s\n", "data", dataset->name, origin, "digest", digest);
  text_add(text, "%-14s %zu\n%-14s %zu\n%-14s %zu\n", "ratings", dataset->ratings, "users",
           dataset->users, "items", dataset->items);
  if (dataset->synthetic) {
    text_add(text, "%-14s %.5f\n", "irreducible", dataset->irreducible_mse);
  }
  if (dataset->users_unlisted + dataset->items_unlisted > 0) {
    text_add(text, "%-14s %zu users and %zu items have ratings, but no row in their table\n",
             "unlisted", dataset->users_unlisted, dataset->items_unlisted);
  }
  add_ratings(dataset, text);
  add_columns(dataset, text);
}

/* --- as JSON --- */

static json_t *column_json(const struct column *column) {
  const struct column_summary summary = summarise_column(column);
  json_t *json =
      json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", column->name, "table",
                table_names[column->table], "kind", column_kind_name(column->kind), "values",
                (json_int_t)summary.values, "missing", (json_int_t)summary.missing);
  if (json == NULL) return NULL;
  if (column->kind == COLUMN_NUMBER && summary.least <= summary.greatest) {
    (void)json_object_set_new(json, "least", json_real(summary.least));
    (void)json_object_set_new(json, "greatest", json_real(summary.greatest));
  }
  if (column->inferred != NULL) {
    (void)json_object_set_new(json, "inferred", json_string(column->inferred));
  }
  return json;
}

json_t *data_summary_json(const struct dataset *dataset) {
  char digest[DIGEST_TEXT];
  digest_text(dataset->digest, digest);
  const struct rating_summary ratings = summarise(dataset);
  json_t *columns = json_array();
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (!is_own(column) || json_array_append_new(columns, column_json(column)) == 0) continue;
    json_decref(columns);
    return NULL;
  }
  json_t *json = json_pack(
      "{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:f, s:o}", "name", dataset->name,
      "digest", digest, "synthetic", (int)dataset->synthetic, "ratings",
      (json_int_t)dataset->ratings, "users", (json_int_t)dataset->users, "items",
      (json_int_t)dataset->items, "users_unlisted", (json_int_t)dataset->users_unlisted,
      "items_unlisted", (json_int_t)dataset->items_unlisted, "mean", ratings.mean, "variance",
      ratings.variance, "least", ratings.least, "greatest", ratings.greatest, "columns", columns);
  if (json == NULL || dataset->row_time == NULL) return json;
  struct text first = {0}, last = {0};
  add_date(&first, ratings.first);
  add_date(&last, ratings.last);
  (void)json_object_set_new(json, "first_day", json_string(first.failed ? "" : first.text));
  (void)json_object_set_new(json, "last_day", json_string(last.failed ? "" : last.text));
  text_clear(&first);
  text_clear(&last);
  return json;
}
