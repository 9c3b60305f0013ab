#include "experiments/run_verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "base/philox.h"
#include "data/data_load.h"
#include "experiments/run_data.h"
#include "kernels/machine.h"
#include "kernels/self_check.h"

struct verification {
  const struct record_union *all;
  const struct verify_options *options;
  size_t count;
  uint32_t *drawn; /* [count] facts */
  struct source_spec source;
  struct data_spec spec;
  struct run_data data; /* one architecture and one trial for each that is drawn */
  struct machine machine;
};

/* --- which trials --- */

static bool is_candidate(const struct record_fact *fact) {
  return fact->chosen && fact->status == TRIAL_DONE;
}

static int ascending(const void *a, const void *b) {
  const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
  return (one > other) - (one < other);
}

/* The same ones wherever the same records are merged. */
static bool draw(struct verification *v, struct error *error) {
  uint64_t seed = 0;
  size_t candidates = 0;
  v->drawn = memory_array(v->all->count, sizeof *v->drawn, error);
  if (v->drawn == NULL) return false;
  for (size_t i = 0; i < v->all->count; i++) {
    const struct record_fact *fact = &v->all->fact[i];
    if (!is_candidate(fact)) continue;
    v->drawn[candidates++] = (uint32_t)i;
    seed = digest_extend(seed, fact->key, sizeof fact->key);
  }
  struct random random;
  random_init(&random, seed, STREAM_VERIFY, 0, 0);
  random_shuffle(&random, v->drawn, (uint32_t)candidates);
  v->count = v->options->trials < candidates ? v->options->trials : candidates;
  if (v->count > 0) qsort(v->drawn, v->count, sizeof *v->drawn, ascending);
  return v->count > 0 || error_set(error, ERROR_USAGE, "--verify: no trial is done");
}

/* --- their configs and data --- */

static char *path_of(const struct verification *v, const struct record_fact *fact,
                     struct error *error) {
  struct text path = {0};
  text_add(&path, "%s/trials/%s.json", v->all->run[fact->run], fact->key);
  if (!path.failed) return path.text;
  text_clear(&path);
  error_set(error, ERROR_SYSTEM, "out of memory");
  return NULL;
}

/* Of the same data set, as all records of a union are. */
static bool load_data(struct verification *v, const char *config, const char *name,
                      const struct record_fact *fact, struct dataset *dataset,
                      struct error *error) {
  char digest[DIGEST_TEXT];
  if (!config_data_from_json(config, name, &v->source, &v->spec, error)) return false;
  const char *path = v->options->data_path(v->options->data_context, v->spec.source);
  if (!data_load(&v->spec, path, dataset, error)) {
    const bool said = path != NULL || v->spec.source == SOURCE_MOVIELENS;
    return said ? false : error_help(error, "--data DIR says where the data are here");
  }
  digest_text(dataset->digest, digest);
  if (strcmp(digest, fact->data_digest) == 0) return true;
  error_set(error, ERROR_DATA, "--verify: other data than those of the records: digest %s, not %s",
            digest, fact->data_digest);
  dataset_clear(dataset);
  return false;
}

/* The record's trial as number `place` of the list; the first brings the data. */
static bool take(struct verification *v, size_t place, const struct record *record,
                 const char *name, struct trial_list *list, struct dataset *dataset,
                 struct error *error) {
  struct text config = {0};
  json_text_add_line(&config, record->config);
  if (config.failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  struct trial *trial = &list->trial[place];
  *trial = (struct trial){.architecture = place, .seed = record->seed};
  memcpy(trial->key, record->key, sizeof trial->key);
  bool good = strlen(record->fold) < sizeof trial->fold ||
              error_set(error, ERROR_DATA, "%s: a fold with a name that is too long", name);
  if (good) memcpy(trial->fold, record->fold, strlen(record->fold) + 1);
  if (good && place == 0) {
    good = load_data(v, config.text, name, &v->all->fact[v->drawn[0]], dataset, error);
  }
  good = good && config_from_json(config.text, name, &dataset->schema, &v->source,
                                  &list->architecture[place].config, error);
  text_clear(&config);
  return good;
}

static bool take_drawn(struct verification *v, size_t place, struct trial_list *list,
                       struct dataset *dataset, struct error *error) {
  char *path = path_of(v, &v->all->fact[v->drawn[place]], error);
  struct record record = {0};
  bool good = path != NULL && record_read(path, &record, error);
  good = good && take(v, place, &record, path, list, dataset, error);
  record_clear(&record);
  free(path);
  return good;
}

static bool prepare(struct verification *v, struct error *error) {
  struct trial_list list = {.architectures = v->count, .trials = v->count};
  struct dataset dataset = {0};
  list.architecture = memory_array(v->count, sizeof *list.architecture, error);
  list.trial = memory_array(v->count, sizeof *list.trial, error);
  bool good = list.architecture != NULL && list.trial != NULL;
  for (size_t i = 0; good && i < v->count; i++) {
    good = take_drawn(v, i, &list, &dataset, error);
  }
  const char *path = v->options->data_path(v->options->data_context, v->spec.source);
  if (good) return run_data_of(&v->data, &dataset, &list, &v->spec, path, error);
  if (list.architecture == NULL) list.architectures = 0;
  trial_list_clear(&list);
  dataset_clear(&dataset);
  return false;
}

/* --- training --- */

static bool stop(void *context) {
  const struct verify_options *options = context;
  return *options->interrupted != 0;
}

static void compare(const struct verification *v, const struct record_fact *fact,
                    const struct train_result *result, struct error *differs) {
  char digest[DIGEST_TEXT], here[TEXT_DOUBLE], there[TEXT_DOUBLE];
  struct text line = {0};
  digest_text(result->weights_digest, digest);
  const bool same = result->mse == fact->mse && strcmp(digest, fact->weights_digest) == 0;
  text_from_double(result->mse, here);
  text_from_double(fact->mse, there);
  text_add(&line, "verified: %s, seed %llu (%s): the same\n", fact->label,
           (unsigned long long)fact->seed, fact->key);
  if (same) {
    v->options->tell(&line);
    return;
  }
  text_clear(&line);
  char *path = path_of(v, fact, differs);
  if (path == NULL) return;
  (void)error_fault(differs, ERROR_TRIAL, path, 0,
                    "%s, seed %llu: mse %s and weights_digest %s (%s), here %s and %s (%s)",
                    fact->label, (unsigned long long)fact->seed, there, fact->weights_digest,
                    fact->cpu, here, digest, v->machine.cpu);
  free(path);
}

/* False: it could not be trained at all. */
static bool verify(struct verification *v, size_t place, struct error *differs,
                   struct error *error) {
  const struct verify_options *options = v->options;
  struct split split;
  struct train_request request;
  struct train_result result = {0};
  if (!run_data_request(&v->data, place, options->kernels, &split, &request, error)) return false;
  request.threads = cores_usable();
  request.stop = stop;
  request.stop_context = (void *)options;
  const bool trained = train_run(&request, &result, error);
  if (trained) compare(v, &v->all->fact[v->drawn[place]], &result, differs);
  train_result_clear(&result);
  split_clear(&split);
  return trained;
}

static bool verify_all(struct verification *v, struct error *error) {
  struct error differs = {0};
  for (size_t i = 0; i < v->count; i++) {
    if (!run_goes_on(v->options->interrupted, error) || !verify(v, i, &differs, error)) {
      return false;
    }
  }
  if (error_faults_done(&differs)) return true;
  *error = differs;
  return error_help(error,
                    "%zu of %zu trials differ: a machine or a build is at fault, or a "
                    "record was made up",
                    differs.faults, v->count);
}

static bool check_version(const struct record_union *all, struct error *error) {
  if (all->count == 0 || all->fact[0].numerics_version == NUMERICS_VERSION) return true;
  return error_set(error, ERROR_DATA,
                   "--verify: the records have numerics version %u, and this program %u",
                   (unsigned)all->fact[0].numerics_version, (unsigned)NUMERICS_VERSION);
}

bool run_verify(const struct record_union *all, const struct verify_options *options,
                struct error *error) {
  if (options->trials == 0) return true;
  struct verification *v = memory_array(1, sizeof *v, error);
  if (v == NULL) return false;
  v->all = all;
  v->options = options;
  machine_identify(&v->machine);
  const bool good = check_version(all, error) && kernels_self_check(options->kernels, error) &&
                    draw(v, error) && prepare(v, error) && verify_all(v, error);
  run_data_clear(&v->data);
  free(v->drawn);
  free(v);
  return good;
}
