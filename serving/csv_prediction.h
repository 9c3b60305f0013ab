/* CSV in, the same CSV with a column `prediction` out, and with `probabilities` a column for
 * each level of an ordinal head, `probability_1` and so on: a stream of any length in
 * constant memory. Or out come JSON objects, one a line: the fields of the record as texts
 * under the names of their columns, `prediction`, and `probabilities`, a list. */
#ifndef CROSSLANE_SERVING_CSV_PREDICTION_H
#define CROSSLANE_SERVING_CSV_PREDICTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "serving/serving.h"

struct csv_prediction {
  struct serving *serving; /* ready for values (CSV_PREDICTION_ROWS), or for data */
  bool by_data;            /* columns user_id, item_id and, where there is one, timestamp
                              (seconds since 1970; else that of recommend.h) */
  bool probabilities;      /* the head is ordinal */
  bool json;               /* objects come out */
  bool prompt;             /* what is known is written before more input is waited for */
  int input;               /* descriptor */
  const char *name;        /* of the input, for messages */
  bool (*write)(void *context, const char *bytes, size_t count, struct error *error);
  void *context;
};

enum { CSV_PREDICTION_ROWS = 4096 };

/* Columns are found by the names in the first record; others pass through. A
 * missing column is ERROR_USAGE, and with `json` one that stands twice; a number that is none, an
 * id that has no place (places_find), or a record of another length is ERROR_DATA with its line,
 * after the records before it were written. `*rows`: how many were predicted;
 * `notes`: lines on values never seen in training, each column once, or a line on
 * ids that the data do not have. */
bool csv_prediction_run(const struct csv_prediction *request, size_t *rows, struct text *notes,
                        struct error *error);

#endif
