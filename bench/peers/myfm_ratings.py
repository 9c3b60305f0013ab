#!/usr/bin/env python3
"""A Bayesian factorization machine (Gibbs sampler) by myFM, with all that is known of user and film.

Needs: pip install myfm
"""
from rating_rows import Items, Users, answer, cpu_seconds, np, options, package, read_fold

myfm = package("myfm", "myfm")
sparse = package("scipy.sparse", "scipy")


def one_hot(values, levels):
    """A row of 0 where training has not seen the value."""
    at = np.searchsorted(levels, values).clip(max=len(levels) - 1)
    seen = levels[at] == values
    return sparse.csr_matrix((np.ones(seen.sum()), (np.flatnonzero(seen), at[seen])),
                             shape=(len(values), len(levels)))


def unit_rows(matrix):
    """Rows of n ones become rows of 1/sqrt(n)."""
    return sparse.diags(1 / np.sqrt(np.maximum(np.asarray(matrix.sum(1)).ravel(), 1))) @ matrix


class Side:
    """What is known of a user (or a film): blocks of columns for any ids."""

    def __init__(self, ids, history, columns):
        self.ids, self.history, self.columns = ids, unit_rows(history), columns

    def blocks(self, ids):
        own = one_hot(ids, self.ids)
        return [own, own @ self.history] + [column[ids - 1] for column in self.columns]


def known(train, users, items):
    """The sides of users and items."""
    user_ids, item_ids = np.unique(train.user), np.unique(train.item)
    rated = one_hot(train.user, user_ids).T @ one_hot(train.item, item_ids)
    category = lambda values: one_hot(values, np.unique(values))
    return (Side(user_ids, rated, [category(users.age // 5), category(users.occupation),
                                   category(users.gender), category(users.zip_area)]),
            Side(item_ids, rated.T, [unit_rows(sparse.csr_matrix(items.genres)).tocsr(),
                                     category(items.year)]))


def relation(ids, side):
    different, where = np.unique(ids, return_inverse=True)
    blocks = side.blocks(different)
    matrix = sparse.hstack(blocks, format="csr")
    return myfm.RelationBlock(where, matrix), [block.shape[1] for block in blocks]


def encode(rows, days, sides):
    """The day as the main column, users and films as relations; widths of all blocks."""
    relations, widths = zip(*(relation(ids, side) for ids, side in zip((rows.user, rows.item), sides)))
    return one_hot(rows.day, days), list(relations), [len(days)] + widths[0] + widths[1]


MODELS = {"regression": myfm.MyFMRegressor, "probit": myfm.MyFMOrderedProbit}


def main():
    given = options(__doc__, ("--model", {"choices": MODELS, "default": "regression"}),
                    ("--iterations", {"type": int, "default": 100}), ("--rank", {"type": int, "default": 10}))
    train, test = read_fold(given)
    users, items = Users(given.data), Items(given.data)

    start = cpu_seconds()
    sides, days = known(train, users, items), np.unique(train.day)
    main_columns, relations, widths = encode(train, days, sides)
    model = MODELS[given.model](rank=given.rank)
    probit = given.model == "probit"
    target = (train.rating - 1).astype(np.int32) if probit else train.rating.astype(float)
    model.fit(main_columns, target, X_rel=relations, n_iter=given.iterations, n_kept_samples=given.iterations,
              grouping=np.repeat(np.arange(len(widths)), widths).tolist())
    seconds = cpu_seconds() - start

    main_columns, relations, _ = encode(test, days, sides)
    if probit:
        predictions = model.predict_proba(main_columns, relations) @ np.arange(1, 6)
    else:
        predictions = model.predict(main_columns, relations)
    answer("myfm", predictions, test, seconds)


if __name__ == "__main__":
    main()
