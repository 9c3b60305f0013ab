#!/bin/sh
# Every key that a sweep may vary changes what is trained, and a training with it goes on from its
# checkpoint: every_key_test.sh PROGRAM GOES_ON (every_key_goes_on.c)
#
# A key that is read but not used would give a plot of one model under many
# names. Each key is tried with another value, in a setting where it has a
# meaning, and the weights or the errors must differ. A new key needs a line.
set -eu

program=$1
goes_on=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# key | the setting in which it is tried | the setting with another value
cat > table <<'END'
data.fit | model.deep.columns: [item_id] | model.deep.columns: [item_id], data.fit: all
data.split.test | model.clip: false | data.split.test: 0.3
data.split.validation | model.clip: false | data.split.validation: 0.2
model.clip | train.optimizer.learning_rate: 0.5 | train.optimizer.learning_rate: 0.5, model.clip: true
model.deep.activation | model.clip: false | model.deep.activation: tanh
model.deep.columns | model.clip: false | model.deep.columns: [age, occupation, genre]
model.deep.dropout | model.clip: false | model.deep.dropout: 0.5
model.deep.embedding_dim | model.clip: false | model.deep.embedding_dim: 5
model.deep.hidden | model.clip: false | model.deep.hidden: [9]
model.head | model.clip: false | model.head: ordinal
model.interaction | model.clip: false | model.interaction: fm
model.wide.crosses | model.clip: false | model.wide.crosses: [[gender, occupation]]
model.wide.hash_buckets | model.clip: false | model.wide.hash_buckets: 5
train.averaging | model.clip: false | train.averaging: {ema: 0.9}
train.averaging.ema | train.averaging: {ema: 0.9} | train.averaging: {ema: 0.5}
train.batch_size | model.clip: false | train.batch_size: 64
train.early_stopping | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.3 | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.3, train.early_stopping: {patience: 1}
train.early_stopping.patience | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.01, train.early_stopping: {patience: 1, min_delta: 10} | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.01, train.early_stopping: {patience: 3, min_delta: 10}
train.early_stopping.min_delta | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.0001, train.early_stopping: {patience: 1} | data.split.validation: 0.2, train.epochs: 6, train.optimizer.learning_rate: 0.0001, train.early_stopping: {patience: 1, min_delta: 10}
train.ensemble | model.clip: false | train.ensemble: {members: 4}
train.ensemble.members | train.ensemble.members: 2 | train.ensemble.members: 3
train.epochs | model.clip: false | train.epochs: 3
train.l2 | model.clip: false | train.l2: {deep: 0.01}
train.l2.deep | model.clip: false | train.l2.deep: 0.1
train.l2.embeddings | model.clip: false | train.l2.embeddings: 0.1
train.l2.wide | model.clip: false | train.l2.wide: 0.1
train.optimizer | model.clip: false | train.optimizer: {name: sgd}
train.optimizer.embedding_updates | model.clip: false | train.optimizer.embedding_updates: lazy
train.optimizer.learning_rate | model.clip: false | train.optimizer.learning_rate: 0.02
train.optimizer.momentum | train.optimizer: {name: sgd} | train.optimizer: {name: sgd, momentum: 0.9}
train.optimizer.name | model.clip: false | train.optimizer.name: adagrad
train.optimizer.weight_decay | train.optimizer: {name: adamw} | train.optimizer: {name: adamw, weight_decay: 0.5}
train.refit | data.split.validation: 0.2, train.early_stopping: {patience: 1} | data.split.validation: 0.2, train.early_stopping: {patience: 1}, train.refit: true
train.schedule | model.clip: false | train.schedule: {name: step, step_epochs: 1}
train.schedule.decay | train.schedule: {name: inverse_time} | train.schedule: {name: inverse_time, decay: 0.7}
train.schedule.factor | train.schedule: {name: step, step_epochs: 1} | train.schedule: {name: step, step_epochs: 1, factor: 0.2}
train.schedule.minimum | train.schedule.name: cosine | train.schedule: {name: cosine, minimum: 0.3}
train.schedule.name | model.clip: false | train.schedule.name: cosine
train.schedule.step_epochs | train.schedule: {name: step, step_epochs: 1} | train.schedule: {name: step, step_epochs: 5}
train.wide_optimizer | model.clip: false | train.wide_optimizer: {name: ftrl, learning_rate: 0.1}
train.wide_optimizer.l1 | train.wide_optimizer: {name: ftrl, learning_rate: 0.1} | train.wide_optimizer: {name: ftrl, learning_rate: 0.1, l1: 0.05}
train.wide_optimizer.l2 | train.wide_optimizer: {name: ftrl, learning_rate: 0.1} | train.wide_optimizer: {name: ftrl, learning_rate: 0.1, l2: 0.5}
train.wide_optimizer.learning_rate | train.wide_optimizer: {name: ftrl, learning_rate: 0.1} | train.wide_optimizer: {name: ftrl, learning_rate: 0.2}
train.wide_optimizer.momentum | train.wide_optimizer: {name: sgd} | train.wide_optimizer: {name: sgd, momentum: 0.9}
train.wide_optimizer.name | train.wide_optimizer: {name: ftrl, learning_rate: 0.1} | train.wide_optimizer: {name: sgd, learning_rate: 0.1}
train.wide_optimizer.weight_decay | train.wide_optimizer: {name: adamw} | train.wide_optimizer: {name: adamw, weight_decay: 0.5}
END

"$program" help config | awk '
  /^[a-z]+\./ { key = $1 }
  /^ / { text[key] = text[key] $0 }
  END { for (key in text) { gsub(/ +/, " ", text[key]); if (text[key] ~ /may be swept/) print key } }
' | sort > swept
[ "$(wc -l < swept)" -ge 40 ] || fail "help config lists $(wc -l < swept) keys that may be swept"
sed 's/ |.*//' table | sort | diff swept - > keys || {
  cat keys >&2
  fail "the keys of the table are not those that may be swept (<)"
}

# One sweep of a list: each setting once, its line number as the label.
sed 's/^[^|]*| //; s/ | /\n/' table | sort -u > settings
cat > every.yaml <<'END'
schema: 1
name: every
data: {source: synthetic, synthetic: {users: 60, items: 80, ratings: 1000}}
model:
  wide: {crosses: [[gender, genre]]}
  deep: {columns: [age, gender, occupation, genre], hidden: [8, 4]}
train: {epochs: 2}
seeds: [1]
sweep:
  method: list
  trials:
END
awk '{ printf "    - {label: \"%d\", %s}\n", NR, $0 }' settings >> every.yaml
"$program" sweep every.yaml --out run > /dev/null 2> messages || {
  cat messages >&2
  exit 1
}

# The digest and the errors of a setting's trial.
outcome() { # SETTING
  label=$(grep -nxF "$1" settings | cut -d: -f1)
  grep -lE "^  \"label\": \"$label\",?$" run/trials/*.json > record ||
    fail "no trial of its own for: $1"
  grep -E '^  "(weights_digest|mse|validation_mse)"' "$(cat record)"
}
sed 's/ | /|/g' table | while IFS='|' read -r key before after; do
  first=$(outcome "$before") second=$(outcome "$after")
  [ "$first" != "$second" ] || fail "$key changes nothing: $before, $after"
done

"$goes_on" every.yaml || fail "a training does not go on from its checkpoint as if it was not interrupted"
