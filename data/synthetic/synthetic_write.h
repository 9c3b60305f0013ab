/* Generated ratings as files, in the form of any reader. */
#ifndef CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_WRITE_H
#define CROSSLANE_DATA_SYNTHETIC_SYNTHETIC_WRITE_H

#include <stdbool.h>

#include "base/error.h"
#include "data/synthetic/synthetic.h"

enum synthetic_form {
  SYNTHETIC_100K,   /* u.data, u.user, u.item, and the folds, as MovieLens 100K */
  SYNTHETIC_1M,     /* ratings.dat, movies.dat, users.dat, as MovieLens 1M */
  SYNTHETIC_25M,    /* ratings.csv, movies.csv, as MovieLens 25M: nothing of the users */
  SYNTHETIC_CSV,    /* ratings.csv, users.csv, items.csv */
  SYNTHETIC_ATOMIC, /* FOLDER.inter, FOLDER.user, FOLDER.item, as RecBole */
  SYNTHETIC_SQLITE  /* synthetic.db, with the tables ratings, users, items */
};

/* Whether the form has half stars. */
bool synthetic_form_has_halves(enum synthetic_form form);

/* Makes the folder, and removes what a killed process left in it; one that holds data that
 * were not generated, or that are of another form, is ERROR_DATA. */
bool synthetic_folder(const char *folder, enum synthetic_form form, struct error *error);

/* Writes what is drawn as it is drawn, and its mark (data/readers/synthetic_mark.h), into a
 * folder that is there, in any form but SYNTHETIC_100K: that one has folds, which need all
 * ratings at once (movielens_write). The files get their names when all are written. */
bool synthetic_write(const struct synthetic_spec *spec, enum synthetic_form form, bool half_stars,
                     const char *folder, double *irreducible_mse, struct error *error);

#endif
