/* Text from files, made harmless. A label, a title or the name of a processor
 * may hold anything; what moves a cursor, hides or reorders other text, or is no
 * character at all must reach neither a terminal nor a picture.
 *
 * A blank stands for each control character (C0, DEL, C1) and for the separators
 * of lines and paragraphs; U+FFFD for what embeds, overrides or isolates a
 * direction of writing (U+202A-202E, U+2066-2069), for interlinear annotations
 * (U+FFF9-FFFB), tags (U+E0000-E007F), non-characters (U+FDD0-FDEF, and the last
 * two of each plane), and bytes that are not UTF-8. */
#ifndef CROSSLANE_BASE_PLAIN_H
#define CROSSLANE_BASE_PLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* One line for a terminal or a picture: line ends become blanks, too. */
void plain_add(struct text *out, const char *string);
void plain_add_bytes(struct text *out, const char *bytes, size_t count);

/* The same with line ends and tabs kept, for texts of several lines. */
void plain_add_lines(struct text *out, const char *bytes, size_t count);

/* Content or a quoted value of XML and HTML: line ends and tabs are kept, and
 * what is markup stands as an entity. */
void plain_add_markup(struct text *out, const char *string);

/* The bytes of the character at `at` when it is one of those above, with its
 * code point (a stray byte's own value); 0 when it is shown as it is. */
size_t plain_hidden(const char *at, const char *end, uint32_t *point);

#endif
