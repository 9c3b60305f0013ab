#include "experiments/launch_tally.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "records/record_list.h"

char *launch_shard_folder(const char *run, size_t shard, size_t tasks, struct error *error) {
  char name[64];
  (void)snprintf(name, sizeof name, "launch/shards/%zu-of-%zu", shard, tasks);
  return file_join(run, name, error);
}

/* --- the folders of shards --- */

static bool add_folder(struct launch_tally *tally, size_t *room, const char *shards,
                       const char *name, struct error *error) {
  if (tally->folders == *room) {
    *room = *room * 2 + 64;
    char **grown = memory_grow(tally->folder, *room, sizeof *grown, error);
    if (grown == NULL) return false;
    tally->folder = grown;
  }
  char *path = file_join(shards, name, error);
  if (path == NULL) return false;
  tally->folder[tally->folders++] = path;
  return true;
}

static bool list_folders(struct launch_tally *tally, const char *run, struct error *error) {
  size_t room = 0;
  char *shards = file_join(run, "launch/shards", error);
  if (shards == NULL) return false;
  DIR *entries = opendir(shards);
  bool good = entries != NULL || errno == ENOENT;
  if (!good) error_system(error, errno, "%s", shards);
  for (struct dirent *entry; good && entries != NULL && (entry = readdir(entries)) != NULL;) {
    if (strstr(entry->d_name, "-of-") != NULL) {
      good = add_folder(tally, &room, shards, entry->d_name, error);
    }
  }
  if (entries != NULL) (void)closedir(entries);
  free(shards);
  return good;
}

/* --- their records --- */

struct taking {
  struct launch_tally *tally;
  const struct launch_plan *plan;
  size_t folder;
};

/* A trial that was stopped at an earlier rung is open again. */
static bool is_enough(const struct launch_trial *trial, const struct record *record) {
  return trial->epochs > 0 && (record->status != TRIAL_STOPPED || record->epochs >= trial->epochs);
}

static bool take(void *context, struct record *record, struct error *error) {
  struct taking *taking = context;
  struct launch_tally *tally = taking->tally;
  const struct launch_trial *trial = launch_plan_find(taking->plan, record->key);
  (void)error;
  if (trial == NULL) return true;
  struct launch_mark *mark = &tally->mark[trial - taking->plan->trial];
  const bool failed = record->status == TRIAL_FAILED;
  if (record->status == TRIAL_STOPPED && record->epochs > mark->stopped) {
    mark->stopped = record->epochs;
  }
  if (!is_enough(trial, record) || (failed && record->epochs < mark->stopped)) return true;
  if (mark->recorded && (failed || !mark->failed)) return true;
  *mark = (struct launch_mark){.recorded = true,
                               .failed = failed,
                               .merged = taking->folder == 0,
                               .folder = taking->folder,
                               .stopped = mark->stopped};
  if (failed) return true;
  tally->cost += (double)trial->cost;
  tally->seconds += record->train_seconds;
  return true;
}

bool launch_tally_has_trials(const char *folder, bool *has, struct error *error) {
  char *trials = file_join(folder, "trials", error);
  *has = trials != NULL && file_is_folder(trials);
  free(trials);
  return trials != NULL;
}

static bool take_folder(struct taking *taking, const char *folder, struct text *left_out,
                        struct error *error) {
  bool has;
  if (!launch_tally_has_trials(folder, &has, error)) return false;
  return !has || record_list_each(folder, take, taking, left_out, error);
}

static void count(struct launch_tally *tally, size_t trials) {
  for (size_t i = 0; i < trials; i++) {
    tally->recorded += tally->mark[i].recorded;
    tally->failed += tally->mark[i].failed;
    tally->unmerged += tally->mark[i].recorded && !tally->mark[i].merged;
  }
}

bool launch_tally_read(struct launch_tally *tally, const struct launch_plan *plan, const char *run,
                       struct text *left_out, struct error *error) {
  *tally = (struct launch_tally){0};
  struct taking taking = {.tally = tally, .plan = plan};
  tally->mark = memory_array(plan->trials, sizeof *tally->mark, error);
  bool good = tally->mark != NULL && list_folders(tally, run, error) &&
              take_folder(&taking, run, left_out, error);
  for (size_t i = 0; good && i < tally->folders; i++) {
    taking.folder = i + 1;
    good = take_folder(&taking, tally->folder[i], left_out, error);
  }
  if (good) count(tally, plan->trials);
  return good;
}

void launch_tally_clear(struct launch_tally *tally) {
  for (size_t i = 0; i < tally->folders; i++) free(tally->folder[i]);
  free(tally->folder);
  free(tally->mark);
  *tally = (struct launch_tally){0};
}

/* --- into a shard's own folder --- */

static bool copy(const char *from_folder, const char *key, const char *to_folder,
                 struct error *error) {
  char name[DIGEST_TEXT + 16];
  (void)snprintf(name, sizeof name, "trials/%s.json", key);
  char *from = file_join(from_folder, name, error);
  char *to = from != NULL ? file_join(to_folder, name, error) : NULL;
  const bool done =
      to != NULL && (file_exists(to) || file_copy_atomic(from, to, FILE_MOST_JSON, error));
  free(from);
  free(to);
  return done;
}

static bool make_trials(const char *folder, struct error *error) {
  char *trials = file_join(folder, "trials", error);
  const bool made = trials != NULL && file_make_folders(trials, error);
  free(trials);
  return made;
}

bool launch_tally_share(const struct launch_tally *tally, const struct launch_plan *plan,
                        const char *run, size_t shard, struct error *error) {
  char *own = launch_shard_folder(run, shard, plan->tasks, error);
  bool done = own != NULL, made = false;
  for (size_t i = 0; done && i < plan->trials; i++) {
    const struct launch_mark *mark = &tally->mark[i];
    if (plan->trial[i].task != shard || !mark->recorded || mark->failed) continue;
    const char *from = mark->folder == 0 ? run : tally->folder[mark->folder - 1];
    done = (made || make_trials(own, error)) && copy(from, plan->trial[i].key, own, error);
    made = true;
  }
  free(own);
  return done;
}
