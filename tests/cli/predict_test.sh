#!/bin/sh
# What saved models promise, on synthetic data: predict_test.sh PROGRAM CASE
set -eu

program=$1
case=$2
unset CROSSLANE_DATA
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

"$program" data synth --out data --users 60 --items 80 --ratings 1500 --seed 4 > made

# config NAME COLUMNS [SAVE]: two architectures, two seeds
config() {
  cat > "$1.yaml" <<END
schema: 1
name: $1
data:
  path: data
  split: {method: random, test: 0.2, validation: 0.1}
model:
  wide: {crosses: [[gender, genre]]}
  deep:
    columns: [$2]
    hidden: [16, 8]
train: {epochs: 2, save: ${3:-none}}
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

models() { # RUN: how many models it holds
  find "$1/models" -name '*.safetensors' 2> /dev/null | wc -l | tr -d ' '
}

a_model() { # RUN
  find "$1/models" -name '*.safetensors' | sort | head -n 1
}

refused() { # STATUS PATTERN ARGUMENT...: the command fails so
  status=$1 pattern=$2
  shift 2
  found=0
  "$program" "$@" > output 2> messages || found=$?
  test "$found" = "$status" || fail "exit $found, not $status: $*: $(cat messages)"
  grep -q -e "$pattern" messages || fail "no '$pattern': $(cat messages)"
  test ! -s output || fail "output of a failure: $(cat output)"
}

values='age, gender, occupation, genre'
histories='user_id, item_id, {name: user_history, pooling: mean}, item_mean, rating_hour'

evaluate_repeats_the_record_to_the_last_digit() {
  config a "$histories"
  sweep a.yaml --save-models
  test "$(models runs/a)" = 4 || fail "$(models runs/a) models, not 4"
  for model in runs/a/models/*; do
    record=runs/a/trials/$(basename "$model" .safetensors).json
    for part in test validation train; do
      "$program" evaluate "$model" --data data --split $part --format json > scores
      mse=$(sed -n 's/^  "mse": \(.*\),$/\1/p' scores)
      key=$(test $part = test && echo mse || echo ${part}_mse)
      grep -q "^  \"$key\": $mse,\$" "$record" || fail "$part of $model: $mse"
    done
    "$program" evaluate "$model" --data data | grep -q ': the same$' || fail "text of $model"
  done
}

saving_does_not_change_a_trial() {
  config a "$values"
  sweep a.yaml --out plain
  sweep a.yaml --out saved --save-models
  for record in plain/trials/*; do
    digest=$(grep weights_digest "$record")
    grep -q -F "$digest" "saved/trials/$(basename "$record")" || fail "$record"
  done
  test "$(models plain)" = 0 || fail "models that nobody asked for"
}

a_recorded_trial_without_a_model_trains_again() {
  config a "$values"
  sweep a.yaml
  sweep a.yaml --save-models
  test "$(models runs/a)" = 4 || fail "$(models runs/a) models, not 4"
  rm "$(a_model runs/a)"
  sweep a.yaml --save-models
  grep -q '^1 trained, 3 recorded before' messages || fail "$(cat messages)"
  test "$(models runs/a)" = 4 || fail "$(models runs/a) models, not 4"
  sweep a.yaml --save-models
  grep -q '^0 trained, 4 recorded before' messages || fail "$(cat messages)"
}

# Empty, cut off, with one other byte, another trial's: none is the model.
a_model_that_is_not_whole_is_written_again() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  other=$(find runs/a/models -name '*.safetensors' | sort | sed -n 2p)
  cp "$model" whole
  size=$(wc -c < whole)
  for damage in empty short byte header other; do
    case $damage in
      empty) : > "$model" ;;
      short) head -c $((size - 1)) whole > "$model" ;;
      byte) { head -c $((size - 2)) whole && printf '\177' && tail -c 1 whole; } > "$model" ;;
      header) LC_ALL=C sed 's/"label":"h/"label":"g/' whole > "$model" ;;
      other) cp "$other" "$model" ;;
    esac
    if cmp -s "$model" whole; then fail "$damage: nothing is damaged"; fi
    sweep a.yaml --save-models
    cmp "$model" whole || fail "$damage: not written again: $(cat messages)"
    grep -q "warning: $model: .*; the trial is trained again" messages || fail "$damage: $(cat messages)"
    grep -q '^1 trained, 3 recorded before' messages || fail "$damage: $(cat messages)"
  done
  sweep a.yaml --save-models
  grep -q '^0 trained, 4 recorded before' messages || fail "$(cat messages)"
}

best_keeps_one_architecture() {
  config a "$values" best
  sweep a.yaml
  test "$(models runs/a)" = 2 || fail "$(models runs/a) models, not 2"
  "$program" show runs/a --sort validation_mse --format csv | sed -n 2p > best
  for model in runs/a/models/*; do
    label=$("$program" evaluate "$model" --data data --format json |
      sed -n 's/.*"label": "\(.*\)",*$/\1/p')
    grep -q -F -e "$label" best || fail "'$label' is not the best: $(cat best)"
  done
  sweep a.yaml
  grep -q '^0 trained' messages || fail "$(cat messages)"
}

best_needs_validation_rows() {
  config a "$values" best
  refused 2 'validation rows' sweep a.yaml --set data.split.validation=0
}

a_killed_sweep_leaves_a_model_for_each_record() {
  config a "$values"
  round=1 epochs=100
  while test $round -le 6; do
    before=$(models runs/a)
    "$program" sweep a.yaml --save-models --jobs 2 --set train.epochs=$((epochs + round)) 2> messages &
    process=$!
    while test "$(models runs/a)" -lt $((before + round % 3)); do # 0, 1 or 2 trials of 4
      kill -0 $process 2> kill_messages || break
    done
    sleep 0.0$round
    kill -9 $process 2> kill_messages || true
    status=0
    wait $process 2> kill_messages || status=$?
    if test $status = 0 && test $epochs -lt 1000000; then # on a machine that is too fast for it
      epochs=$((epochs * 4))
      continue
    fi
    test $status = 137 || fail "status $status, not killed: $(cat messages)"
    round=$((round + 1))
    for record in runs/a/trials/*.json; do
      test -f "$record" || continue
      model=runs/a/models/$(basename "$record" .json).safetensors
      test -f "$model" || fail "$record has no model"
      "$program" evaluate "$model" --data data > scores || fail "$model"
    done
  done
  test "$(models runs/a)" -gt 0 || fail "no kill left a model to try"
  sleep 0.5 # workers end when they notice
  sweep a.yaml --save-models
  test -z "$(find runs -name '*.crosslane-tmp')" || fail "temporaries are left"
}

genres_are_sorted_by_rating() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --set age=25 --set gender=F --set occupation=student \
    --format csv > genres
  test "$(wc -l < genres)" -gt 5 || fail "$(cat genres)"
  sed 1d genres | cut -d, -f2 > ratings
  sort -rn ratings | cmp - ratings || fail "not sorted"
  "$program" predict "$model" --set age=25 --set gender=F --set occupation=student \
    --set genre=Comedy --format csv | sed -n 2p | cut -d, -f1 > one
  grep '^Comedy,' genres | cut -d, -f2 | cmp - one || fail "one genre differs"
}

values_never_seen_are_said() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --set age=200 --set gender=F --set occupation=wizard \
    > genres 2> messages
  grep -q "occupation 'wizard' was never seen in training" messages || fail "$(cat messages)"
  grep -q 'age 200 is outside the range' messages || fail "$(cat messages)"
  "$program" predict "$model" --set age=200 --set gender=F --set occupation=wizard \
    --format json 2> messages | grep -A1 '"unseen"' | grep -q occupation || fail "json"
}

needed_columns_are_named() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  refused 2 'no value for occupation and genre' predict "$model" --set age=25 --set gender=F
  refused 2 "did you mean 'occupation'" predict "$model" --set ocupation=student
  refused 2 'expected a number' predict "$model" --set age=x --set gender=F --set occupation=artist
  refused 2 'cannot be combined' predict "$model" --set age=25 --user 1
  config b "$histories"
  sweep b.yaml --save-models
  refused 2 'give --data DIR' predict "$(a_model runs/b)" --set user_id=1
  refused 2 'give --data DIR' predict "$(a_model runs/b)" --user 1
}

# A file with the same ratings, one a line, gives the same; a user who says more gets other films.
a_new_user_gets_films_by_what_they_rated() {
  config a "age, gender, item_id, {name: user_history, pooling: mean}" all
  sweep a.yaml --set 'seeds=[1]' --out runs/a
  model=$(a_model runs/a)
  "$program" predict "$model" --data data --rated 1:5,2:1,3:4 --top 80 --format csv > films 2> messages ||
    fail "$(cat messages)"
  test "$(($(wc -l < films) - 1))" = 77 || fail "not 80 films without 3: $(cat films)"
  cut -d, -f2 films | grep -qx '[123]' && fail "a rated film: $(cat films)"
  printf '1:5\r\n2:1\n\n3:4' > rated
  "$program" predict "$model" --data data --rated rated --top 80 --format csv 2> messages | cmp - films
  "$program" predict "$model" --data data --rated 1:5,2:1,3:4 --set age=30 --set gender=F --top 80 \
    --format csv > other 2> messages || fail "$(cat messages)"
  if cmp -s films other; then fail "age and gender change nothing"; fi
  for wrong in '' , 1 1:x 1:5,1:4 1:9 1:0.5 99999:5; do
    refused 2 'rated' predict "$model" --data data --rated "$wrong"
  done
  refused 2 "--rated 1:9: ratings go from 1 to 5" predict "$model" --data data --rated 2:3,1:9
  refused 2 'expected COLUMN=VALUE' predict "$model" --data data --rated 1:5 --set age
  refused 2 "did you mean 'age'" predict "$model" --data data --rated 1:5 --set agee=3
}

evaluate_ranks_where_asked() {
  config a "age, gender, user_id, item_id" all
  sweep a.yaml --set 'seeds=[1]' --out runs/a
  model=$(a_model runs/a)
  "$program" evaluate "$model" --data data --ranking 5 > scores
  grep -Eq "^items of the user's test rows +0\.[0-9]{4} +0\.[0-9]{4} +0\.[0-9]{4}$" scores || fail "$(cat scores)"
  grep -Eq '^at 5; means over [0-9]+ users with a test rating of 4 or more' scores || fail "$(cat scores)"
  "$program" evaluate "$model" --data data --ranking 5 --relevant 5 --format json > scores
  grep -q '"relevant": 5.0' scores || fail "$(cat scores)"
  refused 2 'ratings go from 1 to 5' evaluate "$model" --data data --ranking 5 --relevant 6
  refused 2 'expected a number' evaluate "$model" --data data --ranking 5 --relevant x
  refused 2 'goes with --ranking' evaluate "$model" --data data --relevant 4
  refused 2 'text or json' evaluate "$model" --data data --ranking 5 --format csv
}

a_user_gets_films_not_rated() {
  config a "$histories"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --user 7 --data data --top 100 --format csv > films 2> messages
  rated=$(awk '$1 == 7' data/u.data | wc -l)
  test "$(($(wc -l < films) - 1 + rated))" = 80 || fail "films and rated ones are not all"
  awk '$1 == 7 {print $2}' data/u.data | while read -r item; do
    ! grep -q "^$item," films || exit 1
  done || fail "a rated film"
  item=$(sed -n 2p films | cut -d, -f1)
  "$program" predict "$model" --user 7 --item "$item" --data data --format csv 2> messages |
    sed -n 2p > one
  sed -n 2p films | cmp - one || fail "one film differs"
}

predict() { # FILE ARGUMENT...: into the file; what is noted, into messages
  to=$1
  shift
  "$program" predict "$@" > "$to" 2> messages || fail "$*: $(cat messages)"
}

# The same by its id as a value, where nothing else is given; u.data has users 1 to 60.
an_unknown_user_or_item_is_predicted() {
  config a 'user_id, occupation, {name: item_id, dim: 4}, genre'
  sweep a.yaml --save-models --set 'model.wide.crosses=[[user_id], [occupation, genre]]'
  model=$(a_model runs/a)
  predict all "$model" --user 999 --data data --top 100 --format csv
  grep -qx "the data have no user '999': predicted for a user of whom nothing but the id is known \
(to use ratings: --rated; to use columns: --set with --rated)" messages || fail "$(cat messages)"
  grep -q '^never seen in training, of user 999: user_id 999, occupation missing$' messages ||
    fail "$(cat messages)"
  test "$(wc -l < all)" = 81 || fail "$(wc -l < all) lines, not each item"
  for item in 1 40 80; do
    genre=$(awk -F'|' -v item=$item '$1 == item {for (i = 6; i <= NF; i++) if ($i == 1) {print i - 6; exit}}' data/u.item)
    genre=$(awk -F'|' -v number="$genre" '$2 == number {print $1}' data/u.genre)
    predict value "$model" --set user_id=999 --set occupation= --set item_id=$item \
      --set "genre=$genre" --format csv
    value=$(sed -n 2p value | cut -d, -f1)
    grep "^$item," all | grep -q ",$value,,\(\"[^\"]*\"\|[^,]*\)\$" || fail "$item: $value, not $(grep "^$item," all)"
  done
  predict one "$model" --user 7 --item 999 --data data --format csv
  grep -qx "the data have no item '999': predicted for an item of which nothing but the id is known" \
    messages || fail "$(cat messages)"
  occupation=$(awk -F'|' '$1 == 7 {print $4}' data/u.user)
  predict value "$model" --set user_id=7 --set "occupation=$occupation" --set item_id=999 \
    --set genre= --format csv
  value=$(sed -n 2p value | cut -d, -f1)
  sed 1d one | grep -q "^999,.*,$value,,\"item_id 999, genre missing\"\$" || fail "$value: $(cat one)"
  predict json "$model" --user x7 --item 999 --data data --format json
  grep -q '"user_id": "x7",' json && grep -q '"item_id": 999,' json && grep -q '"rated": 0,' json &&
    grep -q '"unseen": "user_id x7, occupation missing"' json || fail "$(cat json)"
  test "$(grep -c 'the data have no' messages)" = 2 || fail "$(cat messages)"
  predict text "$model" --rated 1:5,2:3 --item 999 --data data
  grep -q '^ *[0-9.]*      999 \*$' text || fail "$(cat text)"
  grep -q "no item '999'" messages || fail "$(cat messages)"
  if grep -q 'no user' messages; then fail "$(cat messages)"; fi
  predict text "$model" --user 7 --data data --top 100
  if grep -q 'the data have no' messages; then fail "$(cat messages)"; fi
  refused 2 "the data have no item '999'" predict "$model" --rated 999:5 --data data
}

# Ids that are no numbers; the greatest one is found beside those that come before it.
a_batch_takes_unknown_ids_of_a_shop() {
  mkdir shop
  { echo user,item,rating
    awk 'BEGIN { for (i = 0; i < 400; i++) printf "u%02d,i%02d,%d\n", i / 20, i % 20, i * 7 % 11 }'; } > shop/ratings.csv
  cat > shop.yaml << END
schema: 1
name: shop
data: {source: csv, path: shop, ratings: {path: ratings.csv, user: user, item: item, rating: rating}}
model: {wide: {crosses: [[user_id]]}, deep: {columns: [item_id, user_mean, item_count], hidden: [4]}}
train: {epochs: 3, save: all}
seeds: [1]
END
  sweep shop.yaml
  model=$(a_model runs/shop)
  printf 'user_id,item_id\nu19,i19\nu005,i05\nu05,7\n,i1\n' > in
  status=0
  "$program" predict "$model" --batch in --data shop > out 2> messages || status=$?
  test $status = 3 || fail "exit $status"
  grep -q "in:5: user_id '' is not in the data" messages || fail "$(cat messages)"
  printf 'user_id,item_id\nu19,i19\nu005,i05\nu05,7\nzz,i00\nA,i99\n' > in
  predict out "$model" --batch in --data shop
  test "$(cat messages)" = "3 rows name a user and 2 an item that the data do not have \
(first: user_id 'u005', line 3): nothing but the id is known of them" || fail "$(cat messages)"
  sed 1d out | while IFS=, read -r user item value; do
    predict one "$model" --user "$user" --item "$item" --data shop --format csv
    test "$(sed -n 2p one | cut -d, -f2)" = "$value" || fail "$user, $item: $value, $(cat one)"
  done
}

a_batch_keeps_its_columns() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  printf 'note,genre,age,gender,occupation\r\n"a, ""b""",Comedy,25,F,student\r\nc,Drama,30,M,artist\r\n' > in
  "$program" predict "$model" --batch in > out
  test "$(sed 1d out | cut -c1-30 | head -n 1)" = '"a, ""b""",Comedy,25,F,student' || fail "$(cat out)"
  "$program" predict "$model" --batch - < in | cmp - out || fail "standard input differs"
  "$program" predict "$model" --set age=30 --set gender=M --set occupation=artist \
    --set genre=Drama --format csv | sed -n 2p | cut -d, -f1 > one
  sed -n 3p out | tr -d '\r' | cut -d, -f6 | cmp - one || fail "$(cat one out)"
}

a_batch_as_json_has_an_object_a_line() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  printf 'note,genre,age,gender,occupation\n"a, ""b""",Comedy,25,F,student\nc,Drama,30,M,artist\n' > in
  "$program" predict "$model" --batch in > csv
  "$program" predict "$model" --batch in --format json > lines
  python3 - <<'PYTHON' || fail "$(cat csv lines)"
import csv, json
rows = list(csv.DictReader(open("csv", newline="")))
lines = [json.loads(line) for line in open("lines")]
assert len(rows) == len(lines) == 2
assert lines[0]["note"] == 'a, "b"'
for row, line in zip(rows, lines):
    assert float(row.pop("prediction")) == line.pop("prediction")
    assert row == line
PYTHON
  printf 'note,genre,note,age,gender,occupation\na,Comedy,b,25,F,student\n' > in
  "$program" predict "$model" --batch in > out
  refused 2 'in:1: column "note" stands twice' predict "$model" --batch in --format json
  refused 2 '--batch writes csv or json' predict "$model" --batch in --format text
}

# A program that waits for each answer before it asks on, and one that does not.
a_batch_answers_line_by_line_on_a_pipe() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  printf 'genre,age,gender,occupation\nComedy,25,F,student\nDrama,30,M,artist\n' > in
  "$program" predict "$model" --batch in > whole
  cat > ask.py <<'PYTHON'
import select, subprocess, sys
program, model, *options = sys.argv[1:]
asked = subprocess.Popen([program, "predict", model, "--batch", "-", *options], bufsize=0,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
answers = b""
waited = 20 if not options else 0.5
for line in open("in", "rb"):
    asked.stdin.write(line)
    if select.select([asked.stdout], [], [], waited)[0]:
        part = asked.stdout.read(65536)
        print(part.count(b"\n"), end=" ")
        answers += part
    else:
        print("nothing", end=" ")
asked.stdin.close()
answers += asked.stdout.read()
print(asked.wait(), answers == open("whole", "rb").read())
PYTHON
  test "$(python3 ask.py "$program" "$model")" = '1 1 1 0 True' ||
    fail "$(python3 ask.py "$program" "$model")"
  test "$(python3 ask.py "$program" "$model" --flush block)" = 'nothing nothing nothing 0 True' ||
    fail "blocks: $(python3 ask.py "$program" "$model" --flush block)"
  "$program" predict "$model" --batch in --flush line | cmp - whole || fail 'a file by line differs'
  head -n 1 in > head
  "$program" predict "$model" --batch - < head > out
  test "$(cat out)" = "$(head -n 1 whole)" || fail "a head alone: $(cat out)"
  refused 2 '--flush goes with --batch' predict "$model" --set age=25 --set gender=F \
    --set occupation=student --flush line
}

timing_is_told_of_each_way() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --set age=25 --set gender=F --set occupation=student --set genre=Comedy \
    --timing > out 2> messages
  grep -q '^1 row predicted in [0-9.]* ms$' messages || fail "$(cat messages)"
  printf 'genre,age,gender,occupation\nComedy,25,F,student\n' > in
  "$program" predict "$model" --batch in --timing > out 2> messages
  grep -q '^1 row.* in [0-9.]* s' messages || fail "$(cat messages)"
}

a_batch_fails_at_its_line() {
  config a "$values"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  printf 'genre,age,gender,occupation\nComedy,25,F,student\nComedy,2x,F,student\n' > in
  status=0
  "$program" predict "$model" --batch in > out 2> messages || status=$?
  test $status = 3 || fail "exit $status"
  grep -q "in:3: age '2x' is not a number" messages || fail "$(cat messages)"
  test "$(wc -l < out)" -eq 2 || fail "the row before it is missing"
  printf 'genre,age,gender\n' > in
  refused 2 'in:1: no column for occupation' predict "$model" --batch in
  printf 'genre,age,gender,occupation\nComedy,25,F\n' > in
  status=0
  "$program" predict "$model" --batch in > out 2> messages || status=$?
  test $status = 3 || fail "exit $status"
  grep -q 'in:2: 3 fields' messages || fail "$(cat messages)"
}

a_batch_by_data_is_what_users_get() {
  config a "$histories"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --user 7 --data data --top 30 --format csv 2> messages > films
  { echo user_id,item_id && sed 1d films | cut -d, -f1 | sed 's/^/7,/'; } > in
  "$program" predict "$model" --batch in --data data | sed 1d | cut -d, -f3 > ratings
  # a title may hold a comma: the rating is the third from the end
  sed 1d films | awk -F, '{print $(NF - 2)}' | cmp - ratings || fail "$(cat films ratings)"
  printf 'user_id,item_id\n7,1\n999,80\n60,999\n' > in
  predict out "$model" --batch in --data data
  grep -qx "1 row names a user and 1 an item that the data do not have (first: user_id '999', line 3): \
nothing but the id is known of them" messages || fail "$(cat messages)"
  sed 1d out | while IFS=, read -r user item value; do
    predict one "$model" --user "$user" --item "$item" --data data --format csv
    sed 1d one | awk -F, -v user="$user" -v value="$value" '
      {sub(/,"[^"]*"$/, ","); found = $(NF - 2)}
      END {exit found != value}' || fail "$user, $item: $value, $(cat one)"
  done
}

# Of each level; they sum to one, and their mean is the prediction.
means_agree() { # FILE.csv COLUMN: of `prediction`; the probabilities come last
  sed 1d "$1" | awk -F, -v at="$2" '
    { sum = mean = 0
      for (k = 1; k <= 5; k++) { sum += $(NF - 5 + k); mean += k * $(NF - 5 + k) }
      if (sum < 0.99999 || sum > 1.00001) exit 1
      if (mean - $at > 0.00001 || $at - mean > 0.00001) exit 1 }' || fail "$(cat "$1")"
}

probabilities_are_of_each_level() {
  config a "$values"
  sweep a.yaml --save-models --set model.head=ordinal
  model=$(a_model runs/a)
  set -- --set age=25 --set gender=F --set occupation=student --probabilities
  "$program" predict "$model" "$@" --format csv > genres
  head -n 1 genres | grep -q '^genre,prediction,seen,probability_1,probability_2,.*,probability_5$' ||
    fail "$(head -n 1 genres)"
  means_agree genres 2
  "$program" predict "$model" "$@" > text
  head -n 1 text | grep -qx 'prediction       1       2       3       4       5  genre' ||
    fail "$(cat text)"
  one=$(sed -n 2p genres | cut -d, -f4)
  sed -n 2p text | grep -q "^ *[1-5]\.[0-9]* *$(printf %.4f "$one") " || fail "$one: $(cat text)"
  "$program" predict "$model" "$@" --format json > json
  grep -q '"probabilities"' json && grep -q '"levels"' json && grep -q "$one" json ||
    fail "$(cat json)"
  printf 'genre,age,gender,occupation\nComedy,25,F,student\nDrama,30,M,artist\n' > in
  "$program" predict "$model" --batch in --probabilities > out
  means_agree out 5
  grep '^Comedy,' genres | cut -d, -f4-8 > one
  sed -n 2p out | cut -d, -f6-10 | cmp - one || fail "a batch differs: $(cat out)"
}

probabilities_of_films_are_those_of_a_batch() {
  config a "$histories"
  sweep a.yaml --save-models --set model.head=ordinal
  model=$(a_model runs/a)
  "$program" predict "$model" --user 7 --data data --top 9 --format csv --probabilities > films
  head -n 1 films | grep -q ',prediction,rating,unseen,probability_1,' || fail "$(cat films)"
  { echo user_id,item_id && sed 1d films | cut -d, -f1 | sed 's/^/7,/'; } > in
  "$program" predict "$model" --batch in --data data --probabilities > out
  means_agree out 3
  sed 1d out | cut -d, -f4-8 > shares
  sed 1d films | awk -F, -v OFS=, '{print $(NF - 4), $(NF - 3), $(NF - 2), $(NF - 1), $NF}' |
    cmp - shares || fail "$(cat films)"
  "$program" predict "$model" --user 7 --data data --top 9 --probabilities --format json > json
  test "$(grep -c '"probabilities"' json)" = 9 || fail "$(cat json)"
  "$program" predict "$model" --user 7 --data data --top 9 --probabilities > text
  head -n 1 text | grep -q '^prediction  *1  *2  *3  *4  *5  item_id  title$' || fail "$(cat text)"
  refused 2 'goes with --set, --user or --batch' predict "$model" --rated 1:5 --data data --probabilities
}

a_linear_head_has_no_probabilities() {
  config a "$values"
  sweep a.yaml --save-models
  refused 2 'has a linear head' predict "$(a_model runs/a)" --probabilities --set age=25 --set gender=F \
    --set occupation=student
  grep -q 'train a model with model.head: ordinal' messages || fail "$(cat messages)"
}

too_many_levels_are_refused_before_training() {
  mkdir shop
  { echo user,item,rating
    awk 'BEGIN { for (i = 0; i < 400; i++) print int(i / 20) "," i % 20 "," i * 7 % 100 / 10 }'; } > shop/ratings.csv
  cat > shop.yaml <<END
schema: 1
name: shop
data: {source: csv, path: shop, ratings: {path: ratings.csv, user: user, item: item, rating: rating}}
model: {wide: {crosses: [[user_id]]}, head: ordinal}
train: {epochs: 1}
seeds: [1]
END
  refused 2 'model.head: ordinal tells at most 64 rating levels apart' sweep shop.yaml
  grep -q 'set model.head: linear' messages || fail "$(cat messages)"
  sweep shop.yaml --set model.head=linear
}

instruction_sets_predict_the_same() {
  config a "$histories"
  sweep a.yaml --save-models
  model=$(a_model runs/a)
  "$program" predict "$model" --user 7 --data data --format json --isa scalar > one 2> messages
  "$program" predict "$model" --user 7 --data data --format json > other 2> messages
  cmp one other
}

files_that_are_no_model_are_refused() {
  refused 3 'cannot open' predict missing.safetensors --set age=1
  refused 3 'data: is a folder, not a file' predict data --set age=1
  mkfifo pipe
  refused 3 'not a regular file' predict pipe --set age=1
  refused 3 'not a regular file' evaluate pipe --data data
  echo 'this is not a model at all' > text
  refused 3 'not a safetensors file' evaluate text --data data
}

"$case"
