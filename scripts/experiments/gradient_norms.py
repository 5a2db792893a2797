"""How the signal and the gradient change with depth in random networks, beside the mean-field prediction.

Networks of width 512 and depths 5 to 50, untrained, biases 0; inputs are normal, scaled to mean square 1; labels are
random. For each activation (default parameters) and initialisation (he: variance 2 / fan_in; xavier: 2 / (fan_in +
fan_out); own: 1 / (fan_in E[g(Z)^2]), and 1 / fan_in in the first layer), over 16 runs:

    log10 of the mean square of z_l over the units and 8 inputs, and
    log10 of the root mean square of d loss / d z_l over them, relative to that in the last hidden layer.

"by_depth" has the gradient in the first layer, "profile" both in several layers of the deepest networks, and "by_width"
the gradient in the first layer at depth 30 and three widths; there "rms" is the root mean square over the runs. The mean
square is what the theory predicts, and where runs differ much it is larger than the median.

The theory is for infinite width: q_1 = fan_in times the weights' variance, q_{l+1} = variance_map(q_l), and from layer
l+1 to layer l the gradient's mean square grows by chi(q_l). No fixed point is assumed.
"""

import math

import numpy as np

from experiments.harness import Experiment, main, quartiles
from experiments.network import ELEMENTWISE, INITIALISATIONS, backward, forward, generator, initialise, loss_gradient
from reference.gaussian import chi, variance_map

SETTINGS = {
    "width": 512,
    "depths": [5, 10, 20, 30, 50],
    "runs": 16,
    "inputs": 8,
    "classes": 10,
    "profile_depth": 50,
    "profile_layers": [1, 2, 3, 5, 10, 15, 20, 30, 40, 50],
    "width_cases": [["sigmoid", "own"], ["tanh", "own"], ["relu", "he"], ["gelu", "own"], ["softplus", "he"]],
    "widths": [32, 128, 512],
    "width_depth": 30,
}


def cases():
    return [(name, scheme) for name in ELEMENTWISE for scheme in INITIALISATIONS]


def tasks(values):
    runs, width = range(SETTINGS["runs"]), SETTINGS["width"]
    by_depth = [(*case, width, depth, run) for case in cases() for depth in SETTINGS["depths"] for run in runs]
    by_width = [
        (*case, width, SETTINGS["width_depth"], run)
        for case in SETTINGS["width_cases"]
        for width in SETTINGS["widths"]
        for run in runs
    ]
    return list(dict.fromkeys(by_depth + by_width))  # one of the widths is in both


def short():
    return [(*case, SETTINGS["width"], depth, 0) for case in cases() for depth in SETTINGS["depths"][:1]]


def work(task):
    """log10 of the mean square of z_l ("variance") and of the relative gradient ("gradient"), for l = 1 ... L."""
    name, scheme, width, depth, run = task
    g, random = ELEMENTWISE[name], generator(depth, run)
    inputs, classes = SETTINGS["inputs"], SETTINGS["classes"]
    layers = initialise(g, [width] * (depth + 1) + [classes], INITIALISATIONS[scheme], random)
    x = random.normal(size=(inputs, width))
    done = forward(g, layers, x / np.sqrt(np.mean(x**2, axis=1, keepdims=True)))
    _, deltas = backward(layers, done, loss_gradient(done.logits, random.integers(classes, size=inputs)))
    sizes = np.array([np.mean(delta**2) for delta in deltas])
    variances = np.array([np.mean(z**2) for z in done.pre_activations])
    return {"variance": np.round(np.log10(variances), 3), "gradient": np.round(np.log10(sizes / sizes[-1]) / 2, 3)}


def predict(name, scheme, depth):
    """The same two lists for infinite width."""
    g = ELEMENTWISE[name]
    first, later = (INITIALISATIONS[scheme](g, first, 1, 1) for first in (True, False))
    variances = [first]
    while len(variances) < depth:
        variances.append(variance_map(g, variances[-1], math.sqrt(later)))
    factors = [math.log10(chi(g, q, math.sqrt(later))) / 2 for q in variances[:-1]]
    gradients = np.cumsum([0, *factors[::-1]])[::-1]
    return {"variance": np.round(np.log10(variances), 3), "gradient": np.round(gradients, 3)}


def summarise(values):
    depth, width = SETTINGS["profile_depth"], SETTINGS["width"]
    return {
        "by_depth": {
            "/".join(case): {str(d): ends(values, (*case, width, d), ("q1", "q3", "rms")) for d in SETTINGS["depths"]}
            for case in cases()
        },
        "by_width": {
            "/".join(case): {str(w): ends(values, (*case, w, SETTINGS["width_depth"])) for w in SETTINGS["widths"]}
            for case in SETTINGS["width_cases"]
        },
        "profile": {"/".join(case): profile(values, (*case, width, depth)) for case in cases()},
    }


def ends(values, network, without=()):
    """The gradient in the first layer: its spread over the runs, less the numbers in `without`, and the theory."""
    name, scheme, _, depth = network
    runs = measured(values, network, "gradient")[:, 0]
    spread = quartiles(runs) | {"low": runs.min(), "high": runs.max(), "rms": np.log10(np.mean(10 ** (2 * runs))) / 2}
    spread["theory"] = predict(name, scheme, depth)["gradient"][0]
    return {"gradient_first_layer": {label: number for label, number in spread.items() if label not in without}}


def profile(values, network):
    """Both quantities in some of the layers of a network: the spread, the theory."""
    name, scheme, _, depth = network
    layers, theory = np.array(SETTINGS["profile_layers"]) - 1, predict(name, scheme, depth)
    return {
        quantity: quartiles(measured(values, network, quantity)[:, layers]) | {"theory": theory[quantity][layers]}
        for quantity in ("variance", "gradient")
    }


def measured(values, network, quantity):
    """(runs, layers)"""
    return np.array([values[(*network, run)][quantity] for run in range(SETTINGS["runs"])])


EXPERIMENT = Experiment("gradient_norms", __doc__, SETTINGS, tasks, short, work, summarise, tolerance=1e-3)

if __name__ == "__main__":
    main(EXPERIMENT)
