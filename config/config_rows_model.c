/* The keys of the section model. */
#include <assert.h>

#include "config/config_table.h"
#include "kernels/kernels.h"

/* All but the identity, which is what a layer without an activation has. */
#define ACTIVATION(constant, name, transcendental) [ACTIVATION_##constant] = #name,
static const char *const all_activations[] = {
#include "kernels/activations.inc"
};
#undef ACTIVATION
static const char *const interactions[] = {"none", "dot", "fm"};

/* The choices stand in the order of their enums. */
static_assert(ACTIVATION_IDENTITY == 0 && ACTIVATION_RELU == 1, "activations");
static_assert(INTERACTION_NONE == 0 && INTERACTION_FM == 2, "interactions");

/* In the order of the help. */
static const struct config_key rows[] = {
    {.path = "model.wide.crosses",
     .type = &type_crosses,
     AT(trial.model),
     .standard = "[]",
     .swept = true,
     .help = "combinations of columns in the wide part, one-hot; a cross may have one column"},
    {.path = "model.wide.hash_buckets",
     .type = &type_u32,
     AT(trial.model.hash_buckets),
     .minimum = 0,
     .maximum = 1 << 30,
     .standard = "0",
     .late = true,
     .swept = true,
     .help = "0: one weight for each combination seen in training. Otherwise a cross with more "
             "combinations than this is hashed into this many weights"},
    {.path = "model.deep.columns",
     .type = &type_columns,
     AT(trial.model),
     .standard = "[]",
     .swept = true,
     .help = "columns of the deep part, each a name or a mapping with more settings"},
    {.path = "model.deep.embedding_dim",
     .type = &type_u32,
     AT(trial.model.embedding_dim),
     .minimum = 1,
     .maximum = 1024,
     .standard = "8",
     .swept = true,
     .help = "length of the embedding of a category"},
    {.path = "model.deep.hidden",
     .type = &type_hidden,
     AT(trial.model),
     .minimum = 1,
     .maximum = 65536,
     .standard = "[64, 32, 16]",
     .swept = true,
     .help = "widths of the hidden layers; [] connects the embeddings directly to the output"},
    {.path = "model.deep.activation",
     .type = &type_choice,
     AT(trial.model.activation),
     .choices = all_activations + 1,
     .choice_count = ACTIVATIONS - 1,
     .first = ACTIVATION_RELU,
     .standard = "relu",
     .swept = true,
     .help = "activation function of the hidden layers"},
    {.path = "model.deep.dropout",
     .type = &type_dropout,
     AT(dropout),
     .low = 0,
     .high = 1,
     .below = true,
     .standard = "0.0",
     .swept = true,
     .help = "share of each hidden layer's outputs dropped while training"},
    {.path = "model.interaction",
     .type = &type_choice,
     AT(trial.model.interaction),
     CHOICE(interactions),
     .standard = "none",
     .swept = true,
     .help =
         "products of embeddings, added to the output: dot, the sum of the user's times the sum "
         "of the film's; fm, all pairs"},
    {.path = "model.head",
     .type = &type_head,
     AT(trial.model),
     .low = 0,
     .high = 100,
     .above = true,
     .standard = "linear",
     .late = true,
     .swept = true,
     .help = "what the output stands for: the rating, trained by its squared error (linear), or "
             "how likely each rating level of the training rows is, by a cumulative logit whose "
             "thresholds are trained too (ordinal; at most 64 levels): the prediction is the "
             "expected rating"},
    {.path = "model.clip",
     .type = &type_bool,
     AT(trial.model.clip),
     .standard = "false",
     .late = true,
     .swept = true,
     .help = "limit predictions to the rating scale, 1 to 5, before they are scored"},
};

const struct config_rows rows_model = {rows, sizeof rows / sizeof *rows};
