"""A periodic function with a parameter: it settles nowhere, and no framework has it."""

import math

import numpy as np
from reference.registry import activation, by, d1, d2, g


@activation(
    title="Snake",
    family="gated",
    smoothness=math.inf,
    papers=(),
    frameworks={},
    allowed={"alpha": "(0, inf)"},
    shown={"alpha": (0.2, 3)},
)
def snake(z, *, alpha=1.0):
    # The product overflows where z is above 1.8e308 / alpha; neighbours of z are many waves apart there.
    most = np.finfo(float).max
    x = np.where(np.isinf(z), np.nan, np.clip(alpha * z, -most, most))  # no limit at infinity but for the value
    s, c = np.sin(x), np.cos(x)
    yield g(np.where(np.isinf(z), z, z + s * (s / alpha)))  # s^2 underflows for a small alpha
    yield d1((s + c) ** 2)  # not 1 + sin(2x), which has no correct digit near its zeros
    yield d2(2 * alpha * (c - s) * (c + s))
    yield by(alpha=z * (2 * s * c / alpha) - (s / alpha) ** 2)
