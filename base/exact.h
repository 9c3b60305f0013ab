/* What keeps numbers the same, whoever builds the program and whoever calls it.
 * Included where numbers are computed: refuses a build whose compiler may change
 * them. The build adds what undoes a packager's flags (meson.build, exact_dep). */
#ifndef CROSSLANE_BASE_EXACT_H
#define CROSSLANE_BASE_EXACT_H

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0) || \
    defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "Crosslane gives the same bits everywhere: build it without -ffast-math and its parts"
#endif

#include <fenv.h>

/* The floating-point environment of C's start: round to nearest, denormals kept.
 * A program linked with -Ofast flushes them, and so may one that calls this one.
 * `exact_end` puts back what was there. */
struct exact {
  fenv_t before;
};
void exact_begin(struct exact *exact);
void exact_end(const struct exact *exact);

#endif
