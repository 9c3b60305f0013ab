#include "serving/csv_prediction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/readers/csv.h"
#include "data/times.h"
#include "serving/last_times.h"
#include "serving/places.h"
#include "serving/prediction_line.h"

/* A block ends early when its records are long. */
enum { RAW_MOST = 4 << 20, NOTED = 48, PAIR_USER = 0, PAIR_ITEM, PAIR_TIME, PAIR_COLUMNS };

static const char *const pair_names[PAIR_COLUMNS] = {"user_id", "item_id", "timestamp"};
/* What the newer MovieLens files call them. */
static const char *const other_names[PAIR_COLUMNS] = {"userId", "movieId", "time"};

/* The other name of a column; NULL: it has none. */
static const char *other_name(const char *name) {
  for (size_t i = 0; i < PAIR_COLUMNS; i++) {
    if (strcmp(name, pair_names[i]) == 0) return other_names[i];
  }
  return NULL;
}

/* Values of one column that were not as in training; by data: ids that they do not have. */
struct noted {
  size_t unseen, beyond, line; /* rows; line of the first of either */
  char first[NOTED];
};

struct batch {
  const struct csv_prediction *request;
  struct csv_reader csv;
  size_t columns;                     /* of the file */
  size_t column_of[QUERY_INPUTS_MAX]; /* by values: of each input; by data: of pair_names */
  struct noted noted[QUERY_INPUTS_MAX];
  struct serving_pair *pair; /* [CSV_PREDICTION_ROWS] by data */
  int64_t *last_time;        /* [users] by data, without timestamps */
  size_t count;              /* rows in the block */
  size_t *raw_end;           /* [CSV_PREDICTION_ROWS] in `raw` */
  bool *crlf;                /* [CSV_PREDICTION_ROWS] */
  float *prediction;         /* [CSV_PREDICTION_ROWS] */
  size_t levels;             /* 0: no probabilities */
  float *probability;        /* [CSV_PREDICTION_ROWS * levels] */
  struct text raw, out;
  struct prediction_line line;
};

/* --- the first record --- */

static bool equals(struct span span, const char *text) {
  return strlen(text) == (size_t)(span.end - span.begin) &&
         memcmp(span.begin, text, strlen(text)) == 0;
}

/* SIZE_MAX: none. Twice is a fault. */
static bool find_column(const struct batch *batch, const char *name, size_t *column,
                        struct error *error) {
  *column = SIZE_MAX;
  for (size_t f = 0; f < batch->csv.fields; f++) {
    if (!equals(batch->csv.field[f], name)) continue;
    if (*column != SIZE_MAX) {
      return error_at(error, ERROR_USAGE, batch->csv.name, 1, 0, "column '%s' stands twice", name);
    }
    *column = f;
  }
  return true;
}

static bool missing_columns(const struct batch *batch, struct error *error) {
  const struct csv_prediction *request = batch->request;
  if (request->by_data) {
    return error_at(error, ERROR_USAGE, batch->csv.name, 1, 0,
                    "the columns user_id and item_id are needed with --data");
  }
  const struct query *query = &request->serving->query;
  bool given[QUERY_INPUTS_MAX];
  struct text needed = {0}, lacking = {0};
  for (size_t i = 0; i < query->inputs; i++) given[i] = batch->column_of[i] != SIZE_MAX;
  query_list(query, given, &lacking);
  query_list(query, NULL, &needed);
  error_at(error, ERROR_USAGE, batch->csv.name, 1, 0, "no column for %s",
           lacking.failed ? "..." : lacking.text);
  error_help(error, "the model reads %s; the first line names the columns",
             needed.failed ? "..." : needed.text);
  text_clear(&needed);
  text_clear(&lacking);
  return false;
}

static bool find_columns(struct batch *batch, struct error *error) {
  const struct csv_prediction *request = batch->request;
  const struct query *query = &request->serving->query;
  const size_t count = request->by_data ? PAIR_COLUMNS : query->inputs;
  size_t own;
  bool all = true;
  for (size_t i = 0; i < count; i++) {
    const char *name = request->by_data ? pair_names[i] : query->input[i].column->name;
    if (!find_column(batch, name, &batch->column_of[i], error)) return false;
    const char *other = other_name(name);
    if (batch->column_of[i] == SIZE_MAX && other != NULL &&
        !find_column(batch, other, &batch->column_of[i], error)) {
      return false;
    }
    const bool optional = request->by_data && i == PAIR_TIME;
    all = all && (optional || batch->column_of[i] != SIZE_MAX);
  }
  if (!all) return missing_columns(batch, error);
  if (!find_column(batch, "prediction", &own, error)) return false;
  return own == SIZE_MAX || error_at(error, ERROR_USAGE, batch->csv.name, 1, 0,
                                     "there is a column 'prediction' already");
}

static const char *line_end(bool crlf) {
  return crlf ? "\r\n" : "\n";
}

static bool read_header(struct batch *batch, struct error *error) {
  struct csv_reader *csv = &batch->csv;
  if (!csv_next(csv, error)) {
    return error->kind == ERROR_NONE
               ? error_set(error, ERROR_DATA, "%s: empty: the first line names the columns",
                           csv->name)
               : false;
  }
  batch->columns = csv->fields;
  if (!find_columns(batch, error)) return false;
  if (batch->request->json) return prediction_line_init(&batch->line, csv, error);
  text_add_bytes(&batch->out, csv->raw.begin, (size_t)(csv->raw.end - csv->raw.begin));
  text_add(&batch->out, ",prediction");
  for (size_t k = 0; k < batch->levels; k++) {
    text_add(&batch->out, ",probability_%g",
             (double)serving_levels(batch->request->serving)->value[k]);
  }
  text_add(&batch->out, "%s", line_end(csv->crlf));
  return true;
}

/* --- records --- */

static bool bad_value(const struct batch *batch, const char *column, struct span value,
                      const char *what, struct error *error) {
  char shown[SPAN_SHOWN];
  return error_at(error, ERROR_DATA, batch->csv.name, batch->csv.line, 0, "%s '%s' %s", column,
                  span_show(value, shown), what);
}

static void note(struct batch *batch, size_t i, enum query_answer answer, struct span value) {
  struct noted *noted = &batch->noted[i];
  if (noted->unseen + noted->beyond == 0) {
    char shown[SPAN_SHOWN];
    noted->line = batch->csv.line;
    (void)snprintf(noted->first, NOTED, "%s", span_show(value, shown));
  }
  if (answer == QUERY_UNSEEN)
    noted->unseen++;
  else
    noted->beyond++;
}

static bool take_values(struct batch *batch, struct error *error) {
  struct query *query = &batch->request->serving->query;
  for (size_t i = 0; i < query->inputs; i++) {
    const struct span value = batch->csv.field[batch->column_of[i]];
    const enum query_answer answer =
        query_set(query, i, batch->count, value.begin, (size_t)(value.end - value.begin));
    if (answer == QUERY_KNOWN) continue;
    if (answer == QUERY_NO_NUMBER) {
      return bad_value(batch, query->input[i].column->name, value, "is not a number", error);
    }
    note(batch, i, answer, value);
  }
  return true;
}

static bool take_id(struct batch *batch, int which, uint32_t *at, struct error *error) {
  const struct serving *serving = batch->request->serving;
  const struct span value = batch->csv.field[batch->column_of[which]];
  const enum column_side side = which == PAIR_USER ? SIDE_USER : SIDE_ITEM;
  *at = places_find(serving, side, value.begin, (size_t)(value.end - value.begin));
  if (*at == UINT32_MAX) {
    return bad_value(batch, pair_names[which], value, "is not in the data", error);
  }
  if (places_unknown(serving, side, *at)) note(batch, (size_t)which, QUERY_UNSEEN, value);
  return true;
}

static bool take_pair(struct batch *batch, struct error *error) {
  struct serving_pair *pair = &batch->pair[batch->count];
  if (!take_id(batch, PAIR_USER, &pair->user, error) ||
      !take_id(batch, PAIR_ITEM, &pair->item, error)) {
    return false;
  }
  pair->time = batch->last_time[pair->user];
  if (batch->column_of[PAIR_TIME] == SIZE_MAX) return true;
  const struct span value = batch->csv.field[batch->column_of[PAIR_TIME]];
  return times_parse(value.begin, (size_t)(value.end - value.begin), &pair->time) ||
         bad_value(batch, "timestamp", value, "is not a time", error);
}

static bool take_record(struct batch *batch, struct error *error) {
  const struct csv_reader *csv = &batch->csv;
  if (csv->fields != batch->columns) {
    return error_at(error, ERROR_DATA, csv->name, csv->line, 0,
                    "%zu fields, the first line has %zu", csv->fields, batch->columns);
  }
  if (!(batch->request->by_data ? take_pair : take_values)(batch, error)) return false;
  if (batch->request->json) {
    prediction_line_add_fields(&batch->line, csv, &batch->raw);
  } else {
    text_add_bytes(&batch->raw, csv->raw.begin, (size_t)(csv->raw.end - csv->raw.begin));
  }
  batch->raw_end[batch->count] = batch->raw.length;
  batch->crlf[batch->count++] = csv->crlf;
  return true;
}

/* --- blocks --- */

static bool predict_block(struct batch *batch, struct error *error) {
  struct serving *serving = batch->request->serving;
  const size_t count = batch->count;
  if (batch->request->by_data) {
    return serving_predict_pairs(serving, batch->pair, count, batch->prediction, error) &&
           (batch->levels == 0 ||
            serving_pair_probabilities(serving, batch->pair, count, batch->probability, error));
  }
  serving_predict_values(serving, count, batch->prediction);
  if (batch->levels > 0) serving_value_probabilities(serving, count, batch->probability);
  return true;
}

static void add_number(struct batch *batch, float value) {
  char number[CSV_NUMBER + 1] = ",";
  text_add_bytes(&batch->out, number, csv_number(value, number + 1) + 1);
}

static void join_rows(struct batch *batch) {
  size_t begin = 0;
  for (size_t r = 0; r < batch->count; r++) {
    text_add_bytes(&batch->out, batch->raw.text + begin, batch->raw_end[r] - begin);
    begin = batch->raw_end[r];
    const float *share = batch->probability + r * batch->levels;
    if (batch->request->json) {
      prediction_line_end(batch->prediction[r], share, batch->levels, &batch->out);
      continue;
    }
    add_number(batch, batch->prediction[r]);
    for (size_t k = 0; k < batch->levels; k++) add_number(batch, share[k]);
    text_add_bytes(&batch->out, line_end(batch->crlf[r]), batch->crlf[r] ? 2 : 1);
  }
}

static bool flush(struct batch *batch, size_t *rows, struct error *error) {
  if (batch->count > 0 && !predict_block(batch, error)) return false;
  join_rows(batch);
  if (batch->raw.failed || batch->out.failed) {
    return error_set(error, ERROR_SYSTEM, "out of memory");
  }
  *rows += batch->count;
  batch->count = 0;
  batch->raw.length = 0;
  const size_t length = batch->out.length;
  batch->out.length = 0;
  return length == 0 ||
         batch->request->write(batch->request->context, batch->out.text, length, error);
}

/* What stands before a fault is written all the same. */
static bool stream(struct batch *batch, size_t *rows, struct error *error) {
  bool more = read_header(batch, error);
  do {
    const bool full = batch->count == CSV_PREDICTION_ROWS || batch->raw.length > RAW_MOST;
    const bool waits = batch->request->prompt && csv_waits(&batch->csv);
    struct error fault = {0};
    if ((!more || full || waits) && !flush(batch, rows, &fault)) {
      *error = fault;
      return false;
    }
    more = more && csv_next(&batch->csv, error) && take_record(batch, error);
  } while (more || batch->count > 0 || batch->out.length > 0);
  return error->kind == ERROR_NONE;
}

/* "2 rows name a user and 1 an item that the data do not have ..." */
static void note_unknown(const struct batch *batch, struct text *notes) {
  const struct noted *user = &batch->noted[PAIR_USER], *item = &batch->noted[PAIR_ITEM];
  if (user->unseen + item->unseen == 0) return;
  const bool both = user->unseen > 0 && item->unseen > 0;
  const bool by_user = item->unseen == 0 || (user->unseen > 0 && user->line <= item->line);
  const struct noted *first = by_user ? user : item;
  const size_t rows = user->unseen > 0 ? user->unseen : item->unseen;
  text_add(notes, "%zu row%s %s", rows, rows == 1 ? " names" : "s name",
           user->unseen > 0 ? "a user" : "an item");
  if (both) text_add(notes, " and %zu an item", item->unseen);
  text_add(notes,
           " that the data do not have (first: %s '%s', line %zu): nothing but the id is known of "
           "%s\n",
           pair_names[by_user ? PAIR_USER : PAIR_ITEM], first->first, first->line,
           user->unseen + item->unseen == 1 ? "it" : "them");
}

static void add_notes(const struct batch *batch, struct text *notes) {
  if (batch->request->by_data) {
    note_unknown(batch, notes);
    return;
  }
  const struct query *query = &batch->request->serving->query;
  for (size_t i = 0; i < query->inputs; i++) {
    const struct noted *noted = &batch->noted[i];
    const char *name = query->input[i].column->name;
    if (noted->unseen > 0) {
      text_add(notes, "%s: %zu row%s with a value never seen in training (first: '%s', line %zu)\n",
               name, noted->unseen, noted->unseen == 1 ? "" : "s", noted->first, noted->line);
    }
    if (noted->beyond > 0) {
      text_add(notes, "%s: %zu row%s outside of the training's %g to %g (first: '%s', line %zu)\n",
               name, noted->beyond, noted->beyond == 1 ? "" : "s", query->input[i].scaling->minimum,
               query->input[i].scaling->maximum, noted->first, noted->line);
    }
  }
  for (size_t t = query->stored->fields; t < query->stored->tables; t++) {
    if (query->unknown_crosses[t] == 0) continue;
    const struct cross *cross = &query->stored->table[t].cross;
    for (size_t k = 0; k < cross->arity; k++) {
      text_add(notes, "%s%s", k > 0 ? "*" : "", cross->column[k]);
    }
    text_add(notes, ": %zu row%s with a combination never seen in training\n",
             query->unknown_crosses[t], query->unknown_crosses[t] == 1 ? "" : "s");
  }
}

bool csv_prediction_run(const struct csv_prediction *request, size_t *rows, struct text *notes,
                        struct error *error) {
  struct batch *batch = memory_array(1, sizeof *batch, error);
  *rows = 0;
  if (batch == NULL) return false;
  batch->request = request;
  batch->pair = memory_array(CSV_PREDICTION_ROWS, sizeof *batch->pair, error);
  batch->raw_end = memory_array(CSV_PREDICTION_ROWS, sizeof *batch->raw_end, error);
  batch->crlf = memory_array(CSV_PREDICTION_ROWS, sizeof *batch->crlf, error);
  batch->prediction = memory_array(CSV_PREDICTION_ROWS, sizeof *batch->prediction, error);
  batch->levels = request->probabilities ? serving_levels(request->serving)->count : 0;
  batch->probability =
      memory_array(CSV_PREDICTION_ROWS * batch->levels, sizeof *batch->probability, error);
  bool done = batch->pair != NULL && batch->raw_end != NULL && batch->crlf != NULL &&
              batch->prediction != NULL && batch->probability != NULL &&
              (!request->by_data ||
               last_times_find(&request->serving->dataset, &batch->last_time, error)) &&
              csv_open(&batch->csv, request->input, request->name, error);
  done = done && stream(batch, rows, error);
  add_notes(batch, notes);
  csv_close(&batch->csv);
  free(batch->pair);
  free(batch->last_time);
  free(batch->raw_end);
  free(batch->crlf);
  free(batch->prediction);
  free(batch->probability);
  text_clear(&batch->raw);
  text_clear(&batch->out);
  prediction_line_clear(&batch->line);
  free(batch);
  return done;
}
