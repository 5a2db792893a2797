"""Functions z times a gate that depends on z itself."""

import math

import numpy as np

from reference.activation import activation
from reference.numerics import decay, normal, square


@activation(
    title="GELU",
    family="gated",
    smoothness=math.inf,
    papers=("hendrycks2016",),
    frameworks={
        "torch": "torch.nn.functional.gelu",
        "jax": "jax.nn.gelu(approximate=False)",
        "keras": "keras.activations.gelu",
    },
    aliases=("Gaussian error linear unit",),
)
def gelu(z):
    x = np.minimum(np.abs(z), 40)  # Phi(-x) is 0 in float64 from x = 38.6 on, and 0 * inf would be NaN
    r, m = normal(x)  # phi(z) = c r^2, Phi(-x) = r^2 m
    c = 1 / math.sqrt(2 * math.pi)
    yield np.maximum(z, 0) - r * (x * m) * r  # z Phi(z), for either sign
    tail = r * (m - c * x) * r  # Phi(-x) - x phi(x), which is g'(-x) = 1 - g'(x)
    yield np.where(z > 0, 1 - tail, tail)
    s, rest = square(x)
    yield r * (c * (2 - s - rest)) * r  # phi(z) (2 - z^2), and 2 - s is exact near its zero


@activation(
    title="SiLU",
    family="gated",
    smoothness=math.inf,
    papers=("hendrycks2016", "elfwing2017", "ramachandran2017"),
    frameworks={"torch": "torch.nn.functional.silu", "jax": "jax.nn.silu", "keras": "keras.activations.silu"},
    aliases=("sigmoid linear unit", "sigmoid-weighted linear unit"),
)
def silu(z):
    yield from swish.orders(z, beta=1.0)


@activation(
    title="Swish",
    family="gated",
    smoothness=math.inf,
    papers=("ramachandran2017",),
    frameworks={"jax": "jax.nn.swish", "keras": "keras.activations.swish"},
    allowed={"beta": "[0, inf)"},
    shown={"beta": (0, 4)},
)
def swish(z, *, beta=1.0):
    x, h, e = decay(beta * z if beta else np.zeros_like(z))
    q = 1 + e
    tail = np.where(h > 0, h / q * np.abs(z) * h, 0)  # -g(-|z|); without where, inf * 0 at z = -inf
    yield np.where(z > 0, z / q, -tail)
    slope = h * ((1 - x / q) / q) * h  # g'(-|z|) = 1 - g'(|z|)
    yield np.where(z > 0, 1 - slope, slope)
    yield (beta * h) * ((2 - x * np.tanh(x / 2)) / (q * q)) * h
    yield np.where(h > 0, h / q * z, 0) ** 2
