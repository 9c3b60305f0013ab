/* gnuplot's SVG within the page.
 *
 * A picture is an element of the page, not an <img>: the page's colours, light
 * or dark, and what is marked in the table do not reach into an image. gnuplot
 * has no option for what must change:
 *   - every picture has the same ids, so each gets a prefix of its own;
 *   - a hypertext is written as a call of gnuplot's script, which the page does
 *     not hold. The call says which row a point is of: it goes, with its mark,
 *     and a line with its place follows the picture, in a <template>;
 *   - the name that a plot has in the legend becomes data-legend of its group;
 *   - groups that say the same, one after the other, become one. They are half of
 *     the bytes.
 * All other tags are copied. If a gnuplot writes the call in another way, there
 * are no points, and report_test.c fails. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "results/report_parts.h"

static bool begins(const char *text, const char *with) {
  return strncmp(text, with, strlen(with)) == 0;
}

/* --- points --- */

struct copier {
  const struct summary *summary;
  const char *prefix, *title;
  struct text *page;
  struct text points;
  struct tag {
    const char *text;
    size_t length;
  } open[32]; /* the <g> that are open */
  size_t depth;
};

static void add_number(struct text *out, double value) {
  if (isnan(value)) {
    text_add(out, " -");
  } else {
    text_add(out, " %.4f", value);
  }
}

/* " epoch test validation loss, loss?": means over the trials that ran this epoch, as in
 * the picture; the last is 1 where the loss is no MSE. */
static void add_epoch(const struct summary *summary, size_t number, size_t epoch,
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
  text_add(out, " %zu", epoch);
  add_number(out, test / trials);
  add_number(out, validation / trials);
  add_number(out, loss / trials);
  text_add(out, " %d", squared ? 0 : 1);
}

/* A hypertext is "row" or "row:epoch", and its mark is placed by translate(). Where it
 * ends; `tag` when that is none of a row. */
static const char *past_point(struct copier *copier, const char *tag) {
  static const char call[] = "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'", end[] = "</g>";
  if (!begins(tag, call)) return tag;
  char *after;
  const unsigned long row = strtoul(tag + strlen(call), &after, 10);
  const char *close = strstr(tag, end), *place = strstr(tag, "translate(");
  double x, y;
  if (row >= copier->summary->rows || close == NULL || place == NULL || place > close) return tag;
  if (sscanf(place, "translate(%lf,%lf)", &x, &y) != 2) return tag;
  text_add(&copier->points, "%lu %.2f %.2f", row, x, y);
  if (*after == ':') {
    add_epoch(copier->summary, row, strtoul(after + 1, NULL, 10), &copier->points);
  }
  text_add(&copier->points, "\n");
  return close + strlen(end);
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

/* gnuplot's own titles are for a pointer that rests. Where they end, or `tag`. */
static const char *past_title(const char *tag) {
  static const char *const ends[][2] = {{"<title>", "</title>"}, {"<desc>", "</desc>"}};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    const char *end = begins(tag, ends[i][0]) ? strstr(tag, ends[i][1]) : NULL;
    if (end != NULL) return end + strlen(ends[i][1]);
  }
  return tag;
}

/* --- groups --- */

/* The group of a plot, with its name in the legend. gnuplot calls one that has none
 * after its number. */
static void add_group(struct copier *copier, const char *tag, size_t length) {
  static const char own[] = "<g id=\"gnuplot_plot_", title[] = "<title>";
  const char *name = tag + length;
  bool named =
      begins(tag, own) && begins(name, title) && !begins(name + strlen(title), "gnuplot_plot_");
  add_tag(tag, named ? length - 1 : length, copier->prefix, copier->page);
  if (!named) return;
  text_add(copier->page, " data-legend=\"");
  for (name += strlen(title); *name != '\0' && *name != '<'; name++) {
    add_character(copier->page, *name);
  }
  text_add(copier->page, "\">");
}

/* Where the next tag begins when nothing but blanks is before it. */
static const char *next_tag(const char *at) {
  at += strspn(at, " \t\r\n");
  return *at == '<' ? at : NULL;
}

/* A <g> begins or ends. Where to go on: after the next one, when that says the
 * same. */
static const char *copy_group(struct copier *copier, const char *tag, size_t length) {
  const size_t most = sizeof copier->open / sizeof *copier->open;
  if (begins(tag, "<g")) {
    if (copier->depth < most) copier->open[copier->depth] = (struct tag){tag, length};
    copier->depth++;
    add_group(copier, tag, length);
    return tag + length;
  }
  const struct tag *own =
      copier->depth > 0 && copier->depth <= most ? &copier->open[copier->depth - 1] : NULL;
  const char *next = next_tag(tag + length);
  if (own != NULL && next != NULL && tag_length(next) == own->length &&
      strncmp(next, own->text, own->length) == 0) {
    return next + own->length;
  }
  if (copier->depth > 0) copier->depth--;
  text_add(copier->page, "</g>");
  return tag + length;
}

static const char *copy_tag(struct copier *copier, const char *tag) {
  const size_t length = tag_length(tag);
  if (begins(tag, "<svg")) {
    add_root(tag, copier->title, copier->page);
  } else if (begins(tag, "<g ") || begins(tag, "<g>") || begins(tag, "</g>")) {
    return copy_group(copier, tag, length);
  } else {
    add_tag(tag, length, copier->prefix, copier->page);
  }
  return tag + length;
}

void report_add_svg(const char *svg, const char *prefix, const char *title,
                    const struct summary *summary, struct text *page) {
  struct copier copier = {.summary = summary, .prefix = prefix, .title = title, .page = page};
  const char *at = strstr(svg, "<svg");
  while (at != NULL && *at != '\0') {
    for (; *at != '\0' && *at != '<'; at++) add_character(page, *at);
    const char *next = past_title(at);
    if (next == at) next = past_point(&copier, at);
    if (next == at && *at != '\0') next = copy_tag(&copier, at);
    at = next;
  }
  if (copier.points.length > 0 && !copier.points.failed) {
    text_add(page, "<template class=\"points\">%s</template>", copier.points.text);
  }
  page->failed = page->failed || copier.points.failed;
  text_clear(&copier.points);
}
