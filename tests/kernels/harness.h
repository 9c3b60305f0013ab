/* The test harness of the kernels. A kernel that is a bit off on one machine, or
 * reads past its operand, would spoil every result after it, so each is tested
 * on all shapes around its tiles and in several ways at once.
 *
 * A kernel is tested by one descriptor, `const struct kernel_test test_<name>`:
 * the shapes to sweep, a function that sets up a case, and a plain reference in
 * double precision. The driver does the rest, for each case:
 *
 *   - every operand stands between two PROT_NONE guards, flush against the one
 *     before, flush against the one after, and unaligned by 1 to 15 elements;
 *     the three results must be the same;
 *   - bytes outside of an output's shape (stride padding too) and all inputs
 *     must be unchanged;
 *   - the result must be the reference's: exactly for small integers, within a
 *     bound for the rest, and that bound must not be vacuous;
 *   - its bytes must be those of `scalar`, and its digest the committed one. */
#ifndef CROSSLANE_TESTS_KERNELS_HARNESS_H
#define CROSSLANE_TESTS_KERNELS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/philox.h"
#include "kernels/kernels.h"

enum { AXES_MAX = 3, BASES_MAX = 6, OPERANDS_MAX = 12 };

/* The widest register tile of any vocabulary: sweeps go to two tiles and one. */
enum { WIDEST_TILE_ROWS = 16, WIDEST_TILE_COLUMNS = 64, WIDEST_VECTOR = 16 };
enum {
  TILE_ROWS_SWEEP = 2 * WIDEST_TILE_ROWS + 1,
  TILE_COLUMNS_SWEEP = 2 * WIDEST_TILE_COLUMNS + 1,
  VECTOR_SWEEP = 4 * WIDEST_VECTOR + 1
};

/* What the operands hold. Each shape is run with all four. */
enum fill {
  FILL_INTEGERS,  /* small ones: every sum is exact, so the bound is zero */
  FILL_NORMALS,   /* sums of uniforms */
  FILL_SPECIALS,  /* normals, and some NaN, infinities, zeros of both signs, denormals */
  FILL_UNDERFLOW, /* an operand has one sign, and products round to a zero of it */
  FILLS
};

/* Each axis is swept from 0 to `most`, with the others as in each base; the
 * larger shapes are run as they are. A row that begins with 0 ends its list. */
struct shapes {
  const char *axis[AXES_MAX]; /* "m", ... */
  size_t most[AXES_MAX];
  size_t base[BASES_MAX][AXES_MAX];
  size_t larger[BASES_MAX][AXES_MAX];
};

enum role { IN, OUT, IN_OUT };
enum values {
  FLOATS,
  SQUARES, /* floats >= 0; as integers: the squares of 1, 3, 7 and 15 */
  SPREAD,  /* floats of many magnitudes; with FILL_SPECIALS of all */
  RISING,  /* floats, each at least the one before it; the integers -3, -2, ... */
  DOUBLES,
  BITS,     /* uint16_t */
  INDICES,  /* uint32_t below a limit; the first is the largest allowed */
  DISTINCT, /* the same, all different, and times `step` */
  OFFSETS   /* uint32_t, ascending; the last is the limit */
};

struct operand {
  const char *name;
  const void *slot; /* the address of its pointer in the arguments */
  enum role role;
  enum values values;
  size_t rows, width, ld; /* in elements */
  uint32_t below, step;   /* INDICES and after: the limit; DISTINCT: the factor */
  unsigned char *at;      /* where it stands now */
};

struct test_case {
  size_t number;
  const struct shapes *shapes;
  size_t size[AXES_MAX];
  enum fill fill;
  struct random random; /* of this case alone: options, strides, contents */
  struct operand operand[OPERANDS_MAX];
  size_t operands;
  bool transcendental; /* of SLEEF: without hardware FMA other bits than with it */
  struct strength *strength;
  char fault[512]; /* the first thing that was wrong, or "" */
};

struct kernel_test {
  struct shapes shapes;
  /* Fills `arguments` but for the pointers, and names its operands. */
  void (*set_up)(struct test_case *c, void *arguments);
  /* Calls `expect` for every element of every output. Outputs still hold what
   * they held before the kernel. */
  void (*reference)(struct test_case *c, const void *arguments);
  bool sleef; /* some cases are transcendental: the digest holds for one SLEEF */
};

/* --- for set_up --- */

/* One operand; returns its row distance, which is larger than the width in
 * most cases. `slot` is the address of a pointer in the arguments; a pointer
 * without operand stays NULL. */
size_t operand(struct test_case *c, const char *name, const void *slot, enum role role,
               enum values values, size_t rows, size_t width);
/* One of the shape and the row distance of the operand before. */
void operand_alike(struct test_case *c, const char *name, const void *slot, enum role role,
                   enum values values);
size_t indices(struct test_case *c, const char *name, const void *slot, size_t rows, size_t width,
               size_t below);
/* `count` <= below different numbers below `below`, times `step`. */
void distinct(struct test_case *c, const char *name, const void *slot, size_t count, size_t below,
              size_t step);
/* Where each of `bags` bags begins in a list of `most` entries, and the end. */
void offsets(struct test_case *c, const char *name, const void *slot, size_t bags, size_t most);

/* One of `count` options, 0 first. */
unsigned choose(struct test_case *c, unsigned count);

/* `exact` where sums must be exact, else `rounded`. */
float constant(const struct test_case *c, float exact, float rounded);

/* --- for reference --- */

#define ROUNDING 0x1p-24 /* of one float operation, relative: half an ulp */
#define SMALLEST 0x1p-149

/* `element` (an element of an output, by its address) must be `value`, within
 * `bound`; an infinite or NaN value exactly, zeros with their sign when the
 * bound is 0. The bound counts as 0 for FILL_INTEGERS, unless the case is
 * transcendental. */
void expect(struct test_case *c, const void *element, double value, double bound);

/* What float keeps of one operation's result; with FILL_NORMALS all of it. For
 * operations that integers do not make exact (a root, a quotient), and where
 * an infinity meets what float rounds to zero. Rounding through double is the
 * same as at once for + - * / and the root (Figueroa: SIGNUM 30(3), 1995). */
double rounded(const struct test_case *c, double value);

/* A sum in float, followed in double: each addition rounds once, and its error
 * is at most ROUNDING times the sum of the sizes. */
struct chain {
  double sum, size, last;
  size_t roundings;
};
struct chain chain_start(double first);
void chain_add(struct chain *chain, double term);
double chain_bound(const struct chain *chain);

/* The chain's sum, then times `scale`. */
void expect_chain(struct test_case *c, const void *element, const struct chain *chain,
                  double scale);

/* How sharp the checks of FILL_NORMALS were, over all cases of a kernel. */
struct strength {
  double values, bounds;   /* sums of squares, of elements with a bound */
  size_t sums, visible;    /* sums; those where a last term left out would show */
  size_t wrong, wrong_hit; /* results made wrong on purpose; those refused */
};

/* --- for the driver --- */

size_t shapes_count(const struct shapes *shapes);
void case_init(struct test_case *c, const struct shapes *shapes, size_t number,
               struct strength *strength);
const char *fill_name(enum fill fill);
bool case_fail(struct test_case *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

enum placement { AGAINST_BEFORE, UNALIGNED, AGAINST_BEHIND, PLACEMENTS };
enum result { RESULT_TESTED, RESULT_OTHER, RESULTS };

/* The guarded memory of all operands; false when the system refuses it. */
bool operands_open(void);
void operands_close(void);
void operands_fill(struct test_case *c);
void operands_place(struct test_case *c, enum placement placement);
/* Copies the outputs, every NaN as one; false when anything else changed. */
bool operands_collect(struct test_case *c, enum result result);
bool operands_same(struct test_case *c, const char *what); /* of both results */
/* Numbers within `tolerance`, relative to 1 + their size; 0: the same. */
bool operands_near(struct test_case *c, double tolerance, const char *what);
uint64_t operands_digest(const struct test_case *c, uint64_t digest);
/* The operand whose guard `address` lies in, or -1. Safe in a signal handler. */
int operands_guard(const void *address, bool *behind);

size_t element_size(enum values values);
void *operand_result(size_t operand, enum result result);

void expected_clear(struct test_case *c);
bool expected_met(struct test_case *c); /* by RESULT_TESTED */
/* Changes one element by some times its bound, and notes whether that shows. */
void expected_try_wrong(struct test_case *c);
bool strength_enough(const struct strength *strength, char *why, size_t size);

#endif
