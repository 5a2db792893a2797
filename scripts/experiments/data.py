"""The 1797 handwritten digits of 8 by 8 pixels that come with scikit-learn."""

from typing import NamedTuple

import numpy as np

from experiments.network import generator

TEST, VALIDATION = 450, 300


class Examples(NamedTuple):
    x: np.ndarray  # (examples, 64), mean square 1 over the training set
    labels: np.ndarray  # (examples,), 0 ... 9


def digits(run: int) -> tuple[Examples, Examples, Examples]:
    """Training, validation and test set. The test set is the same in all runs; the others are divided anew in each."""
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise ImportError("found no scikit-learn, expected it for its digits: pip install scikit-learn") from None
    x, labels = load_digits(return_X_y=True)
    shuffled = generator(0).permutation(len(x))
    test, rest = shuffled[:TEST], generator(1, run).permutation(shuffled[TEST:])
    validation, train = rest[:VALIDATION], rest[VALIDATION:]
    x = (x - x[train].mean()) / x[train].std()
    return tuple(Examples(x[chosen], labels[chosen]) for chosen in (train, validation, test))
