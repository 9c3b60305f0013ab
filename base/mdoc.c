#include "base/mdoc.h"

#include <string.h>

/* A name such as train.epochs or plots/x, which must not be hyphenated. */
static bool is_name(const char *word) {
  const size_t length = strcspn(word, " ");
  for (size_t i = 0; i + 1 < length; i++) {
    if (word[i] == '_' || word[i] == '/' || (word[i] == '.' && i > 0)) return true;
  }
  return false;
}

static void add_start(struct text *text, const char *line) {
  /* There these begin a request. */
  if (*line == '.' || *line == '\'') text_add(text, "\\&");
}

void mdoc_add(struct text *text, const char *plain) {
  bool bold = false;
  add_start(text, plain);
  for (const char *at = plain; *at != '\0'; at++) {
    const bool starts = at == plain || at[-1] == ' ';
    if (starts && is_name(at)) text_add(text, "\\%%");
    if (*at == '\\') {
      text_add(text, "\\e");
    } else if (*at == '`') {
      bold = !bold;
      text_add(text, bold ? "\\fB" : "\\fR");
    } else if (*at == '-' && (bold || at[1] == '-' || (at > plain && at[-1] == '-'))) {
      text_add(text, "\\-");
    } else if (*at == ' ' && at > plain && at[-1] == '.') {
      text_add(text, "\n");
      add_start(text, at + 1);
    } else {
      text_add_bytes(text, at, 1);
    }
  }
}
