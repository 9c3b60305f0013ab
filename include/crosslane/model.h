/* A trained model at work. It is opened once and then asked for ratings by any number of
 * threads at once: a `const crosslane_model *` may be shared freely.
 *
 *   const char *row[] = {"25", "F", "student", "Drama"};   // the inputs, in their order
 *   float rating;
 *   if (crosslane_predict_text(model, 1, row, &rating, error) != 0) ...
 *
 * Ratings are those of `crosslane predict` to the last bit, on every instruction set, with any
 * number of threads and rows a call, whatever rounding mode or locale the caller has set.
 *
 * Functions that can fail return 0 or a pointer when they are done, and -1 or NULL when not:
 * see crosslane/error.h. Then what they were to fill holds nothing of use. Texts are UTF-8, end
 * with a zero, and belong to the model, as long as it is not freed. */
#ifndef CROSSLANE_MODEL_H
#define CROSSLANE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include <crosslane/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct crosslane_model crosslane_model;

/* --- opening --- */

/* Opens the file of a trained model, models/KEY.safetensors of a run folder. The best
 * instruction set of this machine is chosen, and a short check that it computes what it must
 * is made. A file that is no model, or damaged, is CROSSLANE_ERROR_DATA. */
CROSSLANE_API crosslane_model *crosslane_model_open(const char *path, crosslane_error *error);

/* The same with an instruction set by its name (crosslane/isa.h); NULL: the best one. One
 * that this machine does not run is CROSSLANE_ERROR_USAGE. */
CROSSLANE_API crosslane_model *crosslane_model_open_isa(const char *path, const char *isa,
                                                        crosslane_error *error);

/* Of the `size` bytes of such a file, which are copied. */
CROSSLANE_API crosslane_model *crosslane_model_open_memory(const void *bytes, size_t size,
                                                           const char *isa, crosslane_error *error);

/* No thread may be using it, and no catalog of it be open. NULL is fine. */
CROSSLANE_API void crosslane_model_free(crosslane_model *model);

/* A prediction needs some memory, which the model keeps for the next one. The first call of
 * the first thread finds it ready; the first of each further thread at the same time allocates
 * it. This makes it ready for so many threads, so that no call allocates. */
CROSSLANE_API int crosslane_model_reserve(crosslane_model *model, size_t threads,
                                          crosslane_error *error);

/* --- what it is --- */

CROSSLANE_API const char *crosslane_model_isa(const crosslane_model *model);
CROSSLANE_API const char *crosslane_model_key(const crosslane_model *model);   /* of its trial */
CROSSLANE_API const char *crosslane_model_label(const crosslane_model *model); /* architecture */
CROSSLANE_API double crosslane_model_mse(const crosslane_model *model);        /* on test rows */

/* The least and the greatest rating of the data's scale. Only a model with `clip: true`
 * keeps its predictions within. */
CROSSLANE_API float crosslane_model_least(const crosslane_model *model);
CROSSLANE_API float crosslane_model_most(const crosslane_model *model);

/* The ratings that an ordinal head tells apart, ascending. 0 of a linear head, which has no
 * probabilities. */
CROSSLANE_API size_t crosslane_model_levels(const crosslane_model *model);
CROSSLANE_API float crosslane_model_level(const crosslane_model *model, size_t k);

/* --- what it reads --- */

enum crosslane_input_kind {
  CROSSLANE_INPUT_CATEGORY = 0, /* one word */
  CROSSLANE_INPUT_NUMBER = 1,   /* a number, in the unit of the training data */
  CROSSLANE_INPUT_MULTI_HOT = 2 /* any number of words, joined by the input's separator */
};

/* A code that stands for a word which the model does not have. */
#define CROSSLANE_NO_CODE UINT32_MAX

/* How many columns the model reads: a row of values has one for each, in this order. 0 of
 * a model that reads a history (`user_history`), which only a catalog can give it. */
CROSSLANE_API size_t crosslane_model_inputs(const crosslane_model *model);

/* Of input i < inputs. */
CROSSLANE_API const char *crosslane_model_input_name(const crosslane_model *model, size_t i);
CROSSLANE_API enum crosslane_input_kind crosslane_model_input_kind(const crosslane_model *model,
                                                                   size_t i);
/* Between the words of a multi-hot value, "|"; else "". */
CROSSLANE_API const char *crosslane_model_input_separator(const crosslane_model *model, size_t i);

/* The input of that name; SIZE_MAX: there is none. */
CROSSLANE_API size_t crosslane_model_input_find(const crosslane_model *model, const char *name);

/* The words of a category or multi-hot input: word c has code c. 0 of a number. */
CROSSLANE_API size_t crosslane_model_input_words(const crosslane_model *model, size_t i);
CROSSLANE_API const char *crosslane_model_input_word(const crosslane_model *model, size_t i,
                                                     uint32_t code);
/* 1: there were training rows with this word. Others, and CROSSLANE_NO_CODE, are predicted
 * without what the model would have learned of them. */
CROSSLANE_API int crosslane_model_input_seen(const crosslane_model *model, size_t i, uint32_t code);

/* The least and the greatest number in training; beyond them a prediction is a guess. NaN
 * of other inputs. */
CROSSLANE_API double crosslane_model_input_least(const crosslane_model *model, size_t i);
CROSSLANE_API double crosslane_model_input_most(const crosslane_model *model, size_t i);
/* 1: a row may have no number, which is an empty text or NaN. */
CROSSLANE_API int crosslane_model_input_may_miss(const crosslane_model *model, size_t i);

/* --- ratings of rows given by values --- */

/* out[r] = the rating of row r, for `rows` rows. values[r * inputs + i] is the text of input i
 * of row r: a word, words joined by the separator, or a number; NULL is taken for "". A number
 * that is none is CROSSLANE_ERROR_USAGE with its row as line and its input as column. A word
 * that the model does not have is no error. */
CROSSLANE_API int crosslane_predict_text(const crosslane_model *model, size_t rows,
                                         const char *const *values, float *out,
                                         crosslane_error *error);

/* One input of many rows, as arrays of the caller. Value r lies `stride` bytes after value
 * r - 1; 0 stands for values that follow each other. This struct does not change. */
enum crosslane_column_type {
  CROSSLANE_COLUMN_CODES = 0,  /* uint32_t: codes of words */
  CROSSLANE_COLUMN_FLOAT = 1,  /* float: numbers */
  CROSSLANE_COLUMN_DOUBLE = 2, /* double: numbers */
  CROSSLANE_COLUMN_SETS = 3    /* uint32_t: the codes of all rows of a multi-hot input, one after
                                  another; row r has those from offsets[r] to offsets[r + 1] - 1 */
};
typedef struct crosslane_column {
  enum crosslane_column_type type;
  const void *values;
  size_t stride;
  const size_t *offsets; /* [rows + 1] of SETS, else NULL */
} crosslane_column;

/* The same of rows that were coded before: columns[i] is input i. Codes must be below the
 * input's words, or CROSSLANE_NO_CODE; a number may be NaN where it may be missing. Else
 * CROSSLANE_ERROR_USAGE with the row and the input. Nothing is allocated. */
CROSSLANE_API int crosslane_predict_coded(const crosslane_model *model, size_t rows,
                                          const crosslane_column *columns, float *out,
                                          crosslane_error *error);

/* codes[r] = the code of text values[r] of a category. A word that the model does not have
 * is CROSSLANE_NO_CODE. */
CROSSLANE_API int crosslane_model_encode(const crosslane_model *model, size_t input, size_t rows,
                                         const char *const *values, uint32_t *codes,
                                         crosslane_error *error);

/* Of a multi-hot input, for CROSSLANE_COLUMN_SETS: the codes of all rows, at most `room` of
 * them, and offsets[rows + 1]. offsets[rows] is how many there are, also when they are more than
 * `room`, which is CROSSLANE_ERROR_USAGE: so one call with room 0 counts them. Words that the
 * model does not have are left out. */
CROSSLANE_API int crosslane_model_encode_sets(const crosslane_model *model, size_t input,
                                              size_t rows, const char *const *values,
                                              uint32_t *codes, size_t room, size_t *offsets,
                                              crosslane_error *error);

/* With an ordinal head: out[r * levels + k] = how likely level k is for row r. A linear head
 * is CROSSLANE_ERROR_USAGE. */
CROSSLANE_API int crosslane_probabilities_text(const crosslane_model *model, size_t rows,
                                               const char *const *values, float *out,
                                               crosslane_error *error);
CROSSLANE_API int crosslane_probabilities_coded(const crosslane_model *model, size_t rows,
                                                const crosslane_column *columns, float *out,
                                                crosslane_error *error);

#ifdef __cplusplus
}
#endif

#endif
