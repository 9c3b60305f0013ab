/* The libraries that the program was linked with. */
#ifndef CROSSLANE_CLI_LIBRARIES_H
#define CROSSLANE_CLI_LIBRARIES_H

#include "base/text.h"

/* Adds "jansson 2.14, SQLite 3.40.1" and so on: the versions of those that run, of SLEEF
 * the one it was compiled with. */
void libraries_add(struct text *text);

#endif
