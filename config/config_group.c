/* The type of a group: a mapping whose keys have rows of their own, which a
 * sweep can also vary as a whole. */
#include <string.h>

#include "config/config_keys.h"

static void describe_group(const struct config_key *key, struct text *text) {
  text_add(text, "%sa mapping of", key->nullable ? "null, or " : "");
  const char *comma = "";
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *child = config_key_at(i);
    if (!config_key_within(child, key->path)) continue;
    text_add(text, "%s %s", comma, config_key_last(child));
    comma = ",";
  }
}

/* What a mapping does not say has its default, also where another value of the
 * group was read before. */
static bool reset(const struct config_key *group, struct config_draft *draft, struct error *error) {
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (!config_key_within(key, group->path)) continue;
    draft->given[i] = NULL;
    if (!config_read_default(key, draft, error)) return false;
  }
  return true;
}

static bool read_group(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  if (key->nullable) *(bool *)config_field(key, draft) = !yaml_is_null(node);
  return reset(key, draft, error) && config_read_section(node, key->path, draft, error);
}

/* The keys that were given. */
static json_t *json_group(const struct config_key *key, const struct config_draft *draft) {
  if (key->nullable && !*(const bool *)config_field_const(key, draft)) return json_null();
  json_t *object = json_object();
  for (size_t i = 0; i < config_key_count() && object != NULL; i++) {
    const struct config_key *child = config_key_at(i);
    if (!config_key_within(child, key->path) || draft->given[i] == NULL) continue;
    const char *name = child->path + strlen(key->path) + 1;
    if (config_set_json(object, name, child->type->json(child, draft))) continue;
    json_decref(object);
    object = NULL;
  }
  return object;
}

const struct config_type type_group = {
    .read = read_group, .json = json_group, .describe = describe_group};
