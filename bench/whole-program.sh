#!/bin/sh
# Times whole commands with hyperfine: start-up, loading the data, training on
# each instruction set, a sweep with one and with two jobs.
#
#   bench/whole-program.sh CROSSLANE [FOLDER]
#
# FOLDER (default whole-program) gets a JSON and a Markdown file of each. With
# CROSSLANE_DATA naming a MovieLens 100K folder the trainings are those of
# experiments/report.yaml; without it they are on synthetic data, and say so.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
crosslane=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
out=${2:-whole-program}
experiments=$(CDPATH='' cd -- "$(dirname -- "$0")/../experiments" && pwd)
command -v hyperfine >/dev/null || {
  echo "whole-program.sh: hyperfine is not installed" >&2
  exit 1
}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Times of a forced instruction set or other data would carry the wrong name.
unset CROSSLANE_ISA

measure() { # NAME OPTION...: one comparison, kept as JSON and Markdown
  name=$1
  shift
  hyperfine --style basic --export-json "$out/$name.json" --export-markdown "$out/$name.md" "$@"
}

if [ -n "${CROSSLANE_DATA:-}" ]; then
  config=$experiments/report.yaml
  data=$CROSSLANE_DATA
else
  config=$experiments/quickstart.yaml
  data=$work/synthetic
  "$crosslane" data synth --out "$data" >/dev/null
  echo "CROSSLANE_DATA is not set: synthetic data" >&2
fi

short='--set train.epochs=2'
# Long enough that loading, which a second job does not share, is a small part.
long='--set train.epochs=20'

measure start-up --warmup 5 --runs 50 -N --command-name 'crosslane --version' \
  "'$crosslane' --version"
measure loading --warmup 1 --runs 10 --command-name 'crosslane data check' \
  "'$crosslane' data check '$data'"

isas=$("$crosslane" cpu | sed -n 's/^runs here *//p')
set --
for isa in $isas; do
  set -- "$@" --command-name "$isa" \
    "'$crosslane' sweep '$config' $short --set 'seeds=[1]' --jobs 1 --isa $isa --out '$work/run'"
done
measure training --warmup 1 --runs 5 --prepare "rm -rf '$work/run'" "$@"

set --
for jobs in 1 2; do
  set -- "$@" --command-name "jobs $jobs" \
    "'$crosslane' sweep '$config' $long --set 'seeds=[1, 2, 3, 4]' --jobs $jobs --out '$work/run'"
done
measure jobs --warmup 1 --runs 3 --prepare "rm -rf '$work/run'" "$@"
