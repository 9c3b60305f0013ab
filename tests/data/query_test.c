/* Values as a user gives them, read with what a file keeps of a model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/encoding/query.h"
#include "data/encoding/stored_encoding.h"
#include "data/readers/movielens_schema.h"

/* Two fields, a cross in whose training rows F with Drama was missing, and the
 * year, whose mean is 1988, with its indicator. */
static const char stored_text[] =
    "{\"columns\": {\"gender\": [\"F\", \"M\"], \"genre\": [\"Action\", \"Drama\", \"War\"],"
    " \"genres\": [\"Action\", \"Drama\", \"War\"]},"
    " \"tables\": [{\"columns\": [\"gender\"], \"rows\": [0, 1]},"
    " {\"columns\": [\"genres\"], \"rows\": [0, 2]},"
    " {\"columns\": [\"gender\", \"genre\"], \"rows\": [0, 0, 0, 2, 1, 0, 1, 1]}],"
    " \"numbers\": [{\"column\": \"release_year\", \"scale\": \"minmax\", \"minimum\": 1980,"
    " \"maximum\": 2000, \"mean\": 1988, \"deviation\": 4, \"fallback\": 1988,"
    " \"indicator\": true},"
    " {\"column\": \"age\", \"scale\": \"standard\", \"minimum\": 20, \"maximum\": 60,"
    " \"mean\": 30, \"deviation\": 8, \"fallback\": 30, \"indicator\": false}]}";

static const struct encoding_spec spec = {
    .fields = 2,
    .field = {{"gender"}, {"genres"}},
    .crosses = 1,
    .cross = {{.arity = 2, .column = {"gender", "genre"}}},
    .numbers = 2,
    .number = {{"release_year", SCALE_MINMAX}, {"age", SCALE_STANDARD}}};

struct asked {
  struct schema schema;
  struct stored_encoding stored;
  struct query query;
};

static void ask(struct asked *asked) {
  struct error error = {0};
  json_t *json = json_loads(stored_text, 0, NULL);
  assert_non_null(json);
  if (!movielens_schema(&asked->schema, &error) ||
      !stored_encoding_from_json(&asked->stored, json, &asked->schema, &spec, "t", &error) ||
      !query_init(&asked->query, &asked->stored, 2, &error)) {
    fail_msg("%s", error.message);
  }
  json_decref(json);
}

static void asked_clear(struct asked *asked) {
  query_clear(&asked->query);
  stored_encoding_clear(&asked->stored);
  schema_clear(&asked->schema);
}

static enum query_answer set(struct asked *asked, size_t row, const char *column,
                             const char *value) {
  const size_t input = query_find(&asked->query, column);
  assert_true(input < asked->query.inputs);
  return query_set(&asked->query, input, row, value, strlen(value));
}

/* A row of all values; the answers are in the order gender, genre, genres, year, age. */
static void set_row(struct asked *asked, size_t row, const char *const value[5],
                    const enum query_answer answer[5]) {
  static const char *const columns[] = {"gender", "genre", "genres", "release_year", "age"};
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(set(asked, row, columns[i], value[i]), answer[i]);
  }
}

static void values_become_the_rows_of_training(void **state) {
  (void)state;
  static struct asked asked;
  ask(&asked);
  const char *const first[] = {"M", "Drama", "War|Action", "1985", "22"};
  const char *const second[] = {"F", "Drama", "Drama", "", "70"};
  set_row(
      &asked, 0, first,
      (const enum query_answer[]){QUERY_KNOWN, QUERY_KNOWN, QUERY_KNOWN, QUERY_KNOWN, QUERY_KNOWN});
  /* Drama is a word of genres, but no training film had it. */
  set_row(&asked, 1, second,
          (const enum query_answer[]){QUERY_KNOWN, QUERY_KNOWN, QUERY_UNSEEN, QUERY_KNOWN,
                                      QUERY_BEYOND});
  query_encode(&asked.query, 2);
  const struct encoded_rows *rows = &asked.query.rows;
  /* Gender's row, then the cross: F x Action, F x War, M x Action, M x Drama; 4: unseen. */
  const uint32_t codes[] = {1, 3, 0, 4};
  assert_int_equal(rows->slots, 2);
  assert_memory_equal(rows->codes, codes, sizeof codes);
  assert_int_equal(asked.query.unknown_crosses[2], 1);
  /* genres: rows 0 (Action) and 1 (War) of the first, none of the second. */
  const struct bag_lists *lists = rows->bag[0].lists;
  assert_int_equal(lists->offset[1], 2);
  assert_int_equal(lists->offset[2], 2);
  assert_true(lists->entry[0] == 0 && lists->entry[1] == 1);
  /* 5 years of 20, known; the mean is 8 of 20, missing. Ages of mean 30, deviation 8. */
  const float values[] = {0.25f, 0, -1, 0.4f, 1, 5};
  assert_int_equal(rows->numbers, 3);
  assert_memory_equal(rows->values, values, sizeof values);
  asked_clear(&asked);
}

static void what_is_beyond_or_no_number_is_said(void **state) {
  (void)state;
  static struct asked asked;
  ask(&asked);
  assert_int_equal(set(&asked, 0, "age", "20"), QUERY_KNOWN);
  assert_int_equal(set(&asked, 0, "age", "60"), QUERY_KNOWN);
  assert_int_equal(set(&asked, 0, "age", "19.9"), QUERY_BEYOND);
  assert_int_equal(set(&asked, 0, "age", "60.1"), QUERY_BEYOND);
  assert_int_equal(set(&asked, 0, "age", ""), QUERY_NO_NUMBER); /* an age cannot be missing */
  assert_int_equal(set(&asked, 0, "age", "old"), QUERY_NO_NUMBER);
  assert_int_equal(set(&asked, 0, "gender", "X"), QUERY_UNSEEN);
  assert_int_equal(set(&asked, 0, "genre", "Dram"), QUERY_UNSEEN);
  assert_int_equal(set(&asked, 0, "genres", "Action|Drama"), QUERY_UNSEEN);
  asked_clear(&asked);
}

/* So many that searches pass by other words. */
static void a_word_is_found_as_a_whole(void **state) {
  (void)state;
  enum { WORDS = 3000 };
  struct error error = {0};
  struct vocabulary vocabulary;
  json_t *words = json_array();
  char word[16];
  for (unsigned i = 0; i < WORDS; i++) {
    (void)snprintf(word, sizeof word, "word%04ux", i);
    assert_int_equal(json_array_append_new(words, json_string(word)), 0);
  }
  const struct column column = {.name = "occupation", .kind = COLUMN_CATEGORY};
  if (!vocabulary_read(&vocabulary, &column, words, "t", &error)) {
    fail_msg("%s", error.message);
  }
  for (unsigned i = 0; i < WORDS; i++) {
    (void)snprintf(word, sizeof word, "word%04ux", i);
    assert_int_equal(vocabulary_find(&vocabulary, word, 9), i);
    for (size_t length = 0; length < 9; length++) {
      assert_int_equal(vocabulary_find(&vocabulary, word, length), VOCABULARY_NONE);
    }
  }
  json_decref(words);
  vocabulary_clear(&vocabulary);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_become_the_rows_of_training),
      cmocka_unit_test(what_is_beyond_or_no_number_is_said),
      cmocka_unit_test(a_word_is_found_as_a_whole),
  };
  return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
