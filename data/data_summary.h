/* A data set in words: its tables, and each of its columns. */
#ifndef CROSSLANE_DATA_DATA_SUMMARY_H
#define CROSSLANE_DATA_DATA_SUMMARY_H

#include <jansson.h>

#include "base/text.h"
#include "data/dataset.h"

/* `origin` follows the name: "", or " (...)". Names of columns, tables and kinds, how
 * many values there are and how many rows miss one, the least and the greatest number,
 * and why a kind was inferred. */
void data_summary(const struct dataset *dataset, const char *origin, struct text *text);

/* The same as JSON; NULL when memory ran out. */
json_t *data_summary_json(const struct dataset *dataset);

#endif
