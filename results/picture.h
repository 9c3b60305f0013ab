/* Within results/: pictures with their data files and scripts in a folder. */
#ifndef CROSSLANE_RESULTS_PICTURE_H
#define CROSSLANE_RESULTS_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "results/plot.h"

/* Start from {0}. */
struct picture {
  struct text name;      /* of script, data file and pictures */
  const char *script;    /* one of results/plots/ */
  struct text variables; /* what stands above the script */
  struct text data;
  const char *title; /* for people */
  bool no_text;      /* it says nothing in characters */
  bool needs_light;  /* its colours are for a light page */
};

/* Writes data files and scripts, then draws them; the paths of the pictures go
 * to `written`. The folder is there. */
bool pictures_draw(const struct picture *picture, size_t count, const char *folder,
                   const struct plot_options *options, struct text *written, struct error *error);
void pictures_clear(struct picture *picture, size_t count);

#endif
