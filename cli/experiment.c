#include "cli/experiment.h"

#include "cli/cli.h"
#include "data/data_load.h"

static bool has_known_columns(enum data_source source) {
  return source == SOURCE_MOVIELENS || source == SOURCE_SYNTHETIC;
}

static bool read_config(struct experiment *e, const struct schema *schema, struct error *error) {
  return config_read(e->path, e->setting, e->settings, schema, &e->config, error);
}

bool experiment_read(struct experiment *e, const char *data, struct error *error) {
  struct data_spec spec;
  struct error of_data = {0};
  if (!config_read_data(e->path, e->setting, e->settings, &spec, &e->source, error)) {
    if (error->kind == ERROR_CONFIG && has_known_columns(spec.source)) {
      (void)read_config(e, NULL, error);
    }
    return false;
  }
  if (data_load(&spec, cli_data_path(data, spec.source), &e->dataset, &of_data)) {
    return read_config(e, &e->dataset.schema, error);
  }
  if (has_known_columns(spec.source) && !read_config(e, NULL, error)) return false;
  *error = of_data;
  return false;
}

void experiment_clear(struct experiment *e) {
  config_clear(&e->config);
  dataset_clear(&e->dataset);
}
