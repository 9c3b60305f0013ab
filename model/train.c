#include "model/train.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/exact.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/early_stopping.h"
#include "model/model_predict.h"
#include "model/optimizer.h"
#include "model/schedule.h"
#include "model/wide_deep.h"

enum { BATCHES_A_STOP = 64 };

/* All that one training needs; freed as a whole. */
struct trainer {
  const struct train_request *request;
  const struct kernels *kernels;
  struct encoding encoding;
  struct part {
    struct encoded_rows rows;
    float *of_kinds; /* what is predicted for each of their kinds */
  } train, validation, test;
  uint32_t *order; /* of the training rows, in this epoch */
  struct wide_deep model;
  struct optimizer optimizer;
  struct early_stopping early_stopping;
  struct workspace batch, evaluation;
  struct thread_pool *pool; /* NULL: one thread */
  uint32_t step;            /* batches so far */
};

static bool prepare_part(const struct trainer *t, const uint32_t *rows, size_t count,
                         enum encoded_part kind, struct part *part, struct error *error) {
  if (!encoding_apply_merged(&t->encoding, t->request->dataset, rows, count, kind, &part->rows,
                             error)) {
    return false;
  }
  part->of_kinds = memory_array(part->rows.kinds, sizeof *part->of_kinds, error);
  return part->of_kinds != NULL;
}

static bool prepare_rows(struct trainer *t, struct error *error) {
  const struct train_request *request = t->request;
  const struct split *split = request->split;
  struct encoding_spec spec;
  model_encoding_spec(request->model, request->fit_all, request->seed, &spec);
  if (!encoding_fit(request->features, &spec, split, &t->encoding, error)) return false;
  const uint32_t *rows = split->rows;
  const uint32_t *validation = rows + split->train, *test = validation + split->validation;
  return prepare_part(t, rows, split->train, ENCODED_TRAINING, &t->train, error) &&
         prepare_part(t, validation, split->validation, ENCODED_OTHERS, &t->validation, error) &&
         prepare_part(t, test, split->test, ENCODED_OTHERS, &t->test, error);
}

static bool start_threads(struct trainer *t, struct error *error) {
  if (t->request->threads <= 1) return true;
  t->pool = thread_pool_new(t->request->threads, error);
  t->batch.pool = t->evaluation.pool = t->pool;
  return t->pool != NULL;
}

static bool prepare(struct trainer *t, struct error *error) {
  const struct train_request *request = t->request;
  if (request->train->early_stopping.on && request->split->validation == 0) {
    return error_set(error, ERROR_CONFIG,
                     "early_stopping needs validation rows, and the split has none: set "
                     "data.split.validation, for example to 0.1");
  }
  if (!prepare_rows(t, error)) return false;
  t->order = memory_array(t->train.rows.rows, sizeof *t->order, error);
  if (t->order == NULL) return false;
  for (size_t i = 0; i < t->train.rows.rows; i++) t->order[i] = (uint32_t)i;
  const size_t batch = request->train->batch_size;
  const size_t most = batch < t->train.rows.rows ? batch : t->train.rows.rows;
  return wide_deep_init(&t->model, request->model, &t->encoding, request->seed, t->kernels,
                        error) &&
         optimizer_init(&t->optimizer, request->train, &t->model, most, error) &&
         early_stopping_init(&t->early_stopping, &request->train->early_stopping, &t->model,
                             error) &&
         workspace_init(&t->batch, &t->model, most, error) &&
         workspace_init(&t->evaluation, &t->model, TRAIN_EVALUATED, error) &&
         start_threads(t, error);
}

static void part_clear(struct part *part) {
  encoded_rows_clear(&part->rows);
  free(part->of_kinds);
}

static void trainer_clear(struct trainer *t) {
  thread_pool_free(t->pool);
  encoding_clear(&t->encoding);
  part_clear(&t->train);
  part_clear(&t->validation);
  part_clear(&t->test);
  free(t->order);
  wide_deep_clear(&t->model);
  optimizer_clear(&t->optimizer);
  early_stopping_clear(&t->early_stopping);
  workspace_clear(&t->batch);
  workspace_clear(&t->evaluation);
}

/* One step on m training rows of the epoch's order; adds to the sum of squares. */
static void train_batch(struct trainer *t, size_t first, size_t m, double *sum) {
  const struct training_step training = {.seed = t->request->seed, .step = t->step++};
  workspace_load(&t->batch, &t->model, &t->train.rows, t->order, first, m);
  wide_deep_forward(&t->model, &t->batch, m, &training, t->kernels);
  t->kernels->squared_error(&(struct squared_error){
      .m = m,
      .prediction = t->batch.prediction,
      .target = t->batch.target,
      .gradient = t->batch.gradient,
      .gradient_scale = 2.0f / (float)m,
      .sum = sum,
  });
  wide_deep_backward(&t->model, &t->batch, m, t->kernels);
  optimizer_step(&t->optimizer, &t->model, &t->batch, m, t->kernels);
}

static bool asked_to_stop(const struct trainer *t) {
  return t->request->stop != NULL && t->request->stop(t->request->stop_context);
}

static bool interrupted(uint32_t epoch, struct error *error) {
  return error_set(error, ERROR_INTERRUPTED, "interrupted in epoch %u", (unsigned)epoch + 1);
}

/* *loss: mean squared error of the training rows while the weights move. */
static bool train_epoch(struct trainer *t, uint32_t epoch, double *loss, struct error *error) {
  struct random random;
  random_init(&random, t->request->seed, STREAM_SHUFFLE, epoch, 0);
  random_shuffle(&random, t->order, (uint32_t)t->train.rows.rows);
  const struct train_spec *spec = t->request->train;
  optimizer_schedule(&t->optimizer, &t->model,
                     schedule_factor(&spec->schedule, epoch, spec->epochs));
  double sum = 0.0;
  const size_t batch = spec->batch_size;
  for (size_t first = 0; first < t->train.rows.rows; first += batch) {
    size_t left = t->train.rows.rows - first;
    train_batch(t, first, left < batch ? left : batch, &sum);
    if (t->step % BATCHES_A_STOP == 0 && asked_to_stop(t)) return interrupted(epoch, error);
  }
  *loss = sum / (double)t->train.rows.rows;
  return true;
}

static struct score score_of(struct trainer *t, const struct part *part) {
  return model_evaluate(&t->model, &t->evaluation, &part->rows, part->of_kinds,
                        t->request->model->clip, t->kernels);
}

/* relu turns NaN into 0, so a model may have lost weights without its loss
 * showing it. Without validation rows that MSE is NaN rightly. */
static bool is_finite(const struct trainer *t, const struct epoch_result *result) {
  for (size_t i = 0; i < t->model.floats; i++) {
    if (!isfinite(t->model.weights[i])) return false;
  }
  return isfinite(result->train_loss) && isfinite(result->test_mse) &&
         (t->validation.rows.rows == 0 || isfinite(result->validation_mse));
}

/* Leaves the model with the weights that are judged. */
static bool run_epoch(struct trainer *t, uint32_t epoch, struct epoch_result *result,
                      struct error *error) {
  double start = clock_wall();
  if (epoch > 0) averaging_swap(&t->optimizer.averaging, &t->model); /* to those that move */
  if (!train_epoch(t, epoch, &result->train_loss, error)) return false;
  averaging_flush(&t->optimizer.averaging, &t->model, t->kernels);
  averaging_swap(&t->optimizer.averaging, &t->model);
  result->validation_mse = score_of(t, &t->validation).mse;
  result->test_mse = score_of(t, &t->test).mse;
  result->seconds = clock_wall() - start;
  if (!is_finite(t, result)) {
    return error_set(error, ERROR_TRIAL, "diverged in epoch %u: a loss or weight is not finite",
                     (unsigned)epoch + 1);
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

static void summarise(struct trainer *t, struct train_result *result) {
  const struct score test = score_of(t, &t->test);
  result->mse = test.mse;
  result->rmse = sqrt(test.mse);
  result->mae = test.mae;
  result->train_mse = score_of(t, &t->train).mse;
  result->validation_mse = score_of(t, &t->validation).mse;
  result->best_epoch = best_epoch(result->curve, result->epochs);
  result->parameters = wide_deep_parameters(&t->model);
  result->wide_columns = wide_deep_wide_columns(&t->model);
  result->flops_per_row = wide_deep_flops_per_row(&t->model);
  result->weights_digest = wide_deep_digest(&t->model);
}

/* As many as were asked for, unless early stopping ends them. */
static bool run_epochs(struct trainer *t, uint32_t epochs, struct train_result *result,
                       struct error *error) {
  for (uint32_t epoch = 0; epoch < epochs; epoch++) {
    struct epoch_result *one = &result->curve[epoch];
    if (!run_epoch(t, epoch, one, error)) return false;
    result->epochs = epoch + 1;
    if (early_stopping_note(&t->early_stopping, &t->model, one->validation_mse)) break;
  }
  early_stopping_restore(&t->early_stopping, &t->model, t->kernels);
  return true;
}

static bool hand_over(const struct trainer *t, struct error *error) {
  const struct train_request *request = t->request;
  return request->trained == NULL ||
         request->trained(request->trained_context, &t->model, &t->encoding, error);
}

static bool run(struct trainer *t, struct train_result *result, struct error *error) {
  const uint32_t all = t->request->train->epochs, asked = t->request->epochs;
  const uint32_t epochs = asked > 0 && asked < all ? asked : all;
  result->curve = memory_array(epochs, sizeof *result->curve, error);
  if (result->curve == NULL || !prepare(t, error)) return false;
  double wall = clock_wall(), cpu = clock_cpu();
  if (!run_epochs(t, epochs, result, error)) return false;
  result->train_seconds = clock_wall() - wall;
  result->train_cpu_seconds = clock_cpu() - cpu;
  result->rows_per_second =
      (double)t->train.rows.rows * (double)result->epochs / result->train_seconds;
  summarise(t, result);
  return hand_over(t, error);
}

/* What a training that failed leaves. */
static void keep_curve_alone(struct train_result *result) {
  struct train_result kept = {.epochs = result->epochs, .curve = result->curve};
  *result = kept;
  if (kept.epochs == 0) train_result_clear(result);
}

bool train_run(const struct train_request *request, struct train_result *result,
               struct error *error) {
  struct trainer trainer = {.request = request, .kernels = request->kernels};
  *result = (struct train_result){0};
  struct exact exact;
  exact_begin(&exact);
  bool done = run(&trainer, result, error);
  trainer_clear(&trainer);
  exact_end(&exact);
  if (!done) keep_curve_alone(result);
  return done;
}

void train_result_clear(struct train_result *result) {
  free(result->curve);
  *result = (struct train_result){0};
}
