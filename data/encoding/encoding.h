/* What is fitted on the training rows of one split, from the features of all
 * rows to what a model reads: dictionaries, scalings, histories, statistics. */
#ifndef CROSSLANE_DATA_ENCODING_ENCODING_H
#define CROSSLANE_DATA_ENCODING_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "data/encoding/rating_levels.h"
#include "data/features.h"
#include "data/split.h"

/* Lookup table: code -> table row. Combinations seen in the fitting rows get
 * rows 0, 1, ... in ascending order of code; all others share row `seen`,
 * whose weights stay zero, and which also fills the slots to spare. Hashed:
 * row = hash of the combination mod `seen`, for unseen ones too. */
struct dictionary {
  struct cross cross;           /* of one column for a field */
  enum column_side side;        /* of a field */
  const struct code_list *list; /* NULL for histories, whose codes are ids' codes */
  bool hashed;
  uint32_t seen;         /* rows that are trained: the columns of a wide part */
  uint32_t *row_of_code; /* [codes + 1], <= seen; the last one is `seen`. NULL: the list's codes are
                            table rows */
  uint32_t slots;        /* table rows that a row of data has; 0 for bags */
  uint32_t slot;         /* the first of them, in encoded_rows.codes */
  uint32_t bag;          /* bags: which of encoded_rows.bag */
};

/* One or two numbers of x: a column's scaled value (the mean of what is there
 * when it is missing, so 0 with SCALE_STANDARD) and, for columns that may
 * miss, 1 when it is missing, else 0. */
struct scaling {
  char column[COLUMN_NAME];
  enum scale scale;
  const struct number_list *list; /* NULL for statistics */
  double minimum, maximum, mean, deviation;
  double fallback; /* unscaled, for missing values */
  size_t at;       /* first column of encoded_rows.values */
  size_t width;    /* 1, or 2 with the indicator */
};

/* Lists of table rows, one a row of the column's table (user, item or rating); owner
 * o has entry[offset[o]] to entry[offset[o + 1] - 1], in the order of the training
 * rows (histories) or ascending (multi-hot). Values without a table row are left out. */
struct bag_lists {
  enum table table;
  size_t owners, longest;
  uint32_t *offset; /* [owners + 1] */
  uint32_t *entry;
};

/* The least and the greatest rating: the source's scale or, where it has none, those of
 * the fitted rows. */
struct rating_scale {
  float least, most;
};

struct statistics; /* data/rating_statistics.h */

struct encoding {
  size_t tables, fields; /* fields, then crosses */
  size_t slots, bags;
  size_t numbers;  /* columns of x: the sum of the scalings' widths */
  size_t scalings; /* spec.numbers */
  struct dictionary *table;
  struct bag_lists *bag;
  struct scaling *scaling;
  struct rating_scale scale;
  struct rating_levels levels;   /* with spec.rating_levels */
  struct statistics *statistics; /* NULL when not needed */
  bool has_training;             /* fitted with a split, whose training rows are: */
  size_t training_rows;
  uint64_t training_digest;
};

/* Needs features_add with this `spec`. `split` may be NULL with fit_all when
 * there are neither statistics nor histories. On failure `encoding` is empty. */
bool encoding_fit(const struct features *features, const struct encoding_spec *spec,
                  const struct split *split, struct encoding *encoding, struct error *error);
void encoding_clear(struct encoding *encoding);
/* What encoding_fit has allocated and kept. */
size_t encoding_bytes(const struct encoding *encoding, const struct dataset *dataset);

/* "F_Drama": the values of combination `table_row` joined by "_"; "unseen"
 * for the shared row; "bucket 17" of a hashed cross. */
void encoding_label(const struct encoding *encoding, const struct dataset *dataset, size_t table,
                    uint32_t table_row, struct text *text);

/* A row's bag: the list of its owner without entry number `skip` of it (a
 * training row's own entry in a history). */
#define BAG_SKIP_NONE UINT32_MAX
struct encoded_bag {
  const struct bag_lists *lists; /* the encoding's */
  uint32_t *owner;               /* [kinds or rows] */
  uint32_t *skip;                /* [kinds or rows] BAG_SKIP_NONE: nothing */
};

/* Rows ready for a model, and only together with their encoding: row r, of kind k, has
 * the table rows codes[k * slots + s], the bags bag[b] of k and the numbers
 * values[k * numbers + i]; its rating is encoded_rows_target. */
struct encoded_rows {
  size_t rows, slots, bags, numbers;
  size_t kinds;     /* 0: each row is its own, k = r */
  uint32_t *merged; /* [rows] kind * ROW_RATINGS_MOST + the rating's code; NULL: each is its own */
  uint32_t *codes;  /* [kinds or rows][slots] */
  struct encoded_bag *bag;
  float *values; /* [kinds or rows][numbers] */
  float *target; /* [rows], or of merged rows [codes] their ratings; NULL: 0 */
};
enum { ROW_RATINGS_MOST = 1 << 8 };
static inline float encoded_rows_target(const struct encoded_rows *rows, size_t row) {
  if (rows->target == NULL) return 0.0f;
  return rows->target[rows->merged != NULL ? rows->merged[row] % ROW_RATINGS_MOST : row];
}
static inline size_t encoded_rows_kind(const struct encoded_rows *rows, size_t row) {
  return rows->merged != NULL ? rows->merged[row] / ROW_RATINGS_MOST : row;
}

/* Whether the rows are the training rows of the split that was fitted, all of
 * them and in its order: then the ratings of a row's own fold do not reach its
 * statistics, nor its own entry its histories. */
enum encoded_part { ENCODED_TRAINING, ENCODED_OTHERS };

/* `rows` are `count` indices into the dataset that the features were made of.
 * ENCODED_TRAINING with other rows than the split's is an ERROR_SYSTEM. */
bool encoding_apply(const struct encoding *encoding, const struct dataset *dataset,
                    const uint32_t *rows, size_t count, enum encoded_part part,
                    struct encoded_rows *encoded, struct error *error);
/* The same; but rows of which a model reads the same are kept once, as one kind: what it
 * predicts for one it predicts for all of them, to the last bit. Where users and items are
 * known by a few columns, many rows are so. With more than row_kinds_most kinds, or
 * ROW_RATINGS_MOST different ratings, each row is kept. */
bool encoding_apply_merged(const struct encoding *encoding, const struct dataset *dataset,
                           const uint32_t *rows, size_t count, enum encoded_part part,
                           struct encoded_rows *encoded, struct error *error);
/* One for two rows, and at most ROW_KINDS_MOST. */
enum { ROW_KINDS_MOST = 1 << 16 };
size_t row_kinds_most(size_t rows);
/* Merges rows that are all kept. */
bool row_kinds_merge(const struct encoding *encoding, struct encoded_rows *rows,
                     struct error *error);
void encoded_rows_clear(struct encoded_rows *encoded);

#endif
