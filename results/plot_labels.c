#include "results/plot_labels.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/width.h"
#include "plots/plot_syntax.h"

enum {
  LABEL_HEAD = 100, /* columns of a label that is cut: its beginning, */
  LABEL_TAIL = 60,  /* and its end */
  TICK_CUT = 54,    /* of a tick's text */
  VALUE_WIDTH = 14  /* columns of a value, beyond which a letter stands for it */
};

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
  const char *bar = strstr(label, " | "), *best = NULL;
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

/* --- letters for long values --- */

static bool is_long(const char *part, size_t length) {
  struct text value = {0};
  size_t name = name_length(part, length);
  text_add_bytes(&value, part + name, length - name);
  bool wide = !value.failed && name > 0 && width_of(value.text) > VALUE_WIDTH;
  text_clear(&value);
  return wide;
}

struct part {
  const char *text;
  size_t length;
  size_t name; /* bytes, with its "=" */
};

static bool same_bytes(const char *a, size_t a_length, const char *b, size_t b_length) {
  return a_length == b_length && strncmp(a, b, a_length) == 0;
}

/* All parts of all labels, each once, those of one name together and in their
 * order of appearance. */
static struct part *gather_parts(char *const *label, size_t rows, size_t *count,
                                 struct error *error) {
  struct part *parts = NULL;
  *count = 0;
  for (size_t row = 0; row < rows; row++) {
    for (const char *at = label[row]; *at != '\0';) {
      const char *end = next_part(at);
      struct part part = {at, part_length(at, end), 0};
      part.name = name_length(at, part.length);
      at = end;
      size_t to = *count;
      bool known = part.name == 0;
      for (size_t i = 0; i < *count; i++) {
        known = known || same_bytes(parts[i].text, parts[i].length, part.text, part.length);
        if (same_bytes(parts[i].text, parts[i].name, part.text, part.name)) to = i + 1;
      }
      if (known) continue;
      struct part *grown = memory_grow(parts, *count + 1, sizeof *parts, error);
      if (grown == NULL) {
        free(parts);
        return NULL;
      }
      parts = grown;
      memmove(&parts[to + 1], &parts[to], (*count - to) * sizeof *parts);
      parts[to] = part;
      ++*count;
    }
  }
  return parts != NULL ? parts : memory_array(1, sizeof *parts, error);
}

/* Where the parts of the same name begin, and after which they end. */
static void family_of(const struct part *parts, size_t count, size_t at, size_t *begin,
                      size_t *end) {
  *begin = *end = at;
  while (*begin > 0 && same_bytes(parts[*begin - 1].text, parts[*begin - 1].name, parts[at].text,
                                  parts[at].name)) {
    --*begin;
  }
  while (*end < count &&
         same_bytes(parts[*end].text, parts[*end].name, parts[at].text, parts[at].name)) {
    ++*end;
  }
}

static bool is_coded(const struct part *parts, size_t begin, size_t end) {
  for (size_t i = begin; i < end; i++) {
    if (is_long(parts[i].text, parts[i].length)) return true;
  }
  return false;
}

/* A to Z, then A1 to Z1. */
static void add_letter(struct text *text, size_t number) {
  text_add(text, "%c", (char)('A' + number % 26));
  if (number >= 26) text_add(text, "%zu", number / 26);
}

static char *coded_label(const char *label, const struct part *parts, size_t count,
                         struct error *error) {
  struct text text = {0};
  text_add(&text, "%s", "");
  for (const char *at = label; *at != '\0';) {
    const char *end = next_part(at);
    size_t length = part_length(at, end), number = 0, begin = 0, after = 0;
    while (number < count && !same_bytes(parts[number].text, parts[number].length, at, length)) {
      number++;
    }
    if (number < count) family_of(parts, count, number, &begin, &after);
    if (text.length > 0) text_add(&text, "  ");
    if (is_coded(parts, begin, after)) {
      text_add_bytes(&text, at, parts[number].name);
      add_letter(&text, number - begin);
    } else {
      text_add_bytes(&text, at, length);
    }
    at = end;
  }
  char *copy = text.failed ? NULL : memory_text(text.text, error);
  if (text.failed) error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&text);
  return copy;
}

static void add_legend(const struct part *parts, size_t count, struct text *legend) {
  size_t begin, end;
  for (size_t at = 0; at < count; at = end) {
    family_of(parts, count, at, &begin, &end);
    for (size_t i = begin; i < end && is_coded(parts, begin, end); i++) {
      text_add_bytes(legend, parts[i].text, parts[i].name);
      add_letter(legend, i - begin);
      text_add(legend, ": ");
      text_add_bytes(legend, parts[i].text + parts[i].name, parts[i].length - parts[i].name);
      text_add(legend, "\n");
    }
  }
}

char **plot_coded_labels(const struct summary *summary, struct text *legend, struct error *error) {
  size_t rows = summary->rows, count = 0;
  char **label = memory_array(rows, sizeof *label, error);
  char **coded = memory_array(rows, sizeof *coded, error);
  bool good = label != NULL && coded != NULL;
  for (size_t i = 0; good && i < rows; i++) {
    label[i] = plot_short_label(summary, i, false, error);
    good = label[i] != NULL;
  }
  struct part *parts = good ? gather_parts(label, rows, &count, error) : NULL;
  good = parts != NULL;
  for (size_t i = 0; good && i < rows; i++) {
    coded[i] = coded_label(label[i], parts, count, error);
    good = coded[i] != NULL;
  }
  if (good) add_legend(parts, count, legend);
  free(parts);
  plot_free_labels(label, rows);
  if (good) return coded;
  plot_free_labels(coded, rows);
  return NULL;
}

void plot_free_labels(char **label, size_t rows) {
  for (size_t i = 0; label != NULL && i < rows; i++) free(label[i]);
  free(label);
}
