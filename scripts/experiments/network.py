"""Multilayer perceptrons in numpy: initialisation, forward, backward, training.

A network is a list of layers; each multiplies by its weights and adds its biases, and between two layers stands the
activation g. Rows of an array are examples. For the layers l = 1 ... L+1, with x_0 the input:

    z_l = x_{l-1} W_l + b_l        x_l = g(z_l)        logits = z_{L+1}

and backwards, with delta_l = d loss / d z_l:

    delta_l = (delta_{l+1} W_{l+1}^T) g'(z_l)        d loss / d W_l = x_{l-1}^T delta_l

and d loss / d b_l is the sum of delta_l over the examples.

Arrays may have one more axis in front, the runs: networks of one shape that know nothing of each other and are computed
together, which takes half of the time. `stack` makes them out of single ones.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
from facts.gaussian import forward_gain
from reference import CATALOGUE

# A network that explodes is a result, for the caller to judge.
OVERFLOWING = np.errstate(over="ignore", invalid="ignore")


class Layer(NamedTuple):
    weights: np.ndarray  # (..., fan_in, fan_out)
    biases: np.ndarray  # (..., 1, fan_out)


class Pass(NamedTuple):
    """What a forward pass leaves behind for the backward pass."""

    inputs: list  # x_0 ... x_L: what each layer received
    pre_activations: list  # z_1 ... z_L
    slopes: list  # g'(z_1) ... g'(z_L)
    logits: np.ndarray


own_gain = functools.cache(forward_gain)

# The variance of the weights. "own" keeps the variance 1 of the pre-activations of a wide network: its first layer
# receives inputs of mean square 1, all others receive g(Z) with Z standard normal.
INITIALISATIONS = {
    "he": lambda g, first, fan_in, fan_out: 2 / fan_in,
    "xavier": lambda g, first, fan_in, fan_out: 2 / (fan_in + fan_out),
    "own": lambda g, first, fan_in, fan_out: (1 if first else own_gain(g) ** 2) / fan_in,
}


def generator(*key):
    """The random numbers of one run; a run's key alone decides them, not what ran before."""
    return np.random.default_rng(np.random.SeedSequence(20250101, spawn_key=key))


def initialise(g, widths, variance, random, bias=0.0):
    """A network with these widths, input and output included: normal weights, and one bias for all hidden units.

    `variance` is one of INITIALISATIONS, or a function like them.
    """
    layers = []
    for i, shape in enumerate(zip(widths, widths[1:])):
        deviation = math.sqrt(variance(g, i == 0, *shape))
        layers.append(Layer(random.normal(0, deviation, shape), np.full((1, shape[1]), bias)))
    layers[-1].biases[:] = 0
    return layers


def stack(networks):
    """One network with a leading axis of runs, out of networks whose layers are tuples of arrays of equal shapes."""
    return [type(layers[0])(*map(np.stack, zip(*layers))) for layers in zip(*networks)]


def transposed(matrices):
    return np.swapaxes(matrices, -1, -2)


@OVERFLOWING
def forward(g, layers, x):
    """The `Pass` of the examples x, (..., examples, fan_in)."""
    done = Pass([x], [], [], None)
    for weights, biases in layers[:-1]:
        z = done.inputs[-1] @ weights + biases
        value, slope = g.value_and_derivative(z)
        done.pre_activations.append(z)
        done.slopes.append(slope)
        done.inputs.append(value)
    return done._replace(logits=done.inputs[-1] @ layers[-1].weights + layers[-1].biases)


def loss(logits, labels):
    """Cross-entropy of the softmax, averaged over the examples; labels are whole numbers, (..., examples)."""
    return -np.take_along_axis(CATALOGUE["log_softmax"](logits), labels[..., None], axis=-1)[..., 0].mean(axis=-1)


def loss_gradient(logits, labels):
    """d loss / d logits: (softmax - one-hot) / examples."""
    one_hot = np.eye(logits.shape[-1])[labels]
    return (CATALOGUE["softmax"](logits) - one_hot) / labels.shape[-1]


@OVERFLOWING
def backward(layers, done, delta):
    """From delta = d loss / d logits: the gradients, a `Layer` for each layer, and delta_1 ... delta_L."""
    gradients, deltas = [], []
    for i in reversed(range(len(layers))):
        gradients.insert(0, Layer(transposed(done.inputs[i]) @ delta, delta.sum(axis=-2, keepdims=True)))
        if i:
            delta = (delta @ transposed(layers[i].weights)) * done.slopes[i - 1]
            deltas.insert(0, delta)
    return gradients, deltas


def gradient(g):
    """(layers, x, labels) -> the gradients of the loss, as `train` takes it."""

    def of(layers, x, labels):
        done = forward(g, layers, x)
        return backward(layers, done, loss_gradient(done.logits, labels))[0]

    return of


def sgd(rate, momentum=0.0):
    """Stochastic gradient descent: a step changes the numbers by -rate times a running mean of the gradients.

    The mean forgets the share 1 - momentum of itself in each step, so that a rate has the same effect in the long run
    with momentum as without. In the more usual form, velocity = momentum velocity + gradient, it is rate (1 -
    momentum)."""
    velocity = {}

    def step(key, gradient):
        velocity[key] = momentum * velocity.get(key, 0) + (1 - momentum) * gradient
        return rate * velocity[key]

    return step


def adam(rate, decay=(0.9, 0.999), epsilon=1e-8):
    """Adam (Kingma and Ba 2015, arXiv:1412.6980) with the usual constants."""
    means = {}

    def step(key, gradient):
        first, second, count = means.get(key, (0, 0, 0))
        first = decay[0] * first + (1 - decay[0]) * gradient
        second, count = decay[1] * second + (1 - decay[1]) * gradient**2, count + 1
        means[key] = first, second, count
        return rate * first / (1 - decay[0] ** count) / (np.sqrt(second / (1 - decay[1] ** count)) + epsilon)

    return step


@OVERFLOWING
def train(gradient, layers, x, labels, step, batch, epochs, randoms):
    """Train stacked networks in place: x is (runs, examples, fan_in), labels (runs, examples), randoms one a run.

    `gradient` is (layers, x, labels) -> gradients, `step` is what `sgd` or `adam` returns. Yields after each epoch; the
    numbers of a run that diverges are no longer finite, and what they do doesn't touch the other runs.
    """
    runs = np.arange(len(x))[:, None]
    for _ in range(epochs):
        order = np.stack([random.permutation(x.shape[1]) for random in randoms])
        for start in range(0, x.shape[1], batch):
            chosen = order[:, start : start + batch]
            gradients = gradient(layers, x[runs, chosen], labels[runs, chosen])
            for i, (layer, slopes) in enumerate(zip(layers, gradients)):
                for j, (numbers, slope) in enumerate(zip(layer, slopes)):
                    numbers -= step((i, j), slope)
        yield


def finite(layers):
    """Which of the stacked networks have finite numbers alone, (runs,)."""
    return np.all([np.isfinite(numbers).all(axis=(-2, -1)) for layer in layers for numbers in layer], axis=0)


def right(logits, labels):
    """The share of examples whose largest logit is their label's: (...,)."""
    return (logits.argmax(axis=-1) == labels).mean(axis=-1)
