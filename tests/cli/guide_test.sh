#!/usr/bin/env bash
# shellcheck disable=SC2317  # cases are called by their names
# Help, man pages and completions as they are installed: guide_test.sh PROGRAM
# CASE. 77, meson's "skipped", where what reads them is not installed.
set -euo pipefail

program=$1
unset CROSSLANE_DATA
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null
}

completions_are_accepted_by_their_shells() {
  for shell in bash zsh fish; do
    "$program" help completion "$shell" >answers
    test -s answers || fail "$shell: empty"
    if has "$shell"; then
      "$shell" -n answers || fail "$shell does not read it"
    fi
  done
  status=0
  "$program" help completion tcsh 2>messages || status=$?
  test "$status" = 2 || fail "tcsh: status $status"
  grep -q "expected bash, zsh or fish, found 'tcsh'" messages || fail "$(cat messages)"
}

# offers WORDS EXPECTED...: the answers for the last word are, among others,
# EXPECTED; with ! before it, one is not.
offers() {
  local line=$1 answers word
  shift
  answers=$(answer "$line")
  for word; do
    case $word in
      !*) ! grep -qxF -e "${word#!}" <<<"$answers" || fail "$line: ${word#!} in: $answers" ;;
      *) grep -qxF -e "$word" <<<"$answers" || fail "$line: no $word in: $answers" ;;
    esac
  done
}

offer_commands_options_and_values() {
  mkdir folder
  touch a.yaml b.json
  offers 'crosslane ' sweep data help !check --version
  offers 'crosslane data ' check synth !sweep
  offers 'crosslane sweep --' --fail-fast --set --help !--sort
  offers 'crosslane data synth --' --users !--jobs
  offers 'crosslane bench --' --quick !--child
  offers 'crosslane sweep --format ' text csv json !markdown
  offers 'crosslane show --format ' markdown
  offers 'crosslane show --sort ' validation_mse
  offers 'crosslane evaluate --split ' test all
  offers 'crosslane sweep --isa ' auto scalar !all
  offers 'crosslane bench --isa ' all scalar
  offers 'crosslane plot --format svg,' svg,png !png
  offers 'crosslane sweep --set train.' train.epochs=
  offers 'crosslane help completion ' zsh
}

bash_offers_commands_options_and_values() {
  "$program" help completion bash >answers
  # shellcheck disable=SC1091
  . ./answers
  answer() {
    local line=$1
    read -ra COMP_WORDS <<<"$line"
    case $line in *' ') COMP_WORDS+=('') ;; esac
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _crosslane
    printf '%s\n' "${COMPREPLY[@]}"
  }
  offer_commands_options_and_values
  offers 'crosslane sweep ' a.yaml folder !b.json
  offers 'crosslane plot ' b.json folder !a.yaml
  offers 'crosslane sweep --out ' folder !a.yaml
}

fish_offers_commands_options_and_values() {
  has fish || {
    echo 'skipped: no fish'
    exit 77
  }
  "$program" help completion fish >answers
  answer() {
    # shellcheck disable=SC2016
    HOME=$folder fish --no-config -c 'source answers; complete -C $argv[1]' "$1" | cut -f1
    if [ "$1" = 'crosslane ' ]; then echo --version; fi # offered after a dash alone
  }
  offer_commands_options_and_values
}

man_pages_have_no_warnings() {
  if ! has groff; then
    echo 'skipped: no groff'
    exit 77
  fi
  for page in man config-man 'man sweep' 'man launch slurm' 'man show' 'man predict' \
    'man data check' 'man bench'; do
    # shellcheck disable=SC2086  # words
    "$program" help $page >shown.1
    groff -k -ww -mdoc -Tutf8 shown.1 >shown 2>messages || fail "$page: $(cat messages)"
    test ! -s messages || fail "$page: $(cat messages)"
  done
  "$program" help man | groff -k -mdoc -Tutf8 -P-cbou >shown
  for heading in NAME SYNOPSIS DESCRIPTION ENVIRONMENT FILES 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
    grep -q "^$heading" shown || fail "no $heading"
  done
  "$program" help man data check | groff -k -mdoc -Tutf8 -P-cbou >shown
  grep -q '^ *crosslane-data-check . check a data set, and list its columns$' shown ||
    fail "$(cat shown)"
  grep -q '^ *crosslane data check PATH' shown || fail "$(cat shown)"
}

help_is_found_by_topic() {
  "$program" help >overview
  "$program" --help | cmp - overview
  "$program" -h | cmp - overview
  "$program" help data synth >one
  "$program" data synth --help | cmp - one
  "$program" sweep --jobs -h | cmp - <("$program" help sweep)
  "$program" help data >both
  grep -q '^usage: crosslane data check PATH' both || fail "$(cat both)"
  grep -q '^usage: crosslane data synth' both || fail "$(cat both)"
  "$program" data --help | cmp - both
  if awk 'length > 80' overview one both | grep -v '^  crosslane '; then fail 'a line is too long'; fi
  for topic in sweeps 'sweep me' 'data make'; do
    status=0
    # shellcheck disable=SC2086  # words
    "$program" help $topic >output 2>messages || status=$?
    test "$status" = 2 || fail "$topic: status $status"
    grep -q "no help on '$topic'" messages || fail "$(cat messages)"
  done
  status=0
  "$program" data chek DIR >output 2>messages || status=$?
  test "$status" = 2 || fail "status $status"
  grep -q "data: expected check or synth, found 'chek'" messages || fail "$(cat messages)"
  grep -q "did you mean 'check'?" messages || fail "$(cat messages)"
  status=0
  "$program" >output 2>messages || status=$?
  test "$status" = 2 || fail "status $status"
  test ! -s output || fail 'help that nobody asked for'
  cmp messages overview
}

# The places of choices are the values of enums that other rooms have.
a_first_experiment_has_any_name_that_a_config_has() {
  "$program" init 'my thesis: one' >said 2>messages || fail "$(cat messages)"
  grep -qF 'my-thesis-one.yaml: written; train it with: crosslane sweep my-thesis-one.yaml' said ||
    fail "$(cat said)"
  grep -qF 'crosslane show runs/my-thesis-one' my-thesis-one.yaml || fail "$(cat my-thesis-one.yaml)"
  "$program" sweep my-thesis-one.yaml --dry-run >out 2>messages || fail "$(cat messages)"
  "$program" sweep my-thesis-one.yaml --set train.epochs=1 --set 'seeds=[1]' --quiet 2>messages ||
    fail "$(cat messages)"
  "$program" show runs/my-thesis-one | head -n 1 | grep -q '^my thesis: one' || fail 'another name'
  for name in '...' "$(printf 'a\nb')"; do
    if "$program" init "$name" >said 2>messages; then fail "'$name' was taken"; fi
    grep -q 'cannot be the name of an experiment' messages || fail "$(cat messages)"
  done
}

every_choice_means_what_it_says() {
  cat >a.yaml <<END
schema: 1
name: a
data:
  source: synthetic
  synthetic: {users: 60, items: 80, ratings: 2000, seed: 1}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, genre], hidden: [4]}}
train: {epochs: 1, save: all}
seeds: [1]
END
  "$program" sweep a.yaml 2>messages || fail "$(cat messages)"
  models=(runs/a/models/*)
  model=${models[0]}
  is() { # FORMAT ARGUMENT...: what begins so
    local format=$1 found=text
    shift
    "$program" "$@" --format "$format" >output 2>messages || fail "$(cat messages)"
    if head -n 1 output | grep -q '^[[{]$'; then found=json; fi
    if head -n 1 output | tr -d "\r" | grep -qE '^[a-z_]+(,[a-z_]+)+$'; then found=csv; fi
    if grep -q '^|' output; then found=markdown; fi
    test $found = "$format" || fail "$* --format $format: $found: $(cat output)"
  }
  for format in text csv json; do
    is $format show runs/a
    is $format sweep a.yaml --dry-run
    is $format evaluate "$model"
    is $format predict "$model" --set age=30
  done
  is markdown show runs/a
  for split in test validation train all; do
    "$program" evaluate "$model" --split $split --format csv | grep -q "^all,$split," ||
      fail "$("$program" evaluate "$model" --split $split --format csv)"
  done
}

every_example_of_a_config_can_be_swept() {
  folder=$(mktemp -d)
  cd "$folder"
  "$program" data synth --out data --users 300 --items 400 --ratings 5000 > /dev/null
  "$program" data synth --form csv --out shop --users 300 --items 400 --ratings 5000 > /dev/null
  for example in sweep:18 crosses:9 search:20 folds:10 csv:1; do
    name=${example%:*} data=data
    if [ "$name" = csv ]; then data=shop; fi
    "$program" help config --example "$name" > "$name.yaml"
    "$program" sweep "$name.yaml" --data "$data" --dry-run > plan || fail "$name is refused"
    grep -q "^${example#*:} trial" plan || fail "$name: $(cat plan)"
  done
  status=0
  "$program" help sweep --example csv 2> messages || status=$?
  [ "$status" = 2 ] || fail "--example of a command: status $status"
  cd / && rm -rf "$folder"
}

"$2"
