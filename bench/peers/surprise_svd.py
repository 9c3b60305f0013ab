#!/usr/bin/env python3
"""Matrix factorization with biases by Surprise (SVD): stochastic gradient descent.

Needs: pip install scikit-surprise
"""
from rating_rows import HIGH, LOW, answer, cpu_seconds, options, package, read_fold

surprise = package("surprise", "scikit-surprise")
pandas = package("pandas", "pandas")


def main():
    given = options(__doc__, ("--factors", {"type": int, "default": 100}), ("--epochs", {"type": int, "default": 20}),
                    ("--rate", {"type": float, "default": 0.005}), ("--l2", {"type": float, "default": 0.02}))
    train, test = read_fold(given)
    table = pandas.DataFrame({"user": train.user, "item": train.item, "rating": train.rating})
    rows = surprise.Dataset.load_from_df(table, surprise.Reader(rating_scale=(LOW, HIGH))).build_full_trainset()

    start = cpu_seconds()
    model = surprise.SVD(n_factors=given.factors, n_epochs=given.epochs, lr_all=given.rate,
                         reg_all=given.l2, random_state=1)
    model.fit(rows)
    seconds = cpu_seconds() - start

    predictions = model.test(list(zip(test.user, test.item, test.rating)))
    answer("scikit-surprise", [prediction.est for prediction in predictions], test, seconds)


if __name__ == "__main__":
    main()
