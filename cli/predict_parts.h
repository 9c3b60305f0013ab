/* The three ways of `crosslane predict`. Private to cli/. */
#ifndef CROSSLANE_CLI_PREDICT_PARTS_H
#define CROSSLANE_CLI_PREDICT_PARTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "serving/serving.h"

/* In the order of --format. */
enum predict_format { PREDICT_TEXT, PREDICT_CSV, PREDICT_JSON };

/* Each fills `text` with what goes to standard output, `notes` with lines for
 * standard error. The serving is open, and made ready by them. */
bool predict_values(const struct predict_command *asked, struct serving *serving, struct text *text,
                    struct text *notes, struct error *error);
bool predict_films(const struct predict_command *asked, struct serving *serving, struct text *text,
                   struct text *notes, struct error *error);
/* Writes to standard output as it goes. */
bool predict_batch(const struct predict_command *asked, struct serving *serving, struct text *notes,
                   struct error *error);

/* Where the data are not those of the training: what that means. */
void predict_note_data(const struct serving *serving, struct text *notes);

/* Seconds of a clock, for --timing. */
double predict_seconds(void);

/* The probabilities of one row, [levels]: as columns of a table of text, below the levels as
 * their headings; as columns of CSV, "probability_1" and so on, that follow others; as JSON. */
void predict_text_levels(const struct rating_levels *levels, struct text *text);
void predict_text_shares(const struct rating_levels *levels, const float *share, struct text *text);
void predict_csv_levels(const struct rating_levels *levels, struct text *text);
void predict_csv_shares(const struct rating_levels *levels, const float *share, struct text *text);
json_t *predict_json_levels(const struct rating_levels *levels);
json_t *predict_json_shares(const struct rating_levels *levels, const float *share);

/* A rating with the six decimals that CSV has; `json` as the output, which it
 * takes (NULL: memory ran out). */
json_t *predict_rating(float prediction);
bool predict_json(json_t *json, struct text *text, struct error *error);

#endif
