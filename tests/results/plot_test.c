/* results/plot.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/width.h"
#include "plots/gnuplot.h"
#include "results/plot.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/records/fabricate.h"
#include "tests/results/points.h"

static const char *const odd_labels[] = {"a_b {x}^2 @y \"q\" 'p' back\\slash \\n `touch pwned` #h",
                                         "one [64, 32, 16] and a label that is far too long for "
                                         "one line of a picture, so that it is broken into two"};

static char *odd_run(void) {
  struct fabricated_run run = {.architectures = 2,
                               .seeds = 3,
                               .epochs = 5,
                               .label = odd_labels,
                               .validation = true,
                               .synthetic = true,
                               .irreducible_mse = 0.9,
                               .rating_variance = 1.25};
  return fabricate_run(&run);
}

static char *draw(const char *folder, struct plot_options options) {
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  if (!plot_run(folder, &options, &written, &left_out, &left_out, &error))
    fail_msg("%s", error.message);
  text_clear(&left_out);
  return written.text;
}

static const char *const files[] = {
    "plots/mse_by_architecture.tsv", "plots/mse_by_architecture.gp",
    "plots/mse_by_architecture.svg", "plots/mse_by_architecture.png",
    "plots/learning_curves.tsv",     "plots/learning_curves.gp",
    "plots/learning_curves.svg",     "plots/learning_curves.png"};
enum { FILES = sizeof files / sizeof *files };

static bool has(const char *folder, const char *name) {
  struct error error = {0};
  char *path = file_join(folder, name, &error);
  bool there = file_exists(path);
  free(path);
  return there;
}

static void each_picture_has_its_data_and_script_beside_it(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  char *written = draw(folder, (struct plot_options){.svg = true, .png = true});
  for (size_t i = 0; i < FILES; i++) assert_true(has(folder, files[i]));
  assert_non_null(strstr(written, "plots/mse_by_architecture.svg\n"));
  assert_non_null(strstr(written, "plots/learning_curves.png\n"));
  assert_null(strstr(written, ".gp"));
  free(written);
  fabricate_remove(folder);
}

static void the_script_alone_draws_the_same_bytes(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  free(draw(folder, (struct plot_options){.svg = true}));
  struct error error = {0};
  struct text output = {0};
  char *plots = file_join(folder, "plots", &error);
  static const char *const names[] = {"mse_by_architecture", "learning_curves"};
  for (size_t i = 0; i < 2; i++) {
    char picture[64], script[64];
    (void)snprintf(picture, sizeof picture, "plots/%s.svg", names[i]);
    (void)snprintf(script, sizeof script, "%s.gp", names[i]);
    char *first = fabricate_read(folder, picture);
    char *path = file_join(folder, picture, &error);
    assert_int_equal(unlink(path), 0);
    assert_true(gnuplot_run(plots, script, NULL, &output, &error));
    char *second = fabricate_read(folder, picture);
    assert_string_equal(first, second);
    free(first);
    free(second);
    free(path);
  }
  text_clear(&output);
  free(plots);
  fabricate_remove(folder);
}

static void odd_labels_stand_in_the_picture_as_they_are(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  free(draw(folder, (struct plot_options){.svg = true}));
  for (size_t i = 2; i < FILES; i += 4) {
    char *svg = fabricate_read(folder, files[i]);
    assert_non_null(strstr(svg, "a_b {x}^2 @y \"q\" 'p' back\\slash \\n `touch pwned` #h"));
    assert_non_null(strstr(svg, "SYNTHETIC DATA"));
    free(svg);
  }
  assert_false(has(folder, "plots/pwned"));
  assert_false(file_exists("pwned"));
  fabricate_remove(folder);
}

/* An SVG that is no XML would be refused. */
static void labels_that_xml_has_no_place_for_are_drawn_without_it(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const char *const labels[] = {"a]]>b]]]>c",
                                       "d\xef\xbf\xbe\xef\xbf\xbf e\xc2\x9b"
                                       "f\u202eg\u2028h"};
  struct fabricated_run run = {.architectures = 2, .seeds = 2, .epochs = 3, .label = labels};
  char *folder = fabricate_run(&run);
  free(draw(folder, (struct plot_options){.svg = true}));
  char *svg = fabricate_read(folder, "plots/mse_by_architecture.svg");
  assert_non_null(strstr(svg, "a]] >b]]] >c"));
  assert_non_null(strstr(svg, "d\ufffd\ufffd e f\ufffdg h"));
  free(svg);
  fabricate_remove(folder);
}

static void the_name_of_a_run_is_no_command(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  struct error error = {0};
  char *path = file_join(folder, "architectures.json", &error);
  char *text = fabricate_read(folder, "architectures.json");
  struct text changed = {0};
  const char *name = strstr(text, "\"fabricated\"");
  text_add_bytes(&changed, text, (size_t)(name - text));
  text_add(&changed, "\"it's `touch pwned` \\\\ \\\"@x\\\"\"%s", name + strlen("\"fabricated\""));
  assert_true(file_write_atomic(path, changed.text, changed.length, &error));
  free(draw(folder, (struct plot_options){.svg = true}));
  char *svg = fabricate_read(folder, "plots/mse_by_architecture.svg");
  assert_non_null(strstr(svg, "it's `touch pwned` \\ \"@x\": test MSE"));
  assert_false(has(folder, "plots/pwned"));
  free(svg);
  free(text);
  free(path);
  text_clear(&changed);
  fabricate_remove(folder);
}

static void text_pictures_are_printed(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = odd_run();
  char *written = draw(folder, (struct plot_options){.text = true});
  assert_non_null(strstr(written, "fabricated: test MSE by architecture"));
  assert_non_null(strstr(written, "fabricated: learning curves"));
  assert_null(strstr(written, ".svg"));
  assert_false(has(folder, "plots/mse_by_architecture.svg"));
  free(written);
  fabricate_remove(folder);
}

static void assert_narrow(char *folder) {
  char *written = draw(folder, (struct plot_options){.text = true}), *save = NULL;
  for (char *line = strtok_r(written, "\n", &save); line != NULL;
       line = strtok_r(NULL, "\n", &save)) {
    if (width_of(line) > 80) fail_msg("%zu columns: %s", width_of(line), line);
  }
  free(written);
  fabricate_remove(folder);
}

static void text_pictures_fit_a_terminal_of_80_columns(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  assert_narrow(odd_run());
  struct fabricated_run many = {.architectures = 60,
                                .seeds = 1,
                                .epochs = 2,
                                .validation = true,
                                .irreducible_mse = 0.5,
                                .rating_variance = 1.2};
  assert_narrow(fabricate_run(&many));
  /* a heat map of 14 x 2, with short values and with long ones */
  for (int length = 1; length < 60; length += 50) {
    char *folder = fabricate_folder();
    for (int i = 0; i < 28; i++) {
      struct text label = {0}, swept = {0};
      text_add(&label, "wide_optimizer.name=%0*d second=%d", length, i / 2, i % 2);
      text_add(&swept, "{\"train.wide_optimizer.name\": \"%0*d\", \"train.second\": \"%0*d\"}",
               length, i / 2, length, i % 2);
      const struct point point = {label.text, swept.text, "[1]", 1 + 0.01 * i, 1 + 0.01 * i, 1 + i};
      points_write(folder, &point, 1, "made-up", true);
      text_clear(&label);
      text_clear(&swept);
    }
    char *written = draw(folder, (struct plot_options){.text = true});
    assert_non_null(strstr(written, "1.2700")); /* the last cell */
    if (length > 1) assert_non_null(strstr(written, "name 14: 0000"));
    free(written);
    assert_narrow(folder);
  }
}

static void data_files_hold_means_bars_and_trials(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 2; seed++) {
    struct record record = fabricate_record("x", seed, 3);
    for (size_t i = 0; i < 3; i++) {
      record.curve[i] = (struct record_epoch){0.5 * (double)seed, NAN, (double)seed, 1};
    }
    if (seed == 2) record.epochs = 2;
    fabricate_settle(&record, (double)seed, NAN); /* mean 1.5, sd sqrt(0.5) */
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  free(draw(folder, (struct plot_options){.svg = true}));
  char *means = fabricate_read(folder, "plots/mse_by_architecture.tsv");
  assert_non_null(strstr(means, "\n1\t\"x\"\t2\t1.5\t0.7071067811865476\t"));
  assert_non_null(strstr(means, "\n1\t1.0\t1\t\"\"\n1\t2.0\t2\t\"\"\n"));
  char *curves = fabricate_read(folder, "plots/learning_curves.tsv");
  assert_non_null(strstr(curves, "\"x\"\n1\t2\t0.75\tNaN\t1.5\t1.0\t2.0\t0:1\n2\t2\t"));
  assert_null(strstr(curves, "\n3\t")); /* of one seed alone */
  char *script = fabricate_read(folder, "plots/learning_curves.gp");
  assert_non_null(strstr(script, "cut = 1\n"));
  free(script);
  free(means);
  free(curves);
  fabricate_remove(folder);
}

static size_t lines_with(const char *text, const char *word) {
  size_t count = 0;
  for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) count++;
  return count;
}

/* A likelihood is no MSE: it has no place on their axis. */
static void a_training_loss_that_is_no_mse_is_not_drawn(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  struct record record = fabricate_record("x", 1, 3);
  json_object_set_new(record.config, "model",
                      json_pack("{s:{s:s, s:f}}", "head", "name", "ordinal", "slope", 2.0));
  for (size_t i = 0; i < 3; i++) record.curve[i].train_loss = 7.25;
  fabricate_write(folder, &record);
  record_clear(&record);
  free(draw(folder, (struct plot_options){.svg = true}));
  char *curves = fabricate_read(folder, "plots/learning_curves.tsv");
  char *svg = fabricate_read(folder, "plots/learning_curves.svg");
  assert_non_null(strstr(curves, "\"x\"\n1\t1\tNaN\t"));
  assert_null(strstr(curves, "7.25"));
  /* The key has a line for the validation MSE; gnuplot names each group, an empty one too. */
  assert_int_equal(lines_with(svg, "training loss"), 1);
  assert_int_equal(lines_with(svg, "validation MSE"), 2);
  free(curves);
  free(svg);
  fabricate_remove(folder);
}

static void of_many_those_of_the_lowest_validation_mse_are_shown(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct fabricated_run run = {.architectures = 60,
                               .seeds = 1,
                               .epochs = 2,
                               .validation = true,
                               .irreducible_mse = NAN,
                               .rating_variance = NAN};
  char *folder = fabricate_run(&run);
  free(draw(folder, (struct plot_options){.svg = true}));
  char *means = fabricate_read(folder, "plots/mse_by_architecture.tsv");
  assert_int_equal(lines_with(means, "hidden="), PLOT_ARCHITECTURES);
  char *curves = fabricate_read(folder, "plots/learning_curves.tsv");
  assert_int_equal(lines_with(curves, "hidden="), PLOT_CURVES);
  char *svg = fabricate_read(folder, "plots/mse_by_architecture.svg");
  assert_non_null(strstr(svg, "the 40 of 60 architectures with the lowest validation MSE"));
  free(means);
  free(curves);
  free(svg);
  fabricate_remove(folder);
}

static void an_architecture_that_only_failed_is_counted_below(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  struct record records[] = {fabricate_failure("a", 1, "killed by signal 9"),
                             fabricate_record("b", 1, 2)};
  for (size_t i = 0; i < 2; i++) {
    fabricate_write(folder, &records[i]);
    record_clear(&records[i]);
  }
  free(draw(folder, (struct plot_options){.svg = true, .text = true}));
  char *svg = fabricate_read(folder, "plots/mse_by_architecture.svg");
  assert_non_null(strstr(svg, "without 1 that have no finished trial"));
  char *curves = fabricate_read(folder, "plots/learning_curves.tsv");
  assert_null(strstr(curves, "\"a\""));
  free(svg);
  free(curves);
  fabricate_remove(folder);
}

static void without_gnuplot_data_and_scripts_are_kept_and_the_package_named(void **state) {
  (void)state;
  char *folder = odd_run();
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1), 0);
  bool done =
      plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out, &error);
  assert_int_equal(unsetenv("CROSSLANE_GNUPLOT"), 0);
  assert_false(done);
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_non_null(strstr(error.message, "cannot run '/no/such/gnuplot'"));
  assert_non_null(strstr(error.message, "gnuplot-nox"));
  assert_non_null(strstr(error.message, "/plots; `gnuplot NAME.gp` there draws them"));
  assert_true(has(folder, "plots/mse_by_architecture.tsv"));
  assert_true(has(folder, "plots/mse_by_architecture.gp"));
  assert_true(has(folder, "plots/learning_curves.tsv"));
  assert_true(has(folder, "plots/learning_curves.gp"));
  assert_false(has(folder, "plots/mse_by_architecture.svg"));
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void what_gnuplot_complains_of_is_in_the_error(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = fabricate_folder();
  struct error error = {0};
  struct text output = {0};
  char *path = file_join(folder, "bad.gp", &error);
  assert_true(file_write_atomic(path, "plot nonsense\n", 14, &error));
  assert_false(gnuplot_run(folder, "bad.gp", NULL, &output, &error));
  assert_non_null(strstr(error.message, "gnuplot failed at bad.gp"));
  assert_non_null(strstr(error.message, "nonsense"));
  free(path);
  text_clear(&output);
  fabricate_remove(folder);
}

static void a_run_without_a_finished_trial_is_not_drawn(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_false(plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out,
                        &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_non_null(strstr(error.message, "nothing to draw"));
  assert_false(has(folder, "plots"));
  text_clear(&written);
  fabricate_remove(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_picture_has_its_data_and_script_beside_it),
      cmocka_unit_test(the_script_alone_draws_the_same_bytes),
      cmocka_unit_test(odd_labels_stand_in_the_picture_as_they_are),
      cmocka_unit_test(labels_that_xml_has_no_place_for_are_drawn_without_it),
      cmocka_unit_test(the_name_of_a_run_is_no_command),
      cmocka_unit_test(text_pictures_are_printed),
      cmocka_unit_test(text_pictures_fit_a_terminal_of_80_columns),
      cmocka_unit_test(data_files_hold_means_bars_and_trials),
      cmocka_unit_test(a_training_loss_that_is_no_mse_is_not_drawn),
      cmocka_unit_test(of_many_those_of_the_lowest_validation_mse_are_shown),
      cmocka_unit_test(an_architecture_that_only_failed_is_counted_below),
      cmocka_unit_test(without_gnuplot_data_and_scripts_are_kept_and_the_package_named),
      cmocka_unit_test(what_gnuplot_complains_of_is_in_the_error),
      cmocka_unit_test(a_run_without_a_finished_trial_is_not_drawn),
  };
  return gnuplot_status(cmocka_run_group_tests(tests, NULL, NULL));
}
