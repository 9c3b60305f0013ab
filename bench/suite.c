#include "bench/suite.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/timed.h"

struct list {
  struct timed *timed;
  size_t count, room;
};

static bool add(struct list *list, const struct timed *timed, struct error *error) {
  if (list->count == list->room) {
    size_t room = list->room > 0 ? 2 * list->room : 256;
    struct timed *grown = memory_grow(list->timed, room, sizeof *grown, error);
    if (grown == NULL) return false;
    list->timed = grown;
    list->room = room;
  }
  list->timed[list->count++] = *timed;
  return true;
}

/* From here on code without hand-written vectors would take seconds. */
#define LARGE_FLOP 0.6e9

static bool is_large(const struct timed *timed) {
  struct block block = {.table_most = SIZE_MAX};
  unsigned char arguments[ARGUMENTS_MAX] __attribute__((aligned(16)));
  timed->kernel->shapes->set_up(timed->shape->size, &block, arguments);
  /* What moves through a table has sizes that only its operands know. */
  const bool moves = timed->kernel->shapes->advance != NULL;
  return !moves && timed->kernel->flop(arguments) > LARGE_FLOP;
}

/* The kernels of this instruction set, those that the compiler vectorised, and
 * the peers, all at one shape. */
static bool add_shape(struct list *list, struct timed timed, const struct suite_options *options,
                      const struct variant *variants, size_t count, struct error *error) {
  const bool large = timed.once = is_large(&timed);
  for (size_t v = 0; v < count; v++) {
    timed.variant = variants[v];
    if (large && timed.variant.kernels->isa == ISA_SCALAR) continue;
    if (!add(list, &timed, error)) return false;
  }
  timed.variant = variants[0];
  for (size_t i = 0; i < peer_count && !timed.cold; i++) {
    timed.peer = peers[i];
    const bool scalar = timed.variant.isa == ISA_SCALAR;
    if (timed.peer->external && (!options->peers || scalar)) continue;
    if (timed.peer->vectorised && (scalar || large)) continue;
    if (timed.peer->epilogue && large) continue; /* it is lost in the product */
    if (timed_exists(&timed) && !add(list, &timed, error)) return false;
  }
  return true;
}

static bool wanted(const struct timed *timed, const regex_t *filter) {
  if (filter == NULL) return true;
  char name[TIMED_NAME];
  (void)snprintf(name, sizeof name, "%s/%s/%s", timed->kernel->name, timed->shape->name,
                 timed->cold ? "cold" : "hot");
  return regexec(filter, name, 0, NULL, 0) == 0;
}

static bool collect(struct list *list, enum isa isa, const struct suite_options *options,
                    const struct kernels *kernels, const regex_t *filter, struct error *error) {
  struct variant variants[VARIANTS_MAX];
  size_t count = variants_of(isa, variants);
  if (count > 0 && kernels != NULL) variants[0].kernels = kernels;
  const struct own_kernels *own = options->own;
  if (count > 0 && own != NULL) {
    variants[count++] = (struct variant){
        .isa = isa, .by = own->name, .kernels = &own->kernels, .tolerance = own->tolerance};
  }
  struct timed timed = {.loops = loops_of(isa), .caches = caches_of_this_machine()};
  for (size_t k = 0; k < bench_kernel_count; k++) {
    timed.kernel = &bench_kernels[k];
    if (own != NULL && !own_kernels_have(timed.kernel->name)) continue;
    timed.shape = timed.kernel->shapes->shape;
    for (; timed.shape->name != NULL; timed.shape++) {
      if (options->quick && !timed.shape->quick) continue;
      /* Operands that move through a table are as cold as the table is large. */
      const bool moves = timed.kernel->shapes->advance != NULL;
      if (options->cold && (moves || options->quick || !timed.shape->quick)) continue;
      timed.cold = options->cold;
      if (wanted(&timed, filter) && !add_shape(list, timed, options, variants, count, error)) {
        return false;
      }
    }
  }
  return true;
}

static bool register_all(struct list *list, enum isa isa, bool cold, struct error *error) {
  bool ok = cold || peaks_register(isa);
  for (size_t i = 0; ok && i < list->count; i++) {
    char name[TIMED_NAME];
    timed_name(&list->timed[i], name);
    ok = gbench_register(name, timed_run, &list->timed[i], list->timed[i].once);
  }
  return ok || error_set(error, ERROR_SYSTEM, "Google Benchmark takes no more benchmarks");
}

static bool compile(const char *filter, regex_t *out, struct error *error) {
  if (regcomp(out, filter, REG_EXTENDED | REG_NOSUB) == 0) return true;
  return error_set(error, ERROR_USAGE, "--filter: not a regular expression: '%s'", filter);
}

bool suite_filter_check(const struct suite_options *options, struct error *error) {
  regex_t compiled;
  if (options->filter == NULL) return true;
  if (!compile(options->filter, &compiled, error)) return false;
  struct list list = {0};
  struct suite_options cold = *options;
  cold.cold = true;
  bool good = true;
  for (int isa = 0; good && isa < ISA_COUNT; isa++) {
    if (!options->isa[isa]) continue;
    const struct kernels *kernels = kernels_of((enum isa)isa);
    good = collect(&list, (enum isa)isa, options, kernels, &compiled, error) &&
           collect(&list, (enum isa)isa, &cold, kernels, &compiled, error);
  }
  if (good && list.count == 0) {
    good = error_set(error, ERROR_USAGE, "--filter: no benchmark%s has a name with '%s'",
                     options->quick ? " of --quick" : "", options->filter);
    error_help(error, "names are kernel/shape/state, such as dense_forward/32x25x64/hot");
  }
  free(list.timed);
  regfree(&compiled);
  return good;
}

bool suite_child(int argc, char **argv, enum isa isa, const struct suite_options *options,
                 const struct kernels *kernels, struct error *error) {
  regex_t filter;
  const bool filtered = options->filter != NULL;
  if (filtered && !compile(options->filter, &filter, error)) return false;
  struct list list = {0};
  gbench_initialize(&argc, argv);
  bool ok = collect(&list, isa, options, kernels, filtered ? &filter : NULL, error);
  ok = ok && register_all(&list, isa, options->cold, error);
  /* Few filters leave a row with cold operands. */
  const bool any = list.count > 0 || !options->cold;
  const long ran = ok && any ? gbench_run_all(NULL, NULL) : 0;
  if (ran < 0) ok = error_set(error, ERROR_SYSTEM, "Google Benchmark failed");
  if (ok && ran == 0 && !options->cold) {
    ok = error_set(error, ERROR_USAGE, "no benchmark is left to run");
  }
  gbench_clear();
  free(list.timed);
  if (filtered) regfree(&filter);
  return ok;
}
