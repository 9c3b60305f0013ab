# A Slurm that is none, in a folder of its own: sbatch, scontrol, squeue, scancel that keep
# what they are asked in files. For tests that have sourced sweep_fixture.sh.
# shellcheck shell=sh disable=SC2154
#
#   slurm/config   what `scontrol show config` prints
#   slurm/calls    each call of a program, a line
#   slurm/queue    JOB|INDEX|STATE, as squeue prints it
#   slurm/jobs     JOB SCRIPT LIST, of each job that was submitted
#   slurm/refuse   of how many calls of sbatch the last one is refused
mkdir -p slurm/bin
export SLURM_FAKE="$folder/slurm"

cat > slurm/bin/scontrol <<'END'
#!/bin/sh
cat "$SLURM_FAKE/config"
END

cat > slurm/bin/sacctmgr <<'END'
#!/bin/sh
echo "sacctmgr $*" >> "$SLURM_FAKE/calls"
test -e "$SLURM_FAKE/limits" || { echo 'You are not running a supported accounting_storage plugin' >&2; exit 1; }
cat "$SLURM_FAKE/limits"
END

cat > slurm/bin/sbatch <<'END'
#!/bin/sh
echo "sbatch $*" >> "$SLURM_FAKE/calls"
count=$(grep -c '^sbatch' "$SLURM_FAKE/calls")
if test -e "$SLURM_FAKE/refuse" && test "$count" = "$(cat "$SLURM_FAKE/refuse")"; then
  echo 'sbatch: error: Batch job submission failed: Invalid qos specification' >&2
  exit 1
fi
list=-
for argument; do
  case $argument in --array=*) list=${argument#--array=} ;; esac
  script=$argument
done
job=$((100 + count))
echo "$job $script ${list%\%*}" >> "$SLURM_FAKE/jobs"
if test "$list" = -; then
  echo "$job|N/A|PENDING" >> "$SLURM_FAKE/queue"
else
  echo "${list%\%*}" | tr ',' '\n' | while IFS=- read -r first last; do
    seq "$first" "${last:-$first}"
  done | sed "s/.*/$job|&|PENDING/" >> "$SLURM_FAKE/queue"
fi
echo "$job;fake"
END

cat > slurm/bin/squeue <<'END'
#!/bin/sh
cat "$SLURM_FAKE/queue"
END

cat > slurm/bin/scancel <<'END'
#!/bin/sh
echo "scancel $*" >> "$SLURM_FAKE/calls"
grep -v "^$1|" "$SLURM_FAKE/queue" > "$SLURM_FAKE/rest" || true
mv "$SLURM_FAKE/rest" "$SLURM_FAKE/queue"
END

cat > slurm/bin/sacct <<'END'
#!/bin/sh
test -e "$SLURM_FAKE/ends" || { echo 'Slurm accounting storage is disabled' >&2; exit 1; }
cat "$SLURM_FAKE/ends"
END

chmod +x slurm/bin/*
printf 'MaxArrayTasks           = 7\nMaxArraySize            = 1001\nMaxJobCount             = 10000\n' \
  > slurm/config
: > slurm/queue
: > slurm/calls
PATH="$folder/slurm/bin:$PATH"

# run_task JOB INDEX: as the node would; INDEX N/A: a job that is no array
run_task() {
  script=$(awk -v job="$1" '$1 == job { print $2 }' slurm/jobs)
  grep -v "^$1|$2|" slurm/queue > slurm/rest || true
  mv slurm/rest slurm/queue
  if test "$2" = N/A; then
    sh "$script" > "job-$1.log" 2>&1
  else
    SLURM_ARRAY_TASK_ID=$2 SLURM_CPUS_PER_TASK=1 bash "$script" > "job-$1_$2.log" 2>&1
  fi
}

# run_queue: all that waits, in its order
run_queue() {
  while IFS='|' read -r job index state <&3; do
    run_task "$job" "$index" || fail "$job $index: $(cat job-"$job"*.log)"
  done 3<<END
$(cat slurm/queue)
END
}

sent() { grep -c '^sbatch' slurm/calls || true; }
