/* Whether a picture is whole. gnuplot says that all went well after writes that
 * failed: on a full disk it leaves files that are empty or cut. */
#ifndef CROSSLANE_PLOTS_PICTURE_CHECK_H
#define CROSSLANE_PLOTS_PICTURE_CHECK_H

#include <stddef.h>

/* NULL when the bytes are one well-formed XML document with the root `svg`
 * (entities are those of XML itself, a DOCTYPE is passed over), else what is
 * wrong: "it ends within a tag". */
const char *picture_check_svg(const char *bytes, size_t size);

/* NULL when the bytes are a PNG: a head, data, an end, and the right checksum of
 * each chunk (PNG specification, third edition, section 5); else what is wrong. */
const char *picture_check_png(const char *bytes, size_t size);

#endif
