/* Which trials a sweep trains, to which epoch, and what it costs.
 *
 * A plan begins with every trial of the config as new, takes in what is
 * recorded, and is kept up to date as trials end. Its state follows from the
 * records alone: a sweep that was killed and started again plans as if it had
 * gone on.
 *
 * With early_terminate it passes through rungs (experiments/halving.h). At each
 * rung that its architecture reaches a trial is trained from its beginning, or
 * with train.checkpoint from the rung before (experiments/run_checkpoints.h); the
 * longer record then replaces the shorter. The last stage, to the end of the training, is the only
 * one without early_terminate.
 *
 * With method: bayes it has the trials of the rounds until now, and grows: those before
 * `first` are of earlier rounds. */
#ifndef CROSSLANE_EXPERIMENTS_PLAN_H
#define CROSSLANE_EXPERIMENTS_PLAN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "experiments/core_share.h"
#include "experiments/estimate.h"
#include "experiments/halving.h"
#include "experiments/run_data.h"
#include "experiments/shard.h"
#include "records/record_list.h"

/* Stopped: recorded as it was after fewer epochs than the config has. */
enum planned_state { PLANNED_NEW, PLANNED_DONE, PLANNED_FAILED, PLANNED_STOPPED };

struct planned_trial {
  enum planned_state state;
  bool trained;          /* in this start */
  size_t epochs;         /* of its record */
  size_t best_epoch;     /* of its record */
  double validation_mse; /* of its record; NaN: none */
  bool sized;            /* the following are its own, not its architecture's first trial's */
  struct model_size size;
  size_t training_rows;
  struct epoch_work work;
  double epoch_seconds; /* estimate, of one core */
};

/* How trials are sized. */
struct plan_sizing {
  const struct kernels *kernels;
  bool every;   /* trial, not only the first of each architecture */
  double dense; /* FLOP/s */
  const volatile sig_atomic_t *interrupted;
};

struct plan {
  const struct run_data *data;
  struct plan_sizing sizing;
  bool retry_failed;
  bool goes_on;   /* with train.checkpoint: a trial at a rung from the rung before */
  bool validated; /* every trial has validation rows */
  size_t trials;
  struct planned_trial *trial; /* as data->list.trial */
  bool *left_out;              /* [architectures] larger than max_parameters */
  size_t architectures_left_out;
  struct shard shard;         /* count 0: all of the plan is trained here */
  bool *elsewhere;            /* [trials] of another shard */
  uint64_t cost, own_cost;    /* of all shards' trials, and of this one's: FLOP, roughly */
  struct sweep_rounds rounds; /* of method: bayes */
  size_t first;               /* trial of the present round */
  bool *in;                   /* [architectures] in the present stage */
  size_t stage;               /* halving.rungs: the last one */
  bool listed;                /* `in` and `stage` stay as they are (experiments/rung_list.h) */
  struct halving halving;
  double *at_rung; /* (trials, rungs) validation MSE; infinite when the trial failed before it */
  size_t *pending; /* trials to train in the present stage, the longest first */
  size_t pending_count;
  struct core_share share; /* one job, one thread, until plan_share says more */
};

/* Sizes each trial, or only the first of each architecture where that is
 * enough (`every` false and no max_parameters), and estimates its time with a
 * `dense` rate. Errors of the config: early_terminate without validation rows,
 * all architectures left out, the baseline left out. */
bool plan_init(struct plan *plan, const struct run_data *data, const struct config *config,
               const struct kernels *kernels, bool every, double dense, bool retry_failed,
               const volatile sig_atomic_t *interrupted, struct error *error);
void plan_clear(struct plan *plan);

/* Takes in the trials that its data have had since, as a round; `architectures`: how many there
 * were. */
bool plan_grow(struct plan *plan, const struct config *config, size_t architectures,
               struct error *error);

/* Shares the cores that this process may use among the trials of the whole plan,
 * what is recorded too: a sweep that goes on has the threads that it began with.
 * `jobs`, `threads`: as asked for, or 0. */
void plan_share(struct plan *plan, size_t jobs, size_t threads);

/* What a trial costs, in FLOP, roughly: (FLOP of a row, forward, + 2000 for all that is not a
 * dense layer) * epochs * training rows. Integers of config and data: all machines agree. */
uint64_t plan_trial_cost(const struct plan *plan, size_t trial);

/* of[i] [trials]: the shard of trial i, from 0, or PLAN_NO_SHARD where it is left out: cut
 * by what each trial costs, whatever is recorded. ERROR_CONFIG with method: bayes. */
#define PLAN_NO_SHARD SIZE_MAX
bool plan_cut(const struct plan *plan, size_t shards, size_t *of, struct error *error);

/* Leaves the trials of other shards to them, as plan_cut says. ERROR_CONFIG with early_terminate,
 * unless a list says who is in. */
bool plan_take_shard(struct plan *plan, const struct shard *shard, struct error *error);

/* Puts the estimates right by what recorded trials of this plan took with the
 * same instruction set on the same processor; returns of how many. */
size_t plan_calibrate(struct plan *plan, const struct record_list *records, const char *isa,
                      const char *cpu);

/* The record of a trial; NULL: there is none. */
const struct record *plan_record(const struct plan *plan, const struct record_list *records,
                                 size_t trial);
/* Takes in the records of a run folder; those of other configs are passed over. */
void plan_add_records(struct plan *plan, const struct record_list *records);
void plan_add_record(struct plan *plan, size_t trial, const struct record *record);
/* A trial of this start has ended. */
void plan_trial_ended(struct plan *plan, size_t trial, const struct record *record);

/* Begins the next stage that has something to compare, starting with the
 * first: fills `pending`. To be called again when all of it is recorded, until
 * *more is false. */
bool plan_begin(struct plan *plan, struct error *error);
bool plan_next(struct plan *plan, bool *more, struct error *error);
/* Begins, and passes the stages that are recorded whole; the last one too is begun. */
bool plan_find_stage(struct plan *plan, struct error *error);

/* With method: bayes, when all of a round is recorded: draws the next one from the mean
 * validation MSE of each architecture over all seeds and folds; one with a trial that failed,
 * or that is left out, counts as the worst. The plan grows by its trials, and so does `data`,
 * which is the plan's. *more is false where no round is left. To be followed by the round's
 * records and plan_begin. */
bool plan_next_round(struct plan *plan, struct run_data *data, const struct config *config,
                     bool *more, struct error *error);

/* A rung that ends before half of the trials that came to their end were at their best cannot
 * tell good models from fast ones: says so, with the rungs and that epoch. */
void plan_check_rungs(const struct plan *plan, struct text *warning);

/* To which epoch trials are trained now; 0: to their end. */
uint32_t plan_epochs(const struct plan *plan);
size_t plan_architectures_in(const struct plan *plan);
size_t plan_trials_in(const struct plan *plan);
/* Trainings of all stages, recorded ones too. */
size_t plan_trainings(const struct plan *plan);
size_t plan_count(const struct plan *plan, enum planned_state state);
/* Of the architectures that are not left out, recorded ones and other shards' too. */
size_t plan_trials_wanted(const struct plan *plan);

/* Whether it is of this shard and not left out; and how many are. */
bool plan_is_own(const struct plan *plan, size_t trial);
size_t plan_trials_own(const struct plan *plan);

/* Whether a trial can still be trained, in the present stage or a later one. */
bool plan_may_train(const struct plan *plan, size_t trial);

/* To which epoch a trial is trained in the present stage. */
uint32_t plan_trial_epochs(const struct plan *plan, size_t trial);

/* Of the architectures whose trials have all come to the end of the present
 * stage, the one whose validation MSE there is the lowest on average; false:
 * there is none. */
bool plan_best(const struct plan *plan, size_t *architecture, double *mse);

/* Estimated seconds of one core, of a trial in the present stage; and of all
 * stages after it, whose architectures are not known yet. */
double plan_trial_seconds(const struct plan *plan, size_t trial);
/* Of the epochs of a trial up to the present stage, the share that it trains. */
double plan_trial_share(const struct plan *plan, size_t trial);
double plan_later_seconds(const struct plan *plan);

#endif
