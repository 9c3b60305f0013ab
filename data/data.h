/* The room data/: a data set as typed tables, its splits, and what a model
 * reads of each row. */
#ifndef CROSSLANE_DATA_DATA_H
#define CROSSLANE_DATA_DATA_H

#include "data/column_values.h"            /* what a column says of a rating */
#include "data/data_check.h"               /* is a data set sound? */
#include "data/data_spec.h"                /* the section `data` of a config */
#include "data/dataset.h"                  /* ratings, users and items */
#include "data/encoding/dataset_encoder.h" /* rows of a data set, as a saved model reads them */
#include "data/encoding/encoding.h"        /* what is fitted on the training rows */
#include "data/encoding/query.h"           /* rows given as text, likewise */
#include "data/encoding/stored_encoding.h" /* an encoding in the file of a model */
#include "data/features.h"                 /* codes and numbers of every row */
#include "data/readers/csv.h"              /* records of a CSV stream */
#include "data/readers/movielens.h"        /* the folder of MovieLens 100K */
#include "data/split.h"                    /* training, validation and test rows */
#include "data/synthetic/synthetic.h"      /* made-up ratings whose best MSE is known */

#endif
