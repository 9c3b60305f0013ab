#include <string.h>

#include "cli/cli.h"
#include "results/plot.h"

/* A list such as "svg,png". */
static bool parse_formats(const char *list, struct plot_options *options, struct error *error) {
  options->svg = options->png = options->text = false;
  for (const char *at = list;; at++) {
    size_t length = strcspn(at, ",");
    if (length == 3 && strncmp(at, "svg", 3) == 0) {
      options->svg = true;
    } else if (length == 3 && strncmp(at, "png", 3) == 0) {
      options->png = true;
    } else if (length == 4 && strncmp(at, "text", 4) == 0) {
      options->text = true;
    } else {
      return error_set(error, ERROR_USAGE, "--format: expected svg, png or text, found '%.*s'",
                       (int)length, at);
    }
    at += length;
    if (*at == '\0') return true;
  }
}

static bool parse(int argc, char **argv, struct plot_options *plot, size_t *runs,
                  struct error *error) {
  const char *formats = "svg,png";
  const struct option options[] = {{.name = "--format", .value = &formats},
                                   {.name = "--out", .value = &plot->out}};
  if (!parse_arguments(argc, argv, options, 2, runs, error)) return false;
  if (!parse_formats(formats, plot, error)) return false;
  if (*runs == 0) {
    error_set(error, ERROR_USAGE, "plot needs the folder of a run");
    return error_help(error, "for example: crosslane plot runs/quickstart");
  }
  if (*runs > 1 && plot->out != NULL) {
    error_set(error, ERROR_USAGE, "--out holds the pictures of one run, found %zu runs", *runs);
    return error_help(error, "without it each run's pictures go to its own plots folder");
  }
  return true;
}

int command_plot(int argc, char **argv) {
  struct error error = {0};
  struct plot_options options = {0};
  size_t runs;
  if (!parse(argc, argv, &options, &runs, &error)) return fail(&error);
  struct text written = {0};
  bool done = true;
  for (size_t i = 0; done && i < runs; i++) {
    done = plot_run(argv[1 + i], &options, &written, &error);
  }
  bool printed = print_text(&written);
  if (!done) return fail(&error);
  return printed ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
