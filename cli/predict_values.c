/* predict --set: the values of one row, or of one for each value of the items. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/text_table.h"
#include "cli/predict_parts.h"
#include "data/readers/csv.h"

/* Rows: one, or one for each word of the column that was left open. */
struct values {
  const struct predict_command *asked;
  struct serving *serving;
  bool given[QUERY_INPUTS_MAX];
  enum query_answer answer[QUERY_INPUTS_MAX];
  const char *value[QUERY_INPUTS_MAX];
  size_t open; /* the input that was left open; QUERY_INPUTS_MAX: none */
  size_t rows;
  float *prediction;
  float *probability; /* [rows * levels]; NULL: not asked for */
  uint32_t *order;    /* [rows] */
};

static bool unknown_column(const struct query *query, const char *name, struct error *error) {
  const char *names[QUERY_INPUTS_MAX];
  struct text known = {0};
  for (size_t i = 0; i < query->inputs; i++) names[i] = query->input[i].column->name;
  query_list(query, NULL, &known);
  const char *nearest = text_nearest(name, names, query->inputs);
  error_set(error, ERROR_USAGE, "--set %s: the model does not read it", name);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  error_help(error, "the model reads %s", known.failed ? "..." : known.text);
  text_clear(&known);
  return false;
}

static bool take_setting(struct values *v, const char *setting, struct error *error) {
  struct query *query = &v->serving->query;
  const char *equals = strchr(setting, '=');
  if (equals == NULL || equals == setting || equals - setting >= COLUMN_NAME) {
    return error_set(error, ERROR_USAGE, "--set %.80s: expected COLUMN=VALUE", setting);
  }
  char name[COLUMN_NAME] = "";
  memcpy(name, setting, (size_t)(equals - setting));
  const size_t input = query_find(query, name);
  if (input == QUERY_INPUTS_MAX) return unknown_column(query, name, error);
  if (v->given[input]) {
    return error_set(error, ERROR_USAGE, "--set %s is given twice", name);
  }
  v->given[input] = true;
  v->value[input] = equals + 1;
  return true;
}

/* A column of categories may be left open where it is the only one of the items. */
static bool find_open(struct values *v, struct error *error) {
  const struct query *query = &v->serving->query;
  const struct column *last = NULL;
  size_t missing = 0, of_items = 0;
  for (size_t i = 0; i < query->inputs; i++) {
    const struct column *column = query->input[i].column;
    if (column->side == SIDE_ITEM) last = column;
    of_items += column->side == SIDE_ITEM;
    if (v->given[i]) continue;
    missing++;
    v->open = i;
  }
  if (missing == 0) return true;
  const bool alone = of_items == 1 && column_crosses(last);
  if (missing == 1 && alone && query->input[v->open].column == last) return true;
  struct text lacking = {0}, needed = {0};
  query_list(query, v->given, &lacking);
  query_list(query, NULL, &needed);
  error_set(error, ERROR_USAGE, "no value for %s", lacking.failed ? "..." : lacking.text);
  error_help(error, "the model reads %s: give each with --set COLUMN=VALUE%s%s",
             needed.failed ? "..." : needed.text,
             alone ? "; without its last column, each value of that is predicted" : "",
             of_items == 1 ? "" : ", or a user with --user ID --data DIR");
  text_clear(&lacking);
  text_clear(&needed);
  return false;
}

static bool set_rows(struct values *v, struct error *error) {
  struct query *query = &v->serving->query;
  for (size_t i = 0; i < query->inputs; i++) {
    for (size_t r = 0; r < v->rows; r++) {
      if (i == v->open) {
        query_set_code(query, i, r, (uint32_t)r);
        continue;
      }
      v->answer[i] = query_set(query, i, r, v->value[i], strlen(v->value[i]));
      if (v->answer[i] != QUERY_NO_NUMBER) continue;
      return error_set(error, ERROR_USAGE, "--set %s: expected a number, found '%s'",
                       query->input[i].column->name, v->value[i]);
    }
  }
  return true;
}

/* Highest first; equal ones stay in the order of their codes. */
static void sort(struct values *v) {
  for (uint32_t i = 0; i < v->rows; i++) {
    size_t at = i;
    for (; at > 0 && v->prediction[v->order[at - 1]] < v->prediction[i]; at--) {
      v->order[at] = v->order[at - 1];
    }
    v->order[at] = i;
  }
  const size_t most = (size_t)v->asked->top;
  if (most > 0 && most < v->rows) v->rows = most;
}

static const struct vocabulary *open_words(const struct values *v) {
  return v->open < QUERY_INPUTS_MAX ? v->serving->query.input[v->open].vocabulary : NULL;
}

static bool predict_rows(struct values *v, struct error *error) {
  const struct vocabulary *words = open_words(v);
  v->rows = words != NULL ? words->words : 1;
  v->prediction = memory_array(v->rows, sizeof *v->prediction, error);
  v->order = memory_array(v->rows, sizeof *v->order, error);
  if (v->prediction == NULL || v->order == NULL || !set_rows(v, error)) return false;
  serving_predict_values(v->serving, v->rows, v->prediction);
  if (v->asked->probabilities) {
    const size_t levels = serving_levels(v->serving)->count;
    v->probability = memory_array(v->rows * levels, sizeof *v->probability, error);
    if (v->probability == NULL) return false;
    serving_value_probabilities(v->serving, v->rows, v->probability);
  }
  sort(v);
  return true;
}

/* Of a row; NULL: not asked for. */
static const float *shares_of(const struct values *v, uint32_t row) {
  return v->probability != NULL ? v->probability + row * serving_levels(v->serving)->count : NULL;
}

/* --- output --- */

static void add_notes(const struct values *v, struct text *notes) {
  const struct query *query = &v->serving->query;
  for (size_t i = 0; i < query->inputs; i++) {
    const struct query_input *input = &query->input[i];
    if (v->answer[i] == QUERY_UNSEEN) {
      text_add(notes, "%s '%s' was never seen in training: it has no weights of its own\n",
               input->column->name, v->value[i]);
    } else if (v->answer[i] == QUERY_BEYOND) {
      text_add(notes, "%s %s is outside the range of the training rows, %g to %g\n",
               input->column->name, v->value[i], input->scaling->minimum, input->scaling->maximum);
    }
  }
  for (size_t t = query->stored->fields; t < query->stored->tables && v->open == QUERY_INPUTS_MAX;
       t++) {
    if (query->unknown_crosses[t] == 0) continue;
    const struct cross *cross = &query->stored->table[t].cross;
    for (size_t k = 0; k < cross->arity; k++) {
      text_add(notes, "%s%s", k > 0 ? "*" : "", cross->column[k]);
    }
    text_add(notes, ": this combination was never seen in training\n");
  }
}

static void write_text(const struct values *v, struct text *text) {
  const struct vocabulary *words = open_words(v);
  const struct rating_levels *levels = serving_levels(v->serving);
  if (v->probability != NULL) {
    text_add(text, "prediction");
    predict_text_levels(levels, text);
    text_add(text, "%s%s\n", words != NULL ? "  " : "", words != NULL ? words->column.name : "");
  }
  for (size_t i = 0; i < v->rows; i++) {
    const uint32_t row = v->order[i];
    const float *shares = shares_of(v, row);
    text_add(text, shares != NULL ? "%10.4f" : "%.4f", (double)v->prediction[row]);
    if (shares != NULL) predict_text_shares(levels, shares, text);
    if (words != NULL) text_add(text, "  %s", words->word[row]);
    if (words != NULL && !words->known[row]) text_add(text, "  (never seen in training)");
    text_add(text, "\n");
  }
}

static void write_csv(const struct values *v, struct text *text) {
  const struct vocabulary *words = open_words(v);
  if (words != NULL) text_add(text, "%s,", words->column.name);
  text_add(text, "prediction,seen");
  if (v->probability != NULL) predict_csv_levels(serving_levels(v->serving), text);
  text_add(text, "\n");
  for (size_t i = 0; i < v->rows; i++) {
    const uint32_t row = v->order[i];
    bool seen = words == NULL || words->known[row];
    for (size_t k = 0; k < v->serving->query.inputs; k++) {
      seen = seen && v->answer[k] != QUERY_UNSEEN;
    }
    if (words != NULL) {
      text_table_add_csv(text, words->word[row]);
      text_add(text, ",");
    }
    char number[CSV_NUMBER];
    text_add_bytes(text, number, csv_number(v->prediction[row], number));
    text_add(text, ",%s", seen ? "true" : "false");
    const float *shares = shares_of(v, row);
    if (shares != NULL) predict_csv_shares(serving_levels(v->serving), shares, text);
    text_add(text, "\n");
  }
}

static bool write_json(const struct values *v, struct text *text, struct error *error) {
  const struct query *query = &v->serving->query;
  const struct vocabulary *words = open_words(v);
  json_t *given = json_object(), *unseen = json_array(), *beyond = json_array();
  json_t *rows = json_array();
  for (size_t i = 0; i < query->inputs; i++) {
    const char *name = query->input[i].column->name;
    if (i == v->open) continue;
    (void)json_object_set_new(given, name, json_text_string(v->value[i]));
    if (v->answer[i] == QUERY_UNSEEN) (void)json_array_append_new(unseen, json_string(name));
    if (v->answer[i] == QUERY_BEYOND) (void)json_array_append_new(beyond, json_string(name));
  }
  for (size_t i = 0; i < v->rows; i++) {
    const uint32_t row = v->order[i];
    json_t *one = json_object();
    if (words != NULL) {
      (void)json_object_set_new(one, words->column.name, json_string(words->word[row]));
      (void)json_object_set_new(one, "seen", json_boolean(words->known[row]));
    }
    (void)json_object_set_new(one, "prediction", predict_rating(v->prediction[row]));
    if (v->probability != NULL) {
      const struct rating_levels *levels = serving_levels(v->serving);
      (void)json_object_set_new(one, "probabilities",
                                predict_json_shares(levels, shares_of(v, row)));
    }
    (void)json_array_append_new(rows, one);
  }
  json_t *json = json_pack("{s:s, s:o, s:o, s:o, s:o}", "model", v->serving->saved.key, "given",
                           given, "unseen", unseen, "beyond", beyond, "predictions", rows);
  if (json != NULL && v->probability != NULL) {
    (void)json_object_set_new(json, "levels", predict_json_levels(serving_levels(v->serving)));
  }
  return predict_json(json, text, error);
}

/* As many rows as the longest column that may be left open has words. */
static size_t rows_most(const struct stored_encoding *stored) {
  size_t most = 1;
  for (size_t v = 0; v < stored->vocabularies; v++) {
    const struct vocabulary *vocabulary = &stored->vocabulary[v];
    const bool open = vocabulary->column.side == SIDE_ITEM && column_crosses(&vocabulary->column);
    if (open && vocabulary->words > most) most = vocabulary->words;
  }
  return most;
}

bool predict_values(const struct predict_command *asked, struct serving *serving, struct text *text,
                    struct text *notes, struct error *error) {
  struct values v = {.asked = asked, .serving = serving, .open = QUERY_INPUTS_MAX};
  bool done = serving_values(serving, rows_most(&serving->saved.encoding), error);
  for (size_t i = 0; done && i < asked->set.count; i++) {
    done = take_setting(&v, asked->set.item[i], error);
  }
  const double started = predict_seconds();
  done = done && find_open(&v, error) && predict_rows(&v, error);
  if (done && asked->timing) {
    text_add(notes, "%zu row%s predicted in %.3f ms\n", v.rows, v.rows == 1 ? "" : "s",
             1e3 * (predict_seconds() - started));
  }
  if (done) add_notes(&v, notes);
  if (done && asked->format.place == PREDICT_JSON) {
    done = write_json(&v, text, error);
  } else if (done) {
    (asked->format.place == PREDICT_CSV ? write_csv : write_text)(&v, text);
  }
  free(v.prediction);
  free(v.probability);
  free(v.order);
  return done;
}
