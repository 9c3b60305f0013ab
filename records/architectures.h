/* <run>/architectures.json: which architectures the run's newest config has,
 * in its order, and which trials are theirs. The sweep writes it; tables and
 * plots show these and no others. */
#ifndef CROSSLANE_RECORDS_ARCHITECTURES_H
#define CROSSLANE_RECORDS_ARCHITECTURES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/error.h"

enum { ARCHITECTURES_SCHEMA = 1 };

struct architecture_entry {
  char *label;
  json_t *swept; /* object: dotted path -> value */
  size_t keys;
  char (*key)[DIGEST_TEXT]; /* [keys], of its trials over folds and seeds */
};

/* Strings and objects are owned; for writing, a NULL text is "" and a NULL
 * object {}. */
struct architecture_list {
  char *name, *description;
  char *baseline;  /* a label; NULL: the config names none */
  bool data_given; /* the data were named beside the config (--data); so it is taken to be where an
                      older file does not say */
  char *save;      /* train.save, "best" or "all"; NULL, and not in the file: none */
  size_t count;
  struct architecture_entry *architecture;
};

/* Atomically. */
bool architectures_write(const char *run, const struct architecture_list *list,
                         struct error *error);

/* ERROR_DATA for a damaged file. `*found` is false when there is no such file,
 * which is no error; `list` is then empty. */
bool architectures_read(const char *run, struct architecture_list *list, bool *found,
                        struct error *error);

/* Adds what `other` has more: architectures, and keys of those that both have by label
 * and swept values. The rest stays as it is. On failure `list` is to be cleared. */
bool architectures_add(struct architecture_list *list, const struct architecture_list *other,
                       struct error *error);

/* What trials of one architecture have in common of a record's config: all but
 * where the data lie and which folds there are, as folds may be added later. A
 * new reference; NULL when memory ran out. */
json_t *architecture_identity(const json_t *config);

void architectures_clear(struct architecture_list *list);

#endif
