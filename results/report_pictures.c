/* The pictures of the page: drawn in a folder of their own, then taken in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/plain.h"
#include "base/scratch.h"
#include "plots/gnuplot.h"
#include "plots/picture.h"
#include "results/plot_view.h"
#include "results/report_parts.h"

/* NULL when memory ran out. */
static char *path_of(const char *folder, const struct picture *picture, const char *ending,
                     struct error *error) {
  struct text name = {0};
  text_add(&name, "%s%s", picture->name.text, ending);
  char *path = name.failed ? NULL : file_join(folder, name.text, error);
  text_clear(&name);
  return path;
}

static bool add_picture(const struct summary *summary, size_t run, size_t number,
                        const char *folder, const struct picture *picture, struct text *page,
                        struct error *error) {
  char *path = path_of(folder, picture, ".svg", error);
  if (path == NULL) return false;
  size_t size;
  char *svg =
      file_exists(path) ? file_read(path, FILE_MOST_JSON, &size, ERROR_SYSTEM, error) : NULL;
  bool good = svg != NULL || !file_exists(path);
  free(path);
  if (svg == NULL) return good;
  struct text prefix = {0};
  text_add(&prefix, "r%zu-%zu-", run, number);
  text_add(page, "<figure data-picture=\"%s\">\n<h3>", picture->name.text);
  plain_add_markup(page, picture->title);
  text_add(page, "</h3>\n<div class=\"picture%s\" tabindex=\"0\" role=\"group\" aria-label=\"",
           picture->needs_light ? " light" : "");
  plain_add_markup(page, picture->title);
  text_add(page, "\">\n");
  if (!prefix.failed) report_add_svg(svg, prefix.text, picture->title, summary, page);
  text_add(page, "</div>\n</figure>\n");
  page->failed = page->failed || prefix.failed;
  text_clear(&prefix);
  free(svg);
  return true;
}

static void add_missing(const struct summary *summary, const struct error *fault, struct text *page,
                        struct text *notes) {
  text_add(page, "<p class=\"warning\">Pictures are missing.</p>\n<pre>");
  plain_add_markup(page, fault->message);
  text_add(page, "</pre>\n");
  text_add(notes, "crosslane: %s: pictures are missing on the page: %s\n", summary->run,
           fault->message);
}

static bool add_all(const struct summary *summary, size_t run, const struct picture *pictures,
                    size_t count, const struct text *left_out, struct text *page,
                    struct text *notes, struct error *error) {
  struct scratch scratch;
  if (!scratch_make(&scratch, error)) return false;
  const char *folder = scratch.folder;
  struct text written = {0};
  struct error fault = {0};
  bool drawn =
      pictures_draw(pictures, count, folder, &(struct plot_options){.svg = true, .passing = true},
                    &written, &fault);
  bool good = drawn || !gnuplot_found(); /* without gnuplot a page of tables is what there is */
  if (!good) *error = fault;
  if (!drawn && good) add_missing(summary, &fault, page, notes);
  for (size_t i = 0; good && i < count; i++) {
    good = add_picture(summary, run, i + 1, folder, &pictures[i], page, error);
  }
  if (left_out->text != NULL && !left_out->failed) {
    text_add(page, "<p class=\"soft\">Not drawn for this run: ");
    plain_add_markup(page, left_out->text);
    text_add(page, "</p>\n");
  }
  scratch_remove(&scratch);
  text_clear(&written);
  return good;
}

bool report_add_pictures(const struct summary *summary, size_t run, struct text *page,
                         struct text *notes, struct error *error) {
  struct plot_view view;
  struct picture *pictures = NULL;
  struct text left_out = {0};
  size_t count = 0;
  bool good = plot_view_init(&view, summary, true, error) &&
              plot_pictures(&view, &pictures, &count, &left_out, error) &&
              add_all(summary, run, pictures, count, &left_out, page, notes, error);
  pictures_clear(pictures, count);
  free(pictures);
  text_clear(&left_out);
  plot_view_clear(&view);
  return good;
}
