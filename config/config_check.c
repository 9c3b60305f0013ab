/* The checks between keys, and the form in which equal models are equal. */
#include <stdio.h>
#include <string.h>

#include "config/config_table.h"

/* Where `path` was given; NULL when its default holds. */
static const struct yaml_node *given(const struct config_draft *draft, const char *path) {
  return draft->given[config_key_index(config_key_find(path))];
}

/* An error about key `path`: at its place, or of the whole file. */
static bool fault(const struct config_draft *draft, const char *path, struct error *error,
                  const char *what) {
  const struct yaml_node *node = given(draft, path);
  if (node != NULL) return yaml_error(node, error, "%s", what);
  return yaml_error_document(draft->document, error, "%s", what);
}

/* Keys of the other method of splitting. Keys of the other source may stand:
 * `--set data.source=synthetic` then works on any config. */
static bool check_split_keys(const struct config_draft *draft, struct error *error) {
  for (size_t i = 0; i < config_key_count(); i++) {
    const struct config_key *key = config_key_at(i);
    static const char *const methods[] = {"random", "folds", "kfold", "time"};
    bool of_split = key->when == WHEN_RANDOM || key->when == WHEN_FOLDS || key->when == WHEN_KFOLD;
    if (!of_split || draft->given[i] == NULL || config_key_applies(key, &draft->trial)) continue;
    return yaml_error(draft->given[i], error, "%s cannot be used with method: %s", key->path,
                      methods[draft->trial.data.split.method]);
  }
  return true;
}

/* Names of folds that no column has are those that every data set has. */
static bool check_folds(const struct config_draft *draft, struct error *error) {
  const struct split_spec *split = &draft->trial.data.split;
  const struct yaml_node *folds = given(draft, "data.split.folds");
  const size_t known = sizeof fold_names / sizeof *fold_names;
  if (split->method != SPLIT_GIVEN_FOLDS || split->column[0] != '\0' || folds == NULL) return true;
  for (size_t i = 0; i < split->folds; i++) {
    struct error ignored;
    if (fold_name_known(split->fold[i], &ignored)) continue;
    yaml_error(folds->value[i], error, "unknown fold '%.40s'", split->fold[i]);
    return config_suggest(error, split->fold[i], fold_names, known, "Folds");
  }
  return true;
}

/* What the reader of files can cut at. */
static bool check_delimiters(const struct config_draft *draft, struct error *error) {
  static const char *const paths[] = {[TABLE_USERS] = "data.users.delimiter",
                                      [TABLE_ITEMS] = "data.items.delimiter",
                                      [TABLE_RATINGS] = "data.ratings.delimiter"};
  for (size_t t = 0; t < TABLES; t++) {
    const char *text = draft->source.table[t].delimiter;
    const bool one = (unsigned char)text[0] < 0x80 && strchr("\"\r\n", text[0]) == NULL;
    if (text[0] == '\0' || (one && text[1] == '\0') || strcmp(text, "::") == 0) continue;
    return fault(
        draft, paths[t], error,
        "columns are separated by one character, as in \",\", \"\\t\", \";\" or \"|\", or by "
        "\"::\"");
  }
  return true;
}

/* A key without a table to look it up in; one of another source may stand. */
static bool lacks_place(const struct source_table *table) {
  return table->key[0] != '\0' && table->path[0] == '\0' && table->query[0] == '\0';
}

/* What the source cannot do without. */
static bool check_source(const struct config_draft *draft, struct error *error) {
  static const char *const names[] = {"movielens", "csv", "atomic", "sqlite", "synthetic"};
  const struct source_spec *source = &draft->source;
  const enum data_source which = draft->trial.data.source;
  const struct source_table *ratings = &source->table[TABLE_RATINGS];
  struct text what = {0};
  const char *lacking = NULL;
  if (which != SOURCE_CSV && which != SOURCE_SQLITE) return true;
  if (ratings->rating[0] == '\0') lacking = "ratings.rating";
  if (ratings->item[0] == '\0') lacking = "ratings.item";
  if (ratings->user[0] == '\0') lacking = "ratings.user";
  if (source->table[TABLE_ITEMS].given && source->table[TABLE_ITEMS].key[0] == '\0') {
    lacking = "items.key";
  }
  if (source->table[TABLE_USERS].given && source->table[TABLE_USERS].key[0] == '\0') {
    lacking = "users.key";
  }
  const bool files = which == SOURCE_CSV;
  if (lacks_place(&source->table[TABLE_ITEMS])) lacking = files ? "items.path" : "items.query";
  if (lacks_place(&source->table[TABLE_USERS])) lacking = files ? "users.path" : "users.query";
  if (!ratings->given) lacking = files ? "ratings.path" : "ratings.query";
  if (which == SOURCE_SQLITE && draft->trial.data.path[0] == '\0') lacking = "path";
  if (lacking == NULL) return true;
  text_add(&what, "source: %s needs data.%s", names[which], lacking);
  fault(draft, "data.source", error, what.text != NULL ? what.text : "");
  text_clear(&what);
  return error_help(error, "'crosslane init --data PATH' writes an experiment file for your data");
}

static bool check_data(const struct config_draft *draft, struct error *error) {
  const struct data_spec *data = &draft->trial.data;
  if (!check_split_keys(draft, error) || !check_delimiters(draft, error) ||
      !check_source(draft, error) || !check_folds(draft, error)) {
    return false;
  }
  if (data->split.method == SPLIT_GIVEN_FOLDS && data->split.folds == 0 &&
      data->split.column[0] == '\0') {
    const char *path = given(draft, "data.split.folds") ? "data.split.folds" : "data.split.method";
    fault(draft, path, error, "method: folds needs data.split.folds");
    return error_help(error, "for example folds: [u1, u2, u3, u4, u5]");
  }
  uint64_t pairs = (uint64_t)data->synthetic.users * data->synthetic.items;
  if (data->source == SOURCE_SYNTHETIC && data->synthetic.ratings > pairs / 2) {
    return fault(draft, "data.synthetic.ratings", error,
                 "too many ratings: at most users * items / 2 can be generated");
  }
  return true;
}

static bool check_dropout(const struct config_draft *draft, struct error *error) {
  size_t layers = draft->trial.model.hidden_layers;
  if (!draft->dropout.list || draft->dropout.count == layers) return true;
  const char *path =
      given(draft, "model.deep.dropout") ? "model.deep.dropout" : "model.deep.hidden";
  struct text what = {0};
  text_add(&what, "dropout has %zu values for %zu hidden layers", draft->dropout.count, layers);
  fault(draft, path, error, what.text == NULL ? "" : what.text);
  text_clear(&what);
  return error_help(error, "give one value for all layers, or one for each");
}

/* Embeddings that are multiplied must have the same size, and partners. Bags
 * count: the embedding of one is that of its values, pooled. */
static bool check_interaction(const struct config_draft *draft, struct error *error) {
  const struct model_spec *model = &draft->trial.model;
  size_t of_users = 0, of_items = 0;
  uint32_t size = 0;
  bool same = true;
  if (model->interaction == INTERACTION_NONE) return true;
  for (size_t i = 0; i < model->deep_columns; i++) {
    const struct deep_column *column = &model->deep[i];
    if (!deep_has_embedding(column)) continue;
    uint32_t dim = column->dim > 0 ? column->dim : model->embedding_dim;
    same = same && (size == 0 || dim == size);
    size = dim;
    if (column->side == SIDE_USER) of_users++;
    if (column->side == SIDE_ITEM) of_items++;
  }
  const char *path = "model.interaction";
  if (!same)
    return fault(draft, path, error, "dot and fm need embeddings of one size, but dim differs");
  if (model->interaction == INTERACTION_FM && of_users + of_items < 2) {
    return fault(draft, path, error, "fm needs two columns with embeddings in model.deep.columns");
  }
  if (model->interaction == INTERACTION_DOT && (of_users == 0 || of_items == 0)) {
    return fault(draft, path, error,
                 "dot needs a column with an embedding of the users and one of the items in "
                 "model.deep.columns");
  }
  return true;
}

static bool check_model(const struct config_draft *draft, struct error *error) {
  const struct model_spec *model = &draft->trial.model;
  if (model->crosses == 0 && model->deep_columns == 0) {
    const char *path =
        given(draft, "model.deep.columns") ? "model.deep.columns" : "model.wide.crosses";
    fault(draft, path, error,
          "the model reads nothing: give model.wide.crosses or model.deep.columns");
    return false;
  }
  return check_interaction(draft, error) && check_dropout(draft, error);
}

/* Where a group or, failing that, one of its keys was given; else NULL. */
static const struct yaml_node *given_group(const struct config_draft *draft,
                                           const struct config_key *group) {
  const struct yaml_node *node = draft->given[config_key_index(group)];
  for (size_t i = 0; i < config_key_count() && node == NULL; i++) {
    if (config_key_within(config_key_at(i), group->path)) node = draft->given[i];
  }
  return node;
}

static bool check_train(const struct config_draft *draft, struct error *error) {
  const struct train_spec *train = &draft->trial.train;
  if (train->refit && !train->early_stopping.on) {
    fault(draft, "train.refit", error,
          "refit needs early stopping, which finds the number of epochs");
    return error_help(error, "give train.early_stopping, for example {patience: 5}");
  }
  if (draft->trial.data.split.validation > 0) return true;
  if (train->save == SAVE_BEST) {
    fault(draft, "train.save", error, "save: best needs validation rows to select the best");
    return error_help(error, "give data.split.validation, for example 0.1, or save: all");
  }
  if (!train->early_stopping.on) return true;
  const struct config_key *group = config_key_find("train.early_stopping");
  yaml_error(given_group(draft, group), error, "early stopping needs validation rows");
  return error_help(error, "give data.split.validation, for example 0.1");
}

static void settle_model(struct config_draft *draft) {
  struct model_spec *model = &draft->trial.model;
  if (model->crosses == 0) model->hash_buckets = 0;
  if (model->deep_columns == 0) {
    model->hidden_layers = 0;
    memset(model->hidden, 0, sizeof model->hidden);
  }
  if (model->hidden_layers == 0) model->activation = ACTIVATION_RELU;
  for (size_t i = 0; i < HIDDEN_LAYERS_MAX; i++) {
    size_t from = draft->dropout.list ? i : 0;
    model->dropout[i] = i < model->hidden_layers ? draft->dropout.value[from] : 0;
  }
}

static bool is_adam(const struct optimizer_spec *optimizer) {
  return optimizer->name == OPTIMIZER_ADAM || optimizer->name == OPTIMIZER_ADAMW;
}

/* Steps of FTRL, as of Adagrad, shrink with what a weight has seen: they start
 * larger (McMahan et al.: KDD 2013, section 3.1). */
static const double ftrl_rate = 0.1;

static void settle_wide_optimizer(struct config_draft *draft) {
  struct train_spec *train = &draft->trial.train;
  if (draft->trial.model.crosses == 0) train->has_wide_optimizer = false;
  if (train->has_wide_optimizer) {
    bool rate = given(draft, "train.wide_optimizer.learning_rate") != NULL;
    bool ftrl = train->wide_optimizer.name == OPTIMIZER_FTRL;
    if (ftrl && !rate) train->wide_optimizer.learning_rate = ftrl_rate;
  } else {
    train->wide_optimizer = (struct optimizer_spec){0};
  }
}

static bool has_embeddings(const struct model_spec *model) {
  for (size_t i = 0; i < model->deep_columns; i++) {
    if (deep_has_embedding(&model->deep[i])) return true;
  }
  return false;
}

/* What is said of parts that the model does not have. Without deep columns the
 * head has no weights either. The other optimizers leave a row without gradient
 * as it is, so that lazy is the same thing there. */
static void settle_train(struct config_draft *draft) {
  const struct model_spec *model = &draft->trial.model;
  struct train_spec *train = &draft->trial.train;
  const bool embeddings = has_embeddings(model);
  settle_wide_optimizer(draft);
  if (!embeddings || !is_adam(&train->optimizer)) train->embedding_updates = UPDATES_DENSE;
  if (model->crosses == 0) train->l2.wide = 0;
  if (!embeddings) train->l2.embeddings = 0;
  if (model->deep_columns == 0) train->l2.deep = 0;
  if (!train->early_stopping.on) train->early_stopping = (struct early_stopping_spec){0};
  if (!train->averaging.on) train->averaging = (struct averaging_spec){0};
  if (!train->checkpoint.on) train->checkpoint = (struct checkpoint_spec){0};
}

/* Tables that are given, and the folds of kfold. */
static void settle_data(struct config_draft *draft) {
  struct split_spec *split = &draft->trial.data.split;
  for (size_t t = 0; t < TABLES; t++) {
    struct source_table *table = &draft->source.table[t];
    table->given = draft->trial.data.source == SOURCE_SQLITE ? table->query[0] != '\0'
                                                             : table->path[0] != '\0';
  }
  if (split->method != SPLIT_KFOLD) return;
  split->folds = draft->kfold;
  for (size_t f = 0; f < split->folds; f++) {
    (void)snprintf(split->fold[f], SPLIT_FOLD_NAME, "%zu", f + 1);
  }
}

/* A column whose folds are not named: all its words are folds. */
static bool settle_folds(struct config_draft *draft, struct error *error) {
  struct split_spec *split = &draft->trial.data.split;
  if (split->method != SPLIT_GIVEN_FOLDS || split->folds > 0) return true;
  const struct column *column = folds_column(draft->columns, split->column, error);
  if (column == NULL) return false;
  const struct words *words = &column->values->words;
  for (uint32_t c = 0; c < words->count; c++) {
    const char *word = words_text(words, c);
    if (split->folds == SPLIT_FOLDS_MAX || strlen(word) >= SPLIT_FOLD_NAME) {
      fault(draft, "data.split.column", error, "this column has too many or too long values");
      return error_help(error, "at most %d folds, of %d bytes each", SPLIT_FOLDS_MAX,
                        SPLIT_FOLD_NAME - 1);
    }
    if (word[0] != '\0') memcpy(split->fold[split->folds++], word, strlen(word) + 1);
  }
  return true;
}

bool config_settle_data(struct config_draft *draft, struct error *error) {
  settle_data(draft);
  return check_data(draft, error);
}

bool config_settle(struct config_draft *draft, struct error *error) {
  settle_data(draft);
  if (!check_data(draft, error) || !settle_folds(draft, error) || !check_model(draft, error) ||
      !check_train(draft, error)) {
    return false;
  }
  settle_model(draft);
  settle_train(draft);
  return true;
}
