/* Precision, recall and NDCG of five users, by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "serving/ranking.h"
#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

/* Only u2 has rated some of them in the rows that train, A and B. */
static const char ratings[] =
    "user,item,stars,part\n"
    "t1,A,5,train\nt1,B,4,train\nt1,C,3,train\nt1,CC,3,train\nt1,D,2,train\nt1,E,1,train\n"
    "u1,A,1,test\nu1,C,5,test\nu1,E,4,test\n"
    "u2,A,5,train\nu2,B,4,train\nu2,CC,5,test\nu2,E,2,test\n"
    "u3,B,2,test\n"
    "u4,C,4,test\n"
    "u5,C,1,test\nu5,CC,5,test\n";

static const char config[] =
    "schema: 1\n"
    "name: t\n"
    "data:\n"
    "  source: csv\n"
    "  ratings: {path: ratings.csv, user: user, item: item, rating: stars}\n"
    "  split: {method: folds, column: part, folds: [test]}\n"
    "model: {wide: {crosses: [[item_id]]}}\n"
    "train: {epochs: 1}\n";

static int start(void **state) {
  if (fixture_setup(state) != 0) return 1;
  FILE *file = fopen("ratings.csv", "w");
  if (file == NULL || fputs(ratings, file) < 0 || fclose(file) != 0) return 1;
  (void)train_and_save_trial(config, NULL, 0);
  return 0;
}

static int stop(void **state) {
  (void)remove("ratings.csv");
  (void)remove(MODEL_PATH);
  return fixture_teardown(state);
}

static void near(double found, double expected) {
  if (!(fabs(found - expected) < 1e-12)) fail_msg("%.15g, not %.15g", found, expected);
}

static void assert_scores(const struct ranking_scores *scores, double precision, double recall,
                          double ndcg) {
  near(scores->precision, precision);
  near(scores->recall, recall);
  near(scores->ndcg, ndcg);
}

/* The model knows an item's id alone: its weights are the predictions. */
static struct serving *open_model(void) {
  static const float weights[] = {5, 4, 3, 3, 2, 1}; /* A, B, C, CC, D, E */
  struct serving *serving = serving_of(NULL);
  struct wide_deep *model = &serving->models.member[0];
  for (size_t t = 0; t < model->tensors; t++) {
    const struct tensor *tensor = &model->tensor[t];
    const bool items = strcmp(tensor->name, "wide.item_id") == 0;
    assert_true(!items || tensor->rows >= 6);
    for (size_t i = 0; i < tensor->rows; i++) {
      model->weights[tensor->offset + i * tensor->ld] = items && i < 6 ? weights[i] : 0;
    }
  }
  return serving;
}

static struct ranking rank(size_t k, double relevant) {
  struct ranking ranking;
  struct error error = {0};
  struct serving *serving = open_model();
  if (!ranking_run(serving, k, relevant, &ranking, &error)) fail_msg("%s", error.message);
  serving_done(serving);
  return ranking;
}

/* What the second place counts, 1 / log2(3); the third counts 1 / log2(4), a half. */
static const double second = 0.63092975357145743;

/* Of three places: u1 finds A, C, E, of which C and E are relevant; u2 CC, E; u4 C alone; u5 C,
 * CC. Of all items but those rated elsewhere: u1, u4 and u5 find A, B, C; u2 finds C, CC, D.
 * u3 likes nothing. */
static void three_places_are_scored(void **state) {
  (void)state;
  const struct ranking ranking = rank(3, (double)NAN);
  near(ranking.relevant, 4);
  assert_int_equal(ranking.users, 4);
  assert_int_equal(ranking.users_without, 1);
  assert_scores(&ranking.of_test, (2.0 / 3 + 0.5 + 1 + 0.5) / 4, 1,
                ((second + 0.5) / (1 + second) + 1 + 1 + second) / 4);
  assert_scores(&ranking.of_all, (1.0 / 3 + 1.0 / 3 + 1.0 / 3 + 0) / 4, (0.5 + 1 + 1 + 0) / 4,
                (0.5 / (1 + second) + second + 0.5 + 0) / 4);
}

/* Of two: u1 finds A, C; u2 CC, E; u4 C; u5 C, CC. Of all items A, B, and u2 C, CC. */
static void the_best_order_has_no_more_places_than_k(void **state) {
  (void)state;
  const struct ranking ranking = rank(2, 4);
  assert_scores(&ranking.of_test, (0.5 + 0.5 + 1 + 0.5) / 4, (0.5 + 1 + 1 + 1) / 4,
                (second / (1 + second) + 1 + 1 + second) / 4);
  assert_scores(&ranking.of_all, 0.5 / 4, 1.0 / 4, second / 4);
}

/* Of one: u1 finds A; u2 CC; u4 C; u5 C, which comes before CC, as their predictions are equal. */
static void equal_predictions_go_by_id(void **state) {
  (void)state;
  const struct ranking ranking = rank(1, 4);
  assert_scores(&ranking.of_test, 0.5, 0.5, 0.5);
  assert_scores(&ranking.of_all, 0, 0, 0);
}

/* From 5 on E is none of u1's, and u4 has none. */
static void what_is_relevant_can_be_said(void **state) {
  (void)state;
  const struct ranking ranking = rank(3, 5);
  assert_int_equal(ranking.users, 3);
  assert_int_equal(ranking.users_without, 2);
  assert_scores(&ranking.of_test, (1.0 / 3 + 0.5 + 0.5) / 3, 1, (second + 1 + second) / 3);
}

/* All are: the first place is always right, and there is no second. */
static void one_place_of_many_relevant_items_is_the_best(void **state) {
  (void)state;
  const struct ranking ranking = rank(1, 1);
  assert_int_equal(ranking.users, 5);
  assert_scores(&ranking.of_test, 1, (1.0 / 3 + 1.0 / 2 + 1 + 1 + 1.0 / 2) / 5, 1);
}

static void where_nobody_likes_anything_there_is_no_score(void **state) {
  (void)state;
  struct ranking ranking;
  struct error error = {0};
  struct serving *serving = open_model();
  assert_false(ranking_run(serving, 3, 5.5, &ranking, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_string_equal(error.message,
                      "--ranking: no test row has a rating of 5.5 or more; "
                      "ratings go from 1 to 5");
  serving_done(serving);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(three_places_are_scored),
      cmocka_unit_test(the_best_order_has_no_more_places_than_k),
      cmocka_unit_test(equal_predictions_go_by_id),
      cmocka_unit_test(what_is_relevant_can_be_said),
      cmocka_unit_test(one_place_of_many_relevant_items_is_the_best),
      cmocka_unit_test(where_nobody_likes_anything_there_is_no_score),
  };
  return cmocka_run_group_tests_name("ranking", tests, start, stop);
}
