/* From values given as text to encoded rows, with a stored encoding alone: no
 * data set. Histories cannot be given so; all other columns can. */
#ifndef CROSSLANE_DATA_ENCODING_QUERY_H
#define CROSSLANE_DATA_ENCODING_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/encoding/encoding.h"
#include "data/encoding/stored_encoding.h"

enum { QUERY_INPUTS_MAX = DEEP_COLUMNS_MAX + 32 };

/* A column that the model reads: each is given once a row. */
struct query_input {
  const struct column *column;
  const struct vocabulary *vocabulary; /* NULL: a number */
  const struct scaling *scaling;       /* of numbers */
  uint32_t *code;                      /* [most] categories: a code, or VOCABULARY_NONE */
  size_t set_room;                     /* multi-hot: a row's codes are at set[row * set_room] */
  uint32_t *set, *set_size;            /* [most * set_room], ascending; [most] how many */
  struct number_list number;           /* [most] numbers; NaN: missing */
};

/* Of a value: as in training; a category never seen there, or a number beyond
 * the least and greatest there, both taken as they are; no number, not taken. */
enum query_answer { QUERY_KNOWN, QUERY_UNSEEN, QUERY_BEYOND, QUERY_NO_NUMBER };

struct query {
  const struct stored_encoding *stored;
  size_t most;
  size_t inputs; /* in the order of the data set's columns */
  struct query_input input[QUERY_INPUTS_MAX];
  struct code_list *list;   /* [tables] the table rows of the rows' combinations */
  struct encoding encoding; /* what a model is laid out by; over the lists and numbers above */
  struct encoded_rows rows; /* [most]; valid: the first of them, after query_encode */
  size_t *unknown_crosses;  /* [tables] rows so far with a combination that was never seen, of
                               values that all were */
};

/* For `most` rows at a time. A model that reads a history is ERROR_USAGE. The query
 * must not move: its encoding points to its numbers. */
bool query_init(struct query *query, const struct stored_encoding *stored, size_t most,
                struct error *error);
void query_clear(struct query *query);

/* The columns that the model reads, histories too: those whose names
 * are not in `given` [count], as "a, b and c". */
void query_list(const struct query *query, const bool *given, struct text *text);

/* QUERY_INPUTS_MAX: there is none of that name. */
size_t query_find(const struct query *query, const char *name);

/* Sets one value of a row. A multi-hot value is words joined by the column's separator; an empty
 * one is no code, or, of a number that may be missing, a missing number. */
enum query_answer query_set(struct query *query, size_t input, size_t row, const char *value,
                            size_t length);
/* The same, by a code of the input's vocabulary; or by codes, in any order, of a multi-hot one. */
void query_set_code(struct query *query, size_t input, size_t row, uint32_t code);
void query_set_codes(struct query *query, size_t input, size_t row, const uint32_t *codes,
                     size_t count);

/* Fills query->rows with the first `count` rows; all inputs are set. */
void query_encode(struct query *query, size_t count);

#endif
