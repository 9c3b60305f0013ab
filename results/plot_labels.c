#include "results/plot_labels.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"

enum {
  LABEL_HEAD = 100, /* columns of a label that is cut: its beginning, */
  LABEL_TAIL = 60,  /* and its end */
  TICK_CUT = 54     /* of a tick's text */
};

#define BAR " | " /* between the labels of equal architectures */

/* Where the next "name=" of a label begins, or its end. */
static const char *next_part(const char *at) {
  for (at++; *at != '\0'; at++) {
    if (at[-1] != ' ') continue;
    const char *end = at;
    while (islower((unsigned char)*end) || strchr("_.0123456789", *end) != NULL) {
      if (*end == '\0') break;
      end++;
    }
    if (end > at && *end == '=') return at;
  }
  return at;
}

/* Without the blanks at its end. */
static size_t part_length(const char *at, const char *end) {
  size_t length = (size_t)(end - at);
  while (length > 0 && at[length - 1] == ' ') length--;
  return length;
}

/* Bytes up to and with the "=" of a part; 0 when it has no name. */
static size_t name_length(const char *part, size_t length) {
  const char *equals = memchr(part, '=', length);
  return equals != NULL ? (size_t)(equals - part) + 1 : 0;
}

static bool has_part(const char *label, const char *part, size_t length) {
  for (const char *at = label; *at != '\0';) {
    const char *end = next_part(at);
    size_t own = part_length(at, end);
    if (own == length && strncmp(at, part, own) == 0) return true;
    at = end;
  }
  return false;
}

static bool all_have(const struct summary *summary, const char *part, size_t length) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (!has_part(summary->row[i].label, part, length)) return false;
  }
  return true;
}

/* Without what lies between its first and its last words; a word that would take
 * half of either is cut itself. */
static void add_cut(struct text *text, const char *label) {
  size_t width = width_of(label);
  if (width <= LABEL_HEAD + LABEL_TAIL) {
    text_add(text, "%s", label);
    return;
  }
  size_t head = width_fit(label, LABEL_HEAD), tail = head;
  while (width_of(label + tail) > LABEL_TAIL) tail += width_fit(label + tail, 1);
  size_t word = head;
  while (word > 0 && label[word] != ' ') word--;
  if (word > LABEL_HEAD / 2) head = word;
  const char *blank = strchr(label + tail - 1, ' ');
  if (blank != NULL && strlen(blank) > LABEL_TAIL / 2) tail = (size_t)(blank - label) + 1;
  text_add_bytes(text, label, head);
  text_add(text, " … %s", label + tail);
}

char *plot_short_label(const struct summary *summary, size_t row, bool cut, struct error *error) {
  struct text kept = {0}, fit = {0};
  text_add(&kept, "%s", "");
  for (const char *at = summary->row[row].label; *at != '\0';) {
    const char *end = next_part(at);
    size_t length = part_length(at, end);
    if (summary->rows < 2 || !all_have(summary, at, length)) {
      if (kept.length > 0) text_add(&kept, " ");
      text_add_bytes(&kept, at, length);
    }
    at = end;
  }
  const char *whole = kept.failed || kept.length == 0 ? summary->row[row].label : kept.text;
  if (cut) {
    add_cut(&fit, whole);
  } else {
    text_add(&fit, "%s", whole);
  }
  bool good = !kept.failed && !fit.failed;
  char *label = good ? memory_text(fit.text != NULL ? fit.text : "", error) : NULL;
  if (!good) error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&kept);
  text_clear(&fit);
  return label;
}

void plot_add_tick(const char *label, size_t width, struct text *text) {
  struct text cut = {0};
  const size_t most = width_fit(label, TICK_CUT);
  text_add_bytes(&cut, label, most);
  if (label[most] != '\0') text_add(&cut, "…");
  plot_add_label(text, cut.failed ? "" : cut.text, width);
  text_clear(&cut);
}

/* --- short values --- */

enum cut { CUT_END, CUT_MIDDLE };

static void add_cut_value(const char *value, size_t width, enum cut cut, struct text *text) {
  if (width_of(value) <= width) {
    text_add(text, "%s", value);
    return;
  }
  const size_t end = cut == CUT_MIDDLE ? (width - 1) / 2 : 0;
  const char *tail = value + strlen(value);
  while (end > 0 && tail > value && width_of(tail - 1) <= end) tail--;
  while (((unsigned char)*tail & 0xc0) == 0x80) tail++; /* within a character */
  text_add_bytes(text, value, width_fit(value, width - 1 - end));
  text_add(text, "…%s", tail);
}

void plot_add_cut_label(const char *label, size_t width, struct text *text) {
  struct text cut = {0};
  add_cut_value(label, width, CUT_MIDDLE, &cut);
  plot_add_label(text, cut.failed || cut.text == NULL ? "" : cut.text, SIZE_MAX);
  text_clear(&cut);
}

static bool is_unlike_others(const struct plot_axis *axis, size_t value, size_t width,
                             enum cut cut) {
  struct text own = {0};
  add_cut_value(axis->value[value].text, width, cut, &own);
  bool unlike = !own.failed;
  for (size_t i = 0; unlike && i < axis->values; i++) {
    struct text other = {0};
    add_cut_value(axis->value[i].text, width, cut, &other);
    unlike = i == value || (!other.failed && strcmp(own.text, other.text) != 0);
    text_clear(&other);
  }
  text_clear(&own);
  return unlike;
}

void plot_add_short_value(const struct plot_axis *axis, size_t value, size_t width,
                          struct text *text) {
  const char *words = axis->value[value].text;
  if (is_unlike_others(axis, value, width, CUT_END)) {
    add_cut_value(words, width, CUT_END, text);
  } else if (is_unlike_others(axis, value, width, CUT_MIDDLE)) {
    add_cut_value(words, width, CUT_MIDDLE, text);
  } else {
    text_add(text, "%zu: ", value + 1);
    add_cut_value(words, width - 4, CUT_END, text);
  }
}

/* --- the words of a label for a key of the config --- */

/* Whether `path` is `name`, or ends with it after a dot. */
static bool ends_with(const char *path, const char *name, size_t length) {
  const size_t all = strlen(path);
  if (length > all || strncmp(path + all - length, name, length) != 0) return false;
  return length == all || path[all - length - 1] == '.';
}

/* Equal architectures have their labels joined by bars: the first one counts. */
bool plot_label_part(const char *label, const char *path, struct text *name, struct text *value) {
  const char *bar = strstr(label, BAR), *best = NULL;
  const char *stop = bar != NULL ? bar : label + strlen(label);
  size_t best_name = 0, best_length = 0;
  for (const char *at = label; at < stop;) {
    const char *end = next_part(at) < stop ? next_part(at) : stop;
    const size_t length = part_length(at, end), own = name_length(at, length);
    if (own > best_name && own > 1 && ends_with(path, at, own - 1)) {
      best = at;
      best_name = own;
      best_length = length;
    }
    at = end;
  }
  if (best == NULL) return false;
  text_add_bytes(name, best, best_name - 1);
  text_add_bytes(value, best + best_name, best_length - best_name);
  return true;
}

/* --- a table of labels --- */

enum { COLUMNS_MOST = 12 };

static bool out_of_memory(struct error *error) {
  return error_set(error, ERROR_SYSTEM, "out of memory");
}

/* Columns by the names of the label's parts; false when one has none. */
static bool name_columns(struct plot_label_table *table, const char *label, struct error *error) {
  const char *bar = strstr(label, BAR), *stop = bar != NULL ? bar : label + strlen(label);
  for (const char *at = label; at < stop;) {
    const size_t name = name_length(at, part_length(at, next_part(at)));
    if (name < 2 || table->count == COLUMNS_MOST) return false;
    struct plot_axis *column = &table->column[table->count++];
    struct text words = {0};
    text_add_bytes(&words, at, name - 1);
    column->name = words.failed ? NULL : memory_text(words.text, error);
    text_clear(&words);
    column->of = memory_array(table->rows, sizeof *column->of, error);
    column->value = memory_array(table->rows, sizeof *column->value, error);
    if (column->name == NULL || column->of == NULL || column->value == NULL) return false;
    at = next_part(at);
  }
  return table->count > 0;
}

static bool has_word(const struct text *cell, const char *word, size_t length) {
  for (const char *at = cell->text; at != NULL; at = strstr(at, BAR)) {
    if (strncmp(at, BAR, strlen(BAR)) == 0) at += strlen(BAR);
    const char *bar = strstr(at, BAR);
    const size_t own = bar != NULL ? (size_t)(bar - at) : strlen(at);
    if (own == length && strncmp(at, word, length) == 0) return true;
  }
  return false;
}

/* The values of one label, [count]; of labels joined by bars each value once. False when
 * its parts are not the columns. */
static bool read_cells(const struct plot_label_table *table, const char *label, struct text *cell) {
  for (const char *at = label; *at != '\0';) {
    const char *bar = strstr(at, BAR), *stop = bar != NULL ? bar : at + strlen(at);
    size_t c = 0;
    for (; at < stop; c++) {
      const char *end = next_part(at) < stop ? next_part(at) : stop;
      const size_t length = part_length(at, end), name = name_length(at, length);
      if (name < 2 || c == table->count) return false;
      const char *own = table->column[c].name;
      if (strlen(own) != name - 1 || strncmp(own, at, name - 1) != 0) return false;
      if (!has_word(&cell[c], at + name, length - name)) {
        if (cell[c].length > 0) text_add(&cell[c], BAR);
        text_add_bytes(&cell[c], at + name, length - name);
      }
      at = end;
    }
    if (c != table->count) return false;
    at = stop + (bar != NULL ? strlen(BAR) : 0);
  }
  return true;
}

static bool add_cell(struct plot_axis *column, size_t row, const struct text *cell,
                     struct error *error) {
  const char *words = cell->text != NULL ? cell->text : "";
  size_t v = 0;
  while (v < column->values && strcmp(column->value[v].text, words) != 0) v++;
  if (v == column->values) {
    column->value[v] = (struct plot_value){memory_text(words, error), NAN};
    if (column->value[v].text == NULL) return false;
    column->values++;
  }
  column->of[row] = v;
  return !cell->failed || out_of_memory(error);
}

static bool add_row(struct plot_label_table *table, size_t row, const char *label, bool *fits,
                    struct error *error) {
  struct text cell[COLUMNS_MOST] = {{0}};
  bool good = true;
  *fits = read_cells(table, label, cell);
  for (size_t c = 0; c < table->count; c++) {
    good = good && *fits ? add_cell(&table->column[c], row, &cell[c], error) : good;
    text_clear(&cell[c]);
  }
  return good;
}

static void clear_column(struct plot_axis *column) {
  for (size_t v = 0; v < column->values; v++) free(column->value[v].text);
  free(column->value);
  free(column->name);
  free(column->of);
}

static void drop_equal_columns(struct plot_label_table *table) {
  size_t kept = 0;
  for (size_t c = 0; c < table->count; c++) {
    if (table->rows > 1 && table->column[c].values < 2) {
      clear_column(&table->column[c]);
    } else {
      table->column[kept++] = table->column[c];
    }
  }
  table->count = kept;
}

bool plot_label_table_init(struct plot_label_table *table, const struct summary *summary,
                           struct error *error) {
  *table = (struct plot_label_table){.rows = summary->rows};
  table->column = memory_array(COLUMNS_MOST, sizeof *table->column, error);
  if (table->column == NULL) return false;
  struct error fault = {.kind = ERROR_NONE};
  bool fits = summary->rows > 0 && name_columns(table, summary->row[0].label, &fault);
  bool good = fault.kind == ERROR_NONE;
  for (size_t i = 0; good && fits && i < summary->rows; i++) {
    good = add_row(table, i, summary->row[i].label, &fits, &fault);
  }
  if (!good) *error = fault;
  if (!good || !fits) {
    plot_label_table_clear(table);
  } else {
    drop_equal_columns(table);
  }
  return good;
}

void plot_label_table_add(const struct plot_label_table *table, size_t row, struct text *text) {
  for (size_t c = 0; c < table->count; c++) {
    const struct plot_axis *at = &table->column[c];
    const char *words = row == PLOT_NO_VALUE ? at->name : at->value[at->of[row]].text;
    text_add(text, "%s%s", c > 0 ? " · " : "", words);
  }
}

void plot_label_table_clear(struct plot_label_table *table) {
  for (size_t c = 0; c < table->count; c++) clear_column(&table->column[c]);
  free(table->column);
  *table = (struct plot_label_table){.rows = table->rows};
}

void plot_free_labels(char **label, size_t rows) {
  for (size_t i = 0; label != NULL && i < rows; i++) free(label[i]);
  free(label);
}
