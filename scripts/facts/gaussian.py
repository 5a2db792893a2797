"""Gaussian moments of an activation: what a wide random network does to its signal and to its gradient, layer by layer.

    from reference import CATALOGUE
    from facts.gaussian import forward_gain
    forward_gain(CATALOGUE["tanh"])     # 1.5925...: weights of variance gain^2 / fan_in keep the size of the signal

In a wide layer with weights of variance sigma_w^2 / fan_in and biases of variance sigma_b^2 the pre-activations are
Gaussian with mean 0. Their variance q goes from one layer to the next by `variance_map`, and the mean square of the
gradient goes back through the layer by the factor `chi` (Poole and others 2016, arXiv:1606.05340; Schoenholz and others
2017, arXiv:1611.01232). Z is a standard normal number throughout.

Accuracy: Gauss-Legendre on panels that end at every kink, and are halved until they follow the waves of a function
that oscillates. For every function of the catalogue the moments have a relative error below 1e-13 at 1e-6 <= q <= 1e6,
the covariance one below 1e-12 times the product of the two root mean squares; tests/facts/test_gaussian.py holds them
against closed forms, another rule and rigorous integrals.
"""

import functools
import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from reference.activation import Activation

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
# The last two Legendre coefficients on a panel, from the values at its nodes: large, where 24 nodes don't follow it.
LAST = np.polynomial.legendre.legvander(NODES, 23)[:, 22:] * [45 / 2, 47 / 2] * WEIGHTS[:, None]
WAVES = 1e-5  # as large as they may be, of the mean size; the error of the integral is about the square of it
MOST = 1 << 24  # so many values, and no more, for one expectation
REACH = 13.0  # |Z| > 13 has the probability 1e-38
ROUNDING = 1e-11  # of a relative excess, or of a correlation: less is no sign
WITHIN, TERMS = 0.875, 256  # the correlations for which so many terms of the series are enough: 0.875^256 is 1e-15
FINEST = 4.0**-10  # the panels beside a mark; where a kink is smoothed out over less than that, 1e-12 is lost


def expectation(
    function: Callable[[np.ndarray], np.ndarray],
    mean: float | np.ndarray = 0.0,
    deviation: float = 1.0,
    kinks: Iterable[float] = (),
    finest: float = FINEST,
) -> np.ndarray:
    """E[function(mean + deviation Z)] for a function of arrays, not smooth at the `kinks` and growing at most as z^k.

    `mean` is a number or an array, whose shape the result has; `deviation` is one number, at least 0.
    The panels shrink by 4 towards 0 and towards each kink down to `finest`, because that is where activations bend.
    Where the function oscillates faster than they follow, all are halved. ValueError if that would take too long.
    """
    mean = np.asarray(mean, float)
    if deviation == 0:
        return function(mean)
    steps = finest * 4.0 ** np.arange(math.ceil(math.log(deviation / finest, 4)))  # farther off, the ticks are closer
    marks = np.unique([0.0, *kinks])[:, None] + np.concatenate([-steps, [0.0], steps])
    marks = (marks.ravel() - mean[..., None]) / deviation
    ticks = np.arange(-REACH, REACH + 1)
    ends = np.concatenate([np.clip(marks, -REACH, REACH), np.broadcast_to(ticks, (*mean.shape, len(ticks)))], axis=-1)
    ends.sort(axis=-1)
    while True:
        half = np.diff(ends)[..., None] / 2
        normal = (ends[..., :-1, None] + half) + half * NODES
        bell = np.exp(-normal * normal / 2)
        density = bell * (half * WEIGHTS)
        values = function(mean[..., None, None] + deviation * normal)
        total: np.ndarray = (values * density).sum(axis=(-2, -1)) / math.sqrt(2 * math.pi)
        waves = (np.abs((values * bell) @ LAST).sum(axis=-1) * half[..., 0]).sum(axis=-1)
        if (waves <= WAVES * np.abs(values * density).sum(axis=(-2, -1))).all() or (half < 1e-3 / deviation).all():
            return total
        if 2 * values.size > MOST:
            raise ValueError(
                f"found a function that oscillates too fast for the deviation {deviation:g}, expected fewer waves"
            )
        ends = np.sort(np.concatenate([ends, (ends[..., 1:] + ends[..., :-1]) / 2], axis=-1), axis=-1)


def mean(g: Activation, q: float = 1.0, /, **parameters: float) -> float:
    """E[g(sqrt(q) Z)]: zero for a function whose outputs are centred."""
    return float(expectation(lambda z: g(z, **parameters), 0.0, math.sqrt(q), g.kinks(**parameters)))


def second_moment(g: Activation, q: float = 1.0, /, **parameters: float) -> float:
    """E[g(sqrt(q) Z)^2]."""
    return float(expectation(lambda z: g(z, **parameters) ** 2, 0.0, math.sqrt(q), g.kinks(**parameters)))


def slope_second_moment(g: Activation, q: float = 1.0, /, **parameters: float) -> float:
    """E[g'(sqrt(q) Z)^2]."""
    return float(expectation(lambda z: g.derivative(z, **parameters) ** 2, 0.0, math.sqrt(q), g.kinks(**parameters)))


@functools.cache
def _coefficients(g: Activation, q: float, *parameters: tuple[str, float]) -> np.ndarray:
    """E[g(sqrt(q) Z) h_n(Z)] for the first TERMS Hermite polynomials h_n, with E[h_n(Z)^2] = 1.

    By Mehler's formula, E[h_m(U) h_n(V)] is correlation^n for m = n and 0 else. The sum of the squares is at most
    E[g^2], so that the terms left out of the covariance are less than 1e-14 of it.
    """

    def weighted(z: np.ndarray) -> np.ndarray:
        normal = z / math.sqrt(q)
        hermite = [np.ones_like(normal), normal]
        for n in range(1, TERMS - 1):
            hermite.append((normal * hermite[n] - math.sqrt(n) * hermite[n - 1]) / math.sqrt(n + 1))
        return g(z, **dict(parameters)) * np.stack(hermite)

    return expectation(weighted, 0.0, math.sqrt(q), g.kinks(**dict(parameters)))


def covariance(g: Activation, q1: float, q2: float, correlation: float, /, **parameters: float) -> float:
    """E[g(u) g(v)] for Gaussian u, v with mean 0, the variances q1 and q2 and this correlation, from -1 to 1.

    It is what two inputs of a wide layer have in common behind it. Up to WITHIN a power series in the correlation,
    whose coefficients are computed once for a function and a variance; beyond, a double integral, 0.05 s each.
    """
    if not -1 <= correlation <= 1:
        raise ValueError(f"{g.name}: found the correlation {correlation!r}, expected a number from -1 to 1")
    if abs(correlation) <= WITHIN:
        one, other = (_coefficients(g, q, *parameters.items()) for q in (q1, q2))
        return float((one * other * correlation ** np.arange(TERMS)).sum())
    kinks = g.kinks(**parameters)
    shared = correlation * math.sqrt(q2)  # v = shared U + own V with independent U, V; u = sqrt(q1) U
    own = math.sqrt(q2 * (1 - correlation) * (1 + correlation))

    def product(normal: np.ndarray) -> np.ndarray:
        # Panels of 1/4 are fine enough inside: there, the function is seen at the scale of its own features or coarser.
        given_u = expectation(lambda v: g(v, **parameters), shared * normal.ravel(), own, kinks, finest=0.25)
        both: np.ndarray = g(math.sqrt(q1) * normal, **parameters) * given_u.reshape(normal.shape)
        return both

    bends = [kink / root for kink in kinks for root in (math.sqrt(q1), shared) if root]
    return float(expectation(product, kinks=bends))


def forward_gain(g: Activation, /, **parameters: float) -> float:
    """1 / sqrt(E[g(Z)^2]): weights of variance gain^2 / fan_in keep the variance 1 of the pre-activations."""
    return 1 / math.sqrt(second_moment(g, 1.0, **parameters))


def backward_gain(g: Activation, /, **parameters: float) -> float:
    """1 / sqrt(E[g'(Z)^2]): where z has variance 1, weights of variance gain^2 / fan_out keep the gradient's size."""
    return 1 / math.sqrt(slope_second_moment(g, 1.0, **parameters))


def variance_map(g: Activation, q: float, sigma_w: float, sigma_b: float = 0.0, /, **parameters: float) -> float:
    """The variance of the next layer's pre-activations: sigma_w^2 E[g(sqrt(q) Z)^2] + sigma_b^2."""
    return sigma_w**2 * second_moment(g, q, **parameters) + sigma_b**2


def variance_slope(g: Activation, q: float, sigma_w: float, /, **parameters: float) -> float:
    """The slope of the variance map: at a fixed point, the factor by which a deviation from it changes in one layer.

    By parts, d/dq E[g(sqrt(q) Z)^2] = E[g(sqrt(q) Z)^2 (Z^2 - 1)] / (2q), whether g is smooth or not.
    """

    def function(normal: np.ndarray) -> np.ndarray:
        weighed: np.ndarray = g(math.sqrt(q) * normal, **parameters) ** 2 * (normal**2 - 1)
        return weighed

    kinks = [kink / math.sqrt(q) for kink in g.kinks(**parameters)]
    return sigma_w**2 * float(expectation(function, kinks=kinks)) / (2 * q)


def chi(g: Activation, q: float, sigma_w: float, /, **parameters: float) -> float:
    """sigma_w^2 E[g'(sqrt(q) Z)^2]: the factor for the mean square of the gradient through one layer.

    At a fixed point of the variance also the slope of the correlation map at 1: below 1 nearby inputs approach each
    other with depth, above 1 they part.
    """
    return sigma_w**2 * slope_second_moment(g, q, **parameters)


def correlation_map(
    g: Activation, q: float, correlation: float, sigma_w: float, sigma_b: float = 0.0, /, **parameters: float
) -> float:
    """The correlation behind the next layer of two inputs that have the variance q and this correlation before it."""
    shared = sigma_w**2 * covariance(g, q, q, correlation, **parameters) + sigma_b**2
    return shared / variance_map(g, q, sigma_w, sigma_b, **parameters)


def correlation_fixed_point(
    g: Activation, q: float, sigma_w: float, sigma_b: float = 0.0, /, **parameters: float
) -> float:
    """The correlation from 0 to 1 that two inputs come to with depth, at this q; NaN where they keep what they have.

    For functions without jumps. The map bends upwards and ends in (1, 1): with a slope of at most 1 there, it is above
    the diagonal; with a larger one it crosses the diagonal once, and secants of the stretch before that stay before it.
    """
    step = functools.partial(correlation_map, g, q)
    rest = step(0.0, sigma_w, sigma_b, **parameters)
    centred = rest < ROUNDING
    slope = q * chi(g, q, sigma_w, **parameters) / variance_map(g, q, sigma_w, sigma_b, **parameters)
    if slope <= 1 + ROUNDING:
        return math.nan if centred else 1.0  # a centred function has a slope of at least 1: this is a straight line
    if centred:
        return 0.0
    here, there, excess = 0.0, rest, rest
    while there - here > ROUNDING:
        before, excess = excess, step(there, sigma_w, sigma_b, **parameters) - there
        here, there = there, there + excess * (there - here) / (before - excess)
    return there


class FixedPoint(NamedTuple):
    """A variance q that the variance map sends to itself; NaN where it does so with every q."""

    sigma_w: float
    sigma_b: float
    q: float
    slope: float  # of the variance map, at q; its limit, where q is 0
    chi: float
    attracting: bool  # variances nearby go to q


def fixed_points(g: Activation, sigma_w: float, sigma_b: float = 0.0, /, **parameters: float) -> tuple[FixedPoint, ...]:
    """The fixed points of the variance map by rising q; none, if the variance grows without bound from every start."""

    def excess(q: float) -> float:
        return variance_map(g, q, sigma_w, sigma_b, **parameters) / q - 1

    return tuple(_point(g, sigma_w, sigma_b, q, parameters) for q in _balanced(excess, g, sigma_b, parameters))


def edge_of_chaos(g: Activation, sigma_b: float = 0.0, /, **parameters: float) -> tuple[FixedPoint, ...]:
    """The weight scales sigma_w that have a fixed point with chi = 1, by rising q; none for some functions.

    chi = 1 asks for sigma_w^2 = 1 / E[g'^2], and with it q is a fixed point where q = E[g^2] / E[g'^2] + sigma_b^2.
    Signals end up at a fixed point only if it is attracting. Where the slope vanishes with q, as that of a squared
    ReLU does, no scale makes chi 1 at the fixed point 0.
    """

    def vanishes(q: float) -> bool:
        near, nearer = (slope_second_moment(g, small, **parameters) for small in (1e-12, 1e-16))
        return q == 0 and nearer < near / 2

    def sigma_w(q: float) -> float:
        return 1 / math.sqrt(slope_second_moment(g, _positive(q), **parameters))

    def excess(q: float) -> float:
        return variance_map(g, q, sigma_w(q), sigma_b, **parameters) / q - 1

    balanced = [q for q in _balanced(excess, g, sigma_b, parameters) if not vanishes(q)]
    return tuple(_point(g, sigma_w(q), sigma_b, q, parameters) for q in balanced)


# Where roots are searched: 20 variances a decade, so that two nearer to each other than that are missed.
SEARCHED = 10.0 ** np.linspace(-8, 8, 321)


def _balanced(
    excess: Callable[[float], float], g: Activation, sigma_b: float, parameters: Mapping[str, float]
) -> tuple[float, ...]:
    """The variances where `excess` changes its sign, after 0 if that is a fixed point; (NaN,) if it is 0 everywhere."""
    values = np.array([excess(q) for q in SEARCHED])
    clear = np.flatnonzero(np.abs(values) > ROUNDING)
    if not len(clear):
        return (math.nan,)
    found = [0.0] if sigma_b == 0 and g(0.0, **parameters) == 0 else []
    for left, right in zip(clear, clear[1:]):
        if values[left] * values[right] < 0:
            low, high = SEARCHED[left], SEARCHED[right]
            while low < (middle := math.sqrt(low * high)) < high:
                low, high = (middle, high) if excess(middle) * values[left] > 0 else (low, middle)
            found.append(float(low))
    return tuple(found)


def _positive(q: float) -> float:
    """0 stands for its limit from above, as the derivative at a kink is a convention; for NaN, any q will do."""
    return 1.0 if math.isnan(q) else max(q, 1e-16)


def _point(g: Activation, sigma_w: float, sigma_b: float, q: float, parameters: Mapping[str, float]) -> FixedPoint:
    def excess(q: float) -> float:
        return variance_map(g, q, sigma_w, sigma_b, **parameters) / q - 1

    near, step = _positive(q), 1e-3 * (q or 1.0)
    slope, factor = (f(g, near, sigma_w, **parameters) for f in (variance_slope, chi))
    if math.isnan(q):
        return FixedPoint(sigma_w, sigma_b, q, slope, factor, attracting=False)
    attracting = excess(q + step) < -ROUNDING and (q == 0 or excess(q - step) > ROUNDING)
    return FixedPoint(sigma_w, sigma_b, q, slope, factor, bool(attracting))
