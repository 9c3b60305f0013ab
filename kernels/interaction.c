/* Second-order interactions of the embeddings of a row. A field is one
 * embedding of `dim` floats; fields lie at columns field_at[f] of x. */
#include "kernels/declare.h"
#include "kernels/narrower.h"

/* VW elements of a field from `at`; those after its end are zero. */
struct lane_part {
  size_t at, dim;
  vtail tail; /* of dim */
};

INLINE vf load(const float *field, const struct lane_part *part) {
  if (part->at + VW <= part->dim) return v_load(field + part->at);
  if (part->at < part->dim) {
    return v_load_short(field + part->at, part->dim - part->at, part->tail);
  }
  return v_zero();
}

INLINE void store(float *field, vf x, const struct lane_part *part) {
  if (part->at + VW <= part->dim) {
    v_store(field + part->at, x);
  } else {
    v_store_short(field + part->at, x, part->dim - part->at, part->tail);
  }
}

INLINE vf field_sum(const float *x, const uint32_t *field_at, size_t first, size_t end,
                    const struct lane_part *part) {
  vf sum = v_zero();
  for (size_t f = first; f < end; f++) sum = v_add(sum, load(x + field_at[f], part));
  return sum;
}

/* (sum of fields)^2 - sum of squares, in each lane. */
INLINE vf fm_part(const struct fm_forward *a, const float *x, size_t at, vtail tail) {
  struct lane_part part = {.at = at, .dim = a->dim, .tail = tail};
  vf sum = v_zero(), squares = v_zero();
  for (size_t f = 0; f < a->fields; f++) {
    vf v = load(x + a->field_at[f], &part);
    sum = v_add(sum, v);
    squares = v_fma(v, v, squares);
  }
  return v_fma(sum, sum, v_sub(v_zero(), squares));
}

void KERNEL_NAME(fm_forward)(const struct fm_forward *a) {
  if (narrower_fm_forward(a)) return;
  vtail tail = v_tail(a->dim % VW);
  for (size_t row = 0; row < a->m; row++) {
    const float *x = a->x + row * a->x_ld;
    vf lanes[V16];
    UNROLL for (size_t h = 0; h < V16; h++) lanes[h] = v_zero();
    for (size_t d = 0; d < a->dim; d += 16) {
      UNROLL for (size_t h = 0; h < V16; h++) {
        lanes[h] = v_add(lanes[h], fm_part(a, x, d + h * VW, tail));
      }
    }
    a->out[row] = 0.5f * v_fold16(lanes);
  }
}

void KERNEL_NAME(fm_backward)(const struct fm_backward *a) {
  if (narrower_fm_backward(a)) return;
  vtail tail = v_tail(a->dim % VW);
  for (size_t row = 0; row < a->m; row++) {
    const float *x = a->x + row * a->x_ld;
    float *dx = a->dx + row * a->dx_ld;
    vf gradient = v_set1(a->gradient[row]);
    for (size_t d = 0; d < a->dim; d += VW) {
      struct lane_part part = {.at = d, .dim = a->dim, .tail = tail};
      vf sum = field_sum(x, a->field_at, 0, a->fields, &part);
      for (size_t f = 0; f < a->fields; f++) {
        float *field = dx + a->field_at[f];
        vf others = v_sub(sum, load(x + a->field_at[f], &part));
        store(field, v_fma(gradient, others, load(field, &part)), &part);
      }
    }
  }
}

void KERNEL_NAME(dot_forward)(const struct dot_forward *a) {
  if (narrower_dot_forward(a)) return;
  vtail tail = v_tail(a->dim % VW);
  for (size_t row = 0; row < a->m; row++) {
    const float *x = a->x + row * a->x_ld;
    vf lanes[V16];
    UNROLL for (size_t h = 0; h < V16; h++) lanes[h] = v_zero();
    for (size_t d = 0; d < a->dim; d += 16) {
      UNROLL for (size_t h = 0; h < V16; h++) {
        struct lane_part part = {.at = d + h * VW, .dim = a->dim, .tail = tail};
        vf first = field_sum(x, a->field_at, 0, a->first_fields, &part);
        vf second = field_sum(x, a->field_at, a->first_fields, a->fields, &part);
        lanes[h] = v_fma(first, second, lanes[h]);
      }
    }
    a->out[row] = v_fold16(lanes);
  }
}

void KERNEL_NAME(dot_backward)(const struct dot_backward *a) {
  if (narrower_dot_backward(a)) return;
  vtail tail = v_tail(a->dim % VW);
  for (size_t row = 0; row < a->m; row++) {
    const float *x = a->x + row * a->x_ld;
    float *dx = a->dx + row * a->dx_ld;
    vf gradient = v_set1(a->gradient[row]);
    for (size_t d = 0; d < a->dim; d += VW) {
      struct lane_part part = {.at = d, .dim = a->dim, .tail = tail};
      vf first = field_sum(x, a->field_at, 0, a->first_fields, &part);
      vf second = field_sum(x, a->field_at, a->first_fields, a->fields, &part);
      for (size_t f = 0; f < a->fields; f++) {
        float *field = dx + a->field_at[f];
        vf other = f < a->first_fields ? second : first;
        store(field, v_fma(gradient, other, load(field, &part)), &part);
      }
    }
  }
}
