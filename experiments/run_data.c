#include "experiments/run_data.h"

#include <string.h>

#include "base/digest.h"
#include "data/data_load.h"

bool run_goes_on(const volatile sig_atomic_t *interrupted, struct error *error) {
  int signal = (int)*interrupted;
  return signal == 0 || error_set(error, ERROR_INTERRUPTED, "interrupted by signal %d", signal);
}

static bool has_fold(const struct split_spec *spec, const char *name) {
  for (size_t i = 0; i < spec->folds; i++) {
    if (strcmp(spec->fold[i], name) == 0) return true;
  }
  return false;
}

/* The folds of all architectures together. */
static bool read_folds(struct run_data *data, const struct data_spec *spec, const char *folder,
                       struct error *error) {
  struct split_spec all = {.method = SPLIT_GIVEN_FOLDS};
  for (size_t a = 0; a < data->list.architectures; a++) {
    const struct split_spec *split = &data->list.architecture[a].config.data.split;
    if (split->method != SPLIT_GIVEN_FOLDS) continue;
    for (size_t i = 0; i < split->folds && all.folds < SPLIT_FOLDS_MAX; i++) {
      if (has_fold(&all, split->fold[i])) continue;
      memcpy(all.fold[all.folds++], split->fold[i], SPLIT_FOLD_NAME);
    }
  }
  if (all.folds == 0) return true;
  const struct split_spec *first = &data->list.architecture[0].config.data.split;
  memcpy(all.column, first->column, sizeof all.column);
  return data_load_folds(spec, folder, &data->dataset, &all, &data->folds, error);
}

/* Codes depend neither on the seed nor on the split, so seed 0 stands for all. */
static bool add_features(struct run_data *data, size_t first, struct error *error) {
  for (size_t a = first; a < data->list.architectures; a++) {
    const struct trial_config *config = &data->list.architecture[a].config;
    struct encoding_spec spec;
    model_encoding_spec(&config->model, config->data.fit_all, 0, &spec);
    if (!features_add(&data->features, &spec, error)) return false;
  }
  return true;
}

static const struct fold *find_fold(const struct folds *folds, const char *name) {
  for (size_t i = 0; i < folds->count; i++) {
    if (strcmp(folds->fold[i].name, name) == 0) return &folds->fold[i];
  }
  return NULL;
}

/* A key covers what determines the numbers: the test rows of a fold too, not
 * its name alone. */
static void bind_keys_to_folds(struct run_data *data, size_t first) {
  for (size_t i = first; i < data->list.trials; i++) {
    struct trial *trial = &data->list.trial[i];
    const struct fold *fold = find_fold(&data->folds, trial->fold);
    if (fold == NULL) continue;
    uint64_t digest = digest_bytes(trial->key, strlen(trial->key));
    digest = digest_extend(digest, fold->rows, fold->count * sizeof *fold->rows);
    digest_text(digest, trial->key);
  }
}

static bool build(struct run_data *data, const struct data_spec *spec, const char *folder,
                  struct error *error) {
  features_init(&data->features, &data->dataset);
  if (!read_folds(data, spec, folder, error) || !add_features(data, 0, error)) return false;
  bind_keys_to_folds(data, 0);
  return true;
}

bool run_data_of(struct run_data *data, struct dataset *dataset, struct trial_list *list,
                 const struct data_spec *spec, const char *folder, struct error *error) {
  *data = (struct run_data){.dataset = *dataset, .list = *list};
  *dataset = (struct dataset){0};
  *list = (struct trial_list){0};
  return build(data, spec, folder, error);
}

bool run_data_load(struct run_data *data, const struct config *config, struct dataset *dataset,
                   const char *folder, const volatile sig_atomic_t *interrupted,
                   struct error *error) {
  *data = (struct run_data){.dataset = *dataset};
  *dataset = (struct dataset){0};
  return run_goes_on(interrupted, error) &&
         sweep_expand(config, data->dataset.digest, &data->list, error) &&
         build(data, &config->base.data, folder, error) && run_goes_on(interrupted, error);
}

bool run_data_grow(struct run_data *data, const struct config *config, struct error *error) {
  const size_t architectures = data->list.architectures, trials = data->list.trials;
  if (!sweep_expand_more(config, data->dataset.digest, &data->list, error) ||
      !add_features(data, architectures, error)) {
    return false;
  }
  bind_keys_to_folds(data, trials);
  return true;
}

void run_data_clear(struct run_data *data) {
  features_clear(&data->features);
  folds_clear(&data->folds);
  trial_list_clear(&data->list);
  dataset_clear(&data->dataset);
}

bool run_data_request(const struct run_data *data, size_t trial, const struct kernels *kernels,
                      struct split *split, struct train_request *request, struct error *error) {
  const struct trial *asked = &data->list.trial[trial];
  const struct trial_config *config = &data->list.architecture[asked->architecture].config;
  *split = (struct split){0};
  *request = (struct train_request){
      .kernels = kernels,
      .dataset = &data->dataset,
      .features = &data->features,
      .split = split,
      .model = &config->model,
      .train = &config->train,
      .fit_all = config->data.fit_all,
      .seed = trial_stream_seed(asked->seed, asked->fold),
  };
  const struct split_spec *spec = &config->data.split;
  return split_make(&data->dataset, spec, trial_split_seed(spec, asked->seed, asked->fold),
                    find_fold(&data->folds, asked->fold), asked->fold, split, error);
}
