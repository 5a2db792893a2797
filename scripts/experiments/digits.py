"""Every elementwise activation trained on the 8x8 digits, at three depths, from three initialisations: test accuracy.

Networks with 2, 6 and 12 hidden layers of 32 units; He, Xavier and own gain (see network.py), biases 0; plain
stochastic gradient descent with batches of 32, 20 epochs, no regularisation, no schedule. Parameters of the activations
stay at their defaults and are not learned.

Learning rate: for each activation, initialisation and depth, the one of six with the best median validation accuracy
over 3 runs; of equals, the smallest. With it, 12 further runs, each with its own weights, batches and division of 1347
examples into 1047 for training and 300 for validation. Their accuracy on the other 450 examples, by which nothing was
chosen, is what the file holds. A run whose numbers overflow counts as the accuracy of guessing, 0.1.
"""

import numpy as np

from experiments.data import digits
from experiments.harness import Experiment, key, main, quartiles
from experiments.network import ELEMENTWISE, INITIALISATIONS, accuracy, generator, initialise, train

SETTINGS = {
    "depths": [2, 6, 12],
    "width": 32,
    "epochs": 20,
    "batch": 32,
    "rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
    "choosing_runs": [0, 1, 2],
    "runs": [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
}


def settings():
    return [(name, scheme, depth) for name in ELEMENTWISE for scheme in INITIALISATIONS for depth in SETTINGS["depths"]]


def tasks(values):
    rates, choosing = SETTINGS["rates"], SETTINGS["choosing_runs"]
    trials = [(*setting, rate, run) for setting in settings() for rate in rates for run in choosing]
    if not values:
        return trials
    return trials + [(*setting, best_rate(values, setting), run) for setting in settings() for run in SETTINGS["runs"]]


def short():
    return [(name, "own", SETTINGS["depths"][0], 0.1, 0) for name in ELEMENTWISE]


def work(task):
    """Accuracy on the validation and the test set after training, None if the run diverged."""
    name, scheme, depth, rate, run = task
    g, random = ELEMENTWISE[name], generator(3, run)
    training, validation, test = digits(run)
    layers = initialise(g, [64] + depth * [SETTINGS["width"]] + [10], INITIALISATIONS[scheme], random)
    epochs = list(train(g, layers, *training, rate, SETTINGS["batch"], SETTINGS["epochs"], random))
    if len(epochs) < SETTINGS["epochs"]:
        return {"validation": None, "test": None}
    return {"validation": accuracy(g, layers, *validation), "test": accuracy(g, layers, *test)}


def best_rate(values, setting):
    """The rate with the best median validation accuracy; of equals, the smallest."""

    def median(rate):
        runs = [values[(*setting, rate, run)] for run in SETTINGS["choosing_runs"]]
        return np.median([guess(run["validation"]) for run in runs])

    return max(SETTINGS["rates"], key=median)


def guess(accuracy):
    """A run that diverged counts as guessing one of ten digits."""
    return 0.1 if accuracy is None else accuracy


def summarise(values):
    results = {}
    for setting in settings():
        rate = best_rate(values, setting)
        tests = [values[(*setting, rate, run)]["test"] for run in SETTINGS["runs"]]
        results[key(setting)] = quartiles([guess(test) for test in tests]) | {
            "rate": rate,
            "diverged": tests.count(None),
            "runs": [guess(test) for test in tests],
        }
    return results


EXPERIMENT = Experiment("digits", __doc__, SETTINGS, tasks, short, work, summarise, 0.01, ("numpy", "scikit-learn"))

if __name__ == "__main__":
    main(EXPERIMENT)
