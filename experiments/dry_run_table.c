#include "experiments/dry_run_table.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/memory.h"
#include "base/text_table.h"
#include "experiments/memory_estimate.h"

enum {
  KEY,
  LABEL,
  SEED,
  FOLD,
  PARAMETERS,
  WIDE,
  FLOP,
  ROWS,
  EPOCHS,
  MEMORY,
  SECONDS,
  STATE,
  COLUMNS
};

static const struct text_table_column for_people[COLUMNS] = {
    [KEY] = {.name = "key", .left = true},
    [LABEL] = {.name = "label", .left = true},
    [SEED] = {.name = "seed"},
    [FOLD] = {.name = "fold", .left = true, .optional = true},
    [PARAMETERS] = {.name = "parameters"},
    [WIDE] = {.name = "wide columns"},
    [FLOP] = {.name = "FLOP/row"},
    [ROWS] = {.name = "training rows"},
    [EPOCHS] = {.name = "epochs"},
    [MEMORY] = {.name = "MiB"},
    [SECONDS] = {.name = "estimated s"},
    [STATE] = {.name = "state", .left = true},
};

static const struct text_table_column for_programs[COLUMNS] = {
    [KEY] = {.name = "key"},
    [LABEL] = {.name = "label"},
    [SEED] = {.name = "seed"},
    [FOLD] = {.name = "fold"},
    [PARAMETERS] = {.name = "parameters"},
    [WIDE] = {.name = "wide_columns"},
    [FLOP] = {.name = "flops_per_row"},
    [ROWS] = {.name = "training_rows"},
    [EPOCHS] = {.name = "epochs"},
    [MEMORY] = {.name = "memory_kib"},
    [SECONDS] = {.name = "estimated_seconds"},
    [STATE] = {.name = "state"},
};

struct listing {
  const struct plan *plan;
  bool people;   /* MiB, else KiB */
  bool *pending; /* [trials] */
  size_t *shown; /* [rows] trials */
};

static const struct architecture *architecture_of(const struct plan *plan, size_t trial) {
  const struct trial_list *list = &plan->data->list;
  return &list->architecture[list->trial[trial].architecture];
}

static double estimated_seconds(const struct plan *plan, size_t trial) {
  return plan->trial[trial].epoch_seconds *
         (double)architecture_of(plan, trial)->config.train.epochs;
}

static uint64_t memory_kib(const struct plan *plan, size_t trial) {
  return (memory_estimate_trial(plan, trial) + 1023) / 1024;
}

static const char *state_name(const struct listing *listing, size_t trial) {
  const struct plan *plan = listing->plan;
  if (plan->left_out[plan->data->list.trial[trial].architecture]) return "left out";
  if (listing->pending[trial]) return "train";
  switch (plan->trial[trial].state) {
    case PLANNED_DONE:
      return "recorded";
    case PLANNED_FAILED:
      return "failed";
    case PLANNED_STOPPED:
      return "stopped";
    case PLANNED_NEW:
      break;
  }
  return "train";
}

static json_t *value_of(const void *context, size_t row, size_t column) {
  const struct listing *listing = context;
  const size_t index = listing->shown[row];
  const struct trial *trial = &listing->plan->data->list.trial[index];
  const struct planned_trial *planned = &listing->plan->trial[index];
  const struct architecture *architecture = architecture_of(listing->plan, index);
  switch (column) {
    case KEY:
      return json_text_string(trial->key);
    case LABEL:
      return json_text_string(architecture->label);
    case SEED:
      return json_text_u64(trial->seed);
    case FOLD:
      return json_text_string(trial->fold);
    case PARAMETERS:
      return json_text_u64(planned->size.parameters);
    case WIDE:
      return json_text_u64(planned->size.wide_columns);
    case FLOP:
      return json_text_u64(planned->size.flops_per_row);
    case ROWS:
      return json_text_u64(planned->training_rows);
    case EPOCHS:
      return json_text_u64(architecture->config.train.epochs);
    case MEMORY:
      return json_text_u64(memory_kib(listing->plan, index));
    case SECONDS:
      return json_text_real(estimated_seconds(listing->plan, index));
    default:
      return json_text_string(state_name(listing, index));
  }
}

static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  const struct listing *listing = context;
  if (column == SECONDS) {
    text_add(cell, "%.3f", estimated_seconds(listing->plan, listing->shown[row]));
    return;
  }
  if (column == MEMORY && listing->people) {
    text_add(cell, "%.0f", (double)memory_kib(listing->plan, listing->shown[row]) / 1024);
    return;
  }
  json_t *value = value_of(context, row, column);
  if (json_is_string(value)) {
    text_add(cell, "%s", json_string_value(value));
  } else {
    text_add(cell, "%lld", (long long)json_integer_value(value));
  }
  cell->failed |= value == NULL;
  json_decref(value);
}

/* A shard's own trials, or all. */
static void write_listing(struct listing *listing, enum text_table_format format,
                          struct text *table) {
  const struct plan *plan = listing->plan;
  size_t rows = 0;
  for (size_t i = 0; i < plan->pending_count; i++) listing->pending[plan->pending[i]] = true;
  for (size_t i = 0; i < plan->trials; i++) {
    if (plan->shard.count == 0 || plan_is_own(plan, i)) listing->shown[rows++] = i;
  }
  text_table_write(&(struct text_table){.column = listing->people ? for_people : for_programs,
                                        .columns = COLUMNS,
                                        .rows = rows,
                                        .context = listing,
                                        .cell = cell_of,
                                        .value = value_of},
                   format, table);
}

bool dry_run_table(const struct plan *plan, enum text_table_format format, struct text *table,
                   struct error *error) {
  const bool people = format == TEXT_TABLE_TEXT || format == TEXT_TABLE_MARKDOWN;
  struct listing listing = {.plan = plan, .people = people};
  listing.pending = memory_array(plan->trials, sizeof *listing.pending, error);
  listing.shown = memory_array(plan->trials, sizeof *listing.shown, error);
  const bool made = listing.pending != NULL && listing.shown != NULL;
  if (made) write_listing(&listing, format, table);
  free(listing.pending);
  free(listing.shown);
  if (!made) return false;
  return !table->failed || error_set(error, ERROR_SYSTEM, "out of memory for the table");
}
