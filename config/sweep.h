/* From a config to its list of trials. */
#ifndef CROSSLANE_CONFIG_SWEEP_H
#define CROSSLANE_CONFIG_SWEEP_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "config/config.h"

struct trial {
  size_t architecture;
  uint64_t seed;
  char fold[SPLIT_FOLD_NAME]; /* "" for random splits */
  char key[DIGEST_TEXT];
};

struct trial_list {
  size_t architectures, trials;
  struct architecture *architecture;
  struct trial *trial; /* by architecture, then fold, then seed */
};

/* `data_digest` is the one of the loaded data set. Source, path and synthetic
 * sizes are those of config->base, also when they were changed after
 * config_read. */
bool sweep_expand(const struct config *config, uint64_t data_digest, struct trial_list *list,
                  struct error *error);
/* Adds what the sweep has had since the list was made. Clear the list after a failure
 * too. */
bool sweep_expand_more(const struct config *config, uint64_t data_digest, struct trial_list *list,
                       struct error *error);
void trial_list_clear(struct trial_list *list);

/* With method: bayes a sweep has its architectures round by round; config_read draws the first
 * one. `left`: how many more can be drawn. All 0 without: every architecture is there. */
struct sweep_rounds {
  size_t drawn, count, left;
};
struct sweep_rounds sweep_rounds(const struct sweep_spec *sweep);

/* Draws the next round from the results of all until now: `mse` [architectures], not finite
 * where there is none. `columns` as in config_read. Adds at most `round` architectures, and none
 * where nothing new is left to draw. */
bool sweep_draw_round(struct sweep_spec *sweep, const struct schema *columns, const double *mse,
                      struct error *error);

/* The seed of a trial's random streams, from its own and its fold ("" for
 * random splits). */
uint64_t trial_stream_seed(uint64_t seed, const char *fold);

/* The seed of its split: the folds of kfold are parts of one permutation. */
uint64_t trial_split_seed(const struct split_spec *split, uint64_t seed, const char *fold);

#endif
