/* What columns of users, items, ratings and times are usually called. */
#ifndef CROSSLANE_DATA_GUESS_WORDS_H
#define CROSSLANE_DATA_GUESS_WORDS_H

#include <stdbool.h>

enum guess_role { GUESS_USER, GUESS_ITEM, GUESS_RATING, GUESS_TIME, GUESS_TITLE };

/* Whether a column of this name has that role, whatever the case and the punctuation:
 * "User-ID" is a user. */
bool guess_is(enum guess_role role, const char *name);
/* Whether the name begins with such a word: "customers.csv" with that of a user. */
bool guess_begins(enum guess_role role, const char *name);
/* Whether a column is called just "id". */
bool guess_is_id(const char *name);

#endif
