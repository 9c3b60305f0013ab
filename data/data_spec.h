/* The `data` section of a config. */
#ifndef CROSSLANE_DATA_DATA_SPEC_H
#define CROSSLANE_DATA_DATA_SPEC_H

#include <stdbool.h>

#include "data/split.h"
#include "data/synthetic/synthetic.h"

enum { DATA_PATH = 1024 };

enum data_source { SOURCE_MOVIELENS, SOURCE_SYNTHETIC };

struct data_spec {
  enum data_source source;
  char path[DATA_PATH]; /* movielens: the folder */
  struct synthetic_spec synthetic;
  struct split_spec split;
  bool fit_all;
};

#endif
