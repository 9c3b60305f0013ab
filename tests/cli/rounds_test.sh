#!/bin/sh
# What a sweep of method: bayes promises, on synthetic data: rounds_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# bayes NAME: 20 draws in rounds of 8, two seeds
bayes() {
  config "$1"
  sed -i.bak -e '/^sweep:/,$d' -e 's/dropout: 0.2/dropout: 0.1/' "$1.yaml"
  cat >> "$1.yaml" <<END
sweep:
  method: bayes
  run_cap: 20
  parameters:
    model.deep.hidden: {values: [[16, 8], [32], []]}
    train.batch_size: {min: 16, max: 64}
    train.optimizer.learning_rate: {min: 1.0e-4, max: 0.1, distribution: log_uniform_values}
END
}

# table FOLDER: its table, times aside
table() {
  "$program" show "$1" --format json | grep -v -e seconds -e '"run":'
}

# wait_for_records COUNT FOLDER: until there are so many
wait_for_records() {
  tries=0
  while test "$(find "$2/trials" -name '*.json' 2> /dev/null | wc -l)" -lt "$1"; do
    tries=$((tries + 1))
    test $tries -lt 3000 || fail "no $1 records in $2"
    sleep 0.01
  done
}

jobs_do_not_change_what_is_drawn() {
  bayes a && sweep a.yaml --jobs 1 --out one
  test "$(trained)" = 40 || fail "trained $(trained), not 40"
  sweep a.yaml --jobs 2 --out two
  sweep a.yaml --jobs 1 --threads 2 --out threads
  numbers one > expected && table one > expected_table
  for other in two threads; do
    numbers $other | cmp - expected
    table $other | cmp - expected_table
  done
  grep -q '^round 3 of 3, 8 trials: 0 recorded before, 8 to train$' messages ||
    fail "$(cat messages)"
}

a_sweep_killed_in_any_round_ends_as_if_it_was_not() {
  bayes a
  sed -i.bak2 -e 's/users: 80, items: 90, ratings: 2000/users: 300, items: 300, ratings: 16000/' \
    -e 's/epochs: 3/epochs: 12/' a.yaml
  sweep a.yaml --out whole
  numbers whole > expected && table whole > expected_table
  for count in 3 17 20 33; do
    "$program" sweep a.yaml --jobs 2 --out killed 2> first &
    first=$!
    wait_for_records $count killed
    kill -9 "$first" 2> /dev/null || fail "it ended before trial $count: $(cat first)"
    wait "$first" 2> /dev/null || true
  done
  sweep a.yaml --out killed
  numbers killed | cmp - expected
  table killed | cmp - expected_table
  sweep a.yaml --out killed
  test "$(trained)" = 0 || fail "trained again: $(cat messages)"
  table killed | cmp - expected_table
}

a_larger_cap_goes_on() {
  bayes a && sweep a.yaml
  sweep a.yaml --set sweep.run_cap=30
  test "$(trained)" = 20 || fail "trained $(trained), not 20"
  sweep a.yaml --set sweep.run_cap=30 --out whole
  numbers whole > expected
  numbers runs/a | cmp - expected
}

# With steps of 60 and more all weights are lost.
a_failed_trial_is_the_worst() {
  bayes a
  sed -i.bak2 -e 's/batch_size: .*/batch_size: {value: 32}/' -e '/hidden: {values/d' \
    -e 's/learning_rate: .*/learning_rate: {values: [60, 70, 80, 90, 100, 0.02, 0.03]}/' \
    -e 's/run_cap: 20/run_cap: 7/' -e 's/^seeds: .*/seeds: [1]/' \
    -e 's/^train:.*/train: {epochs: 3, optimizer: {name: sgd}}/' a.yaml
  echo '  round: 2' >> a.yaml
  status=0
  "$program" sweep a.yaml --jobs 1 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  grep -q '^2 trained, 0 recorded before, 5 failed' messages || fail "$(cat messages)"
  numbers runs/a > before
  status=0
  "$program" sweep a.yaml --retry-failed --jobs 2 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  numbers runs/a | cmp - before
}

too_large_ones_are_left_out_and_not_trained() {
  bayes a && sweep a.yaml --set sweep.constraint.max_parameters=900
  test "$(trained)" -lt 40 || fail "none was left out: $(cat messages)"
  if grep -l '"parameters": 1198' runs/a/trials/*.json; then fail 'a large one was trained'; fi
  grep -q 'architectures left out; results in' messages || fail "$(cat messages)"
}

a_dry_run_lists_the_round_that_is_next() {
  bayes a && "$program" sweep a.yaml --dry-run > out
  grep -q '^16 trials: 0 recorded, 16 to train$' out || fail "$(cat out)"
  grep -q '^method: bayes: round 1 of 3; the other 12 architectures' out || fail "$(cat out)"
  test ! -e runs || fail 'something was written'
  sweep a.yaml --set sweep.run_cap=8
  "$program" sweep a.yaml --dry-run --format json > plan.json 2> out
  grep -q '^32 trials: 16 recorded, 16 to train$' out || fail "$(cat out)"
  test "$(grep -c '"train"' plan.json)" = 16 || fail "$(cat plan.json)"
  sweep a.yaml
  sed -n 's/.*"key": "\([0-9a-f]*\)".*/\1/p' plan.json | while read -r key; do
    test -e "runs/a/trials/$key.json" || fail "$key was listed and not trained"
  done
}

# The best of all rounds, not of the last.
the_best_model_of_all_rounds_is_kept() {
  bayes a && sweep a.yaml --set train.save=best
  "$program" show runs/a --format json > shown.json
  label=$(awk -F'"' '/"label":/ { label = $4 } /"best": true/ { print label }' shown.json)
  test -n "$label" || fail "$(cat shown.json)"
  find runs/a/models -type f | sed 's,.*/,,; s,safetensors,json,' | sort > kept
  test "$(wc -l < kept)" -eq 2 || fail "2 models are kept: $(cat kept)"
  while read -r name; do
    grep -qF "\"label\": \"$label\"" "runs/a/trials/$name" || fail "$name is not of $label"
  done < kept
}

what_cannot_be_is_refused() {
  bayes a
  for arguments in '--shard 1/2' '--set data.split.validation=0' '--set sweep.run_cap=null' \
    '--set sweep.early_terminate={min_iter: 2}' '--set data.split.validation=0.0001'; do
    status=0
    option=${arguments%% *} value=${arguments#* }
    "$program" sweep a.yaml "$option" "$value" 2> messages || status=$?
    test "$status" = 2 || fail "$arguments: status $status: $(cat messages)"
    test ! -e runs || fail "$arguments: something was written"
  done
}

"$case"
echo "passed: $case"
