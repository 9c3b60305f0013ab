/* An assessment as text, CSV or JSON. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>

#include "base/document.h"
#include "serving/evaluation.h"

enum { LABEL = 48 };

/* A partition of the rows: its parts and what they are called. */
struct partition {
  const char *name, *heading;
  size_t parts;
  const struct score_sums *sums;
  void (*label)(const struct assessment *assessment, size_t part, char label[LABEL]);
};

static void label_all(const struct assessment *assessment, size_t part, char label[LABEL]) {
  (void)part;
  (void)snprintf(label, LABEL, "%s", assess_split_name(assessment->split));
}

static void label_rating(const struct assessment *assessment, size_t part, char label[LABEL]) {
  (void)assessment;
  (void)snprintf(label, LABEL, "%zu", part + 1);
}

static void label_activity(const struct assessment *assessment, size_t part, char label[LABEL]) {
  const uint32_t *from = assessment->activity_from;
  if (part == 0) {
    (void)snprintf(label, LABEL, "0");
  } else if (part + 1 == SCORE_ACTIVITIES) {
    (void)snprintf(label, LABEL, "%u or more", from[part]);
  } else {
    const uint32_t to = from[part + 1] > from[part] ? from[part + 1] - 1 : from[part];
    (void)snprintf(label, LABEL, "%u to %u", from[part], to);
  }
}

static void label_bin(const struct assessment *assessment, size_t part, char label[LABEL]) {
  (void)assessment;
  if (part == 0) {
    (void)snprintf(label, LABEL, "below %.2f", score_bin_from(1));
  } else if (part + 1 == SCORE_BINS) {
    (void)snprintf(label, LABEL, "from %.2f", score_bin_from(part));
  } else {
    (void)snprintf(label, LABEL, "%.2f to %.2f", score_bin_from(part), score_bin_from(part + 1));
  }
}

enum { PARTITIONS = 4 };
static void list_partitions(const struct assessment *assessment, struct partition out[PARTITIONS]) {
  const struct score_groups *groups = &assessment->groups;
  out[0] = (struct partition){"all", "rows of", 1, &groups->all, label_all};
  out[1] = (struct partition){"rating", "rating", SCORE_RATINGS, groups->by_rating, label_rating};
  out[2] = (struct partition){"activity", "user's training ratings", SCORE_ACTIVITIES,
                              groups->by_activity, label_activity};
  out[3] =
      (struct partition){"prediction", "prediction", SCORE_BINS, groups->by_prediction, label_bin};
}

static void write_partition(const struct assessment *assessment, const struct partition *partition,
                            struct text *text) {
  text_add(text, "\n%-24s %8s %8s %8s %8s %12s %8s\n", partition->heading, "rows", "mse", "rmse",
           "mae", "prediction", "rating");
  for (size_t p = 0; p < partition->parts; p++) {
    const struct score_sums *sums = &partition->sums[p];
    char label[LABEL];
    if (sums->rows == 0) continue;
    partition->label(assessment, p, label);
    text_add(text, "%-24s %8zu %8.4f %8.4f %8.4f %12.4f %8.4f\n", label, sums->rows,
             score_mse(sums), sqrt(score_mse(sums)), score_mae(sums), score_mean_prediction(sums),
             score_mean_rating(sums));
  }
}

/* The record has the MSE of the test and of the validation rows. */
static double recorded_mse(const struct assessment *assessment, const struct serving *serving) {
  if (!serving->same) return NAN;
  if (assessment->split == ASSESS_TEST) return serving->saved.mse;
  return assessment->split == ASSESS_VALIDATION ? serving->saved.validation_mse : NAN;
}

static void write_text(const struct assessment *assessment, const struct serving *serving,
                       struct text *text) {
  const struct saved_model *saved = &serving->saved;
  struct partition partition[PARTITIONS];
  char number[TEXT_DOUBLE];
  text_add(text, "model     %s, seed %llu%s%s (%s)\n", saved->label,
           (unsigned long long)saved->seed, saved->fold[0] != '\0' ? ", fold " : "", saved->fold,
           saved->key);
  text_add(text, "data      %s%s%s, %s rows\n", serving->dataset.name,
           serving->dataset.synthetic ? " (synthetic)" : "",
           serving->same ? "" : ", not those of the training",
           assess_split_name(assessment->split));
  const double mse = score_mse(&assessment->groups.all);
  const double recorded = recorded_mse(assessment, serving);
  text_from_double(mse, number);
  text_add(text, "mse       %s\n", number);
  if (!isnan(recorded)) {
    text_from_double(recorded, number);
    text_add(text, "recorded  %s%s\n", number, recorded == mse ? ": the same" : ": NOT the same");
  }
  list_partitions(assessment, partition);
  for (size_t i = 0; i < PARTITIONS; i++) write_partition(assessment, &partition[i], text);
}

static void write_csv(const struct assessment *assessment, struct text *text) {
  struct partition partition[PARTITIONS];
  list_partitions(assessment, partition);
  text_add(text, "by,group,rows,mse,rmse,mae,mean_prediction,mean_rating\n");
  for (size_t i = 0; i < PARTITIONS; i++) {
    for (size_t p = 0; p < partition[i].parts; p++) {
      const struct score_sums *sums = &partition[i].sums[p];
      char label[LABEL];
      if (sums->rows == 0) continue;
      partition[i].label(assessment, p, label);
      const double values[] = {score_mse(sums), sqrt(score_mse(sums)), score_mae(sums),
                               score_mean_prediction(sums), score_mean_rating(sums)};
      text_add(text, "%s,%s,%zu", partition[i].name, label, sums->rows);
      for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        char number[TEXT_DOUBLE];
        text_from_double(values[v], number);
        text_add(text, ",%s", number);
      }
      text_add(text, "\n");
    }
  }
}

static json_t *sums_json(const struct score_sums *sums, const char *label) {
  json_t *json = json_pack("{s:I, s:f, s:f, s:f, s:f, s:f}", "rows", (json_int_t)sums->rows, "mse",
                           score_mse(sums), "rmse", sqrt(score_mse(sums)), "mae", score_mae(sums),
                           "mean_prediction", score_mean_prediction(sums), "mean_rating",
                           score_mean_rating(sums));
  if (label != NULL) (void)json_object_set_new(json, "group", json_string(label));
  return json;
}

static json_t *partition_json(const struct assessment *assessment,
                              const struct partition *partition) {
  json_t *list = json_array();
  for (size_t p = 0; p < partition->parts; p++) {
    char label[LABEL];
    if (partition->sums[p].rows == 0) continue;
    partition->label(assessment, p, label);
    (void)json_array_append_new(list, sums_json(&partition->sums[p], label));
  }
  return list;
}

static bool write_json(const struct assessment *assessment, const struct serving *serving,
                       struct text *text, struct error *error) {
  struct partition partition[PARTITIONS];
  list_partitions(assessment, partition);
  const double recorded = recorded_mse(assessment, serving);
  json_t *json = sums_json(&assessment->groups.all, NULL);
  (void)json_object_set_new(json, "model", json_string(serving->saved.key));
  (void)json_object_set_new(json, "label", json_string(serving->saved.label));
  (void)json_object_set_new(json, "data", json_string(serving->dataset.name));
  (void)json_object_set_new(json, "synthetic", json_boolean(serving->dataset.synthetic));
  (void)json_object_set_new(json, "same_data", json_boolean(serving->same));
  (void)json_object_set_new(json, "split", json_string(assess_split_name(assessment->split)));
  (void)json_object_set_new(json, "recorded_mse",
                            isnan(recorded) ? json_null() : json_real(recorded));
  for (size_t i = 1; i < PARTITIONS; i++) {
    char key[LABEL];
    (void)snprintf(key, sizeof key, "by_%s", partition[i].name);
    (void)json_object_set_new(json, key, partition_json(assessment, &partition[i]));
  }
  if (json == NULL) return error_set(error, ERROR_SYSTEM, "out of memory");
  document_add(text, json);
  text_add(text, "\n");
  json_decref(json);
  return true;
}

bool assess_write(const struct assessment *assessment, const struct serving *serving,
                  enum assess_format format, struct text *text, struct error *error) {
  if (format == ASSESS_JSON) return write_json(assessment, serving, text, error);
  if (format == ASSESS_CSV)
    write_csv(assessment, text);
  else
    write_text(assessment, serving, text);
  return true;
}
