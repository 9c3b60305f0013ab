#include "speeds/speed_compare.h"

#include <string.h>

#include "cli/cli.h"

static bool parse_percent(const char *text, double *percent, struct error *error) {
  if (text_double(text, text + strlen(text), percent) && *percent >= 0 && *percent <= 1000) {
    return true;
  }
  return error_set(error, ERROR_USAGE,
                   "--fail-above: expected a percentage from 0 to 1000, found '%s'", text);
}

int command_compare(int argc, char **argv) {
  struct error error = {0};
  const char *percent = NULL, *format_name = "text";
  const struct option options[] = {{.name = "--fail-above", .value = &percent},
                                   {.name = "--format", .value = &format_name}};
  size_t files;
  double fail_above = -1;
  enum text_table_format format;
  if (!parse_arguments(argc, argv, options, 2, &files, &error) ||
      (percent != NULL && !parse_percent(percent, &fail_above, &error)) ||
      !text_table_format_from(format_name, &format, &error)) {
    return fail(&error);
  }
  struct speed_comparison comparison;
  bool done = compare_read(&comparison, (const char *const *)(argv + 1), files, fail_above, &error);
  struct text text = {0};
  if (done) compare_write(&comparison, format, &text);
  const bool regressed = done && fail_above >= 0 && comparison.regressions > 0;
  compare_clear(&comparison);
  const bool printed = print_text(&text);
  if (!done) return fail(&error);
  return printed && !regressed ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
