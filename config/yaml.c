#include "config/yaml.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* The parse in flight. libfyaml delivers events; the tree is our own, so that
 * depth, tags, aliases and duplicate keys are judged here. */
struct reader {
  struct yaml_document *document;
  struct fy_parser *parser;
  struct fy_diag *diag;
  struct error *error;
  size_t depth;
  const struct yaml_node *open[YAML_DEPTH_MAX]; /* [depth] */
  size_t line, column;                          /* of the last thing that had a place */
};

static struct yaml_node *new_node(struct yaml_document *document, enum yaml_kind kind, size_t line,
                                  size_t column, struct error *error) {
  struct yaml_node *node = memory_array(1, sizeof *node, error);
  if (node == NULL) return NULL;
  node->document = document;
  node->kind = kind;
  node->line = line;
  node->column = column;
  node->allocated_before = document->nodes;
  document->nodes = node;
  return node;
}

static struct yaml_node *new_scalar(struct yaml_document *document, const char *text, size_t length,
                                    size_t line, size_t column, struct error *error) {
  struct yaml_node *node = new_node(document, YAML_SCALAR, line, column, error);
  if (node == NULL) return NULL;
  node->text = memory_array(length + 1, 1, error);
  if (node->text == NULL) return NULL;
  if (length > 0) memcpy(node->text, text, length);
  node->length = length;
  node->plain = true;
  return node;
}

/* Adds a pair to a mapping, or, with `key` NULL, an item to a sequence. */
static bool append(struct yaml_node *node, struct yaml_node *key, struct yaml_node *value,
                   struct error *error) {
  if (node->count == node->room) {
    size_t room = node->room == 0 ? 4 : node->room * 2;
    void *grown = memory_grow(node->value, room, sizeof *node->value, error);
    if (grown == NULL) return false;
    node->value = grown;
    if (node->kind == YAML_MAPPING) {
      grown = memory_grow(node->key, room, sizeof *node->key, error);
      if (grown == NULL) return false;
      node->key = grown;
    }
    node->room = room;
  }
  if (node->kind == YAML_MAPPING) node->key[node->count] = key;
  node->value[node->count++] = value;
  return true;
}

/* libfyaml stops in silence at bytes that are not UTF-8, so they are found
 * before it sees them. */
static bool check_characters(const struct yaml_document *document, struct error *error) {
  const char *at = document->text, *end = at + document->size;
  size_t line = 1, column = 1;
  while (at < end) {
    size_t count = text_character(at, end);
    if (count == 0) {
      return yaml_error_at(document, line, column, error,
                           "byte 0x%02x cannot stand here: a config is text in UTF-8",
                           (unsigned)(unsigned char)*at);
    }
    line += *at == '\n';
    column = *at == '\n' ? 1 : column + 1;
    at += count;
  }
  return true;
}

static void swallow(struct fy_diag *diag, void *user, const char *text, size_t length) {
  (void)diag;
  (void)user;
  (void)text;
  (void)length;
}

/* libfyaml's own complaint. It reports an unclosed bracket where the text
 * ends; we point at the bracket. */
static bool syntax_error(struct reader *reader) {
  void *iterator = NULL;
  struct fy_diag_error *found = fy_diag_errors_iterate(reader->diag, &iterator);
  const char *what = found == NULL || found->msg == NULL ? "not valid YAML" : found->msg;
  const struct yaml_node *open = reader->depth > 0 ? reader->open[reader->depth - 1] : NULL;
  if (open != NULL && strstr(what, "without a closing") != NULL) {
    return yaml_error(open, reader->error, "%s", what);
  }
  size_t line = reader->line, column = reader->column;
  if (found != NULL && found->line > 0) {
    line = (size_t)found->line;
    column = found->column > 0 ? (size_t)found->column : 1;
  }
  return yaml_error_at(reader->document, line, column, reader->error, "%s", what);
}

static struct fy_event *next_event(struct reader *reader) {
  struct fy_event *event = fy_parser_parse(reader->parser);
  if (event == NULL) {
    syntax_error(reader);
    return NULL;
  }
  const struct fy_mark *mark = fy_event_start_mark(event);
  if (mark != NULL && mark->line >= 0 && mark->column >= 0) {
    reader->line = (size_t)mark->line + 1;
    reader->column = (size_t)mark->column + 1;
  }
  return event;
}

static bool refuse_at(struct reader *reader, struct fy_token *token, const char *what) {
  const struct fy_mark *mark = fy_token_start_mark(token);
  size_t line = mark == NULL ? reader->line : (size_t)mark->line + 1;
  size_t column = mark == NULL ? reader->column : (size_t)mark->column + 1;
  return yaml_error_at(reader->document, line, column, reader->error, "%s", what);
}

static bool check_plain_event(struct reader *reader, struct fy_event *event) {
  struct fy_token *tag = fy_event_get_tag_token(event);
  if (tag != NULL) return refuse_at(reader, tag, "tags are not used here");
  struct fy_token *anchor = fy_event_get_anchor_token(event);
  if (anchor != NULL) return refuse_at(reader, anchor, "anchors and aliases are not used here");
  return true;
}

static struct yaml_node *scalar_of(struct reader *reader, struct fy_event *event) {
  struct fy_token *token = event->scalar.value;
  size_t length = 0;
  const char *text = token == NULL ? "" : fy_token_get_text(token, &length);
  if (text == NULL) {
    syntax_error(reader);
    return NULL;
  }
  enum fy_scalar_style style = token == NULL ? FYSS_PLAIN : fy_token_scalar_style(token);
  bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
  /* A quoted scalar's mark is behind its quotation mark. */
  size_t column = reader->column - (quoted && reader->column > 1);
  if (memchr(text, '\0', length) != NULL) {
    yaml_error_at(reader->document, reader->line, column, reader->error,
                  "a text cannot hold a zero byte");
    return NULL;
  }
  struct yaml_node *node =
      new_scalar(reader->document, text, length, reader->line, column, reader->error);
  if (node != NULL) node->plain = style == FYSS_PLAIN;
  return node;
}

static struct yaml_node *node_of(struct reader *reader, struct fy_event *event);

static bool check_new_key(const struct yaml_node *mapping, const struct yaml_node *key,
                          struct error *error) {
  if (key->kind != YAML_SCALAR) return yaml_error(key, error, "a key must be a single word");
  if (mapping->count == YAML_KEYS_MAX) {
    return yaml_error(key, error, "more than %d keys in one mapping", YAML_KEYS_MAX);
  }
  for (size_t i = 0; i < mapping->count; i++) {
    if (!yaml_equals(mapping->key[i], key->text)) continue;
    return yaml_error(key, error, "duplicate key '%s', first given on line %zu", key->text,
                      mapping->key[i]->line);
  }
  return true;
}

/* Reads up to the event that ends the collection. */
static bool read_children(struct reader *reader, struct yaml_node *node) {
  struct yaml_node *key = NULL;
  for (;;) {
    struct fy_event *event = next_event(reader);
    if (event == NULL) return false;
    bool end = event->type == FYET_SEQUENCE_END || event->type == FYET_MAPPING_END;
    struct yaml_node *child = end ? NULL : node_of(reader, event);
    fy_parser_event_free(reader->parser, event);
    if (end) return true;
    if (child == NULL) return false;
    if (node->kind == YAML_MAPPING && key == NULL) {
      if (!check_new_key(node, child, reader->error)) return false;
      key = child;
      continue;
    }
    if (!append(node, key, child, reader->error)) return false;
    key = NULL;
  }
}

static struct yaml_node *collection_of(struct reader *reader, enum yaml_kind kind) {
  if (reader->depth == YAML_DEPTH_MAX) {
    yaml_error_at(reader->document, reader->line, reader->column, reader->error,
                  "nested more than %d deep", YAML_DEPTH_MAX);
    return NULL;
  }
  struct yaml_node *node =
      new_node(reader->document, kind, reader->line, reader->column, reader->error);
  if (node == NULL) return NULL;
  reader->open[reader->depth++] = node;
  if (!read_children(reader, node)) return NULL;
  reader->depth--;
  return node;
}

static struct yaml_node *node_of(struct reader *reader, struct fy_event *event) {
  if (event->type == FYET_ALIAS) {
    refuse_at(reader, event->alias.anchor, "anchors and aliases are not used here");
    return NULL;
  }
  if (!check_plain_event(reader, event)) return NULL;
  if (event->type == FYET_SCALAR) return scalar_of(reader, event);
  if (event->type == FYET_SEQUENCE_START) return collection_of(reader, YAML_SEQUENCE);
  if (event->type == FYET_MAPPING_START) return collection_of(reader, YAML_MAPPING);
  syntax_error(reader);
  return NULL;
}

static bool read_stream(struct reader *reader) {
  struct yaml_document *document = reader->document;
  for (;;) {
    struct fy_event *event = next_event(reader);
    if (event == NULL) return false;
    enum fy_event_type type = event->type;
    bool good = true;
    if (type == FYET_DOCUMENT_START && document->root != NULL) {
      good = yaml_error_at(document, reader->line, reader->column, reader->error,
                           "a second document: one file is one experiment");
    } else if (type != FYET_STREAM_START && type != FYET_STREAM_END &&
               type != FYET_DOCUMENT_START && type != FYET_DOCUMENT_END) {
      document->root = node_of(reader, event);
      good = document->root != NULL;
    }
    fy_parser_event_free(reader->parser, event);
    if (!good) return false;
    if (type == FYET_STREAM_END) break;
  }
  if (document->root != NULL) return true;
  return yaml_error_document(document, reader->error,
                             document->setting ? "no value is given" : "the file is empty");
}

static bool read_document(struct yaml_document *document, struct error *error) {
  struct fy_diag_cfg diag_config;
  fy_diag_cfg_default(&diag_config);
  diag_config.fp = NULL;
  diag_config.output_fn = swallow;
  struct reader reader = {.document = document, .error = error, .line = 1, .column = 1};
  reader.diag = fy_diag_create(&diag_config);
  if (reader.diag == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  fy_diag_set_collect_errors(reader.diag, true);
  struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE,
                                .diag = reader.diag};
  reader.parser = fy_parser_create(&config);
  bool good = reader.parser != NULL &&
              fy_parser_set_string(reader.parser, document->text, document->size) == 0;
  if (!good) error_set(error, ERROR_SYSTEM, "out of memory");
  good = good && read_stream(&reader);
  if (reader.parser != NULL) fy_parser_destroy(reader.parser);
  fy_diag_destroy(reader.diag);
  return good;
}

bool yaml_parse(struct yaml_document *document, const char *name, bool setting, const char *text,
                size_t size, struct error *error) {
  document->setting = setting;
  document->name = memory_text(name, error);
  if (document->name == NULL) return false;
  if (size > YAML_SIZE_MAX) {
    return yaml_error_document(document, error, "longer than %d bytes", YAML_SIZE_MAX);
  }
  document->text = memory_array(size + 1, 1, error);
  if (document->text == NULL) return false;
  memcpy(document->text, text, size);
  document->size = size;
  /* libfyaml takes length 0 for "up to the zero byte" and finds none. */
  if (size == 0) {
    return yaml_error_document(document, error,
                               setting ? "no value is given" : "the file is empty");
  }
  return check_characters(document, error) && read_document(document, error);
}

void yaml_clear(struct yaml_document *document) {
  for (struct yaml_node *node = document->nodes; node != NULL;) {
    struct yaml_node *before = node->allocated_before;
    free(node->text);
    free(node->key);
    free(node->value);
    free(node);
    node = before;
  }
  free(document->name);
  free(document->text);
  *document = (struct yaml_document){0};
}

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key) {
  for (size_t i = 0; i < mapping->count; i++) {
    if (yaml_equals(mapping->key[i], key)) return mapping->value[i];
  }
  return NULL;
}

bool yaml_set(struct yaml_node *mapping, const char *key, size_t key_length,
              struct yaml_node *value, struct yaml_document *document, struct error *error) {
  struct yaml_node *name = new_scalar(document, key, key_length, value->line, value->column, error);
  if (name == NULL) return false;
  for (size_t i = 0; i < mapping->count; i++) {
    if (!yaml_equals(mapping->key[i], name->text)) continue;
    mapping->key[i] = name;
    mapping->value[i] = value;
    return true;
  }
  return append(mapping, name, value, error);
}

struct yaml_node *yaml_new_scalar(struct yaml_document *document, const char *text,
                                  struct error *error) {
  return new_scalar(document, text, strlen(text), 1, 1, error);
}

struct yaml_node *yaml_new_mapping(struct yaml_document *document, struct error *error) {
  return new_node(document, YAML_MAPPING, 1, 1, error);
}

bool yaml_is_null(const struct yaml_node *node) {
  return node->kind == YAML_SCALAR && node->plain &&
         (node->length == 0 || yaml_equals(node, "~") || yaml_equals(node, "null"));
}

bool yaml_equals(const struct yaml_node *scalar, const char *text) {
  return strcmp(scalar->text, text) == 0;
}
