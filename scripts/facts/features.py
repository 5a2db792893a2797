"""Facts about a function that can be computed from its jets: limits, range, zeros, extrema, slopes, period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf, isclose, isfinite, isnan, nan
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from reference import Activation, Interval, Jet

from facts import gaussian

# Dense where activations bend; beyond, 64, 128, ... 2^20 show which sign a tail keeps.
TAIL = 2.0 ** np.arange(6, 21)
GRID = np.concatenate([-TAIL[::-1], np.linspace(-64, 64, 8193)[1:-1], TAIL])


@dataclass(frozen=True)
class Extremum:
    z: float
    value: float
    kind: str  # "minimum" or "maximum"


def told(kind: str, meaning: str, *, items: dict[str, tuple[str, str]] | None = None) -> Any:
    """A field with its type and meaning, as catalogue.json is described; `items` -> those of what it holds."""
    return field(metadata={"told": {"": (kind, meaning)} | (items or {})})


@dataclass(frozen=True)
class Features:
    """Facts about one function at one setting of its parameters; nan stands for a limit that does not exist.

    A place where something holds is a pair (low, high): an interval, a point (z, z), or an end (inf, inf) that is only
    approached.
    """

    limits: tuple[float, float] = told("two numbers", "of $g$ on the left and on the right")
    end_slopes: tuple[float, float] = told("two numbers", "limits of $g'$ on the left and on the right")
    range: Interval = told(
        "object",
        "the interval of the values of $g$",
        items={
            ".low": ("number", "its lower end"),
            ".high": ("number", "its upper end"),
            ".closed_low": ("boolean", "whether the lower end is a value"),
            ".closed_high": ("boolean", "whether the upper end is a value"),
        },
    )
    zeros: tuple[tuple[float, float], ...] = told(
        "list of pairs", "where $g$ is 0: intervals; a point is an interval with equal ends"
    )
    extrema: tuple[tuple[Extremum, ...], ...] = told(
        "three lists",
        "strict local extrema of $g$, $g'$ and $g''$",
        items={
            "[][].z": ("number", "where it is"),
            "[][].value": ("number", "how high"),
            "[][].kind": ("string", "`minimum` or `maximum`"),
        },
    )
    monotone: str = told("string", "such as `strictly increasing` or `non-decreasing`; empty if it is neither")
    lipschitz: float = told("number", "the supremum of the size of $g'$")
    steepest: tuple[tuple[float, float], ...] = told(
        "list of pairs", "where that is attained or, at an infinite end, approached"
    )
    dead: tuple[tuple[float, float], ...] = told("list of pairs", "intervals on which $g'$ is exactly 0")
    odd: bool = told("boolean", "whether $g(-z) = -g(z)$")
    mean: float = told("number", "the mean of $g(z)$ for standard normal $z$")
    kinks: tuple[float, ...] = told("list of numbers", "where $g$ or one of its derivatives jumps")
    smoothness: float = told(
        "number", "$k$ if $g$ is $k$ times continuously differentiable and no more; −1 if it jumps"
    )
    period: float = told("number", "the period of $g'$, if it is periodic")


BESIDE = 2.0**-40


@dataclass(frozen=True)
class Component:
    """Output i of a vector function along a line through its inputs, as an elementwise function of the place on it."""

    f: Activation
    i: int
    line: (
        tuple[tuple[float, ...], tuple[int, ...]] | tuple[()]
    ) = ()  # start and moving, or else those of the demonstration

    @property
    def name(self) -> str:
        return self.f.name

    @property
    def smoothness(self) -> float:
        return self.f.smoothness

    @property
    def start(self) -> np.ndarray:
        """The inputs at 0."""
        return np.array(self.line[0] if self.line else self.f.demonstration.start)

    @property
    def moving(self) -> list[int]:
        """Which inputs move."""
        return list(self.line[1] if self.line else self.f.demonstration.moving)

    def inputs(self, z: ArrayLike) -> np.ndarray:
        """The inputs (..., n) at the places z (...) of the line; one that doesn't move stays finite where z isn't.

        Beside a kink they keep a distance that no sum of inputs rounds away.
        """
        z = np.array(z, float)
        for kink in self.kinks():
            near = (z != kink) & (np.abs(z - kink) < BESIDE)
            z = np.where(near, kink + np.copysign(BESIDE, z - kink), z)
        inputs = np.broadcast_to(self.start, (*z.shape, len(self.start))).copy()
        inputs[..., self.moving] += z[..., None]
        return inputs

    def __call__(self, z: ArrayLike) -> np.ndarray:
        return self.f(self.inputs(z))[..., self.i]

    def jet(self, z: ArrayLike) -> Jet:
        """Value, first and second derivative along the line."""
        z, moving = self.inputs(z), self.moving
        jacobian, hessian = self.f.jacobian(z)[..., self.i, moving], self.f.hessian(z)[..., self.i, moving, :]
        return Jet(self.f(z)[..., self.i], jacobian.sum(axis=-1), hessian[..., moving].sum(axis=(-1, -2)))

    def kinks(self) -> tuple[float, ...]:
        return () if self.line else self.f.demonstration.kinks


def shown(f: Activation) -> list[Component]:
    """The outputs of a vector function that its demonstration shows."""
    return [Component(f, i) for i in f.demonstration.outputs]


@dataclass(frozen=True)
class Piece:
    """A stretch (low, high) between kinks, with samples strictly inside it, ends included as one-sided limits."""

    low: float
    high: float
    z: np.ndarray
    jet: np.ndarray  # (3, samples)

    def flat(self, order: int) -> bool:
        """Whether the derivative of this order is exactly 0 all over the piece."""
        return not self.jet[order].any()


def inside(low: float, high: float, z: np.ndarray) -> np.ndarray:
    """The points of z strictly between low and high, after and before the floats next to the two."""
    ends = [np.nextafter(low, high) if isfinite(low) else low, np.nextafter(high, low) if isfinite(high) else high]
    return np.concatenate([ends[:1], z[(z > low) & (z < high)], ends[1:]])


def pieces(f: Activation | Component, low: float, high: float, z: np.ndarray, **params: float) -> list[Piece]:
    """Cut [low, high] at the kinks of f and sample each piece at the points of z."""
    edges = [low, *(kink for kink in f.kinks(**params) if low < kink < high), high]
    samples = [(a, b, inside(a, b, z)) for a, b in pairwise(edges)]
    return [Piece(a, b, x, np.array(f.jet(x, **params))) for a, b, x in samples]


def bisect(h: Callable[[float], float], low: float, high: float) -> float:
    """The point between low and high where h changes sign, to the last bit. h(low) and h(high) differ in sign."""
    rising = h(high) > 0
    while low < (middle := low + (high - low) / 2) < high:
        value = h(middle)
        if value == 0:
            return middle
        low, high = (low, middle) if (value > 0) == rising else (middle, high)
    return min(low, high, key=lambda z: abs(h(z)))


def crossings(z: np.ndarray, values: np.ndarray) -> list[tuple[float, float, float]]:
    """Pairs of neighbouring samples, zeros between them left out, over which the sign changes."""
    known = np.isfinite(z) & np.isfinite(values) & (values != 0)
    z, signs = z[known], np.sign(values[known])
    return [(z[i], z[i + 1], signs[i]) for i in np.flatnonzero(signs[:-1] != signs[1:])]


def find_extrema(f: Activation | Component, parts: list[Piece], order: int, **params: float) -> tuple[Extremum, ...]:
    """Strict local extrema of the derivative of this order, over all pieces, sorted."""

    inner = [np.abs(part.jet[:, np.abs(part.z) <= TAIL[0]]).max(axis=1, initial=0) for part in parts]
    noise = 1e-24 * np.max(inner, axis=0)

    def at(k: int, z: float) -> float:
        value = float(f.jet(z, **params)[k])
        return 0.0 if abs(value) < noise[k] else value  # that of a square whose zero is no float

    found = {}
    for part in parts:
        if order < 2:
            for low, high, sign in crossings(part.z, part.jet[order + 1]):
                found[bisect(lambda z: at(order + 1, z), low, high)] = sign
        else:
            h = part.jet[2]
            least = 1e-12 * np.nanmax(np.abs(h))
            for sign in (1, -1):
                peak = (sign * (h[1:-1] - h[:-2]) > least) & (sign * (h[1:-1] - h[2:]) > least)
                peak &= np.abs(part.z[1:-1]) < TAIL[0]  # beyond, samples are too far apart to see one wave
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


def find_zeros(
    f: Activation | Component, parts: list[Piece], extrema: tuple[Extremum, ...], **params: float
) -> tuple[tuple[float, float], ...]:
    """Where g = 0: points and, where a piece is identically 0, intervals; sorted."""

    def g(z: float) -> float:
        return float(f(z, **params))

    flat = [(part.low, part.high) for part in parts if part.flat(0)]
    points = {bisect(g, *bracket[:2]) for part in parts for bracket in crossings(part.z, part.jet[0])}
    points |= {e.z for e in extrema if e.value == 0} | {part.high for part in parts[:-1] if g(part.high) == 0}
    alone = {z for z in points if not any(low <= z <= high for low, high in flat)}
    return tuple(sorted(flat + [(z, z) for z in map(float, alone)]))


def jumps(parts: list[Piece]) -> dict[float, float]:
    """Kinks at which g itself jumps -> how far."""
    steps = {left.high: right.jet[0][0] - left.jet[0][-1] for left, right in pairwise(parts)}
    return {kink: step for kink, step in steps.items() if abs(step) > 1e-9}


def direction(parts: list[Piece]) -> str:
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


def swelling(part: Piece, order: int) -> tuple[float, float]:
    """(low, high) of waves that grow without end on this piece: infinite on the sides to which they do, else nan."""
    inner = np.abs(part.z) <= TAIL[0]
    h = part.jet[order]
    if not (isnan(h[0]) or isnan(h[-1])) or not inner.any():
        return nan, nan
    size = 2 * np.abs(h[inner]).max()
    return -inf if np.nanmin(h) < -size else nan, inf if np.nanmax(h) > size else nan


def bounds(f: Activation | Component, parts: list[Piece], extrema: tuple[Extremum, ...], **params: float) -> Interval:
    """The interval of the values of g."""
    taken = [e.value for e in extrema] + [float(f(kink, **params)) for kink in f.kinks(**params)]
    taken += [part.jet[0][0] for part in parts if part.flat(1)]
    ends = [part.jet[0][i] for part in parts for i in (0, -1)] + [end for part in parts for end in swelling(part, 0)]
    known = [float(value) for value in (*taken, *ends) if not isnan(value)]
    if not known:
        raise ValueError(
            f"{f.name}: found no limit at -inf and inf, and no extremum; expected the entry to give limits"
        )
    lowest, highest = min(known), max(known)
    return Interval(lowest, highest, lowest in taken, highest in taken)


def steepness(parts: list[Piece], extrema: tuple[Extremum, ...]) -> tuple[float, tuple[tuple[float, float], ...]]:
    """The supremum of |g'| and the places where it is attained or, at the ends of pieces, approached.

    Where g jumps, no slope bounds it.
    """
    if jumps(parts):
        return inf, tuple((kink, kink) for kink in jumps(parts))
    slopes = slopes_by_place(parts, extrema)
    largest = max(slopes.values())
    steepest = sorted(place for place, slope in slopes.items() if isclose(slope, largest, rel_tol=1e-14))
    spans = [(low, high) for low, high in steepest if low < high]
    points = [(z, z) for z, end in steepest if z == end and not any(low <= z <= high for low, high in spans)]
    return largest, tuple(sorted(spans + points))


def slopes_by_place(parts: list[Piece], extrema: tuple[Extremum, ...]) -> dict[tuple[float, float], float]:
    """(low, high) -> |g'| where it can be largest: at its extrema, on straight pieces, at the ends of the others."""
    slopes = {(e.z, e.z): abs(e.value) for e in extrema}
    for part in parts:
        if part.flat(2):
            slopes[part.low, part.high] = abs(part.jet[1][0])
        else:
            slopes |= {(z, z): abs(part.jet[1][i]) for z, i in ((part.low, 0), (part.high, -1))}
    for part in parts:
        if inf in map(abs, swelling(part, 1)):
            slopes |= {(end, end): inf for end in (part.low, part.high) if not isfinite(end)}
    return {place: float(slope) for place, slope in slopes.items() if not isnan(slope)}


def find_period(
    f: Activation | Component, parts: list[Piece], extrema: tuple[tuple[Extremum, ...], ...], **params: float
) -> float:
    """The period of g', from the distances of its maxima, or else of those of g; nan if it isn't periodic."""
    probes = np.linspace(-16, 16, 501) + 1e-3
    slope = np.array(f.jet(probes, **params))[1]
    for order in (1, 0):
        tops = [e.z for e in extrema[order] if e.kind == "maximum" and abs(e.z) <= TAIL[0]]
        for waves in range(1, min(5, len(tops))):
            count = (len(tops) - 1) // waves
            period = (tops[waves * count] - tops[0]) / count
            again = np.array(f.jet(probes + period, **params))[1]
            if np.allclose(again, slope, rtol=0, atol=1e-8 * np.abs(slope).max()):
                return float(period)
    return nan


def features(f: Activation | Component, **params: float) -> Features:
    """Compute the Features of an elementwise function, or of the first output of a vector function along its line."""
    if isinstance(f, Activation) and f.vector:
        f = shown(f)[0]
    parts = pieces(f, -inf, inf, GRID, **params)
    extrema = tuple(find_extrema(f, parts, order, **params) for order in range(3))
    lipschitz, steepest = steepness(parts, extrema[1])
    symmetric = np.linspace(0, 64, 4097)

    def ends(order: int) -> tuple[float, float]:
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
        # As far as the quadrature is right; a component has all that the mean asks of a function.
        mean=round(gaussian.mean(f, **params), 12),  # type: ignore[arg-type]
        kinks=tuple(f.kinks(**params)),
        smoothness=f.smoothness,
        period=find_period(f, parts, extrema, **params),
    )
