"""Does a deep network fail for small slopes or for the mean of its outputs? Functions less a constant, at 12 layers.

As in the experiment on digits: 12 hidden layers of 32 units, own gain, plain stochastic gradient descent, the rate
chosen for each case on other data (rates.py). Beside the sigmoid, which has slopes of at most 1/4 and outputs around
1/2: four times the sigmoid, which has the slopes of tanh and is off-centre like the sigmoid; the sigmoid less 1/2,
which has small slopes and is centred; and a sigmoid network that computes at the start what a tanh network does,
through its weights and biases. Beside softplus, ReLU and GELU the same functions less their mean for normal inputs of
variance 1.
"""

from experiments import network, rates
from experiments.functions import FUNCTIONS
from experiments.harness import Experiment, main
from experiments.network import INITIALISATIONS, Layer

AS_TANH = "sigmoid_started_as_tanh"
CASES = [
    "sigmoid",
    "sigmoid_times_4",
    "sigmoid_less_half",
    AS_TANH,
    "tanh",
    "softplus",
    "softplus_centred",
    "relu",
    "relu_centred",
    "gelu",
    "gelu_centred",
]
SETTINGS = rates.SETTINGS | {"cases": CASES, "depth": 12, "width": 32}


def cases():
    return [(name,) for name in CASES]


def short():
    return [(name, 0.1, "first") for name in (AS_TANH, "sigmoid_less_half")]


def function(case):
    return FUNCTIONS["sigmoid" if case[0] == AS_TANH else case[0]]


def start(case, random):
    g = FUNCTIONS["tanh"] if case[0] == AS_TANH else function(case)
    widths = [64] + SETTINGS["depth"] * [SETTINGS["width"]] + [10]
    layers = network.initialise(g, widths, INITIALISATIONS["own"], random)
    return as_tanh(layers) if case[0] == AS_TANH else layers


def as_tanh(layers):
    """The sigmoid network that computes what this tanh network does, as tanh(z) = 2 sigmoid(2z) - 1.

    Twice the input of each sigmoid: twice what its tanh had. Each layer behind a sigmoid s gets 2s - 1 in place of s,
    by weights twice as large and biases less the sum of the weights that come in.
    """
    made = []
    for i, (weights, biases) in enumerate(layers):
        if i:
            weights, biases = 2 * weights, biases - weights.sum(axis=0, keepdims=True)
        factor = 1 if i == len(layers) - 1 else 2
        made.append(Layer(factor * weights, factor * biases))
    return made


def gradient(case):
    return network.gradient(function(case))


def logits(case):
    return lambda layers, seen, x: network.forward(function(case), layers, x).logits


def work(task):
    return rates.work(task, start, gradient, logits)


EXPERIMENT = Experiment(
    "centring", __doc__, SETTINGS, cases, rates.tasks, short, work, rates.summarise, 0.03, ("numpy", "scikit-learn")
)

if __name__ == "__main__":
    main(EXPERIMENT)
