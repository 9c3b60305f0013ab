#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

#include "config/config_help.h"
#include "kernels/isa.h"
#include "results/table.h"

/* Metavars that stand for something to offer. */
static const struct {
  const char *metavar;
  enum value_kind kind;
  const char *suffix;
} known[] = {
    {"DIR", VALUE_FOLDER, NULL},        {"RUN", VALUE_FOLDER, NULL},
    {"CONFIG", VALUE_FILE, ".yaml"},    {"MODEL", VALUE_FILE, ".safetensors"},
    {"FILE", VALUE_FILE, ".json"},      {"FILE.csv", VALUE_FILE, ".csv"},
    {"FILE.html", VALUE_FILE, ".html"}, {"COLUMN", VALUE_WORDS, NULL},
    {"ISA", VALUE_WORDS, NULL},         {"[COMMAND]", VALUE_WORDS, NULL},
    {"KEY=VALUE", VALUE_PREFIX, NULL},
};

static void add_word(struct text *words, const char *word, const char *end) {
  text_add(words, "%s%s%s", words->length > 0 ? " " : "", word, end);
}

static void add_isas(struct text *words) {
  add_word(words, "auto", "");
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) add_word(words, isa_name(isa), "");
}

void completion_commands(struct text *text, const char *end) {
  char room[COMPLETION_WORD];
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    const char *name = command_at(id)->name;
    if (strchr(name, ' ') != NULL) name = completion_group(id, room);
    if (name != NULL) text_add(text, "%s%s", name, end);
  }
}

static void add_known(const char *metavar, struct text *words) {
  const char *name;
  if (strcmp(metavar, "ISA") == 0) add_isas(words);
  if (strcmp(metavar, "[COMMAND]") == 0) {
    completion_commands(words, " ");
    text_add(words, "config completion");
  }
  if (strcmp(metavar, "COLUMN") == 0 || strcmp(metavar, "COLUMNS") == 0) {
    for (size_t i = 0; (name = table_column_name(i)) != NULL; i++) add_word(words, name, "");
  }
  if (strcmp(metavar, "KEY=VALUE") == 0) {
    for (size_t i = 0; (name = config_key_path(i)) != NULL; i++) add_word(words, name, "=");
  }
}

/* "text|csv|json", "svg,png,text", "all|ISA" */
static void add_choices(const char *metavar, struct text *words) {
  while (*metavar != '\0') {
    const size_t length = strcspn(metavar, "|,");
    if (strncmp(metavar, "ISA", length) == 0) {
      add_isas(words);
    } else {
      text_add(words, "%s%.*s", words->length > 0 ? " " : "", (int)length, metavar);
    }
    metavar += length + (metavar[length] != '\0');
  }
}

struct completion_value completion_value(const char *metavar) {
  struct completion_value value = {.kind = VALUE_ANY};
  if (strpbrk(metavar, "|,") != NULL) {
    value.kind = strchr(metavar, ',') != NULL ? VALUE_LIST : VALUE_WORDS;
    add_choices(metavar, &value.words);
    return value;
  }
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strcmp(known[i].metavar, metavar) != 0) continue;
    value.kind = known[i].kind;
    value.suffix = known[i].suffix;
    add_known(metavar, &value.words);
  }
  return value;
}

void completion_add(struct text *text, struct completion_value *value, const char *const *forms) {
  for (const char *at = forms[value->kind]; *at != '\0'; at++) {
    if (*at != '@') {
      text_add_bytes(text, at, 1);
    } else {
      text_add(text, "%s", value->suffix != NULL ? value->suffix : value->words.text);
    }
  }
  text_clear(&value->words);
}

struct completion_value completion_operands(enum command_id id) {
  const struct command *command = command_at(id);
  const char *last = command->operands[command->operands[1] != NULL];
  char first[COMPLETION_WORD] = ""; /* "FILE" of "FILE FILE..." */
  (void)snprintf(first, sizeof first, "%s", last);
  first[strcspn(first, " ")] = '\0';
  char *dots = strstr(first, "...");
  if (dots != NULL) *dots = '\0';
  return completion_value(first);
}

const char *completion_group(enum command_id id, char room[COMPLETION_WORD]) {
  const char *name = command_at(id)->name, *blank = strchr(name, ' ');
  if (blank == NULL || blank - name >= COMPLETION_WORD) return NULL;
  memcpy(room, name, (size_t)(blank - name));
  room[blank - name] = '\0';
  return strcmp(command_in_group(room, 0), blank + 1) == 0 ? room : NULL;
}

void completion_escaped(struct text *text, const char *plain, const char *escaped) {
  for (const char *at = plain; *at != '\0'; at++) {
    if (strchr(escaped, *at) != NULL) {
      text_add(text, "\\%c", *at);
    } else if (*at == '\'') {
      text_add(text, "'\\''");
    } else {
      text_add_bytes(text, at, 1);
    }
  }
}
