#include <stdlib.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/predict_parts.h"

/* One way of asking, and nothing that goes with another. */
static bool check(const struct predict_command *asked, struct error *error) {
  const bool values = asked->set.count > 0 && asked->rated == NULL;
  const int ways = (asked->user != NULL) + (asked->batch != NULL) + (asked->rated != NULL) + values;
  if (ways > 1) {
    return error_set(error, ERROR_USAGE, "--user, --rated, --set and --batch cannot be combined");
  }
  if (asked->item != NULL && asked->user == NULL && asked->rated == NULL) {
    return error_set(error, ERROR_USAGE, "--item goes with --user or --rated");
  }
  if (asked->top != 0 && (asked->batch != NULL || asked->item != NULL)) {
    return error_set(error, ERROR_USAGE, "--top goes with --user, --rated or --set");
  }
  if (asked->batch != NULL && asked->format.given && asked->format.place == PREDICT_TEXT) {
    return error_set(error, ERROR_USAGE, "--batch writes csv or json");
  }
  if (asked->flush.given && asked->batch == NULL) {
    return error_set(error, ERROR_USAGE, "--flush goes with --batch");
  }
  if (asked->probabilities && asked->rated != NULL) {
    return error_set(error, ERROR_USAGE,
                     "--probabilities goes with --set, --user or --batch: predictions for a new "
                     "user are shifted by what they rated");
  }
  if (values && asked->data != NULL) {
    return error_set(error, ERROR_USAGE, "--data goes with --user, --rated or --batch");
  }
  return true;
}

static bool check_head(const struct predict_command *asked, const struct serving *serving,
                       struct error *error) {
  if (!asked->probabilities || serving_levels(serving)->count > 0) return true;
  error_set(error, ERROR_USAGE, "%s: has a linear head: it predicts ratings, not probabilities",
            asked->operands.item[0]);
  return error_help(error, "train a model with model.head: ordinal");
}

int command_predict(const struct predict_command *asked) {
  struct error error = {0};
  struct text text = {0}, notes = {0};
  enum isa isa;
  if (!check(asked, &error)) return cli_fail(&error);
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (serving == NULL) return cli_fail(&error);
  bool done = cli_isa(asked->isa, &isa, &error) &&
              serving_open(serving, asked->operands.item[0], kernels_of(isa), &error) &&
              check_head(asked, serving, &error);
  if (done && asked->batch != NULL) {
    done = predict_batch(asked, serving, &notes, &error);
  } else if (done) {
    const bool items = asked->user != NULL || asked->rated != NULL;
    done = (items ? predict_films : predict_values)(asked, serving, &text, &notes, &error);
  }
  serving_close(serving);
  free(serving);
  const int printed = cli_print(&text);
  cli_tell(&notes);
  return done ? printed : cli_fail(&error);
}
