#!/usr/bin/env python3
"""Boosted trees by LightGBM on features made by hand: means of user and film, the user's
taste in genres, the nearest films, all that is known of user and film, time of the rating.

The features of a training row are computed without its own part of ten. A tenth of
the training rows says when to stop.

Needs: pip install lightgbm
"""
from rating_rows import Items, Users, answer, cpu_seconds, np, options, package, read_fold

lightgbm = package("lightgbm", "lightgbm")

PARTS = 10
SHRINK = 5.0          # so many ratings of the mean are added to each mean
SHRINK_SUPPORT = 50   # films with fewer common users are less alike
TREES_MAX = 3000
PARAMETERS = {"objective": "l2", "learning_rate": 0.03, "num_leaves": 31, "min_data_in_leaf": 50,
              "feature_fraction": 0.5, "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5,
              "num_threads": 1, "verbose": -1, "seed": 1}


def film_neighbours(residual, rated):
    """Mean residual of each user on the films most like each film, by the cosine of residuals."""
    products, common = residual.T @ residual, rated.T @ rated
    length = np.sqrt(np.diag(products)) + 1e-9
    alike = products / np.outer(length, length) * common / (common + SHRINK_SUPPORT)
    np.fill_diagonal(alike, 0)
    alike = alike.clip(min=0)
    return residual @ alike / (rated @ alike + 0.5)


def statistics(seen, rows, users, items):
    """Columns for ROWS, from the ratings SEEN alone."""
    user, item = seen.user - 1, seen.item - 1
    by_user = lambda values: np.bincount(user, values, users.count)
    by_item = lambda values: np.bincount(item, values, items.count)
    user_count, item_count = by_user(np.ones(len(seen))), by_item(np.ones(len(seen)))
    mean = seen.rating.mean()
    centred = seen.rating - mean
    item_bias = by_item(centred) / (item_count + SHRINK)
    user_bias = by_user(centred - item_bias[item]) / (user_count + SHRINK)
    user_mean = by_user(centred) / (user_count + SHRINK)
    user_sd = np.sqrt(by_user((centred - user_mean[user]) ** 2) / np.maximum(user_count, 1))
    item_sd = np.sqrt(by_item((centred - item_bias[item]) ** 2) / np.maximum(item_count, 1))

    residual = np.zeros((users.count, items.count))
    residual[user, item] = centred - item_bias[item] - user_bias[user]
    rated = np.zeros_like(residual)
    rated[user, item] = 1
    taste = residual @ items.genres / (rated @ items.genres + SHRINK)
    near = film_neighbours(residual, rated)

    u, i = rows.user - 1, rows.item - 1
    on_genres = (taste[u] * items.genres[i]).sum(1) / np.maximum(items.genres[i].sum(1), 1)
    return np.column_stack([user_mean[u], user_bias[u], item_bias[i], user_count[u], item_count[i], user_sd[u],
                            item_sd[i], item_bias[i] + user_bias[u], on_genres, near[u, i]])


def codes(values):
    return np.unique(values, return_inverse=True)[1]


def sides(rows, users, items):
    """What is known without any rating."""
    u, i = rows.user - 1, rows.item - 1
    return np.column_stack([users.age[u], codes(users.gender)[u], codes(users.occupation)[u],
                            codes(users.zip_area)[u], items.year[i], rows.day, rows.time // 3600 % 24,
                            rows.day % 7, items.genres[i]])


def out_of_fold(train, random, users, items):
    part = random.integers(0, PARTS, len(train))
    first = statistics(train[part != 0], train[part == 0], users, items)
    columns = np.empty((len(train), first.shape[1]))
    columns[part == 0] = first
    for k in range(1, PARTS):
        columns[part == k] = statistics(train[part != k], train[part == k], users, items)
    return columns


def main():
    given = options(__doc__)
    train, test = read_fold(given)
    users, items = Users(given.data), Items(given.data)

    start = cpu_seconds()
    random = np.random.default_rng(1)
    columns = np.hstack([out_of_fold(train, random, users, items), sides(train, users, items)])
    held = random.random(len(train)) < 1 / PARTS
    model = lightgbm.train(PARAMETERS, lightgbm.Dataset(columns[~held], train.rating[~held]), TREES_MAX,
                           valid_sets=[lightgbm.Dataset(columns[held], train.rating[held])],
                           callbacks=[lightgbm.early_stopping(50, verbose=False)])
    seconds = cpu_seconds() - start

    columns = np.hstack([statistics(train, test, users, items), sides(test, users, items)])
    answer("lightgbm", model.predict(columns), test, seconds)


if __name__ == "__main__":
    main()
