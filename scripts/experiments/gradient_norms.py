"""How the signal and the gradient change with depth in random networks, beside the mean-field prediction.

Networks of width 512 and depths 5 to 50, untrained, biases 0; inputs are normal, scaled to mean square 1; labels are
random. For each activation and initialisation (he: variance 2 / fan_in; xavier: 2 / (fan_in + fan_out); own: 1 /
(fan_in E[g(Z)^2]), and 1 / fan_in in the first layer), over 16 runs, and for two activations with the default of
PyTorch's linear layer, where weights and biases are uniform between -1 / sqrt(fan_in) and 1 / sqrt(fan_in):

    log10 of the mean square of z_l over the units and 8 inputs, and
    log10 of the root mean square of d loss / d z_l over them, relative to that in the last hidden layer.

"by_depth" has the gradient in the first layer, "profile" both in several layers of the deepest networks, and "by_width"
the gradient in the first layer at depth 30 and three widths. "rms" is the root mean square over the runs and
"rms_error" its standard error: the mean square is what the theory predicts, and where runs differ much it is larger
than the median.

The theory is for infinite width: q_1 = fan_in times the weights' variance, q_{l+1} = variance_map(q_l), and from layer
l+1 to layer l the gradient's mean square grows by chi(q_l). No fixed point is assumed.
"""

import math
from functools import partial

import numpy as np
from facts.gaussian import chi, variance_map

from experiments.functions import COMPARED, FUNCTIONS
from experiments.harness import Experiment, main, quartiles
from experiments.network import INITIALISATIONS, backward, forward, generator, initialise, loss_gradient

SETTINGS = {
    "activations": COMPARED,
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
    "default_activations": ["tanh", "relu"],
}
DEFAULT = "default"


def cases():
    own = [(name, scheme) for name in COMPARED for scheme in INITIALISATIONS]
    return own + [(name, DEFAULT) for name in SETTINGS["default_activations"]]


def tasks(cases, values):
    return [(*case, *shape, run) for case in cases for shape in shapes(case) for run in range(SETTINGS["runs"])]


def shapes(case):
    """Width and depth of the networks of a case."""
    found = [(SETTINGS["width"], depth) for depth in SETTINGS["depths"]]
    if list(case) in SETTINGS["width_cases"]:
        found += [(width, SETTINGS["width_depth"]) for width in SETTINGS["widths"] if width != SETTINGS["width"]]
    return found


def short():
    return [(*case, SETTINGS["width"], SETTINGS["depths"][0], 0) for case in cases()]


def variance(scheme, g, first, fan_in, fan_out):
    """Of the weights: one of INITIALISATIONS, or PyTorch's default, which is a third of 1 / fan_in."""
    return 1 / (3 * fan_in) if scheme == DEFAULT else INITIALISATIONS[scheme](g, first, fan_in, fan_out)


def work(task):
    """log10 of the mean square of z_l ("variance") and of the relative gradient ("gradient"), for l = 1 ... L."""
    name, scheme, width, depth, run = task
    g, random = FUNCTIONS[name], generator(6, depth, run)
    inputs, classes = SETTINGS["inputs"], SETTINGS["classes"]
    layers = initialise(g, [width] * (depth + 1) + [classes], partial(variance, scheme), random)
    if scheme == DEFAULT:
        for layer in layers:
            layer.biases[...] = random.uniform(-1, 1, layer.biases.shape) / math.sqrt(len(layer.weights))
    x = random.normal(size=(inputs, width))
    done = forward(g, layers, x / np.sqrt(np.mean(x**2, axis=1, keepdims=True)))
    _, deltas = backward(layers, done, loss_gradient(done.logits, random.integers(classes, size=inputs)))
    sizes = np.array([np.mean(delta**2) for delta in deltas])
    variances = np.array([np.mean(z**2) for z in done.pre_activations])
    return {"variance": np.round(np.log10(variances), 3), "gradient": np.round(np.log10(sizes / sizes[-1]) / 2, 3)}


def predict(name, scheme, depth):
    """The same two lists for infinite width."""
    g = FUNCTIONS[name]
    first, later = (variance(scheme, g, first, 1, 1) for first in (True, False))
    bias = 1 / (3 * SETTINGS["width"]) if scheme == DEFAULT else 0
    variances = [first + bias]
    while len(variances) < depth:
        variances.append(variance_map(g, variances[-1], math.sqrt(later), math.sqrt(bias)))
    factors = [math.log10(chi(g, q, math.sqrt(later))) / 2 for q in variances[:-1]]
    gradients = np.cumsum([0, *factors[::-1]])[::-1]
    return {"variance": np.round(np.log10(variances), 3), "gradient": np.round(gradients, 3)}


def summarise(cases, values):
    depth, width = SETTINGS["profile_depth"], SETTINGS["width"]
    return {
        "by_depth": {
            "/".join(case): {str(d): ends(values, (*case, width, d)) for d in SETTINGS["depths"]} for case in cases
        },
        "by_width": {
            "/".join(case): {str(w): ends(values, (*case, w, SETTINGS["width_depth"])) for w in SETTINGS["widths"]}
            for case in cases
            if list(case) in SETTINGS["width_cases"]
        },
        "profile": {"/".join(case): profile(values, (*case, width, depth)) for case in cases},
    }


def ends(values, network):
    """The gradient in the first layer: its spread over the runs, root mean square with standard error, the theory."""
    name, scheme, _, depth = network
    runs = measured(values, network, "gradient")[:, 0]
    return quartiles(runs) | mean_square(runs) | {"theory": predict(name, scheme, depth)["gradient"][0]}


def mean_square(logarithms):
    """log10 of the root mean square over the runs of numbers with these logarithms, and its standard error."""
    squares = 10.0 ** (2 * logarithms)
    error = squares.std(ddof=1) / math.sqrt(len(squares))
    return {
        "rms": math.log10(squares.mean()) / 2,
        "rms_error": error / squares.mean() / (2 * math.log(10)),  # the mean's error times the slope of the logarithm
    }


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


EXPERIMENT = Experiment("gradient_norms", __doc__, SETTINGS, cases, tasks, short, work, summarise, tolerance=1e-3)

if __name__ == "__main__":
    main(EXPERIMENT)
