/* config_read, from the file to the checked config. */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config_keys.h"
#include "config/sweep.h"
#include "config/sweep_spec.h"
#include "data/readers/movielens_schema.h"

/* What lives while a config is read. The file's tree is document 0; those after it are the
 * settings', whose nodes were hung into the file's. */
struct reading {
  const char *path;
  struct yaml_document *document; /* [documents] */
  size_t documents;
  struct config_draft draft;
  struct schema movielens;
};

static void documents_free(struct yaml_document *document, size_t documents) {
  for (size_t i = 0; i < documents; i++) yaml_clear(&document[i]);
  free(document);
}

static void reading_free(struct reading *reading) {
  if (reading == NULL) return;
  documents_free(reading->document, reading->documents);
  schema_clear(&reading->movielens);
  free(reading);
}

/* `schema` NULL: that of MovieLens 100K. */
static struct reading *reading_new(const char *path, size_t settings, const struct schema *schema,
                                   struct error *error) {
  struct reading *reading = memory_array(1, sizeof *reading, error);
  if (reading == NULL) return NULL;
  reading->path = path;
  reading->draft.columns = schema != NULL ? schema : &reading->movielens;
  reading->document = memory_array(1 + settings, sizeof *reading->document, error);
  if (reading->document != NULL && movielens_schema(&reading->movielens, error)) return reading;
  reading_free(reading);
  return NULL;
}

static char *read_file(const char *path, size_t *size, struct error *error) {
  struct stat about;
  if (stat(path, &about) == 0) {
    if (S_ISDIR(about.st_mode)) {
      error_set(error, ERROR_CONFIG, "%s: is a folder, not a config file", path);
      return NULL;
    }
  }
  return file_read(path, YAML_SIZE_MAX, size, ERROR_CONFIG, error);
}

/* "model.deep.hidden=[64, 32]": the value is YAML. */
static bool apply_setting(struct reading *reading, const char *text, struct error *error) {
  const char *equals = strchr(text, '=');
  if (equals == NULL || equals == text) {
    return error_set(error, ERROR_USAGE, "--set %s: expected KEY=VALUE", text);
  }
  struct text name = {0}, key = {0};
  text_add(&name, "--set %s", text);
  text_add_bytes(&key, text, (size_t)(equals - text));
  bool good = !name.failed && !key.failed;
  if (!good) error_set(error, ERROR_SYSTEM, "out of memory");
  if (good) {
    struct yaml_document *setting = &reading->document[reading->documents++];
    good = yaml_parse(setting, name.text, true, equals + 1, strlen(equals + 1), error) &&
           config_apply(reading->document->root, key.text, setting, error);
  }
  text_clear(&name);
  text_clear(&key);
  return good;
}

/* The folder of the config file, where the data are unless data.path says otherwise. */
static bool use_own_folder(struct reading *reading, struct error *error) {
  char *data_path = reading->draft.trial.data.path;
  char *folder = file_folder(reading->path, error);
  if (folder == NULL) return false;
  const bool fits = strlen(folder) < DATA_PATH;
  if (fits) memcpy(data_path, folder, strlen(folder) + 1);
  free(folder);
  return fits || error_set(error, ERROR_CONFIG, "%s: the path is longer than %d bytes",
                           reading->path, DATA_PATH - 1);
}

/* A path in the file is relative to the file, one of a setting to where the
 * command runs. */
static bool resolve_path(struct reading *reading, struct error *error) {
  char *data_path = reading->draft.trial.data.path;
  const struct config_key *key = config_key_find("data.path");
  const struct yaml_node *node = reading->draft.given[config_key_index(key)];
  if (node == NULL && reading->draft.trial.data.source == SOURCE_CSV) {
    return use_own_folder(reading, error);
  }
  if (node == NULL || node->document->setting) return true;
  char *folder = file_folder(reading->path, error);
  if (folder == NULL) return false;
  bool here = strcmp(folder, ".") == 0;
  char *joined = here ? memory_text(data_path, error) : file_join(folder, data_path, error);
  free(folder);
  if (joined == NULL) return false;
  bool fits = strlen(joined) < DATA_PATH;
  if (fits) memcpy(data_path, joined, strlen(joined) + 1);
  if (!fits) yaml_error(node, error, "the path is longer than %d bytes", DATA_PATH - 1);
  free(joined);
  return fits;
}

/* The base is settled when it is what will be trained; below a sweep it may
 * lack what each trial adds. */
static bool settle_base(const struct config_draft *draft, struct config *config,
                        struct error *error) {
  struct config_draft settled = *draft;
  struct error ignored;
  bool good = config_settle(&settled, config->sweep != NULL ? &ignored : error);
  config->base = good ? settled.trial : draft->trial;
  *config->source = good ? settled.source : draft->source;
  config->base.data.tables = config->source;
  return good || config->sweep != NULL;
}

static bool keep_baseline(const struct config_draft *draft, struct config *config,
                          struct error *error) {
  if (draft->baseline == NULL) return true;
  const struct yaml_node *node = draft->given[config_key_index(config_key_find("baseline"))];
  config->baseline = sweep_find_label(config->sweep, config->name, node, error);
  return config->baseline != NULL;
}

static bool check_trials(const struct config_draft *draft, const struct config *config,
                         struct error *error) {
  size_t architectures = config->sweep == NULL ? 1 : config->sweep->architectures;
  architectures += sweep_rounds(config->sweep).left;
  const struct split_spec *split = &draft->trial.data.split;
  size_t folds = split_has_folds(split) ? split->folds : 1;
  size_t trials = architectures * folds * config->seeds; /* <= 10^4 * 16 * 10^3 */
  if (trials <= SWEEP_TRIALS_MAX) return true;
  return yaml_error_document(draft->document, error,
                             "%zu trials (%zu architectures, %zu folds, %zu seeds), more than %d",
                             trials, architectures, folds, config->seeds, SWEEP_TRIALS_MAX);
}

static bool keep(const struct config_draft *draft, struct config *config, struct error *error) {
  memcpy(config->name, draft->name, strlen(draft->name) + 1);
  config->source = memory_array(1, sizeof *config->source, error);
  if (config->source == NULL) return false;
  config->description = memory_text(draft->description == NULL ? "" : draft->description, error);
  if (config->description == NULL) return false;
  config->seeds = draft->seeds.count;
  memcpy(config->seed, draft->seeds.value, sizeof config->seed);
  config->max_parameters = draft->max_parameters;
  config->early_terminate = draft->early_terminate;
  config->launcher = draft->launcher;
  return sweep_read(draft, &config->sweep, error) && settle_base(draft, config, error) &&
         keep_baseline(draft, config, error) && check_trials(draft, config, error) &&
         sweep_check_terminate(draft, config->sweep, error);
}

static bool parse_file(struct reading *reading, const char *const *settings, size_t count,
                       struct config *config, struct error *error) {
  struct config_draft *draft = &reading->draft;
  config->text = read_file(reading->path, &config->text_size, error);
  if (config->text == NULL) return false;
  struct yaml_document *file = &reading->document[reading->documents++];
  if (!yaml_parse(file, reading->path, false, config->text, config->text_size, error)) return false;
  draft->document = file;
  /* Settings need a mapping to be hung into; the section reports what it is. */
  if (file->root->kind != YAML_MAPPING) count = 0;
  if (yaml_is_null(file->root)) {
    return yaml_error_document(file, error, "the file is empty");
  }
  for (size_t i = 0; i < count; i++) {
    if (!apply_setting(reading, settings[i], error)) return false;
  }
  return config_read_defaults(draft, error);
}

static bool read_config(struct reading *reading, const char *const *settings, size_t count,
                        struct config *config, struct error *error) {
  struct config_draft *draft = &reading->draft;
  if (!parse_file(reading, settings, count, config, error)) return false;
  struct error of_keys = {0}, missing = {0};
  const bool sound = config_read_section(reading->document->root, "", draft, &of_keys);
  const bool whole =
      reading->document->root->kind != YAML_MAPPING || config_check_required(draft, &missing);
  if (!sound || !whole) {
    *error = sound ? missing : of_keys;
    if (!sound && !whole) config_add_fault(error, &missing);
    return false;
  }
  return resolve_path(reading, error) && keep(draft, config, error);
}

static bool read_data(struct reading *reading, const char *const *settings, size_t count,
                      struct config *config, struct error *error) {
  if (!parse_file(reading, settings, count, config, error)) return false;
  const struct yaml_node *root = reading->document->root;
  const struct yaml_node *data = root->kind == YAML_MAPPING ? yaml_get(root, "data") : NULL;
  return (data == NULL || config_read_section(data, "data", &reading->draft, error)) &&
         resolve_path(reading, error) && config_settle_data(&reading->draft, error);
}

bool config_read_data(const char *path, const char *const *settings, size_t count,
                      struct data_spec *data, struct source_spec *source, struct error *error) {
  struct config config = {0}; /* the text alone */
  struct reading *reading = reading_new(path, count, NULL, error);
  const bool good = reading != NULL && read_data(reading, settings, count, &config, error);
  *data = (struct data_spec){0};
  if (reading != NULL) {
    *source = reading->draft.source;
    *data = reading->draft.trial.data;
    data->tables = source;
  }
  reading_free(reading);
  config_clear(&config);
  return good;
}

bool config_read(const char *path, const char *const *settings, size_t count,
                 const struct schema *schema, struct config *config, struct error *error) {
  memset(config, 0, sizeof *config);
  struct reading *reading = reading_new(path, count, schema, error);
  const bool good = reading != NULL && read_config(reading, settings, count, config, error);
  if (good) {
    config->document = reading->document;
    config->documents = reading->documents;
    reading->document = NULL;
    reading->documents = 0;
  }
  reading_free(reading);
  if (!good) config_clear(config);
  return good;
}

void config_clear(struct config *config) {
  sweep_free(config->sweep);
  free(config->description);
  free(config->baseline);
  free(config->text);
  free(config->source);
  documents_free(config->document, config->documents);
  memset(config, 0, sizeof *config);
}
