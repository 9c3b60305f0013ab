/* A whole training: with `refit` in two phases, which find the number of epochs and train
 * anew on all rows but the test rows. */
#include <math.h>
#include <stdlib.h>

#include "base/exact.h"
#include "base/memory.h"
#include "model/model_predict.h"
#include "model/train_member.h"

/* All that a training needs; freed as a whole. */
struct training {
  const struct train_request *request;
  struct thread_pool *pool; /* NULL: one thread */
  struct split joined;      /* of the second phase */
  struct train_rows rows;   /* of the present phase */
  struct member member;
  double trained_rows; /* rows * epochs, of both phases */
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
  member_clear(&t->member);
}

static struct member member_of(const struct training *t, uint32_t asked, bool judged) {
  return (struct member){.request = t->request,
                         .rows = &t->rows,
                         .pool = t->pool,
                         .seed = t->request->seed,
                         .asked = asked,
                         .judged = judged};
}

/* Of the model that the present phase has trained. */
static bool judge(const struct training *t, const struct train_part *part, struct score *score,
                  struct error *error) {
  const struct train_request *request = t->request;
  struct workspace workspace;
  if (!workspace_init(&workspace, &t->member.model, TRAIN_EVALUATED, error)) return false;
  workspace.pool = t->pool;
  *score = model_evaluate(&t->member.model, &workspace, &part->rows, part->of_kinds,
                          request->model->clip, request->kernels);
  workspace_clear(&workspace);
  return true;
}

/* Trains a model on `split`. The curve of the first phase is the result's, also where it failed. */
static bool train_phase(struct training *t, const struct split *split, uint32_t epochs,
                        struct train_result *result, struct error *error) {
  const bool first = result->curve == NULL;
  t->member = member_of(t, epochs, first);
  const bool done =
      train_rows_init(&t->rows, t->request, split, error) && train_member(&t->member, error);
  result->train_seconds += t->member.seconds;
  result->train_cpu_seconds += t->member.cpu_seconds;
  t->trained_rows += (double)split->train * (double)t->member.epochs;
  if (!first) return done;
  result->curve = t->member.curve;
  result->epochs = t->member.epochs;
  result->best_epoch = t->member.best_epoch;
  t->member.curve = NULL;
  return done;
}

/* The number of epochs, and what the validation rows say. */
static bool find(struct training *t, struct train_result *result, struct error *error) {
  const uint32_t all = t->request->train->epochs, asked = t->request->epochs;
  const bool short_of_all = asked > 0 && asked < all;
  struct score score;
  if (!train_phase(t, t->request->split, short_of_all ? asked : all, result, error) ||
      !judge(t, &t->rows.validation, &score, error)) {
    return false;
  }
  result->validation_mse = score.mse;
  result->cut = short_of_all && result->epochs == asked;
  return true;
}

/* Anew, from the same start, on the validation rows too. */
static bool refit(struct training *t, struct train_result *result, struct error *error) {
  train_rows_clear(&t->rows);
  member_clear(&t->member);
  if (!split_join_validation(t->request->split, &t->joined, error) ||
      !train_phase(t, &t->joined, result->best_epoch, result, error)) {
    return false;
  }
  result->refit_epochs = t->member.epochs;
  return true;
}

static bool summarise(const struct training *t, struct train_result *result, struct error *error) {
  const struct wide_deep *model = &t->member.model;
  struct score test, train;
  if (!judge(t, &t->rows.test, &test, error) || !judge(t, &t->rows.train, &train, error)) {
    return false;
  }
  result->mse = test.mse;
  result->rmse = sqrt(test.mse);
  result->mae = test.mae;
  result->train_mse = train.mse;
  result->rows_per_second = t->trained_rows / result->train_seconds;
  result->parameters = wide_deep_parameters(model);
  result->wide_columns = wide_deep_wide_columns(model);
  result->flops_per_row = wide_deep_flops_per_row(model);
  result->weights_digest = wide_deep_digest(model);
  return true;
}

static bool hand_over(const struct training *t, struct error *error) {
  const struct train_request *request = t->request;
  return request->trained == NULL ||
         request->trained(request->trained_context, &t->member.model, &t->rows.encoding, error);
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
