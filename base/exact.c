#include "base/exact.h"

#include <stdbool.h>

/* On x86-64 a change of the environment takes as long as the prediction of a row. Where it
 * is as it is to be, which is nearly always, only the flags are to be put back. */
#if defined(__x86_64__) && defined(__linux__)

enum { MXCSR_FLAGS = 0x3f, MXCSR_START = 0x1f80, X87_START = 0x37f };

static bool is_usual(const fenv_t *environment) {
  return (environment->__mxcsr & ~(unsigned)MXCSR_FLAGS) == MXCSR_START &&
         environment->__control_word == X87_START;
}

void exact_begin(struct exact *exact) {
  fenv_t *before = &exact->before;
  __asm__ volatile("stmxcsr %0" : "=m"(before->__mxcsr));
  __asm__ volatile("fnstcw %0" : "=m"(before->__control_word));
  if (is_usual(before)) return;
  (void)fegetenv(before);
  (void)fesetenv(FE_DFL_ENV);
}

void exact_end(const struct exact *exact) {
  if (is_usual(&exact->before)) {
    __asm__ volatile("ldmxcsr %0" : : "m"(exact->before.__mxcsr) : "memory");
  } else {
    (void)fesetenv(&exact->before);
  }
}

#else

void exact_begin(struct exact *exact) {
  (void)fegetenv(&exact->before);
  (void)fesetenv(FE_DFL_ENV);
}

void exact_end(const struct exact *exact) {
  (void)fesetenv(&exact->before);
}

#endif
