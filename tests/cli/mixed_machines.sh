#!/bin/sh
# Shards of one sweep from an x86 and an AArch64 machine are one run: mixed_machines.sh HERE THERE
#
# HERE is this machine's program, THERE one for AArch64, which runs under qemu-aarch64. The last
# line says what was compared.
set -eu

program=$1
there=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

config a
sweep a.yaml --out whole
sweep a.yaml --shard 1/2
qemu-aarch64 "$there" sweep a.yaml --shard 2/2 --jobs 1 2> messages || fail "$(cat messages)"
grep -q '"isa": "neon"' runs/a.2-of-2/trials/*.json || fail "the second shard is not NEON's"

# Every trial of it again, on this machine: the drawing takes all four.
"$program" merge runs/a.1-of-2 runs/a.2-of-2 --out merged --verify 4 2> messages || fail "$(cat messages)"
test "$(grep -c '^verified: .*: the same$' messages)" = 4 || fail "$(cat messages)"
sed 's/^/  /' messages
numbers whole > expected
numbers merged | cmp - expected

# The same trial of both is one; and another's numbers would be told.
qemu-aarch64 "$there" sweep a.yaml --shard 1/2 --jobs 1 --out again 2> messages || fail "$(cat messages)"
"$program" merge runs/a.1-of-2 runs/a.2-of-2 again --out both 2> messages || fail "$(cat messages)"
grep -q '^6 records of 3 folders: 4 trials, 4 done' messages || fail "$(cat messages)"
# And there, what was computed here.
qemu-aarch64 "$there" merge runs/a.1-of-2 --out there --verify 2 2> messages || fail "$(cat messages)"
test "$(grep -c '^verified: .*: the same$' messages)" = 2 || fail "$(cat messages)"
isas=$(sed -n 's/^  "isa": "\(.*\)",$/\1/p' merged/trials/*.json | sort | uniq -c | awk '{ printf "%s%s by %s", comma, $1, $2; comma = ", " }')
echo "4 trials, $isas, merged and verified: the bits of one machine"
