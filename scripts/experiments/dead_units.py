"""Dead and stuck units through training, against learning rate and initial bias, for ReLU, Leaky ReLU, ELU and GELU.

Networks of three hidden layers with 64 units on the 8x8 digits (1047 training examples), He initialisation, plain
stochastic gradient descent with batches of 32, 20 epochs. Before training and after each epoch, on the whole training
set, the share of hidden units

    dead:  g'(z) = 0 for every example: no gradient reaches the unit's weights;
    stuck: |g'(z)| <= 0.01 for every example: at most a hundredth of it does. Leaky ReLU, whose slope is 0.01, is stuck
           where ReLU would be dead; ELU where z <= -4.6 throughout.

and, by layer, the share that was stuck at some of these times, and the share that was and recovered: it was not stuck
at the end. A run whose numbers overflow counts as diverged and is left out of the shares.
"""

import numpy as np

from experiments.data import digits
from experiments.harness import Experiment, key, main, quartiles
from experiments.network import ELEMENTWISE, INITIALISATIONS, accuracy, forward, generator, initialise, train

SETTINGS = {
    "activations": ["relu", "leaky_relu", "elu", "gelu"],
    "rates": [0.03, 0.1, 0.3, 0.6, 1.0],
    "biases": [0.0, -1.0, -2.0],
    "hidden": [64, 64, 64],
    "epochs": 20,
    "batch": 32,
    "runs": 10,
    "threshold": 0.01,
    "shown_epochs": [0, 1, 2, 3, 5, 10, 15, 20],
}


def settings():
    return [
        (name, rate, bias)
        for name in SETTINGS["activations"] for rate in SETTINGS["rates"] for bias in SETTINGS["biases"]
    ]


def tasks(values):
    return [(*setting, run) for setting in settings() for run in range(SETTINGS["runs"])]


def short():
    return [(name, 0.1, -1.0, 0) for name in SETTINGS["activations"]]


def work(task):
    """Shares of all hidden units by epoch, None once the run has diverged, and shares of each layer's units."""
    name, rate, bias, run = task
    g, random = ELEMENTWISE[name], generator(2, run)
    training, _, test = digits(run)
    layers = initialise(g, [64, *SETTINGS["hidden"], 10], INITIALISATIONS["he"], random, bias)
    largest = [largest_slopes(g, layers, training.x)]
    for _ in train(g, layers, *training, rate, SETTINGS["batch"], SETTINGS["epochs"], random):
        largest.append(largest_slopes(g, layers, training.x))
    diverged = len(largest) <= SETTINGS["epochs"]
    missing = [None] * (SETTINGS["epochs"] + 1 - len(largest))
    largest = np.array(largest)  # (epochs + 1, layers, units)
    stuck = largest <= SETTINGS["threshold"]
    ever = stuck.any(axis=0)
    return {
        "dead": [*(largest == 0).mean(axis=(1, 2)), *missing],
        "stuck": [*stuck.mean(axis=(1, 2)), *missing],
        "ever_stuck": ever.mean(axis=1),
        "recovered": (ever & ~stuck[-1]).mean(axis=1),
        "diverged": int(diverged),
        "test_accuracy": None if diverged else accuracy(g, layers, *test),
    }


def largest_slopes(g, layers, x):
    """The largest |g'(z)| of each hidden unit over the examples, (layers, units)."""
    return [np.abs(slope).max(axis=0) for slope in forward(g, layers, x).slopes]


def summarise(values):
    results = {}
    for setting in settings():
        runs = [values[(*setting, run)] for run in range(SETTINGS["runs"])]
        whole = [run for run in runs if not run["diverged"]]
        label = key(setting)
        results[label] = {"diverged": len(runs) - len(whole)}
        if whole:
            results[label] |= {
                share: quartiles([[run[share][epoch] for epoch in SETTINGS["shown_epochs"]] for run in whole])
                for share in ("dead", "stuck")
            } | {
                "ever_stuck": np.mean([run["ever_stuck"] for run in whole], axis=0),
                "recovered": np.mean([run["recovered"] for run in whole], axis=0),
                "test_accuracy": quartiles([run["test_accuracy"] for run in whole]),
            }
    return results


EXPERIMENT = Experiment(
    "dead_units", __doc__, SETTINGS, tasks, short, work, summarise, 0.02, ("numpy", "scikit-learn")
)

if __name__ == "__main__":
    main(EXPERIMENT)
