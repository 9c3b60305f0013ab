/* An evaluation as text, CSV or JSON. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/json_text.h"
#include "serving/evaluation.h"

enum { LABEL = 48 };

/* A partition of the rows: its parts and what they are called. */
struct partition {
  const char *name, *heading;
  size_t parts;
  const struct score_sums *sums;
  void (*label)(const struct evaluation *evaluation, size_t part, char label[LABEL]);
};

static void label_all(const struct evaluation *evaluation, size_t part, char label[LABEL]) {
  (void)part;
  (void)snprintf(label, LABEL, "%s", evaluation_split_name(evaluation->split));
}

static void label_rating(const struct evaluation *evaluation, size_t part, char label[LABEL]) {
  const struct score_levels levels = score_levels_of(evaluation->scale);
  (void)snprintf(label, LABEL, "%g", levels.least + (double)part * levels.step);
}

static void label_activity(const struct evaluation *evaluation, size_t part, char label[LABEL]) {
  const uint32_t *from = evaluation->activity_from;
  if (part == 0) {
    (void)snprintf(label, LABEL, "0");
  } else if (part + 1 == SCORE_ACTIVITIES) {
    (void)snprintf(label, LABEL, "%u or more", from[part]);
  } else {
    const uint32_t to = from[part + 1] > from[part] ? from[part + 1] - 1 : from[part];
    (void)snprintf(label, LABEL, "%u to %u", from[part], to);
  }
}

static void label_bin(const struct evaluation *evaluation, size_t part, char label[LABEL]) {
  const double from = score_bin_from(evaluation->scale, part);
  const double to = score_bin_from(evaluation->scale, part + 1);
  if (part == 0) {
    (void)snprintf(label, LABEL, "below %.2f", to);
  } else if (part + 1 == SCORE_BINS) {
    (void)snprintf(label, LABEL, "from %.2f", from);
  } else {
    (void)snprintf(label, LABEL, "%.2f to %.2f", from, to);
  }
}

enum { PARTITIONS = 4 };
static void list_partitions(const struct evaluation *evaluation, struct partition out[PARTITIONS]) {
  const struct score_groups *groups = &evaluation->groups;
  out[0] = (struct partition){"all", "rows of", 1, &groups->all, label_all};
  out[1] = (struct partition){"rating", "rating", SCORE_RATINGS, groups->by_rating, label_rating};
  out[2] = (struct partition){"activity", "user's training ratings", SCORE_ACTIVITIES,
                              groups->by_activity, label_activity};
  out[3] =
      (struct partition){"prediction", "prediction", SCORE_BINS, groups->by_prediction, label_bin};
}

/* The parts that have rows, of all partitions or of one. */
struct groups {
  const struct evaluation *evaluation;
  struct {
    const struct partition *partition;
    size_t part;
  } at[1 + SCORE_RATINGS + SCORE_ACTIVITIES + SCORE_BINS];
  size_t count;
};

static void add_groups(const struct partition *partition, struct groups *groups) {
  for (size_t p = 0; p < partition->parts; p++) {
    if (partition->sums[p].rows == 0) continue;
    groups->at[groups->count].partition = partition;
    groups->at[groups->count++].part = p;
  }
}

enum { BY, GROUP, ROWS, MSE, RMSE, MAE, PREDICTION, RATING, COLUMNS };

static double score_in(const struct score_sums *sums, size_t column) {
  switch (column) {
    case MSE:
      return score_mse(sums);
    case RMSE:
      return sqrt(score_mse(sums));
    case MAE:
      return score_mae(sums);
    case PREDICTION:
      return score_mean_prediction(sums);
    default:
      return score_mean_rating(sums);
  }
}

static json_t *value_of(const void *context, size_t row, size_t column) {
  const struct groups *groups = context;
  const struct partition *partition = groups->at[row].partition;
  const struct score_sums *sums = &partition->sums[groups->at[row].part];
  char label[LABEL];
  partition->label(groups->evaluation, groups->at[row].part, label);
  if (column == BY) return json_string(partition->name);
  if (column == GROUP) return json_string(label);
  if (column == ROWS) return json_integer((json_int_t)sums->rows);
  return json_real(score_in(sums, column));
}

/* The table of one partition, whose name is the heading of the first column. */
static void cell_of(const void *context, size_t row, size_t column, struct text *cell) {
  json_t *value = value_of(context, row, column + 1);
  if (json_is_string(value)) {
    text_add(cell, "%s", json_string_value(value));
  } else if (json_is_integer(value)) {
    text_add(cell, "%lld", (long long)json_integer_value(value));
  } else {
    text_add(cell, "%.4f", json_real_value(value));
  }
  json_decref(value);
}

static void write_partition(const struct evaluation *evaluation, const struct partition *partition,
                            struct text *text) {
  enum { WIDE = 24, NARROW = 8 };
  const struct text_table_column columns[COLUMNS - 1] = {
      {.name = partition->heading, .left = true, .least = WIDE},
      {.name = "rows", .least = NARROW},
      {.name = "mse", .least = NARROW},
      {.name = "rmse", .least = NARROW},
      {.name = "mae", .least = NARROW},
      {.name = "prediction"},
      {.name = "rating", .least = NARROW},
  };
  struct groups groups = {.evaluation = evaluation};
  add_groups(partition, &groups);
  text_add(text, "\n");
  text_table_write(&(struct text_table){.column = columns,
                                        .columns = COLUMNS - 1,
                                        .rows = groups.count,
                                        .context = &groups,
                                        .cell = cell_of},
                   TEXT_TABLE_TEXT, text);
}

/* The record has the MSE of the test and of the validation rows. */
static double recorded_mse(const struct evaluation *evaluation, const struct serving *serving) {
  if (!serving->same) return NAN;
  if (evaluation->split == EVALUATION_TEST) return serving->saved.mse;
  return evaluation->split == EVALUATION_VALIDATION ? serving->saved.validation_mse : NAN;
}

static void write_ranking(const struct ranking *ranking, struct text *text) {
  const struct {
    const char *name;
    const struct ranking_scores *scores;
  } rows[] = {{"items of the user's test rows", &ranking->of_test},
              {"all items not rated elsewhere", &ranking->of_all}};
  text_add(text, "\n%-30s %12s %10s %8s\n", "ranked", "precision", "recall", "ndcg");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    text_add(text, "%-30s %12.4f %10.4f %8.4f\n", rows[i].name, rows[i].scores->precision,
             rows[i].scores->recall, rows[i].scores->ndcg);
  }
  text_add(text, "at %zu; means over %zu users with a test rating of %g or more (%zu have none)\n",
           ranking->k, ranking->users, ranking->relevant, ranking->users_without);
}

static void write_text(const struct evaluation *evaluation, const struct serving *serving,
                       struct text *text) {
  const struct saved_model *saved = &serving->saved;
  struct partition partition[PARTITIONS];
  char number[TEXT_DOUBLE];
  text_add(text, "model     %s, seed %llu%s%s (%s)\n", saved->label,
           (unsigned long long)saved->seed, saved->fold[0] != '\0' ? ", fold " : "", saved->fold,
           saved->key);
  text_add(text, "data      %s%s%s, %s rows\n", serving->dataset.name,
           serving->dataset.synthetic ? " (synthetic)" : "",
           serving->same                 ? ""
           : saved_model_is_first(saved) ? " (not known whether those of the training)"
                                         : ", not those of the training",
           evaluation_split_name(evaluation->split));
  const double mse = score_mse(&evaluation->groups.all);
  const double recorded = recorded_mse(evaluation, serving);
  text_from_double(mse, number);
  text_add(text, "mse       %s\n", number);
  if (!isnan(recorded)) {
    text_from_double(recorded, number);
    text_add(text, "recorded  %s%s\n", number, recorded == mse ? ": the same" : ": NOT the same");
  }
  list_partitions(evaluation, partition);
  for (size_t i = 0; i < PARTITIONS; i++) write_partition(evaluation, &partition[i], text);
  if (evaluation->ranking.k > 0) write_ranking(&evaluation->ranking, text);
}

static void write_csv(const struct evaluation *evaluation, struct text *text) {
  static const struct text_table_column columns[COLUMNS] = {{.name = "by"},
                                                            {.name = "group"},
                                                            {.name = "rows"},
                                                            {.name = "mse"},
                                                            {.name = "rmse"},
                                                            {.name = "mae"},
                                                            {.name = "mean_prediction"},
                                                            {.name = "mean_rating"}};
  struct partition partition[PARTITIONS];
  struct groups groups = {.evaluation = evaluation};
  list_partitions(evaluation, partition);
  for (size_t i = 0; i < PARTITIONS; i++) add_groups(&partition[i], &groups);
  text_table_write(&(struct text_table){.column = columns,
                                        .columns = COLUMNS,
                                        .rows = groups.count,
                                        .context = &groups,
                                        .value = value_of},
                   TEXT_TABLE_CSV, text);
}

static json_t *sums_json(const struct score_sums *sums, const char *label) {
  json_t *json = json_pack("{s:I, s:f, s:f, s:f, s:f, s:f}", "rows", (json_int_t)sums->rows, "mse",
                           score_mse(sums), "rmse", sqrt(score_mse(sums)), "mae", score_mae(sums),
                           "mean_prediction", score_mean_prediction(sums), "mean_rating",
                           score_mean_rating(sums));
  if (label != NULL) (void)json_object_set_new(json, "group", json_string(label));
  return json;
}

static json_t *partition_json(const struct evaluation *evaluation,
                              const struct partition *partition) {
  json_t *list = json_array();
  for (size_t p = 0; p < partition->parts; p++) {
    char label[LABEL];
    if (partition->sums[p].rows == 0) continue;
    partition->label(evaluation, p, label);
    (void)json_array_append_new(list, sums_json(&partition->sums[p], label));
  }
  return list;
}

static json_t *scores_json(const struct ranking_scores *scores) {
  return json_pack("{s:f, s:f, s:f}", "precision", scores->precision, "recall", scores->recall,
                   "ndcg", scores->ndcg);
}

static json_t *ranking_json(const struct ranking *ranking) {
  return json_pack("{s:I, s:f, s:I, s:I, s:o, s:o}", "k", (json_int_t)ranking->k, "relevant",
                   ranking->relevant, "users", (json_int_t)ranking->users, "users_without",
                   (json_int_t)ranking->users_without, "test_items", scores_json(&ranking->of_test),
                   "all_items", scores_json(&ranking->of_all));
}

static bool write_json(const struct evaluation *evaluation, const struct serving *serving,
                       struct text *text, struct error *error) {
  struct partition partition[PARTITIONS];
  list_partitions(evaluation, partition);
  const double recorded = recorded_mse(evaluation, serving);
  json_t *json = sums_json(&evaluation->groups.all, NULL);
  (void)json_object_set_new(json, "model", json_string(serving->saved.key));
  (void)json_object_set_new(json, "label", json_string(serving->saved.label));
  (void)json_object_set_new(json, "data", json_string(serving->dataset.name));
  (void)json_object_set_new(json, "synthetic", json_boolean(serving->dataset.synthetic));
  (void)json_object_set_new(json, "same_data", json_boolean(serving->same));
  (void)json_object_set_new(json, "split", json_string(evaluation_split_name(evaluation->split)));
  (void)json_object_set_new(json, "recorded_mse",
                            isnan(recorded) ? json_null() : json_real(recorded));
  for (size_t i = 1; i < PARTITIONS; i++) {
    char key[LABEL];
    (void)snprintf(key, sizeof key, "by_%s", partition[i].name);
    (void)json_object_set_new(json, key, partition_json(evaluation, &partition[i]));
  }
  if (evaluation->ranking.k > 0) {
    (void)json_object_set_new(json, "ranking", ranking_json(&evaluation->ranking));
  }
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  json_text_add(text, json);
  text_add(text, "\n");
  json_decref(json);
  return true;
}

bool evaluation_write(const struct evaluation *evaluation, const struct serving *serving,
                      enum text_table_format format, struct text *text, struct error *error) {
  if (format == TEXT_TABLE_JSON) return write_json(evaluation, serving, text, error);
  if (format == TEXT_TABLE_CSV) {
    write_csv(evaluation, text);
  } else {
    write_text(evaluation, serving, text);
  }
  return !text->failed || error_set(error, ERROR_SYSTEM, "out of memory");
}
