/* What a person reads of one run of the bench. */
#ifndef CROSSLANE_SPEEDS_SPEED_REPORT_H
#define CROSSLANE_SPEEDS_SPEED_REPORT_H

#include "base/text.h"
#include "speeds/speeds.h"

/* Heading, this machine's peaks, the table (grid_write), what was wrong, warnings. */
void speed_report_write(const struct speeds *speeds, size_t width, struct text *out);

/* Results that differ from scalar's, and cases that failed. */
size_t speed_report_faults(const struct speeds *speeds, struct text *out);

#endif
