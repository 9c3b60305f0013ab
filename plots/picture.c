#include "plots/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "plots/gnuplot.h"
#include "plots/picture_parts.h"
#include "plots/plot_syntax.h"

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

static bool write_script(const struct picture *picture, const char *folder, const char *formats,
                         struct error *error) {
  const char *name = picture->name.text;
  struct text script = {0}, data = {0};
  text_add(&script, "# Written by crosslane plot. `gnuplot %s.gp` draws the picture again.\n",
           name);
  text_add(&script, "%s", plot_script_opening);
  text_add(&data, "%s.tsv", name);
  plot_add_variable(&script, "data", data.failed ? "" : data.text);
  text_add(&script, "%s", picture->variables.text);
  plot_add_variable(&script, "formats", formats);
  text_add(&script, "\n%s", picture->script);
  script.failed = script.failed || data.failed || picture->variables.failed;
  bool done = write_text(folder, name, ".gp", &script, error);
  text_clear(&script);
  text_clear(&data);
  return done;
}

static bool draw(const struct picture *picture, const char *folder,
                 const struct plot_options *options, struct text *written, struct error *error) {
  struct text script = {0};
  text_add(&script, "%s.gp", picture->name.text);
  struct text output = {0};
  bool done = script.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                            : gnuplot_run(folder, script.text, &output, error);
  if (done && options->svg) text_add(written, "%s/%s.svg\n", folder, picture->name.text);
  if (done && options->png) text_add(written, "%s/%s.png\n", folder, picture->name.text);
  if (done && output.text != NULL) text_add_bytes(written, output.text, output.length);
  if (done && written->failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  text_clear(&script);
  text_clear(&output);
  return done;
}

static struct plot_options options_for(const struct picture *picture,
                                       const struct plot_options *options) {
  struct plot_options own = *options;
  if (picture->no_text) own.text = false;
  return own;
}

/* Those of `options`, or svg without any. */
static bool write_files(const struct picture *picture, const char *folder,
                        const struct plot_options *options, struct error *error) {
  char formats[sizeof "svg png text"] = "";
  if (options->svg || (!options->png && !options->text)) strcat(formats, "svg");
  if (options->png) strcat(formats, formats[0] != '\0' ? " png" : "png");
  if (options->text) strcat(formats, formats[0] != '\0' ? " text" : "text");
  if (picture->name.failed) return error_set(error, ERROR_SYSTEM, "out of memory");
  return write_text(folder, picture->name.text, ".tsv", &picture->data, error) &&
         write_script(picture, folder, formats, error);
}

/* All data and scripts first: without gnuplot they are what is kept. */
bool pictures_draw(const struct picture *picture, size_t count, const char *folder,
                   const struct plot_options *options, struct text *written, struct error *error) {
  struct plot_options chosen = *options;
  if (!chosen.svg && !chosen.png && !chosen.text) chosen.svg = true;
  bool done = true;
  for (size_t i = 0; done && i < count; i++) {
    struct plot_options own = options_for(&picture[i], &chosen);
    done = write_files(&picture[i], folder, &own, error);
  }
  for (size_t i = 0; done && i < count; i++) {
    struct plot_options own = options_for(&picture[i], &chosen);
    if (own.svg || own.png || own.text) done = draw(&picture[i], folder, &own, written, error);
  }
  return done;
}

void pictures_clear(struct picture *picture, size_t count) {
  for (size_t i = 0; i < count; i++) {
    text_clear(&picture[i].name);
    text_clear(&picture[i].variables);
    text_clear(&picture[i].data);
    picture[i].script = NULL;
  }
}
