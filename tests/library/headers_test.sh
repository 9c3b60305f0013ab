#!/bin/sh
# Each public header compiles alone, as C17 and, where there is a compiler, as C++17:
# headers_test.sh INCLUDE -- COMPILER...
set -eu

include=$1
shift 2
checks='-Wall -Wextra -Wpedantic -Wconversion -Werror -fsyntax-only'
count=0
for header in "$include"/crosslane/*.h; do
  name=crosslane/${header##*/}
  # Twice: a header may be included again.
  unit="#include <$name>
#include <$name>"
  # shellcheck disable=SC2086
  printf '%s\n' "$unit" | "$@" -std=c17 $checks -Wstrict-prototypes -I"$include" -x c -
  for other in c++ g++ clang++; do
    command -v "$other" > /dev/null || continue
    # shellcheck disable=SC2086
    printf '%s\n' "$unit" | "$other" -std=c++17 $checks -I"$include" -x c++ -
  done
  # What it declares has the prefix; macros too.
  if grep -nE '^(#define|typedef|enum|struct) ' "$header" |
    grep -viE '^[0-9]+:(#define|typedef (struct|enum|void)|typedef|enum( \{)?|struct) crosslane'; then
    echo "$name: a name without the prefix"
    exit 1
  fi
  count=$((count + 1))
done
[ "$count" -ge 5 ] || { echo "only $count headers in $include"; exit 1; }
echo "$count headers"
