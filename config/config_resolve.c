/* What a run folder keeps of a config, to be run again from there. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "config/config.h"

/* The file says where the data are, or they are where it is. */
static bool set_path(struct yaml_document *document, const char *path, struct error *error) {
  struct yaml_node *data = yaml_get(document->root, "data");
  struct yaml_node *value = yaml_new_scalar(document, path, error);
  if (value == NULL) return false;
  value->plain = false; /* a name of digits stays a name */
  return yaml_set(data, "path", strlen("path"), value, document, error);
}

bool config_resolve(const struct config *config, const char *folder, struct text *resolved,
                    struct error *error) {
  const char *path = config->base.data.path;
  if (path[0] != '\0' && path[0] != '/') {
    char *from_there = file_relative(folder, path, error);
    const bool set = from_there != NULL && set_path(config->document, from_there, error);
    free(from_there);
    if (!set) return false;
  }
  return yaml_write(config->document->root, resolved, error);
}

/* A relative path of data that stands in `root`. */
static const char *path_in(const struct yaml_node *root) {
  const struct yaml_node *data = root->kind == YAML_MAPPING ? yaml_get(root, "data") : NULL;
  const bool map = data != NULL && data->kind == YAML_MAPPING;
  const struct yaml_node *path = map ? yaml_get(data, "path") : NULL;
  const bool given = path != NULL && path->kind == YAML_SCALAR && !yaml_is_null(path);
  return given && path->text[0] != '/' && path->text[0] != '\0' ? path->text : NULL;
}

static bool move(struct yaml_document *document, const char *from, const char *to,
                 struct text *moved, struct error *error) {
  const char *path = path_in(document->root);
  char *joined = path != NULL ? file_join(from, path, error) : NULL;
  char *relative = joined != NULL ? file_relative(to, joined, error) : NULL;
  const bool done = path == NULL || (relative != NULL && set_path(document, relative, error));
  free(joined);
  free(relative);
  return done && yaml_write(document->root, moved, error);
}

bool config_move(const char *path, const char *folder, struct text *moved, struct error *error) {
  struct yaml_document document = {0};
  struct error unread = {0};
  size_t size;
  char *text = file_read(path, YAML_SIZE_MAX, &size, ERROR_CONFIG, error);
  char *from = text != NULL ? file_folder(path, error) : NULL;
  bool done = from != NULL;
  if (done && yaml_parse(&document, path, false, text, size, &unread) &&
      document.root->kind == YAML_MAPPING) {
    done = move(&document, from, folder, moved, error);
  } else if (done) {
    text_add_bytes(moved, text, size);
    done = !moved->failed || error_set(error, ERROR_SYSTEM, "out of memory");
  }
  yaml_clear(&document);
  free(from);
  free(text);
  return done;
}
