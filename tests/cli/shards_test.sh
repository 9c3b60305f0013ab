#!/bin/sh
# A sweep in parts, on synthetic data: shards_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# keys FOLDER...: of all of their trials, sorted
keys() {
  for run in "$@"; do find "$run/trials" -name '*.json' -exec basename {} .json \;; done | sort
}

# refuse PART ARGUMENT...: exit status 2, a message with PART, and nothing written
refuse() {
  part=$1
  shift
  status=0
  "$program" "$@" > output 2> messages || status=$?
  test "$status" = 2 || fail "$*: status $status: $(cat messages)"
  grep -q -e "$part" messages || fail "$*: $(cat messages)"
  test ! -e runs || fail "$*: something was written"
}

shards_have_each_trial_once() {
  config a && sweep a.yaml
  for shards in 1 2 3 7; do
    shard=1
    while [ $shard -le $shards ]; do
      sweep a.yaml --shard $shard/$shards
      grep -q "^shard $shard/$shards of 4 trials, " messages || fail "$(cat messages)"
      shard=$((shard + 1))
    done
    # shellcheck disable=SC2046 # a folder each
    keys $(ls -d runs/a.*-of-$shards) > found
    keys runs/a | cmp - found || fail "$shards shards have: $(cat found)"
  done
}

# What is recorded does not move a trial to another shard.
a_shard_goes_on_where_it_was() {
  config a && sweep a.yaml --shard 1/2 --out one
  cp -r one kept
  victim=$(find one/trials -name '*.json' | sort | head -n 1)
  rm "$victim"
  sweep a.yaml --shard 1/2 --out one
  test "$(trained)" = 1 || fail "trained $(trained), not 1"
  numbers kept > before
  numbers one | cmp - before
  sweep a.yaml --shard 2/2 --out one
  test "$(trained)" = 2 || fail "trained $(trained), not 2"
  sweep a.yaml --out one
  test "$(trained)" = 0 || fail "trained $(trained), not 0"
}

a_dry_run_shows_the_shard_alone() {
  config a
  "$program" sweep a.yaml --shard 1/2 --dry-run --trials > one
  "$program" sweep a.yaml --shard 2/2 --dry-run --trials > two
  test ! -e runs || fail "something was written"
  # Two models of two seeds: each shard has one of each.
  for shard in one two; do
    test "$(grep -c '  train$' $shard)" = 2 || fail "$(cat $shard)"
    grep -q '2 of all 4 trials, 50.0 % of the cost$' $shard || fail "$(cat $shard)"
    grep -q '^2 trials: 0 recorded, 2 to train$' $shard || fail "$(cat $shard)"
  done
  grep -q '^shard 1/2: ' one || fail "$(cat one)"
  awk '/  train$/ { print $1 }' one two | sort > found
  sweep a.yaml && keys runs/a | cmp - found
  "$program" sweep a.yaml --shard 1/2 --dry-run --format json > planned.json 2> messages
  test "$(grep -c '"key"' planned.json)" = 2 || fail "$(cat planned.json)"
  "$program" sweep a.yaml --shard 9/9 --dry-run > empty
  grep -q '^shard 9/9: 0 of all 4 trials, 0.0 % of the cost$' empty || fail "$(cat empty)"
}

a_task_of_slurm_names_its_shard() {
  config a
  SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_MIN=0 SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_COUNT=3 \
    sweep a.yaml --shard slurm
  sweep a.yaml --shard 1/3 --out one
  keys one > expected
  keys runs/a.1-of-3 | cmp - expected
  rm -r runs
  # It is never by itself that a sweep is one.
  SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=2 SLURM_ARRAY_TASK_COUNT=2 \
    sweep a.yaml
  test "$(trained)" = 4 || fail "trained $(trained), not 4"
}

wrong_shards_are_refused() {
  config a
  refuse 'expected I/N, such as 2/16, or slurm' sweep a.yaml --shard 3
  refuse 'I is from 1 to N' sweep a.yaml --shard 3/2
  refuse 'no task of a job array' sweep a.yaml --shard slurm
  export SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=3 SLURM_ARRAY_TASK_COUNT=1
  refuse 'expected an array from 0 or 1 without gaps, found SLURM_ARRAY_TASK_ID 3, _MIN 3, _MAX 3, _COUNT 1' \
    sweep a.yaml --shard slurm
  printf '  early_terminate: {min_iter: 1, eta: 2}\n' >> a.yaml
  refuse 'early_terminate needs the trials of all models' sweep a.yaml --shard 1/2
  refuse 'early_terminate needs the trials of all models' sweep a.yaml --shard 1/2 --dry-run
  sweep a.yaml --shard 1/2 --set sweep.early_terminate=null
}

# Which is the best is not known yet.
all_models_of_a_shard_are_kept() {
  config a
  sweep a.yaml --shard 1/2 --set train.save=best --out one
  test "$(find one/models -name '*.safetensors' | wc -l)" = 2 || fail "$(ls one/models)"
}

# results FOLDER...: the table to the last digit, without the name of the folder and times
results() {
  "$program" show "$@" --format json | grep -Ev '"(run|cpu_seconds|seconds)":'
}

shards_are_shown_as_one_experiment() {
  config a && sweep a.yaml
  for shard in 1 2 3; do sweep a.yaml --shard $shard/3; done
  results runs/a > expected
  results runs/a.1-of-3 runs/a.2-of-3 runs/a.3-of-3 > found
  cmp expected found || fail "$(cat found)"
  "$program" show runs/a.?-of-3 > table
  head -n 1 table | grep -q '^a (3 folders)$' || fail "$(cat table)"
  if grep -q 'have not run' table; then fail "$(cat table)"; fi
  # Two of them are a part, and say so.
  "$program" show runs/a.1-of-3 runs/a.3-of-3 > table
  grep -q '^a (2 folders)$' table || fail "$(cat table)"
  grep -Eq '^a: [12] of 4 trials ha' table || fail "$(cat table)"
  # Beside the whole run there are two.
  "$program" show runs/a runs/a.?-of-3 --format csv > both.csv
  test "$(wc -l < both.csv)" = 5 || fail "$(cat both.csv)"
  test "$(grep -c '^runs/a,' both.csv)" = 2 || fail "$(cat both.csv)"
}

# Each is all of the trials, on another instruction set or machine.
whole_runs_of_one_config_stay_apart() {
  config a && sweep a.yaml --out one && sweep a.yaml --isa scalar --out two
  "$program" show one two --format csv > table.csv
  test "$(grep -c '^one,' table.csv)" = 2 || fail "$(cat table.csv)"
  test "$(grep -c '^two,' table.csv)" = 2 || fail "$(cat table.csv)"
}

other_experiments_stay_apart() {
  config a && sweep a.yaml --shard 1/2 && sweep a.yaml --shard 2/2 --set 'seeds=[1, 3]'
  "$program" show runs/a.1-of-2 runs/a.2-of-2 --format csv > table.csv
  test "$(grep -c '^runs/a.1-of-2,' table.csv)" = 2 || fail "$(cat table.csv)"
  test "$(grep -c '^runs/a.2-of-2,' table.csv)" = 2 || fail "$(cat table.csv)"
}

a_trial_of_two_folders_counts_once() {
  config a && for shard in 1 2 3; do sweep a.yaml --shard $shard/3; done
  sweep a.yaml && results runs/a > expected
  cp -r runs/a.1-of-3 again
  results runs/a.1-of-3 runs/a.2-of-3 again runs/a.3-of-3 | cmp - expected
  # One that differs is not averaged, and not chosen.
  record=$(find again/trials -name '*.json' | head -n 1)
  "$FORGE" "$record" again/trials 0 'weights_digest="00000000000000ff"'
  for command in "show" "plot --out pictures" "report --out page.html"; do
    status=0
    # shellcheck disable=SC2086 # words
    "$program" $command runs/a.1-of-3 again > output 2> messages || status=$?
    test "$status" = 3 || fail "$command: status $status: $(cat messages)"
    grep -q "other numbers than in .*weights_digest .* against" messages || fail "$(cat messages)"
  done
  test ! -e page.html || fail "a page"
}

pictures_and_page_are_of_one_experiment() {
  config a && sweep a.yaml
  for shard in 1 2; do sweep a.yaml --shard $shard/2; done
  "$program" plot runs/a --out whole --format svg > files 2> messages || test $? = 1
  "$program" plot runs/a.1-of-2 runs/a.2-of-2 --out shards --format svg > files 2> messages || test $? = 1
  cmp whole/mse_by_architecture.tsv shards/mse_by_architecture.tsv
  cmp whole/learning_curves.tsv shards/learning_curves.tsv
  "$program" report runs/a.1-of-2 runs/a.2-of-2 > written 2> messages
  test "$(cat written)" = runs/a.1-of-2/report.html || fail "$(cat written messages)"
  test "$(grep -c '<article ' runs/a.1-of-2/report.html)" = 1 || fail "more than one run"
  grep -q '<h1>a (2 folders)</h1>' runs/a.1-of-2/report.html || fail "no heading"
}

"$case"
echo "passed: $case"
