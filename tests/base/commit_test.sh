#!/bin/sh
# An unpacked archive says the commit that it was made of, whatever repository it lies in:
# commit_test.sh DESCRIBE
set -eu

describe=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

said() {
  "$folder/archive/tools/describe-commit" "$@" 2>/dev/null || echo none
}

git init -q "$folder"
git -C "$folder" -c user.name=a -c user.email=a@b.example commit -q --allow-empty -m packager
mkdir -p "$folder/archive/tools" "$folder/archive/base" "$folder/copy/base"
cp "$describe" "$folder/archive/tools/describe-commit"
[ "$(said)" = none ] || { echo "without a file: $(said)"; exit 1; }
echo 0123456789ab-dirty >"$folder/archive/base/commit.txt"
[ "$(said)" = 0123456789ab-dirty ] || { echo "with a file: $(said)"; exit 1; }
said --into "$folder/copy"
[ "$(cat "$folder/copy/base/commit.txt")" = 0123456789ab-dirty ] || { echo 'in a copy'; exit 1; }
MESON_DIST_ROOT=$folder/copy said --dist
[ "$(cat "$folder/copy/base/commit.txt")" = 0123456789ab ] || { echo 'in an archive'; exit 1; }
