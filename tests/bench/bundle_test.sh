#!/bin/sh
# What tools/bench-bundle makes: bundle_test.sh SOURCE CROSSLANE MACHINE NAME
set -eu
source=$1 crosslane=$2 machine=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "$*" >&2
  exit 1
}

unpack() {
  "$source/tools/bench-bundle" "$machine" --program "$crosslane-bench" --output bundle.tar.gz >said ||
    fail "$(cat said)"
  tar xzf bundle.tar.gz
  bundle=$folder/crosslane-bench-$machine
  loader=$(cd "$bundle/lib" && echo ld-linux-*)
}

# Without any environment, from another folder; its processes for each instruction
# set too come from the bundle, or /usr/bin/env would not find their loader.
a_bundle_runs_with_its_own_libraries_alone() {
  unpack
  "$bundle/lib/$loader" --library-path "$bundle/lib" --list "$bundle/bin/crosslane-bench" >list
  if grep '=>' list | grep -v "=> $bundle/lib/"; then fail 'a library is not from the bundle'; fi
  mkdir elsewhere
  cd elsewhere
  env -i PATH="$PATH" "$bundle/run" --quick --launches 1 --filter l2 >table 2>messages ||
    fail "$(cat table messages)"
  grep -q '^l2 .* hot *scalar ' table || fail "$(cat table)"
  grep -q "crosslane compare pc.json crosslane-$machine.json" table || fail "$(cat table)"
  "$crosslane" compare "crosslane-$machine.json" "crosslane-$machine.json" >summary || fail "$(cat summary)"
  grep -q '^optimizers ' summary || fail "$(cat summary)"
}

# In a root with nothing in it but the bundle and the emulator. It has no shell, so
# that what `run` starts is started here.
a_bundle_for_another_machine_runs_in_an_empty_root() {
  unpack
  emulator=$(command -v "$WRAPPER") || fail "no $WRAPPER"
  mkdir -p root/emulator root/tmp
  mv "$bundle" root/bundle
  for file in "$emulator" $(ldd "$emulator" | grep -o '/[^ ]*'); do cp -L "$file" root/emulator/; done
  own=$(cd root/emulator && echo ld-linux-*)
  set -- /bundle/bin/crosslane-bench --quick --launches 1 --filter '^(dense|adam|l2)' --out /tmp/arm.json
  if [ "$(id -u)" -eq 0 ] && chroot root /emulator/"$own" --library-path /emulator \
    "/emulator/$(basename "$emulator")" --version >version 2>&1; then
    chroot root /emulator/"$own" --library-path /emulator "/emulator/$(basename "$emulator")" \
      "/bundle/lib/$loader" --argv0 /bundle/run --library-path /bundle/lib "$@" >table 2>messages ||
      fail "$(cat table messages)"
  else # without root's rights: no library for that machine but the bundle's
    "$emulator" -L "$folder/root/tmp" "root/bundle/lib/$loader" --inhibit-cache --argv0 root/bundle/run \
      --library-path root/bundle/lib root"$1" --quick --launches 1 --filter '^(dense|adam|l2)' \
      --out root/tmp/arm.json >table 2>messages || fail "$(cat table messages)"
  fi
  grep -q 'emulated' table || fail "not marked: $(cat table)"
  if grep -q '^not timed' table; then fail "$(cat table)"; fi
  # Beside an x86 machine's file: its results are compared, its times are none.
  "$WRAPPER" "$crosslane" compare "$source/results/reference/amd-epyc-zen5/kernels.json" \
    root/tmp/arm.json --all >summary || fail "$(cat summary)"
  grep -q '^B: emulated; [1-9][0-9]* results right, 0 wrong' summary || fail "$(cat summary)"
}

a_bundle_of_another_machines_program_is_refused() {
  other=aarch64
  [ "$machine" != aarch64 ] || other=x86_64
  if "$source/tools/bench-bundle" "$other" --program "$crosslane-bench" --output o.tar.gz >said 2>messages; then
    fail 'it was made'
  fi
  grep -q "is no program for $other" messages || fail "$(cat messages)"
  [ ! -e o.tar.gz ] || fail 'an archive was left'
}

"$4"
