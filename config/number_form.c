#include "config/number_form.h"

#include <math.h>
#include <string.h>

/* Beyond it a whole number in a double may be another one. */
#define WHOLE_MOST 1e15

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Without a plus, underscores and zeros before others; with a digit on both
 * sides of the point, which may be a comma. False: it does not fit. */
static bool rewrite(const char *text, char form[TEXT_DOUBLE]) {
  size_t length = 0;
  bool digits = false; /* one stands before */
  if (*text == '-') form[length++] = *text;
  text += *text == '-' || *text == '+';
  while (*text == '0' && is_digit(text[1])) text++;
  for (; *text != '\0' && length < TEXT_DOUBLE - 2; text++) {
    const bool point = *text == '.' || *text == ',';
    if (*text == '_' && digits) continue;
    if (point && !is_digit(text[1])) {
      if (!digits) return false;
      continue;
    }
    if (point && !digits) form[length++] = '0';
    digits = is_digit(*text);
    form[length++] = point ? '.' : *text;
  }
  form[length] = '\0';
  return *text == '\0';
}

bool number_form(const struct yaml_node *node, bool whole, char form[TEXT_DOUBLE], double *value) {
  if (node->kind != YAML_SCALAR || node->length == 0 || !rewrite(node->text, form) ||
      !text_double(form, form + strlen(form), value)) {
    return false;
  }
  if (whole) {
    if (*value != floor(*value) || *value < 0 || *value >= WHOLE_MOST) return false;
    text_from_double(*value, form);
  }
  return !node->plain || strcmp(form, node->text) != 0;
}
