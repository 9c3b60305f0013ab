/* A dense kernel as a matrix product of contiguous matrices: the layout that
 * libraries are tuned for, by rows. Only forward has an epilogue to add. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/peer.h"

struct prepared {
  const struct peer *peer;
  const struct loops *loops;
  struct gemm_problem problem;
  float *a, *b, *c, *bias;
  void *handle;
  float *out, *column_sums; /* the kernel's own operands */
  size_t out_ld;
  bool forward;
};

static float *packed(const float *in, size_t rows, size_t columns, size_t ld) {
  struct error error;
  float *out = memory_aligned(rows * columns + 1, sizeof *out, &error);
  for (size_t r = 0; out != NULL && in != NULL && r < rows; r++) {
    memcpy(out + r * columns, in + r * ld, columns * sizeof *out);
  }
  return out;
}

static void from_forward(struct prepared *p, const struct dense_forward *a) {
  p->problem = (struct gemm_problem){.rows = a->m, .columns = a->n, .steps = a->k};
  p->a = packed(a->x, a->m, a->k, a->x_ld);
  p->b = packed(a->w, a->k, a->n, a->w_ld);
  p->bias = packed(a->bias, 1, a->n, a->n);
  p->out = a->y;
  p->out_ld = a->y_ld;
  p->forward = true;
}

static void from_data(struct prepared *p, const struct dense_backward_data *a) {
  p->problem =
      (struct gemm_problem){.transposed_b = true, .rows = a->m, .columns = a->k, .steps = a->n};
  p->a = packed(a->dy, a->m, a->n, a->dy_ld);
  p->b = packed(a->w, a->k, a->n, a->w_ld);
  p->bias = packed(NULL, 1, a->k, 0);
  p->out = a->dx;
  p->out_ld = a->dx_ld;
}

static void from_weights(struct prepared *p, const struct dense_backward_weights *a) {
  p->problem =
      (struct gemm_problem){.transposed_a = true, .rows = a->k, .columns = a->n, .steps = a->m};
  p->a = packed(a->x, a->m, a->k, a->x_ld);
  p->b = packed(a->dy, a->m, a->n, a->dy_ld);
  p->bias = packed(NULL, 1, a->n, 0);
  p->out = a->dw;
  p->out_ld = a->dw_ld;
  p->column_sums = a->dbias;
}

void *gemm_prepare(const struct peer *peer, const char *kernel, void *arguments,
                   const struct loops *loops) {
  bool forward = strcmp(kernel, "dense_forward") == 0;
  bool data = strcmp(kernel, "dense_backward_data") == 0;
  bool weights = strcmp(kernel, "dense_backward_weights") == 0;
  if (!forward && (peer->epilogue || (!data && !weights))) return NULL;
  struct error error;
  struct prepared *p = memory_array(1, sizeof *p, &error);
  if (p == NULL) return NULL;
  p->peer = peer;
  p->loops = loops;
  if (forward) from_forward(p, arguments);
  if (data) from_data(p, arguments);
  if (weights) from_weights(p, arguments);
  p->c = packed(NULL, p->problem.rows, p->problem.columns, 0);
  p->problem.a = p->a;
  p->problem.b = p->b;
  p->problem.bias = p->bias;
  p->problem.c = p->c;
  bool whole = p->a != NULL && p->b != NULL && p->c != NULL && p->bias != NULL;
  if (whole) p->handle = peer->gemm->prepare(&p->problem, peer->epilogue, loops);
  if (p->handle != NULL) return p;
  gemm_release(p);
  return NULL;
}

void gemm_run(void *prepared) {
  struct prepared *p = prepared;
  p->peer->gemm->run(p->handle, &p->problem);
  if (!p->peer->epilogue || p->peer->gemm->fuses) return;
  p->loops->bias_relu(p->problem.rows, p->problem.columns, p->bias, p->c);
}

void gemm_tune(void *prepared, size_t option) {
  struct prepared *p = prepared;
  p->peer->gemm->tune(p->handle, option);
}

/* What a bare product leaves out is added here, outside of the timing. */
void gemm_collect(void *prepared) {
  struct prepared *p = prepared;
  const size_t rows = p->problem.rows, columns = p->problem.columns;
  if (p->forward && !p->peer->epilogue) p->loops->bias_relu(rows, columns, p->bias, p->c);
  for (size_t r = 0; r < rows; r++) {
    memcpy(p->out + r * p->out_ld, p->c + r * columns, columns * sizeof *p->c);
  }
  for (size_t j = 0; p->column_sums != NULL && j < columns; j++) {
    p->column_sums[j] = 0.0f;
    for (size_t s = 0; s < p->problem.steps; s++) p->column_sums[j] += p->b[s * columns + j];
  }
}

void gemm_release(void *prepared) {
  struct prepared *p = prepared;
  if (p->handle != NULL) p->peer->gemm->release(p->handle);
  free(p->a);
  free(p->b);
  free(p->c);
  free(p->bias);
  free(p);
}
