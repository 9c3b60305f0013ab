/* Made-up records and run folders for the tests of results/. */
#ifndef CROSSLANE_TESTS_RECORDS_FABRICATE_H
#define CROSSLANE_TESTS_RECORDS_FABRICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "records/record.h"

/* A trial that is done, every field filled. */
struct record fabricate_record(const char *label, uint64_t seed, size_t epochs);

/* The same with 8 epochs: a random split that tests on 0.2 of the rows, or the
 * fold named, and validates on 0.1 of the others. `validation` may be NaN. */
struct record fabricate_trial(const char *label, uint64_t seed, const char *fold, double mse,
                              double validation);

/* Gives it these errors: at the last epoch of its curve too, and best_epoch, rmse
 * and mae that agree with them, as record_read asks for. */
void fabricate_settle(struct record *record, double mse, double validation);

/* One that failed. */
struct record fabricate_failure(const char *label, uint64_t seed, const char *why);

struct fabricated_run {
  size_t architectures, seeds, epochs;
  const char *const *label; /* [architectures]; NULL: "hidden=[1]", "hidden=[2]", ... */
  bool validation, synthetic, emulated;
  double irreducible_mse; /* NaN: not known */
  double rating_variance; /* likewise */
};

/* Makes a temporary folder with trials/ and architectures.json; its path. */
char *fabricate_run(const struct fabricated_run *run);

/* An empty temporary folder with trials/. */
char *fabricate_folder(void);
void fabricate_write(const char *folder, const struct record *record);

/* Writes architectures.json for the records that there are, by their labels. */
void fabricate_plan(const char *folder, const char *const *labels, size_t count,
                    const char *baseline);

/* Removes the folder with all in it and frees its path. */
void fabricate_remove(char *folder);

/* folder/name as text. */
char *fabricate_read(const char *folder, const char *name);

#endif
