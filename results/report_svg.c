/* gnuplot's SVG within the page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/html.h"
#include "results/report_parts.h"

struct rewriting {
  const char *prefix, *title;
  const struct summary *summary;
  struct text *page;
};

static bool begins(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

/* --- what a point says --- */

static void add_number(struct text *out, const char *name, double value) {
  if (!isnan(value)) text_add(out, "%s %.4f", name, value);
}

static void add_row_title(const struct summary *summary, size_t number, struct text *out) {
  const struct summary_row *row = &summary->row[number];
  html_add(out, row->label);
  add_number(out, "\ntest MSE", row->mse);
  add_number(out, " ±", row->mse_sd);
  text_add(out, " (n %zu)", row->trials);
  add_number(out, "\nvalidation MSE", row->validation_mse);
  text_add(out, "\n%llu parameters, %.3g CPU s", (unsigned long long)row->parameters,
           row->cpu_seconds);
}

/* Means over the trials that ran this epoch, as in the picture. */
static void add_epoch_title(const struct summary *summary, size_t number, size_t epoch,
                            struct text *out) {
  const struct summary_row *row = &summary->row[number];
  double loss = 0, validation = 0, test = 0, trials = 0;
  for (size_t i = 0; i < row->trials; i++) {
    const struct record *record = &summary->records.record[row->trial[i]];
    if (epoch == 0 || epoch > record->epochs) continue;
    loss += record->curve[epoch - 1].train_loss;
    validation += record->curve[epoch - 1].validation_mse;
    test += record->curve[epoch - 1].test_mse;
    trials++;
  }
  html_add(out, row->label);
  text_add(out, "\nepoch %zu", epoch);
  if (trials == 0) return;
  add_number(out, "\ntest MSE", test / trials);
  add_number(out, "\nvalidation MSE", validation / trials);
  add_number(out, "\ntraining loss", loss / trials);
}

/* The tag that begins at `tag`: showHypertext(evt,'12') or '12:3'. */
static void add_hover(const struct rewriting *to, const char *tag, size_t length) {
  static const char call[] = "showHypertext(evt,'";
  const char *at = strstr(tag, call);
  text_add(to->page, "<g>");
  if (at == NULL || at > tag + length) return;
  char *end;
  unsigned long row = strtoul(at + strlen(call), &end, 10);
  if (row >= to->summary->rows) return;
  text_add(to->page, "<title>");
  if (*end == ':') {
    add_epoch_title(to->summary, row, strtoul(end + 1, NULL, 10), to->page);
  } else {
    add_row_title(to->summary, row, to->page);
  }
  text_add(to->page, "</title>");
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

/* Bytes from "<" to behind its ">", past quoted values. */
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

/* Ids of several pictures must differ. */
static void add_tag(const struct rewriting *to, const char *tag, size_t length) {
  static const struct {
    const char *found, *written;
  } names[] = {{" id=\"", " id=\""},
               {" id='", " id='"},
               {"xlink:href='#", "href='#"},
               {"xlink:href=\"#", "href=\"#"},
               {"url(#", "url(#"}};
  for (size_t i = 0; i < length;) {
    size_t name = 0, names_count = sizeof names / sizeof *names;
    while (name < names_count && !begins(tag + i, names[name].found)) name++;
    if (name < names_count) {
      text_add(to->page, "%s%s", names[name].written, to->prefix);
      i += strlen(names[name].found);
    } else {
      text_add_bytes(to->page, tag + i++, 1);
    }
  }
}

static void add_root(const struct rewriting *to, const char *tag, size_t length) {
  const char *box = strstr(tag, "viewBox=\"");
  double width = 0, height = 0;
  if (box != NULL && box < tag + length) {
    char *end;
    (void)strtod(box + strlen("viewBox=\""), &end);
    (void)strtod(end, &end);
    width = strtod(end, &end);
    height = strtod(end, &end);
  }
  text_add(to->page, "<svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\"",
           width, height, width, height);
  text_add(to->page, " aria-label=\"");
  html_add(to->page, to->title);
  text_add(to->page, "\">");
}

/* Where an element that is left out ends. */
static const char *behind(const char *at, const char *end) {
  const char *found = strstr(at, end);
  return found != NULL ? found + strlen(end) : at + strlen(at);
}

void report_add_svg(const char *svg, const char *prefix, const char *title,
                    const struct summary *summary, struct text *page) {
  struct rewriting to = {prefix, title, summary, page};
  const char *at = strstr(svg, "<svg");
  while (at != NULL && *at != '\0') {
    for (; *at != '\0' && *at != '<'; at++) add_character(page, *at);
    if (*at == '\0') break;
    size_t length = tag_length(at);
    if (begins(at, "<title>")) {
      at = behind(at, "</title>");
    } else if (begins(at, "<desc>")) {
      at = behind(at, "</desc>");
    } else if (begins(at, "<script")) {
      at = behind(at, "</script>");
    } else if (begins(at, "<svg")) {
      add_root(&to, at, length);
      at += length;
    } else if (begins(at, "<g onmousemove=")) {
      add_hover(&to, at, length);
      at += length;
    } else {
      add_tag(&to, at, length);
      at += length;
    }
  }
}
