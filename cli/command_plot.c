#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "results/plot.h"
#include "speeds/plot_speeds.h"

/* A run is a folder; a file is one of the bench. */
static bool are_files(const struct operands *operands, bool *files, struct error *error) {
  size_t found = 0;
  for (size_t i = 0; i < operands->count; i++) {
    if (!file_exists(operands->item[i])) {
      error_set(error, ERROR_USAGE, "'%s': no such file or folder", operands->item[i]);
      return error_help(error,
                        "plot takes folders of runs, which 'crosslane sweep' makes, or files "
                        "of 'crosslane bench --out'");
    }
    found += file_exists(operands->item[i]) && !file_is_folder(operands->item[i]);
  }
  *files = found > 0;
  return found == 0 || found == operands->count ||
         error_set(error, ERROR_USAGE,
                   "plot takes folders of runs or files of the bench, not both");
}

/* Bits of --format, in the order of its choices; svg and png by default. */
enum { FORMAT_SVG = 1, FORMAT_PNG = 2, FORMAT_TEXT = 4 };

static bool choose(const struct plot_command *asked, struct plot_options *plot, bool *files,
                   struct error *error) {
  const unsigned formats = asked->format != 0 ? asked->format : FORMAT_SVG | FORMAT_PNG;
  const size_t runs = asked->operands.count;
  *plot = (struct plot_options){.svg = (formats & FORMAT_SVG) != 0,
                                .png = (formats & FORMAT_PNG) != 0,
                                .text = (formats & FORMAT_TEXT) != 0,
                                .out = asked->out};
  if (!are_files(&asked->operands, files, error)) return false;
  if (!*files && runs > 1 && plot->out != NULL) {
    error_set(error, ERROR_USAGE, "--out holds the pictures of one run, found %zu runs", runs);
    return error_help(error, "without it each run's pictures go to its own plots folder");
  }
  return true;
}

/* What was drawn is a result; what was not is a message. */
static bool draw_run(const char *run, const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct text left_out = {0}, damaged = {0}, note = {0};
  bool done = plot_run(run, options, written, &left_out, &damaged, error);
  cli_warn(&damaged);
  if (done && left_out.text != NULL && !left_out.failed) {
    text_add(&note, "%s: not drawn: %s\n", run, left_out.text);
  }
  cli_tell(&note);
  text_clear(&left_out);
  return done;
}

int command_plot(const struct plot_command *asked) {
  struct error error = {0};
  struct plot_options options;
  const struct operands *operands = &asked->operands;
  bool files = false;
  if (!choose(asked, &options, &files, &error)) return cli_fail(&error);
  struct text written = {0};
  bool done = true;
  if (files) done = plot_speeds(operands->item, operands->count, &options, &written, &error);
  for (size_t i = 0; done && !files && i < operands->count; i++) {
    done = draw_run(operands->item[i], &options, &written, &error);
  }
  const int printed = cli_print(&written);
  return done ? printed : cli_fail(&error);
}
