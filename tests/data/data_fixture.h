/* Folders and data sets for the tests of data/. All of it is made up. */
#ifndef CROSSLANE_TESTS_DATA_DATA_FIXTURE_H
#define CROSSLANE_TESTS_DATA_DATA_FIXTURE_H

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "data/column_values.h"
#include "data/dataset.h"
#include "data/encoding/encoding.h"

/* A new folder below $TMPDIR with a small, sound set: three users, three
 * films and five ratings, in u.user, u.item and u.data. */
struct fixture {
  char folder[256];
};
void fixture_open(struct fixture *fixture);
void fixture_open_empty(struct fixture *fixture); /* without files */
void fixture_close(struct fixture *fixture);      /* removes it */

void fixture_write(const struct fixture *fixture, const char *name, const char *text);
void fixture_write_bytes(const struct fixture *fixture, const char *name, const char *bytes,
                         size_t size);
void fixture_remove(const struct fixture *fixture, const char *name);

/* Its u.user, u.item, u.data. */
extern const char fixture_users[], fixture_items[], fixture_data[];

/* Adds one film's line with these flags (a string of '0' and '1'). */
void fixture_add_item(struct text *text, unsigned id, const char *title, const char *date,
                      const char *flags);

/* Fails the test unless reading the folder fails and says `words`. */
void assert_refused(const struct fixture *fixture, const char *words);

/* Fails unless `text` holds `words`. */
void assert_has(const char *text, const char *words);

/* The shape of the report: ages 7 to 73 with 60 and 19 among them, all 21
 * occupations and 19 genres, and every gender with every genre but M with
 * Fantasy. User u is in the columns' order of the test: see the source. */
void report_dataset(struct dataset *dataset);

/* The folder above, read: rows (1, 1), (2, 1), (2, 2), (3, 3), (1, 3). */
void small_dataset(struct dataset *dataset);
/* 40 users, 60 films, 900 ratings; the films of index 0 and 1 have no year. */
void middle_dataset(struct dataset *dataset);

/* Values of a column of users or films, for tests that look at them or change them. */
struct column_values *values_of(struct dataset *dataset, const char *column);
/* As text; until the next call. */
const char *cell_of(const struct dataset *dataset, const char *column, size_t place);
double number_of(const struct dataset *dataset, const char *column, size_t place);
uint32_t code_of(const struct dataset *dataset, const char *column, size_t place);
const char *word_at(const struct dataset *dataset, const char *column, uint32_t code);
/* Gives a place of a multi-hot column other codes, which ascend. */
void set_codes(struct dataset *dataset, const char *column, size_t place, const uint32_t *codes,
               size_t count);

/* "gender*genre" in words: columns in order, ended by NULL. */
struct cross cross_of(const char *first, const char *second, const char *third);

/* Adds one deep column to the spec. */
void add_field(struct encoding_spec *spec, const char *column);
void add_number(struct encoding_spec *spec, const char *column, enum scale scale);

/* The report's model: gender, occupation, genre; gender x genre; age. */
struct encoding_spec report_spec(bool fit_all);

/* A data set, and what is fitted on some of its rows. */
struct fitted {
  struct dataset dataset;
  struct features features;
  struct split split;
  struct encoding encoding;
};

/* Fits `spec` to fitted->dataset. Rows for which `trains` says so train; the
 * others test. Fails the test when that fails. */
void fitted_fit(struct fitted *fitted, const struct encoding_spec *spec,
                bool (*trains)(const struct dataset *dataset, size_t row));
void fitted_clear(struct fitted *fitted);

/* The training rows, the test rows, encoded. */
void fitted_training(const struct fitted *fitted, struct encoded_rows *encoded);
void fitted_others(const struct fitted *fitted, struct encoded_rows *encoded);

/* For `trains`. */
bool every_row(const struct dataset *dataset, size_t row);
bool all_but_every_fourth(const struct dataset *dataset, size_t row);
bool all_but_the_last(const struct dataset *dataset, size_t row);

void assert_label(const struct fitted *fitted, size_t table, uint32_t row, const char *expected);

#endif
