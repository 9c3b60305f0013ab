/* Pictures drawn by gnuplot, each with its data file and its script beside it:
 * `cd FOLDER && gnuplot NAME.gp` draws the same picture again. */
#ifndef CROSSLANE_PLOTS_PICTURE_H
#define CROSSLANE_PLOTS_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Without any format set: svg. */
struct plot_options {
  bool svg, png, text;
  bool passing;    /* the folder does not last: no error points at it */
  size_t width;    /* of a line of text; 0: TEXT_WIDTH */
  const char *out; /* folder, made if need be; NULL: the caller's default */
};

/* Start from {0}. */
struct picture {
  struct text name;      /* of script, data file and pictures */
  const char *script;    /* the text of a .gp file */
  struct text variables; /* what stands above the script */
  struct text data;
  const char *title; /* for people */
  bool no_text;      /* it says nothing in characters */
  bool needs_light;  /* its colours are for a light page */
};

/* Writes data files and scripts, then draws them; the paths of the pictures go
 * to `written`. The folder is there. A picture appears in it whole or not at all.
 * ERROR_SYSTEM also when only the PNG cannot be drawn: the others are there. */
bool pictures_draw(const struct picture *picture, size_t count, const char *folder,
                   const struct plot_options *options, struct text *written, struct error *error);
void pictures_clear(struct picture *picture, size_t count);

#endif
