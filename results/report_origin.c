/* Where the numbers of the page come from, and how to reproduce them. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_copy.h"
#include "base/json_text.h"
#include "base/plain.h"
#include "results/report_parts.h"

/* A value for people: "name: value, name: value" of an object's members. */
static void add_members(const json_t *object, struct text *line) {
  const char *name;
  json_t *value;
  bool first = true;
  json_object_foreach((json_t *)object, name, value) {
    if (json_is_null(value)) continue;
    text_add(line, "%s%s: ", first ? "" : "; ", name);
    if (json_is_string(value)) {
      text_add(line, "%s", json_string_value(value));
    } else {
      json_text_add_line(line, value);
    }
    first = false;
  }
}

static const json_t *host_of(const struct record *record) {
  return record->host;
}

static const json_t *build_of(const struct record *record) {
  return record->build;
}

static const json_t *data_of(const struct record *record) {
  return record->data;
}

/* What differs between splits of one data set is left out. */
static bool add_distinct_one(json_t *seen, const json_t *object, const char *term,
                             struct text *page) {
  json_t *copy = json_copy_deep(object);
  (void)json_object_del(copy, "rating_variance");
  bool known = copy == NULL;
  for (size_t i = 0; i < json_array_size(seen); i++) {
    known = known || json_equal(json_array_get(seen, i), copy);
  }
  if (!known) {
    struct text line = {0};
    add_members(copy, &line);
    text_add(page, "<dt>%s</dt><dd>", term);
    plain_add_markup(page, line.failed || line.text == NULL ? "" : line.text);
    text_add(page, "</dd>\n");
    text_clear(&line);
    return json_array_append_new(seen, copy) == 0;
  }
  bool good = copy != NULL;
  json_decref(copy);
  return good;
}

static bool add_distinct(const struct summary *summary, const char *term,
                         const json_t *(*of)(const struct record *record), struct text *page) {
  json_t *seen = json_array();
  bool good = seen != NULL;
  for (size_t i = 0; good && i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    for (size_t t = 0; good && t < row->trials; t++) {
      good = add_distinct_one(seen, of(&summary->records.record[row->trial[t]]), term, page);
    }
  }
  json_decref(seen);
  return good;
}

static void add_isas(const struct summary *summary, struct text *page) {
  json_t *seen = json_object();
  text_add(page, "<dt>instruction sets</dt><dd>");
  for (size_t i = 0; seen != NULL && i < summary->rows; i++) {
    const struct summary_row *row = &summary->row[i];
    for (size_t t = 0; t < row->trials; t++) {
      const char *isa = summary->records.record[row->trial[t]].isa;
      if (json_object_get(seen, isa) != NULL) continue;
      if (json_object_size(seen) > 0) text_add(page, ", ");
      plain_add_markup(page, isa);
      if (json_object_set_new(seen, isa, json_null()) != 0) page->failed = true;
    }
  }
  text_add(page, "; results are identical on each</dd>\n");
  page->failed = page->failed || seen == NULL;
  json_decref(seen);
}

/* A word of a POSIX shell. */
static void add_word(struct text *line, const char *word) {
  static const char plain[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+=:,@";
  if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
    text_add(line, "%s", word);
    return;
  }
  text_add(line, "'");
  for (; *word != '\0'; word++) {
    if (*word == '\'') {
      text_add(line, "'\\''");
    } else {
      text_add_bytes(line, word, 1);
    }
  }
  text_add(line, "'");
}

static void add_commands(const struct summary *summary, struct text *page) {
  struct text lines = {0}, config = {0};
  text_add(&config, "%s/config.yaml", summary->run);
  text_add(&lines, "crosslane sweep ");
  add_word(&lines, config.failed ? "" : config.text);
  if (summary->data_given) {
    text_add(&lines, " --data ");
    add_word(&lines, summary->data);
  }
  text_add(&lines, " --out again\ncrosslane show again\ncrosslane report again\n");
  text_add(page, "<h2>Reproduce this run</h2>\n<pre>");
  plain_add_markup(page, lines.failed ? "" : lines.text);
  text_add(page, "</pre>\n");
  page->failed = page->failed || lines.failed || config.failed;
  text_clear(&lines);
  text_clear(&config);
}

static bool add_config(const struct summary *summary, struct text *page, struct error *error) {
  char *path = file_join(summary->run, "config.yaml", error);
  if (path == NULL) return false;
  size_t size;
  bool there = file_exists(path);
  char *config = there ? file_read(path, FILE_MOST_TEXT, &size, ERROR_DATA, error) : NULL;
  free(path);
  if (config == NULL) return !there;
  text_add(page,
           "<h2>Config</h2>\n<details><summary>config.yaml, with all settings</summary>\n<pre>");
  plain_add_markup(page, config);
  text_add(page, "</pre></details>\n");
  free(config);
  return true;
}

bool report_add_origin(const struct summary *summary, struct text *page, struct error *error) {
  text_add(page, "<h2>Machine, build, data</h2>\n<dl>\n");
  bool good = add_distinct(summary, "machine", host_of, page) &&
              add_distinct(summary, "build", build_of, page) &&
              add_distinct(summary, "data", data_of, page);
  if (!good) return error_set(error, ERROR_SYSTEM, "out of memory");
  add_isas(summary, page);
  text_add(page, "</dl>\n");
  add_commands(summary, page);
  return add_config(summary, page, error);
}
