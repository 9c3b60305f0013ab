/* A first experiment file, with comments, for data that are not known yet. */
#ifndef CROSSLANE_EXPERIMENTS_FIRST_EXPERIMENT_H
#define CROSSLANE_EXPERIMENTS_FIRST_EXPERIMENT_H

#include "base/text.h"
#include "data/data_spec.h"
#include "data/dataset.h"

/* Adds a YAML file that `crosslane sweep` runs as it is: where the data are, a cross and deep
 * columns that the data have, three depths to compare. `name` is the experiment's, as config_folder
 * takes it. */
void first_experiment(const char *name, const struct data_spec *spec, const struct dataset *dataset,
                      struct text *text);

/* The same for generated ratings. */
void first_experiment_synthetic(const char *name, struct text *text);

#endif
