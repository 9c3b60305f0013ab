#include "results/plot.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "results/gnuplot.h"
#include "results/plot_parts.h"

/* Its name is that of script, data file and pictures. */
struct picture {
  const char *name, *title, *script;
  size_t limit; /* of architectures */
  void (*data)(const struct summary *summary, struct text *text);
};

static const struct picture pictures[] = {
    {"mse_by_architecture", "test MSE by architecture", plot_script_mse_by_architecture,
     PLOT_ARCHITECTURES, plot_data_mse},
    {"learning_curves", "learning curves", plot_script_learning_curves, PLOT_CURVES,
     plot_data_curves},
};
enum { PICTURES = sizeof pictures / sizeof pictures[0] };

static bool write_text(const char *folder, const char *name, const char *ending,
                       const struct text *text, struct error *error) {
  if (text->failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  struct text file = {0};
  text_add(&file, "%s%s", name, ending);
  char *path = file.failed ? NULL : file_join(folder, file.text, error);
  if (file.failed) error_set(error, ERROR_SYSTEM, "out of memory");
  bool done = path != NULL && file_write_atomic(path, text->text, text->length, error);
  free(path);
  text_clear(&file);
  return done;
}

static bool write_data(const struct picture *picture, const struct summary *summary,
                       const char *folder, struct error *error) {
  struct text data = {0};
  picture->data(summary, &data);
  bool done = write_text(folder, picture->name, ".tsv", &data, error);
  text_clear(&data);
  return done;
}

static bool write_script(const struct picture *picture, const struct summary *summary,
                         const char *folder, const char *formats, struct error *error) {
  struct text script = {0};
  text_add(&script, "# Written by crosslane plot. `gnuplot %s.gp` draws the picture again.\n",
           picture->name);
  plot_variables(summary, picture->title, picture->limit, formats, &script);
  text_add(&script, "\n%s", picture->script);
  bool done = write_text(folder, picture->name, ".gp", &script, error);
  text_clear(&script);
  return done;
}

static bool draw(const struct picture *picture, const char *folder,
                 const struct plot_options *options, struct text *written, struct error *error) {
  struct text script = {0};
  text_add(&script, "%s.gp", picture->name);
  struct text output = {0};
  bool done = script.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                            : gnuplot_run(folder, script.text, &output, error);
  if (done && options->svg) text_add(written, "%s/%s.svg\n", folder, picture->name);
  if (done && options->png) text_add(written, "%s/%s.png\n", folder, picture->name);
  if (done && output.text != NULL) text_add_bytes(written, output.text, output.length);
  if (done && written->failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&script);
  text_clear(&output);
  return done;
}

/* All data and scripts first: without gnuplot they are what is kept. */
static bool draw_all(const struct summary *summary, const char *folder,
                     const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct text formats = {0};
  text_add(&formats, "%s%s%s", options->svg ? "svg " : "", options->png ? "png " : "",
           options->text ? "text " : "");
  bool done = !formats.failed || error_set(error, ERROR_SYSTEM, "out of memory");
  if (done) formats.text[formats.length - 1] = '\0';
  for (size_t i = 0; done && i < PICTURES; i++) {
    done = write_data(&pictures[i], summary, folder, error) &&
           write_script(&pictures[i], summary, folder, formats.text, error);
  }
  for (size_t i = 0; done && i < PICTURES; i++) {
    done = draw(&pictures[i], folder, options, written, error);
  }
  text_clear(&formats);
  return done;
}

static bool any_trial(const struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (summary->row[i].trials > 0) return true;
  }
  return false;
}

bool plot_run(const char *run, const struct plot_options *options, struct text *written,
              struct error *error) {
  struct summary summary;
  if (!summary_read(run, &summary, error)) return false;
  struct plot_options chosen = *options;
  if (!chosen.svg && !chosen.png && !chosen.text) chosen.svg = true;
  char *folder = chosen.out != NULL ? file_join("", chosen.out, error)
                                    : file_join(summary.run, "plots", error);
  bool done = folder != NULL;
  if (done && !any_trial(&summary)) {
    done = error_set(error, ERROR_USAGE, "no trial of '%s' has finished: nothing to draw", run);
  }
  done = done && file_make_folders(folder, error) &&
         draw_all(&summary, folder, &chosen, written, error);
  free(folder);
  summary_clear(&summary);
  return done;
}
