#include <stdlib.h>

#include "base/digest.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "data/data_check.h"
#include "data/readers/movielens.h"
#include "data/split.h"
#include "data/synthetic/synthetic.h"

int command_data_check(const struct data_check_command *asked) {
  struct error error = {0};
  struct text report = {0};
  if (data_check(asked->operands.item[0], &report, &error)) return cli_print(&report);
  cli_tell(&report);
  return cli_fail(&error);
}

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
