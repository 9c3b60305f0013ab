#!/bin/sh
# The examples, built and run against an installation that was moved, predict what `crosslane
# predict` does: examples_test.sh BUILD SOURCE CASE
set -eu

build=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

skip() {
  echo "$*"
  exit 77
}

command -v meson > /dev/null || skip 'meson is not in the PATH'
command -v pkg-config > /dev/null || skip 'pkg-config is not in the PATH'
DESTDIR="$folder/root" meson install -C "$build" --no-rebuild > "$folder/log" 2>&1 ||
  fail "$(tail -n 5 "$folder/log")"
program=$(find "$folder/root" -path '*/bin/crosslane' -type f)
prefix=$folder/moved
mv "${program%/bin/crosslane}" "$prefix"
program=$prefix/bin/crosslane
library=$(dirname "$(find "$prefix" -name 'libcrosslane.so' -o -name 'libcrosslane.dylib')")
pkg_config() {
  PKG_CONFIG_PATH="$library/pkgconfig" pkg-config --define-variable=prefix="$prefix" "$@" crosslane
}
export LD_LIBRARY_PATH="$library" DYLD_LIBRARY_PATH="$library"

# A model, rows, and what the program says of them.
cat > "$folder/config.yaml" << 'END'
schema: 1
name: small
data:
  source: synthetic
  synthetic: {users: 60, items: 80, ratings: 1500, seed: 3}
  split: {method: random, test: 0.2, validation: 0.1}
model:
  wide: {crosses: [[gender, genres]]}
  deep: {columns: [age, gender, occupation, genres], hidden: [16, 8]}
train: {epochs: 2, save: all}
seeds: [1]
END
"$program" sweep "$folder/config.yaml" --out "$folder/run" --quiet > "$folder/log" 2>&1 ||
  fail "$(cat "$folder/log")"
model=$(find "$folder/run/models" -name '*.safetensors')
cat > "$folder/rows.csv" << 'END'
age,gender,occupation,genres
25,F,student,Drama
31.5,M,artist,Action|Comedy|War
7,F,no such word,
64,M,retired,Comedy|no such word
0.1,F,writer,Drama|Thriller
END
"$program" predict "$model" --batch "$folder/rows.csv" > "$folder/answers" 2> "$folder/log" ||
  fail "$(cat "$folder/log")"
sed 's/.*,//; 1d' "$folder/answers" > "$folder/expected"
test "$(sort -u "$folder/expected" | wc -l)" -ge 4 || fail "all rows have one rating"

# each_row PROGRAM: it rates the row of its arguments
each_row() {
  sed 1d "$folder/rows.csv" | while IFS=, read -r age gender occupation genres; do
    "$1" "$model" "$age" "$gender" "$occupation" "$genres" || fail "$1"
  done
}

find_python() {
  for python in python3 /usr/bin/python3; do
    "$python" -c 'import numpy, pandas' 2> /dev/null && return
  done
  skip 'no Python with numpy and pandas'
}

case $3 in
  c_predicts_as_the_program)
    # shellcheck disable=SC2046
    cc -std=c17 -Wall -Wextra -Wpedantic -Werror "$source/examples/rate.c" \
      $(pkg_config --cflags --libs) -o "$folder/rate"
    test "$(wc -l < "$source/examples/rate.c")" -le 40 || fail "more than 40 lines"
    each_row "$folder/rate" > "$folder/out"
    "$folder/rate" "$model" > "$folder/names" && fail "a row without values"
    test "$(cat "$folder/names")" = 'age gender occupation genres' || fail "$(cat "$folder/names")"
    "$folder/rate" "$folder/none" 2> "$folder/names" && fail "a model that is not there"
    grep -q 'none: cannot open' "$folder/names" || fail "$(cat "$folder/names")"
    ;;
  c_predicts_with_the_static_library)
    [ "$(uname)" = Linux ] || skip 'libraries are chosen by -Bstatic'
    # The program's own names do not meet the library's. Only ours is static: what the others
    # would need for that (SQLite's zlib, on Debian 13) need not be there.
    printf 'int text_add(void);\nint text_add(void) { return 0; }\n' > "$folder/own.c"
    # shellcheck disable=SC2046
    cc -std=c17 "$source/examples/rate.c" "$folder/own.c" $(pkg_config --cflags) \
      "$library/libcrosslane.a" \
      $(pkg-config --libs $(pkg_config --print-requires-private | cut -d ' ' -f 1)) -lm -lpthread \
      -o "$folder/rate"
    LD_LIBRARY_PATH='' && export LD_LIBRARY_PATH
    each_row "$folder/rate" > "$folder/out"
    ;;
  cpp_predicts_as_the_program)
    command -v c++ > /dev/null || skip 'no C++ compiler'
    # shellcheck disable=SC2046
    c++ -std=c++17 -Wall -Wextra -Wpedantic -Werror "$source/examples/rate_columns.cpp" \
      $(pkg_config --cflags --libs) -o "$folder/rate_columns"
    "$folder/rate_columns" "$model" < "$folder/rows.csv" > "$folder/out"
    ;;
  c_times_the_kernels)
    # shellcheck disable=SC2046
    cc -std=c17 -O2 -Wall -Wextra -Wpedantic -Werror "$source/examples/time_kernels.c" \
      $(pkg_config --cflags --libs) -o "$folder/time_kernels"
    "$folder/time_kernels" > "$folder/out"
    runs=$("$program" cpu | sed -n 's/^runs here *//p')
    test "$(awk '{ print $1 }' "$folder/out" | paste -s -d ' ' -)" = "$runs" ||
      fail "$(cat "$folder/out")"
    grep -v 'the same bytes$' "$folder/out" && fail "other bytes"
    exit 0
    ;;
  python_predicts_as_the_program)
    find_python
    PYTHONPATH="$source/python" PYTHONDONTWRITEBYTECODE=1 \
      "$python" "$source/examples/rate_table.py" "$model" "$folder/rows.csv" > "$folder/out"
    ;;
  python_sweeps_and_reads)
    find_python
    export PYTHONPATH="$source/python" PYTHONDONTWRITEBYTECODE=1
    CROSSLANE_PROGRAM=$program "$python" "$source/examples/sweep_and_read.py" \
      "$folder/config.yaml" "$folder/swept" > "$folder/table"
    "$program" show "$folder/swept" --format csv > "$folder/shown" 2> "$folder/log"
    test "$(cut -c 1-5 "$folder/table")" = small || fail "$(cat "$folder/table")"
    CROSSLANE_PROGRAM=$program "$python" "$source/tests/library/python_test.py" "$model" \
      "$folder/rows.csv" "$folder/swept" "$folder/config.yaml" || fail "python_test.py"
    exit 0
    ;;
  *) fail "no case $3" ;;
esac
diff "$folder/expected" "$folder/out" || fail "other ratings than crosslane predict"
