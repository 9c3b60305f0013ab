/* Which rows of the embedding tables a batch reads: each once, in the order in
 * which the batch first names them. */
#ifndef CROSSLANE_MODEL_BATCH_ROWS_H
#define CROSSLANE_MODEL_BATCH_ROWS_H

#include <stdint.h>

#include "base/error.h"
#include "model/wide_deep.h"

struct touched {
  uint32_t batch; /* counts the batches, from 1 */
  uint32_t
      *seen_in[DEEP_COLUMNS_MAX]; /* (rows of the table, and unseen): the last batch that read it */
  uint32_t *row[DEEP_COLUMNS_MAX]; /* (as many as a batch can read) */
  size_t count[DEEP_COLUMNS_MAX];
};

bool touched_init(struct touched *touched, const struct wide_deep *model, size_t most,
                  struct error *error);
void touched_clear(struct touched *touched);

/* Of the batch in the workspace. */
void touched_find(struct touched *touched, const struct wide_deep *model,
                  const struct workspace *workspace, size_t m);

#endif
