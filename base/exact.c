#include "base/exact.h"

void exact_begin(struct exact *exact) {
  (void)fegetenv(&exact->before);
  (void)fesetenv(FE_DFL_ENV);
}

void exact_end(const struct exact *exact) {
  (void)fesetenv(&exact->before);
}
