/* What a program does first, and what it holds. */
#ifndef CROSSLANE_BASE_PROCESS_H
#define CROSSLANE_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Call it before anything is opened.
 *
 * Opens /dev/null in the place of each of the descriptors 0, 1 and 2 that is
 * closed, as cron and daemons leave them: the next file or pipe would take its
 * number, and what is printed would go there. Writing to a file beyond the
 * limit of its size fails (EFBIG) from here on, and no longer kills (SIGXFSZ).
 * Denormal numbers are kept, also where the program was linked with -Ofast.
 * False: /dev/null cannot be opened either. */
bool process_start(void);

/* The most memory that was resident so far, in KiB; 0: unknown. */
uint64_t process_peak_rss_kib(void);

#endif
