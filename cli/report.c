#include <stdio.h>

#include "cli/cli.h"
#include "results/report.h"

static bool parse(int argc, char **argv, const char **out, size_t *runs, struct error *error) {
  const struct option options[] = {{.name = "--out", .value = out}};
  if (!parse_arguments(argc, argv, options, 1, runs, error)) return false;
  if (*runs > 0) return true;
  error_set(error, ERROR_USAGE, "report needs the folder of a run");
  return error_help(error, "for example: crosslane report runs/quickstart");
}

int command_report(int argc, char **argv) {
  struct error error = {0};
  const char *out = NULL;
  size_t runs;
  if (!parse(argc, argv, &out, &runs, &error)) return fail(&error);
  struct text written = {0}, notes = {0};
  bool done = report_write((const char *const *)(argv + 1), runs, out, &written, &notes, &error);
  if (done && notes.text != NULL && !notes.failed)
    (void)fprintf(stderr, "crosslane: %s", notes.text);
  text_clear(&notes);
  bool printed = print_text(&written);
  if (!done) return fail(&error);
  return printed ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
