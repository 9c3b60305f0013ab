#include "results/table_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

#define AT(field) offsetof(struct summary_row, field)

const struct table_column table_columns[] = {
    {"run", COLUMN_RUN, 0, NULL, false},
    {"label", COLUMN_LABEL, 0, "architecture", false},
    {"status", COLUMN_STATUS, 0, NULL, false},
    {"n", COLUMN_COUNT, AT(trials), NULL, false},
    {"failed", COLUMN_COUNT, AT(failed), NULL, false},
    {"stopped", COLUMN_COUNT, AT(stopped), NULL, false},
    {"planned", COLUMN_COUNT, AT(planned), NULL, false},
    {"mse", COLUMN_MEAN, AT(mse), "test MSE", false},
    {"mse_sd", COLUMN_MEAN, AT(mse_sd), NULL, false},
    {"difference", COLUMN_REAL, AT(vs_baseline.difference), "vs base", false},
    {"difference_low", COLUMN_REAL, AT(vs_baseline.low), "95 % interval", false},
    {"difference_high", COLUMN_REAL, AT(vs_baseline.high), NULL, false},
    {"pairs", COLUMN_COUNT_OR_NONE, AT(vs_baseline.pairs), NULL, false},
    {"p_holm", COLUMN_REAL, AT(vs_baseline.p_holm), NULL, false},
    {"told_apart", COLUMN_APART, AT(vs_baseline), NULL, false},
    {"best_difference", COLUMN_REAL, AT(vs_best.difference), NULL, false},
    {"best_difference_low", COLUMN_REAL, AT(vs_best.low), NULL, false},
    {"best_difference_high", COLUMN_REAL, AT(vs_best.high), NULL, false},
    {"best_pairs", COLUMN_COUNT_OR_NONE, AT(vs_best.pairs), NULL, false},
    {"best_p_holm", COLUMN_REAL, AT(vs_best.p_holm), NULL, false},
    {"best_told_apart", COLUMN_APART, AT(vs_best), NULL, false},
    {"first_mse", COLUMN_REAL, AT(first_mse), "first run", true},
    {"change", COLUMN_REAL, AT(vs_first.difference), NULL, true},
    {"change_low", COLUMN_REAL, AT(vs_first.low), "95 % of change", true},
    {"change_high", COLUMN_REAL, AT(vs_first.high), NULL, true},
    {"change_pairs", COLUMN_COUNT_OR_NONE, AT(vs_first.pairs), NULL, true},
    {"change_p_holm", COLUMN_REAL, AT(vs_first.p_holm), NULL, true},
    {"change_told_apart", COLUMN_APART, AT(vs_first), NULL, true},
    {"validation_mse", COLUMN_MEAN, AT(validation_mse), "val. MSE", false},
    {"validation_mse_sd", COLUMN_MEAN, AT(validation_mse_sd), NULL, false},
    {"train_mse", COLUMN_MEAN, AT(train_mse), NULL, false},
    {"rmse", COLUMN_MEAN, AT(rmse), NULL, false},
    {"mae", COLUMN_MEAN, AT(mae), NULL, false},
    {"stopped_epoch", COLUMN_COUNT_OR_NONE, AT(stopped_epoch), NULL, false},
    {"stopped_mse", COLUMN_REAL, AT(stopped_mse), NULL, false},
    {"stopped_validation_mse", COLUMN_REAL, AT(stopped_validation_mse), NULL, false},
    {"parameters", COLUMN_U64, AT(parameters), "params", false},
    {"wide_columns", COLUMN_U64, AT(wide_columns), "one-hot", false},
    {"flops_per_row", COLUMN_U64, AT(flops_per_row), NULL, false},
    {"cpu_seconds", COLUMN_REAL, AT(cpu_seconds), "CPU s", false},
    {"seconds", COLUMN_REAL, AT(seconds), "wall s", false},
};
const size_t table_column_count = sizeof table_columns / sizeof table_columns[0];

const char *table_column_name(size_t index) {
  return index < table_column_count ? table_columns[index].name : NULL;
}

const struct table_column *table_column_named(const char *name) {
  for (size_t i = 0; i < table_column_count; i++) {
    if (strcmp(table_columns[i].name, name) == 0) return &table_columns[i];
  }
  return NULL;
}

const char *table_column_title(const struct table_column *column) {
  return column->title != NULL ? column->title : column->name;
}

static bool is_called(const char *name, size_t length, const char *own) {
  return strlen(own) == length && strncasecmp(own, name, length) == 0;
}

static bool refuse(const char *name, size_t length, const char *what, struct error *error) {
  const char **names = memory_array(2 * table_column_count, sizeof *names, error);
  if (names == NULL) return false;
  struct text all = {0}, asked = {0};
  size_t count = 0;
  for (size_t i = 0; i < table_column_count; i++) {
    const struct table_column *column = &table_columns[i];
    names[count++] = column->name;
    text_add(&all, "%s%s", i > 0 ? ", " : "", column->name);
    if (column->title == NULL) continue;
    names[count++] = column->title;
    text_add(&all, " (%s)", column->title);
  }
  text_add_bytes(&asked, name, length);
  text_add(&asked, "%s", "");
  if (!all.failed && !asked.failed) {
    const char *nearest = text_nearest(asked.text, names, count);
    error_set(error, ERROR_USAGE, "%s '%s': no such column", what, asked.text);
    if (nearest != NULL) error_help(error, "did you mean '%s'?", nearest);
    error_help(error, "columns: %s", all.text);
  } else {
    error_set(error, ERROR_SYSTEM, "out of memory");
  }
  text_clear(&all);
  text_clear(&asked);
  free(names);
  return false;
}

bool table_column_find(const char *name, size_t length, const char *what,
                       const struct table_column **column, struct error *error) {
  static const char spread[] = " ± sd";
  const size_t more = sizeof spread - 1;
  size_t bare = length;
  if (length > more && memcmp(name + length - more, spread, more) == 0) bare -= more;
  for (size_t i = 0; i < table_column_count; i++) {
    *column = &table_columns[i];
    if (is_called(name, length, (*column)->name)) return true;
    if ((*column)->title != NULL && is_called(name, bare, (*column)->title)) return true;
  }
  return refuse(name, length, what, error);
}

bool table_column_is_string(const struct table_column *column) {
  return column->kind <= COLUMN_STATUS;
}

bool table_column_is_real(const struct table_column *column) {
  return column->kind == COLUMN_REAL || column->kind == COLUMN_MEAN;
}

bool table_column_ranks_by_test(const struct table_column *column) {
  static const size_t offsets[] = {
      AT(mse),
      AT(rmse),
      AT(mae),
      AT(stopped_mse),
      AT(vs_baseline.difference),
      AT(vs_baseline.low),
      AT(vs_baseline.high),
      AT(vs_best.difference),
      AT(vs_best.low),
      AT(vs_best.high),
      AT(first_mse),
      AT(vs_first.difference),
      AT(vs_first.low),
      AT(vs_first.high),
  };
  bool found = false;
  for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
    found = found || (table_column_is_real(column) && column->offset == offsets[i]);
  }
  return found;
}

static double told_apart(const struct architecture_comparison *comparison) {
  if (!paired_tested(comparison)) return NAN;
  return paired_alike(comparison) ? 0 : 1;
}

double table_number(const struct summary_row *row, const struct table_column *column) {
  const void *field = (const char *)row + column->offset;
  size_t count;
  switch (column->kind) {
    case COLUMN_COUNT:
      return (double)*(const size_t *)field;
    case COLUMN_COUNT_OR_NONE:
      count = *(const size_t *)field;
      return count > 0 ? (double)count : NAN;
    case COLUMN_U64:
      return row->trials + row->stopped > 0 ? (double)*(const uint64_t *)field : NAN;
    case COLUMN_MEAN:
      return table_row_stopped(row) ? NAN : *(const double *)field;
    case COLUMN_REAL:
      return *(const double *)field;
    case COLUMN_APART:
      return told_apart(field);
    case COLUMN_RUN:
    case COLUMN_LABEL:
    case COLUMN_STATUS:
      break;
  }
  return NAN;
}

bool table_row_stopped(const struct summary_row *row) {
  return summary_status(row) == SUMMARY_STOPPED;
}

const char *table_string(const struct table_row *row, const struct table_column *column) {
  if (column->kind == COLUMN_STATUS) return summary_status_name(summary_status(row->row));
  return column->kind == COLUMN_RUN ? row->summary->run : row->row->label;
}
