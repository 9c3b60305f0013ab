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

quick_ends_within_20_seconds() {
  start=$(date +%s)
  "$crosslane" bench --quick >table 2>messages || fail "status $?: $(cat table messages)"
  spent=$(($(date +%s) - start))
  [ "$spent" -lt 20 ] || fail "took $spent seconds"
  grep -q '^dense_forward .* scalar ' table || fail "no dense_forward: $(cat table)"
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
for row in benchmarks:
    assert row['run_type'] == 'iteration' and row['time_unit'] == 'ns', row
    assert row['name'] == row['run_name'].split('/repeats')[0], row
    assert len(row['name'].split('/')) == 5, row
    assert row['cpu_time'] > 0 and row['real_time'] > 0 and row['iterations'] > 0, row
assert {row['launch'] for row in benchmarks} == {0, 1, 2}
ours = [row for row in benchmarks if row['name'] == 'dense_forward/32x25x64/hot/scalar/crosslane']
assert len(ours) == 6 and ours[0]['flop'] == 2 * 32 * 25 * 64, ours
assert any(row['name'].startswith('peak/fma/') for row in benchmarks)
PYTHON
}

a_filter_that_is_no_expression_is_refused() {
  if "$crosslane" bench --filter '(' >table 2>messages; then fail "it ran"; else status=$?; fi
  [ "$status" -eq 2 ] || fail "status $status: $(cat messages)"
  grep -q "not a regular expression: '('" messages || fail "$(cat messages)"
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
  "$crosslane" compare slow.json a.json --fail-above 10 >table || fail "faster: status $?"
  if "$crosslane" compare a.json slow.json --fail-above 10 >table; then fail "it passed"; else status=$?; fi
  [ "$status" -eq 1 ] || fail "status $status"
  grep -q '^regression: B dense_forward/32x25x64/hot/scalar/crosslane' table || fail "$(cat table)"
}

"$2"
