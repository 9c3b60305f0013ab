#include "tests/plots/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 20000 };
static const double MIDDLE = 3.9; /* of a line of text, above its base */

/* --- reading --- */

static struct mark *add(struct marks *marks, enum mark_kind kind) {
  assert_true(marks->count < ROOM);
  struct mark *mark = &marks->mark[marks->count++];
  *mark = (struct mark){.kind = kind};
  return mark;
}

/* The value of an attribute in one tag; empty when it has none. */
static void value_of(const char *tag, const char *name, char *out, size_t room) {
  const char *end = tag + strcspn(tag, ">"), *at = strstr(tag, name);
  out[0] = '\0';
  if (at == NULL || at > end) return;
  at += strlen(name);
  at += strspn(at, " =");
  const size_t length = strcspn(at + 1, (char[]){*at, '\0'});
  if (length < room) (void)snprintf(out, room, "%.*s", (int)length, at + 1);
}

static void add_path(const char *tag, struct marks *marks) {
  char colour[24];
  value_of(tag, "stroke=", colour, sizeof colour);
  const char *at = strstr(tag, " d='"), *end = tag + strcspn(tag, ">");
  double x = 0, y = 0, next_x, next_y;
  if (at == NULL || at > end) return;
  for (at += 4; *at != '\''; at++) {
    if ((*at != 'M' && *at != 'L') || sscanf(at + 1, "%lf,%lf", &next_x, &next_y) != 2) continue;
    if (*at == 'L') {
      struct mark *mark = add(marks, MARK_LINE);
      (void)snprintf(mark->colour, sizeof mark->colour, "%s", colour);
      mark->x = x;
      mark->y = y;
      mark->x_end = next_x;
      mark->y_end = next_y;
    }
    x = next_x;
    y = next_y;
  }
}

static void add_area(const char *tag, struct marks *marks) {
  struct mark *mark = add(marks, MARK_AREA);
  value_of(tag, "fill", mark->colour, sizeof mark->colour);
  const char *at = strstr(tag, "points = '");
  assert_non_null(at);
  *mark = (struct mark){MARK_AREA, INFINITY, INFINITY, -INFINITY, -INFINITY, "", "", 0};
  value_of(tag, "fill", mark->colour, sizeof mark->colour);
  double x, y;
  int used;
  for (at += strlen("points = '"); sscanf(at, "%lf,%lf %n", &x, &y, &used) == 2; at += used) {
    mark->x = fmin(mark->x, x);
    mark->y = fmin(mark->y, y);
    mark->x_end = fmax(mark->x_end, x);
    mark->y_end = fmax(mark->y_end, y);
  }
}

static void add_point(const char *tag, struct marks *marks) {
  char place[64];
  double x, y;
  value_of(tag, "transform=", place, sizeof place);
  if (sscanf(place, "translate(%lf,%lf)", &x, &y) != 2) return;
  struct mark *mark = add(marks, MARK_POINT);
  value_of(tag, "color=", mark->colour, sizeof mark->colour);
  mark->x = x;
  mark->y = y;
}

/* `group`: the tag that says where the text stands. */
static void add_text(const char *tag, const char *group, struct marks *marks) {
  char place[64], anchor[16];
  double x, y;
  value_of(group, "transform=", place, sizeof place);
  value_of(group, "text-anchor=", anchor, sizeof anchor);
  if (sscanf(place, "translate(%lf,%lf)", &x, &y) != 2) return;
  struct mark *mark = add(marks, MARK_TEXT);
  const char *begin = strchr(tag, '>') + 1;
  begin += strspn(begin, " ");
  (void)snprintf(mark->text, sizeof mark->text, "%.*s", (int)strcspn(begin, "<"), begin);
  mark->anchor = anchor[0];
  mark->x = x;
  mark->y = y - MIDDLE;
}

struct marks marks_read(const char *svg) {
  struct marks marks = {.mark = calloc(ROOM, sizeof *marks.mark)};
  const char *group = "", *at = strstr(svg, "gnuplot_canvas");
  assert_non_null(at);
  for (; (at = strchr(at, '<')) != NULL; at++) {
    if (strncmp(at, "<g transform", 12) == 0) group = at;
    if (strncmp(at, "<path stroke", 12) == 0) add_path(at, &marks);
    if (strncmp(at, "<polygon ", 9) == 0) add_area(at, &marks);
    if (strncmp(at, "<use xlink", 10) == 0) add_point(at, &marks);
    if (strncmp(at, "<text>", 6) == 0 || strncmp(at, "<text ", 6) == 0) {
      add_text(at, group, &marks);
    }
  }
  return marks;
}

void marks_clear(struct marks *marks) {
  free(marks->mark);
  *marks = (struct marks){.mark = NULL};
}

/* --- scales --- */

static bool is_number(const struct mark *mark, char anchor, double *value) {
  char *end;
  *value = strtod(mark->text, &end);
  return mark->kind == MARK_TEXT && mark->anchor == anchor && end > mark->text && *end == '\0';
}

/* Numbers of one row (column) of texts: that of the first number. */
static struct scale scale_of(const struct marks *marks, char anchor, bool along_x, bool log) {
  const struct mark *tick[64];
  double value[64], sum[4] = {0};
  size_t count = 0;
  for (size_t i = 0; i < marks->count && count < 64; i++) {
    const struct mark *mark = &marks->mark[i];
    if (!is_number(mark, anchor, &value[count])) continue;
    if (count > 0 && fabs(along_x ? mark->y - tick[0]->y : mark->x - tick[0]->x) > 0.5) continue;
    if (log) value[count] = log10(value[count]);
    tick[count++] = mark;
  }
  if (count < 2) fail_msg("%zu numbers at an axis", count);
  for (size_t i = 0; i < count; i++) {
    const double pixel = along_x ? tick[i]->x : tick[i]->y;
    sum[0] += value[i];
    sum[1] += pixel;
    sum[2] += value[i] * value[i];
    sum[3] += value[i] * pixel;
  }
  const double n = (double)count;
  struct scale scale = {.log = log};
  scale.slope = (n * sum[3] - sum[0] * sum[1]) / (n * sum[2] - sum[0] * sum[0]);
  scale.offset = (sum[1] - scale.slope * sum[0]) / n;
  for (size_t i = 0; i < count; i++) {
    const double pixel = along_x ? tick[i]->x : tick[i]->y;
    if (fabs(pixel - scale.offset - scale.slope * value[i]) > 0.5) {
      fail_msg("%s stands at pixel %g, not on the scale", tick[i]->text, pixel);
    }
  }
  assert_true(along_x ? scale.slope > 0 : scale.slope < 0);
  return scale;
}

struct scale marks_x_scale(const struct marks *marks, bool log) {
  return scale_of(marks, 'm', true, log);
}

struct scale marks_y_scale(const struct marks *marks, bool log) {
  return scale_of(marks, 'e', false, log);
}

double scale_at(const struct scale *scale, double value) {
  return scale->offset + scale->slope * (scale->log ? log10(value) : value);
}

/* --- what must be there --- */

static bool is_near(double a, double b) {
  return fabs(a - b) < 1;
}

void marks_have_point(const struct marks *marks, const char *colour, double x, double y) {
  for (size_t i = 0; i < marks->count; i++) {
    const struct mark *mark = &marks->mark[i];
    if (mark->kind == MARK_POINT && strcmp(mark->colour, colour) == 0 && is_near(mark->x, x) &&
        is_near(mark->y, y)) {
      return;
    }
  }
  fail_msg("no point of %s at %.1f, %.1f", colour, x, y);
}

void marks_have_line(const struct marks *marks, const char *colour, double x, double y,
                     double x_end, double y_end) {
  for (size_t i = 0; i < marks->count; i++) {
    const struct mark *mark = &marks->mark[i];
    if (mark->kind != MARK_LINE) continue;
    if (colour != NULL && strcmp(mark->colour, colour) != 0) continue;
    bool same = is_near(mark->x, x) && is_near(mark->y, y) && is_near(mark->x_end, x_end) &&
                is_near(mark->y_end, y_end);
    bool turned = is_near(mark->x, x_end) && is_near(mark->y, y_end) && is_near(mark->x_end, x) &&
                  is_near(mark->y_end, y);
    if (same || turned) return;
  }
  fail_msg("no line of %s from %.1f, %.1f to %.1f, %.1f", colour != NULL ? colour : "any colour", x,
           y, x_end, y_end);
}

const struct mark *marks_text(const struct marks *marks, const char *text) {
  for (size_t i = 0; i < marks->count; i++) {
    if (marks->mark[i].kind == MARK_TEXT && strcmp(marks->mark[i].text, text) == 0) {
      return &marks->mark[i];
    }
  }
  fail_msg("no text '%s'", text);
  return NULL;
}
