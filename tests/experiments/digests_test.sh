#!/bin/sh
# Every architecture that ships still gives the same weights:
#
#   digests_test.sh PROGRAM SOURCE EXPERIMENT          compare with digests.txt
#   digests_test.sh PROGRAM SOURCE EXPERIMENT --print  the lines for digests.txt
#
# Each architecture of SOURCE/experiments/EXPERIMENT.yaml is trained with seed 1
# for one epoch, on the fold u1 where the experiment has folds. The experiments
# on MovieLens need CROSSLANE_DATA; without it the test is skipped (77).
set -eu

program=$1 source=$2 experiment=$3 print=${4-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
config=$source/experiments/$experiment.yaml

if grep -q 'source: movielens' "$config" && [ -z "${CROSSLANE_DATA-}" ]; then
  echo 'CROSSLANE_DATA is not set'
  exit 77
fi
# One epoch has no rungs at which a search could end a trial; and it is one of each trial.
grep -v '^  early_terminate:' "$config" | sed 's/, train\.epochs: [0-9]*//' > experiment.yaml
# The rounds of bayes follow from the results, so these are others than after all epochs:
# three of them show that.
if grep -q 'method: bayes' "$config"; then
  sed -i.whole 's/run_cap: [0-9]*/run_cap: 24/' experiment.yaml
fi
set -- --set 'seeds=[1]' --set train.epochs=1
if grep -q 'method: folds' experiment.yaml; then
  set -- "$@" --set 'data.split.folds=[u1]'
fi
if grep -q 'source: csv' experiment.yaml; then
  set -- "$@" --data "$source/experiments/shop"
fi
"$program" sweep experiment.yaml --out run "$@" 2> messages || {
  cat messages >&2
  exit 1
}

field() { # NAME FILE: a field of a record
  sed -n "s/^  \"$1\": \"\(.*\)\",*$/\1/p" "$2"
}
for record in run/trials/*.json; do
  printf '%s %s %s\n' "$(field weights_digest "$record")" "$experiment" "$(field label "$record")"
done | LC_ALL=C sort -k 2 > found

if [ "$print" = --print ]; then
  cat found
  exit 0
fi
grep "^[0-9a-f]* $experiment " "$source/tests/experiments/digests.txt" > expected
cmp expected found || {
  diff expected found >&2 || true
  echo "FAILED: weights differ from tests/experiments/digests.txt" >&2
  exit 1
}
