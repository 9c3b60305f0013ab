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
    [KEY] = {.name = "key", .left = true, .optional = true, .rank = 5},
    [LABEL] = {.name = "architecture", .left = true, .wraps = true},
    [SEED] = {.name = "seed"},
    [FOLD] = {.name = "fold", .left = true, .optional = true},
    [PARAMETERS] = {.name = "params", .rank = 3},
    [WIDE] = {.name = "one-hot", .rank = 4},
    [FLOP] = {.name = "FLOP/row", .rank = 8},
    [ROWS] = {.name = "training rows", .rank = 7},
    [EPOCHS] = {.name = "epochs", .rank = 6},
    [MEMORY] = {.name = "MiB", .rank = 2},
    [SECONDS] = {.name = "estimated s", .rank = 1},
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
  bool each_trial;
  bool *pending; /* [trials] */
  size_t *trial; /* [shown] those of the shard, or all */
  size_t shown;
  size_t *first; /* [rows + 1] where each row begins in `trial`; its trials follow each other */
  size_t rows;
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
  const size_t at = listing->trial[listing->first[row]];
  const struct trial *trial = &listing->plan->data->list.trial[at];
  const struct planned_trial *planned = &listing->plan->trial[at];
  const struct architecture *architecture = architecture_of(listing->plan, at);
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
      return json_text_u64(memory_kib(listing->plan, at));
    case SECONDS:
      return json_text_real(estimated_seconds(listing->plan, at));
    default:
      return json_text_string(state_name(listing, at));
  }
}

/* --- rows of several trials, for people --- */

static double row_seconds(const struct listing *listing, size_t row) {
  double sum = 0;
  for (size_t t = listing->first[row]; t < listing->first[row + 1]; t++) {
    sum += estimated_seconds(listing->plan, listing->trial[t]);
  }
  return sum;
}

static double row_mebibytes(const struct listing *listing, size_t row) {
  uint64_t most = 0;
  for (size_t t = listing->first[row]; t < listing->first[row + 1]; t++) {
    const uint64_t own = memory_kib(listing->plan, listing->trial[t]);
    if (own > most) most = own;
  }
  return (double)most / 1024;
}

/* "2 recorded, 3 train"; of one trial, or where all are alike, the state alone. */
static void add_states(const struct listing *listing, size_t row, struct text *cell) {
  static const char *const states[] = {"recorded", "stopped", "failed", "train", "left out"};
  const size_t begin = listing->first[row], end = listing->first[row + 1];
  const size_t before = cell->length;
  for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
    size_t count = 0;
    for (size_t t = begin; t < end; t++) {
      count += strcmp(state_name(listing, listing->trial[t]), states[s]) == 0;
    }
    if (count == 0) continue;
    if (cell->length > before) text_add(cell, ", ");
    if (count < end - begin) text_add(cell, "%zu ", count);
    text_add(cell, "%s", states[s]);
  }
}

/* Trials are by fold, then seed; a shard may have a part of them. */
static void add_of_split(const struct listing *listing, size_t row, size_t column,
                         struct text *cell) {
  const struct trial *trial = listing->plan->data->list.trial;
  const struct trial *first = &trial[listing->trial[listing->first[row]]];
  size_t folds = 0, seeds = 0;
  for (size_t t = listing->first[row]; t < listing->first[row + 1]; t++) {
    const struct trial *one = &trial[listing->trial[t]];
    folds += one->seed == first->seed;
    seeds += strcmp(one->fold, first->fold) == 0;
  }
  if (column == SEED) text_add(cell, "%zu", seeds);
  if (column == FOLD && first->fold[0] != '\0') text_add(cell, "%zu", folds);
}

static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  const struct listing *listing = context;
  if (column == SECONDS) {
    text_add(cell, "%.3f", row_seconds(listing, row));
  } else if (column == MEMORY) {
    text_add(cell, "%.0f", row_mebibytes(listing, row));
  } else if (column == STATE) {
    add_states(listing, row, cell);
  } else if (column == KEY && !listing->each_trial) {
    text_add(cell, "%s", "");
  } else if ((column == SEED || column == FOLD) && !listing->each_trial) {
    add_of_split(listing, row, column, cell);
  } else {
    json_t *value = value_of(context, row, column);
    if (json_is_string(value)) {
      text_add(cell, "%s", json_string_value(value));
    } else {
      text_add(cell, "%lld", (long long)json_integer_value(value));
    }
    cell->failed |= value == NULL;
    json_decref(value);
  }
}

/* Where the rows begin: each trial, or the first of each architecture. */
static bool find_rows(struct listing *listing, struct error *error) {
  const struct plan *plan = listing->plan;
  const struct trial_list *list = &plan->data->list;
  listing->trial = memory_array(plan->trials, sizeof *listing->trial, error);
  listing->first = memory_array(plan->trials + 1, sizeof *listing->first, error);
  if (listing->trial == NULL || listing->first == NULL) return false;
  for (size_t t = 0; t < plan->trials; t++) {
    if (plan->shard.count > 0 && !plan_is_own(plan, t)) continue;
    const size_t before = listing->shown > 0 ? listing->trial[listing->shown - 1] : t;
    const bool same = before < t && list->trial[t].architecture == list->trial[before].architecture;
    if (listing->each_trial || !same) listing->first[listing->rows++] = listing->shown;
    listing->trial[listing->shown++] = t;
  }
  listing->first[listing->rows] = listing->shown;
  return true;
}

/* Without the keys, which are trials', a row has the counts of seeds and folds. */
static void write_table(const struct listing *listing, const struct dry_run_form *form,
                        struct text *text) {
  struct text_table_column column[COLUMNS];
  bool left_out[COLUMNS] = {false};
  for (size_t c = 0; c < COLUMNS; c++) column[c] = for_people[c];
  if (!listing->each_trial) {
    column[SEED].name = "seeds";
    column[FOLD] = (struct text_table_column){.name = "folds", .optional = true};
  }
  const struct text_table table = {.column = column,
                                   .columns = COLUMNS,
                                   .rows = listing->rows,
                                   .context = listing,
                                   .cell = cell_of,
                                   .page_width = form->width,
                                   .left_out = left_out};
  text_table_write(&table, form->format, text);
  text_table_add_left_out(&table, "a wider terminal, or --format csv", text);
  text_add(text, "%s", form->width > 0 ? "\n" : "");
}

bool dry_run_table(const struct plan *plan, const struct dry_run_form *form, struct text *table,
                   struct error *error) {
  const bool people = form->format == TEXT_TABLE_TEXT || form->format == TEXT_TABLE_MARKDOWN;
  struct listing listing = {.plan = plan,
                            .each_trial = form->each_trial || !people,
                            .pending = memory_array(plan->trials, sizeof *listing.pending, error)};
  const bool good = listing.pending != NULL && find_rows(&listing, error);
  for (size_t i = 0; good && i < plan->pending_count; i++) listing.pending[plan->pending[i]] = true;
  if (good && people) write_table(&listing, form, table);
  if (good && !people) {
    text_table_write(&(struct text_table){.column = for_programs,
                                          .columns = COLUMNS,
                                          .rows = listing.rows,
                                          .context = &listing,
                                          .value = value_of},
                     form->format, table);
  }
  free(listing.pending);
  free(listing.trial);
  free(listing.first);
  return good && (!table->failed || error_set(error, ERROR_SYSTEM, "out of memory for the table"));
}
