#include "cli/arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { WORDS_MAX = 32, WORD_LIST = 128 };
static const double percent_most = 1000;

static void *field(const struct option *option, union command_asked *asked) {
  return (char *)asked + option->offset;
}

/* --- values --- */

static bool read_number(const struct option *option, const char *text, uint64_t *value,
                        struct error *error) {
  const bool whole = text_u64(text, text + strlen(text), value);
  return (whole && *value >= option->least && *value <= option->most) ||
         error_set(error, ERROR_USAGE, "%s: expected a whole number from %llu to %llu, found '%s'",
                   option->name, (unsigned long long)option->least,
                   (unsigned long long)option->most, text);
}

static bool read_percent(const struct option *option, const char *text, double *value,
                         struct error *error) {
  return (text_double(text, text + strlen(text), value) && *value >= 0 && *value <= percent_most) ||
         error_set(error, ERROR_USAGE, "%s: expected a percentage from 0 to %g, found '%s'",
                   option->name, percent_most, text);
}

/* One of the words of the metavar, "text|csv|json" or "svg,png,text". */
static bool read_choice(const struct option *option, const char *text, size_t length,
                        unsigned *place, struct error *error) {
  char list[WORD_LIST], word[WORD_LIST];
  const char *names[WORDS_MAX];
  size_t count = 0;
  (void)snprintf(list, sizeof list, "%s", option->metavar);
  (void)snprintf(word, sizeof word, "%.*s", (int)length, text);
  char *rest = list, *name;
  for (; count < WORDS_MAX && (name = strtok_r(rest, "|,", &rest)) != NULL; count++) {
    names[count] = name;
    *place = (unsigned)count;
    if (strcmp(name, word) == 0) return true;
  }
  const char *nearest = text_nearest(word, names, count);
  error_set(error, ERROR_USAGE, "%s: expected %s, found '%s'", option->name, option->metavar, word);
  if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
  return false;
}

static bool read_choices(const struct option *option, const char *text, unsigned *chosen,
                         struct error *error) {
  *chosen = 0;
  for (const char *at = text;; at++) {
    const size_t length = strcspn(at, ",");
    unsigned place = 0;
    if (!read_choice(option, at, length, &place, error)) return false;
    *chosen |= 1u << place;
    at += length;
    if (*at == '\0') return true;
  }
}

static bool add_to_list(struct option_list *list, const char *text, struct error *error) {
  const char **grown = memory_grow(list->item, list->count + 1, sizeof *grown, error);
  if (grown == NULL) return false;
  list->item = grown;
  list->item[list->count++] = text;
  return true;
}

static bool store(const struct option *option, const char *text, union command_asked *asked,
                  struct error *error) {
  void *at = field(option, asked);
  const bool words = option->kind == KIND_TEXT || option->kind == KIND_LIST;
  if (words && text != NULL && text[0] == '\0') {
    return error_set(error, ERROR_USAGE, "%s: expected %s, found ''", option->name,
                     option->metavar);
  }
  switch (option->kind) {
    case KIND_FLAG:
      *(bool *)at = true;
      return true;
    case KIND_TEXT:
      *(const char **)at = text;
      return true;
    case KIND_LIST:
    case KIND_PASSED:
      return add_to_list(at, text, error);
    case KIND_NUMBER:
      return read_number(option, text, at, error);
    case KIND_PERCENT:
      return read_percent(option, text, at, error);
    case KIND_CHOICE:
      ((struct option_choice *)at)->given = true;
      return read_choice(option, text, strlen(text), &((struct option_choice *)at)->place, error);
    case KIND_CHOICES:
      return read_choices(option, text, at, error);
  }
  return false;
}

/* --- arguments --- */

static bool unknown_option(enum command_id id, const char *text, struct error *error) {
  const char *names[WORDS_MAX] = {HELP_OPTION};
  size_t count = 1;
  for (const struct option *o = option_shown(id, NULL); o != NULL; o = option_shown(id, o)) {
    if (count < WORDS_MAX) names[count++] = o->name;
  }
  const char *nearest = text_nearest(text, names, count);
  error_set(error, ERROR_USAGE, "unknown option '%s'", text);
  if (nearest != NULL) return error_help(error, "did you mean '%s'?", nearest);
  return error_help(error, "'crosslane help%s%s' lists the options",
                    id == COMMAND_program ? "" : " ", command_at(id)->name);
}

static const struct option *find_option(enum command_id id, const char *text, size_t length) {
  const struct option *o = option_after(id, NULL);
  for (; o != NULL; o = option_after(id, o)) {
    const size_t all = strlen(o->name);
    if (o->kind == KIND_PASSED ? strncmp(o->name, text, all) == 0
                               : all == length && strncmp(o->name, text, all) == 0) {
      break;
    }
  }
  return o;
}

/* Takes the option at argv[*at], and its value. */
static bool take(enum command_id id, int argc, char **argv, int *at, union command_asked *asked,
                 struct error *error) {
  const char *text = argv[*at];
  const size_t length = strcspn(text, "=");
  const bool equals = text[length] == '=';
  const struct option *option = find_option(id, text, length);
  if (option == NULL) return unknown_option(id, text, error);
  if (option->kind == KIND_PASSED) return store(option, text, asked, error);
  if (option->kind == KIND_FLAG && equals) {
    return error_set(error, ERROR_USAGE, "%s takes no value", option->name);
  }
  if (option->kind == KIND_FLAG) return store(option, NULL, asked, error);
  if (equals) return store(option, text + length + 1, asked, error);
  if (*at + 1 == argc) return error_set(error, ERROR_USAGE, "%s needs a value", option->name);
  return store(option, argv[++*at], asked, error);
}

static void set_defaults(enum command_id id, union command_asked *asked) {
  *asked = (union command_asked){0};
  for (const struct option *o = option_after(id, NULL); o != NULL; o = option_after(id, o)) {
    if (o->kind == KIND_NUMBER) *(uint64_t *)field(o, asked) = o->standard;
    if (o->kind == KIND_PERCENT) *(double *)field(o, asked) = -1;
  }
}

static bool give_example(enum command_id id, struct error *error) {
  const char *example = command_at(id)->example;
  return error_help(error, "for example: %.*s", (int)strcspn(example, "\n"), example);
}

/* As of a variable of the shell that is not set. */
static bool check_empty(enum command_id id, const char *name, const struct operands *operands,
                        struct error *error) {
  const struct command *command = command_at(id);
  for (size_t i = 0; i < operands->count; i++) {
    if (operands->item[i][0] != '\0') continue;
    error_set(error, ERROR_USAGE, "%s: expected %s%s%s, found ''", name, command->operands[0],
              command->operands[1] != NULL ? " or " : "",
              command->operands[1] != NULL ? command->operands[1] : "");
    return give_example(id, error);
  }
  return true;
}

/* The command's operands, and the texts that it always needs. */
static bool check(enum command_id id, const struct operands *operands, union command_asked *asked,
                  struct error *error) {
  const struct command *command = command_at(id);
  const char *name = id == COMMAND_program ? "crosslane" : command->name;
  if (operands->count < command->least || operands->count > command->most) {
    if (command->most == 0) {
      return error_set(error, ERROR_USAGE, "%s takes no operand, found '%s'", name,
                       operands->item[0]);
    }
    error_set(error, ERROR_USAGE, "%s needs %s%s%s, found %zu operand%s", name,
              command->operands[0], command->operands[1] != NULL ? " or " : "",
              command->operands[1] != NULL ? command->operands[1] : "", operands->count,
              operands->count == 1 ? "" : "s");
    return give_example(id, error);
  }
  if (!check_empty(id, name, operands, error)) return false;
  for (const struct option *o = option_after(id, NULL); o != NULL; o = option_after(id, o)) {
    if (!o->needed || o->forms != 0 || *(const char **)field(o, asked) != NULL) continue;
    error_set(error, ERROR_USAGE, "%s needs %s %s", name, o->name, o->metavar);
    return give_example(id, error);
  }
  return true;
}

bool arguments_parse(enum command_id id, int argc, char **argv, union command_asked *asked,
                     struct error *error) {
  set_defaults(id, asked);
  bool only_operands = false;
  size_t count = 0;
  for (int at = 1; at < argc; at++) {
    if (!only_operands && strcmp(argv[at], "--") == 0) {
      only_operands = true;
    } else if (!only_operands && argv[at][0] == '-' && argv[at][1] != '\0') {
      if (!take(id, argc, argv, &at, asked, error)) return false;
    } else {
      argv[1 + count++] = argv[at];
    }
  }
  /* It stands first in every command's struct. */
  struct operands *operands = (struct operands *)asked;
  *operands = (struct operands){(const char *const *)(argv + 1), count, argv};
  return check(id, operands, asked, error);
}

void arguments_clear(enum command_id id, union command_asked *asked) {
  for (const struct option *o = option_after(id, NULL); o != NULL; o = option_after(id, o)) {
    if (o->kind != KIND_LIST && o->kind != KIND_PASSED) continue;
    struct option_list *list = field(o, asked);
    free(list->item);
    *list = (struct option_list){0};
  }
}
