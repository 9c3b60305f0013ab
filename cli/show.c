#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "results/table.h"

enum { TOP_MAX = 1000000 };

static bool parse_format(const char *text, enum text_table_format *format, struct error *error) {
  static const char *const names[] = {"text", "csv", "json", "markdown"};
  enum { FORMATS = sizeof names / sizeof *names };
  for (size_t i = 0; i < FORMATS; i++) {
    if (strcmp(text, names[i]) != 0) continue;
    *format = (enum text_table_format)i;
    return true;
  }
  const char *nearest = text_nearest(text, names, FORMATS);
  error_set(error, ERROR_USAGE, "--format: expected text, csv, json or markdown, found '%s'", text);
  return nearest != NULL ? error_help(error, "did you mean '%s'?", nearest) : false;
}

static bool parse(int argc, char **argv, struct table_options *table, size_t *runs,
                  struct error *error) {
  const char *format = NULL, *top = NULL;
  const struct option options[] = {{.name = "--sort", .value = &table->sort},
                                   {.name = "--top", .value = &top},
                                   {.name = "--format", .value = &format}};
  if (!parse_arguments(argc, argv, options, 3, runs, error)) return false;
  if (*runs == 0) {
    error_set(error, ERROR_USAGE, "show needs the folder of a run");
    return error_help(error, "for example: crosslane show runs/quickstart");
  }
  table->color = isatty(STDOUT_FILENO) == 1 && environment("NO_COLOR") == NULL;
  return (format == NULL || parse_format(format, &table->format, error)) &&
         (top == NULL || parse_count("--top", top, TOP_MAX, &table->top, error));
}

int command_show(int argc, char **argv) {
  struct error error = {0};
  struct table_options options = {.format = TEXT_TABLE_TEXT};
  size_t runs;
  if (!parse(argc, argv, &options, &runs, &error)) return fail(&error);
  struct summary *summaries = memory_array(runs, sizeof *summaries, &error);
  if (summaries == NULL) return fail(&error);
  bool done = true;
  for (size_t i = 0; done && i < runs; i++) done = summary_read(argv[1 + i], &summaries[i], &error);
  struct text text = {0};
  done = done && table_write(summaries, runs, &options, &text, &error);
  for (size_t i = 0; i < runs; i++) summary_clear(&summaries[i]);
  free(summaries);
  if (done) return print_text(&text) ? EXIT_DONE : EXIT_TRIAL_FAILED;
  text_clear(&text);
  return fail(&error);
}
