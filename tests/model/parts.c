#include "tests/model/parts.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static char folder[] = "/tmp/crosslane-parts-XXXXXX";

bool parts_folder_make(void) {
  return mkdtemp(folder) != NULL;
}

void parts_folder_remove(void) {
  (void)rmdir(folder);
}

/* --- kinds of trainings --- */

static void plain(struct scene *s) {
  (void)s;
}

static void lazy(struct scene *s) {
  s->train.embedding_updates = UPDATES_LAZY;
  s->train.l2.embeddings = 0.01;
  s->train.schedule = (struct schedule_spec){.name = SCHEDULE_COSINE, .minimum = 0.1};
}

static void adamw(struct scene *s) {
  s->train.optimizer.name = OPTIMIZER_ADAMW;
  s->train.optimizer.weight_decay = 0.1;
  s->model.interaction = INTERACTION_FM;
}

static void momentum(struct scene *s) {
  s->train.optimizer.name = OPTIMIZER_SGD;
  s->train.optimizer.momentum = 0.9;
  s->train.optimizer.learning_rate = 0.002;
  s->train.schedule =
      (struct schedule_spec){.name = SCHEDULE_STEP, .step_epochs = 1, .factor = 0.5};
}

static void adagrad(struct scene *s) {
  s->train.optimizer.name = OPTIMIZER_ADAGRAD;
  s->model.activation = ACTIVATION_SILU;
}

/* Its sums move when the schedule does. */
/* Its steps are those of the kernel dot_steps. */
static void dot_adagrad(struct scene *s) {
  adagrad(s);
  s->train.l2.embeddings = 0.01;
  s->model.interaction = INTERACTION_DOT;
  s->model.hidden_layers = 0;
  s->model.cross[0] = s->model.cross[1]; /* user_id, genre */
  s->model.crosses = 1;
  s->model.deep[1] = (struct deep_column){.name = "item_id"}; /* beside user_id */
  s->model.deep_columns = 2;
  scene_features(s);
}

static void ftrl_wide(struct scene *s) {
  s->train.has_wide_optimizer = true;
  s->train.wide_optimizer = (struct optimizer_spec){
      .name = OPTIMIZER_FTRL, .learning_rate = 0.1, .l1 = 0.001, .l2 = 0.01};
  s->train.schedule = (struct schedule_spec){.name = SCHEDULE_INVERSE_TIME, .decay = 0.5};
}

static void averaged(struct scene *s) {
  s->train.averaging = (struct averaging_spec){.on = true, .ema = 0.98};
}

static void averaged_lazily(struct scene *s) {
  averaged(s);
  lazy(s);
}

/* The rate is so high that it ends before the last epoch. */
static void stopping(struct scene *s) {
  s->train.epochs = 12;
  s->train.optimizer.learning_rate = 0.05;
  s->train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 2};
}

static void refitted(struct scene *s) {
  stopping(s);
  s->train.refit = true;
}

static void ordinal_ensemble(struct scene *s) {
  refitted(s);
  averaged(s);
  s->train.members = 2;
  s->model.head = HEAD_ORDINAL;
  s->model.slope = 2.0;
}

static void all_at_once(struct scene *s) {
  ordinal_ensemble(s);
  ftrl_wide(s);
  s->train.embedding_updates = UPDATES_LAZY;
  s->request.threads = 2;
}

static const struct kind {
  const char *name;
  void (*change)(struct scene *);
} kinds[PARTS_KINDS] = {
    [PARTS_PLAIN] = {"plain", plain},
    [PARTS_LAZY] = {"lazy", lazy},
    [PARTS_ADAMW] = {"adamw", adamw},
    [PARTS_MOMENTUM] = {"momentum", momentum},
    [PARTS_ADAGRAD] = {"adagrad", adagrad},
    [PARTS_DOT_ADAGRAD] = {"dot_adagrad", dot_adagrad},
    [PARTS_FTRL_WIDE] = {"ftrl_wide", ftrl_wide},
    [PARTS_AVERAGED] = {"averaged", averaged},
    [PARTS_AVERAGED_LAZILY] = {"averaged_lazily", averaged_lazily},
    [PARTS_STOPPING] = {"stopping", stopping},
    [PARTS_REFITTED] = {"refitted", refitted},
    [PARTS_ORDINAL_ENSEMBLE] = {"ordinal_ensemble", ordinal_ensemble},
    [PARTS_ALL_AT_ONCE] = {"all_at_once", all_at_once},
};
;

/* --- a training in parts --- */

static bool stop(void *context) {
  struct parts *p = context;
  if (p->began < p->after || ++p->asked != p->stop_at) return false;
  for (const double end = clock_cpu() + p->work; clock_cpu() < end;) continue;
  if (p->killed) (void)kill(getpid(), SIGKILL);
  return true;
}

static void note(void *context, uint32_t epoch) {
  struct parts *p = context;
  p->epochs++;
  p->began += epoch == 1;
}

static void warn(void *context, const char *message) {
  struct parts *p = context;
  (void)snprintf(p->told, sizeof p->told, "%s", message);
}

void parts_init(struct parts *p, size_t kind) {
  memset(p, 0, sizeof *p);
  scene_init(&p->scene, 0.2);
  p->scene.train.epochs = PARTS_EPOCHS;
  p->scene.train.batch_size = PARTS_BATCH;
  kinds[kind].change(&p->scene);
  (void)snprintf(p->path, sizeof p->path, "%s/%s.safetensors", folder, kinds[kind].name);
  (void)unlink(p->path);
  p->checkpoint = (struct train_checkpoint){
      .path = p->path, .key = "0123", .seconds = 1e9, .warn = warn, .warn_context = p};
  p->scene.request.checkpoint = &p->checkpoint;
  p->scene.request.stop = stop;
  p->scene.request.note = note;
  p->scene.request.stop_context = p;
}

void parts_clear(struct parts *p) {
  (void)unlink(p->path);
  scene_clear(&p->scene);
}

bool parts_train(struct parts *p, int stop_at, struct train_result *result) {
  struct error error = {0};
  p->asked = p->began = 0;
  p->stop_at = stop_at;
  p->epochs = 0;
  if (train_run(&p->scene.request, result, &error)) return true;
  if (error.kind != ERROR_INTERRUPTED) fail_msg("%s", error.message);
  train_result_clear(result);
  return false;
}

void parts_train_undisturbed(struct parts *p, struct train_result *result) {
  p->scene.request.checkpoint = NULL;
  assert_true(parts_train(p, PARTS_NEVER, result));
  p->scene.request.checkpoint = &p->checkpoint;
}

static void assert_equal_numbers(double one, double other) {
  assert_memory_equal(&one, &other, sizeof one);
}

void parts_assert_same(const struct train_result *one, const struct train_result *other) {
  assert_true(one->weights_digest == other->weights_digest);
  assert_equal_numbers(one->mse, other->mse);
  assert_equal_numbers(one->mae, other->mae);
  assert_equal_numbers(one->train_mse, other->train_mse);
  assert_equal_numbers(one->validation_mse, other->validation_mse);
  assert_int_equal(one->best_epoch, other->best_epoch);
  assert_int_equal(one->refit_epochs, other->refit_epochs);
  assert_int_equal(one->cut, other->cut);
  assert_int_equal(one->members, other->members);
  for (size_t m = 0; m < one->members; m++) {
    const struct member_result *a = &one->member[m], *b = &other->member[m];
    assert_true(a->weights_digest == b->weights_digest);
    assert_int_equal(a->epochs, b->epochs);
    assert_int_equal(a->best_epoch, b->best_epoch);
    assert_equal_numbers(a->validation_mse, b->validation_mse);
  }
  assert_int_equal(one->epochs, other->epochs);
  for (uint32_t e = 0; e < one->epochs; e++) {
    assert_equal_numbers(one->curve[e].train_loss, other->curve[e].train_loss);
    assert_equal_numbers(one->curve[e].validation_mse, other->curve[e].validation_mse);
    assert_equal_numbers(one->curve[e].test_mse, other->curve[e].test_mse);
  }
}

int parts_train_all(struct parts *p, int each, struct train_result *result) {
  int parts = 1;
  while (!parts_train(p, each, result)) {
    if (++parts > PARTS_MOST) fail_msg("%s does not come to its end", p->path);
  }
  return parts;
}
