#!/bin/sh
# What a sweep with early_terminate promises, on synthetic data: rungs_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# halving NAME: five architectures, two seeds, rungs at epochs 2, 4 and 8
halving() {
  config "$1"
  sed -i.bak -e 's/epochs: 3/epochs: 12/' -e 's/values: .*/values: [[16, 8], [32], [], [64, 64], [8]]}/' \
    "$1.yaml"
  echo '  early_terminate: {type: hyperband, min_iter: 2, eta: 2}' >> "$1.yaml"
}

# table FOLDER: its table, times aside
table() {
  "$program" show "$1" --format json | grep -v -e seconds -e '"run":'
}

# statuses FOLDER: of each record its key, status and last epoch
statuses() {
  for trial in "$1"/trials/*.json; do
    echo "$(basename "$trial") $(grep '"status":' "$trial") $(grep -c '"epoch":' "$trial")"
  done
}

losing_architectures_are_stopped() {
  halving a && sweep a.yaml --jobs 2
  statuses runs/a > found
  # 5, 3, 2 and 1 architectures, two seeds each
  test "$(grep -c 'stopped", 2$' found)" = 4 || fail "4 trials end at epoch 2: $(cat found)"
  test "$(grep -c 'stopped", 4$' found)" = 2 || fail "2 trials end at epoch 4: $(cat found)"
  test "$(grep -c 'stopped", 8$' found)" = 2 || fail "2 trials end at epoch 8: $(cat found)"
  test "$(grep -c 'done", 12$' found)" = 2 || fail "2 trials are done: $(cat found)"
  grep -q '8 stopped early' messages || fail "$(cat messages)"
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained again: $(trained)"

  # Without early_terminate the stopped ones are trained to their end, and the
  # winner's numbers stay what they were.
  sed '/early_terminate/d' a.yaml > all.yaml
  sweep all.yaml --out whole
  sweep all.yaml
  test "$(trained)" = 8 || fail "trained $(trained), not 8"
  numbers whole > expected
  numbers runs/a | cmp - expected
}

# What a rung ends is no model yet.
only_trials_that_are_done_leave_a_model() {
  halving a && sweep a.yaml --save-models
  grep -l '"status": "done"' runs/a/trials/*.json | sed 's,.*/,,; s,json,safetensors,' | sort > ended
  test "$(wc -l < ended)" -eq 2 || fail "2 trials are done: $(cat ended)"
  find runs/a/models -type f | sed 's,.*/,,' | sort | cmp - ended
}

# No validation error falls by 100, so early stopping ends all trials after two
# epochs, before the rung at epoch 4: none of them would go on.
early_stopping_before_a_rung_is_an_end() {
  halving a
  sweep a.yaml --set 'train.early_stopping={patience: 1, min_delta: 100}' \
    --set sweep.early_terminate.min_iter=4 --save-models
  statuses runs/a > found
  test "$(grep -c 'done", 2$' found)" = 10 || fail "10 are done after 2 epochs: $(cat found)"
  test "$(find runs/a/models -name '*.safetensors' | wc -l)" -eq 10 || fail "10 models"
  if grep -q 'stopped early' messages; then fail "$(cat messages)"; fi
}

# The record of a trial that a rung ended has the numbers of its best epoch.
rungs_bear_early_stopping() {
  halving a
  sweep a.yaml --set 'train.early_stopping={patience: 3}' --set train.optimizer.learning_rate=0.05 \
    --set sweep.early_terminate.min_iter=4
  earlier=$(grep -l '"status": "stopped"' runs/a/trials/*.json | xargs grep -l '"best_epoch": [123],')
  test -n "$earlier" || fail "no trial was best before its rung: $(statuses runs/a)"
  numbers runs/a > before
  sweep a.yaml --set 'train.early_stopping={patience: 3}' --set train.optimizer.learning_rate=0.05 \
    --set sweep.early_terminate.min_iter=4
  test "$(trained)" = 0 || fail "trained again: $(cat messages)"
  numbers runs/a | cmp - before
}

# Trials that a rung ends are not trained anew; the two that come to their end are.
refit_is_for_trials_that_finish() {
  halving a
  sweep a.yaml --set 'train.early_stopping={patience: 20}' --set train.refit=true --save-models
  statuses runs/a > found
  test "$(grep -c 'done", 12$' found)" = 2 || fail "2 trials are done: $(cat found)"
  grep -l '"refit_epochs":' runs/a/trials/*.json > refitted || fail "no trial was refitted"
  grep -l '"status": "done"' runs/a/trials/*.json | cmp - refitted
  while read -r record; do
    model=runs/a/models/$(basename "$record" .json).safetensors
    "$program" evaluate "$model" --format json > scores
    mse=$(sed -n 's/^  "mse": \(.*\),$/\1/p' scores)
    grep -q "^  \"mse\": $mse,\$" "$record" || fail "test rows of $model: $mse"
  done < refitted
}

jobs_do_not_change_who_goes_on() {
  halving a && sweep a.yaml --jobs 1 --out one && sweep a.yaml --jobs 2 --out two
  table one > first && table two | cmp - first
  statuses one > first && statuses two | cmp - first
  numbers one > first && numbers two | cmp - first
}

a_sweep_killed_at_any_rung_ends_as_if_it_was_not() {
  halving a
  sed -i.bak2 's/users: 80, items: 90, ratings: 2000/users: 300, items: 300, ratings: 16000/' a.yaml
  sweep a.yaml --out whole
  table whole > expected_table
  numbers whole > expected
  kills=0
  for delay in 0.02 0.05 0.08 0.03 0.1 0.15 0.2 0.01 0.12 0.25; do
    "$program" sweep a.yaml --jobs 2 --out killed 2> first &
    first=$!
    sleep $delay
    if kill -9 "$first" 2> /dev/null; then kills=$((kills + 1)); fi
    wait "$first" 2> /dev/null || true
  done
  test $kills -gt 1 || fail "only $kills kills"
  sweep a.yaml --out killed
  numbers killed | cmp - expected
  table killed | cmp - expected_table
}

# Compared with the others at the rung of epoch 2, `late` is the second best; it
# diverges on its way to the next.
a_failure_after_a_rung_does_not_change_who_goes_on() {
  config a
  sed -i.bak -e 's/columns: .*/columns: [user_id, item_id, gender, occupation, genre]/' \
    -e 's/hidden: \[16, 8\]/hidden: []/' -e '/dropout/d' -e '/wide:/d' \
    -e 's/^train:.*/train: {epochs: 12, optimizer: {name: sgd}}/' \
    -e 's/^seeds:.*/seeds: [2]/' -e '/^sweep:/,$d' a.yaml
  cat >> a.yaml <<END
sweep:
  method: list
  trials:
    - {label: slow, train.optimizer.learning_rate: 0.000000001}
    - label: late
      model.interaction: fm
      train.optimizer.learning_rate: 0.08
      train.optimizer.momentum: 0.95
    - {label: good, train.optimizer.learning_rate: 0.02}
  early_terminate: {type: hyperband, min_iter: 2, eta: 2}
END
  status=0
  "$program" sweep a.yaml 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  grep -q 'late, seed 2: FAILED: diverged in epoch 4' messages || fail "$(cat messages)"
  statuses runs/a > before
  grep -q 'stopped", 2$' before || fail "slow is to end at epoch 2: $(cat before)"
  grep -q 'failed", 3$' before || fail "late is to keep 3 epochs: $(cat before)"
  grep -q 'done", 12$' before || fail "good is to be done: $(cat before)"
  table runs/a > before_table
  numbers runs/a > before_numbers
  status=0
  "$program" sweep a.yaml 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  test "$(trained)" = 0 || fail "trained again: $(cat messages)"
  statuses runs/a | cmp - before
  table runs/a | cmp - before_table
  "$program" sweep a.yaml --retry-failed 2> messages && fail "a failed trial is not status 0"
  statuses runs/a | cmp - before
  numbers runs/a | cmp - before_numbers
}

a_killed_rerun_through_rungs_loses_nothing() {
  halving a
  sed -i.bak2 's/users: 80, items: 90, ratings: 2000/users: 300, items: 300, ratings: 16000/' a.yaml
  sweep a.yaml
  statuses runs/a > before
  numbers runs/a > before_numbers
  for line in 1 3 11; do
    "$program" sweep a.yaml --rerun --jobs 1 2> first &
    first=$!
    wait_for "^\[$line/" first
    kill -9 "$first" 2> /dev/null || fail "it ended before line $line"
    wait "$first" 2> /dev/null || true
    statuses runs/a | cmp - before
    numbers runs/a | cmp - before_numbers
  done
  for trial in runs/a/trials/*.json; do
    sed -i.bak 's/"started_at": ".*"/"started_at": "2000-01-01T00:00:00Z"/' "$trial"
    rm "$trial.bak"
  done
  sweep a.yaml --rerun
  if grep -l 2000-01-01 runs/a/trials/*.json; then fail "records that were not replaced"; fi
  statuses runs/a | cmp - before
  numbers runs/a | cmp - before_numbers
}

# The architectures that go on to a rung get worse there.
the_best_so_far_never_gets_worse() {
  config a
  sed -i.bak -e 's/hidden: \[16, 8\]/hidden: [8, 8, 8, 8]/' -e '/dropout/d' \
    -e 's/^train:.*/train: {epochs: 12, optimizer: {name: sgd}}/' -e '/^sweep:/,$d' a.yaml
  cat >> a.yaml <<END
sweep:
  method: grid
  parameters:
    train.optimizer.learning_rate: {values: [0.001, 0.01, 10, 100]}
  early_terminate: {type: hyperband, min_iter: 1, eta: 2}
END
  "$program" sweep a.yaml --jobs 1 2> messages || true
  sed -n 's/.*best validation MSE \([0-9.]*\).*/\1/p' messages > best
  test "$(wc -l < best)" -gt 4 || fail "$(cat messages)"
  sort -rn best | cmp - best || fail "the best rises: $(cat best)"
}

early_terminate_needs_validation_rows() {
  halving a
  status=0
  "$program" sweep a.yaml --set data.split.validation=0 2> messages || status=$?
  test "$status" = 2 || fail "status $status: $(cat messages)"
  test ! -e runs || fail "something was written"
}

"$case"
echo "passed: $case"
