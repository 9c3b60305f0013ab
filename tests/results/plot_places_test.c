/* results/scripts/: what a picture shows stands where its axes have it. Every
 * number of the run is another one, so that none can pass for another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/gnuplot.h"
#include "results/plot.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/plots/marks.h"
#include "tests/records/fabricate.h"

enum { EPOCHS = 3, SEEDS = 2 };

/* Two keys of two values. The trials are at mse - away and mse + away. */
struct model {
  const char *label, *hidden, *side;
  double mse, away, validation, train, cpu_seconds;
};

static const struct model models[] = {
    {"a", "[]", "p", 1.30, 0.02, 1.50, 0.91, 1.0},
    {"b", "[]", "q", 1.20, 0.03, 1.42, 0.82, 1.5},
    {"c", "[8]", "p", 1.10, 0.04, 1.36, 0.73, 2.0},
    {"d", "[8]", "q", 1.00, 0.01, 1.32, 0.64, 2.5}, /* best by validation */
};
enum { MODELS = sizeof models / sizeof *models };

static double sd_of(const struct model *model) {
  return sqrt(2) * model->away; /* of two values, over n - 1 */
}

/* Each curve falls by a step of its own an epoch, and ends at the model's value. */
static void set_curve(struct record *record, const struct model *model) {
  for (size_t i = 0; i < EPOCHS; i++) {
    const double left = (double)(EPOCHS - 1 - i);
    record->curve[i] = (struct record_epoch){.train_loss = model->train + 0.03 * left,
                                             .validation_mse = model->validation + 0.02 * left,
                                             .test_mse = record->mse + 0.01 * left,
                                             .seconds = 0.25};
  }
}

static char *run_of(const struct model *model, size_t count) {
  char *folder = fabricate_folder();
  for (size_t i = 0; i < SEEDS * count; i++) {
    const struct model *own = &model[i / SEEDS];
    struct record record = fabricate_record(own->label, i % SEEDS + 1, EPOCHS);
    record.mse = own->mse + (i % SEEDS == 0 ? -own->away : own->away);
    record.rmse = sqrt(record.mse);
    record.mae = 0.8 * record.rmse;
    record.validation_mse = own->validation;
    record.train_mse = own->train;
    record.train_cpu_seconds = own->cpu_seconds;
    set_curve(&record, own);
    json_decref(record.swept);
    record.swept = json_pack("{s:o, s:s}", "model.deep.hidden", json_loads(own->hidden, 0, NULL),
                             "m.side", own->side);
    json_object_set_new(record.config, "model",
                        json_pack("{s:{s:o, s:[s]}}", "deep", "hidden",
                                  json_loads(own->hidden, 0, NULL), "columns", "age"));
    fabricate_write(folder, &record);
    record_clear(&record);
  }
  return folder;
}

static struct marks marks_of(const char *folder, const char *name) {
  struct text path = {0};
  text_add(&path, "plots/%s.svg", name);
  char *svg = fabricate_read(folder, path.text);
  struct marks marks = marks_read(svg);
  free(svg);
  text_clear(&path);
  return marks;
}

static struct marks drawn(const struct model *model, size_t count, const char *name) {
  char *folder = run_of(model, count);
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  if (!plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out,
                &error)) {
    fail_msg("%s", error.message);
  }
  struct marks marks = marks_of(folder, name);
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
  return marks;
}

static char *own_text(const char *words) {
  char *copy = strdup(words);
  assert_non_null(copy);
  return copy;
}

static void stands_at_the_left(const struct marks *marks, const char *text, double y) {
  const struct mark *line = marks_text(marks, text);
  assert_int_equal(line->anchor, 's');
  if (fabs(line->x - 16) > 1 || fabs(line->y - y) > 2) {
    fail_msg("'%s' stands at %g, %g", text, line->x, line->y);
  }
}

/* Of every picture, whatever it shows. */
static void the_title_is_one_line_and_the_question_stands_below_it(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const char *const titles[][2] = {
      {"mse_by_architecture", "layers: test MSE by architecture (made-up)"},
      {"mse_against_runtime", "layers: test MSE against training time (made-up)"},
      {"mse_against_depth", "layers: test MSE against depth (made-up)"},
      {"heat_map", "layers: test MSE by hidden and side (made-up)"},
      {"importance", "layers: hyperparameter importance (made-up)"},
      {"parallel_coordinates", "layers: parallel coordinates (made-up)"},
      {"learning_curves", "layers: learning curves (made-up)"}};
  char *folder = run_of(models, MODELS);
  struct summary summary;
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_true(summary_read(folder, &summary, &left_out, &error));
  free(summary.name);
  free(summary.description);
  summary.name = own_text("layers");
  summary.description = own_text("Do layers help?");
  const struct plot_options options = {.svg = true};
  assert_true(plot_summary(&summary, &options, &written, &left_out, &error));
  for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
    struct marks marks = marks_of(folder, titles[i][0]);
    stands_at_the_left(&marks, titles[i][1], 20);
    stands_at_the_left(&marks, "Do layers help?", 42);
    marks_clear(&marks);
  }
  summary_clear(&summary);
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

/* Its length has a bound, and what the numbers are worth is never cut. */
static void a_long_title_keeps_its_last_words(void **state) {
  (void)state;
  char *folder = run_of(models, 2);
  struct summary summary;
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_true(summary_read(folder, &summary, &left_out, &error));
  free(summary.name);
  summary.name = own_text("one two three four five six seven eight nine ten eleven twelve");
  summary.synthetic = summary.emulated = true;
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1), 0);
  const struct plot_options options = {.svg = true};
  assert_false(plot_summary(&summary, &options, &written, &left_out, &error));
  assert_int_equal(unsetenv("CROSSLANE_GNUPLOT"), 0);
  char *script = fabricate_read(folder, "plots/mse_against_runtime.gp");
  assert_non_null(strstr(script,
                         "title_text = 'one two three four five six seven eight…: test MSE against "
                         "training time (made-up, SYNTHETIC DATA, EMULATED MACHINE)'\n"));
  free(script);
  summary_clear(&summary);
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void means_bars_and_trials_stand_beside_their_label(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(models, MODELS, "mse_by_architecture");
  const struct scale x = marks_x_scale(&marks, false);
  const double row = marks_text(&marks, "a")->y - marks_text(&marks, "b")->y;
  assert_true(row > 10); /* b has the lower validation MSE and stands above a */
  for (size_t i = 0; i < MODELS; i++) {
    const struct model *model = &models[i];
    const double y = marks_text(&marks, model->label)->y;
    marks_have_point(&marks, MARK_BLUE, scale_at(&x, model->mse), y);
    marks_have_point(&marks, MARK_VERMILION, scale_at(&x, model->validation), y);
    marks_have_line(&marks, MARK_BLUE, scale_at(&x, model->mse - sd_of(model)), y,
                    scale_at(&x, model->mse + sd_of(model)), y);
    const double below = y + 0.22 * row;
    marks_have_point(&marks, MARK_SKY, scale_at(&x, model->mse - model->away), below);
    marks_have_point(&marks, MARK_SKY, scale_at(&x, model->mse + model->away), below);
  }
  const struct mark *top = marks_text(&marks, "d");
  for (size_t i = 0; i < MODELS; i++) assert_true(top->y <= marks_text(&marks, models[i].label)->y);
  marks_clear(&marks);
}

/* The values of a row stand beside its points, each under the name of its key; a long one
 * is short there and whole below. */
static void labels_are_a_table_beside_their_rows(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const struct model named[] = {
      {"wide=none side=p", "[]", "p", 1.30, 0.02, 1.50, 0.91, 1.0},
      {"wide=user_id+item_id+age_group*genre+occupation*release_decade side=q", "[]", "q", 1.20,
       0.03, 1.42, 0.82, 1.5}};
  static const char *const cells[][2] = {{"none", "p"},
                                         {"user_id+item_id+age_group*genre+occupation*…", "q"}};
  struct marks marks = drawn(named, 2, "mse_by_architecture");
  const struct scale x = marks_x_scale(&marks, false);
  const struct mark *wide = marks_text(&marks, "wide"), *side = marks_text(&marks, "side");
  assert_true(fabs(wide->y - side->y) < 1 && wide->x < side->x);
  for (size_t i = 0; i < 2; i++) {
    const struct mark *left = marks_text(&marks, cells[i][0]);
    const struct mark *right = marks_text(&marks, cells[i][1]);
    assert_true(fabs(left->x - wide->x) < 1 && fabs(right->x - side->x) < 1);
    assert_true(fabs(left->y - right->y) < 1 && left->y > wide->y + 10);
    marks_have_point(&marks, MARK_BLUE, scale_at(&x, named[i].mse), left->y);
  }
  const struct mark *whole =
      marks_text(&marks, "wide: user_id+item_id+age_group*genre+occupation*… is");
  assert_true(whole->y > marks_text(&marks, "none")->y && whole->x < side->x);
  marks_clear(&marks);
}

/* 40 of 60 in one picture, and a label of 160 columns in each. */
static void many_architectures_fit_a_screen(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static char label[60][200];
  struct model many[60];
  for (size_t i = 0; i < 60; i++) {
    (void)snprintf(label[i], sizeof label[i], "number %02zu of models whose label is so long", i);
    for (int k = 0; k < 4; k++) strcat(label[i], " that it would have to be broken");
    const double mse = 1.0 + 0.01 * (double)i;
    many[i] = (struct model){label[i], "[]", "p", mse, 0.01, mse, mse, 1.0};
  }
  char *folder = run_of(many, 60);
  struct text written = {0}, left_out = {0};
  struct error error = {0};
  assert_true(plot_run(folder, &(struct plot_options){.svg = true}, &written, &left_out, &left_out,
                       &error));
  static const char *const names[] = {"mse_by_architecture", "learning_curves"};
  for (size_t i = 0; i < 2; i++) {
    struct text path = {0};
    text_add(&path, "plots/%s.svg", names[i]);
    char *svg = fabricate_read(folder, path.text);
    const char *height = strstr(svg, " height=\"");
    assert_non_null(height);
    const long pixels = strtol(height + strlen(" height=\""), NULL, 10);
    if (pixels < 500 || pixels > 1000) fail_msg("%s: %ld pixels", names[i], pixels);
    free(svg);
    text_clear(&path);
  }
  text_clear(&written);
  text_clear(&left_out);
  fabricate_remove(folder);
}

static void costs_stand_to_the_right_and_errors_upwards(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(models, MODELS, "mse_against_runtime");
  const struct scale x = marks_x_scale(&marks, false), y = marks_y_scale(&marks, false);
  for (size_t i = 0; i < MODELS; i++) {
    const struct model *model = &models[i];
    const double cost = scale_at(&x, model->cpu_seconds);
    marks_have_point(&marks, MARK_SKY, cost, scale_at(&y, model->mse));
    marks_have_line(&marks, "rgb(176, 176, 176)", cost, scale_at(&y, model->mse - sd_of(model)),
                    cost, scale_at(&y, model->mse + sd_of(model)));
  }
  marks_have_point(&marks, MARK_VERMILION, scale_at(&x, 2.5), scale_at(&y, 1.0));
  /* the front joins all four: each is dearer and better than the one before */
  marks_have_line(&marks, MARK_BLUE, scale_at(&x, 1.0), scale_at(&y, 1.3), scale_at(&x, 1.5),
                  scale_at(&y, 1.2));
  marks_clear(&marks);
}

/* Sides p, q and r of two depths, from the left to the right in each, each with its
 * colour. A grey line is their median, as wide as they stand, and joins nothing. */
static void models_of_one_depth_stand_beside_each_other_by_their_other_key(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const struct model six[] = {
      {"a", "[]", "p", 1.30, 0.02, 1.50, 0.91, 1.0},
      {"b", "[]", "q", 1.20, 0.03, 1.42, 0.82, 1.5},
      {"c", "[]", "r", 1.26, 0.03, 1.44, 0.82, 1.5},
      {"d", "[8]", "p", 1.10, 0.04, 1.36, 0.73, 2.0},
      {"e", "[8]", "q", 1.00, 0.01, 1.32, 0.64, 2.5},
      {"f", "[8]", "r", 1.04, 0.01, 1.34, 0.64, 2.5},
  };
  static const char *const colours[] = {"rgb(  0,   0,   0)", MARK_BLUE, MARK_VERMILION};
  static const char grey[] = "rgb(168, 168, 168)";
  struct marks marks = drawn(six, 6, "mse_against_depth");
  const struct scale x = marks_x_scale(&marks, false), y = marks_y_scale(&marks, false);
  for (size_t i = 0; i < 6; i++) {
    const double at = (double)(i / 3) + 0.1 * ((double)(i % 3) - 1);
    marks_have_point(&marks, colours[i % 3], scale_at(&x, at), scale_at(&y, six[i].mse));
  }
  for (size_t i = 0; i < 3; i++) { /* the key */
    const struct mark *text = marks_text(&marks, six[i].side);
    bool found = false;
    for (size_t m = 0; m < marks.count; m++) {
      const struct mark *point = &marks.mark[m];
      found =
          found || (point->kind == MARK_POINT && strcmp(point->colour, colours[i]) == 0 &&
                    point->x < text->x && point->x > text->x - 20 && fabs(point->y - text->y) < 5);
    }
    if (!found) fail_msg("no point beside '%s'", text->text);
  }
  size_t medians = 0;
  for (size_t m = 0; m < marks.count; m++) {
    const struct mark *line = &marks.mark[m];
    medians += line->kind == MARK_LINE && strcmp(line->colour, grey) == 0 &&
               fabs(line->y - marks_text(&marks, "median of the models at this x")->y) > 5;
  }
  assert_int_equal(medians, 2);
  marks_have_line(&marks, grey, scale_at(&x, -0.1), scale_at(&y, 1.26), scale_at(&x, 0.1),
                  scale_at(&y, 1.26));
  marks_have_line(&marks, grey, scale_at(&x, 0.9), scale_at(&y, 1.04), scale_at(&x, 1.1),
                  scale_at(&y, 1.04));
  marks_clear(&marks);
}

static bool contains(const struct mark *area, const struct mark *text) {
  return area->kind == MARK_AREA && area->x < text->x && text->x < area->x_end &&
         area->y < text->y && text->y < area->y_end;
}

static void a_cell_stands_at_its_two_values(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  struct marks marks = drawn(models, MODELS, "heat_map");
  for (size_t i = 0; i < MODELS; i++) {
    char mse[16];
    (void)snprintf(mse, sizeof mse, "%.4f", models[i].mse);
    const struct mark *cell = marks_text(&marks, mse);
    const struct mark *hidden = marks_text(&marks, models[i].hidden);
    const struct mark *side = marks_text(&marks, models[i].side);
    const struct mark *below = hidden->anchor == 'm' ? hidden : side;
    const struct mark *left = hidden->anchor == 'm' ? side : hidden;
    assert_true(below->y > left->y && left->anchor == 'e');
    assert_true(fabs(cell->x - below->x) < 1 && fabs(cell->y - left->y) < 1);
    /* dark is low: the ends of the colours */
    const char *colour = i == 0 ? "rgb(244, 239, 220)" : "rgb( 11,  45,  92)";
    bool found = i != 0 && i + 1 != MODELS;
    for (size_t m = 0; m < marks.count; m++) {
      const struct mark *area = &marks.mark[m];
      found = found || (contains(area, cell) && strcmp(area->colour, colour) == 0);
    }
    if (!found) fail_msg("%s has not the colour %s", mse, colour);
  }
  /* the outline of the best */
  const struct mark *best = marks_text(&marks, "1.0000");
  size_t outlines = 0;
  for (size_t m = 0; m < marks.count; m++) {
    const struct mark *line = &marks.mark[m];
    if (line->kind != MARK_LINE || strcmp(line->colour, MARK_VERMILION) != 0) continue;
    outlines++;
    assert_true(fabs((line->x + line->x_end) / 2 - best->x) < 100);
    assert_true(fabs((line->y + line->y_end) / 2 - best->y) < 30);
  }
  assert_int_equal(outlines, 4);
  marks_clear(&marks);
}

/* Of 1.3, 1.2, 1.1 and 1: 80 % of the variance between the layers, 20 % between
 * the sides, and nothing left. */
static void a_bar_is_as_long_as_its_share(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  static const struct {
    const char *key, *share;
    double percent;
  } bars[] = {{"hidden", "80.0 %", 80}, {"side", "20.0 %", 20}};
  struct marks marks = drawn(models, MODELS, "importance");
  const struct scale x = marks_x_scale(&marks, false);
  for (size_t i = 0; i < 2; i++) {
    const double y = marks_text(&marks, bars[i].key)->y;
    bool found = false;
    for (size_t m = 0; m < marks.count; m++) {
      const struct mark *area = &marks.mark[m];
      found = found || (area->kind == MARK_AREA && area->y < y && y < area->y_end &&
                        fabs(area->x - scale_at(&x, 0)) < 1 &&
                        fabs(area->x_end - scale_at(&x, bars[i].percent)) < 1);
    }
    if (!found) fail_msg("%s has no bar of %g %%", bars[i].key, bars[i].percent);
    assert_true(fabs(marks_text(&marks, bars[i].share)->y - y) < 1);
  }
  marks_clear(&marks);
}

/* One model, one panel. The first epoch is above the plot. */
static void each_curve_has_its_own_values(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  const struct model *model = &models[1];
  struct marks marks = drawn(model, 1, "learning_curves");
  const struct scale x = marks_x_scale(&marks, false), y = marks_y_scale(&marks, false);
  const double from = scale_at(&x, 2), to = scale_at(&x, 3);
  marks_have_line(&marks, MARK_BLUE, from, scale_at(&y, model->mse + 0.01), to,
                  scale_at(&y, model->mse));
  marks_have_line(&marks, MARK_GREEN, from, scale_at(&y, model->validation + 0.02), to,
                  scale_at(&y, model->validation));
  marks_have_line(&marks, MARK_VERMILION, from, scale_at(&y, model->train + 0.03), to,
                  scale_at(&y, model->train));
  bool band = false;
  for (size_t m = 0; m < marks.count; m++) {
    const struct mark *area = &marks.mark[m];
    band = band || (area->kind == MARK_AREA && strcmp(area->colour, MARK_SKY) == 0 &&
                    fabs(area->y_end - scale_at(&y, model->mse - model->away)) < 1 &&
                    fabs(area->y - scale_at(&y, model->mse + model->away + 0.02)) < 1 &&
                    fabs(area->x_end - to) < 1);
  }
  assert_true(band);
  marks_clear(&marks);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_title_is_one_line_and_the_question_stands_below_it),
      cmocka_unit_test(a_long_title_keeps_its_last_words),
      cmocka_unit_test(means_bars_and_trials_stand_beside_their_label),
      cmocka_unit_test(labels_are_a_table_beside_their_rows),
      cmocka_unit_test(many_architectures_fit_a_screen),
      cmocka_unit_test(costs_stand_to_the_right_and_errors_upwards),
      cmocka_unit_test(models_of_one_depth_stand_beside_each_other_by_their_other_key),
      cmocka_unit_test(a_cell_stands_at_its_two_values),
      cmocka_unit_test(a_bar_is_as_long_as_its_share),
      cmocka_unit_test(each_curve_has_its_own_values),
  };
  return gnuplot_status(cmocka_run_group_tests_name("plot places", tests, NULL, NULL));
}
