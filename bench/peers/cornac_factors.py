#!/usr/bin/env python3
"""Matrix factorization with biases by Cornac: stochastic gradient descent, one rating a step.

Needs: pip install cornac
"""
from rating_rows import answer, cpu_seconds, np, options, package, read_fold

cornac = package("cornac", "cornac")


def main():
    given = options(__doc__, ("--factors", {"type": int, "default": 10}), ("--epochs", {"type": int, "default": 20}),
                    ("--rate", {"type": float, "default": 0.01}), ("--l2", {"type": float, "default": 0.02}))
    train, test = read_fold(given)
    rows = cornac.data.Dataset.from_uir(list(zip(train.user, train.item, train.rating)), seed=1)

    start = cpu_seconds()
    model = cornac.models.MF(k=given.factors, max_iter=given.epochs, learning_rate=given.rate,
                             lambda_reg=given.l2, use_bias=True, num_threads=1, seed=1)
    model.fit(rows)
    seconds = cpu_seconds() - start

    # Ids that training has not seen get the number after the last.
    users = [rows.uid_map.get(user, rows.num_users) for user in test.user]
    items = [rows.iid_map.get(item, rows.num_items) for item in test.item]
    answer("cornac", np.array([model.rate(user, item) for user, item in zip(users, items)], float), test, seconds)


if __name__ == "__main__":
    main()
