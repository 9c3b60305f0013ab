/* The room data/: a data set as typed tables, its splits, and what a model
 * reads of each row. */
#ifndef CROSSLANE_DATA_DATA_H
#define CROSSLANE_DATA_DATA_H

#include "data/column_values.h"             /* what a column says of a rating */
#include "data/data_guess.h"                /* what unknown data most likely are */
#include "data/data_load.h"                 /* from a source to a data set */
#include "data/data_spec.h"                 /* the section `data` of a config */
#include "data/data_summary.h"              /* a data set in words */
#include "data/dataset.h"                   /* ratings, users and items */
#include "data/dataset_extend.h"            /* one more user or item */
#include "data/encoding/dataset_encoder.h"  /* rows of a data set, as a saved model reads them */
#include "data/encoding/encoding.h"         /* what is fitted on the training rows */
#include "data/encoding/query.h"            /* rows given as text, likewise */
#include "data/encoding/rating_levels.h"    /* the different ratings of the training rows */
#include "data/encoding/stored_encoding.h"  /* an encoding in the file of a model */
#include "data/features.h"                  /* codes and numbers of every row */
#include "data/readers/csv.h"               /* records of a CSV stream */
#include "data/readers/movielens.h"         /* folders of MovieLens */
#include "data/readers/movielens_check.h"   /* is a folder of MovieLens 100K sound? */
#include "data/readers/movielens_schema.h"  /* the columns of MovieLens 100K */
#include "data/schema.h"                    /* columns: names and kinds */
#include "data/split.h"                     /* training, validation and test rows */
#include "data/synthetic/synthetic.h"       /* made-up ratings whose best MSE is known */
#include "data/synthetic/synthetic_write.h" /* the same as files */
#include "data/times.h"                     /* dates and times in text */

#endif
