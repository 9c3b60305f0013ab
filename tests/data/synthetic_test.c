/* The synthetic generator: shape, known error, the same everywhere. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/readers/key_index.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_schema.h"
#include "data/synthetic/synthetic_parts.h"
#include "data_fixture.h"

static struct error error;

static void synthesise(uint32_t users, uint32_t items, uint32_t ratings, uint64_t seed,
                       struct dataset *dataset) {
  struct synthetic_spec spec = {users, items, ratings, seed};
  error = (struct error){0};
  if (!synthetic_make(&spec, dataset, &error)) fail_msg("%s", error.message);
}

static void the_data_are_the_same_everywhere(void **state) {
  (void)state;
  static const struct {
    struct synthetic_spec spec;
    uint64_t digest;
  } known[] = {
      {{30, 40, 300, 7}, 0xc4e1db7ec38e9cd3},
      {{500, 800, 20000, 1}, 0x614b45da77c2e67d},
      {{943, 1682, 100000, 1}, 0xbca27d8993d058dc},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    struct dataset dataset;
    assert_true(synthetic_make(&known[i].spec, &dataset, &error));
    assert_int_equal(dataset.digest, known[i].digest);
    dataset_clear(&dataset);
  }
}

static void another_seed_gives_other_data(void **state) {
  (void)state;
  struct dataset one, two;
  synthesise(50, 60, 500, 1, &one);
  synthesise(50, 60, 500, (uint64_t)1 << 32 | 1, &two);
  assert_int_not_equal(one.digest, two.digest);
  dataset_clear(&one);
  dataset_clear(&two);
}

static void each_pair_is_rated_once_and_within_bounds(void **state) {
  (void)state;
  struct dataset d;
  struct key_index index;
  synthesise(80, 50, 2000, 3, &d); /* the densest that is allowed */
  assert_int_equal(d.ratings, 2000);
  assert_true(key_index_init(&index, d.ratings, &error));
  for (size_t row = 0; row < d.ratings; row++) {
    assert_in_range(d.row_user[row], 0, 79);
    assert_in_range(d.row_item[row], 0, 49);
    assert_true(d.row_rating[row] == floorf(d.row_rating[row]));
    assert_in_range((int)d.row_rating[row], 1, 5);
    uint64_t key = key_index_pair(d.row_user[row], d.row_item[row]);
    assert_int_equal(key_index_add(&index, key, (uint32_t)row), KEY_INDEX_NONE);
  }
  key_index_clear(&index);
  dataset_clear(&d);
}

static int descending(const void *a, const void *b) {
  uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
  return (left < right) - (left > right);
}

static void counts_have_long_tails(void **state) {
  (void)state;
  struct dataset d;
  synthesise(500, 800, 20000, 1, &d);
  static uint32_t user[500], item[800];
  for (size_t row = 0; row < d.ratings; row++) {
    user[d.row_user[row]]++;
    item[d.row_item[row]]++;
  }
  qsort(user, 500, sizeof *user, descending);
  qsort(item, 800, sizeof *item, descending);
  assert_in_range(user[0], 3 * 40, 800); /* means: 40 a user, 25 a film */
  assert_in_range(user[250], 20, 35);
  assert_in_range(user[499], 20, 40);
  assert_in_range(item[0], 5 * 25, 500);
  assert_in_range(item[400], 1, 15);
  dataset_clear(&d);
}

static void rows_are_not_ordered_by_user(void **state) {
  (void)state;
  struct dataset d;
  synthesise(500, 800, 20000, 1, &d);
  size_t descents = 0;
  for (size_t row = 1; row < d.ratings; row++) descents += d.row_user[row] < d.row_user[row - 1];
  assert_in_range(descents, 9500, 10500);
  dataset_clear(&d);
}

static void people_and_films_look_like_movielens(void **state) {
  (void)state;
  struct dataset d;
  synthesise(943, 1682, 100000, 1, &d);
  assert_true(d.synthetic);
  assert_string_equal(d.name, "synthetic");
  assert_int_equal(column_cardinality(dataset_column(&d, "genres"), &d), 19);
  assert_int_equal(column_cardinality(dataset_column(&d, "occupation"), &d), 21);
  assert_string_equal(word_at(&d, "occupation", 15), "retired");
  assert_string_equal(word_at(&d, "genres", 18), "unknown");
  uint32_t youngest = 99, oldest = 0, women = 0, letters = 0, undated = 0, several = 0;
  for (size_t u = 0; u < d.users; u++) {
    const uint32_t age = (uint32_t)number_of(&d, "age", u);
    if (age < youngest) youngest = age;
    if (age > oldest) oldest = age;
    women += strcmp(cell_of(&d, "gender", u), "F") == 0 ? 1 : 0;
    letters += cell_of(&d, "zip", u)[0] >= 'A' ? 1 : 0;
    assert_int_equal(strlen(cell_of(&d, "zip", u)), 5);
  }
  for (size_t i = 0; i < d.items; i++) {
    const uint32_t *codes;
    const double year = number_of(&d, "release_year", i);
    const size_t count = column_codes(dataset_column(&d, "genres"), (uint32_t)i, &codes);
    several += count > 1 ? 1 : 0;
    assert_int_equal(values_of(&d, "genres")->first[i], codes[0]);
    undated += isnan(year) ? 1 : 0;
    if (!isnan(year)) assert_in_range((uint32_t)year, 1922, 1998);
  }
  assert_int_equal(youngest, 7);
  assert_int_equal(oldest, 73);
  assert_in_range(women, 200, 350);
  assert_in_range(letters, 5, 50);
  assert_in_range(undated, 1, 20);
  assert_in_range(several, 500, 1400);
  dataset_clear(&d);
}

/* The moments of the distribution, summed directly. */
static void the_distribution_has_the_mean_that_it_says(void **state) {
  (void)state;
  for (int step = 0; step <= 80; step++) {
    double score = -1.0 + 0.1 * step, cdf[4];
    synthetic_cdf(score, SYNTHETIC_STAR, cdf);
    for (int k = 1; k < 4; k++) assert_true(cdf[k] >= cdf[k - 1]);
    assert_true(cdf[0] >= 0.0 && cdf[3] <= 1.0);
    double mean = 5.0 - cdf[0] - cdf[1] - cdf[2] - cdf[3];
    assert_true(mean >= 1.0 && mean <= 5.0);
  }
  double middle[4]; /* symmetric about three stars */
  synthetic_cdf(3.0, SYNTHETIC_STAR, middle);
  assert_true(fabs(middle[0] + middle[3] - 1.0) < 1e-12);
  assert_true(fabs(middle[1] + middle[2] - 1.0) < 1e-12);
  /* Triangular noise of half width 2.2: P(noise <= -1.5) = (0.7 / 2.2)^2 / 2. */
  assert_true(fabs(middle[0] - 0.5 * (0.7 / 2.2) * (0.7 / 2.2)) < 1e-12);
}

static void thresholds_lie_between_the_half_stars(void **state) {
  (void)state;
  double cdf[SYNTHETIC_LEVELS - 1];
  synthetic_cdf(3.0, SYNTHETIC_HALF_STAR, cdf);
  for (int k = 1; k < SYNTHETIC_LEVELS - 1; k++) assert_true(cdf[k] > cdf[k - 1]);
  /* P(noise <= -0.25) = (1 - 0.25 / 2.2)^2 / 2, and P(noise <= -2.25) = 0. */
  const double below = 0.5 * (1.0 - 0.25 / 2.2) * (1.0 - 0.25 / 2.2);
  assert_true(fabs(cdf[4] - below) < 1e-12); /* at most 2.5 */
  assert_true(fabs(cdf[5] - (1.0 - below)) < 1e-12);
  assert_true(cdf[0] == 0.0 && cdf[1] > 0.0);
}

enum { DRAWN = 100000 };
struct drawn {
  size_t count;
  uint32_t user[DRAWN], item[DRAWN];
  float rating[DRAWN];
};

static bool pass_over(void *to, enum column_side side, const char *id, const char *const *cell,
                      struct error *fault) {
  (void)to, (void)side, (void)id, (void)cell, (void)fault;
  return true;
}

static bool keep(void *to, uint32_t user, uint32_t item, float rating, int64_t time,
                 struct error *fault) {
  struct drawn *drawn = to;
  (void)time, (void)fault;
  drawn->user[drawn->count] = user;
  drawn->item[drawn->count] = item;
  drawn->rating[drawn->count++] = rating;
  return true;
}

static void world_free(struct synthetic_world *world) {
  free(world->person);
  free(world->film);
  free(world->user_bias);
  free(world->user_factor);
  free(world->item_bias);
  free(world->item_factor);
  free(world->activity);
  free(world->popularity);
  free(world->effects);
}

/* What the generator calls irreducible must be the error of the true mean:
 * the ratings' squared distance from E[rating | score], which the test
 * computes from scores that it recomputes, agrees within sampling error. */
static void assert_true_mean(double step) {
  static struct drawn drawn;
  const struct synthetic_spec spec = {943, 1682, DRAWN, 1};
  const struct synthetic_sink sink = {&drawn, pass_over, keep};
  struct synthetic_world world = {.spec = &spec, .sink = &sink};
  const int levels = (int)(5.0 / step);
  unsigned level[SYNTHETIC_LEVELS + 1] = {0};
  double irreducible, errors = 0.0, bias = 0.0, sum = 0.0, squares = 0.0;
  drawn.count = 0;
  assert_true(synthetic_draw(&spec, step < SYNTHETIC_STAR, &sink, &irreducible, &error));
  assert_true(synthetic_people(&world, &error) && synthetic_films(&world, &error) &&
              synthetic_effects(&world, &error));
  assert_int_equal(drawn.count, DRAWN);
  for (size_t row = 0; row < DRAWN; row++) {
    const double rating = (double)drawn.rating[row];
    double cdf[SYNTHETIC_LEVELS - 1], mean = 5.0;
    synthetic_cdf(synthetic_score(&world, drawn.user[row], drawn.item[row]), step, cdf);
    for (int k = 0; k < levels - 1; k++) mean -= step * cdf[k];
    assert_true(rating / step == floor(rating / step) && rating >= step && rating <= 5.0);
    level[(int)(rating / step)]++;
    errors += (rating - mean) * (rating - mean);
    bias += rating - mean;
    sum += rating;
    squares += rating * rating;
  }
  const double n = DRAWN, variance = squares / n - sum / n * (sum / n);
  /* Standard errors: about 0.003 for the MSE, 0.003 for the mean. */
  assert_true(fabs(errors / n - irreducible) < 0.012);
  assert_true(fabs(bias / n) < 0.012);
  /* There is something to learn, and it is not everything. */
  assert_true(irreducible > 0.6 && irreducible < 0.8 * variance);
  for (int k = 1; k <= levels; k++) assert_true(level[k] > 100);
  world_free(&world);
}

static void the_irreducible_error_is_that_of_the_true_mean(void **state) {
  (void)state;
  assert_true_mean(SYNTHETIC_STAR);
  assert_true_mean(SYNTHETIC_HALF_STAR);
}

static void sizes_that_cannot_be_are_refused(void **state) {
  (void)state;
  static const struct synthetic_spec bad[] = {
      {0, 10, 10, 1}, {10, 0, 10, 1}, {10, 10, 0, 1}, {10, 10, 51, 1}, {1, 1, 1, 1}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct dataset dataset;
    error = (struct error){0};
    assert_false(synthetic_make(&bad[i], &dataset, &error));
    assert_int_equal(error.kind, ERROR_CONFIG);
    assert_has(error.message, i < 3 ? "at least one" : "at most half");
  }
}

static void the_smallest_sets_work(void **state) {
  (void)state;
  static const struct synthetic_spec small[] = {
      {1, 2, 1, 1}, {2, 1, 1, 1}, {3, 3, 4, 9}, {100, 3, 2, 5}, {2, 1000, 1000, 5}};
  for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
    struct dataset dataset;
    synthesise(small[i].users, small[i].items, small[i].ratings, small[i].seed, &dataset);
    assert_int_equal(dataset.ratings, small[i].ratings);
    dataset_clear(&dataset);
  }
}

static void written_synthetic_data_stay_synthetic(void **state) {
  (void)state;
  struct fixture fixture;
  struct dataset made, read;
  fixture_open(&fixture);
  synthesise(30, 40, 300, 7, &made);
  if (!movielens_write(&made, fixture.folder, &error)) fail_msg("%s", error.message);
  if (!movielens_read(fixture.folder, &read, &error)) fail_msg("%s", error.message);
  assert_int_equal(read.digest, made.digest);
  assert_true(read.synthetic);
  assert_string_equal(read.name, "synthetic");
  assert_true(read.irreducible_mse == made.irreducible_mse);
  dataset_clear(&read);
  fixture_remove(&fixture, "synthetic.json");
  assert_true(movielens_read(fixture.folder, &read, &error));
  assert_int_equal(read.digest, made.digest);
  assert_false(read.synthetic);
  dataset_clear(&read);
  dataset_clear(&made);
  fixture_close(&fixture);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_data_are_the_same_everywhere),
      cmocka_unit_test(another_seed_gives_other_data),
      cmocka_unit_test(each_pair_is_rated_once_and_within_bounds),
      cmocka_unit_test(counts_have_long_tails),
      cmocka_unit_test(rows_are_not_ordered_by_user),
      cmocka_unit_test(people_and_films_look_like_movielens),
      cmocka_unit_test(the_distribution_has_the_mean_that_it_says),
      cmocka_unit_test(thresholds_lie_between_the_half_stars),
      cmocka_unit_test(the_irreducible_error_is_that_of_the_true_mean),
      cmocka_unit_test(sizes_that_cannot_be_are_refused),
      cmocka_unit_test(the_smallest_sets_work),
      cmocka_unit_test(written_synthetic_data_stay_synthetic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
