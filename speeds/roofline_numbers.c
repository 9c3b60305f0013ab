#include "speeds/roofline_numbers.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* Pixels: half of a number's box, of a point's; how near points crowd each other; from
 * where on a line leads from a number to its point. */
static const double half_wide = 8, half_high = 6, half_point = 4, crowd = 26, led_from = 17,
                    far = 140;

struct scene {
  struct roofline_number *number;
  size_t count;
  const struct roofline_roof *roof;
  size_t roofs;
  double width, height;
  bool *placed;
};

/* Does a piece of a line touch the box around (x, y)? Sampled at every pixel or so. */
static bool touches(const struct roofline_roof *line, double x, double y, double wide,
                    double high) {
  const double length = hypot(line->x_end - line->x, line->y_end - line->y);
  const int steps = (int)length + 1;
  for (int i = 0; i <= steps; i++) {
    const double way = (double)i / steps;
    const double at_x = line->x + way * (line->x_end - line->x);
    const double at_y = line->y + way * (line->y_end - line->y);
    if (fabs(at_x - x) < wide && fabs(at_y - y) < high) return true;
  }
  return false;
}

static struct roofline_roof leader_of(const struct roofline_number *number) {
  return (struct roofline_roof){number->x, number->y, number->label_x, number->label_y};
}

/* What a number must keep off besides other numbers and points: first all, then not the
 * lines to numbers, in a heap of points, then nothing else. */
enum care { CARE_ALL, CARE_ROOFS, CARE_LEAST };

static bool is_free(const struct scene *scene, size_t own, enum care care) {
  const struct roofline_number *at = &scene->number[own];
  const double x = at->label_x, y = at->label_y;
  if (x < half_wide || x > scene->width - half_wide) return false;
  if (y < half_high || y > scene->height - half_high) return false;
  const struct roofline_roof lead = leader_of(at);
  for (size_t i = 0; i < scene->count; i++) {
    const struct roofline_number *other = &scene->number[i];
    if (fabs(other->x - x) < half_wide + half_point &&
        fabs(other->y - y) < half_high + half_point) {
      return false;
    }
    if (i == own || !scene->placed[i]) continue;
    if (fabs(other->label_x - x) < 2 * half_wide && fabs(other->label_y - y) < 2 * half_high) {
      return false;
    }
    if (care != CARE_ALL) continue;
    const struct roofline_roof other_lead = leader_of(other);
    if (touches(&lead, other->label_x, other->label_y, half_wide, half_high)) return false;
    if (other->led && touches(&other_lead, x, y, half_wide, half_high)) return false;
  }
  for (size_t i = 0; care != CARE_LEAST && i < scene->roofs; i++) {
    if (touches(&scene->roof[i], x, y, half_wide, half_high)) return false;
  }
  return true;
}

/* The nearest free place in one of 16 directions. */
static bool find_place(struct scene *scene, size_t own, enum care care) {
  enum { DIRECTIONS = 16 };
  const double turn = 2 * acos(-1.0) / (double)DIRECTIONS;
  struct roofline_number *at = &scene->number[own];
  for (double distance = 13; distance < far; distance += 3) {
    for (int i = 0; i < DIRECTIONS; i++) {
      at->label_x = at->x + distance * cos(turn * i);
      at->label_y = at->y + distance * sin(turn * i);
      at->led = distance > led_from;
      if (is_free(scene, own, care)) return true;
    }
  }
  return false;
}

static size_t crowd_of(const struct scene *scene, size_t own) {
  size_t near = 0;
  for (size_t i = 0; i < scene->count; i++) {
    const double away =
        hypot(scene->number[i].x - scene->number[own].x, scene->number[i].y - scene->number[own].y);
    near += away < crowd;
  }
  return near;
}

bool roofline_number_place(struct roofline_number *number, size_t count,
                           const struct roofline_roof *roof, size_t roofs, double width,
                           double height, struct error *error) {
  bool *placed = memory_array(count, sizeof *placed, error);
  if (placed == NULL) return false;
  struct scene scene = {number, count, roof, roofs, width, height, placed};
  for (size_t done = 0; done < count; done++) {
    size_t next = count, most = 0;
    for (size_t i = 0; i < count; i++) {
      const size_t near = placed[i] ? 0 : crowd_of(&scene, i);
      if (near <= most) continue;
      next = i;
      most = near;
    }
    if (next == count) break;
    if (!find_place(&scene, next, CARE_ALL) && !find_place(&scene, next, CARE_ROOFS) &&
        !find_place(&scene, next, CARE_LEAST)) {
      number[next].label_x = number[next].x + half_wide + half_point + 1;
      number[next].label_y = number[next].y;
      number[next].led = false;
    }
    placed[next] = true;
  }
  free(placed);
  return true;
}
