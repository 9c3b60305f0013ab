#include "model/tables.h"

#include <string.h>

static void gather_field(const struct wide_deep *model, struct workspace *workspace, size_t f,
                         size_t m, const struct kernels *kernels) {
  const struct field *field = &model->field[f];
  const struct field_rows *rows = &workspace->field[f];
  const float *table = model->weights + field->table->offset;
  float *out = workspace->x + field->at;
  if (field->is_bag) {
    kernels->embedding_bag(&(struct embedding_bag){
        .m = m,
        .dim = field->table->columns,
        .table = table,
        .table_ld = field->table->ld,
        .offset = rows->offset,
        .index = rows->index,
        .known_ahead = rows->known_ahead,
        .pooling = field->pooling,
        .out = out,
        .out_ld = model->input_ld,
    });
    return;
  }
  kernels->embedding_gather(&(struct embedding_gather){
      .m = m,
      .dim = field->table->columns,
      .table = table,
      .table_ld = field->table->ld,
      .index = rows->index,
      .known_ahead = rows->known_ahead,
      .out = out,
      .out_ld = model->input_ld,
  });
}

void tables_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
                    const struct kernels *kernels) {
  for (size_t f = 0; f < model->fields; f++) gather_field(model, workspace, f, m, kernels);
  if (model->crosses == 0) return;
  kernels->wide_gather_sum(&(struct wide_gather_sum){
      .m = m,
      .tables = model->wide_slots,
      .weight = model->weights,
      .index = workspace->wide,
      .index_ld = workspace->most,
      .out = workspace->wide_sum,
  });
}

static size_t entries(const struct wide_deep *model, const struct workspace *workspace, size_t f,
                      size_t m) {
  return model->field[f].is_bag ? workspace->field[f].offset[m] : m;
}

uint64_t tables_floats_read(const struct wide_deep *model, const struct workspace *workspace,
                            size_t m) {
  uint64_t floats = 0;
  for (size_t f = 0; f < model->fields; f++) {
    floats += entries(model, workspace, f, m) * model->field[f].table->columns;
  }
  return floats;
}

uint64_t tables_rows_read(const struct wide_deep *model, const struct workspace *workspace,
                          size_t m) {
  uint64_t rows = 0;
  for (size_t f = 0; f < model->fields; f++) rows += entries(model, workspace, f, m);
  return rows;
}

/* The row after a table's trained ones stands for unseen values and for a
 * cross's slots to spare. Without gradient its weight, moments and decay stay
 * zero under every optimizer. */
static void clear_unseen(struct wide_deep *model, const struct tensor *table,
                         struct work_span columns) {
  float *row = model->gradients + table->offset + table->rows * table->ld;
  memset(row + columns.at, 0, columns.count * sizeof *row);
}

void tables_backward_field(struct wide_deep *model, const struct workspace *workspace, size_t f,
                           struct work_span columns, size_t m, const struct kernels *kernels) {
  const struct field *field = &model->field[f];
  const struct field_rows *rows = &workspace->field[f];
  float *table = model->gradients + field->table->offset + columns.at;
  const float *in = workspace->dx + field->at + columns.at;
  if (field->is_bag) {
    kernels->embedding_bag_scatter_add(&(struct embedding_bag_scatter_add){
        .m = m,
        .dim = columns.count,
        .table = table,
        .table_ld = field->table->ld,
        .offset = rows->offset,
        .index = rows->index,
        .known_ahead = rows->known_ahead,
        .pooling = field->pooling,
        .in = in,
        .in_ld = model->input_ld,
    });
  } else {
    kernels->embedding_scatter_add(&(struct embedding_scatter_add){
        .m = m,
        .dim = columns.count,
        .table = table,
        .table_ld = field->table->ld,
        .index = rows->index,
        .known_ahead = rows->known_ahead,
        .in = in,
        .in_ld = model->input_ld,
    });
  }
  clear_unseen(model, field->table, columns);
}

void tables_backward_wide(struct wide_deep *model, const struct workspace *workspace, size_t m,
                          const struct kernels *kernels) {
  kernels->wide_scatter_add(&(struct wide_scatter_add){
      .m = m,
      .tables = model->wide_slots,
      .weight = model->gradients,
      .index = workspace->wide,
      .index_ld = workspace->most,
      .in = workspace->gradient,
  });
  for (size_t c = 0; c < model->crosses; c++) {
    clear_unseen(model, model->wide[c].weight, (struct work_span){.count = 1});
  }
}
