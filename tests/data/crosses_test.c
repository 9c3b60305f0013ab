/* Crosses with multi-hot columns, and hashed ones. */
#include <stdio.h>
#include <stdlib.h>

#include "data/encoding/encoding.h"
#include "data_fixture.h"

static struct error error;

static struct encoding_spec one_cross(const char *first, const char *second, const char *third) {
  struct encoding_spec spec = {.crosses = 1};
  spec.cross[0] = cross_of(first, second, third);
  return spec;
}

static void a_row_has_the_product_of_its_codes(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = one_cross("gender", "genres", NULL);
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  assert_int_equal(fitted.encoding.table[0].seen, 7);
  assert_int_equal(fitted.encoding.slots, 2);
  static const char *const labels[] = {"F_Action", "F_Drama", "F_Romance", "F_unknown",
                                       "M_Action", "M_Drama", "M_Romance", "unseen"};
  for (uint32_t row = 0; row < 8; row++) assert_label(&fitted, 0, row, labels[row]);
  static const uint32_t expected[] = {5, 6, 1, 2, 3, 7, 0, 7, 4, 7};
  fitted_training(&fitted, &encoded);
  assert_int_equal(encoded.slots, 2);
  assert_memory_equal(encoded.codes, expected, sizeof expected);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void what_did_not_train_is_the_shared_row(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = one_cross("gender", "genres", NULL);
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_the_last); /* M_Action is the last row's */
  assert_int_equal(fitted.encoding.table[0].seen, 6);
  fitted_others(&fitted, &encoded);
  assert_int_equal(encoded.rows, 1);
  assert_int_equal(encoded.codes[0], 6);
  assert_int_equal(encoded.codes[1], 6);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void a_film_without_genres_has_the_shared_row_alone(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = one_cross("genres", NULL, NULL);
  small_dataset(&fitted.dataset);
  set_codes(&fitted.dataset, "genres", 1, NULL, 0);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &encoded);
  static const uint32_t expected[] = {1, 2, 1, 2, 3, 3, 0, 3, 0, 3};
  assert_memory_equal(encoded.codes, expected, sizeof expected);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

/* All labels of a row, in order, each ended by ";". */
static void expected_labels(const struct dataset *d, const struct cross *cross, size_t row,
                            size_t at, const char *so_far, struct text *text) {
  if (at == cross->arity) {
    text_add(text, "%s;", so_far);
    return;
  }
  const struct column *column = dataset_column(d, cross->column[at]);
  uint32_t one;
  const uint32_t *codes = &one;
  size_t count = 1;
  if (column->kind == COLUMN_MULTI_HOT) {
    count = column_codes(column, dataset_place(d, column->table, row), &codes);
  } else {
    one = column_code(column, d, row);
  }
  for (size_t i = 0; i < count; i++) {
    struct text label = {0};
    text_add(&label, "%s%s", so_far, at > 0 ? "_" : "");
    column_label(column, d, codes[i], &label);
    expected_labels(d, cross, row, at + 1, label.text, text);
    text_clear(&label);
  }
}

/* Every row's combinations, spelled out, and then nothing but spare places. */
static void check_every_row(struct cross cross) {
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = {.crosses = 1};
  spec.cross[0] = cross;
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &encoded);
  uint32_t seen = fitted.encoding.table[0].seen;
  assert_true(encoded.slots > 1);
  for (size_t r = 0; r < encoded.rows; r++) {
    const uint32_t *codes = encoded.codes + r * encoded.slots;
    struct text expected = {0}, text = {0};
    expected_labels(&fitted.dataset, &cross, r, 0, "", &expected);
    size_t s = 0;
    for (; s < encoded.slots && codes[s] != seen; s++) {
      encoding_label(&fitted.encoding, &fitted.dataset, 0, codes[s], &text);
      text_add(&text, ";");
      if (s > 0) assert_true(codes[s] > codes[s - 1]);
    }
    assert_string_equal(text.text, expected.text);
    for (; s < encoded.slots; s++) assert_int_equal(codes[s], seen);
    text_clear(&expected);
    text_clear(&text);
  }
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void every_row_has_its_combinations_whatever_the_arity(void **state) {
  (void)state;
  check_every_row(cross_of("genres", NULL, NULL));
  check_every_row(cross_of("genres", "occupation", NULL));
  check_every_row(cross_of("gender", "age_group", "genres"));
  check_every_row(cross_of("genres", "gender", "genres"));
  check_every_row(cross_of("user_id", "genres", "item_id"));
  check_every_row((struct cross){
      .arity = 4, .column = {"genres", "item_id", "user_id", "item_id"}}); /* sorted: see below */
}

/* How many combinations a cross may have: up to four times its places and 65,535 more they are
 * found in a table, from there on by sorting. */
static uint64_t possible(const struct dataset *dataset, const struct cross *cross) {
  uint64_t product = 1;
  for (size_t i = 0; i < cross->arity; i++) {
    product *= column_cardinality(dataset_column(dataset, cross->column[i]), dataset);
  }
  return product;
}

/* A user twice tells no rows apart that the user tells once, and keeps their order. */
static void sorted_and_tabled_codes_are_the_same(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = {.crosses = 2};
  spec.cross[0] =
      (struct cross){.arity = 4, .column = {"user_id", "user_id", "occupation", "genres"}};
  spec.cross[1] = cross_of("user_id", "occupation", "genres");
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  const struct code_list *list = fitted.features.code_list;
  const size_t entries = fitted.dataset.ratings * list[0].slots;
  assert_true(possible(&fitted.dataset, &spec.cross[0]) > 4 * entries + UINT16_MAX);
  assert_true(possible(&fitted.dataset, &spec.cross[1]) <= 4 * entries + UINT16_MAX);
  assert_true(list[0].codes > 40 && list[0].codes < 900); /* rows share combinations */
  assert_int_equal(list[0].codes, list[1].codes);
  assert_int_equal(list[0].slots, list[1].slots);
  assert_memory_equal(list[0].rows, list[1].rows, entries * sizeof(uint32_t));
  for (uint32_t c = 1; c < list[0].codes; c++) {
    assert_true(list[0].combination[c] > list[0].combination[c - 1]);
  }
  fitted_clear(&fitted);
}

static void the_places_of_a_row_do_not_depend_on_the_rows(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = one_cross("gender", "genres", NULL);
  small_dataset(&fitted.dataset);
  for (size_t row = 0; row < 5; row++) fitted.dataset.row_item[row] = 2; /* one genre */
  fitted_fit(&fitted, &spec, every_row);
  assert_int_equal(fitted.encoding.slots, 2);
  fitted_clear(&fitted);
}

/* Buckets: fewer than the combinations, but for the last. */
static void a_hashed_cross_stays_within_its_buckets(void **state) {
  (void)state;
  for (uint32_t buckets = 1; buckets <= 64; buckets *= 4) {
    struct fitted fitted;
    struct encoded_rows encoded;
    struct encoding_spec spec = one_cross("user_id", "genres", NULL);
    spec.hash_buckets = buckets;
    middle_dataset(&fitted.dataset);
    fitted_fit(&fitted, &spec, all_but_every_fourth);
    const struct dictionary *dictionary = &fitted.encoding.table[0];
    assert_true(dictionary->hashed);
    assert_int_equal(dictionary->seen, buckets);
    assert_label(&fitted, 0, 0, "bucket 0");
    assert_label(&fitted, 0, buckets, "unseen");
    fitted_others(&fitted, &encoded);
    for (size_t r = 0; r < encoded.rows; r++) {
      size_t row = fitted.split.rows[fitted.split.train + r];
      const uint32_t *codes;
      size_t genres = column_codes(dataset_column(&fitted.dataset, "genres"),
                                   fitted.dataset.row_item[row], &codes);
      for (size_t s = 0; s < encoded.slots; s++) {
        uint32_t code = encoded.codes[r * encoded.slots + s];
        if (s < genres)
          assert_true(code < buckets); /* unseen ones too */
        else
          assert_int_equal(code, buckets);
      }
    }
    encoded_rows_clear(&encoded);
    fitted_clear(&fitted);
  }
}

static void a_cross_that_fits_its_buckets_is_exact(void **state) {
  (void)state;
  static const uint32_t buckets[] = {0, 7, 8, 6};
  for (size_t i = 0; i < 4; i++) {
    struct fitted fitted;
    struct encoding_spec spec = one_cross("gender", "genres", NULL);
    add_field(&spec, "item_id"); /* fields are never hashed */
    spec.hash_buckets = buckets[i];
    small_dataset(&fitted.dataset);
    fitted_fit(&fitted, &spec, every_row);
    assert_false(fitted.encoding.table[0].hashed);
    assert_int_equal(fitted.encoding.table[1].hashed, buckets[i] == 6);
    assert_int_equal(fitted.encoding.table[1].seen, buckets[i] == 6 ? 6 : 7);
    fitted_clear(&fitted);
  }
}

static void only_training_combinations_are_counted_against_the_buckets(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoding_spec spec = one_cross("gender", "genres", NULL);
  spec.hash_buckets = 6; /* of the seven combinations six train */
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, all_but_the_last);
  assert_false(fitted.encoding.table[0].hashed);
  fitted_clear(&fitted);
}

static bool the_first_half(const struct dataset *dataset, size_t row) {
  return row < dataset->ratings / 2;
}

static void a_bucket_does_not_depend_on_what_else_there_is(void **state) {
  (void)state;
  struct fitted one, two;
  struct encoded_rows first, second;
  struct encoding_spec spec = one_cross("user_id", "item_id", NULL);
  spec.hash_buckets = 100;
  middle_dataset(&one.dataset);
  middle_dataset(&two.dataset);
  /* Other pairs in the second half of the one. */
  for (size_t row = 450; row < 900; row++) {
    one.dataset.row_item[row] = (one.dataset.row_item[row] + 1) % 60;
  }
  fitted_fit(&one, &spec, the_first_half);
  fitted_fit(&two, &spec, all_but_the_last);
  uint32_t rows[450];
  for (uint32_t row = 0; row < 450; row++) rows[row] = row;
  assert_true(
      encoding_apply(&one.encoding, &one.dataset, rows, 450, ENCODED_OTHERS, &first, &error));
  assert_true(
      encoding_apply(&two.encoding, &two.dataset, rows, 450, ENCODED_OTHERS, &second, &error));
  assert_memory_equal(first.codes, second.codes, 450 * sizeof(uint32_t));
  encoded_rows_clear(&first);
  encoded_rows_clear(&second);
  fitted_clear(&one);
  fitted_clear(&two);
}

static void buckets_are_the_same_on_every_machine(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = one_cross("user_id", "item_id", NULL);
  spec.hash_buckets = 4;
  small_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &encoded);
  /* splitmix64's first outputs from the states 0, 3, 4, 8 and 2, mod 4. */
  static const uint32_t expected[] = {3, 1, 2, 2, 2};
  assert_memory_equal(encoded.codes, expected, sizeof expected);
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void hashing_spreads_over_all_buckets(void **state) {
  (void)state;
  struct fitted fitted;
  struct encoded_rows encoded;
  struct encoding_spec spec = one_cross("user_id", "item_id", NULL);
  spec.hash_buckets = 32;
  middle_dataset(&fitted.dataset);
  fitted_fit(&fitted, &spec, every_row);
  fitted_training(&fitted, &encoded);
  size_t met[32] = {0};
  for (size_t r = 0; r < encoded.rows; r++) met[encoded.codes[r]]++;
  for (size_t b = 0; b < 32; b++) assert_in_range(met[b], 10, 50); /* 28 on average */
  encoded_rows_clear(&encoded);
  fitted_clear(&fitted);
}

static void assert_refused_with(struct features *features, const struct encoding_spec *spec,
                                const char *const *words) {
  error = (struct error){0};
  assert_false(features_add(features, spec, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  for (; *words != NULL; words++) assert_has(error.message, *words);
}

static void what_cannot_stand_in_a_place_is_refused_with_what_can(void **state) {
  (void)state;
  struct dataset dataset;
  struct features features;
  middle_dataset(&dataset);
  features_init(&features, &dataset);
  struct encoding_spec spec = one_cross("gender", "user_history", NULL);
  assert_refused_with(&features, &spec,
                      (const char *[]){"column 'user_history' is a history, and a category is",
                                       "a cross takes categories and multi_hot columns: user_id, "
                                       "item_id, gender, occupation,",
                                       "zip_area, genre, release_decade, rating_hour", NULL});
  assert_null(strstr(error.message, "user_mean"));
  spec = one_cross("release_year", "gender", NULL);
  assert_refused_with(&features, &spec,
                      (const char *[]){"column 'release_year' is a number", "a cross takes", NULL});
  spec = one_cross("item_mean", NULL, NULL);
  assert_refused_with(&features, &spec,
                      (const char *[]){"column 'item_mean' is a statistic", NULL});
  spec = one_cross("genress", NULL, NULL);
  assert_refused_with(&features, &spec,
                      (const char *[]){"no column 'genress'", "did you mean 'genres'?", NULL});
  spec = (struct encoding_spec){0};
  add_field(&spec, "user_count");
  assert_refused_with(&features, &spec,
                      (const char *[]){"column 'user_count' is a statistic", "an embedding takes",
                                       "user_history, item_history", NULL});
  spec = (struct encoding_spec){0};
  add_number(&spec, "genres", SCALE_STANDARD);
  assert_refused_with(&features, &spec,
                      (const char *[]){"column 'genres' is a multi_hot, and a number is",
                                       "age, release_date, release_year, rating_day, ", NULL});
  assert_int_equal(features.code_lists, 0);
  assert_int_equal(features.number_lists, 0);
  features_clear(&features);
  dataset_clear(&dataset);
}

static void too_many_combinations_in_one_row_are_refused(void **state) {
  (void)state;
  struct dataset dataset;
  struct features features;
  small_dataset(&dataset);
  static const uint32_t six[] = {0, 0, 0, 0, 0, 0}; /* 6^4 combinations fit, 6^5 do not */
  set_codes(&dataset, "genres", 0, six, 6);
  features_init(&features, &dataset);
  struct encoding_spec spec = {.crosses = 1, .cross = {{.arity = 4}}};
  for (size_t i = 0; i < 5; i++) {
    (void)snprintf(spec.cross[0].column[i], COLUMN_NAME, "genres");
  }
  assert_true(features_add(&features, &spec, &error));
  assert_int_equal(features.code_list[0].slots, 6 * 6 * 6 * 6);
  spec.cross[0].arity = 5;
  assert_refused_with(&features, &spec,
                      (const char *[]){"a cross with 'genres' has up to 7776 combinations in one "
                                       "row, and at most 4096 are allowed",
                                       NULL});
  assert_int_equal(features.code_lists, 1);
  features_clear(&features);
  dataset_clear(&dataset);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_row_has_the_product_of_its_codes),
      cmocka_unit_test(what_did_not_train_is_the_shared_row),
      cmocka_unit_test(a_film_without_genres_has_the_shared_row_alone),
      cmocka_unit_test(every_row_has_its_combinations_whatever_the_arity),
      cmocka_unit_test(sorted_and_tabled_codes_are_the_same),
      cmocka_unit_test(the_places_of_a_row_do_not_depend_on_the_rows),
      cmocka_unit_test(a_hashed_cross_stays_within_its_buckets),
      cmocka_unit_test(a_cross_that_fits_its_buckets_is_exact),
      cmocka_unit_test(only_training_combinations_are_counted_against_the_buckets),
      cmocka_unit_test(a_bucket_does_not_depend_on_what_else_there_is),
      cmocka_unit_test(buckets_are_the_same_on_every_machine),
      cmocka_unit_test(hashing_spreads_over_all_buckets),
      cmocka_unit_test(what_cannot_stand_in_a_place_is_refused_with_what_can),
      cmocka_unit_test(too_many_combinations_in_one_row_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
