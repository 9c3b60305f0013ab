#!/bin/sh
# Runs locale_test in a German locale, which is made for it: locale_test.sh LOCALE_TEST
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! localedef -i de_DE -f UTF-8 "$folder/de_DE.UTF-8" > "$folder/log" 2>&1; then
  echo "skipped: no localedef, or no description of de_DE (Debian's package locales)"
  exit 77
fi
LOCPATH="$folder" LC_ALL=de_DE.UTF-8 "$1"
