#include "experiments/launch_status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "experiments/launch_jobs.h"
#include "experiments/launch_plan.h"
#include "experiments/launch_slurm.h"
#include "experiments/launch_tally.h"

enum state { WAITING, RUNNING, DONE, FAILED, LEFT, UNKNOWN, STATES };
static const char *const names[STATES] = {"waiting", "running",       "done",
                                          "failed",  "not submitted", "unknown"};

struct task {
  enum state state;
  size_t trials, recorded, failed;
  const struct launch_job *job; /* NULL: none */
  uint64_t index;
};

struct launch_state {
  const char *run;
  char *folder;
  struct launch_plan plan;
  struct launch_jobs jobs;
  struct slurm_queue queue;
  bool queue_known;
  struct launch_tally tally;
  struct task *task; /* [plan.tasks] */
  size_t count[STATES];
  size_t lanes; /* cores that train now */
  struct text ends;
};

/* --- what is there --- */

static bool find_folder(struct launch_state *s, struct error *error) {
  s->folder = file_join(s->run, "launch", error);
  if (s->folder == NULL) return false;
  if (file_is_folder(s->folder)) return true;
  error_set(error, ERROR_USAGE, "'%s' was not launched: it has no launch/ folder", s->run);
  return error_help(error, "'crosslane launch slurm CONFIG' makes one, in runs/NAME by default");
}

static enum state state_of(const struct launch_state *s, const struct task *task,
                           const struct slurm_task *queued) {
  if (queued != NULL) return queued->state == SLURM_WAITING ? WAITING : RUNNING;
  if (task->recorded == task->trials) return task->failed > 0 ? FAILED : DONE;
  if (task->job == NULL) return LEFT;
  return s->queue_known ? FAILED : UNKNOWN;
}

static bool judge(struct launch_state *s, struct error *error) {
  s->task = memory_array(s->plan.tasks, sizeof *s->task, error);
  if (s->task == NULL) return false;
  for (size_t i = 0; i < s->plan.trials; i++) {
    struct task *task = &s->task[s->plan.trial[i].task - 1];
    task->trials += s->plan.trial[i].epochs > 0;
    task->recorded += s->tally.mark[i].recorded;
    task->failed += s->tally.mark[i].failed;
  }
  for (size_t t = 0; t < s->plan.tasks; t++) {
    struct task *task = &s->task[t];
    const struct slurm_task *queued =
        launch_jobs_find(&s->jobs, &s->queue, s->plan.tasks, t + 1, &task->job);
    if (task->job != NULL) task->index = t + 1 - task->job->offset;
    task->state = state_of(s, task, queued);
    s->count[task->state]++;
    if (task->state == RUNNING) s->lanes += task->job->cpus;
  }
  return true;
}

/* How tasks ended that left something open, of each job of theirs once. */
static bool ask_ends(struct launch_state *s, struct error *error) {
  uint64_t *job = memory_array(s->jobs.count, sizeof *job, error);
  if (job == NULL) return false;
  size_t jobs = 0;
  for (size_t i = 0; i < s->jobs.count; i++) {
    if (s->jobs.job[i].array > 0) job[jobs++] = s->jobs.job[i].job;
  }
  if (s->count[FAILED] > 0) slurm_ends_ask(job, jobs, &s->ends);
  free(job);
  return true;
}

/* A controller that does not answer leaves the records. */
static void ask_queue(struct launch_state *s, void (*warn)(struct text *message)) {
  struct error error = {0};
  struct text text = {0};
  if (slurm_queue_ask(&s->queue, &s->queue_known, &error)) return;
  s->queue_known = false;
  text_add(&text, "%s", error.message);
  warn(&text);
}

static bool read_all(struct launch_state *s, void (*warn)(struct text *message),
                     struct error *error) {
  struct text left_out = {0};
  if (!find_folder(s, error) || !launch_plan_read(s->folder, &s->plan, error) ||
      !launch_jobs_read(s->folder, &s->jobs, error)) {
    return false;
  }
  ask_queue(s, warn);
  const bool read = launch_tally_read(&s->tally, &s->plan, s->run, &left_out, error);
  warn(&left_out);
  return read && judge(s, error) && ask_ends(s, error);
}

static void clear(struct launch_state *s) {
  text_clear(&s->ends);
  free(s->task);
  launch_tally_clear(&s->tally);
  slurm_queue_clear(&s->queue);
  launch_jobs_clear(&s->jobs);
  launch_plan_clear(&s->plan);
  free(s->folder);
}

/* --- what follows from it --- */

/* By what recorded trials took for their cost; negative: nothing is known, or nothing runs. */
static double seconds_left(const struct launch_state *s) {
  double left = 0;
  for (size_t i = 0; i < s->plan.trials; i++) {
    if (!s->tally.mark[i].recorded && s->plan.trial[i].epochs > 0)
      left += (double)s->plan.trial[i].cost;
  }
  if (left == 0) return 0;
  if (s->tally.cost <= 0 || s->lanes == 0) return -1;
  return left / s->tally.cost * s->tally.seconds / (double)s->lanes;
}

/* "123_4", as Slurm writes it; "" of a task that no job was to train. */
static void add_job(const struct task *task, struct text *text) {
  if (task->job == NULL) return;
  text_add(text, "%llu_%llu", (unsigned long long)task->job->job, (unsigned long long)task->index);
}

/* "TIMEOUT" of a line "123_4|TIMEOUT"; "" where nothing is known. */
static void add_end(const struct launch_state *s, const struct task *task, struct text *text) {
  struct text name = {0};
  add_job(task, &name);
  for (const char *at = s->ends.text; name.length > 0 && at != NULL && *at != '\0';) {
    const size_t length = strcspn(at, "\n");
    if (length > name.length && strncmp(at, name.text, name.length) == 0 &&
        at[name.length] == '|') {
      text_add_bytes(text, at + name.length + 1, length - name.length - 1);
      break;
    }
    at += length + (at[length] == '\n');
  }
  text_clear(&name);
}

static void add_log(const struct task *task, struct text *text) {
  if (task->job == NULL) return;
  text_add(text, "launch/logs/");
  add_job(task, text);
  text_add(text, ".log");
}

/* --- for people --- */

enum { TASKS_SHOWN = 20 };

static void add_duration(struct text *text, double seconds) {
  if (seconds < 120) {
    text_add(text, "%.0f s", seconds);
  } else if (seconds < 2 * 3600) {
    text_add(text, "%.0f min", seconds / 60);
  } else {
    text_add(text, "%.1f h", seconds / 3600);
  }
}

static void add_failed(const struct launch_state *s, struct text *text) {
  size_t shown = 0;
  for (size_t t = 0; t < s->plan.tasks; t++) {
    const struct task *task = &s->task[t];
    if (task->state != FAILED || ++shown > TASKS_SHOWN) continue;
    struct text end = {0};
    add_end(s, task, &end);
    text_add(text, "task %zu: %zu of %zu trials recorded, %zu failed%s%s", t + 1, task->recorded,
             task->trials, task->failed, end.length > 0 ? ", ended as " : "",
             end.length > 0 ? end.text : "");
    if (task->job != NULL) {
      text_add(text, ": %s/", s->run);
      add_log(task, text);
    }
    text_add(text, "\n");
    text_clear(&end);
  }
  if (shown > TASKS_SHOWN) text_add(text, "... and %zu more\n", shown - TASKS_SHOWN);
}

static void add_advice(const struct launch_state *s, struct text *text) {
  const size_t open = s->count[FAILED] + s->count[LEFT];
  const size_t trials = s->plan.wanted - s->tally.recorded;
  if (open > 0 && trials > 0) {
    text_add(text, "'crosslane launch slurm' again submits what is missing\n");
  } else if (trials == 0 && s->plan.rung < s->plan.rungs) {
    text_add(text, "the merge submits the next rung, as 'crosslane launch slurm' again does\n");
  } else if (s->tally.failed > 0) {
    text_add(text, "'crosslane launch slurm --retry-failed' trains failed trials again\n");
  }
}

static void add_text(const struct launch_state *s, struct text *text) {
  const size_t all = s->plan.wanted, recorded = s->tally.recorded;
  text_add(text, "%s: ", s->run);
  if (s->plan.rungs > 0) text_add(text, "rung %zu of %zu, ", s->plan.rung, s->plan.rungs);
  text_add(text, "%zu trial%s in %zu task%s\n", all, all == 1 ? "" : "s", s->plan.tasks,
           s->plan.tasks == 1 ? "" : "s");
  text_add(text, "tasks:  ");
  const char *comma = "";
  for (size_t i = 0; i < STATES; i++) {
    if (s->count[i] == 0) continue;
    text_add(text, "%s%zu %s", comma, s->count[i], names[i]);
    comma = ", ";
  }
  text_add(text, "\ntrials: %zu recorded (%.0f %%), %zu of them failed, %zu to go\n", recorded,
           100 * (double)recorded / (double)all, s->tally.failed, all - recorded);
  if (s->tally.unmerged > 0) {
    text_add(text, "%zu recorded trial%s not merged into %s yet\n", s->tally.unmerged,
             s->tally.unmerged == 1 ? " is" : "s are", s->run);
  }
  if (!s->queue_known) {
    text_add(text, "squeue does not answer here: this is by the records alone\n");
  }
  const double left = seconds_left(s);
  if (left > 0) {
    text_add(text, "about ");
    add_duration(text, left);
    text_add(text, " left, on the %zu core%s of the tasks that run now\n", s->lanes,
             s->lanes == 1 ? "" : "s");
  }
  add_failed(s, text);
  add_advice(s, text);
}

/* --- for programs --- */

static json_t *json_of_text(struct text *text) {
  json_t *json = text->failed ? NULL : json_text_string(text->text != NULL ? text->text : "");
  text_clear(text);
  return json;
}

static json_t *json_task(const struct launch_state *s, size_t t) {
  const struct task *task = &s->task[t];
  struct text job = {0}, end = {0}, log = {0};
  add_job(task, &job);
  add_end(s, task, &end);
  add_log(task, &log);
  json_t *object = json_object();
  const bool whole = object != NULL &&
                     json_object_set_new(object, "task", json_text_u64(t + 1)) == 0 &&
                     json_object_set_new(object, "state", json_string(names[task->state])) == 0 &&
                     json_object_set_new(object, "trials", json_text_u64(task->trials)) == 0 &&
                     json_object_set_new(object, "recorded", json_text_u64(task->recorded)) == 0 &&
                     json_object_set_new(object, "failed", json_text_u64(task->failed)) == 0 &&
                     json_object_set_new(object, "job", json_of_text(&job)) == 0 &&
                     json_object_set_new(object, "ended", json_of_text(&end)) == 0 &&
                     json_object_set_new(object, "log", json_of_text(&log)) == 0;
  text_clear(&job);
  text_clear(&end);
  text_clear(&log);
  if (whole) return object;
  json_decref(object);
  return NULL;
}

static bool set_tasks(const struct launch_state *s, json_t *object) {
  json_t *list = json_array();
  bool whole = list != NULL;
  for (size_t t = 0; whole && t < s->plan.tasks; t++) {
    whole = json_array_append_new(list, json_task(s, t)) == 0;
  }
  return json_object_set_new(object, "tasks", list) == 0 && whole;
}

static bool add_json(const struct launch_state *s, struct text *text, struct error *error) {
  const double left = seconds_left(s);
  json_t *object = json_object();
  const bool whole =
      object != NULL && json_object_set_new(object, "run", json_text_string(s->run)) == 0 &&
      json_object_set_new(object, "trials", json_text_u64(s->plan.wanted)) == 0 &&
      json_object_set_new(object, "rung", json_text_u64(s->plan.rung)) == 0 &&
      json_object_set_new(object, "rungs", json_text_u64(s->plan.rungs)) == 0 &&
      json_object_set_new(object, "recorded", json_text_u64(s->tally.recorded)) == 0 &&
      json_object_set_new(object, "failed", json_text_u64(s->tally.failed)) == 0 &&
      json_object_set_new(object, "merged", json_text_u64(s->tally.recorded - s->tally.unmerged)) ==
          0 &&
      json_object_set_new(object, "seconds_left", left < 0 ? json_null() : json_text_real(left)) ==
          0 &&
      json_object_set_new(object, "queue_known", json_boolean(s->queue_known)) == 0 &&
      set_tasks(s, object);
  if (whole) json_text_add(text, object);
  json_decref(object);
  text_add(text, "\n");
  return whole || error_set(error, ERROR_SYSTEM, "out of memory");
}

bool launch_status(const char *run, bool json, struct text *text,
                   void (*warn)(struct text *message), struct error *error) {
  struct launch_state s = {.run = run};
  bool done = read_all(&s, warn, error);
  if (done && json) {
    done = add_json(&s, text, error);
  } else if (done) {
    add_text(&s, text);
  }
  clear(&s);
  return done;
}

/* --- cancel --- */

static bool cancel(const struct launch_state *s, struct text *text, struct error *error) {
  size_t ended = 0;
  for (size_t i = 0; i < s->jobs.count; i++) {
    const struct launch_job *job = &s->jobs.job[i];
    if (slurm_queue_find(&s->queue, job->job, SLURM_NO_INDEX) == NULL) continue;
    if (!slurm_cancel(job->job, error)) return false;
    text_add(text, "job %llu: cancelled\n", (unsigned long long)job->job);
    ended++;
  }
  if (ended == 0) text_add(text, "%s: no job of it waits or runs\n", s->run);
  return true;
}

bool launch_cancel(const char *run, struct text *text, struct error *error) {
  struct launch_state s = {.run = run};
  bool done = find_folder(&s, error) && launch_jobs_read(s.folder, &s.jobs, error) &&
              slurm_queue_ask(&s.queue, &s.queue_known, error);
  if (done && !s.queue_known) {
    error_set(error, ERROR_SYSTEM, "cannot run squeue: there is no such program");
    done = error_help(error, "run it on a machine of the cluster that can submit jobs");
  }
  done = done && cancel(&s, text, error);
  clear(&s);
  return done;
}
