/* A config that a model's file or a record has kept. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/config_keys.h"
#include "data/readers/movielens_schema.h"

bool config_from_json(const char *text, const char *name, const struct schema *schema,
                      struct source_spec *source, struct trial_config *config,
                      struct error *error) {
  const size_t size = strlen(text);
  struct yaml_document document = {0};
  struct config_draft *draft = memory_array(1, sizeof *draft, error);
  if (draft == NULL) return false;
  draft->document = &document;
  draft->columns = schema;
  bool good =
      size <= YAML_SIZE_MAX ||
      error_set(error, ERROR_DATA, "%s: a config longer than %d bytes", name, YAML_SIZE_MAX);
  good = good && yaml_parse(&document, name, true, text, size, error) &&
         config_read_defaults(draft, error) &&
         config_read_section(document.root, "", draft, error) && config_settle(draft, error);
  if (good) {
    *config = draft->trial;
    *source = draft->source;
    config->data.tables = source;
  }
  if (!good && error->kind == ERROR_CONFIG) error->kind = ERROR_DATA;
  yaml_clear(&document);
  free(draft);
  return good;
}

static bool read_data(struct config_draft *draft, struct yaml_document *document, const char *text,
                      const char *name, struct error *error) {
  draft->document = document;
  if (!yaml_parse(document, name, true, text, strlen(text), error) ||
      !config_read_defaults(draft, error)) {
    return false;
  }
  const struct yaml_node *root = document->root;
  const struct yaml_node *data = root->kind == YAML_MAPPING ? yaml_get(root, "data") : NULL;
  return (data == NULL || config_read_section(data, "data", draft, error)) &&
         config_settle_data(draft, error);
}

bool config_data_from_json(const char *text, const char *name, struct source_spec *source,
                           struct data_spec *data, struct error *error) {
  struct yaml_document document = {0};
  struct schema movielens = {0};
  struct config_draft *draft = memory_array(1, sizeof *draft, error);
  bool good = draft != NULL && movielens_schema(&movielens, error);
  if (good) {
    draft->columns = &movielens;
    good = read_data(draft, &document, text, name, error);
  }
  if (good) {
    *data = draft->trial.data;
    *source = draft->source;
    data->tables = source;
  }
  if (!good && error->kind == ERROR_CONFIG) error->kind = ERROR_DATA;
  yaml_clear(&document);
  schema_clear(&movielens);
  free(draft);
  return good;
}
