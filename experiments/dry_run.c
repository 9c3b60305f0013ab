#include "experiments/dry_run.h"

#include <math.h>
#include <stdlib.h>

#include "experiments/dry_run_table.h"
#include "experiments/memory_estimate.h"
#include "experiments/plan.h"
#include "experiments/run_folder.h"
#include "experiments/rung_list.h"
#include "kernels/machine.h"

static bool read_records(const struct run_options *options, struct record_list *records,
                         struct error *error) {
  struct text left_out = {0};
  const bool read = run_folder_read_records(options->folder, records, &left_out, error);
  options->warn(&left_out);
  if (!read || run_folder_check_schema(options->folder, records, error)) return read;
  record_list_clear(records);
  return false;
}

static void add_duration(struct text *text, double seconds) {
  if (seconds < 120) {
    text_add(text, "%.*f s", seconds < 1 ? 2 : seconds < 10 ? 1 : 0, seconds);
  } else if (seconds < 2 * 3600) {
    text_add(text, "%.0f min", seconds / 60);
  } else {
    text_add(text, "%.1f h", seconds / 3600);
  }
}

static void add_rungs(const struct plan *plan, struct text *total) {
  if (plan->halving.rungs == 0) return;
  size_t in = plan->data->list.architectures - plan->architectures_left_out;
  text_add(total, "early_terminate:");
  for (size_t r = 0; r < plan->halving.rungs && in > 1; r++) {
    text_add(total, " %zu architectures to epoch %u,", in, (unsigned)plan->halving.epochs[r]);
    in = halving_keep(in, plan->halving.eta);
  }
  text_add(total, " %zu to the end\n", in);
}

static void add_rounds(const struct plan *plan, struct text *total) {
  const struct sweep_rounds *rounds = &plan->rounds;
  if (rounds->left == 0) return;
  text_add(total,
           "method: bayes: round %zu of %zu; the other %zu architectures are drawn from what "
           "comes out\n",
           rounds->drawn, rounds->count, rounds->left);
}

/* All processors busy, or waiting for the longest trial. */
static void add_time(const struct plan *plan, size_t calibrated, struct text *total) {
  const struct core_share *share = &plan->share;
  const double jobs = (double)share->jobs, threads = (double)share->threads;
  double all = 0, longest = 0;
  for (size_t i = 0; i < plan->pending_count; i++) {
    double seconds = plan_trial_seconds(plan, plan->pending[i]);
    all += seconds;
    longest = fmax(longest, seconds);
  }
  double later = plan_later_seconds(plan);
  text_add(total, "estimate: ");
  add_duration(total, all + later);
  text_add(total, " of CPU time, ");
  add_duration(total, (fmax(all / jobs, longest) + later / jobs) / threads);
  text_add(total, " with --jobs %zu", share->jobs);
  if (share->threads > 1) text_add(total, " --threads %zu", share->threads);
  text_add(total, ", from ");
  if (calibrated > 0) {
    text_add(total, "%zu recorded trial%s\n", calibrated, calibrated == 1 ? "" : "s");
  } else {
    text_add(total, "the measured speed of this machine's kernels\n");
  }
}

static void add_memory(const struct plan *plan, const struct memory_limit *limit,
                       struct text *total) {
  const struct memory_estimate estimate = memory_estimate_of(plan, plan->share.jobs);
  struct error refused = {0};
  text_add(total, "memory: ");
  memory_estimate_say(&estimate, limit, total);
  const bool enough = memory_estimate_check(&estimate, limit, &refused);
  text_add(total, "%s\n", enough ? "" : ": the sweep needs --allow-swap");
}

static void add_shard(const struct plan *plan, struct text *total) {
  if (plan->shard.count == 0) return;
  text_add(total, "shard %zu/%zu: %zu of all %zu trials, %.1f %% of the cost\n", plan->shard.index,
           plan->shard.count, plan_trials_own(plan), plan_trials_wanted(plan),
           100 * (double)plan->own_cost / (double)plan->cost);
}

static void add_totals(const struct plan *plan, size_t calibrated, const struct memory_limit *limit,
                       struct text *total) {
  size_t left_out = plan->architectures_left_out;
  const size_t trials = plan_trials_own(plan);
  add_shard(plan, total);
  text_add(total, "%zu trial%s", trials, trials == 1 ? "" : "s");
  if (left_out > 0) {
    text_add(total, ", and %zu architecture%s left out by sweep.constraint", left_out,
             left_out == 1 ? "" : "s");
  }
  text_add(total, ": %zu recorded, %zu to train%s\n",
           plan_count(plan, PLANNED_DONE) + plan_count(plan, PLANNED_FAILED) +
               plan_count(plan, PLANNED_STOPPED),
           plan->pending_count, plan->stage < plan->halving.rungs ? " at this rung" : "");
  add_rungs(plan, total);
  add_rounds(plan, total);
  if (plan->pending_count == 0) return;
  add_time(plan, calibrated, total);
  add_memory(plan, limit, total);
}

/* Of a bayes sweep the rounds that are recorded whole, and the one after them. */
static bool find_round(const struct run_options *options, struct run_data *data,
                       const struct record_list *records, struct plan *plan, struct error *error) {
  for (bool more = true; more;) {
    if (!options->rerun) plan_add_records(plan, records);
    if (!plan_find_stage(plan, error)) return false;
    if (plan->pending_count > 0) return true;
    if (!plan_next_round(plan, data, options->config, &more, error)) return false;
  }
  return true;
}

static bool plan_all(const struct run_options *options, struct run_data *data, struct plan *plan,
                     size_t *calibrated, struct error *error) {
  struct record_list records;
  if (!plan_init(plan, data, options->config, options->kernels, true,
                 estimate_measure_dense(options->kernels), options->retry_failed,
                 options->interrupted, error) ||
      !rung_list_take(plan, options->rung, error) ||
      !plan_take_shard(plan, &options->shard, error) || !read_records(options, &records, error)) {
    return false;
  }
  plan_share(plan, options->jobs, options->threads);
  struct machine machine;
  machine_identify(&machine);
  const bool found = find_round(options, data, &records, plan, error);
  *calibrated = plan_calibrate(plan, &records, isa_name(options->kernels->isa), machine.cpu);
  record_list_clear(&records);
  return found;
}

bool dry_run(const struct run_options *options, const struct dry_run_form *form, struct text *table,
             struct text *total, struct error *error) {
  struct run_data data;
  struct plan plan = {0};
  struct memory_limit limit;
  size_t calibrated = 0;
  bool done = memory_limit_read("", &limit, error) &&
              run_data_load(&data, options->config, options->dataset, options->data,
                            options->interrupted, error) &&
              plan_all(options, &data, &plan, &calibrated, error) &&
              dry_run_table(&plan, form, table, error);
  if (done) add_totals(&plan, calibrated, &limit, total);
  plan_clear(&plan);
  run_data_clear(&data);
  return done;
}
