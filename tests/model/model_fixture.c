#include "tests/model/model_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/philox.h"

static void name(char *to, const char *from) {
  (void)snprintf(to, COLUMN_NAME, "%s", from);
}

static void add_table(struct fixture *f, const char *column, uint32_t seen, uint32_t slots) {
  struct dictionary *table = &f->dictionary[f->encoding.tables++];
  *table = (struct dictionary){.cross.arity = 1, .seen = seen, .slots = slots};
  const bool of_item = strncmp(column, "genre", 5) == 0 || strncmp(column, "item", 4) == 0;
  table->side = of_item ? SIDE_ITEM : SIDE_USER;
  name(table->cross.column[0], column);
  if (slots > 0) {
    table->slot = (uint32_t)f->encoding.slots;
    f->encoding.slots += slots;
  } else {
    table->bag = (uint32_t)f->encoding.bags++;
  }
}

/* Owner o has o % 5 entries. */
static void make_lists(struct bag_lists *lists, size_t owners, uint32_t values,
                       struct random *random) {
  struct error error = {0};
  *lists = (struct bag_lists){.owners = owners, .longest = 4};
  lists->offset = memory_array(owners + 1, sizeof(uint32_t), &error);
  lists->entry = memory_array(owners * lists->longest, sizeof(uint32_t), &error);
  for (uint32_t o = 0; o < owners; o++) {
    lists->offset[o + 1] = lists->offset[o] + o % 5;
    for (uint32_t i = lists->offset[o]; i < lists->offset[o + 1]; i++) {
      lists->entry[i] = random_below(random, values);
    }
  }
}

static void make_encoding(struct fixture *f, const struct fixture_options *options,
                          struct random *random) {
  f->encoding = (struct encoding){
      .numbers = FIXTURE_NUMBERS, .table = f->dictionary, .bag = f->lists, .scalings = 0};
  add_table(f, "gender", 3, 1);
  add_table(f, "genre", options->values > 0 ? options->values : 21, 1);
  if (options->bags) {
    add_table(f, "user_history", 17, 0);
    add_table(f, "genres", 6, 0);
    make_lists(&f->lists[0], 9, 17, random);
    make_lists(&f->lists[1], 12, 6, random);
  }
  f->encoding.fields = f->encoding.tables;
  add_table(f, "a", 6, 1);
  add_table(f, "b", options->values > 0 ? options->values : 40,
            options->cross_slots > 0 ? options->cross_slots : 1);
}

/* A row leaves out one entry of its history, where that is not empty. */
static void make_bags(struct fixture *f, struct random *random) {
  struct error error = {0};
  f->rows.bag = memory_array(f->rows.bags, sizeof *f->rows.bag, &error);
  for (size_t b = 0; b < f->rows.bags; b++) {
    struct encoded_bag *bag = &f->rows.bag[b];
    bag->lists = &f->lists[b];
    bag->owner = memory_array(f->rows.rows, sizeof(uint32_t), &error);
    bag->skip = memory_array(f->rows.rows, sizeof(uint32_t), &error);
    for (size_t i = 0; i < f->rows.rows; i++) {
      uint32_t owner = random_below(random, (uint32_t)bag->lists->owners);
      uint32_t length = bag->lists->offset[owner + 1] - bag->lists->offset[owner];
      bag->owner[i] = owner;
      bag->skip[i] = b == 0 && length > 0 ? random_below(random, length) : BAG_SKIP_NONE;
    }
  }
}

/* Of a table with several slots a row uses at least one. */
static void make_codes(const struct dictionary *table, uint32_t *codes, struct random *random) {
  if (table->slots == 0) return;
  uint32_t used = table->slots > 1 ? 1 + random_below(random, table->slots) : 1;
  for (uint32_t s = 0; s < table->slots; s++) {
    codes[table->slot + s] = s < used ? random_below(random, table->seen) : table->seen;
  }
}

static void make_rows(struct fixture *f, size_t count) {
  struct error error = {0};
  struct random random;
  random_init(&random, 7, STREAM_SYNTHETIC, 0, 0);
  const size_t slots = f->encoding.slots;
  f->rows = (struct encoded_rows){
      .rows = count, .slots = slots, .bags = f->encoding.bags, .numbers = FIXTURE_NUMBERS};
  f->rows.codes = memory_array(count * slots, sizeof(uint32_t), &error);
  f->rows.values = memory_array(count * FIXTURE_NUMBERS, sizeof(float), &error);
  f->rows.target = memory_array(count, sizeof(float), &error);
  for (size_t i = 0; i < count; i++) {
    for (size_t t = 0; t < f->encoding.tables; t++) {
      make_codes(&f->dictionary[t], f->rows.codes + i * slots, &random);
    }
    for (size_t n = 0; n < FIXTURE_NUMBERS; n++) {
      f->rows.values[i * FIXTURE_NUMBERS + n] = random_float(&random);
    }
    f->rows.target[i] = (float)(1 + random_below(&random, 5));
  }
  make_bags(f, &random);
}

static void count_levels(struct fixture *f) {
  struct rating_levels *levels = &f->encoding.levels;
  *levels = (struct rating_levels){.count = 5, .value = {1, 2, 3, 4, 5}};
  for (size_t i = 0; i < f->rows.rows; i++) levels->rows[(size_t)f->rows.target[i] - 1]++;
}

static void make_spec(struct fixture *f, const struct fixture_options *options) {
  if (options->ordinal) {
    count_levels(f);
    f->spec.head = HEAD_ORDINAL;
    f->spec.slope = 1.5;
  }
  f->spec.deep_columns = f->encoding.fields;
  for (size_t i = 0; i < f->encoding.fields; i++) {
    name(f->spec.deep[i].name, f->dictionary[i].cross.column[0]);
    f->spec.deep[i].pooling = options->pooling;
  }
  f->spec.deep[0].dim = 3;
  f->spec.embedding_dim = 5;
  f->spec.activation = ACTIVATION_RELU;
  f->spec.hidden_layers = 2;
  f->spec.hidden[0] = 19;
  f->spec.hidden[1] = 7;
  f->spec.dropout[0] = f->spec.dropout[1] = options->dropout;
}

void fixture_init(struct fixture *f, size_t count, const struct fixture_options *options) {
  struct random random;
  random_init(&random, 7, STREAM_SYNTHETIC, 1, 0);
  memset(f, 0, sizeof *f);
  make_encoding(f, options, &random);
  f->encoding.scale = (struct rating_scale){1, 5};
  make_rows(f, count);
  make_spec(f, options);
}

void fixture_clear(struct fixture *f) {
  encoded_rows_clear(&f->rows);
  for (size_t b = 0; b < FIXTURE_BAGS; b++) {
    free(f->lists[b].offset);
    free(f->lists[b].entry);
  }
}
