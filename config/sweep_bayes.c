/* method: bayes. A tree-structured Parzen estimator (config/parzen.h) in rounds.
 *
 * The first round has the draws of method: random. Each later one is drawn from the results
 * of all rounds before it and, so that its draws are not all alike, from its own earlier draws,
 * which count as not good. A draw depends on the sweep's seed, its number and those results
 * alone. One that is excluded, or comes to a model that is there, is drawn again, each time
 * with fewer candidates: the best of many would often be the same one. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/numeric.h"
#include "config/parzen.h"
#include "config/sweep.h"
#include "config/sweep_drawn.h"

/* After so many draws in vain the space is taken for exhausted. */
enum { ATTEMPTS = 64 };

struct sweep_bayes {
  struct config_draft draft; /* its nodes are in the config's documents */
  struct axes axes;
  struct drawn *drawn;       /* [axes] */
  struct parzen_axis *space; /* [axes] */
  double *value;             /* (architectures, axes) as axis_draw_value gives them */
  double *hand;              /* [axes] those of the draw in hand */
  size_t draws, rounds;      /* until now */
};

/* What is known when a value is drawn. */
struct results {
  unsigned candidates;
  size_t *order; /* [count] architectures, the best first */
  size_t count, good;
  double *good_value, *other_value; /* of one axis */
};

/* --- axes as the estimator sees them --- */

static bool is_log(const struct axis *axis) {
  return axis->draw == DRAW_LOG_UNIFORM && axis->key->type->range != RANGE_WHOLE;
}

static double to_space(const struct axis *axis, double value) {
  return is_log(axis) ? numeric_log(value) : value;
}

static double from_space(const struct axis *axis, double value) {
  if (!is_log(axis)) return value;
  value = numeric_exp(value);
  return value < axis->minimum ? axis->minimum : value > axis->maximum ? axis->maximum : value;
}

static struct parzen_axis space_of(const struct axis *axis) {
  if (axis->draw == DRAW_VALUES) {
    return (struct parzen_axis){.kind = PARZEN_CHOICE, .high = (double)axis->count - 1};
  }
  const bool whole = axis->key->type->range == RANGE_WHOLE;
  const bool log_whole = whole && axis->draw == DRAW_LOG_UNIFORM;
  return (struct parzen_axis){.kind = log_whole ? PARZEN_LOG_WHOLE
                                      : whole   ? PARZEN_WHOLE
                                                : PARZEN_REAL,
                              .low = to_space(axis, axis->minimum),
                              .high = to_space(axis, axis->maximum)};
}

/* --- results --- */

struct ranked {
  size_t architecture;
  double mse;
};

static int by_mse(const void *a, const void *b) {
  const struct ranked *one = a, *other = b;
  if (one->mse != other->mse) return one->mse < other->mse ? -1 : 1;
  return (one->architecture > other->architecture) - (one->architecture < other->architecture);
}

/* What has no finite MSE is the worst, and never good. */
static bool results_init(struct results *results, const double *mse, size_t count, size_t room,
                         struct error *error) {
  struct ranked *ranked = memory_array(count, sizeof *ranked, error);
  *results = (struct results){.count = count, .good = parzen_good(count)};
  results->order = memory_array(count, sizeof *results->order, error);
  results->good_value = memory_array(count, sizeof *results->good_value, error);
  results->other_value = memory_array(room, sizeof *results->other_value, error);
  const bool done = ranked != NULL && results->order != NULL && results->good_value != NULL &&
                    results->other_value != NULL;
  size_t finite = 0;
  for (size_t i = 0; done && i < count; i++) {
    finite += isfinite(mse[i]) != 0;
    ranked[i] = (struct ranked){.architecture = i, .mse = isfinite(mse[i]) ? mse[i] : INFINITY};
  }
  if (done) qsort(ranked, count, sizeof *ranked, by_mse);
  for (size_t i = 0; done && i < count; i++) results->order[i] = ranked[i].architecture;
  if (results->good > finite) results->good = finite;
  free(ranked);
  return done;
}

static void results_clear(struct results *results) {
  free(results->order);
  free(results->good_value);
  free(results->other_value);
}

/* --- draws --- */

static double value_of(const struct sweep_bayes *bayes, size_t architecture, size_t index) {
  const double value = bayes->value[architecture * bayes->axes.count + index];
  return to_space(&bayes->axes.axis[index], value);
}

/* `architectures`: until now, those of this round too. */
static bool draw_value(struct sweep_bayes *bayes, struct results *results, size_t architectures,
                       size_t index, struct random *random, double *value, struct error *error) {
  const struct axis *axis = &bayes->axes.axis[index];
  if (results->good == 0) {
    *value = axis_draw_value(axis, random);
    return true;
  }
  size_t others = 0;
  for (size_t i = 0; i < results->count; i++) {
    const double known = value_of(bayes, results->order[i], index);
    if (i < results->good) {
      results->good_value[i] = known;
    } else {
      results->other_value[others++] = known;
    }
  }
  for (size_t a = results->count; a < architectures; a++) {
    results->other_value[others++] = value_of(bayes, a, index);
  }
  if (!parzen_choose(&bayes->space[index], results->good_value, results->good, results->other_value,
                     others, results->candidates, random, value, error)) {
    return false;
  }
  *value = from_space(axis, *value);
  return true;
}

static bool draw_combination(struct sweep_bayes *bayes, struct results *results,
                             size_t architectures, uint32_t attempt, struct error *error) {
  const uint32_t number = (uint32_t)bayes->draws;
  const bool first = attempt == 0 && results->count == 0;
  results->candidates = attempt < 4 ? (unsigned)PARZEN_CANDIDATES >> attempt : 1;
  for (size_t i = 0; i < bayes->axes.count; i++) {
    struct random random;
    random_init(&random, bayes->draft.sweep_seed, first ? STREAM_SWEEP : STREAM_BAYES,
                first ? number : number * ATTEMPTS + attempt, axis_stream(&bayes->axes.axis[i]));
    if (!draw_value(bayes, results, architectures, i, &random, &bayes->hand[i], error) ||
        !axes_choose_drawn(&bayes->axes, i, bayes->hand[i], &bayes->drawn[i], error)) {
      return false;
    }
  }
  return true;
}

/* One draw, and what it takes to get a new model of it; adds none where that is in vain. */
static bool add_draw(struct sweep_spec *sweep, struct results *results, struct error *error) {
  struct sweep_bayes *bayes = sweep->bayes;
  const size_t before = sweep->architectures, axes = bayes->axes.count;
  for (uint32_t attempt = 0; attempt < ATTEMPTS && sweep->architectures == before; attempt++) {
    if (!draw_combination(bayes, results, before, attempt, error)) return false;
    if (axes_are_excluded(&bayes->axes)) continue;
    if (!axes_add(&bayes->axes, sweep, error)) return false;
  }
  for (size_t i = 0; sweep->architectures > before && i < axes; i++) {
    bayes->value[before * axes + i] = bayes->hand[i];
  }
  bayes->draws++;
  return true;
}

static bool check_validation(const struct sweep_bayes *bayes, const struct architecture *one,
                             struct error *error) {
  if (one->config.data.split.validation > 0) return true;
  const struct config_key *key = config_key_find("sweep.method");
  yaml_error(bayes->draft.given[config_key_index(key)], error,
             "method: bayes needs validation rows");
  error_help(error, "give data.split.validation, for example 0.1");
  return error_help(error, "in the trial '%s'", one->label);
}

bool sweep_draw_round(struct sweep_spec *sweep, const struct schema *columns, const double *mse,
                      struct error *error) {
  struct sweep_bayes *bayes = sweep->bayes;
  const size_t before = sweep->architectures, left = sweep->cap - bayes->draws;
  const size_t round = left < bayes->draft.round ? left : bayes->draft.round;
  struct results results;
  bayes->draft.columns = columns;
  *bayes->axes.scratch = bayes->draft;
  bool done = results_init(&results, mse, before, before + round, error);
  for (size_t i = 0; i < round && done; i++) done = add_draw(sweep, &results, error);
  for (size_t a = before; a < sweep->architectures && done; a++) {
    done = check_validation(bayes, &sweep->architecture[a], error);
  }
  results_clear(&results);
  bayes->rounds++;
  if (sweep->architectures == before) bayes->draws = sweep->cap; /* nothing is left to draw */
  return done && sweep_check_labels(&bayes->draft, sweep, error);
}

struct sweep_rounds sweep_rounds(const struct sweep_spec *sweep) {
  if (sweep == NULL || sweep->bayes == NULL) return (struct sweep_rounds){0};
  const struct sweep_bayes *bayes = sweep->bayes;
  const size_t left = sweep->cap - bayes->draws, round = bayes->draft.round;
  return (struct sweep_rounds){
      .drawn = bayes->rounds, .count = bayes->rounds + (left + round - 1) / round, .left = left};
}

/* --- the section sweep --- */

static bool check_keys(const struct config_draft *draft, struct error *error) {
  if (draft->run_cap == 0) {
    yaml_error_document(draft->document, error, "method: bayes needs sweep.run_cap");
    return error_help(error, "say how many combinations are drawn, for example run_cap: 64");
  }
  if (!draft->early_terminate.on) return true;
  const struct config_key *key = config_key_find("sweep.early_terminate");
  yaml_error(draft->given[config_key_index(key)], error,
             "early_terminate cannot be used with method: bayes, which compares models that were "
             "trained to their end");
  return error_help(error,
                    "leave it out (--set sweep.early_terminate=null), or draw at random (--set "
                    "sweep.method=random)");
}

static bool bayes_init(struct sweep_bayes *bayes, const struct config_draft *draft, size_t cap,
                       struct error *error) {
  bayes->draft = *draft;
  if (!axes_init(&bayes->axes, &bayes->draft, error)) return false;
  const size_t axes = bayes->axes.count;
  bayes->drawn = memory_array(axes, sizeof *bayes->drawn, error);
  bayes->space = memory_array(axes, sizeof *bayes->space, error);
  bayes->value = memory_array(cap * axes, sizeof *bayes->value, error);
  bayes->hand = memory_array(axes, sizeof *bayes->hand, error);
  if (bayes->drawn == NULL || bayes->space == NULL || bayes->value == NULL || bayes->hand == NULL) {
    return false;
  }
  for (size_t i = 0; i < axes; i++) bayes->space[i] = space_of(&bayes->axes.axis[i]);
  return true;
}

bool sweep_read_bayes(const struct config_draft *draft, struct sweep_spec *sweep,
                      struct error *error) {
  if (!check_keys(draft, error)) return false;
  sweep->bayes = memory_array(1, sizeof *sweep->bayes, error);
  if (sweep->bayes == NULL || !bayes_init(sweep->bayes, draft, sweep->cap, error) ||
      !sweep_draw_round(sweep, draft->columns, NULL, error)) {
    return false;
  }
  return sweep->architectures > 0 ||
         yaml_error(draft->exclude, error, "every combination that is drawn is excluded");
}

void sweep_bayes_free(struct sweep_bayes *bayes) {
  if (bayes == NULL) return;
  axes_clear(&bayes->axes);
  free(bayes->drawn);
  free(bayes->space);
  free(bayes->value);
  free(bayes->hand);
  free(bayes);
}
