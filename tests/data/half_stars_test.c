/* Ratings in half stars: their distribution, and the error that nothing can avoid. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "data/synthetic/synthetic_parts.h"

static struct error error;

static void thresholds_lie_between_the_half_stars(void **state) {
  (void)state;
  double cdf[SYNTHETIC_LEVELS - 1];
  synthetic_cdf(3.0, SYNTHETIC_HALF_STAR, cdf);
  for (int k = 1; k < SYNTHETIC_LEVELS - 1; k++) assert_true(cdf[k] > cdf[k - 1]);
  /* Triangular noise of half width 2.2: P(noise <= -0.25) = (1 - 0.25 / 2.2)^2 / 2. */
  const double below = 0.5 * (1.0 - 0.25 / 2.2) * (1.0 - 0.25 / 2.2);
  assert_true(fabs(cdf[4] - below) < 1e-12); /* at most 2.5 */
  assert_true(fabs(cdf[5] - (1.0 - below)) < 1e-12);
  /* P(noise <= -2.25) = 0. */
  assert_true(cdf[0] == 0.0 && cdf[1] > 0.0);
}

struct drawn {
  size_t count;
  uint32_t user[20000], item[20000];
  float rating[20000];
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

/* Squared distances from the mean that the score gives, which the test sums itself. */
static void the_irreducible_error_is_that_of_the_true_mean(void **state) {
  (void)state;
  static struct drawn drawn;
  const struct synthetic_spec spec = {.users = 500, .items = 800, .ratings = 20000, .seed = 1};
  const struct synthetic_sink sink = {&drawn, pass_over, keep};
  struct synthetic_world world = {.spec = &spec, .sink = &sink};
  double irreducible, errors = 0.0, bias = 0.0;
  unsigned level[SYNTHETIC_LEVELS + 1] = {0};
  if (!synthetic_draw(&spec, true, &sink, &irreducible, &error)) fail_msg("%s", error.message);
  assert_int_equal(drawn.count, 20000);
  assert_true(synthetic_people(&world, &error) && synthetic_films(&world, &error) &&
              synthetic_effects(&world, &error));
  for (size_t row = 0; row < drawn.count; row++) {
    double cdf[SYNTHETIC_LEVELS - 1], mean = 5.0;
    synthetic_cdf(synthetic_score(&world, drawn.user[row], drawn.item[row]), SYNTHETIC_HALF_STAR,
                  cdf);
    for (int k = 0; k < SYNTHETIC_LEVELS - 1; k++) mean -= 0.5 * cdf[k];
    const double residual = (double)drawn.rating[row] - mean;
    const double halves = 2.0 * (double)drawn.rating[row];
    assert_true(halves == floor(halves) && halves >= 1.0 && halves <= 10.0);
    level[(int)halves]++;
    errors += residual * residual;
    bias += residual;
  }
  /* Standard errors: about 0.006 each. */
  assert_true(fabs(errors / 20000.0 - irreducible) < 0.024);
  assert_true(fabs(bias / 20000.0) < 0.024);
  for (int k = 1; k <= SYNTHETIC_LEVELS; k++) assert_true(level[k] > 20);
  world_free(&world);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(thresholds_lie_between_the_half_stars),
      cmocka_unit_test(the_irreducible_error_is_that_of_the_true_mean),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
