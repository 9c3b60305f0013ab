#!/bin/sh
# An installation has what its messages and pages name, also after it was moved:
# install_test.sh BUILD SOURCE
set -eu

build=$1 source=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

command -v meson > /dev/null || { echo 'meson is not in the PATH'; exit 77; }
DESTDIR="$folder/root" meson install -C "$build" --no-rebuild > "$folder/log" 2>&1 ||
  fail "$(tail -n 5 "$folder/log")"
program=$(find "$folder/root" -path '*/bin/crosslane' -type f)
test -x "$program" || fail "no bin/crosslane"
prefix=${program%/bin/crosslane}
mv "$prefix" "$folder/moved"
program=$folder/moved/bin/crosslane
cd /

"$program" data check "$folder/ml-100k" 2> "$folder/messages" && fail "data from nowhere"
script=$(sed -n 's/^download MovieLens with: \(.*\) 100k .*$/\1/p' "$folder/messages")
test "$script" = "$folder/moved/share/crosslane/tools/fetch-movielens" ||
  fail "the message names '$script'"
"$script" --help > /dev/null || fail "$script does not run"

for file in "$source"/experiments/*.yaml; do
  cmp "$file" "$folder/moved/share/crosslane/experiments/$(basename "$file")" || fail "no $file"
done
"$program" sweep "$folder/moved/share/crosslane/experiments/quickstart.yaml" --dry-run \
  --format csv > "$folder/plan" 2> "$folder/messages" || fail "$(cat "$folder/messages")"
"$program" sweep "$folder/moved/share/crosslane/experiments/csv.yaml" --dry-run \
  --format csv > "$folder/plan" 2> "$folder/messages" || fail "$(cat "$folder/messages")"
"$program" help | awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 }
  on && /^  [a-z]/ { print "crosslane-" $1 ($2 ~ /^[a-z]+$/ ? "-" $2 : "") ".1" }' > "$folder/commands"
test "$(wc -l < "$folder/commands")" -ge 18 || fail "$(cat "$folder/commands")"
while read -r page; do
  test -s "$folder/moved/share/man/man1/$page" || fail "no $page"
done < "$folder/commands"
for page in man1/crosslane.1 man5/crosslane-config.5; do
  test -s "$folder/moved/share/man/$page" || fail "no $page"
done
for file in bash-completion/completions/crosslane.bash zsh/site-functions/_crosslane \
  fish/vendor_completions.d/crosslane.fish; do
  test -s "$folder/moved/share/$file" || fail "no $file"
done
