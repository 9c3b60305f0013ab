/* speeds/plot_speeds.h, on made files whose rates and roofs are known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "plots/gnuplot.h"
#include "speeds/plot_speeds.h"
#include "speeds/roofline_numbers.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/plots/marks.h"

static const char *const names[] = {"kernel_speed_dense", "kernel_speed_tables",
                                    "kernel_speed_vectors", "roofline"};
enum { NAMES = sizeof names / sizeof *names };

static char folder[64];

static int make_folder(void **state) {
  (void)state;
  (void)snprintf(folder, sizeof folder, "plot-test-XXXXXX");
  return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state) {
  (void)state;
  char command[128];
  (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
  return system(command);
}

static char *in_folder(const char *name) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  assert_non_null(path);
  return path;
}

static char *read_back(const char *name) {
  struct error error = {0};
  size_t size;
  char *path = in_folder(name);
  char *text = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  if (text == NULL) fail_msg("%s", error.message);
  free(path);
  return text;
}

static void add(struct text *text, const char *kernel, const char *isa, const char *by, double ns,
                double flop, double bytes) {
  text_add(text,
           "%s{\"name\":\"%s/%s/%s\",\"cpu_time\":%g,\"real_time\":%g,\"time_unit\":\"ns\","
           "\"launch\":0,\"flop\":%g,\"bytes\":%g,\"level\":1}",
           text->text[text->length - 1] == '[' ? "" : ",", kernel, isa, by, ns, ns, flop, bytes);
}

/* Peaks of 100 GFLOP/s and 10 GB/s. dense_forward: 2000 FLOP and 100 bytes in
 * 40 ns; l2: 50 FLOP and 300 bytes in 60 ns; embedding_gather: 80 bytes in 16. */
static char *make_file(const char *name, const char *cpu, const char *isa, bool emulated) {
  struct text text = {0};
  struct error error = {0};
  text_add(&text,
           "{\"context\":{\"crosslane_cpu\":\"%s\",\"crosslane_emulated\":\"%s\","
           "\"crosslane_commit\":\"c0ffee\"},\"benchmarks\":[",
           cpu, emulated ? "true" : "false");
  add(&text, "peak/fma/hot", isa, "machine", 10, 1000, 0);
  add(&text, "peak/read-L1/hot", isa, "machine", 10, 0, 100);
  add(&text, "dense_forward/8x8x8/hot", isa, "crosslane", 40, 2000, 100);
  add(&text, "embedding_gather/8-L2/hot", isa, "crosslane", 16, 0, 80);
  add(&text, "l2/100/hot", isa, "crosslane", 60, 50, 300);
  add(&text, "l2/100/hot", isa, "autovec", 777, 50, 300);
  text_add(&text, "]}");
  char *path = in_folder(name);
  assert_true(file_write_atomic(path, text.text, text.length, &error));
  text_clear(&text);
  return path;
}

static void draw(const char *const *paths, size_t count) {
  struct text written = {0};
  struct error error = {0};
  const struct plot_options options = {.svg = true, .png = true};
  if (!plot_speeds(paths, count, &options, &written, &error)) fail_msg("%s", error.message);
  assert_non_null(strstr(written.text, "plots/roofline.svg\n"));
  text_clear(&written);
}

static void has(const char *name, const char *needle) {
  char *text = read_back(name);
  if (strstr(text, needle) == NULL) fail_msg("no '%s' in %s:\n%s", needle, name, text);
  free(text);
}

static void has_not(const char *name, const char *needle) {
  char *text = read_back(name);
  if (strstr(text, needle) != NULL) fail_msg("'%s' in %s:\n%s", needle, name, text);
  free(text);
}

static void rates_roofs_and_intensities_are_those_of_the_times(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *path = make_file("a.json", "one cpu", "avx2", false);
  const char *paths[] = {path};
  draw(paths, 1);
  has("plots/kernel_speed_dense.tsv", "\"dense_forward  8x8x8\"");
  has("plots/kernel_speed_dense.tsv", "\t50.0\t100.0\n"); /* 2000 / 40; the FMA peak */
  has("plots/kernel_speed_tables.tsv", "\t5.0\t10.0\n");  /* 80 / 16; L1 */
  has("plots/kernel_speed_vectors.tsv", "\t5.0\t10.0\n"); /* 300 / 60; L1 */
  has("plots/roofline.tsv", "dense_forward\t20\t50\t1\t1\t");
  has("plots/kernel_speed_dense.gp", "title_text = 'Kernel speed: dense layers, on one cpu'\n");
  has("plots/roofline.tsv", "l2\t0.166667\t0.833333\t1\t2\t");
  has_not("plots/roofline.tsv", "embedding_gather"); /* has no operations */
  has("plots/roofline.tsv", "10\t100\n");            /* where L1's roof meets FMA's */
  free(path);
}

static struct marks marks_of(const char *name) {
  char *svg = read_back(name);
  struct marks marks = marks_read(svg);
  free(svg);
  return marks;
}

/* dense_forward reaches 50 GFLOP/s under a peak of 100, l2 5 GB/s under 10. */
static void speeds_and_limits_stand_beside_their_shape(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const struct {
    const char *name, *shape;
    double rate, roof;
  } pictures[] = {{"plots/kernel_speed_dense.svg", "dense_forward  8x8x8", 50, 100},
                  {"plots/kernel_speed_vectors.svg", "l2  100", 5, 10}};
  char *path = make_file("a.json", "one cpu", "avx2", false);
  const char *paths[] = {path};
  draw(paths, 1);
  for (size_t i = 0; i < 2; i++) {
    struct marks marks = marks_of(pictures[i].name);
    const struct scale x = marks_x_scale(&marks, false);
    const double rate = scale_at(&x, pictures[i].rate), roof = scale_at(&x, pictures[i].roof);
    const double y = marks_text(&marks, pictures[i].shape)->y;
    marks_have_point(&marks, MARK_BLUE, rate, y);
    marks_have_line(&marks, MARK_BLUE, roof, y + 8, roof, y - 8);
    marks_clear(&marks);
  }
  free(path);
}

static bool has_text_near(const struct marks *marks, const char *text, double x, double y) {
  for (size_t i = 0; i < marks->count; i++) {
    const struct mark *mark = &marks->mark[i];
    if (mark->kind == MARK_TEXT && strcmp(mark->text, text) == 0 && fabs(mark->x - x) < 20 &&
        fabs(mark->y - y) < 20) {
      return true;
    }
  }
  return false;
}

/* L1 gives 10 GB/s up to 10 FLOP per byte, then the FMA peak of 100 GFLOP/s is
 * the limit. dense_forward has 20 FLOP per byte, l2 one sixth. */
static void a_kernel_stands_under_its_roof(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *path = make_file("a.json", "one cpu", "avx2", false);
  const char *paths[] = {path};
  draw(paths, 1);
  struct marks marks = marks_of("plots/roofline.svg");
  const struct scale x = marks_x_scale(&marks, true), y = marks_y_scale(&marks, true);
  marks_have_point(&marks, MARK_BLUE, scale_at(&x, 20), scale_at(&y, 50));
  marks_have_point(&marks, MARK_BLUE, scale_at(&x, 1.0 / 6), scale_at(&y, 5.0 / 6));
  bool sloping = false, flat = false;
  for (size_t i = 0; i < marks.count; i++) {
    const struct mark *line = &marks.mark[i];
    if (line->kind != MARK_LINE) continue;
    const bool meets = fabs(line->x_end - scale_at(&x, 10)) < 1;
    sloping = sloping ||
              (meets && strcmp(line->colour, MARK_BLUE) == 0 &&
               fabs(line->y_end - scale_at(&y, 100)) < 1 &&
               fabs((line->y - line->y_end) / (line->x - line->x_end) + y.slope / -x.slope) < 0.02);
    flat = flat || (fabs(line->x - scale_at(&x, 10)) < 1 && line->x_end > line->x + 20 &&
                    strcmp(line->colour, "rgb( 64,  64,  64)") == 0 &&
                    fabs(line->y - scale_at(&y, 100)) < 1 && fabs(line->y_end - line->y) < 1);
  }
  assert_true(sloping);
  assert_true(flat);
  assert_true(has_text_near(&marks, "1", scale_at(&x, 20), scale_at(&y, 50)));
  assert_true(has_text_near(&marks, "2", scale_at(&x, 1.0 / 6), scale_at(&y, 5.0 / 6)));
  marks_clear(&marks);
  free(path);
}

/* 16 points in a heap, a third of them at one place, under two roofs. */
static void numbers_cover_no_number_no_point_and_no_roof(void **state) {
  (void)state;
  enum { COUNT = 16 };
  struct roofline_number number[COUNT];
  const struct roofline_roof roof[] = {{0, 70, 200, 270}, {200, 270, 460, 270}};
  for (size_t i = 0; i < COUNT; i++) {
    const double way = i % 3 == 0 ? 0 : (double)i;
    number[i] = (struct roofline_number){.x = 150 + 4 * way, .y = 200 - 3 * way};
  }
  struct error error = {0};
  assert_true(roofline_number_place(number, COUNT, roof, 2, 460, 330, &error));
  for (size_t i = 0; i < COUNT; i++) {
    const double x = number[i].label_x, y = number[i].label_y;
    assert_true(x >= 8 && x <= 452 && y >= 6 && y <= 324);
    assert_true(hypot(x - number[i].x, y - number[i].y) < 140);
    if (hypot(x - number[i].x, y - number[i].y) > 17) assert_true(number[i].led);
    for (size_t k = 0; k < COUNT; k++) {
      assert_false(fabs(x - number[k].x) < 12 && fabs(y - number[k].y) < 10);
      if (k == i) continue;
      assert_false(fabs(x - number[k].label_x) < 16 && fabs(y - number[k].label_y) < 12);
    }
    for (double at = 0; at <= 200; at++) assert_false(fabs(at - x) < 8 && fabs(70 + at - y) < 6);
    assert_false(x > 192 && fabs(y - 270) < 6);
  }
}

static void drawn_again(size_t files) {
  char *path = make_file("a.json", "one cpu", "avx2", false);
  char *other = make_file("b.json", "another cpu", "neon", false);
  const char *paths[] = {path, other};
  draw(paths, files);
  char *plots = in_folder("plots");
  for (size_t i = 0; i < NAMES; i++) {
    char svg[64], png[64], script[64];
    (void)snprintf(svg, sizeof svg, "plots/%s.svg", names[i]);
    (void)snprintf(png, sizeof png, "plots/%s.png", names[i]);
    (void)snprintf(script, sizeof script, "%s.gp", names[i]);
    char *first = read_back(svg);
    assert_non_null(strstr(first, "one cpu"));
    assert_true((strstr(first, "another cpu") != NULL) == (files == 2));
    assert_non_null(strstr(first, "c0ffee"));
    char *picture = in_folder(png);
    assert_true(file_exists(picture));
    free(picture);
    picture = in_folder(svg);
    assert_int_equal(unlink(picture), 0);
    free(picture);
    struct text output = {0};
    struct error error = {0};
    if (!gnuplot_run(plots, script, NULL, &output, &error)) fail_msg("%s", error.message);
    char *second = read_back(svg);
    assert_string_equal(first, second);
    free(first);
    free(second);
    text_clear(&output);
  }
  free(plots);
  free(path);
  free(other);
}

static void each_picture_is_drawn_again_by_its_script(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  drawn_again(1);
  drawn_again(2);
}

/* `count` shapes in each file, of which the first has two instruction sets and a
 * shape more. Times in ns are 40 and 20 of AVX2 and AVX-512, and 100 of NEON. */
static void make_pair(size_t count, char *paths[2]) {
  for (int file = 0; file < 2; file++) {
    struct text text = {0};
    struct error error = {0};
    text_add(&text, "{\"context\":{\"crosslane_cpu\":\"%s cpu\"},\"benchmarks\":[",
             file == 0 ? "x86" : "arm");
    for (size_t i = 0; i < count + (file == 0); i++) {
      char name[64];
      (void)snprintf(name, sizeof name, "dense_forward/%zux1x1/hot", i + 1);
      if (file == 0) add(&text, name, "avx2", "crosslane", 40, 2000, 100);
      if (file == 0) add(&text, name, "avx512", "crosslane", 20, 2000, 100);
      if (file == 1) add(&text, name, "neon", "crosslane", 100, 2000, 100);
    }
    text_add(&text, "]}");
    paths[file] = in_folder(file == 0 ? "x86.json" : "arm.json");
    assert_true(file_write_atomic(paths[file], text.text, text.length, &error));
    text_clear(&text);
  }
}

/* Best of each: 2000 / 20 and 2000 / 100. */
static void machines_stand_on_one_axis_with_their_best(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *paths[2];
  make_pair(2, paths);
  draw((const char *const *)paths, 2);
  struct marks marks = marks_of("plots/kernel_speed_dense.svg");
  const struct scale x = marks_x_scale(&marks, false);
  const double y = marks_text(&marks, "2x1x1")->y;
  marks_have_point(&marks, MARK_BLUE, scale_at(&x, 100), y);
  marks_have_point(&marks, MARK_VERMILION, scale_at(&x, 20), y);
  marks_have_line(&marks, NULL, scale_at(&x, 20), y, scale_at(&x, 100), y);
  marks_clear(&marks);
  has("plots/kernel_speed_dense.svg", "dense_forward  1x1x1");
  has("plots/kernel_speed_dense.svg", "not drawn, since not every file has them: 1");
  has_not("plots/kernel_speed_dense.svg", "3x1x1");
  for (size_t i = 0; i < 2; i++) free(paths[i]);
}

static void fits_a_screen(const char *name, long least) {
  char *svg = read_back(name);
  const char *height = strstr(svg, " height=\"");
  assert_non_null(height);
  const long pixels = strtol(height + strlen(" height=\""), NULL, 10);
  if (pixels < least || pixels > 1000) fail_msg("%s: %ld pixels", name, pixels);
  free(svg);
}

/* 65 shapes of two machines, and 66 of one; of twice as many the second half on a page of
 * its own, and the first only on the first. */
static void many_shapes_fit_a_screen(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *paths[2];
  make_pair(65, paths);
  for (size_t count = 1; count <= 2; count++) {
    draw((const char *const *)paths, count);
    fits_a_screen("plots/kernel_speed_dense.svg", 800);
    char *second = in_folder("plots/kernel_speed_dense_2.svg");
    assert_false(file_exists(second));
    free(second);
  }
  for (size_t i = 0; i < 2; i++) free(paths[i]);
  make_pair(130, paths);
  draw((const char *const *)paths, 2);
  fits_a_screen("plots/kernel_speed_dense.svg", 800);
  fits_a_screen("plots/kernel_speed_dense_2.svg", 800);
  has("plots/kernel_speed_dense.tsv", "\"65x1x1\"");
  has_not("plots/kernel_speed_dense.tsv", "66x1x1\"");
  has("plots/kernel_speed_dense_2.tsv", "\"dense_forward  66x1x1\"");
  has("plots/kernel_speed_dense_2.tsv", "\"130x1x1\"");
  has("plots/kernel_speed_dense_2.gp", "dense layers, 2 of 2'\n");
  for (size_t i = 0; i < 2; i++) free(paths[i]);
}

/* The instruction sets of one machine on one line each: AVX2 in 40 ns, AVX-512 in 20. A
 * shape that one of them lacks has the other's point alone. */
static void instruction_sets_stand_on_the_line_of_their_shape(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *paths[2];
  make_pair(2, paths);
  draw((const char *const *)paths, 1);
  struct marks marks = marks_of("plots/kernel_speed_dense.svg");
  const struct scale x = marks_x_scale(&marks, false);
  static const char *const shapes[] = {"dense_forward  1x1x1", "2x1x1", "3x1x1"};
  for (size_t i = 0; i < 3; i++) {
    const double y = marks_text(&marks, shapes[i])->y;
    marks_have_point(&marks, MARK_BLUE, scale_at(&x, 50), y);
    marks_have_point(&marks, MARK_VERMILION, scale_at(&x, 100), y);
    marks_have_line(&marks, NULL, scale_at(&x, 50), y, scale_at(&x, 100), y);
  }
  marks_clear(&marks);
  for (size_t i = 0; i < 2; i++) free(paths[i]);
}

/* As many machines as plot takes have a panel each. */
static void rooflines_of_many_machines_fit_a_screen(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *paths[PLOT_SPEEDS_FILES];
  for (size_t i = 0; i < PLOT_SPEEDS_FILES; i++) {
    char name[32], cpu[32];
    (void)snprintf(name, sizeof name, "m%zu.json", i);
    (void)snprintf(cpu, sizeof cpu, "cpu number %zu", i);
    paths[i] = make_file(name, cpu, i % 2 == 0 ? "avx2" : "neon", false);
  }
  draw((const char *const *)paths, PLOT_SPEEDS_FILES);
  fits_a_screen("plots/roofline.svg", 500);
  for (size_t i = 0; i < PLOT_SPEEDS_FILES; i++) {
    char cpu[32];
    (void)snprintf(cpu, sizeof cpu, "cpu number %zu (", i);
    has("plots/roofline.svg", cpu);
    free(paths[i]);
  }
}

static void an_emulated_file_is_named_and_not_drawn(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *path = make_file("a.json", "one cpu", "avx2", false);
  char *emulated = make_file("q.json", "translated", "neon", true);
  const char *paths[] = {emulated, path};
  draw(paths, 2);
  for (size_t i = 0; i < NAMES; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "plots/%s.svg", names[i]);
    has(name, "EMULATED");
    has_not(name, "neon");
    (void)snprintf(name, sizeof name, "plots/%s.tsv", names[i]);
    has_not(name, "neon");
  }
  free(path);
  free(emulated);
}

static void refused(const char *path, bool text, const char *needle) {
  struct text written = {0};
  struct error error = {0};
  const struct plot_options options = {.svg = true, .text = text};
  assert_false(plot_speeds(&path, 1, &options, &written, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  if (strstr(error.message, needle) == NULL) fail_msg("no '%s' in: %s", needle, error.message);
  char *plots = in_folder("plots");
  assert_false(file_exists(plots));
  free(plots);
  text_clear(&written);
}

static void nothing_but_emulated_times_is_refused(void **state) {
  (void)state;
  char *path = make_file("q.json", "translated", "neon", true);
  refused(path, false, "no speeds to draw");
  free(path);
}

static void a_text_picture_is_refused(void **state) {
  (void)state;
  char *path = make_file("a.json", "one cpu", "avx2", false);
  refused(path, true, "svg or png");
  free(path);
}

int main(void) {
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      IN_A_FOLDER(rates_roofs_and_intensities_are_those_of_the_times),
      IN_A_FOLDER(speeds_and_limits_stand_beside_their_shape),
      IN_A_FOLDER(a_kernel_stands_under_its_roof),
      IN_A_FOLDER(each_picture_is_drawn_again_by_its_script),
      IN_A_FOLDER(machines_stand_on_one_axis_with_their_best),
      IN_A_FOLDER(many_shapes_fit_a_screen),
      IN_A_FOLDER(instruction_sets_stand_on_the_line_of_their_shape),
      IN_A_FOLDER(rooflines_of_many_machines_fit_a_screen),
      cmocka_unit_test(numbers_cover_no_number_no_point_and_no_roof),
      IN_A_FOLDER(an_emulated_file_is_named_and_not_drawn),
      IN_A_FOLDER(nothing_but_emulated_times_is_refused),
      IN_A_FOLDER(a_text_picture_is_refused),
  };
  return gnuplot_status(cmocka_run_group_tests(tests, NULL, NULL));
}
