#include "results/plot.h"

#include <stdlib.h>

#include "base/file.h"
#include "results/picture.h"
#include "results/plot_parts.h"

static const struct {
  const char *name, *title, *script;
  size_t limit; /* of architectures */
  void (*data)(const struct summary *summary, struct text *text);
} kinds[] = {
    {"mse_by_architecture", "test MSE by architecture", plot_script_mse_by_architecture,
     PLOT_ARCHITECTURES, plot_data_mse},
    {"learning_curves", "learning curves", plot_script_learning_curves, PLOT_CURVES,
     plot_data_curves},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool draw_all(const struct summary *summary, const char *folder,
                     const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct picture pictures[KINDS] = {{.script = NULL}};
  for (size_t i = 0; i < KINDS; i++) {
    struct picture *picture = &pictures[i];
    picture->script = kinds[i].script;
    text_add(&picture->name, "%s", kinds[i].name);
    plot_variables(summary, kinds[i].title, kinds[i].limit, &picture->variables);
    kinds[i].data(summary, &picture->data);
  }
  bool done = pictures_draw(pictures, KINDS, folder, options, written, error);
  pictures_clear(pictures, KINDS);
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
  char *folder = options->out != NULL ? file_join("", options->out, error)
                                      : file_join(summary.run, "plots", error);
  bool done = folder != NULL;
  if (done && !any_trial(&summary)) {
    done = error_set(error, ERROR_USAGE, "no trial of '%s' has finished: nothing to draw", run);
  }
  done = done && file_make_folders(folder, error) &&
         draw_all(&summary, folder, options, written, error);
  free(folder);
  summary_clear(&summary);
  return done;
}
