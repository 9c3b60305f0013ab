#include "results/plot_axes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "results/plot_labels.h"

#define HIDDEN "model.deep.hidden"

enum { CELLS_MAX = 1 << 20 };

static void add_list(const json_t *list, const char *between, struct text *text);

void plot_value_text(const json_t *value, struct text *text) {
  if (json_is_string(value)) {
    text_add(text, "%s", json_string_value(value));
  } else if (json_is_real(value)) {
    text_add_rounded(text, json_real_value(value), 4);
  } else if (json_is_array(value)) {
    text_add(text, "[");
    add_list(value, ", ", text);
    text_add(text, "]");
  } else {
    json_text_add_line(text, value);
  }
}

/* A list within a list is a cross: its columns are joined by stars. */
static void add_list(const json_t *list, const char *between, struct text *text) {
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    if (i > 0) text_add(text, "%s", between);
    if (json_is_array(item)) {
      add_list(item, "*", text);
    } else {
      plot_value_text(item, text);
    }
  }
}

const json_t *plot_config_at(const json_t *config, const char *path) {
  while (config != NULL && *path != '\0') {
    size_t length = strcspn(path, ".");
    const json_t *inner = NULL;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)config, key, value) {
      if (strlen(key) == length && strncmp(key, path, length) == 0) inner = value;
    }
    config = inner;
    path += length + (path[length] == '.');
  }
  return config;
}

static const json_t *config_of(const struct summary *summary, const struct summary_row *row) {
  return row->trials > 0 ? summary->records.record[row->trial[0]].config : NULL;
}

static double length_at(const struct summary *summary, const struct summary_row *row,
                        const char *path) {
  const json_t *list = plot_config_at(config_of(summary, row), path);
  return json_is_array(list) ? (double)json_array_size(list) : NAN;
}

double plot_depth(const struct summary *summary, const struct summary_row *row) {
  return length_at(summary, row, HIDDEN);
}

double plot_deep_columns(const struct summary *summary, const struct summary_row *row) {
  return length_at(summary, row, "model.deep.columns");
}

static const json_t *value_of(const struct summary *summary, size_t row, const char *path) {
  const struct summary_row *at = &summary->row[row];
  if (!summary_finished(at)) return NULL;
  const json_t *swept = json_object_get(at->swept, path);
  return swept != NULL ? swept : plot_config_at(config_of(summary, at), path);
}

/* --- one axis --- */

struct item {
  const json_t *json;
  double number;
};

static void sort_items(struct item *item, size_t count) {
  for (size_t i = 1; i < count; i++) {
    struct item moved = item[i];
    size_t to = i;
    for (; to > 0 && moved.number < item[to - 1].number; to--) item[to] = item[to - 1];
    item[to] = moved;
  }
}

static size_t find_item(const struct item *item, size_t count, const json_t *json) {
  size_t i = 0;
  while (i < count && !json_equal(item[i].json, json)) i++;
  return i;
}

static size_t gather(const struct summary *summary, const char *path, struct item *item,
                     bool *numeric) {
  size_t count = 0;
  *numeric = true;
  for (size_t i = 0; i < summary->rows; i++) {
    const json_t *json = value_of(summary, i, path);
    if (json == NULL || find_item(item, count, json) < count) continue;
    double number = json_is_number(json) ? json_number_value(json) : NAN;
    *numeric = *numeric && !isnan(number);
    item[count++] = (struct item){json, number};
  }
  if (*numeric) sort_items(item, count);
  return count;
}

/* What the labels call a value of a key, and the key; false when they do not:
 * rows of a list of points have labels of their own. */
static bool label_words(const struct summary *summary, const char *path, const json_t *value,
                        struct text *name, struct text *words) {
  for (size_t i = 0; i < summary->rows; i++) {
    const json_t *own = value_of(summary, i, path);
    if (own == NULL || !json_equal(own, value)) continue;
    if (plot_label_part(summary->row[i].label, path, name, words)) return true;
  }
  return false;
}

static bool add_value(struct plot_axis *axis, const struct summary *summary, const char *path,
                      const struct item *item, struct error *error) {
  struct text name = {0}, text = {0};
  bool good = true;
  if (label_words(summary, path, item->json, &name, &text) && !axis->labelled && !name.failed) {
    char *own = memory_text(name.text, error);
    good = own != NULL;
    if (good) {
      free(axis->name);
      axis->name = own;
      axis->labelled = true;
    }
  }
  if (text.length == 0) plot_value_text(item->json, &text);
  char *copy = text.failed ? NULL : memory_text(text.text, error);
  if (copy == NULL) error_set(error, ERROR_SYSTEM, "out of memory");
  axis->value[axis->values++] = (struct plot_value){copy, item->number};
  text_clear(&name);
  text_clear(&text);
  return good && copy != NULL;
}

static bool fill_axis(struct plot_axis *axis, const struct summary *summary, const char *path,
                      const struct item *item, size_t count, struct error *error) {
  axis->hidden = strcmp(path, HIDDEN) == 0;
  axis->name = memory_text(path, error);
  axis->value = memory_array(count, sizeof *axis->value, error);
  axis->of = memory_array(summary->rows, sizeof *axis->of, error);
  if (axis->name == NULL || axis->value == NULL || axis->of == NULL) return false;
  while (axis->values < count) {
    if (!add_value(axis, summary, path, &item[axis->values], error)) return false;
  }
  for (size_t i = 0; i < summary->rows; i++) {
    const json_t *json = value_of(summary, i, path);
    axis->of[i] = json != NULL ? find_item(item, count, json) : PLOT_NO_VALUE;
  }
  return true;
}

static bool add_axis(struct plot_axes *axes, const struct summary *summary, const char *path,
                     struct error *error) {
  struct item *item = memory_array(summary->rows, sizeof *item, error);
  if (item == NULL) return false;
  bool numeric;
  size_t count = gather(summary, path, item, &numeric);
  bool good = true;
  if (count >= 2) {
    struct plot_axis *axis = &axes->axis[axes->count++];
    axis->numeric = numeric;
    good = fill_axis(axis, summary, path, item, count, error);
  }
  free(item);
  return good;
}

/* --- all --- */

static const char *last_part(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot != NULL ? dot + 1 : path;
}

static void shorten_names(struct plot_axes *axes) {
  bool alike = false;
  for (size_t i = 0; i < axes->count; i++) {
    for (size_t k = i + 1; k < axes->count; k++) {
      alike = alike || strcmp(last_part(axes->axis[i].name), last_part(axes->axis[k].name)) == 0;
    }
  }
  for (size_t i = 0; i < axes->count && !alike; i++) {
    if (axes->axis[i].labelled) continue;
    const char *last = last_part(axes->axis[i].name);
    memmove(axes->axis[i].name, last, strlen(last) + 1);
  }
}

/* The names of all swept keys, in their order of appearance. */
static json_t *swept_paths(const struct summary *summary) {
  json_t *paths = json_object();
  for (size_t i = 0; i < summary->rows; i++) {
    const char *path;
    json_t *unused;
    json_object_foreach(summary->row[i].swept, path, unused) {
      if (json_object_set_new(paths, path, json_null()) != 0) {
        json_decref(paths);
        return NULL;
      }
    }
  }
  return paths;
}

bool plot_axes_init(struct plot_axes *axes, const struct summary *summary, struct error *error) {
  *axes = (struct plot_axes){.rows = summary->rows};
  json_t *paths = swept_paths(summary);
  if (paths == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  axes->axis = memory_array(json_object_size(paths), sizeof *axes->axis, error);
  bool good = axes->axis != NULL;
  const char *path;
  json_t *unused;
  json_object_foreach(paths, path, unused) {
    good = good && add_axis(axes, summary, path, error);
  }
  json_decref(paths);
  if (good) shorten_names(axes);
  return good;
}

void plot_axes_clear(struct plot_axes *axes) {
  for (size_t i = 0; i < axes->count; i++) {
    struct plot_axis *axis = &axes->axis[i];
    for (size_t v = 0; v < axis->values; v++) free(axis->value[v].text);
    free(axis->value);
    free(axis->name);
    free(axis->of);
  }
  free(axes->axis);
  *axes = (struct plot_axes){0};
}

/* --- depth and width of `hidden` --- */

static bool number_axis(struct plot_axis *axis, const char *name, const double *of, size_t rows,
                        struct error *error) {
  axis->name = memory_text(name, error);
  axis->value = memory_array(rows, sizeof *axis->value, error);
  axis->of = memory_array(rows, sizeof *axis->of, error);
  if (axis->name == NULL || axis->value == NULL || axis->of == NULL) return false;
  axis->numeric = true;
  for (size_t i = 0; i < rows; i++) axis->of[i] = PLOT_NO_VALUE;
  for (double last = -1;; axis->values++) {
    double next = INFINITY;
    for (size_t i = 0; i < rows; i++) next = of[i] > last && of[i] < next ? of[i] : next;
    if (isinf(next)) return true;
    struct text text = {0};
    text_add(&text, "%.0f", next);
    if (!text.failed) axis->value[axis->values].text = memory_text(text.text, error);
    text_clear(&text);
    if (axis->value[axis->values].text == NULL) return false;
    axis->value[axis->values].number = next;
    for (size_t i = 0; i < rows; i++) {
      if (of[i] > last && of[i] <= next) axis->of[i] = axis->values;
    }
    last = next;
  }
}

/* Whether no two rows have the same depth and width. */
static bool names_each(const double *depth, const double *width, size_t rows) {
  for (size_t i = 0; i < rows; i++) {
    for (size_t k = i + 1; k < rows && !isnan(depth[i]); k++) {
      bool same = !isnan(depth[k]) && !(depth[i] < depth[k]) && !(depth[i] > depth[k]);
      if (same && !(width[i] < width[k]) && !(width[i] > width[k])) return false;
    }
  }
  return true;
}

static void read_shape(const struct summary *summary, bool flat, double *depth, double *width) {
  for (size_t i = 0; i < summary->rows; i++) {
    const json_t *hidden = value_of(summary, i, HIDDEN);
    depth[i] = json_is_array(hidden) ? (double)json_array_size(hidden) : NAN;
    const json_t *first = json_array_get(hidden, 0);
    width[i] = json_is_integer(first) ? json_number_value(first) : NAN;
    if (!flat && isnan(width[i])) depth[i] = NAN;
  }
}

static bool is_even(const json_t *hidden) {
  for (size_t i = 1; i < json_array_size(hidden); i++) {
    if (!json_equal(json_array_get(hidden, i), json_array_get(hidden, 0))) return false;
  }
  return true;
}

/* Layers of different widths: depth and first width do not say what they are. */
static size_t leave_uneven_aside(const struct summary *summary, double *depth, double *width) {
  size_t aside = 0;
  for (size_t i = 0; i < summary->rows; i++) {
    if (is_even(value_of(summary, i, HIDDEN))) continue;
    depth[i] = width[i] = NAN;
    aside++;
  }
  return aside;
}

bool plot_axes_derive(struct plot_axes *axes, const struct summary *summary, bool flat,
                      bool *derived, struct error *error) {
  *derived = false;
  if (axes->count != 1 || !axes->axis[0].hidden) return true;
  double *depth = memory_array(summary->rows, sizeof *depth, error);
  double *width = memory_array(summary->rows, sizeof *width, error);
  struct plot_axes two = {.rows = summary->rows, .axis = NULL};
  bool good = depth != NULL && width != NULL;
  if (good) read_shape(summary, flat, depth, width);
  if (good && !names_each(depth, width, summary->rows)) {
    two.aside = leave_uneven_aside(summary, depth, width);
  }
  if (good && names_each(depth, width, summary->rows)) {
    two.axis = memory_array(2, sizeof *two.axis, error);
    two.count = two.axis != NULL ? 2 : 0;
    good = two.axis != NULL &&
           number_axis(&two.axis[0], "hidden layers", depth, summary->rows, error) &&
           number_axis(&two.axis[1], "width of the first layer", width, summary->rows, error);
    *derived = good && two.axis[0].values >= 2 && two.axis[1].values >= 2;
  }
  free(depth);
  free(width);
  struct plot_axes unused = *derived ? *axes : two;
  if (*derived) *axes = two;
  plot_axes_clear(&unused);
  return good;
}

/* --- grids --- */

/* The combination of a row; PLOT_NO_VALUE when it lacks a value or a trial. */
static size_t cell_of(const struct plot_axes *axes, const struct summary *summary, size_t row) {
  if (!summary_finished(&summary->row[row])) return PLOT_NO_VALUE;
  size_t cell = 0;
  for (size_t i = 0; i < axes->count; i++) {
    size_t value = axes->axis[i].of[row];
    if (value == PLOT_NO_VALUE) return PLOT_NO_VALUE;
    cell = cell * axes->axis[i].values + value;
  }
  return cell;
}

/* False when two rows share a cell or a cell has none. */
static bool place(const struct plot_axes *axes, const struct summary *summary, size_t *grid,
                  size_t cells) {
  size_t placed = 0;
  for (size_t i = 0; i < cells; i++) grid[i] = PLOT_NO_VALUE;
  for (size_t row = 0; row < summary->rows; row++) {
    size_t cell = cell_of(axes, summary, row);
    if (cell == PLOT_NO_VALUE) continue;
    if (grid[cell] != PLOT_NO_VALUE) return false;
    grid[cell] = row;
    placed++;
  }
  return placed == cells;
}

bool plot_axes_grid(const struct plot_axes *axes, const struct summary *summary, size_t **grid,
                    size_t *cells, struct error *error) {
  *grid = NULL;
  *cells = 1;
  for (size_t i = 0; i < axes->count; i++) {
    if (*cells > CELLS_MAX / axes->axis[i].values) return true;
    *cells *= axes->axis[i].values;
  }
  size_t *rows = memory_array(*cells, sizeof *rows, error);
  if (rows == NULL) return false;
  if (place(axes, summary, rows, *cells)) {
    *grid = rows;
  } else {
    free(rows);
  }
  return true;
}
