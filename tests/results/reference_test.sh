#!/bin/sh
# Whether the folders of results/reference/ are whole: reference_test.sh PROGRAM SOURCE
set -eu

program=$1 reference=$2/results/reference
faults=0

fault() {
  echo "FAILED: $*" >&2
  faults=$((faults + 1))
}

for machine in "$reference"/*/; do
  name=$(basename "$machine")
  grep -q "^| \`$name\` |" "$reference/README.md" || fault "results/reference/README.md does not name $name"
  "$program" compare "$machine/kernels.json" "$machine/kernels.json" > /dev/null || fault "$name: kernels.json"
  grep -q '^kernel  *shape ' "$machine/kernels.txt" || fault "$name: kernels.txt is not the bench's table"
  # A board may have run the bench alone.
  [ -n "$(find "$machine" -name table.csv)" ] || continue
  for experiment in report wide-crosses deep-columns extra-layers; do
    head -n 1 "$machine/$experiment/table.csv" | grep -q '^run,label,status,n,failed,' ||
      fault "$name: $experiment/table.csv is not a table of 'show --format csv'"
  done
done
# Pictures and scripts are drawn when they are wanted.
drawn=$(find "$reference" -name '*.gp' -o -name '*.png')
test -z "$drawn" || fault "only data, and the pictures that are shown, are kept: $drawn"
for picture in $(cd "$reference" && find . -name '*.svg'); do
  grep -q "results/reference/${picture#./}" "$2/README.md" "$2"/docs/*.md || fault "$picture is not shown anywhere"
done
test "$faults" = 0
