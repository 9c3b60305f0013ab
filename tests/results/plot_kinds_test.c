/* results/plot_view.h, plot_axes.h, plot_importance.h: which pictures a run
 * gets, and what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "plots/gnuplot.h"
#include "results/plot.h"
#include "results/plot_importance.h"
#include "results/plot_labels.h"
#include "results/plot_view.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

static void assert_near(double value, double expected) {
  if (!(fabs(value - expected) < 1e-9)) fail_msg("%.12g is not %.12g", value, expected);
}

/* Depth x width, and none: the first layer has the width. Labels sort so. */
static const struct point shapes[] = {
    {"a", "{\"model.deep.hidden\": []}", "[]", 1.30, 1.30, 1},
    {"b", "{\"model.deep.hidden\": [8]}", "[8]", 1.20, 1.21, 2},
    {"c", "{\"model.deep.hidden\": [16]}", "[16]", 1.18, 1.19, 3},
    {"d", "{\"model.deep.hidden\": [8, 4]}", "[8, 4]", 1.16, 1.17, 4},
    {"e", "{\"model.deep.hidden\": [16, 8]}", "[16, 8]", 1.10, 1.11, 5},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static char *shapes_run(void) {
  char *folder = fabricate_folder();
  points_write(folder, shapes, SHAPES, "ml-100k", false);
  return folder;
}

/* The names of the pictures, each with a blank behind it. */
static char *names_of(const char *folder, struct text *left_out) {
  struct summary summary = points_summary(folder);
  struct plot_view view;
  struct picture *pictures;
  struct error error = {0};
  size_t count;
  assert_true(plot_view_init(&view, &summary, false, &error));
  assert_true(plot_pictures(&view, &pictures, &count, left_out, &error));
  struct text names = {0};
  for (size_t i = 0; i < count; i++) text_add(&names, "%s ", pictures[i].name.text);
  pictures_clear(pictures, count);
  free(pictures);
  plot_view_clear(&view);
  summary_clear(&summary);
  return names.text;
}

static void only_what_has_a_meaning_is_drawn(void **state) {
  (void)state;
  char *folder = shapes_run();
  struct text left_out = {0};
  char *names = names_of(folder, &left_out);
  assert_string_equal(names,
                      "mse_by_architecture mse_against_runtime mse_against_depth heat_map "
                      "importance learning_curves ");
  assert_string_equal(left_out.text,
                      "mse_against_parameters (all have the same); mse_against_wide_columns (all "
                      "have the same); mse_against_deep_columns (all have the same); "
                      "parallel_coordinates (fewer than two keys are swept)");
  free(names);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void one_architecture_has_its_mse_and_its_curves(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  points_write(folder, shapes, 1, "ml-100k", false);
  struct text left_out = {0};
  char *names = names_of(folder, &left_out);
  assert_string_equal(names, "mse_by_architecture learning_curves ");
  assert_non_null(strstr(left_out.text, "mse_against_runtime (one architecture)"));
  free(names);
  text_clear(&left_out);
  fabricate_remove(folder);
}

/* A curve of one point would be an empty picture. */
static void of_one_epoch_there_are_no_curves(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_record("a", 1, 1);
  fabricate_write(folder, &record);
  record_clear(&record);
  struct text left_out = {0};
  char *names = names_of(folder, &left_out);
  assert_string_equal(names, "mse_by_architecture ");
  assert_non_null(strstr(left_out.text, "learning_curves (one epoch)"));
  free(names);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void depth_and_width_of_hidden_make_a_heat_map(void **state) {
  (void)state;
  char *folder = shapes_run();
  char *data = points_drawn(folder, "plots/heat_map.tsv");
  assert_string_equal(data,
                      "# cells: x, y, test MSE, whether of lowest validation MSE, row\n"
                      "0\t0\t1.3\t0\t0\n1\t0\t1.3\t0\t0\n" /* no layer: the same at any width */
                      "0\t1\t1.2\t0\t1\n1\t1\t1.18\t0\t2\n"
                      "0\t2\t1.16\t0\t3\n1\t2\t1.1\t1\t4\n"
                      "\n\n# values at the bottom\n0\t\"8\"\n1\t\"16\"\n"
                      "\n\n# values at the left\n0\t\"0\"\n1\t\"1\"\n2\t\"2\"\n");
  free(data);
  fabricate_remove(folder);
}

static void architectures_that_the_sweep_stopped_are_left_out(void **state) {
  (void)state;
  char *folder = shapes_run();
  struct record record = fabricate_trial("z", 1, "", 1.0, 1.0);
  record.status = TRIAL_STOPPED;
  fabricate_write(folder, &record);
  record_clear(&record);
  char *data = points_drawn(folder, "plots/mse_by_architecture.tsv");
  assert_null(strstr(data, "\"z\""));
  free(data);
  char *script = points_drawn(folder, "plots/mse_by_architecture.gp");
  assert_non_null(strstr(script, "; without 1 stopped early'"));
  free(script);
  fabricate_remove(folder);
}

/* [8, 4] has the depth and first width of [8, 8]. */
static void models_of_uneven_layers_are_left_out_of_the_heat_map_where_they_collide(void **state) {
  (void)state;
  static const struct point points[] = {
      {"a", "{\"model.deep.hidden\": [8]}", "[8]", 1.20, 1.21, 2},
      {"b", "{\"model.deep.hidden\": [16]}", "[16]", 1.18, 1.19, 3},
      {"c", "{\"model.deep.hidden\": [8, 8]}", "[8, 8]", 1.16, 1.17, 4},
      {"d", "{\"model.deep.hidden\": [16, 16]}", "[16, 16]", 1.10, 1.11, 5},
      {"e", "{\"model.deep.hidden\": [8, 4]}", "[8, 4]", 1.12, 1.13, 6},
  };
  char *folder = fabricate_folder();
  points_write(folder, points, sizeof points / sizeof *points, "ml-100k", false);
  char *data = points_drawn(folder, "plots/heat_map.tsv");
  static const char cells[] =
      "# cells: x, y, test MSE, whether of lowest validation MSE, row\n"
      "0\t0\t1.2\t0\t0\n1\t0\t1.18\t0\t1\n0\t1\t1.16\t0\t2\n1\t1\t1.1\t1\t3\n\n";
  assert_memory_equal(data, cells, strlen(cells));
  free(data);
  char *script = points_drawn(folder, "plots/heat_map.gp");
  assert_non_null(strstr(script, "'without 1 whose layers differ in width'"));
  free(script);
  fabricate_remove(folder);
}

/* Means by width: 1.18, 1.14; by depth: 1.19, 1.13; of all 1.16. Squares of the
 * effects 0.0004 and 0.0009; variance (0.04^2 + 0.02^2 + 0 + 0.06^2) / 4 = 0.0014;
 * what is left of it is 0.0001. */
static void importance_is_the_functional_anova_of_the_grid(void **state) {
  (void)state;
  char *folder = shapes_run();
  struct summary summary = points_summary(folder);
  struct plot_axes axes;
  struct error error = {0};
  struct importance importance;
  struct text why = {0};
  bool derived, known;
  assert_true(plot_axes_init(&axes, &summary, &error));
  assert_true(plot_axes_derive(&axes, &summary, false, &derived, &error));
  assert_true(derived);
  assert_true(importance_init(&importance, &axes, &summary, &known, &why, &error));
  assert_true(known);
  assert_true(importance.grid);
  assert_int_equal(importance.rows, 4);
  assert_string_equal(axes.axis[0].name, "hidden layers");
  assert_near(importance.share[0], 9.0 / 14);
  assert_near(importance.share[1], 4.0 / 14);
  assert_near(importance.interactions, 1.0 / 14);
  assert_near(importance.luck, 0); /* both seeds are the same */
  importance_clear(&importance);
  plot_axes_clear(&axes);
  summary_clear(&summary);
  fabricate_remove(folder);
}

/* Twelve rows, groups of x of 6 with means 1 and 2, each 3 at -0.1 and 3 at
 * +0.1: total 12 * 0.25 + 0.12 = 3.12, within 0.12, noise 0.012; y is no
 * grid with x, as its values are all different. */
static void without_a_grid_each_key_stands_alone(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (int i = 0; i < 12; i++) {
    char label[32], swept[64];
    (void)snprintf(label, sizeof label, "p%02d", i);
    (void)snprintf(swept, sizeof swept, "{\"m.x\": \"%c\", \"m.y\": 0.%02d}", i < 6 ? 'a' : 'b',
                   i + 1);
    double mse = (i < 6 ? 1 : 2) + (i % 2 == 0 ? -0.1 : 0.1);
    struct point point = {label, swept, "[1]", mse, mse, 1};
    points_write(folder, &point, 1, "made-up", true);
  }
  struct summary summary = points_summary(folder);
  struct plot_axes axes;
  struct error error = {0};
  struct importance importance;
  struct text why = {0};
  bool known;
  assert_true(plot_axes_init(&axes, &summary, &error));
  assert_int_equal(axes.count, 2);
  assert_string_equal(axes.axis[0].name, "x");
  assert_true(axes.axis[1].numeric);
  assert_true(importance_init(&importance, &axes, &summary, &known, &why, &error));
  assert_true(known);
  assert_false(importance.grid);
  assert_near(importance.share[0], (3.12 - 0.12 - 0.012) / 3.12);
  /* y by rank in four groups of 3, two of a each: within 4 * (0.1^2 * 8 / 3). */
  double within = 4 * 0.01 * 8 / 3;
  assert_near(importance.share[1], (3.12 - within - 3 * within / 8) / 3.12);
  assert_true(isnan(importance.interactions));
  importance_clear(&importance);
  plot_axes_clear(&axes);
  summary_clear(&summary);
  fabricate_remove(folder);
}

/* Eleven rows of four keys, three values each, no grid. */
static void importance_needs_three_architectures_a_key(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  for (int i = 0; i < 11; i++) {
    char label[32], swept[96];
    (void)snprintf(label, sizeof label, "p%02d", i);
    (void)snprintf(swept, sizeof swept, "{\"m.a\": %d, \"m.b\": %d, \"m.c\": %d, \"m.d\": %d}",
                   i % 3, i / 2 % 3, i / 3 % 3, i / 4 % 3);
    struct point point = {label, swept, "[1]", 1 + 0.1 * i, 1 + 0.1 * i, 1};
    points_write(folder, &point, 1, "made-up", true);
  }
  struct text left_out = {0};
  free(names_of(folder, &left_out));
  assert_non_null(strstr(
      left_out.text, "importance (not a full grid, and 11 architectures are too few for 4 keys)"));
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void lines_stand_where_they_belong(void **state) {
  (void)state;
  char *folder = shapes_run();
  char *script = points_drawn(folder, "plots/mse_by_architecture.gp");
  assert_non_null(strstr(script, "report = 1.21\n"));
  assert_non_null(strstr(script, "mean_predictor = 1.23\n")); /* mean of 1.22 and 1.24 */
  assert_non_null(strstr(script, "best = 1.1\n"));
  free(script);
  fabricate_remove(folder);
  folder = fabricate_folder();
  points_write(folder, shapes, SHAPES, "ml-100k", true);
  script = points_drawn(folder, "plots/mse_by_architecture.gp");
  assert_null(strstr(script, "report = 1.21\n"));
  free(script);
  fabricate_remove(folder);
}

static void rows_stand_by_validation_mse(void **state) {
  (void)state;
  char *folder = shapes_run();
  char *data = points_drawn(folder, "plots/mse_by_architecture.tsv");
  const char *at = data;
  for (const char *label = "edcba"; *label != '\0'; label++) {
    char quoted[] = {'"', *label, '"', '\0'};
    at = strstr(at, quoted);
    assert_non_null(at);
  }
  free(data);
  fabricate_remove(folder);
}

static void of_many_the_rest_is_one_row(void **state) {
  (void)state;
  struct fabricated_run run = {.architectures = 45,
                               .seeds = 1,
                               .epochs = 2,
                               .validation = true,
                               .irreducible_mse = NAN,
                               .rating_variance = NAN};
  char *folder = fabricate_run(&run);
  struct summary summary = points_summary(folder);
  double least = INFINITY, largest = 0;
  struct plot_view view;
  struct error error = {0};
  assert_true(plot_view_init(&view, &summary, false, &error));
  for (size_t i = 40; i < 45; i++) {
    least = fmin(least, summary.row[view.order[i]].mse);
    largest = fmax(largest, summary.row[view.order[i]].mse);
  }
  char *data = points_drawn(folder, "plots/mse_by_architecture.tsv");
  char start[64];
  (void)snprintf(start, sizeof start, "\n41\t\"the other 5: %.4f to %.4f, median", least, largest);
  assert_non_null(strstr(data, start));
  free(data);
  plot_view_clear(&view);
  summary_clear(&summary);
  fabricate_remove(folder);
}

static void a_value_far_off_does_not_set_the_range(void **state) {
  (void)state;
  double values[] = {1.2, 1.21, 9.5, 1.19, 1.22, 1.2};
  assert_near(plot_robust_high(values, 6), 1.22);
  double few[] = {1, 9};
  assert_near(plot_robust_high(few, 2), 9);
  double near[] = {1, 1, 1, 1, 1.04};
  assert_near(plot_robust_high(near, 5), 1.04);
}

/* --- with gnuplot --- */

static const char odd[] = "k=<b> & \"q\" {x}^2 @y_z 'p' \\n";

static char *odd_run(void) {
  struct point points[4];
  char *folder = fabricate_folder();
  static const char *const swept[] = {"{\"m.x\": \"<b> & {x}^2 @y_z\", \"m.y\": 1}",
                                      "{\"m.x\": \"<b> & {x}^2 @y_z\", \"m.y\": 2}",
                                      "{\"m.x\": \"'p' \\\"q\\\" \\\\n\", \"m.y\": 1}",
                                      "{\"m.x\": \"'p' \\\"q\\\" \\\\n\", \"m.y\": 2}"};
  static const char *const labels[] = {odd, "k=2", "k=3", "k=4"};
  for (size_t i = 0; i < 4; i++) {
    points[i] =
        (struct point){labels[i],           swept[i],     i < 2 ? "[]" : "[4]", 1 + 0.1 * (double)i,
                       1 + 0.1 * (double)i, 1 + (double)i};
  }
  points_write(folder, points, 4, "made-up", true);
  return folder;
}

static void no_sign_of_a_label_is_eaten(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  struct plot_options options = {.svg = true};
  if (!plot_run(folder, &options, &written, &left_out, &left_out, &error))
    fail_msg("%s", error.message);
  static const char label[] = "k=&lt;b> &amp; \"q\" {x}^2 @y_z 'p' \\n";
  static const char *const with_label[] = {"mse_by_architecture", "mse_against_runtime",
                                           "mse_against_depth", "parallel_coordinates",
                                           "learning_curves"};
  for (size_t i = 0; i < sizeof with_label / sizeof *with_label; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "plots/%s.svg", with_label[i]);
    char *svg = fabricate_read(folder, name);
    const char *words = i < 2 ? label + strlen("k=") : label; /* a table has them by name */
    if (strstr(svg, words) == NULL) fail_msg("%s: the label is not whole", name);
    free(svg);
  }
  static const char *const with_value[] = {"plots/heat_map.svg", "plots/parallel_coordinates.svg"};
  for (size_t i = 0; i < 2; i++) {
    char *svg = fabricate_read(folder, with_value[i]);
    assert_non_null(strstr(svg, "&lt;b> &amp; {x}^2 @y_z"));
    assert_non_null(strstr(svg, "'p' \"q\" \\n"));
    free(svg);
  }
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

/* gnuplot leaves out a key that is taller than the plot. */
static void a_picture_of_one_row_has_its_key(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  points_write(folder, shapes, 1, "ml-100k", false);
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_true(plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out,
                       &error));
  char *svg = fabricate_read(folder, "plots/mse_by_architecture.svg");
  assert_non_null(strstr(svg, "one trial"));
  assert_non_null(strstr(svg, "mean test MSE ± sd"));
  free(svg);
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static char *bytes_of(const char *path, size_t *size) {
  struct error error = {0};
  char *bytes = file_read(path, FILE_MOST_JSON, size, ERROR_SYSTEM, &error);
  if (bytes == NULL) fail_msg("%s", error.message);
  return bytes;
}

static void every_picture_is_the_same_twice_and_by_its_script(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  struct error error = {0};
  struct text first = {0}, again = {0}, left_out = {0}, output = {0};
  struct plot_options options = {.svg = true, .png = true};
  assert_true(plot_run(folder, &options, &first, &left_out, &left_out, &error));
  char *other = file_join(folder, "other", &error), *plots = file_join(folder, "plots", &error);
  options.out = other;
  assert_true(plot_run(folder, &options, &again, &left_out, &left_out, &error));
  size_t pictures = 0;
  char *save = NULL, *save_again = NULL;
  char *path = strtok_r(first.text, "\n", &save), *copy = strtok_r(again.text, "\n", &save_again);
  for (; path != NULL; pictures++) {
    size_t size, copy_size;
    char *bytes = bytes_of(path, &size), *copy_bytes = bytes_of(copy, &copy_size);
    assert_int_equal(size, copy_size);
    assert_memory_equal(bytes, copy_bytes, size);
    free(copy_bytes);
    const char *name = strrchr(path, '/') + 1;
    char script[64];
    (void)snprintf(script, sizeof script, "%.*s.gp", (int)(strrchr(name, '.') - name), name);
    assert_int_equal(remove(path), 0);
    if (!gnuplot_run(plots, script, NULL, &output, &error)) fail_msg("%s", error.message);
    copy_bytes = bytes_of(path, &copy_size);
    assert_int_equal(size, copy_size);
    assert_memory_equal(bytes, copy_bytes, size);
    free(bytes);
    free(copy_bytes);
    path = strtok_r(NULL, "\n", &save);
    copy = strtok_r(NULL, "\n", &save_again);
  }
  assert_null(copy);
  assert_int_equal(pictures, 2 * 8);
  text_clear(&first);
  text_clear(&again);
  text_clear(&left_out);
  text_clear(&output);
  free(other);
  free(plots);
  fabricate_remove(folder);
}

static void gnuplot_has_a_locale_for_every_sign(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  struct error error = {0};
  struct text output = {0};
  char *path = file_join(folder, "locale.gp", &error);
  static const char script[] =
      "set print '-'\nset encoding utf8\nprint system('locale charmap 2>&1')\n";
  assert_true(file_write_atomic(path, script, strlen(script), &error));
  assert_int_equal(setenv("LC_ALL", "C", 1), 0);
  assert_true(gnuplot_run(folder, "locale.gp", NULL, &output, &error));
  assert_int_equal(unsetenv("LC_ALL"), 0);
  assert_string_equal(output.text, "UTF-8\n");
  text_clear(&output);
  free(path);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_what_has_a_meaning_is_drawn),
      cmocka_unit_test(one_architecture_has_its_mse_and_its_curves),
      cmocka_unit_test(architectures_that_the_sweep_stopped_are_left_out),
      cmocka_unit_test(of_one_epoch_there_are_no_curves),
      cmocka_unit_test(depth_and_width_of_hidden_make_a_heat_map),
      cmocka_unit_test(models_of_uneven_layers_are_left_out_of_the_heat_map_where_they_collide),
      cmocka_unit_test(importance_is_the_functional_anova_of_the_grid),
      cmocka_unit_test(without_a_grid_each_key_stands_alone),
      cmocka_unit_test(importance_needs_three_architectures_a_key),
      cmocka_unit_test(lines_stand_where_they_belong),
      cmocka_unit_test(rows_stand_by_validation_mse),
      cmocka_unit_test(of_many_the_rest_is_one_row),
      cmocka_unit_test(a_value_far_off_does_not_set_the_range),
      cmocka_unit_test(no_sign_of_a_label_is_eaten),
      cmocka_unit_test(a_picture_of_one_row_has_its_key),
      cmocka_unit_test(every_picture_is_the_same_twice_and_by_its_script),
      cmocka_unit_test(gnuplot_has_a_locale_for_every_sign),
  };
  return gnuplot_status(cmocka_run_group_tests(tests, NULL, NULL));
}
