#!/bin/sh
# tools/fetch-movielens, against a server of this test's own.
# Usage: fetch_movielens_test.sh PATH-TO-fetch-movielens
set -u

fetch=$1
room=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null
  rm -rf "$room"
}
trap finish EXIT
failures=0
no_proxy=127.0.0.1
export no_proxy

# run STATUS WORDS COMMAND...: the command's status and words of its output.
run() {
  wanted=$1 words=$2
  shift 2
  "$@" >"$room/output" 2>&1
  status=$?
  if [ "$status" -ne "$wanted" ] || ! grep -q -e "$words" "$room/output"; then
    echo "FAILED: $*: status $status, expected $wanted and '$words' in:"
    cat "$room/output"
    failures=$((failures + 1))
  fi
}

expect() {
  "$@" && return
  echo "FAILED: $*"
  failures=$((failures + 1))
}

serve() {
  if ! command -v python3 >/dev/null 2>&1; then
    address=file://$room/www
    return
  fi
  # Port 0: the system chooses a free one, and the server says which.
  python3 -u -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()' "$room/www" >"$room/port" 2>/dev/null &
  server=$!
  tries=0
  while [ ! -s "$room/port" ] && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  address=http://127.0.0.1:$(cat "$room/port")
}

mkdir -p "$room/www/wrong" "$room/www/right/ml-100k" "$room/www/missing"
echo "not the zip" >"$room/www/wrong/ml-100k.zip"
serve

run 2 'Usage' "$fetch"
run 2 'unknown data set' "$fetch" 25m "$room/x"
run 2 'which folder' "$fetch" 100k
run 2 'unexpected argument' "$fetch" 100k "$room/x" y
run 2 'unknown option' "$fetch" --frobnicate
run 0 'Usage: tools/fetch-movielens 100k DIR' "$fetch" --help

CROSSLANE_MOVIELENS_URL=$address/wrong
export CROSSLANE_MOVIELENS_URL
run 1 'is not the ml-100k.zip' "$fetch" 100k "$room/wrong"
expect grep -q 'expected 4924029 bytes, MD5 0e33842e24a9c977be4e0107933c0723' "$room/output"
expect grep -q 'do not redistribute the data' "$room/output"
expect [ -z "$(ls -A "$room/wrong")" ]

CROSSLANE_MOVIELENS_URL=$address/missing
run 1 'could not download' "$fetch" 100k "$room/missing"
expect [ -z "$(ls -A "$room/missing")" ]

CROSSLANE_MOVIELENS_URL=http://127.0.0.1:1
run 1 'no network' "$fetch" 100k "$room/dead"

if command -v python3 >/dev/null 2>&1; then
  echo "made by the test" >"$room/www/right/ml-100k/u.data"
  echo "made by the test" >"$room/www/right/ml-100k/README"
  (cd "$room/www/right" && python3 -m zipfile -c ml-100k.zip ml-100k/)
  size=$(($(wc -c <"$room/www/right/ml-100k.zip")))
  sum=$(python3 -c 'import hashlib, sys; print(hashlib.md5(open(sys.argv[1], "rb").read()).hexdigest())' \
    "$room/www/right/ml-100k.zip")
  CROSSLANE_MOVIELENS_URL=$address/right
  CROSSLANE_FETCH_TEST_EXPECT="$size $sum"
  export CROSSLANE_FETCH_TEST_EXPECT
  run 0 'MovieLens 100K is in' "$fetch" 100k "$room/a folder/right"
  expect cmp -s "$room/www/right/ml-100k/u.data" "$room/a folder/right/u.data"
  expect [ "$(ls -A "$room/a folder/right" | wc -l)" -eq 2 ]
  CROSSLANE_FETCH_TEST_EXPECT="$((size + 1)) $sum"
  run 1 'is not the ml-100k.zip' "$fetch" 100k "$room/size"
fi

mkdir "$room/there" "$room/generated"
echo kept >"$room/there/u.data"
run 0 'there already' "$fetch" 100k "$room/there"
expect [ "$(cat "$room/there/u.data")" = kept ]
echo '{}' >"$room/generated/synthetic.json"
run 1 'generated ratings' "$fetch" 100k "$room/generated"

[ $failures -eq 0 ]
