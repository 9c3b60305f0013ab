#include "tests/model/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/philox.h"

static void name(char *to, const char *from) {
  strncpy(to, from, COLUMN_NAME - 1);
}

static void make_encoding(struct fixture *f) {
  static const uint32_t seen[FIXTURE_TABLES] = {3, 21, 6, 40};
  static const char *const names[FIXTURE_TABLES] = {"gender", "genre", "a", "b"};
  for (size_t t = 0; t < FIXTURE_TABLES; t++) {
    f->list[t].cross.arity = 1;
    name(f->list[t].cross.column[0], names[t]);
    f->list[t].codes = seen[t];
    f->dictionary[t] = (struct dictionary){.list = &f->list[t], .seen = seen[t]};
  }
  f->encoding = (struct encoding){.tables = FIXTURE_TABLES,
                                  .categories = 2,
                                  .numbers = FIXTURE_NUMBERS,
                                  .table = f->dictionary};
}

static void make_rows(struct fixture *f, size_t count) {
  struct error error = {0};
  struct random random;
  random_init(&random, 7, STREAM_SYNTHETIC, 0, 0);
  f->rows =
      (struct encoded_rows){.rows = count, .tables = FIXTURE_TABLES, .numbers = FIXTURE_NUMBERS};
  f->rows.codes = memory_array(count * FIXTURE_TABLES, sizeof(uint32_t), &error);
  f->rows.values = memory_array(count * FIXTURE_NUMBERS, sizeof(float), &error);
  f->rows.target = memory_array(count, sizeof(float), &error);
  for (size_t i = 0; i < count; i++) {
    for (size_t t = 0; t < FIXTURE_TABLES; t++) {
      f->rows.codes[i * FIXTURE_TABLES + t] = random_below(&random, f->dictionary[t].seen);
    }
    for (size_t n = 0; n < FIXTURE_NUMBERS; n++) {
      f->rows.values[i * FIXTURE_NUMBERS + n] = random_float(&random);
    }
    f->rows.target[i] = (float)(1 + random_below(&random, 5));
  }
}

void fixture_init(struct fixture *f, size_t count, double dropout) {
  memset(f, 0, sizeof *f);
  make_encoding(f);
  make_rows(f, count);
  f->spec.deep_columns = 2;
  name(f->spec.deep[0].name, "gender");
  f->spec.deep[0].dim = 3;
  name(f->spec.deep[1].name, "genre");
  f->spec.embedding_dim = 5;
  f->spec.activation = ACTIVATION_RELU;
  f->spec.hidden_layers = 2;
  f->spec.hidden[0] = 19;
  f->spec.hidden[1] = 7;
  f->spec.dropout[0] = f->spec.dropout[1] = dropout;
}

void fixture_clear(struct fixture *f) {
  free(f->rows.codes);
  free(f->rows.values);
  free(f->rows.target);
}
