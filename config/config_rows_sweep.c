/* The keys of what is trained: seeds, baseline and the section sweep. */
#include <assert.h>

#include "config/sweep_spec.h"

static const char *const sweeps[] = {"grid", "list", "random", "bayes"};
static const char *const metrics[] = {"validation_mse"};
static const char *const goals[] = {"minimize"};
static const char *const terminations[] = {"hyperband"};

/* The choices stand in the order of their enums. */
static_assert(SWEEP_GRID == 0 && SWEEP_LIST == 1 && SWEEP_RANDOM == 2 && SWEEP_BAYES == 3,
              "sweeps");

/* In the order of the help. */
static const struct config_key rows[] = {
    {.path = "seeds",
     .type = &type_seeds,
     AT(seeds),
     .maximum = INT64_MAX,
     .standard = "[1]",
     .help = "each model is trained once for each seed"},
    {.path = "baseline",
     .type = &type_text,
     AT(baseline),
     .help = "label of the model that the others are compared with; null: the first"},
    {.path = "sweep.method",
     .type = &type_choice,
     AT(method),
     CHOICE(sweeps),
     .standard = "grid",
     .help = "grid: all combinations of the values; list: the models of sweep.trials; random: "
             "combinations drawn at random; bayes: drawn where earlier ones did well"},
    {.path = "sweep.metric.name",
     .type = &type_metric,
     AT(metric),
     CHOICE(metrics),
     .standard = "validation_mse",
     .help = "the number that models are selected by"},
    {.path = "sweep.metric.goal",
     .type = &type_choice,
     AT(goal),
     CHOICE(goals),
     .standard = "minimize",
     .help = "the lowest value is the best"},
    {.path = "sweep.parameters",
     .type = &type_mapping,
     AT(parameters),
     .help = "grid, random, bayes: dotted key to {values: [...]} or {value: ...}; random and bayes "
             "also {min: A, "
             "max: B, distribution: D}, D one of uniform, log_uniform_values, int_uniform. "
             "labels: [...] beside values names them. In a grid the last key varies fastest"},
    {.path = "sweep.trials",
     .type = &type_list,
     AT(trials),
     .help = "list: mappings of a label and dotted keys"},
    {.path = "sweep.exclude",
     .type = &type_list,
     AT(exclude),
     .help =
         "grid, random, bayes: mappings of dotted keys; combinations that match one are left out"},
    {.path = "sweep.constraint.max_parameters",
     .type = &type_limit,
     AT(max_parameters),
     .maximum = INT64_MAX,
     .standard = "null",
     .help = "models with more parameters than this are left out; null: no limit"},
    {.path = "sweep.run_cap",
     .type = &type_limit,
     AT(run_cap),
     .maximum = SWEEP_ARCHITECTURES_MAX,
     .standard = "null",
     .help = "random, bayes: how many combinations to draw; a larger cap keeps those of a smaller "
             "one and adds more. grid, list: only the first ones, up to this number, are trained"},
    {.path = "sweep.seed",
     .type = &type_u64,
     AT(sweep_seed),
     .maximum = INT64_MAX,
     .standard = "1",
     .help = "random, bayes: seed of the draws"},
    {.path = "sweep.round",
     .type = &type_u32,
     AT(round),
     .minimum = 1,
     .maximum = SWEEP_ARCHITECTURES_MAX,
     .standard = "8",
     .help = "bayes: how many combinations are drawn at a time, from the results of all before "
             "them; as many can be trained side by side"},
    {.path = "sweep.early_terminate",
     .type = &type_group,
     AT(early_terminate.on),
     .nullable = true,
     .standard = "null",
     .help =
         "stops the worse models early, by successive halving; null: all are trained to the end"},
    {.path = "sweep.early_terminate.type",
     .type = &type_choice,
     AT(terminate_type),
     CHOICE(terminations),
     .standard = "hyperband",
     .help =
         "the rule: successive halving in one bracket. Each step waits for all of its trials, so "
         "that the result is the same with any number of jobs"},
    {.path = "sweep.early_terminate.min_iter",
     .type = &type_u32,
     AT(early_terminate.min_iter),
     .minimum = 1,
     .maximum = 100000,
     .help = "epochs before models are compared for the first time; must be given, and be below "
             "train.epochs"},
    {.path = "sweep.early_terminate.eta",
     .type = &type_u32,
     AT(early_terminate.eta),
     .minimum = 2,
     .maximum = 1000,
     .standard = "3",
     .help =
         "the best 1/eta of the models go on, and are compared again after eta times the epochs"},
};

const struct config_rows rows_sweep = {rows, sizeof rows / sizeof *rows};
