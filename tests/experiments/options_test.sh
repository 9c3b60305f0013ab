#!/bin/sh
# best.yaml with every option of training at once has one digest on each instruction set,
# with one thread and with three: options_test.sh PROGRAM SOURCE [--print]
#
# Generated ratings and few epochs, so that it is a matter of seconds under qemu too. The
# digest stands in digests.txt; --print prints the line.
set -eu

program=$1 source=$2 print=${3-}
unset CROSSLANE_DATA
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# train ISA THREADS: the line of digests.txt
train() {
  "$program" sweep "$source/experiments/best.yaml" --out "$1-$2" --isa "$1" --threads "$2" \
    --set data.source=synthetic \
    --set 'data.synthetic={users: 120, items: 150, ratings: 4000, seed: 3}' \
    --set 'data.split={method: random, test: 0.2, validation: 0.1}' \
    --set 'model.head={name: ordinal, slope: 2}' --set 'train.averaging={ema: 0.9}' \
    --set 'train.early_stopping={patience: 1}' --set train.epochs=3 --set train.refit=true \
    --set train.ensemble.members=2 --set 'seeds=[1]' 2> messages || {
    cat messages >&2
    exit 1
  }
  record=$(ls "$1-$2"/trials/*.json)
  grep -q '"refit_epochs"' "$record" || echo 'FAILED: it was not refitted' >&2
  sed -n 's/^  "weights_digest": "\(.*\)",*$/\1 best-with-options best/p' "$record"
}

train scalar 1 > found
if [ "$print" = --print ]; then
  cat found
  exit 0
fi
grep ' best-with-options ' "$source/tests/experiments/digests.txt" > expected
failed=0
for isa in $("$program" cpu | sed -n 's/^runs here *//p'); do
  for threads in 1 3; do
    rm -rf "$isa-$threads"
    train "$isa" "$threads" > found
    cmp -s expected found || {
      echo "FAILED: $isa with $threads threads: $(cat found)" >&2
      failed=1
    }
  done
done
exit "$failed"
