"""Pre-activations by layer and the share of them that is saturated, at different scales of the initial weights.

Networks of width 256 and depth 10, untrained, biases 0, weights of variance sigma_w^2 / fan_in; 64 inputs, normal,
scaled to mean square 1. For each activation and sigma_w, and for the layers 1, 2, 5 and 10, over
10 runs:

    a histogram of z: the share below -8, in each of 32 bins from there to 8, and above, mean of the runs, and
    the share saturated: |g'(z)| is below 5 % of the largest |g'|, with the same share of a normal distribution whose
    variance the mean-field recursion predicts.
"""

import math

import numpy as np
from facts.gaussian import variance_map

from experiments.functions import COMPARED, FUNCTIONS
from experiments.harness import Experiment, main, quartiles
from experiments.network import forward, generator, initialise

SETTINGS = {
    "activations": COMPARED,
    "width": 256,
    "depth": 10,
    "inputs": 64,
    "runs": 10,
    "scales": [1.0, 2.0, 5.0],
    "layers": [1, 2, 5, 10],
    "bins": [-8, 8, 32],
    "fraction": 0.05,
}


def cases():
    return [(name, scale) for name in COMPARED for scale in SETTINGS["scales"]]


def tasks(cases, values):
    return [(*case, run) for case in cases for run in range(SETTINGS["runs"])]


def short():
    return [(name, 2.0, 0) for name in COMPARED]


def work(task):
    """For each of the layers: the share of z in each bin, below and above included, and the share saturated."""
    name, scale, run = task
    g, random, width = FUNCTIONS[name], generator(4, run), SETTINGS["width"]
    widths = [width] * (SETTINGS["depth"] + 1) + [1]
    layers = initialise(g, widths, lambda g, first, fan_in, fan_out: scale**2 / fan_in, random)
    x = random.normal(size=(SETTINGS["inputs"], width))
    done = forward(g, layers, x / np.sqrt(np.mean(x**2, axis=1, keepdims=True)))
    shown = [(done.pre_activations[layer - 1], done.slopes[layer - 1]) for layer in SETTINGS["layers"]]
    return {
        "shares": [np.round(np.histogram(z, edges())[0] / z.size, 3) for z, _ in shown],
        "saturated": [np.mean(np.abs(slope) < threshold(g)) for _, slope in shown],
    }


def edges():
    low, high, bins = SETTINGS["bins"]
    return np.concatenate([[-np.inf], np.linspace(low, high, bins + 1), [np.inf]])


def threshold(g):
    """A unit is saturated where |g'| is below this."""
    return SETTINGS["fraction"] * np.abs(g.derivative(np.linspace(-20, 20, 40001))).max()


def predict(name, scale):
    """For each of the layers, in a network of infinite width: the variance of z and the share saturated."""
    g = FUNCTIONS[name]
    variances = [scale**2]
    while len(variances) < SETTINGS["depth"]:
        variances.append(variance_map(g, variances[-1], scale))
    variances = [variances[layer - 1] for layer in SETTINGS["layers"]]
    z = np.linspace(-8, 8, 160001)  # of the normal distribution; its share in a step is below 4e-5
    density = np.exp(-z * z / 2)
    low = [np.abs(g.derivative(math.sqrt(q) * z)) < threshold(g) for q in variances]
    return {"variance": variances, "saturated": [density[each].sum() / density.sum() for each in low]}


def summarise(cases, values):
    results = {}
    for name, scale in cases:
        runs = [values[(name, scale, run)] for run in range(SETTINGS["runs"])]
        prediction = predict(name, scale)
        results[f"{name}/{scale}"] = {
            "shares": np.round(np.mean([run["shares"] for run in runs], axis=0), 3),
            "saturated": quartiles([run["saturated"] for run in runs]) | {"theory": prediction["saturated"]},
            "variance_theory": prediction["variance"],
        }
    return results


EXPERIMENT = Experiment("saturation", __doc__, SETTINGS, cases, tasks, short, work, summarise, tolerance=2e-3)

if __name__ == "__main__":
    main(EXPERIMENT)
