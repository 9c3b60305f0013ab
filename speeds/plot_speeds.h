/* `crosslane plot FILE.json...`: pictures of kernel speeds, of one machine or of
 * several machines or commits in one picture. */
#ifndef CROSSLANE_SPEEDS_PLOT_SPEEDS_H
#define CROSSLANE_SPEEDS_PLOT_SPEEDS_H

#include "base/error.h"
#include "base/text.h"
#include "plots/picture.h"
#include "speeds/speed_lines.h"

enum { PLOT_SPEEDS_FILES = MACHINES_MOST };

/* Draws files of `crosslane bench --out`: kernel_speed_dense, _tables and
 * _vectors, each kernel and shape with its roof, and roofline. Of one machine with
 * every instruction set, of several with the best of each, all on one axis; more lines
 * than a screen has go on in kernel_speed_dense_2 and so on. Default folder:
 * "plots" beside the first file. Times under emulation are no speeds: such a
 * file is named in the pictures and not drawn; nothing else than such is
 * ERROR_USAGE, as are text pictures. */
bool plot_speeds(const char *const *paths, size_t count, const struct plot_options *options,
                 struct text *written, struct error *error);

#endif
