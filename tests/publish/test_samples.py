"""What the explorer reads: an independent reader of curves.json against the module, everywhere and at every setting."""

import gzip
import itertools
import json
import math
import random

import numpy as np
import pytest
from facts import features
from hypothesis import given, settings, strategies
from publish import curves, samples
from support.catalogue import EACH_ELEMENTWISE, EACH_VECTOR, KINKED, PARAMETRIC, each

RANGE = (-6.0, 6.0)
TEXT = {}


def data(f):
    """What the file says, read back."""
    if f.name not in TEXT:
        TEXT[f.name] = samples.encode(samples.explorer(f, *RANGE))
    return json.loads(TEXT[f.name])


def chebyshev(coefficients, axes, p):
    """A row at the setting p, by numpy's own evaluation of Chebyshev series."""
    if not isinstance(coefficients, list):
        return coefficients
    terms = [axis["terms"] for axis in axes]
    full = np.zeros(math.prod(terms))
    full[: len(coefficients)] = coefficients
    full = full.reshape(terms)
    for axis, value in zip(axes, p):
        low, high, at = (v ** (1 / axis["power"]) for v in (axis["low"], axis["high"], value))
        full = np.polynomial.chebyshev.chebval(2 * (at - low) / (high - low) - 1, full)
    return float(full)


def number(content, column, row, p):
    """A number of the table at the setting p."""
    return chebyshev(row, content["parameters"], p) / 10 ** content["decimals"].get(column, 0)


def table_at(content, p):
    """z, g, g' and g'' of all rows at the setting p: from the start of each piece one step of z after the other."""
    table = {k: [number(content, k, row, p) for row in content[k]] for k in ("z", "g", "d1", "d2")}
    z, g, d1, d2 = table.values()
    starts = {0, *np.cumsum(content["pieces"])}
    for i in range(1, len(z)):
        if i not in starts:
            h = z[i] - z[i - 1]
            d1[i] += d1[i - 1] + h * (d2[i - 1] + d2[i]) / 2
            g[i] += g[i - 1] + h * (d1[i - 1] + d1[i]) / 2 - h**2 * (d2[i] - d2[i - 1]) / 12
    return table


def interpolate(content, x, p):
    """g, g' and g'' at the points x: on each interval the polynomial of degree 5 that has the jets of both ends."""
    table = table_at(content, p)
    found = np.full((3, len(x)), np.nan)
    ends = np.cumsum(content["pieces"])
    for start, end in zip(ends - content["pieces"], ends):
        if end - start == 1:
            continue
        for i in range(start, end - 1):
            a, b = table["z"][i : i + 2]
            inside = (x >= a) & (x <= b) & np.isnan(found[0])
            if a < b and inside.any():
                jets = [[table[k][j] for k in ("g", "d1", "d2")] for j in (i, i + 1)]
                found[:, inside] = hermite(a, b, jets, x[inside])
    # Kinks last: they belong to no stretch.
    for start, end in zip(ends - content["pieces"], ends):
        if end - start == 1:
            found[:, x == table["z"][start]] = [[table[k][start]] for k in ("g", "d1", "d2")]
    return found


def hermite(a, b, jets, x):
    """Value and derivatives at x of the quintic with these jets at a and b, by solving for its coefficients."""
    h = b - a
    powers = np.arange(6)
    at_end = [np.ones(6), powers, powers * (powers - 1)]
    matrix = np.array([*np.diag([1.0, 1.0, 2.0, 0, 0, 0])[:3], *at_end])
    right = [value * h**order for jet in jets for order, value in enumerate(jet)]
    quintic = np.polynomial.Polynomial(np.linalg.solve(matrix, right))
    t = (x - a) / h
    return np.array([quintic.deriv(order)(t) / h**order if order else quintic(t) for order in range(3)])


def setting(f, fractions):
    """A setting of f's parameters at these fractions of their sliders."""
    shown = [parameter.shown for parameter in f.parameters.values()]
    return tuple(low + (high - low) * t for (low, high), t in zip(shown, fractions))


def error(f, p, x):
    """The largest error over the points x, off the kinks that move (which the file knows to 1e-11)."""
    values = dict(zip(f.parameters, p))
    x = x[np.all([np.abs(x - kink) > 1e-9 for kink in f.kinks(**values)] or [x == x], axis=0)]
    return np.abs(interpolate(data(f), x, p) - np.array(f.jet(x, **values))).max(initial=0)


@EACH_ELEMENTWISE
def test_interpolation_is_right_to_a_millionth(f):
    seed = random.randrange(10**6)
    print("seed", seed)
    rng = np.random.default_rng(seed)
    x = np.concatenate([np.linspace(*RANGE, 3001), rng.uniform(*RANGE, 1000)])
    corners = itertools.product((0, 1), repeat=len(f.parameters))
    for fractions in [*corners, *rng.uniform(size=(10 if f.parameters else 0, len(f.parameters)))]:
        assert error(f, setting(f, fractions), x) <= 1e-6


@each(PARAMETRIC)
@settings(max_examples=40, deadline=None)
@given(drawn=strategies.data())
def test_any_setting_and_any_point(f, drawn):
    fraction = strategies.floats(0, 1)
    p = setting(f, [drawn.draw(fraction) for _ in f.parameters])
    x = drawn.draw(strategies.lists(strategies.floats(*RANGE), min_size=1, max_size=50))
    assert error(f, p, np.array(x)) <= 1e-6


@each(KINKED)
def test_kinks_say_what_the_module_says_and_what_lies_beside_them(f):
    content = data(f)
    table = table_at(content, tuple(parameter.default for parameter in f.parameters.values()))
    starts = np.cumsum(content["pieces"]) - content["pieces"]
    single = [start for start, n in zip(starts, content["pieces"]) if n == 1]
    assert len(single) == len(f.kinks())
    for i, kink in zip(single, f.kinks()):
        for row, z in ((i - 1, np.nextafter(kink, -np.inf)), (i, kink), (i + 1, np.nextafter(kink, np.inf))):
            z_row, *jet = (column[row] for column in table.values())
            assert abs(z_row - kink) <= 1e-11
            np.testing.assert_allclose(jet, f.jet(z), rtol=0, atol=1e-6)


@EACH_ELEMENTWISE
def test_files_are_small(f):
    drawn = curves.drawn_range(features.features(f))
    size = len(gzip.compress(samples.encode(samples.explorer(f, *drawn)).encode()))
    print(f.name, size, "bytes")
    assert size <= allowed_size(f)


def allowed_size(f):
    """A few pieces of a smooth curve; where a parameter moves waves along, two dozen terms a row."""
    if f.parameters:
        return 40_000 if np.isfinite(features.features(f).period) else 8_000
    return 3_000


@EACH_ELEMENTWISE
def test_sliders_start_at_the_default_and_cover_what_is_shown(f):
    for entry, parameter in zip(data(f)["parameters"], f.parameters.values(), strict=True):
        assert (entry["name"], entry["default"]) == (parameter.name, parameter.default)
        assert (entry["low"], entry["high"]) == parameter.shown
        if entry["step"] != "any":
            steps = (parameter.default - parameter.shown[0]) / entry["step"]
            assert abs(steps - round(steps)) < 1e-6
            assert (parameter.shown[1] - parameter.shown[0]) / entry["step"] > 39


@EACH_VECTOR
def test_vector_series_are_right_to_a_millionth(f):
    seed = random.randrange(10**6)
    print("seed", seed)
    content = data(f)
    if "lattice" in content:
        return check_lattice(f, content)
    count = len(content["parameters"])
    low, high = content["parameters"][0]["low"], content["parameters"][0]["high"]
    for z in np.random.default_rng(seed).uniform(low, high, (200, count)):
        order = np.argsort(-z) if content["sorted"] else np.arange(count)
        x = z[order][0] - z[order][1:] if content["sorted"] else z
        unit = 10 ** content["decimals"]
        row = np.array([chebyshev(r, content["differences"], x) for r in content["outputs"]]) / unit
        slopes = np.array([chebyshev(r, content["differences"], x) for r in content["jacobian"]]) / unit
        outputs = order if content["sorted"] else np.arange(len(row))
        assert np.abs(row - f(z)[outputs]).max() <= 1e-6
        assert np.abs(np.reshape(slopes, (len(row), count)) - f.jacobian(z)[np.ix_(outputs, order)]).max() <= 1e-6


def check_lattice(f, content):
    """At random positions of the sliders, the file says what the module computes."""
    rng, inputs, unit = np.random.default_rng(0), content["inputs"], 10 ** content["decimals"]
    shape = [axis["count"] for axis in content["lattice"]]
    outputs, jacobian = (np.reshape(content[key], (-1, *shape)) / unit for key in ("outputs", "jacobian"))
    for _ in range(200):
        p = [
            s["low"] + s["step"] * rng.integers((s["high"] - s["low"]) / s["step"] + 1.5) for s in content["parameters"]
        ]
        z, setting = np.round(p[:inputs], 9), dict(zip(f.parameters, np.round(p[inputs:], 9)))
        # At equal differences, as on the lattice: where a kink lies at one, a rounding chooses the side.
        z = np.round(z - z.max(), 9) if content["sorted"] else z
        order = np.argsort(-z, kind="stable") if content["sorted"] else np.arange(inputs)
        x = [*(z[order][0] - z[order][1:] if content["sorted"] else z), *p[inputs:]]
        at = tuple(
            round((value - axis["low"]) / axis["step"]) for value, axis in zip(x, content["lattice"], strict=True)
        )
        to = order if content["sorted"] else np.arange(len(outputs))
        assert np.abs(outputs[:, *at] - f(z, **setting)[to]).max() <= 1e-6
        slopes = jacobian[:, *at].reshape(len(outputs), inputs)
        assert np.abs(slopes - f.jacobian(z, **setting)[np.ix_(to, order)]).max() <= 1e-6


class Bent:
    """An elementwise function that is not in the catalogue, with parameters on which it does not depend linearly."""

    name = title = "bent"
    vector = False

    def __init__(self, jet, kinks, **shown):
        self.jet = jet
        self.kinks = kinks
        self.parameters = {name: Shown(name, shown[name]) for name in shown}


class Shown:
    def __init__(self, name, shown):
        self.name, self.shown, self.default = name, shown, shown[0]


def test_moving_kinks_with_jumps_and_two_parameters():
    def jet(z, *, low, high):
        inside = (z > low) & (z <= high)
        return np.where(inside, np.sin(z), high), np.where(inside, np.cos(z), 0.0), np.where(inside, -np.sin(z), 0.0)

    f = Bent(jet, lambda low, high: (low, high), low=(-3, -1), high=(0.5, 2.5))
    content = json.loads(samples.encode(samples.explorer(f, -4.0, 4.0)))
    for p in [(-3, 0.5), (-1, 2.5), (-1.7, 1.3)]:
        x = np.setdiff1d(np.linspace(-4, 4, 801), np.round(p, 9))
        assert np.abs(interpolate(content, x, p) - np.array(jet(x, low=p[0], high=p[1]))).max() <= 1e-6


def test_scale_parameter_keeps_its_file_small():
    def jet(z, *, beta):
        s = np.exp(-beta * np.abs(z))
        p = np.where(z > 0, 1, s) / (1 + s)
        return np.logaddexp(0, beta * z) / beta, p, beta * p * (1 - p)

    f = Bent(jet, lambda beta: (), beta=(0.25, 8))
    text = samples.encode(samples.explorer(f, -4.0, 4.0))
    assert len(gzip.compress(text.encode())) <= 8_000
    x = np.linspace(-4, 4, 999)
    for beta in (0.25, 0.3, 1, 2.345, 8):
        assert np.abs(interpolate(json.loads(text), x, (beta,)) - np.array(jet(x, beta=beta))).max() <= 1e-6


def test_a_function_that_is_not_smooth_where_it_says_so_is_refused():
    f = Bent(lambda z: (np.abs(z - 0.1), np.sign(z - 0.1), 0 * z), lambda: ())
    with pytest.raises(ValueError, match="bent: not smooth between its kinks"):
        samples.explorer(f, -4.0, 4.0)


def test_a_parameter_with_a_corner_is_refused():
    f = Bent(lambda z, *, a: (abs(a) * z, abs(a) + 0 * z, 0 * z), lambda a: (), a=(-1, 1))
    with pytest.raises(ValueError, match="bent: not smooth in parameter 1 between -1 and 1"):
        samples.explorer(f, -4.0, 4.0)
