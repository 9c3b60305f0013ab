/* The files of a MovieLens 100K folder, one function a file: what data_check, the
 * folds and the reader of whole sets share. Faults are `error`'s, up to
 * ERROR_SHOWN of a file; a faulty file still leaves in the builder the ids of
 * all lines that have the right number of fields, so that the files that
 * refer to it can be checked too.
 * `error` must be empty (kind ERROR_NONE). */
#ifndef CROSSLANE_DATA_READERS_MOVIELENS_FILES_H
#define CROSSLANE_DATA_READERS_MOVIELENS_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "data/dataset_builder.h"
#include "data/readers/key_index.h"
#include "data/readers/lines.h"

/* Of dataset_digest: GroupLens' ml-100k.zip, as downloaded. */
#define MOVIELENS_100K_DIGEST UINT64_C(0xc12b2088bd2c84a7)

/* The folder and its three files exist; else one message that says how to
 * get the data. */
bool movielens_folder(const char *folder, struct error *error);

enum { MOVIELENS_GENRES_MAX = 32, MOVIELENS_GENRE_ROOM = 64 };

/* In the order of their flags in u.item. */
struct movielens_genres {
  size_t count;
  char name[MOVIELENS_GENRES_MAX][MOVIELENS_GENRE_ROOM];
};
/* From u.genre, where there is one. */
bool movielens_genres(const char *folder, struct movielens_genres *genres, struct error *error);

/* Into a builder that has the columns of movielens_add_columns. */
bool movielens_users(const char *folder, struct dataset_builder *builder, struct error *error);
bool movielens_items(const char *folder, const struct movielens_genres *genres,
                     struct dataset_builder *builder, struct error *error);
/* Needs the users and items. */
bool movielens_ratings(const char *folder, struct dataset_builder *builder, struct error *error);

/* A user or an item, which must be new: field[0] is the id, the others are its cells. */
bool movielens_add_owner(struct dataset_builder *builder, enum column_side side,
                         const struct lines *lines, const struct span *field, size_t cells,
                         struct error *error);

/* The places of ids, in a builder or in a data set; WORDS_NONE: there is none. */
struct movielens_ids {
  uint32_t (*find)(const void *of, enum column_side side, const char *id, size_t length);
  const void *of;
};
uint32_t movielens_find_built(const void *builder, enum column_side side, const char *id,
                              size_t length);
uint32_t movielens_find_read(const void *dataset, enum column_side side, const char *id,
                             size_t length);

/* One line of u.data or of a fold file, its ids looked up. */
struct rating_line {
  uint32_t user, item; /* places */
  uint32_t rating;
  int64_t time;
};
bool movielens_rating_line(const struct lines *lines, struct span line,
                           const struct movielens_ids *ids, struct rating_line *rating,
                           struct error *error);

/* The rows of `dataset` by user and item. */
bool movielens_row_index(const struct dataset *dataset, struct key_index *index,
                         struct error *error);

/* Marks in `taken` [ratings] the rows that <folder>/<name> lists; *count of
 * them. Each must be a row of the dataset, and stand there once. */
bool movielens_fold_file(const struct dataset *dataset, const struct key_index *index,
                         const char *folder, const char *name, bool *taken, size_t *count,
                         struct error *error);

/* u.info, where there is one, counts users, items and ratings: fewer rows are a
 * set that was cut off. */
bool movielens_check_counts(const char *folder, const struct dataset *dataset, struct error *error);

/* Whether GroupLens or the generator made the data, which are named after it. */
bool movielens_origin(const char *folder, struct dataset *dataset, struct error *error);

#endif
