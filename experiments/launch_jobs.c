#include "experiments/launch_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const char head[] = "job\tarray\ttasks\toffset\tcpus\tindices\tsubmitted_at\n";

enum { FIELDS = 7 };

/* --- lists of indices --- */

static void add_run(const struct launch_range *range, struct text *text) {
  if (range->first == 0) return;
  text_add(text, "%s%llu", text->length > 0 ? "," : "", (unsigned long long)range->first);
  if (range->last > range->first) text_add(text, "-%llu", (unsigned long long)range->last);
}

void launch_range_add(struct launch_range *range, uint64_t index, struct text *text) {
  if (range->first != 0 && index == range->last + 1) {
    range->last = index;
    return;
  }
  add_run(range, text);
  *range = (struct launch_range){index, index};
}

void launch_range_end(struct launch_range *range, struct text *text) {
  add_run(range, text);
  *range = (struct launch_range){0};
}

bool launch_range_has(const char *indices, uint64_t index) {
  for (const char *at = indices; *at != '\0';) {
    const char *end = at + strcspn(at, ",");
    const char *dash = memchr(at, '-', (size_t)(end - at));
    uint64_t first = 0, last = 0;
    if (text_u64(at, dash != NULL ? dash : end, &first) &&
        (dash == NULL || text_u64(dash + 1, end, &last)) && index >= first &&
        index <= (dash != NULL ? last : first)) {
      return true;
    }
    at = *end == ',' ? end + 1 : end;
  }
  return false;
}

/* --- the file --- */

static void job_clear(struct launch_job *job) {
  free(job->indices);
  *job = (struct launch_job){0};
}

void launch_jobs_clear(struct launch_jobs *jobs) {
  for (size_t i = 0; i < jobs->count; i++) job_clear(&jobs->job[i]);
  free(jobs->job);
  *jobs = (struct launch_jobs){0};
}

static bool append(struct launch_jobs *jobs, const struct launch_job *job, struct error *error) {
  if (jobs->count == jobs->room) {
    const size_t room = jobs->room * 2 + 16;
    struct launch_job *grown = memory_grow(jobs->job, room, sizeof *grown, error);
    if (grown == NULL) return false;
    jobs->job = grown;
    jobs->room = room;
  }
  char *indices = memory_text(job->indices, error);
  if (indices == NULL) return false;
  jobs->job[jobs->count] = *job;
  jobs->job[jobs->count++].indices = indices;
  return true;
}

static bool read_size(const char *field, size_t *value) {
  uint64_t number;
  if (!text_u64(field, field + strlen(field), &number) || number > UINT32_MAX) return false;
  *value = (size_t)number;
  return true;
}

/* A line whose tabs have become zeros. */
static bool take_fields(char *const field[FIELDS], struct launch_job *job) {
  size_t cpus = 0;
  const bool good = text_u64(field[0], field[0] + strlen(field[0]), &job->job) &&
                    read_size(field[1], &job->array) && read_size(field[2], &job->tasks) &&
                    read_size(field[3], &job->offset) && read_size(field[4], &cpus) &&
                    strlen(field[6]) < LAUNCH_STARTED;
  if (!good) return false;
  job->cpus = (uint32_t)cpus;
  job->indices = field[5];
  memcpy(job->submitted_at, field[6], strlen(field[6]) + 1);
  return true;
}

static bool read_line(char *line, struct launch_job *job) {
  char *field[FIELDS], *rest = line;
  for (size_t i = 0; i < FIELDS; i++) {
    field[i] = strtok_r(rest, "\t", &rest);
    if (field[i] == NULL) return false;
  }
  return *rest == '\0' && take_fields(field, job);
}

static bool read_lines(const char *path, char *text, struct launch_jobs *jobs,
                       struct error *error) {
  size_t number = 1;
  if (strncmp(text, head, sizeof head - 1) != 0) {
    return error_at(error, ERROR_DATA, path, 1, 0, "no list of jobs of 'crosslane launch'");
  }
  char *rest = text + sizeof head - 1, *line;
  while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
    struct launch_job job = {0};
    number++;
    if (!read_line(line, &job)) {
      return error_at(error, ERROR_DATA, path, number, 0, "expected a job with its %d fields",
                      FIELDS);
    }
    if (!append(jobs, &job, error)) return false;
  }
  return true;
}

bool launch_jobs_read(const char *folder, struct launch_jobs *jobs, struct error *error) {
  size_t size;
  *jobs = (struct launch_jobs){0};
  char *path = file_join(folder, "jobs.tsv", error);
  if (path == NULL) return false;
  const bool there = file_exists(path);
  char *text = there ? file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, error) : NULL;
  const bool good = !there || (text != NULL && read_lines(path, text, jobs, error));
  if (!good) launch_jobs_clear(jobs);
  free(text);
  free(path);
  return good;
}

bool launch_jobs_add(const char *folder, struct launch_jobs *jobs, const struct launch_job *job,
                     struct error *error) {
  struct text text = {0};
  if (!append(jobs, job, error)) return false;
  text_add(&text, "%s", head);
  for (size_t i = 0; i < jobs->count; i++) {
    const struct launch_job *j = &jobs->job[i];
    text_add(&text, "%llu\t%zu\t%zu\t%zu\t%u\t%s\t%s\n", (unsigned long long)j->job, j->array,
             j->tasks, j->offset, (unsigned)j->cpus, j->indices, j->submitted_at);
  }
  char *path = file_join(folder, "jobs.tsv", error);
  bool done = path != NULL;
  if (done && text.failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  done = done && file_write_atomic(path, text.text, text.length, error);
  free(path);
  text_clear(&text);
  return done;
}

/* --- jobs and the queue --- */

const struct slurm_task *launch_jobs_find(const struct launch_jobs *jobs,
                                          const struct slurm_queue *queue, size_t tasks,
                                          size_t shard, const struct launch_job **job) {
  *job = NULL;
  for (size_t i = jobs->count; i-- > 0;) {
    const struct launch_job *j = &jobs->job[i];
    if (j->array == 0 || j->tasks != tasks || shard <= j->offset) continue;
    const uint64_t index = shard - j->offset;
    if (!launch_range_has(j->indices, index)) continue;
    if (*job == NULL) *job = j;
    const struct slurm_task *task = slurm_queue_find(queue, j->job, index);
    if (task == NULL) continue;
    *job = j;
    return task;
  }
  return NULL;
}

size_t launch_jobs_active(const struct launch_jobs *jobs, const struct slurm_queue *queue,
                          bool merges) {
  size_t active = 0;
  for (size_t i = 0; i < jobs->count; i++) {
    const bool merge = jobs->job[i].array == 0;
    active += merge == merges && slurm_queue_find(queue, jobs->job[i].job, SLURM_NO_INDEX) != NULL;
  }
  return active;
}
