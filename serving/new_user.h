/* A user who was not there in training, by what they rated now. */
#ifndef CROSSLANE_SERVING_NEW_USER_H
#define CROSSLANE_SERVING_NEW_USER_H

#include "serving/serving.h"

/* Makes the serving ready for the data that serving_read has read (as serving_prepare does), with
 * one more user, the last.
 * `rated`: "242:5,302:3", or a file with such entries, one a line. `set`: [count]
 * "COLUMN=VALUE" of the user; columns that are not set miss a value. Histories and statistics
 * of the user follow from these ratings, and the items' take them in; nothing is trained.
 *
 * A model has no weights for such a user, so the level of its predictions p is set by the n
 * rated items: p + mean(m - p) + mean(r - m) n / (n + 5), with r their ratings by the user and
 * m by the others (as the biases of Koren: KDD 2008, section 2.1). An unknown item, or a
 * rating beyond the scale, is ERROR_USAGE. */
bool new_user_prepare(struct serving *serving, const char *rated, const char *const *set,
                      size_t count, struct error *error);

#endif
