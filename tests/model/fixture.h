/* A small Wide & Deep model over random codes, without a data set. */
#ifndef CROSSLANE_TESTS_MODEL_FIXTURE_H
#define CROSSLANE_TESTS_MODEL_FIXTURE_H

#include "data/features.h"
#include "model/wide_deep.h"

enum { FIXTURE_TABLES = 4, FIXTURE_NUMBERS = 2 };

struct fixture {
  struct code_list list[FIXTURE_TABLES];
  struct dictionary dictionary[FIXTURE_TABLES];
  struct encoding encoding; /* 2 deep categories (3 and 21 values), 2 crosses (6 and 40) */
  struct encoded_rows rows;
  struct model_spec spec;
};

/* `count` rows with targets 1 to 5. The spec has both crosses, both
 * categories (dimensions 3 and 5), both numbers, hidden layers 19 and 7. */
void fixture_init(struct fixture *fixture, size_t count, double dropout);
void fixture_clear(struct fixture *fixture);

#endif
