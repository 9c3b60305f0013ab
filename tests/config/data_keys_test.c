/* The keys of the section data: what each brings into the spec, what is refused and how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/config/config_fixture.h"

#define HEAD "schema: 1\nname: t\n" /* line 3 is next */
#define RATINGS "  ratings: {path: r.csv, user: u, item: i, rating: r}\n"
#define CSV HEAD "data:\n  source: csv\n" RATINGS /* line 6 is next */

static struct source_spec source;
static struct data_spec data;

static bool try_data(const char *text, struct error *error) {
  write_config(text, strlen(text));
  *error = (struct error){0};
  return config_read_data("t.yaml", NULL, 0, &data, &source, error);
}

static void read_data(const char *text) {
  struct error error;
  if (!try_data(text, &error)) fail_msg("%s", error.message);
  assert_ptr_equal(data.tables, &source);
}

static void assert_data_refused(const char *text, const char *part) {
  struct error error;
  assert_false(try_data(text, &error));
  assert_int_equal(error.kind, ERROR_CONFIG);
  if (strstr(error.message, part) == NULL) fail_msg("'%s' is not in: %s", part, error.message);
}

/* --- what is read --- */

static void tables_of_files_are_read(void **state) {
  (void)state;
  read_data(
      HEAD
      "data:\n  source: csv\n  path: shop\n"
      "  ratings: {path: r.csv, delimiter: '::', header: [u, i, r, t], user: u, item: i,\n"
      "            rating: r, time: t}\n"
      "  users: {path: sub/u.csv, delimiter: \"\\t\", key: who}\n"
      "  items: {path: /abs/i.csv, delimiter: ';', header: [what], key: what, title: what}\n");
  const struct source_table *table = source.table;
  assert_int_equal(data.source, SOURCE_CSV);
  assert_string_equal(data.path, "shop");
  for (size_t t = 0; t < TABLES; t++) assert_true(table[t].given);
  assert_string_equal(table[TABLE_RATINGS].path, "r.csv"); /* relative to data.path */
  assert_string_equal(table[TABLE_RATINGS].delimiter, "::");
  assert_int_equal(table[TABLE_RATINGS].header, 4);
  assert_string_equal(table[TABLE_RATINGS].header_name[3], "t");
  assert_string_equal(table[TABLE_RATINGS].user, "u");
  assert_string_equal(table[TABLE_RATINGS].item, "i");
  assert_string_equal(table[TABLE_RATINGS].rating, "r");
  assert_string_equal(table[TABLE_RATINGS].time, "t");
  assert_string_equal(table[TABLE_USERS].path, "sub/u.csv");
  assert_string_equal(table[TABLE_USERS].delimiter, "\t");
  assert_int_equal(table[TABLE_USERS].header, 0);
  assert_string_equal(table[TABLE_USERS].key, "who");
  assert_string_equal(table[TABLE_ITEMS].path, "/abs/i.csv");
  assert_string_equal(table[TABLE_ITEMS].delimiter, ";");
  assert_int_equal(table[TABLE_ITEMS].header, 1);
  assert_string_equal(table[TABLE_ITEMS].key, "what");
  assert_string_equal(table[TABLE_ITEMS].name, "what");
}

static void what_is_left_out_of_a_source_is_nothing(void **state) {
  (void)state;
  read_data(CSV);
  assert_string_equal(data.path, "."); /* the folder of the file */
  assert_false(source.table[TABLE_USERS].given);
  assert_false(source.table[TABLE_ITEMS].given);
  assert_string_equal(source.table[TABLE_RATINGS].time, "");
  assert_string_equal(source.table[TABLE_RATINGS].delimiter, "");
  assert_int_equal(source.table[TABLE_RATINGS].header, 0);
  assert_int_equal(source.columns, 0);
  assert_int_equal(source.derived, 0);
  assert_false(source.has_scale);
  assert_int_equal(source.duplicates, DUPLICATES_ERROR);
  assert_int_equal(data.split.method, SPLIT_RANDOM);
  assert_false(data.split.has_seed);
}

static void queries_of_a_database_are_read(void **state) {
  (void)state;
  read_data(HEAD
            "data:\n  source: sqlite\n  path: shop.db\n"
            "  ratings: {query: 'SELECT * FROM r', user: u, item: i, rating: r}\n"
            "  users: {query: \"SELECT \\\"id\\\" FROM u\", key: id}\n"
            "  items: {path: i.csv, key: i}\n"); /* a path is no query: no table */
  assert_int_equal(data.source, SOURCE_SQLITE);
  assert_string_equal(data.path, "shop.db");
  assert_string_equal(source.table[TABLE_RATINGS].query, "SELECT * FROM r");
  assert_string_equal(source.table[TABLE_USERS].query, "SELECT \"id\" FROM u");
  assert_true(source.table[TABLE_USERS].given);
  assert_false(source.table[TABLE_ITEMS].given);
}

static void atomic_files_need_no_more_than_a_folder(void **state) {
  (void)state;
  read_data(HEAD "data: {source: atomic, path: shop}\n");
  assert_int_equal(data.source, SOURCE_ATOMIC);
  assert_string_equal(data.path, "shop");
  assert_string_equal(source.table[TABLE_RATINGS].user, "");
  read_data(HEAD "data: {source: atomic, path: shop, ratings: {rating: stars}, scale: [1, 5]}\n");
  assert_string_equal(source.table[TABLE_RATINGS].rating, "stars");
  assert_true(source.has_scale);
}

static void kinds_of_columns_are_read(void **state) {
  (void)state;
  read_data(CSV
            "  columns:\n    a: category\n    b: number\n    c: multi_hot\n    d: time\n"
            "    e: ignore\n    f: {kind: multi_hot, separator: ', '}\n"
            "    g: {kind: number, absent: 'n/a', missing: mean}\n    h: {side: item}\n"
            "    i: {side: user}\n");
  static const enum cell_kind kinds[] = {CELL_CATEGORY, CELL_NUMBER,   CELL_MULTI_HOT,
                                         CELL_TIME,     CELL_IGNORED,  CELL_MULTI_HOT,
                                         CELL_NUMBER,   CELL_INFERRED, CELL_INFERRED};
  assert_int_equal(source.columns, 9);
  for (size_t i = 0; i < 9; i++) {
    const struct source_column *column = &source.column[i];
    const char name[] = {(char)('a' + i), '\0'};
    assert_string_equal(column->name, name);
    assert_int_equal(column->spec.kind, kinds[i]);
    assert_string_equal(column->spec.separator, i == 5 ? ", " : "");
    assert_string_equal(column->spec.absent, i == 6 ? "n/a" : "");
    assert_int_equal(column->of_item, i == 7);
  }
}

static void derived_columns_are_read(void **state) {
  (void)state;
  read_data(CSV
            "  derived:\n    - {name: a, from: age, bins: [-1.5, 0, 1e3]}\n"
            "    - {name: b, from: zip, prefix: 2}\n    - {name: c, from: tags, first: true}\n"
            "    - {name: d, from: when, year: true}\n    - {name: e, from: d, decade: true}\n");
  static const enum derivation_kind kinds[] = {DERIVE_BINS, DERIVE_PREFIX, DERIVE_FIRST,
                                               DERIVE_YEAR, DERIVE_DECADE};
  assert_int_equal(source.derived, 5);
  for (size_t i = 0; i < 5; i++) assert_int_equal(source.derivation[i].kind, kinds[i]);
  const struct derivation *bins = &source.derivation[0];
  assert_string_equal(bins->name, "a");
  assert_string_equal(bins->from, "age");
  assert_int_equal(bins->bins, 3);
  assert_true(bins->bin[0] == -1.5 && bins->bin[1] == 0 && bins->bin[2] == 1000);
  assert_int_equal(source.derivation[1].prefix, 2);
  assert_string_equal(source.derivation[4].from, "d"); /* of an earlier one */
}

static void scale_and_duplicates_are_read(void **state) {
  (void)state;
  read_data(CSV "  scale: [-1, 2.5]\n  duplicates: last\n");
  assert_true(source.has_scale && source.scale_low == -1 && source.scale_high == 2.5);
  assert_int_equal(source.duplicates, DUPLICATES_LAST);
  read_data(CSV "  duplicates: mean\n");
  assert_int_equal(source.duplicates, DUPLICATES_MEAN);
  read_data(CSV "  duplicates: error\n");
  assert_int_equal(source.duplicates, DUPLICATES_ERROR);
}

static void every_way_to_split_is_read(void **state) {
  (void)state;
  const struct split_spec *split = &data.split;
  read_data(CSV "  split: {method: kfold, k: 3, validation: 0.1, seed: 9}\n");
  assert_int_equal(split->method, SPLIT_KFOLD);
  assert_int_equal(split->folds, 3);
  assert_string_equal(split->fold[2], "3");
  assert_true(split->validation == 0.1 && split->has_seed && split->seed == 9);
  read_data(CSV "  split: {method: kfold}\n");
  assert_int_equal(split->folds, 5);
  read_data(CSV "  split: {method: time, test: 0.3, validation: 0.2, seed: null}\n");
  assert_int_equal(split->method, SPLIT_TIME);
  assert_true(split->test == 0.3 && split->validation == 0.2 && !split->has_seed);
  read_data(CSV "  split: {method: folds, column: part}\n");
  assert_int_equal(split->method, SPLIT_GIVEN_FOLDS);
  assert_string_equal(split->column, "part");
  assert_int_equal(split->folds, 0); /* all of the column's, once it is read */
  read_data(CSV "  split: {method: folds, column: part, folds: [a, 'b c']}\n");
  assert_int_equal(split->folds, 2);
  assert_string_equal(split->fold[1], "b c");
}

/* Keys of another source may stand, so that one setting changes the source. */
static void a_setting_changes_the_source(void **state) {
  (void)state;
  const char *const settings[] = {"data.source=sqlite", "data.path=x.db",
                                  "data.ratings.query=SELECT 1", "data.columns={a: number}"};
  struct error error = {0};
  write_config(CSV, strlen(CSV));
  if (!config_read_data("t.yaml", settings, 4, &data, &source, &error)) {
    fail_msg("%s", error.message);
  }
  assert_int_equal(data.source, SOURCE_SQLITE);
  assert_string_equal(source.table[TABLE_RATINGS].query, "SELECT 1");
  assert_string_equal(source.table[TABLE_RATINGS].user, "u");
  assert_int_equal(source.columns, 1);
}

/* --- what is refused --- */

static void a_source_says_what_it_needs(void **state) {
  (void)state;
  static const struct {
    const char *text, *message;
  } cases[] = {
      {"data: {source: csv}\n", "t.yaml:3:16: source: csv needs data.ratings.path"},
      {"data: {source: csv, ratings: {path: r.csv}}\n", "source: csv needs data.ratings.user"},
      {"data: {source: csv, ratings: {path: r.csv, user: u}}\n",
       "source: csv needs data.ratings.item"},
      {"data: {source: csv, ratings: {path: r.csv, user: u, item: i}}\n",
       "source: csv needs data.ratings.rating"},
      {"data: {source: csv, ratings: {path: r, user: u, item: i, rating: r}, users: {path: u}}\n",
       "source: csv needs data.users.key"},
      {"data: {source: csv, ratings: {path: r, user: u, item: i, rating: r}, items: {path: u}}\n",
       "source: csv needs data.items.key"},
      {"data: {source: csv, ratings: {path: r, user: u, item: i, rating: r}, users: {key: u}}\n",
       "source: csv needs data.users.path"},
      {"data: {source: sqlite, path: x, ratings: {query: r, user: u, item: i, rating: r}, "
       "items: {key: u}}\n",
       "source: sqlite needs data.items.query"},
      {"data: {source: csv, ratings: {query: r, user: u, item: i, rating: r}}\n",
       "source: csv needs data.ratings.path"},
      {"data: {source: sqlite, path: x, ratings: {path: r, user: u, item: i, rating: r}}\n",
       "source: sqlite needs data.ratings.query"},
      {"data: {source: sqlite, ratings: {query: r, user: u, item: i, rating: r}}\n",
       "source: sqlite needs data.path"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct text text = {0};
    text_add(&text, HEAD "%s", cases[i].text);
    assert_data_refused(text.text, cases[i].message);
    assert_data_refused(text.text, "\n'crosslane init --data PATH' writes an experiment file");
    text_clear(&text);
  }
}

static void assert_key_refused(const char *line, const char *message) {
  struct text text = {0};
  text_add(&text, CSV "  %s\n", line);
  assert_data_refused(text.text, message);
  text_clear(&text);
}

static void wrong_values_of_tables_have_their_place(void **state) {
  (void)state;
  static const struct {
    const char *line, *message;
  } cases[] = {
      {"users: {path: [a]}", "t.yaml:6:17: expected a path, at most 1023 bytes long, found a list"},
      /* The place of nothing differs between versions of libfyaml. */
      {"users: {key: }", "expected a text of at most 47 bytes, found nothing"},
      {"users: {key: c23456789012345678901234567890123456789012345678}",
       "t.yaml:6:16: expected a text of at most 47 bytes, found 'c2345"},
      {"users: {key: {a: b}}", "t.yaml:6:16: expected a text of at most 47 bytes, found a mapping"},
      {"users: {name: a}", "t.yaml:6:11: unknown key 'name' in data.users"},
      {"items: {name: a}", "t.yaml:6:11: unknown key 'name' in data.items"},
      {"items: {title: ''}", "data.items.title: column with what people call the item"},
      {"users: {header: a}", "t.yaml:6:19: expected a list of names, found 'a'"},
      {"users: {header: []}", "t.yaml:6:19: expected 1 to 64 names"},
      {"users: {header: [a, '']}", "t.yaml:6:23: the name of a column has 1 to 47 bytes"},
      {"users: {header: [[a]]}", "t.yaml:6:20: expected the name of a column, found a list"},
      {"users: {delimiter: '::|'}", "t.yaml:6:22: columns are separated by one character, as in"},
      {"users: {delimiter: ';;'}", "t.yaml:6:22: columns are separated by one character"},
      {"users: {delimiter: '\"'}", "t.yaml:6:22: columns are separated by one character"},
      {"items: {delimiter: \"\\n\"}", "t.yaml:6:22: columns are separated by one character"},
      {"items: {delimiter: tabulator}", "t.yaml:6:22: expected a text of at most 3 bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_key_refused(cases[i].line, cases[i].message);
  }
}

static void wrong_kinds_have_their_place(void **state) {
  (void)state;
  static const struct {
    const char *line, *message;
  } cases[] = {
      {"columns: [a]", "t.yaml:6:12: expected a mapping of names to kinds, found a list"},
      {"columns: {a: numbers}",
       "t.yaml:6:16: expected category, number, multi_hot, time or "
       "ignore, found 'numbers'"},
      {"columns: {a: [number]}", "t.yaml:6:16: expected a kind, or {kind: ...}, found a list"},
      {"columns: {a: {kin: number}}", "t.yaml:6:17: unknown key 'kin' in a column"},
      {"columns: {a: {kin: number}}",
       "did you mean 'kind'? Keys here: kind, separator, absent, missing, side"},
      {"columns: {a: {kind: float}}", "t.yaml:6:23: expected category, number, multi_hot, time"},
      {"columns: {a: {missing: zero}}",
       "t.yaml:6:26: expected mean, which is what a missing "
       "number counts as, found 'zero'"},
      {"columns: {a: {side: film}}", "t.yaml:6:23: expected user or item, found 'film'"},
      {"columns: {a: {separator: ''}}", "t.yaml:6:28: a separator has 1 to 7 bytes"},
      {"columns: {a: {separator: 12345678}}", "t.yaml:6:28: a separator has 1 to 7 bytes"},
      {"columns: {a: {absent: ''}}", "t.yaml:6:25: what stands for no value has 1 to 31 bytes"},
      {"columns: {a: number, a: time}", "t.yaml:6:24: "}, /* twice */
      {"columns: {'': number}", "t.yaml:6:13: the name of a column has 1 to 47 bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_key_refused(cases[i].line, cases[i].message);
  }
}

static void wrong_derivations_have_their_place(void **state) {
  (void)state;
  static const struct {
    const char *line, *message;
  } cases[] = {
      {"derived: {a: b}", "t.yaml:6:12: expected a list of columns, found a mapping"},
      {"derived: [a]", "t.yaml:6:13: expected {name: ..., from: ...}, found 'a'"},
      {"derived: [{name: a, from: b}]",
       "t.yaml:6:13: a derived column has name, from, and one of bins, prefix, first, year, "
       "decade"},
      {"derived: [{name: a, prefix: 1}]", "t.yaml:6:13: a derived column has name, from, and one"},
      {"derived: [{name: a, from: b, first: true, year: true}]",
       "t.yaml:6:13: a derived column has name, from, and one of"},
      {"derived: [{name: a, from: b, years: true}]", "t.yaml:6:32: unknown key 'years'"},
      {"derived: [{name: a, from: b, years: true}]", "did you mean 'year'?"},
      {"derived: [{name: a, from: b, bins: 3}]",
       "t.yaml:6:38: expected a list of 1 to 64 numbers, found '3'"},
      {"derived: [{name: a, from: b, bins: []}]", "t.yaml:6:38: expected a list of 1 to 64"},
      {"derived: [{name: a, from: b, bins: [1, x]}]", "t.yaml:6:42: expected a number, found 'x'"},
      {"derived: [{name: a, from: b, bins: [2, 2]}]", "t.yaml:6:42: the bounds must ascend"},
      {"derived: [{name: a, from: b, prefix: 0}]",
       "t.yaml:6:40: expected a whole number from 1 to 100, found '0'"},
      {"derived: [{name: a, from: b, first: false}]", "t.yaml:6:39: expected true, found 'false'"},
      {"derived: [{name: '', from: b, first: true}]",
       "t.yaml:6:20: the name of a column has 1 to 47 bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_key_refused(cases[i].line, cases[i].message);
  }
}

static void wrong_scales_policies_and_splits_have_their_place(void **state) {
  (void)state;
  static const struct {
    const char *line, *message;
  } cases[] = {
      {"scale: [5, 1]",
       "t.yaml:6:10: expected two numbers, the second the greater, as [0.5, 5], found a list"},
      {"scale: [1, 1]", "t.yaml:6:10: expected two numbers, the second the greater"},
      {"scale: [1]", "t.yaml:6:10: expected two numbers"},
      {"scale: 5",
       "t.yaml:6:10: expected two numbers, the second the greater, as [0.5, 5], "
       "found '5'"},
      {"scale: ['1', 5]", "t.yaml:6:10: expected two numbers"},
      {"scale: [nan, 5]", "t.yaml:6:10: expected two numbers"},
      {"duplicates: first", "t.yaml:6:15: expected one of error, last, mean, found 'first'"},
      {"split: {method: times}", "expected one of random, folds, kfold, time, found 'times'\n"},
      {"split: {method: times}", "did you mean 'time'?"},
      {"split: {method: kfold, k: 1}", "t.yaml:6:29: expected a whole number from 2 to 64"},
      {"split: {method: kfold, test: 0.2}",
       "t.yaml:6:32: data.split.test cannot be used with method: kfold"},
      {"split: {k: 3}", "t.yaml:6:14: data.split.k cannot be used with method: random"},
      {"split: {method: time, column: a}",
       "t.yaml:6:33: data.split.column cannot be used with method: time"},
      {"split: {seed: -1}", "t.yaml:6:17: expected a whole number from 0 to 9223372036854775807"},
      {"split: {method: folds}", "t.yaml:6:19: method: folds needs data.split.folds"},
      {"split: {method: folds, column: a, folds: ['']}", "the name of a fold has 1 to 31 bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_key_refused(cases[i].line, cases[i].message);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables_of_files_are_read),
      cmocka_unit_test(what_is_left_out_of_a_source_is_nothing),
      cmocka_unit_test(queries_of_a_database_are_read),
      cmocka_unit_test(atomic_files_need_no_more_than_a_folder),
      cmocka_unit_test(kinds_of_columns_are_read),
      cmocka_unit_test(derived_columns_are_read),
      cmocka_unit_test(scale_and_duplicates_are_read),
      cmocka_unit_test(every_way_to_split_is_read),
      cmocka_unit_test(a_setting_changes_the_source),
      cmocka_unit_test(a_source_says_what_it_needs),
      cmocka_unit_test(wrong_values_of_tables_have_their_place),
      cmocka_unit_test(wrong_kinds_have_their_place),
      cmocka_unit_test(wrong_derivations_have_their_place),
      cmocka_unit_test(wrong_scales_policies_and_splits_have_their_place),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
