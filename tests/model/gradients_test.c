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
#include "tests/model/fixture.h"

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
  switch (activation) {
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
    default:
      return z;
  }
}

/* All pairs of embeddings, or each user's with each film's: their dot products. */
static double interaction(const struct wide_deep *m, const double *x) {
  double sum = 0;
  for (size_t f = 0; f < m->categories; f++) {
    for (size_t g = f + 1; g < m->categories; g++) {
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

static double row_prediction(const struct state *s, size_t i) {
  const struct wide_deep *m = &s->model;
  const struct workspace *w = &s->workspace;
  double x[WIDEST], y[WIDEST];
  size_t width = 0;
  for (size_t c = 0; c < m->categories; c++) {
    const struct tensor *t = m->embedding[c];
    size_t row = w->category[c * w->most + i];
    for (size_t d = 0; d < t->columns; d++) x[width++] = s->weights[t->offset + row * t->ld + d];
  }
  for (size_t n = 0; n < m->numbers; n++) {
    x[width] = (double)w->x[i * m->input_ld + width];
    width++;
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
  for (size_t c = 0; c < m->crosses; c++) sum += s->weights[w->wide[c * w->most + i]];
  return sum;
}

static double reference_loss(const struct state *s) {
  double sum = 0;
  for (size_t i = 0; i < ROWS; i++) {
    double e = row_prediction(s, i) - (double)s->workspace.target[i];
    sum += e * e;
  }
  return sum / ROWS;
}

struct variant {
  size_t layers;
  double dropout;
  enum activation activation;
  enum interaction interaction;
};

static void start(struct state *s, const struct variant *variant, enum isa isa) {
  struct error error = {0};
  memset(s, 0, sizeof *s);
  s->kernels = kernels_of(isa);
  s->dropout = variant->dropout > 0;
  fixture_init(&s->fixture, ROWS, variant->dropout);
  struct model_spec *spec = &s->fixture.spec;
  spec->hidden_layers = variant->layers;
  spec->activation = variant->activation;
  spec->interaction = variant->interaction;
  if (variant->interaction != INTERACTION_NONE) spec->deep[0].dim = spec->embedding_dim;
  assert_true(
      wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 11, s->kernels, &error));
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
  s->kernels->squared_error(&(struct squared_error){.m = ROWS,
                                                    .prediction = s->workspace.prediction,
                                                    .target = s->workspace.target,
                                                    .gradient = s->workspace.gradient,
                                                    .gradient_scale = 2.0f / ROWS,
                                                    .sum = &sum});
  wide_deep_backward(&s->model, &s->workspace, ROWS, s->kernels);
  for (size_t i = 0; i < s->model.floats; i++) s->weights[i] = (double)s->model.weights[i];
  return sum / ROWS;
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
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU, .dropout = 0.3});
  check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_SILU, .dropout = 0.3});
}

static void without_hidden_layers_the_embeddings_reach_the_output(void **unused) {
  (void)unused;
  check_all(&(struct variant){.layers = 0, .activation = ACTIVATION_RELU});
}

static void every_activation_has_its_derivative(void **unused) {
  (void)unused;
  for (enum activation a = ACTIVATION_RELU; a <= ACTIVATION_GELU; a++) {
    check_all(&(struct variant){.layers = 2, .activation = a});
  }
}

static void interactions_have_their_gradient(void **unused) {
  (void)unused;
  for (enum interaction i = INTERACTION_DOT; i <= INTERACTION_FM; i++) {
    check_all(&(struct variant){.layers = 2, .activation = ACTIVATION_RELU, .interaction = i});
    check_all(&(struct variant){.layers = 0, .activation = ACTIVATION_RELU, .interaction = i});
  }
}

static void rows_for_unseen_values_get_no_gradient_and_stay_zero(void **unused) {
  (void)unused;
  struct state s;
  start(&s, &(struct variant){.layers = 2, .activation = ACTIVATION_RELU}, ISA_SCALAR);
  (void)step(&s);
  for (size_t c = 0; c < s.model.categories; c++) {
    const struct tensor *table = s.model.embedding[c];
    for (size_t d = 0; d < table->columns; d++) {
      size_t at = table->offset + table->rows * table->ld + d;
      assert_true(s.model.weights[at] == 0.0f && s.model.gradients[at] == 0.0f);
    }
  }
  stop(&s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_parameter_group_has_the_gradient_of_the_loss),
      cmocka_unit_test(gradients_pass_through_dropout),
      cmocka_unit_test(without_hidden_layers_the_embeddings_reach_the_output),
      cmocka_unit_test(every_activation_has_its_derivative),
      cmocka_unit_test(interactions_have_their_gradient),
      cmocka_unit_test(rows_for_unseen_values_get_no_gradient_and_stay_zero),
  };
  return cmocka_run_group_tests_name("gradients", tests, NULL, NULL);
}
