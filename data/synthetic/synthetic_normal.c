#include "data/synthetic/synthetic_parts.h"

double synthetic_normal(struct random *random) {
  double sum = 0.0;
  for (int i = 0; i < 12; i++) sum += (double)random_float(random);
  return sum - 6.0;
}
