/* How wide a text stands on a terminal. */
#ifndef CROSSLANE_BASE_WIDTH_H
#define CROSSLANE_BASE_WIDTH_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Columns that UTF-8 `text` takes: 2 for East Asian wide characters (Unicode
 * TR11), 0 for combining marks, 1 for all others and for a byte that is not
 * UTF-8. wcwidth would depend on the locale. */
size_t width_of(const char *text);

/* Bytes of `text` for a line of `columns`: all when it fits, else up to the last
 * place that leaves a line of that width, else as many whole characters as fit,
 * and one at least. A place is a blank (not before `+`, `*`, `~` or `≈`, which
 * belong to what is before them, unless there is no other), the end of a comma or
 * of a star that joins two words, or between two wide characters; a blank rather
 * than another where the line is half full with it. */
size_t width_fit(const char *text, size_t columns);

/* Columns of the longest part of `text` between two such places: the least that
 * breaks no word. */
size_t width_least(const char *text);

#endif
