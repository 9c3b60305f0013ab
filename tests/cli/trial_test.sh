#!/bin/sh
# What `crosslane trial` promises, on synthetic data: trial_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# one NAME: a single model, two seeds
one() {
  config "$1"
  sed -i.bak '/^sweep:/,$d' "$1.yaml" && rm "$1.yaml.bak"
}

# steady FILE...: what does not depend on time, jobs or threads
steady() {
  grep -v -e second -e peak_rss -e '"digest":' -e started_at -e '"jobs":' -e '"threads":' "$@"
}

the_record_is_that_of_a_sweep() {
  one a && sweep a.yaml --set train.save=best
  "$program" trial a.yaml --set 'seeds=[2]' --set train.save=best --threads 2 > record.json
  key=$(sed -n 's/^  "key": "\(.*\)",$/\1/p' record.json)
  test -e "runs/a/trials/$key.json" || fail "no trial $key"
  steady "runs/a/trials/$key.json" > expected
  steady record.json | diff expected - || fail "another record"
  grep -q '^  "threads": 2,$' record.json || fail "$(cat record.json)"
  "$program" trial a.yaml --set 'seeds=[1]' > other.json
  if grep -q "\"key\": \"$key\"" other.json; then fail 'another seed is another trial'; fi
}

nothing_is_written() {
  one a && mkdir empty && cd empty
  "$program" trial ../a.yaml --set 'seeds=[1]' --set train.batch_size=2 \
    --set 'train.checkpoint={minutes: 1e-9}' > ../record.json 2> ../messages
  grep -q '^  "status": "done",$' ../record.json || fail "$(cat ../record.json)"
  test ! -s ../messages || fail "$(cat ../messages)"
  test -z "$(ls -A)" || fail "$(ls -A)"
}

more_than_one_is_refused_with_what_chooses() {
  config a
  status=0
  "$program" trial a.yaml > out 2> messages || status=$?
  test "$status" = 2 || fail "status $status"
  test ! -s out || fail "$(cat out)"
  grep -qF 'a asks for 4 trials (models: 2, folds: 1, seeds: 2), and trial trains one' messages &&
    grep -qF 'one model: a file without sweep, or --set sweep.run_cap=1' messages &&
    grep -qF "one seed: --set 'seeds=[1]'" messages || fail "$(cat messages)"
  "$program" trial a.yaml --set sweep.run_cap=1 --set 'seeds=[1]' > out
  grep -qF '"label": "hidden=[16, 8]"' out || fail "$(cat out)"

  "$program" trial a.yaml --set sweep.run_cap=1 --set 'seeds=[1]' \
    --set 'data.split={method: kfold, k: 4}' 2> messages && fail '4 parts'
  grep -qF 'one split: another data.split.method than kfold' messages || fail "$(cat messages)"
  "$program" trial a.yaml --set sweep.run_cap=1 --set 'seeds=[1]' \
    --set 'data.split={method: folds, folds: [u2, u3]}' 2> messages && fail '2 folds'
  grep -qF "one fold: --set 'data.split.folds=[u2]'" messages || fail "$(cat messages)"
}

# The first draws of these could be chosen; the others are trials all the same.
later_rounds_count() {
  config a
  status=0
  "$program" trial a.yaml --set 'seeds=[1]' --set sweep.method=bayes --set sweep.run_cap=40 \
    --set sweep.round=1 > out 2> messages || status=$?
  test "$status" = 2 || fail "status $status"
  grep -qF 'a asks for 40 trials (models: 40,' messages || fail "$(cat messages)"
}

a_failed_trial_is_a_record_and_status_1() {
  one a
  status=0
  "$program" trial a.yaml --set 'seeds=[1]' \
    --set 'train.optimizer={name: sgd, learning_rate: 100}' > record.json || status=$?
  test "$status" = 1 || fail "status $status"
  grep -q '^  "status": "failed",$' record.json || fail "$(cat record.json)"
  grep -q '^  "error": "diverged in epoch 1' record.json || fail "$(cat record.json)"
}

an_interrupt_prints_nothing() {
  one a
  for signal in INT:130 TERM:143; do
    "$program" trial a.yaml --set 'seeds=[1]' --set train.epochs=100000 > out 2> messages &
    pid=$!
    sleep 0.5
    kill -s "${signal%:*}" $pid
    status=0
    wait $pid || status=$?
    # A shell that is not interactive starts what is in the background without SIGINT.
    test "$status" = "${signal#*:}" || fail "$signal: status $status: $(cat messages)"
    test ! -s out || fail "$(cat out)"
  done
}

"$case"
echo "passed: $case"
