/* Within serving/: a record of CSV with its prediction as a JSON object on a line. */
#ifndef CROSSLANE_SERVING_PREDICTION_LINE_H
#define CROSSLANE_SERVING_PREDICTION_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "data/readers/csv.h"

/* Start from {0}. */
struct prediction_line {
  size_t names;
  char **name; /* [names] as JSON: "\"age\": " */
};

/* From the first record, which `csv` holds. A name that stands twice is ERROR_USAGE. */
bool prediction_line_init(struct prediction_line *line, const struct csv_reader *csv,
                          struct error *error);
void prediction_line_clear(struct prediction_line *line);

/* The object's beginning: the fields of the record, which are as many as the names. */
void prediction_line_add_fields(const struct prediction_line *line, const struct csv_reader *csv,
                                struct text *text);

/* Its end: the prediction, and `levels` probabilities where there are any. */
void prediction_line_end(float prediction, const float *probability, size_t levels,
                         struct text *text);

#endif
