#include "results/plot.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "results/plot_view.h"

static const struct {
  const char *name, *title;
  plot_maker *make;
  bool no_text, needs_light;
} kinds[] = {
    {"mse_by_architecture", "Test MSE by architecture", plot_make_mse, false, false},
    {"mse_against_runtime", "Test MSE against training time", plot_make_runtime, false, false},
    {"mse_against_parameters", "Test MSE against parameters", plot_make_parameters, false, false},
    {"mse_against_wide_columns", "Test MSE against one-hot columns", plot_make_wide, false, false},
    {"mse_against_deep_columns", "Test MSE against deep columns", plot_make_deep, false, false},
    {"mse_against_depth", "Test MSE against depth", plot_make_depth, false, false},
    {"heat_map", "Test MSE by two keys", plot_make_heat_map, false, false},
    {"importance", "Hyperparameter importance", plot_make_importance, false, false},
    {"parallel_coordinates", "Parallel coordinates", plot_make_parallel, true, true},
    {"learning_curves", "Learning curves", plot_make_curves, false, false},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void leave_out(const char *name, const char *why, struct text *left_out) {
  text_add(left_out, "%s%s (%s)", left_out->length > 0 ? "; " : "", name, why);
}

bool plot_pictures(const struct plot_view *view, struct picture **pictures, size_t *count,
                   struct text *left_out, struct error *error) {
  *count = 0;
  *pictures = memory_array(KINDS, sizeof **pictures, error);
  bool done = *pictures != NULL;
  for (size_t i = 0; done && i < KINDS; i++) {
    struct picture *picture = &(*pictures)[*count];
    struct text why = {0};
    done = kinds[i].make(view, picture, &why, error);
    if (picture->script != NULL) {
      text_add(&picture->name, "%s", kinds[i].name);
      picture->title = kinds[i].title;
      picture->no_text = kinds[i].no_text;
      picture->needs_light = kinds[i].needs_light;
      ++*count;
    } else {
      pictures_clear(picture, 1);
      leave_out(kinds[i].name, why.failed || why.text == NULL ? "" : why.text, left_out);
    }
    text_clear(&why);
  }
  return done;
}

static bool draw_all(const struct summary *summary, const char *folder,
                     const struct plot_options *options, struct text *written,
                     struct text *left_out, struct error *error) {
  struct plot_view view;
  struct picture *pictures = NULL;
  size_t count = 0;
  bool done = plot_view_init(&view, summary, false, error) &&
              plot_pictures(&view, &pictures, &count, left_out, error) &&
              pictures_draw(pictures, count, folder, options, written, error);
  for (size_t i = 0; done && options->text && i < count; i++) {
    if (pictures[i].no_text) leave_out(pictures[i].name.text, "no text picture", left_out);
  }
  pictures_clear(pictures, count);
  free(pictures);
  plot_view_clear(&view);
  return done;
}

bool plot_has_trial(const struct summary *summary) {
  for (size_t i = 0; i < summary->rows; i++) {
    if (summary_finished(&summary->row[i])) return true;
  }
  return false;
}

bool plot_summary(const struct summary *summary, const struct plot_options *options,
                  struct text *written, struct text *left_out, struct error *error) {
  char *folder = options->out != NULL ? file_join("", options->out, error)
                                      : file_join(summary->run, "plots", error);
  bool done = folder != NULL;
  if (done && !plot_has_trial(summary)) {
    done = error_set(error, ERROR_USAGE, "no trial of '%s' has finished: nothing to draw",
                     summary->run);
  }
  done = done && file_make_folders(folder, error) &&
         draw_all(summary, folder, options, written, left_out, error);
  free(folder);
  return done;
}

bool plot_run(const char *run, const struct plot_options *options, struct text *written,
              struct text *left_out, struct text *damaged, struct error *error) {
  struct summary summary;
  if (!summary_read(run, &summary, damaged, error)) return false;
  const bool done = plot_summary(&summary, options, written, left_out, error);
  summary_clear(&summary);
  return done;
}
