/* A training that goes on from its checkpoint comes to the same bits as one that was never
 * interrupted: of every kind, interrupted at every place where it may be. A new kind of state
 * that is not saved fails here; a new key of the sections model or train wants a kind below. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "model/checkpoint_file.h"
#include "tests/model/scene.h"

/* Four batches a step of 64 and some: the places are in epochs and between them. */
enum { EPOCHS = 3, BATCH = 4, NEVER = -1, PARTS_MOST = 400 };

static const char *folder; /* of the checkpoints */

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
} kinds[] = {
    {"plain", plain},
    {"lazy", lazy},
    {"adamw", adamw},
    {"momentum", momentum},
    {"adagrad", adagrad},
    {"ftrl_wide", ftrl_wide},
    {"averaged", averaged},
    {"averaged_lazily", averaged_lazily},
    {"stopping", stopping},
    {"refitted", refitted},
    {"ordinal_ensemble", ordinal_ensemble},
    {"all_at_once", all_at_once},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

/* --- a training in parts --- */

struct parts {
  struct scene scene;
  char path[256];
  struct train_checkpoint checkpoint;
  int asked, stop_at; /* questions whether to stop; at which the answer is yes, from 1 */
  bool killed;        /* the answer is kill -9 instead */
  double work;        /* seconds of it before that answer */
  uint32_t epochs;    /* that began */
  char told[1024];    /* the last warning */
};

static bool stop(void *context) {
  struct parts *p = context;
  if (++p->asked != p->stop_at) return false;
  for (const double end = clock_cpu() + p->work; clock_cpu() < end;) continue;
  if (p->killed) (void)kill(getpid(), SIGKILL);
  return true;
}

static void note(void *context, uint32_t epoch) {
  (void)epoch;
  ((struct parts *)context)->epochs++;
}

static void warn(void *context, const char *message) {
  struct parts *p = context;
  (void)snprintf(p->told, sizeof p->told, "%s", message);
}

static void parts_init(struct parts *p, const struct kind *kind) {
  memset(p, 0, sizeof *p);
  scene_init(&p->scene, 0.2);
  p->scene.train.epochs = EPOCHS;
  p->scene.train.batch_size = BATCH;
  kind->change(&p->scene);
  (void)snprintf(p->path, sizeof p->path, "%s/%s.safetensors", folder, kind->name);
  (void)unlink(p->path);
  p->checkpoint = (struct train_checkpoint){
      .path = p->path, .key = "0123", .seconds = 1e9, .warn = warn, .warn_context = p};
  p->scene.request.checkpoint = &p->checkpoint;
  p->scene.request.stop = stop;
  p->scene.request.note = note;
  p->scene.request.stop_context = p;
}

static void parts_clear(struct parts *p) {
  (void)unlink(p->path);
  scene_clear(&p->scene);
}

/* Trains until it stops or ends; whether it ended. */
static bool part(struct parts *p, int stop_at, struct train_result *result) {
  struct error error = {0};
  p->asked = 0;
  p->stop_at = stop_at;
  p->epochs = 0;
  if (train_run(&p->scene.request, result, &error)) return true;
  if (error.kind != ERROR_INTERRUPTED) fail_msg("%s", error.message);
  train_result_clear(result);
  return false;
}

/* As it is without a checkpoint. */
static void undisturbed(struct parts *p, struct train_result *result) {
  p->scene.request.checkpoint = NULL;
  assert_true(part(p, NEVER, result));
  p->scene.request.checkpoint = &p->checkpoint;
}

static void assert_equal_numbers(double one, double other) {
  assert_memory_equal(&one, &other, sizeof one);
}

static void assert_same(const struct train_result *one, const struct train_result *other) {
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

/* Rows * epochs of a result, from what it says of them. */
static double trained_rows(const struct train_result *result) {
  return result->rows_per_second * result->train_seconds;
}

static void assert_same_work(const struct train_result *one, const struct train_result *other) {
  assert_true(trained_rows(one) / trained_rows(other) < 1.000001);
  assert_true(trained_rows(other) / trained_rows(one) < 1.000001);
}

/* From every place in turn, `each` questions after the last one; in how many parts. */
static int all_parts(struct parts *p, int each, struct train_result *result) {
  int parts = 1;
  while (!part(p, each, result)) {
    if (++parts > PARTS_MOST) fail_msg("%s does not come to its end", p->path);
  }
  return parts;
}

static void it_goes_on_from_each_place(void **state) {
  (void)state;
  for (size_t k = 0; k < KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, &kinds[k]);
    undisturbed(&p, &whole);
    const uint32_t epochs = p.epochs;
    int places = 0;
    for (bool ended = false; !ended; places++) {
      (void)unlink(p.path);
      ended = part(&p, places + 1, &result);
      const uint32_t before = p.epochs;
      if (!ended) {
        assert_true(file_exists(p.path));
        assert_true(part(&p, NEVER, &result));
        assert_in_range(before + p.epochs, epochs, epochs + 1); /* none is trained again */
      }
      assert_same(&result, &whole);
      assert_same_work(&result, &whole);
      train_result_clear(&result);
    }
    assert_true(places > EPOCHS * 2);
    assert_string_equal(p.told, "");
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

static void it_goes_on_from_every_place_in_turn(void **state) {
  (void)state;
  for (size_t k = 0; k < KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, &kinds[k]);
    undisturbed(&p, &whole);
    assert_true(all_parts(&p, 1, &result) > EPOCHS * 2);
    assert_same(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* A checkpoint at each question; the process is killed at the n-th, before it is written. */
static void a_killed_training_goes_on_from_its_last_checkpoint(void **state) {
  (void)state;
  static const int moments[] = {1, 2, 3, 5, 8};
  for (size_t k = 0; k < KINDS; k++) {
    struct parts p;
    struct train_result whole, result;
    parts_init(&p, &kinds[k]);
    undisturbed(&p, &whole);
    p.checkpoint.seconds = 0;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
      (void)unlink(p.path);
      const pid_t child = fork();
      if (child == 0) {
        p.killed = true;
        (void)part(&p, moments[i], &result);
        _exit(0);
      }
      int status = 0;
      assert_int_equal(waitpid(child, &status, 0), child);
      assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
      assert_int_equal(file_exists(p.path), moments[i] > 1);
      assert_true(part(&p, NEVER, &result));
      assert_same(&result, &whole);
      train_result_clear(&result);
    }
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* --- when it is written --- */

static void nothing_is_written_before_its_time(void **state) {
  (void)state;
  struct parts p;
  struct train_result result;
  parts_init(&p, &kinds[0]);
  p.checkpoint.seconds = 3600;
  assert_true(part(&p, NEVER, &result));
  assert_false(file_exists(p.path));
  train_result_clear(&result);
  p.checkpoint.seconds = 0;
  assert_true(part(&p, NEVER, &result));
  assert_true(file_exists(p.path)); /* whoever records the result removes it */
  train_result_clear(&result);
  parts_clear(&p);
}

static void seconds_are_summed_over_the_parts(void **state) {
  (void)state;
  struct parts p;
  struct train_result result;
  parts_init(&p, &kinds[KINDS - 2]);
  undisturbed(&p, &result);
  train_result_clear(&result);
  const int questions = p.asked;
  p.work = 0.1;
  assert_false(part(&p, 1, &result)); /* in the first epoch */
  assert_false(part(&p, 1, &result));
  assert_false(part(&p, questions / 2, &result)); /* of another member, or in the second phase */
  assert_true(part(&p, NEVER, &result));
  assert_true(result.train_seconds >= 0.3);
  assert_true(result.train_cpu_seconds >= 0.3);
  assert_true(result.curve[0].seconds >= 0.2);
  double sum = 0;
  for (uint32_t e = 0; e < result.epochs; e++) sum += result.curve[e].seconds;
  assert_true(sum <= result.train_seconds);
  train_result_clear(&result);
  parts_clear(&p);
}

/* --- rungs --- */

static void a_rung_goes_on_from_the_one_before(void **state) {
  (void)state;
  for (size_t k = 0; k < KINDS; k++) {
    struct parts p;
    struct train_result whole, first, cut, result;
    parts_init(&p, &kinds[k]);
    undisturbed(&p, &whole);
    const uint32_t epochs = p.epochs;
    p.scene.request.epochs = 2;
    undisturbed(&p, &first);
    assert_true(part(&p, NEVER, &cut));
    assert_true(cut.cut && cut.epochs == 2);
    assert_same(&cut, &first);
    assert_int_equal(p.epochs, 2);
    p.scene.request.epochs = 0;
    assert_true(part(&p, NEVER, &result));
    assert_int_equal(p.epochs, epochs - 2); /* not all of them, as without a checkpoint */
    assert_same(&result, &whole);
    assert_same_work(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&cut);
    train_result_clear(&first);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

/* Early stopping would have ended it at the very epoch of the rung, or before. */
static void a_rung_goes_on_as_far_as_early_stopping_lets_it(void **state) {
  (void)state;
  for (uint32_t rung = 1; rung < 12; rung++) {
    struct parts p;
    struct train_result whole, cut, result;
    parts_init(&p, &kinds[KINDS - 2]);
    undisturbed(&p, &whole);
    p.scene.request.epochs = rung;
    (void)all_parts(&p, 2, &cut);
    assert_int_equal(cut.cut, rung <= whole.epochs);
    p.scene.request.epochs = 0;
    (void)all_parts(&p, 3, &result);
    assert_same(&result, &whole);
    train_result_clear(&result);
    train_result_clear(&cut);
    train_result_clear(&whole);
    parts_clear(&p);
  }
}

static void a_rung_does_not_go_on_from_a_later_epoch(void **state) {
  (void)state;
  struct parts p;
  struct train_result first, result;
  parts_init(&p, &kinds[6]);
  p.scene.request.epochs = 1;
  undisturbed(&p, &first);
  p.scene.request.epochs = 0;
  assert_false(part(&p, 4, &result)); /* in the second epoch */
  p.scene.request.epochs = 1;
  assert_true(part(&p, NEVER, &result));
  assert_same(&result, &first);
  assert_string_equal(p.told, "");
  train_result_clear(&result);
  train_result_clear(&first);
  parts_clear(&p);
}

/* --- what is not used --- */

struct bytes {
  char *at;
  size_t size;
};

static struct bytes read_bytes(const char *path) {
  struct error error = {0};
  struct bytes bytes = {0};
  bytes.at = file_read(path, FILE_MOST_DATA, &bytes.size, ERROR_DATA, &error);
  assert_non_null(bytes.at);
  return bytes;
}

static void write_bytes(const char *path, const char *bytes, size_t size) {
  struct error error = {0};
  assert_true(file_write_atomic(path, bytes, size, &error));
}

/* The training is that from its start, and the file was named with this reason. */
static void assert_starts_anew(struct parts *p, const struct train_result *whole,
                               const char *reason) {
  struct train_result result;
  p->told[0] = '\0';
  assert_true(part(p, NEVER, &result));
  assert_int_equal(p->epochs, EPOCHS);
  assert_same(&result, whole);
  assert_non_null(strstr(p->told, p->path));
  if (strstr(p->told, reason) == NULL) fail_msg("'%s' is not in: %s", reason, p->told);
  assert_non_null(strstr(p->told, "it is not used; the trial is trained from its start"));
  train_result_clear(&result);
}

/* A checkpoint in the second epoch. */
static void interrupted(struct parts *p) {
  struct train_result result;
  (void)unlink(p->path);
  (void)rmdir(p->path);
  assert_false(part(p, 4, &result));
}

static void a_damaged_file_is_named_and_not_used(void **state) {
  (void)state;
  struct parts p;
  struct train_result whole;
  parts_init(&p, &kinds[0]);
  undisturbed(&p, &whole);
  interrupted(&p);
  struct bytes sound = read_bytes(p.path);
  for (size_t i = 1; i < 8; i++) {
    const size_t size = sound.size * i / 8;
    write_bytes(p.path, sound.at, size);
    assert_starts_anew(&p, &whole, size < 8192 ? "" : "cut off");
    char *byte = &sound.at[size];
    *byte ^= 1;
    write_bytes(p.path, sound.at, sound.size);
    *byte ^= 1;
    assert_starts_anew(&p, &whole, size < 8192 ? "" : "damaged, or changed after it was written");
  }
  write_bytes(p.path, "", 0);
  assert_starts_anew(&p, &whole, "too few");
  (void)unlink(p.path);
  assert_int_equal(mkdir(p.path, 0700), 0);
  p.checkpoint.seconds = 1e9;
  assert_starts_anew(&p, &whole, "is a folder");
  (void)rmdir(p.path);
  free(sound.at);
  train_result_clear(&whole);
  parts_clear(&p);
}

/* The file with another text in its metadata, NULL: without it; and a right digest. */
static void set_metadata(const char *path, const char *name, const char *text) {
  struct error error = {0};
  struct checkpoint_file file;
  assert_true(checkpoint_file_open(&file, path, &error));
  json_t *metadata = json_deep_copy(json_object_get(file.header, "__metadata__"));
  (void)json_object_del(metadata, name);
  if (text != NULL) (void)json_object_set_new(metadata, name, json_string(text));
  assert_true(checkpoint_file_write(path, file.tensor, file.tensors, metadata, &error));
  json_decref(metadata);
  checkpoint_file_close(&file);
}

static void a_foreign_file_is_named_and_not_used(void **state) {
  (void)state;
  static const struct {
    const char *name, *text, *reason;
  } foreign[] = {
      {"crosslane_training", NULL, "not a checkpoint of a training"},
      {"crosslane_training", "2", "a checkpoint with format 2; this program has 1"},
      {"numerics_version", "2", "a checkpoint with numerics version 2; this program has 3"},
      {"key", "4567", "the checkpoint of trial 4567"},
      {"key", NULL, "a checkpoint without its trial's key"},
      {"layout", "0", "the weights lie in another order"},
  };
  struct parts p;
  struct train_result whole;
  parts_init(&p, &kinds[0]);
  undisturbed(&p, &whole);
  for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
    interrupted(&p);
    set_metadata(p.path, foreign[i].name, foreign[i].text);
    assert_starts_anew(&p, &whole, foreign[i].reason);
  }
  train_result_clear(&whole);
  parts_clear(&p);
}

/* Of the same key, which a program with another idea of the state may have written. */
static void a_file_of_another_model_is_named_and_not_used(void **state) {
  (void)state;
  struct parts p;
  struct train_result whole;
  parts_init(&p, &kinds[0]);
  interrupted(&p);
  p.scene.model.hidden[0] = 8;
  undisturbed(&p, &whole);
  assert_starts_anew(&p, &whole, "the weights lie in another order");
  train_result_clear(&whole);

  interrupted(&p);
  p.scene.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  undisturbed(&p, &whole);
  assert_starts_anew(&p, &whole, "'early_stopping.weights' is missing");
  train_result_clear(&whole);
  parts_clear(&p);
}

static void a_folder_that_cannot_be_written_stops_no_training(void **state) {
  (void)state;
  struct parts p;
  struct train_result whole, result;
  parts_init(&p, &kinds[0]);
  undisturbed(&p, &whole);
  p.checkpoint.path = "/nowhere/0123.safetensors";
  p.checkpoint.seconds = 0;
  assert_true(part(&p, NEVER, &result));
  assert_same(&result, &whole);
  assert_non_null(strstr(p.told, "/nowhere/0123.safetensors: cannot create"));
  assert_non_null(strstr(p.told, "no checkpoint was written; the trial goes on without it"));
  train_result_clear(&result);
  train_result_clear(&whole);
  parts_clear(&p);
}

int main(void) {
  char name[] = "/tmp/crosslane-going-on-XXXXXX";
  folder = mkdtemp(name);
  if (folder == NULL) return EXIT_FAILURE;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_goes_on_from_each_place),
      cmocka_unit_test(it_goes_on_from_every_place_in_turn),
      cmocka_unit_test(a_killed_training_goes_on_from_its_last_checkpoint),
      cmocka_unit_test(nothing_is_written_before_its_time),
      cmocka_unit_test(seconds_are_summed_over_the_parts),
      cmocka_unit_test(a_rung_goes_on_from_the_one_before),
      cmocka_unit_test(a_rung_goes_on_as_far_as_early_stopping_lets_it),
      cmocka_unit_test(a_rung_does_not_go_on_from_a_later_epoch),
      cmocka_unit_test(a_damaged_file_is_named_and_not_used),
      cmocka_unit_test(a_foreign_file_is_named_and_not_used),
      cmocka_unit_test(a_file_of_another_model_is_named_and_not_used),
      cmocka_unit_test(a_folder_that_cannot_be_written_stops_no_training),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  (void)rmdir(folder);
  return failed;
}
