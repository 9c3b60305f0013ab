/* What `crosslane predict` is asked for, and its three ways. Private to cli/. */
#ifndef CROSSLANE_CLI_PREDICT_PARTS_H
#define CROSSLANE_CLI_PREDICT_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "serving/serving.h"

enum predict_format { PREDICT_TEXT, PREDICT_CSV, PREDICT_JSON };

struct predict_arguments {
  const char *model, *data, *batch, *isa;
  const char *user, *item, *top, *format; /* as given; NULL: not */
  bool timing;
  const char **settings; /* --set, each "COLUMN=VALUE" */
  size_t setting_count;

  enum predict_format output;
  uint64_t user_id, item_id; /* 0: none */
  size_t most;               /* of --top; 0: not given */
};

/* Each fills `text` with what goes to standard output, `notes` with lines for
 * standard error. The serving is open, and made ready by them. */
bool predict_values(const struct predict_arguments *arguments, struct serving *serving,
                    struct text *text, struct text *notes, struct error *error);
bool predict_films(const struct predict_arguments *arguments, struct serving *serving,
                   struct text *text, struct text *notes, struct error *error);
/* Writes to standard output as it goes. */
bool predict_batch(const struct predict_arguments *arguments, struct serving *serving,
                   struct text *notes, struct error *error);

/* Seconds of a clock, for --timing. */
double predict_seconds(void);

/* A rating with the six decimals that CSV has; `json` as the output, which it
 * takes (NULL: memory ran out). */
json_t *predict_rating(float prediction);
bool predict_json(json_t *json, struct text *text, struct error *error);

#endif
