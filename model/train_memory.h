/* The bytes that one training holds when it holds the most: all that train_run
 * allocates, added up from sizes that are known before it. What all trainings
 * of a sweep share (the data set and its features) does not count, nor do threads
 * beside the first.
 *
 * With R rows, of which T train, and so many of everything else as the encoding
 * and the laid-out model have; a float, a code and an index have 4 bytes:
 *
 *   rows      4 R split + 4 T order + R (4 slots + 8 bags + 4 numbers + 4); less
 *             where rows are merged, which is seen only when they are
 *   encoding  (encoding_bytes) sum over tables of 4 (codes + 1)
 *             + sum over bags of 4 (owners + 1 + entries)
 *             + statistics: T + sum over users and films of 5 folds and a time
 *   weights   4 floats (4: weights, gradients, two moments; 1 more with early
 *             stopping, the best weights, and 1 more for averages)
 *             + 4 sum over layers of outputs * inputs'
 *             Each member of an ensemble: its layout, and 4 floats when it is trained
 *             Averages of lazy updates: sum over fields of 4 table rows
 *   batch     of B = min(batch_size, T) rows, or those of several small batches
 *             (dot_training_rows), and once more of TRAIN_EVALUATED:
 *             4 B (wide slots + 2 inputs' + 5)
 *             + sum over layers of B (8 or 12 outputs' + 2 ceil(outputs / 16))
 *             + sum over fields of 4 (B longest + ahead), 4 (B + 1) more for bags
 *             With lazy updates or L2 of embeddings, once:
 *             sum over fields of 4 (table rows + rows that a batch reads)
 *   saving    4 parameters of all members + SAVED_CODE bytes a code of each combination
 *
 * With refit, of the second phase: R trains and validates, there are two lists of the
 * split, and the best weights, which only the first has, count for what that has more.
 *
 * inputs' and outputs' are padded to 16; what is aligned is rounded up as
 * memory_aligned_bytes does. `8 or 12`: h and dh; with an activation other than
 * relu its derivative too. */
#ifndef CROSSLANE_MODEL_TRAIN_MEMORY_H
#define CROSSLANE_MODEL_TRAIN_MEMORY_H

#include <stdint.h>

#include "data/encoding/encoding.h"
#include "model/train.h"
#include "model/wide_deep.h"

struct train_memory {
  uint64_t rows, encoding, weights, batch, saving;
};

/* Of the request it reads dataset, split (with refit the second phase's) and train; `model` is laid
 * out, and may be without memory. */
struct train_memory train_memory_of(const struct train_request *request,
                                    const struct encoding *encoding, const struct wide_deep *model);

uint64_t train_memory_sum(const struct train_memory *memory);

#endif
