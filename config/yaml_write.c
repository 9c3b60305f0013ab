/* A tree as text again: one key or item a line. libfyaml's emitter is of no use here: what it
 * makes of a list differs from version to version, and not all of it reads back. */
#include <jansson.h>
#include <string.h>

#include "base/json_text.h"
#include "config/yaml.h"

/* A list of words or numbers, or of such lists, stands in one line; not where brackets would
 * mean something to a word without quotation marks. */
static bool fits_a_line(const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) {
    return !node->plain || (node->length > 0 && strpbrk(node->text, ",[]{}:#\n") == NULL);
  }
  for (size_t i = 0; i < node->count; i++) {
    if (node->kind == YAML_MAPPING || !fits_a_line(node->value[i])) return false;
  }
  return true;
}

/* --- one line --- */

/* A text in quotation marks is one of JSON, which is one of YAML too. */
static void add_scalar(struct text *text, const struct yaml_node *scalar) {
  if (scalar->plain && strchr(scalar->text, '\n') == NULL) {
    text_add_bytes(text, scalar->text, scalar->length);
    return;
  }
  json_t *json = json_stringn(scalar->text, scalar->length);
  if (json != NULL) json_text_add_line(text, json);
  text->failed = text->failed || json == NULL;
  json_decref(json);
}

static void add_line(struct text *text, const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) {
    add_scalar(text, node);
    return;
  }
  const bool mapping = node->kind == YAML_MAPPING; /* an empty one */
  text_add(text, mapping ? "{" : "[");
  for (size_t i = 0; i < node->count; i++) {
    text_add(text, "%s", i > 0 ? ", " : "");
    add_line(text, node->value[i]);
  }
  text_add(text, mapping ? "}" : "]");
}

/* --- lines --- */

static void add_lines(struct text *text, const struct yaml_node *node, size_t depth);

/* What stands behind "key:" or "-", whose line it ends. */
static void add_value(struct text *text, const struct yaml_node *node, size_t depth) {
  if (node->count > 0 && !fits_a_line(node)) {
    text_add(text, "\n");
    add_lines(text, node, depth + 1);
    return;
  }
  text_add(text, " ");
  add_line(text, node);
  text_add(text, "\n");
}

static void add_lines(struct text *text, const struct yaml_node *node, size_t depth) {
  for (size_t i = 0; i < node->count; i++) {
    text_add(text, "%*s", (int)(2 * depth), "");
    if (node->kind == YAML_MAPPING) {
      add_line(text, node->key[i]);
      text_add(text, ":");
    } else {
      text_add(text, "-");
    }
    add_value(text, node->value[i], depth);
  }
}

static bool same(const struct yaml_node *one, const struct yaml_node *other) {
  if (one->kind != other->kind || one->count != other->count) return false;
  if (one->kind == YAML_SCALAR) {
    const bool style = one->plain == other->plain || strchr(one->text, '\n') != NULL;
    return style && one->length == other->length &&
           memcmp(one->text, other->text, one->length) == 0;
  }
  for (size_t i = 0; i < one->count; i++) {
    if (one->kind == YAML_MAPPING && !same(one->key[i], other->key[i])) return false;
    if (!same(one->value[i], other->value[i])) return false;
  }
  return true;
}

static bool reads_back(const struct yaml_node *root, const char *bytes, size_t size) {
  struct yaml_document document = {0};
  struct error unused = {0};
  const bool good =
      yaml_parse(&document, "", false, bytes, size, &unused) && same(root, document.root);
  yaml_clear(&document);
  return good;
}

bool yaml_write(const struct yaml_node *root, struct text *text, struct error *error) {
  const size_t before = text->length;
  add_lines(text, root, 0);
  if (text->failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  return reads_back(root, text->text + before, text->length - before) ||
         error_set(error, ERROR_SYSTEM, "the config cannot be written so that it reads the same");
}
