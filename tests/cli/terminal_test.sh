#!/bin/sh
# What reaches a terminal: terminal_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
unset CROSSLANE_DATA
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# No control character but line ends and tabs, no override of the direction, no
# separator of lines, no non-character, nothing but UTF-8.
harmless() { # FILE...
  python3 - "$@" <<'END'
import pathlib, re, sys
bad = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
for name in sys.argv[1:]:
    found = bad.search(pathlib.Path(name).read_bytes().decode("utf-8"))
    if found:
        sys.exit(f"{name}: U+{ord(found.group()):04X} at {found.start()}")
END
}

# Runs the program with any exit status; both its outputs must be harmless.
try() {
  "$program" "$@" > out 2> err || true
  cat out err > both
  [ -s both ] || fail "$* says nothing"
  harmless out err || fail "$*"
}

# CSI, an override, a line separator, a non-character.
odd='\u009b2J\u202e\u2028\uffff'

bench_file() { # NAME UNIT
  python3 - "$1" "$2" "$odd" <<'END'
import json, sys
name, unit, odd = sys.argv[1:]
odd = json.loads(f'"{odd}"') + "\x1b[31m"
row = {"name": f"dense_forward{odd}/8x8x8/hot/avx2/crosslane", "cpu_time": 40, "real_time": 40, "time_unit": "ns",
       "launch": 0, "flop": 2000, "bytes": 100, "level": 1}
rows = [row, dict(row, name="l2/100/hot/avx2/crosslane", time_unit=unit),
        dict(row, name=f"l2/{odd}/hot/avx2/crosslane", error_occurred=True, error_message="no" + odd)]
context = {"crosslane_cpu": "cpu" + odd, "crosslane_commit": "c" + odd, "crosslane_compiler": odd,
           "crosslane_emulated": "false"}
json.dump({"context": context, "benchmarks": rows}, open(name, "w"))
END
}

no_file_of_the_bench_drives_the_terminal() {
  bench_file a.json ns
  bench_file b.json us
  bench_file c.json 'fortnight\u009b2J'
  for format in text csv json markdown; do
    try compare a.json b.json --format "$format"
    try compare a.json b.json --format "$format" --all
  done
  try compare a.json c.json
  try plot a.json b.json --format svg --out plots
  for picture in plots/*.svg; do
    [ -e "$picture" ] || fail "nothing was drawn: $(cat err)"
    harmless "$picture"
  done
}

no_experiment_drives_the_terminal() {
  cat > c.yaml <<END
schema: 1
name: c
description: "what$odd"
data: {source: synthetic, synthetic: {users: 50, items: 60, ratings: 600, seed: 1}, split: {method: random, test: 0.2, validation: 0.1}}
model: {deep: {columns: [age, gender], embedding_dim: 4, hidden: [8]}}
train: {epochs: 2}
sweep: {method: list, trials: [{label: "a$odd", train.batch_size: 16}, {label: "=b$odd", train.batch_size: 32}]}
END
  try sweep c.yaml --dry-run
  try sweep c.yaml --out run
  [ -e run/results.db ] || fail "$(cat err)"
  for format in text csv json markdown; do
    try show run --format "$format"
  done
  "$program" show run --format csv > table.csv
  grep -q "^[^=]*,'=b" table.csv || fail "a label is a formula: $(cat table.csv)"
  try plot run --format svg,text
  try report run
  harmless run/report.html run/plots/*.svg
  try sweep c.yaml --out run --set "train.epochs=$(printf '\302\2332J')"
  try sweep c.yaml --set 'sweep.trials=[{label: x, train.batch: 3}]'
  printf 'schema: 1\nname: c\nmod\302\2332J: 3\n' > d.yaml
  try sweep d.yaml
  try show "$(printf 'no\302\2332J')"
}

no_film_drives_the_terminal() {
  "$program" data synth --out data --users 60 --items 80 --ratings 1500 --seed 4 > made
  title=$(printf 'Film\2332J') # u.item is in Latin-1
  LC_ALL=C sed "s/^\([0-9]*\)|[^|]*/\1|=$title/" data/u.item > item
  mv item data/u.item
  rm data/synthetic.json
  cat > c.yaml <<'END'
schema: 1
name: c
data: {path: data, split: {method: random, test: 0.2, validation: 0.1}}
model: {deep: {columns: [user_id, genre], embedding_dim: 4, hidden: [8]}}
train: {epochs: 1, save: all}
END
  "$program" sweep c.yaml --out run 2> messages || fail "$(cat messages)"
  for format in text csv json; do
    try predict run/models/*.safetensors --user 5 --data data --top 3 --format "$format"
    grep -q Film out || fail "no film: $(cat out err)"
  done
  "$program" predict run/models/*.safetensors --user 5 --data data --top 3 --format csv > films 2> messages
  grep -q "^[0-9]*,'=Film 2J" films || fail "a title is a formula: $(cat films)"
}

"$case"
