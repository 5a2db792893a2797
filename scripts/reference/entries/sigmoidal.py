"""Bounded, S-shaped functions."""

import math

import numpy as np

from reference.numerics import logistic
from reference.registry import activation, d1, d2, g


@activation(
    title="Sigmoid",
    family="sigmoidal",
    smoothness=math.inf,
    papers=("rumelhart1986",),
    frameworks={"torch": "torch.sigmoid", "jax": "jax.nn.sigmoid", "keras": "keras.activations.sigmoid"},
    aliases=("logistic",),
)
def sigmoid(z):
    p, q = logistic(z)  # q is 1 - p, which would be 0 from z = 36.8 on
    yield g(p)
    yield d1(p * q)
    yield d2(-p * q * np.tanh(z / 2))  # 1 - 2p, which has seven correct digits at z = 1e-10


@activation(
    title="Tanh",
    family="sigmoidal",
    smoothness=math.inf,
    papers=("lecun1998",),
    frameworks={"torch": "torch.tanh", "jax": "jax.numpy.tanh", "keras": "keras.activations.tanh"},
    aliases=("hyperbolic tangent",),
)
def tanh(z):
    t, s = np.tanh(z), 1 / np.cosh(z)  # s^2 is 1 - t^2, which would be 0 from z = 19.1 on
    yield g(t)
    yield d1(s * s)
    yield d2(-2 * t * s * s)
