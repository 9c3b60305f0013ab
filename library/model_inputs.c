/* What a model is, and what it reads. */
#include <math.h>

#include "library/model_parts.h"

const struct query_input *model_input(const crosslane_model *model, size_t i) {
  const struct query *query = &model->serving.query;
  return i < query->inputs ? &query->input[i] : NULL;
}

bool model_takes_values(const crosslane_model *model, struct error *error) {
  if (model->refusal != NULL) *error = *model->refusal;
  return model->refusal == NULL;
}

/* --- what it is --- */

const char *crosslane_model_isa(const crosslane_model *model) {
  return isa_name(model->serving.kernels->isa);
}

const char *crosslane_model_key(const crosslane_model *model) {
  return model->serving.saved.key;
}

const char *crosslane_model_label(const crosslane_model *model) {
  return model->serving.saved.label;
}

double crosslane_model_mse(const crosslane_model *model) {
  return model->serving.saved.mse;
}

float crosslane_model_least(const crosslane_model *model) {
  return model->serving.saved.encoding.scale.least;
}

float crosslane_model_most(const crosslane_model *model) {
  return model->serving.saved.encoding.scale.most;
}

size_t crosslane_model_levels(const crosslane_model *model) {
  return serving_levels(&model->serving)->count;
}

float crosslane_model_level(const crosslane_model *model, size_t k) {
  return k < crosslane_model_levels(model) ? serving_levels(&model->serving)->value[k] : NAN;
}

/* --- what it reads --- */

size_t crosslane_model_inputs(const crosslane_model *model) {
  return model->serving.query.inputs;
}

const char *crosslane_model_input_name(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL ? input->column->name : NULL;
}

enum crosslane_input_kind crosslane_model_input_kind(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  if (input == NULL || input->vocabulary == NULL) return CROSSLANE_INPUT_NUMBER;
  return input->set != NULL ? CROSSLANE_INPUT_MULTI_HOT : CROSSLANE_INPUT_CATEGORY;
}

const char *crosslane_model_input_separator(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL && input->set != NULL ? input->column->separator : "";
}

size_t crosslane_model_input_find(const crosslane_model *model, const char *name) {
  const size_t i = query_find(&model->serving.query, name);
  return i < model->serving.query.inputs ? i : SIZE_MAX;
}

size_t crosslane_model_input_words(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL && input->vocabulary != NULL ? input->vocabulary->words : 0;
}

const char *crosslane_model_input_word(const crosslane_model *model, size_t i, uint32_t code) {
  const bool there = code < crosslane_model_input_words(model, i);
  return there ? model_input(model, i)->vocabulary->word[code] : NULL;
}

int crosslane_model_input_seen(const crosslane_model *model, size_t i, uint32_t code) {
  const bool there = code < crosslane_model_input_words(model, i);
  return there && model_input(model, i)->vocabulary->known[code];
}

double crosslane_model_input_least(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL && input->scaling != NULL ? input->scaling->minimum : NAN;
}

double crosslane_model_input_most(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL && input->scaling != NULL ? input->scaling->maximum : NAN;
}

int crosslane_model_input_may_miss(const crosslane_model *model, size_t i) {
  const struct query_input *input = model_input(model, i);
  return input != NULL && input->vocabulary == NULL && input->column->may_miss;
}
