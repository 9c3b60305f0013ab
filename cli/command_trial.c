#include <stdlib.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/experiment_file.h"
#include "experiments/single_trial.h"

/* As trials/KEY.json has it. */
static int print(const struct record *record) {
  struct text text = {0};
  json_t *json = record_to_json(record);
  if (json != NULL) {
    json_text_add(&text, json);
    text_add(&text, "\n");
  } else {
    text.failed = true;
  }
  json_decref(json);
  const int status = cli_print(&text);
  return status == EXIT_DONE && record->status == TRIAL_FAILED ? EXIT_TRIAL_FAILED : status;
}

static int train(const struct trial_command *asked, struct experiment_file *file) {
  struct error error = {0};
  struct record record;
  enum isa isa;
  if (!cli_isa(asked->isa, &isa, &error)) return cli_fail(&error);
  const struct run_options options = {
      .config = &file->config,
      .dataset = &file->dataset,
      .data = cli_data_path(asked->data, file->config.base.data.source),
      .threads = (size_t)asked->threads,
      .kernels = kernels_of(isa),
      .allow_swap = asked->allow_swap,
      .interrupted = &experiment_interrupted};
  if (!single_trial(&options, &record, &error)) return experiment_fail(&error);
  const int status = print(&record);
  record_clear(&record);
  return status;
}

int command_trial(const struct trial_command *asked) {
  struct error error = {0};
  struct experiment_file *file = memory_array(1, sizeof *file, &error);
  if (file == NULL) return cli_fail(&error);
  experiment_catch_signals();
  const bool read = experiment_file_read(file, asked->operands.item[0], &asked->set, NULL, 0,
                                         asked->data, &error);
  const int status = read ? train(asked, file) : cli_fail(&error);
  experiment_file_clear(file);
  free(file);
  return status;
}
