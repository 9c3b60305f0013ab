#!/bin/sh
# What wrong arguments are answered with: messages_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset CROSSLANE_DATA

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# refused STATUS MESSAGE ARGUMENT...: the message stands first, or is the line
# that it ends in.
refused() {
  expected=$1 message=$2
  shift 2
  status=0
  "$program" "$@" > output 2> messages || status=$?
  test "$status" = "$expected" || fail "$*: status $status: $(cat messages)"
  grep -qF -e "$message" messages || fail "$*: no '$message' in: $(cat messages)"
  test ! -s output || fail "$*: printed $(cat output)"
  tried=$((tried + 1))
}

wrong_arguments_are_told_from_each_other() {
  tried=0
  mkdir empty
  : > nothing
  echo hi > text
  cat > c.yaml <<'END'
schema: 1
name: c
data: {source: synthetic, synthetic: {users: 80, items: 90, ratings: 2000}}
model: {wide: {crosses: [[gender, genre]]}}
train: {epochs: 1}
END

  # What is not there, and what is of the wrong kind.
  refused 2 "'missing.json': no such file or folder" plot missing.json
  refused 2 "'missing.json': no such file or folder" plot missing.json empty
  refused 2 "'missing': no such folder" show missing
  refused 2 "'missing': no such folder" report missing
  refused 2 "'text' is a file, not the folder of a run" show text
  refused 2 "no run in 'empty': it has no trials/ folder" show empty
  refused 3 'text:1:2: not JSON: ' plot text
  refused 3 'nothing:1: not JSON: ' compare nothing nothing
  refused 3 'empty: is a folder, not a file' compare empty empty
  refused 3 'empty: is a folder, not a file' predict empty --set age=1

  # An empty text, as of a variable that is not set.
  for command in sweep show plot report predict evaluate 'data check'; do
    # shellcheck disable=SC2086 # words
    refused 2 ", found ''" $command ''
    # shellcheck disable=SC2086 # words
    grep -q "^crosslane: $command: expected [A-Z]" messages || fail "$command: $(cat messages)"
  done
  refused 2 "--out: expected DIR, found ''" sweep c.yaml --out ''
  refused 2 "--data: expected DIR, found ''" sweep c.yaml --data=
  refused 2 "--set: expected KEY=VALUE, found ''" sweep c.yaml --set ''
  refused 2 "--out: expected DIR, found ''" data synth --out ''

  # Where nothing can be written.
  refused 1 'text: is a file, not a folder' sweep c.yaml --out text
  refused 1 'text: is a file, not a folder' sweep c.yaml --out text/run
  refused 1 'text: is a file, not a folder' data synth --out text --users 20 --items 20 --ratings 50
  "$program" sweep c.yaml 2> /dev/null
  refused 1 'empty: is a folder, not a file' report runs/c --out empty
  refused 1 'crosslane: no/such/page.html: cannot create: ' report runs/c --out no/such/page.html

  # A command without the rest of it.
  refused 2 'data needs check or synth after it' data
  refused 2 "data: expected check or synth, found 'chek'" data chek
  refused 2 'usage: crosslane COMMAND' --

  # Advice that fits the command.
  refused 3 'crosslane sweep CONFIG --set data.source=synthetic' data check missing
  refused 2 'at most half of all pairs of users (3) and items (3) rated: ratings are at most 4, not 100' \
    data synth --out s --users 3 --items 3 --ratings 100
  test "$tried" -ge 25 || fail "only $tried were tried"

  "$program" sweep c.yaml --dry-run | grep -q '^1 trial: ' || fail "1 trials"
}

few_ratings_make_a_sound_folder() {
  for sizes in '2 2 1' '5 5 5' '5 5 12' '40 50 300' '3 40 50'; do
    # shellcheck disable=SC2086 # words
    set -- $sizes
    # A folder that had all folds before.
    "$program" data synth --out d --users 60 --items 60 --ratings 1500 > /dev/null
    "$program" data synth --out d --users "$1" --items "$2" --ratings "$3" > output 2> messages ||
      fail "$sizes: $(cat messages)"
    for file in d/*.base d/*.test; do
      if test -e "$file" && test ! -s "$file"; then fail "$sizes: $file is empty"; fi
    done
    "$program" data check d > checked 2>&1 || fail "$sizes: $(cat checked)"
    for fold in u1 u2 u3 u4 u5 ua ub; do
      said=$(sed -n "s/^too few ratings for the folds.*\b$fold\b.*/left out/p" output)
      if test -e "d/$fold.base"; then said=${said:-there}; fi
      test -n "$said" || fail "$sizes: $fold is neither there nor left out: $(cat output)"
      if test "$said" = 'left out' && test -e "d/$fold.test"; then fail "$sizes: $fold is there"; fi
    done
  done
  grep -q '^too few' output && fail "50 ratings of 3 users have all folds: $(cat output)"
  return 0
}

"$case"
echo "passed: $case"
