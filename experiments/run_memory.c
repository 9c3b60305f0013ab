/* Whether there is memory for a sweep's trials. */
#include "experiments/memory_estimate.h"
#include "experiments/run_parts.h"

/* What is recorded needs no memory; it is asked only where that decides. */
static bool leave_out_recorded(struct sweep_run *run, struct error *error) {
  struct record_list records;
  struct text said = {0}; /* again when the folder is open */
  if (run->options->rerun) return true;
  const bool read = run_folder_read_records(run->options->folder, &records, &said, error);
  text_clear(&said);
  if (!read) return false;
  plan_add_records(&run->plan, &records);
  record_list_clear(&records);
  return true;
}

bool run_check_memory(struct sweep_run *run, struct error *error) {
  const size_t jobs = run->plan.share.jobs;
  struct error refused = {0};
  struct memory_limit limit;
  if (run->options->allow_swap) return true;
  if (!memory_limit_read("", &limit, error)) return false;
  struct memory_estimate estimate = memory_estimate_of(&run->plan, jobs);
  if (memory_estimate_check(&estimate, &limit, &refused)) return true;
  if (!leave_out_recorded(run, error)) return false;
  estimate = memory_estimate_of(&run->plan, jobs);
  return memory_estimate_check(&estimate, &limit, error);
}
