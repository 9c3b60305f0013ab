/* results/plot_parallel.c: where lines and texts of parallel coordinates stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/width.h"
#include "plots/gnuplot.h"
#include "results/plot.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/plots/marks.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

/* Two keys of two values, each pair once: every line is straight. */
static const struct point points[] = {
    {"a", "{\"m.shape\": \"narrow\", \"m.side\": \"p\"}", "[1]", 1.30, 1.50, 1},
    {"b", "{\"m.shape\": \"narrow\", \"m.side\": \"q\"}", "[1]", 1.20, 1.42, 1},
    {"c", "{\"m.shape\": \"very wide\", \"m.side\": \"p\"}", "[1]", 1.12, 1.36, 1},
    {"d", "{\"m.shape\": \"very wide\", \"m.side\": \"q\"}", "[1]", 1.00, 1.32, 1},
};
enum { POINTS = sizeof points / sizeof *points };
static const char *const shape_of[] = {"narrow", "narrow", "very wide", "very wide"};
static const char *const side_of[] = {"p", "q", "p", "q"};

static struct marks drawn(const struct point *point, size_t count) {
  char *folder = fabricate_folder();
  points_write(folder, point, count, "made-up", true);
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  const struct plot_options options = {.svg = true};
  if (!plot_run(folder, &options, &written, &left_out, &left_out, &error)) {
    fail_msg("%s", error.message);
  }
  char *svg = fabricate_read(folder, "plots/parallel_coordinates.svg");
  struct marks marks = marks_read(svg);
  free(svg);
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
  return marks;
}

/* The two upright lines of an axis, left and right of its values. */
static double side_beside(const struct marks *marks, const struct mark *text, double towards) {
  double nearest = INFINITY;
  for (size_t i = 0; i < marks->count; i++) {
    const struct mark *line = &marks->mark[i];
    const bool upright = line->kind == MARK_LINE && fabs(line->x - line->x_end) < 0.5 &&
                         fabs(line->y - line->y_end) > 300;
    const double away = towards * (line->x - text->x);
    if (upright && away > 0 && away < nearest) nearest = away;
  }
  assert_true(isfinite(nearest));
  return text->x + towards * nearest;
}

static void a_line_meets_each_axis_at_its_value_and_ends_at_its_mse(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(points, POINTS);
  const struct mark *low = marks_text(&marks, "1"), *high = marks_text(&marks, "1.3");
  const double end = marks_text(&marks, "test MSE")->x;
  assert_true(low->y > high->y && low->x > end);
  for (size_t i = 0; i < POINTS; i++) {
    const struct mark *shape = marks_text(&marks, shape_of[i]);
    const struct mark *side = marks_text(&marks, side_of[i]);
    assert_true(shape->x < side->x && side->x < end);
    const double mse = low->y + (points[i].mse - 1.0) / 0.3 * (high->y - low->y);
    marks_have_line(&marks, NULL, side_beside(&marks, shape, 1), shape->y,
                    side_beside(&marks, side, -1), side->y);
    marks_have_line(&marks, NULL, side_beside(&marks, side, 1), side->y, end, mse);
    if (i + 1 == POINTS) marks_have_point(&marks, MARK_VERMILION, end, mse); /* the best */
  }
  marks_clear(&marks);
}

static bool covers(const struct mark *text, double x, double y) {
  const double wide = 6.6 * (double)width_of(text->text);
  const double from = text->anchor == 's'   ? text->x
                      : text->anchor == 'e' ? text->x - wide
                                            : text->x - wide / 2;
  return x > from && x < from + wide && fabs(y - text->y) < 6;
}

/* Of no line a part lies under a text. */
static void no_line_passes_under_a_text(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(points, POINTS);
  size_t lines = 0, texts = 0;
  for (size_t i = 0; i < marks.count; i++) {
    const struct mark *line = &marks.mark[i];
    texts += line->kind == MARK_TEXT;
    if (line->kind != MARK_LINE) continue;
    lines++;
    for (size_t k = 0; k < marks.count; k++) {
      for (double way = 0; marks.mark[k].kind == MARK_TEXT && way <= 1; way += 0.01) {
        const double x = line->x + way * (line->x_end - line->x);
        const double y = line->y + way * (line->y_end - line->y);
        if (covers(&marks.mark[k], x, y)) fail_msg("a line passes under '%s'", marks.mark[k].text);
      }
    }
  }
  assert_true(lines >= 2 * POINTS && texts >= 10);
  marks_clear(&marks);
}

static bool like(const char *colour, const int rgb[3]) {
  int own[3];
  if (sscanf(colour, "rgb(%d,%d,%d)", &own[0], &own[1], &own[2]) != 3) return false;
  return abs(own[0] - rgb[0]) < 4 && abs(own[1] - rgb[1]) < 4 && abs(own[2] - rgb[2]) < 4;
}

/* The colours along the axis of the MSE: dark at its low end, and of each line as there. */
static void the_colours_are_a_scale_beside_the_mse(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(points, POINTS);
  const struct mark *low = marks_text(&marks, "1"), *high = marks_text(&marks, "1.3");
  const double end = marks_text(&marks, "test MSE")->x;
  static const struct {
    double mse;
    int colour[3];
  } ends[] = {{1.0, {8, 48, 107}}, {1.3, {185, 198, 210}}};
  for (size_t i = 0; i < 2; i++) {
    const double y = low->y + (ends[i].mse - 1.0) / 0.3 * (high->y - low->y);
    bool line = false, box = false;
    for (size_t m = 0; m < marks.count; m++) {
      const struct mark *mark = &marks.mark[m];
      const bool same = like(mark->colour, ends[i].colour);
      line = line || (same && mark->kind == MARK_LINE && fabs(mark->x_end - end) < 1 &&
                      fabs(mark->y_end - y) < 1);
      box = box || (same && mark->kind == MARK_AREA && mark->x > end && mark->x_end < low->x + 1 &&
                    mark->y < y + 4 && mark->y_end > y - 4);
    }
    if (!line || !box) fail_msg("%g: %d line, %d in the scale", ends[i].mse, line, box);
  }
  marks_clear(&marks);
}

/* Three keys, so that two lines go from "1" to "1": they part by 5 pixels of 380, the
 * lower MSE below. The axes stand at heights 0.25 and 0.75. */
static void lines_of_the_same_values_part_on_the_way(void **state) {
  (void)state;
  static const struct point twins[] = {
      {"a", "{\"m.x\": 1, \"m.y\": 1, \"m.z\": 1}", "[1]", 1.1, 1.1, 1},
      {"b", "{\"m.x\": 1, \"m.y\": 1, \"m.z\": 2}", "[1]", 1.2, 1.2, 1},
      {"c", "{\"m.x\": 2, \"m.y\": 2, \"m.z\": 2}", "[1]", 1.3, 1.3, 1},
  };
  char *folder = fabricate_folder();
  points_write(folder, twins, 3, "made-up", true);
  char *data = points_drawn(folder, "plots/parallel_coordinates.tsv");
  /* columns of one letter and 16 pixels, 120 apart: halfway at 23.2 + 60 */
  assert_non_null(strstr(data, "\n83.2\t0.243421\t10\t"));
  assert_non_null(strstr(data, "\n83.2\t0.256579\t10\t"));
  assert_true(strstr(data, "\n83.2\t0.256579\t") < strstr(data, "\n83.2\t0.243421\t"));
  assert_non_null(strstr(data, "\n23.2\t0.25\t10\t"));
  assert_non_null(strstr(data, "\n23.2\t0.75\t120\t0\t1.3\t0\t2\n")); /* straight */
  free(data);
  fabricate_remove(folder);
}

/* From 1 to 81 by the logarithm, in which 9 is the middle. */
static void many_numbers_are_a_scale(void **state) {
  (void)state;
  static const double value[] = {1, 2, 3, 4, 9, 27, 40, 60, 81};
  enum { COUNT = sizeof value / sizeof *value };
  char *folder = fabricate_folder();
  for (size_t i = 0; i < COUNT; i++) {
    char label[8], swept[64];
    (void)snprintf(label, sizeof label, "r%zu", i);
    (void)snprintf(swept, sizeof swept, "{\"m.x\": %g, \"m.y\": %zu}", value[i], i % 2);
    const struct point point = {label, swept, "[1]", 1 + 0.01 * (double)i, 1, 1};
    points_write(folder, &point, 1, "made-up", true);
  }
  char *data = points_drawn(folder, "plots/parallel_coordinates.tsv");
  assert_non_null(strstr(data, "\t0.05\t\"1\"\t0.0\t"));
  assert_non_null(strstr(data, "\t0.275\t\"3\"\t"));
  assert_non_null(strstr(data, "\t0.5\t\"9\"\t"));
  assert_non_null(strstr(data, "\t0.95\t\"81\"\t"));
  assert_null(strstr(data, "\t\"60\"\t"));
  assert_non_null(strstr(data, "\t0.5\t120\t-0.25\t1.04\t0\t4\n")); /* that of 9, to 0.25 */
  free(data);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_meets_each_axis_at_its_value_and_ends_at_its_mse),
      cmocka_unit_test(no_line_passes_under_a_text),
      cmocka_unit_test(the_colours_are_a_scale_beside_the_mse),
      cmocka_unit_test(lines_of_the_same_values_part_on_the_way),
      cmocka_unit_test(many_numbers_are_a_scale),
  };
  return gnuplot_status(cmocka_run_group_tests_name("plot parallel", tests, NULL, NULL));
}
