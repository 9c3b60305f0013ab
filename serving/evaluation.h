/* How good a saved model is on rows of a data set. */
#ifndef CROSSLANE_SERVING_EVALUATION_H
#define CROSSLANE_SERVING_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "serving/serving.h"

/* The parts of the training's split, or all rows. */
enum assess_split { ASSESS_TEST, ASSESS_VALIDATION, ASSESS_TRAIN, ASSESS_ALL };

struct assessment {
  enum assess_split split;
  struct score_groups groups;
  uint32_t activity_from[SCORE_ACTIVITIES]; /* training ratings of the least active user */
  double seconds;                           /* encoded rows to predictions */
};

/* Needs a serving ready for data. Training rows are scored as in training: the
 * ratings of a row's own fold reach neither its statistics nor its histories.
 * Of other data than the training's only ASSESS_ALL is possible (else
 * ERROR_USAGE), and all rows are treated like training rows, so that no rating
 * helps to predict itself. */
bool assess(struct serving *serving, enum assess_split split, struct assessment *assessment,
            struct error *error);

enum assess_format { ASSESS_TEXT, ASSESS_CSV, ASSESS_JSON };
bool assess_write(const struct assessment *assessment, const struct serving *serving,
                  enum assess_format format, struct text *text, struct error *error);

const char *assess_split_name(enum assess_split split); /* "test", ... */

#endif
