/* The clocks of durations, in seconds from a start of their own. */
#ifndef CROSSLANE_BASE_CLOCK_H
#define CROSSLANE_BASE_CLOCK_H

double clock_wall(void); /* monotonic: no change of the date moves it */
double clock_cpu(void);  /* of all threads of this process */

#endif
