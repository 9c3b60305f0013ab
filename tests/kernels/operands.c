/* Operands in guarded memory.
 *
 * One mapping holds a slot for each operand, with inaccessible guards between:
 *
 *   guard | slot 0 | guard | slot 1 | guard | ...
 *
 * An operand stands at the start of its slot or at the end, so an access beyond
 * that side faults; on its other side, and between its rows, lies a canary. */
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE /* MAP_ANON */
#else
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#endif
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/digest.h"
#include "tests/kernels/harness.h"

#if !defined(MAP_ANONYMOUS)
#define MAP_ANONYMOUS MAP_ANON
#endif

/* Multiples of the largest page of the supported systems, 64 KiB. */
enum { SLOT_BYTES = 1 << 21, GUARD_BYTES = 1 << 16, MARGIN = 192 };
enum { DISTINCT_MAX = 256 };
enum { MAPPING_BYTES = GUARD_BYTES + OPERANDS_MAX * (SLOT_BYTES + GUARD_BYTES) };
/* A NaN as float and as double, and no index of any table. */
enum { CANARY = 0xff };

static unsigned char *mapping;
static unsigned char *initial[OPERANDS_MAX], *pristine[OPERANDS_MAX];
static unsigned char *collected[OPERANDS_MAX][RESULTS];

static unsigned char *slot_start(size_t operand) {
  return mapping + GUARD_BYTES + operand * (SLOT_BYTES + GUARD_BYTES);
}

bool operands_open(void) {
  void *mapped = mmap(NULL, MAPPING_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return false;
  mapping = mapped;
  unsigned char *heap = malloc((size_t)OPERANDS_MAX * (2 + RESULTS) * SLOT_BYTES);
  if (heap == NULL) return false;
  for (size_t i = 0; i < OPERANDS_MAX; i++) {
    if (mprotect(slot_start(i), SLOT_BYTES, PROT_READ | PROT_WRITE) != 0) return false;
    initial[i] = heap;
    pristine[i] = heap + SLOT_BYTES;
    for (size_t r = 0; r < RESULTS; r++) collected[i][r] = heap + (2 + r) * SLOT_BYTES;
    heap += (2 + RESULTS) * SLOT_BYTES;
  }
  return true;
}

void operands_close(void) {
  free(initial[0]);
  (void)munmap(mapping, MAPPING_BYTES);
}

int operands_guard(const void *address, bool *behind) {
  uintptr_t at = (uintptr_t)address, first = (uintptr_t)mapping;
  uintptr_t step = SLOT_BYTES + GUARD_BYTES;
  if (at < first || at >= first + OPERANDS_MAX * step + GUARD_BYTES) return -1;
  uintptr_t slot = (at - first) / step, within = (at - first) % step;
  if (within >= GUARD_BYTES) return -1;
  /* The nearer half of a guard belongs to its neighbour. */
  *behind = within < GUARD_BYTES / 2 && slot > 0;
  return *behind ? (int)slot - 1 : (int)slot;
}

size_t element_size(enum values values) {
  switch (values) {
    case DOUBLES:
      return sizeof(double);
    case BITS:
      return sizeof(uint16_t);
    default:
      return sizeof(float);
  }
}

/* --- contents --- */

/* Four uniforms of 16 bits: mean 0, variance 1, and all of the significand. */
static float normal(struct random *random) {
  uint32_t a = random_u32(random), b = random_u32(random);
  int32_t sum = (int32_t)((a & 0xffff) + (a >> 16) + (b & 0xffff) + (b >> 16)) - 2 * 0xffff;
  return (float)sum * 0x1p-16f * 1.7320508f;
}

static float special(struct random *random) {
  static const float values[] = {NAN,   INFINITY,  -INFINITY, 0.0f,
                                 -0.0f, 0x1p-149f, -1e-40f,   0x1p-126f};
  uint32_t kind = random_u32(random);
  return kind % 16 == 0 ? values[kind / 16 % 8] : normal(random);
}

/* Every element of one sign; a product of two is below half the smallest float. */
static float underflow(struct random *random, uint32_t kind) {
  float size = kind % 4 == 0 ? 0.0f : (1.0f + random_float(random)) * 0x1p-77f;
  return kind / 4 % 2 == 0 ? size : -size;
}

static float square(struct test_case *c, uint32_t kind) {
  static const float squares[] = {1.0f, 9.0f, 49.0f, 225.0f};
  if (c->fill == FILL_INTEGERS) return squares[choose(c, 4)];
  if (c->fill == FILL_NORMALS) return fabsf(normal(&c->random));
  return fabsf(c->fill == FILL_SPECIALS ? special(&c->random) : underflow(&c->random, kind));
}

static float plain(struct test_case *c, uint32_t kind) {
  if (c->fill == FILL_INTEGERS) return (float)choose(c, 9) - 4.0f;
  if (c->fill == FILL_NORMALS) return normal(&c->random);
  return c->fill == FILL_SPECIALS ? special(&c->random) : underflow(&c->random, kind);
}

/* Functions saturate at some 4 to 104; any bits are any magnitude, and NaNs. */
static float spread(struct test_case *c, uint32_t kind) {
  static const float scales[] = {1.0f, 4.0f, 16.0f};
  if (c->fill == FILL_NORMALS) {
    float scale = scales[choose(c, 3)];
    return scale * normal(&c->random);
  }
  if (c->fill != FILL_SPECIALS) return plain(c, kind);
  uint32_t bits = random_u32(&c->random);
  float any;
  memcpy(&any, &bits, sizeof any);
  switch (choose(c, 4)) {
    case 0:
      return any;
    case 1:
      return normal(&c->random) * 32.0f;
    default:
      return special(&c->random);
  }
}

/* The largest stands first; with all of them named, the order is any. */
static void fill_distinct(struct test_case *c, const struct operand *o, unsigned char *out) {
  uint32_t number[DISTINCT_MAX];
  if (o->below > DISTINCT_MAX || o->width > o->below) {
    case_fail(c, "%s: %zu of %u different numbers", o->name, o->width, (unsigned)o->below);
    return;
  }
  for (uint32_t i = 0; i < o->below; i++) number[i] = i * o->step;
  random_shuffle(&c->random, number, o->below);
  for (uint32_t i = 0; o->width < o->below && i < o->below; i++) {
    if (number[i] != (o->below - 1) * o->step) continue;
    number[i] = number[0];
    number[0] = (o->below - 1) * o->step;
  }
  memcpy(out, number, o->width * sizeof *number);
}

/* Equal ones are empty bags; half of the lists begin behind entry 0. */
static void fill_offsets(struct test_case *c, const struct operand *o, unsigned char *out) {
  uint32_t *offset = (uint32_t *)(void *)out;
  for (size_t i = 0; i < o->width; i++) {
    uint32_t next = choose(c, o->below + 1);
    size_t at = i;
    for (; at > 0 && offset[at - 1] > next; at--) offset[at] = offset[at - 1];
    offset[at] = next;
  }
  if (choose(c, 2) == 0) offset[0] = 0;
  offset[o->width - 1] = o->below;
}

/* From some -2 to 5 where there are 64. */
static void fill_rising(struct test_case *c, const struct operand *o, unsigned char *out) {
  float number = c->fill == FILL_INTEGERS ? -3.0f : c->fill == FILL_UNDERFLOW ? 0.0f : -2.0f;
  for (size_t i = 0; i < o->width; i++, out += sizeof number) {
    memcpy(out, &number, sizeof number);
    if (c->fill == FILL_INTEGERS) {
      number += 1.0f;
    } else if (c->fill == FILL_UNDERFLOW) {
      number += underflow(&c->random, 1);
    } else {
      number += fabsf(normal(&c->random)) * 0.125f;
    }
  }
}

static void fill_one(struct test_case *c, const struct operand *o, unsigned char *out) {
  uint32_t kind = choose(c, 8); /* of FILL_UNDERFLOW, one for the whole operand */
  if (o->values == RISING) {
    fill_rising(c, o, out);
    return;
  }
  if (o->values == DISTINCT) {
    fill_distinct(c, o, out);
    return;
  }
  if (o->values == OFFSETS) {
    fill_offsets(c, o, out);
    return;
  }
  size_t size = element_size(o->values);
  for (size_t i = 0; i < o->rows * o->width; i++, out += size) {
    float number = o->values == SQUARES ? square(c, kind) : 0.0f;
    if (o->values == FLOATS || o->values == DOUBLES) number = plain(c, kind);
    if (o->values == SPREAD) number = spread(c, kind);
    double wide = (double)number;
    uint16_t bits = 0;
    uint32_t index = 0;
    if (o->values == BITS) bits = (uint16_t)random_u32(&c->random);
    if (o->values == INDICES) index = i == 0 ? o->below - 1 : choose(c, o->below);
    const void *element = &number;
    if (o->values == DOUBLES) element = &wide;
    if (o->values == BITS) element = &bits;
    if (o->values == INDICES) element = &index;
    memcpy(out, element, size);
  }
}

void operands_fill(struct test_case *c) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    size_t most = (o->rows * o->ld + WIDEST_VECTOR) * element_size(o->values) + MARGIN;
    if (most > SLOT_BYTES) {
      case_fail(c, "%s does not fit into %d bytes", o->name, (int)SLOT_BYTES);
      return;
    }
    if (o->role != OUT) fill_one(c, o, initial[i]);
  }
}

/* --- placing and collecting --- */

/* From the first element to the last one: no padding behind the last row. */
static size_t span(const struct operand *o) {
  if (o->rows == 0 || o->width == 0) return 0;
  return ((o->rows - 1) * o->ld + o->width) * element_size(o->values);
}

/* The operand and its margins, within the slot. */
struct region {
  unsigned char *start;
  size_t size;
};

static struct region region(const struct operand *o, size_t slot) {
  unsigned char *first = slot_start(slot), *end = first + SLOT_BYTES;
  unsigned char *start = o->at - first > MARGIN ? o->at - MARGIN : first;
  unsigned char *behind = o->at + span(o);
  unsigned char *stop = end - behind > MARGIN ? behind + MARGIN : end;
  return (struct region){start, (size_t)(stop - start)};
}

void operands_place(struct test_case *c, enum placement placement) {
  for (size_t i = 0; i < c->operands; i++) {
    struct operand *o = &c->operand[i];
    size_t size = element_size(o->values), offset = 0;
    if (placement == UNALIGNED) offset = (1 + (c->number + i) % (WIDEST_VECTOR - 1)) * size;
    if (placement == AGAINST_BEHIND) offset = SLOT_BYTES - span(o);
    o->at = slot_start(i) + offset;
    struct region around = region(o, i);
    memset(around.start, CANARY, around.size);
    for (size_t row = 0; o->role != OUT && row < o->rows; row++) {
      memcpy(o->at + row * o->ld * size, initial[i] + row * o->width * size, o->width * size);
    }
    memcpy(pristine[i], around.start, around.size);
    void *pointer = o->at;
    memcpy((void *)(uintptr_t)o->slot, &pointer, sizeof pointer);
  }
}

static void unify_nan(unsigned char *values, size_t count, enum values kind) {
  for (size_t i = 0; i < count && kind != BITS; i++) {
    if (kind == DOUBLES) {
      double value;
      memcpy(&value, values + i * sizeof value, sizeof value);
      if (isnan(value)) value = (double)NAN;
      memcpy(values + i * sizeof value, &value, sizeof value);
    } else {
      float value;
      memcpy(&value, values + i * sizeof value, sizeof value);
      if (isnan(value)) value = NAN;
      memcpy(values + i * sizeof value, &value, sizeof value);
    }
  }
}

bool operands_collect(struct test_case *c, enum result result) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    struct region around = region(o, i);
    size_t size = element_size(o->values), before = (size_t)(o->at - around.start);
    for (size_t row = 0; o->role != IN && row < o->rows; row++) {
      unsigned char *from = o->at + row * o->ld * size;
      memcpy(collected[i][result] + row * o->width * size, from, o->width * size);
      memcpy(pristine[i] + before + row * o->ld * size, from, o->width * size);
    }
    if (memcmp(pristine[i], around.start, around.size) != 0) {
      return case_fail(c, o->role == IN ? "input %s was written to" : "wrote outside of %s",
                       o->name);
    }
    if (o->role != IN) unify_nan(collected[i][result], o->rows * o->width, o->values);
  }
  return true;
}

void *operand_result(size_t operand, enum result result) {
  return collected[operand][result];
}

bool operands_same(struct test_case *c, const char *what) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    size_t size = element_size(o->values);
    for (size_t e = 0; o->role != IN && e < o->rows * o->width; e++) {
      const unsigned char *one = collected[i][RESULT_TESTED] + e * size;
      if (memcmp(one, collected[i][RESULT_OTHER] + e * size, size) == 0) continue;
      return case_fail(c, "%s[%zu][%zu] %s", o->name, e / o->width, e % o->width, what);
    }
  }
  return true;
}

static double number_of(const struct operand *o, const unsigned char *at) {
  float narrow;
  double wide;
  if (o->values == DOUBLES) {
    memcpy(&wide, at, sizeof wide);
    return wide;
  }
  memcpy(&narrow, at, sizeof narrow);
  return (double)narrow;
}

bool operands_near(struct test_case *c, double tolerance, const char *what) {
  if (tolerance == 0) return operands_same(c, what);
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    const size_t size = element_size(o->values);
    for (size_t e = 0; o->role != IN && e < o->rows * o->width; e++) {
      const unsigned char *one = collected[i][RESULT_TESTED] + e * size;
      const unsigned char *other = collected[i][RESULT_OTHER] + e * size;
      if (memcmp(one, other, size) == 0) continue;
      const double value = number_of(o, one), right = number_of(o, other);
      if (o->values != BITS && fabs(value - right) <= tolerance * (1 + fabs(right))) continue;
      return case_fail(c, "%s[%zu][%zu] %s by more than its tolerance", o->name, e / o->width,
                       e % o->width, what);
    }
  }
  return true;
}

uint64_t operands_digest(const struct test_case *c, uint64_t digest) {
  for (size_t i = 0; i < c->operands; i++) {
    const struct operand *o = &c->operand[i];
    size_t count = o->rows * o->width;
    if (o->role == IN) continue;
    if (element_size(o->values) == sizeof(float)) {
      digest = digest_floats(digest, (const float *)(void *)collected[i][RESULT_TESTED], count);
    } else {
      digest = digest_extend(digest, collected[i][RESULT_TESTED], count * element_size(o->values));
    }
  }
  return digest;
}
