/* The `data` section of a config. */
#ifndef CROSSLANE_DATA_DATA_SPEC_H
#define CROSSLANE_DATA_DATA_SPEC_H

#include <stdbool.h>

#include "data/source_spec.h"
#include "data/split.h"
#include "data/synthetic/synthetic.h"

enum { DATA_PATH = 1024 };

enum data_source { SOURCE_MOVIELENS, SOURCE_CSV, SOURCE_ATOMIC, SOURCE_SQLITE, SOURCE_SYNTHETIC };

struct data_spec {
  enum data_source source;
  /* The folder of the files; sqlite: the database. */
  char path[DATA_PATH];
  const struct source_spec *tables; /* csv, atomic, sqlite, and columns derived; not owned */
  struct synthetic_spec synthetic;
  struct split_spec split;
  bool fit_all;
};

#endif
