/* bench/shapes.inc has the shapes of the experiments that ship. They are derived
 * here from the files and the model, on made-up ratings: what a layer is, depends
 * on columns and config alone.
 *
 * Of all layers that the experiments train, counted by their trials: the nine that
 * most trials have, and of each larger batch the one that most have. Of report.yaml
 * its choices of dropout, its head and its weights; of best.yaml its interaction and
 * its head. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"
#include "config/sweep.h"
#include "data/synthetic/synthetic.h"
#include "model/train.h"
#include "model/wide_deep.h"

enum { MOST = 512, MOST_TRAINED = 9 };

struct shape {
  const char *what;
  size_t size[4];
};

/* --- as the file has them --- */

static const struct shape written[] = {
#define LAYER(m, k, back, n, quick) {"LAYER", {m, k, back, n}},
#define CHOICES(m, n, quick) {"CHOICES", {m, n}},
#define HEAD(m, k, quick) {"HEAD", {m, k}},
#include "bench/shapes.inc"
/* Two lines of these are no experiment's: they come last. */
#define PAIRS(m, fields, dim, quick) {"PAIRS", {m, fields, dim}},
#include "bench/shapes.inc"
#define STEP(n, quick) {"STEP", {n}},
#include "bench/shapes.inc"
};
enum { WRITTEN = sizeof written / sizeof *written };

/* --- as the experiments have them --- */

struct trained {
  size_t size[4]; /* m, k, back, n */
  size_t trials;
};

struct derived {
  struct dataset dataset;
  struct features features;
  struct split split;
  struct trained layer[MOST];
  size_t layers;
  struct shape shape[MOST];
  size_t shapes;
};

static void add(struct derived *d, const char *what, size_t a, size_t b, size_t c, size_t e) {
  assert_true(d->shapes < MOST);
  d->shape[d->shapes++] = (struct shape){what, {a, b, c, e}};
}

static void count_layer(struct derived *d, size_t m, const struct layer *layer, size_t trials) {
  const size_t size[4] = {m, layer->inputs, layer->back_inputs, layer->outputs};
  size_t at = 0;
  while (at < d->layers && memcmp(d->layer[at].size, size, sizeof size) != 0) at++;
  assert_true(at < MOST);
  if (at == d->layers) memcpy(d->layer[d->layers++].size, size, sizeof size);
  d->layer[at].trials += trials;
}

/* What one experiment's only model has beside its layers. */
static void add_parts(struct derived *d, const char *experiment, size_t m,
                      const struct wide_deep *model) {
  const bool report = strcmp(experiment, "report") == 0;
  if (!report && strcmp(experiment, "best") != 0) return;
  for (size_t l = 0; l < model->layers; l++) {
    add(d, "CHOICES", m, model->layer[l].outputs, 0, 0);
  }
  add(d, "HEAD", m, model->head_width, 0, 0);
  if (model->interaction != INTERACTION_NONE) {
    add(d, "PAIRS", m, model->fields, model->field_dim, 0);
  }
  if (report) add(d, "STEP", model->floats, 0, 0, 0);
}

static void derive_architecture(struct derived *d, const char *experiment,
                                const struct trial_config *config, size_t trials) {
  struct error error = {0};
  struct encoding_spec spec;
  struct encoding encoding;
  struct wide_deep model;
  const bool fit_all = config->data.fit_all;
  model_encoding_spec(&config->model, fit_all, 1, &spec);
  if (!features_add(&d->features, &spec, &error) ||
      !encoding_fit(&d->features, &spec, &d->split, &encoding, &error) ||
      !wide_deep_lay_out(&model, &config->model, &encoding, &error)) {
    fail_msg("%s: %s", experiment, error.message);
  }
  const size_t m = config->train.batch_size;
  for (size_t l = 0; l < model.layers; l++) count_layer(d, m, &model.layer[l], trials);
  add_parts(d, experiment, m, &model);
  encoding_clear(&encoding);
}

static void derive_experiment(struct derived *d, const char *experiment) {
  char path[1024];
  struct error error = {0};
  struct config config;
  struct trial_list list;
  (void)snprintf(path, sizeof path, "%s/%s.yaml", EXPERIMENTS_FOLDER, experiment);
  if (!config_read(path, NULL, 0, NULL, &config, &error) ||
      !sweep_expand(&config, 1, &list, &error)) {
    fail_msg("%s", error.message);
  }
  for (size_t a = 0; a < list.architectures; a++) {
    size_t trials = 0;
    for (size_t t = 0; t < list.trials; t++) trials += list.trial[t].architecture == a;
    derive_architecture(d, experiment, &list.architecture[a].config, trials);
  }
  trial_list_clear(&list);
  config_clear(&config);
}

/* The most trained first, of equals the one with more arithmetic. */
static int by_trials(const void *left, const void *right) {
  const struct trained *a = left, *b = right;
  if (a->trials != b->trials) return a->trials > b->trials ? -1 : 1;
  const size_t x = a->size[0] * a->size[1] * a->size[3], y = b->size[0] * b->size[1] * b->size[3];
  return (x < y) - (x > y);
}

static void choose_layers(struct derived *d) {
  qsort(d->layer, d->layers, sizeof *d->layer, by_trials);
  size_t batch = 0;
  for (size_t i = 0; i < MOST_TRAINED; i++) {
    const size_t *size = d->layer[i].size;
    add(d, "LAYER", size[0], size[1], size[2], size[3]);
    if (size[0] > batch) batch = size[0];
  }
  for (;;) { /* the next larger batch */
    const struct trained *best = NULL;
    for (size_t i = 0; i < d->layers; i++) {
      const struct trained *own = &d->layer[i];
      if (own->size[0] > batch && (best == NULL || own->size[0] < best->size[0])) best = own;
    }
    if (best == NULL) return;
    batch = best->size[0];
    add(d, "LAYER", batch, best->size[1], best->size[2], best->size[3]);
  }
}

static void derive(struct derived *d) {
  const struct synthetic_spec spec = {.users = 943, .items = 1682, .ratings = 20000, .seed = 1};
  const struct split_spec split = {.method = SPLIT_RANDOM, .test = 0.2};
  struct error error = {0};
  memset(d, 0, sizeof *d);
  if (!synthetic_make(&spec, &d->dataset, &error) ||
      !split_make(&d->dataset, &split, 1, NULL, "", &d->split, &error)) {
    fail_msg("%s", error.message);
  }
  features_init(&d->features, &d->dataset);
  static const char *const experiments[] = {"architectures", "best",        "deep-columns",
                                            "extra-layers",  "quickstart",  "report",
                                            "search",        "wide-crosses"};
  for (size_t i = 0; i < sizeof experiments / sizeof *experiments; i++) {
    derive_experiment(d, experiments[i]);
  }
  choose_layers(d);
  features_clear(&d->features);
  split_clear(&d->split);
  dataset_clear(&d->dataset);
}

static bool has(const struct shape *list, size_t count, const struct shape *shape) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(list[i].what, shape->what) == 0 &&
        memcmp(list[i].size, shape->size, sizeof shape->size) == 0) {
      return true;
    }
  }
  return false;
}

static void print(const char *why, const struct shape *s) {
  print_error("%s: %s(%zu, %zu, %zu, %zu)\n", why, s->what, s->size[0], s->size[1], s->size[2],
              s->size[3]);
}

/* Not of an experiment: said in the file. */
static bool is_extra(const struct shape *s) {
  static const struct shape extra[] = {{"PAIRS", {32, 4, 8}}, {"STEP", {42000}}};
  return has(extra, sizeof extra / sizeof *extra, s);
}

static void the_benchs_shapes_are_those_of_the_shipped_experiments(void **state) {
  (void)state;
  struct derived *d = calloc(1, sizeof *d);
  assert_non_null(d);
  derive(d);
  size_t faults = 0;
  for (size_t i = 0; i < d->shapes; i++) {
    if (has(written, WRITTEN, &d->shape[i])) continue;
    print("missing in bench/shapes.inc", &d->shape[i]);
    faults++;
  }
  for (size_t i = 0; i < WRITTEN; i++) {
    if (has(d->shape, d->shapes, &written[i]) || is_extra(&written[i])) continue;
    print("bench/shapes.inc has what no experiment trains so often", &written[i]);
    faults++;
  }
  free(d);
  assert_int_equal(faults, 0);
}

static void no_shape_is_there_twice(void **state) {
  (void)state;
  for (size_t i = 0; i < WRITTEN; i++) {
    if (has(written, i, &written[i])) fail_msg("line %zu is there twice", i + 1);
  }
}

static void there_are_at_most_twelve_small_layers_and_five_wide_ones(void **state) {
  (void)state;
  static const size_t wide[][3] = {
#define WIDE(m, k, n) {m, k, n},
#include "bench/shapes.inc"
  };
  static const size_t named[][3] = {
      {1024, 256, 128}, {1024, 512, 256}, {1024, 512, 512}, {4096, 1024, 1024}, {32, 1024, 1024}};
  assert_int_equal(sizeof wide, sizeof named);
  assert_memory_equal(wide, named, sizeof named);
  size_t layers = 0;
  for (size_t i = 0; i < WRITTEN; i++) layers += strcmp(written[i].what, "LAYER") == 0;
  assert_in_range(layers, 1, 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_benchs_shapes_are_those_of_the_shipped_experiments),
      cmocka_unit_test(no_shape_is_there_twice),
      cmocka_unit_test(there_are_at_most_twelve_small_layers_and_five_wide_ones),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
