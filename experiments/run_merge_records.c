#include "experiments/run_merge_records.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/file_batch.h"
#include "base/thread_pool.h"
#include "experiments/run_data.h"

/* Reading waits for the disk, or for a server: several wait at a time. */
enum { WRITERS = 16 };

struct copying {
  const struct record_union *all;
  const char *to;
  bool add; /* those of the first folder are there */
  const volatile sig_atomic_t *interrupted;
  pthread_mutex_t mutex;
  struct error error; /* the first */
};

static bool is_copied(const struct copying *copying, const struct record_fact *fact) {
  return fact->chosen && !(copying->add && fact->run == 0);
}

static char *path_in(const char *run, const struct record_fact *fact, struct error *error) {
  char name[DIGEST_TEXT + 16];
  (void)snprintf(name, sizeof name, "trials/%s.json", fact->key);
  return file_join(run, name, error);
}

static bool copy(const struct copying *copying, const struct record_fact *fact,
                 struct error *error) {
  char *from = path_in(copying->all->run[fact->run], fact, error);
  char *to = from != NULL ? path_in(copying->to, fact, error) : NULL;
  const bool done = to != NULL && file_batch_copy(from, to, FILE_MOST_JSON, error);
  free(from);
  free(to);
  return done;
}

static void copy_item(void *context, size_t item) {
  struct copying *copying = context;
  const struct record_fact *fact = &copying->all->fact[item];
  struct error error = {0};
  if (!is_copied(copying, fact) || *copying->interrupted != 0 || copy(copying, fact, &error)) {
    return;
  }
  (void)pthread_mutex_lock(&copying->mutex);
  if (copying->error.kind == ERROR_NONE) copying->error = error;
  (void)pthread_mutex_unlock(&copying->mutex);
}

static bool copy_all(struct copying *copying, struct error *error) {
  struct error alone; /* without threads it takes longer */
  (void)pthread_mutex_init(&copying->mutex, NULL);
  struct thread_pool *pool = thread_pool_new(WRITERS, &alone);
  thread_pool_run(pool, copying->all->count, copy_item, copying);
  thread_pool_free(pool);
  (void)pthread_mutex_destroy(&copying->mutex);
  if (copying->error.kind == ERROR_NONE) return run_goes_on(copying->interrupted, error);
  *error = copying->error;
  return false;
}

static bool place_all(const struct copying *copying, struct error *error) {
  bool placed = true;
  for (size_t i = 0; placed && i < copying->all->count; i++) {
    if (!is_copied(copying, &copying->all->fact[i])) continue;
    char *path = path_in(copying->to, &copying->all->fact[i], error);
    placed = path != NULL && file_batch_place(path, error);
    free(path);
  }
  return placed;
}

bool run_merge_records(const struct record_union *all, const char *to, bool add,
                       const volatile sig_atomic_t *interrupted, struct error *error) {
  struct copying copying = {.all = all, .to = to, .add = add, .interrupted = interrupted};
  struct error unsaid = {0};
  char *trials = file_join(to, "trials", error);
  const bool made = trials != NULL && file_make_folders(trials, error);
  const bool done = made && copy_all(&copying, error) && file_batch_sync(trials, error) &&
                    place_all(&copying, error) && file_sync_folder(trials, error);
  if (made && !done) (void)file_remove_temporaries(trials, &unsaid);
  free(trials);
  return done;
}
