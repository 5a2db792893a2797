"""Dead and stuck units through training, against learning rate and initial bias, for ReLU, Leaky ReLU, ELU and GELU.

Networks of three hidden layers with 64 units on the 8x8 digits (1047 training examples), batches of 32, 20 epochs; each
function's own gain; plain stochastic gradient descent, and with momentum 0.9, where the rate is that of network.sgd: in
the long run a step has the same size with momentum as without. Before training and after each epoch, on the whole
training set, the share of hidden units

    dead:  g'(z) = 0 for every example: no gradient reaches the unit's weights;
    stuck: |g'(z)| <= 0.01 for every example: at most a hundredth of it does. Leaky ReLU, whose slope is 0.01, is stuck
           by this definition just where ReLU would be dead; ELU where z <= -4.6 throughout.

and, by layer, the share that was stuck at some of these times, and the share that was and recovered: it was not stuck
at the end. All of these over the runs that didn't diverge, whose number stands beside them; in the accuracy a run whose
numbers overflow counts as guessing, 0.1.
"""

import numpy as np

from experiments.data import digits
from experiments.functions import FUNCTIONS
from experiments.harness import Experiment, key, main, quartiles
from experiments.network import (
    INITIALISATIONS,
    finite,
    forward,
    generator,
    gradient,
    initialise,
    right,
    sgd,
    stack,
    train,
)
from experiments.rates import GUESSING

SETUPS = {"plain": 0.0, "momentum": 0.9}
SETTINGS = {
    "activations": ["relu", "leaky_relu", "elu", "gelu"],
    "setups": SETUPS,
    "rates": [0.03, 0.1, 0.3, 0.6, 1.0],
    "biases": [0.0, -1.0, -2.0],
    "hidden": [64, 64, 64],
    "epochs": 20,
    "batch": 32,
    "runs": 10,
    "threshold": 0.01,
    "shown_epochs": [0, 1, 5, 10, 20],
}


def cases():
    return [
        (name, setup, rate, bias)
        for name in SETTINGS["activations"]
        for setup in SETUPS
        for rate in SETTINGS["rates"]
        for bias in SETTINGS["biases"]
    ]


def tasks(cases, values):
    return cases


def short():
    return [("relu", "plain", 0.1, -1.0), ("elu", "momentum", 0.1, -1.0)]


def work(task):
    """For each run: shares of all hidden units by epoch, and of each layer's units; None if it diverged."""
    name, setup, rate, bias = task
    g, randoms = FUNCTIONS[name], [generator(2, run) for run in range(SETTINGS["runs"])]
    widths = [64, *SETTINGS["hidden"], 10]
    layers = stack([initialise(g, widths, INITIALISATIONS["own"], random, bias) for random in randoms])
    data = [digits(run) for run in range(SETTINGS["runs"])]
    training, _, test = ([np.stack(part) for part in zip(*which)] for which in zip(*data))
    largest = [largest_slopes(g, layers, training[0])]
    for _ in train(
        gradient(g), layers, *training, sgd(rate, SETUPS[setup]), SETTINGS["batch"], SETTINGS["epochs"], randoms
    ):
        largest.append(largest_slopes(g, layers, training[0]))
    accuracies = right(forward(g, layers, test[0]).logits, test[1])
    largest = np.array(largest)  # (epochs + 1, layers, runs, units)
    return [
        shares(largest[:, :, run]) | {"test_accuracy": accuracies[run]} if whole else None
        for run, whole in enumerate(finite(layers))
    ]


def largest_slopes(g, layers, x):
    """The largest |g'(z)| of each hidden unit over the examples, (layers, runs, units)."""
    return [np.abs(slope).max(axis=-2) for slope in forward(g, layers, x).slopes]


def shares(largest):
    """From the largest slopes of a run, (epochs + 1, layers, units)."""
    stuck = largest <= SETTINGS["threshold"]
    ever = stuck.any(axis=0)
    return {
        "dead": (largest == 0).mean(axis=(1, 2))[SETTINGS["shown_epochs"]],
        "stuck": stuck.mean(axis=(1, 2))[SETTINGS["shown_epochs"]],
        "ever_stuck": ever.mean(axis=1),
        "recovered": (ever & ~stuck[-1]).mean(axis=1),
    }


def summarise(cases, values):
    results = {}
    for case in cases:
        runs = values[case]
        whole = [run for run in runs if run]
        accuracies = [run["test_accuracy"] if run else GUESSING for run in runs]
        results[key(case)] = {"diverged": runs.count(None), "test_accuracy": quartiles(accuracies)}
        if whole:
            results[key(case)] |= {
                share: rounded(quartiles([run[share] for run in whole])) for share in ("dead", "stuck")
            }
            results[key(case)] |= rounded(
                {share: np.mean([run[share] for run in whole], axis=0) for share in ("ever_stuck", "recovered")}
            )
    return results


def rounded(shares):
    """To a tenth of a percent; a layer has 64 units."""
    return {name: numbers.round(3) for name, numbers in shares.items()}


EXPERIMENT = Experiment(
    "dead_units", __doc__, SETTINGS, cases, tasks, short, work, summarise, 0.02, ("numpy", "scikit-learn")
)

if __name__ == "__main__":
    main(EXPERIMENT)
