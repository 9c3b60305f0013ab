/* How many cores this process may use. */
#ifndef CROSSLANE_BASE_CORES_H
#define CROSSLANE_BASE_CORES_H

#include <stddef.h>

/* Those that the system lets it run on (on Linux by its affinity, which taskset
 * and batch systems set); at least 1. */
size_t cores_usable(void);

#endif
