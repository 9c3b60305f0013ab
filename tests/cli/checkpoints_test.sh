#!/bin/sh
# What train.checkpoint promises, on synthetic data: checkpoints_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# long NAME: two trials of some seconds, of all that is kept between steps
long() {
  config "$1"
  sed -i.bak -e 's/users: 80, items: 90, ratings: 2000/users: 300, items: 400, ratings: 30000/' \
    -e 's/values: .*/values: [[32, 16]]}/' \
    -e 's/columns: .*/columns: [age, gender, genre, user_id, item_id]/' \
    -e 's/^train: .*/train:\
  epochs: 40\
  optimizer: {learning_rate: 0.01, embedding_updates: lazy}\
  wide_optimizer: {name: ftrl, learning_rate: 0.1}\
  averaging: {ema: 0.99}\
  early_stopping: {patience: 40}\
  refit: true\
  ensemble: {members: 2}\
  checkpoint: {minutes: 0.0001}/' "$1.yaml"
}

# begin ARGUMENTS...: a sweep in the background, until it has written a checkpoint. $sweep: its process
begin() {
  : > begun
  "$program" sweep "$@" --out run 2> messages &
  sweep=$!
  tries=0
  until test -n "$(find run/checkpoints -name '*.safetensors' -newer begun 2> /dev/null)"; do
    tries=$((tries + 1))
    test $tries -lt 1000 || fail "no checkpoint is written: $(cat messages)"
    sleep 0.01
  done
}

# end SIGNAL: sends it, and waits. $status: the exit status
end() {
  kill "-$1" "$sweep" || fail "the sweep had ended before signal $1"
  status=0
  wait "$sweep" || status=$?
}

checkpoints() { # their files, ascending
  find run/checkpoints -name '*.safetensors' | sort
}

whole() { # the numbers without any checkpoint
  long a
  sweep a.yaml --set train.checkpoint=null --out whole --jobs 2
  numbers whole > expected
  test ! -e whole/checkpoints || fail "checkpoints that nobody asked for"
}

# ends_as_expected ARGUMENTS...: the same command comes to the same numbers and leaves no checkpoint
ends_as_expected() {
  sweep "$@" --out run
  numbers run | cmp - expected
  test -z "$(find run/checkpoints -type f)" || fail "left: $(find run/checkpoints -type f)"
}

a_sweep_that_is_told_to_end_goes_on() {
  whole
  begin a.yaml --jobs 2
  end TERM
  test $status = 143 || fail "exit status $status: $(cat messages)"
  grep -q '^crosslane: interrupted by signal 15$' messages || fail "$(cat messages)"
  grep -q '^the same command goes on from the checkpoints of the trials in flight$' messages ||
    fail "$(cat messages)"
  test -z "$(find run/trials -type f)" || fail "recorded: $(find run/trials -type f)"
  test "$(checkpoints | wc -l)" -eq 2 || fail "not two: $(checkpoints)"
  # With other threads, and once more.
  begin a.yaml --jobs 1 --threads 2
  end INT
  test $status = 130 || fail "exit status $status: $(cat messages)"
  grep -q '^2 trials: 0 recorded before, 2 to train, 2 from a checkpoint$' messages ||
    fail "$(cat messages)"
  ends_as_expected a.yaml --jobs 2
}

# Of the parent, after which its workers write once more and end; and of all at once.
a_sweep_that_is_killed_goes_on() {
  whole
  for delay in 0.05 0.15 0.02 0.1; do
    begin a.yaml --jobs 2 --retry-failed
    sleep $delay
    workers=$(pgrep -P "$sweep" | tr '\n' ' ')
    # shellcheck disable=SC2086 # several
    if [ $delay = 0.15 ]; then kill -9 $workers; fi
    end KILL
    for worker in $workers; do
      tries=0
      while kill -0 "$worker" 2> /dev/null; do
        tries=$((tries + 1))
        test $tries -lt 1000 || fail "worker $worker outlives its parent"
        sleep 0.01
      done
    done
    test "$(checkpoints | wc -l)" -eq 2 || fail "not two: $(checkpoints)"
  done
  ends_as_expected a.yaml --jobs 2 --retry-failed
}

a_foreign_or_damaged_checkpoint_is_named() {
  whole
  begin a.yaml --jobs 2
  end TERM
  one=$(checkpoints | head -n 1)
  other=$(checkpoints | tail -n 1)
  cp "$one" "$other"
  printf x | dd of="$one" bs=1 seek=20000 conv=notrunc 2> /dev/null
  begin a.yaml --jobs 2
  wait "$sweep" || fail "$(cat messages)"
  grep -qF "$one: damaged, or changed after it was written" messages || fail "$(cat messages)"
  grep -qF "$other: the checkpoint of trial $(basename "$one" .safetensors)" messages ||
    fail "$(cat messages)"
  test "$(grep -c '^it is not used; the trial is trained from its start$' messages)" -eq 2 ||
    fail "$(cat messages)"
  ends_as_expected a.yaml
}

a_checkpoint_of_another_config_is_left_alone() {
  whole
  begin a.yaml --jobs 2
  end TERM
  before=$(checkpoints)
  sweep a.yaml --out run --set train.epochs=1 --set train.refit=false
  grep -q '^2 trials: 0 recorded before, 2 to train$' messages || fail "$(cat messages)"
  test "$(checkpoints)" = "$before" || fail "left: $(checkpoints)"
  sweep a.yaml --out run --jobs 2
  grep -q '2 to train, 2 from a checkpoint$' messages || fail "$(cat messages)"
}

# A folder stands where the file should be: it can neither be read nor replaced.
a_checkpoint_that_cannot_be_written_stops_no_trial() {
  whole
  for trial in whole/trials/*.json; do
    mkdir -p "run/checkpoints/$(basename "$trial" .json).safetensors"
  done
  sweep a.yaml --out run --jobs 2
  test "$(grep -c 'safetensors: is a folder, not a file' messages)" -ge 2 || fail "$(cat messages)"
  test "$(grep -c '^no checkpoint was written; the trial goes on without it$' messages)" -eq 2 ||
    fail "$(cat messages)"
  numbers run | cmp - expected
  rm -r run
  mkdir run
  : > run/checkpoints
  if "$program" sweep a.yaml --out run 2> messages; then fail "a file instead of the folder"; fi
  grep -q 'run/checkpoints: is a file, not a folder' messages || fail "$(cat messages)"
}

a_checkpoint_is_no_model() {
  long a
  begin a.yaml --jobs 2
  end TERM
  one=$(checkpoints | head -n 1)
  if "$program" predict "$one" --set age=25 2> messages; then fail "it predicts"; fi
  grep -q "checkpoint of a training" messages || fail "$(cat messages)"
}

"$case"
