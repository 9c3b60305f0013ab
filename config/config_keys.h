/* Steps of config_read: between the YAML tree and the draft. */
#ifndef CROSSLANE_CONFIG_CONFIG_KEYS_H
#define CROSSLANE_CONFIG_CONFIG_KEYS_H

#include "config/config_table.h"

/* All defaults; `draft` starts as {0}. */
bool config_read_defaults(struct config_draft *draft, struct error *error);

/* Sets the value of `setting` at the dotted `path` below the file's `root`.
 * Both documents then share nodes: clear them together. */
bool config_apply(struct yaml_node *root, const char *path, struct yaml_document *setting,
                  struct error *error);

/* Faults of one file that are said at once. */
enum { CONFIG_FAULTS = 10 };

/* Adds one to those found before it, up to CONFIG_FAULTS; `all` starts as {0}. */
void config_add_fault(struct error *all, const struct error *one);

/* Reads every key of a mapping, and of those below. `section` is "" at the top. The
 * error has every key that is wrong, up to CONFIG_FAULTS. */
bool config_read_section(const struct yaml_node *node, const char *section,
                         struct config_draft *draft, struct error *error);

bool config_check_required(const struct config_draft *draft, struct error *error);

#endif
