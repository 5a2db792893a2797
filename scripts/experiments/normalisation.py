"""Does the choice of function still matter with normalisation and skips? Five arrangements, at 12 and 50 layers.

Plain networks, layer norm, batch norm, skips, and skips with layer norm (arrangements.py has each in a line), with 12
and 50 hidden layers of 32 units and own gains, on the 8x8 digits, for 10 epochs; training and the choice of the rate
otherwise as in the experiment on digits (rates.py).
"""

import numpy as np

from experiments import arrangements, rates
from experiments.arrangements import ARRANGEMENTS
from experiments.functions import FUNCTIONS
from experiments.harness import Experiment, main

ACTIVATIONS = ["sigmoid", "tanh", "relu", "gelu"]
SETTINGS = rates.SETTINGS | {
    "activations": ACTIVATIONS,
    "arrangements": list(ARRANGEMENTS),
    "depths": [12, 50],
    "width": 32,
    "epochs": 10,
}


def cases():
    return [
        (name, arrangement, depth)
        for name in ACTIVATIONS
        for arrangement in ARRANGEMENTS
        for depth in SETTINGS["depths"]
    ]


def short():
    return rates.short([("tanh", arrangement, SETTINGS["depths"][0]) for arrangement in ARRANGEMENTS])


def start(case, random):
    name, arrangement, depth = case
    return arrangements.initialise(arrangement, FUNCTIONS[name], 64, SETTINGS["width"], depth, 10, random)


def gradient(case):
    return arrangements.gradient(case[1], FUNCTIONS[case[0]])


def logits(case):
    name, arrangement, _ = case

    def of(layers, seen, x):
        together = np.concatenate([seen, x], axis=-2)
        known = seen.shape[-2]
        return arrangements.forward(arrangement, FUNCTIONS[name], layers, together, known, keep=False)[0][
            ..., known:, :
        ]

    return of


def work(task):
    return rates.work(task, start, gradient, logits, SETTINGS["epochs"])


EXPERIMENT = Experiment(
    "normalisation",
    __doc__,
    SETTINGS,
    cases,
    rates.tasks,
    short,
    work,
    rates.summarise,
    0.03,
    ("numpy", "scikit-learn"),
)

if __name__ == "__main__":
    main(EXPERIMENT)
