/* YAML as a tree in which every node knows its place, for error messages.
 *
 * A part of YAML 1.2: mappings with scalar keys, sequences, scalars. Anchors,
 * aliases, tags, duplicate keys and second documents are refused. */
#ifndef CROSSLANE_CONFIG_YAML_H
#define CROSSLANE_CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum { YAML_SIZE_MAX = 1 << 20, YAML_DEPTH_MAX = 16, YAML_KEYS_MAX = 1000 };

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

struct yaml_node {
  const struct yaml_document *document;
  struct yaml_node *allocated_before; /* the document's nodes, to free them */
  enum yaml_kind kind;
  size_t line, column; /* from 1; a column is a character */

  /* Scalars. A plain one is not quoted: only such a one can be a number, a
   * truth value or null. */
  bool plain;
  char *text;
  size_t length;

  /* Sequences and mappings. */
  size_t count, room;
  struct yaml_node **key; /* mappings: [count] scalars; NULL in sequences */
  struct yaml_node **value;
};

struct yaml_document {
  char *name;   /* the file, or "--set KEY=VALUE" */
  bool setting; /* from the command line: its places are not shown */
  char *text;
  size_t size;
  struct yaml_node *root;
  struct yaml_node *nodes;
};

/* Parses a copy of `text`; start from {0}, and clear after a failure too. */
bool yaml_parse(struct yaml_document *document, const char *name, bool setting, const char *text,
                size_t size, struct error *error);
void yaml_clear(struct yaml_document *document);

/* Adds the tree below `root`, a mapping, as YAML that reads back as the same tree, which is made
 * sure of; without comments. */
bool yaml_write(const struct yaml_node *root, struct text *text, struct error *error);

/* The value of `key`, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* Sets `key` to `value`, in the place of the one it had. The new key node
 * belongs to `document`, whose name errors about it will show. */
bool yaml_set(struct yaml_node *mapping, const char *key, size_t key_length,
              struct yaml_node *value, struct yaml_document *document, struct error *error);

/* A new plain scalar that belongs to `document`. */
struct yaml_node *yaml_new_scalar(struct yaml_document *document, const char *text,
                                  struct error *error);

/* A new, empty mapping that belongs to `document`. */
struct yaml_node *yaml_new_mapping(struct yaml_document *document, struct error *error);

/* Nothing, ~ or null. */
bool yaml_is_null(const struct yaml_node *node);
bool yaml_equals(const struct yaml_node *scalar, const char *text);

/* Fills the error with "file:line:column: what", the line and a caret below
 * its column; returns false. Help lines can be added with error_help. */
bool yaml_error(const struct yaml_node *node, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool yaml_error_at(const struct yaml_document *document, size_t line, size_t column,
                   struct error *error, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Of the document as a whole: "file: what". */
bool yaml_error_document(const struct yaml_document *document, struct error *error,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));

/* "expected EXPECTED, found ...", at the node. */
bool yaml_expected(const struct yaml_node *node, struct error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
