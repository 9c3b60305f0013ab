/* A whole training, of one model or of several: with `refit` in two phases, which find the
 * number of epochs and train anew on all rows but the test rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/exact.h"
#include "base/memory.h"
#include "model/ensemble.h"
#include "model/model_predict.h"
#include "model/train_member.h"

/* All that a training needs; freed as a whole. */
struct training {
  const struct train_request *request;
  struct thread_pool *pool; /* NULL: one thread */
  struct split joined;      /* of the second phase */
  struct train_rows rows;   /* of the present phase */
  struct train_state state;
  struct train_saver saver;
};

static bool check(const struct train_request *request, struct error *error) {
  const struct train_spec *train = request->train;
  if (train->early_stopping.on && request->split->validation == 0) {
    return error_set(error, ERROR_CONFIG,
                     "early_stopping needs validation rows, and the split has none: set "
                     "data.split.validation, for example to 0.1");
  }
  return !train->refit || train->early_stopping.on ||
         error_set(error, ERROR_CONFIG,
                   "refit needs early_stopping, which finds the number of epochs: set "
                   "train.early_stopping, for example to {patience: 5}");
}

static bool start_threads(struct training *t, struct error *error) {
  if (t->request->threads <= 1) return true;
  t->pool = thread_pool_new(t->request->threads, error);
  return t->pool != NULL;
}

static void training_clear(struct training *t) {
  thread_pool_free(t->pool);
  split_clear(&t->joined);
  train_rows_clear(&t->rows);
  train_saver_close(&t->saver);
  train_state_clear(&t->state);
}

/* Of the mean prediction of the models that the present phase has trained. */
static bool judge(const struct training *t, const struct train_part *part, struct score *score,
                  struct error *error) {
  const struct train_request *request = t->request;
  struct workspace workspace;
  const struct ensemble *models = &t->state.models;
  if (!workspace_init(&workspace, &models->member[0], TRAIN_EVALUATED, error)) return false;
  workspace.pool = t->pool;
  *score = model_evaluate(models, &workspace, &part->rows, part->of_kinds, request->model->clip,
                          request->kernels);
  workspace_clear(&workspace);
  return true;
}

enum { NAME = 64 };

static void name_member(const struct training *t, size_t m, bool refit, char name[NAME]) {
  char which[NAME / 2] = "";
  if (t->state.models.members > 1) (void)snprintf(which, sizeof which, " of member %zu", m);
  (void)snprintf(name, NAME, "%s%s", which, refit ? " of the refit" : "");
}

/* What the result says of a member that was trained for the first time, or has failed then.
 * It takes the curve of the first. */
static void note_member(struct member *member, size_t m, struct train_result *result) {
  if (member->best_epoch > 0) {
    result->member[m] = (struct member_result){
        .epochs = member->epochs,
        .best_epoch = member->best_epoch,
        .validation_mse = member->curve[member->best_epoch - 1].validation_mse};
  }
  if (m > 0) return;
  result->curve = member->curve;
  result->epochs = member->epochs;
  result->best_epoch = member->best_epoch;
  member->curve = NULL;
}

/* Trains member m on the rows of the phase: for the first time to at most `epochs`, or anew
 * for as many as it had been found to need. */
static bool train_one(struct training *t, size_t m, bool refit, uint32_t epochs,
                      struct train_result *result, struct error *error) {
  char name[NAME];
  struct train_place *place = &t->state.place;
  struct member member = {.request = t->request,
                          .rows = &t->rows,
                          .pool = t->pool,
                          .saver = &t->saver,
                          .seed = ensemble_seed(t->request->seed, m),
                          .asked = refit ? result->member[m].best_epoch : epochs,
                          .name = name,
                          .judged = !refit,
                          .cut = !refit && epochs < t->request->train->epochs,
                          .model = &t->state.models.member[m]};
  name_member(t, m, refit, name);
  const bool done = train_member(&member, error);
  result->train_seconds += member.seconds;
  result->train_cpu_seconds += member.cpu_seconds;
  const double rows = (double)t->rows.train.rows.rows * (double)member.epochs;
  *place = (struct train_place){
      .refit = place->refit, .member = (uint32_t)m + 1, .trained_rows = place->trained_rows + rows};
  if (!refit) note_member(&member, m, result);
  member_clear(&member);
  return done;
}

static size_t members_asked(const struct training *t) {
  const uint32_t members = t->request->train->members;
  return members > 0 ? members : 1;
}

/* The rows of a phase, and the members of it that are finished already. */
static bool begin_phase(struct training *t, const struct split *split, struct error *error) {
  return train_rows_init(&t->rows, t->request, split, error) &&
         ensemble_init(&t->state.models, members_asked(t), error) &&
         train_saver_models(&t->saver, &t->rows.encoding, error);
}

/* The number of epochs of each member, and what the validation rows say. A training that is
 * cut is that of member 0. */
static bool find(struct training *t, struct train_result *result, struct error *error) {
  const uint32_t all = t->request->train->epochs, asked = t->request->epochs;
  const bool short_of_all = asked > 0 && asked < all;
  struct score score;
  if (!begin_phase(t, t->request->split, error)) return false;
  for (size_t m = t->state.place.member; m < t->state.models.members; m++) {
    if (!train_one(t, m, false, m == 0 && short_of_all ? asked : all, result, error)) return false;
    result->cut = m == 0 && short_of_all && result->epochs == asked;
    if (result->cut) t->state.models.members = 1;
  }
  if (!judge(t, &t->rows.validation, &score, error)) return false;
  result->validation_mse = score.mse;
  return true;
}

/* Anew, from the same starts, on the validation rows too. */
static bool refit(struct training *t, struct train_result *result, struct error *error) {
  if (!split_join_validation(t->request->split, &t->joined, error) ||
      !begin_phase(t, &t->joined, error)) {
    return false;
  }
  for (size_t m = t->state.place.member; m < t->state.models.members; m++) {
    if (!train_one(t, m, true, 0, result, error)) return false;
  }
  result->refit_epochs = result->best_epoch;
  return true;
}

/* From the first phase, or from nothing where a training goes on in the second. */
static void leave_find(struct training *t) {
  train_rows_clear(&t->rows);
  ensemble_clear(&t->state.models);
  t->state.place = (struct train_place){.refit = 1, .trained_rows = t->state.place.trained_rows};
}

static bool run_phases(struct training *t, struct train_result *result, struct error *error) {
  if (t->state.place.refit == 0) {
    if (!find(t, result, error)) return false;
    if (!t->request->train->refit || result->cut) return true;
    leave_find(t);
  }
  return refit(t, result, error);
}

static bool summarise(const struct training *t, struct train_result *result, struct error *error) {
  const struct wide_deep *model = &t->state.models.member[0];
  const uint64_t members = t->state.models.members;
  struct score test, train;
  if (!judge(t, &t->rows.test, &test, error) || !judge(t, &t->rows.train, &train, error)) {
    return false;
  }
  result->mse = test.mse;
  result->rmse = sqrt(test.mse);
  result->mae = test.mae;
  result->train_mse = train.mse;
  result->rows_per_second = t->state.place.trained_rows / result->train_seconds;
  result->parameters = members * wide_deep_parameters(model);
  result->wide_columns = wide_deep_wide_columns(model);
  result->flops_per_row = members * wide_deep_flops_per_row(model);
  result->members = members;
  result->weights_digest = ensemble_digest(&t->state.models);
  for (size_t m = 0; m < members; m++) {
    result->member[m].weights_digest = wide_deep_digest(&t->state.models.member[m]);
  }
  return true;
}

static bool hand_over(const struct training *t, struct error *error) {
  const struct train_request *request = t->request;
  return request->trained == NULL ||
         request->trained(request->trained_context, &t->state.models, &t->rows.encoding, error);
}

/* From `anew` on without a look at what was written before. */
static bool run(struct training *t, bool anew, struct train_result *result, struct error *error) {
  train_saver_open(&t->saver, t->request, &t->state, anew);
  return start_threads(t, error) && run_phases(t, result, error) && summarise(t, result, error) &&
         hand_over(t, error);
}

static bool run_once(const struct train_request *request, bool anew, bool *refused,
                     struct train_result *result, struct error *error) {
  struct training training = {.request = request, .state.result = result};
  const bool done = run(&training, anew, result, error);
  *refused = training.saver.refused;
  if (*refused) train_saver_tell(&training.saver, error);
  training_clear(&training);
  return done;
}

/* What an earlier start has written may not fit although it is sound. */
static bool run_or_anew(const struct train_request *request, struct train_result *result,
                        struct error *error) {
  bool refused;
  if (run_once(request, false, &refused, result, error)) return true;
  if (!refused) return false;
  train_result_clear(result);
  *error = (struct error){0};
  return run_once(request, true, &refused, result, error);
}

/* What a training that failed leaves. */
static void keep_curve_alone(struct train_result *result) {
  const bool has = result->curve != NULL; /* a checkpoint may have said the epochs alone */
  struct train_result kept = {.epochs = has ? result->epochs : 0, .curve = result->curve};
  *result = kept;
  if (kept.epochs == 0) train_result_clear(result);
}

bool train_run(const struct train_request *request, struct train_result *result,
               struct error *error) {
  *result = (struct train_result){0};
  struct exact exact;
  exact_begin(&exact);
  const bool done = check(request, error) && run_or_anew(request, result, error);
  exact_end(&exact);
  if (!done) keep_curve_alone(result);
  return done;
}

void train_result_clear(struct train_result *result) {
  free(result->curve);
  *result = (struct train_result){0};
}
