#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config/config.h"
#include "data/readers/movielens_check.h"
#include "data/data_guess.h"
#include "data/data_load.h"
#include "data/data_summary.h"
#include "data/readers/movielens.h"
#include "data/split.h"
#include "data/synthetic/synthetic.h"

/* --- data check --- */

struct checking {
  const char *path;
  bool json;
  struct source_spec source;
  struct data_spec spec;
  struct dataset dataset;
  struct text report, notes;
};

static bool is_experiment(const char *path) {
  const char *dot = strrchr(path, '.');
  return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* Of a folder of MovieLens 100K every file is checked, also behind one with faults. */
static bool check_100k(struct checking *check, struct error *error) {
  if (!movielens_check(check->path, &check->report, error)) {
    cli_tell(&check->report);
    return false;
  }
  return true;
}

static bool check_data(struct checking *check, struct error *error) {
  const bool experiment = is_experiment(check->path);
  const bool missing = !experiment && !file_exists(check->path);
  const bool folder = !experiment && movielens_has_folds(check->path) && !check->json;
  if (missing || folder) return check_100k(check, error); /* it says how to get the data */
  if (experiment ? !config_read_data(check->path, NULL, 0, &check->spec, &check->source, error)
                 : !data_guess(check->path, &check->spec, &check->source, &check->notes, error)) {
    return false;
  }
  cli_tell(&check->notes);
  if (!data_load(&check->spec, NULL, &check->dataset, error)) return false;
  if (!check->json) {
    data_summary(&check->dataset, check->dataset.synthetic ? " (generated ratings)" : "",
                 &check->report);
    return true;
  }
  json_t *json = data_summary_json(&check->dataset);
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  json_text_add(&check->report, json);
  text_add(&check->report, "\n");
  json_decref(json);
  return true;
}

int command_data_check(const struct data_check_command *asked) {
  struct error error = {0};
  struct checking *check = memory_array(1, sizeof *check, &error);
  if (check == NULL) return cli_fail(&error);
  check->path = asked->operands.item[0];
  check->json = asked->format.place == 1;
  const bool done = check_data(check, &error);
  dataset_clear(&check->dataset);
  struct text report = check->report;
  text_clear(&check->notes);
  free(check);
  if (done) return cli_print(&report);
  text_clear(&report);
  return cli_fail(&error);
}

/* --- data synth --- */

/* The folds that so few ratings do not have: no rating to test on, or no other. */
static bool add_folds_left_out(const struct dataset *dataset, struct text *text,
                               struct error *error) {
  size_t left_out = 0;
  for (size_t i = 0; i < sizeof fold_names / sizeof *fold_names; i++) {
    struct fold fold;
    if (!fold_make(dataset, fold_names[i], &fold, error)) return false;
    free(fold.rows);
    if (fold.count > 0 && fold.count < dataset->ratings) continue;
    text_add(text, "%s%s", left_out++ > 0 ? ", " : "too few ratings for the folds ", fold_names[i]);
  }
  if (left_out > 0) text_add(text, "\n");
  return true;
}

int command_data_synth(const struct data_synth_command *asked) {
  struct error error = {0};
  const struct synthetic_spec spec = {.users = (uint32_t)asked->users,
                                      .items = (uint32_t)asked->items,
                                      .ratings = (uint32_t)asked->ratings,
                                      .seed = asked->seed};
  struct dataset dataset = {0};
  bool done =
      synthetic_make(&spec, &dataset, &error) && movielens_write(&dataset, asked->out, &error);
  struct text text = {0};
  if (done) {
    char digest[DIGEST_TEXT];
    digest_text(dataset.digest, digest);
    text_add(&text, "%s: %zu synthetic ratings of %zu users and %zu items, digest %s\n", asked->out,
             dataset.ratings, dataset.users, dataset.items, digest);
    text_add(&text, "irreducible MSE %.4f: no model can do better except by chance\n",
             dataset.irreducible_mse);
    done = add_folds_left_out(&dataset, &text, &error);
  }
  dataset_clear(&dataset);
  if (done) return cli_print(&text);
  text_clear(&text);
  return cli_fail(&error);
}
