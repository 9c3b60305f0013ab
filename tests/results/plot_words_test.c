/* results/plot_labels.h, plot_axes.h: the words of a run in its pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "results/plot_axes.h"
#include "results/plot_labels.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

static void labels_show_only_what_differs(void **state) {
  (void)state;
  static const char *const labels[] = {"crosses=[a*b] columns=[x, y] dropout=0.2",
                                       "crosses=[a*b, a*b*c] columns=[x, y] dropout=0.2"};
  struct summary_row rows[] = {{.label = (char *)labels[0]}, {.label = (char *)labels[1]}};
  struct summary summary = {.rows = 2, .row = rows};
  struct error error = {0};
  char *label = plot_short_label(&summary, 1, true, &error);
  assert_string_equal(label, "crosses=[a*b, a*b*c]");
  free(label);
  static const char *const own[] = {"wide and deep", "x=1 is = what"};
  rows[0].label = (char *)own[0];
  rows[1].label = (char *)own[1];
  for (size_t i = 0; i < 2; i++) {
    label = plot_short_label(&summary, i, true, &error);
    assert_string_equal(label, own[i]);
    free(label);
  }
}

static struct plot_label_table table_of(const char *const *labels, size_t count) {
  struct summary_row rows[4];
  for (size_t i = 0; i < count; i++) rows[i] = (struct summary_row){.label = (char *)labels[i]};
  const struct summary summary = {.rows = count, .row = rows};
  struct plot_label_table table;
  struct error error = {0};
  assert_true(plot_label_table_init(&table, &summary, &error));
  return table;
}

static void cell_is(const struct plot_label_table *table, size_t row, size_t column,
                    const char *name, const char *words) {
  const struct plot_axis *at = &table->column[column];
  assert_string_equal(at->name, name);
  assert_string_equal(at->value[at->of[row]].text, words);
}

/* Without the column in which all agree; of joined labels each value once. */
static void labels_of_the_same_names_are_a_table(void **state) {
  (void)state;
  static const char *const labels[] = {
      "crosses=[a*b] epochs=5 hidden=[8, 4]", "crosses=[a*b, a*b*c] epochs=5 hidden=[8, 4]",
      "crosses=[a*b] epochs=5 hidden=[] | crosses=none epochs=5 hidden=[]"};
  struct plot_label_table table = table_of(labels, 3);
  assert_int_equal(table.count, 2);
  cell_is(&table, 0, 0, "crosses", "[a*b]");
  cell_is(&table, 0, 1, "hidden", "[8, 4]");
  cell_is(&table, 1, 0, "crosses", "[a*b, a*b*c]");
  cell_is(&table, 1, 1, "hidden", "[8, 4]");
  cell_is(&table, 2, 0, "crosses", "[a*b] | none");
  cell_is(&table, 2, 1, "hidden", "[]");
  assert_int_equal(table.column[1].values, 2);
  plot_label_table_clear(&table);
}

static void labels_of_other_kinds_are_no_table(void **state) {
  (void)state;
  static const char *const lists[][2] = {{"x=1 y=2", "report"}, {"x=1 y=2", "y=2 x=1"},
                                         {"x=1 y=2", "x=1"},    {"x=1", "x=1 y=2"},
                                         {"two words", "x=1"},  {"x=1", "x=1"}};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    struct plot_label_table table = table_of(lists[i], 2);
    assert_int_equal(table.count, 0);
    plot_label_table_clear(&table);
  }
}

static void short_is(const char *const *values, size_t count, size_t at, const char *expected) {
  struct plot_value value[4];
  for (size_t i = 0; i < count; i++) value[i] = (struct plot_value){(char *)values[i], 0};
  const struct plot_axis axis = {.values = count, .value = value};
  struct text text = {0};
  plot_add_short_value(&axis, at, 12, &text);
  assert_string_equal(text.text, expected);
  text_clear(&text);
}

static void a_short_value_is_unlike_the_others(void **state) {
  (void)state;
  static const char *const ends[] = {"gender", "occupation*genre", "age_group*genre"};
  short_is(ends, 3, 0, "gender");
  short_is(ends, 3, 1, "occupation*…");
  short_is(ends, 3, 2, "age_group*…");
  static const char *const middles[] = {"release_decade*genre", "release_decade*hours"};
  short_is(middles, 2, 0, "releas…genre");
  short_is(middles, 2, 1, "releas…hours");
  static const char *const twins[] = {"one two three four fives", "one two three FOUR fives"};
  short_is(twins, 2, 1, "2: one two…");
}

/* 178 columns: what is left out lies between two blanks. */
static void a_cut_label_loses_whole_words(void **state) {
  (void)state;
  struct text label = {0};
  for (int i = 0; i < 30; i++) text_add(&label, "%sw%04d", i > 0 ? " " : "", i);
  struct summary_row row = {.label = label.text};
  struct summary summary = {.rows = 1, .row = &row};
  struct error error = {0};
  char *cut = plot_short_label(&summary, 0, true, &error);
  const char *gap = strstr(cut, " \u2026 ");
  assert_non_null(gap);
  assert_memory_equal(gap - 5, "w0015", 5);
  assert_memory_equal(gap + strlen(" \u2026 "), "w0020 ", 6);
  free(cut);
  text_clear(&label);
}

static void part_is(const char *label, const char *path, const char *name, const char *value) {
  struct text own = {0}, words = {0};
  assert_int_equal(plot_label_part(label, path, &own, &words), name != NULL);
  if (name != NULL) assert_string_equal(own.text, name);
  if (name != NULL) assert_string_equal(words.text, value);
  text_clear(&own);
  text_clear(&words);
}

static void a_key_has_the_words_of_the_label(void **state) {
  (void)state;
  const char *label = "crosses=ids+user*genres hidden=[64, 32] l2.embeddings=0.0004";
  part_is(label, "model.wide.crosses", "crosses", "ids+user*genres");
  part_is(label, "model.deep.hidden", "hidden", "[64, 32]");
  part_is(label, "train.l2.embeddings", "l2.embeddings", "0.0004");
  part_is(label, "train.xl2.embeddings", NULL, NULL);
  part_is(label, "model.deep.columns", NULL, NULL);
  part_is("report", "model.deep.columns", NULL, NULL);
  const char *rates = "learning_rate=0.1 wide_optimizer.learning_rate=0.2";
  part_is(rates, "train.optimizer.learning_rate", "learning_rate", "0.1");
  part_is(rates, "train.wide_optimizer.learning_rate", "wide_optimizer.learning_rate", "0.2");
  const char *joined = "hidden=[] dropout=0 | hidden=[] dropout=0.2";
  part_is(joined, "model.deep.dropout", "dropout", "0");
}

static void axes_speak_as_the_labels_do(void **state) {
  (void)state;
  static const struct point points[] = {
      {"crosses=ids l2.x=1", "{\"model.wide.crosses\": [[\"user_id\"]], \"train.l2.x\": 1}", "[1]",
       1, 1, 1},
      {"crosses=none l2.x=2", "{\"model.wide.crosses\": [], \"train.l2.x\": 2}", "[1]", 1, 1, 1}};
  char *folder = fabricate_folder();
  points_write(folder, points, 2, "made-up", true);
  struct summary summary = points_summary(folder);
  struct plot_axes axes;
  struct error error = {0};
  assert_true(plot_axes_init(&axes, &summary, &error));
  assert_int_equal(axes.count, 2);
  assert_string_equal(axes.axis[0].name, "crosses");
  assert_string_equal(axes.axis[0].value[0].text, "ids");
  assert_string_equal(axes.axis[0].value[1].text, "none");
  assert_string_equal(axes.axis[1].name, "l2.x");
  plot_axes_clear(&axes);
  summary_clear(&summary);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(labels_show_only_what_differs),
      cmocka_unit_test(labels_of_the_same_names_are_a_table),
      cmocka_unit_test(labels_of_other_kinds_are_no_table),
      cmocka_unit_test(a_short_value_is_unlike_the_others),
      cmocka_unit_test(a_cut_label_loses_whole_words),
      cmocka_unit_test(a_key_has_the_words_of_the_label),
      cmocka_unit_test(axes_speak_as_the_labels_do),
  };
  return cmocka_run_group_tests_name("plot words", tests, NULL, NULL);
}
