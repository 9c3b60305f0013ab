#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "results/plot.h"
#include "speeds/plot_speeds.h"

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

/* A run is a folder; a file is one of the bench. */
static bool are_files(char **operands, size_t count, bool *files, struct error *error) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    found += file_exists(operands[i]) && !file_is_folder(operands[i]);
  }
  *files = found > 0;
  return found == 0 || found == count ||
         error_set(error, ERROR_USAGE,
                   "plot takes folders of runs or files of the bench, not both");
}

static bool parse(int argc, char **argv, struct plot_options *plot, size_t *runs, bool *files,
                  struct error *error) {
  const char *formats = "svg,png";
  const struct option options[] = {{.name = "--format", .value = &formats},
                                   {.name = "--out", .value = &plot->out}};
  if (!parse_arguments(argc, argv, options, 2, runs, error)) return false;
  if (!parse_formats(formats, plot, error)) return false;
  if (*runs == 0) {
    error_set(error, ERROR_USAGE, "plot needs the folder of a run, or a file of the bench");
    return error_help(error, "for example: crosslane plot runs/quickstart");
  }
  if (!are_files(argv + 1, *runs, files, error)) return false;
  if (!*files && *runs > 1 && plot->out != NULL) {
    error_set(error, ERROR_USAGE, "--out holds the pictures of one run, found %zu runs", *runs);
    return error_help(error, "without it each run's pictures go to its own plots folder");
  }
  return true;
}

/* What was drawn is a result; what was not is a message. */
static bool draw_run(const char *run, const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct text left_out = {0};
  bool done = plot_run(run, options, written, &left_out, error);
  if (done && left_out.text != NULL && !left_out.failed) {
    (void)fprintf(stderr, "%s: not drawn: %s\n", run, left_out.text);
  }
  text_clear(&left_out);
  return done;
}

int command_plot(int argc, char **argv) {
  struct error error = {0};
  struct plot_options options = {0};
  size_t runs;
  bool files = false;
  if (!parse(argc, argv, &options, &runs, &files, &error)) return fail(&error);
  struct text written = {0};
  bool done = true;
  if (files) {
    done = plot_speeds((const char *const *)(argv + 1), runs, &options, &written, &error);
  }
  for (size_t i = 0; done && !files && i < runs; i++) {
    done = draw_run(argv[1 + i], &options, &written, &error);
  }
  bool printed = print_text(&written);
  if (!done) return fail(&error);
  return printed ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
