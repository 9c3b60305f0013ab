/* The genres and occupations of MovieLens 100K. */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_NAMES_H
#define CROSSLANE_DATA_READERS_MOVIELENS_NAMES_H

enum { MOVIELENS_GENRES = 19, MOVIELENS_OCCUPATIONS = 21 };

/* In the order of the flags of u.item. */
extern const char *const movielens_genre_names[MOVIELENS_GENRES];
/* Alphabetical. */
extern const char *const movielens_occupation_names[MOVIELENS_OCCUPATIONS];

#endif
