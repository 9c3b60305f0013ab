#!/bin/sh
# What a sweep promises, on synthetic data: sweep_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"

running_again_trains_nothing() {
  config a && sweep a.yaml
  test "$(trained)" = 4 || fail "4 trials were to be trained, not $(trained)"
  numbers runs/a > before
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained again: $(trained)"
  numbers runs/a | cmp - before
}

# As a user would type what the page says, each line of it.
follow_page() { # FOLDER OF THE RUN
  "$program" report "$1" > /dev/null 2> messages || fail "$(cat messages)"
  python3 - "$1/report.html" > page-commands <<'PYTHON'
import html, re, sys
page = open(sys.argv[1], encoding="utf-8").read()
print(html.unescape(re.search(r"Reproduce this run</h2>\s*<pre>(.*?)</pre>", page, re.S)[1]))
PYTHON
  test "$(wc -l < page-commands)" -ge 3 || fail "$(cat page-commands)"
  rm -rf again
  crosslane() { "$program" "$@"; }
  # shellcheck disable=SC1091 # made here
  (. ./page-commands) > /dev/null 2> messages || fail "$(cat page-commands messages)"
}

# repeats RUN [OPTION...]: nothing is left to train, from the run's folder and from elsewhere;
# what the page says trains the same trials.
repeats() {
  run=$1
  shift
  numbers "$run" | sort > expected
  test -s expected || fail "no numbers"
  whole=$(cd "$run" && pwd -P)
  (cd "$run" && "$program" sweep config.yaml --out . "$@" 2> "$folder/messages") || fail "$(cat messages)"
  test "$(trained)" = 0 || fail "trained again in its folder: $(trained)"
  (cd / && "$program" sweep "$whole/config.yaml" --out "$whole" "$@" 2> "$folder/messages") ||
    fail "$(cat messages)"
  test "$(trained)" = 0 || fail "trained again from elsewhere: $(trained)"
  follow_page "$run"
  numbers again | sort | cmp - expected || fail "the page's command trains something else"
}

a_run_is_run_again_from_its_folder() {
  config a
  { echo '# my notes'; cat a.yaml; } > noted.yaml
  sweep noted.yaml --set 'seeds=[7]' --set train.epochs=2 --set model.deep.dropout=0.1 --out runs/set
  cmp noted.yaml runs/set/config.given.yaml || fail "not kept as given"
  if grep -q notes runs/set/config.yaml; then fail "$(cat runs/set/config.yaml)"; fi
  repeats runs/set
  cmp noted.yaml runs/set/config.given.yaml || fail "a run of its own config took the place of the given one"
  # Data beside the config, in a folder that is named in it, and named by --data: the page has
  # their name.
  mkdir -p mine data
  "$program" data synth --form csv --users 60 --items 50 --ratings 1500 --seed 2 --out mine/shop > /dev/null
  "$program" init shop --data mine/shop > /dev/null 2> messages || fail "$(cat messages)"
  sed 's/^\( *epochs:\) .*/\1 2/' shop.yaml > mine/shop.yaml
  (cd mine && sed -i.bak 's|path: mine/shop|path: shop|' shop.yaml)
  grep -q 'path: shop' mine/shop.yaml || fail "$(cat mine/shop.yaml)"
  sweep mine/shop.yaml --set 'seeds=[3]' --out runs/shop
  grep -q 'path: "../../mine/shop"' runs/shop/config.yaml || fail "$(cat runs/shop/config.yaml)"
  repeats runs/shop
  "$program" data synth --users 60 --items 50 --ratings 1500 --seed 2 --out synthetic > /dev/null
  sweep a.yaml --set data.source=movielens --set 'seeds=[3]' --data synthetic --out runs/data
  if grep -q 'path:' runs/data/config.yaml; then fail "$(cat runs/data/config.yaml)"; fi
  repeats runs/data --data "$folder/synthetic"
}

a_deleted_trial_alone_is_trained_again() {
  config a && sweep a.yaml
  numbers runs/a > before
  victim=$(find runs/a/trials -name '*.json' | sort | head -n 1)
  rm "$victim"
  sweep a.yaml
  test "$(trained)" = 1 || fail "trained $(trained), not 1"
  numbers runs/a | cmp - before
}

a_changed_record_counts_as_not_there() {
  config a && sweep a.yaml
  numbers runs/a > expected
  record=$(find runs/a/trials -name '*.json' | sort | head -n 1)
  sed -i.bak 's/^\( *"mse": \)[0-9.]*/\10.00123/' "$record" && rm "$record.bak"
  for command in 'show runs/a' 'show runs/a --format csv' 'report runs/a --out page.html' \
    'sweep a.yaml --dry-run'; do
    # shellcheck disable=SC2086 # words
    "$program" $command > output 2> messages || fail "$command: $(cat messages)"
    grep -q "warning: $record: field 'digest': the record was changed" messages ||
      fail "$command: $(cat messages)"
    if grep -q 0.00123 output page.html 2> /dev/null; then fail "$command: the changed number is shown"; fi
  done
  grep -q '1 to train' output messages || fail "$(cat output messages)"
  sweep a.yaml
  test "$(trained)" = 1 || fail "trained $(trained), not 1"
  numbers runs/a | cmp - expected
  "$program" show runs/a 2> messages > output
  test ! -s messages || fail "$(cat messages)"
}

a_deleted_index_is_made_again() {
  config a && sweep a.yaml
  "$program" show runs/a --format csv > before
  rm runs/a/results.db
  "$program" show runs/a --format csv | cmp - before
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained $(trained)"
  test -s runs/a/results.db || fail "no index"
}

jobs_do_not_change_a_bit() {
  config a && sweep a.yaml --jobs 1 --out one && sweep a.yaml --jobs 3 --out three
  numbers one > first
  test "$(grep -c weights_digest first)" = 4 || fail "expected 4 digests"
  numbers three | cmp - first
}

# wide: a sweep whose layers are large enough for threads
wide() {
  config a
  sed -i.bak -e 's/{values: .*}/{values: [[301, 202], [512]]}/' \
    -e 's/^train: .*/train: {epochs: 2, batch_size: 300}/' a.yaml
}

threads_do_not_change_a_bit() {
  wide
  sweep a.yaml --threads 1 --out one
  sweep a.yaml --threads 2 --out two
  sweep a.yaml --threads 3 --jobs 2 --out three
  numbers one > first
  test "$(grep -c weights_digest first)" = 4 || fail "expected 4 digests"
  numbers two | cmp - first
  numbers three | cmp - first
  test "$(grep -l '"threads": 3' three/trials/*.json | wc -l)" = 4 || fail "the records do not say 3 threads"
  test "$(grep -l '"threads": 1' one/trials/*.json | wc -l)" = 4 || fail "the records do not say 1 thread"
}

# said NAME: the field of the one record in runs/a
said() {
  sed -n "s/^ *\"$1\": \([0-9]*\),$/\1/p" runs/a/trials/*.json
}

few_trials_have_the_cores_as_threads() {
  config a
  sed -i.bak -e '/^sweep:/,$d' -e 's/^seeds.*/seeds: [1]/' a.yaml
  cores=$(nproc)
  sweep a.yaml
  test "$(said threads)" = "$cores" || fail "$(said threads) threads on $cores cores"
  rm -r runs && sweep a.yaml --jobs 1
  test "$(said threads)" = 1 || fail "$(said threads) threads with --jobs 1"
  if command -v taskset > /dev/null; then
    rm -r runs && taskset -c "$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')" "$program" sweep a.yaml 2> messages
    test "$(said threads)" = 1 || fail "$(said threads) threads on one core"
  fi
  rm -r runs && SLURM_CPUS_PER_TASK=1 "$program" sweep a.yaml 2> messages
  test "$(said threads)" = 1 || fail "$(said threads) threads with a core of Slurm"
  # As many trials as there are cores, half of them recorded.
  seeds=$(seq -s ', ' "$cores")
  sweep a.yaml --set "seeds=[$seeds]"
  test "$(grep -l '"threads": 1,' runs/a/trials/*.json | wc -l)" = "$cores" || fail "threads of $cores trials"
}

jobs_are_as_many_as_cores_may_be_used() {
  config a
  SLURM_CPUS_PER_TASK=1 "$program" sweep a.yaml --out slurm 2> messages
  test "$(grep -l '"jobs": 1,' slurm/trials/*.json | wc -l)" = 4 || fail "$(grep -h '"jobs"' slurm/trials/*.json)"
  if command -v taskset > /dev/null; then
    one=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
    taskset -c "$one" "$program" sweep a.yaml --out bound 2> messages
    test "$(grep -l '"jobs": 1,' bound/trials/*.json | wc -l)" = 4 || fail "$(grep -h '"jobs"' bound/trials/*.json)"
  fi
  SLURM_CPUS_PER_TASK=1 "$program" sweep a.yaml --jobs 3 --out asked 2> messages
  test "$(grep -l '"jobs": 3,' asked/trials/*.json | wc -l)" = 4 || fail "$(grep -h '"jobs"' asked/trials/*.json)"
}

threads_that_do_not_start_are_one_error() {
  config a
  status=0
  (ulimit -v 3000000 && "$program" sweep a.yaml --threads 1024 2> messages) || status=$?
  test "$status" = 1 || fail "status $status: $(cat messages)"
  grep -q '^crosslane: cannot start thread [0-9]* of 1024: ' messages || fail "$(cat messages)"
  grep -q '^--threads 1 needs none' messages || fail "$(cat messages)"
  test "$(wc -l < messages)" = 2 || fail "$(cat messages)"
  test ! -e runs || fail "something was written"
}

instruction_sets_do_not_change_a_bit() {
  config a && sweep a.yaml --isa scalar --out scalar
  numbers scalar > first
  isas=$("$program" cpu | sed -n 's/^runs here *//p')
  test -n "$isas" || fail "no instruction set is named: $("$program" cpu)"
  for isa in $isas; do
    sweep a.yaml --isa "$isa" --out "$isa"
    numbers "$isa" | cmp - first || fail "$isa"
    grep -q "\"isa\": \"$isa\"" "$isa"/trials/*.json || fail "the record does not say $isa"
  done
}

# Averages of lazy rows, a refit and an ensemble together, with threads too.
options_of_training_do_not_change_a_bit() {
  wide
  set -- --set 'train.averaging={ema: 0.9}' --set 'train.early_stopping={patience: 1}' \
    --set train.refit=true --set train.ensemble.members=2 \
    --set train.optimizer.embedding_updates=lazy --set 'seeds=[1]'
  sweep a.yaml --isa scalar --out scalar "$@"
  numbers scalar > first
  test "$(grep -c '"weights_digest"' scalar/trials/*.json | sed 's/.*://' | sort -u)" = 3 ||
    fail "expected the digests of two members and of both"
  for isa in $("$program" cpu | sed -n 's/^runs here *//p'); do
    for threads in 1 3; do
      sweep a.yaml --isa "$isa" --threads $threads --out "$isa$threads" "$@"
      numbers "$isa$threads" | cmp - first || fail "$isa, $threads threads"
    done
  done
}

the_environment_names_an_instruction_set() {
  config a
  CROSSLANE_ISA=scalar sweep a.yaml --out named
  test "$(grep -l '"isa": "scalar"' named/trials/*.json | wc -l)" = 4 || fail 'not scalar'
  CROSSLANE_ISA=mmx sweep a.yaml --isa scalar --out asked # --isa comes first
  if CROSSLANE_ISA=mmx "$program" sweep a.yaml --out none 2> messages; then fail 'mmx was taken'; fi
  grep -q "^crosslane: CROSSLANE_ISA: unknown instruction set 'mmx'" messages || fail "$(cat messages)"
}

chosen() { # ARGUMENT...
  "$program" cpu "$@" | sed -n 's/^chosen *//p'
}

cpu_says_which_instruction_set_and_why() {
  unset CROSSLANE_ISA
  widest=$("$program" cpu | sed -n 's/^runs here.* //p')
  test -n "$widest" || fail "$("$program" cpu)"
  test "$(chosen)" = "$widest: the widest that runs here" || fail "$(chosen)"
  test "$(chosen --isa scalar)" = 'scalar: asked for by --isa' || fail "$(chosen --isa scalar)"
  export CROSSLANE_ISA=scalar
  test "$(chosen)" = 'scalar: asked for by CROSSLANE_ISA' || fail "$(chosen)"
  test "$(chosen --isa auto)" = "$widest: the widest that runs here" || fail "$(chosen --isa auto)"
}

cpu_says_when_avx512_brings_nothing() {
  "$program" cpu > output
  times=$(sed -n 's/^measured .*avx512 is \([0-9.]*\) times as fast as avx2$/\1/p' output)
  if grep -q '^runs here.* avx512' output && ! grep -q '(emulated)$' output; then
    noted=$(grep -c '^AVX-512 brings nothing' output || true)
    echo "$times $noted" | awk '{ exit !($1 > 0.2 && $1 < 8 && ($1 < 1.1 ? $2 == 1 : $1 > 1.1 ? $2 == 0 : 1)) }' ||
      fail "$(cat output)"
  else
    test -z "$times" || fail "measured what does not run: $(cat output)"
  fi
}

cpu_lists_each_kernel_of_each_instruction_set_once() {
  "$program" cpu --kernels | sed 1d > listed
  test "$(cut -c 1-33 listed | sort | uniq -d | wc -l)" -eq 0 || fail 'a kernel is listed twice'
  isas=$(awk '{ print $2 }' listed | sort -u)
  kernels=$(awk '{ print $1 }' listed | sort -u)
  for isa in $isas; do
    test "$(awk -v isa="$isa" '$2 == isa { print $1 }' listed | sort)" = "$kernels" ||
      fail "$isa has not every kernel"
  done
  # Four shapes of the register tile, up to four vectors wide; of no other kernel.
  awk '($1 ~ /^dense_/) != ($NF ~ /^[0-9]+x[0-9]+$/)' listed > wrong
  test ! -s wrong || fail "$(cat wrong)"
  awk '$1 == "dense_forward" { split($NF, last, "x"); split($(NF - 3), first, "x");
    if (last[2] != 4 * first[2] || last[1] >= first[1]) print }' listed > wrong
  test ! -s wrong || fail "$(cat wrong)"
}

an_added_value_trains_only_the_new_trials() {
  config a && sweep a.yaml
  sed 's/\[32\]\]/[32], [8]]/' a.yaml > more.yaml
  sweep more.yaml
  test "$(trained)" = 2 || fail "trained $(trained), not 2"
  test "$("$program" show runs/a --format csv | wc -l)" = 4 || fail "three rows expected"
}

a_name_or_label_is_not_part_of_a_trial() {
  config a && sweep a.yaml --out same
  sed 's/^name: a/name: b/' a.yaml > b.yaml
  sweep b.yaml --out same
  test "$(trained)" = 0 || fail "trained $(trained)"
}

a_set_key_changes_the_trial() {
  config a && sweep a.yaml
  sweep a.yaml --set train.epochs=2
  test "$(trained)" = 4 || fail "trained $(trained), not 4"
}

two_sweeps_on_one_folder_are_refused() {
  config a
  "$program" sweep a.yaml --set train.epochs=2000 --jobs 1 2> first &
  first=$!
  tries=0
  while ! grep -q 'to train' first 2> /dev/null; do
    tries=$((tries + 1))
    test $tries -lt 200 || fail "the first sweep did not begin"
    sleep 0.05
  done
  status=0
  "$program" sweep a.yaml 2> second || status=$?
  holder=$(cat runs/a/lock)
  # The folder itself is locked too.
  rm runs/a/lock
  without=0
  "$program" sweep a.yaml 2> third || without=$?
  kill "$first"
  ended=0
  wait "$first" || ended=$?
  test "$status" = 2 || fail "status $status, not 2"
  case $holder in
    "process $first on "*" since 20"*Z) ;;
    *) fail "the lock says '$holder'" ;;
  esac
  grep -q "another sweep is at work here ($holder)" second || fail "$(cat second)"
  test "$without" = 2 || fail "with its lock file removed: status $without, not 2: $(cat third)"
  test "$ended" = 143 || fail "after SIGTERM: status $ended, not 143"
}

records() { # FOLDER: how many trials have ended
  find "$1/trials" -name '*.json' 2> /dev/null | wc -l | tr -d ' '
}

a_killed_sweep_goes_on_where_it_was() {
  config a && sweep a.yaml --set train.epochs=200 --out whole
  numbers whole > expected
  "$program" sweep a.yaml --set train.epochs=200 --jobs 1 --out killed 2> first &
  first=$!
  while test "$(records killed)" = 0; do
    kill -0 "$first" || fail "it ended before it was killed: $(cat first)"
  done
  kill -9 "$first"
  status=0
  wait "$first" 2> /dev/null || status=$?
  test "$status" = 137 || fail "status $status, not killed: $(cat first)"
  left=$((4 - $(records killed)))
  test "$left" -gt 1 || fail "the kill came too late"
  : > killed/trials/left.json.1.crosslane-tmp
  sweep a.yaml --set train.epochs=200 --out killed
  # Its worker may have ended the trial that it was at.
  case $(trained) in
    "$left" | "$((left - 1))") ;;
    *) fail "trained $(trained) of $left that were left" ;;
  esac
  numbers killed | cmp - expected
  test ! -e killed/trials/left.json.1.crosslane-tmp || fail "a stale temporary was kept"
}

a_diverging_trial_is_one_failed_record() {
  # Steps of 100 through 14 layers: float overflows.
  config a
  sed -i.bak -e 's/^train:.*/train: {epochs: 3, optimizer: {learning_rate: 100}}/' \
    -e 's/values: .*/values: [[9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]}/' a.yaml
  status=0
  "$program" sweep a.yaml 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  grep -q 'FAILED: diverged in epoch 1' messages || fail "$(cat messages)"
  test "$(grep -l '"status": "failed"' runs/a/trials/*.json | wc -l)" = 2 || fail "2 failed records"
  "$program" sweep a.yaml 2> messages && fail "a failed trial is not status 0"
  test "$(trained)" = 0 || fail "failed trials are not tried again unasked"
  "$program" sweep a.yaml --retry-failed 2> messages && fail "a failed trial is not status 0"
  test "$(grep -c FAILED: messages)" = 2 || fail "--retry-failed: $(cat messages)"
}

children() { # PROCESS: those it has forked
  ps -A -o pid= -o ppid= | awk -v parent="$1" '$2 == parent { print $1 }'
}

a_killed_worker_is_one_failed_record() {
  config a
  "$program" sweep a.yaml --set train.epochs=400 --jobs 1 2> messages &
  sweep=$!
  killed=
  tries=0
  while test -z "$killed"; do
    tries=$((tries + 1))
    test $tries -lt 1000 || fail "no worker was found: $(cat messages)"
    sleep 0.01
    killed=$(children "$sweep")
  done
  kill -9 "$killed"
  status=0
  wait "$sweep" || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  test "$(trained)" = 3 || fail "trained $(trained), not the other 3: $(cat messages)"
  test "$(find runs/a/trials -name '*.json' | wc -l)" -eq 4 || fail "4 records"
  failed=$(grep -l '"status": "failed"' runs/a/trials/*.json)
  test "$(echo "$failed" | wc -l)" -eq 1 || fail "one failed record, not: $failed"
  grep -q '"error": "the worker process was killed by signal 9' "$failed" || fail "$(cat "$failed")"
  test "$(grep -c 'FAILED: the worker process was killed' messages)" = 1 || fail "$(cat messages)"
  sweep a.yaml --set train.epochs=400 --retry-failed
  test "$(trained)" = 1 || fail "trained again: $(trained), not 1"
}

# The sweep alone is killed: its workers see it and end.
orphaned_workers_end() {
  config a
  "$program" sweep a.yaml --set train.epochs=100000 --jobs 2 2> messages &
  sweep=$!
  tries=0
  while test "$(children "$sweep" | wc -l)" -ne 2; do
    tries=$((tries + 1))
    test $tries -lt 1000 || fail "no two workers: $(cat messages)"
    sleep 0.01
  done
  workers=$(children "$sweep")
  kill -9 "$sweep"
  wait "$sweep" 2> /dev/null || true
  for worker in $workers; do
    tries=0
    while ps -o stat= -p "$worker" | grep -q -v '^Z'; do
      tries=$((tries + 1))
      if test $tries -ge 400; then
        # shellcheck disable=SC2086 # numbers
        kill -9 $workers || true
        fail "worker $worker goes on without its sweep"
      fi
      sleep 0.01
    done
  done
}

# data_rows FOLDER: how many rows the data of its trials have
data_rows() {
  cat "$1"/trials/*.json | sed -n 's/^ *"rows": \([0-9]*\),*$/\1/p' | sort -u
}

data_are_named_by_option_then_environment_then_config() {
  config a
  for rows in 700 800 900; do
    "$program" data synth --out "data$rows" --users 40 --items 50 --ratings "$rows" > made
  done
  set -- a.yaml --set data.source=movielens --set data.path=data700 --set 'seeds=[1]'
  sweep "$@" --out one
  test "$(data_rows one)" = 700 || fail "of the config: $(data_rows one)"
  CROSSLANE_DATA=data800 sweep "$@" --out two
  test "$(data_rows two)" = 800 || fail "of the environment: $(data_rows two)"
  CROSSLANE_DATA=data800 sweep "$@" --out three --data data900
  test "$(data_rows three)" = 900 || fail "of the option: $(data_rows three)"
}

# As a folder and in a config: a seed means the same data, another one others.
synth_makes_the_data_of_its_seed() {
  config a && sweep a.yaml --set 'seeds=[1]'
  recorded=$(cat runs/a/trials/*.json | sed -n '/^  "data"/,/}/s/.*"digest": "\(.*\)".*/\1/p' | sort -u)
  test -n "$recorded" || fail "no digest in the records"
  "$program" data synth --out four --users 80 --items 90 --ratings 2000 --seed 4 > made
  grep -q "digest $recorded\$" made || fail "not $recorded: $(cat made)"
  "$program" data synth --out five --users 80 --items 90 --ratings 2000 --seed 5 > made
  if grep -q "$recorded" made; then fail "seed 5 is seed 4: $(cat made)"; fi
  if cmp -s four/u.data five/u.data; then fail "the same ratings"; fi
}

folds_are_trials_of_their_own() {
  config a
  sweep a.yaml --set 'data.split={method: folds, folds: [u1, u2, u3], validation: 0.1}'
  test "$(trained)" = 12 || fail "trained $(trained), not 12"
}

a_dry_run_lists_every_trial_and_writes_nothing() {
  config a
  "$program" sweep a.yaml --dry-run --trials > output 2> messages || fail "$(cat messages)"
  test ! -e runs || fail "something was written"
  test "$(grep -c '  train$' output)" = 4 || fail "4 trials to train: $(cat output)"
  grep -q '^4 trials: 0 recorded, 4 to train$' output || fail "$(cat output)"
  grep -q '^estimate: .* CPU time, .* with --jobs' output || fail "$(cat output)"
  grep -q '^memory: about 5 MiB for the largest trial' output || fail "$(cat output)"
  test "$(awk '/  train$/ { print $(NF - 2) }' output | sort -u)" = 5 || fail "in MiB: $(cat output)"
  "$program" sweep a.yaml --dry-run --format csv > planned.csv 2> messages
  head -n 1 planned.csv | grep -q '^key,label,seed,fold,parameters,wide_columns,flops_per_row,training_rows,epochs,memory_kib,estimated_seconds,state$' ||
    fail "$(cat planned.csv)"
  grep -q '^4 trials: ' messages || fail "$(cat messages)"
  "$program" sweep a.yaml --dry-run --format json > planned.json 2> messages
  test "$(grep -c '"key": ' planned.json)" = 4 || fail "$(cat planned.json)"
  test "$(head -c 1 planned.json)" = '[' || fail "no list: $(cat planned.json)"

  # What was said is what is then recorded.
  sweep a.yaml
  for trial in runs/a/trials/*.json; do
    key=$(basename "$trial" .json)
    grep -q "^$key," planned.csv || fail "$key was not planned"
    line=$(grep "^$key," planned.csv)
    for name in parameters wide_columns flops_per_row train_rows; do
      value=$(sed -n "s/.*\"$name\": \([0-9]*\),*\$/\1/p" "$trial")
      case $line in *",$value,"*) ;; *) fail "$name $value is not in: $line" ;; esac
    done
  done

  rm "$trial"
  find runs | sort > files
  "$program" sweep a.yaml --dry-run --trials > output
  test "$(grep -c ' recorded$' output)" = 3 || fail "3 recorded: $(cat output)"
  grep -q "^$key .* train\$" output || fail "$key is to be trained: $(cat output)"
  grep -q '1 to train' output || fail "$(cat output)"
  "$program" sweep a.yaml --dry-run --rerun | grep -q '0 recorded, 4 to train' ||
    fail "--rerun trains all"
  find runs | sort | cmp - files || fail "something was written"
  status=0
  "$program" sweep a.yaml --format csv 2> messages || status=$?
  test "$status" = 2 || fail "--format without --dry-run: status $status"
  status=0
  "$program" sweep a.yaml --trials 2> messages || status=$?
  test "$status" = 2 || fail "--trials without --dry-run: status $status"
  grep -q -- '--trials needs --dry-run' messages || fail "$(cat messages)"
}

a_dry_run_has_a_line_for_each_architecture() {
  config a
  folds='data.split={method: folds, folds: [u1, u2, u3], validation: 0.1}'
  "$program" sweep a.yaml --set "$folds" --dry-run > output
  head -n 1 output | grep -q '^architecture  *seeds  folds  params  one-hot  FLOP/row ' || fail "$(cat output)"
  test "$(grep -c '   2      3  .*  train$' output)" = 2 || fail "2 architectures: $(cat output)"
  "$program" sweep a.yaml --set "$folds" --dry-run --format csv > planned.csv 2> messages
  # The seconds of all six trials; the first architecture's.
  label=$(awk -F'  +' 'NR == 2 { print $1 }' output)
  said=$(awk 'NR == 2 { print $(NF - 1) }' output)
  sum=$(grep -F "$label" planned.csv | awk -F, '{ sum += $(NF - 1) } END { printf "%.3f", sum }')
  test "$(grep -cF "$label" planned.csv)" = 6 || fail "$(cat planned.csv)"
  echo "$said $sum" | awk '{ exit !($1 > 0.3 * $2 && $1 < 3 * $2) }' || fail "$said s, not $sum"
  sweep a.yaml
  set -- runs/a/trials/*.json
  rm "$1"
  "$program" sweep a.yaml --dry-run > output
  grep -q ' 1 recorded, 1 train$' output || fail "$(cat output)"
  grep -q '[0-9]  recorded$' output || fail "$(cat output)"
}


# 16 layers of 65,536 units: 1.2 TiB of weights, gradients and moments.
gigantic() {
  config a
  wide=65536
  for _ in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do wide=$wide,65536; done
  sed -i.bak -e "s/^    hidden: .*/    hidden: [$wide]/" -e '/^sweep:/,$d' a.yaml
}

too_large_a_model_is_refused_at_once() {
  gigantic
  status=0
  timeout 60 "$program" sweep a.yaml --jobs 2 2> messages || status=$?
  test "$status" = 2 || fail "status $status: $(cat messages)"
  grep -Eq '^crosslane: not enough memory: about [0-9.]+ GiB for the largest trial, [0-9.]+ GiB for 2 at a time; .* has [0-9.]+ [GM]iB free$' messages ||
    fail "$(cat messages)"
  grep -q "^the largest is 'a'; smaller layers, embeddings or batches need less$" messages ||
    fail "$(cat messages)"
  grep -q -e '^--allow-swap starts all the same' messages || fail "$(cat messages)"
  test ! -e runs || fail "something was written"

  timeout 60 "$program" sweep a.yaml --jobs 2 --dry-run > output 2> messages ||
    fail "--dry-run: $(cat messages)"
  grep -q '^memory: about [0-9.]* GiB for the largest trial, .*: the sweep needs --allow-swap$' output ||
    fail "$(cat output)"
  timeout 60 "$program" sweep a.yaml --dry-run --format json > planned.json 2> messages
  test "$(sed -n 's/^ *"memory_kib": \([0-9]*\),$/\1/p' planned.json | sort -n | head -n 1)" -gt 1006000000 ||
    fail "$(cat planned.json)"

  # What is recorded, or left out, needs none.
  timeout 60 "$program" sweep a.yaml --set sweep.constraint.max_parameters=1000 2> messages && fail "left out"
  if grep -q 'not enough memory' messages; then fail "$(cat messages)"; fi
}

allow_swap_goes_on() {
  gigantic
  status=0
  (ulimit -v 8000000 && timeout 60 "$program" sweep a.yaml --jobs 2 --allow-swap 2> messages) ||
    status=$?
  test "$status" = 1 || fail "status $status: $(cat messages)"
  grep -q 'out of memory' runs/a/trials/*.json || fail "$(cat messages)"
}

# Of a model whose layers count, and of one whose rows do.
the_estimate_of_memory_is_near_what_is_measured() {
  config a
  sed -i.bak -e 's/ratings: 2000/ratings: 50000/; s/users: 80, items: 90/users: 800, items: 900/' \
    -e '/^sweep:/,$d' -e '/^seeds/d' \
    -e 's/^    columns: .*/    columns: [age, user_id, item_id, user_history, genres]/' \
    -e 's/^train: .*/train: {epochs: 1, batch_size: 1000}/' a.yaml
  for tried in '1 [1024, 1023]' '1 []' '3 [1024, 1023]'; do
    hidden=${tried#* } threads=${tried%% *}
    "$program" sweep a.yaml --set "model.deep.hidden=$hidden" --threads "$threads" --dry-run \
      --format json > planned.json
    rm -rf runs
    sweep a.yaml --set "model.deep.hidden=$hidden" --threads "$threads"
    planned=$(sed -n 's/^ *"memory_kib": \([0-9]*\),$/\1/p' planned.json)
    measured=$(sed -n 's/^ *"peak_rss_kib": \([0-9]*\),$/\1/p' runs/a/trials/*.json)
    test $((planned * 10)) -ge $((measured * 9)) && test $((planned * 4)) -le $((measured * 5)) ||
      fail "hidden=$hidden, $threads threads: planned $planned KiB, measured $measured"
  done
}

the_first_failure_ends_the_sweep_when_asked() {
  # One architecture diverges; the other takes long.
  config a
  sed -i.bak -e 's/^train:.*/train: {epochs: 2000, optimizer: {name: sgd, learning_rate: 0.0001}}/' \
    -e '/^sweep:/,$d' a.yaml
  cat >> a.yaml <<END
sweep:
  method: list
  trials:
    - {label: long}
    - {label: bad, train.optimizer.learning_rate: 100}
END
  status=0
  "$program" sweep a.yaml --set 'seeds=[7]' --jobs 2 --fail-fast 2> messages || status=$?
  test "$status" = 1 || fail "status $status, not 1: $(cat messages)"
  grep -q '^crosslane: bad, seed 7 failed: diverged' messages || fail "$(cat messages)"
  test "$(find runs/a/trials -name '*.json' | wc -l)" = 1 || fail "the long trial was recorded"
  grep -q '"status": "failed"' runs/a/trials/*.json || fail "no failed record"
  test -s runs/a/results.db || fail "no index"
}

rerun_replaces_every_record() {
  config a && sweep a.yaml
  numbers runs/a > before
  for trial in runs/a/trials/*.json; do
    sed -i.bak 's/"started_at": ".*"/"started_at": "2000-01-01T00:00:00Z"/' "$trial"
    rm "$trial.bak"
  done
  sweep a.yaml --rerun
  test "$(trained)" = 4 || fail "trained $(trained), not 4"
  if grep -l 2000-01-01 runs/a/trials/*.json; then fail "records that were not replaced"; fi
  numbers runs/a | cmp - before
}

a_killed_rerun_loses_nothing() {
  config a && sweep a.yaml --set train.epochs=60
  numbers runs/a > before
  "$program" sweep a.yaml --set train.epochs=60 --rerun --jobs 1 2> first &
  first=$!
  wait_for '^\[1/4\]' first
  kill -9 "$first" 2> /dev/null || true
  wait "$first" 2> /dev/null || true
  numbers runs/a | cmp - before
}

too_large_architectures_are_left_out() {
  config a
  most=$("$program" sweep a.yaml --dry-run --format csv |
    awk -F, '/\[16, 8\]/ { if ($(NF - 7) > most) most = $(NF - 7) } END { print most }')
  "$program" sweep a.yaml --set "sweep.constraint.max_parameters=$most" --dry-run --trials > output
  test "$(grep -c ' left out$' output)" = 2 || fail "$(cat output)"
  grep -q '^2 trials, and 1 architecture left out' output || fail "$(cat output)"
  sweep a.yaml --set "sweep.constraint.max_parameters=$most"
  test "$(trained)" = 2 || fail "trained $(trained), not 2"
  grep -q '1 architecture left out' messages || fail "$(cat messages)"
  "$program" show runs/a --format csv > table
  if grep -q '\[32\]' table; then fail "left out, but shown: $(cat table)"; fi
  status=0
  "$program" sweep a.yaml --set sweep.constraint.max_parameters=1 2> messages || status=$?
  test "$status" = 2 || fail "all left out: status $status"
}

# No architecture is named before all of its seeds are there.
the_best_so_far_is_a_mean_over_seeds() {
  config a && sweep a.yaml --jobs 1
  if grep '^\[1/4\]' messages | grep -q best; then fail "best of one seed: $(cat messages)"; fi
  first=$(sed -n 's/^\[2\/4\].*best validation MSE \([0-9.]*\).*/\1/p' messages)
  mean=$(sed -n 's/^\[[12]\/4\].*, validation \([0-9.]*\) .*/\1/p' messages |
    awk '{ sum += $1 } END { print sum / NR }')
  awk -v a="$first" -v b="$mean" 'BEGIN { exit !(a > 0 && (a - b) ^ 2 < 0.00011 ^ 2) }' ||
    fail "best $first, mean $mean: $(cat messages)"
}

the_missing_best_is_said_once() {
  config a && sweep a.yaml --set data.split.validation=0
  test "$(grep -c 'no validation rows' messages)" = 1 || fail "$(cat messages)"
  if grep -q 'best validation' messages; then fail "$(cat messages)"; fi
  sweep a.yaml
  grep -q 'best validation MSE .* left' messages || fail "$(cat messages)"
}

bad_input_writes_nothing() {
  config a
  refuse() { # STATUS PATTERN ARGUMENT...
    expected=$1 pattern=$2
    shift 2
    status=0
    "$program" "$@" > output 2> messages || status=$?
    test "$status" = "$expected" || fail "$*: status $status, not $expected: $(cat messages)"
    grep -q -e "$pattern" messages || fail "$*: $(cat messages)"
    test ! -s output || fail "$*: something on standard output"
    test ! -e runs || fail "$*: something was written"
  }
  refuse 2 "nothere.yaml" sweep nothere.yaml
  refuse 2 "unknown command 'swep'" swep a.yaml
  refuse 2 "did you mean 'sweep'" swep a.yaml
  refuse 2 "unknown option '--job'" sweep a.yaml --job 2
  refuse 2 "whole number from 1" sweep a.yaml --jobs 0
  refuse 2 "needs a value" sweep a.yaml --jobs
  refuse 2 "unknown instruction set 'sse'" sweep a.yaml --isa sse
  refuse 2 "what runs here: scalar" sweep a.yaml --isa sse
  refuse 2 "did you mean 'epochs'" sweep a.yaml --set train.epoch=3
  refuse 3 "fetch-movielens" sweep a.yaml --set data.source=movielens --data nowhere
  refuse 3 "fetch-movielens 100k nowhere" sweep a.yaml --set data.source=movielens --data nowhere
  refuse 3 "fetch-movielens 25m no/ml-25m" sweep a.yaml --set data.source=movielens --data no/ml-25m
  refuse 2 "no such folder" show runs/a
  printf 'schema: 1\nname: a\nmodel:\n\tdeep: {}\n' > tab.yaml
  refuse 2 "tab.yaml:4:1" sweep tab.yaml
  sed 's/dropout: 0.2/drop_out: 0.2/' a.yaml > key.yaml
  refuse 2 "key.yaml:12:5: unknown key 'drop_out'" sweep key.yaml
  sed 's/epochs: 3/epochs: three/' a.yaml > type.yaml
  refuse 2 "type.yaml:13:17: .*'three'" sweep type.yaml
  sed 's/gender, occupation/gender, occupaton/' a.yaml > column.yaml
  refuse 2 "did you mean 'occupation'" sweep column.yaml
  printf 'name: again\n' | cat a.yaml - > twice.yaml
  refuse 2 "twice.yaml:19:1" sweep twice.yaml
}

"$case"
echo "passed: $case"
