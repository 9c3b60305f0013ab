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

/* Bytes of `text` for a line of `columns`: all when it fits, else up to the
 * last blank that leaves a line of that width, else as many whole characters as
 * fit, and one at least. */
size_t width_fit(const char *text, size_t columns);

#endif
