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
#include "data/data_guess.h"
#include "data/data_load.h"
#include "data/data_summary.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_check.h"
#include "data/split.h"
#include "data/synthetic/synthetic_write.h"

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

struct synthesis {
  struct synthetic_spec spec;
  enum synthetic_form form;
  bool half_stars;
  const char *folder;
  double irreducible_mse;
  struct text digest, notes; /* of 100k */
};

static bool synth_100k(struct synthesis *made, struct error *error) {
  struct dataset dataset;
  const bool done = synthetic_make(&made->spec, &dataset, error) &&
                    movielens_write(&dataset, made->folder, error) &&
                    add_folds_left_out(&dataset, &made->notes, error);
  if (done) {
    char digest[DIGEST_TEXT];
    digest_text(dataset.digest, digest);
    text_add(&made->digest, ", digest %s", digest);
    made->irreducible_mse = dataset.irreducible_mse;
  }
  dataset_clear(&dataset);
  return done;
}

static bool synth(struct synthesis *made, const char *form, struct error *error) {
  if (made->half_stars && !synthetic_form_has_halves(made->form)) {
    return error_set(error, ERROR_USAGE, "--half-stars: the form %s has whole stars only", form);
  }
  if (!synthetic_check(&made->spec, error) || !synthetic_folder(made->folder, made->form, error)) {
    return false;
  }
  if (made->form == SYNTHETIC_100K) return synth_100k(made, error);
  return synthetic_write(&made->spec, made->form, made->half_stars, made->folder,
                         &made->irreducible_mse, error);
}

int command_data_synth(const struct data_synth_command *asked) {
  static const char *const forms[] = {"100k", "1m", "25m", "csv", "atomic", "sqlite"};
  struct error error = {0};
  struct synthesis made = {.spec = {.users = (uint32_t)asked->users,
                                    .items = (uint32_t)asked->items,
                                    .ratings = (uint32_t)asked->ratings,
                                    .seed = asked->seed},
                           .form = (enum synthetic_form)asked->form.place,
                           .half_stars = asked->half_stars,
                           .folder = asked->out};
  struct text text = {0};
  const bool done = synth(&made, forms[made.form], &error);
  if (done) {
    text_add(&text, "%s: %u synthetic ratings of %u users and %u items%s\n", made.folder,
             made.spec.ratings, made.spec.users, made.spec.items,
             made.digest.length > 0 ? made.digest.text : "");
    text_add(&text, "irreducible MSE %.4f: no model can do better except by chance\n",
             made.irreducible_mse);
    text_add_bytes(&text, made.notes.text, made.notes.length);
  }
  text_clear(&made.digest);
  text_clear(&made.notes);
  return done ? cli_print(&text) : cli_fail(&error);
}
