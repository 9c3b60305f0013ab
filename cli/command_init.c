#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "data/data_guess.h"
#include "data/data_load.h"
#include "experiments/first_experiment.h"

enum { NAME_MAX_LENGTH = 48 };

/* The experiment's name is that of its file, so it has the letters of a name. */
static bool check_name(const char *name, struct error *error) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
  const size_t length = strlen(name);
  const bool good = length > 0 && length <= NAME_MAX_LENGTH &&
                    name[strspn(name, allowed)] == '\0' && name[0] != '-' && name[0] != '.' &&
                    name[0] != '_';
  if (good) return true;
  error_set(error, ERROR_USAGE, "'%.60s' cannot be the name of an experiment", name);
  return error_help(error, "letters, digits, '.', '_' and '-', the first a letter or a digit");
}

/* From the data's, without what a name cannot have. */
static void name_from(const char *data, char name[NAME_MAX_LENGTH + 1]) {
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  size_t length = 0;
  for (; *data != '\0' && length < NAME_MAX_LENGTH; data++) {
    if (strchr(allowed, *data) != NULL) name[length++] = *data;
  }
  while (length > 0 && (name[0] == '-' || name[0] == '_')) memmove(name, name + 1, length--);
  name[length] = '\0';
  if (length == 0) memcpy(name, "first", sizeof "first");
}

static bool from_data(const struct init_command *asked, char name[NAME_MAX_LENGTH + 1],
                      struct text *file, struct text *notes, struct error *error) {
  struct source_spec *source = memory_array(1, sizeof *source, error);
  struct data_spec spec;
  struct dataset dataset = {0};
  bool done = source != NULL && data_guess(asked->data, &spec, source, notes, error) &&
              data_load(&spec, NULL, &dataset, error);
  if (done) {
    if (name[0] == '\0') name_from(dataset.name, name);
    first_experiment(name, &spec, &dataset, file);
  }
  dataset_clear(&dataset);
  free(source);
  return done;
}

static bool write_file(const char *name, const struct text *file, struct text *said,
                       struct error *error) {
  struct text path = {0};
  text_add(&path, "%s.yaml", name);
  bool done = !path.failed && !file->failed;
  if (!done) error_set(error, ERROR_SYSTEM, "out of memory");
  if (done && file_exists(path.text)) {
    done = error_set(error, ERROR_USAGE, "%s is there already", path.text);
    error_help(error, "give another name: crosslane init [--data PATH] NAME");
  }
  done = done && file_write_atomic(path.text, file->text, file->length, error);
  if (done)
    text_add(said, "%s: written; train it with: crosslane sweep %s\n", path.text, path.text);
  text_clear(&path);
  return done;
}

int command_init(const struct init_command *asked) {
  struct error error = {0};
  struct text file = {0}, notes = {0}, said = {0};
  char name[NAME_MAX_LENGTH + 1] = "";
  bool done = true;
  if (asked->operands.count > 0) {
    done = check_name(asked->operands.item[0], &error);
    if (done) memcpy(name, asked->operands.item[0], strlen(asked->operands.item[0]) + 1);
  }
  if (done && asked->data != NULL) {
    done = from_data(asked, name, &file, &notes, &error);
  } else if (done) {
    if (name[0] == '\0') memcpy(name, "first", sizeof "first");
    first_experiment_synthetic(name, &file);
  }
  done = done && write_file(name, &file, &said, &error);
  cli_tell(&notes);
  text_clear(&file);
  if (done) return cli_print(&said);
  text_clear(&said);
  return cli_fail(&error);
}
