/* What stands where in an SVG of gnuplot, so that a test can say what a picture
 * must show: "a point of this colour at 1.2, beside the label b". */
#ifndef CROSSLANE_TESTS_PLOTS_MARKS_H
#define CROSSLANE_TESTS_PLOTS_MARKS_H

#include <stdbool.h>
#include <stddef.h>

/* gnuplot's colours of `set colorsequence podo`, as it writes them. */
#define MARK_BLUE "rgb(  0, 114, 178)"      /* lc 6 */
#define MARK_VERMILION "rgb(213,  94,   0)" /* lc 7 */
#define MARK_SKY "rgb( 86, 180, 233)"       /* lc 3 */
#define MARK_GREEN "rgb(  0, 158, 115)"     /* lc 4 */

enum mark_kind { MARK_POINT, MARK_LINE, MARK_AREA, MARK_TEXT };

/* In pixels. A line is one straight piece of a path; an area is the box around a
 * filled shape; a text's y is the middle of its line. */
struct mark {
  enum mark_kind kind;
  double x, y, x_end, y_end;
  char colour[24], text[128];
  char anchor; /* of a text: 's'tart, 'm'iddle, 'e'nd */
};

struct marks {
  struct mark *mark;
  size_t count;
};

struct marks marks_read(const char *svg);
void marks_clear(struct marks *marks);

/* Pixels of a value: offset + slope * value, or of its logarithm. */
struct scale {
  double slope, offset;
  bool log;
};

/* From the numbers under the first axis (left of it). Fails the test unless all of
 * them stand where one scale has them: swapped ones do not. */
struct scale marks_x_scale(const struct marks *marks, bool log);
struct scale marks_y_scale(const struct marks *marks, bool log);
double scale_at(const struct scale *scale, double value);

/* Each fails the test with what was sought when there is none within a pixel. A
 * colour NULL is any. */
void marks_have_point(const struct marks *marks, const char *colour, double x, double y);
void marks_have_line(const struct marks *marks, const char *colour, double x, double y,
                     double x_end, double y_end);
const struct mark *marks_text(const struct marks *marks, const char *text);

#endif
