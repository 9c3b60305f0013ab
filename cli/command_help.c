#include <string.h>

#include "cli/cli.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man.h"
#include "config/config_help.h"

/* With --example only the topic `config` has something to say. */
static bool give_example(const struct help_command *asked, struct text *text, struct error *error) {
  const struct operands *topic = &asked->operands;
  if (topic->count == 1 && strcmp(topic->item[0], "config") == 0) {
    text_add(text, "%s", config_example((enum config_example)asked->example.place));
    return true;
  }
  return error_set(error, ERROR_USAGE, "--example needs 'crosslane help config'");
}

static bool help_on(const struct operands *topic, struct text *text, struct error *error) {
  const char *first = topic->count > 0 ? topic->item[0] : "";
  const char *second = topic->count > 1 ? topic->item[1] : "";
  size_t words = 0, words_of_page = 0;
  const enum command_id id = command_find(topic->count, topic->argv + 1, &words);
  const enum command_id page =
      topic->count > 1 ? command_find(topic->count - 1, topic->argv + 2, &words_of_page) : COMMANDS;
  if (topic->count == 0) {
    help_overview(text);
  } else if (id != COMMANDS && words == topic->count) {
    help_command(id, text);
  } else if (strcmp(first, "completion") == 0) {
    return completion_write(second, text, error);
  } else if (strcmp(first, "config") == 0) {
    config_help(text);
  } else if (strcmp(first, "config-man") == 0) {
    config_man_page(text);
  } else if (strcmp(first, "man") == 0 && topic->count == 1) {
    man_page(text);
  } else if (strcmp(first, "man") == 0 && page != COMMANDS && words_of_page + 1 == topic->count) {
    man_command_page(page, text);
  } else if (topic->count > 1 || !help_group(first, text)) {
    error_set(error, ERROR_USAGE, "no help on '%s%s%s'", first, second[0] != '\0' ? " " : "",
              second);
    return error_help(error, "'crosslane help' lists the commands");
  }
  return true;
}

int command_help(const struct help_command *asked) {
  struct error error = {0};
  struct text text = {0};
  const bool good = asked->example.given ? give_example(asked, &text, &error)
                                         : help_on(&asked->operands, &text, &error);
  if (good) return cli_print(&text);
  text_clear(&text);
  return cli_fail(&error);
}
