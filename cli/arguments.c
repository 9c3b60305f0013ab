#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cli.h"

enum { OPTIONS_MAX = 16 };

const char *environment(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != '\0' ? value : NULL;
}

static const struct option *find(const struct option *options, size_t count, const char *text,
                                 size_t length) {
  for (size_t i = 0; i < count; i++) {
    bool same = strlen(options[i].name) == length && strncmp(options[i].name, text, length) == 0;
    if (same) return &options[i];
  }
  return NULL;
}

static bool unknown_option(const struct option *options, size_t count, const char *text,
                           struct error *error) {
  const char *names[OPTIONS_MAX];
  for (size_t i = 0; i < count; i++) names[i] = options[i].name;
  const char *nearest = text_nearest(text, names, count);
  error_set(error, ERROR_USAGE, "unknown option '%s'", text);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  return false;
}

static void store(const struct option *option, const char *value) {
  if (option->value != NULL) *option->value = value;
  if (option->values != NULL) option->values[(*option->count)++] = value;
}

/* Takes the option at argv[*at] and its value. */
static bool take(int argc, char **argv, int *at, const struct option *options, size_t count,
                 struct error *error) {
  const char *text = argv[*at];
  const char *equals = strchr(text, '=');
  size_t length = equals != NULL ? (size_t)(equals - text) : strlen(text);
  const struct option *option = find(options, count, text, length);
  if (option == NULL) return unknown_option(options, count, text, error);
  if (option->flag) {
    if (equals != NULL) {
      return error_set(error, ERROR_USAGE, "%s takes no value", option->name);
    }
    *option->set = true;
  } else if (equals != NULL) {
    store(option, equals + 1);
  } else if (*at + 1 < argc) {
    store(option, argv[++*at]);
  } else {
    return error_set(error, ERROR_USAGE, "%s needs a value", option->name);
  }
  return true;
}

bool parse_arguments(int argc, char **argv, const struct option *options, size_t count,
                     size_t *operands, struct error *error) {
  *operands = 0;
  bool only_operands = false;
  for (int at = 1; at < argc; at++) {
    if (!only_operands && strcmp(argv[at], "--") == 0) {
      only_operands = true;
    } else if (!only_operands && argv[at][0] == '-' && argv[at][1] != '\0') {
      if (!take(argc, argv, &at, options, count, error)) return false;
    } else {
      argv[1 + (*operands)++] = argv[at];
    }
  }
  return true;
}

bool parse_count(const char *option, const char *text, size_t most, size_t *value,
                 struct error *error) {
  uint64_t number;
  if (text_u64(text, text + strlen(text), &number) && number >= 1 && number <= most) {
    *value = (size_t)number;
    return true;
  }
  return error_set(error, ERROR_USAGE, "%s: expected a whole number from 1 to %zu, found '%s'",
                   option, most, text);
}
