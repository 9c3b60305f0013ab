#include "base/digest.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "data/data_check.h"
#include "data/readers/movielens.h"
#include "data/synthetic/synthetic.h"

int command_data_check(const struct data_check_command *asked) {
  struct error error = {0};
  struct text report = {0};
  if (data_check(asked->operands.item[0], &report, &error)) return cli_print(&report);
  cli_tell(&report);
  return cli_fail(&error);
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
  }
  dataset_clear(&dataset);
  return done ? cli_print(&text) : cli_fail(&error);
}
