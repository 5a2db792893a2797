"""Networks with normalisation and skips, and their backward pass.

Five arrangements of L hidden layers; u is what stands between layers, W, V and b are learned:

    plain                   u <- g(u W + b)
    layer_norm, batch_norm  u <- g(N(u W) + b)
    residual                u <- u + g(u W + b) V           with u = x W_0 before the first layer
    residual_layer_norm     u <- u + g(N(u) W + b) V        likewise; and N before the output layer

N subtracts the mean and divides by the standard deviation (with 1e-5 added to the variance): layer norm over the units
of each example, batch norm for each unit over the examples of the batch. When tested, batch norm uses mean and
deviation over the training set. N has no numbers of its own to learn; b does what its shift would do.

At the start W has the function's own gain, that is, variance gain^2 / fan_in behind a g and 1 / fan_in behind anything
else, V has gain^2 / (L fan_in), so that all branches together add as much variance as there was, and b is 0.
"""

from typing import NamedTuple

import numpy as np

from experiments.network import OVERFLOWING, loss_gradient, own_gain, transposed

ARRANGEMENTS = {
    "plain": "Plain",
    "layer_norm": "Layer norm",
    "batch_norm": "Batch norm",
    "residual": "Skips",
    "residual_layer_norm": "Skips and layer norm",
}
EPSILON = 1e-5


class Block(NamedTuple):
    """A hidden layer with a skip."""

    weights: np.ndarray
    biases: np.ndarray
    back: np.ndarray  # V


class Weights(NamedTuple):
    """The first and the last layer around skips, or a hidden layer without."""

    weights: np.ndarray  # (..., fan_in, fan_out)
    biases: np.ndarray  # (..., 1, fan_out)


def skips(arrangement):
    return arrangement.startswith("residual")


def initialise(arrangement, g, inputs, width, depth, classes, random):
    """One network, as a list of Weights and Blocks."""

    def matrix(kind, fan_in, fan_out, gain):
        return kind(random.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)), np.zeros((1, fan_out)))

    gain = own_gain(g)
    if not skips(arrangement):
        return [
            matrix(Weights, inputs, width, 1),
            *(matrix(Weights, width, width, gain) for _ in range(depth - 1)),
            matrix(Weights, width, classes, gain),
        ]
    blocks = []
    for _ in range(depth):
        into = matrix(Weights, width, width, 1)
        blocks.append(Block(*into, matrix(Weights, width, width, gain / np.sqrt(depth)).weights))
    return [matrix(Weights, inputs, width, 1), *blocks, matrix(Weights, width, classes, 1)]


def normalise(u, axis, known):
    """N over this axis, and what its derivative needs. Mean and deviation are those of the first `known` entries."""
    among = u[..., :known, :] if axis == -2 else u
    mean = among.mean(axis=axis, keepdims=True)
    deviation = np.sqrt(((among - mean) ** 2).mean(axis=axis, keepdims=True) + EPSILON)
    return (u - mean) / deviation, deviation


def normalise_back(delta, normal, deviation, axis):
    """d loss / d u from delta = d loss / d N(u)."""
    mean, along = (part.mean(axis=axis, keepdims=True) for part in (delta, delta * normal))
    return (delta - mean - normal * along) / deviation


class Kept(NamedTuple):
    """What a forward pass leaves behind of a layer for the backward pass."""

    entering: np.ndarray  # what the weights multiply
    normal: np.ndarray | None  # N, where the pre-activations were normalised, and by what they were divided
    deviation: np.ndarray | None
    value: np.ndarray
    slope: np.ndarray | None  # of g, where there is one
    axis: tuple[int | None, int | None]  # of N before the weights and behind them


def forward(arrangement, g, layers, x, known=None, keep=True):
    """Logits, and a `Kept` for each layer, if asked. `known`: of how many examples batch norm takes its numbers."""
    norm = {"layer_norm": -1, "batch_norm": -2, "residual_layer_norm": -1}.get(arrangement)
    kept, u = [], x
    for i, layer in enumerate(layers):
        last = i == len(layers) - 1
        # With skips, what enters a layer is normalised, but for the first; without, each hidden pre-activation.
        before, behind = (norm if i else None, None) if skips(arrangement) else (None, None if last else norm)
        normal = deviation = slope = None
        entering = u
        if before is not None:
            entering, deviation = normalise(u, before, known)
        z = entering @ layer.weights
        if behind is not None:
            z, deviation = normalise(z, behind, known)
            normal = z
        value = z + layer.biases
        if isinstance(layer, Block) or not (last or skips(arrangement)):
            value, slope = g.value_and_derivative(value)
        if keep:
            kept.append(Kept(entering, normal, deviation, value, slope, (before, behind)))
        u = u + value @ layer.back if isinstance(layer, Block) else value
    return u, kept


def backward(layers, kept, delta):
    """The gradients of the loss, like `layers`, from delta = d loss / d logits."""
    gradients = []
    for layer, (entering, normal, deviation, value, slope, (before, behind)) in reversed([*zip(layers, kept)]):
        skip, more = 0, ()
        if isinstance(layer, Block):
            skip, more = delta, (transposed(value) @ delta,)
            delta = delta @ transposed(layer.back)
        if slope is not None:
            delta = delta * slope
        biases = delta.sum(axis=-2, keepdims=True)
        if behind is not None:
            delta = normalise_back(delta, normal, deviation, behind)
        gradients.insert(0, type(layer)(transposed(entering) @ delta, biases, *more))
        delta = delta @ transposed(layer.weights)
        if before is not None:
            delta = normalise_back(delta, entering, deviation, before)
        delta = skip + delta
    return gradients


def gradient(arrangement, g):
    """(layers, x, labels) -> the gradients of the loss, as network.train takes it."""

    @OVERFLOWING
    def of(layers, x, labels):
        logits, kept = forward(arrangement, g, layers, x)
        return backward(layers, kept, loss_gradient(logits, labels))

    return of
