#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "serving/evaluation.h"

struct evaluate_arguments {
  const char *model, *data, *split, *format, *isa;
  bool timing;
  enum evaluation_split which;
  enum text_table_format output;
};

/* One of `names`; their places are the values of an enum. */
static bool parse_name(const char *option, const char *given, const char *const *names,
                       size_t count, const char *all, size_t *place, struct error *error) {
  *place = 0;
  for (size_t i = 0; given != NULL && i < count; i++) {
    *place = i;
    if (strcmp(given, names[i]) == 0) return true;
  }
  if (given == NULL) {
    *place = 0;
    return true;
  }
  const char *nearest = text_nearest(given, names, count);
  error_set(error, ERROR_USAGE, "%s: expected %s, found '%s'", option, all, given);
  return nearest != NULL ? error_help(error, "did you mean '%s'?", nearest) : false;
}

static bool parse(int argc, char **argv, struct evaluate_arguments *a, struct error *error) {
  static const char *const splits[] = {"test", "validation", "train", "all"};
  static const char *const formats[] = {"text", "csv", "json"};
  const struct option options[] = {{.name = "--data", .value = &a->data},
                                   {.name = "--split", .value = &a->split},
                                   {.name = "--format", .value = &a->format},
                                   {.name = "--isa", .value = &a->isa},
                                   {.name = "--timing", .flag = true, .set = &a->timing}};
  size_t operands, split, format;
  if (!parse_arguments(argc, argv, options, sizeof options / sizeof *options, &operands, error)) {
    return false;
  }
  if (operands != 1) {
    return error_set(error, ERROR_USAGE, "evaluate needs one model, found %zu", operands);
  }
  a->model = argv[1];
  if (!parse_name("--split", a->split, splits, 4, "test, validation, train or all", &split,
                  error) ||
      !parse_name("--format", a->format, formats, 3, "text, csv or json", &format, error)) {
    return false;
  }
  a->which = (enum evaluation_split)split;
  a->output = (enum text_table_format)format;
  return true;
}

static bool evaluate(const struct evaluate_arguments *a, struct serving *serving, struct text *text,
                     struct error *error) {
  enum isa isa;
  struct evaluation evaluation;
  const char *asked = a->isa != NULL ? a->isa : environment("CROSSLANE_ISA");
  const char *folder = a->data != NULL ? a->data : environment("CROSSLANE_DATA");
  if (!isa_choose(asked, a->isa != NULL ? "--isa" : "CROSSLANE_ISA", &isa, error) ||
      !serving_open(serving, a->model, kernels_of(isa), error) ||
      !serving_data(serving, folder, error) ||
      !evaluation_run(serving, a->which, &evaluation, error) ||
      !evaluation_write(&evaluation, serving, a->output, text, error)) {
    return false;
  }
  if (a->timing) {
    const double rows = (double)evaluation.groups.all.rows;
    (void)fprintf(stderr, "%.0f encoded rows predicted in %.2f ms: %.2f million rows/s\n", rows,
                  1e3 * evaluation.seconds, 1e-6 * rows / evaluation.seconds);
  }
  return true;
}

int command_evaluate(int argc, char **argv) {
  struct error error = {0};
  struct evaluate_arguments arguments = {0};
  struct text text = {0};
  if (!parse(argc, argv, &arguments, &error)) return fail(&error);
  struct serving *serving = memory_array(1, sizeof *serving, &error);
  if (serving == NULL) return fail(&error);
  const bool done = evaluate(&arguments, serving, &text, &error);
  serving_close(serving);
  free(serving);
  if (done) return print_text(&text) ? EXIT_DONE : EXIT_TRIAL_FAILED;
  text_clear(&text);
  return fail(&error);
}
