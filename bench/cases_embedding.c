/* Embeddings: batches of 32 rows from a list that goes through the whole
 * table. Sizes are dim, table bytes, rows a bag, list length. A table of
 * 512 MiB is memory on any machine of today, and its list touches more lines
 * than any cache holds. */
#include "bench/cases.h"

enum { BATCH = 32, BAG = 8, DIM = 0, TABLE = 1, PER_BAG = 2, LIST = 3, SLACK = 256 };
#define L2 ((size_t)256 << 10)
#define L3 ((size_t)8 << 20)
#define MEMORY ((size_t)512 << 20)

/* Laid out by hand: versions of clang-format differ on it. */
// clang-format off
#define TABLES(dim, per_bag)                                    \
  {#dim "-L2", {dim, L2, per_bag, (size_t)1 << 14}, dim == 16}, \
  {#dim "-L3", {dim, L3, per_bag, (size_t)1 << 18}, false},     \
  {#dim "-memory", {dim, MEMORY, per_bag, (size_t)1 << 21}, false}
// clang-format on
static const struct bench_shape rows[] = {
    TABLES(8, 1), TABLES(16, 1), TABLES(32, 1), TABLES(64, 1), {NULL, {0}, false}};
static const struct bench_shape bags[] = {
    TABLES(8, BAG), TABLES(16, BAG), TABLES(32, BAG), TABLES(64, BAG), {NULL, {0}, false}};

/* Lists are longer than their length by what a baseline may prefetch. */
static const uint32_t *list(const size_t size[SIZES], struct block *block, size_t table_rows) {
  return block_indices(block, size[LIST] + SLACK, table_rows);
}

/* The next batch of the list, from its start again behind its end. */
static const uint32_t *moved(const size_t size[SIZES], const uint32_t *at, size_t call) {
  size_t step = BATCH * size[PER_BAG], batches = size[LIST] / step;
  return call % batches == 0 ? at - (batches - 1) * step : at + step;
}

static double lines(size_t dim) {
  return (double)((dim * sizeof(float) + 63) / 64 * 64);
}

static void set_up_gather(const size_t size[SIZES], struct block *block, void *arguments) {
  struct embedding_gather *a = arguments;
  size_t count = size[TABLE] / (size[DIM] * sizeof(float));
  *a = (struct embedding_gather){.m = BATCH, .dim = size[DIM], .table_ld = size[DIM]};
  a->out_ld = rounded_up(size[DIM]);
  a->table = block_table(block, &count, a->dim);
  a->index = list(size, block, count);
  a->known_ahead = SLACK;
  a->out = block_floats(block, a->m * a->out_ld, FILL_ZEROS);
}
static void advance_gather(const size_t size[SIZES], void *arguments, size_t call) {
  struct embedding_gather *a = arguments;
  a->index = moved(size, a->index, call);
}
static double traffic_gather(const size_t size[SIZES]) {
  return BATCH * (lines(size[DIM]) + 4.0 * (double)size[DIM] + 4.0);
}
const struct bench_shapes bench_embedding_gather = {
    .shape = rows, .set_up = set_up_gather, .advance = advance_gather, .traffic = traffic_gather};

static void set_up_scatter(const size_t size[SIZES], struct block *block, void *arguments) {
  struct embedding_scatter_add *a = arguments;
  size_t count = size[TABLE] / (size[DIM] * sizeof(float));
  *a = (struct embedding_scatter_add){.m = BATCH, .dim = size[DIM], .table_ld = size[DIM]};
  a->in_ld = rounded_up(size[DIM]);
  a->table = block_table(block, &count, a->dim);
  a->index = list(size, block, count);
  a->known_ahead = SLACK;
  a->in = block_floats(block, a->m * a->in_ld, FILL_SIGNED);
}
static void advance_scatter(const size_t size[SIZES], void *arguments, size_t call) {
  struct embedding_scatter_add *a = arguments;
  a->index = moved(size, a->index, call);
}
static double traffic_scatter(const size_t size[SIZES]) {
  return BATCH * (2.0 * lines(size[DIM]) + 4.0 * (double)size[DIM] + 4.0);
}
const struct bench_shapes bench_embedding_scatter_add = {.shape = rows,
                                                         .set_up = set_up_scatter,
                                                         .advance = advance_scatter,
                                                         .traffic = traffic_scatter};

static const uint32_t *offsets(const size_t size[SIZES], struct block *block) {
  uint32_t *offset = block_indices(block, BATCH + 1, 1);
  for (uint32_t i = 0; offset != NULL && i <= BATCH; i++) offset[i] = i * (uint32_t)size[PER_BAG];
  return offset;
}

static void set_up_bag(const size_t size[SIZES], struct block *block, void *arguments) {
  struct embedding_bag *a = arguments;
  size_t count = size[TABLE] / (size[DIM] * sizeof(float));
  *a = (struct embedding_bag){
      .m = BATCH, .dim = size[DIM], .table_ld = size[DIM], .pooling = POOLING_MEAN};
  a->out_ld = rounded_up(size[DIM]);
  a->table = block_table(block, &count, a->dim);
  a->offset = offsets(size, block);
  a->index = list(size, block, count);
  a->known_ahead = SLACK;
  a->out = block_floats(block, a->m * a->out_ld, FILL_ZEROS);
}
static void advance_bag(const size_t size[SIZES], void *arguments, size_t call) {
  struct embedding_bag *a = arguments;
  a->index = moved(size, a->index, call);
}
static double traffic_bag(const size_t size[SIZES]) {
  return BATCH * (BAG * (lines(size[DIM]) + 4.0) + 4.0 * (double)size[DIM] + 4.0);
}
const struct bench_shapes bench_embedding_bag = {
    .shape = bags, .set_up = set_up_bag, .advance = advance_bag, .traffic = traffic_bag};

static void set_up_bag_scatter(const size_t size[SIZES], struct block *block, void *arguments) {
  struct embedding_bag_scatter_add *a = arguments;
  size_t count = size[TABLE] / (size[DIM] * sizeof(float));
  *a = (struct embedding_bag_scatter_add){
      .m = BATCH, .dim = size[DIM], .table_ld = size[DIM], .pooling = POOLING_MEAN};
  a->in_ld = rounded_up(size[DIM]);
  a->table = block_table(block, &count, a->dim);
  a->offset = offsets(size, block);
  a->index = list(size, block, count);
  a->known_ahead = SLACK;
  a->in = block_floats(block, a->m * a->in_ld, FILL_SIGNED);
}
static void advance_bag_scatter(const size_t size[SIZES], void *arguments, size_t call) {
  struct embedding_bag_scatter_add *a = arguments;
  a->index = moved(size, a->index, call);
}
static double traffic_bag_scatter(const size_t size[SIZES]) {
  return BATCH * (BAG * (2.0 * lines(size[DIM]) + 4.0) + 4.0 * (double)size[DIM] + 4.0);
}
const struct bench_shapes bench_embedding_bag_scatter_add = {.shape = bags,
                                                             .set_up = set_up_bag_scatter,
                                                             .advance = advance_bag_scatter,
                                                             .traffic = traffic_bag_scatter};

/* The wide part of wide-crosses.yaml: some tables of some hundred weights.
 * Sizes are m, tables, weights. */
static const struct bench_shape wides[] = {{"32x1", {32, 1, 37}, true},
                                           {"32x4", {32, 4, 2000}, false},
                                           {"256x4", {256, 4, 2000}, false},
                                           {NULL, {0}, false}};

static void set_up_wide(const size_t size[SIZES], struct block *block, void *arguments) {
  struct wide_gather_sum *a = arguments;
  *a = (struct wide_gather_sum){.m = size[0], .tables = size[1], .index_ld = size[0]};
  a->weight = block_floats(block, size[2], FILL_SIGNED);
  a->index = block_indices(block, a->tables * a->index_ld, size[2]);
  a->out = block_floats(block, a->m, FILL_ZEROS);
}
const struct bench_shapes bench_wide_gather_sum = {.shape = wides, .set_up = set_up_wide};

static void set_up_wide_scatter(const size_t size[SIZES], struct block *block, void *arguments) {
  struct wide_scatter_add *a = arguments;
  *a = (struct wide_scatter_add){.m = size[0], .tables = size[1], .index_ld = size[0]};
  a->weight = block_floats(block, size[2], FILL_SIGNED);
  a->index = block_indices(block, a->tables * a->index_ld, size[2]);
  a->in = block_floats(block, a->m, FILL_SIGNED);
}
const struct bench_shapes bench_wide_scatter_add = {.shape = wides, .set_up = set_up_wide_scatter};
