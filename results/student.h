/* Student's t distribution. */
#ifndef CROSSLANE_RESULTS_STUDENT_H
#define CROSSLANE_RESULTS_STUDENT_H

/* P(|T| >= |t|) with `freedom` > 0 degrees of freedom, within 1e-12
 * relatively up to 1000 of them; NaN for a NaN. */
double student_tail(double t, double freedom);

/* The t >= 0 whose student_tail is `tail`, 0 < tail <= 1: 0.05 gives the
 * quantile of a 95 % interval. */
double student_critical(double tail, double freedom);

#endif
