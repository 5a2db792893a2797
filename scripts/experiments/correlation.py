"""How alike two inputs become from layer to layer, in random networks, beside the mean-field prediction.

Networks of width 512 and 50 layers, untrained, own gains, biases 0; two inputs of mean square 1 whose correlation is
0.5 or 0.9. For each activation and over 16 runs, in several layers: the correlation of the two vectors of
pre-activations, their product over the units divided by their lengths. All activations share the inputs and, but for
the gain, the weights of a run.

The theory is for infinite width: in layer 1 the correlation is that of the inputs, and the next layer's is
E[g(U) g(V)] / E[g(Z)^2] for standard normal U and V of this correlation; the variance is 1 throughout.
"""

import math

import numpy as np
from facts.gaussian import covariance

from experiments.functions import COMPARED, FUNCTIONS
from experiments.harness import Experiment, key, main, quartiles
from experiments.network import OVERFLOWING, generator, own_gain

SETTINGS = {
    "activations": COMPARED,
    "starts": [0.5, 0.9],
    "width": 512,
    "layers": [1, 2, 3, 5, 7, 10, 12, 15, 20, 30, 40, 50],
    "runs": 16,
}


def cases():
    return [(name, start) for name in COMPARED for start in SETTINGS["starts"]]


def tasks(cases, values):
    return [(*case, run) for case in cases for run in range(SETTINGS["runs"])]


def short():
    return [(name, SETTINGS["starts"][0], 0) for name in COMPARED]


@OVERFLOWING
def work(task):
    """The correlation in each of the layers."""
    name, start, run = task
    g, random, width = FUNCTIONS[name], generator(7, run), SETTINGS["width"]
    x = random.normal(size=(2, width))
    x[1] -= x[1] @ x[0] / (x[0] @ x[0]) * x[0]  # now both can be joined to any correlation, exactly
    x *= math.sqrt(width) / np.linalg.norm(x, axis=1, keepdims=True)
    x[1] = start * x[0] + math.sqrt(1 - start**2) * x[1]
    found = []
    for layer in range(SETTINGS["layers"][-1]):
        z = x @ random.normal(0, (own_gain(g) if layer else 1) / math.sqrt(width), (width, width))
        found.append(z[0] @ z[1] / np.linalg.norm(z[0]) / np.linalg.norm(z[1]))
        x = g(z)
    return [found[layer - 1] for layer in SETTINGS["layers"]]


def predict(name, start):
    """The same for infinite width."""
    g, found = FUNCTIONS[name], [start]
    while len(found) < SETTINGS["layers"][-1]:
        found.append(min(1.0, own_gain(g) ** 2 * covariance(g, 1.0, 1.0, found[-1])))
    return [found[layer - 1] for layer in SETTINGS["layers"]]


def summarise(cases, values):
    return {
        key(case): quartiles([values[(*case, run)] for run in range(SETTINGS["runs"])]) | {"theory": predict(*case)}
        for case in cases
    }


EXPERIMENT = Experiment("correlation", __doc__, SETTINGS, cases, tasks, short, work, summarise, tolerance=1e-3)

if __name__ == "__main__":
    main(EXPERIMENT)
