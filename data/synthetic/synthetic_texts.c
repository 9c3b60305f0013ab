/* No text of the generator has a delimiter or a quotation mark in it, so none is quoted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/readers/movielens_names.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_files.h"

enum { CELLS_MAX = 4 };

/* One file: its columns after the id, by enum movielens_user_column or movielens_item_column;
 * ratings have none. */
struct synthetic_text {
  const char *file;   /* NULL: the form has none; ".inter": NAME.inter */
  const char *header; /* NULL: there is none */
  const char *delimiter;
  size_t cells;
  int cell[CELLS_MAX];
  char separator;        /* of genres */
  const char *genreless; /* what stands for the genre "unknown"; NULL: itself */
  bool point;            /* a rating is 4.0, not 4 */
};

#define USER_CELLS \
  .cells = 4, .cell = {MOVIELENS_AGE, MOVIELENS_GENDER, MOVIELENS_OCCUPATION, MOVIELENS_ZIP}
#define USER_CELLS_1M \
  .cells = 4, .cell = {MOVIELENS_GENDER, MOVIELENS_AGE, MOVIELENS_OCCUPATION, MOVIELENS_ZIP}
#define ITEM_CELLS \
  .cells = 3, .cell = {MOVIELENS_TITLE, MOVIELENS_RELEASE_DATE, MOVIELENS_GENRE_SET}
#define FILM_CELLS                                                              \
  .cells = 2, .cell = {MOVIELENS_TITLE, MOVIELENS_GENRE_SET}, .separator = '|', \
  .genreless = "(no genres listed)"

static const struct synthetic_text layouts[][TABLES] = {
    [SYNTHETIC_1M] = {[TABLE_USERS] = {.file = "users.dat", .delimiter = "::", USER_CELLS_1M},
                      [TABLE_ITEMS] = {.file = "movies.dat", .delimiter = "::", FILM_CELLS},
                      [TABLE_RATINGS] = {.file = "ratings.dat", .delimiter = "::"}},
    [SYNTHETIC_25M] = {[TABLE_ITEMS] = {.file = "movies.csv",
                                        .header = "movieId,title,genres\n",
                                        .delimiter = ",",
                                        FILM_CELLS},
                       [TABLE_RATINGS] = {.file = "ratings.csv",
                                          .header = "userId,movieId,rating,timestamp\n",
                                          .delimiter = ",",
                                          .point = true}},
    [SYNTHETIC_CSV] = {[TABLE_USERS] = {.file = "users.csv",
                                        .header = "user_id,age,gender,occupation,zip\n",
                                        .delimiter = ",",
                                        USER_CELLS},
                       [TABLE_ITEMS] = {.file = "items.csv",
                                        .header = "item_id,title,release_date,genres\n",
                                        .delimiter = ",",
                                        .separator = '|',
                                        ITEM_CELLS},
                       [TABLE_RATINGS] = {.file = "ratings.csv",
                                          .header = "user_id,item_id,rating,timestamp\n",
                                          .delimiter = ","}},
    [SYNTHETIC_ATOMIC] =
        {[TABLE_USERS] = {.file = ".user",
                          .header = "user_id:token\tage:float\tgender:token\toccupation:token\t"
                                    "zip:token\n",
                          .delimiter = "\t",
                          USER_CELLS},
         [TABLE_ITEMS] = {.file = ".item",
                          .header = "item_id:token\ttitle:token\trelease_date:token\t"
                                    "genres:token_seq\n",
                          .delimiter = "\t",
                          .separator = ' ',
                          ITEM_CELLS},
         [TABLE_RATINGS] = {.file = ".inter",
                            .header = "user_id:token\titem_id:token\trating:float\t"
                                      "timestamp:float\n",
                            .delimiter = "\t"}},
};

bool synthetic_texts_open(struct synthetic_texts *texts, enum synthetic_form form,
                          const char *folder, const char *name, struct error *error) {
  texts->layout = layouts[form];
  for (size_t t = 0; t < TABLES; t++) {
    const struct synthetic_text *layout = &texts->layout[t];
    char file[512];
    if (layout->file == NULL) continue;
    (void)snprintf(file, sizeof file, "%s%s", layout->file[0] == '.' ? name : "", layout->file);
    char *path = file_join(folder, file, error);
    const bool done = path != NULL && file_stream_open(&texts->stream[t], path, error);
    free(path);
    if (!done) return false;
    if (layout->header != NULL) file_stream_add_text(&texts->stream[t], layout->header);
  }
  return true;
}

static void add_genres(struct file_stream *stream, const struct synthetic_text *layout,
                       const char *genres) {
  if (layout->genreless != NULL && strcmp(genres, movielens_genre_names[0]) == 0) {
    file_stream_add_text(stream, layout->genreless);
    return;
  }
  for (const char *at = genres; *at != '\0'; at++) {
    file_stream_add(stream, *at == '|' ? &layout->separator : at, 1);
  }
}

void synthetic_texts_owner(struct synthetic_texts *texts, enum column_side side, const char *id,
                           const char *const *cell) {
  const enum table table = side == SIDE_USER ? TABLE_USERS : TABLE_ITEMS;
  const struct synthetic_text *layout = &texts->layout[table];
  struct file_stream *stream = &texts->stream[table];
  if (layout->file == NULL) return;
  file_stream_add_text(stream, id);
  for (size_t c = 0; c < layout->cells; c++) {
    const int column = layout->cell[c];
    file_stream_add_text(stream, layout->delimiter);
    if (side == SIDE_ITEM && column == MOVIELENS_GENRE_SET)
      add_genres(stream, layout, cell[column]);
    else
      file_stream_add_text(stream, cell[column]);
  }
  file_stream_add(stream, "\n", 1);
}

void synthetic_texts_rating(struct synthetic_texts *texts, uint32_t user, uint32_t item,
                            float rating, int64_t time) {
  const struct synthetic_text *layout = &texts->layout[TABLE_RATINGS];
  struct file_stream *stream = &texts->stream[TABLE_RATINGS];
  const unsigned halves = (unsigned)(2.0f * rating);
  file_stream_add_number(stream, (uint64_t)user + 1);
  file_stream_add_text(stream, layout->delimiter);
  file_stream_add_number(stream, (uint64_t)item + 1);
  file_stream_add_text(stream, layout->delimiter);
  file_stream_add_number(stream, halves / 2);
  if (halves % 2 == 1 || layout->point) file_stream_add_text(stream, halves % 2 == 1 ? ".5" : ".0");
  file_stream_add_text(stream, layout->delimiter);
  file_stream_add_number(stream, (uint64_t)time);
  file_stream_add(stream, "\n", 1);
}

bool synthetic_texts_end(struct synthetic_texts *texts, struct error *error) {
  for (size_t t = 0; t < TABLES; t++) {
    if (texts->layout[t].file != NULL && !file_stream_end(&texts->stream[t], error)) return false;
  }
  return true;
}

bool synthetic_texts_commit(struct synthetic_texts *texts, struct error *error) {
  for (size_t t = 0; t < TABLES; t++) {
    if (texts->layout[t].file != NULL && !file_stream_commit(&texts->stream[t], error)) {
      return false;
    }
  }
  return true;
}

void synthetic_texts_clear(struct synthetic_texts *texts) {
  for (size_t t = 0; t < TABLES; t++) file_stream_clear(&texts->stream[t]);
}
