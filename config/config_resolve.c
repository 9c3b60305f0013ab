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
