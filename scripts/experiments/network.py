"""A multilayer perceptron in numpy: initialisation, forward, backward, stochastic gradient descent.

A network is a list of layers; each multiplies by its weights and adds its biases, and between two layers stands the
activation g. Rows of an array are examples. For the layers l = 1 ... L+1, with x_0 the input:

    z_l = x_{l-1} W_l + b_l        x_l = g(z_l)        logits = z_{L+1}

and backwards, with delta_l = d loss / d z_l:

    delta_l = (delta_{l+1} W_{l+1}^T) g'(z_l)        d loss / d W_l = x_{l-1}^T delta_l

and d loss / d b_l is the sum of delta_l over the examples.
"""

import math
from typing import NamedTuple

import numpy as np

from reference import CATALOGUE
from reference.gaussian import forward_gain

ELEMENTWISE = {name: g for name, g in CATALOGUE.items() if not g.vector}


# A network that explodes is a result, for the caller to judge.
OVERFLOWING = np.errstate(over="ignore", invalid="ignore")


class Layer(NamedTuple):
    weights: np.ndarray  # (fan_in, fan_out)
    biases: np.ndarray  # (fan_out,)


class Pass(NamedTuple):
    """What a forward pass leaves behind for the backward pass."""

    inputs: list  # x_0 ... x_L: what each layer received
    pre_activations: list  # z_1 ... z_L
    slopes: list  # g'(z_1) ... g'(z_L)
    logits: np.ndarray


# The variance of the weights. "own" keeps the variance 1 of the pre-activations of a wide network: its first layer
# receives inputs of mean square 1, all others receive g(Z) with Z standard normal.
INITIALISATIONS = {
    "he": lambda g, first, fan_in, fan_out: 2 / fan_in,
    "xavier": lambda g, first, fan_in, fan_out: 2 / (fan_in + fan_out),
    "own": lambda g, first, fan_in, fan_out: (1 if first else forward_gain(g) ** 2) / fan_in,
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
        layers.append(Layer(random.normal(0, deviation, shape), np.full(shape[1], bias)))
    layers[-1].biases[:] = 0
    return layers


@OVERFLOWING
def forward(g, layers, x):
    """The `Pass` of the examples x, (examples, fan_in)."""
    done = Pass([x], [], [], None)
    for weights, biases in layers[:-1]:
        z = done.inputs[-1] @ weights + biases
        value, slope, _ = g.jet(z)
        done.pre_activations.append(z)
        done.slopes.append(slope)
        done.inputs.append(value)
    return done._replace(logits=done.inputs[-1] @ layers[-1].weights + layers[-1].biases)


def loss(logits, labels):
    """Cross-entropy of the softmax, averaged over the examples; labels are whole numbers."""
    return -CATALOGUE["log_softmax"](logits)[np.arange(len(labels)), labels].mean()


def loss_gradient(logits, labels):
    """d loss / d logits: (softmax - one-hot) / examples."""
    delta = CATALOGUE["softmax"](logits)
    delta[np.arange(len(labels)), labels] -= 1
    return delta / len(labels)


@OVERFLOWING
def backward(layers, done, delta):
    """From delta = d loss / d logits: the gradients, a `Layer` for each layer, and delta_1 ... delta_L."""
    gradients, deltas = [], []
    for i in reversed(range(len(layers))):
        gradients.insert(0, Layer(done.inputs[i].T @ delta, delta.sum(axis=0)))
        if i:
            delta = (delta @ layers[i].weights.T) * done.slopes[i - 1]
            deltas.insert(0, delta)
    return gradients, deltas


def train(g, layers, x, labels, rate, batch, epochs, random):
    """Stochastic gradient descent, in place. Yields after each epoch; ends early if a number is no longer finite."""
    for _ in range(epochs):
        order = random.permutation(len(x))
        for start in range(0, len(x), batch):
            chosen = order[start : start + batch]
            done = forward(g, layers, x[chosen])
            gradients, _ = backward(layers, done, loss_gradient(done.logits, labels[chosen]))
            for layer, gradient in zip(layers, gradients):
                layer.weights[...] -= rate * gradient.weights
                layer.biases[...] -= rate * gradient.biases
        if not all(np.isfinite(numbers).all() for layer in layers for numbers in layer):
            return
        yield


def accuracy(g, layers, x, labels):
    """The share of examples whose largest logit is their label's."""
    return float((forward(g, layers, x).logits.argmax(axis=1) == labels).mean())
