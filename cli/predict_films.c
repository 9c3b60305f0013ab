/* predict --user: films that a user has not rated, or one film. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text_table.h"
#include "cli/cli.h"
#include "cli/predict_parts.h"
#include "data/readers/csv.h"
#include "serving/recommend.h"

enum { TOP_DEFAULT = 10, GENRES_TEXT = 512 };

/* "Action|Comedy": the film's, in the order of their codes. */
static void genres_text(const struct dataset *dataset, const struct item *item,
                        char out[GENRES_TEXT]) {
  size_t length = 0;
  out[0] = '\0';
  for (size_t g = 0; g < dataset->genres; g++) {
    if ((item->genres >> g & 1) == 0) continue;
    const char *name = dataset->genre_names[g];
    const size_t more = strlen(name) + (length > 0);
    if (length + more >= GENRES_TEXT) return;
    if (length > 0) out[length] = '|';
    memcpy(out + length + (length > 0), name, strlen(name) + 1);
    length += more;
  }
}

static void write_text(const struct recommendation *r, const struct serving *serving,
                       struct text *text) {
  bool unseen = false;
  text_add(text, "%-10s %8s %5s  %s\n", "prediction", "item_id", "year", "title (genres)");
  for (size_t i = 0; i < r->count; i++) {
    const struct recommended *film = &r->film[i];
    char genres[GENRES_TEXT];
    genres_text(&serving->dataset, film->item, genres);
    text_add(text, "%10.4f %8u ", (double)film->prediction, film->item->id);
    if (film->item->release_year != 0)
      text_add(text, "%5d", film->item->release_year);
    else
      text_add(text, "%5s", "-");
    text_add(text, " %s%s (%s)", film->unseen[0] != '\0' ? "*" : " ", film->item->title, genres);
    if (film->rating > 0) text_add(text, ", rated %g by this user", (double)film->rating);
    text_add(text, "\n");
    unseen = unseen || film->unseen[0] != '\0';
  }
  if (unseen) text_add(text, "* has a value never seen in training (--format json names it)\n");
}

static void write_csv(const struct recommendation *r, const struct serving *serving,
                      struct text *text) {
  text_add(text, "item_id,title,year,genres,prediction,rating,unseen\n");
  for (size_t i = 0; i < r->count; i++) {
    const struct recommended *film = &r->film[i];
    char genres[GENRES_TEXT], number[CSV_NUMBER];
    genres_text(&serving->dataset, film->item, genres);
    text_add(text, "%u,", film->item->id);
    text_table_add_csv(text, film->item->title);
    if (film->item->release_year != 0)
      text_add(text, ",%d,", film->item->release_year);
    else
      text_add(text, ",,");
    text_table_add_csv(text, genres);
    text_add(text, ",");
    text_add_bytes(text, number, csv_number(film->prediction, number));
    if (film->rating > 0)
      text_add(text, ",%g,", (double)film->rating);
    else
      text_add(text, ",,");
    text_table_add_csv(text, film->unseen);
    text_add(text, "\n");
  }
}

static json_t *film_json(const struct serving *serving, const struct recommended *film) {
  const struct item *item = film->item;
  json_t *genres = json_array();
  for (size_t g = 0; g < serving->dataset.genres; g++) {
    if ((item->genres >> g & 1) == 0) continue;
    (void)json_array_append_new(genres, json_string(serving->dataset.genre_names[g]));
  }
  return json_pack(
      "{s:I, s:s, s:o, s:o, s:o, s:o, s:s}", "item_id", (json_int_t)item->id, "title", item->title,
      "year", item->release_year != 0 ? json_integer(item->release_year) : json_null(), "genres",
      genres, "prediction", predict_rating(film->prediction), "rating",
      film->rating > 0 ? json_real((double)film->rating) : json_null(), "unseen", film->unseen);
}

static bool write_json(const struct recommendation *r, const struct serving *serving,
                       struct text *text, struct error *error) {
  json_t *films = json_array();
  for (size_t i = 0; i < r->count; i++) {
    (void)json_array_append_new(films, film_json(serving, &r->film[i]));
  }
  json_t *json = json_pack("{s:s, s:s, s:b, s:b, s:I, s:I, s:I, s:s, s:o}", "model",
                           serving->saved.key, "data", serving->dataset.name, "synthetic",
                           (int)serving->dataset.synthetic, "same_data", (int)serving->same,
                           "user_id", (json_int_t)r->user->id, "rated", (json_int_t)r->rated,
                           "time", (json_int_t)r->time, "unseen", r->unseen, "films", films);
  return predict_json(json, text, error);
}

static void add_notes(const struct recommendation *r, const struct serving *serving,
                      struct text *notes) {
  if (serving->dataset.synthetic) text_add(notes, "the data are synthetic\n");
  predict_note_data(serving, notes);
  if (r->unseen[0] != '\0') {
    text_add(notes, "never seen in training, of user %u: %s\n", r->user->id, r->unseen);
  }
}

bool predict_films(const struct predict_command *asked, struct serving *serving, struct text *text,
                   struct text *notes, struct error *error) {
  const char *folder = asked->data != NULL ? asked->data : cli_environment("CROSSLANE_DATA");
  const double started = predict_seconds();
  if (!serving_data(serving, folder, error)) return false;
  const double loaded = predict_seconds();
  struct recommendation r;
  const size_t top = asked->top > 0 ? (size_t)asked->top : TOP_DEFAULT;
  if (!recommend(serving, asked->user, asked->item, top, &r, error)) return false;
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
