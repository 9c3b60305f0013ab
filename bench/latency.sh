#!/bin/sh
# The table of docs/library.md: how long a call takes that predicts with the report's
# model, on one core, beside ONNX Runtime where Python has it.
#
# usage: bench/latency.sh BUILD DATA [PYTHON]
#
# BUILD is a build folder, DATA a MovieLens 100K folder, PYTHON an interpreter that has
# onnx and onnxruntime. Runs on an idle machine.
set -eu

[ $# -ge 2 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
build=$1 data=$2 python=${3-python3}
source=$(cd "$(dirname "$0")/.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$build/cli/crosslane" sweep "$source/experiments/report.yaml" --data "$data" --quiet \
  --set 'seeds=[1]' --set train.epochs=1 --save-models --jobs 1 --out "$folder/run" > "$folder/log"
"$build/bench/latency" "$folder"/run/models/*.safetensors > "$folder/times"
"$python" "$source/bench/peers/infer_onnxruntime.py" >> "$folder/times" ||
  echo "without ONNX Runtime: $python has no onnx and onnxruntime" >&2

echo '| program | rows given as | rows a call | µs a call | rows/s |'
echo '|---|---|---:|---:|---:|'
awk -F, '{ printf "| %s | %s | %d | %.2f | %.1f M |\n", $1, $2, $3, $4, $5 / 1e6 }' "$folder/times"
