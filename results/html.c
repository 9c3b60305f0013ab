#include "results/html.h"

/* A form feed and its like have no place in HTML. */
void html_add(struct text *out, const char *text) {
  for (; *text != '\0'; text++) {
    unsigned char byte = (unsigned char)*text;
    if (byte == '&') {
      text_add(out, "&amp;");
    } else if (byte == '<') {
      text_add(out, "&lt;");
    } else if (byte == '>') {
      text_add(out, "&gt;");
    } else if (byte == '"') {
      text_add(out, "&quot;");
    } else if (byte == '\'') {
      text_add(out, "&#39;");
    } else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f) {
      text_add(out, " ");
    } else {
      text_add_bytes(out, text, 1);
    }
  }
}
