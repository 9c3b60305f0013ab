#!/bin/sh
# Run folders put together: merge_test.sh PROGRAM CASE, with $FORGE as tests/records/forge.c
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

# shards N [ARGUMENT]...: the sweep a.yaml in N parts
shards() {
  count=$1
  shift
  part=1
  while [ $part -le "$count" ]; do
    sweep a.yaml --shard $part/"$count" "$@"
    part=$((part + 1))
  done
}

merge() {
  "$program" merge "$@" 2> messages || { cat messages >&2; return 1; }
}

# results FOLDER: the table to the last digit, without the name of the folder and times
results() {
  "$program" show "$1" --format json | grep -Ev '"(run|cpu_seconds|seconds)":'
}

there() {
  find . -maxdepth 1 ! -name output ! -name messages | sort
}

# refuse STATUS PART ARGUMENT...: that exit status, a message with PART, and nothing is made
refuse() {
  expected=$1 part=$2
  shift 2
  before=$(there)
  status=0
  "$program" "$@" > output 2> messages || status=$?
  test "$status" = "$expected" || fail "$*: status $status: $(cat messages)"
  grep -q -e "$part" messages || fail "'$part' is not in: $(cat messages)"
  test "$(there)" = "$before" || fail "$*: something was left"
}

# other_seed FOLDER: one of its records gets the numbers of another seed; sets $key
other_seed() {
  set -- "$1" "$(grep -l '"seed": 1,' "$1"/trials/*.json | head -n 1)" \
    "$(grep -l '"seed": 2,' "$1"/trials/*.json | head -n 1)"
  key=$(basename "$2" .json)
  "$FORGE" "$3" "$1/trials" 0 "key=\"$key\"" seed=1
}

three_shards_are_the_whole_sweep() {
  cp "$EXPERIMENTS/wide-crosses.yaml" a.yaml
  set -- --set data.source=synthetic --set 'seeds=[1, 2]' --set train.epochs=1
  set -- "$@" --set 'data.synthetic={users: 60, items: 70, ratings: 1500, seed: 3}'
  sweep a.yaml "$@" --out whole
  shards 3 "$@"
  merge runs/wide-crosses.*-of-3 --out merged
  numbers whole > expected
  numbers merged | cmp - expected
  results whole > table
  results merged | cmp - table
  "$program" show whole | sed 's/whole/merged/' | wc -l > lines
  "$program" show merged | wc -l | cmp - lines
  # Nothing is left to train.
  sweep a.yaml "$@" --out merged
  test "$(trained)" = 0 || fail "trained $(trained)"
  test -s merged/results.db || fail "no index"
}

# The shards are two folders deep, the whole lies in one of its own elsewhere.
a_merged_run_finds_its_data() {
  mkdir -p mine
  "$program" data synth --form csv --users 60 --items 50 --ratings 1500 --seed 2 --out mine/shop > /dev/null
  "$program" init a --data mine/shop > /dev/null 2> messages || fail "$(cat messages)"
  shards 2 --set 'seeds=[1, 2]' --set train.epochs=1
  merge runs/a.*-of-2 --out whole
  grep -q 'path: "../mine/shop"' whole/config.yaml || fail "$(cat whole/config.yaml)"
  (cd / && "$program" sweep "$folder/whole/config.yaml" --out "$folder/whole" 2> "$folder/messages") ||
    fail "$(cat messages)"
  test "$(trained)" = 0 || fail "trained $(trained)"
}

what_is_missing_is_said() {
  config a && shards 3
  merge runs/a.1-of-3 runs/a.3-of-3 --out two
  grep -Eq '^[12] trials? of the experiment (has|have) no record yet$' messages || fail "$(cat messages)"
  # Also of merged ones, which may be merged again.
  merge two runs/a.2-of-3 --out all
  grep -q '^4 records of 2 folders: 4 trials, 4 done, 0 failed; results in all$' messages || fail "$(cat messages)"
  test "$(wc -l < messages)" = 1 || fail "$(cat messages)"
}

# Seeds by hand instead of shards: each folder asks for its own.
all_that_the_folders_ask_for_is_shown() {
  config a
  sweep a.yaml --set 'seeds=[1]' --out one
  sweep a.yaml --set 'seeds=[2]' --out two
  sweep a.yaml --out both
  merge one two --out merged
  results both > expected
  results merged | cmp - expected
  cmp one/config.yaml merged/config.yaml
}

records_are_the_same_bytes() {
  config a && shards 2
  merge runs/a.1-of-2 runs/a.2-of-2 runs/a.1-of-2 --out merged
  grep -q '^6 records of 3 folders: 4 trials, ' messages || fail "$(cat messages)"
  for run in runs/a.1-of-2 runs/a.2-of-2; do
    for record in "$run"/trials/*.json; do cmp "$record" "merged/trials/$(basename "$record")"; done
  done
  test ! -e merged/models || fail "models that are not there"
  find merged -name '*.crosslane-tmp' | grep . && fail "temporaries are left"
  test "$(find . -maxdepth 1 -name '*.crosslane-tmp' | wc -l)" = 0 || fail "a temporary folder is left"
}

other_numbers_are_refused() {
  config a && sweep a.yaml --out one && cp -r one two
  other_seed two
  refuse 3 "two/trials/$key.json: .*: other numbers than in one\|one/trials/$key.json: .*: other numbers than in two" \
    merge one two --out merged
  grep -q 'mse [0-9.]* against [0-9.]*' messages || fail "$(cat messages)"
  grep -q 'weights_digest [0-9a-f]* against [0-9a-f]*' messages || fail "$(cat messages)"
  # One that somebody edited by hand counts as not there.
  cp one/trials/"$key".json two/trials/
  sed -i.bak 's/^\( *"mse": \)[0-9.]*/\10.00123/' two/trials/"$key".json && rm two/trials/*.bak
  merge two one --out merged
  grep -q 'the record was changed' messages || fail "$(cat messages)"
  numbers one > expected
  numbers merged | cmp - expected
}

other_data_and_versions_are_refused() {
  config a && shards 2
  record=$(find runs/a.2-of-2/trials -name '*.json' | head -n 1)
  cp -r runs/a.2-of-2 data
  "$FORGE" "$record" data/trials 0 'data.digest="00000000000000ff"'
  refuse 3 'trained on other data than .*00000000000000ff' merge runs/a.1-of-2 data --out merged
  cp -r runs/a.2-of-2 version
  "$FORGE" "$record" version/trials 0 numerics_version=99
  refuse 3 'numerics version 99, and [0-9]* in runs/a.1-of-2' merge runs/a.1-of-2 version --out merged
  cp -r runs/a.2-of-2 schema
  "$FORGE" "$record" schema/trials 0 schema=1
  refuse 3 'a record of Crosslane 0.1' merge runs/a.1-of-2 schema --out merged
}

# A task that was killed, or could not take its lock, has a folder of nothing.
a_shard_that_did_not_begin_is_merged() {
  config a && shards 2
  rm -r runs/a.1-of-2 && mkdir -p runs/a.1-of-2/lock # no file: it cannot be locked
  ! "$program" sweep a.yaml --shard 1/2 2> messages || fail "it took a lock"
  merge runs/a.1-of-2 runs/a.2-of-2 --out merged
  grep -q '^2 records of 2 folders: 2 trials, 2 done' messages || fail "$(cat messages)"
}

wrong_folders_are_refused() {
  config a && shards 2 && mkdir empty
  touch empty/file
  refuse 2 'merge needs RUN...' merge --out merged
  refuse 2 'merge needs --out RUN' merge runs/a.1-of-2
  refuse 2 "'nowhere' is no folder of a run" merge runs/a.1-of-2 nowhere --out merged
  refuse 2 'there is something already' merge runs/a.1-of-2 runs/a.2-of-2 --out runs/a.1-of-2
  refuse 2 'there is something already' merge runs/a.1-of-2 --out empty
  rm empty/file
  merge runs/a.1-of-2 runs/a.2-of-2 --out empty/
  test -s empty/results.db || fail "$(ls empty)"
}

a_full_disk_leaves_nothing() {
  config a && shards 2
  status=0
  (ulimit -f 4 && "$program" merge runs/a.*-of-2 --out merged 2> messages) || status=$?
  test "$status" != 0 || fail "files of more than 2 KiB: $(cat messages)"
  test ! -e merged || fail "merged is there"
  test -z "$(find . -name '*.crosslane-tmp')" || fail "left: $(find . -name '*.crosslane-tmp')"
  # Nor in a folder that is there: one of two records is longer than 3 KiB.
  merge runs/a.1-of-2 --out merged
  record=$(find runs/a.2-of-2/trials -name '*.json' | head -n 1)
  "$FORGE" "$record" runs/a.2-of-2/trials 0 "label=\"$(printf '%01000d' 0)\""
  before=$(find merged/trials | sort)
  status=0
  (ulimit -f 6 && "$program" merge runs/a.2-of-2 --out merged --add 2> messages) || status=$?
  test "$status" != 0 || fail "files of more than 3 KiB: $(cat messages)"
  test "$(find merged/trials | sort)" = "$before" || fail "$(ls merged/trials)"
}

# What a killed merge left goes with the next one to the same folder, and nothing else does.
a_killed_merge_leaves_nothing_for_long() {
  config a && shards 2
  mkdir -p 'merged.77.crosslane-tmp/trials' merged..crosslane-tmp other.77.crosslane-tmp
  : > merged.77.crosslane-tmp/trials/x.json
  mkdir merged.78.crosslane-tmp
  python3 -c 'if True:
    import fcntl, os, subprocess, sys
    fcntl.flock(os.open("merged.78.crosslane-tmp", os.O_RDONLY), fcntl.LOCK_EX)
    sys.exit(subprocess.run(sys.argv[1:]).returncode)' \
    "$program" merge runs/a.1-of-2 runs/a.2-of-2 --out merged/ 2> messages || fail "$(cat messages)"
  test ! -e merged.77.crosslane-tmp || fail "the leftover is there"
  test -d merged.78.crosslane-tmp || fail "one at work was removed"
  test -d other.77.crosslane-tmp && test -d merged..crosslane-tmp || fail "too much was removed"
}

# The temporary name has the number of the process: in a container it may be the same again.
a_killed_merge_leaves_nothing_to_the_next() {
  config a && shards 2
  numbers runs/a.1-of-2 > expected
  # shellcheck disable=SC2016
  sh -c 'mkdir merged.$$.crosslane-tmp && cp -r runs/a.2-of-2/trials merged.$$.crosslane-tmp/ &&
    exec "$@"' sh "$program" merge runs/a.1-of-2 --out merged 2> messages || fail "$(cat messages)"
  numbers merged | cmp - expected || fail "records of the killed merge are in the folder"
}

models_are_merged() {
  config a && shards 2 --save-models
  merge runs/a.*-of-2 --out merged
  test "$(find merged/models -name '*.safetensors' | wc -l)" = 4 || fail "$(ls merged/models)"
  sweep a.yaml --save-models --out merged
  test "$(trained)" = 0 || fail "trained $(trained)"
}

the_best_is_chosen_among_all() {
  config a
  sweep a.yaml --set train.save=best --out whole
  shards 3 --set train.save=best
  merge runs/a.*-of-3 --out merged
  (cd whole/models && find . | sort) > expected
  (cd merged/models && find . | sort) | cmp - expected || fail "$(ls merged/models)"
  # With a part of them which is the best is not known: of one model a trial is missing.
  merge runs/a.1-of-3 runs/a.3-of-3 --out part
  grep -q '^3 records of 2 folders' messages || fail "$(cat messages)"
  test "$(find part/models -name '*.safetensors' | wc -l)" = "$(find part/trials -name '*.json' | wc -l)" ||
    fail "$(ls part/models)"
}

verified_trials_are_the_same() {
  config a && shards 2
  merge runs/a.*-of-2 --out two --verify 2
  test "$(grep -c '^verified: hidden=.*: the same$' messages)" = 2 || fail "$(cat messages)"
  merge runs/a.*-of-2 --out all --verify 100
  test "$(grep -c '^verified: hidden=.*: the same$' messages)" = 4 || fail "$(cat messages)"
  # The same ones are drawn for the same records.
  grep '^verified' messages > all_lines
  merge runs/a.2-of-2 runs/a.1-of-2 --out again --verify 2
  grep '^verified' messages > lines
  merge two --out once --verify 2
  grep '^verified' messages | cmp - lines
  grep -Fqf lines all_lines || fail "$(cat lines)"
}

folds_and_other_sources_are_verified() {
  cp -r "$EXPERIMENTS/shop" . && cp "$EXPERIMENTS/csv.yaml" .
  sweep csv.yaml --set 'seeds=[1]' --set train.epochs=2 --out csv
  merge csv --out csv-merged --verify 3
  test "$(grep -c ': the same$' messages)" = 3 || fail "$(cat messages)"
  config a
  sweep a.yaml --set 'data.split={method: folds, folds: [u1, u2, u3], validation: 0.1}' --out folds
  merge folds --out folds-merged --verify 12
  test "$(grep -c ': the same$' messages)" = 12 || fail "$(cat messages)"
}

made_up_numbers_are_found() {
  config a && sweep a.yaml --out one
  other_seed one
  refuse 1 "one/trials/$key.json: hidden=.*, seed 1: mse [0-9.]* and weights_digest [0-9a-f]* (.*), here [0-9.]* and [0-9a-f]* (.*)$" \
    merge one --out merged --verify 4
  grep -q '^1 of 4 trials differ' messages || fail "$(cat messages)"
  test "$(grep -c ': the same$' messages)" = 3 || fail "$(cat messages)"
  refuse 2 '--data goes with --verify' merge one --out merged --data .
}

other_data_do_not_verify() {
  "$program" data synth --out right --users 40 --items 50 --ratings 900 --seed 1 > made
  "$program" data synth --out wrong --users 40 --items 50 --ratings 900 --seed 2 > made
  config a && sweep a.yaml --set data.source=movielens --data right --out one
  refuse 3 'verify: other data than those of the records: digest' merge one --out merged --verify 1 --data wrong
  merge one --out merged --verify 1 --data right
  CROSSLANE_DATA=right merge one --out again --verify 1
}

# The measured merge of 10,000 records is of this kind.
# A part first, the rest later: the run folder is what one merge of all makes.
shards_are_added_to_a_run() {
  config a && shards 3
  merge runs/a.*-of-3 --out all
  refuse 2 'there is something already' merge runs/a.1-of-3 --out runs/a.2-of-3
  mkdir home && touch home/letter
  refuse 2 'it is no folder of a run' merge runs/a.1-of-3 --out home --add
  merge runs/a.1-of-3 --out run --add # it is not there yet
  merge runs/a.2-of-3 --out run --add
  grep -q 'records\{0,1\} of 1 folder and of --out: .*; results in run$' messages || fail "$(cat messages)"
  grep -q '^[0-9] trials\{0,1\} of the experiment ha[sv]e* no record yet$' messages || fail "$(cat messages)"
  kept=$(find run/trials -name '*.json' | sort | head -n 1)
  touch -d 2001-01-01 "$kept"
  merge runs/a.*-of-3 --out run --add
  test "$(find "$kept" ! -newermt 2001-01-02)" = "$kept" || fail "what was there is written again"
  diff -r -x lock -x results.db all run || fail "another folder"
  results all > table
  results run | cmp - table
  sweep a.yaml --out run
  test "$(trained)" = 0 || fail "trained $(trained)"
  # Another's numbers are refused, and nothing changes.
  record=$(find runs/a.1-of-3/trials -name '*.json' | head -n 1)
  "$FORGE" "$record" runs/a.1-of-3/trials 0 'weights_digest="00000000000000ff"'
  before=$(find run -type f ! -name lock -exec cksum {} + | sort)
  status=0
  "$program" merge runs/a.1-of-3 --out run --add 2> messages || status=$?
  test "$status" = 3 || fail "status $status: $(cat messages)"
  grep -q 'other numbers than in' messages || fail "$(cat messages)"
  test "$(find run -type f ! -name lock -exec cksum {} + | sort)" = "$before" || fail "something was written"
}

the_best_is_chosen_anew_when_more_is_added() {
  config a
  sweep a.yaml --set train.save=best --out whole
  shards 3 --set train.save=best
  # Whichever comes last: those of the other model are there before it.
  for part in 1 2 3; do merge runs/a.$part-of-3 --out run --add; done
  for part in 3 2 1; do merge runs/a.$part-of-3 --out turned --add; done
  (cd whole/models && find . | sort) > expected
  (cd run/models && find . | sort) | cmp - expected || fail "$(ls run/models)"
  (cd turned/models && find . | sort) | cmp - expected || fail "$(ls turned/models)"
}

many_records_are_merged() {
  config a && sweep a.yaml --set 'seeds=[1]'
  record=$(find runs/a/trials -name '*.json' | head -n 1)
  mkdir -p all
  "$FORGE" "$record" all 200
  number=0
  for file in all/*.json; do
    mkdir -p "part$((number % 16))/trials"
    mv "$file" "part$((number % 16))/trials/"
    number=$((number + 1))
  done
  merge part* --out merged
  grep -q '^200 records of 16 folders: 200 trials, 200 done, 0 failed' messages || fail "$(cat messages)"
  test "$(find merged/trials -name '*.json' | wc -l)" = 200 || fail "not 200"
  "$program" show merged --format csv | grep -q ',done,200,0,0,200,' || fail "$("$program" show merged --format csv)"
}

"$case"
echo "passed: $case"
