#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "speeds/speed_parts.h"

enum { PAGES_MOST = 4, PICTURES = PARTS * PAGES_MOST + 1 };

static void name_emulated(const struct speeds *file, size_t count, struct text *out) {
  for (size_t i = 0; i < count; i++) {
    if (!file[i].emulated) continue;
    text_add(out, "%sEMULATED, times not drawn: %s (%s)", out->length > 0 ? "; " : "", file[i].path,
             file[i].cpu);
  }
}

/* The pages of a part, from `made` on. */
static bool make_part(const struct machines *machines, enum speed_part part, const char *emulated,
                      struct picture *pictures, size_t *made, struct error *error) {
  for (size_t page = 0; page < PAGES_MOST; page++) {
    bool drawn = false;
    if (!speed_picture(machines, part, page, emulated, &pictures[*made], &drawn, error)) {
      return false;
    }
    if (!drawn) return true;
    ++*made;
  }
  return true;
}

static bool make_all(const struct machines *machines, const char *emulated,
                     struct picture *pictures, size_t *made, struct error *error) {
  for (int part = 0; part < PARTS; part++) {
    if (!make_part(machines, (enum speed_part)part, emulated, pictures, made, error)) return false;
  }
  bool drawn = false;
  if (!roofline_picture(machines, emulated, &pictures[*made], &drawn, error)) return false;
  *made += drawn;
  return *made > 0 || error_set(error, ERROR_USAGE, "no kernel was timed");
}

static bool draw_all(const struct speeds *file, size_t count, const struct machines *machines,
                     const char *folder, const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct picture pictures[PICTURES] = {{.script = NULL}};
  struct text emulated = {0};
  name_emulated(file, count, &emulated);
  size_t made = 0;
  const bool done =
      make_all(machines, emulated.text != NULL ? emulated.text : "", pictures, &made, error) &&
      file_make_folders(folder, error) &&
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
