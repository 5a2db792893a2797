"""Functions z times a gate that depends on z itself."""

import math
from itertools import islice

import numpy as np

from reference.numerics import decay, normal, square
from reference.registry import activation, by, d1, d2, g


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
    yield g(np.maximum(z, 0) - r * (x * m) * r)  # z Phi(z), for either sign
    tail = r * (m - c * x) * r  # Phi(-x) - x phi(x), which is g'(-x) = 1 - g'(x)
    yield d1(np.where(z > 0, 1 - tail, tail))
    s, rest = square(x)
    yield d2(r * (c * (2 - s - rest)) * r)  # phi(z) (2 - z^2), and 2 - s is exact near its zero


@activation(
    title="SiLU",
    family="gated",
    smoothness=math.inf,
    papers=("hendrycks2016", "elfwing2017", "ramachandran2017"),
    frameworks={"torch": "torch.nn.functional.silu", "jax": "jax.nn.silu", "keras": "keras.activations.silu"},
    aliases=("sigmoid linear unit", "sigmoid-weighted linear unit"),
)
def silu(z):
    yield from islice(swish.orders(z, beta=1.0), 3)  # all but the derivative in beta


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
    left = np.where(h > 0, h / q * z * h, 0)  # without where, inf * 0 at z = -inf
    yield g(np.where(z > 0, z / q, left))
    slope = h * ((1 - x / q) / q) * h  # g'(-|z|) = 1 - g'(|z|)
    yield d1(np.where(z > 0, 1 - slope, slope))
    yield d2((beta * h) * ((2 - x * np.tanh(x / 2)) / (q * q)) * h)
    r = np.exp(-x / 4)  # four times, as h^2 z^2 may be large where h is 0
    yield by(beta=np.where(r > 0, r * z * r / q, 0) ** 2)


@activation(
    title="Mish",
    family="gated",
    smoothness=math.inf,
    papers=("misra2019",),
    frameworks={"torch": "torch.nn.functional.mish", "jax": "jax.nn.mish", "keras": "keras.activations.mish"},
)
def mish(z):
    # The gate w = tanh(ln(1 + exp(z))) is n/d for z > 0 and e n/d for z <= 0, with polynomials in e = exp(-|z|). In
    # powers of exp(z), the usual form is inf / inf from z = 355 on, and its derivative from z = 178 on.
    x, h, e = decay(z)
    right, y = z > 0, np.copysign(x, z)
    n, d = np.where(right, 1 + 2 * e, 2 + e), np.where(right, 1 + 2 * e * (1 + e), 2 + e * (2 + e))
    yield g(np.where(right, z * (n / d), h * (n / d) * y * h))
    left = 4 * (1 + y) + e * (6 + 4 * y + e * (4 + e))  # rather than n d + 4 y (1 + e): 3 ULP less at the inflection
    yield d1(np.where(right, n / d + h * (4 * e * y * (1 + e) / (d * d)) * h, h * (left / (d * d)) * h))
    f = np.where(right, e, 1)
    bend = np.where(right, ((2 * e + 2) * e - 3) * e - 2, 2 + e * (2 - e * (3 + 2 * e)))
    yield d2(h * (4 * f * (2 * (1 + e) * d + y * bend) / d**3) * h)
