#include "plots/png_ability.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scratch.h"
#include "plots/gnuplot.h"
#include "plots/picture_check.h"
#include "plots/picture_parts.h"

#define SCRIPT "png_ability.gp"

static bool no_terminal(struct error *error) {
  error_set(error, ERROR_SYSTEM, "this gnuplot draws no PNG: it has no terminal pngcairo");
  return error_help(error, "--format svg draws without it; Debian's gnuplot-nox has it");
}

static bool no_letters(struct error *error) {
  error_set(error, ERROR_SYSTEM, "no PNG is drawn: without a font it would have no letters");
  return error_help(error,
                    "install a font (Debian and Ubuntu: fonts-dejavu-core), or draw --format svg");
}

/* A picture of the folder; NULL when it is not there or not whole. */
static char *read_png(const char *folder, const char *name, size_t *size) {
  struct error error;
  char *path = file_join(folder, name, &error);
  char *bytes = path != NULL ? file_read(path, FILE_MOST_JSON, size, ERROR_SYSTEM, &error) : NULL;
  free(path);
  if (bytes != NULL && picture_check_png(bytes, *size) == NULL) return bytes;
  free(bytes);
  return NULL;
}

static bool differ(const char *folder, struct error *error) {
  size_t size = 0, other_size = 0;
  char *bytes = read_png(folder, "I.png", &size), *other = read_png(folder, "M.png", &other_size);
  bool good = bytes != NULL && other != NULL;
  if (!good) {
    error_set(error, ERROR_SYSTEM, "gnuplot could not draw a PNG");
    error_help(error, "is the disk full? The variable TMPDIR names another place");
  } else if (size == other_size && memcmp(bytes, other, size) == 0) {
    good = no_letters(error);
  }
  free(bytes);
  free(other);
  return good;
}

bool png_ability(struct error *error) {
  struct scratch scratch;
  if (!scratch_make(&scratch, error)) return false;
  const char *folder = scratch.folder;
  char *path = file_join(folder, SCRIPT, error);
  struct text output = {0};
  bool able = path != NULL && file_write_atomic(path, plot_script_png_ability,
                                                strlen(plot_script_png_ability), error);
  if (able && gnuplot_run(folder, SCRIPT, NULL, &output, error)) {
    able = output.text != NULL ? differ(folder, error) : no_terminal(error);
  } else if (able && strstr(error->message, "ambiguous terminal") != NULL) {
    able = no_terminal(error); /* it is listed and does not load */
  }
  text_clear(&output);
  free(path);
  scratch_remove(&scratch);
  return able;
}
