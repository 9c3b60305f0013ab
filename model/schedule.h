/* Learning-rate schedules. Private to model/. */
#ifndef CROSSLANE_MODEL_SCHEDULE_H
#define CROSSLANE_MODEL_SCHEDULE_H

#include <stdint.h>

#include "model/model_spec.h"

/* What the learning rates are multiplied by in `epoch` (from 0) of `epochs`:
 * model/model_spec.h has the formulas. The same bits on every machine. */
double schedule_factor(const struct schedule_spec *spec, uint32_t epoch, uint32_t epochs);

#endif
