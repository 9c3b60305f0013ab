#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "config/trial_config.h"
#include "data/data_guess.h"
#include "data/data_load.h"
#include "experiments/first_experiment.h"

/* What a config takes as a name: its file is called as its folder of results. */
static bool check_name(const char *name, struct error *error) {
  char folder[CONFIG_NAME];
  bool good = strlen(name) < CONFIG_NAME && config_folder(name, folder);
  for (const char *c = name; *c != '\0'; c++) {
    good = good && (unsigned char)*c >= 0x20 && *c != 0x7f;
  }
  if (good) return true;
  error_set(error, ERROR_USAGE, "'%.60s' cannot be the name of an experiment", name);
  return error_help(error,
                    "a text of one line, at most %d bytes, with a letter from A to Z or a digit",
                    CONFIG_NAME - 1);
}

static void name_from(const char *data, char name[CONFIG_NAME]) {
  if (!config_folder(data, name)) memcpy(name, "first", sizeof "first");
}

static bool from_data(const struct init_command *asked, char name[CONFIG_NAME], struct text *file,
                      struct text *notes, struct error *error) {
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
  char folder[CONFIG_NAME];
  (void)config_folder(name, folder); /* it was checked, so it has one */
  text_add(&path, "%s.yaml", folder);
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
  char name[CONFIG_NAME] = "";
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
