/* Dates and times in text. */
#ifndef CROSSLANE_DATA_TIMES_H
#define CROSSLANE_DATA_TIMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { TIMES_YEAR_MIN = 1, TIMES_YEAR_MAX = 9999 };

/* Days from 1970-01-01 to a date of the Gregorian calendar; the day of year 1970 is 0.
 * False: there is no such date. */
bool times_days(int64_t year, unsigned month, unsigned day, int64_t *days);
/* The year in which a day lies. */
int64_t times_year(double days);

/* Year, month and day of the month of a day since 1970-01-01. */
void times_date(int64_t day, int64_t *year, unsigned *month, unsigned *of_month);
/* Adds a day since 1970-01-01 as "1995-01-31". */
void times_add_day(struct text *text, int64_t day);

/* Seconds since 1970-01-01 UTC: a whole number of them, or "2020-01-31",
 * "2020-01-31 13:45", "2020-01-31T13:45:10", with "Z" or "+02:00" at the end; a fraction
 * of a second is cut. False: it is none of these. */
bool times_parse(const char *text, size_t length, int64_t *seconds);
/* The same in days, with their fraction. */
bool times_parse_days(const char *text, size_t length, double *days);

#endif
