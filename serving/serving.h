/* A saved model at work: loaded once, then asked for ratings, of values given
 * as text or of users and films of a data set. This room's other doors:
 *
 *   serving/saved_model.h     the file of a trained model
 *   serving/evaluation.h      how good a model is, on which rows
 *   serving/csv_prediction.h  a rating for each row of a CSV file
 *   serving/recommend.h       items for a user
 *   serving/new_user.h        a user who was not there in training
 *   serving/desks.h           rows by values, for many threads at once
 *   serving/last_times.h      when a rating without a time is given
 *   serving/places.h          ids, and users and items that the data do not have */
#ifndef CROSSLANE_SERVING_SERVING_H
#define CROSSLANE_SERVING_SERVING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "data/encoding/dataset_encoder.h"
#include "data/encoding/query.h"
#include "kernels/kernels.h"
#include "model/model_predict.h"
#include "serving/saved_model.h"

/* Users or items that the data do not have. */
struct unknown_places {
  uint32_t last;      /* the place of the last one; UINT32_MAX: there is none */
  uint32_t *place_of; /* [words of the model's ids] of each that the data do not have; NULL: only
                         the last one was added */
};

/* Not to be moved: its parts point at each other. */
struct serving {
  const struct kernels *kernels;
  struct saved_model saved;
  struct ensemble models;
  struct workspace workspace;
  struct query query;     /* by values */
  struct dataset dataset; /* by data */
  bool same;              /* the data are those of the training */
  struct split split;     /* of the training; empty with other data */
  struct dataset_encoder encoder;
  float shift;                      /* added to predictions of pairs (serving/new_user.h); else 0 */
  struct unknown_places unknown[2]; /* of each side (serving/places.h) */
};

/* Opens the file; then one of the two that follow makes it ready. To be closed
 * after a failure too. */
bool serving_open(struct serving *serving, const char *path, const struct kernels *kernels,
                  struct error *error);
/* Of the bytes of such a file, which must stay; `name` is in messages. */
bool serving_open_bytes(struct serving *serving, const char *name, const void *bytes, size_t size,
                        const struct kernels *kernels, struct error *error);
void serving_close(struct serving *serving);

/* For values, `most` rows at a time. */
bool serving_values(struct serving *serving, size_t most, struct error *error);
/* For the users and films of the data in `folder` (NULL: those that the config
 * makes). Histories and statistics are those of the training rows or, with
 * other data than the training's, of all rows. */
bool serving_data(struct serving *serving, const char *folder, struct error *error);
/* Its two halves: the data and the split; then what is made from them. */
bool serving_read(struct serving *serving, const char *folder, struct error *error);
bool serving_prepare(struct serving *serving, struct error *error);

/* The first `count` rows of the query. */
void serving_predict_values(struct serving *serving, size_t count, float *prediction);

/* The levels of an ordinal head, ascending; of a linear one none. Known of an open file. */
const struct rating_levels *serving_levels(const struct serving *serving);

/* With an ordinal head: probability[r * levels + k] of the rows that serving_predict_values
 * was called with last. */
void serving_value_probabilities(struct serving *serving, size_t count, float *probability);

/* A user and a film, by their places in the data set; a time for columns that
 * read the time of a rating. */
struct serving_pair {
  uint32_t user, item;
  int64_t time;
};
bool serving_predict_pairs(struct serving *serving, const struct serving_pair *pair, size_t count,
                           float *prediction, struct error *error);

/* With an ordinal head: probability[i * levels + k] of each pair, which no shift reaches. */
bool serving_pair_probabilities(struct serving *serving, const struct serving_pair *pair,
                                size_t count, float *probability, struct error *error);

/* The names of the user's or the film's categories whose values the model never
 * saw in training, as "user_id 12, occupation artist"; none: nothing. */
void serving_unseen(const struct serving *serving, enum column_side side,
                    const struct serving_pair *pair, struct text *text);

#endif
