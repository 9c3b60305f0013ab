#include <stdio.h>

#include "cli/cli.h"

int cli_fail(const struct error *error) {
  (void)fflush(stdout);
  (void)fprintf(stderr, "crosslane: %s\n", error->message);
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

void cli_warn(struct text *text) {
  if (text->length > 0) {
    const bool ended = text->text[text->length - 1] == '\n';
    (void)fprintf(stderr, "crosslane: warning: %s%s", text->text, ended ? "" : "\n");
  }
  text_clear(text);
}

int cli_print(struct text *text) {
  bool whole = !text->failed;
  if (whole && text->length > 0) {
    whole = fwrite(text->text, 1, text->length, stdout) == text->length;
  }
  whole = fflush(stdout) == 0 && whole;
  if (!whole) (void)fprintf(stderr, "crosslane: cannot write the output\n");
  text_clear(text);
  return whole ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
