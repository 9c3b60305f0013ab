#include "results/table_columns.h"

#include <math.h>
#include <string.h>

#define AT(field) offsetof(struct summary_row, field)

const struct table_column table_columns[] = {
    {"run", COLUMN_RUN, 0},
    {"label", COLUMN_LABEL, 0},
    {"status", COLUMN_STATUS, 0},
    {"n", COLUMN_COUNT, AT(trials)},
    {"failed", COLUMN_COUNT, AT(failed)},
    {"stopped", COLUMN_COUNT, AT(stopped)},
    {"planned", COLUMN_COUNT, AT(planned)},
    {"mse", COLUMN_MEAN, AT(mse)},
    {"mse_sd", COLUMN_MEAN, AT(mse_sd)},
    {"difference", COLUMN_REAL, AT(vs_baseline.difference)},
    {"difference_low", COLUMN_REAL, AT(vs_baseline.low)},
    {"difference_high", COLUMN_REAL, AT(vs_baseline.high)},
    {"pairs", COLUMN_COUNT_OR_NONE, AT(vs_baseline.pairs)},
    {"p_holm", COLUMN_REAL, AT(vs_baseline.p_holm)},
    {"told_apart", COLUMN_APART, AT(vs_baseline)},
    {"best_difference", COLUMN_REAL, AT(vs_best.difference)},
    {"best_difference_low", COLUMN_REAL, AT(vs_best.low)},
    {"best_difference_high", COLUMN_REAL, AT(vs_best.high)},
    {"best_pairs", COLUMN_COUNT_OR_NONE, AT(vs_best.pairs)},
    {"best_p_holm", COLUMN_REAL, AT(vs_best.p_holm)},
    {"best_told_apart", COLUMN_APART, AT(vs_best)},
    {"validation_mse", COLUMN_MEAN, AT(validation_mse)},
    {"validation_mse_sd", COLUMN_MEAN, AT(validation_mse_sd)},
    {"train_mse", COLUMN_MEAN, AT(train_mse)},
    {"rmse", COLUMN_MEAN, AT(rmse)},
    {"mae", COLUMN_MEAN, AT(mae)},
    {"stopped_epoch", COLUMN_COUNT_OR_NONE, AT(stopped_epoch)},
    {"stopped_mse", COLUMN_REAL, AT(stopped_mse)},
    {"stopped_validation_mse", COLUMN_REAL, AT(stopped_validation_mse)},
    {"parameters", COLUMN_U64, AT(parameters)},
    {"wide_columns", COLUMN_U64, AT(wide_columns)},
    {"flops_per_row", COLUMN_U64, AT(flops_per_row)},
    {"cpu_seconds", COLUMN_REAL, AT(cpu_seconds)},
    {"seconds", COLUMN_REAL, AT(seconds)},
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
