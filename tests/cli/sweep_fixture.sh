# A small sweep in a folder of its own; for tests that have set $program.
# shellcheck shell=sh disable=SC2154
unset CROSSLANE_DATA SLURM_CPUS_PER_TASK SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_MIN \
  SLURM_ARRAY_TASK_MAX SLURM_ARRAY_TASK_COUNT
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# config NAME [LINES]: a small sweep of two architectures and two seeds
config() {
  cat > "$1.yaml" <<END
schema: 1
name: $1
data:
  source: synthetic
  synthetic: {users: 80, items: 90, ratings: 2000, seed: 4}
  split: {method: random, test: 0.2, validation: 0.1}
model:
  wide: {crosses: [[gender, genre]]}
  deep:
    columns: [age, gender, occupation, genre]
    hidden: [16, 8]
    dropout: 0.2
train: {epochs: 3}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[16, 8], [32]]}
END
}

sweep() {
  "$program" sweep "$@" 2> messages || { cat messages >&2; return 1; }
}

trained() { # how many the last sweep trained
  sed -n 's/^\([0-9]*\) trained.*/\1/p' messages
}

# numbers FOLDER: what must not depend on ISA, jobs or time
numbers() {
  cat "$1"/trials/*.json | grep -E '^  "(key|mse|mae|train_mse|validation_mse|weights_digest)":'
}

wait_for() { # PATTERN FILE: until a line of it matches
  tries=0
  while ! grep -q "$1" "$2" 2> /dev/null; do
    tries=$((tries + 1))
    test $tries -lt 1000 || fail "no '$1' in $2: $(cat "$2")"
    sleep 0.01
  done
}
