/* A config as a run folder keeps it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/config/config_fixture.h"

static void resolve(const struct config *config, const char *folder, struct text *resolved) {
  struct error error = {0};
  *resolved = (struct text){0};
  assert_true(file_make_folders(folder, &error));
  if (!config_resolve(config, folder, resolved, &error)) fail_msg("%s", error.message);
}

static void assert_resolved(const char *text, const char *const *settings, const char *expected) {
  struct config config;
  struct text resolved;
  get_config(text, settings, &config);
  resolve(&config, "run", &resolved);
  assert_string_equal(resolved.text, expected);
  text_clear(&resolved);
  config_clear(&config);
}

static void settings_are_in_their_places(void **state) {
  (void)state;
  static const char *const settings[] = {"train.epochs=3", "seeds=[4, 5]",
                                         "model.deep.hidden=[8, 4]", "train.epochs=9", NULL};
  assert_resolved("# notes\n" MINIMAL "train: {epochs: 50} # too many\nseeds: [1]\n", settings,
                  "schema: 1\nname: t\nmodel:\n  wide:\n    crosses: [[gender, genre]]\n  deep:\n"
                  "    hidden: [8, 4]\ntrain:\n  epochs: 9\nseeds: [4, 5]\n");
}

/* What was quoted stays no number; what needs quotes has them. */
static void texts_stay_texts(void **state) {
  (void)state;
  assert_resolved(MINIMAL
                  "description: \"a: 'b' # \\n c\"\nsweep: null\n"
                  "data: {source: csv, ratings: {path: '0.5', user: \"a, b\", item: i,\n"
                  "  rating: r}, path: ../12}\n",
                  NULL,
                  "schema: 1\nname: t\nmodel:\n  wide:\n    crosses: [[gender, genre]]\n"
                  "description: \"a: 'b' # \\n c\"\nsweep: null\n"
                  "data:\n  source: csv\n  ratings:\n    path: \"0.5\"\n    user: \"a, b\"\n"
                  "    item: i\n    rating: r\n  path: \"../../12\"\n");
}

static void assert_path(const char *data, const char *const *settings, const char *folder,
                        const char *expected) {
  struct config config;
  struct text resolved;
  struct error error = {0};
  char text[512];
  (void)snprintf(text, sizeof text, MINIMAL "data: {%s}\n", data);
  assert_true(file_make_folders("sub", &error));
  assert_true(file_write_atomic("sub/t.yaml", text, strlen(text), &error));
  size_t count = 0;
  while (settings != NULL && settings[count] != NULL) count++;
  if (!config_read("sub/t.yaml", settings, count, NULL, &config, &error)) {
    fail_msg("%s", error.message);
  }
  resolve(&config, folder, &resolved);
  if (expected != NULL) {
    if (strstr(resolved.text, expected) == NULL) fail_msg("%s", resolved.text);
  } else if (strstr(resolved.text, "path:") != NULL) {
    fail_msg("%s", resolved.text);
  }
  text_clear(&resolved);
  config_clear(&config);
}

/* The file's is relative to the file, a setting's to where the command runs. */
static void the_path_leads_from_the_run_to_the_data(void **state) {
  (void)state;
  static const char *const set[] = {"data.path=here/ml", NULL};
  assert_path("path: ml", NULL, "runs/a", "\n  path: \"../../sub/ml\"\n");
  assert_path("path: ml", NULL, "sub/runs", "\n  path: \"../ml\"\n");
  assert_path("path: /abs/ml", NULL, "runs/a", "\n  path: /abs/ml\n");
  assert_path("path: ml", set, "runs/a", "\n  path: \"../../here/ml\"\n");
  assert_path("source: movielens", NULL, "runs/a", NULL);
}

/* The same trials, key by key. */
static void a_shipped_experiment_reads_back_as_it_was(void **state) {
  (void)state;
  static const char *const name[] = {"ablation",     "accuracy",     "architectures", "best",
                                     "deep-columns", "extra-layers", "quickstart",    "report",
                                     "search",       "wide-crosses"};
  for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
    char path[1024];
    struct config config, again;
    struct trial_list list, list_again;
    struct text resolved;
    struct error error = {0};
    (void)snprintf(path, sizeof path, "%s/%s.yaml", EXPERIMENTS_FOLDER, name[i]);
    assert_true(config_read(path, NULL, 0, NULL, &config, &error));
    assert_true(sweep_expand(&config, 0x123, &list, &error));
    resolve(&config, "run", &resolved);
    get_trials(resolved.text, NULL, &again, &list_again);
    assert_string_equal(again.name, name[i]);
    assert_string_equal(again.description, config.description);
    assert_int_equal(list_again.trials, list.trials);
    for (size_t t = 0; t < list.trials; t++) {
      assert_string_equal(list_again.trial[t].key, list.trial[t].key);
    }
    trial_list_clear(&list_again);
    trial_list_clear(&list);
    config_clear(&again);
    config_clear(&config);
    text_clear(&resolved);
  }
}

static int leave(void **state) {
  static const char *const gone[] = {"run", "runs/a", "runs", "sub/t.yaml", "sub/runs", "sub"};
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++) (void)remove(gone[i]);
  return fixture_teardown(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(settings_are_in_their_places),
      cmocka_unit_test(texts_stay_texts),
      cmocka_unit_test(the_path_leads_from_the_run_to_the_data),
      cmocka_unit_test(a_shipped_experiment_reads_back_as_it_was),
  };
  return cmocka_run_group_tests_name("resolve", tests, fixture_setup, leave);
}
