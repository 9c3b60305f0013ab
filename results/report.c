#include "results/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/plain.h"
#include "results/plot_view.h"
#include "results/report_parts.h"

static void add_head(const struct summary *summaries, size_t count, struct text *page) {
  text_add(page,
           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           /* Nothing is fetched, whatever stands in the page. */
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
           "<link rel=\"icon\" href=\"data:,\">\n<title>");
  for (size_t i = 0; i < count; i++) {
    if (i > 0) text_add(page, ", ");
    plain_add_markup(page, summaries[i].name);
  }
  text_add(page, ": Crosslane report</title>\n<style>\n");
  text_add(page, "%s</style>\n</head>\n<body>\n", report_css);
}

static void add_contents(const struct summary *summaries, size_t count, struct text *page) {
  if (count < 2) return;
  text_add(page, "<nav aria-label=\"Runs\"><ul>\n");
  for (size_t i = 0; i < count; i++) {
    text_add(page, "<li><a href=\"#r%zu\">", i + 1);
    plain_add_markup(page, summaries[i].name);
    text_add(page, "</a></li>\n");
  }
  text_add(page, "</ul></nav>\n");
}

static void add_warnings(const struct summary *summary, struct text *page) {
  if (summary->synthetic) {
    text_add(page,
             "<p class=\"warning\">SYNTHETIC DATA, made by a generator: these numbers say "
             "nothing about real ratings.");
    if (!isnan(summary->irreducible_mse)) {
      text_add(page, " Its irreducible MSE is %.4f.", summary->irreducible_mse);
    }
    text_add(page, "</p>\n");
  }
  if (summary->emulated) {
    text_add(page, "<p class=\"warning\">EMULATED MACHINE: times are not meaningful.</p>\n");
  }
}

/* The answer in one line: the best by validation, or why there is none. */
static void add_answer(const struct summary *summary, struct text *page) {
  const struct summary_row *best = NULL;
  size_t finished = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    finished += summary_status(&summary->row[i]) == SUMMARY_DONE;
    if (summary->row[i].best) best = &summary->row[i];
  }
  if (best != NULL && finished > 1) {
    text_add(page, "<p>Lowest validation MSE of %zu architectures: <strong>", finished);
    plain_add_markup(page, best->label);
    text_add(page, "</strong>, test MSE %.4f", best->mse);
    if (!isnan(best->mse_sd)) text_add(page, " ± %.4f", best->mse_sd);
    text_add(page, " over %zu trials.</p>\n", best->trials);
  } else if (finished > 1 && !summary->validated) {
    text_add(page,
             "<p>No validation rows: none of the %zu architectures is marked as the "
             "best.</p>\n",
             finished);
  } else if (finished == 0) {
    text_add(page, "<p>No architecture is complete yet: none is marked as the best.</p>\n");
  }
}

static bool add_run(const struct summary *summary, size_t number, struct text *page,
                    struct text *notes, struct error *error) {
  text_add(page, "<article id=\"r%zu\">\n<header><div><h1>", number);
  plain_add_markup(page, summary->name);
  if (summary->folders > 1) text_add(page, " (%zu folders)", summary->folders);
  text_add(page, "</h1>\n<p class=\"question\">");
  plain_add_markup(page, summary->description);
  text_add(page, "</p></div>\n");
  if (number == 1) {
    text_add(page, "<button type=\"button\" class=\"theme needs-script\">Light or dark</button>\n");
  }
  text_add(page, "</header>\n");
  add_warnings(summary, page);
  add_answer(summary, page);
  report_add_table(summary, number, page);
  text_add(page, "<h2>Pictures</h2>\n");
  if (plot_has_trial(summary)) {
    if (!report_add_pictures(summary, number, page, notes, error)) return false;
  } else {
    text_add(page, "<p>No trial has finished: there is nothing to draw.</p>\n");
  }
  bool good = report_add_origin(summary, page, error);
  text_add(page, "</article>\n");
  return good;
}

static bool make_page(const struct summary *summaries, size_t count, struct text *page,
                      struct text *notes, struct error *error) {
  add_head(summaries, count, page);
  add_contents(summaries, count, page);
  text_add(page, "<main>\n");
  report_add_changes(summaries, count, page);
  bool good = true;
  for (size_t i = 0; good && i < count; i++) {
    good = add_run(&summaries[i], i + 1, page, notes, error);
  }
  text_add(page, "</main>\n<script>\n%s%s%s</script>\n</body>\n</html>\n", page_table_js,
           page_picture_js, report_js);
  if (good && page->failed) good = error_set(error, ERROR_SYSTEM, "out of memory");
  return good;
}

static bool write_page(const struct summary *summaries, size_t count, const char *out,
                       struct text *written, struct text *notes, struct error *error) {
  struct text page = {0};
  char *path =
      out != NULL ? memory_text(out, error) : file_join(summaries[0].run, "report.html", error);
  bool good = path != NULL && make_page(summaries, count, &page, notes, error) &&
              file_write_atomic(path, page.text, page.length, error);
  if (good) text_add(written, "%s\n", path);
  text_clear(&page);
  free(path);
  return good;
}

bool report_write(const char *const *runs, size_t count, const char *out, struct text *written,
                  struct text *notes, struct text *damaged, struct error *error) {
  struct summary *summaries = memory_array(count, sizeof *summaries, error);
  if (summaries == NULL) return false;
  size_t read = 0;
  bool good = summary_read_all(runs, count, summaries, &read, damaged, error);
  if (good && read > 1 && out == NULL) {
    error_set(error, ERROR_USAGE, "a report on %zu runs needs a place: --out FILE.html", read);
    good = error_help(error, "that of one run goes to its own folder");
  }
  good = good && write_page(summaries, read, out, written, notes, error);
  for (size_t i = 0; i < read; i++) summary_clear(&summaries[i]);
  free(summaries);
  return good;
}
