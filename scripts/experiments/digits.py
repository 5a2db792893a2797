"""Activations trained on the 8x8 digits, at three depths, from three initialisations: test accuracy.

Networks with 2, 6 and 12 hidden layers of 32 units; He, Xavier and own gain (see network.py), biases 0; plain
stochastic gradient descent with batches of 32, 20 epochs, no regularisation, no schedule. Parameters of the activations
are fixed; "leaky_relu_quarter" has the slope 1/4 with which a PReLU starts, and doesn't learn it.

The learning rate is chosen for each case on other data; rates.py says how.
"""

from experiments import network, rates
from experiments.functions import COMPARED, FUNCTIONS
from experiments.harness import Experiment, main
from experiments.network import INITIALISATIONS

SETTINGS = rates.SETTINGS | {"activations": COMPARED, "depths": [2, 6, 12], "width": 32}


def cases():
    return [(name, scheme, depth) for name in COMPARED for scheme in INITIALISATIONS for depth in SETTINGS["depths"]]


def short():
    return rates.short([(name, "own", SETTINGS["depths"][0]) for name in COMPARED])


def start(case, random):
    name, scheme, depth = case
    return network.initialise(
        FUNCTIONS[name], [64] + depth * [SETTINGS["width"]] + [10], INITIALISATIONS[scheme], random
    )


def gradient(case):
    return network.gradient(FUNCTIONS[case[0]])


def logits(case):
    return lambda layers, seen, x: network.forward(FUNCTIONS[case[0]], layers, x).logits


def work(task):
    return rates.work(task, start, gradient, logits)


EXPERIMENT = Experiment(
    "digits", __doc__, SETTINGS, cases, rates.tasks, short, work, rates.summarise, 0.03, ("numpy", "scikit-learn")
)

if __name__ == "__main__":
    main(EXPERIMENT)
