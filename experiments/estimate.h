/* How long a training will take: an estimate, from a model of one core.
 *
 * An epoch's seconds, of a trial with T training rows, E rows to evaluate, F
 * FLOP a row forward, P parameters, batches of B rows, h floats of history
 * embeddings a row, and a seconds for a row's transcendental activations:
 *
 *   T (BACKWARD 3 F / dense + s (ROW + h HISTORY + a))
 *   + E (F / dense + s (ROW / 4 + (h HISTORY + a) / 3))
 *   + T / B P ADAM s,    s = ESTIMATE_DENSE / dense
 *
 * times `trainings`: one for each member of an ensemble, of which F and P are then, and
 * with refit twice as many, as if that had as many epochs and rows.
 *
 * `dense` is the rate of the kernel dense_forward here. The constants are those
 * of one machine (experiments/estimate.c), where the estimate was within a
 * factor of 1.6 for models of many kinds; s scales them to this one. Records of
 * the same sweep on this machine put the whole right. */
#ifndef CROSSLANE_EXPERIMENTS_ESTIMATE_H
#define CROSSLANE_EXPERIMENTS_ESTIMATE_H

#include <stdint.h>

#include "data/dataset.h"
#include "data/split.h"
#include "kernels/kernels.h"
#include "model/model_spec.h"
#include "model/train.h"

/* What an epoch of a trial costs, in the terms above. */
struct epoch_work {
  double train_rows, evaluated_rows;
  double flops, parameters, batch_rows;
  double history_floats, activation_ns;
  double trainings; /* how often all rows are trained on: members, and once more with refit */
};

struct epoch_work epoch_work_of(const struct dataset *dataset, const struct split *split,
                                const struct model_spec *model, const struct train_spec *train,
                                const struct model_size *size);

/* FLOP/s of dense_forward on a layer of usual size: best of about 20 ms.
 * Without memory for it, ESTIMATE_DENSE. */
double estimate_measure_dense(const struct kernels *kernels);

/* FLOP/s of the machine that the constants come from. Where only the order of
 * trials matters, it saves the measuring. */
#define ESTIMATE_DENSE 200e9

double estimate_epoch_seconds(const struct epoch_work *work, double dense);

#endif
