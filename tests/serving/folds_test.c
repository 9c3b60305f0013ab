/* Models of two folds of a small data set, trained, saved and served: what they
 * predict is worked out here from the table of ratings. */
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "serving/csv_prediction.h"
#include "serving/evaluation.h"
#include "serving/places.h"
#include "serving/recommend.h"
#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

/* --- the data: user u is 20 + u years old; odd ones are M, even ones F --- */

enum { USERS = 9, FILMS = 8, RATINGS = 30, FOLD = 6 };

/* Fold u1 tests on rows 0 to 5, u2 on rows 6 to 11. In the training rows of u1
 * users 1 to 9 have 1, 1, 2, 3, 3, 4, 5, 5 and 0 ratings. */
static const unsigned ratings[RATINGS][3] = {
    {9, 1, 5}, {9, 2, 4}, {1, 3, 1}, {3, 1, 3}, {5, 2, 3}, {8, 8, 2}, {1, 2, 4}, {2, 1, 5},
    {3, 2, 3}, {3, 4, 2}, {4, 1, 4}, {4, 3, 3}, {4, 5, 5}, {5, 1, 1}, {5, 4, 4}, {5, 6, 2},
    {6, 2, 5}, {6, 3, 4}, {6, 6, 3}, {6, 7, 2}, {7, 1, 3}, {7, 2, 4}, {7, 4, 5}, {7, 5, 1},
    {7, 7, 2}, {8, 2, 4}, {8, 3, 3}, {8, 5, 2}, {8, 6, 5}, {8, 7, 4}};

/* Action or Comedy; film 3 has no date. */
static const bool comedy[FILMS + 1] = {0, false, true, true, false, true, false, true, false};
static const int year[FILMS + 1] = {0, 1990, 1992, 0, 1994, 1996, 1998, 2000, 1991};

/* At 3 or 17 o'clock of 1970-01-01; the first six a day later. */
static long time_of(size_t row) {
  if (row < FOLD) return 86400 + 61200 + (long)row;
  return (row % 2 == 0 ? 10800 : 61200) + (long)row;
}

/* The rows from `first` to before `end`, or all others. */
static void write_ratings(const char *name, size_t first, size_t end, bool others) {
  FILE *file = fopen(name, "wb");
  assert_non_null(file);
  for (size_t r = 0; r < RATINGS; r++) {
    if ((r >= first && r < end) == others) continue;
    (void)fprintf(file, "%u\t%u\t%u\t%ld\n", ratings[r][0], ratings[r][1], ratings[r][2],
                  time_of(r));
  }
  assert_int_equal(fclose(file), 0);
}

static void write_fold(unsigned fold, size_t first) {
  char name[32];
  (void)snprintf(name, sizeof name, "ratings/u%u.test", fold);
  write_ratings(name, first, first + FOLD, false);
  (void)snprintf(name, sizeof name, "ratings/u%u.base", fold);
  write_ratings(name, first, first + FOLD, true);
}

static void write_data(void) {
  struct error error = {0};
  assert_true(file_make_folders("ratings", &error));
  write_ratings("ratings/u.data", 0, RATINGS, false);
  write_fold(1, 0);
  write_fold(2, FOLD);
  FILE *users = fopen("ratings/u.user", "wb"), *films = fopen("ratings/u.item", "wb");
  assert_true(users != NULL && films != NULL);
  for (unsigned u = 1; u <= USERS; u++) {
    (void)fprintf(users, "%u|%u|%c|artist|00000\n", u, 20 + u, u % 2 == 1 ? 'M' : 'F');
  }
  for (unsigned f = 1; f <= FILMS; f++) {
    char date[16] = "";
    if (year[f] != 0) (void)snprintf(date, sizeof date, "01-Jan-%d", year[f]);
    (void)fprintf(films, "%u|Film %u|%s|||0|%d|0|0|0|%d|0|0|0|0|0|0|0|0|0|0|0|0|0\n", f, f, date,
                  !comedy[f], comedy[f]);
  }
  assert_int_equal(fclose(users) + fclose(films), 0);
}

/* --- the models --- */

#define FOLDS "schema: 1\nname: t\nseeds: [7]\ntrain: {epochs: 3, batch_size: 5}\n"
#define DATA(validation)                                                                      \
  "data: {source: movielens, split: {method: folds, folds: [u1, u2], validation: " validation \
  "}}"                                                                                        \
  "\n"
#define MODEL(clip)                                                                             \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, {name: user_id, dim: 5}, " \
  "{name: user_history, dim: 3, pooling: sqrt}, release_year, rating_hour], embedding_dim: 2, " \
  "hidden: [7, 3], activation: tanh, dropout: 0.3}, clip: " clip "}\n"

enum { ID, HISTORY, HOUR, WIDE, DENSE_0, BIAS_0, DENSE_1, BIAS_1, HEAD, HEAD_BIAS, TENSORS };
enum { ID_DIM = 5, HISTORY_DIM = 3, HOUR_DIM = 2, INPUTS = 13, FIRST = 7, SECOND = 3 };

/* Numbers that a training does not give, -0.5 to 0.5, other ones in each tensor;
 * the head's bias takes all predictions below the scale. */
static double weight(size_t tensor, size_t row, size_t column) {
  if (tensor == HEAD_BIAS) return -3;
  return ((double)((7 * tensor + 3 * row + 5 * column) % 11) - 5) / 10;
}

static void set_weights(struct serving *serving, double (*value)(size_t, size_t, size_t)) {
  static const char *const names[TENSORS] = {"embedding.user_id",     "embedding.user_history",
                                             "embedding.rating_hour", "wide.gender*genre",
                                             "dense.0.weight",        "dense.0.bias",
                                             "dense.1.weight",        "dense.1.bias",
                                             "head.weight",           "head.bias"};
  struct wide_deep *model = &serving->models.member[0];
  assert_int_equal(model->tensors, TENSORS);
  for (size_t t = 0; t < TENSORS; t++) {
    const struct tensor *tensor = &model->tensor[t];
    assert_string_equal(tensor->name, names[t]);
    for (size_t i = 0; i < tensor->rows; i++) {
      for (size_t j = 0; j < tensor->columns; j++) {
        model->weights[tensor->offset + i * tensor->ld + j] = (float)value(t, i, j);
      }
    }
  }
}

/* --- what they predict --- */

/* The fold whose rows are left out: 0 or 1. */
static bool trains(size_t row, size_t fold) {
  return row / FOLD != fold;
}

/* The place of an id among those of the training rows; SIZE_MAX: not there. */
static size_t place_of(unsigned id, size_t column, size_t fold) {
  bool there[USERS + 1] = {false};
  size_t place = 0;
  for (size_t r = 0; r < RATINGS; r++) there[ratings[r][column]] |= trains(r, fold);
  for (unsigned other = 1; other < id; other++) place += there[other];
  return there[id] ? place : SIZE_MAX;
}

/* User and film 0 are not in the data: nothing but that is known. The mean place of the user's
 * age in the training rows. */
static double mean_user(size_t fold) {
  double sum = 0, rows = 0;
  for (size_t r = 0; r < RATINGS; r++) {
    if (!trains(r, fold)) continue;
    sum += ratings[r][0] - 1;
    rows++;
  }
  return sum / rows;
}

/* From the least to the greatest of the training rows. The mean of the years of
 * u1: 1990 + (5 x 2 + 3 x (4 + 6 + 8 + 10)) / 21. */
static void fill_numbers(unsigned user, unsigned film, size_t fold, double *x) {
  const double ages = fold == 0 ? 7 : 8; /* 21 to 28; with user 9 to 29 */
  double sum = 0, rows = 0;
  for (size_t r = 0; r < RATINGS; r++) {
    const int own = year[ratings[r][1]];
    if (!trains(r, fold) || own == 0) continue;
    sum += own - 1990;
    rows++;
  }
  if (fold == 0) assert_true(fabs(sum / rows - 94.0 / 21) < 1e-12);
  x[0] = (user != 0 ? user - 1 : mean_user(fold)) / ages;
  x[1] = (year[film] == 0 ? sum / rows : year[film] - 1990) / 10;
  x[2] = year[film] == 0;
}

static void fill_embeddings(unsigned user, size_t hour, size_t fold, double *x) {
  const size_t own = place_of(user, 0, fold);
  size_t films = 0;
  for (size_t j = 0; j < ID_DIM; j++) x[j] = own == SIZE_MAX ? 0 : weight(ID, own, j);
  for (size_t r = 0; r < RATINGS; r++) {
    if (!trains(r, fold) || ratings[r][0] != user) continue;
    for (size_t j = 0; j < HISTORY_DIM; j++) {
      x[ID_DIM + j] += weight(HISTORY, place_of(ratings[r][1], 1, fold), j);
    }
    films++;
  }
  for (size_t j = 0; j < HISTORY_DIM && films > 0; j++) x[ID_DIM + j] /= sqrt((double)films);
  for (size_t j = 0; j < HOUR_DIM; j++) {
    x[ID_DIM + HISTORY_DIM + j] = weight(HOUR, hour == 3 ? 0 : 1, j);
  }
}

static void dense(const double *x, size_t inputs, size_t tensor, size_t outputs, double *y) {
  for (size_t j = 0; j < outputs; j++) {
    double sum = weight(tensor + 1, 0, j);
    for (size_t k = 0; k < inputs; k++) sum += x[k] * weight(tensor, k, j);
    y[j] = tanh(sum);
  }
}

static double expected(unsigned user, unsigned film, size_t hour, size_t fold) {
  double x[INPUTS] = {0}, first[FIRST], second[SECOND];
  fill_embeddings(user, hour, fold, x);
  fill_numbers(user, film, fold, x + ID_DIM + HISTORY_DIM + HOUR_DIM);
  dense(x, INPUTS, DENSE_0, FIRST, first);
  dense(first, FIRST, DENSE_1, SECOND, second);
  double y = weight(HEAD_BIAS, 0, 0);
  for (size_t k = 0; k < SECOND; k++) y += second[k] * weight(HEAD, 0, k);
  if (user == 0 || film == 0) return y;                                 /* no gender, no genre */
  return y + weight(WIDE, (user % 2 == 1 ? 2u : 0u) + comedy[film], 0); /* F before M */
}

static void near(double found, double expected_value) {
  if (!(fabs(found - expected_value) < 1e-5)) fail_msg("%.7f, not %.7f", found, expected_value);
}

static void assert_predicts(struct serving *serving, size_t fold) {
  struct serving_pair pair[USERS * FILMS * 2];
  float prediction[USERS * FILMS * 2];
  struct error error = {0};
  size_t count = 0;
  for (uint32_t i = 0; i < USERS * FILMS * 2; i++) {
    pair[count++] =
        (struct serving_pair){i / 2 / FILMS, i / 2 % FILMS, i % 2 == 0 ? 3 * 3600 + 59 : 17 * 3600};
  }
  assert_true(serving_predict_pairs(serving, pair, count, prediction, &error));
  for (size_t i = 0; i < count; i++) {
    const double own = expected(pair[i].user + 1, pair[i].item + 1, i % 2 == 0 ? 3 : 17, fold);
    assert_true(own < 1); /* and not clipped */
    near((double)prediction[i], own);
  }
  assert_true(fabs((double)prediction[0] - (double)prediction[1]) > 0.01); /* the hour is read */
}

static void models_of_folds_predict_by_their_own_training_rows(void **state) {
  (void)state;
  static const char *const names[] = {"u1", "u2"};
  for (size_t fold = 0; fold < 2; fold++) {
    (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", fold);
    struct serving *serving = serving_of("ratings");
    assert_true(serving->same);
    assert_string_equal(serving->saved.fold, names[fold]);
    assert_int_equal(serving->saved.seed, 7);
    assert_int_equal(serving->split.train, 24);
    assert_int_equal(serving->split.test, 6);
    for (size_t i = 0; i < 6; i++) assert_int_equal(serving->split.rows[24 + i], fold * FOLD + i);
    set_weights(serving, weight);
    assert_predicts(serving, fold);
    serving_done(serving);
  }
}

static void only_a_model_that_says_so_clips(void **state) {
  (void)state;
  struct error error = {0};
  const struct serving_pair pair = {0, 0, 10800};
  float prediction;
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("true"), "ratings", 0);
  struct serving *serving = serving_of("ratings");
  set_weights(serving, weight);
  assert_true(serving_predict_pairs(serving, &pair, 1, &prediction, &error));
  assert_true(prediction == 1.0f);
  serving_done(serving);
}

/* Validation rows and statistics are drawn from the stream of seed and fold. */
static void models_of_folds_score_as_they_did_when_trained(void **state) {
  (void)state;
  for (size_t fold = 0; fold < 2; fold++) {
    const struct train_result result = train_and_save_trial(
        FOLDS DATA("0.25") "model: {deep: {columns: [item_mean, user_count, user_history, "
                           "{name: release_year, scale: standard}], hidden: [5]}}\n",
        "ratings", fold);
    struct serving *serving = serving_of("ratings");
    struct error error = {0};
    static const size_t rows[] = {6, 6, 18};
    const double recorded[] = {result.mse, result.validation_mse, result.train_mse};
    for (size_t i = 0; i < 3; i++) {
      struct evaluation evaluation;
      assert_true(evaluation_run(serving, (enum evaluation_split)i, &evaluation, &error));
      assert_int_equal(evaluation.groups.all.rows, rows[i]);
      assert_true(score_mse(&evaluation.groups.all) == recorded[i]);
    }
    serving_done(serving);
  }
}

static void another_split_of_the_same_data_is_refused(void **state) {
  (void)state;
  struct error error = {0};
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", 0);
  write_fold(1, 12);
  struct serving *serving = calloc(1, sizeof *serving);
  assert_non_null(serving);
  assert_true(serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error));
  assert_false(serving_data(serving, "ratings", &error));
  assert_int_equal(error.kind, ERROR_DATA);
  assert_non_null(strstr(error.message, "the split is not the one of the training"));
  serving_done(serving);
  write_fold(1, 0);
}

/* --- the time of a prediction --- */

static bool keep(void *context, const char *bytes, size_t count, struct error *error) {
  (void)error;
  text_add(context, "%.*s", (int)count, bytes);
  return true;
}

static void assert_batch(struct serving *serving, const char *batch, const double *value,
                         size_t count, const char *expected_notes) {
  struct error error = {0};
  struct text out = {0}, notes = {0};
  size_t rows;
  assert_true(file_write_atomic("batch.csv", batch, strlen(batch), &error));
  const int input = open("batch.csv", O_RDONLY);
  const struct csv_prediction request = {.serving = serving,
                                         .by_data = true,
                                         .input = input,
                                         .name = "batch.csv",
                                         .write = keep,
                                         .context = &out};
  assert_true(csv_prediction_run(&request, &rows, &notes, &error));
  assert_int_equal(rows, count);
  const char *line = out.text;
  for (size_t r = 0; r < rows; r++) {
    line = strchr(line, '\n') + 1;
    const char *field = line + strcspn(line, "\n");
    while (field[-1] != ',') field--;
    near(strtod(field, NULL), value[r]);
  }
  assert_string_equal(notes.text != NULL ? notes.text : "", expected_notes);
  text_clear(&out);
  text_clear(&notes);
  assert_int_equal(close(input), 0);
}

/* Without a timestamp the time is the user's last one: of user 1 17 o'clock of
 * the second day, of user 7 that of row 23, 17 o'clock. */
static void a_batch_is_predicted_at_its_timestamps(void **state) {
  (void)state;
  const double given[] = {expected(1, 2, 3, 0), expected(1, 2, 17, 0), expected(7, 3, 3, 0)};
  const double last[] = {expected(1, 2, 17, 0), expected(7, 3, 17, 0)};
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", 0);
  struct serving *serving = serving_of("ratings");
  set_weights(serving, weight);
  assert_batch(serving, "user_id,item_id,timestamp\n1,2,10800\n1,2,61200\n7,3,97200\n", given, 3,
               "");
  assert_batch(serving, "user_id,item_id\n1,2\n7,3\n", last, 2, "");
  serving_done(serving);
}

/* Ready for every id, with weights of its own. */
static struct serving *serving_for_all(void) {
  struct error error = {0};
  struct serving *serving = calloc(1, sizeof *serving);
  assert_non_null(serving);
  if (!serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error) ||
      !serving_read(serving, "ratings", &error) || !places_add_all(serving, &error) ||
      !serving_prepare(serving, &error)) {
    fail_msg("%s", error.message);
  }
  set_weights(serving, weight);
  return serving;
}

/* A user without ratings is taken to rate at the time of the last rating of all, 17 o'clock. */
static void a_batch_predicts_for_ids_that_the_data_do_not_have(void **state) {
  (void)state;
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", 0);
  struct serving *serving = serving_for_all();
  const double all[] = {expected(9, 8, 17, 0), expected(1, 0, 17, 0), expected(0, 8, 17, 0),
                        expected(0, 0, 17, 0), expected(0, 3, 17, 0), expected(9, 1, 17, 0)};
  assert_batch(serving, "user_id,item_id\n9,8\n1,99\n10,8\n0,0\nx,3\n9,1\n", all, 6,
               "3 rows name a user and 2 an item that the data do not have (first: item_id '99', "
               "line 3): nothing but the id is known of them\n");
  const double at_3 = expected(0, 2, 3, 0), at_17 = expected(5, 0, 17, 0);
  assert_batch(serving, "user_id,item_id,timestamp\n10,2,10800\n", &at_3, 1,
               "1 row names a user that the data do not have (first: user_id '10', line 2): "
               "nothing but the id is known of it\n");
  assert_batch(serving, "item_id,user_id,timestamp\n9,5,61200\n", &at_17, 1,
               "1 row names an item that the data do not have (first: item_id '9', line 2): "
               "nothing but the id is known of it\n");
  assert_batch(serving, "user_id,item_id\n9,8\n", all, 1, "");
  serving_done(serving);
}

static void films_are_recommended_for_the_time_of_the_last_rating(void **state) {
  (void)state;
  struct error error = {0};
  struct recommendation r;
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", 0);
  struct serving *serving = serving_of("ratings");
  set_weights(serving, weight);
  assert_true(recommend(serving, "1", NULL, 10, &r, &error));
  assert_int_equal(r.rated, 2);
  assert_int_equal(r.time, 86400 + 61200 + 2);
  assert_int_equal(r.count, 6);
  double least = INFINITY;
  for (size_t i = 0; i < r.count; i++) {
    const double own = expected(1, r.film[i].item + 1, 17, 0);
    near((double)r.film[i].prediction, own);
    assert_true(own <= least + 1e-5);
    least = own;
  }
  recommendation_clear(&r);
  serving_done(serving);
}

/* --- the groups of an evaluation --- */

/* 3.25 for all, but 1.75 for men and action films. */
static double two_values(size_t tensor, size_t row, size_t column) {
  (void)column;
  if (tensor == HEAD_BIAS) return 3.25;
  return tensor == WIDE && row == 2 ? -1.5 : 0;
}

static void the_groups_of_six_rows(void **state) {
  (void)state;
  struct error error = {0};
  struct evaluation evaluation;
  struct text text = {0};
  (void)train_and_save_trial(FOLDS DATA("0") MODEL("false"), "ratings", 0);
  struct serving *serving = serving_of("ratings");
  set_weights(serving, two_values);
  assert_true(evaluation_run(serving, EVALUATION_TEST, &evaluation, &error));
  static const uint32_t from[SCORE_ACTIVITIES] = {0, 1, 2, 3, 5};
  for (size_t g = 0; g < SCORE_ACTIVITIES; g++) {
    assert_int_equal(evaluation.activity_from[g], from[g]);
  }
  assert_true(evaluation_write(&evaluation, serving, TEXT_TABLE_CSV, &text, &error));
  assert_string_equal(text.text,
                      "by,group,rows,mse,rmse,mae,mean_prediction,mean_rating\n"
                      "all,test,6,3.2291666666666665,1.796988221070652,1.5,2.75,3.0\n"
                      "rating,1,1,5.0625,2.25,2.25,3.25,1.0\n"
                      "rating,2,1,1.5625,1.25,1.25,3.25,2.0\n"
                      "rating,3,2,0.8125,0.9013878188659973,0.75,2.5,3.0\n"
                      "rating,4,1,0.5625,0.75,0.75,3.25,4.0\n"
                      "rating,5,1,10.5625,3.25,3.25,1.75,5.0\n"
                      "activity,0,2,5.5625,2.358495283014151,2.0,2.5,4.5\n"
                      "activity,1 to 1,1,5.0625,2.25,2.25,3.25,1.0\n"
                      "activity,2 to 2,1,1.5625,1.25,1.25,1.75,3.0\n"
                      "activity,3 to 4,1,0.0625,0.25,0.25,3.25,3.0\n"
                      "activity,5 or more,1,1.5625,1.25,1.25,3.25,2.0\n"
                      "prediction,1.75 to 2.00,2,6.0625,2.462214450449026,2.25,1.75,4.0\n"
                      "prediction,3.25 to 3.50,4,1.8125,1.346291201783626,1.125,3.25,2.5\n");
  text_clear(&text);
  serving_done(serving);
}

/* With a share of 0.95 all but one of the 24 rows validate: one user has one
 * training rating, the others none. */
static void users_are_as_active_as_their_training_rows(void **state) {
  (void)state;
  struct error error = {0};
  struct evaluation evaluation;
  (void)train_and_save_trial(FOLDS DATA("0.95") MODEL("false"), "ratings", 0);
  struct serving *serving = serving_of("ratings");
  assert_int_equal(serving->split.train, 1);
  assert_true(evaluation_run(serving, EVALUATION_ALL, &evaluation, &error));
  const struct score_sums *by = evaluation.groups.by_activity;
  const uint32_t user = serving->dataset.row_user[serving->split.rows[0]] + 1;
  size_t own = 0;
  for (size_t r = 0; r < RATINGS; r++) own += ratings[r][0] == user;
  assert_int_equal(evaluation.activity_from[1], 1);
  assert_int_equal(evaluation.activity_from[4], 1);
  assert_int_equal(by[0].rows, RATINGS - own);
  assert_int_equal(by[1].rows + by[2].rows + by[3].rows, 0);
  assert_int_equal(by[4].rows, own);
  serving_done(serving);
}

static int setup(void **state) {
  if (fixture_setup(state) != 0) return -1;
  write_data();
  return 0;
}

static int teardown(void **state) {
  return system("rm -r ratings batch.csv " MODEL_PATH) == 0 ? fixture_teardown(state) : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(models_of_folds_predict_by_their_own_training_rows),
      cmocka_unit_test(only_a_model_that_says_so_clips),
      cmocka_unit_test(models_of_folds_score_as_they_did_when_trained),
      cmocka_unit_test(another_split_of_the_same_data_is_refused),
      cmocka_unit_test(a_batch_is_predicted_at_its_timestamps),
      cmocka_unit_test(a_batch_predicts_for_ids_that_the_data_do_not_have),
      cmocka_unit_test(films_are_recommended_for_the_time_of_the_last_rating),
      cmocka_unit_test(the_groups_of_six_rows),
      cmocka_unit_test(users_are_as_active_as_their_training_rows),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
