#!/bin/bash
# A sweep as job arrays of Slurm, whose programs are replaced: launch_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
# shellcheck source=tests/cli/sweep_fixture.sh
. "$(dirname "$0")/sweep_fixture.sh"
# shellcheck source=tests/cli/slurm_fixture.sh
. "$(dirname "$0")/slurm_fixture.sh"

launch() {
  "$program" launch slurm "$@" > printed 2> messages || { cat messages >&2; return 1; }
}

# refuse STATUS PART ARGUMENT...: that exit status, and a message with PART
refuse() {
  expected=$1 part=$2
  shift 2
  status=0
  "$program" "$@" > printed 2> messages || status=$?
  test "$status" = "$expected" || fail "$*: status $status: $(cat messages)"
  grep -q -e "$part" messages || fail "'$part' is not in: $(cat messages)"
}

# results FOLDER: the table to the last digit, without the name of the folder and times
results() {
  "$program" show "$1" --format json | grep -Ev '"(run|cpu_seconds|seconds)":'
}

# states RUN: "STATE COUNT", of its tasks
states() {
  "$program" launch status "$1" --format json > status.json
  grep -o '"state": "[a-z ]*"' status.json | sort | uniq -c | awk '{ print $3, $1 }' | tr -d '"' |
    paste -sd, -
}

five_thousand_trials_are_five_arrays() {
  config a
  seeds=$(seq -s, 1 1000)
  launch a.yaml --set "seeds=[$seeds]" --trials-per-task 1 --dry-run \
    --set 'sweep.parameters={train.epochs: {values: [1, 2, 3, 4, 5]}}'
  grep -q '^5000 trials in 5000 tasks' messages || fail "$(cat messages)"
  test "$(grep -c '^#SBATCH --array=1-1000$' printed)" = 5 || fail "$(grep -e --array= printed)"
  # The index is capped, not the count of tasks: offsets name the shards.
  for offset in 0 1000 2000 3000 4000; do
    grep -qx "shard=\$((SLURM_ARRAY_TASK_ID + $offset))" printed || fail "no offset $offset"
  done
  test "$(grep -c -F -e '/5000" \' printed)" = 5 || fail "$(grep -e --shard printed)"
  grep -q '^# Shards 4001 to 5000 of 5000' printed || fail "$(grep '^# Shards' printed)"
  test "$(sent)" = 0 || fail "something was submitted"
  test ! -e runs || fail "something was written"
}

# A cluster that takes fewer: 4 shards, at most 3 an array.
arrays_end_below_the_greatest_index() {
  config a
  echo 'MaxArraySize = 4' > slurm/config
  launch a.yaml --trials-per-task 1
  grep -qx 'job 101: array-1.sbatch, 3 of its tasks' printed || fail "$(cat printed)"
  grep -qx 'job 102: array-2.sbatch, 1 of its tasks' printed || fail "$(cat printed)"
  grep -qx 'job 103: merge.sbatch, after them' printed || fail "$(cat printed)"
  grep -q -e '^sbatch --parsable --array=1-3 /.*/runs/a/launch/array-1.sbatch$' slurm/calls || fail "$(cat slurm/calls)"
  grep -q -e '^sbatch --parsable --array=1 /.*array-2.sbatch$' slurm/calls || fail "$(cat slurm/calls)"
  grep -q -e '^sbatch --parsable --dependency=afterany:101:102 /.*merge.sbatch$' slurm/calls || fail "$(cat slurm/calls)"
  run_queue
  for shard in 1 2 3 4; do
    test "$(find runs/a/launch/shards/$shard-of-4/trials -name '*.json' | wc -l)" = 1 || fail "shard $shard"
  done
}

a_launched_sweep_is_the_whole_one() {
  config a && sweep a.yaml --out whole
  launch a.yaml --trials-per-task 2
  run_queue
  numbers whole > expected
  numbers runs/a | cmp - expected
  results whole > table
  results runs/a | cmp - table
  test "$(states runs/a)" = 'done 2' || fail "$(states runs/a)"
  # Nothing is left: for another launch, and for a sweep.
  before=$(sent)
  launch a.yaml --trials-per-task 2
  test "$(sent)" = "$before" || fail "$(cat slurm/calls)"
  test ! -s printed || fail "$(cat printed)"
  grep -q '4 recorded, 0 tasks submitted' messages || fail "$(cat messages)"
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained $(trained)"
}

# Each job has ended before sbatch returns: the run folder is not locked by the launch.
a_cluster_may_be_faster_than_the_launch() {
  config a && sweep a.yaml --out whole
  cat > slurm/bin/sbatch <<'END'
#!/bin/bash
for script; do :; done
echo "sbatch $*" >> "$SLURM_FAKE/calls"
case $script in
  */merge.sbatch) sh "$script" > "$SLURM_FAKE/merge.log" 2>&1 ;;
  *) for index in 1 2; do SLURM_ARRAY_TASK_ID=$index bash "$script" > "$SLURM_FAKE/task.log" 2>&1; done ;;
esac
grep -c '^sbatch' "$SLURM_FAKE/calls"
END
  launch a.yaml --trials-per-task 2
  numbers whole > expected
  numbers runs/a | cmp - expected || fail "$(cat slurm/merge.log)"
}

the_script_has_what_the_launcher_says() {
  config a
  cat >> a.yaml <<'END'
launcher:
  partition: short
  account: physics
  cpus_per_task: 4
  array_parallelism: 7
  setup: [module load gcc/12, "export A='b c'"]
  sbatch: ["--constraint=avx512&bigmem"]
END
  mkdir -p "with space"
  launch a.yaml --partition long --qos high --time 1-02:30:00 --mem 4G --out "with space/r" --dry-run
  for line in '#SBATCH --partition=long' '#SBATCH --account=physics' '#SBATCH --qos=high' \
    '#SBATCH --time=1-02:30:00' '#SBATCH --mem=4G' '#SBATCH --cpus-per-task=4' \
    '#SBATCH --array=1-1%7' '#SBATCH --constraint=avx512&bigmem' '#SBATCH --requeue' \
    '#SBATCH --open-mode=append' '#SBATCH --signal=B:TERM@60' 'module load gcc/12' \
    "export A='b c'" "launch='$folder/with space/r/launch'"; do
    grep -qxF -e "$line" printed || fail "no '$line' in: $(cat printed)"
  done
  if grep -q short printed; then fail "the option does not replace the key"; fi
  # The trials are the same ones.
  "$program" sweep a.yaml --dry-run --format csv 2> messages | cut -d, -f1 | sort > with
  config a
  "$program" sweep a.yaml --dry-run --format csv 2> messages | cut -d, -f1 | sort | cmp - with
}

short_trials_are_put_together() {
  config a
  # Two models of 1072 and 1664 FLOP a row and 1440 rows, with two seeds each, cost
  # 2 * (3072 + 3664) * 1440 = 1.94e7 an epoch.
  launch a.yaml --dry-run --gflops 1 --task-minutes 1
  grep -q '^4 trials in 1 task of less than a second' messages || fail "$(cat messages)"
  # 155 s of 10^9 each are two minutes and a half.
  launch a.yaml --dry-run --gflops 1 --task-minutes 1 --set train.epochs=8000
  grep -q '^4 trials in 3 tasks of about 52 s' messages || fail "$(cat messages)"
  launch a.yaml --dry-run --gflops 2 --task-minutes 1 --set train.epochs=8000
  grep -q '^4 trials in 2 tasks of about 39 s' messages || fail "$(cat messages)"
  # Never fewer trials in a task than cores.
  launch a.yaml --dry-run --gflops 1 --task-minutes 1 --set train.epochs=100000 --cpus-per-task 2
  grep -q '^4 trials in 2 tasks of' messages || fail "$(cat messages)"
  launch a.yaml --dry-run --gflops 1 --task-minutes 1 --set train.epochs=100000 --cpus-per-task 2 --threads 2
  grep -q '^4 trials in 4 tasks of' messages || fail "$(cat messages)"
  grep -q -e '-of-4" --threads 2$' printed || fail "$(cat printed)"
}

a_rejected_array_is_said_with_what_was_submitted() {
  config a
  echo 'MaxArraySize = 2' > slurm/config
  echo 3 > slurm/refuse
  refuse 1 'Invalid qos specification' launch slurm a.yaml --trials-per-task 1
  grep -q 'still so: job 101, 102;' messages || fail "$(cat messages)"
  grep -qx 'job 102: array-2.sbatch, 1 of its tasks' printed || fail "$(cat printed)"
  test "$(states runs/a)" = 'not 2,waiting 2' || fail "$(states runs/a)"
  # The same command submits the rest, and a merge after all of them.
  rm slurm/refuse
  launch a.yaml --trials-per-task 1
  grep -q '2 tasks submitted, 2 in the queue before' messages || fail "$(cat messages)"
  tail -n 1 slurm/calls | grep -q -e '--dependency=afterany:101:102:104:105 ' || fail "$(cat slurm/calls)"
  run_queue
  test "$(find runs/a/trials -name '*.json' | wc -l)" = 4 || fail "$(ls runs/a/trials)"
}

a_launch_again_submits_what_is_missing() {
  config a && sweep a.yaml --out whole
  launch a.yaml --trials-per-task 1 --array-parallelism 2
  run_task 101 2 && run_task 101 4
  # Task 1 and 3 are lost, with a part of a file.
  grep -v '^101|' slurm/queue > rest || true
  mv rest slurm/queue
  mkdir -p runs/a/launch/shards/1-of-4/trials
  : > runs/a/launch/shards/1-of-4/trials/x.json.1.crosslane-tmp
  test "$(states runs/a)" = 'done 2,failed 2' || fail "$(states runs/a)"
  launch a.yaml --trials-per-task 1 --array-parallelism 2
  grep -q -e '--array=1,3%2 ' slurm/calls || fail "$(cat slurm/calls)"
  # The first merge still waits: the second is after it.
  tail -n 1 slurm/calls | grep -q -e '--dependency=afterany:102:103 ' || fail "$(cat slurm/calls)"
  run_queue
  numbers whole > expected
  numbers runs/a | cmp - expected
}

# More seeds: other tasks, and what is recorded is not trained again.
a_larger_config_goes_on_from_the_records() {
  config a && sweep a.yaml --set 'seeds=[1, 2, 3]' --out whole
  launch a.yaml --trials-per-task 2
  refuse 2 'jobs of an earlier launch' launch slurm a.yaml --set 'seeds=[1, 2, 3]' --trials-per-task 3
  run_queue
  launch a.yaml --set 'seeds=[1, 2, 3]' --trials-per-task 3
  run_queue
  cat job-10[3-9]_*.log > logs
  test "$(sed -n 's/^\([0-9]*\) trained.*/\1/p' logs | awk '{ sum += $1 } END { print sum }')" = 2 || fail "$(cat logs)"
  numbers whole > expected
  numbers runs/a | cmp - expected
  results whole > table
  results runs/a | cmp - table
}

no_more_jobs_are_submitted_than_the_cluster_takes() {
  config a
  printf '3\n\n' > slurm/limits
  launch a.yaml --trials-per-task 1
  grep -q '^2 tasks are left: the cluster lets you have 3 jobs at a time' messages || fail "$(cat messages)"
  test "$(wc -l < slurm/queue)" = 3 || fail "$(cat slurm/queue)"
  run_queue
  launch a.yaml --trials-per-task 1
  run_queue
  test "$(find runs/a/trials -name '*.json' | wc -l)" = 4 || fail "$(ls runs/a/trials)"
}

status_tells_by_queue_and_records() {
  config a
  launch a.yaml --trials-per-task 1
  run_task 101 2
  sed -i 's/^101|3|PENDING/101|3|RUNNING/; /^101|4|/d' slurm/queue
  printf '101_1|PENDING\n101_4|TIMEOUT\n' > slurm/ends
  "$program" launch status runs/a > status
  grep -qx 'runs/a: 4 trials in 4 tasks' status || fail "$(cat status)"
  grep -qx 'tasks:  1 waiting, 1 running, 1 done, 1 failed' status || fail "$(cat status)"
  grep -qx 'trials: 1 recorded (25 %), 0 of them failed, 3 to go' status || fail "$(cat status)"
  grep -qx '1 recorded trial is not merged into runs/a yet' status || fail "$(cat status)"
  grep -qx 'task 4: 0 of 1 trials recorded, 0 failed, ended as TIMEOUT: runs/a/launch/logs/101_4.log' status || fail "$(cat status)"
  grep -q '^about .* left, on the 1 core of the tasks that run now$' status || fail "$(cat status)"
  test "$(states runs/a)" = 'done 1,failed 1,running 1,waiting 1' || fail "$(states runs/a)"
  # Without the programs of Slurm, and where they fail, the records tell.
  PATH=$folder "$program" launch status runs/a > status
  grep -qx 'tasks:  1 done, 3 unknown' status || fail "$(cat status)"
  printf '#!/bin/sh\necho "cannot reach it" >&2\nexit 1\n' > slurm/bin/squeue
  "$program" launch status runs/a > status 2> messages
  grep -qx 'crosslane: warning: squeue failed: cannot reach it' messages || fail "$(cat messages)"
  grep -qx 'tasks:  1 done, 3 unknown' status || fail "$(cat status)"
  refuse 2 'was not launched' launch status .
}

cancel_ends_what_is_in_the_queue() {
  config a
  launch a.yaml --trials-per-task 2
  echo '7|N/A|RUNNING' >> slurm/queue
  run_task 101 1
  "$program" launch cancel runs/a > printed
  printf 'job 101: cancelled\njob 102: cancelled\n' | cmp - printed || fail "$(cat printed)"
  test "$(cat slurm/queue)" = '7|N/A|RUNNING' || fail "$(cat slurm/queue)"
  test "$(states runs/a)" = 'done 1,failed 1' || fail "$(states runs/a)"
  "$program" launch cancel runs/a > printed
  grep -q 'no job of it waits or runs' printed || fail "$(cat printed)"
}

failed_trials_are_trained_again_when_asked() {
  config a
  # Steps of 100 through 14 layers: float overflows.
  sed -i.bak -e 's/^train:.*/train: {epochs: 3, optimizer: {learning_rate: 100}}/' \
    -e 's/values: .*/values: [[9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]]}/' a.yaml
  launch a.yaml --trials-per-task 1
  run_task 101 1 && fail "a failed trial is not status 0"
  run_task 101 2 && fail "a failed trial is not status 0"
  run_task 102 N/A
  "$program" launch status runs/a > status
  grep -qx 'tasks:  2 failed' status || fail "$(cat status)"
  grep -qx "'crosslane launch slurm --retry-failed' trains failed trials again" status || fail "$(cat status)"
  before=$(sent)
  launch a.yaml --trials-per-task 1
  test "$(sent)" = "$before" || fail "$(cat slurm/calls)"
  launch a.yaml --trials-per-task 1 --retry-failed
  grep -q -e '--array=1-2 ' slurm/calls || fail "$(cat slurm/calls)"
  grep -q -e ' --retry-failed$' runs/a/launch/array-1.sbatch || fail "$(cat runs/a/launch/array-1.sbatch)"
}

# halving NAME: five architectures, two seeds, rungs at epochs 2, 4 and 8
halving() {
  config "$1"
  sed -i.bak -e 's/epochs: 3/epochs: 12/' -e 's/values: .*/values: [[16, 8], [32], [], [64, 64], [8]]}/' \
    "$1.yaml"
  echo '  early_terminate: {type: hyperband, min_iter: 2, eta: 2}' >> "$1.yaml"
}

# run_all: what waits, and what is submitted by it
run_all() {
  while test -s slurm/queue; do run_queue; done
}

# as_here FOLDER RUN: the same records, to the same epochs, and the same table
as_here() {
  numbers "$1" > expected
  numbers "$2" | cmp - expected || fail "other numbers"
  results "$1" > table
  results "$2" | cmp - table || fail "another table"
  for trial in "$1"/trials/*.json; do
    other=$2/trials/$(basename "$trial")
    test "$(grep '"status":' "$trial")" = "$(grep '"status":' "$other")" || fail "$other: another status"
    test "$(grep -c '"epoch":' "$trial")" = "$(grep -c '"epoch":' "$other")" || fail "$other: other epochs"
  done
}

a_launched_sweep_goes_from_rung_to_rung() {
  halving a && sweep a.yaml --out whole
  launch a.yaml --trials-per-task 5
  grep -q '^rung 1 of 4, to epoch 2: 10 trials in 2 tasks' messages || fail "$(cat messages)"
  run_task 101 1 && run_task 101 2
  "$program" launch status runs/a > status
  grep -qx 'runs/a: rung 1 of 4, 10 trials in 2 tasks' status || fail "$(cat status)"
  grep -qx 'trials: 10 recorded (100 %), 0 of them failed, 0 to go' status || fail "$(cat status)"
  grep -q 'the merge submits the next rung' status || fail "$(cat status)"
  # Nobody goes on before what decides is merged.
  launch a.yaml --trials-per-task 5
  grep -q '^rung 1 of 4.* 0 tasks submitted' messages || fail "$(cat messages)"
  run_task 102 N/A
  grep -q '^rung 2 of 4, to epoch 4: 6 trials' job-102.log || fail "$(cat job-102.log)"
  test "$(sed -n '/"trials"/,$p' runs/a/launch/rung-2.json | grep -o '"[0-9a-f]\{16\}"' | wc -l)" = 6 || fail "$(cat runs/a/launch/rung-2.json)"
  run_all
  as_here whole runs/a
  "$program" launch status runs/a > status
  grep -qx 'runs/a: rung 4 of 4, 2 trials in 2 tasks' status || fail "$(cat status)"
  grep -qx 'tasks:  2 done' status || fail "$(cat status)"
  # Nothing is left: for another launch, and for a sweep.
  before=$(sent)
  launch a.yaml --trials-per-task 5
  test "$(sent)" = "$before" || fail "$(cat slurm/calls)"
  sweep a.yaml
  test "$(trained)" = 0 || fail "trained $(trained)"
}

# lose JOB INDEX: a task that is killed
lose() {
  grep -v "^$1|$2|" slurm/queue > slurm/rest || true
  mv slurm/rest slurm/queue
}

trials_of_a_killed_task_are_submitted_again() {
  halving a && sweep a.yaml --out whole
  launch a.yaml --trials-per-task 5
  run_task 101 1
  lose 101 2
  run_task 102 N/A
  grep -q '^rung 1 of 4.*1 task submitted' job-102.log || fail "$(cat job-102.log)"
  grep -q -e '--array=2 ' slurm/calls || fail "$(cat slurm/calls)"
  # Killed again, with nothing new: it is left to a person.
  lose 103 2
  before=$(sent)
  run_task 104 N/A && fail "nothing new is not status 0"
  grep -q '^nothing new was recorded' job-104.log || fail "$(cat job-104.log)"
  test "$(sent)" = "$before" || fail "$(cat slurm/calls)"
  launch a.yaml --trials-per-task 5
  run_all
  as_here whole runs/a
}

rungs_go_on_from_checkpoints() {
  halving a
  sed -i.bak 's/^train: {/train: {checkpoint: {minutes: 10}, /' a.yaml
  sweep a.yaml --out whole
  launch a.yaml --trials-per-task 5
  run_all
  as_here whole runs/a
  grep -q ' from a checkpoint' job-*.log || fail "all from the start"
}

a_list_of_another_sweep_is_refused() {
  halving a
  launch a.yaml --trials-per-task 5
  list=runs/a/launch/rung-1.json
  asked="--shard 1/2 --out part --rung $list"
  # shellcheck disable=SC2086
  {
    refuse 3 "$list: the list of a rung of another sweep" sweep a.yaml $asked --set 'seeds=[1, 3]'
    refuse 3 'of another sweep' sweep a.yaml $asked --set sweep.early_terminate.min_iter=3
    refuse 3 'of a rung with other data' sweep a.yaml $asked --set data.synthetic.seed=5
    refuse 2 'is for a sweep with sweep.early_terminate' sweep a.yaml $asked \
      --set sweep.early_terminate=null
    refuse 2 'rung needs --shard' sweep a.yaml --rung "$list"
    refuse 2 "'crosslane launch slurm'" sweep a.yaml --shard 1/2 --out part
    cp $list kept
    sed -i.bak 's/"numerics_version": [0-9]*/"numerics_version": 999/' $list
    refuse 3 'a version of Crosslane with other numbers' sweep a.yaml $asked
    key=$(sed -n '3s/^[0-9]*\t\([0-9a-f]*\)\t.*/\1/p' runs/a/launch/plan.tsv)
    sed "s/$key/0123456789abcdef/" kept > $list
    refuse 3 'names trial 0123456789abcdef' sweep a.yaml $asked
    sed -e "s/\"$key\", //" -e "s/, \"$key\"//" -e "/^ *\"$key\",*$/d" kept > $list
    refuse 3 'not all seeds and folds' sweep a.yaml $asked
    sed 's/"rung": 1/"rung": 5/' kept > $list
    refuse 3 'a rung that the sweep has not' sweep a.yaml $asked
    test ! -e part || fail "something was written"
    cp kept $list
    sweep a.yaml $asked
  }
  grep -q '^rung 1 of 4, to epoch 2: 5 architectures, shard 1/2' messages || fail "$(cat messages)"
  test "$(trained)" = 5 || fail "trained $(trained)"
}

# What the merge would refuse, before anything is trained.
records_that_cannot_be_merged_are_refused_first() {
  config a
  sweep a.yaml --set 'seeds=[1]'
  record=$(find runs/a/trials -name '*.json' | head -n 1)
  shard=runs/a/launch/shards/1-of-2
  mkdir -p "$shard/trials" runs/a/launch/shards/2-of-2 # the second task died when it began
  "$FORGE" "$record" "$shard/trials" 0 'data.digest="00000000000000ff"'
  refuse 3 'trained on other data than .*digest 00000000000000ff against' launch slurm a.yaml
  "$FORGE" "$record" "$shard/trials" 0 numerics_version=99
  refuse 3 'numerics version 99, and' launch slurm a.yaml
  "$FORGE" "$record" "$shard/trials" 0 schema=1
  refuse 3 'a record of Crosslane 0.1' launch slurm a.yaml
  "$FORGE" "$record" "$shard/trials" 0 'weights_digest="00000000000000ff"'
  refuse 3 'other numbers than in' launch slurm a.yaml
  rm -r "$shard"
  # Those in the run folder agree with each other, but not with what will be trained.
  refuse 3 'other data than those of this launch: digest' launch slurm a.yaml \
    --set data.synthetic.seed=5
  "$FORGE" "$record" runs/a/trials 0 numerics_version=99
  find runs/a/trials -name '*.json' ! -path "$record" -delete
  refuse 3 'numerics version 99, and 3 in this Crosslane' launch slurm a.yaml
  test "$(sent)" = 0 || fail "something was submitted"
  test ! -e runs/a/launch/plan.tsv || fail "something was written"
  rm "$record"
  launch a.yaml
  test "$(sent)" -gt 0 || fail "nothing was submitted"
}

what_cannot_be_launched_is_refused() {
  config a
  refuse 2 "expected null, or a text without blanks" launch slurm a.yaml --partition 'a b'
  refuse 2 "an option of sbatch" launch slurm a.yaml --sbatch 'rm -rf x'
  refuse 2 "expected one line" launch slurm a.yaml --setup 'a
b'
  refuse 2 'bayes draws each round' launch slurm a.yaml --set sweep.method=bayes \
    --set sweep.run_cap=2 --set sweep.seed=1
  path=$PATH
  PATH=$folder
  status=0
  "$program" launch slurm a.yaml 2> messages || status=$?
  "$program" launch slurm a.yaml --dry-run > printed 2> more
  PATH=$path
  test $status = 1 || fail "status $status"
  grep -q 'cannot run scontrol' messages || fail "$(cat messages)"
  grep -q "no scontrol here: MaxArraySize is taken to be 1001" more || fail "$(cat more)"
  printf '#!/bin/sh\necho "cannot reach it" >&2\nexit 1\n' > slurm/bin/scontrol
  refuse 1 'scontrol failed: cannot reach it' launch slurm a.yaml
  launch a.yaml --dry-run
  grep -q "cannot reach it: MaxArraySize is taken to be 1001" messages || fail "$(cat messages)"
  test ! -e runs || fail "something was written"
}

"$case"
echo "passed: $case"
