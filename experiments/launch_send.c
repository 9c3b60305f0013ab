/* From a launch's plan to sbatch: what is missing, and the merge after it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "experiments/launch_parts.h"

/* [tasks]: how many trials of each are to be trained, and how many of it are recorded. */
struct need {
  size_t missing, recorded;
};

static struct need *find_needs(const struct launch *launch, struct error *error) {
  struct need *need = memory_array(launch->plan.tasks, sizeof *need, error);
  for (size_t i = 0; need != NULL && i < launch->plan.trials; i++) {
    const struct launch_mark *mark = &launch->tally.mark[i];
    struct need *of = &need[launch->plan.trial[i].task - 1];
    if (launch->plan.trial[i].epochs == 0) continue;
    const bool missing = !mark->recorded || (mark->failed && launch->options->retry_failed);
    of->missing += missing;
    of->recorded += !missing;
  }
  return need;
}

static bool submit(struct launch *launch, struct launch_job *job, const char *const *options,
                   struct error *error) {
  char name[64];
  if (job->array > 0) {
    (void)snprintf(name, sizeof name, "array-%zu.sbatch", job->array);
  } else {
    (void)snprintf(name, sizeof name, "merge.sbatch");
  }
  char *script = file_join(launch->folder, name, error);
  bool done = script != NULL && slurm_submit(options, script, &job->job, error);
  free(script);
  if (!done) return false;
  const time_t now = time(NULL);
  struct tm utc;
  if (gmtime_r(&now, &utc) == NULL ||
      strftime(job->submitted_at, sizeof job->submitted_at, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0) {
    return error_set(error, ERROR_SYSTEM, "the clock gives no date");
  }
  return launch_jobs_add(launch->folder, &launch->jobs, job, error);
}

/* One array, of which `indices` are submitted. */
static bool send_array(struct launch *launch, size_t array, struct text *indices, size_t count,
                       struct text *report, struct error *error) {
  const struct launch_script *script = &launch->script;
  struct launch_job job = {.array = array,
                           .tasks = script->tasks,
                           .offset = launch_script_offset(script, array),
                           .cpus = script->spec->cpus_per_task,
                           .indices = indices->text};
  struct text option = {0};
  text_add(&option, "--array=%s", indices->text);
  if (script->spec->array_parallelism > 0) {
    text_add(&option, "%%%llu", (unsigned long long)script->spec->array_parallelism);
  }
  const char *const options[] = {option.text, NULL};
  const bool done = option.failed || indices->failed
                        ? error_set(error, ERROR_SYSTEM, "out of memory")
                        : submit(launch, &job, options, error);
  if (done) {
    text_add(report, "job %llu: array-%zu.sbatch, %zu of its tasks\n", (unsigned long long)job.job,
             array, count);
  }
  text_clear(&option);
  return done;
}

/* The shards of one array that are missing and not in the queue, as far as there is room. */
static size_t choose(struct launch *launch, size_t array, const struct need *need, uint64_t *room,
                     struct text *indices, struct launch_summary *summary, bool *good,
                     struct error *error) {
  const size_t offset = launch_script_offset(&launch->script, array);
  const size_t last = launch_script_last(&launch->script, array);
  struct launch_range range = {0};
  size_t count = 0;
  for (size_t shard = offset + 1; *good && shard <= last; shard++) {
    const struct launch_job *ignored;
    if (need[shard - 1].missing == 0) continue;
    if (launch_jobs_find(&launch->jobs, &launch->queue, launch->plan.tasks, shard, &ignored)) {
      summary->queued++;
      continue;
    }
    if (*room == 0) {
      summary->left++;
      continue;
    }
    --*room;
    count++;
    launch_range_add(&range, shard - offset, indices);
    *good = need[shard - 1].recorded == 0 ||
            launch_tally_share(&launch->tally, &launch->plan, launch->run, shard, error);
  }
  launch_range_end(&range, indices);
  return count;
}

static bool send_arrays(struct launch *launch, const struct need *need, uint64_t room,
                        struct text *report, struct launch_summary *summary, struct error *error) {
  bool good = true;
  for (size_t array = 1; good && array <= launch_script_arrays(&launch->script); array++) {
    struct text indices = {0};
    const size_t count = choose(launch, array, need, &room, &indices, summary, &good, error);
    if (good && count > 0) good = send_array(launch, array, &indices, count, report, error);
    if (good) summary->submitted += count;
    text_clear(&indices);
  }
  return good;
}

/* After all arrays that are in the queue or were submitted now, and after another merge: two at
 * a time would find the folder locked. */
static void add_dependency(const struct launch *launch, size_t before, struct text *option) {
  for (size_t i = 0; i < launch->jobs.count; i++) {
    const uint64_t job = launch->jobs.job[i].job;
    if (i < before && slurm_queue_find(&launch->queue, job, SLURM_NO_INDEX) == NULL) continue;
    text_add(option, "%s:%llu", option->length == 0 ? "--dependency=afterany" : "",
             (unsigned long long)job);
  }
}

static bool send_merge(struct launch *launch, size_t before, struct text *report,
                       struct error *error) {
  char none[] = "-";
  struct launch_job job = {.tasks = launch->plan.tasks, .cpus = 1, .indices = none};
  struct text option = {0};
  add_dependency(launch, before, &option);
  const char *const options[] = {option.text, NULL};
  const bool waits = option.length > 0;
  const bool done = option.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                                  : submit(launch, &job, options, error);
  if (done) {
    text_add(report, "job %llu: merge.sbatch%s\n", (unsigned long long)job.job,
             waits ? ", after them" : "");
  }
  text_clear(&option);
  return done;
}

/* What was submitted before the failure stays so, and is said. */
static bool stopped(const struct launch *launch, size_t before, struct error *error) {
  if (launch->jobs.count == before) return false;
  struct text jobs = {0};
  for (size_t i = before; i < launch->jobs.count; i++) {
    text_add(&jobs, "%s%llu", i > before ? ", " : "", (unsigned long long)launch->jobs.job[i].job);
  }
  error_help(error,
             "submitted before that, and still so: job %s; 'crosslane launch cancel %s' ends "
             "what was submitted, the same command again submits the rest",
             jobs.failed ? "" : jobs.text, launch->options->run);
  text_clear(&jobs);
  return false;
}

bool launch_send(struct launch *launch, struct text *report, struct launch_summary *summary,
                 struct error *error) {
  const size_t before = launch->jobs.count;
  const uint64_t most = launch->limits.jobs, taken = launch->queue.tasks + 1; /* the merge */
  const uint64_t room = most == 0 ? UINT64_MAX : most > taken ? most - taken : 0;
  struct need *need = find_needs(launch, error);
  if (need == NULL) return false;
  summary->most_jobs = most;
  bool done = send_arrays(launch, need, room, report, summary, error);
  free(need);
  const bool merging = launch_jobs_active(&launch->jobs, &launch->queue, true) > 0;
  const bool open = summary->queued > 0 || launch->tally.unmerged > 0;
  if (done && (summary->submitted > 0 || (open && !merging))) {
    done = send_merge(launch, before, report, error);
  }
  return done || stopped(launch, before, error);
}
