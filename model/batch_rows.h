/* Which rows of the embedding tables a batch reads: each once, in the order in
 * which the batch first names them. */
#ifndef CROSSLANE_MODEL_BATCH_ROWS_H
#define CROSSLANE_MODEL_BATCH_ROWS_H

#include <stdint.h>

#include "base/error.h"
#include "model/wide_deep.h"

struct batch_rows {
  uint32_t batches; /* counted so far */
  /* (rows of the table, and unseen) the number of the last batch that read it, from 1 */
  uint32_t *seen_in[DEEP_COLUMNS_MAX];
  uint32_t *row[DEEP_COLUMNS_MAX]; /* (as many as a batch can read) */
  size_t count[DEEP_COLUMNS_MAX];
};

/* How many different rows of a field's table `most` rows of data can read. */
size_t batch_rows_capacity(const struct field *field, size_t most);

bool batch_rows_init(struct batch_rows *batch, const struct wide_deep *model, size_t most,
                     struct error *error);
void batch_rows_clear(struct batch_rows *batch);

/* A new batch; then, in any order, of each field its rows, of the batch in the
 * workspace. */
void batch_rows_begin(struct batch_rows *batch);
void batch_rows_find(struct batch_rows *batch, const struct wide_deep *model,
                     const struct workspace *workspace, size_t f, size_t m);

#endif
