#include "model/train_member.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/early_stopping.h"
#include "model/model_predict.h"
#include "model/optimizer.h"
#include "model/rating_head.h"
#include "model/schedule.h"
#include "model/wide_deep.h"

enum { BATCHES_A_STOP = 64 };

/* All that one training needs; freed as a whole. */
struct trainer {
  struct member *member;
  const struct train_request *request;
  const struct train_rows *rows;
  const struct kernels *kernels;
  uint32_t *order; /* of the training rows, in this epoch */
  struct wide_deep model;
  struct optimizer optimizer;
  struct early_stopping early_stopping;
  struct workspace batch, evaluation;
  uint32_t step; /* batches so far */
};

static bool prepare(struct trainer *t, struct error *error) {
  const struct train_spec *train = t->request->train;
  const size_t rows = t->rows->train.rows.rows;
  t->order = memory_array(rows, sizeof *t->order, error);
  if (t->order == NULL) return false;
  for (size_t i = 0; i < rows; i++) t->order[i] = (uint32_t)i;
  const size_t most = train->batch_size < rows ? train->batch_size : rows;
  static const struct early_stopping_spec never = {0};
  const bool made =
      wide_deep_init(&t->model, t->request->model, &t->rows->encoding, t->member->seed, error) &&
      optimizer_init(&t->optimizer, train, &t->model, most, error) &&
      early_stopping_init(&t->early_stopping, t->member->judged ? &train->early_stopping : &never,
                          &t->model, error) &&
      workspace_init(&t->batch, &t->model, most, error) &&
      workspace_init(&t->evaluation, &t->model, TRAIN_EVALUATED, error);
  t->batch.pool = t->evaluation.pool = t->member->pool;
  return made;
}

static void trainer_clear(struct trainer *t) {
  free(t->order);
  wide_deep_clear(&t->model);
  optimizer_clear(&t->optimizer);
  early_stopping_clear(&t->early_stopping);
  workspace_clear(&t->batch);
  workspace_clear(&t->evaluation);
}

/* One step on m training rows of the epoch's order; adds to the sum of their losses. */
static void train_batch(struct trainer *t, size_t first, size_t m, double *sum) {
  const struct training_step training = {.seed = t->member->seed, .step = t->step++};
  workspace_load(&t->batch, &t->model, &t->rows->train.rows, t->order, first, m);
  wide_deep_forward(&t->model, &t->batch, m, &training, t->kernels);
  rating_head_loss(&t->model, &t->batch, m, sum, t->kernels);
  wide_deep_backward(&t->model, &t->batch, m, t->kernels);
  optimizer_step(&t->optimizer, &t->model, &t->batch, m, t->kernels);
}

static bool asked_to_stop(const struct trainer *t) {
  return t->request->stop != NULL && t->request->stop(t->request->stop_context);
}

static bool interrupted(uint32_t epoch, struct error *error) {
  return error_set(error, ERROR_INTERRUPTED, "interrupted in epoch %u", (unsigned)epoch + 1);
}

/* *loss: its mean over the training rows while the weights move. */
static bool train_epoch(struct trainer *t, uint32_t epoch, double *loss, struct error *error) {
  struct random random;
  random_init(&random, t->member->seed, STREAM_SHUFFLE, epoch, 0);
  const size_t rows = t->rows->train.rows.rows;
  random_shuffle(&random, t->order, (uint32_t)rows);
  const struct train_spec *spec = t->request->train;
  optimizer_schedule(&t->optimizer, &t->model,
                     schedule_factor(&spec->schedule, epoch, spec->epochs));
  double sum = 0.0;
  const size_t batch = spec->batch_size;
  for (size_t first = 0; first < rows; first += batch) {
    size_t left = rows - first;
    train_batch(t, first, left < batch ? left : batch, &sum);
    if (t->step % BATCHES_A_STOP == 0 && asked_to_stop(t)) return interrupted(epoch, error);
  }
  *loss = sum / (double)rows;
  return true;
}

static double mse_of(struct trainer *t, const struct train_part *part) {
  const struct ensemble alone = {1, &t->model};
  return model_evaluate(&alone, &t->evaluation, &part->rows, part->of_kinds,
                        t->request->model->clip, t->kernels)
      .mse;
}

/* relu turns NaN into 0, so a model may have lost weights without its loss
 * showing it. Without validation rows that MSE is NaN rightly. */
static bool is_finite(const struct trainer *t, const struct epoch_result *result) {
  for (size_t i = 0; i < t->model.floats; i++) {
    if (!isfinite(t->model.weights[i])) return false;
  }
  if (!isfinite(result->train_loss)) return false;
  return !t->member->judged || (isfinite(result->test_mse) && (t->rows->validation.rows.rows == 0 ||
                                                               isfinite(result->validation_mse)));
}

/* Leaves the model with the weights that are judged. */
static bool run_epoch(struct trainer *t, uint32_t epoch, struct epoch_result *result,
                      struct error *error) {
  double start = clock_wall();
  if (epoch > 0) averaging_swap(&t->optimizer.averaging, &t->model); /* to those that move */
  if (!train_epoch(t, epoch, &result->train_loss, error)) return false;
  averaging_flush(&t->optimizer.averaging, &t->model, t->kernels);
  averaging_swap(&t->optimizer.averaging, &t->model);
  if (t->member->judged) {
    result->validation_mse = mse_of(t, &t->rows->validation);
    result->test_mse = mse_of(t, &t->rows->test);
  }
  result->seconds = clock_wall() - start;
  if (!is_finite(t, result)) {
    return error_set(error, ERROR_TRIAL, "diverged in epoch %u%s: a loss or weight is not finite",
                     (unsigned)epoch + 1, t->member->name);
  }
  return asked_to_stop(t) ? interrupted(epoch, error) : true;
}

static uint32_t best_epoch(const struct epoch_result *curve, uint32_t epochs) {
  uint32_t best = epochs;
  for (uint32_t e = epochs; e > 0; e--) {
    if (curve[e - 1].validation_mse <= curve[best - 1].validation_mse) best = e;
  }
  return best;
}

/* As many as were asked for, unless early stopping ends them. */
static bool run_epochs(struct trainer *t, struct error *error) {
  struct member *member = t->member;
  for (uint32_t epoch = 0; epoch < member->asked; epoch++) {
    struct epoch_result *one = &member->curve[epoch];
    if (t->request->note != NULL) t->request->note(t->request->stop_context, epoch + 1);
    if (!run_epoch(t, epoch, one, error)) return false;
    member->epochs = epoch + 1;
    if (early_stopping_note(&t->early_stopping, &t->model, one->validation_mse)) break;
  }
  early_stopping_restore(&t->early_stopping, &t->model);
  member->best_epoch = best_epoch(member->curve, member->epochs);
  return true;
}

/* A model points into itself, so it is laid out anew, and takes the weights. */
static bool keep_model(struct trainer *t, struct error *error) {
  struct wide_deep *model = t->member->model;
  if (!wide_deep_lay_out(model, t->request->model, &t->rows->encoding, error)) return false;
  model->weights = t->model.weights;
  t->model.weights = NULL;
  return true;
}

static bool run(struct trainer *t, struct error *error) {
  struct member *member = t->member;
  member->curve = memory_array(member->asked, sizeof *member->curve, error);
  if (member->curve == NULL || !prepare(t, error)) return false;
  const double wall = clock_wall(), cpu = clock_cpu();
  if (!run_epochs(t, error)) return false;
  member->seconds = clock_wall() - wall;
  member->cpu_seconds = clock_cpu() - cpu;
  return keep_model(t, error);
}

bool train_member(struct member *member, struct error *error) {
  struct trainer trainer = {.member = member,
                            .request = member->request,
                            .rows = member->rows,
                            .kernels = member->request->kernels};
  const bool done = run(&trainer, error);
  trainer_clear(&trainer);
  return done;
}

void member_clear(struct member *member) {
  free(member->curve);
  *member = (struct member){0};
}
