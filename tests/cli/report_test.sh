#!/usr/bin/env bash
# crosslane report in a browser: report_test.sh CROSSLANE TEST. 77, meson's
# "skipped", where there is no Chromium.
set -euo pipefail

crosslane=$1 name=$2

skip() {
  printf 'skipped: %s: %s\n' "$name" "$1"
  exit 77
}

fail() {
  printf '%s: %s\n' "$name" "$1" >&2
  exit 1
}

browser=
for candidate in "${CROSSLANE_CHROMIUM-}" chromium chromium-browser google-chrome; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then
    browser=$candidate
    break
  fi
done
[ -n "$browser" ] || skip 'no chromium (Debian: chromium; CROSSLANE_CHROMIUM names another)'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat >"$folder/config.yaml" <<'END'
schema: 1
name: page
description: Is <b>this</b> a question?
data:
  source: synthetic
  synthetic: {users: 60, items: 80, ratings: 2000, seed: 1}
  split: {method: random, test: 0.2, validation: 0.1}
model: {deep: {columns: [age, gender, occupation, genre]}}
train: {epochs: 2}
seeds: [1, 2]
sweep:
  method: grid
  parameters:
    model.deep.hidden: {values: [[], [8], [16], [8, 8], [16, 16]]}
    model.deep.embedding_dim: {values: [2, 12]}
END
"$crosslane" sweep "$folder/config.yaml" --out "$folder/run" >"$folder/log" 2>&1 ||
  fail "the sweep failed: $(cat "$folder/log")"
"$crosslane" report "$folder/run" >"$folder/log" 2>&1 ||
  fail "the report failed: $(cat "$folder/log")"

# The page with a script before all others that counts errors, and one after
# them that does what the test asks for and leaves its answer as <pre id=answer>.
ask() {
  python3 - "$folder" "$1" <<'END'
import pathlib, sys
folder, question = pathlib.Path(sys.argv[1]), sys.argv[2]
page = (folder / "run/report.html").read_text(encoding="utf-8")
first = "<script>var faults = []; addEventListener('error', (e) => faults.push(e.message), true);" \
        "addEventListener('securitypolicyviolation', (e) => faults.push(e.blockedURI));</script>"
last = "<script>addEventListener('load', () => { let answer; try { answer = (() => {" + question + \
       "})(); } catch (e) { answer = 'thrown: ' + e; } const pre = document.createElement('pre');" \
       "pre.id = 'answer'; pre.textContent = '[[' + answer + ']]'; document.body.append(pre); });</script>"
page = page.replace('<meta charset="utf-8">', '<meta charset="utf-8">' + first, 1)
page = page.replace("</body>", last + "</body>", 1)
(folder / "asked.html").write_text(page, encoding="utf-8")
END
  HOME=$folder timeout 60 "$browser" --headless --no-sandbox --disable-gpu \
    --user-data-dir="$folder/profile" --virtual-time-budget=4000 \
    --dump-dom "file://$folder/asked.html" 2>"$folder/browser.log" >"$folder/dom.html" || true
  [ -s "$folder/dom.html" ] || skip "$browser does not run here: $(tail -1 "$folder/browser.log")"
  sed -n 's/.*<pre id="answer">\[\[\(.*\)\]\]<\/pre>.*/\1/p' "$folder/dom.html"
}

expect() {
  local answer status=0
  answer=$(ask "$1") || status=$?
  if [ "$status" -ne 0 ]; then
    printf '%s\n' "$answer"
    exit "$status"
  fi
  [ "$answer" = "$2" ] || fail "expected '$2', found '$answer'"
}

order='const cells = (n) => [...document.querySelectorAll("tbody tr")].map((r) => n === 0
  ? r.cells[0].dataset.value : parseFloat(r.cells[n].dataset.value));
  const click = (n) => document.querySelectorAll("th button")[n].click();
  const sorted = (list, sign) => list.every((v, i) => i === 0 || sign * (v - list[i - 1]) >= 0);
  const state = (n) => document.querySelectorAll("th")[n].getAttribute("aria-sort");'

the_page_loads_with_no_error_and_no_request() {
  expect 'return [faults.length, performance.getEntriesByType("resource").length,
    document.querySelector(".question").textContent, document.querySelectorAll("svg").length > 5,
    document.querySelector(".warning").textContent.includes("SYNTHETIC")].join(" ")' \
    '0 0 Is &lt;b&gt;this&lt;/b&gt; a question? true true'
}

the_table_sorts_both_ways_and_says_so() {
  expect "$order"' click(2); const up = sorted(cells(2), 1) + state(2);
    click(2); const down = sorted(cells(2), -1) + state(2);
    click(7); return [up, down, sorted(cells(7), 1), state(2), cells(7).length].join(" ")' \
    'trueascending truedescending true none 10'
}

rows_without_a_value_stay_last() {
  expect "$order"' const last = () => Number.isNaN(cells(3).pop()); click(3); const up = last();
    click(3); return [up, last()].join(" ")' 'true true'
}

the_table_filters_by_label() {
  expect 'const input = document.querySelector("input"); input.value = "hidden=[16] DIM=2";
    input.dispatchEvent(new Event("input"));
    const shown = [...document.querySelectorAll("tbody tr")].filter((r) => !r.hidden);
    return shown.length + " " + shown[0].cells[0].dataset.value + " " +
      document.querySelector(".count").textContent' \
    '1 hidden=[16] embedding_dim=2 1 of 10 architectures'
}

every_control_is_reached_by_keyboard() {
  expect 'const all = [...document.querySelectorAll("button, input, summary, [tabindex]")];
    return all.length > 12 && all.every((e) => { e.focus(); return document.activeElement === e ||
      e.offsetParent === null; })' true
}

light_and_dark_differ() {
  expect 'const page = () => getComputedStyle(document.body).backgroundColor;
    const paper = () => getComputedStyle(document.querySelector(".picture svg rect")).fill;
    const before = page(); document.querySelector(".theme").click();
    return (page() !== before) + " " + (paper() === page())' 'true true'
}

# Nothing but the boxes that scroll is wider than a telephone.
the_page_fits_a_narrow_window() {
  expect 'const frame = document.documentElement; frame.style.width = "360px";
    document.body.style.width = "360px"; return frame.scrollWidth <= 800 &&
    document.body.scrollWidth <= 360' true
}

"$name"
