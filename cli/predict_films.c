/* predict --user and --rated: items that a user has not rated, or one item. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/text_table.h"
#include "cli/cli.h"
#include "cli/predict_parts.h"
#include "data/column_values.h"
#include "data/readers/csv.h"
#include "serving/new_user.h"
#include "serving/places.h"
#include "serving/recommend.h"

enum { TOP_DEFAULT = 10 };

static const char *id_of(const struct serving *serving, const struct recommended *film) {
  return words_text(&serving->dataset.item_ids, film->item);
}

/* The columns of the items as the source has them, not those made from them. */
static bool is_shown(const struct column *column) {
  return column->table == TABLE_ITEMS && column->values != NULL && !column->values->derived;
}

/* "Toy Story (1995) (Animation|Children's|Comedy)": the title, and the sets. */
static void add_name(const struct serving *serving, uint32_t item, struct text *text) {
  const struct dataset *dataset = &serving->dataset;
  const struct column *title = dataset_column(dataset, dataset->item_title);
  if (title != NULL) column_add_cell(title, item, text);
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (!is_shown(column) || column->kind != COLUMN_MULTI_HOT) continue;
    if (column->values->offset[item] == column->values->offset[item + 1]) continue;
    text_add(text, "%s(", title != NULL ? " " : "");
    column_add_cell(column, item, text);
    text_add(text, ")");
  }
}

/* Of film i; none where they were not asked for. */
static const float *shares_of(const struct recommendation *r, const struct serving *serving,
                              size_t i) {
  return r->probability != NULL ? r->probability + i * serving_levels(serving)->count : NULL;
}

static void write_text(const struct recommendation *r, const struct serving *serving,
                       struct text *text) {
  const struct rating_levels *levels = serving_levels(serving);
  bool unseen = false;
  text_add(text, "%-10s", "prediction");
  if (r->probability != NULL) predict_text_levels(levels, text);
  text_add(text, " %8s  %s\n", "item_id", "title");
  for (size_t i = 0; i < r->count; i++) {
    const struct recommended *film = &r->film[i];
    text_add(text, "%10.4f", (double)film->prediction);
    if (r->probability != NULL) predict_text_shares(levels, shares_of(r, serving, i), text);
    text_add(text, " %8s %s", id_of(serving, film), film->unseen[0] != '\0' ? "*" : " ");
    add_name(serving, film->item, text);
    if (!isnan(film->rating)) text_add(text, ", rated %g by this user", (double)film->rating);
    text_add(text, "\n");
    unseen = unseen || film->unseen[0] != '\0';
  }
  if (unseen) text_add(text, "* has a value never seen in training (--format json names it)\n");
}

static void add_csv_cell(const struct column *column, uint32_t item, struct text *text) {
  struct text cell = {0};
  column_add_cell(column, item, &cell);
  text_table_add_csv(text, cell.text != NULL ? cell.text : "");
  text->failed = text->failed || cell.failed;
  text_clear(&cell);
}

static void write_csv(const struct recommendation *r, const struct serving *serving,
                      struct text *text) {
  const struct schema *schema = &serving->dataset.schema;
  text_add(text, "item_id");
  for (size_t c = 0; c < schema->columns; c++) {
    if (!is_shown(&schema->column[c])) continue;
    text_add(text, ",");
    text_table_add_csv(text, schema->column[c].name);
  }
  text_add(text, ",prediction,rating,unseen");
  if (r->probability != NULL) predict_csv_levels(serving_levels(serving), text);
  text_add(text, "\n");
  for (size_t i = 0; i < r->count; i++) {
    const struct recommended *film = &r->film[i];
    char number[CSV_NUMBER];
    text_table_add_csv(text, id_of(serving, film));
    for (size_t c = 0; c < schema->columns; c++) {
      if (!is_shown(&schema->column[c])) continue;
      text_add(text, ",");
      add_csv_cell(&schema->column[c], film->item, text);
    }
    text_add(text, ",");
    text_add_bytes(text, number, csv_number(film->prediction, number));
    if (!isnan(film->rating))
      text_add(text, ",%g,", (double)film->rating);
    else
      text_add(text, ",,");
    text_table_add_csv(text, film->unseen);
    const float *shares = shares_of(r, serving, i);
    if (shares != NULL) predict_csv_shares(serving_levels(serving), shares, text);
    text_add(text, "\n");
  }
}

/* Ids that are all whole numbers stay numbers. */
static json_t *id_json(const struct words *ids, uint32_t place) {
  const char *id = words_text(ids, place);
  uint64_t number;
  const bool whole = ids->by_number && text_u64(id, id + strlen(id), &number);
  return whole && number <= INT64_MAX ? json_integer((json_int_t)number) : json_text_string(id);
}

static json_t *cell_json(const struct column *column, uint32_t item) {
  const struct column_values *values = column->values;
  if (column->kind == COLUMN_MULTI_HOT) {
    json_t *words = json_array();
    for (uint32_t k = values->offset[item]; k < values->offset[item + 1]; k++) {
      const char *word = words_text(&values->words, values->entry[k]);
      (void)json_array_append_new(words, json_text_string(word));
    }
    return words;
  }
  if (column->kind == COLUMN_NUMBER && !column->days) {
    return isnan(values->number[item]) ? json_null() : json_real(values->number[item]);
  }
  struct text cell = {0};
  column_add_cell(column, item, &cell);
  json_t *json = cell.length > 0 ? json_text_string(cell.text) : json_null();
  text_clear(&cell);
  return json;
}

static json_t *film_json(const struct serving *serving, const struct recommended *film,
                         const float *shares) {
  const struct dataset *dataset = &serving->dataset;
  json_t *json = json_object();
  (void)json_object_set_new(json, "item_id", id_json(&dataset->item_ids, film->item));
  for (size_t c = 0; c < dataset->schema.columns; c++) {
    const struct column *column = &dataset->schema.column[c];
    if (!is_shown(column)) continue;
    (void)json_object_set_new(json, column->name, cell_json(column, film->item));
  }
  (void)json_object_set_new(json, "prediction", predict_rating(film->prediction));
  if (shares != NULL) {
    const struct rating_levels *levels = serving_levels(serving);
    (void)json_object_set_new(json, "probabilities", predict_json_shares(levels, shares));
  }
  (void)json_object_set_new(json, "rating",
                            isnan(film->rating) ? json_null() : json_real((double)film->rating));
  (void)json_object_set_new(json, "unseen", json_text_string(film->unseen));
  return json;
}

static bool write_json(const struct recommendation *r, const struct serving *serving,
                       struct text *text, struct error *error) {
  json_t *films = json_array();
  for (size_t i = 0; i < r->count; i++) {
    (void)json_array_append_new(films, film_json(serving, &r->film[i], shares_of(r, serving, i)));
  }
  json_t *json = json_pack(
      "{s:s, s:s, s:b, s:b, s:o, s:I, s:I, s:s, s:o}", "model", serving->saved.key, "data",
      serving->dataset.name, "synthetic", (int)serving->dataset.synthetic, "same_data",
      (int)serving->same, "user_id", id_json(&serving->dataset.user_ids, r->user), "rated",
      (json_int_t)r->rated, "time", (json_int_t)r->time, "unseen", r->unseen, "items", films);
  if (json != NULL && r->probability != NULL) {
    (void)json_object_set_new(json, "levels", predict_json_levels(serving_levels(serving)));
  }
  return predict_json(json, text, error);
}

/* Of a user or item that the data do not have: what is predicted instead. */
static void note_unknown(const struct serving *serving, enum column_side side, uint32_t place,
                         struct text *notes) {
  if (!places_unknown(serving, side, place)) return;
  const char *what = side == SIDE_USER ? "user" : "item";
  text_add(notes, "the data have no %s '%s': predicted for %s %s of %s nothing but the id is known",
           what, words_text(dataset_ids(&serving->dataset, side), place),
           side == SIDE_USER ? "a" : "an", what, side == SIDE_USER ? "whom" : "which");
  if (side == SIDE_USER)
    text_add(notes, " (to use ratings: --rated; to use columns: --set with --rated)");
  text_add(notes, "\n");
}

static void add_notes(const struct recommendation *r, const struct serving *serving,
                      struct text *notes) {
  if (serving->dataset.synthetic) text_add(notes, "the data are synthetic\n");
  predict_note_data(serving, notes);
  note_unknown(serving, SIDE_USER, r->user, notes);
  for (size_t i = 0; i < r->count; i++) note_unknown(serving, SIDE_ITEM, r->film[i].item, notes);
  if (r->unseen[0] != '\0') {
    text_add(notes, "never seen in training, of user %s: %s\n",
             words_text(&serving->dataset.user_ids, r->user), r->unseen);
  }
}

static bool prepare(const struct predict_command *asked, struct serving *serving,
                    struct error *error) {
  const char *folder = cli_data_path(asked->data, serving->saved.config.data.source);
  if (!serving_read(serving, folder, error) ||
      (asked->user != NULL && !places_add(serving, SIDE_USER, asked->user, error)) ||
      (asked->item != NULL && !places_add(serving, SIDE_ITEM, asked->item, error))) {
    return false;
  }
  return asked->rated != NULL
             ? new_user_prepare(serving, asked->rated, asked->set.item, asked->set.count, error)
             : serving_prepare(serving, error);
}

bool predict_films(const struct predict_command *asked, struct serving *serving, struct text *text,
                   struct text *notes, struct error *error) {
  const double started = predict_seconds();
  if (!prepare(asked, serving, error)) return false;
  const double loaded = predict_seconds();
  struct recommendation r;
  const size_t top = asked->top > 0 ? (size_t)asked->top : TOP_DEFAULT;
  if (!recommend(serving, asked->user, asked->item, top, &r, error)) return false;
  if (asked->probabilities && !recommendation_probabilities(&r, serving, error)) {
    recommendation_clear(&r);
    return false;
  }
  const double ended = predict_seconds();
  if (asked->timing) {
    text_add(notes, "data read and encoded in %.2f ms, films found in %.2f ms\n",
             1e3 * (loaded - started), 1e3 * (ended - loaded));
  }
  add_notes(&r, serving, notes);
  bool done = true;
  if (asked->format.place == PREDICT_JSON)
    done = write_json(&r, serving, text, error);
  else
    (asked->format.place == PREDICT_CSV ? write_csv : write_text)(&r, serving, text);
  recommendation_clear(&r);
  return done;
}
