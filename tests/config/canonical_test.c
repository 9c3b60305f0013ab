/* The canonical form, the keys made of it, and the help. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config_help.h"
#include "config/config_keys.h"
#include "data/readers/movielens_schema.h"
#include "tests/config/config_fixture.h"

#define BODY                                                                        \
  "model: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, occupation], " \
  "hidden: [8, 4], dropout: 0.3}}\n"
#define CONFIG "schema: 1\nname: t\n" BODY
#define WITH_HEAD(head) \
  "schema: 1\nname: t\nmodel: {wide: {crosses: [[gender, genre]]}, head: " head "}\n"

static char *canonical(const struct trial_config *config) {
  json_t *json = config_json(config);
  assert_non_null(json);
  char *text = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  assert_non_null(text);
  return text;
}

static void the_canonical_form_has_every_value_and_sorted_keys(void **state) {
  (void)state;
  struct config config;
  get_config(CONFIG "data: {path: ml}\n", NULL, &config);
  char *text = canonical(&config.base);
  assert_string_equal(
      text,
      "{\"data\":{\"fit\":\"train\",\"path\":\"ml\",\"source\":\"movielens\",\"split\":{"
      "\"method\":\"random\",\"seed\":null,\"test\":0.20000000000000001,\"validation\":0.0}},"
      "\"model\":{\"clip\":false,\"deep\":{\"activation\":\"relu\",\"columns\":[\"age\","
      "\"occupation\"],"
      "\"dropout\":[0.29999999999999999,0.29999999999999999],\"embedding_dim\":8,"
      "\"hidden\":[8,4]},\"head\":\"linear\",\"interaction\":\"none\",\"wide\":{\"crosses\":[["
      "\"gender\",\"genre\"]],"
      "\"hash_buckets\":0}},"
      "\"train\":{\"averaging\":null,\"batch_size\":32,\"early_stopping\":null,"
      "\"ensemble\":{\"members\":1},\"epochs\":50,"
      "\"l2\":{\"deep\":0.0,\"embeddings\":0.0,\"wide\":0.0},"
      "\"optimizer\":{\"embedding_updates\":\"dense\","
      "\"learning_rate\":0.001,\"name\":\"adam\"},\"refit\":false,"
      "\"schedule\":{\"name\":\"constant\"},\"wide_optimizer\":null}}");
  free(text);
  config_clear(&config);
}

/* JSON is YAML, so the canonical form can be read as a config again. */
static void assert_round_trip(const char *text) {
  struct config config, again;
  get_config(text, NULL, &config);
  char *first = canonical(&config.base);
  json_t *whole = json_loads(first, 0, NULL);
  json_object_set_new(whole, "schema", json_integer(1));
  json_object_set_new(whole, "name", json_string("t"));
  char *as_config = json_dumps(whole, JSON_INDENT(2));
  get_config(as_config, NULL, &again);
  char *second = canonical(&again.base);
  assert_string_equal(first, second);
  free(first);
  free(second);
  free(as_config);
  json_decref(whole);
  config_clear(&config);
  config_clear(&again);
}

static void the_canonical_form_reads_back_to_itself(void **state) {
  (void)state;
  assert_round_trip(CONFIG);
  assert_round_trip(CONFIG "data: {source: synthetic, fit: all, synthetic: {seed: 5}}\n");
  assert_round_trip(CONFIG
                    "data: {path: /ml, split: {method: folds, folds: [u1, ua], validation: 0.1}}\n"
                    "train: {optimizer: {learning_rate: 0.1234567890123456789}}\n");
  assert_round_trip(CONFIG "train: {optimizer: {name: adamw, weight_decay: 0.1}}\n");
  assert_round_trip(CONFIG "train: {optimizer: {name: sgd, momentum: 0.9}, l2: {deep: 0.1}}\n");
  assert_round_trip("schema: 1\nname: t\nmodel: {wide: {crosses: [[genre]]}}\n");
  assert_round_trip(CONFIG
                    "data: {split: {validation: 0.1}}\n"
                    "train: {wide_optimizer: {l1: 0.5}, schedule: {name: step, factor: 0.3},\n"
                    "        early_stopping: {patience: 3, min_delta: 1e-3}, refit: true}\n");
  assert_round_trip(CONFIG "train: {wide_optimizer: {name: sgd}, schedule: {name: cosine}}\n");
  assert_round_trip(CONFIG "train: {averaging: {ema: 0.99}, ensemble: {members: 5}}\n");
  assert_round_trip(CONFIG "train: {schedule: {name: inverse_time, decay: 0.2}}\n");
  assert_round_trip(WITH_HEAD("ordinal"));
  assert_round_trip(WITH_HEAD("{name: ordinal, slope: 0.75}"));
  assert_round_trip(
      "schema: 1\nname: t\nmodel: {clip: true, wide: {crosses: [[genres]], hash_buckets: 9}, "
      "deep: {columns: [genres, {name: user_history, pooling: sum}, {name: age, scale: "
      "standard}]}}\n");
  assert_round_trip(
      "schema: 1\nname: t\nmodel: {deep: {columns: [{name: genre, dim: 3}], hidden: []}}\n");
  assert_round_trip(
      CONFIG
      "data:\n  source: csv\n  path: /shop\n"
      "  ratings: {path: r.csv, delimiter: \"\\t\", header: [a, b, c], user: a, "
      "item: b, rating: c, time: t}\n"
      "  users: {path: u, key: a}\n  items: {path: i, key: b, title: n}\n"
      "  columns: {x: number, y: {kind: multi_hot, separator: \"; \", absent: '-', "
      "side: item}, z: {side: item}}\n"
      "  derived: [{name: d, from: x, bins: [1, 2.5]}, {name: e, from: z, prefix: 2}, "
      "{name: f, from: y, first: true}]\n"
      "  scale: [0.5, 5]\n  duplicates: mean\n  split: {method: kfold, k: 3}\n");
  assert_round_trip(
      CONFIG
      "data: {source: sqlite, path: x.db, ratings: {query: \"SELECT \\\"u\\\" FROM r\", "
      "user: u, item: i, rating: r}, split: {method: time}}\n");
  assert_round_trip(CONFIG "data: {source: atomic, path: x, split: {seed: 4}}\n");
}

static void first_key(const char *text, char key[DIGEST_TEXT]) {
  struct config config;
  struct trial_list list;
  get_trials(text, NULL, &config, &list);
  memcpy(key, list.trial[0].key, DIGEST_TEXT);
  trial_list_clear(&list);
  config_clear(&config);
}

/* -0 is 0, and a number is its value, however it is written. */
static void a_number_has_one_canonical_form(void **state) {
  (void)state;
  static const char *const same[][2] = {
      {CONFIG "train: {l2: {deep: 0}}\n", CONFIG "train: {l2: {deep: -0.0}}\n"},
      {CONFIG "data: {split: {validation: 0.0}}\n", CONFIG "data: {split: {validation: -0}}\n"},
      {CONFIG "train: {l2: {wide: 0.25}}\n", CONFIG "train: {l2: {wide: 25e-2}}\n"}};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    char key[DIGEST_TEXT], other[DIGEST_TEXT];
    struct config config;
    first_key(same[i][0], key);
    first_key(same[i][1], other);
    assert_string_equal(key, other);
    get_config(same[i][1], NULL, &config);
    char *text = canonical(&config.base);
    assert_null(strstr(text, "-0"));
    free(text);
    config_clear(&config);
  }
}

/* XXH3 of the fold's name with the seed, as another library computes it. */
static void each_fold_has_a_stream_of_its_own(void **state) {
  (void)state;
  assert_true(trial_stream_seed(1, "") == 1);
  assert_true(trial_stream_seed(UINT64_MAX, "") == UINT64_MAX);
  assert_true(trial_stream_seed(1, "u1") == 0xc5e3fa53013f6a95);
  assert_true(trial_stream_seed(1, "u2") == 0xac501c730636a6fa);
  assert_true(trial_stream_seed(2, "u1") == 0x3d8eed044e018243);
  assert_true(trial_stream_seed(0x8000000000000005, "ua") == 0x7f7cf11e24f093ff);
}

static void keys_do_not_change(void **state) {
  (void)state;
  /* Of records on disk. When they change on purpose, raise NUMERICS_VERSION
   * or say in the change log that old runs are trained anew. */
  const struct {
    const char *text, *key;
  } cases[] = {
      {CONFIG, "b0fcc5a6bf2b50a0"},
      {CONFIG "data: {source: synthetic}\n", "3c5abbae2d53aa7e"},
      {CONFIG "data: {split: {method: folds, folds: [u3]}}\nseeds: [12]\n", "1df8224c04429175"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char key[DIGEST_TEXT];
    first_key(cases[i].text, key);
    assert_string_equal(key, cases[i].key);
  }
}

static void keys_do_not_depend_on_what_has_no_influence(void **state) {
  (void)state;
  char base[DIGEST_TEXT], key[DIGEST_TEXT];
  first_key(CONFIG, base);
  static const char *const same[] = {
      "schema: 1\nname: other\ndescription: x\n" BODY,
      CONFIG "data: {path: /somewhere}\n",
      CONFIG "data: {synthetic: {users: 5}}\n",
      CONFIG "train: {schedule: {name: constant, decay: 3}, early_stopping: null}\n",
      CONFIG "train: {wide_optimizer: null, optimizer: {momentum: 0.5}}\n",
      CONFIG "train: {averaging: null, refit: false, ensemble: {members: 1}}\n",
      CONFIG "sweep: {parameters: {model.clip: {value: false}}, early_terminate: null}\n",
      CONFIG "seeds: [1, 2, 3]\nbaseline: t\n",
      CONFIG "sweep: {method: list, trials: [{label: x}]}\n",
      CONFIG "sweep: {parameters: {model.deep.dropout: {values: [[0.3, 0.3], 0.1]}}}\n",
      "schema: 1\nname: t\nmodel: {wide: {crosses: [[gender, genre]]}, deep: {columns: [age, "
      "{name: "
      "occupation, dim: 8}], embedding_dim: 3, hidden: [8, 4], dropout: 0.3}}\n",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    first_key(same[i], key);
    assert_string_equal(key, base);
  }
  first_key(CONFIG "data: {split: {method: folds, folds: [u3]}}\n", base);
  first_key(CONFIG "data: {split: {method: folds, folds: [u3, u4]}}\n", key);
  assert_string_equal(key, base);
}

/* What is said of parts that a model does not have. */
static void absent_parts_have_no_influence(void **state) {
  (void)state;
#define WIDE "schema: 1\nname: t\nmodel: {wide: {crosses: [[gender, genre]]}}\n"
#define NUMBERS "schema: 1\nname: t\nmodel: {deep: {columns: [age, release_year], hidden: [4]}}\n"
#define ADAMW_WIDE "wide_optimizer: {name: adamw}"
  static const struct {
    const char *one, *other;
  } same[] = {
      {WIDE, WIDE "train: {l2: {embeddings: 0.1}}\n"},
      {WIDE, WIDE "train: {l2: {deep: 0.1}}\n"},
      {WIDE, WIDE "train: {optimizer: {embedding_updates: lazy}}\n"},
      {WIDE "train: {optimizer: {name: adamw}}\n",
       WIDE "train: {optimizer: {name: adamw, embedding_updates: lazy}}\n"},
      {NUMBERS, NUMBERS "train: {l2: {wide: 0.1}}\n"},
      {WIDE, WITH_HEAD("linear")},
      {WIDE, WITH_HEAD("{name: linear}")},
      {WITH_HEAD("ordinal"), WITH_HEAD("{name: ordinal, slope: 2}")},
      {NUMBERS, NUMBERS "launcher: {partition: long, cpus_per_task: 8, setup: [a, b]}\n"},
      {NUMBERS, NUMBERS "train: {l2: {embeddings: 0.1}}\n"},
      {NUMBERS, NUMBERS "train: {optimizer: {embedding_updates: lazy}}\n"},
      {CONFIG "train: {optimizer: {name: sgd}, " ADAMW_WIDE "}\n",
       CONFIG "train: {optimizer: {name: sgd, embedding_updates: lazy}, " ADAMW_WIDE "}\n"},
  };
  static const struct {
    const char *one, *other;
  } different[] = {
      {WIDE, WIDE "train: {l2: {wide: 0.1}}\n"},
      {NUMBERS, NUMBERS "train: {l2: {deep: 0.1}}\n"},
      {WIDE, WITH_HEAD("ordinal")},
      {WITH_HEAD("ordinal"), WITH_HEAD("{name: ordinal, slope: 1}")},
      /* The head alone. */
      {"schema: 1\nname: t\nmodel: {deep: {columns: [age], hidden: []}}\n",
       "schema: 1\nname: t\nmodel: {deep: {columns: [age], hidden: []}}\ntrain: {l2: {deep: 1}}\n"},
      {CONFIG, CONFIG "train: {l2: {embeddings: 0.1}}\n"},
      {CONFIG, CONFIG "train: {l2: {wide: 0.1}}\n"},
      {CONFIG, CONFIG "train: {l2: {deep: 0.1}}\n"},
      {CONFIG, CONFIG "train: {optimizer: {embedding_updates: lazy}}\n"},
      {CONFIG "train: {" ADAMW_WIDE "}\n",
       CONFIG "train: {optimizer: {embedding_updates: lazy}, " ADAMW_WIDE "}\n"},
  };
#undef WIDE
#undef NUMBERS
#undef ADAMW_WIDE
  char one[DIGEST_TEXT], other[DIGEST_TEXT];
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    first_key(same[i].one, one);
    first_key(same[i].other, other);
    if (strcmp(one, other) != 0) fail_msg("other keys: %s", same[i].other);
  }
  for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
    first_key(different[i].one, one);
    first_key(different[i].other, other);
    if (strcmp(one, other) == 0) fail_msg("the same key: %s", different[i].other);
  }
}

static void keys_depend_on_all_that_has_influence(void **state) {
  (void)state;
  static const char *const different[] = {
      CONFIG,
      CONFIG "seeds: [2]\n",
      CONFIG "data: {fit: all}\n",
      CONFIG "data: {source: synthetic}\n",
      CONFIG "data: {source: synthetic, synthetic: {seed: 2}}\n",
      CONFIG "data: {split: {test: 0.1}}\n",
      CONFIG "data: {split: {validation: 0.1}}\n",
      CONFIG "data: {split: {method: folds, folds: [u1]}}\n",
      CONFIG "data: {split: {method: folds, folds: [u2]}}\n",
      CONFIG "train: {epochs: 1}\n",
      CONFIG "train: {batch_size: 1}\n",
      CONFIG "train: {optimizer: {learning_rate: 0.002}}\n",
      CONFIG "train: {wide_optimizer: {}}\n",
      CONFIG "train: {wide_optimizer: {learning_rate: 0.2}}\n",
      CONFIG "train: {wide_optimizer: {l1: 0.2}}\n",
      CONFIG "train: {wide_optimizer: {name: adam}}\n",
      CONFIG "train: {schedule: {name: step}}\n",
      CONFIG "train: {schedule: {name: step, factor: 0.1}}\n",
      CONFIG "train: {schedule: {name: step, step_epochs: 9}}\n",
      CONFIG "train: {schedule: {name: cosine}}\n",
      CONFIG "train: {schedule: {name: cosine, minimum: 0.1}}\n",
      CONFIG "train: {schedule: {name: inverse_time}}\n",
      CONFIG "train: {early_stopping: {}}\ndata: {split: {validation: 0.1}}\n",
      CONFIG "train: {early_stopping: {patience: 2}}\ndata: {split: {validation: 0.1}}\n",
      CONFIG "train: {averaging: {}}\n",
      CONFIG "train: {averaging: {ema: 0.99}}\n",
      CONFIG "train: {early_stopping: {}, refit: true}\ndata: {split: {validation: 0.1}}\n",
      CONFIG "train: {ensemble: {members: 2}}\n",
      CONFIG "train: {ensemble: {members: 3}}\n",
      CONFIG "sweep: {parameters: {model.clip: {value: true}}}\n",
      CONFIG "sweep: {parameters: {model.wide.hash_buckets: {value: 4}}}\n",
      CONFIG "sweep: {parameters: {model.deep.columns: {value: [genres]}}}\n",
      CONFIG "sweep: {parameters: {model.deep.columns: {value: [{name: genres, pooling: sum}]}}}\n",
      CONFIG "sweep: {parameters: {model.deep.columns: {value: [{name: age, scale: standard}]}}}\n",
      CONFIG "sweep: {parameters: {model.deep.hidden: {value: [8, 5]}}}\n",
      CONFIG "sweep: {parameters: {model.deep.dropout: {value: [0.3, 0.2]}}}\n",
      CONFIG "sweep: {parameters: {model.deep.embedding_dim: {value: 9}}}\n",
      CONFIG "sweep: {parameters: {model.deep.columns: {value: [occupation, age]}}}\n",
      CONFIG "sweep: {parameters: {model.wide.crosses: {value: [[gender]]}}}\n",
  };
  enum { COUNT = sizeof different / sizeof *different };
  char keys[COUNT][DIGEST_TEXT];
  for (size_t i = 0; i < COUNT; i++) {
    first_key(different[i], keys[i]);
    for (size_t j = 0; j < i; j++) assert_string_not_equal(keys[i], keys[j]);
  }
  struct config config;
  struct trial_list list;
  struct error error = {0};
  get_config(CONFIG, NULL, &config);
  assert_true(sweep_expand(&config, 0x124, &list, &error)); /* other data */
  assert_string_not_equal(list.trial[0].key, keys[0]);
  trial_list_clear(&list);
  config_clear(&config);
}

static void numbers_and_texts_are_shown_as_yaml_reads_them(void **state) {
  (void)state;
  json_t *value = json_pack("{s:[i, f, b, n], s:s, s:s, s:s}", "list", 3, 0.1, 1, "bare", "a_b.c-d",
                            "number", "1e3", "word", "null");
  struct text text = {0};
  config_flow(value, &text);
  assert_string_equal(
      text.text, "{list: [3, 0.1, true, null], bare: a_b.c-d, number: \"1e3\", word: \"null\"}");
  text_clear(&text);
  json_decref(value);
}

/* Every run of blanks becomes one, as lines may end anywhere. */
static void unwrap(struct text *text) {
  char *to = text->text;
  for (const char *at = text->text; *at != '\0'; at++) {
    bool blank = *at == ' ' || *at == '\n';
    if (blank && to > text->text && to[-1] == ' ') continue;
    *to++ = blank ? ' ' : *at;
  }
  *to = '\0';
}

static void help_and_man_page_name_every_key(void **state) {
  (void)state;
  struct text help = {0}, page = {0};
  config_help(&help);
  config_man_page(&page);
  for (const char *line = help.text; line != NULL; line = strchr(line + 1, '\n')) {
    if (strcspn(line + 1, "\n") > 90) fail_msg("too long: %.100s", line);
  }
  unwrap(&help);
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    char line[512];
    (void)snprintf(line, sizeof line, " %s %s ", key->path, key->help);
    if (strstr(help.text, line) == NULL) fail_msg("%s is not in the help", key->path);
    (void)snprintf(line, sizeof line, "\n.It Cm %s\n", key->path);
    if (strstr(page.text, line) == NULL) fail_msg("%s is not in the man page", key->path);
  }
  struct schema schema;
  struct error error;
  assert_true(movielens_schema(&schema, &error));
  for (size_t i = 0; i < schema.columns; i++) {
    char line[64];
    (void)snprintf(line, sizeof line, "\n.It Cm %s\n", schema.column[i].name);
    if (strstr(page.text, line) == NULL)
      fail_msg("%s is not in the man page", schema.column[i].name);
    (void)snprintf(line, sizeof line, " %s ", schema.column[i].name);
    if (strstr(help.text, line) == NULL) fail_msg("%s is not in the help", schema.column[i].name);
  }
  schema_clear(&schema);
  assert_non_null(strstr(help.text,
                         "train.epochs passes over the training rows a whole number from 1 to "
                         "100000; default 50; may be swept "));
  text_clear(&help);
  text_clear(&page);
}

static void every_row_of_the_table_is_sound(void **state) {
  (void)state;
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    assert_ptr_equal(config_key_find(key->path), key);
    assert_non_null(key->help);
    assert_int_equal(config_is_section(key->path), key->type == &type_group);
    assert_int_equal(config_key_index(key), i);
    if (key->swept) assert_true(key->type == &type_group || key->type->json != NULL);
    if (key->standard == NULL) continue;
    struct yaml_document document = {0};
    struct error error = {0};
    struct config_draft draft = {0};
    bool good =
        yaml_parse(&document, key->path, true, key->standard, strlen(key->standard), &error);
    good = good && config_read_value(key, document.root, &draft, &error);
    if (!good) fail_msg("%s", error.message);
    yaml_clear(&document);
  }
}

/* The default's text is compared with that of a value. */
static void late_keys_have_defaults_in_the_form_of_values(void **state) {
  (void)state;
  struct config_draft draft = {0};
  struct error error = {0};
  size_t late = 0;
  assert_true(config_read_defaults(&draft, &error));
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (!key->late) continue;
    late++;
    json_t *value = config_value_json(key, &draft);
    struct text text = {0};
    config_flow(value, &text);
    assert_string_equal(text.text, key->standard);
    text_clear(&text);
    json_decref(value);
  }
  assert_int_equal(late, 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_canonical_form_has_every_value_and_sorted_keys),
      cmocka_unit_test(the_canonical_form_reads_back_to_itself),
      cmocka_unit_test(a_number_has_one_canonical_form),
      cmocka_unit_test(each_fold_has_a_stream_of_its_own),
      cmocka_unit_test(keys_do_not_change),
      cmocka_unit_test(keys_do_not_depend_on_what_has_no_influence),
      cmocka_unit_test(absent_parts_have_no_influence),
      cmocka_unit_test(keys_depend_on_all_that_has_influence),
      cmocka_unit_test(numbers_and_texts_are_shown_as_yaml_reads_them),
      cmocka_unit_test(help_and_man_page_name_every_key),
      cmocka_unit_test(every_row_of_the_table_is_sound),
      cmocka_unit_test(late_keys_have_defaults_in_the_form_of_values),
  };
  return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
