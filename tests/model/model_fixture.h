/* A small Wide & Deep model over random codes, without a data set. */
#ifndef CROSSLANE_TESTS_MODEL_MODEL_FIXTURE_H
#define CROSSLANE_TESTS_MODEL_MODEL_FIXTURE_H

#include <stdbool.h>

#include "data/encoding/encoding.h"
#include "model/wide_deep.h"

enum { FIXTURE_TABLES = 6, FIXTURE_BAGS = 2, FIXTURE_NUMBERS = 2 };

/* 2 single fields (3 and 21 values); with `bags` also user_history (17 values,
 * lists of 9 owners) and genres (6 values, 12 owners), among them owners
 * without any entry; 2 crosses (6 and 40 combinations). */
struct fixture {
  struct dictionary dictionary[FIXTURE_TABLES];
  struct bag_lists lists[FIXTURE_BAGS];
  struct encoding encoding;
  struct encoded_rows rows;
  struct model_spec spec;
};

struct fixture_options {
  double dropout;
  bool bags;
  enum pooling pooling; /* of the bags */
  uint32_t cross_slots; /* of the second cross; those to spare name the unseen row. 0: 1 */
  bool ordinal;         /* an ordinal head of slope 1.5 */
  uint32_t values;      /* of the second field and the second cross. 0: as above */
};

/* `count` rows with targets 1 to 5. The spec has all fields (the first of
 * dimension 3, the others 5), both crosses, both numbers, hidden layers 19
 * and 7. */
void fixture_init(struct fixture *fixture, size_t count, const struct fixture_options *options);
void fixture_clear(struct fixture *fixture);

#endif
