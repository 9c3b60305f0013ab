#include "data/times.h"

#include <math.h>
#include <string.h>

enum { DAY_SECONDS = 24 * 60 * 60 };

/* Years from March on: leap days are at their ends. Of the 400 years of an era
 * (146,097 days). */
static int64_t days_from_civil(int64_t year, unsigned month, unsigned day) {
  const int64_t shifted = month <= 2 ? year - 1 : year;
  const int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const int64_t year_of_era = shifted - era * 400;
  const int64_t day_of_year = (153 * (int64_t)((month + 9) % 12) + 2) / 5 + (int64_t)day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

bool times_days(int64_t year, unsigned month, unsigned day, int64_t *days) {
  static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < TIMES_YEAR_MIN || year > TIMES_YEAR_MAX || month < 1 || month > 12) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day < 1 || day > lengths[month - 1] + (leap && month == 2)) return false;
  *days = days_from_civil(year, month, day);
  return true;
}

int64_t times_year(double days) {
  const int64_t day = (int64_t)floor(days);
  int64_t year = 1970 + (int64_t)floor((double)day / 365.2425);
  while (days_from_civil(year, 1, 1) > day) year--;
  while (days_from_civil(year + 1, 1, 1) <= day) year++;
  return year;
}

void times_date(int64_t day, int64_t *year, unsigned *month, unsigned *of_month) {
  int64_t first = 0;
  *year = times_year((double)day);
  *month = 12;
  while (*month > 1 && days_from_civil(*year, *month, 1) > day) (*month)--;
  first = days_from_civil(*year, *month, 1);
  *of_month = (unsigned)(day - first) + 1;
}

void times_add_day(struct text *text, int64_t day) {
  int64_t year;
  unsigned month, of_month;
  times_date(day, &year, &month, &of_month);
  text_add(text, "%04lld-%02u-%02u", (long long)year, month, of_month);
}

/* `count` digits at *at. */
static bool digits(const char **at, const char *end, size_t count, unsigned *value) {
  *value = 0;
  if ((size_t)(end - *at) < count) return false;
  for (size_t i = 0; i < count; i++, (*at)++) {
    if (**at < '0' || **at > '9') return false;
    *value = *value * 10 + (unsigned)(**at - '0');
  }
  return true;
}

static bool skip(const char **at, const char *end, const char *any) {
  if (*at == end || strchr(any, **at) == NULL) return false;
  (*at)++;
  return true;
}

/* "Z", "+02:00", "+0200", or nothing. */
static bool parse_zone(const char **at, const char *end, int64_t *seconds) {
  if (*at == end) return true;
  if (skip(at, end, "Z")) return true;
  const bool behind = **at == '-';
  unsigned hours, minutes;
  if (!skip(at, end, "+-") || !digits(at, end, 2, &hours)) return false;
  (void)skip(at, end, ":");
  if (!digits(at, end, 2, &minutes) || hours > 23 || minutes > 59) return false;
  const int64_t offset = (int64_t)hours * 3600 + (int64_t)minutes * 60;
  *seconds += behind ? offset : -offset;
  return true;
}

static bool parse_clock(const char **at, const char *end, int64_t *seconds) {
  unsigned hour, minute, second = 0;
  if (!digits(at, end, 2, &hour) || !skip(at, end, ":") || !digits(at, end, 2, &minute)) {
    return false;
  }
  if (skip(at, end, ":") && !digits(at, end, 2, &second)) return false;
  if (skip(at, end, ".,")) {
    while (*at < end && **at >= '0' && **at <= '9') (*at)++;
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  *seconds += (int64_t)hour * 3600 + (int64_t)minute * 60 + (int64_t)second;
  return true;
}

static bool parse_calendar(const char *at, const char *end, int64_t *seconds) {
  unsigned year, month, day;
  int64_t days;
  if (!digits(&at, end, 4, &year) || !skip(&at, end, "-/") || !digits(&at, end, 2, &month) ||
      !skip(&at, end, "-/") || !digits(&at, end, 2, &day) ||
      !times_days((int64_t)year, month, day, &days)) {
    return false;
  }
  *seconds = days * DAY_SECONDS;
  if (at == end) return true;
  if (!skip(&at, end, " T") || !parse_clock(&at, end, seconds)) return false;
  return parse_zone(&at, end, seconds) && at == end;
}

bool times_parse(const char *text, size_t length, int64_t *seconds) {
  static const int64_t limit = INT64_C(253402300799); /* the last second of the year 9999 */
  if (text_i64(text, text + length, seconds)) return *seconds >= -limit && *seconds <= limit;
  return parse_calendar(text, text + length, seconds);
}

bool times_parse_days(const char *text, size_t length, double *days) {
  int64_t seconds;
  if (!times_parse(text, length, &seconds)) return false;
  *days = (double)seconds / (double)DAY_SECONDS;
  return true;
}
