/* A config that a model's file has kept. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/config_keys.h"

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
