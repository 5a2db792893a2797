"""Curves to draw: arcs that follow a function from its jets, and the range in which it is shown."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from facts.features import Component, features, pieces  # noqa: F401 (the first two for those who draw)
from reference import Curve


def drawn_range(facts):
    """The range of z that figures show: wide enough for a bounded function to saturate, for others to see the bend."""
    half = 6.0 if isfinite(facts.range.low) and isfinite(facts.range.high) else 4.0
    half = max(half, *(abs(kink) + 2 for kink in facts.kinks), 0)
    return -half, half


@dataclass(frozen=True)
class Arc:
    """A smooth stretch of a curve: nodes, values and slopes of its cubic Hermite interpolant."""

    z: np.ndarray
    y: np.ndarray
    slope: np.ndarray

    def at(self, z):
        """The interpolant at z, between the first node and the last."""
        i = np.clip(np.searchsorted(self.z, z, side="right") - 1, 0, len(self.z) - 2)
        width = self.z[i + 1] - self.z[i]
        t = (z - self.z[i]) / width
        left = self.y[i] * (1 + 2 * t) + self.slope[i] * t * width
        right = self.y[i + 1] * (3 - 2 * t) - self.slope[i + 1] * (1 - t) * width
        return left * (1 - t) ** 2 + right * t**2


def arcs(f: Curve, order, low, high, tolerance, **params):
    """The derivative of this order on [low, high] as Arcs that stay within tolerance, one for each piece between kinks.

    An arc ends in the one-sided limits, so that where two
    neighbours don't meet there is a jump.
    """
    found = []
    for part in pieces(f, low, high, np.linspace(low, high, 9), **params):
        arc = Arc(part.z, *curve(f, order, part.z, **params))
        if not np.ptp(arc.slope):
            arc = Arc(arc.z[[0, -1]], arc.y[[0, -1]], arc.slope[[0, -1]])
        while len(arc.z) < 1024:
            width = np.diff(arc.z)
            between = arc.z[:-1] + np.outer([0.25, 0.5, 0.75], width)
            off = np.abs(arc.at(between) - f.jet(between, **params)[order]).max(axis=0) > tolerance
            if not off.any():
                break
            z = np.sort(np.concatenate([arc.z, (arc.z[:-1] + width / 2)[off]]))
            arc = Arc(z, *curve(f, order, z, **params))
        found.append(arc)
    return found


def curve(f, order, z, **params):
    """Values and slopes of the derivative of this order at the samples z of one piece."""
    jet = f.jet(z, **params)
    if order < 2:
        return jet[order], jet[order + 1]
    # A central difference: the slope only bends the arc between nodes, where `arcs` measures the error.
    near = np.clip(z + 1e-4 * np.array([[-1.0], [1.0]]), z[0], z[-1])
    low, high = f.jet(near, **params)[2]
    return jet[2], (high - low) / (near[1] - near[0])
