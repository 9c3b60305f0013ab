/* A checkpoint that is damaged or foreign, or that cannot be written: the training is what it is
 * without one, and says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/checkpoint_file.h"
#include "tests/model/parts.h"

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
  assert_true(parts_train(p, PARTS_NEVER, &result));
  assert_int_equal(p->epochs, PARTS_EPOCHS);
  parts_assert_same(&result, whole);
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
  assert_false(parts_train(p, 4, &result));
}

static void a_damaged_file_is_named_and_not_used(void **state) {
  (void)state;
  struct parts p;
  struct train_result whole;
  parts_init(&p, PARTS_PLAIN);
  parts_train_undisturbed(&p, &whole);
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
  parts_init(&p, PARTS_PLAIN);
  parts_train_undisturbed(&p, &whole);
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
  parts_init(&p, PARTS_PLAIN);
  interrupted(&p);
  p.scene.model.hidden[0] = 8;
  parts_train_undisturbed(&p, &whole);
  assert_starts_anew(&p, &whole, "the weights lie in another order");
  train_result_clear(&whole);

  interrupted(&p);
  p.scene.train.early_stopping = (struct early_stopping_spec){.on = true, .patience = 3};
  parts_train_undisturbed(&p, &whole);
  assert_starts_anew(&p, &whole, "'early_stopping.weights' is missing");
  train_result_clear(&whole);

  p.scene.train.early_stopping.on = false;
  interrupted(&p);
  p.scene.split.train--;
  parts_train_undisturbed(&p, &whole);
  assert_starts_anew(&p, &whole, "'order' is of another type or shape");
  train_result_clear(&whole);
  parts_clear(&p);
}

static void a_folder_that_cannot_be_written_stops_no_training(void **state) {
  (void)state;
  struct parts p;
  struct train_result whole, result;
  parts_init(&p, PARTS_PLAIN);
  parts_train_undisturbed(&p, &whole);
  p.checkpoint.path = "/nowhere/0123.safetensors";
  p.checkpoint.seconds = 0;
  assert_true(parts_train(&p, PARTS_NEVER, &result));
  parts_assert_same(&result, &whole);
  assert_non_null(strstr(p.told, "/nowhere/0123.safetensors: cannot create"));
  assert_non_null(strstr(p.told, "no checkpoint was written; the trial goes on without it"));
  train_result_clear(&result);
  train_result_clear(&whole);
  parts_clear(&p);
}

int main(void) {
  if (!parts_folder_make()) return EXIT_FAILURE;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_damaged_file_is_named_and_not_used),
      cmocka_unit_test(a_foreign_file_is_named_and_not_used),
      cmocka_unit_test(a_file_of_another_model_is_named_and_not_used),
      cmocka_unit_test(a_folder_that_cannot_be_written_stops_no_training),
  };
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  parts_folder_remove();
  return failed;
}
