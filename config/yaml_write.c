/* A tree as text again: one key or item a line; what a line holds, by libfyaml's emitter. */
#include <libfyaml.h>
#include <string.h>

#include "config/yaml.h"

/* A list of words or numbers, or of such lists, stands in one line; not where brackets would
 * mean something to a word without quotation marks. */
static bool fits_a_line(const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) return !node->plain || strpbrk(node->text, ",[]{}:#") == NULL;
  for (size_t i = 0; i < node->count; i++) {
    if (node->kind == YAML_MAPPING || !fits_a_line(node->value[i])) return false;
  }
  return true;
}

/* --- one line --- */

static bool emit(struct fy_emitter *emitter, struct fy_event *event) {
  return event != NULL && fy_emit_event(emitter, event) == 0;
}

static bool emit_node(struct fy_emitter *emitter, const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) {
    const enum fy_scalar_style style = node->plain ? FYSS_PLAIN : FYSS_DOUBLE_QUOTED;
    return emit(emitter, fy_emit_event_create(emitter, FYET_SCALAR, style, node->text, node->length,
                                              NULL, NULL));
  }
  const bool mapping = node->kind == YAML_MAPPING; /* an empty one */
  bool good = emit(emitter,
                   fy_emit_event_create(emitter, mapping ? FYET_MAPPING_START : FYET_SEQUENCE_START,
                                        FYNS_FLOW, NULL, NULL));
  for (size_t i = 0; good && i < node->count; i++) good = emit_node(emitter, node->value[i]);
  return good && emit(emitter, fy_emit_event_create(
                                   emitter, mapping ? FYET_MAPPING_END : FYET_SEQUENCE_END));
}

static bool emit_document(struct fy_emitter *emitter, const struct yaml_node *root) {
  return emit(emitter, fy_emit_event_create(emitter, FYET_STREAM_START)) &&
         emit(emitter, fy_emit_event_create(emitter, FYET_DOCUMENT_START, 1, NULL, NULL)) &&
         emit_node(emitter, root) &&
         emit(emitter, fy_emit_event_create(emitter, FYET_DOCUMENT_END, 1)) &&
         emit(emitter, fy_emit_event_create(emitter, FYET_STREAM_END));
}

static int keep(struct fy_emitter *emitter, enum fy_emitter_write_type type, const char *bytes,
                int length, void *context) {
  (void)emitter;
  (void)type;
  struct text *text = context;
  text_add_bytes(text, bytes, (size_t)length);
  return text->failed ? -1 : length;
}

/* Without a line's end, which the emitter may add. */
static bool add_line(struct text *text, const struct yaml_node *node) {
  const struct fy_emitter_cfg how = {
      .flags = FYECF_MODE_FLOW_ONELINE | FYECF_WIDTH_INF, .output = keep, .userdata = text};
  struct fy_emitter *emitter = fy_emitter_create(&how);
  const bool written = emitter != NULL && emit_document(emitter, node);
  if (emitter != NULL) fy_emitter_destroy(emitter);
  if (!written || text->failed) return false;
  while (text->length > 0 && text->text[text->length - 1] == '\n') {
    text->text[--text->length] = '\0';
  }
  return true;
}

/* --- lines --- */

static bool add_lines(struct text *text, const struct yaml_node *node, size_t depth);

/* What stands behind "key:" or "-", whose line it ends. */
static bool add_value(struct text *text, const struct yaml_node *node, size_t depth) {
  if (node->count > 0 && !fits_a_line(node)) {
    text_add(text, "\n");
    return add_lines(text, node, depth + 1);
  }
  text_add(text, " ");
  const bool added = add_line(text, node);
  text_add(text, "\n");
  return added;
}

static bool add_lines(struct text *text, const struct yaml_node *node, size_t depth) {
  for (size_t i = 0; i < node->count; i++) {
    text_add(text, "%*s", (int)(2 * depth), "");
    if (node->kind == YAML_MAPPING) {
      if (!add_line(text, node->key[i])) return false;
      text_add(text, ":");
    } else {
      text_add(text, "-");
    }
    if (!add_value(text, node->value[i], depth)) return false;
  }
  return true;
}

static bool same(const struct yaml_node *one, const struct yaml_node *other) {
  if (one->kind != other->kind || one->count != other->count) return false;
  if (one->kind == YAML_SCALAR) {
    return one->plain == other->plain && one->length == other->length &&
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
  if (!add_lines(text, root, 0) || text->failed) {
    return error_set(error, ERROR_SYSTEM, "out of memory");
  }
  return reads_back(root, text->text + before, text->length - before) ||
         error_set(error, ERROR_SYSTEM, "the config cannot be written so that it reads the same");
}
