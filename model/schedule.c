#include "model/schedule.h"

#include "base/numeric.h"

double schedule_factor(const struct schedule_spec *spec, uint32_t epoch, uint32_t epochs) {
  double factor = 1.0;
  switch (spec->name) {
    case SCHEDULE_CONSTANT:
      break;
    case SCHEDULE_STEP:
      for (uint32_t e = spec->step_epochs; e <= epoch; e += spec->step_epochs) {
        factor *= spec->factor;
      }
      break;
    case SCHEDULE_COSINE:
      factor = (1.0 + numeric_cos_pi((double)epoch / (double)epochs)) / 2.0;
      factor = spec->minimum + (1.0 - spec->minimum) * factor;
      break;
    case SCHEDULE_INVERSE_TIME:
      factor = 1.0 / (1.0 + spec->decay * (double)epoch);
      break;
  }
  return factor;
}
