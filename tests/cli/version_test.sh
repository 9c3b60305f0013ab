#!/bin/sh
# What --version says of the program and of the libraries, as pkg-config knows them:
# version_test.sh PROGRAM VERSION JANSSON LIBFYAML SLEEF SQLITE XXHASH
set -eu

said=$("$1" --version)
expected="numerics   version 3
libraries  jansson $3, libfyaml $4, SLEEF $5, SQLite $6, xxHash $7"
[ "$(printf '%s\n' "$said" | sed 1d)" = "$expected" ] || { printf '%s\n' "$said" "not:" "$expected"; exit 1; }
case $said in
  "crosslane $2 ("*'; gcc '*')'* | "crosslane $2 ("*'; clang '*')'*) ;;
  *)
    printf '%s\n' "$said"
    exit 1
    ;;
esac
