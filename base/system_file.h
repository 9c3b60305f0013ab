/* Files in which the system tells of itself (/proc, /sys): read whole, whatever
 * their size says, and the numbers in them. */
#ifndef CROSSLANE_BASE_SYSTEM_FILE_H
#define CROSSLANE_BASE_SYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SYSTEM_PATH = 4096 }; /* bytes of a path, its zero too */

/* The first `room` - 1 bytes of <folder>/<name>, and a zero. The system
 * gives 0 as the size of such a file. False: there is none that can be read. */
bool system_file_read(const char *folder, const char *name, char *text, size_t room);

/* The number at the beginning, after blanks; false for others, such as "max" and "-1". */
bool system_file_number(const char *text, uint64_t *value);

/* The number of the line that begins with `name`: "MemAvailable:  12 kB". */
bool system_file_named_number(const char *text, const char *name, uint64_t *value);

#endif
