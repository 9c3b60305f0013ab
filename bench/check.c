#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/timed.h"

enum { CHECK_TABLE = 1 << 18 };
/* Sums of some hundred products of numbers below 1, in another order. */
#define PEER_TOLERANCE 1e-4

struct side {
  struct block block;
  unsigned char arguments[ARGUMENTS_MAX] __attribute__((aligned(16)));
};

static bool lay_out(const struct timed *t, struct side *side) {
  *side = (struct side){.block = {.table_most = CHECK_TABLE}};
  t->kernel->shapes->set_up(t->shape->size, &side->block, side->arguments);
  struct error error;
  unsigned char *at = memory_aligned(side->block.used, 1, &error);
  if (at == NULL) return false;
  memset(at, 0, side->block.used);
  side->block = (struct block){.at = at, .table_most = CHECK_TABLE};
  t->kernel->shapes->set_up(t->shape->size, &side->block, side->arguments);
  return !side->block.failed;
}

static bool run_peer(struct timed *t, struct side *side, size_t option) {
  void *prepared = t->peer->prepare(t->peer, t->kernel->name, side->arguments, t->loops);
  if (prepared == NULL) {
    (void)snprintf(t->fault, sizeof t->fault, "%s cannot be set up", t->peer->by);
    return false;
  }
  if (t->peer->options > 0) t->peer->tune(prepared, option);
  t->peer->run(prepared);
  if (t->peer->collect != NULL) t->peer->collect(prepared);
  t->peer->release(prepared);
  return true;
}

static bool near(float value, float expected, double tolerance) {
  return fabs((double)value - (double)expected) <= tolerance * (1.0 + fabs((double)expected));
}

/* Every byte of the operands, the ones that must stay as they were too. */
static bool compare(struct timed *t, const struct side *tested, const struct side *right) {
  const size_t count = right->block.used / sizeof(float);
  const double tolerance = t->peer != NULL ? PEER_TOLERANCE : t->variant.tolerance;
  for (size_t i = 0; i < count; i++) {
    float value, expected;
    memcpy(&value, tested->block.at + i * sizeof value, sizeof value);
    memcpy(&expected, right->block.at + i * sizeof expected, sizeof expected);
    if (memcmp(&value, &expected, sizeof value) == 0) continue;
    if (tolerance > 0 && near(value, expected, tolerance)) continue;
    (void)snprintf(t->fault, sizeof t->fault,
                   "wrong result: float %zu of the operands is %.9g, scalar has %.9g", i,
                   (double)value, (double)expected);
    return false;
  }
  return true;
}

/* What `reference` makes of a kernel at a shape, kept for the next maker: a large
 * product takes the scalar kernel a second. */
static const struct side *right_of(const struct timed *t, const struct kernels *reference) {
  static struct {
    const struct kernels *by;
    const struct bench_kernel *kernel;
    size_t size[SIZES];
    struct side side;
  } kept;
  if (kept.by == reference && kept.kernel == t->kernel &&
      memcmp(kept.size, t->shape->size, sizeof kept.size) == 0) {
    return &kept.side;
  }
  free(kept.side.block.at);
  kept.by = NULL;
  if (!lay_out(t, &kept.side)) return NULL;
  t->kernel->run(reference, kept.side.arguments);
  kept.by = reference;
  kept.kernel = t->kernel;
  memcpy(kept.size, t->shape->size, sizeof kept.size);
  return &kept.side;
}

static bool check_option(struct timed *t, const struct side *right, size_t option) {
  struct side tested = {0};
  bool ok = lay_out(t, &tested);
  if (!ok) (void)snprintf(t->fault, sizeof t->fault, "no memory to check the result");
  if (ok && t->peer == NULL) t->kernel->run(t->variant.kernels, tested.arguments);
  if (ok && t->peer != NULL) ok = run_peer(t, &tested, option);
  ok = ok && compare(t, &tested, right);
  free(tested.block.at);
  return ok;
}

bool timed_check(struct timed *t, const struct kernels *reference) {
  const struct side *right = right_of(t, reference);
  bool ok = right != NULL;
  if (!ok) (void)snprintf(t->fault, sizeof t->fault, "no memory to check the result");
  const size_t options = t->peer != NULL && t->peer->options > 0 ? t->peer->options : 1;
  for (size_t option = 0; ok && option < options; option++) ok = check_option(t, right, option);
  t->verdict = ok ? RIGHT : WRONG;
  return ok;
}

bool timed_exists(const struct timed *t) {
  if (t->peer == NULL) return true;
  struct side side;
  bool ok = lay_out(t, &side);
  void *prepared = NULL;
  if (ok) prepared = t->peer->prepare(t->peer, t->kernel->name, side.arguments, t->loops);
  if (prepared != NULL) t->peer->release(prepared);
  free(side.block.at);
  return prepared != NULL;
}
