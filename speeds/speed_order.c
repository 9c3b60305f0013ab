#include "speeds/speed_order.h"

#include <string.h>

/* Of the narrower one's median; and some cycles, which a loop of a few instructions takes
 * more or less as it lies in the code. */
#define SPARE 1.05
#define SPARE_NS 5

/* With operands from the third level it is this that is timed, with all who share it: a
 * quarter more, and a quarter of one access to memory, of which a short kernel has several at
 * once. Cold operands come from memory alone, and judge nothing. A kernel that is slower shows
 * it with operands from its core's own caches. */
enum { SHARED_LEVEL = 3 };
#define SPARE_SHARED 1.25
#define SPARE_SHARED_NS 25

static double fastest(const struct speed *row) {
  double least = row->ns[0];
  for (size_t i = 1; i < row->count; i++) least = row->ns[i] < least ? row->ns[i] : least;
  return least;
}

/* speeds_isas has them from narrow to wide. */
static size_t width_of(const char *isa) {
  size_t at = 0;
  while (at < SPEEDS_ISAS && strcmp(speeds_isas[at], isa) != 0) at++;
  return at;
}

static double most_beside(const struct speed *row, const struct speed *narrower) {
  const bool shared = row->level >= SHARED_LEVEL;
  const double share = (shared ? SPARE_SHARED : SPARE) * narrower->median;
  const double least = narrower->median + (shared ? SPARE_SHARED_NS : SPARE_NS);
  return share > least ? share : least;
}

const struct speed *speed_order_narrower(const struct speeds *s, const struct speed *row) {
  const size_t width = width_of(row->isa);
  if (s->emulated || row->count == 0 || row->error != NULL || width == SPEEDS_ISAS) return NULL;
  if (strcmp(row->by, "crosslane") != 0 || strcmp(row->temperature, "cold") == 0) return NULL;
  const struct speed *worst = NULL;
  for (size_t i = 0; i < width; i++) {
    const struct speed *narrower =
        speeds_find(s, row->kernel, row->shape, row->temperature, speeds_isas[i], row->by);
    if (narrower == NULL || fastest(row) <= most_beside(row, narrower)) continue;
    if (worst == NULL || narrower->median < worst->median) worst = narrower;
  }
  return worst;
}

void speed_order_filter(const struct speeds *s, struct text *out) {
  const char *between = "^(";
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *row = &s->row[i];
    if (speed_order_narrower(s, row) == NULL) continue;
    text_add(out, "%s%s/%s/%s", between, row->kernel, row->shape, row->temperature);
    between = "|";
  }
  if (out->length > 0) text_add(out, ")$");
}

size_t speed_order_write(const struct speeds *s, struct text *out) {
  size_t count = 0;
  for (size_t i = 0; i < s->rows; i++) {
    const struct speed *row = &s->row[i], *narrower = speed_order_narrower(s, row);
    if (narrower == NULL) continue;
    text_add(out, "out of order: %s takes %.2f times as long as with %s (%.1f and %.1f ns)\n",
             row->name, fastest(row) / narrower->median, narrower->isa, fastest(row),
             narrower->median);
    count++;
  }
  return count;
}
