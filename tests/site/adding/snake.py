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
    allowed={"alpha": "(0, 1000)"},
    shown={"alpha": (0.2, 3)},
    domain=lambda alpha: (-1e290 / max(alpha, 1e-10), 1e290 / max(alpha, 1e-10)),  # where nothing overflows on the way
)
def snake(z, *, alpha=1.0):
    x = np.where(np.isinf(z), np.nan, alpha * z)  # no limit at infinity but for the value
    s, c = turned(np.sin(x), np.cos(x), np.nan_to_num(remainder(alpha, z, x)))
    wave = np.where(np.abs(x) < 1e-100, z, s / alpha)  # the product of a tiny alpha has lost its digits
    yield g(np.where(np.isinf(z), z, z + s * wave))  # s^2 would underflow
    yield d1((s + c) ** 2)  # not 1 + sin(2x), which has no correct digit near its zeros
    yield d2(2 * alpha * (c - s) * (c + s))
    yield by(alpha=wave * (2 * z * c - wave))


def remainder(alpha, z, x):
    """alpha z - x, where x is the product as rounded: near a zero of the slope that costs 2500 units at alpha = 3."""
    near = (np.abs(z) < 1e30) & (1e-30 < alpha < 1e30)
    head, alpha_head = np.where(near, z, 0).astype(np.float32).astype(float), float(np.float32(alpha))
    tail, alpha_tail = z - head, alpha - alpha_head
    rest = (alpha_head * head - x) + alpha_head * tail + alpha_tail * head + alpha_tail * tail
    return np.where(near, rest, 0)


def turned(s, c, angle):
    """Sine and cosine at an angle further on."""
    return s * np.cos(angle) + c * np.sin(angle), c * np.cos(angle) - s * np.sin(angle)
