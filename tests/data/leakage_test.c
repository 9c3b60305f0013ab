/* Nothing of the test rows reaches what a model trains on: all columns at once. */
#include <math.h>

#include "data/encoding/encoding.h"
#include "data/readers/movielens_schema.h"
#include "data_fixture.h"

/* Every column in every place that takes it. */
static struct encoding_spec every_column(uint32_t hash_buckets) {
  struct encoding_spec spec = {.seed = 5, .hash_buckets = hash_buckets};
  struct schema schema;
  struct error error;
  assert_true(movielens_schema(&schema, &error));
  for (size_t i = 0; i < schema.columns; i++) {
    const struct column *column = &schema.column[i];
    if (column_crosses(column)) spec.cross[spec.crosses++] = cross_of(column->name, NULL, NULL);
    if (column_has_embedding(column)) {
      add_field(&spec, column->name);
    } else {
      add_number(&spec, column->name, SCALE_MINMAX);
      add_number(&spec, column->name, SCALE_STANDARD);
    }
  }
  schema_clear(&schema);
  spec.cross[spec.crosses++] = cross_of("user_id", "genres", NULL);
  spec.cross[spec.crosses++] = cross_of("gender", "age_group", "genres");
  spec.cross[spec.crosses++] = cross_of("user_id", "item_id", "rating_hour");
  return spec;
}

static void assert_same_rows(const struct encoded_rows *one, const struct encoded_rows *two) {
  assert_int_equal(one->rows, two->rows);
  assert_int_equal(one->slots, two->slots);
  assert_int_equal(one->bags, two->bags);
  assert_int_equal(one->numbers, two->numbers);
  assert_memory_equal(one->codes, two->codes, one->rows * one->slots * sizeof(uint32_t));
  assert_memory_equal(one->values, two->values, one->rows * one->numbers * sizeof(float));
  assert_memory_equal(one->target, two->target, one->rows * sizeof(float));
  for (size_t b = 0; b < one->bags; b++) {
    assert_memory_equal(one->bag[b].owner, two->bag[b].owner, one->rows * sizeof(uint32_t));
    assert_memory_equal(one->bag[b].skip, two->bag[b].skip, one->rows * sizeof(uint32_t));
  }
}

static void assert_same_bags(const struct bag_lists *one, const struct bag_lists *two) {
  assert_int_equal(one->owners, two->owners);
  assert_int_equal(one->longest, two->longest);
  assert_memory_equal(one->offset, two->offset, (one->owners + 1) * sizeof(uint32_t));
  assert_memory_equal(one->entry, two->entry, one->offset[one->owners] * sizeof(uint32_t));
}

/* What a model can see of it: tables' sizes, labels, lists, scalings. */
static void assert_same_encoding(const struct fitted *a, const struct fitted *b) {
  const struct encoding *one = &a->encoding, *two = &b->encoding;
  assert_int_equal(one->tables, two->tables);
  for (size_t t = 0; t < one->tables; t++) {
    assert_int_equal(one->table[t].seen, two->table[t].seen);
    assert_int_equal(one->table[t].hashed, two->table[t].hashed);
    assert_int_equal(one->table[t].slots, two->table[t].slots);
    for (uint32_t row = 0; row <= one->table[t].seen; row++) {
      struct text text = {0};
      encoding_label(two, &b->dataset, t, row, &text);
      assert_label(a, t, row, text.text);
      text_clear(&text);
    }
  }
  for (size_t i = 0; i < one->bags; i++) assert_same_bags(&one->bag[i], &two->bag[i]);
  for (size_t i = 0; i < one->scalings; i++) {
    const struct scaling *x = &one->scaling[i], *y = &two->scaling[i];
    const double constants[2][5] = {{x->minimum, x->maximum, x->mean, x->deviation, x->fallback},
                                    {y->minimum, y->maximum, y->mean, y->deviation, y->fallback}};
    assert_memory_equal(constants[0], constants[1], sizeof constants[0]);
  }
}

/* Fits the changed and the unchanged set and compares what trains. */
static void assert_nothing_leaks(void (*change)(struct dataset *dataset, size_t test_row),
                                 uint32_t hash_buckets, bool others_too) {
  struct fitted plain, changed;
  struct encoded_rows one, two;
  struct encoding_spec spec = every_column(hash_buckets);
  middle_dataset(&plain.dataset);
  middle_dataset(&changed.dataset);
  for (size_t row = 0; row < changed.dataset.ratings; row++) {
    if (!all_but_every_fourth(&changed.dataset, row)) change(&changed.dataset, row);
  }
  fitted_fit(&plain, &spec, all_but_every_fourth);
  fitted_fit(&changed, &spec, all_but_every_fourth);
  assert_same_encoding(&plain, &changed);
  fitted_training(&plain, &one);
  fitted_training(&changed, &two);
  assert_true(one.rows == 675 && one.bags == 3);
  assert_same_rows(&one, &two);
  encoded_rows_clear(&one);
  encoded_rows_clear(&two);
  if (others_too) {
    fitted_others(&plain, &one);
    fitted_others(&changed, &two);
    assert_memory_not_equal(one.target, two.target, one.rows * sizeof(float));
    memcpy(two.target, one.target, one.rows * sizeof(float));
    assert_same_rows(&one, &two);
    encoded_rows_clear(&one);
    encoded_rows_clear(&two);
  }
  fitted_clear(&plain);
  fitted_clear(&changed);
}

static void swap_ratings(struct dataset *dataset, size_t row) {
  size_t other = (row + 4 * 31) % dataset->ratings;
  float rating = dataset->row_rating[row];
  dataset->row_rating[row] = dataset->row_rating[other];
  dataset->row_rating[other] = rating;
}

static void permuted_test_ratings_change_nothing_but_the_test_targets(void **state) {
  (void)state;
  assert_nothing_leaks(swap_ratings, 0, true);
  assert_nothing_leaks(swap_ratings, 50, true);
}

static void other_row(struct dataset *dataset, size_t row) {
  dataset->row_user[row] = (uint32_t)(row / 4 % dataset->users);
  dataset->row_item[row] = (uint32_t)(row / 7 % 3);
  dataset->row_time[row] = 1 + (int64_t)row * 1000003;
  dataset->row_rating[row] = 1.0f;
}

static void other_test_rows_change_nothing_that_trains(void **state) {
  (void)state;
  assert_nothing_leaks(other_row, 0, false);
  assert_nothing_leaks(other_row, 50, false);
}

static void the_seed_draws_the_folds_and_nothing_else(void **state) {
  (void)state;
  struct fitted one, two;
  struct encoded_rows first, second;
  struct encoding_spec spec = every_column(0);
  middle_dataset(&one.dataset);
  middle_dataset(&two.dataset);
  fitted_fit(&one, &spec, all_but_every_fourth);
  spec.seed = 6;
  fitted_fit(&two, &spec, all_but_every_fourth);
  fitted_training(&one, &first);
  fitted_training(&two, &second);
  assert_memory_equal(first.codes, second.codes, first.rows * first.slots * sizeof(uint32_t));
  assert_memory_not_equal(first.values, second.values, first.rows * first.numbers * sizeof(float));
  encoded_rows_clear(&first);
  encoded_rows_clear(&second);
  fitted_clear(&one);
  fitted_clear(&two);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(permuted_test_ratings_change_nothing_but_the_test_targets),
      cmocka_unit_test(other_test_rows_change_nothing_that_trains),
      cmocka_unit_test(the_seed_draws_the_folds_and_nothing_else),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
