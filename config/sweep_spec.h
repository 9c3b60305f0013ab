/* A sweep between config_read, which resolves and checks all of its points,
 * and sweep_expand, which adds folds, seeds and keys. */
#ifndef CROSSLANE_CONFIG_SWEEP_SPEC_H
#define CROSSLANE_CONFIG_SWEEP_SPEC_H

#include "config/config_table.h"

enum { SWEEP_TRIALS_MAX = 100000, SWEEP_ARCHITECTURES_MAX = 10000, SWEEP_LABEL_MAX = 200 };

struct sweep_point {
  char *label;
  size_t architecture;
};

struct sweep_spec {
  size_t architectures;
  struct architecture *architecture;
  /* Every point's label, before equal models were merged. */
  size_t points;
  struct sweep_point *point;
  /* Hash table of the canonical forms: architecture + 1, or 0; open addressing. */
  uint64_t *digest;
  size_t *slot;
  size_t cap;                /* no more points than these are added */
  struct sweep_bayes *bayes; /* what later rounds are drawn with; NULL: all points are here */
};

/* `*sweep` stays NULL when the config has none. */
bool sweep_read(const struct config_draft *draft, struct sweep_spec **sweep, struct error *error);
/* Room for points; `sweep` starts as {0}. Free it after a failure too. */
bool sweep_spec_init(struct sweep_spec *sweep, struct error *error);
void sweep_free(struct sweep_spec *sweep);

/* A copy of the label of the architecture to which the label at `node`
 * belongs. `name` is the only one without a sweep. */
char *sweep_find_label(const struct sweep_spec *sweep, const char *name,
                       const struct yaml_node *node, struct error *error);

/* Refuses an early_terminate that an architecture cannot follow: without
 * validation rows, or with too few epochs. */
bool sweep_check_terminate(const struct config_draft *draft, const struct sweep_spec *sweep,
                           struct error *error);

/* config/sweep_grid.c, sweep_random.c and sweep_list.c: add every point; sweep_bayes.c: those
 * of the first round. */
bool sweep_read_grid(const struct config_draft *draft, struct sweep_spec *sweep,
                     struct error *error);
bool sweep_read_random(const struct config_draft *draft, struct sweep_spec *sweep,
                       struct error *error);
bool sweep_read_list(const struct config_draft *draft, struct sweep_spec *sweep,
                     struct error *error);
bool sweep_read_bayes(const struct config_draft *draft, struct sweep_spec *sweep,
                      struct error *error);
void sweep_bayes_free(struct sweep_bayes *bayes);

/* The key of the table that a dotted path of the sweep names. `where` is
 * "sweep.parameters" or "sweep.trials". NULL: an error. */
const struct config_key *sweep_key(const struct yaml_node *path, const struct config_draft *draft,
                                   const char *where, struct error *error);

/* The name that a label shows for `paths[index]`: the key's own short name, else
 * its last component; the whole path when another one has the same. */
const char *sweep_short_name(const char *const *paths, size_t count, size_t index);

/* Refuses two keys of one point that set the same value: a key and its group. */
bool sweep_check_overlap(const struct config_key *key, const struct config_key *other,
                         const struct yaml_node *path, struct error *error);

/* One line of text. */
bool sweep_check_label(const struct yaml_node *label, struct error *error);

/* Refuses labels, joined ones too, that two different models have: tables could
 * not tell these apart. */
bool sweep_check_labels(const struct config_draft *draft, const struct sweep_spec *sweep,
                        struct error *error);

bool sweep_has_label(const struct sweep_spec *sweep, const char *label);

/* Adds a point: settles and checks `draft`, merges it with an equal one; with bayes
 * an equal one is left as it is. Steals `swept`. */
bool sweep_add(struct sweep_spec *sweep, struct config_draft *draft, const char *label,
               json_t *swept, struct error *error);

#endif
