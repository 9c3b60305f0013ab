/* The exit status of a test program that needs gnuplot for some of its cases. */
#ifndef CROSSLANE_TESTS_PLOTS_GNUPLOT_STATUS_H
#define CROSSLANE_TESTS_PLOTS_GNUPLOT_STATUS_H

#include "plots/gnuplot.h"

/* 77, meson's "skipped", where nothing failed but there is no gnuplot: what was
 * not tried must not be taken for a success. ./check counts the single cases. */
static inline int gnuplot_status(int failed) {
  enum { EXIT_SKIPPED = 77 };
  return failed == 0 && !gnuplot_found() ? EXIT_SKIPPED : failed;
}

#endif
