#!/bin/sh
# bench_test.sh CROSSLANE NAME: one test of the bench's command line.
set -eu
crosslane=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "$*" >&2
  exit 1
}

# Every run takes the shortest time that it was asked for, or one iteration where
# that is longer. The time that passed depends on who else has the machine; of the
# iterations of a benchmark the fastest is taken, for the same reason. What is out
# of order is the matter of no_row_is_slower_on_a_wider_instruction_set.
quick_measures_for_less_than_20_seconds() {
  "$crosslane" bench --quick --out a.json >table 2>messages || grep -q '^out of order' table ||
    fail "$(cat table messages)"
  grep -q '^dense_forward ' table || fail "$(cat table)"
  python3 - a.json <<'PYTHON'
import collections, json, sys
shortest = 0.001
runs = collections.defaultdict(list)
for row in json.load(open(sys.argv[1]))['benchmarks']:
    runs[row['name']].append(row['cpu_time'] / 1e9)
measured = sum(len(seconds) * max(shortest, min(seconds)) for seconds in runs.values())
assert 1 < measured < 20, measured
PYTHON
}

the_file_is_what_google_benchmark_writes() {
  "$crosslane" bench --quick --filter dense_forward/32x25x64 --out a.json >table 2>messages
  python3 - a.json <<'PYTHON'
import json, sys
run = json.load(open(sys.argv[1]))
context, benchmarks = run['context'], run['benchmarks']
for key in ('date', 'num_cpus', 'caches', 'library_build_type', 'crosslane_cpu',
            'crosslane_features', 'crosslane_caches', 'crosslane_emulated', 'crosslane_compiler',
            'crosslane_flags', 'crosslane_commit', 'crosslane_dirty'):
    assert key in context, key
for key in ('executable', 'host_name', 'mhz_per_cpu'):
    assert key not in context, key
seen = set()
for row in benchmarks:
    assert row['time_unit'] == 'ns' and len(row['name'].split('/')) == 5, row
    assert row['cpu_time'] > 0 and row['real_time'] > 0 and row['iterations'] > 0, row
    assert ('flop' in row or 'bytes' in row) == (row['name'] not in seen), row
    seen.add(row['name'])
assert {row['launch'] for row in benchmarks} == {0, 1, 2}
ours = [row for row in benchmarks if row['name'] == 'dense_forward/32x25x64/hot/scalar/crosslane']
assert len(ours) == 6 and ours[0]['flop'] == 2 * 32 * 25 * 64, ours
assert any(row['name'].startswith('peak/fma/') for row in benchmarks)
# The filter leaves nothing else.
assert all(row['name'].startswith(('peak/', 'dense_forward/32x25x64/')) for row in benchmarks)
PYTHON
}

# Where Debian's libbenchmark-tools and scipy are; 77 is "skipped".
google_benchmarks_compare_reads_the_file() {
  compare=/usr/share/benchmark/compare.py
  if [ ! -f "$compare" ] || ! /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
    echo "skipped: no compare.py (libbenchmark-tools) or scipy"
    exit 77
  fi
  "$crosslane" bench --quick --isa scalar --filter l2 --out a.json >/dev/null 2>&1
  /usr/bin/python3 "$compare" --no-color benchmarks a.json a.json >table 2>messages ||
    fail "$(cat messages)"
  grep -q '^l2/4720/hot/scalar/crosslane  *+0.0000  *+0.0000' table || fail "$(cat table)"
}

others_on_the_machine_are_in_the_file_and_the_table() {
  [ -r /proc/stat ] || {
    echo "skipped: only Linux tells who used the cores"
    exit 77
  }
  cores=$(getconf _NPROCESSORS_ONLN)
  burners=
  while [ "$cores" -gt 0 ]; do
    while :; do :; done &
    burners="$burners $!"
    cores=$((cores - 1))
  done
  # shellcheck disable=SC2086  # a list of processes
  trap 'kill $burners; rm -rf "$folder"' EXIT
  "$crosslane" bench --quick --isa scalar --filter l2 --out a.json >table 2>/dev/null
  grep -q '^warning: other processes kept [0-9.]* of the [0-9]* cores busy' table ||
    fail "$(cat table)"
  grep -q '"crosslane_cores_of_others": "[0-9.]*"' a.json || fail "$(head -40 a.json)"
}

a_filter_that_is_no_expression_is_refused() {
  if "$crosslane" bench --filter '(' >table 2>messages; then fail "it ran"; else status=$?; fi
  [ "$status" -eq 2 ] || fail "status $status: $(cat messages)"
  grep -q "not a regular expression: '('" messages || fail "$(cat messages)"
}

a_filter_that_matches_nothing_is_refused() {
  for filter in zzz dense_forward/1x1x1; do
    if "$crosslane" bench --quick --filter "$filter" --out a.json >table 2>messages; then
      fail "--filter $filter: status 0"
    else
      status=$?
    fi
    [ "$status" -eq 2 ] || fail "status $status: $(cat messages)"
    grep -q "no benchmark of --quick has a name with '$filter'" messages || fail "$(cat messages)"
    [ ! -s table ] && [ ! -e a.json ] || fail "something was written"
  done
  # Google Benchmark's own filter, which only it knows.
  if "$crosslane" bench --quick --launches 1 --benchmark_filter=zzz >table 2>messages; then
    fail "--benchmark_filter: status 0"
  fi
  grep -q 'no benchmark is left to run' messages || fail "$(cat messages)"
}

a_slower_file_fails_above_its_percentage() {
  "$crosslane" bench --quick --isa scalar --filter dense_forward/32x25x64 --out a.json >/dev/null 2>&1
  python3 - <<'PYTHON'
import json
run = json.load(open('a.json'))
for row in run['benchmarks']:
    row['cpu_time'] *= 10
json.dump(run, open('slow.json', 'w'))
PYTHON
  "$crosslane" compare a.json slow.json >table || fail "without --fail-above: status $?"
  grep -q '^dense forward  *1  *0\.100 ' table || fail "$(cat table)"
  "$crosslane" compare slow.json a.json --fail-above 10 >table || fail "faster: status $?"
  if "$crosslane" compare a.json slow.json --fail-above 10 >table; then fail "it passed"; else status=$?; fi
  [ "$status" -eq 1 ] || fail "status $status"
  grep -q '^regression: B dense_forward/32x25x64/hot/scalar/crosslane' table || fail "$(cat table)"
}

# Every row; what seems out of order is measured again.
no_row_is_slower_on_a_wider_instruction_set() {
  "$crosslane" bench --launches 1 --out a.json >table 2>messages ||
    fail "$(grep -e '^out of order' -e '^not timed' table || tail -n 20 table messages)"
  grep -q '^dense_backward_data  *32x24x64 ' table || fail "$(head -n 40 table)"
}

# An emulator of programs starts no other ones: the bench's own is run here.
an_emulated_run_is_right_and_shows_no_speed() {
  [ -n "$WRAPPER" ] || fail "no wrapper: see tools/cross/"
  # shellcheck disable=SC2086  # a command with its arguments
  $WRAPPER "${crosslane}-bench" --quick --launches 1 --filter '^(dense|adam|embedding)' \
    --out qemu.json >table 2>messages || fail "status $?: $(cat table messages)"
  grep -q 'emulated' table || fail "not marked: $(cat table)"
  if grep -q -e 'GFLOP' -e '^not timed' table; then fail "$(cat table)"; fi
  grep -q '"crosslane_emulated": "true"' qemu.json || fail "$(head -40 qemu.json)"
  grep -q '"dense_forward/32x25x64/hot/neon/crosslane"' qemu.json || fail "no neon"
  # shellcheck disable=SC2086
  $WRAPPER "$crosslane" compare qemu.json qemu.json --all >table || fail "$(cat table)"
  grep -q '^A: emulated; [1-9][0-9]* results right, 0 wrong' table || fail "$(cat table)"
  grep -q '^dense_forward .* neon .* right  *right' table || fail "$(cat table)"
  if grep -q -e ' ns' -e ' x scalar' table; then fail "$(cat table)"; fi
  # shellcheck disable=SC2086
  if $WRAPPER "$crosslane" plot qemu.json 2>messages; then fail 'it drew'; fi
  grep -q 'no speeds to draw' messages || fail "$(cat messages)"
}

kernels_of_ones_own_are_timed_when_right() {
  "$crosslane" bench --quick --isa scalar --with "$OWN" --out own.json >table 2>messages ||
    fail "$(cat table messages)"
  grep -q '^mine: 2 kernels, .* 0 failed; the same bytes as scalar' table || fail "$(cat table)"
  grep -q '"l2/4720/hot/scalar/mine"' own.json || fail 'l2 is not timed'
  grep -q '"l2/4720/hot/scalar/crosslane"' own.json || fail 'ours is not timed beside it'
  if grep -q '"dense_forward/' own.json; then fail 'kernels are timed that it has not'; fi
  "$crosslane" bench --quick --with "$WRONG" --out wrong.json >table 2>messages &&
    fail 'a wrong kernel was timed'
  grep -q 'bench: spoiled is not timed: its results are wrong' messages || fail "$(cat messages)"
  [ ! -e wrong.json ] || fail 'a file of it'
}

"$2"
