#!/bin/sh
# Does `crosslane compare` tell a slower kernel from a noisy machine? Measures
# a base, and then TRIALS times
#   - the same program again: no regression may be found;
#   - a copy whose dense_forward is SLOWER percent slower (it does that part of
#     its rows twice): the regression must be found.
#
#   bench/compare-trials.sh CROSSLANE [FOLDER]
#
# FOLDER (default compare-trials) keeps the files and what compare said. From
# the environment: TRIALS (5), SLOWER (15), FAIL_ABOVE (10), FILTER (a regular
# expression on kernel/shape/hot; none: everything, some two minutes a run).
# Exit status 1 when a trial went wrong.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
crosslane=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd)/$(basename -- "$1")
out=${2:-compare-trials}
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
trials=${TRIALS:-5} slower=${SLOWER:-15} above=${FAIL_ABOVE:-10} filter=${FILTER:-}
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_slowed() {
  mkdir "$work/source"
  for part in base kernels data model experiments results bench cli tools meson.build \
    meson_options.txt; do
    cp -R "$root/$part" "$work/source/"
  done
  awk -v percent="$slower" '
    /^extern const struct kernels/ {
      print "static void slowed(const struct dense_forward *a) {"
      print "  struct dense_forward part = *a;"
      print "  part.m = (a->m * " percent " + 50) / 100;"
      print "  KERNEL_NAME(dense_forward)(a);"
      print "  KERNEL_NAME(dense_forward)(&part);"
      print "}"
    }
    /^};/ { print "    .dense_forward = slowed,"; slowed = 1 }
    { print }
    END { exit !slowed }
  ' "$root/kernels/isa_kernels.c" >"$work/source/kernels/isa_kernels.c"
  {
    meson setup "$work/build" "$work/source" --buildtype=release -Dtests=false -Dbench=enabled
    ninja -C "$work/build" cli/crosslane cli/crosslane-bench
  } >"$out/build-slowed.log" 2>&1 || {
    tail -20 "$out/build-slowed.log" >&2
    exit 1
  }
}

bench() { # PROGRAM FILE [REGEX]
  program=$1 file=$2
  set -- ${3:+--filter "$3"}
  "$program" bench "$@" --out "$file" >"${file%.json}.txt" 2>&1 || {
    tail -20 "${file%.json}.txt" >&2
    exit 1
  }
}

build_slowed
bench "$crosslane" "$out/base.json" "$filter"
false_alarms=0 missed=0 trial=1
while [ "$trial" -le "$trials" ]; do
  bench "$crosslane" "$out/same-$trial.json" "$filter"
  if ! "$crosslane" compare "$out/base.json" "$out/same-$trial.json" --fail-above "$above" \
    >"$out/same-$trial-compare.txt"; then
    false_alarms=$((false_alarms + 1))
  fi
  bench "$work/build/cli/crosslane" "$out/slow-$trial.json" "${filter:-^dense_forward}"
  "$crosslane" compare "$out/base.json" "$out/slow-$trial.json" --fail-above "$above" \
    >"$out/slow-$trial-compare.txt" || true
  if ! grep -q '^regression: B dense_forward/' "$out/slow-$trial-compare.txt"; then
    missed=$((missed + 1))
  fi
  echo "trial $trial: same program: $(grep -c '^regression:' "$out/same-$trial-compare.txt" ||
    true) regressions; slowed: $(grep -c '^regression: B dense_forward/' \
    "$out/slow-$trial-compare.txt" || true)"
  trial=$((trial + 1))
done
echo "$trials trials at $above%: false alarms in $false_alarms; $slower% slower missed in $missed"
[ "$false_alarms" -eq 0 ] && [ "$missed" -eq 0 ]
