/* The room results/: a run as a table, as pictures, and as one HTML page. */
#ifndef CROSSLANE_RESULTS_RESULTS_H
#define CROSSLANE_RESULTS_RESULTS_H

#include "results/plot.h"    /* `crosslane plot RUN` */
#include "results/report.h"  /* `crosslane report` */
#include "results/summary.h" /* a run by architecture, of one folder or several */
#include "results/table.h"   /* `crosslane show` */

#endif
