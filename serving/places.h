/* The places of ids, and of users and items that the data do not have. Nothing but the id is
 * known of these. Each has a place after those of the data, no rating, and columns that all
 * miss a value; what the model makes of that is the prediction. An id that the model was
 * trained with, on other data than these, has its weights.
 *
 *   serving_read(serving, folder, error) &&
 *     places_add(serving, SIDE_USER, "9999", error) && serving_prepare(serving, error) */
#ifndef CROSSLANE_SERVING_PLACES_H
#define CROSSLANE_SERVING_PLACES_H

#include "serving/serving.h"

/* Once for each side: places_find finds this id then. Nothing is added for an id that the
 * data have, and for an empty one. */
bool places_add(struct serving *serving, enum column_side side, const char *id,
                struct error *error);

/* Once, instead: places_find finds every id but the empty one. Those that the model was
 * trained with get a place each; all others share the last one, as they are predicted alike. */
bool places_add_all(struct serving *serving, struct error *error);

/* The place of an id, in the data or added; UINT32_MAX: there is none. */
uint32_t places_find(const struct serving *serving, enum column_side side, const char *id,
                     size_t length);

/* Whether it is an added place. */
bool places_unknown(const struct serving *serving, enum column_side side, uint32_t place);

/* "user_id 9999" of an added place where the model does not read ids, so that serving_unseen does
 * not name it; else nothing. */
void places_unseen(const struct serving *serving, enum column_side side, uint32_t place,
                   struct text *text);

#endif
