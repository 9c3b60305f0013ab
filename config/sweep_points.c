/* What grids and lists share: paths, labels, merging of equal models. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "config/sweep_spec.h"

/* A power of two, at least twice the architectures. */
enum { SLOTS = 32768 };
_Static_assert((int)SLOTS >= 2 * (int)SWEEP_ARCHITECTURES_MAX, "the hash table stays half empty");

static bool unknown_path(const struct yaml_node *path, struct error *error) {
  const char *words[CONFIG_KEYS_MAX];
  const char *same_name = NULL;
  size_t count = 0;
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    if (!key->swept) continue;
    words[count++] = key->path;
    if (yaml_equals(path, config_key_last(key))) same_name = key->path;
  }
  const struct config_key *key = config_key_find(path->text);
  if (key != NULL) {
    yaml_error(path, error, "%s cannot be swept", path->text);
  } else if (config_is_section(path->text)) {
    yaml_error(path, error, "%s is a section: sweep its keys", path->text);
  } else {
    yaml_error(path, error, "unknown key '%.60s' in a sweep", path->text);
  }
  if (same_name != NULL) error_help(error, "did you mean '%s'?", same_name);
  return config_suggest(error, path->text, words, count, "Keys to sweep");
}

const struct config_key *sweep_key(const struct yaml_node *path, const struct config_draft *draft,
                                   const char *where, struct error *error) {
  const struct config_key *key = config_key_find(path->text);
  if (key == NULL || !key->swept) {
    unknown_path(path, error);
    return NULL;
  }
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct yaml_node *set = draft->given[i];
    if (set == NULL || !set->document->setting) continue;
    if (!config_keys_overlap(key, config_key_at(i))) continue;
    yaml_error(set, error, "swept by %s: change it there, or set %s", where, where);
    return NULL;
  }
  return key;
}

bool sweep_check_overlap(const struct config_key *key, const struct config_key *other,
                         const struct yaml_node *path, struct error *error) {
  if (!config_keys_overlap(key, other)) return true;
  const struct config_key *part = config_key_within(key, other->path) ? key : other;
  const struct config_key *whole = part == key ? other : key;
  return yaml_error(path, error, "%s is a part of %s, which is given too", part->path, whole->path);
}

static const char *short_name(const char *path) {
  const struct config_key *key = config_key_find(path);
  if (key != NULL && key->label != NULL) return key->label;
  const char *dot = strrchr(path, '.');
  return dot == NULL ? path : dot + 1;
}

const char *sweep_short_name(const char *const *paths, size_t count, size_t index) {
  const char *name = short_name(paths[index]);
  for (size_t i = 0; i < count; i++) {
    if (i != index && strcmp(short_name(paths[i]), name) == 0) return paths[index];
  }
  return name;
}

static bool canonical_digest(const struct trial_config *config, uint64_t *digest,
                             struct error *error) {
  json_t *json = config_key_json(config);
  char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
  if (text != NULL) *digest = digest_bytes(text, strlen(text));
  json_decref(json);
  bool good = text != NULL;
  free(text);
  return good || error_set(error, ERROR_SYSTEM, "out of memory");
}

/* The slot that holds `digest`, or the free one where it belongs. */
static size_t find_slot(const struct sweep_spec *sweep, uint64_t digest) {
  size_t slot = (size_t)digest % SLOTS;
  while (sweep->slot[slot] != 0 && sweep->digest[slot] != digest) slot = (slot + 1) % SLOTS;
  return slot;
}

static bool add_point(struct sweep_spec *sweep, const char *label, size_t architecture,
                      struct error *error) {
  char *copy = memory_text(label, error);
  if (copy == NULL) return false;
  sweep->point[sweep->points++] = (struct sweep_point){copy, architecture};
  return true;
}

static bool join_label(struct architecture *architecture, const char *label, struct error *error) {
  struct text joined = {0};
  text_add(&joined, "%s | %s", architecture->label, label);
  if (joined.failed) {
    text_clear(&joined);
    return error_set(error, ERROR_SYSTEM, "out of memory");
  }
  free(architecture->label);
  architecture->label = joined.text;
  return true;
}

static bool grow(struct sweep_spec *sweep, struct error *error) {
  size_t count = sweep->architectures;
  /* At powers of two. */
  if ((count & (count - 1)) != 0) return true;
  size_t room = count == 0 ? 1 : count * 2;
  void *grown = memory_grow(sweep->architecture, room, sizeof *sweep->architecture, error);
  if (grown != NULL) sweep->architecture = grown;
  return grown != NULL;
}

static bool add_architecture(struct sweep_spec *sweep, const struct trial_config *config,
                             const char *label, json_t *swept, struct error *error) {
  char *copy = grow(sweep, error) ? memory_text(label, error) : NULL;
  if (copy == NULL) {
    json_decref(swept);
    return false;
  }
  struct architecture *architecture = &sweep->architecture[sweep->architectures++];
  architecture->label = copy;
  architecture->swept = swept;
  architecture->config = *config;
  return true;
}

/* NULL: no point has it. */
static const struct sweep_point *find_point(const struct sweep_spec *sweep, const char *label) {
  for (size_t i = 0; i < sweep->points; i++) {
    if (strcmp(sweep->point[i].label, label) == 0) return &sweep->point[i];
  }
  return NULL;
}

bool sweep_has_label(const struct sweep_spec *sweep, const char *label) {
  return find_point(sweep, label) != NULL;
}

bool sweep_add(struct sweep_spec *sweep, struct config_draft *draft, const char *label,
               json_t *swept, struct error *error) {
  uint64_t digest = 0;
  if (sweep->points >= sweep->cap) {
    json_decref(swept);
    return true;
  }
  bool good = config_settle(draft, error);
  if (!good) error_help(error, "in the trial '%s'", label);
  if (!good || !canonical_digest(&draft->trial, &digest, error)) {
    json_decref(swept);
    return false;
  }
  size_t slot = find_slot(sweep, digest);
  if (sweep->slot[slot] != 0) {
    json_decref(swept);
    if (sweep->bayes != NULL) return true;
    size_t same = sweep->slot[slot] - 1;
    const struct sweep_point *point = find_point(sweep, label);
    /* The same draw again. */
    if (point != NULL && point->architecture == same) return true;
    return join_label(&sweep->architecture[same], label, error) &&
           add_point(sweep, label, same, error);
  }
  if (!add_architecture(sweep, &draft->trial, label, swept, error)) return false;
  sweep->digest[slot] = digest;
  sweep->slot[slot] = sweep->architectures;
  return add_point(sweep, label, sweep->architectures - 1, error);
}

bool sweep_spec_init(struct sweep_spec *sweep, struct error *error) {
  sweep->point = memory_array(SWEEP_ARCHITECTURES_MAX, sizeof *sweep->point, error);
  sweep->digest = memory_array(SLOTS, sizeof *sweep->digest, error);
  sweep->slot = memory_array(SLOTS, sizeof *sweep->slot, error);
  return sweep->point != NULL && sweep->digest != NULL && sweep->slot != NULL;
}

char *sweep_find_label(const struct sweep_spec *sweep, const char *name,
                       const struct yaml_node *node, struct error *error) {
  size_t count = sweep == NULL ? 1 : sweep->points;
  const char **labels = memory_array(count, sizeof *labels, error);
  if (labels == NULL) return NULL;
  const char *found = NULL;
  for (size_t i = 0; i < count; i++) {
    labels[i] = sweep == NULL ? name : sweep->point[i].label;
    if (!yaml_equals(node, labels[i])) continue;
    found = sweep == NULL ? name : sweep->architecture[sweep->point[i].architecture].label;
    break;
  }
  char *copy = NULL;
  if (found != NULL) {
    copy = memory_text(found, error);
  } else {
    yaml_error(node, error, "no trial has the label '%.100s'", node->text);
    config_suggest(error, node->text, labels, count, "Labels");
  }
  free(labels);
  return copy;
}
