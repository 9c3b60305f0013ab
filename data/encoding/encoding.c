/* What one split fits. */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "data/column_values.h"
#include "data/encoding/encoding_parts.h"

struct fitting {
  const struct features *features;
  const struct encoding_spec *spec;
  struct dataset_rows rows;     /* of dictionaries and scalings */
  struct dataset_rows training; /* of statistics and histories */
  struct encoding *encoding;
};

static bool fit_codes(const struct fitting *fitting, const struct cross *cross, uint32_t buckets,
                      struct dictionary *dictionary, struct error *error) {
  const struct code_list *list = features_codes(fitting->features, cross);
  if (list == NULL) return error_set(error, ERROR_SYSTEM, "the features lack a cross");
  return dictionary_fit(list, fitting->features->dataset, fitting->rows, buckets, dictionary,
                        error);
}

/* A bag's lists stand beside its table. */
static bool fit_bag(const struct fitting *fitting, const struct column *column,
                    struct dictionary *dictionary, struct error *error) {
  struct encoding *encoding = fitting->encoding;
  struct bag_lists *lists = &encoding->bag[encoding->bags];
  dictionary->slots = 0;
  dictionary->bag = (uint32_t)encoding->bags++;
  const struct dataset *dataset = fitting->features->dataset;
  return column->kind == COLUMN_HISTORY
             ? bags_of_history(dataset, column, dictionary, fitting->training, lists, error)
             : bags_of_codes(dataset, column, dictionary, lists, error);
}

static bool fit_field(const struct fitting *fitting, const char *name, struct error *error) {
  struct encoding *encoding = fitting->encoding;
  const struct column *column = dataset_column(fitting->features->dataset, name);
  if (column == NULL || !column_has_embedding(column)) {
    return error_set(error, ERROR_SYSTEM, "the features lack '%s'", name);
  }
  struct dictionary *dictionary = &encoding->table[encoding->tables];
  if (column->kind == COLUMN_HISTORY) {
    if (!dictionary_fit_history(fitting->features->dataset, column, fitting->training, dictionary,
                                error)) {
      return false;
    }
  } else {
    struct cross cross = {.arity = 1};
    memcpy(cross.column[0], column->name, strlen(column->name));
    if (!fit_codes(fitting, &cross, 0, dictionary, error)) return false;
  }
  dictionary->side = column->side;
  encoding->tables++;
  return column->kind == COLUMN_CATEGORY || fit_bag(fitting, column, dictionary, error);
}

/* The fields, then the crosses. */
static bool fit_tables(const struct fitting *fitting, struct error *error) {
  const struct encoding_spec *spec = fitting->spec;
  struct encoding *encoding = fitting->encoding;
  encoding->fields = spec->fields;
  encoding->table = memory_array(spec->fields + spec->crosses, sizeof *encoding->table, error);
  encoding->bag = memory_array(spec->fields, sizeof *encoding->bag, error);
  if (encoding->table == NULL || encoding->bag == NULL) return false;
  for (size_t i = 0; i < spec->fields; i++) {
    if (!fit_field(fitting, spec->field[i].column, error)) return false;
  }
  for (size_t i = 0; i < spec->crosses; i++) {
    if (!fit_codes(fitting, &spec->cross[i], spec->hash_buckets, &encoding->table[encoding->tables],
                   error)) {
      return false;
    }
    encoding->tables++;
  }
  for (size_t t = 0; t < encoding->tables; t++) {
    encoding->table[t].slot = (uint32_t)encoding->slots;
    encoding->slots += encoding->table[t].slots;
  }
  return true;
}

/* The values that a scaling is fitted on: a number's on the fitting rows, a
 * statistic's out-of-fold ones on the training rows. */
static size_t gather(const struct fitting *fitting, const struct scaling *scaling,
                     const struct column *column, double *values) {
  const struct dataset *dataset = fitting->features->dataset;
  const struct statistics *statistics = fitting->encoding->statistics;
  if (scaling->list != NULL) {
    for (size_t i = 0; i < fitting->rows.count; i++) {
      const size_t row = dataset_row(fitting->rows, i);
      values[i] = scaling->list->rows[dataset_place(dataset, scaling->list->table, row)];
    }
    return fitting->rows.count;
  }
  for (size_t i = 0; i < fitting->training.count; i++) {
    values[i] = statistics_value(statistics, column, dataset, dataset_row(fitting->training, i),
                                 statistics->training_fold[i]);
  }
  return fitting->training.count;
}

static bool fit_number(const struct fitting *fitting, const struct number_spec *number,
                       double *values, struct error *error) {
  struct encoding *encoding = fitting->encoding;
  const struct column *column = dataset_column(fitting->features->dataset, number->column);
  const struct number_list *list = features_numbers(fitting->features, number->column);
  if (column == NULL || (list == NULL && column->kind != COLUMN_STATISTIC)) {
    return error_set(error, ERROR_SYSTEM, "the features lack '%s'", number->column);
  }
  struct scaling *scaling = &encoding->scaling[encoding->scalings++];
  *scaling = (struct scaling){.scale = number->scale,
                              .list = list,
                              .at = encoding->numbers,
                              .width = column->may_miss ? 2 : 1};
  memcpy(scaling->column, column->name, strlen(column->name));
  encoding->numbers += scaling->width;
  scaling_fit(scaling, values, gather(fitting, scaling, column, values));
  return true;
}

static bool fit_numbers(const struct fitting *fitting, struct error *error) {
  const struct encoding_spec *spec = fitting->spec;
  if (spec->numbers == 0) return true;
  struct encoding *encoding = fitting->encoding;
  double *values = memory_array(fitting->features->dataset->ratings, sizeof *values, error);
  encoding->scaling = memory_array(spec->numbers, sizeof *encoding->scaling, error);
  bool done = values != NULL && encoding->scaling != NULL;
  for (size_t i = 0; done && i < spec->numbers; i++) {
    done = fit_number(fitting, &spec->number[i], values, error);
  }
  free(values);
  return done;
}

static bool names_kind(const struct fitting *fitting, enum column_kind kind) {
  const struct encoding_spec *spec = fitting->spec;
  for (size_t i = 0; i < spec->fields + spec->numbers; i++) {
    const char *name =
        i < spec->fields ? spec->field[i].column : spec->number[i - spec->fields].column;
    const struct column *column = dataset_column(fitting->features->dataset, name);
    if (column != NULL && column->kind == kind) return true;
  }
  return false;
}

static struct rating_scale fit_scale(const struct dataset *dataset, struct dataset_rows rows) {
  struct rating_scale scale = {dataset->scale_low, dataset->scale_high};
  if (scale.least < scale.most || rows.count == 0) return scale;
  scale.least = scale.most = dataset->row_rating[dataset_row(rows, 0)];
  for (size_t i = 1; i < rows.count; i++) {
    const float rating = dataset->row_rating[dataset_row(rows, i)];
    if (rating < scale.least) scale.least = rating;
    if (rating > scale.most) scale.most = rating;
  }
  return scale;
}

static bool fit(struct fitting *fitting, const struct split *split, struct error *error) {
  const struct encoding_spec *spec = fitting->spec;
  struct encoding *encoding = fitting->encoding;
  bool statistics = names_kind(fitting, COLUMN_STATISTIC);
  if (split == NULL && (!spec->fit_all || statistics || names_kind(fitting, COLUMN_HISTORY))) {
    return error_set(error, ERROR_SYSTEM, "there is no split to fit on");
  }
  if (split != NULL) {
    fitting->training = (struct dataset_rows){split->rows, split->train};
    encoding->has_training = true;
    encoding->training_rows = split->train;
    encoding->training_digest = digest_bytes(split->rows, split->train * sizeof *split->rows);
  }
  encoding->scale =
      fit_scale(fitting->features->dataset,
                split != NULL ? fitting->training
                              : (struct dataset_rows){NULL, fitting->features->dataset->ratings});
  if (spec->rating_levels &&
      !rating_levels_fit(&encoding->levels, fitting->features->dataset, fitting->training, error)) {
    return false;
  }
  fitting->rows = fitting->training;
  if (spec->fit_all)
    fitting->rows = (struct dataset_rows){NULL, fitting->features->dataset->ratings};
  if (statistics) {
    encoding->statistics =
        statistics_new(fitting->features->dataset, fitting->training, spec->seed, error);
    if (encoding->statistics == NULL) return false;
  }
  return fit_tables(fitting, error) && fit_numbers(fitting, error);
}

bool encoding_fit(const struct features *features, const struct encoding_spec *spec,
                  const struct split *split, struct encoding *encoding, struct error *error) {
  *encoding = (struct encoding){0};
  struct fitting fitting = {.features = features, .spec = spec, .encoding = encoding};
  bool done = fit(&fitting, split, error);
  if (!done) encoding_clear(encoding);
  return done;
}

void encoding_clear(struct encoding *encoding) {
  for (size_t t = 0; t < encoding->tables; t++) free(encoding->table[t].row_of_code);
  for (size_t b = 0; b < encoding->bags; b++) bags_clear(&encoding->bag[b]);
  free(encoding->table);
  free(encoding->bag);
  free(encoding->scaling);
  statistics_free(encoding->statistics);
  *encoding = (struct encoding){0};
}

static size_t dictionary_bytes(const struct dictionary *table, const struct dataset *dataset) {
  if (table->row_of_code == NULL) return 0;
  const size_t codes =
      table->list != NULL
          ? table->list->codes
          : column_cardinality(dataset_column(dataset, table->cross.column[0]), dataset);
  return (codes + 1) * sizeof *table->row_of_code;
}

size_t encoding_bytes(const struct encoding *encoding, const struct dataset *dataset) {
  size_t bytes = encoding->tables * sizeof *encoding->table +
                 encoding->fields * sizeof *encoding->bag +
                 encoding->scalings * sizeof *encoding->scaling;
  for (size_t t = 0; t < encoding->tables; t++) {
    bytes += dictionary_bytes(&encoding->table[t], dataset);
  }
  for (size_t b = 0; b < encoding->bags; b++) {
    const struct bag_lists *lists = &encoding->bag[b];
    bytes += (lists->owners + 1 + lists->offset[lists->owners]) * sizeof(uint32_t);
  }
  if (encoding->statistics == NULL) return bytes;
  return bytes + statistics_bytes(dataset, encoding->training_rows);
}
