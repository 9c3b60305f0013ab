#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "serving/evaluation.h"

static bool evaluate(const struct evaluate_command *asked, struct serving *serving,
                     struct text *text, struct error *error) {
  enum isa isa;
  struct evaluation evaluation;
  const char *folder = asked->data != NULL ? asked->data : cli_environment("CROSSLANE_DATA");
  if (!cli_isa(asked->isa, &isa, error) ||
      !serving_open(serving, asked->operands.item[0], kernels_of(isa), error) ||
      !serving_data(serving, folder, error) ||
      !evaluation_run(serving, (enum evaluation_split)asked->split.place, &evaluation, error) ||
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
