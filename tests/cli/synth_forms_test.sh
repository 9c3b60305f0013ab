#!/bin/sh
# What generated ratings promise in each form that is read: synth_forms_test.sh PROGRAM CASE
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

forms='100k 1m 25m csv atomic sqlite'

# synth FORM FOLDER [OPTION...]
synth() {
  form=$1 out=$2
  shift 2
  "$program" data synth --form "$form" --out "$out" --users 60 --items 80 --ratings 1500 --seed 4 \
    "$@" > made 2> messages || fail "$form: $(cat messages)"
}

# refused WORDS COMMAND...: status 2 or 3, and the words among the messages.
refused() {
  words=$1 status=0
  shift
  "$@" > output 2> messages || status=$?
  test $status = 2 || test $status = 3 || fail "$*: status $status"
  grep -qF -- "$words" messages || fail "$*: no '$words' in: $(cat messages)"
}

# What a reader is given: the folder, or the database in it.
path_of() {
  if test "$1" = sqlite; then echo sqlite/synthetic.db; else echo "$1"; fi
}

# json FORM: what the data check says of the whole, as one line.
json() {
  "$program" data check "$(path_of "$1")" --format json 2> messages > checked ||
    fail "$1: $(cat messages)"
  tr -d ' \n' < checked
}

# field NAME: of the line on standard input.
field() {
  sed "s/.*\"$1\":\([^,}]*\).*/\1/"
}

# The mark has a digest of ids and ratings: a folder that is known as synthetic was read as drawn.
every_form_is_read_as_it_was_drawn() {
  for form in $forms; do
    synth "$form" "$form"
    cmp -s 100k/synthetic.json "$form/synthetic.json" || fail "$form: $(cat "$form/synthetic.json")"
    "$program" data check "$(path_of "$form")" 2> messages > checked || fail "$form: $(cat messages)"
    grep -q '^data  *synthetic (generated ratings)$' checked || fail "$form: $(cat checked)"
    sed -n '/^ratings/,/^variance/p; /^[1-5] /p; /^times/p' checked > "$form.said"
    cmp -s 100k.said "$form.said" || fail "$form: $(cat "$form.said")"
  done
  test "$(wc -l < 100k.said)" = 12 || fail "not all is said: $(cat 100k.said)"
  tr '\t' , < 100k/u.data > all
  for file in 1m/ratings.dat 25m/ratings.csv csv/ratings.csv atomic/atomic.inter; do
    sed '/user/d; s/::/,/g; s/\.0,/,/' "$file" | tr '\t' , > same
    cmp -s all same || fail "$file has other ratings or times"
  done
  sed 's/^\([^|]*\)|\([^|]*\)|\([^|]*\)/\1|\3|\2/; s/|/::/g' 100k/u.user | cmp -s - 1m/users.dat ||
    fail "1m has other users"
  tr '|' , < 100k/u.user > all
  sed 1d csv/users.csv | cmp -s all - || fail "csv has other users"
  sed 1d atomic/atomic.user | tr '\t' , | cmp -s all - || fail "atomic has other users"
  mkdir nest
  cp -R 1m nest/films
  refused 'did you mean nest/films?' "$program" data check nest
}

# Films without a genre are the last of the names in MovieLens' own files.
no_genre_is_written_as_the_form_has_it() {
  for form in 25m csv; do
    "$program" data synth --form "$form" --out "$form" --users 20 --items 900 --ratings 900 > made
  done
  grep -q ',unknown$' csv/items.csv || fail "no film without a genre"
  if grep -q unknown 25m/movies.csv; then fail "$(grep unknown 25m/movies.csv)"; fi
  test "$(grep -c ',unknown$' csv/items.csv)" = "$(grep -c ',(no genres listed)$' 25m/movies.csv)" ||
    fail "$(grep 'no genres' 25m/movies.csv)"
  # Films without ratings are films there, and users without ratings none: the mark holds.
  "$program" data check 25m > checked 2> messages || fail "$(cat messages)"
}

# config NAME: the section of the data on standard input.
config() {
  {
    echo "schema: 1"
    echo "name: $1"
    cat
    cat << 'END'
model:
  wide: {crosses: [[gender, genres], [occupation, zip]]}
  deep: {columns: [user_id, item_id, age, gender, occupation, zip, genres, release_date, rating_hour,
      user_history, item_mean], embedding_dim: 4, hidden: [16, 8], dropout: 0.1}
train: {epochs: 2, save: all}
seeds: [1, 2]
END
  } > "$1.yaml"
}

# With a film without a date, so that dates may miss in each form.
all_forms_train_to_the_same_bits() {
  config 100k << 'END'
data: {path: 100k}
END
  config csv << 'END'
data:
  source: csv
  path: csv
  ratings: {path: ratings.csv, user: user_id, item: item_id, rating: rating, time: timestamp}
  users: {path: users.csv, key: user_id}
  items: {path: items.csv, key: item_id}
  columns: {release_date: time, zip: category}
END
  config atomic << 'END'
data:
  source: atomic
  path: atomic
  columns: {release_date: time}
END
  config sqlite << 'END'
data:
  source: sqlite
  path: sqlite/synthetic.db
  ratings: {query: SELECT * FROM ratings, user: user_id, item: item_id, rating: rating, time: timestamp}
  users: {query: SELECT * FROM users, key: user_id}
  items: {query: SELECT * FROM items, key: item_id}
  columns: {release_date: time, zip: category}
END
  for form in 100k csv atomic sqlite; do
    synth "$form" "$form" --items 900
    "$program" sweep "$form.yaml" > output 2> messages || fail "$form: $(cat messages)"
    numbers "$form" > "$form.numbers"
    test "$(wc -l < "$form.numbers")" = 2 || fail "$form: $(cat "$form.numbers")"
    grep -q '"mse": [0-9.]*,.*"weights_digest": ' "$form.numbers" || fail "$(cat "$form.numbers")"
    cmp -s 100k.numbers "$form.numbers" ||
      fail "$form: $(cat "$form.numbers") but 100k: $(cat 100k.numbers)"
    grep -q '"irreducible_mse": 0\.' "runs/$form/trials/"*.json || fail "$form: not known as synthetic"
  done
  grep -q ',,' csv/items.csv || fail "every film has a date"
}

# numbers FORM: of each trial, by seed, what must not depend on the form.
numbers() {
  for trial in "runs/$1/trials/"*.json; do
    tr -d ' \n' < "$trial" | sed 's/.*"seed":\([0-9]*\),.*/\1 /' | tr -d '\n'
    sed -n '/^  "mse"\|^  "mae"\|^  "train_mse"\|^  "weights_digest"/p' "$trial" | tr -d '\n'
    echo
  done | sort
}

# films MODEL OPTION...: what predict names, each with its prediction, one after the other.
films() {
  "$program" predict "$@" --format json 2> messages | tr -d ' \n' |
    grep -o '"item_id":[0-9]*\|"prediction":[0-9.]*'
}

# section FORM: of the data in FORM's folder, as in docs/your-data.md.
section() {
  case $1 in
    csv)
      echo 'data: {source: csv, path: csv, ratings: {path: ratings.csv, user: user_id, item: item_id,'
      echo '  rating: rating, time: timestamp}, users: {path: users.csv, key: user_id},'
      echo '  items: {path: items.csv, key: item_id, title: title}}'
      ;;
    sqlite)
      echo 'data: {source: sqlite, path: sqlite/synthetic.db, ratings: {query: SELECT * FROM ratings,'
      echo '  user: user_id, item: item_id, rating: rating, time: timestamp},'
      echo '  items: {query: SELECT * FROM items, key: item_id, title: title}}'
      ;;
    atomic) echo 'data: {source: atomic, path: atomic}' ;;
    *) echo "data: {path: $1}" ;;
  esac
}

# From ratings to a prediction. What every form has gives the same model, and the same films with
# the same ratings, in each; and all of a user's ratings are known, so that none of them is there.
every_form_is_swept_drawn_and_predicted() {
  for form in $forms; do
    synth "$form" "$form"
    {
      printf 'schema: 1\nname: %s\n' "$form"
      section "$form"
      cat << 'END'
model:
  wide: {crosses: [[user_id]]}
  deep: {columns: [user_id, item_id, user_history, item_mean, user_count], hidden: [16, 8]}
train: {epochs: 3, save: all}
seeds: [1, 2]
END
    } > "$form.yaml"
    "$program" sweep "$form.yaml" > output 2> messages || fail "$form: $(cat messages)"
    numbers "$form" > "$form.numbers"
    cmp -s 100k.numbers "$form.numbers" || fail "$form: $(cat "$form.numbers" 100k.numbers)"
    "$program" plot "runs/$form" --format svg > output 2> messages || fail "$form: $(cat messages)"
    grep -q '</svg>' "runs/$form/plots/learning_curves.svg" || fail "$form: no curves are drawn"
    "$program" show "runs/$form" --format csv > table 2> messages || fail "$form: $(cat messages)"
    key=$(basename "$(grep -l '^  "seed": 1,' "runs/$form/trials/"*.json)" .json)
    films "runs/$form/models/$key.safetensors" --user 7 --top 5 --data "$(path_of "$form")" \
      > "$form.films"
    cmp -s 100k.films "$form.films" || fail "$form: $(cat "$form.films" 100k.films messages)"
  done
  test "$(wc -l < 100k.numbers)" = 2 || fail "$(cat 100k.numbers)"
  test "$(wc -l < 100k.films)" = 10 || fail "$(cat 100k.films)"
  awk '$1 == 7 { print $2 }' 100k/u.data > rated
  sed -n 's/"item_id"://p' 100k.films | while read -r film; do
    if grep -qx "$film" rated; then fail "user 7 rated $film"; fi
  done
}

# The layout of latest and latest-small: half stars, and files of tags and links, which are not
# read. Without the mark it is known by the number of its ratings.
latest_small_is_swept_and_predicted() {
  "$program" data synth --form 25m --half-stars --out small --users 610 --items 9742 \
    --ratings 100836 > made 2> messages || fail "$(cat messages)"
  printf 'userId,movieId,tag,timestamp\n2,60756,funny,1445714994\n' > small/tags.csv
  printf 'movieId,imdbId,tmdbId\n1,0114709,862\n' > small/links.csv
  rm small/synthetic.json
  "$program" init --data small first > made 2> messages || fail "$(cat messages)"
  "$program" sweep first.yaml --set train.epochs=1 --set train.save=all --set 'seeds=[1]' \
    --set 'sweep.parameters={model.deep.hidden: {values: [[8]]}}' > output 2> messages ||
    fail "$(cat messages)"
  cat runs/first/trials/*.json > record
  grep -q '"name": "ml-latest-small"' record || fail "$(grep '"name"' record)"
  grep -q '"rows": 100836' record || fail "$(grep '"rows"' record)"
  "$program" plot runs/first --format svg > output 2> messages || fail "$(cat messages)"
  films runs/first/models/* --user 610 --top 3 --data small > output || fail "$(cat messages)"
  test "$(wc -l < output)" = 6 || fail "$(cat output messages)"
  sed -n 's/"prediction"://p' output | awk '$1 < 0.5 || $1 > 5' > beyond
  test ! -s beyond || fail "beyond the scale: $(cat beyond)"
}

a_first_experiment_is_named_after_its_data() {
  "$program" init > made
  test -s first.yaml || fail "$(cat made)"
  if "$program" init 2> messages; then fail "first.yaml was written over"; fi
  grep -q 'first.yaml is there already' messages || fail "$(cat messages)"
  "$program" data synth --form atomic --users 60 --items 50 --ratings 1500 --out '_my shop (2).b' > made
  "$program" init --data '_my shop (2).b' > made 2> messages || fail "$(cat messages)"
  test "$(sed -n 's/^name: //p' synthetic.yaml)" = synthetic || fail "$(ls): $(cat made)"
  rm '_my shop (2).b/synthetic.json'
  "$program" init --data '_my shop (2).b' > made 2> messages || fail "$(cat messages)"
  test "$(sed -n 's/^name: //p' my-shop-2.yaml)" = my-shop-2 || fail "$(ls): $(cat made)"
  for wrong in . _ "$(printf 'a\nb')" "$(printf '%064d' 1)"; do
    status=0
    "$program" init -- "$wrong" > made 2> messages || status=$?
    test "$status" = 2 || fail "'$wrong': status $status: $(cat messages)"
    grep -q 'cannot be the name of an experiment' messages || fail "$(cat messages)"
  done
}

# What init writes is trained as it is, and says by itself where the data are.
first_experiments_are_trained_without_an_edit() {
  for form in 1m csv atomic sqlite; do
    synth "$form" "$form"
    "$program" init --data "$(path_of "$form")" "first-$form" > output 2> messages ||
      fail "$form: $(cat messages)"
    "$program" data check "first-$form.yaml" > checked 2> messages || fail "$form: $(cat messages)"
    grep -q '^ratings  *1500$' checked || fail "$form: $(cat checked)"
    "$program" sweep "first-$form.yaml" --set train.epochs=2 > output 2> messages ||
      fail "$form: $(cat messages)"
    grep -q '^9 trained, 0 recorded before, 0 failed' messages || fail "$form: $(cat messages)"
  done
}

half_stars_are_drawn_where_they_fit() {
  for form in 25m csv atomic sqlite; do
    synth "$form" "$form" --half-stars
    cmp -s 25m/synthetic.json "$form/synthetic.json" || fail "$form: $(cat "$form/synthetic.json")"
    json "$form" > said
    test "$(field ratings < said)" = 1500 || fail "$form: $(cat said)"
  done
  sed 1d csv/ratings.csv | cut -d, -f3 | sort -n | uniq > levels
  test "$(tr '\n' ' ' < levels)" = '0.5 1 1.5 2 2.5 3 3.5 4 4.5 5 ' || fail "$(cat levels)"
  sed 1d 25m/ratings.csv | cut -d, -f3 | sort -n | uniq > levels
  test "$(tr '\n' ' ' < levels)" = '0.5 1.0 1.5 2.0 2.5 3.0 3.5 4.0 4.5 5.0 ' || fail "$(cat levels)"
  for form in 100k 1m; do
    refused "--half-stars: the form $form has whole stars only" \
      "$program" data synth --form "$form" --half-stars --out none
  done
  test ! -e none || fail "something was written"
}

a_mark_of_other_ratings_is_refused() {
  for form in csv atomic; do
    synth $form $form
    case $form in csv) file=csv/ratings.csv ;; atomic) file=atomic/atomic.inter ;; esac
    cp "$file" kept
    sed '2s/[1-5]\([,	][0-9]*\)$/9\1/' kept > "$file"
    refused 'synthetic.json: marks generated data with digest' "$program" data check "$form"
    refused 'remove the mark if they are not generated' "$program" data check "$form"
    rm "$form/synthetic.json"
    "$program" data check "$form" 2> messages > checked || fail "$(cat messages)"
    if grep -q 'generated ratings' checked; then fail "$form: $(cat checked)"; fi
  done
}

no_other_data_are_overwritten() {
  synth 25m a
  synth 25m a --half-stars # of the same form
  for form in 100k 1m csv atomic sqlite; do
    refused 'a: already holds data of another form: ' "$program" data synth --form "$form" --out a
  done
  for form in 100k 1m 25m csv atomic sqlite; do
    synth $form b
    rm b/synthetic.json
    cp -R b kept
    refused 'b: already holds data that were not generated: ' "$program" data synth --form "$form" --out b
    diff -r b kept || fail "$form: the data were changed"
    rm -r b kept
  done
}

# The data are there whole, or not at all; what a killed process left is removed by the next.
a_killed_process_leaves_no_data() {
  for form in csv sqlite; do
    "$program" data synth --form "$form" --out "k$form" --users 20000 --items 5000 --ratings 2000000 \
      > made 2>&1 &
    writer=$!
    tries=0
    until test -n "$(find "k$form" -name '*crosslane-tmp' 2> messages)"; do
      tries=$((tries + 1))
      test $tries -lt 200 || fail "nothing is written: $(cat made)"
      sleep 0.05
    done
    kill -9 $writer
    wait $writer || true
    find "k$form" -type f ! -name '*crosslane-tmp' > there
    test ! -s there || fail "$(cat there)"
    synth "$form" "k$form"
    find "k$form" -name '*crosslane-tmp' > there
    test ! -s there || fail "not removed: $(cat there)"
    test -e "k$form/synthetic.json" || fail "no mark"
  done
}

# What the sizes do not allow is known before anything is written.
nothing_is_written_when_it_cannot_be() {
  refused 'at most half of all pairs' "$program" data synth --form csv --out none --users 3 --items 3
  test ! -e none || fail "something was written"
  echo text > file
  status=0
  "$program" data synth --form csv --out file > output 2> messages || status=$?
  test $status = 1 || fail "status $status"
  grep -q 'file: is a file, not a folder' messages || fail "$(cat messages)"
}

"$case"
