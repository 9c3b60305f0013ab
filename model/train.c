#include "model/train_member.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/philox.h"
#include "model/dot_training.h"
#include "model/model_predict.h"
#include "model/rating_head.h"
#include "model/schedule.h"
#include "model/wide_deep.h"

/* Between two questions whether to stop: so many batches, or seconds where these are long. */
enum { BATCHES_A_STOP = DOT_TRAINING_BATCHES };
#define SECONDS_A_STOP 0.5

/* All that one training needs; freed as a whole. */
struct trainer {
  struct member *member;
  const struct train_request *request;
  const struct train_rows *rows;
  const struct kernels *kernels;
  struct train_state *state;
  struct workspace batch, evaluation;
  bool dot;     /* dot_training_fits */
  double asked; /* clock_wall() of the last question whether to stop */
  /* By these clocks the member and its epoch began, the parts of it before this one counted. */
  double wall, cpu, epoch_wall;
};

static bool prepare(struct trainer *t, struct error *error) {
  const struct train_spec *train = t->request->train;
  struct train_state *s = t->state;
  s->rows = t->rows->train.rows.rows;
  s->asked = t->member->asked;
  s->curve = memory_array(s->asked, sizeof *s->curve, error);
  s->order = memory_array(s->rows, sizeof *s->order, error);
  if (s->curve == NULL || s->order == NULL) return false;
  for (size_t i = 0; i < s->rows; i++) s->order[i] = (uint32_t)i;
  const size_t most = train->batch_size < s->rows ? train->batch_size : s->rows;
  static const struct early_stopping_spec never = {0};
  const bool made =
      wide_deep_init(&s->model, t->request->model, &t->rows->encoding, t->member->seed, error) &&
      optimizer_init(&s->optimizer, train, &s->model, most, error) &&
      early_stopping_init(&s->early_stopping, t->member->judged ? &train->early_stopping : &never,
                          &s->model, error) &&
      workspace_init(&t->batch, &s->model, dot_training_rows(&s->model, train, s->rows), error) &&
      workspace_init(&t->evaluation, &s->model, TRAIN_EVALUATED, error);
  t->batch.pool = t->evaluation.pool = t->member->pool;
  t->dot = made && dot_training_fits(&s->model, train);
  return made;
}

static void trainer_clear(struct trainer *t) {
  train_state_clear_member(t->state);
  workspace_clear(&t->batch);
  workspace_clear(&t->evaluation);
}

/* --- the clocks, and where the training stands --- */

static void start_clocks(struct trainer *t) {
  const struct train_place *place = &t->state->place;
  const double now = clock_wall();
  t->asked = now;
  t->wall = now - place->seconds;
  t->epoch_wall = now - place->epoch_seconds;
  t->cpu = clock_cpu() - place->cpu_seconds;
}

static void read_clocks(struct trainer *t) {
  struct train_place *place = &t->state->place;
  const double now = clock_wall();
  place->seconds = now - t->wall;
  place->epoch_seconds = place->rows > 0 ? now - t->epoch_wall : 0.0;
  place->cpu_seconds = clock_cpu() - t->cpu;
}

static void write_place(struct trainer *t) {
  read_clocks(t);
  train_saver_write(t->member->saver);
}

static bool asked_to_stop(struct trainer *t) {
  t->asked = clock_wall();
  return t->request->stop != NULL && t->request->stop(t->request->stop_context);
}

/* Between two steps or two epochs: false when the training is to stop here. */
static bool goes_on(struct trainer *t, struct error *error) {
  const bool stop = asked_to_stop(t);
  if (stop || train_saver_is_due(t->member->saver)) write_place(t);
  const struct train_place *place = &t->state->place;
  const bool within = place->rows > 0;
  return !stop || error_set(error, ERROR_INTERRUPTED, "interrupted %s epoch %u",
                            within ? "in" : "after", (unsigned)place->epoch + within);
}

/* --- an epoch --- */

/* The rows that come next: of a batch, or of those up to the next question whether to stop. */
static size_t rows_at_once(const struct trainer *t) {
  const struct train_place *place = &t->state->place;
  const size_t left = t->state->rows - place->rows;
  const size_t batches = t->dot ? BATCHES_A_STOP - place->step % BATCHES_A_STOP : 1;
  const size_t most = batches * t->request->train->batch_size;
  return left < most ? left : most;
}

/* One step on the m rows in the workspace. */
static void train_batch(struct trainer *t, size_t m) {
  struct train_state *s = t->state;
  const struct training_step training = {.seed = t->member->seed, .step = s->place.step++};
  wide_deep_forward(&s->model, &t->batch, m, &training, t->kernels);
  rating_head_loss(&s->model, &t->batch, m, &s->place.loss, t->kernels);
  wide_deep_backward(&s->model, &t->batch, m, t->kernels);
  optimizer_step(&s->optimizer, &s->model, &t->batch, m, t->kernels);
}

/* From the first row of the epoch's order that is left. */
static void train_rows(struct trainer *t) {
  struct train_state *s = t->state;
  const size_t m = rows_at_once(t), batch = t->request->train->batch_size;
  workspace_load(&t->batch, &s->model, &t->rows->train.rows, s->order, s->place.rows, m);
  if (t->dot) {
    dot_training_steps(&s->model, &s->optimizer, &t->batch, m, &s->place.loss, t->kernels);
    s->place.step += (uint32_t)((m + batch - 1) / batch);
  } else {
    train_batch(t, m);
  }
  s->place.rows += (uint32_t)m;
}

static void begin_epoch(struct trainer *t) {
  struct train_state *s = t->state;
  const struct train_spec *spec = t->request->train;
  const uint32_t epoch = s->place.epoch;
  t->epoch_wall = clock_wall();
  if (epoch > 0) averaging_swap(&s->optimizer.averaging, &s->model); /* to those that move */
  struct random random;
  random_init(&random, t->member->seed, STREAM_SHUFFLE, epoch, 0);
  random_shuffle(&random, s->order, (uint32_t)s->rows);
  optimizer_schedule(&s->optimizer, &s->model,
                     schedule_factor(&spec->schedule, epoch, spec->epochs));
  s->place.loss = 0.0;
}

/* *loss: its mean over the training rows while the weights move. */
static bool train_epoch(struct trainer *t, double *loss, struct error *error) {
  struct train_place *place = &t->state->place;
  const size_t rows = t->state->rows;
  if (place->rows == 0) begin_epoch(t);
  while (place->rows < rows) {
    train_rows(t);
    const bool asks =
        place->step % BATCHES_A_STOP == 0 || clock_wall() - t->asked >= SECONDS_A_STOP;
    if (asks && !goes_on(t, error)) return false;
  }
  *loss = place->loss / (double)rows;
  return true;
}

static double mse_of(struct trainer *t, const struct train_part *part) {
  const struct ensemble alone = {1, &t->state->model};
  return model_evaluate(&alone, &t->evaluation, &part->rows, part->of_kinds,
                        t->request->model->clip, t->kernels)
      .mse;
}

/* relu turns NaN into 0, so a model may have lost weights without its loss
 * showing it. Without validation rows that MSE is NaN rightly. */
static bool is_finite(const struct trainer *t, const struct epoch_result *result) {
  const struct wide_deep *model = &t->state->model;
  for (size_t i = 0; i < model->floats; i++) {
    if (!isfinite(model->weights[i])) return false;
  }
  if (!isfinite(result->train_loss)) return false;
  return !t->member->judged || (isfinite(result->test_mse) && (t->rows->validation.rows.rows == 0 ||
                                                               isfinite(result->validation_mse)));
}

/* Leaves the model with the weights that are judged. */
static bool run_epoch(struct trainer *t, struct error *error) {
  struct train_state *s = t->state;
  struct epoch_result *result = &s->curve[s->place.epoch];
  if (!train_epoch(t, &result->train_loss, error)) return false;
  averaging_flush(&s->optimizer.averaging, &s->model, t->kernels);
  averaging_swap(&s->optimizer.averaging, &s->model);
  if (t->member->judged) {
    result->validation_mse = mse_of(t, &t->rows->validation);
    result->test_mse = mse_of(t, &t->rows->test);
  }
  result->seconds = clock_wall() - t->epoch_wall;
  if (!is_finite(t, result)) {
    return error_set(error, ERROR_TRIAL, "diverged in epoch %u%s: a loss or weight is not finite",
                     (unsigned)s->place.epoch + 1, t->member->name);
  }
  early_stopping_note(&s->early_stopping, &s->model, result->validation_mse);
  s->place.epoch++;
  s->place.rows = 0;
  return true;
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
  struct train_state *s = t->state;
  while (s->place.epoch < s->asked && !early_stopping_is_over(&s->early_stopping)) {
    if (t->request->note != NULL) t->request->note(t->request->stop_context, s->place.epoch + 1);
    if (!run_epoch(t, error) || !goes_on(t, error)) return false;
  }
  if (t->member->cut && s->place.epoch == s->asked) write_place(t);
  early_stopping_restore(&s->early_stopping, &s->model);
  return true;
}

/* A model points into itself, so it is laid out anew, and takes the weights. */
static bool keep_model(struct trainer *t, struct error *error) {
  struct wide_deep *model = t->member->model;
  if (!wide_deep_lay_out(model, t->request->model, &t->rows->encoding, error)) return false;
  model->weights = t->state->model.weights;
  t->state->model.weights = NULL;
  return true;
}

/* What a failed training has, too. */
static void keep_curve(struct trainer *t, bool done) {
  struct member *member = t->member;
  struct train_state *s = t->state;
  read_clocks(t);
  member->seconds = s->place.seconds;
  member->cpu_seconds = s->place.cpu_seconds;
  member->epochs = s->place.epoch;
  member->curve = s->curve;
  s->curve = NULL;
  if (done) member->best_epoch = best_epoch(member->curve, member->epochs);
}

static bool run(struct trainer *t, struct error *error) {
  if (!prepare(t, error) || !train_saver_member(t->member->saver, error)) return false;
  start_clocks(t);
  const bool done = run_epochs(t, error);
  keep_curve(t, done);
  return done && keep_model(t, error);
}

bool train_member(struct member *member, struct error *error) {
  struct trainer trainer = {.member = member,
                            .request = member->request,
                            .rows = member->rows,
                            .kernels = member->request->kernels,
                            .state = member->saver->state};
  const bool done = run(&trainer, error);
  trainer_clear(&trainer);
  return done;
}

void member_clear(struct member *member) {
  free(member->curve);
  *member = (struct member){0};
}
