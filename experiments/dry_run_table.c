#include "experiments/dry_run_table.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/document.h"
#include "base/memory.h"
#include "base/width.h"

struct column_of_trials {
  const char *name;    /* CSV and JSON */
  const char *heading; /* text */
  bool left;           /* aligned */
};

enum { KEY, LABEL, SEED, FOLD, PARAMETERS, WIDE, FLOP, ROWS, EPOCHS, SECONDS, STATE, COLUMNS };

static const struct column_of_trials columns[COLUMNS] = {
    [KEY] = {"key", "key", true},
    [LABEL] = {"label", "label", true},
    [SEED] = {"seed", "seed", false},
    [FOLD] = {"fold", "fold", true},
    [PARAMETERS] = {"parameters", "parameters", false},
    [WIDE] = {"wide_columns", "wide columns", false},
    [FLOP] = {"flops_per_row", "FLOP/row", false},
    [ROWS] = {"training_rows", "training rows", false},
    [EPOCHS] = {"epochs", "epochs", false},
    [SECONDS] = {"estimated_seconds", "estimated s", false},
    [STATE] = {"state", "state", true},
};

static const struct architecture *architecture_of(const struct plan *plan, size_t trial) {
  const struct trial_list *list = &plan->data->list;
  return &list->architecture[list->trial[trial].architecture];
}

static double estimated_seconds(const struct plan *plan, size_t trial) {
  return plan->trial[trial].epoch_seconds *
         (double)architecture_of(plan, trial)->config.train.epochs;
}

static const char *state_name(const struct plan *plan, size_t trial, const bool *pending) {
  if (plan->left_out[plan->data->list.trial[trial].architecture]) return "left out";
  if (pending[trial]) return "train";
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

static json_t *trial_json(const struct plan *plan, size_t index, const bool *pending) {
  const struct trial *trial = &plan->data->list.trial[index];
  const struct planned_trial *planned = &plan->trial[index];
  json_t *value[COLUMNS] = {
      [KEY] = document_string(trial->key),
      [LABEL] = document_string(architecture_of(plan, index)->label),
      [SEED] = document_u64(trial->seed),
      [FOLD] = document_string(trial->fold),
      [PARAMETERS] = document_u64(planned->size.parameters),
      [WIDE] = document_u64(planned->size.wide_columns),
      [FLOP] = document_u64(planned->size.flops_per_row),
      [ROWS] = document_u64(planned->training_rows),
      [EPOCHS] = document_u64(architecture_of(plan, index)->config.train.epochs),
      [SECONDS] = document_real(estimated_seconds(plan, index)),
      [STATE] = document_string(state_name(plan, index, pending)),
  };
  json_t *object = json_object();
  bool good = object != NULL;
  for (size_t c = 0; c < COLUMNS; c++) {
    good = json_object_set_new(object, columns[c].name, value[c]) == 0 && good;
  }
  if (good) return object;
  json_decref(object);
  return NULL;
}

static bool add_json(const struct plan *plan, const bool *pending, struct text *table) {
  json_t *list = json_array();
  bool good = list != NULL;
  for (size_t i = 0; good && i < plan->trials; i++) {
    good = json_array_append_new(list, trial_json(plan, i, pending)) == 0;
  }
  if (good) {
    document_add(table, list);
    text_add(table, "\n");
  }
  json_decref(list);
  return good;
}

/* Appends a cell as text. */
static void add_cell(const struct plan *plan, size_t index, const bool *pending, size_t column,
                     struct text *cell) {
  const struct trial *trial = &plan->data->list.trial[index];
  const struct planned_trial *planned = &plan->trial[index];
  const struct architecture *architecture = architecture_of(plan, index);
  switch (column) {
    case KEY:
      text_add(cell, "%s", trial->key);
      break;
    case LABEL:
      width_add_plain(cell, architecture->label);
      break;
    case SEED:
      text_add(cell, "%llu", (unsigned long long)trial->seed);
      break;
    case FOLD:
      text_add(cell, "%s", trial->fold);
      break;
    case PARAMETERS:
      text_add(cell, "%llu", (unsigned long long)planned->size.parameters);
      break;
    case WIDE:
      text_add(cell, "%llu", (unsigned long long)planned->size.wide_columns);
      break;
    case FLOP:
      text_add(cell, "%llu", (unsigned long long)planned->size.flops_per_row);
      break;
    case ROWS:
      text_add(cell, "%zu", planned->training_rows);
      break;
    case EPOCHS:
      text_add(cell, "%u", (unsigned)architecture->config.train.epochs);
      break;
    case SECONDS:
      text_add(cell, "%.3f", estimated_seconds(plan, index));
      break;
    default:
      text_add(cell, "%s", state_name(plan, index, pending));
  }
}

static void add_quoted(struct text *table, const char *cell) {
  if (strpbrk(cell, ",\"\r\n") == NULL) {
    text_add(table, "%s", cell);
    return;
  }
  text_add(table, "\"");
  for (; *cell != '\0'; cell++) {
    if (*cell == '"') text_add(table, "\"");
    text_add_bytes(table, cell, 1);
  }
  text_add(table, "\"");
}

static void add_padded(struct text *table, const char *cell, size_t width, bool left, bool last) {
  size_t missing = width - width_of(cell);
  if (!left) text_add(table, "%*s", (int)missing, "");
  text_add(table, "%s", cell);
  if (left && !last) text_add(table, "%*s", (int)missing, "");
  text_add(table, last ? "\n" : "  ");
}

/* Rows are made twice, for their width and for their text: that is cheaper
 * than to keep them. A column that is empty in all rows is not shown. */
static void find_widths(const struct plan *plan, const bool *pending, size_t width[COLUMNS]) {
  for (size_t c = 0; c < COLUMNS; c++) {
    width[c] = 0;
    for (size_t i = 0; i < plan->trials; i++) {
      struct text cell = {0};
      add_cell(plan, i, pending, c, &cell);
      size_t own = cell.text != NULL ? width_of(cell.text) : 0;
      if (own > width[c]) width[c] = own;
      text_clear(&cell);
    }
    size_t heading = width_of(columns[c].heading);
    if (width[c] > 0 && width[c] < heading) width[c] = heading;
  }
}

static void add_text(const struct plan *plan, const bool *pending, struct text *table) {
  size_t width[COLUMNS];
  find_widths(plan, pending, width);
  for (size_t c = 0; c < COLUMNS; c++) {
    if (width[c] == 0) continue;
    add_padded(table, columns[c].heading, width[c], columns[c].left, c + 1 == COLUMNS);
  }
  for (size_t i = 0; i < plan->trials; i++) {
    for (size_t c = 0; c < COLUMNS; c++) {
      if (width[c] == 0) continue;
      struct text cell = {0};
      add_cell(plan, i, pending, c, &cell);
      add_padded(table, cell.text != NULL ? cell.text : "", width[c], columns[c].left,
                 c + 1 == COLUMNS);
      text_clear(&cell);
    }
  }
}

static void add_csv(const struct plan *plan, const bool *pending, struct text *table) {
  for (size_t c = 0; c < COLUMNS; c++) {
    text_add(table, "%s%s", columns[c].name, c + 1 == COLUMNS ? "\n" : ",");
  }
  for (size_t i = 0; i < plan->trials; i++) {
    for (size_t c = 0; c < COLUMNS; c++) {
      struct text cell = {0};
      add_cell(plan, i, pending, c, &cell);
      add_quoted(table, cell.text != NULL ? cell.text : "");
      text_add(table, c + 1 == COLUMNS ? "\n" : ",");
      text_clear(&cell);
    }
  }
}

bool dry_run_table(const struct plan *plan, enum dry_run_format format, struct text *table,
                   struct error *error) {
  bool *pending = memory_array(plan->trials, sizeof *pending, error);
  if (pending == NULL) return false;
  for (size_t i = 0; i < plan->pending_count; i++) pending[plan->pending[i]] = true;
  bool made = true;
  if (format == DRY_RUN_JSON) {
    made = add_json(plan, pending, table);
  } else if (format == DRY_RUN_CSV) {
    add_csv(plan, pending, table);
  } else {
    add_text(plan, pending, table);
  }
  free(pending);
  return made ? true : error_set(error, ERROR_SYSTEM, "out of memory for the table");
}
