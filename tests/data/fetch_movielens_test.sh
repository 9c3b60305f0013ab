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
refuse() {
  "$@" || return 0
  echo "FAILED, as it succeeded: $*"
  failures=$((failures + 1))
}

# Below /parts/ a file is given from any byte on; below /cut/ too, but what is given is
# cut off in the middle.
serve() {
  if ! command -v python3 >/dev/null 2>&1; then
    address=file://$room/www
    return
  fi
  # Port 0: the system chooses a free one, and the server says which.
  python3 -u -c '
import functools, http.server, os, sys

class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if not self.path.startswith(("/cut/", "/parts/")):
            return super().do_GET()
        path = self.translate_path(self.path)
        if not os.path.isfile(path):
            return self.send_error(404)
        with open(path, "rb") as file:
            data = file.read()
        part = self.headers.get("Range")
        begin = int(part.split("=")[1].split("-")[0]) if part else 0
        self.send_response(206 if part else 200)
        self.send_header("Content-Length", str(len(data) - begin))
        if part:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        end = (begin + len(data)) // 2 if self.path.startswith("/cut/") else len(data)
        self.wfile.write(data[begin:end])
        self.close_connection = True

server = http.server.HTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1]))
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

# make ARCHIVE FOLDER FILE...: an archive with these files in a folder; its sum is $sum.
make() {
  archive=$room/www/right/$1 inside=$2
  shift 2
  mkdir -p "$room/$inside"
  for file in "$@"; do echo "$file of $inside, made by the test" >"$room/$inside/$file"; done
  (cd "$room" && python3 -m zipfile -c "$archive" "$inside/")
  sum=$(python3 -c 'import hashlib, sys; print(hashlib.md5(open(sys.argv[1], "rb").read()).hexdigest())' \
    "$archive")
}

use() { CROSSLANE_MOVIELENS_URL=$address/$1; }

mkdir -p "$room/www/wrong" "$room/www/right" "$room/www/missing" "$room/www/cut" \
  "$room/www/parts"
for set in 100k 1m 25m; do echo "not the zip" >"$room/www/wrong/ml-$set.zip"; done
serve
export CROSSLANE_MOVIELENS_URL

run 2 'Usage' "$fetch"
run 2 "unknown data set '2m'" "$fetch" 2m "$room/x"
run 2 'which folder' "$fetch" 100k
run 2 'unexpected argument' "$fetch" 100k "$room/x" y
run 2 'unknown option' "$fetch" --frobnicate
run 0 'Usage: tools/fetch-movielens SET DIR' "$fetch" --help

# The published sums, and the terms.
use wrong
run 1 'is not the ml-100k.zip' "$fetch" 100k "$room/wrong"
expect grep -q 'expected MD5 0e33842e24a9c977be4e0107933c0723' "$room/output"
expect grep -q 'do not redistribute the data' "$room/output"
expect grep -q 'full terms.*DIR/README,' "$room/output"
expect [ -z "$(ls -A "$room/wrong")" ]
run 1 'is not the ml-1m.zip' "$fetch" 1m "$room/wrong"
expect grep -q 'expected MD5 c4d9eecfca2ab87c1945afe126590906' "$room/output"
run 1 'is not the ml-25m.zip' "$fetch" 25m "$room/wrong"
expect grep -q 'expected MD5 6b51fb2759a8657d3bfcbfc42b592ada' "$room/output"
expect grep -q 'only under these same conditions' "$room/output"
expect [ -z "$(ls -A "$room/wrong")" ]

use missing
run 1 'could not download' "$fetch" 100k "$room/missing"
run 1 'could not download' "$fetch" 20m "$room/missing"
expect [ -z "$(ls -A "$room/missing")" ]

CROSSLANE_MOVIELENS_URL=http://127.0.0.1:1
run 1 'no network' "$fetch" 100k "$room/dead"
run 1 'could not download .*ml-10m.zip.md5' "$fetch" 10m "$room/dead"
expect [ -z "$(ls -A "$room/dead")" ]

if command -v python3 >/dev/null 2>&1; then
  use right
  make ml-100k.zip ml-100k u.data README
  CROSSLANE_FETCH_TEST_MD5=$sum
  export CROSSLANE_FETCH_TEST_MD5
  run 0 'MovieLens 100K is in' "$fetch" 100k "$room/a folder/right"
  expect cmp -s "$room/ml-100k/u.data" "$room/a folder/right/u.data"
  expect [ "$(find "$room/a folder/right" -mindepth 1 | wc -l)" -eq 2 ]

  make ml-1m.zip ml-1m ratings.dat movies.dat users.dat README
  CROSSLANE_FETCH_TEST_MD5=$sum
  run 0 'MovieLens 1M is in' "$fetch" 1m "$room/1m"
  expect [ "$(find "$room/1m" -mindepth 1 | wc -l)" -eq 4 ]
  run 0 'there already' "$fetch" 1m "$room/1m"
  run 1 'holds another data set (ratings.dat)' "$fetch" 10m "$room/1m"

  # The sum beside the archive, in the forms of md5 and of md5sum; another folder within.
  make ml-10m.zip ml-10M100K ratings.dat movies.dat README.html
  echo "MD5 (ml-10m.zip) = $sum" >"$room/www/right/ml-10m.zip.md5"
  run 0 'MovieLens 10M is in' "$fetch" 10m "$room/10m"
  refuse grep -q 'publishes no checksum' "$room/output"
  expect [ "$(find "$room/10m" -mindepth 1 | wc -l)" -eq 3 ]
  make ml-20m.zip ml-20m ratings.csv movies.csv README.txt
  echo "$sum  ml-20m.zip" >"$room/www/right/ml-20m.zip.md5"
  run 0 'MovieLens 20M is in' "$fetch" 20m "$room/20m"
  run 1 'holds another data set (ratings.csv)' "$fetch" 32m "$room/20m"
  echo "00000000000000000000000000000000  ml-20m.zip" >"$room/www/right/ml-20m.zip.md5"
  run 1 'expected MD5 00000000000000000000000000000000' "$fetch" 20m "$room/wrong"
  echo "none" >"$room/www/right/ml-20m.zip.md5"
  run 1 'has no MD5 sum in it' "$fetch" 20m "$room/wrong"
  expect [ -z "$(ls -A "$room/wrong")" ]

  # No sum is published: said, and damage within is found all the same.
  make ml-latest-small.zip ml-latest-small ratings.csv movies.csv README.txt
  run 0 'publishes no checksum of ml-latest-small.zip' "$fetch" latest-small "$room/small"
  expect grep -q "MD5, $sum, cannot be compared" "$room/output"
  expect cmp -s "$room/ml-latest-small/ratings.csv" "$room/small/ratings.csv"
  head -c 150 "$archive" >"$room/www/wrong/ml-latest-small.zip"
  use wrong
  run 1 'cannot unpack ml-latest-small.zip' "$fetch" latest-small "$room/wrong"
  use right
  make ml-latest.zip ml-latest movies.csv
  run 1 'ml-latest.zip has no ratings.csv' "$fetch" latest "$room/wrong"
  expect [ -z "$(ls -A "$room/wrong")" ]

  # A download that is cut off goes on where it was.
  use cut
  make ml-25m.zip ml-25m ratings.csv movies.csv README.txt
  cp "$archive" "$room/www/cut/"
  cp "$archive" "$room/www/parts/"
  CROSSLANE_FETCH_TEST_MD5=$sum
  run 1 'the same command goes on from there' "$fetch" 25m "$room/25m"
  expect [ "$(ls -A "$room/25m")" = .ml-25m.zip.part ]
  cp -R "$room/25m" "$room/25m again"
  use parts
  run 0 'Going on with the download' "$fetch" 25m "$room/25m"
  expect cmp -s "$room/ml-25m/ratings.csv" "$room/25m/ratings.csv"
  expect [ "$(find "$room/25m" -mindepth 1 | wc -l)" -eq 3 ]
  # This server gives no parts of files: all of it comes again.
  use right
  run 0 'MovieLens 25M is in' "$fetch" 25m "$room/25m again"
  expect [ "$(find "$room/25m again" -mindepth 1 | wc -l)" -eq 3 ]
fi

mkdir "$room/there" "$room/generated"
echo kept >"$room/there/u.data"
run 0 'there already' "$fetch" 100k "$room/there"
expect [ "$(cat "$room/there/u.data")" = kept ]
run 1 'holds another data set (u.data)' "$fetch" 25m "$room/there"
echo '{}' >"$room/generated/synthetic.json"
run 1 'generated ratings' "$fetch" 100k "$room/generated"

[ $failures -eq 0 ]
