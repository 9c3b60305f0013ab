/* From a trial's outcome to its record. */
#ifndef CROSSLANE_EXPERIMENTS_OUTCOME_RECORD_H
#define CROSSLANE_EXPERIMENTS_OUTCOME_RECORD_H

#include "config/sweep.h"
#include "data/dataset.h"
#include "experiments/workers.h"
#include "records/record.h"

/* What is the same for every trial of a start. */
struct record_frame {
  json_t *host, *build, *data;
  enum isa isa;
  uint32_t jobs, threads;
};

bool record_frame_init(struct record_frame *frame, const struct dataset *dataset, enum isa isa,
                       size_t jobs, size_t threads, struct error *error);
void record_frame_clear(struct record_frame *frame);

bool outcome_to_record(const struct record_frame *frame, const struct architecture *architecture,
                       const struct trial *trial, const struct trial_outcome *outcome,
                       struct record *record, struct error *error);

#endif
