#!/bin/sh
# What the pages for users say must be true: pages_test.sh PROGRAM ROOT CASE
set -eu

program=$1
root=$2
case=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# Writes each experiment of a page, a ```yaml block that begins with `schema:`,
# to PREFIX.N.yaml.
extract() { # PAGE PREFIX
  awk -v prefix="$2" '
    /^```yaml$/ { fence = 1; next }
    /^```/ { if (file != "") close(file); fence = 0; file = ""; next }
    fence == 1 { fence = 2; if (/^schema:/) file = prefix "." ++count ".yaml" }
    file != "" { print > file }
  ' "$1"
}

every_experiment_is_one_that_the_program_takes() {
  "$program" data synth --out data --users 300 --items 400 --ratings 5000 > /dev/null
  "$program" data synth --form csv --out shop --users 300 --items 400 --ratings 5000 > /dev/null
  for page in "$root"/README.md "$root"/docs/*.md; do extract "$page" "$(basename "$page" .md)"; done
  tried=0
  for file in *.yaml; do
    [ -f "$file" ] || fail "no experiment was found"
    data=data
    if grep -q '^  source: csv' "$file"; then data=shop; fi
    "$program" sweep "$file" --data "$data" --dry-run --format csv > plan 2> messages || {
      cat "$file" messages >&2
      fail "$file is refused"
    }
    [ "$(wc -l < plan)" -gt 1 ] || fail "$file trains nothing"
    tried=$((tried + 1))
  done
  [ "$tried" -ge 10 ] || fail "only $tried experiments were found"
}

every_column_stands_in_the_table_of_columns() {
  "$program" help config | sed '1,/^Columns/d' | awk '{ print $1 }' > columns
  [ "$(wc -l < columns)" -gt 10 ] || fail "no list of columns in help config"
  # shellcheck disable=SC2016 # backquotes of Markdown
  sed -n 's/^| `\([a-z_]*\)` | \(number\|category\|categories\|history\) | .*/\1/p' \
    "$root"/docs/experiments.md > described
  diff columns described || fail "docs/experiments.md has other columns"
}

# A small run, whose files have every field and column.
small_run() {
  cat > small.yaml <<'END'
schema: 1
name: small
data: {source: synthetic, synthetic: {users: 80, items: 90, ratings: 2000}}
model: {wide: {crosses: [[gender, genre]]}}
train: {epochs: 1}
END
  "$program" sweep small.yaml --out run 2> messages || fail "$(cat messages)"
}

every_column_of_a_table_is_explained() {
  small_run
  "$program" show run --format csv | head -n 1 | tr -d '\r' | tr ',' '\n' > names
  [ "$(wc -l < names)" -gt 20 ] || fail "no columns in the CSV table"
  while read -r name; do
    grep -qF "\`$name\`" "$root/docs/results.md" || fail "docs/results.md: no column $name"
  done < names
}

every_field_of_a_record_is_explained() {
  small_run
  sed -n 's/^  "\([a-z_]*\)":.*/\1/p' run/trials/*.json > names
  [ "$(wc -l < names)" -gt 20 ] || fail "no fields in the record"
  while read -r name; do
    grep -qE "^\|[^|]*\`$name\`[^|]*\|" "$root/docs/run-folder.md" ||
      fail "docs/run-folder.md: no field $name"
  done < names
}

every_citation_names_the_version_of_the_program() {
  version=$("$program" --version | head -n 1 | awk '{ print $2 }')
  grep -qxF "version: $version" "$root/CITATION.cff" || fail "CITATION.cff: not version $version"
}

every_link_to_a_file_leads_somewhere() {
  for page in "$root"/*.md "$root"/docs/*.md "$root"/docs/guides/*.md; do
    grep -o '](\([^)]*\))' "$page" | sed 's/^](//; s/)$//; s/#.*//' | sort -u > links || true
    while read -r link; do
      case $link in '' | *://* | mailto:*) continue ;; esac
      [ -e "$(dirname "$page")/$link" ] || fail "$page: no $link"
    done < links
  done
}

every_picture_is_explained() {
  sed -n 's/^    {"\([a-z_]*\)", "[^"]*", plot_make.*/\1/p' "$root/results/plot.c" > pictures
  [ "$(wc -l < pictures)" -gt 8 ] || fail "no list of pictures in results/plot.c"
  while read -r picture; do
    for page in docs/results.md results/plot.h; do
      grep -qw "$picture" "$root/$page" || fail "$page does not explain $picture"
    done
  done < pictures
}

# The example of a mistake shows the message that the program prints.
every_list_of_keys_is_complete() {
  page=$root/docs/experiments.md
  printf 'schema: 1\nname: t\ntrain:\n  early_stoping: {patience: 5}\n' > t.yaml
  "$program" sweep t.yaml --dry-run 2> messages && fail "a misspelt key is taken"
  grep '^did you mean' messages > expected
  grep '^did you mean' "$page" | diff expected - || fail "$page shows another message"
}


# A heading that is not named by its link any more is a dead link too.
every_link_to_a_heading_leads_somewhere() {
  for page in "$root"/*.md "$root"/docs/*.md "$root"/docs/guides/*.md; do
    grep '^##* ' "$page" | sed 's/^#* //' | tr '[:upper:]' '[:lower:]' | tr -d '`.,:;/()*+=?"'"'" |
      tr ' ' '-' > headings
    grep -o '](#[^)]*)' "$page" | sed 's/^](#//; s/)$//' > links || true
    while read -r link; do
      grep -qxF -e "$link" headings || fail "$page: no heading #$link"
    done < links
  done
}

case $case in
  every_*) "$case" ;;
  *) fail "no test '$case'" ;;
esac
