/* plots/: a picture depends on its data and its script alone. */
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
#include "tests/plots/gnuplot_status.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

/* A grid of two keys: every kind of picture but those of equal counts. */
static char *grid_run(void) {
  static const struct point grid[] = {
      {"a", "{\"m.x\": 1, \"model.deep.hidden\": []}", "[]", 1.30, 1.31, 1},
      {"b", "{\"m.x\": 2, \"model.deep.hidden\": []}", "[]", 1.20, 1.21, 2},
      {"c", "{\"m.x\": 1, \"model.deep.hidden\": [8]}", "[8]", 1.18, 1.19, 3},
      {"d", "{\"m.x\": 2, \"model.deep.hidden\": [8]}", "[8]", 1.16, 1.17, 4},
      {"e", "{\"m.x\": 1, \"model.deep.hidden\": [8, 8]}", "[8, 8]", 1.15, 1.16, 5},
      {"f", "{\"m.x\": 2, \"model.deep.hidden\": [8, 8]}", "[8, 8]", 1.14, 1.15, 6},
  };
  char *folder = fabricate_folder();
  points_write(folder, grid, sizeof grid / sizeof *grid, "made-up", true);
  return folder;
}

/* The pictures of the run, drawn into its folder `name`: their paths, one a line. */
static char *draw(const char *folder, const char *name) {
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  char *out = file_join(folder, name, &error);
  const struct plot_options options = {.svg = true, .png = true, .out = out};
  if (!plot_run(folder, &options, &written, &left_out, &left_out, &error))
    fail_msg("%s", error.message);
  text_clear(&left_out);
  free(out);
  return written.text;
}

static void write_file(const char *folder, const char *name, const char *text) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  if (!file_write_atomic(path, text, strlen(text), &error)) fail_msg("%s", error.message);
  free(path);
}

static void assert_same_file(const char *left, const char *right) {
  size_t size, other_size;
  struct error error = {0};
  char *bytes = file_read(left, FILE_MOST_JSON, &size, ERROR_SYSTEM, &error);
  char *other = file_read(right, FILE_MOST_JSON, &other_size, ERROR_SYSTEM, &error);
  if (bytes == NULL || other == NULL) fail_msg("%s", error.message);
  if (size != other_size || memcmp(bytes, other, size) != 0) fail_msg("%s differs", left);
  free(bytes);
  free(other);
}

/* Each path with its folder `plots` against the same one in `other`. */
static void assert_same_pictures(const char *folder, const char *written, size_t expected) {
  size_t count = 0;
  char *paths = strdup(written), *save = NULL;
  for (char *path = strtok_r(paths, "\n", &save); path != NULL;
       path = strtok_r(NULL, "\n", &save)) {
    struct text other = {0};
    text_add(&other, "%s/other%s", folder, strrchr(path, '/'));
    assert_same_file(path, other.text);
    text_clear(&other);
    count++;
  }
  assert_int_equal(count, expected);
  free(paths);
}

enum { PICTURES = 2 * 7 };

/* What `reset` leaves as it was, what it does not, and names of the scripts. */
static const char start_up[] =
    "set terminal svg mouse standalone size 99,99 dynamic font 'Times,33' lw 5 dashlength 4\n"
    "set terminal pngcairo enhanced transparent lw 7 pointscale 9 crop\n"
    "set terminal dumb size 20,20 ansi\n"
    "set output 'elsewhere'\nset print 'printed'\nset table 'table'\n"
    "set decimalsign ','\nset encoding iso_8859_1\nset colorsequence classic\n"
    "do for [i = 1:8] { set linetype i lc rgb 'red' lw 9 dt 3 pt 3 ps 4 }\n"
    "set linetype cycle 3\nset dashtype 3 (1, 2, 3, 4)\n"
    "set datafile separator ','\nset datafile missing '1'\nset datafile commentschars '0'\n"
    "set xrange [0:1]\nset logscale y 2\nunset key\nset style data boxes\nset palette gray\n"
    "set size 0.5, 0.5\nset format '%.9f'\nset title font ',40'\nset label 77 'no' at 1, 1\n"
    "set lmargin 40\nset timestamp\nset angles degrees\nset dummy t\nset border 15 lw 9\n"
    "data = 'none.tsv'\nformats = 'text'\ntitle_text = 'no'\nbest = 3\nclip = 0.5\nhover = 1\n"
    "others = 1\nfront_text = 'no'\ngreater(a, b) = a < b ? a : b\n"
    "if (GPVAL_VERSION >= 5.4) set minussign; set datafile columnheaders\n";

static void no_start_up_file_changes_a_picture_drawn_by_hand(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = grid_run();
  char *written = draw(folder, "plots");
  write_file(folder, ".gnuplot", start_up);
  struct text command = {0};
  text_add(&command,
           "cd '%s' && mkdir other && cp plots/*.tsv plots/*.gp other && cd other &&"
           " for script in *.gp; do HOME=.. GNUTERM=dumb gnuplot \"$script\" 2>/dev/null || exit "
           "1; done",
           folder);
  assert_int_equal(system(command.text), 0);
  assert_same_pictures(folder, written, PICTURES);
  text_clear(&command);
  free(written);
  fabricate_remove(folder);
}

static void no_variable_of_the_environment_changes_a_picture(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = grid_run();
  char *written = draw(folder, "plots");
  write_file(folder, ".gnuplot", "exit gnuplot\n"); /* where it is read nothing is drawn */
  write_file(folder, "gnuplotrc", start_up);
  const char *const variables[][2] = {{"GNUTERM", "x11"},
                                      {"GNUPLOT_LIB", folder},
                                      {"GNUPLOT_FONTPATH", folder},
                                      {"HOME", folder},
                                      {"DISPLAY", ":99"},
                                      {"LC_ALL", "C"},
                                      {"LANG", "tr_TR.ISO-8859-9"},
                                      {"GNUHELP", "/nowhere"},
                                      {"GNUPLOT_SHARE_DIR", folder},
                                      {"GDFONTPATH", folder},
                                      {"PANGO_LANGUAGE", "tr"},
                                      {"SOURCE_DATE_EPOCH", "1"}};
  enum { VARIABLES = sizeof variables / sizeof *variables };
  char *before[VARIABLES];
  for (size_t i = 0; i < VARIABLES; i++) {
    const char *value = getenv(variables[i][0]);
    before[i] = value != NULL ? strdup(value) : NULL;
    assert_int_equal(setenv(variables[i][0], variables[i][1], 1), 0);
  }
  free(draw(folder, "other"));
  for (size_t i = 0; i < VARIABLES; i++) {
    if (before[i] != NULL) {
      (void)setenv(variables[i][0], before[i], 1);
    } else {
      (void)unsetenv(variables[i][0]);
    }
    free(before[i]);
  }
  assert_same_pictures(folder, written, PICTURES);
  free(written);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_start_up_file_changes_a_picture_drawn_by_hand),
      cmocka_unit_test(no_variable_of_the_environment_changes_a_picture),
  };
  return gnuplot_status(cmocka_run_group_tests_name("plot alone", tests, NULL, NULL));
}
