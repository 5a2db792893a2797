"""The shape of a function, computed from its jets: curves to draw, and the facts that tables and descriptions state."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf, isclose, isfinite, isnan

import numpy as np
from facts import gaussian
from reference import Activation, Interval

# Dense where activations bend; beyond, 64, 128, ... 2^20 show which sign a tail keeps.
TAIL = 2.0 ** np.arange(6, 21)
GRID = np.concatenate([-TAIL[::-1], np.linspace(-64, 64, 8193)[1:-1], TAIL])


@dataclass(frozen=True)
class Extremum:
    z: float
    value: float
    kind: str  # "minimum" or "maximum"


@dataclass(frozen=True)
class Features:
    """Facts about one function at one setting of its parameters; nan stands for a limit that does not exist.

    A place where something holds is a pair (low, high): an interval, a point (z, z), or an end (inf, inf) that is only
    approached.
    """

    limits: tuple[float, float]  # of g at -inf and inf
    end_slopes: tuple[float, float]  # of g' at -inf and inf
    range: Interval  # of the values of g, closed where g takes its bound
    zeros: tuple[tuple[float, float], ...]
    extrema: tuple[tuple[Extremum, ...], ...]  # strict local extrema of g, g' and g''
    monotone: str  # "strictly increasing", "non-decreasing", "strictly decreasing", "non-increasing", "constant" or ""
    lipschitz: float  # supremum of |g'|
    steepest: tuple[tuple[float, float], ...]
    dead: tuple[tuple[float, float], ...]  # where g' is exactly 0 over an interval
    odd: bool
    mean: float  # of g(z) for standard normal z
    kinks: tuple[float, ...]
    smoothness: float  # as in the entry: k for C^k


# For each number of inputs per output: the inputs of three outputs at 0 on a line, and how fast each moves along it.
# Of softmax the first score moves; of GLU the inputs of all three gates, in front of three fixed signals.
LINES = {1: ((0.0, 1.0, 0.0), (1, 0, 0)), 2: ((1.0, 2.0, -1.0, 0.0, 0.0, 0.0), (0, 0, 0, 1, 1, 1))}
SIGNAL = (0.0, 2.0, -1.0, 0.0, 0.0, 0.0), (1, 0, 0, 0, 0, 0)  # of GLU: the first signal moves, all gates are half open


@dataclass(frozen=True)
class Component:
    """Output i of a vector function along a line through its inputs, as an elementwise function of the place on it."""

    f: Activation
    i: int
    line: tuple = ()  # as in LINES, or that of LINES

    @property
    def smoothness(self):
        return self.f.smoothness

    @property
    def start(self):
        """The inputs at 0."""
        return np.array((self.line or LINES[self.f.inputs_per_output])[0])

    @property
    def step(self):
        """The direction of the line."""
        return np.array((self.line or LINES[self.f.inputs_per_output])[1])

    def inputs(self, z):
        """The inputs (..., n) at the places z (...) of the line; one that doesn't move stays finite where z isn't."""
        moved = np.asarray(z, float)[..., None]
        return np.where(self.step == 0, self.start, self.start + moved)

    def __call__(self, z):
        return self.f(self.inputs(z))[..., self.i]

    def jet(self, z):
        """Value, first and second derivative along the line."""
        z, moving = self.inputs(z), np.flatnonzero(self.step)
        jacobian, hessian = self.f.jacobian(z)[..., self.i, moving], self.f.hessian(z)[..., self.i, moving, :]
        return self.f(z)[..., self.i], jacobian.sum(axis=-1), hessian[..., moving].sum(axis=(-1, -2))

    def kinks(self):
        return ()


@dataclass(frozen=True)
class Piece:
    """A stretch (low, high) between kinks, with samples strictly inside it, ends included as one-sided limits."""

    low: float
    high: float
    z: np.ndarray
    jet: np.ndarray  # (3, samples)

    def flat(self, order):
        """Whether the derivative of this order is exactly 0 all over the piece."""
        return not self.jet[order].any()


def inside(low, high, z):
    """The points of z strictly between low and high, after and before the floats next to the two."""
    ends = [np.nextafter(low, high) if isfinite(low) else low, np.nextafter(high, low) if isfinite(high) else high]
    return np.concatenate([ends[:1], z[(z > low) & (z < high)], ends[1:]])


def pieces(f, low, high, z, **params):
    """Cut [low, high] at the kinks of f and sample each piece at the points of z."""
    edges = [low, *(kink for kink in f.kinks(**params) if low < kink < high), high]
    samples = [(a, b, inside(a, b, z)) for a, b in pairwise(edges)]
    return [Piece(a, b, x, np.array(f.jet(x, **params))) for a, b, x in samples]


def bisect(h, low, high):
    """The point between low and high where h changes sign, to the last bit. h(low) and h(high) differ in sign."""
    rising = h(high) > 0
    while low < (middle := low + (high - low) / 2) < high:
        value = h(middle)
        if value == 0:
            return middle
        low, high = (low, middle) if (value > 0) == rising else (middle, high)
    return min(low, high, key=lambda z: abs(h(z)))


def crossings(z, values):
    """Pairs of neighbouring samples, zeros between them left out, over which the sign changes."""
    known = np.isfinite(z) & np.isfinite(values) & (values != 0)
    z, signs = z[known], np.sign(values[known])
    return [(z[i], z[i + 1], signs[i]) for i in np.flatnonzero(signs[:-1] != signs[1:])]


def find_extrema(f, parts, order, **params):
    """Strict local extrema of the derivative of this order, over all pieces, sorted."""

    def at(k, z):
        return float(f.jet(z, **params)[k])

    found = {}
    for part in parts:
        if order < 2:
            for low, high, sign in crossings(part.z, part.jet[order + 1]):
                found[bisect(lambda z: at(order + 1, z), low, high)] = sign
        else:
            h = part.jet[2]
            noise = 1e-12 * np.abs(h).max()
            for sign in (1, -1):
                peak = (sign * (h[1:-1] - h[:-2]) > noise) & (sign * (h[1:-1] - h[2:]) > noise)
                for i in np.flatnonzero(peak) + 1:
                    # The third derivative is not in the jet; a symmetric difference puts its root right to about 1e-9.
                    found[bisect(lambda z: at(2, z + 1e-4) - at(2, z - 1e-4), part.z[i - 1], part.z[i + 1])] = sign
    if order < 2:
        for left, right in pairwise(parts):
            joined = isclose(left.jet[order][-1], right.jet[order][0], rel_tol=1e-9, abs_tol=1e-12)
            before, after = left.jet[order + 1][-1], right.jet[order + 1][0]
            if joined and before * after < 0:
                found[left.high] = np.sign(before)
    return tuple(
        Extremum(float(z), at(order, z), "maximum" if sign > 0 else "minimum") for z, sign in sorted(found.items())
    )


def find_zeros(f, parts, extrema, **params):
    """Where g = 0: points and, where a piece is identically 0, intervals; sorted."""

    def g(z):
        return float(f(z, **params))

    flat = [(part.low, part.high) for part in parts if part.flat(0)]
    points = {bisect(g, *bracket[:2]) for part in parts for bracket in crossings(part.z, part.jet[0])}
    points |= {e.z for e in extrema if e.value == 0} | {part.high for part in parts[:-1] if g(part.high) == 0}
    alone = {z for z in points if not any(low <= z <= high for low, high in flat)}
    return tuple(sorted(flat + [(z, z) for z in map(float, alone)]))


def jumps(parts):
    """Kinks at which g itself jumps -> how far."""
    steps = {left.high: right.jet[0][0] - left.jet[0][-1] for left, right in pairwise(parts)}
    return {kink: step for kink, step in steps.items() if abs(step) > 1e-9}


def direction(parts):
    """How g goes: one of the words of Features.monotone."""
    steps = np.concatenate([*(part.jet[1] for part in parts), list(jumps(parts).values())])
    rises, falls = (steps > 0).any(), (steps < 0).any()
    if rises and falls:
        return ""
    if not rises and not falls:
        return "constant"
    if any(part.flat(1) for part in parts):
        return "non-decreasing" if rises else "non-increasing"
    return "strictly increasing" if rises else "strictly decreasing"


def bounds(f, parts, extrema, **params):
    """The interval of the values of g."""
    taken = [e.value for e in extrema] + [float(f(kink, **params)) for kink in f.kinks(**params)]
    taken += [part.jet[0][0] for part in parts if part.flat(1)]
    ends = [part.jet[0][i] for part in parts for i in (0, -1)]
    known = [float(value) for value in (*taken, *ends) if not isnan(value)]
    lowest, highest = min(known), max(known)
    return Interval(lowest, highest, lowest in taken, highest in taken)


def steepness(parts, extrema):
    """The supremum of |g'| and the places where it is attained or, at the ends of pieces, approached.

    Where g jumps, no slope bounds it.
    """
    if jumps(parts):
        return inf, tuple((kink, kink) for kink in jumps(parts))
    slopes = {(e.z, e.z): abs(e.value) for e in extrema}
    for part in parts:
        if part.flat(2):
            slopes[part.low, part.high] = abs(part.jet[1][0])
        else:
            slopes |= {(z, z): abs(part.jet[1][i]) for z, i in ((part.low, 0), (part.high, -1))}
    slopes = {place: float(slope) for place, slope in slopes.items() if not isnan(slope)}
    largest = max(slopes.values())
    steepest = sorted(place for place, slope in slopes.items() if isclose(slope, largest, rel_tol=1e-14))
    spans = [(low, high) for low, high in steepest if low < high]
    points = [(z, z) for z, end in steepest if z == end and not any(low <= z <= high for low, high in spans)]
    return largest, tuple(sorted(spans + points))


def features(f, **params):
    """Compute the Features of an elementwise activation f."""
    parts = pieces(f, -inf, inf, GRID, **params)
    extrema = tuple(find_extrema(f, parts, order, **params) for order in range(3))
    lipschitz, steepest = steepness(parts, extrema[1])
    symmetric = np.linspace(0, 64, 4097)

    def ends(order):
        return float(parts[0].jet[order][0]), float(parts[-1].jet[order][-1])

    return Features(
        limits=ends(0),
        end_slopes=ends(1),
        range=bounds(f, parts, extrema[0], **params),
        zeros=find_zeros(f, parts, extrema[0], **params),
        extrema=extrema,
        monotone=direction(parts),
        lipschitz=lipschitz,
        steepest=steepest,
        dead=tuple((part.low, part.high) for part in parts if part.flat(1)),
        odd=np.allclose(f(-symmetric, **params), -f(symmetric, **params), rtol=1e-14, atol=0),
        mean=round(gaussian.mean(f, **params), 12),  # as far as the quadrature is right
        kinks=tuple(f.kinks(**params)),
        smoothness=f.smoothness,
    )


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


def arcs(f, order, low, high, tolerance, **params):
    """The derivative of this order on [low, high] as Arcs that stay within tolerance, one for each piece between kinks.

    f is an activation or anything with its `jet` and `kinks`. An arc ends in the one-sided limits, so that where two
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
