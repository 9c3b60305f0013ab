/* The room plots/: pictures drawn by gnuplot, whatever they show. Each has its
 * data and its script beside it. */
#ifndef CROSSLANE_PLOTS_PLOTS_H
#define CROSSLANE_PLOTS_PLOTS_H

#include "plots/gnuplot.h"     /* whether gnuplot is there */
#include "plots/picture.h"     /* a picture: write its files, draw it */
#include "plots/plot_syntax.h" /* data files and variables as gnuplot reads them */

#endif
