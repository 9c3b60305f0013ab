/* A file of `crosslane bench --out`: Google Benchmark's JSON with Crosslane's
 * context, as numbers. This room's other doors:
 *
 *   speeds/speed_report.h   one file as a table
 *   speeds/speed_compare.h  files side by side
 *   speeds/speed_order.h    whether a wider instruction set is ever slower
 *   speeds/speed_lines.h    what those doors have in common
 *   speeds/plot_speeds.h    pictures */
#ifndef CROSSLANE_SPEEDS_SPEEDS_H
#define CROSSLANE_SPEEDS_SPEEDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* All repetitions of one benchmark, of all launches. Times are CPU time of one
 * call in nanoseconds. */
struct speed {
  char *name;                                    /* "dense_forward/32x25x64/hot/avx2/crosslane" */
  char *kernel, *shape, *temperature, *isa, *by; /* its parts */
  char *error;                                   /* why it was not timed; NULL: it was */
  double flop, bytes;                            /* of one call */
  unsigned order;                                /* in the file */
  unsigned level;   /* 1, 2, 3: the cache that holds the operands; 4: memory */
  double *ns;       /* (count), in the order of the file */
  unsigned *launch; /* (count), from 0 */
  size_t count;
  double median, low, high; /* over all; low, high: of the launches' medians */
  double spread;            /* half the interquartile range, as part of the median */
  double busy;              /* mean of CPU time / wall time */
};

struct speeds {
  char *path;
  char *cpu, *architecture, *features, *caches, *compiler, *flags, *commit, *date;
  bool emulated, dirty;
  unsigned launches;
  unsigned cores;        /* 0: unknown */
  double others, stolen; /* cores that other processes and the hypervisor took; NaN: unknown */
  double load;           /* average of a minute before the start; NaN: unknown */
  struct speed *row;     /* by instruction set, then as in the file */
  size_t rows;
};

/* In the order in which they are shown: narrow to wide. */
enum { SPEEDS_ISAS = 4 };
extern const char *const speeds_isas[SPEEDS_ISAS];

/* `name` is what messages call it. ERROR_DATA when it is not such a file. */
bool speeds_parse(const char *name, const char *text, size_t size, struct speeds *speeds,
                  struct error *error);
bool speeds_read(const char *path, struct speeds *speeds, struct error *error);
void speeds_clear(struct speeds *speeds);

/* Half the interquartile range above which a median is not to be trusted, and the
 * part of the time below which another process had the core. */
#define SPEED_SPREAD_LARGE 0.05
#define SPEED_BUSY_LOW 0.95

/* Did others use so much of the machine that its times cannot be trusted? With
 * a line that says so appended to `out`, unless NULL. */
bool speeds_disturbed(const struct speeds *speeds, struct text *out);

/* NULL when there is none, or it has no time. */
const struct speed *speeds_find(const struct speeds *speeds, const char *kernel, const char *shape,
                                const char *temperature, const char *isa, const char *by);

/* The fastest of its instruction sets, by the median; NULL when none has a time. */
const struct speed *speeds_best(const struct speeds *speeds, const char *kernel, const char *shape,
                                const char *temperature, const char *by);

/* GFLOP/s of that instruction set, GB/s of that level; 0 when not measured. */
double speeds_peak_flop(const struct speeds *speeds, const char *isa);
double speeds_peak_bytes(const struct speeds *speeds, const char *isa, unsigned level);

/* How much of its roof it reaches, from 0 to 1: the roof is the longer of its
 * operations at the FMA peak and its bytes at the level's stream (Williams,
 * Waterman, Patterson: "Roofline", CACM 52(4), 2009). 0 when unknown, and for a kernel
 * that something else limits (speeds/speed_families.h). */
double speeds_of_roof(const struct speeds *speeds, const struct speed *speed);

/* What makes a row doubtful: "over roof", since nothing is faster than its machine
 * allows, the peak or the time is wrong; "disturbed", its times differ too much, or
 * others had the core meanwhile; "" for a sound one. */
const char *speeds_doubt(const struct speeds *speeds, const struct speed *speed);

/* Same kernel of the scalar instruction set / this; 0 when unknown. */
double speeds_by_scalar(const struct speeds *speeds, const struct speed *speed);

#endif
