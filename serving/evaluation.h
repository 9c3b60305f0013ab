/* How good a saved model is on rows of a data set. */
#ifndef CROSSLANE_SERVING_EVALUATION_H
#define CROSSLANE_SERVING_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "base/text_table.h"
#include "serving/ranking.h"
#include "serving/serving.h"

/* The parts of the training's split, or all rows. */
enum evaluation_split { EVALUATION_TEST, EVALUATION_VALIDATION, EVALUATION_TRAIN, EVALUATION_ALL };

struct evaluation {
  enum evaluation_split split;
  struct rating_scale scale;
  struct ranking ranking; /* k 0: none */
  struct score_groups groups;
  uint32_t activity_from[SCORE_ACTIVITIES]; /* training ratings of the least active user */
  double seconds;                           /* encoded rows to predictions */
};

/* Needs a serving ready for data. Training rows are scored as in training: the
 * ratings of a row's own fold reach neither its statistics nor its histories.
 * Of other data than the training's only EVALUATION_ALL is possible (else
 * ERROR_USAGE), and all rows are treated like training rows, so that no rating
 * helps to predict itself. */
bool evaluation_run(struct serving *serving, enum evaluation_split split,
                    struct evaluation *evaluation, struct error *error);

/* As text, CSV or JSON. */
bool evaluation_write(const struct evaluation *evaluation, const struct serving *serving,
                      enum text_table_format format, struct text *text, struct error *error);

const char *evaluation_split_name(enum evaluation_split split); /* "test", ... */

#endif
