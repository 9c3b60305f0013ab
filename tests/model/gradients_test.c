/* The gradients against central differences of the same loss, written once
 * more in plain loops and double precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "model/rating_head.h"
#include "tests/model/model_fixture.h"

enum { ROWS = 37, WIDEST = 64 };

struct state {
  struct fixture fixture;
  struct wide_deep model;
  struct workspace workspace;
  const struct kernels *kernels;
  double *weights; /* the model's, in double: what the reference reads */
  bool dropout;
};

static double sigmoid(double z) {
  return 1 / (1 + exp(-z));
}

static double activated(enum activation activation, double z) {
  switch (activation) { /* no default: the compiler names what is missing */
    case ACTIVATION_IDENTITY:
      return z;
    case ACTIVATION_RELU:
      return z > 0 ? z : 0;
    case ACTIVATION_LEAKY_RELU:
      return z > 0 ? z : (double)0.01f * z;
    case ACTIVATION_TANH:
      return tanh(z);
    case ACTIVATION_SIGMOID:
      return sigmoid(z);
    case ACTIVATION_SILU:
      return z * sigmoid(z);
    case ACTIVATION_GELU:
      return z * (1 + erf(z * sqrt(0.5))) / 2;
  }
  fail_msg("no activation %d", (int)activation);
  return 0;
}

/* All pairs of embeddings, or each user's with each film's: their dot products. */
static double interaction(const struct wide_deep *m, const double *x) {
  double sum = 0;
  for (size_t f = 0; f < m->fields; f++) {
    for (size_t g = f + 1; g < m->fields; g++) {
      bool across = f < m->user_fields && g >= m->user_fields;
      if (m->interaction == INTERACTION_NONE || (m->interaction == INTERACTION_DOT && !across)) {
        continue;
      }
      for (size_t d = 0; d < m->field_dim; d++) {
        sum += x[m->field_at[f] + d] * x[m->field_at[g] + d];
      }
    }
  }
  return sum;
}

/* Of a bag: the sum of its entries' rows, all but the one left out, pooled. */
static double bag_element(const struct state *s, const struct field *field, size_t i, size_t d) {
  const struct encoded_bag *bag = &s->fixture.rows.bag[field->source];
  const struct bag_lists *lists = bag->lists;
  const uint32_t first = lists->offset[bag->owner[i]], end = lists->offset[bag->owner[i] + 1];
  double sum = 0, count = 0;
  for (uint32_t at = first; at < end; at++) {
    if (at - first == bag->skip[i]) continue;
    sum += s->weights[field->table->offset + lists->entry[at] * field->table->ld + d];
    count++;
  }
  if (count == 0) return 0;
  if (field->pooling == POOLING_MEAN) return sum / count;
  return field->pooling == POOLING_RSQRT ? sum / sqrt(count) : sum;
}

static double field_element(const struct state *s, const struct field *field, size_t i, size_t d) {
  if (field->is_bag) return bag_element(s, field, i, d);
  const struct encoded_rows *rows = &s->fixture.rows;
  const size_t row = rows->codes[i * rows->slots + field->source];
  return s->weights[field->table->offset + row * field->table->ld + d];
}

static double wide_sum(const struct state *s, size_t i) {
  const struct encoded_rows *rows = &s->fixture.rows;
  double sum = 0;
  for (size_t c = 0; c < s->model.crosses; c++) {
    const struct wide_table *wide = &s->model.wide[c];
    for (size_t slot = 0; slot < wide->slots; slot++) {
      const uint32_t code = rows->codes[i * rows->slots + wide->source + slot];
      if (code < wide->weight->rows) sum += s->weights[wide->weight->offset + code];
    }
  }
  return sum;
}

static double row_prediction(const struct state *s, size_t i) {
  const struct wide_deep *m = &s->model;
  const struct workspace *w = &s->workspace;
  double x[WIDEST], y[WIDEST];
  size_t width = 0;
  for (size_t f = 0; f < m->fields; f++) {
    const struct field *field = &m->field[f];
    for (size_t d = 0; d < field->table->columns; d++) x[width++] = field_element(s, field, i, d);
  }
  for (size_t n = 0; n < m->numbers; n++) {
    x[width++] = (double)s->fixture.rows.values[i * m->numbers + n];
  }
  double sum = s->weights[m->head_bias->offset] + interaction(m, x);
  for (size_t l = 0; l < m->layers; l++) {
    const struct layer *layer = &m->layer[l];
    for (size_t j = 0; j < layer->outputs; j++) {
      y[j] = s->weights[layer->bias->offset + j];
      for (size_t k = 0; k < width; k++) {
        y[j] += x[k] * s->weights[layer->weight->offset + k * layer->weight->ld + j];
      }
      y[j] = activated(m->activation, y[j]);
      if (!s->dropout) continue;
      unsigned group = w->keep[l][i * w->keep_ld[l] + j / KEEP_GROUP];
      y[j] = group >> j % KEEP_GROUP & 1u ? y[j] * (double)layer->keep_scale : 0;
    }
    width = layer->outputs;
    memcpy(x, y, width * sizeof *x);
  }
  for (size_t k = 0; k < width; k++) sum += x[k] * s->weights[m->head->offset + k];
  return sum + wide_sum(s, i);
}

/* P(rating <= level k) of a row with this score; 1 for the last level, 0 before the first. */
static double cumulative(const struct state *s, double score, size_t levels) {
  const struct wide_deep *m = &s->model;
  const double *cut = s->weights + m->cut->offset;
  if (levels == 0 || levels == m->levels.count) return levels > 0;
  double threshold = cut[0];
  for (size_t k = 1; k < levels; k++) threshold += exp(cut[k]);
  return sigmoid((double)m->slope * (threshold - score));
}

static double row_loss(const struct state *s, size_t i) {
  const double y = row_prediction(s, i), target = (double)s->fixture.rows.target[i];
  if (s->model.cut == NULL) return (y - target) * (y - target);
  const size_t k = (size_t)target - 1;
  return -log(cumulative(s, y, k + 1) - cumulative(s, y, k));
}

static double reference_loss(const struct state *s) {
  double sum = 0;
  for (size_t i = 0; i < ROWS; i++) sum += row_loss(s, i);
  return sum / (double)ROWS;
}

struct variant {
  size_t layers;
  struct fixture_options data;
  enum activation activation;
  enum interaction interaction;
};

static void start(struct state *s, const struct variant *variant, enum isa isa) {
  struct error error = {0};
  memset(s, 0, sizeof *s);
  s->kernels = kernels_of(isa);
  s->dropout = variant->data.dropout > 0;
  fixture_init(&s->fixture, ROWS, &variant->data);
  struct model_spec *spec = &s->fixture.spec;
  spec->hidden_layers = variant->layers;
  spec->activation = variant->activation;
  spec->interaction = variant->interaction;
  if (variant->interaction != INTERACTION_NONE) spec->deep[0].dim = spec->embedding_dim;
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 11, &error));
  assert_true(workspace_init(&s->workspace, &s->model, ROWS + 3, &error));
  s->weights = memory_array(s->model.floats, sizeof *s->weights, &error);
  assert_non_null(s->weights);
}

static void stop(struct state *s) {
  free(s->weights);
  workspace_clear(&s->workspace);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
}

/* Forward and backward on all rows; the float loss is returned. */
static double step(struct state *s) {
  const struct training_step training = {.seed = 5, .step = 9};
  double sum = 0;
  workspace_load(&s->workspace, &s->model, &s->fixture.rows, NULL, 0, ROWS);
  wide_deep_forward(&s->model, &s->workspace, ROWS, &training, s->kernels);
  rating_head_loss(&s->model, &s->workspace, ROWS, &sum, s->kernels);
  wide_deep_backward(&s->model, &s->workspace, ROWS, s->kernels);
  for (size_t i = 0; i < s->model.floats; i++) s->weights[i] = (double)s->model.weights[i];
  return sum / (double)ROWS;
}

/* A relu within `h` of its kink would spoil a difference: at 1e-6, with some
 * 1,000 units, that is rare, and the fixed seeds have none. */
static double difference(struct state *s, size_t at) {
  const double h = 1e-6;
  double kept = s->weights[at];
  s->weights[at] = kept + h;
  double above = reference_loss(s);
  s->weights[at] = kept - h;
  double below = reference_loss(s);
  s->weights[at] = kept;
  return (above - below) / (2 * h);
}

static void check_tensor(struct state *s, const struct tensor *tensor) {
  double largest = 0, worst = 0;
  for (size_t row = 0; row < tensor->rows; row++) {
    for (size_t column = 0; column < tensor->columns; column++) {
      size_t at = tensor->offset + row * tensor->ld + column;
      double expected = difference(s, at);
      double error = fabs((double)s->model.gradients[at] - expected);
      if (fabs(expected) > largest) largest = fabs(expected);
      if (error > worst) worst = error;
    }
  }
  if (largest < 1e-4) fail_msg("%s: no gradient to compare", tensor->name);
  if (worst > 2e-6 * (1 + largest)) fail_msg("%s: off by %g of %g", tensor->name, worst, largest);
}

static void check_all(const struct variant *variant) {
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (kernels_of(isa) == NULL) continue;
    struct state s;
    start(&s, variant, isa);
    double loss = step(&s);
    assert_true(fabs(loss - reference_loss(&s)) < 1e-5);
    for (size_t t = 0; t < s.model.tensors; t++) check_tensor(&s, &s.model.tensor[t]);
    stop(&s);
  }
}

static void every_parameter_group_has_the_gradient_of_the_loss(void **unused) {
  (void)unused;
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU});
}

static void gradients_pass_through_dropout(void **unused) {
  (void)unused;
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU, .data.dropout = 0.3});
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_SILU, .data.dropout = 0.3});
}

static void without_hidden_layers_the_embeddings_reach_the_output(void **unused) {
  (void)unused;
  check_all(&(struct variant){.layers = 0, .activation = ACTIVATION_RELU});
}

static void every_activation_has_its_derivative(void **unused) {
  (void)unused;
  for (int a = ACTIVATION_RELU; a < ACTIVATIONS; a++) {
    check_all(&(struct variant){.layers = 2, .activation = (enum activation)a});
  }
}

static void interactions_have_their_gradient(void **unused) {
  (void)unused;
  for (enum interaction i = INTERACTION_DOT; i <= INTERACTION_FM; i++) {
    check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU, .interaction = i});
    check_all(&(struct variant){.layers = 0, .activation = ACTIVATION_RELU, .interaction = i});
  }
}

static void bags_have_their_gradient_under_each_pooling(void **unused) {
  (void)unused;
  for (enum pooling p = POOLING_SUM; p <= POOLING_RSQRT; p++) {
    check_all(&(struct variant){
        .layers = 2, .activation = ACTIVATION_RELU, .data = {.bags = true, .pooling = p}});
    check_all(&(struct variant){
        .layers = 0, .activation = ACTIVATION_RELU, .data = {.bags = true, .pooling = p}});
  }
}

static void bags_interact_as_other_fields(void **unused) {
  (void)unused;
  for (enum interaction i = INTERACTION_DOT; i <= INTERACTION_FM; i++) {
    check_all(&(struct variant){.layers = 2,
                                .activation = ACTIVATION_RELU,
                                .interaction = i,
                                .data = {.bags = true, .pooling = POOLING_RSQRT}});
  }
}

static void combinations_of_a_multi_hot_cross_have_their_gradient(void **unused) {
  (void)unused;
  check_all(&(struct variant){
      .layers = 2, .activation = ACTIVATION_RELU, .data = {.bags = true, .cross_slots = 5}});
}

/* Scores and thresholds: the gradient by the bias is the sum of those by the scores. */
static void an_ordinal_head_has_the_gradient_of_its_likelihood(void **unused) {
  (void)unused;
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU, .data.ordinal = true});
  check_all(&(struct variant){.layers = 0,
                              .activation = ACTIVATION_RELU,
                              .interaction = INTERACTION_FM,
                              .data = {.bags = true, .ordinal = true}});
}

/* By each score alone. */
static void an_ordinal_head_has_the_gradient_of_each_score(void **unused) {
  (void)unused;
  for (enum isa isa = ISA_SCALAR; isa < ISA_COUNT; isa++) {
    if (kernels_of(isa) == NULL) continue;
    struct state s;
    start(&s, &(struct variant){.activation = ACTIVATION_RELU, .data.ordinal = true}, isa);
    (void)step(&s);
    const double h = 1e-6;
    for (size_t i = 0; i < ROWS; i++) {
      const size_t k = (size_t)s.fixture.rows.target[i] - 1;
      double loss[2];
      for (int side = 0; side < 2; side++) {
        const double score = (double)s.workspace.prediction[i] + (side == 0 ? h : -h);
        loss[side] = -log(cumulative(&s, score, k + 1) - cumulative(&s, score, k));
      }
      const double expected = (loss[0] - loss[1]) / (2 * h) / (double)ROWS;
      assert_true(fabs((double)s.workspace.gradient[i] - expected) < 1e-8);
    }
    stop(&s);
  }
}

/* `dot` multiplies the users' sum with the films': a history is its owner's. */
static void a_users_history_is_on_the_users_side(void **unused) {
  (void)unused;
  struct state s;
  start(&s,
        &(struct variant){
            .activation = ACTIVATION_RELU, .interaction = INTERACTION_DOT, .data.bags = true},
        ISA_SCALAR);
  assert_int_equal(s.model.user_fields, 2);
  assert_int_equal(s.model.field_at[0], s.model.field[0].at); /* gender */
  assert_int_equal(s.model.field_at[1], s.model.field[2].at); /* user_history */
  assert_int_equal(s.model.field_at[2], s.model.field[1].at); /* genre */
  assert_int_equal(s.model.field_at[3], s.model.field[3].at); /* genres */
  stop(&s);
}

static void assert_zero_row(const struct wide_deep *model, const struct tensor *table) {
  for (size_t d = 0; d < table->columns; d++) {
    const size_t at = table->offset + table->rows * table->ld + d;
    assert_true(model->weights[at] == 0.0f && model->gradients[at] == 0.0f);
  }
}

/* Some rows name the unseen row: of a field, and of the cross's spare slots. */
static void rows_for_unseen_values_get_no_gradient_and_stay_zero(void **unused) {
  (void)unused;
  struct state s;
  start(&s,
        &(struct variant){
            .layers = 2, .activation = ACTIVATION_RELU, .data = {.bags = true, .cross_slots = 3}},
        ISA_SCALAR);
  s.fixture.rows.codes[s.model.field[0].source] = (uint32_t)s.model.field[0].table->rows;
  (void)step(&s);
  for (size_t f = 0; f < s.model.fields; f++) assert_zero_row(&s.model, s.model.field[f].table);
  for (size_t c = 0; c < s.model.crosses; c++) assert_zero_row(&s.model, s.model.wide[c].weight);
  stop(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_parameter_group_has_the_gradient_of_the_loss),
      cmocka_unit_test(gradients_pass_through_dropout),
      cmocka_unit_test(without_hidden_layers_the_embeddings_reach_the_output),
      cmocka_unit_test(every_activation_has_its_derivative),
      cmocka_unit_test(interactions_have_their_gradient),
      cmocka_unit_test(bags_have_their_gradient_under_each_pooling),
      cmocka_unit_test(bags_interact_as_other_fields),
      cmocka_unit_test(combinations_of_a_multi_hot_cross_have_their_gradient),
      cmocka_unit_test(an_ordinal_head_has_the_gradient_of_its_likelihood),
      cmocka_unit_test(an_ordinal_head_has_the_gradient_of_each_score),
      cmocka_unit_test(a_users_history_is_on_the_users_side),
      cmocka_unit_test(rows_for_unseen_values_get_no_gradient_and_stay_zero),
  };
  return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
