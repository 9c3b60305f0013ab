#include "experiments/launch_script.h"

#include <stdio.h>
#include <string.h>

size_t launch_script_arrays(const struct launch_script *script) {
  return (script->tasks - 1) / script->per_array + 1;
}

size_t launch_script_offset(const struct launch_script *script, size_t array) {
  return (array - 1) * script->per_array;
}

size_t launch_script_last(const struct launch_script *script, size_t array) {
  const size_t end = array * script->per_array;
  return end < script->tasks ? end : script->tasks;
}

void launch_script_rung(const struct launch_script *script, char name[LAUNCH_RUNG_NAME]) {
  (void)snprintf(name, LAUNCH_RUNG_NAME, "rung-%zu.json", script->rung);
}

void launch_script_quote(const char *word, struct text *text) {
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:=@%+/-";
  if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
    text_add(text, "%s", word);
    return;
  }
  text_add(text, "'");
  for (const char *at = word; *at != '\0'; at++) {
    if (*at == '\'') {
      text_add(text, "'\\''");
    } else {
      text_add_bytes(text, at, 1);
    }
  }
  text_add(text, "'");
}

/* `#SBATCH --output=FOLDER/logs/NAME`: a % of the path is doubled, as Slurm reads it as a
 * pattern. */
static void add_output(const struct launch_script *script, const char *name, struct text *text) {
  struct text path = {0};
  for (const char *at = script->folder; *at != '\0'; at++) {
    text_add_bytes(&path, *at == '%' ? "%%" : at, *at == '%' ? 2 : 1);
  }
  text_add(&path, "/logs/%s", name);
  text_add(text, "#SBATCH --output=");
  if (path.text != NULL) launch_script_quote(path.text, text);
  text->failed = text->failed || path.failed;
  text_add(text, "\n");
  text_clear(&path);
}

static void add_option(const char *name, const char *value, struct text *text) {
  if (value != NULL) text_add(text, "#SBATCH --%s=%s\n", name, value);
}

/* What both kinds of job ask for. A task that is preempted, or whose node is lost, is queued
 * again; its log goes on; and a minute before its limit it gets SIGTERM. */
static void add_options(const struct launch_script *script, unsigned cpus, struct text *text) {
  const struct launcher_spec *spec = script->spec;
  text_add(text, "#SBATCH --open-mode=append\n#SBATCH --requeue\n#SBATCH --signal=B:TERM@60\n");
  text_add(text, "#SBATCH --cpus-per-task=%u\n", cpus);
  add_option("partition", spec->partition, text);
  add_option("account", spec->account, text);
  add_option("qos", spec->qos, text);
  add_option("time", spec->time, text);
  add_option("mem", spec->mem, text);
  for (size_t i = 0; i < spec->sbatch.count; i++) {
    text_add(text, "#SBATCH %s\n", spec->sbatch.line[i]);
  }
}

static void add_variable(const char *name, const char *value, struct text *text) {
  text_add(text, "%s=", name);
  launch_script_quote(value, text);
  text_add(text, "\n");
}

/* A line of setup may set other ones, such as another program on ARM nodes. */
static void add_setup(const struct launch_script *script, struct text *text) {
  text_add(text, "\n");
  add_variable("program", script->program, text);
  add_variable("launch", script->folder, text);
  for (size_t i = 0; i < script->spec->setup.count; i++) {
    text_add(text, "%s\n", script->spec->setup.line[i]);
  }
}

static void add_data(const struct launch_script *script, struct text *text) {
  if (script->data == NULL) return;
  text_add(text, " --data ");
  launch_script_quote(script->data, text);
}

void launch_script_array(const struct launch_script *script, size_t array, struct text *text) {
  const struct launcher_spec *spec = script->spec;
  const size_t offset = launch_script_offset(script, array);
  const size_t last = launch_script_last(script, array);
  text_add(text,
           "#!/bin/bash\n"
           "# Shards %zu to %zu of %zu, written by 'crosslane launch slurm'. Any index of the\n"
           "# array may be submitted again: what its shard has recorded is not trained again.\n"
           "#SBATCH --job-name=%s\n"
           "#SBATCH --array=1-%zu",
           offset + 1, last, script->tasks, script->name, last - offset);
  if (spec->array_parallelism > 0) {
    text_add(text, "%%%llu", (unsigned long long)spec->array_parallelism);
  }
  text_add(text, "\n");
  add_output(script, "%A_%a.log", text);
  add_options(script, spec->cpus_per_task, text);
  add_setup(script, text);
  text_add(text, "shard=$((SLURM_ARRAY_TASK_ID + %zu))\n", offset);
  text_add(text,
           "exec \"$program\" sweep \"$launch/config.yaml\" --shard \"$shard/%zu\" \\\n"
           "  --out \"$launch/shards/$shard-of-%zu\"",
           script->tasks, script->tasks);
  if (script->rungs > 0) {
    char name[LAUNCH_RUNG_NAME];
    launch_script_rung(script, name);
    text_add(text, " --rung \"$launch/%s\"", name);
  }
  add_data(script, text);
  if (spec->threads > 0) text_add(text, " --threads %llu", (unsigned long long)spec->threads);
  text_add(text, "%s\n", script->retry_failed ? " --retry-failed" : "");
}

/* Tasks that end without a record each time are not submitted for ever. This script is written
 * when the tasks are submitted. */
static void add_next(const struct launch_script *script, struct text *text) {
  text_add(text,
           "\n# Rung %zu of %zu: what is missing of it, or the next one. Where nothing new was\n"
           "# recorded, tasks would fail for ever.\n"
           "new=$(find ",
           script->rung, script->rungs);
  launch_script_quote(script->run, text);
  text_add(text,
           "/trials -name '*.json' -newer \"$launch/merge.sbatch\" | head -n 1)\n"
           "if test -z \"$new\"; then\n"
           "  echo \"nothing new was recorded: see $launch/logs, then 'crosslane launch slurm' "
           "again\" >&2\n"
           "  exit 1\n"
           "fi\n"
           "exec \"$program\" launch slurm \"$launch/config.yaml\" --out ");
  launch_script_quote(script->run, text);
  add_data(script, text);
  text_add(text, "\n");
}

void launch_script_merge(const struct launch_script *script, struct text *text) {
  text_add(text,
           "#!/bin/bash\n"
           "# Adds what the shards have recorded to the run folder, written by\n"
           "# 'crosslane launch slurm'. It may be submitted, or run by hand, at any time.\n"
           "#SBATCH --job-name=%s-merge\n",
           script->name);
  add_output(script, "merge-%j.log", text);
  add_options(script, 1, text);
  add_setup(script, text);
  /* Short names: a system bounds the length of all of them together. */
  text_add(text, "cd \"$launch/shards\" || exit\n");
  const bool goes_on = script->rung < script->rungs;
  text_add(text, "%s\"$program\" merge *-of-* --add --out ", goes_on ? "" : "exec ");
  launch_script_quote(script->run, text);
  text_add(text, "%s\n", goes_on ? " || exit" : "");
  if (goes_on) add_next(script, text);
}
