/* The table of options, and what is made of it. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/completion.h"
#include "cli/help_text.h"
#include "cli/man.h"

enum { NAME = 96 };

/* The part of `all` from `start` to the next `end`; fails without it. */
static char *part(const struct text *all, const char *start, const char *end) {
  const char *from = strstr(all->text, start);
  if (from == NULL) fail_msg("no '%s'", start);
  const char *to = strstr(from + strlen(start), end);
  const size_t length = to != NULL ? (size_t)(to - from) : strlen(from);
  char *copy = calloc(length + 1, 1);
  assert_non_null(copy);
  memcpy(copy, from, length);
  return copy;
}

/* `sign` without the letters, digits and dashes that would make it another name. */
static bool names(const char *text, const char *sign) {
  const char *more = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  const size_t length = strlen(sign);
  for (const char *at = strstr(text, sign); at != NULL; at = strstr(at + 1, sign)) {
    if (at[length] == '\0' || strchr(more, at[length]) == NULL || sign[length - 1] == '_') {
      return true;
    }
  }
  return false;
}

typedef void add_sign(const struct option *option, char sign[NAME]);

static void plain_sign(const struct option *option, char sign[NAME]) {
  (void)snprintf(sign, NAME, "%s", option->name);
}

static void man_sign(const struct option *option, char sign[NAME]) {
  (void)snprintf(sign, NAME, ".It Fl %s", option->name + 1);
}

static void fish_sign(const struct option *option, char sign[NAME]) {
  (void)snprintf(sign, NAME, " -l %s", option->name + 2);
}

static void check_names(enum command_id id, const char *text, const char *where, add_sign *make) {
  for (const struct option *o = option_after(id, NULL); o != NULL; o = option_after(id, o)) {
    char sign[NAME];
    make(o, sign);
    if (names(text, sign) == !o->hidden) continue;
    fail_msg("%s of %s: '%s' is %s", where, command_at(id)->name, sign,
             o->hidden ? "there, but hidden" : "missing");
  }
}

static void help_names_every_option(void **state) {
  (void)state;
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    struct text help = {0}, overview = {0};
    help_command(id, &help);
    check_names(id, help.text, "help", plain_sign);
    char example[NAME];
    const char *line = command_at(id)->example;
    (void)snprintf(example, sizeof example, "\nExample:\n  %.*s", (int)strcspn(line, "\n"), line);
    assert_non_null(strstr(help.text, example));
    help_overview(&overview);
    assert_non_null(strstr(overview.text, command_at(id)->name));
    text_clear(&help);
    text_clear(&overview);
  }
}

static void check_parts(struct text *all, const char *where, const char *start, const char *end,
                        add_sign *make) {
  for (enum command_id id = COMMAND_program + 1; id < COMMANDS; id++) {
    char from[NAME];
    (void)snprintf(from, sizeof from, start, command_at(id)->name);
    char *own = part(all, from, end);
    check_names(id, own, where, make);
    free(own);
  }
  text_clear(all);
}

static void man_page_names_every_option(void **state) {
  (void)state;
  struct text page = {0};
  man_page(&page);
  /* plot has two headings in a row: its options come after the second. */
  char *second = strstr(page.text, ".It Cm plot Ar FILE");
  assert_non_null(second);
  char *first = strstr(page.text, ".It Cm plot Ar RUN");
  memmove(first, second, strlen(second) + 1);
  check_parts(&page, "man page", ".It Cm %s", "\n.It Cm", man_sign);
}

static void completions_name_every_option(void **state) {
  (void)state;
  struct text bash = {0}, zsh = {0}, fish = {0};
  completion_bash(&bash);
  completion_zsh(&zsh);
  completion_fish(&fish);
  check_parts(&bash, "bash", "    '%s') _crosslane_arguments", "\n", plain_sign);
  check_parts(&zsh, "zsh", "    '%s')\n", ";;", plain_sign);
  check_parts(&fish, "fish", "'__crosslane_on %s'", "\n\n", fish_sign);
}

/* --- commands --- */

static const struct {
  const char *command, *field;
} fields[] = {
#define OPTION(id, field, ...) {#id, #field},
#include "cli/commands.inc"
};

/* Whether a source of cli/ that has `struct sweep_command` reads asked->field. */
static bool is_read(const char *command, const char *field) {
  char type[NAME], use[NAME];
  (void)snprintf(type, sizeof type, "struct %s_command", command);
  (void)snprintf(use, sizeof use, "asked->%s", field);
  DIR *folder = opendir(CLI_FOLDER);
  assert_non_null(folder);
  bool found = false;
  for (const struct dirent *entry; !found && (entry = readdir(folder)) != NULL;) {
    const char *dot = strrchr(entry->d_name, '.');
    if (dot == NULL || strcmp(dot, ".c") != 0) continue;
    struct error error = {0};
    char *path = file_join(CLI_FOLDER, entry->d_name, &error);
    size_t length;
    char *source = file_read(path, FILE_MOST_JSON, &length, ERROR_SYSTEM, &error);
    assert_non_null(source);
    found = strstr(source, type) != NULL && names(source, use);
    free(source);
    free(path);
  }
  (void)closedir(folder);
  return found;
}

/* What is read and not in the table does not compile. */
static void every_option_is_read_by_its_command(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    if (is_read(fields[i].command, fields[i].field)) continue;
    fail_msg("command_%s does not read asked->%s", fields[i].command, fields[i].field);
  }
  assert_false(is_read("sweep", "user"));
}

/* Splits in place, as a shell does; returns how many. */
static int split(char *line, char **words) {
  int count = 0;
  while (*line != '\0') {
    const char *end = *line == '\'' ? "'" : " ";
    if (*line == '\'') line++;
    words[count++] = line;
    line += strcspn(line, end);
    if (*line != '\0') *line++ = '\0';
    line += strspn(line, " ");
  }
  return count;
}

static void every_example_is_a_command_line(void **state) {
  (void)state;
  for (enum command_id id = 0; id < COMMANDS; id++) {
    char examples[512];
    (void)snprintf(examples, sizeof examples, "%s", command_at(id)->example);
    char *rest = examples;
    for (char *line; (line = strtok_r(rest, "\n", &rest)) != NULL;) {
      char *words[32];
      const int count = split(line, words);
      size_t named = 0;
      assert_string_equal(words[0], "crosslane");
      const enum command_id meant = command_find((size_t)count - 1, words + 1, &named);
      assert_true(id == COMMAND_program ? meant != COMMANDS : meant == id);
      struct error error = {0};
      union command_asked asked;
      if (!arguments_parse(meant, count - (int)named, words + named, &asked, &error)) {
        fail_msg("%s: %s", command_at(id)->example, error.message);
      }
      arguments_clear(meant, &asked);
    }
  }
}

/* --- the parser --- */

static bool parse(enum command_id id, const char *line, union command_asked *asked,
                  struct error *error) {
  static char copy[512];
  static char *words[32];
  (void)snprintf(copy, sizeof copy, "command %s", line);
  *error = (struct error){0};
  return arguments_parse(id, split(copy, words), words, asked, error);
}

static void refuse(enum command_id id, const char *line, const char *message) {
  struct error error;
  union command_asked asked;
  assert_false(parse(id, line, &asked, &error));
  arguments_clear(id, &asked);
  assert_int_equal(error.kind, ERROR_USAGE);
  if (strstr(error.message, message) == NULL) fail_msg("no '%s' in: %s", message, error.message);
}

static void values_are_read(void **state) {
  (void)state;
  struct error error;
  union command_asked asked;
  assert_true(parse(COMMAND_sweep,
                    "--set a=1 x.yaml --set=b=2 --jobs=3 --dry-run --format json --out o --out p",
                    &asked, &error));
  const struct sweep_command *sweep = &asked.sweep;
  assert_int_equal(sweep->operands.count, 1);
  assert_string_equal(sweep->operands.item[0], "x.yaml");
  assert_int_equal(sweep->set.count, 2);
  assert_string_equal(sweep->set.item[0], "a=1");
  assert_string_equal(sweep->set.item[1], "b=2");
  assert_int_equal(sweep->jobs, 3);
  assert_true(sweep->dry_run && !sweep->rerun);
  assert_true(sweep->format.given);
  assert_int_equal(sweep->format.place, 2);
  assert_string_equal(sweep->out, "p");
  assert_null(sweep->data);
  arguments_clear(COMMAND_sweep, &asked);

  assert_true(parse(COMMAND_plot, "--format text,svg -- -r", &asked, &error));
  assert_int_equal(asked.plot.format, 1 << 0 | 1 << 2);
  assert_string_equal(asked.plot.operands.item[0], "-r");

  assert_true(parse(COMMAND_bench, "--benchmark_min_time=1 --quick --benchmark_x", &asked, &error));
  assert_int_equal(asked.bench.benchmark.count, 2);
  assert_string_equal(asked.bench.benchmark.item[1], "--benchmark_x");
  arguments_clear(COMMAND_bench, &asked);
}

static void defaults_are_those_of_the_table(void **state) {
  (void)state;
  struct error error;
  union command_asked asked;
  assert_true(parse(COMMAND_data_synth, "--out d --seed 0", &asked, &error));
  assert_int_equal(asked.data_synth.users, 943);
  assert_int_equal(asked.data_synth.seed, 0);
  assert_true(parse(COMMAND_compare, "a b", &asked, &error));
  assert_true(asked.compare.fail_above < 0);
  assert_false(asked.compare.all);
  assert_true(parse(COMMAND_compare, "a b --all --fail-above 0", &asked, &error));
  assert_true(asked.compare.all);
  assert_true(asked.compare.fail_above == 0);
  assert_true(parse(COMMAND_show, "r", &asked, &error));
  assert_false(asked.show.format.given);
  assert_int_equal(asked.show.format.place, 0);
  assert_int_equal(asked.show.top, 0);
}

static void wrong_arguments_are_refused(void **state) {
  (void)state;
  refuse(COMMAND_sweep, "x --job 2", "unknown option '--job'\ndid you mean '--jobs'?");
  refuse(COMMAND_sweep, "x --unheard-of a", "'crosslane help sweep' lists the options");
  refuse(COMMAND_sweep, "x --dry-run=yes", "--dry-run takes no value");
  refuse(COMMAND_sweep, "x --jobs", "--jobs needs a value");
  refuse(COMMAND_sweep, "x --jobs 1025", "--jobs: expected a whole number from 1 to 1024");
  refuse(COMMAND_sweep, "x --jobs 0", "found '0'");
  refuse(COMMAND_predict, "m --top 0",
         "--top: expected a whole number from 1 to 1000000, found '0'");
  refuse(COMMAND_show, "r --format jsn",
         "--format: expected text|csv|json|markdown, found 'jsn'\ndid you mean 'json'?");
  refuse(COMMAND_show, "r --format tex", "found 'tex'");
  refuse(COMMAND_show, "r --format texts", "found 'texts'");
  refuse(COMMAND_plot, "r --format svg,pn", "--format: expected svg,png,text, found 'pn'");
  refuse(COMMAND_plot, "r --format svg,", "found ''");
  refuse(COMMAND_evaluate, "m --split tests", "did you mean 'test'?");
  refuse(COMMAND_compare, "a b --fail-above 1001", "percentage from 0 to 1000, found '1001'");
  refuse(COMMAND_compare, "a", "compare needs FILE FILE..., found 1 operand");
  refuse(COMMAND_sweep, "a b",
         "sweep needs CONFIG, found 2 operands\nfor example: crosslane sweep");
  refuse(COMMAND_plot, "", "plot needs RUN... or FILE..., found 0 operands");
  refuse(COMMAND_cpu, "x", "cpu takes no operand, found 'x'");
  refuse(COMMAND_data_synth, "", "data synth needs --out DIR");
  refuse(COMMAND_program, "--versio", "did you mean '--version'?");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(help_names_every_option),
      cmocka_unit_test(man_page_names_every_option),
      cmocka_unit_test(completions_name_every_option),
      cmocka_unit_test(every_option_is_read_by_its_command),
      cmocka_unit_test(every_example_is_a_command_line),
      cmocka_unit_test(values_are_read),
      cmocka_unit_test(defaults_are_those_of_the_table),
      cmocka_unit_test(wrong_arguments_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
