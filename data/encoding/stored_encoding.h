/* What a model reads, apart from the data that it was trained on: the words of
 * each column, the dictionaries over them, the scalings. A model's file keeps
 * it as JSON:
 *
 *   columns  {"gender": ["F", "M"], ...}   word c of a column is its code c
 *   tables   [{"columns": ["gender", "genre"], "rows": [0, 0, 0, 1, ...]}, ...]
 *            fields, then crosses; the codes of table row r, one a column, are
 *            rows[r * columns ...]; hashed ones have "buckets" instead
 *   numbers  [{"column": "age", "scale": "minmax", "minimum": 7, ...}, ...]
 *   scale    [1, 5]: the least and the greatest rating; 1 to 5 where it is not there
 *   levels   [1, 2, 3, 4, 5]: the different ratings, where the model tells them apart
 *
 * It encodes rows of two kinds: values as text (data/encoding/query.h), or the
 * ratings of a data set (data/encoding/dataset_encoder.h). */
#ifndef CROSSLANE_DATA_ENCODING_STORED_ENCODING_H
#define CROSSLANE_DATA_ENCODING_STORED_ENCODING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "data/encoding/vocabulary.h"

struct stored_table {
  struct cross cross;
  const struct vocabulary *vocabulary[CROSS_ARITY_MAX]; /* of each column */
  bool hashed;
  uint32_t seen;         /* table rows; row `seen` stands for all else */
  uint64_t possible;     /* combinations: the product of the vocabularies' words */
  uint64_t *combination; /* [seen] of each table row, ascending; mixed radix, first column most
                            significant; NULL when hashed */
  uint32_t *row_of;      /* [possible] where that is small, else NULL */
};

struct stored_encoding {
  const struct schema *schema; /* of the columns that it reads, and may be others */
  size_t vocabularies;
  struct vocabulary *vocabulary; /* one a column */
  size_t fields, tables;         /* fields, then crosses */
  struct stored_table *table;
  struct rating_scale scale;
  struct rating_levels levels; /* with spec.rating_levels */
  size_t scalings, numbers;    /* numbers: the sum of the scalings' widths */
  struct scaling *scaling;     /* without lists */
};

/* {"columns": ..., "tables": ..., "numbers": ..., "scale": ...}, and "levels" if there are
 * any, of what was fitted on `dataset`. NULL when memory ran out. */
json_t *stored_encoding_json(const struct encoding *encoding, const struct dataset *dataset);

/* The columns that an encoding reads, in the order of the data set:
 *   [{"name": "gender", "kind": "category", "side": "user"}, ...]
 * and of a multi-hot column "separator", of a number that may be missing "may_miss", of a
 * statistic "statistic". NULL when memory ran out. */
json_t *stored_schema_json(const struct encoding *encoding, const struct dataset *dataset);
bool stored_schema_from_json(struct schema *schema, const json_t *json, const char *name,
                             struct error *error);

/* Checked against `spec`, what the model's config says that it reads; `name` is
 * in messages (ERROR_DATA). `schema` must outlive it. On failure `stored` is empty. */
bool stored_encoding_from_json(struct stored_encoding *stored, const json_t *json,
                               const struct schema *schema, const struct encoding_spec *spec,
                               const char *name, struct error *error);
void stored_encoding_clear(struct stored_encoding *stored);

const struct vocabulary *stored_encoding_vocabulary(const struct stored_encoding *stored,
                                                    const char *column);

/* An encoding's tables, without bags and slots, and its scalings, without lists. */
bool stored_encoding_shape(const struct stored_encoding *stored, struct encoding *encoding,
                           struct error *error);

/* The table row of a combination; of a table without row_of, it is hashed or searched for. */
uint32_t stored_table_search(const struct stored_table *table, uint64_t combination);
static inline uint32_t stored_table_row(const struct stored_table *table, uint64_t combination) {
  return table->row_of != NULL ? table->row_of[combination]
                               : stored_table_search(table, combination);
}

#endif
