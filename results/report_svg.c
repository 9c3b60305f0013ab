/* gnuplot's SVG within the page.
 *
 * A picture is an element of the page, not an <img>: the page's colours, light
 * or dark, and the numbers under the pointer do not reach into an image. Two
 * things must change for that, and gnuplot has an option for neither:
 *   - every picture has the same ids, so each gets a prefix of its own;
 *   - a hypertext is written as a call of gnuplot's script, which the page does
 *     not hold. The call says which row a point is of, and a <title> with that
 *     row's numbers takes its place.
 * All other tags are copied. If a gnuplot writes the call in another way, the
 * points lose their titles, and report_test.c fails. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "results/report_parts.h"

static bool begins(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

/* --- what a point says --- */

static void add_number(struct text *out, const char *name, double value) {
  if (!isnan(value)) text_add(out, "%s %.4f", name, value);
}

static void add_row_title(const struct summary *summary, size_t number, struct text *out) {
  const struct summary_row *row = &summary->row[number];
  plain_add_markup(out, row->label);
  add_number(out, "\ntest MSE", row->mse);
  add_number(out, " ±", row->mse_sd);
  text_add(out, " (n %zu)", row->trials);
  add_number(out, "\nvalidation MSE", row->validation_mse);
  text_add(out, "\n%llu parameters, ", (unsigned long long)row->parameters);
  text_add_rounded(out, row->cpu_seconds, 3);
  text_add(out, " CPU s");
}

/* Means over the trials that ran this epoch, as in the picture. */
static void add_epoch_title(const struct summary *summary, size_t number, size_t epoch,
                            struct text *out) {
  const struct summary_row *row = &summary->row[number];
  double loss = 0, validation = 0, test = 0, trials = 0;
  bool squared = true;
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    if (epoch == 0 || epoch > record->epochs) continue;
    loss += record->curve[epoch - 1].train_loss;
    squared = record_loss_is_mse(record);
    validation += record->curve[epoch - 1].validation_mse;
    test += record->curve[epoch - 1].test_mse;
    trials++;
  }
  plain_add_markup(out, row->label);
  text_add(out, "\nepoch %zu", epoch);
  if (trials == 0) return;
  add_number(out, "\ntest MSE", test / trials);
  add_number(out, "\nvalidation MSE", validation / trials);
  add_number(out, squared ? "\ntraining loss" : "\ntraining loss (negative log-likelihood)",
             loss / trials);
}

/* A hypertext is "row" or "row:epoch". False when `tag` begins none of a row. */
static bool add_hover(const struct summary *summary, const char *tag, struct text *page) {
  static const char call[] = "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'";
  if (!begins(tag, call)) return false;
  char *end;
  unsigned long row = strtoul(tag + strlen(call), &end, 10);
  if (row >= summary->rows) return false;
  text_add(page, "<g><title>");
  if (*end == ':') {
    add_epoch_title(summary, row, strtoul(end + 1, NULL, 10), page);
  } else {
    add_row_title(summary, row, page);
  }
  text_add(page, "</title>");
  return true;
}

/* gnuplot has made plain all but the quotes. */
static void add_character(struct text *page, char character) {
  if (character == '"') {
    text_add(page, "&quot;");
  } else if (character == '\'') {
    text_add(page, "&#39;");
  } else {
    text_add_bytes(page, &character, 1);
  }
}

/* --- tags --- */

/* Bytes from "<" up to and with its ">", past quoted values. */
static size_t tag_length(const char *tag) {
  char quote = '\0';
  for (size_t i = 0; tag[i] != '\0'; i++) {
    if (quote != '\0') {
      if (tag[i] == quote) quote = '\0';
    } else if (tag[i] == '"' || tag[i] == '\'') {
      quote = tag[i];
    } else if (tag[i] == '>') {
      return i + 1;
    }
  }
  return strlen(tag);
}

/* With the prefix before every id and every reference to one. */
static void add_tag(const char *tag, size_t length, const char *prefix, struct text *page) {
  static const char *const names[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
  for (size_t i = 0; i < length;) {
    size_t copied = 1;
    for (size_t name = 0; name < sizeof names / sizeof *names; name++) {
      if (begins(tag + i, names[name])) copied = strlen(names[name]);
    }
    text_add_bytes(page, tag + i, copied);
    if (copied > 1) text_add(page, "%s", prefix);
    i += copied;
  }
}

/* Without the names of XML, which HTML does not need. */
static void add_root(const char *tag, const char *title, struct text *page) {
  const char *box = strstr(tag, "viewBox=\"");
  double width = 0, height = 0;
  if (box != NULL) (void)sscanf(box, "viewBox=\"0 0 %lf %lf", &width, &height);
  text_add(page,
           "<svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
           "aria-label=\"",
           width, height, width, height);
  plain_add_markup(page, title);
  text_add(page, "\">");
}

/* gnuplot's own titles say nothing of a point. Where they end, or `tag`. */
static const char *past_title(const char *tag) {
  static const char *const ends[][2] = {{"<title>", "</title>"}, {"<desc>", "</desc>"}};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    const char *end = begins(tag, ends[i][0]) ? strstr(tag, ends[i][1]) : NULL;
    if (end != NULL) return end + strlen(ends[i][1]);
  }
  return tag;
}

void report_add_svg(const char *svg, const char *prefix, const char *title,
                    const struct summary *summary, struct text *page) {
  const char *at = strstr(svg, "<svg");
  while (at != NULL && *at != '\0') {
    for (; *at != '\0' && *at != '<'; at++) add_character(page, *at);
    const char *next = past_title(at);
    if (next == at) {
      size_t length = tag_length(at);
      next += length;
      if (begins(at, "<svg")) {
        add_root(at, title, page);
      } else if (!add_hover(summary, at, page)) {
        add_tag(at, length, prefix, page);
      }
    }
    at = next;
  }
}
