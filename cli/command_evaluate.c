#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "serving/evaluation.h"

/* --relevant is a text, as ratings may be fractions. */
static bool rank(const struct evaluate_command *asked, struct serving *serving,
                 struct evaluation *evaluation, struct error *error) {
  const char *text = asked->relevant;
  double relevant = (double)NAN;
  if (text != NULL && asked->ranking == 0) {
    return error_set(error, ERROR_USAGE, "--relevant goes with --ranking");
  }
  if (text != NULL && !text_double(text, text + strlen(text), &relevant)) {
    return error_set(error, ERROR_USAGE, "--relevant: expected a number, found '%.40s'", text);
  }
  if (asked->ranking == 0) return true;
  return ranking_run(serving, (size_t)asked->ranking, relevant, &evaluation->ranking, error);
}

static bool evaluate(const struct evaluate_command *asked, struct serving *serving,
                     struct text *text, struct error *error) {
  enum isa isa;
  struct evaluation evaluation;
  if (asked->ranking > 0 && asked->format.place == TEXT_TABLE_CSV) {
    return error_set(error, ERROR_USAGE, "--ranking goes with --format text or json");
  }
  if (!cli_isa(asked->isa, &isa, error) ||
      !serving_open(serving, asked->operands.item[0], kernels_of(isa), error) ||
      !serving_data(serving, cli_data_path(asked->data, serving->saved.config.data.source),
                    error) ||
      !evaluation_run(serving, (enum evaluation_split)asked->split.place, &evaluation, error) ||
      !rank(asked, serving, &evaluation, error) ||
      !evaluation_write(&evaluation, serving, (enum text_table_format)asked->format.place, text,
                        error)) {
    return false;
  }
  if (asked->timing) {
    const double rows = (double)evaluation.groups.all.rows;
    (void)fprintf(stderr, "%.0f encoded rows predicted in %.2f ms: %.2f million rows/s\n", rows,
                  1e3 * evaluation.seconds, 1e-6 * rows / evaluation.seconds);
  }
  return true;
}

int command_evaluate(const struct evaluate_command *asked) {
  struct error error = {0};
  struct text text = {0};
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (serving == NULL) return cli_fail(&error);
  const bool done = evaluate(asked, serving, &text, &error);
  serving_close(serving);
  free(serving);
  if (done) return cli_print(&text);
  text_clear(&text);
  return cli_fail(&error);
}
