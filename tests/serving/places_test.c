/* Users and items that the data do not have: what they are predicted by data is what their
 * id alone gives by values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "data/column_values.h"
#include "data/readers/movielens.h"
#include "data/synthetic/synthetic.h"
#include "serving/evaluation.h"
#include "serving/places.h"
#include "serving/recommend.h"
#include "tests/config/config_fixture.h"
#include "tests/serving/serving_fixture.h"

#define CONFIG(first, buckets)                                                            \
  "schema: 1\n"                                                                           \
  "name: t\n"                                                                             \
  "data:\n"                                                                               \
  "  source: synthetic\n"                                                                 \
  "  synthetic: {users: 40, items: 50, ratings: 600, seed: 3}\n"                          \
  "  split: {method: random, test: 0.2, validation: 0.1}\n"                               \
  "train: {epochs: 2}\n"                                                                  \
  "model: {wide: {crosses: [[" first "], [gender, genres], [item_id]]" buckets            \
  "}, deep: {columns: [user_id, item_id, gender, occupation, genres, {name: age, scale: " \
  "standard}, release_year], hidden: [8]}}\n"
#define EXACT CONFIG("user_id, genre", "")
#define HASHED CONFIG("user_id, genre", ", hash_buckets: 20")
/* Too many are possible for a table of them: they are searched for. */
#define MANY CONFIG("user_id, item_id, occupation, genre", "")
#define WITHOUT_IDS                                                                       \
  "schema: 1\n"                                                                           \
  "name: t\n"                                                                             \
  "data: {source: synthetic, synthetic: {users: 40, items: 50, ratings: 600, seed: 3}}\n" \
  "train: {epochs: 1}\n"                                                                  \
  "model: {deep: {columns: [age, item_mean], hidden: [4]}}\n"

/* A user or an item: by place in the data, or by an id that they do not have. */
struct who {
  uint32_t place;
  const char *unknown; /* else NULL */
};

static const char *id_of(const struct dataset *dataset, enum column_side side, struct who who) {
  return who.unknown != NULL ? who.unknown : words_text(dataset_ids(dataset, side), who.place);
}

/* As text: nothing but the id of an unknown one; a number that is not known is the mean of
 * the training rows. */
static void add_value(const struct query_input *input, const struct dataset *dataset,
                      struct who who, struct text *text) {
  const struct column *column = dataset_column(dataset, input->column->name);
  if (column->values == NULL)
    text_add(text, "%s", id_of(dataset, column->side, who));
  else if (who.unknown == NULL)
    column_add_cell(column, who.place, text);
  else if (input->scaling != NULL && !input->column->may_miss)
    text_add(text, "%.17g", input->scaling->mean);
}

static float by_values(const struct dataset *dataset, struct who user, struct who item) {
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  float prediction;
  assert_true(serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error));
  if (!serving_values(serving, 1, &error)) fail_msg("%s", error.message);
  for (size_t i = 0; i < serving->query.inputs; i++) {
    const struct query_input *input = &serving->query.input[i];
    struct text text = {0};
    add_value(input, dataset, input->column->side == SIDE_USER ? user : item, &text);
    const char *value = text.text != NULL ? text.text : "";
    assert_int_not_equal(query_set(&serving->query, i, 0, value, strlen(value)), QUERY_NO_NUMBER);
    text_clear(&text);
  }
  serving_predict_values(serving, 1, &prediction);
  serving_done(serving);
  return prediction;
}

/* The data in `folder`, with what `add` adds to them. */
static struct serving *opened(const char *folder,
                              bool (*add)(struct serving *serving, struct error *error)) {
  struct error error = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (!serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error) ||
      !serving_read(serving, folder, &error) || !add(serving, &error) ||
      !serving_prepare(serving, &error)) {
    fail_msg("%s", error.message);
  }
  return serving;
}

static bool add_two(struct serving *serving, struct error *error) {
  return places_add(serving, SIDE_USER, "9999", error) &&
         places_add(serving, SIDE_ITEM, "0", error);
}

static float recommended(struct serving *serving, struct who user, struct who item) {
  struct error error = {0};
  struct recommendation r;
  const struct dataset *dataset = &serving->dataset;
  if (!recommend(serving, id_of(dataset, SIDE_USER, user), id_of(dataset, SIDE_ITEM, item), 1, &r,
                 &error)) {
    fail_msg("%s", error.message);
  }
  assert_int_equal(r.count, 1);
  const float prediction = r.film[0].prediction;
  recommendation_clear(&r);
  return prediction;
}

static void assert_as_by_values(struct serving *serving, struct who user, struct who item) {
  const float own = recommended(serving, user, item);
  const float expected = by_values(&serving->dataset, user, item);
  if (own != expected) fail_msg("%.9g by data, %.9g by values", (double)own, (double)expected);
}

static const struct who nobody = {0, "9999"}, nothing = {0, "0"};

static void an_unknown_id_is_predicted_as_its_value_is(void **state) {
  (void)state;
  static const char *const configs[] = {EXACT, HASHED, MANY};
  for (size_t c = 0; c < 3; c++) {
    (void)train_and_save(configs[c]);
    struct serving *serving = opened(NULL, add_two);
    float least = 9, greatest = -9;
    for (uint32_t place = 0; place < 40; place += 3) {
      const struct who known = {place, NULL};
      assert_as_by_values(serving, known, known);
      assert_as_by_values(serving, nobody, known);
      assert_as_by_values(serving, known, nothing);
      const float own = recommended(serving, nobody, known);
      if (own < least) least = own;
      if (own > greatest) greatest = own;
    }
    assert_true(greatest - least > 0.01f); /* the items are read */
    assert_as_by_values(serving, nobody, nothing);
    serving_done(serving);
  }
}

/* Of rows that trained, too: their combinations are found. */
static void what_is_served_is_what_was_trained(void **state) {
  (void)state;
  static const char *const configs[] = {EXACT, HASHED, MANY};
  for (size_t c = 0; c < 3; c++) {
    const struct train_result result = train_and_save(configs[c]);
    struct serving *serving = serving_of(NULL);
    struct evaluation evaluation;
    struct error error = {0};
    if (!evaluation_run(serving, EVALUATION_TRAIN, &evaluation, &error)) {
      fail_msg("%s", error.message);
    }
    assert_true(score_mse(&evaluation.groups.all) == result.train_mse);
    serving_done(serving);
  }
}

static void those_of_the_data_are_as_without(void **state) {
  (void)state;
  (void)train_and_save(EXACT);
  struct serving *plain = serving_of(NULL), *one = opened(NULL, add_two),
                 *all = opened(NULL, places_add_all);
  for (uint32_t place = 0; place < 40; place++) {
    const struct who user = {place, NULL}, item = {49 - place, NULL};
    const float own = recommended(plain, user, item);
    assert_true(recommended(one, user, item) == own);
    assert_true(recommended(all, user, item) == own);
  }
  serving_done(plain);
  serving_done(one);
  serving_done(all);
}

static uint32_t place_of(const struct serving *serving, enum column_side side, const char *id) {
  return places_find(serving, side, id, strlen(id));
}

static void places_of_the_data_stay_and_unknown_ones_follow(void **state) {
  (void)state;
  (void)train_and_save(EXACT);
  struct serving *serving = opened(NULL, add_two);
  for (uint32_t place = 0; place < 40; place++) {
    const char *id = words_text(&serving->dataset.user_ids, place);
    assert_int_equal(place_of(serving, SIDE_USER, id), place);
    assert_false(places_unknown(serving, SIDE_USER, place));
  }
  assert_int_equal(place_of(serving, SIDE_ITEM, "50"), 49);
  assert_int_equal(place_of(serving, SIDE_USER, "9999"), 40);
  assert_int_equal(place_of(serving, SIDE_ITEM, "0"), 50);
  assert_true(places_unknown(serving, SIDE_USER, 40) && places_unknown(serving, SIDE_ITEM, 50));
  static const char *const others[] = {"", "0", "41", "09999", "9999 ", "x"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    assert_int_equal(place_of(serving, SIDE_USER, others[i]), UINT32_MAX);
  }
  struct error error = {0};
  struct recommendation r;
  assert_false(recommend(serving, "41", NULL, 5, &r, &error));
  assert_string_equal(error.message, "the data have no user '41'");
  serving_done(serving);
}

static void an_id_of_the_data_is_not_added(void **state) {
  (void)state;
  struct error error = {0};
  (void)train_and_save(WITHOUT_IDS);
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  assert_true(serving_open(serving, MODEL_PATH, kernels_of(isa_best()), &error));
  assert_true(serving_read(serving, NULL, &error));
  assert_true(places_add(serving, SIDE_USER, "40", &error));
  assert_true(places_add(serving, SIDE_USER, "", &error));
  assert_int_equal(serving->dataset.users, 40);
  assert_false(places_unknown(serving, SIDE_USER, 39));
  serving_done(serving);
}

static void an_unknown_item_is_no_candidate(void **state) {
  (void)state;
  struct error error = {0};
  struct recommendation r;
  (void)train_and_save(EXACT);
  struct serving *serving = opened(NULL, add_two);
  assert_true(recommend(serving, "9999", NULL, 1000, &r, &error));
  assert_int_equal(r.count, 50);
  assert_int_equal(r.rated, 0);
  for (size_t i = 0; i < r.count; i++) assert_true(r.film[i].item < 50);
  assert_non_null(strstr(r.unseen, "user_id 9999"));
  assert_non_null(strstr(r.unseen, "occupation missing"));
  recommendation_clear(&r);
  assert_true(recommend(serving, "3", "0", 1000, &r, &error));
  assert_int_equal(r.count, 1);
  assert_int_equal(r.film[0].item, 50);
  assert_non_null(strstr(r.film[0].unseen, "item_id 0"));
  assert_string_equal(r.unseen, "");
  recommendation_clear(&r);
  serving_done(serving);
}

static void an_unknown_id_is_said_where_the_model_reads_none(void **state) {
  (void)state;
  struct error error = {0};
  struct recommendation r;
  (void)train_and_save(WITHOUT_IDS);
  struct serving *serving = opened(NULL, add_two);
  assert_true(recommend(serving, "9999", "0", 1, &r, &error));
  assert_string_equal(r.unseen, "user_id 9999");
  assert_string_equal(r.film[0].unseen, "item_id 0");
  recommendation_clear(&r);
  assert_true(recommend(serving, "9", "1", 1, &r, &error));
  assert_string_equal(r.unseen, "");
  assert_string_equal(r.film[0].unseen, "");
  recommendation_clear(&r);
  serving_done(serving);
}

/* Users 21 to 40 and items 31 to 50 are the model's alone. */
static void an_id_that_only_the_model_has_keeps_its_weights(void **state) {
  (void)state;
  (void)train_and_save(EXACT);
  const struct synthetic_spec spec = {.users = 20, .items = 30, .ratings = 300, .seed = 9};
  struct error error = {0};
  struct dataset fewer;
  assert_true(synthetic_make(&spec, &fewer, &error));
  assert_true(movielens_write(&fewer, "fewer", &error));
  dataset_clear(&fewer);
  struct serving *serving = opened("fewer", places_add_all);
  assert_false(serving->same);
  static const char *const ids[] = {"21", "33", "40", "9999", "8888"};
  static const char *const items[] = {"31", "33", "50", "9999", "8888"};
  float prediction[5];
  for (size_t i = 0; i < 5; i++) {
    const struct who user = {0, ids[i]}, item = {4, NULL};
    assert_as_by_values(serving, user, item);
    assert_as_by_values(serving, (struct who){2, NULL}, (struct who){0, items[i]});
    prediction[i] = recommended(serving, user, item);
    assert_true(places_unknown(serving, SIDE_USER, place_of(serving, SIDE_USER, ids[i])));
    for (size_t j = 0; j < i; j++)
      assert_int_equal(prediction[i] == prediction[j], i == 4 && j == 3);
  }
  assert_int_equal(place_of(serving, SIDE_USER, "20"), 19);
  assert_int_equal(place_of(serving, SIDE_ITEM, "30"), 29);
  assert_int_equal(place_of(serving, SIDE_USER, ""), UINT32_MAX);
  serving_done(serving);
}

static int teardown(void **state) {
  (void)unlink(MODEL_PATH);
  return system("rm -r fewer") == 0 ? fixture_teardown(state) : -1;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_unknown_id_is_predicted_as_its_value_is),
      cmocka_unit_test(what_is_served_is_what_was_trained),
      cmocka_unit_test(those_of_the_data_are_as_without),
      cmocka_unit_test(places_of_the_data_stay_and_unknown_ones_follow),
      cmocka_unit_test(an_id_of_the_data_is_not_added),
      cmocka_unit_test(an_unknown_item_is_no_candidate),
      cmocka_unit_test(an_unknown_id_is_said_where_the_model_reads_none),
      cmocka_unit_test(an_id_that_only_the_model_has_keeps_its_weights),
  };
  return cmocka_run_group_tests(tests, fixture_setup, teardown);
}
