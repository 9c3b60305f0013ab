#include "data/derivation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "data/times.h"

/* --- what it is --- */

static bool wrong_kind(const struct derivation *derivation, const struct column *from,
                       const char *needed, struct error *error) {
  return error_set(error, ERROR_CONFIG,
                   "column '%s' cannot be made: '%s' is a %s, and %s is needed", derivation->name,
                   from->name, column_kind_name(from->kind), needed);
}

static bool check_source(const struct derivation *derivation, const struct column *from,
                         struct error *error) {
  switch (derivation->kind) {
    case DERIVE_BINS:
    case DERIVE_DECADE:
      return from->kind == COLUMN_NUMBER || wrong_kind(derivation, from, "a number", error);
    case DERIVE_PREFIX:
      return from->kind == COLUMN_CATEGORY || wrong_kind(derivation, from, "a category", error);
    case DERIVE_FIRST:
      return from->kind == COLUMN_MULTI_HOT ||
             wrong_kind(derivation, from, "a multi_hot column", error);
    case DERIVE_YEAR:
      return from->kind == COLUMN_CATEGORY || (from->kind == COLUMN_NUMBER && from->days) ||
             wrong_kind(derivation, from, "a date, or a category with years", error);
  }
  return false;
}

bool derivation_describe(const struct derivation *derivation, const struct column *from,
                         struct column *column, struct error *error) {
  if (!check_source(derivation, from, error)) return false;
  const bool number = derivation->kind == DERIVE_YEAR;
  *column = (struct column){.kind = number ? COLUMN_NUMBER : COLUMN_CATEGORY,
                            .side = from->side,
                            .table = from->table,
                            .may_miss = number && (from->may_miss || from->kind == COLUMN_CATEGORY),
                            .help = derivation->help};
  memcpy(column->name, derivation->name, sizeof column->name);
  return true;
}

/* --- its values --- */

/* Words that stand in an order of their own, and the code of each place. */
struct making {
  const struct derivation *derivation;
  const struct column *from;
  struct column_values *values;
};

/* "Under 18", "18-24", "56+" where all bounds are whole numbers; else "1.5 to 2.25". */
static void add_bin(const struct derivation *derivation, size_t bin, bool whole,
                    struct text *text) {
  char low[TEXT_DOUBLE] = "", high[TEXT_DOUBLE] = "";
  if (bin > 0) text_from_double(derivation->bin[bin - 1], low);
  if (bin < derivation->bins) {
    text_from_double(derivation->bin[bin] - (whole && bin > 0 ? 1.0 : 0.0), high);
  }
  if (bin == 0) {
    text_add(text, "Under %s", high);
  } else if (bin == derivation->bins) {
    text_add(text, "%s+", low);
  } else if (strcmp(low, high) == 0) {
    text_add(text, "%s", low);
  } else {
    text_add(text, "%s%s%s", low, whole ? "-" : " to ", high);
  }
}

static size_t bin_of(const struct derivation *derivation, double number) {
  size_t bin = 0;
  while (bin < derivation->bins && number >= derivation->bin[bin]) bin++;
  return bin;
}

static bool add_word(struct words_builder *words, const char *text, uint32_t *code,
                     struct error *error) {
  return words_builder_add(words, text != NULL ? text : "", text != NULL ? strlen(text) : 0, code,
                           error);
}

static bool any_missing(const struct column_values *from) {
  bool missing = false;
  for (size_t p = 0; p < from->places; p++) missing = missing || isnan(from->number[p]);
  return missing;
}

/* All intervals have a code, also where no value is in them. */
static bool make_bins(const struct making *m, struct words_builder *words, struct error *error) {
  const struct column_values *from = m->from->values;
  const struct derivation *derivation = m->derivation;
  bool whole = true;
  uint32_t code, base = 0;
  for (size_t b = 0; b < derivation->bins; b++) {
    whole = whole && derivation->bin[b] == floor(derivation->bin[b]);
  }
  if (any_missing(from)) {
    if (!add_word(words, "unknown", &code, error)) return false;
    base = 1;
  }
  for (size_t b = 0; b <= derivation->bins; b++) {
    struct text text = {0};
    add_bin(derivation, b, whole, &text);
    const bool done = !text.failed && add_word(words, text.text, &code, error);
    text_clear(&text);
    if (!done) return false;
  }
  for (size_t p = 0; p < from->places; p++) {
    m->values->code[p] =
        isnan(from->number[p]) ? 0 : base + (uint32_t)bin_of(derivation, from->number[p]);
  }
  return true;
}

static int64_t decade_of(const struct column *from, double number) {
  const double year = from->days ? (double)times_year(number) : number;
  return (int64_t)floor(year / 10.0);
}

enum { DECADES_MAX = 2000 };

static bool make_decades(const struct making *m, struct words_builder *words, struct error *error) {
  const struct column_values *from = m->from->values;
  int64_t first = INT64_MAX, last = INT64_MIN;
  for (size_t p = 0; p < from->places; p++) {
    if (isnan(from->number[p])) continue;
    const int64_t decade = fabs(from->number[p]) < 1e7 ? decade_of(m->from, from->number[p]) : 0;
    if (decade < first) first = decade;
    if (decade > last) last = decade;
  }
  if (first < 0 && first <= last) first = 0;
  if (last >= first && last - first > DECADES_MAX) last = first + DECADES_MAX;
  uint32_t code, base = 0;
  if (any_missing(from) || first > last) {
    if (!add_word(words, "unknown", &code, error)) return false;
    base = 1;
  }
  for (int64_t decade = first; first <= last && decade <= last; decade++) {
    struct text text = {0};
    text_add(&text, "%lld0s", (long long)decade);
    const bool done = !text.failed && add_word(words, text.text, &code, error);
    text_clear(&text);
    if (!done) return false;
  }
  for (size_t p = 0; p < from->places; p++) {
    if (isnan(from->number[p])) continue;
    int64_t decade = fabs(from->number[p]) < 1e7 ? decade_of(m->from, from->number[p]) : 0;
    if (decade < first) decade = first;
    if (decade > last) decade = last;
    m->values->code[p] = base + (uint32_t)(decade - first);
  }
  return true;
}

/* The bytes of the first `count` characters; of one that is no UTF-8, one byte. */
static size_t prefix_length(const char *text, uint32_t count) {
  const char *at = text, *end = text + strlen(text);
  for (uint32_t i = 0; i < count && at < end; i++) {
    const size_t length = text_character(at, end);
    at += length > 0 ? length : 1;
  }
  return (size_t)(at - text);
}

/* Codes by the place's code in the source, sorted bytewise. */
static bool make_from_words(const struct making *m, struct words_builder *words,
                            struct error *error) {
  const struct column_values *from = m->from->values;
  const uint32_t prefix = m->derivation->prefix;
  uint32_t *own = memory_array(from->words.count, sizeof *own, error), *sorted = NULL, none = 0;
  bool done = own != NULL;
  for (uint32_t c = 0; done && c < from->words.count; c++) {
    const char *text = words_text(&from->words, c);
    const size_t length = prefix > 0 ? prefix_length(text, prefix) : strlen(text);
    done = words_builder_add(words, text, length, &own[c], error);
  }
  for (size_t p = 0; done && from->first != NULL && p < from->places; p++) {
    if (from->first[p] == WORDS_NONE) done = words_builder_add(words, "", 0, &none, error);
  }
  done = done && words_builder_sort(words, WORDS_BYTEWISE, &sorted, error);
  for (size_t p = 0; done && p < from->places; p++) {
    const uint32_t code = from->first != NULL ? from->first[p] : from->code[p];
    m->values->code[p] = sorted[code == WORDS_NONE ? none : own[code]];
  }
  free(own);
  free(sorted);
  return done;
}

/* The year in the last parentheses; NaN: there is none. */
static double year_in(const char *text) {
  const char *open = strrchr(text, '(');
  uint64_t year;
  if (open == NULL || strlen(open) < 6 || open[5] != ')') return (double)NAN;
  return text_u64(open + 1, open + 5, &year) && year >= 1800 ? (double)year : (double)NAN;
}

static bool make_years(const struct making *m, struct error *error) {
  const struct column_values *from = m->from->values;
  m->values->number = memory_array(from->places, sizeof *m->values->number, error);
  if (m->values->number == NULL) return false;
  for (size_t p = 0; p < from->places; p++) {
    if (from->code != NULL) {
      m->values->number[p] = year_in(words_text(&from->words, from->code[p]));
      continue;
    }
    const double days = from->number[p];
    m->values->number[p] = isnan(days) ? days : (double)times_year(days);
  }
  return true;
}

static bool make_codes(const struct making *m, struct error *error) {
  struct words_builder words = {0};
  m->values->code = memory_array(m->from->values->places, sizeof *m->values->code, error);
  bool done = m->values->code != NULL;
  switch (m->derivation->kind) {
    case DERIVE_BINS:
      done = done && make_bins(m, &words, error);
      break;
    case DERIVE_DECADE:
      done = done && make_decades(m, &words, error);
      break;
    case DERIVE_PREFIX:
    case DERIVE_FIRST:
      done = done && make_from_words(m, &words, error);
      break;
    case DERIVE_YEAR:
      break;
  }
  m->values->words = words_builder_take(&words);
  return done;
}

bool derivation_add(const struct derivation *derivation, struct schema *schema,
                    struct error *error) {
  const struct column *from = schema_find(schema, derivation->from);
  struct column column;
  if (from == NULL) {
    error_set(error, ERROR_CONFIG, "column '%s' cannot be made: there is no column '%s'",
              derivation->name, derivation->from);
    return schema_suggest(schema, derivation->from, NULL, "Columns", error);
  }
  if (!derivation_describe(derivation, from, &column, error)) return false;
  const bool filled = from->values != NULL && from->values->part == TIME_NONE;
  bool done = true;
  if (filled) {
    column.values = memory_array(1, sizeof *column.values, error);
    if (column.values == NULL) return false;
    column.values->places = from->values->places;
    column.values->derived = true;
    const struct making making = {derivation, from, column.values};
    done =
        derivation->kind == DERIVE_YEAR ? make_years(&making, error) : make_codes(&making, error);
  }
  if (done && schema_add(schema, &column, error)) return true;
  column_values_free(column.values);
  return false;
}
