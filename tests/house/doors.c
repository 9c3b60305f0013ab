#include "base/base.h"
#include "bench/bench.h"
#include "config/config.h"
#include "data/data.h"
#include "experiments/experiments.h"
#include "kernels/kernels.h"
#include "library/library.h"
#include "model/model.h"
#include "plots/plots.h"
#include "records/records.h"
#include "results/results.h"
#include "serving/serving.h"
#include "speeds/speeds.h"

/* A library needs a symbol. */
extern const int doors_are_open;
const int doors_are_open = 1;
