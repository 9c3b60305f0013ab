/* The copies of kernels/dense_blocked.c: blocks of a layer's operands, brought
 * together in the order in which the register tiles read them. */
#ifndef CROSSLANE_KERNELS_DENSE_COPIES_H
#define CROSSLANE_KERNELS_DENSE_COPIES_H

#include <string.h>

#include "kernels/simd/vec.h"

/* The rows of a copied block end a cache line beyond a power of 2. */
enum { BLOCK_A_LD = BLOCK_STEPS + 16 };

/* A panel of b: whole vectors, zeros where there is no column. */
static void copy_panel(const float *b, size_t b_ld, size_t steps, size_t columns, float *to) {
  const size_t vectors = (columns + VW - 1) / VW, rest = columns % VW;
  const vtail tail = v_tail(rest);
  for (size_t s = 0; s < steps; s++) {
    for (size_t v = 0; v < vectors; v++) {
      v_store(to, v_load_upto(b + v * VW, rest != 0 && v + 1 == vectors, tail));
      to += VW;
    }
    b += b_ld;
  }
}

static void copy_rows(const float *a, size_t a_ld, size_t rows, size_t steps, float *to) {
  for (size_t r = 0; r < rows; r++) memcpy(to + r * BLOCK_A_LD, a + r * a_ld, steps * sizeof *a);
}

static void copy_steps(const float *a, size_t a_ld, size_t height, size_t steps, float *to) {
  for (size_t s = 0; s < steps; s++) {
    memcpy(to, a, height * sizeof *to);
    to += height;
    a += a_ld;
  }
}

/* Tiles of `height` columns of a, step by step. COPIES of them at a time, so
 * that each cache line is read once; whole vectors are stored, in ascending
 * order, so that what one writes too much the next one replaces. Copied to the
 * float are a tile's last steps, behind which the next tile lies, and what is
 * near the end of a's rows, of which `readable` columns are left. */
enum { COPIES = 4, COPY_FLOATS = (BLOCK_R + VW - 1) / VW * VW };
static void copy_columns(const float *a, size_t a_ld, size_t height, size_t tiles, size_t readable,
                         size_t steps, float *to) {
  const size_t size = height * steps;
  const size_t whole = size < COPY_FLOATS ? 0 : (size - COPY_FLOATS) / height + 1;
  for (; tiles >= COPIES && readable >= (COPIES - 1) * height + COPY_FLOATS; tiles -= COPIES) {
    const float *from = a;
    float *at = to;
    for (size_t s = 0; s < whole; s++) {
      UNROLL for (size_t t = 0; t < COPIES; t++) {
        UNROLL for (size_t v = 0; v < COPY_FLOATS; v += VW) {
          v_store(at + t * size + v, v_load(from + t * height + v));
        }
      }
      at += height;
      from += a_ld;
    }
    for (size_t t = 0; t < COPIES; t++) {
      copy_steps(from + t * height, a_ld, height, steps - whole, at + t * size);
    }
    to += COPIES * size;
    a += COPIES * height;
    readable -= COPIES * height;
  }
  for (; tiles > 0; tiles--) {
    copy_steps(a, a_ld, height, steps, to);
    to += size;
    a += height;
  }
}

#endif
