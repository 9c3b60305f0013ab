/* Successive halving: which architectures go on at a rung. Pure functions.
 *
 * Jamieson, Talwalkar: "Non-stochastic best arm identification and
 * hyperparameter optimization", AISTATS 2016, figure 3; with the rungs of one
 * bracket of Hyperband (Li et al.: JMLR 18, 2018, section 3), whose keys
 * min_iter and eta the config has. Architectures are compared by the mean of
 * their validation MSE over all seeds and folds. Rungs are synchronous: each
 * waits for all of its trials, so who goes on depends on their numbers alone,
 * not on jobs, on their order or on restarts. */
#ifndef CROSSLANE_EXPERIMENTS_HALVING_H
#define CROSSLANE_EXPERIMENTS_HALVING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"

enum { HALVING_RUNGS_MAX = 32 };

/* The epochs of each rung: min_iter * eta^k, as long as they are fewer than
 * the longest training has. None when early_terminate is off. */
struct halving {
  size_t rungs;
  uint32_t epochs[HALVING_RUNGS_MAX]; /* ascending */
  uint32_t eta;
};

void halving_init(struct halving *halving, const struct early_terminate_spec *spec,
                  uint32_t longest);

/* ceil(count / eta) */
size_t halving_keep(size_t count, uint32_t eta);

/* `in` [count] says who is in, and afterwards who goes on: those with the
 * lowest `mse` [count]. One that is not finite ranks last; ties go by index. */
bool halving_choose(const double *mse, size_t count, uint32_t eta, bool *in, struct error *error);

#endif
