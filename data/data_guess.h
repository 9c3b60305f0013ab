/* What an unknown folder, file or database most likely is: for a first experiment file. */
#ifndef CROSSLANE_DATA_DATA_GUESS_H
#define CROSSLANE_DATA_DATA_GUESS_H

#include "base/text.h"
#include "data/data_spec.h"

/* Fills `spec` and `source`, at which spec->tables points then, by the names of files,
 * tables and columns; `notes` gets a line for each table that says what was taken for
 * what. Paths of tables are relative to spec->path. What cannot be told is ERROR_DATA with
 * the columns that there are. */
bool data_guess(const char *path, struct data_spec *spec, struct source_spec *source,
                struct text *notes, struct error *error);

#endif
