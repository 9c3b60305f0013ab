#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
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
  *plot = (struct plot_options){.svg = (formats & FORMAT_SVG) != 0,
                                .png = (formats & FORMAT_PNG) != 0,
                                .text = (formats & FORMAT_TEXT) != 0,
                                .width = cli_width(STDOUT_FILENO),
                                .out = asked->out};
  if (!are_files(&asked->operands, files, error)) return false;
  return true;
}

/* What was drawn is a result; what was not is a message. */
static bool draw_run(const struct summary *summary, const struct plot_options *options,
                     struct text *written, struct error *error) {
  struct text left_out = {0}, note = {0};
  const bool done = plot_summary(summary, options, written, &left_out, error);
  if (done && left_out.text != NULL && !left_out.failed) {
    text_add(&note, "%s: not drawn: %s\n", summary->run, left_out.text);
  }
  cli_fold(&note, cli_width(STDERR_FILENO));
  cli_tell(&note);
  text_clear(&left_out);
  return done;
}

static bool draw_runs(const struct operands *operands, const struct plot_options *options,
                      struct text *written, struct error *error) {
  struct text damaged = {0};
  size_t made;
  struct summary *summaries = memory_array(operands->count, sizeof *summaries, error);
  if (summaries == NULL) return false;
  bool done = summary_read_all(operands->item, operands->count, summaries, &made, &damaged, error);
  cli_warn(&damaged);
  if (done && made > 1 && options->out != NULL) {
    error_set(error, ERROR_USAGE, "--out holds the pictures of one run, found %zu runs", made);
    done = error_help(error, "without it each run's pictures go to its own plots folder");
  }
  for (size_t i = 0; done && i < made; i++) {
    done = draw_run(&summaries[i], options, written, error);
  }
  for (size_t i = 0; i < made; i++) summary_clear(&summaries[i]);
  free(summaries);
  return done;
}

int command_plot(const struct plot_command *asked) {
  struct error error = {0};
  struct plot_options options;
  const struct operands *operands = &asked->operands;
  bool files = false;
  if (!choose(asked, &options, &files, &error)) return cli_fail(&error);
  struct text written = {0};
  const bool done = files ? plot_speeds(operands->item, operands->count, &options, &written, &error)
                          : draw_runs(operands, &options, &written, &error);
  const int printed = cli_print(&written);
  return done ? printed : cli_fail(&error);
}
