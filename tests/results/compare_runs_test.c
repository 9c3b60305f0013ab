/* results/compare_runs.h, and what tables say of it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/table.h"
#include "tests/records/fabricate.h"

enum { RUNS = 2 };

struct scene {
  char *folder[RUNS];
  struct summary summary[RUNS];
};

/* A trial whose model is that of `width`. */
static void add_trial(const char *folder, const char *label, uint64_t seed, double mse,
                      const char *width) {
  struct record record = fabricate_trial(label, seed, "", mse, mse - 0.05);
  assert_int_equal(json_object_set_new(record.config, "model", json_pack("{s:s}", "hidden", width)),
                   0);
  fabricate_write(folder, &record);
  record_clear(&record);
}

static void read_scene(struct scene *scene) {
  struct error error = {0};
  struct text said = {0};
  size_t made = 0;
  if (!summary_read_all((const char *const *)scene->folder, RUNS, scene->summary, &made, &said,
                        &error)) {
    fail_msg("%s", error.message);
  }
  assert_int_equal(made, RUNS);
  text_clear(&said);
}

/* Of "shared" the changes are -0.1, -0.2 and 0; "moved" is "old name" of the first; "apart"
 * has no seed of the first one's, "new" none there. */
static void make_scene(struct scene *scene) {
  for (size_t i = 0; i < RUNS; i++) scene->folder[i] = fabricate_folder();
  static const double first[] = {1.0, 1.2, 1.1}, second[] = {0.9, 1.0, 1.1};
  for (uint64_t s = 0; s < 3; s++) {
    add_trial(scene->folder[0], "shared", s + 1, first[s], "8");
    add_trial(scene->folder[1], "shared", s + 1, second[s], "16");
    add_trial(scene->folder[0], "old name", s + 1, 2 + first[s], "24");
    add_trial(scene->folder[1], "moved", s + 1, 2 + first[s] + 0.25, "24");
    add_trial(scene->folder[0], "apart", s + 1, 3 + first[s], "32");
    add_trial(scene->folder[1], "apart", s + 11, 3 + second[s], "32");
  }
  add_trial(scene->folder[1], "new", 1, 5, "40");
}

static void clear_scene(struct scene *scene) {
  for (size_t i = 0; i < RUNS; i++) {
    summary_clear(&scene->summary[i]);
    fabricate_remove(scene->folder[i]);
  }
}

static const struct summary_row *row_of(const struct summary *summary, const char *label) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (strcmp(summary->row[i].label, label) == 0) return &summary->row[i];
  }
  fail_msg("no row '%s'", label);
  return NULL;
}

static void assert_near(double value, double wanted) {
  if (fabs(value - wanted) <= 1e-9) return;
  fail_msg("%.17g instead of %.17g", value, wanted);
}

/* Ratio 0.2 / 0.72; standard error sqrt((1/3 + 0.2777...) 0.1^2), t(2) = 4.30265272991. */
static void the_change_of_a_shared_architecture_has_an_interval(void **state) {
  (void)state;
  struct scene scene;
  make_scene(&scene);
  read_scene(&scene);
  const struct summary_row *row = row_of(&scene.summary[1], "shared");
  assert_ptr_equal(row->first, row_of(&scene.summary[0], "shared"));
  assert_near(row->first_mse, 1.1);
  assert_near(row->vs_first.difference, -0.1);
  const double half = 4.30265272991 * sqrt((1.0 / 3 + 0.2 / 0.72) * 0.01);
  assert_true(fabs(row->vs_first.low - (-0.1 - half)) < 1e-6);
  assert_true(fabs(row->vs_first.high - (-0.1 + half)) < 1e-6);
  assert_int_equal(row->vs_first.pairs, 3);
  /* p is 0.33, also after Holm: the other comparison is certain. */
  assert_true(paired_alike(&row->vs_first));
  /* Nothing is said of the first run itself, and of what it lacks. */
  assert_null(row_of(&scene.summary[0], "shared")->first);
  assert_true(isnan(row_of(&scene.summary[0], "shared")->first_mse));
  assert_null(row_of(&scene.summary[1], "new")->first);
  assert_true(isnan(row_of(&scene.summary[1], "new")->vs_first.difference));
  clear_scene(&scene);
}

static void another_label_of_the_same_model_is_found(void **state) {
  (void)state;
  struct scene scene;
  make_scene(&scene);
  read_scene(&scene);
  const struct summary_row *row = row_of(&scene.summary[1], "moved");
  assert_ptr_equal(row->first, row_of(&scene.summary[0], "old name"));
  assert_near(row->vs_first.difference, 0.25);
  assert_true(paired_tested(&row->vs_first) && !paired_alike(&row->vs_first));
  clear_scene(&scene);
}

static void without_a_shared_seed_the_means_differ_without_an_interval(void **state) {
  (void)state;
  struct scene scene;
  make_scene(&scene);
  read_scene(&scene);
  const struct summary_row *row = row_of(&scene.summary[1], "apart");
  assert_near(row->vs_first.difference, -0.1);
  assert_int_equal(row->vs_first.pairs, 0);
  assert_true(isnan(row->vs_first.low) && !paired_tested(&row->vs_first));
  clear_scene(&scene);
}

static void other_data_are_not_compared(void **state) {
  (void)state;
  struct scene scene = {.folder = {fabricate_folder(), fabricate_folder()}};
  for (size_t i = 0; i < RUNS; i++) {
    struct record record = fabricate_trial("a", 1, "", 1 + (double)i, 1);
    json_object_set_new(record.data, "digest", json_integer((json_int_t)i));
    fabricate_write(scene.folder[i], &record);
    record_clear(&record);
  }
  read_scene(&scene);
  const struct summary_row *row = row_of(&scene.summary[1], "a");
  assert_non_null(row->first);
  assert_near(row->first_mse, 1);
  assert_true(isnan(row->vs_first.difference));
  clear_scene(&scene);
}

static char *show(const struct scene *scene, size_t count, struct table_options options) {
  struct error error = {0};
  struct text text = {0};
  if (!table_write(scene->summary, count, &options, &text, &error)) fail_msg("%s", error.message);
  return text.text;
}

/* Where the row of a label stands in a text. */
static const char *place(const char *text, const char *folder, const char *label) {
  for (const char *at = strstr(text, folder); at != NULL; at = strstr(at + 1, folder)) {
    const char *cell = at + strlen(folder);
    cell += strspn(cell, " ");
    if (strncmp(cell, label, strlen(label)) == 0) return at;
  }
  fail_msg("no row '%s' of %s in\n%s", label, folder, text);
  return NULL;
}

static void a_table_has_them_side_by_side_and_in_words(void **state) {
  (void)state;
  struct scene scene;
  make_scene(&scene);
  read_scene(&scene);
  char *text = show(&scene, RUNS, (struct table_options){0});
  const char *own = place(strstr(text, "\nrun "), scene.folder[0], "shared");
  const char *other = place(strstr(text, "\nrun "), scene.folder[1], "shared");
  assert_ptr_equal(strchr(own, '\n') + 1, other);
  const char *change = strstr(other, "-0.1000 ~  [-0.4364, +0.2364]");
  assert_true(change != NULL && change < strchr(other, '\n'));
  assert_non_null(strstr(text, "3 of 4 architectures are in "));
  assert_non_null(strstr(text, "of 2 tested 0 came out lower, 1 higher, 1 with no significant"));
  assert_non_null(strstr(text, "without an interval where none is shared"));
  free(text);
  text = show(&scene, RUNS, (struct table_options){.sort = "change", .top = 2});
  own = place(strstr(text, "\nrun "), scene.folder[1], "");
  assert_non_null(strstr(own, "-0.1000"));
  assert_null(strstr(text, "old name"));
  assert_non_null(strstr(text, "ordered by change, the lowest first; 2 of 7 rows shown"));
  assert_non_null(strstr(text, "not for selection"));
  free(text);
  text = show(
      &scene, RUNS,
      (struct table_options){.format = TEXT_TABLE_MARKDOWN, .columns = "first run,mse,change"});
  own = strstr(text, "| shared \\* |  | 1.1000 ± 0.1000 |  |\n");
  assert_non_null(own);
  other = strstr(text, "| shared \\* | 1.1000 | 1.0000 ± 0.1000 | -0.1000 \\~ |");
  assert_true(other > own && strchr(strchr(own, '\n') + 1, '\n') > other);
  free(text);
  clear_scene(&scene);
}

static void programs_get_its_columns_with_several_runs(void **state) {
  (void)state;
  struct scene scene;
  make_scene(&scene);
  read_scene(&scene);
  char *text = show(&scene, 1, (struct table_options){.format = TEXT_TABLE_CSV});
  assert_null(strstr(text, "change"));
  free(text);
  text = show(&scene, RUNS, (struct table_options){.format = TEXT_TABLE_CSV});
  assert_non_null(strstr(text,
                         ",first_mse,change,change_low,change_high,change_pairs,"
                         "change_p_holm,change_told_apart,"));
  free(text);
  text = show(&scene, RUNS, (struct table_options){.format = TEXT_TABLE_JSON});
  json_t *list = json_loads(text, 0, NULL);
  size_t compared = 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *row = json_array_get(list, i);
    if (!json_is_number(json_object_get(row, "change_low"))) continue;
    compared++;
    assert_int_equal(json_integer_value(json_object_get(row, "change_pairs")), 3);
    const bool apart = json_is_true(json_object_get(row, "change_told_apart"));
    assert_near(json_number_value(json_object_get(row, "change")), apart ? 0.25 : -0.1);
  }
  assert_int_equal(compared, 2);
  json_decref(list);
  free(text);
  clear_scene(&scene);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_change_of_a_shared_architecture_has_an_interval),
      cmocka_unit_test(another_label_of_the_same_model_is_found),
      cmocka_unit_test(without_a_shared_seed_the_means_differ_without_an_interval),
      cmocka_unit_test(other_data_are_not_compared),
      cmocka_unit_test(a_table_has_them_side_by_side_and_in_words),
      cmocka_unit_test(programs_get_its_columns_with_several_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
