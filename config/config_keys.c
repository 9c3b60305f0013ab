/* From the YAML tree to the draft: known keys are read by their row of the
 * table, unknown ones are refused with the nearest known. */
#include "config/config_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_table.h"

enum { PATH = 256 };

/* The component of `path` that follows `section`, "" when it is not within. */
static void child_name(const char *path, const char *section, char name[PATH]) {
  size_t skip = strlen(section) + (section[0] != '\0');
  const char *begin = path + skip, *dot = strchr(begin, '.');
  size_t length = dot == NULL ? strlen(begin) : (size_t)(dot - begin);
  memcpy(name, begin, length);
  name[length] = '\0';
}

static int compare_names(const void *one, const void *other) {
  return strcmp((const char *)one, (const char *)other);
}

/* The keys of one section, sorted; a section within counts as one. */
static size_t children(const char *section, char names[CONFIG_KEYS_MAX][PATH]) {
  size_t count = 0;
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (!config_key_within(key, section)) continue;
    child_name(key->path, section, names[count]);
    if (count == 0 || strcmp(names[count - 1], names[count]) != 0) count++;
  }
  qsort(names, count, PATH, compare_names);
  return count;
}

/* A key of this name elsewhere. */
static const struct config_key *elsewhere(const char *name) {
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (strcmp(config_key_last(key), name) == 0) return key;
  }
  return NULL;
}

/* "Keys here: ...", after an error; returns false. */
static bool show_keys(const char *section, const char *name, struct error *error) {
  char names[CONFIG_KEYS_MAX][PATH];
  const char *words[CONFIG_KEYS_MAX];
  size_t count = children(section, names);
  for (size_t i = 0; i < count; i++) words[i] = names[i];
  const struct config_key *other = elsewhere(name);
  if (other != NULL && text_nearest(name, words, count) == NULL) {
    if (strcmp(other->path, name) == 0) {
      error_help(error, "'%s' belongs to no section: write it at the start of a line", name);
    } else {
      error_help(error, "did you mean '%s'?", other->path);
    }
  }
  return config_suggest(error, name, words, count, "Keys here");
}

bool config_unknown_key(const struct yaml_node *key, const char *section, const char *name,
                        struct error *error) {
  bool top = section[0] == '\0';
  yaml_error(key, error, "unknown key '%.60s'%s%s", name, top ? "" : " in ", section);
  return show_keys(section, name, error);
}

/* Joins a section and a name; false when that is longer than any key. */
static bool join(const char *section, const char *name, char path[PATH]) {
  int length = snprintf(path, PATH, "%s%s%s", section, section[0] == '\0' ? "" : ".", name);
  return length < PATH;
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

bool config_read_value(const struct config_key *key, const struct yaml_node *node,
                       struct config_draft *draft, struct error *error) {
  if (key->type == &type_group) return read_group(key, node, draft, error);
  return key->type->read(key, node, draft, error);
}

bool config_read_key(const struct config_key *key, const struct yaml_node *node,
                     struct config_draft *draft, struct error *error) {
  draft->given[config_key_index(key)] = node;
  if (!config_read_value(key, node, draft, error)) {
    /* Of a group, the key within has said what it is for. */
    bool told = key->type == &type_group && node->kind == YAML_MAPPING;
    if (!told) error_help(error, "%s: %s", key->path, key->help);
    return false;
  }
  /* A key of a group that is null by default makes it one. */
  const struct config_key *group = config_key_group(key);
  if (group != NULL && group->nullable) *(bool *)config_field(group, draft) = true;
  return true;
}

static bool read_member(const struct yaml_node *name, const struct yaml_node *value,
                        const char *section, struct config_draft *draft, struct error *error) {
  char path[PATH];
  bool fits = strchr(name->text, '.') == NULL && join(section, name->text, path);
  const struct config_key *key = fits ? config_key_find(path) : NULL;
  if (key != NULL) return config_read_key(key, value, draft, error);
  return fits && config_is_section(path) ? config_read_section(value, path, draft, error)
                                         : config_unknown_key(name, section, name->text, error);
}

/* One key may be wrong and the next one too: each is said, up to CONFIG_FAULTS. */
bool config_read_section(const struct yaml_node *node, const char *section,
                         struct config_draft *draft, struct error *error) {
  if (yaml_is_null(node)) return true;
  if (node->kind != YAML_MAPPING) {
    yaml_expected(node, error, "a mapping");
    return show_keys(section, "", error);
  }
  struct error all = {0};
  for (size_t i = 0; i < node->count && all.faults < CONFIG_FAULTS; i++) {
    struct error one = {0};
    if (read_member(node->key[i], node->value[i], section, draft, &one)) continue;
    config_add_fault(&all, &one);
    if (all.kind == ERROR_SYSTEM) break;
  }
  if (all.kind == ERROR_NONE) return true;
  *error = all;
  return false;
}

void config_add_fault(struct error *all, const struct error *one) {
  if (all->faults >= CONFIG_FAULTS) return;
  const size_t before = all->faults;
  if (before > 0) error_help(all, "%s", ""); /* an empty line between two */
  error_fault_of(all, one);
  all->faults = before + (one->faults > 0 ? one->faults : 1);
}

bool config_read_default(const struct config_key *key, struct config_draft *draft,
                         struct error *error) {
  if (key->standard == NULL) return true;
  struct yaml_document document = {0};
  bool good = yaml_parse(&document, key->path, true, key->standard, strlen(key->standard), error) &&
              config_read_value(key, document.root, draft, error);
  yaml_clear(&document);
  return good;
}

bool config_read_defaults(struct config_draft *draft, struct error *error) {
  for (size_t i = 0; i < config_key_count(); i++) {
    if (!config_read_default(config_key_at(i), draft, error)) return false;
  }
  return true;
}

bool config_check_required(const struct config_draft *draft, struct error *error) {
  struct error all = {0};
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (!key->required || draft->given[i] != NULL) continue;
    struct error one = {0};
    yaml_error_document(draft->document, &one, "'%s' is missing", key->path);
    error_help(&one, "%s: %s", key->path, key->help);
    config_add_fault(&all, &one);
  }
  if (all.kind == ERROR_NONE) return true;
  *error = all;
  return false;
}

/* One step of a dotted path: the mapping below `node` that `name` leads to,
 * made when it is not there. */
static struct yaml_node *descend(struct yaml_node *node, const char *name, size_t length,
                                 struct yaml_document *setting, struct error *error) {
  char key[PATH];
  memcpy(key, name, length);
  key[length] = '\0';
  struct yaml_node *child = yaml_get(node, key);
  if (child != NULL && !yaml_is_null(child)) {
    if (child->kind == YAML_MAPPING) return child;
    yaml_expected(child, error, "a mapping");
    return NULL;
  }
  child = yaml_new_mapping(setting, error);
  if (child == NULL || !yaml_set(node, name, length, child, setting, error)) return NULL;
  return child;
}

/* `path` and `section` up to the dot that stands before the unknown rest. */
static bool unknown_path(const char *path, const char *section, struct yaml_document *setting,
                         struct error *error) {
  const char *rest = path + strlen(section) + (section[0] != '\0');
  return config_unknown_key(setting->root, section, rest, error);
}

bool config_apply(struct yaml_node *root, const char *path, struct yaml_document *setting,
                  struct error *error) {
  char section[PATH] = "";
  struct yaml_node *node = root;
  const char *at = path;
  if (strlen(path) >= PATH) return unknown_path(path, "", setting, error);
  for (;;) {
    const char *dot = strchr(at, '.');
    size_t length = dot == NULL ? strlen(at) : (size_t)(dot - at);
    char here[PATH];
    memcpy(here, path, (size_t)(at - path) + length);
    here[(size_t)(at - path) + length] = '\0';
    const struct config_key *key = config_key_find(here);
    bool mapping = key != NULL && key->type == &type_mapping;
    if (key == NULL && !config_is_section(here)) {
      return unknown_path(path, section, setting, error);
    }
    if (dot == NULL) return yaml_set(node, at, length, setting->root, setting, error);
    if (key != NULL && !mapping && key->type != &type_group) {
      return yaml_error(setting->root, error, "unknown key '%s': %s has no keys", path, key->path);
    }
    node = descend(node, at, length, setting, error);
    if (node == NULL) return false;
    at = dot + 1;
    /* Below a mapping of dotted paths, the rest of the path is one key. */
    if (mapping) return yaml_set(node, at, strlen(at), setting->root, setting, error);
    memcpy(section, here, sizeof here);
  }
}
