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
  struct ensemble models;   /* that it has trained */
  double trained_rows;      /* rows * epochs, of both phases */
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
  ensemble_clear(&t->models);
}

/* Of the mean prediction of the models that the present phase has trained. */
static bool judge(const struct training *t, const struct train_part *part, struct score *score,
                  struct error *error) {
  const struct train_request *request = t->request;
  struct workspace workspace;
  if (!workspace_init(&workspace, &t->models.member[0], TRAIN_EVALUATED, error)) return false;
  workspace.pool = t->pool;
  *score = model_evaluate(&t->models, &workspace, &part->rows, part->of_kinds, request->model->clip,
                          request->kernels);
  workspace_clear(&workspace);
  return true;
}

enum { NAME = 64 };

static void name_member(const struct training *t, size_t m, bool refit, char name[NAME]) {
  char which[NAME / 2] = "";
  if (t->models.members > 1) (void)snprintf(which, sizeof which, " of member %zu", m);
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
  struct member member = {.request = t->request,
                          .rows = &t->rows,
                          .pool = t->pool,
                          .seed = ensemble_seed(t->request->seed, m),
                          .asked = refit ? result->member[m].best_epoch : epochs,
                          .name = name,
                          .judged = !refit,
                          .model = &t->models.member[m]};
  name_member(t, m, refit, name);
  const bool done = train_member(&member, error);
  result->train_seconds += member.seconds;
  result->train_cpu_seconds += member.cpu_seconds;
  t->trained_rows += (double)t->rows.train.rows.rows * (double)member.epochs;
  if (!refit) note_member(&member, m, result);
  member_clear(&member);
  return done;
}

static size_t members_asked(const struct training *t) {
  const uint32_t members = t->request->train->members;
  return members > 0 ? members : 1;
}

/* The number of epochs of each member, and what the validation rows say. A training that is
 * cut is that of member 0. */
static bool find(struct training *t, struct train_result *result, struct error *error) {
  const uint32_t all = t->request->train->epochs, asked = t->request->epochs;
  const bool short_of_all = asked > 0 && asked < all;
  struct score score;
  if (!train_rows_init(&t->rows, t->request, t->request->split, error) ||
      !ensemble_init(&t->models, members_asked(t), error) ||
      !train_one(t, 0, false, short_of_all ? asked : all, result, error)) {
    return false;
  }
  result->cut = short_of_all && result->epochs == asked;
  if (result->cut) t->models.members = 1;
  for (size_t m = 1; m < t->models.members; m++) {
    if (!train_one(t, m, false, all, result, error)) return false;
  }
  result->members = t->models.members;
  if (!judge(t, &t->rows.validation, &score, error)) return false;
  result->validation_mse = score.mse;
  return true;
}

/* Anew, from the same starts, on the validation rows too. */
static bool refit(struct training *t, struct train_result *result, struct error *error) {
  train_rows_clear(&t->rows);
  ensemble_clear(&t->models);
  if (!split_join_validation(t->request->split, &t->joined, error) ||
      !train_rows_init(&t->rows, t->request, &t->joined, error) ||
      !ensemble_init(&t->models, result->members, error)) {
    return false;
  }
  for (size_t m = 0; m < t->models.members; m++) {
    if (!train_one(t, m, true, 0, result, error)) return false;
  }
  result->refit_epochs = result->best_epoch;
  return true;
}

static bool summarise(const struct training *t, struct train_result *result, struct error *error) {
  const struct wide_deep *model = &t->models.member[0];
  const uint64_t members = t->models.members;
  struct score test, train;
  if (!judge(t, &t->rows.test, &test, error) || !judge(t, &t->rows.train, &train, error)) {
    return false;
  }
  result->mse = test.mse;
  result->rmse = sqrt(test.mse);
  result->mae = test.mae;
  result->train_mse = train.mse;
  result->rows_per_second = t->trained_rows / result->train_seconds;
  result->parameters = members * wide_deep_parameters(model);
  result->wide_columns = wide_deep_wide_columns(model);
  result->flops_per_row = members * wide_deep_flops_per_row(model);
  result->weights_digest = ensemble_digest(&t->models);
  for (size_t m = 0; m < members; m++) {
    result->member[m].weights_digest = wide_deep_digest(&t->models.member[m]);
  }
  return true;
}

static bool hand_over(const struct training *t, struct error *error) {
  const struct train_request *request = t->request;
  return request->trained == NULL ||
         request->trained(request->trained_context, &t->models, &t->rows.encoding, error);
}

static bool run(struct training *t, struct train_result *result, struct error *error) {
  if (!check(t->request, error) || !start_threads(t, error) || !find(t, result, error)) {
    return false;
  }
  if (t->request->train->refit && !result->cut && !refit(t, result, error)) return false;
  return summarise(t, result, error) && hand_over(t, error);
}

/* What a training that failed leaves. */
static void keep_curve_alone(struct train_result *result) {
  struct train_result kept = {.epochs = result->epochs, .curve = result->curve};
  *result = kept;
  if (kept.epochs == 0) train_result_clear(result);
}

bool train_run(const struct train_request *request, struct train_result *result,
               struct error *error) {
  struct training training = {.request = request};
  *result = (struct train_result){0};
  struct exact exact;
  exact_begin(&exact);
  bool done = run(&training, result, error);
  training_clear(&training);
  exact_end(&exact);
  if (!done) keep_curve_alone(result);
  return done;
}

void train_result_clear(struct train_result *result) {
  free(result->curve);
  *result = (struct train_result){0};
}
