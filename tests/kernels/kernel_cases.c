/* Cases by number: which shape, which contents, which options. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/kernels/harness.h"

static size_t rows_of(const size_t list[BASES_MAX][AXES_MAX]) {
  size_t rows = 0;
  while (rows < BASES_MAX && list[rows][0] != 0) rows++;
  return rows;
}

size_t shapes_count(const struct shapes *shapes) {
  size_t count = 0;
  for (size_t axis = 0; axis < AXES_MAX && shapes->axis[axis] != NULL; axis++) {
    count += (shapes->most[axis] + 1) * rows_of(shapes->base);
  }
  return count + rows_of(shapes->larger);
}

static void shape_of(const struct shapes *shapes, size_t number, size_t size[AXES_MAX]) {
  size_t bases = rows_of(shapes->base);
  for (size_t axis = 0; axis < AXES_MAX && shapes->axis[axis] != NULL; axis++) {
    size_t swept = (shapes->most[axis] + 1) * bases;
    if (number < swept) {
      memcpy(size, shapes->base[number % bases], AXES_MAX * sizeof *size);
      size[axis] = number / bases;
      return;
    }
    number -= swept;
  }
  memcpy(size, shapes->larger[number], AXES_MAX * sizeof *size);
}

void case_init(struct test_case *c, const struct shapes *shapes, size_t number,
               struct strength *strength) {
  *c = (struct test_case){.number = number, .shapes = shapes, .strength = strength};
  c->fill = (enum fill)(number % FILLS);
  shape_of(shapes, number / FILLS, c->size);
  random_init(&c->random, 0, STREAM_SYNTHETIC, 0, (uint32_t)number);
}

const char *fill_name(enum fill fill) {
  static const char *const names[FILLS] = {"integers", "normals", "specials", "underflow"};
  return names[fill];
}

bool case_fail(struct test_case *c, const char *format, ...) {
  if (c->fault[0] != '\0') return false;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(c->fault, sizeof c->fault, format, arguments);
  va_end(arguments);
  return false;
}

unsigned choose(struct test_case *c, unsigned count) {
  return random_below(&c->random, count);
}

float constant(const struct test_case *c, float exact, float rounded) {
  return c->fill == FILL_INTEGERS ? exact : rounded;
}

static size_t add(struct test_case *c, struct operand added) {
  static const size_t padding[] = {0, 1, 3, 16};
  if (c->operands == OPERANDS_MAX) {
    case_fail(c, "more than %d operands", (int)OPERANDS_MAX);
    return added.width;
  }
  added.ld = added.width + padding[choose(c, sizeof padding / sizeof *padding)];
  c->operand[c->operands++] = added;
  return added.ld;
}

size_t operand(struct test_case *c, const char *name, const void *slot, enum role role,
               enum values values, size_t rows, size_t width) {
  return add(c, (struct operand){.name = name,
                                 .slot = slot,
                                 .role = role,
                                 .values = values,
                                 .rows = rows,
                                 .width = width});
}

void operand_alike(struct test_case *c, const char *name, const void *slot, enum role role,
                   enum values values) {
  struct operand alike = c->operand[c->operands - 1];
  alike.name = name;
  alike.slot = slot;
  alike.role = role;
  alike.values = values;
  add(c, alike);
  c->operand[c->operands - 1].ld = c->operand[c->operands - 2].ld;
}

size_t indices(struct test_case *c, const char *name, const void *slot, size_t rows, size_t width,
               size_t below) {
  return add(c, (struct operand){.name = name,
                                 .slot = slot,
                                 .role = IN,
                                 .values = INDICES,
                                 .rows = rows,
                                 .width = width,
                                 .below = (uint32_t)below});
}

void distinct(struct test_case *c, const char *name, const void *slot, size_t count, size_t below,
              size_t step) {
  add(c, (struct operand){.name = name,
                          .slot = slot,
                          .role = IN,
                          .values = DISTINCT,
                          .rows = 1,
                          .width = count,
                          .below = (uint32_t)below,
                          .step = (uint32_t)step});
}

void offsets(struct test_case *c, const char *name, const void *slot, size_t bags, size_t most) {
  add(c, (struct operand){.name = name,
                          .slot = slot,
                          .role = IN,
                          .values = OFFSETS,
                          .rows = 1,
                          .width = bags + 1,
                          .below = (uint32_t)most});
}
