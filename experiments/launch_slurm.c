#include "experiments/launch_slurm.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/child.h"
#include "base/memory.h"

enum { OPTIONS_MAX = 16 };

static bool refused(const char *program, const struct child_end *end, struct error *error) {
  const char *said = end->messages.text != NULL ? end->messages.text : "";
  const size_t length = strlen(said);
  const size_t shown = length > 0 && said[length - 1] == '\n' ? length - 1 : length;
  return error_set(error, ERROR_SYSTEM, "%s failed%s%.*s", program, shown > 0 ? ": " : "",
                   (int)shown, said);
}

static bool absent(const char *program, int fault, struct error *error) {
  error_set(error, ERROR_SYSTEM, "cannot run %s: %s", program, strerror(fault));
  return error_help(error, "run it on a machine of the cluster that can submit jobs");
}

/* Runs it; what it printed is in `end` also where it failed. */
static bool run(const char *const *arguments, struct child_end *end, struct error *error) {
  const int fault = child_run(arguments, NULL, end);
  if (fault != 0) return absent(arguments[0], fault, error);
  return end->good || refused(arguments[0], end, error);
}

/* --- limits --- */

/* The number after "NAME   = " at the beginning of a line; else `otherwise`. */
static uint64_t setting(const char *config, const char *name, uint64_t otherwise) {
  for (const char *line = config; *line != '\0'; line += strcspn(line, "\n") + 1) {
    const size_t length = strlen(name);
    const char *at = line + length;
    uint64_t value;
    if (strncmp(line, name, length) == 0 && (isspace((unsigned char)*at) || *at == '=')) {
      at += strspn(at, " =");
      return text_u64(at, at + strcspn(at, " \n"), &value) ? value : otherwise;
    }
    if (line[strcspn(line, "\n")] == '\0') break;
  }
  return otherwise;
}

static uint64_t lesser(uint64_t a, uint64_t b) {
  return a == 0 || (b != 0 && b < a) ? b : a;
}

/* Of each account of the user a line, empty without a limit. */
static uint64_t least_line(const char *lines) {
  uint64_t least = 0, value;
  for (const char *at = lines;; at++) {
    const size_t length = strcspn(at, "\n");
    if (text_u64(at, at + length, &value)) least = lesser(least, value);
    at += length;
    if (*at == '\0') return least;
  }
}

/* 0 where nothing keeps accounts. */
static uint64_t submit_limit(const char *account) {
  struct text user = {0}, of = {0};
  struct child_end end = {0};
  const struct passwd *me = getpwuid(getuid());
  uint64_t limit = 0;
  if (me == NULL) return 0;
  text_add(&user, "user=%s", me->pw_name);
  text_add(&of, "account=%s", account != NULL ? account : "");
  const char *const arguments[] = {"sacctmgr",
                                   "-n",
                                   "-P",
                                   "show",
                                   "assoc",
                                   "format=MaxSubmitJobs",
                                   "where",
                                   user.failed ? "" : user.text,
                                   account != NULL && !of.failed ? of.text : NULL,
                                   NULL};
  const bool asked = child_run(arguments, NULL, &end) == 0 && end.good;
  if (asked && end.output.text != NULL) limit = least_line(end.output.text);
  child_end_clear(&end);
  text_clear(&user);
  text_clear(&of);
  return limit;
}

bool slurm_limits_ask(const char *account, struct slurm_limits *limits, bool *found,
                      struct error *error) {
  static const char *const arguments[] = {"scontrol", "show", "config", NULL};
  struct child_end end;
  *limits = (struct slurm_limits){.array_size = SLURM_ARRAY_SIZE};
  const int fault = child_run(arguments, NULL, &end);
  *found = fault == 0;
  bool good = fault == ENOENT;
  if (fault != 0 && !good) absent(arguments[0], fault, error);
  if (fault == 0) good = end.good || refused(arguments[0], &end, error);
  if (good && *found) {
    const char *config = end.output.text != NULL ? end.output.text : "";
    limits->array_size = setting(config, "MaxArraySize", SLURM_ARRAY_SIZE);
    limits->jobs = lesser(setting(config, "MaxJobCount", 0), submit_limit(account));
    if (limits->array_size < 2) {
      good = error_set(error, ERROR_SYSTEM, "MaxArraySize of this cluster is %llu: no job arrays",
                       (unsigned long long)limits->array_size);
    }
  }
  child_end_clear(&end);
  return good;
}

/* --- the queue --- */

static const char *field_end(const char *at) {
  return at + strcspn(at, "|\n");
}

/* "123|4|RUNNING"; of what is no array, "123|N/A|PENDING". */
static bool read_task(const char *line, struct slurm_task *task) {
  const char *job = field_end(line);
  if (*job != '|' || !text_u64(line, job, &task->job)) return false;
  const char *index = field_end(job + 1);
  if (*index != '|') return false;
  if (!text_u64(job + 1, index, &task->index)) task->index = SLURM_NO_INDEX;
  const size_t length = (size_t)(field_end(index + 1) - index - 1);
  const bool waits = length == strlen("PENDING") && strncmp(index + 1, "PENDING", length) == 0;
  task->state = waits ? SLURM_WAITING : SLURM_RUNNING;
  return true;
}

static int by_place(const void *a, const void *b) {
  const struct slurm_task *one = a, *other = b;
  if (one->job != other->job) return one->job < other->job ? -1 : 1;
  return one->index < other->index ? -1 : one->index > other->index;
}

static bool take_tasks(const char *lines, struct slurm_queue *queue, struct error *error) {
  size_t count = 1;
  for (const char *at = lines; *at != '\0'; at++) count += *at == '\n';
  queue->task = memory_array(count, sizeof *queue->task, error);
  if (queue->task == NULL) return false;
  for (const char *at = lines; *at != '\0';) {
    if (read_task(at, &queue->task[queue->tasks])) queue->tasks++;
    at += strcspn(at, "\n");
    at += *at == '\n';
  }
  if (queue->tasks > 0) qsort(queue->task, queue->tasks, sizeof *queue->task, by_place);
  return true;
}

bool slurm_queue_ask(struct slurm_queue *queue, bool *found, struct error *error) {
  static const char *const arguments[] = {
      "squeue", "--me", "--noheader", "--array", "--format=%F|%K|%T", NULL};
  struct child_end end;
  *queue = (struct slurm_queue){0};
  const int fault = child_run(arguments, NULL, &end);
  *found = fault != ENOENT;
  bool good = !*found;
  if (fault != 0 && *found) absent(arguments[0], fault, error);
  if (fault == 0) good = end.good || refused(arguments[0], &end, error);
  good = good && take_tasks(end.output.text != NULL ? end.output.text : "", queue, error);
  child_end_clear(&end);
  return good;
}

void slurm_queue_clear(struct slurm_queue *queue) {
  free(queue->task);
  *queue = (struct slurm_queue){0};
}

/* The first of the job from `index` on; SLURM_NO_INDEX as an index is the last. */
static size_t first_from(const struct slurm_queue *queue, uint64_t job, uint64_t index) {
  const struct slurm_task wanted = {.job = job, .index = index};
  size_t low = 0;
  for (size_t high = queue->tasks; low < high;) {
    const size_t middle = low + (high - low) / 2;
    if (by_place(&queue->task[middle], &wanted) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

const struct slurm_task *slurm_queue_find(const struct slurm_queue *queue, uint64_t job,
                                          uint64_t index) {
  const bool any = index == SLURM_NO_INDEX;
  const size_t at = first_from(queue, job, any ? 0 : index);
  const bool found =
      at < queue->tasks && queue->task[at].job == job && (any || queue->task[at].index == index);
  return found ? &queue->task[at] : NULL;
}

/* --- what changes something --- */

bool slurm_submit(const char *const *options, const char *script, uint64_t *job,
                  struct error *error) {
  const char *arguments[OPTIONS_MAX] = {"sbatch", "--parsable"};
  size_t count = 2;
  for (size_t i = 0; options[i] != NULL && count < OPTIONS_MAX - 2; i++) {
    arguments[count++] = options[i];
  }
  arguments[count] = script;
  struct child_end end;
  bool good = run(arguments, &end, error);
  if (good) { /* "123", or "123;cluster" */
    const char *said = end.output.text != NULL ? end.output.text : "";
    good = text_u64(said, said + strcspn(said, ";\n"), job) ||
           error_set(error, ERROR_SYSTEM, "sbatch: expected the number of a job, found '%s'", said);
  }
  child_end_clear(&end);
  return good;
}

/* "1,2,3" */
static void add_jobs(const uint64_t *job, size_t jobs, const char *before, struct text *text) {
  text_add(text, "%s", before);
  for (size_t i = 0; i < jobs; i++) {
    text_add(text, "%s%llu", i > 0 ? "," : "", (unsigned long long)job[i]);
  }
}

bool slurm_cancel(uint64_t job, struct error *error) {
  struct text number = {0};
  struct child_end end = {0};
  add_jobs(&job, 1, "", &number);
  const char *const arguments[] = {"scancel", number.failed ? "" : number.text, NULL};
  const bool good = run(arguments, &end, error);
  child_end_clear(&end);
  text_clear(&number);
  return good;
}

void slurm_ends_ask(const uint64_t *job, size_t jobs, struct text *ends) {
  struct text list = {0};
  struct child_end end = {0};
  if (jobs == 0) return;
  add_jobs(job, jobs, "--jobs=", &list);
  const char *const arguments[] = {
      "sacct", "-n", "-X", "-P", "--format=JobID,State", list.failed ? "" : list.text, NULL};
  const bool asked = child_run(arguments, NULL, &end) == 0 && end.good;
  if (asked && end.output.text != NULL) text_add_bytes(ends, end.output.text, end.output.length);
  child_end_clear(&end);
  text_clear(&list);
}
