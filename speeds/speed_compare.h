/* Runs of the bench, of any number of machines or commits, compared with each
 * other. The first file is the base. */
#ifndef CROSSLANE_SPEEDS_SPEED_COMPARE_H
#define CROSSLANE_SPEEDS_SPEED_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "base/text_table.h"
#include "speeds/speed_lines.h"
#include "speeds/speeds.h"

enum { COMPARE_FILES = MACHINES_MOST };

struct speed_comparison {
  struct speeds file[COMPARE_FILES];
  size_t files;
  double fail_above; /* percent; negative: regressions are listed from 5 on, none fails */
  size_t regressions;
  size_t compared, not_compared; /* Crosslane's kernels of the base: with a time in another file,
                                  * and without */
};

/* Fewer launches than this cannot tell a regression from one unlucky start. */
enum { COMPARE_LAUNCHES = 3 };

/* Reads the files. With `fail_above` >= 0 each needs COMPARE_LAUNCHES launches. */
bool compare_read(struct speed_comparison *c, const char *const *paths, size_t count,
                  double fail_above, struct error *error);

/* A kernel's time is a regression when, the machine's drift taken off first,
 *   - its median and its fastest repetition are beyond `fail_above` of the base's,
 *   - even its fastest is slower than the base's median,
 *   - it is outside of the spread between launches: all launches' medians are
 *     above the base's, and the launches' fastest repetitions of the one file and
 *     of the other lie at least as far apart as either of them spreads.
 * Noise adds time and takes none off, so the fastest repetition says most of the
 * code; and some benchmarks have two speeds, by where their operands come to
 * lie, and a run may meet the slower one more often.
 *
 * The machine's drift is, for each level of the memory, how many times as long
 * what is not Crosslane's kernels (plain loops, copies, libraries, streams) took
 * as in the base: the median of their fastest repetitions, and 1 where it took less or where there
 * are fewer than COMPARE_CONTROLS of them. Neighbours in a shared machine change what the third
 * cache and memory give by more than many a regression. These operands come from the same allocator
 * as the kernels', whose regressions are not seen. */
enum { COMPARE_CONTROLS = 4 };

/* Text and Markdown: which files, the summary (speeds/speed_summary.h), with `all`
 * every benchmark (speeds/speed_details.h), and below what was found: disturbed
 * machines, what is left out, geometric means, regressions (between different
 * machines only with `fail_above` >= 0). CSV and JSON: the summary, or with `all`
 * every benchmark. */
struct compare_form {
  enum text_table_format format;
  bool all;
  size_t width; /* text: columns of the terminal that its tables keep to (speeds/grid.h) */
};
void compare_write(struct speed_comparison *c, const struct compare_form *form, struct text *out);

/* After compare_write: whether --fail-above passes. It does not where a kernel of
 * the base got slower, or has no time in another file (it is gone, has another
 * name, failed, or that file is emulated), or where nothing was compared. Those are
 * named. */
bool compare_passes(const struct speed_comparison *c);

void compare_clear(struct speed_comparison *c);

#endif
