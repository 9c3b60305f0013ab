#!/usr/bin/env python3
"""Nothing later is known to what is earlier: later_rows_test.py CROSSLANE

With data.split.method: time, a shop's ratings are trained on with every kind of column:
ids, histories, means and counts, times, numbers that miss, sets, crosses. The rows that test
then get other users, items, ratings, values and times, and the model must be the same to the
last bit: its weights, the words that have rows in its tables, its scalings, its scale. So must
it be where the validation rows change too and do not choose the epoch. With fit: all, which
looks at all rows, it is another model: the comparison can fail.
"""
import glob
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

ROWS, TEST, VALIDATION = 1200, 300, 180  # 0.25 of all, 0.2 of the rest
DAY = 86400

CONFIG = """\
schema: 1
name: later
data:
  source: csv
  path: PLACE
  ratings: {path: ratings.csv, user: user, item: item, rating: rating, time: time}
  users: {path: users.csv, key: user}
  items: {path: items.csv, key: item}
  columns: {price: number, tags: multi_hot, basket: number}
  derived: [{name: age_class, from: age, bins: [30, 50]}]
  split: {method: time, test: 0.25, validation: 0.2}
model:
  wide: {crosses: [[country, tags], [user_id, device], [item_id], [age_class, brand, rating_hour]]}
  deep:
    columns: [user_id, item_id, user_history, item_history, user_mean, item_mean, user_count,
      item_count, {name: days_since_first, scale: minmax}, rating_hour, rating_weekday,
      {name: rating_day, scale: standard}, country, tags, brand, device, age_class,
      {name: age, scale: standard}, {name: price, scale: minmax}, {name: basket, scale: minmax}]
    hidden: [16, 8]
    dropout: 0.1
  clip: true
train: {epochs: 4, save: all}
seeds: [1]
"""


def draw_rows():
    """Rows of ever later times: user, item, rating, time, device, basket."""
    draw = random.Random(7)
    pairs = [(user, item) for user in range(60) for item in range(80)]
    rows = []
    for number, (user, item) in enumerate(draw.sample(pairs, ROWS)):
        rating = 2 + (user * 7 + item * 3) % 5 * 0.5  # 2 to 4
        basket = "" if draw.random() < 0.2 else str(10 + draw.randrange(20))
        rows.append([f"u{user}", f"i{item}", rating, 1500000000 + number * DAY // 3,
                     draw.choice(["web", "app"]), basket])
    return rows


def change(rows, begin):
    """Everything of the rows from `begin` on: users and items that have no other ratings and
    those of others, ratings beyond the scale, a device and baskets that no row had, and times
    that are later still."""
    changed = [list(row) for row in rows]
    for number in range(begin, len(rows)):
        changed[number] = [f"u{60 + number % 7 if number % 3 else number % 60}",
                           f"i{80 + number}", 1 if number % 2 else 5,
                           rows[number][3] + 400 * DAY, "tablet", str(1000 + number)]
    return changed


def write(place, rows):
    os.mkdir(place)
    draw = random.Random(11)
    order = list(range(len(rows)))
    draw.shuffle(order)  # the file's order says nothing
    with open(f"{place}/ratings.csv", "w", encoding="utf-8") as file:
        file.write("user,item,rating,time,device,basket\n")
        file.writelines(",".join(map(str, rows[i])) + "\n" for i in order)
    with open(f"{place}/users.csv", "w", encoding="utf-8") as file:
        file.write("user,age,country\n")
        for user in range(67):  # the last seven are others' users
            age = "" if user % 9 == 0 else 18 + user if user < 60 else 99
            file.write(f"u{user},{age},{'XX' if user >= 60 else ['DE', 'FR', ''][user % 3]}\n")
    with open(f"{place}/items.csv", "w", encoding="utf-8") as file:
        file.write("item,price,brand,tags\n")
        for item in range(80):
            tags = "|".join(sorted({f"t{item % 4}", f"t{item % 3}"}))
            file.write(f"i{item},{'' if item % 8 == 0 else item / 4},b{item % 5},{tags}\n")
        for item in range(80, 80 + ROWS):
            file.write(f"i{item},9999,new,t9|t0\n")


def train(program, place, rows, *settings):
    """The record and the model of the sweep."""
    write(place, rows)
    with open(f"{place}.yaml", "w", encoding="utf-8") as file:
        file.write(CONFIG.replace("PLACE", place))
    options = [part for setting in settings for part in ("--set", setting)]
    said = subprocess.run([program, "sweep", f"{place}.yaml", "--out", f"run-{place}", *options],
                          capture_output=True, text=True, check=False)
    if said.returncode != 0:
        sys.exit(said.stderr)
    with open(glob.glob(f"run-{place}/trials/*.json")[0], encoding="utf-8") as file:
        return json.load(file), glob.glob(f"run-{place}/models/*")[0]


def encoding(path):
    """What a model knows of its data: tensors, the words of each row of its tables, scalings."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    about = header.pop("__metadata__")
    words = json.loads(about["columns"])
    known = {"tensors": content[8 + length :], "shapes": header,
             "numbers": about["numbers"], "scale": about["scale"], "schema": about["schema"]}
    for number, table in enumerate(json.loads(about["tables"])):
        arity = len(table["columns"])
        known[f"table {number}"] = [table["columns"][i % arity] + "=" +
                                    words[table["columns"][i % arity]][code]
                                    for i, code in enumerate(table["rows"])]
    return known


def assert_same(what, one, other):
    (record, model), (changed, changed_model) = one, other
    if record["weights_digest"] != changed["weights_digest"]:
        sys.exit(f"{what}: other weights")
    known, changed_known = encoding(model), encoding(changed_model)
    for key, value in known.items():
        if changed_known[key] != value:
            sys.exit(f"{what}: {key} differs: {str(value)[:300]}\n{str(changed_known[key])[:300]}")
    if record["mse"] == changed["mse"]:
        sys.exit(f"{what}: the rows that test are not other ones")


def assert_unseen(program, rows):
    """A word that only later rows have is no word of the model, and predict says so."""
    columns = {"device": "tablet", "country": "XX", "brand": "new", "tags": "t9"}
    _, model = train(program, "words", rows, "model.wide.crosses=[[country, device]]",
                     f"model.deep.columns=[{', '.join(columns)}]")
    for column, word in columns.items():
        values = {"device": "web", "country": "DE", "brand": "b1", "tags": "t1"}
        for words, expected in ((values, []), ({**values, column: word}, [column])):
            options = [part for name in words for part in ("--set", f"{name}={words[name]}")]
            said = subprocess.run([program, "predict", model, *options, "--format", "json"],
                                  capture_output=True, text=True, check=False)
            if said.returncode != 0:
                sys.exit(said.stderr)
            found = json.loads(said.stdout)["unseen"]
            if found != expected:
                sys.exit(f"{words}: unseen are {found}, not {expected}")


def main():
    program = sys.argv[1]
    os.environ.pop("CROSSLANE_DATA", None)
    rows = draw_rows()
    test, validation = ROWS - TEST, ROWS - TEST - VALIDATION
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        chosen = "train.early_stopping={patience: 2}"
        plain = train(program, "plain", rows, chosen)
        later = train(program, "later", change(rows, test), chosen)
        assert_same("other rows test", plain, later)
        for key in ("validation_mse", "best_epoch", "train_mse"):
            if plain[0][key] != later[0][key]:
                sys.exit(f"other rows test: {key} is {later[0][key]}, not {plain[0][key]}")
        if (plain[0]["train_rows"], plain[0]["validation_rows"]) != (validation, VALIDATION):
            sys.exit("the parts are not of the size that this test changes")
        assert_same("other rows validate and test", train(program, "fixed", rows),
                    train(program, "fixed2", change(rows, validation)))
        assert_unseen(program, change(rows, test))
        one, other = (train(program, place, data, "data.fit=all")[0]["weights_digest"]
                      for place, data in (("all", rows), ("all2", change(rows, test))))
        if one == other:
            sys.exit("with fit: all, other rows are the same model: nothing was compared")
        os.chdir("/")


main()
