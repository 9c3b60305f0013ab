#!/bin/sh
# What a sweep promises, on synthetic data: sweep_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# config NAME [LINES]: a small sweep of two architectures and two seeds
config() {
  cat > "$1.yaml" <<END
schema: 1
name: $1
data:
  source: synthetic
  synthetic: {users: 80, items: 90, ratings: 2000, seed: 4}
  split: {method: random, test: 0.2, validation: 0.1}
model:
  wide: {crosses: [[gender, genre]]}
  deep:
    columns: [age, gender, occupation, genre]
    hidden: [16, 8]
    dropout: 0.2
train: {epochs: 3}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[16, 8], [32]]}
END
}

sweep() {
  "$program" sweep "$@" 2> messages || { cat messages >&2; return 1; }
}

trained() { # how many the last sweep trained
  sed -n 's/^\([0-9]*\) trained.*/\1/p' messages
}

# numbers FOLDER: what must not depend on ISA, jobs or time
numbers() {
  cat "$1"/trials/*.json | grep -E '^  "(key|mse|mae|train_mse|validation_mse|weights_digest)":'
}

running_again_trains_nothing() {
  config a && sweep a.yaml
  test "$(trained)" = 4 || fail "4 trials were to be trained, not $(trained)"
  numbers runs/a > before
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained again: $(trained)"
  numbers runs/a | cmp - before
}

a_deleted_trial_alone_is_trained_again() {
  config a && sweep a.yaml
  numbers runs/a > before
  victim=$(find runs/a/trials -name '*.json' | sort | head -n 1)
  rm "$victim"
  sweep a.yaml
  test "$(trained)" = 1 || fail "trained $(trained), not 1"
  numbers runs/a | cmp - before
}

a_deleted_index_is_made_again() {
  config a && sweep a.yaml
  "$program" show runs/a --format csv > before
  rm runs/a/results.db
  "$program" show runs/a --format csv | cmp - before
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained $(trained)"
  test -s runs/a/results.db || fail "no index"
}

jobs_do_not_change_a_bit() {
  config a && sweep a.yaml --jobs 1 --out one && sweep a.yaml --jobs 3 --out three
  numbers one > first
  test "$(grep -c weights_digest first)" = 4 || fail "expected 4 digests"
  numbers three | cmp - first
}

instruction_sets_do_not_change_a_bit() {
  config a && sweep a.yaml --isa scalar --out scalar
  numbers scalar > first
  for isa in $("$program" cpu | sed -n 's/^runs here *//p'); do
    sweep a.yaml --isa "$isa" --out "$isa"
    numbers "$isa" | cmp - first || fail "$isa"
    grep -q "\"isa\": \"$isa\"" "$isa"/trials/*.json || fail "the record does not say $isa"
  done
}

an_added_value_trains_only_the_new_trials() {
  config a && sweep a.yaml
  sed 's/\[32\]\]/[32], [8]]/' a.yaml > more.yaml
  sweep more.yaml
  test "$(trained)" = 2 || fail "trained $(trained), not 2"
  test "$("$program" show runs/a --format csv | wc -l)" = 4 || fail "three rows expected"
}

a_name_or_label_is_not_part_of_a_trial() {
  config a && sweep a.yaml --out same
  sed 's/^name: a/name: b/' a.yaml > b.yaml
  sweep b.yaml --out same
  test "$(trained)" = 0 || fail "trained $(trained)"
}

a_set_key_changes_the_trial() {
  config a && sweep a.yaml
  sweep a.yaml --set train.epochs=2
  test "$(trained)" = 4 || fail "trained $(trained), not 4"
}

two_sweeps_on_one_folder_are_refused() {
  config a
  "$program" sweep a.yaml --set train.epochs=2000 --jobs 1 2> first &
  first=$!
  tries=0
  while ! grep -q 'to train' first 2> /dev/null; do
    tries=$((tries + 1))
    test $tries -lt 200 || fail "the first sweep did not begin"
    sleep 0.05
  done
  status=0
  "$program" sweep a.yaml 2> second || status=$?
  kill "$first"
  ended=0
  wait "$first" || ended=$?
  test "$status" = 2 || fail "status $status, not 2"
  grep -q "another sweep is at work here (process $first)" second || fail "$(cat second)"
  test "$ended" = 143 || fail "after SIGTERM: status $ended, not 143"
}

a_killed_sweep_goes_on_where_it_was() {
  config a && sweep a.yaml --out whole
  numbers whole > expected
  "$program" sweep a.yaml --set train.epochs=3 --jobs 1 --out killed 2> first &
  first=$!
  tries=0
  while ! grep -q '^\[1/4\]' first 2> /dev/null && test $tries -lt 400; do
    tries=$((tries + 1))
    sleep 0.01
  done
  kill -9 "$first" 2> /dev/null || true
  wait "$first" 2> /dev/null || true
  : > killed/trials/left.json.1.crosslane-tmp
  sweep a.yaml --out killed
  numbers killed | cmp - expected
  test ! -e killed/trials/left.json.1.crosslane-tmp || fail "a stale temporary was kept"
}

a_diverging_trial_is_one_failed_record() {
  # Steps of 100 through 14 layers: float overflows.
  config a
  sed -i.bak -e 's/^train:.*/train: {epochs: 3, optimizer: {learning_rate: 100}}/' \
    -e 's/values: .*/values: [[9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]}/' a.yaml
  status=0
  "$program" sweep a.yaml 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  grep -q 'FAILED: diverged in epoch 1' messages || fail "$(cat messages)"
  test "$(grep -l '"status": "failed"' runs/a/trials/*.json | wc -l)" = 2 || fail "2 failed records"
  "$program" sweep a.yaml 2> messages && fail "a failed trial is not status 0"
  test "$(trained)" = 0 || fail "failed trials are not tried again unasked"
  "$program" sweep a.yaml --retry-failed 2> messages && fail "a failed trial is not status 0"
  test "$(grep -c FAILED: messages)" = 2 || fail "--retry-failed: $(cat messages)"
}

folds_are_trials_of_their_own() {
  config a
  sweep a.yaml --set 'data.split={method: folds, folds: [u1, u2, u3], validation: 0.1}'
  test "$(trained)" = 12 || fail "trained $(trained), not 12"
}

bad_input_writes_nothing() {
  config a
  refuse() { # STATUS PATTERN ARGUMENT...
    expected=$1 pattern=$2
    shift 2
    status=0
    "$program" "$@" > output 2> messages || status=$?
    test "$status" = "$expected" || fail "$*: status $status, not $expected: $(cat messages)"
    grep -q -e "$pattern" messages || fail "$*: $(cat messages)"
    test ! -s output || fail "$*: something on standard output"
    test ! -e runs || fail "$*: something was written"
  }
  refuse 2 "nothere.yaml" sweep nothere.yaml
  refuse 2 "unknown command 'swep'" swep a.yaml
  refuse 2 "did you mean 'sweep'" swep a.yaml
  refuse 2 "unknown option '--job'" sweep a.yaml --job 2
  refuse 2 "whole number from 1" sweep a.yaml --jobs 0
  refuse 2 "needs a value" sweep a.yaml --jobs
  refuse 2 "unknown instruction set 'sse'" sweep a.yaml --isa sse
  refuse 2 "what runs here: scalar" sweep a.yaml --isa sse
  refuse 2 "did you mean 'epochs'" sweep a.yaml --set train.epoch=3
  refuse 3 "fetch-movielens" sweep a.yaml --set data.source=movielens --data nowhere
  refuse 2 "no run" show runs/a
  printf 'schema: 1\nname: a\nmodel:\n\tdeep: {}\n' > tab.yaml
  refuse 2 "tab.yaml:4:1" sweep tab.yaml
  sed 's/dropout: 0.2/drop_out: 0.2/' a.yaml > key.yaml
  refuse 2 "key.yaml:12:5: unknown key 'drop_out'" sweep key.yaml
  sed 's/epochs: 3/epochs: three/' a.yaml > type.yaml
  refuse 2 "type.yaml:13:17: .*'three'" sweep type.yaml
  sed 's/gender, occupation/gender, occupaton/' a.yaml > column.yaml
  refuse 2 "did you mean 'occupation'" sweep column.yaml
  printf 'name: again\n' | cat a.yaml - > twice.yaml
  refuse 2 "twice.yaml:19:1" sweep twice.yaml
}

"$case"
echo "passed: $case"
