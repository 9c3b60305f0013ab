#include "results/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "results/gnuplot.h"
#include "results/plot_parts.h"

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

/* All data and scripts first: without gnuplot they are what is kept. */
bool pictures_draw(const struct picture *picture, size_t count, const char *folder,
                   const struct plot_options *options, struct text *written, struct error *error) {
  struct plot_options chosen = *options;
  if (!chosen.svg && !chosen.png && !chosen.text) chosen.svg = true;
  struct text formats = {0};
  text_add(&formats, "%s%s%s", chosen.svg ? "svg " : "", chosen.png ? "png " : "",
           chosen.text ? "text " : "");
  bool done = !formats.failed;
  for (size_t i = 0; i < count; i++) done = done && !picture[i].name.failed;
  if (done) formats.text[formats.length - 1] = '\0';
  if (!done) error_set(error, ERROR_SYSTEM, "out of memory");
  for (size_t i = 0; done && i < count; i++) {
    done = write_text(folder, picture[i].name.text, ".tsv", &picture[i].data, error) &&
           write_script(&picture[i], folder, formats.text, error);
  }
  for (size_t i = 0; done && i < count; i++) {
    done = draw(&picture[i], folder, &chosen, written, error);
  }
  text_clear(&formats);
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
