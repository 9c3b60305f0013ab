#include "serving/prediction_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"

/* Most fields stand in JSON as they are. */
static bool is_plain(struct span span) {
  const char *c = span.begin;
  while (c < span.end && *c >= ' ' && *c < 0x7f && *c != '"' && *c != '\\') c++;
  return c == span.end;
}

static void add_string(struct span span, struct text *text) {
  if (is_plain(span)) {
    text_add_bytes(text, "\"", 1);
    text_add_bytes(text, span.begin, (size_t)(span.end - span.begin));
    text_add_bytes(text, "\"", 1);
    return;
  }
  struct text copy = {0};
  text_add(&copy, "%s", "");
  text_add_bytes(&copy, span.begin, (size_t)(span.end - span.begin));
  json_t *string = copy.failed ? NULL : json_text_string(copy.text);
  if (string != NULL) {
    json_text_add_line(text, string);
  } else {
    text->failed = true;
  }
  json_decref(string);
  text_clear(&copy);
}

static bool add_name(struct prediction_line *line, const struct csv_reader *csv,
                     struct error *error) {
  struct text text = {0};
  add_string(csv->field[line->names], &text);
  text_add(&text, ": ");
  char *name = text.failed ? NULL : memory_text(text.text, error);
  if (text.failed) error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&text);
  if (name == NULL) return false;
  for (size_t i = 0; i < line->names; i++) {
    if (strcmp(line->name[i], name) != 0) continue;
    error_at(error, ERROR_USAGE, csv->name, 1, 0, "column %.*s stands twice",
             (int)(strlen(name) - 2), name);
    error_help(error, "an object of JSON has each name once; CSV may have both");
    free(name);
    return false;
  }
  line->name[line->names++] = name;
  return true;
}

bool prediction_line_init(struct prediction_line *line, const struct csv_reader *csv,
                          struct error *error) {
  line->name = memory_array(csv->fields, sizeof *line->name, error);
  bool good = line->name != NULL;
  while (good && line->names < csv->fields) good = add_name(line, csv, error);
  return good;
}

void prediction_line_clear(struct prediction_line *line) {
  for (size_t i = 0; i < line->names; i++) free(line->name[i]);
  free(line->name);
  *line = (struct prediction_line){0};
}

void prediction_line_add_fields(const struct prediction_line *line, const struct csv_reader *csv,
                                struct text *text) {
  for (size_t i = 0; i < line->names; i++) {
    text_add_bytes(text, i == 0 ? "{" : ", ", i == 0 ? 1 : 2);
    text_add_bytes(text, line->name[i], strlen(line->name[i]));
    add_string(csv->field[i], text);
  }
}

/* With the six decimals that CSV has, without zeros at their end; JSON has no infinity. */
static void add_number(float value, struct text *text) {
  char number[CSV_NUMBER];
  if (!isfinite(value)) {
    text_add(text, "null");
    return;
  }
  size_t length = csv_number(value, number);
  const bool decimals = memchr(number, '.', length) != NULL && memchr(number, 'e', length) == NULL;
  while (decimals && number[length - 1] == '0' && number[length - 2] != '.') length--;
  text_add_bytes(text, number, length);
}

void prediction_line_end(float prediction, const float *probability, size_t levels,
                         struct text *text) {
  static const char name[] = ", \"prediction\": ";
  text_add_bytes(text, name, sizeof name - 1);
  add_number(prediction, text);
  for (size_t k = 0; k < levels; k++) {
    text_add(text, "%s", k == 0 ? ", \"probabilities\": [" : ", ");
    add_number(probability[k], text);
  }
  text_add(text, "%s}\n", levels > 0 ? "]" : "");
}
