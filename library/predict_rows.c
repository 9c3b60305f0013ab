/* Ratings of rows given by values, as text or coded. */
#include <math.h>
#include <string.h>

#include "library/model_parts.h"

/* Rows as they were given: `values`, or else `columns`. */
struct request {
  const crosslane_model *model;
  size_t rows;
  const char *const *values;
  const crosslane_column *columns;
  bool probabilities;
  float *out;
};

/* What is wrong with input i of a row; returns false. */
static bool wrong(const struct request *request, size_t row, size_t i, const char *what,
                  struct error *error) {
  error_set(error, ERROR_USAGE, "row %zu, %s: %s", row + 1,
            model_input(request->model, i)->column->name, what);
  error->line = row + 1;
  error->column = i + 1;
  return false;
}

/* --- text --- */

static bool no_number(const struct request *request, size_t row, size_t i, const char *value,
                      struct error *error) {
  if (value[0] == '\0') return wrong(request, row, i, "a number is missing", error);
  (void)wrong(request, row, i, "", error);
  const size_t line = error->line, column = error->column;
  error_set(error, ERROR_USAGE, "row %zu, %s: '%.80s' is not a number", row + 1,
            model_input(request->model, i)->column->name, value);
  error->line = line;
  error->column = column;
  return false;
}

static bool fill_text(const struct request *request, struct desk *desk, size_t first, size_t count,
                      struct error *error) {
  const size_t inputs = desk->query.inputs;
  const char *const *value = request->values + first * inputs;
  for (size_t r = 0; r < count; r++) {
    for (size_t i = 0; i < inputs; i++, value++) {
      const char *text = *value != NULL ? *value : "";
      if (query_set(&desk->query, i, r, text, strlen(text)) != QUERY_NO_NUMBER) continue;
      return no_number(request, first + r, i, text, error);
    }
  }
  return true;
}

/* --- coded --- */

static const char bad_code[] = "no such code: see crosslane_model_input_words";

static size_t stride_of(const crosslane_column *column, size_t size) {
  return column->stride > 0 ? column->stride : size;
}

static bool fill_codes(const struct request *request, struct query_input *input, size_t i,
                       size_t first, size_t count, struct error *error) {
  const crosslane_column *column = &request->columns[i];
  const size_t stride = stride_of(column, sizeof(uint32_t));
  const char *at = (const char *)column->values + first * stride;
  for (size_t r = 0; r < count; r++, at += stride) {
    uint32_t code;
    memcpy(&code, at, sizeof code);
    if (code >= input->vocabulary->words && code != VOCABULARY_NONE) {
      return wrong(request, first + r, i, bad_code, error);
    }
    input->code[r] = code;
  }
  return true;
}

static bool fill_sets(const struct request *request, struct query *query, size_t i, size_t first,
                      size_t count, struct error *error) {
  const crosslane_column *column = &request->columns[i];
  const uint32_t words = query->input[i].vocabulary->words;
  for (size_t r = 0; r < count; r++) {
    const size_t begin = column->offsets[first + r], end = column->offsets[first + r + 1];
    const uint32_t *codes = (const uint32_t *)column->values + begin;
    if (end < begin) return wrong(request, first + r, i, "the offsets do not ascend", error);
    for (size_t c = 0; c < end - begin; c++) {
      if (codes[c] < words || codes[c] == VOCABULARY_NONE) continue;
      return wrong(request, first + r, i, bad_code, error);
    }
    query_set_codes(query, i, r, codes, end - begin);
  }
  return true;
}

static double number_at(const char *at, enum crosslane_column_type type) {
  double wide;
  float narrow;
  if (type == CROSSLANE_COLUMN_DOUBLE) {
    memcpy(&wide, at, sizeof wide);
    return wide;
  }
  memcpy(&narrow, at, sizeof narrow);
  return (double)narrow;
}

static bool fill_numbers(const struct request *request, struct query_input *input, size_t i,
                         size_t first, size_t count, struct error *error) {
  const crosslane_column *column = &request->columns[i];
  const bool wide = column->type == CROSSLANE_COLUMN_DOUBLE;
  const size_t stride = stride_of(column, wide ? sizeof(double) : sizeof(float));
  const char *at = (const char *)column->values + first * stride;
  for (size_t r = 0; r < count; r++, at += stride) {
    const double value = number_at(at, column->type);
    input->number.rows[r] = value;
    if (isfinite(value) || (isnan(value) && input->column->may_miss)) continue;
    return wrong(request, first + r, i,
                 isnan(value) ? "a number is missing" : "the number is not finite", error);
  }
  return true;
}

static bool wrong_type(const struct request *request, size_t i, const char *what,
                       struct error *error) {
  error_set(error, ERROR_USAGE, "%s: %s", model_input(request->model, i)->column->name, what);
  error->column = i + 1;
  return false;
}

static bool fill_column(const struct request *request, struct query *query, size_t i, size_t first,
                        size_t count, struct error *error) {
  struct query_input *input = &query->input[i];
  const enum crosslane_column_type type = request->columns[i].type;
  if (input->code != NULL) {
    return type == CROSSLANE_COLUMN_CODES
               ? fill_codes(request, input, i, first, count, error)
               : wrong_type(request, i, "a category needs CROSSLANE_COLUMN_CODES", error);
  }
  if (input->set != NULL) {
    return type == CROSSLANE_COLUMN_SETS
               ? fill_sets(request, query, i, first, count, error)
               : wrong_type(request, i, "a multi-hot input needs CROSSLANE_COLUMN_SETS", error);
  }
  return type == CROSSLANE_COLUMN_FLOAT || type == CROSSLANE_COLUMN_DOUBLE
             ? fill_numbers(request, input, i, first, count, error)
             : wrong_type(request, i,
                          "a number needs CROSSLANE_COLUMN_FLOAT or CROSSLANE_COLUMN_DOUBLE",
                          error);
}

static bool fill_coded(const struct request *request, struct desk *desk, size_t first, size_t count,
                       struct error *error) {
  for (size_t i = 0; i < desk->query.inputs; i++) {
    if (!fill_column(request, &desk->query, i, first, count, error)) return false;
  }
  return true;
}

/* --- both --- */

static bool predict_at(const struct request *request, struct desk *desk, struct error *error) {
  const struct desks *desks = request->model->desks;
  const size_t levels = crosslane_model_levels(request->model);
  for (size_t first = 0; first < request->rows; first += DESK_ROWS) {
    const size_t left = request->rows - first, count = left < DESK_ROWS ? left : DESK_ROWS;
    if (!(request->values != NULL ? fill_text : fill_coded)(request, desk, first, count, error)) {
      return false;
    }
    if (request->probabilities) {
      desks_probabilities(desks, desk, count, request->out + first * levels);
    } else {
      desks_predict(desks, desk, count, request->out + first);
    }
  }
  return true;
}

static bool predict(const struct request *request, struct error *error) {
  const crosslane_model *model = request->model;
  if (!model_takes_values(model, error)) return false;
  if (request->probabilities && crosslane_model_levels(model) == 0) {
    return error_set(error, ERROR_USAGE,
                     "a linear head has no probabilities: train with head: ordinal");
  }
  if (request->rows > 0 && request->values == NULL && request->columns == NULL) {
    return error_set(error, ERROR_USAGE, "no values are given");
  }
  struct desk *desk = desks_take(model->desks, error);
  if (desk == NULL) return false;
  const bool done = predict_at(request, desk, error);
  desks_give(model->desks, desk);
  return done;
}

static int answer(const struct request *request, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  return library_end(&call, predict(request, call.error));
}

int crosslane_predict_text(const crosslane_model *model, size_t rows, const char *const *values,
                           float *out, crosslane_error *error) {
  return answer(&(struct request){.model = model, .rows = rows, .values = values, .out = out},
                error);
}

int crosslane_predict_coded(const crosslane_model *model, size_t rows,
                            const crosslane_column *columns, float *out, crosslane_error *error) {
  return answer(&(struct request){.model = model, .rows = rows, .columns = columns, .out = out},
                error);
}

int crosslane_probabilities_text(const crosslane_model *model, size_t rows,
                                 const char *const *values, float *out, crosslane_error *error) {
  return answer(
      &(struct request){
          .model = model, .rows = rows, .values = values, .probabilities = true, .out = out},
      error);
}

int crosslane_probabilities_coded(const crosslane_model *model, size_t rows,
                                  const crosslane_column *columns, float *out,
                                  crosslane_error *error) {
  return answer(
      &(struct request){
          .model = model, .rows = rows, .columns = columns, .probabilities = true, .out = out},
      error);
}
