/* Another program, run to its end. No shell is between: its arguments are what it gets. */
#ifndef CROSSLANE_BASE_CHILD_H
#define CROSSLANE_BASE_CHILD_H

#include <stdbool.h>

#include "base/text.h"

struct child_end {
  struct text output, messages; /* its standard output, its standard error */
  bool good;                    /* it ended by itself, with status 0, and both were read */
};

/* `arguments` begins with the program, which is looked for in PATH unless it has a slash,
 * and ends with NULL; so does `environment`, where NULL is that of this process. It reads
 * from /dev/null. Returns 0, or errno of why it did not start: ENOENT is no such program.
 * Clear `end` in any case. */
int child_run(const char *const *arguments, char *const *environment, struct child_end *end);
void child_end_clear(struct child_end *end);

#endif
