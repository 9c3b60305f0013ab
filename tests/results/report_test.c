/* results/report.h */
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
#include "results/report.h"
#include "results/report_parts.h"
#include "tests/plots/gnuplot_status.h"
#include "tests/records/fabricate.h"

static const char *const hostile[] = {"<script>alert(1)</script>", "\"' onclick='x' </td>&amp;",
                                      "plain"};

static char *hostile_run(void) {
  struct fabricated_run run = {.architectures = 3,
                               .seeds = 2,
                               .epochs = 3,
                               .label = hostile,
                               .validation = true,
                               .synthetic = true,
                               .emulated = true,
                               .irreducible_mse = 0.9,
                               .rating_variance = 1.25};
  char *folder = fabricate_run(&run);
  struct error error = {0};
  char *path = file_join(folder, "config.yaml", &error);
  static const char config[] = "name: x # </pre><script>alert(2)</script>\n";
  assert_true(file_write_atomic(path, config, strlen(config), &error));
  free(path);
  return folder;
}

static char *page_of(const char *folder, struct text *notes) {
  struct text written = {0};
  struct error error = {0};
  if (!report_write(&folder, 1, NULL, &written, notes, notes, &error))
    fail_msg("%s", error.message);
  text_clear(&written);
  return fabricate_read(folder, "report.html");
}

static size_t count_of(const char *text, const char *word) {
  size_t count = 0;
  for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) count++;
  return count;
}

static void no_text_of_a_run_is_markup(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text notes = {0};
  char *page = page_of(folder, &notes);
  assert_int_equal(count_of(page, "<script"), 1); /* the page's own */
  assert_int_equal(count_of(page, "</script"), 1);
  assert_null(strstr(page, "' onclick"));
  assert_non_null(strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  assert_non_null(strstr(page, "&quot;&#39; onclick=&#39;x&#39; &lt;/td&gt;&amp;amp;"));
  assert_non_null(strstr(page, "&lt;/pre&gt;&lt;script&gt;alert(2)"));
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void nothing_is_fetched(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text notes = {0};
  char *page = page_of(folder, &notes);
  assert_null(strstr(page, "://"));
  assert_null(strstr(page, " src="));
  assert_null(strstr(page, "@import"));
  assert_null(strstr(page, "onmousemove"));
  assert_non_null(strstr(page, "default-src 'none'"));
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void made_up_data_and_emulated_machines_are_marked_at_the_top(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text notes = {0};
  char *page = page_of(folder, &notes);
  const char *table = strstr(page, "<table>");
  const char *synthetic = strstr(page, "SYNTHETIC DATA"), *emulated = strstr(page, "EMULATED");
  assert_true(synthetic != NULL && synthetic < table);
  assert_true(emulated != NULL && emulated < table);
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

/* Differences of 0.1 and -0.1 in turn, and of 0.2 in each pair. */
static char *compared_run(void) {
  static const char *const labels[] = {"base", "alike", "worse"};
  char *folder = fabricate_folder();
  for (uint64_t seed = 1; seed <= 4; seed++) {
    double own = 1 + 0.01 * (double)seed;
    const double mse[] = {own, own + (seed % 2 == 0 ? 0.1 : -0.1),
                          own + 0.2 + 0.001 * (double)seed};
    for (size_t i = 0; i < 3; i++) {
      struct record record = fabricate_trial(labels[i], seed, "", mse[i], mse[i]);
      fabricate_write(folder, &record);
      record_clear(&record);
    }
  }
  fabricate_plan(folder, labels, 3, "base");
  return folder;
}

static void the_table_holds_interval_and_mark(void **state) {
  (void)state;
  char *folder = compared_run();
  struct text notes = {0};
  char *page = page_of(folder, &notes);
  const char *alike = strstr(page, "<span class=\"label\">alike<");
  const char *worse = strstr(page, "<span class=\"label\">worse<");
  assert_true(alike != NULL && worse != NULL);
  const char *mark = strstr(alike, " <span class=\"mark\">~</span>");
  assert_true(mark != NULL && mark < worse);
  const char *end = strstr(worse, "</tr>");
  const char *interval = strstr(worse, "+0.2025</td><td>+0.");
  assert_true(interval != NULL && interval < end);
  const char *wrong = strstr(worse, ">~<");
  assert_true(wrong == NULL || wrong > end);
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void pictures_stand_in_the_page_with_ids_of_their_own(void **state) {
  (void)state;
  if (!gnuplot_found()) skip();
  char *folder = hostile_run(), *second = compared_run();
  const char *const runs[] = {folder, second};
  struct text written = {0}, notes = {0};
  struct error error = {0};
  char *out = file_join(folder, "both.html", &error);
  if (!report_write(runs, 2, out, &written, &notes, &notes, &error)) fail_msg("%s", error.message);
  char *page = fabricate_read(folder, "both.html");
  assert_true(count_of(page, "<svg ") >= 4);
  size_t ids = 0;
  for (const char *at = strstr(page, " id="); at != NULL; at = strstr(at + 1, " id=")) {
    size_t length = strcspn(at + 5, "\"'");
    char own[128];
    (void)snprintf(own, sizeof own, " id=%c%.*s%c", at[4], (int)length, at + 5, at[4]);
    if (count_of(page, own) != 1) fail_msg("%s stands twice", own);
    ids++;
  }
  assert_true(ids > 40);
  assert_non_null(strstr(page, "href='#r1-1-gpPt"));
  /* A point for each of the three rows. */
  const char *points = strstr(page, "<template class=\"points\">");
  assert_non_null(points);
  unsigned row;
  double x, y;
  size_t seen = 0;
  for (points += strlen("<template class=\"points\">"); *points != '<'; seen++) {
    assert_int_equal(sscanf(points, "%u %lf %lf\n", &row, &x, &y), 3);
    assert_true(row < 3 && x > 0 && y > 0);
    points = strchr(points, '\n') + 1;
  }
  assert_int_equal(seen, 3);
  /* In the made-up curves the test MSE is 0.01 above the validation MSE, and at
   * epoch 3 at most 0.02 below the training loss. */
  const char *point = strstr(strstr(page, "data-picture=\"learning_curves\""), " 3 1.");
  double test, validation, loss;
  assert_non_null(point);
  assert_int_equal(sscanf(point, " 3 %lf %lf %lf 0\n", &test, &validation, &loss), 3);
  assert_true(test - validation > 0.0098 && test - validation < 0.0102);
  assert_true(loss - test > 0.0098 && loss - test < 0.0202);
  assert_null(strstr(page, "Gnuplot"));
  free(page);
  free(out);
  text_clear(&written);
  text_clear(&notes);
  fabricate_remove(folder);
  fabricate_remove(second);
}

static void without_gnuplot_the_page_says_so(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text notes = {0};
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", "/no/such/gnuplot", 1), 0);
  char *page = page_of(folder, &notes);
  assert_int_equal(unsetenv("CROSSLANE_GNUPLOT"), 0);
  assert_non_null(strstr(page, "Pictures are missing"));
  assert_non_null(strstr(page, "gnuplot-nox"));
  assert_non_null(strstr(page, "<span class=\"label\">plain</span>"));
  assert_null(strstr(page, "<svg"));
  assert_non_null(strstr(notes.text, "gnuplot-nox"));
  assert_null(strstr(notes.text, "scripts are in")); /* a folder that is gone */
  assert_null(strstr(page, "scripts are in"));
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void a_picture_that_was_not_drawn_is_an_error(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text written = {0}, notes = {0};
  struct error error = {0};
  assert_int_equal(setenv("CROSSLANE_GNUPLOT", "true", 1), 0); /* runs and draws nothing */
  assert_false(
      report_write((const char *const *)&folder, 1, NULL, &written, &notes, &notes, &error));
  assert_int_equal(unsetenv("CROSSLANE_GNUPLOT"), 0);
  assert_int_equal(error.kind, ERROR_SYSTEM);
  assert_non_null(strstr(error.message, "unfinished: there is no such file"));
  assert_null(written.text);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void the_same_records_give_the_same_page(void **state) {
  (void)state;
  char *folder = hostile_run();
  struct text notes = {0};
  char *first = page_of(folder, &notes), *second = page_of(folder, &notes);
  assert_string_equal(first, second);
  free(first);
  free(second);
  text_clear(&notes);
  fabricate_remove(folder);
}

static void several_runs_need_a_place(void **state) {
  (void)state;
  const struct fabricated_run whole = {.architectures = 1, .seeds = 2, .epochs = 3};
  char *first = fabricate_run(&whole), *second = fabricate_run(&whole);
  const char *const runs[] = {first, second};
  struct text written = {0}, notes = {0};
  struct error error = {0};
  assert_false(report_write(runs, 2, NULL, &written, &notes, &notes, &error));
  assert_int_equal(error.kind, ERROR_USAGE);
  assert_non_null(strstr(error.message, "a report on 2 runs needs a place: --out FILE.html"));
  assert_int_equal(written.length, 0);
  fabricate_remove(first);
  fabricate_remove(second);
}

static void a_run_without_a_finished_trial_has_a_page(void **state) {
  (void)state;
  char *folder = fabricate_folder();
  struct record record = fabricate_failure("a", 1, "killed by <signal> 9");
  fabricate_write(folder, &record);
  record_clear(&record);
  struct text notes = {0};
  char *page = page_of(folder, &notes);
  assert_non_null(strstr(page, "killed by &lt;signal&gt; 9"));
  assert_non_null(strstr(page, "there is nothing to draw"));
  free(page);
  text_clear(&notes);
  fabricate_remove(folder);
}

/* What is in quotes is no end of a tag, and what stands between tags no id. */
static void only_tags_are_changed(void **state) {
  (void)state;
  struct summary summary = {.rows = 0};
  struct text page = {0};
  report_add_svg(
      "<?xml?><svg viewBox=\"0 0 20 10\"><title>Gnuplot</title>"
      "<g id=\"a>b\" clip-path=\"url(#c)\"><text> id=\"d\" url(#e)</text></g></svg>",
      "p-", "<t>", &summary, &page);
  assert_string_equal(page.text,
                      "<svg width=\"20\" height=\"10\" viewBox=\"0 0 20 10\" role=\"img\" "
                      "aria-label=\"&lt;t&gt;\"><g id=\"p-a>b\" clip-path=\"url(#p-c)\">"
                      "<text> id=&quot;d&quot; url(#e)</text></g></svg>");
  text_clear(&page);
}

/* Of a picture as gnuplot writes it: a point of a row is a line of the template, one of
 * no row stays; groups that say the same are one; the legend names its plot. */
static void points_and_names_are_taken_from_a_picture(void **state) {
  (void)state;
  struct summary_row rows[2] = {{.trials = 0}};
  struct summary summary = {.rows = 2, .row = rows};
  struct text page = {0};
  report_add_svg(
      "<svg viewBox=\"0 0 20 10\"><g id=\"gnuplot_plot_1\" ><title>some &amp; all</title>"
      "<g fill=\"none\">\n</g>\n<g fill=\"none\"><path d='M1,2'/></g>\n<g fill=\"red\"></g></g>"
      "<g id=\"gnuplot_plot_2\" ><title>gnuplot_plot_2</title>"
      "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'1')\" onmouseout=\"x\"><title> </title>"
      "\n<use transform='translate(3.25,4.00) scale(2)'/></g>"
      "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'2')\"><title> </title>"
      "<use transform='translate(1.00,1.00)'/></g></g></svg>",
      "p-", "t", &summary, &page);
  assert_string_equal(
      page.text,
      "<svg width=\"20\" height=\"10\" viewBox=\"0 0 20 10\" role=\"img\" aria-label=\"t\">"
      "<g id=\"p-gnuplot_plot_1\"  data-legend=\"some &amp; all\"><g fill=\"none\">\n<path "
      "d='M1,2'/></g>\n<g fill=\"red\"></g></g><g id=\"p-gnuplot_plot_2\" >"
      "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'2')\">"
      "<use transform='translate(1.00,1.00)'/></g></g></svg>"
      "<template class=\"points\">1 3.25 4.00\n</template>");
  text_clear(&page);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_text_of_a_run_is_markup),
      cmocka_unit_test(nothing_is_fetched),
      cmocka_unit_test(made_up_data_and_emulated_machines_are_marked_at_the_top),
      cmocka_unit_test(the_table_holds_interval_and_mark),
      cmocka_unit_test(pictures_stand_in_the_page_with_ids_of_their_own),
      cmocka_unit_test(without_gnuplot_the_page_says_so),
      cmocka_unit_test(a_picture_that_was_not_drawn_is_an_error),
      cmocka_unit_test(the_same_records_give_the_same_page),
      cmocka_unit_test(several_runs_need_a_place),
      cmocka_unit_test(a_run_without_a_finished_trial_has_a_page),
      cmocka_unit_test(only_tags_are_changed),
      cmocka_unit_test(points_and_names_are_taken_from_a_picture),
  };
  return gnuplot_status(cmocka_run_group_tests(tests, NULL, NULL));
}
