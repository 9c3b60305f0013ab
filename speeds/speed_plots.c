#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "plots/plot_syntax.h"
#include "speeds/speed_parts.h"

enum { PICTURES = PARTS + 1 };

static void name_emulated(const struct speeds *file, size_t count, struct text *out) {
  for (size_t i = 0; i < count; i++) {
    if (!file[i].emulated) continue;
    text_add(out, "%sEMULATED, times not drawn: %s (%s)", out->length > 0 ? "; " : "", file[i].path,
             file[i].cpu);
  }
}

static bool draw_one(const struct machines *machines, int number, struct picture *picture,
                     bool *drawn, struct error *error) {
  const enum speed_part part = (enum speed_part)number;
  if (number == PARTS) return roofline_picture(machines, picture, drawn, error);
  if (machines->count > 1) return machines_picture(machines, part, picture, drawn, error);
  return speed_picture(machines, part, picture, drawn, error);
}

static bool draw_all(const struct speeds *file, size_t count, const struct machines *machines,
                     const char *folder, const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct picture pictures[PICTURES] = {{.script = NULL}};
  struct text emulated = {0};
  name_emulated(file, count, &emulated);
  size_t made = 0;
  bool done = true;
  for (int i = 0; done && i < PICTURES; i++) {
    struct picture *picture = &pictures[made];
    bool drawn = false;
    done = draw_one(machines, i, picture, &drawn, error);
    if (!drawn) continue;
    plot_add_variable(&picture->variables, "subtitle", emulated.text != NULL ? emulated.text : "");
    made++;
  }
  if (done && made == 0) done = error_set(error, ERROR_USAGE, "no kernel was timed");
  done = done && file_make_folders(folder, error) &&
         pictures_draw(pictures, made, folder, options, written, error);
  pictures_clear(pictures, PICTURES);
  text_clear(&emulated);
  return done;
}

static char *folder_of(const char *path, const char *out, struct error *error) {
  if (out != NULL) return file_join("", out, error);
  char *beside = file_folder(path, error);
  char *folder = beside != NULL ? file_join(beside, "plots", error) : NULL;
  free(beside);
  return folder;
}

bool plot_speeds(const char *const *paths, size_t count, const struct plot_options *options,
                 struct text *written, struct error *error) {
  if (count == 0 || count > PLOT_SPEEDS_FILES) {
    return error_set(error, ERROR_USAGE, "plot takes 1 to %d files of the bench, found %zu",
                     PLOT_SPEEDS_FILES, count);
  }
  if (options->text) {
    error_set(error, ERROR_USAGE, "--format text: kernel speeds are drawn as svg or png");
    return error_help(error, "'crosslane compare' prints them as a table");
  }
  struct speeds file[PLOT_SPEEDS_FILES] = {{0}};
  bool done = true;
  size_t read = 0;
  for (; done && read < count; read++) done = speeds_read(paths[read], &file[read], error);
  const struct machines machines = machines_of(file, done ? read : 0);
  if (done && machines.count == 0) {
    done = error_set(error, ERROR_USAGE,
                     "%s was measured under emulation: there are no speeds to draw", paths[0]);
  }
  char *folder = done ? folder_of(paths[0], options->out, error) : NULL;
  done = folder != NULL && draw_all(file, count, &machines, folder, options, written, error);
  free(folder);
  for (size_t i = 0; i < read; i++) speeds_clear(&file[i]);
  return done;
}
