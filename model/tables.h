/* The sparse end of the network: out of the tables, and gradients back into
 * them. Private to model/. */
#ifndef CROSSLANE_MODEL_TABLES_H
#define CROSSLANE_MODEL_TABLES_H

#include "model/wide_deep.h"
#include "model/work_parts.h"

/* The rows in the workspace -> the embeddings in x, and wide_sum. */
void tables_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
                    const struct kernels *kernels);

/* Rows of the fields' tables, and their floats, that m rows read. */
uint64_t tables_rows_read(const struct wide_deep *model, const struct workspace *workspace,
                          size_t m);
uint64_t tables_floats_read(const struct wide_deep *model, const struct workspace *workspace,
                            size_t m);

/* From dx, added to these columns of a field's gradient. */
void tables_backward_field(struct wide_deep *model, const struct workspace *workspace, size_t f,
                           struct work_span columns, size_t m, const struct kernels *kernels);

/* From the predictions' gradient, added to that of the wide weights. */
void tables_backward_wide(struct wide_deep *model, const struct workspace *workspace, size_t m,
                          const struct kernels *kernels);

#endif
