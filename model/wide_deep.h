/* The Wide & Deep network (Cheng et al.: "Wide & Deep Learning for Recommender
 * Systems", DLRS 2016): parameters, forward, backward.
 *
 *   x  (B, K)    embeddings of the fields side by side, in the order of the
 *                config, then the numbers: K = embedding_width + numbers; a
 *                bag's embedding is its rows', pooled (zeros for an empty bag)
 *   h0 = x;  h[l+1] = dropout(activation(h[l] W[l] + b[l]))
 *   y  = dot(h[last], v) + sum of the wide weights of the row's combinations
 *        of each cross + interaction of the row's embeddings + c
 *
 * Without hidden layers v reads x itself; without deep columns, or without
 * crosses, that part is absent. y is the rating, or the score of an ordinal head
 * (model/rating_head.h).
 *
 * FLOP of the dense layers, a multiply-add counted as 2: a row forward costs
 * 2 (sum of K[l] N[l] + width of the head); training costs 3 times that. */
#ifndef CROSSLANE_MODEL_WIDE_DEEP_H
#define CROSSLANE_MODEL_WIDE_DEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/thread_pool.h"
#include "data/encoding/encoding.h"
#include "kernels/kernels.h"
#include "model/model_spec.h"

enum { TENSOR_NAME = 96, TENSORS_MAX = DEEP_COLUMNS_MAX + CROSSES_MAX + 2 * HIDDEN_LAYERS_MAX + 3 };

/* A (rows, columns) matrix in the arena, its rows `ld` floats apart. `rows`
 * counts what is trained; a table has one more row, for unseen values, whose
 * weights are and stay zero. */
struct tensor {
  char name[TENSOR_NAME]; /* "embedding.gender", "wide.gender*genre", "dense.0.weight", ... */
  size_t offset, rows, columns, ld;
};

/* A deep column with an embedding. */
struct field {
  const struct tensor *table;
  size_t at; /* first column of x */
  bool is_bag;
  size_t source;        /* single: which of encoded_rows' slots; bag: which of its bags */
  size_t longest;       /* bags: the most entries that one row has */
  enum pooling pooling; /* bags */
};

/* A cross: the weights of its combinations, of which a row has `slots`. */
struct wide_table {
  const struct tensor *weight;
  size_t source; /* the first of encoded_rows' slots */
  size_t slots;
};

struct layer {
  size_t inputs, outputs; /* W is (inputs, outputs) */
  size_t back_inputs;     /* how many of its inputs need a gradient */
  const struct tensor *weight, *bias;
  uint32_t drop_threshold; /* round(65536 p); 0: no dropout */
  float keep_scale;        /* 1 / share that is kept, of the rounded p */
};

/* Parameters lie in one arena, padded with zeros, so that an optimizer's step
 * is one call; gradients have the same layout. */
struct wide_deep {
  size_t tensors;
  struct tensor tensor[TENSORS_MAX];
  size_t floats;
  size_t wide_at;      /* embeddings lie before it */
  size_t table_floats; /* wide weights lie before it; then dense layers and the head */
  float *weights, *gradients;

  size_t fields, crosses, numbers;
  size_t embedding_width, input_width, input_ld;
  struct field field[DEEP_COLUMNS_MAX];
  struct wide_table wide[CROSSES_MAX];
  size_t wide_slots; /* of all crosses */

  enum interaction interaction;
  uint32_t field_at[DEEP_COLUMNS_MAX]; /* as field.at; for `dot` the users' first */
  size_t user_fields, field_dim;

  struct rating_scale scale; /* of the ratings: where predictions are cut */

  enum activation activation;
  size_t layers;
  struct layer layer[HIDDEN_LAYERS_MAX];
  const struct tensor *head, *head_bias;
  size_t head_width;
  const struct tensor *cut;    /* of an ordinal head, `cut` of kernels/ordinal.h; else NULL */
  float slope;                 /* of an ordinal head */
  struct rating_levels levels; /* of an ordinal head */
};

/* Places every parameter and allocates nothing: enough for the sizes below. */
bool wide_deep_lay_out(struct wide_deep *model, const struct model_spec *spec,
                       const struct encoding *encoding, struct error *error);

/* Lays out and initialises: dense weights and the head (wide weights are part
 * of it) Glorot uniform, +-sqrt(6 / (fan_in + fan_out)) (Glorot, Bengio:
 * AISTATS 2010, equation 16), embeddings uniform +-0.05, biases 0; drawn from
 * STREAM_INITIALISATION, one sequence a tensor. Thresholds: model/rating_head.h. */
bool wide_deep_init(struct wide_deep *model, const struct model_spec *spec,
                    const struct encoding *encoding, uint64_t seed, struct error *error);
void wide_deep_clear(struct wide_deep *model);

uint64_t wide_deep_parameters(const struct wide_deep *model);
uint64_t wide_deep_wide_columns(const struct wide_deep *model);
uint64_t wide_deep_flops_per_row(const struct wide_deep *model);
uint64_t wide_deep_digest(const struct wide_deep *model);

/* What lies between the inputs of a batch and its gradients; for at most
 * `most` rows. Matrices have a row distance that is a multiple of 16. */
struct workspace {
  struct thread_pool *pool; /* who works on it, with the caller; NULL: the caller alone */
  size_t most;
  size_t first_row; /* of a part of a batch: which row of the batch is its first */
  struct field_rows {
    uint32_t *index;  /* single: (most) table rows; bag: those of all rows, one after another;
                       * after either, room for EMBEDDING_AHEAD more */
    uint32_t *offset; /* bag: (most + 1), row i has index[offset[i]] to index[offset[i + 1] - 1] */
    size_t known_ahead; /* so many of the next batch's lie after them, of large tables */
  } field[DEEP_COLUMNS_MAX];
  uint32_t *wide; /* (wide_slots, most): rows of the arena's wide weights */
  float *x, *dx;  /* (most, input_ld) */
  float *h[HIDDEN_LAYERS_MAX], *dh[HIDDEN_LAYERS_MAX]; /* (most, h_ld) */
  size_t h_ld[HIDDEN_LAYERS_MAX];
  float *derivative[HIDDEN_LAYERS_MAX]; /* (most, h_ld) of activation and dropout; relu: NULL */
  uint16_t *keep[HIDDEN_LAYERS_MAX];    /* (most, keep_ld) */
  size_t keep_ld[HIDDEN_LAYERS_MAX];
  float *wide_sum, *interaction, *target; /* (most) */
  float *prediction, *gradient; /* (most) the scores, then what they predict; by the scores */
};

bool workspace_init(struct workspace *workspace, const struct wide_deep *model, size_t most,
                    struct error *error);
void workspace_clear(struct workspace *workspace);

/* Rows at to at + count - 1 of the m in a workspace, as a workspace in the same
 * memory; `at` is a multiple of 16. Not to be cleared. */
struct workspace workspace_rows(const struct workspace *workspace, const struct wide_deep *model,
                                size_t at, size_t count, size_t m);

/* Fills the workspace's inputs with rows order[first..first + m) of `rows`;
 * order NULL: rows first, first + 1, ... What follows them, up to the last row,
 * is taken for the next batch's: `order` has as many entries as there are rows. */
void workspace_load(struct workspace *workspace, const struct wide_deep *model,
                    const struct encoded_rows *rows, const uint32_t *order, size_t first, size_t m);

/* Dropout's random numbers are those of (seed, step). */
struct training_step {
  uint64_t seed;
  uint32_t step;
};

/* Rows loaded before -> their scores, workspace->prediction[0..m). With `training`, dropout
 * is on and a backward may follow; NULL: prediction only. */
void wide_deep_forward(const struct wide_deep *model, struct workspace *workspace, size_t m,
                       const struct training_step *training, const struct kernels *kernels);

/* From workspace->gradient = d loss / d score, after a forward with the same m
 * and `training`, to model->gradients: of the dense layers and the head, but for its
 * thresholds, overwritten, of the tables added to what is there; zero for the rows of
 * unseen values. */
void wide_deep_backward(struct wide_deep *model, struct workspace *workspace, size_t m,
                        const struct kernels *kernels);

#endif
