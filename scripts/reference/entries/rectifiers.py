"""The identity on the right, and zero or another straight line on the left, joined by a kink or smoothly."""

import math

import numpy as np

from reference.numerics import decay
from reference.registry import activation, by, d1, d2, g


@activation(
    title="ReLU",
    family="rectifier",
    smoothness=0,
    kinks=(0.0,),
    papers=("fukushima1969", "nair2010", "glorot2011"),
    frameworks={"torch": "torch.nn.functional.relu", "jax": "jax.nn.relu", "keras": "keras.activations.relu"},
    aliases=("rectified linear unit", "rectifier"),
)
def relu(z):
    yield g(np.maximum(z, 0))
    yield d1(z > 0)
    yield d2(np.zeros_like(z))


@activation(
    title="Leaky ReLU",
    family="rectifier",
    smoothness=0,
    kinks=(0.0,),
    papers=("maas2013",),
    frameworks={
        "torch": "torch.nn.functional.leaky_relu",
        "jax": "jax.nn.leaky_relu",
        "keras": "keras.activations.leaky_relu(negative_slope=0.01)",
    },
    aliases=("lrelu",),
    allowed={"alpha": "[0, 1)"},
    shown={"alpha": (0, 0.5)},
)
def leaky_relu(z, *, alpha=0.01):
    yield g(np.maximum(alpha * z if alpha else 0, z))  # 0 * -inf would be NaN
    yield d1(np.maximum(alpha, z > 0))
    yield d2(np.zeros_like(z))
    yield by(alpha=np.minimum(z, 0))


@activation(
    title="PReLU",
    family="rectifier",
    smoothness=0,
    kinks=lambda alpha: () if alpha == 1 else (0.0,),
    papers=("he2015",),
    frameworks={"torch": "torch.nn.functional.prelu(weight=z.new_tensor(0.25))"},
    aliases=("parametric ReLU",),
    allowed={"alpha": "(-inf, inf)"},
    shown={"alpha": (-0.5, 1.5)},
)
def prelu(z, *, alpha=0.25):
    yield g(np.where(z > 0, z, alpha * z if alpha else 0))
    yield d1(np.where(z > 0, 1, alpha))
    yield d2(np.zeros_like(z))
    yield by(alpha=np.minimum(z, 0))


@activation(
    title="Softplus",
    family="rectifier",
    smoothness=math.inf,
    papers=("dugas2000",),
    frameworks={
        "torch": "torch.nn.functional.softplus",
        "jax": "jax.nn.softplus",
        "keras": "keras.activations.softplus",
    },
    aliases=("smooth ReLU", "SmoothReLU"),
    allowed={"beta": "(0, inf)"},
    shown={"beta": (0.25, 8)},
)
def softplus(z, *, beta=1.0):
    x, h, e = decay(beta * z)
    r = np.where(e > 0, np.log1p(e) / e, 1)  # ln(1 + e) = h r h, which doesn't underflow before its factor 1/beta
    yield g(np.maximum(z, 0) + (h / beta) * r * h)
    q = 1 + e
    yield d1(np.where(z >= 0, 1 / q, e / q))
    yield d2((beta * h) / q * h / q)
    s = np.exp(-x / 4)  # four times, as h^2 / beta^2 may be large where h is 0
    yield by(beta=-(s / beta * s) * (r + x / q) * (s / beta * s))
