#!/bin/sh
# What libcrosslane exports is what is listed, in both libraries, and every name is declared
# in a public header: symbols_test.sh LIST SHARED STATIC
#
# A name that is gone or changed its meaning needs a new soversion (library/meson.build); a
# name that is new is added to the list.
set -eu

list=$1 shared=$2 archive=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

grep -v '^#' "$list" > "$folder/listed"
nm -D --defined-only "$shared" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }' |
  LC_ALL=C sort > "$folder/shared"
nm --defined-only --extern-only "$archive" | awk 'NF == 3 { print $3 }' |
  LC_ALL=C sort > "$folder/static"
for kind in shared static; do
  if ! diff "$folder/listed" "$folder/$kind"; then
    echo "the $kind library exports other names than $list has"
    exit 1
  fi
done
headers=$(dirname "$list")/../../include/crosslane
while read -r name; do
  grep -q "CROSSLANE_API [^(]*\\b$name(" "$headers"/*.h || { echo "$name is in no header"; exit 1; }
done < "$folder/listed"
declared=$(grep -ch '^CROSSLANE_API' "$headers"/*.h | awk '{ sum += $1 } END { print sum }')
sed -n 's/^ \(crosslane_.*\)@CROSSLANE_0 .*/\1/p' \
  "$(dirname "$list")/../../packaging/debian/libcrosslane0.symbols" > "$folder/packaged"
diff "$folder/listed" "$folder/packaged" || { echo "Debian's package has other names"; exit 1; }
test "$declared" -eq "$(wc -l < "$folder/listed")" || { echo "$declared are declared"; exit 1; }
