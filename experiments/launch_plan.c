#include "experiments/launch_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const char head[] = "task\tkey\tcost\tepochs\n";

static uint64_t parts(uint64_t whole, uint64_t part) {
  return whole / part + (whole % part != 0);
}

size_t launch_plan_tasks(const struct launcher_spec *spec, uint64_t cost, size_t trials) {
  const uint64_t second = shard_product((uint64_t)spec->gflops * 1000000000, spec->cpus_per_task);
  const uint64_t task = shard_product(second, (uint64_t)spec->task_minutes * 60);
  const uint64_t threads = spec->threads > 0 ? spec->threads : 1;
  const uint64_t lanes = spec->cpus_per_task > threads ? spec->cpus_per_task / threads : 1;
  const size_t most = (size_t)parts(trials, lanes);
  const uint64_t asked =
      spec->trials_per_task > 0 ? parts(trials, spec->trials_per_task) : parts(cost, task);
  return asked < 1 ? 1 : asked > most ? most : (size_t)asked;
}

static int by_key(const void *a, const void *b) {
  return strcmp(((const struct launch_trial *)a)->key, ((const struct launch_trial *)b)->key);
}

static void sort(struct launch_plan *launch) {
  if (launch->trials > 0) {
    qsort(launch->trial, launch->trials, sizeof *launch->trial, by_key);
  }
}

static void take_wanted(struct launch_plan *launch, const struct plan *plan) {
  const struct trial_list *list = &plan->data->list;
  for (size_t i = 0; i < plan->trials; i++) {
    if (plan->left_out[list->trial[i].architecture]) continue;
    struct launch_trial *trial = &launch->trial[launch->trials++];
    memcpy(trial->key, list->trial[i].key, DIGEST_TEXT);
    trial->cost = plan_trial_cost(plan, i);
    trial->epochs = plan->in[list->trial[i].architecture] ? plan_trial_epochs(plan, i) : 0;
    launch->wanted += trial->epochs > 0;
    launch->cost = shard_sum(launch->cost, trial->cost);
    launch->due += (double)trial->cost * (double)trial->epochs /
                   (double)list->architecture[list->trial[i].architecture].config.train.epochs;
  }
}

static void take_tasks(struct launch_plan *launch, const struct plan *plan, const size_t *of) {
  size_t next = 0;
  for (size_t i = 0; i < plan->trials; i++) {
    if (of[i] != PLAN_NO_SHARD) launch->trial[next++].task = of[i] + 1;
  }
}

bool launch_plan_make(struct launch_plan *launch, const struct plan *plan,
                      const struct launcher_spec *spec, struct error *error) {
  const size_t rungs = plan->halving.rungs;
  *launch = (struct launch_plan){.rung = rungs > 0 ? plan->stage + 1 : 0,
                                 .rungs = rungs > 0 ? rungs + 1 : 0};
  size_t *of = memory_array(plan->trials, sizeof *of, error);
  launch->trial = memory_array(plan->trials, sizeof *launch->trial, error);
  bool made = of != NULL && launch->trial != NULL;
  if (made) take_wanted(launch, plan);
  if (made) launch->tasks = launch_plan_tasks(spec, launch->cost, launch->trials);
  made = made && plan_cut(plan, launch->tasks, of, error);
  if (made) take_tasks(launch, plan, of);
  if (made) sort(launch);
  if (!made) launch_plan_clear(launch);
  free(of);
  return made;
}

void launch_plan_clear(struct launch_plan *launch) {
  free(launch->trial);
  *launch = (struct launch_plan){0};
}

const struct launch_trial *launch_plan_find(const struct launch_plan *launch, const char *key) {
  struct launch_trial wanted;
  if (strlen(key) >= sizeof wanted.key || launch->trials == 0) return NULL;
  memcpy(wanted.key, key, strlen(key) + 1);
  return bsearch(&wanted, launch->trial, launch->trials, sizeof *launch->trial, by_key);
}

void launch_plan_text(const struct launch_plan *launch, struct text *text) {
  if (launch->rungs > 0) text_add(text, "rung\t%zu\tof\t%zu\n", launch->rung, launch->rungs);
  text_add(text, "%s", head);
  for (size_t i = 0; i < launch->trials; i++) {
    const struct launch_trial *trial = &launch->trial[i];
    text_add(text, "%zu\t%s\t%llu\t%u\n", trial->task, trial->key, (unsigned long long)trial->cost,
             (unsigned)trial->epochs);
  }
}

/* One line, of which `end` is the newline. */
static bool read_line(const char *line, const char *end, struct launch_trial *trial) {
  const char *key = memchr(line, '\t', (size_t)(end - line));
  const char *cost = key != NULL ? memchr(key + 1, '\t', (size_t)(end - key - 1)) : NULL;
  const char *epochs = cost != NULL ? memchr(cost + 1, '\t', (size_t)(end - cost - 1)) : NULL;
  uint64_t task = 0, count = 0;
  if (epochs == NULL || (size_t)(cost - key - 1) != DIGEST_TEXT - 1) return false;
  memcpy(trial->key, key + 1, DIGEST_TEXT - 1);
  trial->key[DIGEST_TEXT - 1] = '\0';
  if (!text_u64(line, key, &task) || task < 1 || task > SHARDS_MAX) return false;
  trial->task = (size_t)task;
  if (!text_u64(epochs + 1, end, &count) || count > UINT32_MAX) return false;
  trial->epochs = (uint32_t)count;
  return text_u64(cost + 1, epochs, &trial->cost);
}

/* "rung 2 of 3", where that is there; returns where the next line begins, or NULL. */
static const char *read_rung(struct launch_plan *launch, const char *text) {
  uint64_t rung = 0, rungs = 0;
  if (strncmp(text, "rung\t", 5) != 0) return text;
  const char *of = strstr(text, "\tof\t"), *end = strchr(text, '\n');
  if (of == NULL || end == NULL || of > end || !text_u64(text + 5, of, &rung) ||
      !text_u64(of + 4, end, &rungs) || rung < 1 || rung > rungs) {
    return NULL;
  }
  launch->rung = (size_t)rung;
  launch->rungs = (size_t)rungs;
  return end + 1;
}

static bool read_lines(struct launch_plan *launch, const char *path, char *text,
                       struct error *error) {
  size_t lines = 0;
  const char *start = read_rung(launch, text);
  size_t number = start == text ? 1 : 2;
  for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) lines++;
  if (start == NULL || strncmp(start, head, sizeof head - 1) != 0) {
    return error_at(error, ERROR_DATA, path, 1, 0, "no plan of 'crosslane launch'");
  }
  launch->trial = memory_array(lines, sizeof *launch->trial, error);
  if (launch->trial == NULL) return false;
  for (const char *at = start + sizeof head - 1; *at != '\0'; at = strchr(at, '\n') + 1) {
    const char *end = strchr(at, '\n');
    struct launch_trial *trial = &launch->trial[launch->trials];
    number++;
    if (end == NULL || !read_line(at, end, trial)) {
      return error_at(error, ERROR_DATA, path, number, 0,
                      "expected a task, a key, a cost and epochs");
    }
    launch->trials++;
    launch->wanted += trial->epochs > 0;
    launch->cost = shard_sum(launch->cost, trial->cost);
    if (trial->task > launch->tasks) launch->tasks = trial->task;
  }
  sort(launch);
  return true;
}

bool launch_plan_read(const char *folder, struct launch_plan *launch, struct error *error) {
  size_t size;
  *launch = (struct launch_plan){0};
  char *path = file_join(folder, "plan.tsv", error);
  char *text = path != NULL ? file_read(path, FILE_MOST_JSON, &size, ERROR_USAGE, error) : NULL;
  const bool good = text != NULL && read_lines(launch, path, text, error);
  if (!good) launch_plan_clear(launch);
  free(text);
  free(path);
  return good;
}
