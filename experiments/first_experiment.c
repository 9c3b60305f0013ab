#include "experiments/first_experiment.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "config/trial_config.h"
#include "data/column_values.h"

/* A category with more values is an id or a text rather than a property. */
enum { CROSS_WORDS_MAX = 100, DEEP_WORDS_MAX = 2000, DEEP_MOST = 12 };

/* A word as YAML reads it: in quotation marks unless it is plain. */
static void add_word(struct text *text, const char *word) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static const char more[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
  const bool path = word[0] == '/' || word[0] == '.';
  const bool plain = word[0] != '\0' && (path || strchr(letters, word[0]) != NULL) &&
                     word[strspn(word, more)] == '\0' && strcmp(word, "null") != 0 &&
                     strcmp(word, "true") != 0 && strcmp(word, "false") != 0 &&
                     strcmp(word, ".") != 0;
  json_t *json = plain ? NULL : json_string(word);
  char *quoted = json != NULL ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
  text_add(text, "%s", quoted != NULL ? quoted : word);
  free(quoted);
  json_decref(json);
}

/* --- the data --- */

static void add_member(struct text *text, bool *first, const char *key, const char *word) {
  if (word[0] == '\0') return;
  text_add(text, "%s%s: ", *first ? "" : ", ", key);
  add_word(text, word);
  *first = false;
}

static void add_table(struct text *text, const char *name, const struct source_table *table) {
  bool first = true;
  if (!table->given) return;
  text_add(text, "  %s: {", name);
  add_member(text, &first, "path", table->path);
  add_member(text, &first, "query", table->query);
  add_member(text, &first, "delimiter", table->delimiter);
  if (table->header > 0) {
    text_add(text, "%sheader: [", first ? "" : ", ");
    for (size_t i = 0; i < table->header; i++) {
      if (i > 0) text_add(text, ", ");
      add_word(text, table->header_name[i]);
    }
    text_add(text, "]");
    first = false;
  }
  add_member(text, &first, "user", table->user);
  add_member(text, &first, "item", table->item);
  add_member(text, &first, "rating", table->rating);
  add_member(text, &first, "time", table->time);
  add_member(text, &first, "key", table->key);
  add_member(text, &first, "title", table->name);
  text_add(text, "}\n");
}

static void add_data(struct text *text, const struct data_spec *spec) {
  static const char *const names[] = {[SOURCE_MOVIELENS] = "movielens",
                                      [SOURCE_CSV] = "csv",
                                      [SOURCE_ATOMIC] = "atomic",
                                      [SOURCE_SQLITE] = "sqlite",
                                      [SOURCE_SYNTHETIC] = "synthetic"};
  const bool tables = spec->source == SOURCE_CSV || spec->source == SOURCE_SQLITE;
  text_add(text, "data:\n  source: %s\n", names[spec->source]);
  text_add(text, "  path: ");
  add_word(text, spec->path);
  text_add(text,
           spec->source == SOURCE_SQLITE ? "\n" : "   # a relative path starts at this file\n");
  for (size_t t = 0; tables && t < TABLES; t++) {
    static const enum table order[] = {TABLE_RATINGS, TABLE_USERS, TABLE_ITEMS};
    static const char *const sections[] = {"ratings", "users", "items"};
    add_table(text, sections[t], &spec->tables->table[order[t]]);
  }
  text_add(text,
           "  # A fifth of the ratings tests, drawn by each seed; a tenth of the rest chooses when "
           "to stop.\n"
           "  split: {method: random, test: 0.2, validation: 0.1}\n");
}

/* --- the model --- */

static bool is_property(const struct dataset *dataset, const struct column *column, uint32_t most) {
  const bool id = column->table != TABLE_RATINGS && column->values == NULL;
  const bool title = strcmp(column->name, dataset->item_title) == 0;
  if (id || title || !column_crosses(column)) return false;
  const uint32_t words = column_cardinality(column, dataset);
  return words > 1 && words <= most && column->values->part == TIME_NONE;
}

/* The property of one side with the most values: what tells the most apart. NULL: none. */
static const struct column *cross_part(const struct dataset *dataset, enum column_side side) {
  const struct column *best = NULL;
  for (size_t i = 0; i < dataset->schema.columns; i++) {
    const struct column *column = &dataset->schema.column[i];
    if (column->side != side || column->table == TABLE_RATINGS) continue;
    if (!is_property(dataset, column, CROSS_WORDS_MAX)) continue;
    if (best == NULL || column_cardinality(column, dataset) > column_cardinality(best, dataset)) {
      best = column;
    }
  }
  return best;
}

static void add_name(struct text *text, bool *first, const char *name) {
  text_add(text, "%s", *first ? "" : ", ");
  add_word(text, name);
  *first = false;
}

static void add_deep(struct text *text, const struct dataset *dataset) {
  bool first = true;
  size_t count = 0;
  text_add(text, "    columns: [");
  add_name(text, &first, "user_id");
  add_name(text, &first, "item_id");
  for (size_t i = 0; i < dataset->schema.columns && count < DEEP_MOST; i++) {
    const struct column *column = &dataset->schema.column[i];
    const bool own = column->values != NULL && column->values->part == TIME_NONE;
    const bool number = own && column->kind == COLUMN_NUMBER;
    if (!number && !(own && is_property(dataset, column, DEEP_WORDS_MAX))) continue;
    add_name(text, &first, column->name);
    count++;
  }
  text_add(text, "]\n");
}

static void add_model(struct text *text, const struct dataset *dataset) {
  const struct column *user = cross_part(dataset, SIDE_USER);
  const struct column *item = cross_part(dataset, SIDE_ITEM);
  text_add(text, "model:\n");
  if (user != NULL || item != NULL) {
    bool first = true;
    text_add(text, "  # One weight for each combination that occurs.\n  wide: {crosses: [[");
    if (user != NULL) add_name(text, &first, user->name);
    if (item != NULL) add_name(text, &first, item->name);
    text_add(text, "]]}\n");
  }
  text_add(text,
           "  deep:\n"
           "    # 'crosslane data check' on this file lists every column.\n");
  add_deep(text, dataset);
  text_add(text,
           "    embedding_dim: 8\n"
           "    hidden: [64, 32]\n"
           "    dropout: 0.2\n"
           "  clip: true   # predictions stay within the scale of the ratings\n");
}

/* Few ratings are some thousand steps, too, until the validation rows stop it. */
static void add_rest(struct text *text, size_t ratings) {
  const bool few = ratings < 50000, many = ratings >= 2000000;
  text_add(text,
           "train:\n"
           "  epochs: %d\n"
           "  batch_size: %d\n"
           "  early_stopping: {patience: 3}\n",
           few ? 50 : 20, few ? 32 : (many ? 1024 : 256));
  text_add(text,
           "seeds: [1, 2, 3]\n"
           "# What is compared. Any key may be swept, by its dotted path.\n"
           "sweep:\n"
           "  method: grid\n"
           "  parameters:\n"
           "    model.deep.hidden: {values: [[], [64], [64, 32]]}\n");
}

static void add_head(struct text *text, const char *name, const char *data) {
  char folder[CONFIG_NAME] = "";
  (void)config_folder(name, folder);
  text_add(text,
           "# A first experiment on %s. Run it with:\n"
           "#   crosslane sweep %s.yaml && crosslane show runs/%s\n"
           "# 'crosslane help config' explains each key.\n"
           "schema: 1\nname: ",
           data, folder, folder);
  add_word(text, name);
  text_add(text, "\n");
}

void first_experiment(const char *name, const struct data_spec *spec, const struct dataset *dataset,
                      struct text *text) {
  struct text data = {0};
  text_add(&data, "%zu ratings", dataset->ratings);
  add_head(text, name, data.failed ? "your ratings" : data.text);
  text_clear(&data);
  add_data(text, spec);
  add_model(text, dataset);
  add_rest(text, dataset->ratings);
}

void first_experiment_synthetic(const char *name, struct text *text) {
  add_head(text, name, "generated ratings");
  text_add(text,
           "data:\n"
           "  source: synthetic   # for data of your own: crosslane init --data PATH\n"
           "  synthetic: {users: 300, items: 400, ratings: 20000, seed: 1}\n"
           "  split: {method: random, test: 0.2, validation: 0.1}\n"
           "model:\n"
           "  # One weight for each combination that occurs.\n"
           "  wide: {crosses: [[gender, genre]]}\n"
           "  deep:\n"
           "    columns: [user_id, item_id, age, gender, occupation, genre]\n"
           "    embedding_dim: 8\n"
           "    hidden: [64, 32]\n"
           "    dropout: 0.2\n"
           "  clip: true   # predictions stay within the scale of the ratings\n");
  add_rest(text, 20000);
}
