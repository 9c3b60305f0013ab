#include "plots/picture.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scratch.h"
#include "base/width.h"
#include "plots/gnuplot.h"
#include "plots/picture_check.h"
#include "plots/picture_parts.h"
#include "plots/plot_syntax.h"
#include "plots/png_ability.h"

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
                         size_t columns, struct error *error) {
  const char *name = picture->name.text;
  struct text script = {0}, data = {0};
  text_add(&script, "# Written by crosslane plot. `gnuplot %s.gp` draws the picture again.\n",
           name);
  text_add(&script, "%s", plot_script_opening);
  text_add(&data, "%s.tsv", name);
  plot_add_variable(&script, "data", data.failed ? "" : data.text);
  if (picture->variables.text != NULL) text_add(&script, "%s", picture->variables.text);
  plot_add_variable(&script, "formats", formats);
  plot_add_count_variable(&script, "text_columns", columns);
  text_add(&script, "\n%s", picture->script);
  script.failed = script.failed || data.failed || picture->variables.failed;
  bool done = write_text(folder, name, ".gp", &script, error);
  text_clear(&script);
  text_clear(&data);
  return done;
}

/* Within what pictures in characters can bear. */
static size_t width_of_text(const struct plot_options *options) {
  enum { LEAST = 60, MOST = 200 };
  if (options->width == 0) return TEXT_WIDTH;
  return options->width < LEAST ? LEAST : options->width > MOST ? MOST : options->width;
}

static bool unfinished(const char *name, const char *fault, struct error *error) {
  error_set(error, ERROR_SYSTEM, "gnuplot left %s unfinished: %s", name, fault);
  return error_help(error, "is the disk full? The variable TMPDIR names another place to draw in");
}

typedef const char *checker(const char *bytes, size_t size);

/* Takes a picture from where it was drawn to its folder, when it is whole. */
static bool keep(const char *drawn, const char *folder, const char *name, checker *check,
                 struct text *written, struct error *error) {
  char *from = file_join(drawn, name, error), *to = file_join(folder, name, error);
  bool good = from != NULL && to != NULL;
  size_t size = 0;
  char *bytes = NULL;
  if (good && !file_exists(from)) {
    good = unfinished(name, "there is no such file", error);
  } else if (good) {
    bytes = file_read(from, FILE_MOST_JSON, &size, ERROR_SYSTEM, error);
    good = bytes != NULL;
  }
  const char *fault = good ? check(bytes, size) : NULL;
  if (fault != NULL) good = unfinished(name, fault, error);
  good = good && file_write_atomic(to, bytes, size, error);
  if (good) text_add(written, "%s\n", to);
  free(bytes);
  free(from);
  free(to);
  return good;
}

static bool keep_all(const struct picture *picture, const char *drawn, const char *folder,
                     const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct text svg = {0}, png = {0};
  text_add(&svg, "%s.svg", picture->name.text);
  text_add(&png, "%s.png", picture->name.text);
  bool good = !svg.failed && !png.failed;
  if (!good) error_set(error, ERROR_SYSTEM, "out of memory");
  if (good && options->svg) {
    good = keep(drawn, folder, svg.text, picture_check_svg, written, error);
  }
  if (good && options->png) {
    good = keep(drawn, folder, png.text, picture_check_png, written, error);
  }
  text_clear(&svg);
  text_clear(&png);
  return good;
}

/* Text as it was printed, but for lines that are wider than a terminal: names
 * below a picture are broken at blanks. */
static void add_folded(struct text *out, const char *printed, size_t width) {
  enum { INDENT = 6 };
  for (const char *at = printed; *at != '\0';) {
    size_t length = strcspn(at, "\n");
    struct text line = {0};
    text_add_bytes(&line, at, length);
    at += length + (at[length] == '\n');
    /* a form feed begins each of gnuplot's pages */
    while (line.length > 0 && strchr(" \f", line.text[line.length - 1]) != NULL) {
      line.text[--line.length] = '\0';
    }
    const char *rest = line.text != NULL ? line.text : "";
    size_t fits = width_fit(rest, width);
    text_add(out, "%.*s\n", (int)fits, rest);
    for (rest += fits; *rest != '\0'; rest += fits) {
      rest += strspn(rest, " ");
      fits = width_fit(rest, width - INDENT);
      text_add(out, "%*s%.*s\n", INDENT, "", (int)fits, rest);
    }
    out->failed |= line.failed;
    text_clear(&line);
  }
}

static bool draw(const struct picture *picture, const char *folder, const char *place,
                 const struct plot_options *options, struct text *written, struct error *error) {
  struct text script = {0}, output = {0};
  text_add(&script, "%s.gp", picture->name.text);
  bool done = script.failed ? error_set(error, ERROR_SYSTEM, "out of memory")
                            : gnuplot_run(folder, script.text, place, &output, error);
  done = done && keep_all(picture, place, folder, options, written, error);
  if (done && options->text && output.text == NULL) {
    done = unfinished(picture->name.text, "it printed nothing", error);
  }
  if (done && output.text != NULL) add_folded(written, output.text, width_of_text(options));
  if (done && (written->failed || output.failed)) {
    done = error_set(error, ERROR_SYSTEM, "out of memory");
  }
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
         write_script(picture, folder, formats, width_of_text(options), error);
}

/* gnuplot draws in a folder of its own, so that neither a kill nor a full disk
 * leaves half a picture among the others. */
static bool draw_all(const struct picture *picture, size_t count, const char *folder,
                     const struct plot_options *options, struct text *written,
                     struct error *error) {
  struct scratch place;
  bool done = scratch_make(&place, error);
  for (size_t i = 0; done && i < count; i++) {
    const struct plot_options own = options_for(&picture[i], options);
    if (own.svg || own.png || own.text) {
      done = draw(&picture[i], folder, place.folder, &own, written, error);
    }
  }
  scratch_remove(&place);
  return done;
}

/* All data and scripts first: without gnuplot they are what is kept. Where there
 * can be no PNG, the other formats are drawn before that is said. */
bool pictures_draw(const struct picture *picture, size_t count, const char *folder,
                   const struct plot_options *options, struct text *written, struct error *error) {
  struct plot_options chosen = *options;
  if (!chosen.svg && !chosen.png && !chosen.text) chosen.svg = true;
  struct error fault = {0};
  const bool able = !chosen.png || png_ability(&fault);
  if (!able && (chosen.svg || chosen.text)) chosen.png = false;
  bool done = true;
  for (size_t i = 0; done && i < count; i++) {
    const struct plot_options own = options_for(&picture[i], &chosen);
    done = write_files(&picture[i], folder, &own, error);
  }
  chosen.png = chosen.png && able;
  if (!done) return false;
  if (!draw_all(picture, count, folder, &chosen, written, error)) {
    if (options->passing) return false;
    return error_help(error, "data and scripts are in %s; `gnuplot NAME.gp` there draws them",
                      folder);
  }
  if (!able) *error = fault;
  return able;
}

void pictures_clear(struct picture *picture, size_t count) {
  for (size_t i = 0; i < count; i++) {
    text_clear(&picture[i].name);
    text_clear(&picture[i].variables);
    text_clear(&picture[i].data);
    picture[i].script = NULL;
  }
}
