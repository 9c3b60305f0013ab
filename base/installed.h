/* Where this program lies, and what lies beside it. */
#ifndef CROSSLANE_BASE_INSTALLED_H
#define CROSSLANE_BASE_INSTALLED_H

#include <stdbool.h>

enum { INSTALLED_PATH = 4096 };

/* The path of `place`, relative to the folder of this executable, such as
 * "../share/crosslane/tools": found wherever the installation was moved to.
 * False: there is no such file. */
bool installed_find(const char *place, char path[INSTALLED_PATH]);

#endif
