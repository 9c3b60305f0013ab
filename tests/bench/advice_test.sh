#!/bin/sh
# A build without a bench says how to build it: advice_test.sh CROSSLANE BUILD
set -eu
messages=$(mktemp)
trap 'rm -f "$messages"' EXIT

fail() {
  echo "$*" >&2
  cat "$messages" >&2
  exit 1
}

if "$1" bench --quick 2>"$messages"; then fail 'it ran'; fi
grep -q 'this build has no bench' "$messages" || fail 'another message'
grep -qF "meson configure $2 -Dbench=enabled && ninja -C $2" "$messages" || fail 'no command for this build'
