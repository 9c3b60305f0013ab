/* Small batches in one call: their bits are those of one batch after another, and only models
 * and optimizers that the call knows go through it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/dot_training.h"
#include "model/rating_head.h"
#include "tests/model/model_fixture.h"
#include "tests/model/scene.h"

enum { ROWS = 203, EPOCHS = 3 };

/* Two embeddings of 5 columns, two crosses, no layers. */
static void fixture_of_dot(struct fixture *fixture) {
  fixture_init(fixture, ROWS, &(struct fixture_options){0});
  fixture->encoding.numbers = fixture->rows.numbers = 0;
  fixture->spec.hidden_layers = 0;
  fixture->spec.deep[0].dim = 5;
  fixture->spec.interaction = INTERACTION_DOT;
  /* Row 4 has a value of each table that no training row had. */
  for (size_t t = 0; t < fixture->encoding.tables; t++) {
    const struct dictionary *table = &fixture->dictionary[t];
    fixture->rows.codes[4 * fixture->rows.slots + table->slot] = table->seen;
  }
}

static struct train_spec training(enum optimizer_name name, uint32_t batch, double l2) {
  return (struct train_spec){.epochs = EPOCHS,
                             .batch_size = batch,
                             .optimizer = {.name = name, .learning_rate = 0.03},
                             .l2 = {.embeddings = l2, .deep = 3 * l2}};
}

struct state {
  struct fixture fixture;
  struct train_spec train;
  struct wide_deep model;
  struct workspace workspace;
  struct optimizer optimizer;
  double loss;
  const struct kernels *kernels;
};

static void start(struct state *s, const struct train_spec *train, size_t most) {
  struct error error = {0};
  *s = (struct state){.train = *train, .kernels = kernels_of(isa_best())};
  fixture_of_dot(&s->fixture);
  assert_true(wide_deep_init(&s->model, &s->fixture.spec, &s->fixture.encoding, 1, &error));
  assert_true(workspace_init(&s->workspace, &s->model, most, &error));
  assert_true(optimizer_init(&s->optimizer, &s->train, &s->model, most, &error));
}

static void stop(struct state *s) {
  optimizer_clear(&s->optimizer);
  workspace_clear(&s->workspace);
  wide_deep_clear(&s->model);
  fixture_clear(&s->fixture);
}

static void one_by_one(struct state *s, size_t batch) {
  for (size_t at = 0; at < ROWS; at += batch) {
    const size_t m = ROWS - at < batch ? ROWS - at : batch;
    workspace_load(&s->workspace, &s->model, &s->fixture.rows, NULL, at, m);
    wide_deep_forward(&s->model, &s->workspace, m, &(struct training_step){0}, s->kernels);
    rating_head_loss(&s->model, &s->workspace, m, &s->loss, s->kernels);
    wide_deep_backward(&s->model, &s->workspace, m, s->kernels);
    optimizer_step(&s->optimizer, &s->model, &s->workspace, m, s->kernels);
  }
}

static void in_one_call(struct state *s) {
  workspace_load(&s->workspace, &s->model, &s->fixture.rows, NULL, 0, ROWS);
  dot_training_steps(&s->model, &s->optimizer, &s->workspace, ROWS, &s->loss, s->kernels);
}

static void check_same(const struct train_spec *train) {
  struct state one, all;
  start(&one, train, train->batch_size);
  start(&all, train, ROWS);
  assert_true(dot_training_fits(&all.model, train));
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    optimizer_schedule(&one.optimizer, &one.model, 1.0 / (1.0 + epoch));
    optimizer_schedule(&all.optimizer, &all.model, 1.0 / (1.0 + epoch));
    one_by_one(&one, train->batch_size);
    in_one_call(&all);
  }
  const size_t bytes = one.model.floats * sizeof(float);
  assert_memory_equal(one.model.weights, all.model.weights, bytes);
  assert_memory_equal(one.optimizer.second, all.optimizer.second, bytes);
  assert_memory_equal(&one.loss, &all.loss, sizeof one.loss);
  assert_true(isfinite(all.loss) && all.loss > 0);
  stop(&one);
  stop(&all);
}

static void many_batches_in_one_call_have_the_bits_of_one_after_another(void **unused) {
  (void)unused;
  static const enum optimizer_name names[] = {OPTIMIZER_SGD, OPTIMIZER_ADAGRAD};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    for (uint32_t batch = 1; batch <= 16; batch += batch < 4 ? 1 : 4) {
      const struct train_spec plain = training(names[i], batch, 0.0);
      const struct train_spec penalised = training(names[i], batch, 0.02);
      check_same(&plain);
      check_same(&penalised);
    }
  }
}

static bool fits(const struct state *s, const struct train_spec *train) {
  return dot_training_fits(&s->model, train);
}

static void only_optimizers_that_leave_other_rows_alone_fit(void **unused) {
  (void)unused;
  struct train_spec train = training(OPTIMIZER_SGD, 1, 0.0);
  struct state s;
  start(&s, &train, 16);
  assert_true(fits(&s, &train));
  for (enum optimizer_name name = OPTIMIZER_ADAM; name <= OPTIMIZER_FTRL; name++) {
    train.optimizer.name = name;
    assert_int_equal(fits(&s, &train), name == OPTIMIZER_SGD || name == OPTIMIZER_ADAGRAD);
  }
  train.optimizer = (struct optimizer_spec){OPTIMIZER_SGD, 0.03, .momentum = 0.9};
  assert_false(fits(&s, &train));
  train = training(OPTIMIZER_SGD, 1, 0.0);
  train.averaging.on = true;
  assert_false(fits(&s, &train));
  train = training(OPTIMIZER_SGD, 1, 0.0);
  train.has_wide_optimizer = true;
  assert_false(fits(&s, &train));
  train = training(OPTIMIZER_SGD, 1, 0.0);
  train.l2.wide = 0.1;
  assert_false(fits(&s, &train));
  train = training(OPTIMIZER_SGD, 17, 0.0);
  assert_false(fits(&s, &train));
  stop(&s);
}

static void check_model(void (*change)(struct fixture *)) {
  const struct train_spec train = training(OPTIMIZER_SGD, 1, 0.0);
  struct error error = {0};
  struct fixture fixture;
  struct wide_deep model;
  fixture_of_dot(&fixture);
  assert_true(wide_deep_lay_out(&model, &fixture.spec, &fixture.encoding, &error));
  assert_true(dot_training_fits(&model, &train));
  change(&fixture);
  assert_true(wide_deep_lay_out(&model, &fixture.spec, &fixture.encoding, &error));
  assert_false(dot_training_fits(&model, &train));
  fixture_clear(&fixture);
}

static void a_layer(struct fixture *f) {
  f->spec.hidden_layers = 1;
}
static void another_interaction(struct fixture *f) {
  f->spec.interaction = INTERACTION_FM;
}
static void a_number(struct fixture *f) {
  f->encoding.numbers = 1;
}
static void an_ordinal_head(struct fixture *f) {
  f->spec.head = HEAD_ORDINAL;
  f->encoding.levels = (struct rating_levels){.count = 2, .value = {1, 2}, .rows = {3, 4}};
}
static void long_embeddings(struct fixture *f) {
  f->spec.deep[0].dim = f->spec.embedding_dim = DOT_STEPS_DIM_MOST + 1;
}
static void a_cross_of_two_slots(struct fixture *f) {
  f->dictionary[3].slots = 2;
}

static void only_two_embeddings_without_layers_fit(void **unused) {
  (void)unused;
  check_model(a_layer);
  check_model(another_interaction);
  check_model(a_number);
  check_model(an_ordinal_head);
  check_model(long_embeddings);
  check_model(a_cross_of_two_slots);
}

static void only_single_values_fit(void **unused) {
  (void)unused;
  const struct train_spec train = training(OPTIMIZER_SGD, 1, 0.0);
  struct error error = {0};
  struct fixture fixture;
  struct wide_deep model;
  fixture_init(&fixture, ROWS, &(struct fixture_options){.bags = true});
  fixture.encoding.numbers = 0;
  fixture.spec.hidden_layers = 0;
  fixture.spec.deep[0].dim = 5;
  fixture.spec.interaction = INTERACTION_DOT;
  assert_true(wide_deep_lay_out(&model, &fixture.spec, &fixture.encoding, &error));
  assert_int_equal(model.fields, 4);
  assert_false(dot_training_fits(&model, &train));
  model.fields = 2; /* the third, a bag, and the second */
  model.field[0] = model.field[2];
  assert_false(dot_training_fits(&model, &train));
  fixture_clear(&fixture);
}

static void the_workspace_has_room_for_64_batches(void **unused) {
  (void)unused;
  struct train_spec train = training(OPTIMIZER_SGD, 4, 0.0);
  struct state s;
  start(&s, &train, 4);
  assert_int_equal(dot_training_rows(&s.model, &train, 80000), 256);
  assert_int_equal(dot_training_rows(&s.model, &train, 203), 203);
  train.batch_size = 32;
  assert_int_equal(dot_training_rows(&s.model, &train, 80000), 32);
  stop(&s);
}

/* With an optimizer of their own, wide weights are stepped one batch after another; here it
 * is the same. 640 rows are no multiple of the batches. */
static void check_training(uint32_t batch) {
  struct scene scene;
  struct train_result one, all;
  scene_init(&scene, 0.2);
  scene.model = (struct model_spec){.embedding_dim = 6, .interaction = INTERACTION_DOT};
  strcpy(scene.model.deep[scene.model.deep_columns++].name, "user_id");
  strcpy(scene.model.deep[scene.model.deep_columns++].name, "item_id");
  scene.model.cross[0] = (struct cross){1, {"user_id"}};
  scene.model.cross[1] = (struct cross){1, {"gender"}};
  scene.model.crosses = 2;
  scene_features(&scene);
  scene.train = training(OPTIMIZER_SGD, batch, 0.01);
  scene_train(&scene, &all);
  scene.train.has_wide_optimizer = true;
  scene.train.wide_optimizer = scene.train.optimizer;
  scene_train(&scene, &one);
  assert_true(one.weights_digest == all.weights_digest);
  for (size_t epoch = 0; epoch < EPOCHS; epoch++) {
    assert_true(one.curve[epoch].train_loss == all.curve[epoch].train_loss);
  }
  train_result_clear(&one);
  train_result_clear(&all);
  scene_clear(&scene);
}

static void a_training_has_the_bits_of_one_batch_after_another(void **unused) {
  (void)unused;
  check_training(1);
  check_training(7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_batches_in_one_call_have_the_bits_of_one_after_another),
      cmocka_unit_test(only_optimizers_that_leave_other_rows_alone_fit),
      cmocka_unit_test(only_two_embeddings_without_layers_fit),
      cmocka_unit_test(only_single_values_fit),
      cmocka_unit_test(a_training_has_the_bits_of_one_batch_after_another),
      cmocka_unit_test(the_workspace_has_room_for_64_batches),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
