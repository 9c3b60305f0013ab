#!/bin/sh
# A packager's flags change no number: flags_test.sh SOURCE COMPILER FLAGS...
#
# Builds the program with each of the FLAGS as CFLAGS, in a folder of its own, and
# compares the weights of the quickstart's trials and the digests of the kernels
# with those that are kept. Compiles the whole program each time.
set -eu

source=$1 compiler=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

number=0
for flags; do
  number=$((number + 1))
  build=$folder/$number
  CC=$compiler CFLAGS=$flags LDFLAGS=$flags meson setup "$build" "$source" --buildtype=release \
    -Dbench=disabled > "$folder/log" 2>&1 || fail "$flags: $(tail -n 20 "$folder/log")"
  ninja -C "$build" cli/crosslane tests/kernels/kernels_test > "$folder/log" 2>&1 ||
    fail "$flags: $(tail -n 20 "$folder/log")"
  sh "$source/tests/experiments/digests_test.sh" "$build/cli/crosslane" "$source" quickstart ||
    fail "$flags: other weights"
  isas=$("$build/cli/crosslane" cpu | sed -n 's/^runs here *//p')
  [ -n "$isas" ] || fail "$flags: no instruction set is named"
  for isa in $isas; do
    "$build/tests/kernels/kernels_test" --isa "$isa" --digests "$source/tests/kernels/digests.txt" \
      > "$folder/log" 2>&1 || fail "$flags: kernels of $isa: $(tail -n 5 "$folder/log")"
    echo "$flags: $isa: the same"
  done
  rm -rf "$build"
done
