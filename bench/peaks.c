/* What this machine can do at most, measured in the same run as the kernels:
 * "peak/fma/hot/avx2/machine", "peak/read-L2/hot/avx2/machine". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/timed.h"
#include "kernels/machine.h"

/* "L1d 48K, L2 1024K, L3 32768K" */
struct caches caches_of_this_machine(void) {
  struct machine machine;
  machine_identify(&machine);
  struct caches caches = {.l1 = 32 << 10, .l2 = 512 << 10};
  for (const char *at = machine.caches; (at = strchr(at, 'L')) != NULL; at++) {
    unsigned level, size;
    char unit;
    if (sscanf(at, "L%u%*[d] %u%c", &level, &size, &unit) != 3 &&
        sscanf(at, "L%u %u%c", &level, &size, &unit) != 3) {
      continue;
    }
    size_t bytes = (size_t)size << (unit == 'M' ? 20 : unit == 'K' ? 10 : 0);
    if (level == 1) caches.l1 = bytes;
    if (level == 2) caches.l2 = bytes;
    if (bytes > caches.last) caches.last = bytes;
  }
  if (caches.last == 0) caches.last = (size_t)32 << 20;
  return caches;
}

unsigned level_of(const struct caches *caches, size_t bytes) {
  if (bytes <= caches->l1) return 1;
  if (bytes <= caches->l2) return 2;
  return bytes <= caches->last ? 3 : 4;
}

static void run_fma(struct gbench *g, void *argument) {
  const struct loops *loops = argument;
  enum { ROUNDS = 10000 };
  float out[64] = {0.5f, 0.25f};
  while (gbench_keep_running(g, 1)) loops->fma(ROUNDS, out);
  gbench_counter(g, "flop", loops->fma_flop * ROUNDS);
  gbench_counter(g, "bytes", 0);
  gbench_items_processed(g, loops->fma_flop * ROUNDS * (double)gbench_iterations(g));
}

struct stream {
  const struct loops *loops;
  bool copy;
  unsigned level;
  size_t bytes; /* of one array */
};

/* At least `count` floats, kept for the next stream: the pages of a new block
 * would take longer to get than to read. */
static float *stream_memory(size_t count, struct error *error) {
  static float *memory;
  static size_t room;
  if (count <= room) return memory;
  free(memory);
  room = 0;
  memory = memory_aligned(count, sizeof *memory, error);
  if (memory == NULL) return NULL;
  room = count;
  for (size_t i = 0; i < count; i++) memory[i] = 1.0f;
  return memory;
}

static void run_stream(struct gbench *g, void *argument) {
  const struct stream *s = argument;
  const size_t count = s->bytes / sizeof(float) / 128 * 128;
  struct error error;
  float *memory = stream_memory(2 * count, &error), sink[64];
  if (memory == NULL) {
    gbench_fail(g, error.message);
    return;
  }
  const int64_t batch = s->bytes > 1 << 20 ? 1 : 16;
  while (gbench_keep_running(g, batch)) {
    for (int64_t i = 0; i < batch; i++) {
      if (s->copy) {
        s->loops->copy(memory, memory + count, count);
      } else {
        s->loops->read(memory, 2 * count, sink);
      }
    }
  }
  double bytes = 2.0 * (double)(count * sizeof *memory);
  gbench_counter(g, "flop", 0);
  gbench_counter(g, "bytes", bytes);
  gbench_counter(g, "level", s->level);
  gbench_bytes_processed(g, bytes * (double)gbench_iterations(g));
}

bool peaks_register(enum isa isa) {
  static struct stream streams[ISA_COUNT][2 * LEVELS];
  static const char *const levels[LEVELS] = {"L1", "L2", "L3", "memory"};
  const struct loops *loops = loops_of(isa);
  const struct caches caches = caches_of_this_machine();
  const size_t bytes[LEVELS] = {caches.l1 / 4, caches.l2 / 4, caches.last / 4, caches.last};
  char name[TIMED_NAME];
  (void)snprintf(name, sizeof name, "peak/fma/hot/%s/machine", isa_name(isa));
  if (!gbench_register(name, run_fma, (void *)(uintptr_t)loops, false)) return false;
  for (unsigned i = 0; i < 2 * LEVELS; i++) {
    struct stream *s = &streams[isa][i];
    *s = (struct stream){loops, i % 2 == 1, i / 2 + 1, bytes[i / 2]};
    (void)snprintf(name, sizeof name, "peak/%s-%s/hot/%s/machine", s->copy ? "copy" : "read",
                   levels[i / 2], isa_name(isa));
    if (!gbench_register(name, run_stream, s, false)) return false;
  }
  return true;
}
