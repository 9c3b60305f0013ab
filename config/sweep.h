/* From a config to its list of trials. */
#ifndef CROSSLANE_CONFIG_SWEEP_H
#define CROSSLANE_CONFIG_SWEEP_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "config/config.h"

/* One model to train under several seeds and folds. Two points of a sweep that
 * resolve to the same config are one architecture with both labels. */
struct architecture {
  /* Of a list: as given; of a grid: "hidden=[64, 32] dropout=0.2"; of random
   * draws the same, real numbers cut to four digits where that tells them apart;
   * several joined by " | ". */
  char *label;
  json_t *swept; /* dotted path -> value, as the config says it; {} without a sweep */
  struct trial_config config;
};

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
void trial_list_clear(struct trial_list *list);

/* The seed of a trial's random streams, from its own and its fold ("" for
 * random splits). */
uint64_t trial_stream_seed(uint64_t seed, const char *fold);

#endif
