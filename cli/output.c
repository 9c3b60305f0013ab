#include <stdio.h>
#include <string.h>

#include "base/plain.h"
#include "base/text_table.h"
#include "cli/cli.h"

/* The bytes of a style of our own at `at`: what else begins with an escape has
 * come from a file. */
static size_t style_length(const char *at) {
  static const char *const styles[] = {TEXT_TABLE_BOLD, TEXT_TABLE_PLAIN, TEXT_TABLE_WARNING};
  for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
    if (strncmp(at, styles[i], strlen(styles[i])) == 0) return strlen(styles[i]);
  }
  return 0;
}

/* Nothing but this text and its styles reaches the terminal. */
static void add_shown(struct text *shown, const char *text) {
  while (*text != '\0') {
    size_t length = *text == '\033' ? style_length(text) : 0;
    if (length > 0) {
      text_add_bytes(shown, text, length);
    } else {
      length = strcspn(text + 1, "\033") + 1;
      plain_add_lines(shown, text, length);
    }
    text += length;
  }
}

int cli_fail(const struct error *error) {
  struct text message = {0};
  (void)fflush(stdout);
  text_add(&message, "crosslane: %s\n", error->message);
  cli_tell(&message);
  switch (error->kind) {
    case ERROR_USAGE:
    case ERROR_CONFIG:
      return EXIT_USAGE;
    case ERROR_DATA:
      return EXIT_DATA;
    case ERROR_INTERRUPTED:
      return EXIT_INTERRUPTED;
    default:
      return EXIT_TRIAL_FAILED;
  }
}

void cli_tell(struct text *text) {
  struct text shown = {0};
  if (text->text != NULL) add_shown(&shown, text->text);
  const bool whole = !text->failed && !shown.failed;
  if (shown.text != NULL || !whole) {
    (void)fputs(whole ? shown.text : "crosslane: out of memory\n", stderr);
  }
  text_clear(&shown);
  text_clear(text);
}

void cli_warn(struct text *text) {
  struct text warning = {0};
  if (text->length > 0) {
    const bool ended = text->text[text->length - 1] == '\n';
    text_add(&warning, "crosslane: warning: %s%s", text->text, ended ? "" : "\n");
  }
  cli_tell(&warning);
  text_clear(text);
}

void cli_fold(struct text *text, size_t width) {
  if (width == 0 || text->failed || text->text == NULL) return;
  struct text folded = {0};
  char *rest = text->text;
  for (char *line; *rest != '\0';) {
    line = rest;
    rest += strcspn(rest, "\n");
    if (*rest != '\0') *rest++ = '\0';
    text_table_add_paragraph(&folded, line, width);
  }
  text_clear(text);
  *text = folded;
}

int cli_print(struct text *text) {
  struct text shown = {0};
  if (text->text != NULL) add_shown(&shown, text->text);
  bool whole = !text->failed && !shown.failed;
  if (whole && shown.length > 0) {
    whole = fwrite(shown.text, 1, shown.length, stdout) == shown.length;
  }
  whole = fflush(stdout) == 0 && whole;
  if (!whole) (void)fprintf(stderr, "crosslane: cannot write the output\n");
  text_clear(&shown);
  text_clear(text);
  return whole ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
