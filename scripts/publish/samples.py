"""The numbers behind an explorer: sampled jets that are interpolated in z, and Chebyshev series in the parameters.

The browser holds no formula. It reads `curves.json`:

    name, title
    range       the drawn range of z
    parameters  for each: name, symbol, default, low, high, step of its slider; power and terms of its series
    pieces      how many of the rows belong to each piece, in the order of z: stretches between kinks (two rows or more,
                with one-sided jets at their ends) and, between them, the kinks (one row: what the module returns there)
    z, g, d1, d2  one entry a row: a number, or a list of coefficients if it depends on the parameters. Those of g, d1
                and d2 are integers, to be divided by 10^decimals. d2 is g'' itself; in g and d1 stands, but for the
                first row of a piece, how far the trapezoidal rule (for g with the correction of its ends) misses the
                step from the row before, which takes half the digits: with h for the step in z,
                    g'_i = g'_(i-1) + h (g''_(i-1) + g''_i) / 2 + d1_i
                    g_i = g_(i-1) + h (g'_(i-1) + g'_i) / 2 + h^2 (g''_(i-1) - g''_i) / 12 + g_i
    decimals    for g, d1 and d2

In z, the jets at both ends of an interval define a quintic (Hermite): it has their values, slopes and curvatures.
In a parameter p, a list c means the sum of c[k] T_k(x), where T_k(x) = cos(k arccos x) and
x = 2 (p^(1/power) - low^(1/power)) / (high^(1/power) - low^(1/power)) - 1. With two parameters of m and n terms the
coefficient of T_j(x) T_k(y) is c[j n + k]; zeros at the end are left out.

A vector function has instead of pieces, z, g, d1 and d2:

    parameters  the inputs
    outputs     a series for each output, in integers to be divided by 10^decimals
    jacobian    a series for each dg_i/dz_j, row by row, likewise
    decimals
    sorted      true if permuting the inputs only permutes the outputs, and a common shift changes nothing. The series
                are then for inputs in descending order, in the differences of the first to the second and the third
    differences  low, high, power and terms of the variables of the series: these differences, or the inputs

A vector function with kinks or parameters has no series. Its sliders stop at the points of a lattice, and the file has
the value at each: `parameters` are the inputs and then the parameters, `inputs` says how many are inputs. `lattice` has
low, step and count of each variable: these differences, or the inputs, then the parameters. `outputs` and `jacobian`
hold a list for each output and each dg_i/dz_j, in which the last variable moves fastest.
"""

import json
import math
import unicodedata
from functools import cache
from itertools import pairwise, product

import numpy as np

from publish import words

TOLERANCE = 1e-6  # of g, g' and g'', at every z in the drawn range and every setting of the parameters
SPARE = 0.7  # the part of it that the intervals may use; the rest is for rounding and for the series
MOST_TERMS = 128
DEFAULTS = (1.0, 0.0, -1.0)
LOGITS = (-3.0, 3.0)  # the sliders of a vector function's inputs
STEPS = (0.1, 0.2, 0.25, 0.5, 1.0)  # of them on a lattice: the finest that leaves so many points
MOST_POINTS = 4000
DECIMALS = 7  # of a vector function's series
COLUMNS = ("z", "g", "d1", "d2")


def explorer(f, low, high):
    """The data of curves.json as a dict, for an activation drawn from low to high.

    ValueError if it can't be sampled.
    """
    return vector_data(f) if f.vector else elementwise_data(f, low, high)


def encode(data):
    """The text of curves.json."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


class Axis:
    """The interval of one parameter, with the variable x from -1 to 1 of its Chebyshev series."""

    def __init__(self, low, high, power=1, terms=1):
        self.low, self.high, self.power, self.terms = low, high, power, terms

    def nodes(self):
        """The settings p at the zeros of T_n for even n >= terms: with even n the middle is never among them."""
        n = self.terms + self.terms % 2
        x = np.cos(np.pi * (np.arange(n) + 0.5) / n)
        low, high = self.low ** (1 / self.power), self.high ** (1 / self.power)
        return (low + (high - low) * (1 + x) / 2) ** self.power

    def transform(self, values):
        """Coefficients along the first axis, from values at the nodes."""
        n = len(values)
        k = np.arange(self.terms)[:, None]
        matrix = np.cos(np.pi * k * (np.arange(n) + 0.5) / n) * np.where(k, 2, 1) / n
        # Not tensordot: on a busy machine its threads take ten times as long as this.
        return np.einsum("kn,n...->k...", matrix, values)

    def facts(self):
        return {"low": self.low, "high": self.high, "power": self.power, "terms": self.terms}


def series(axes, values):
    """Coefficients (terms..., rows) of what `values(settings)` gives, as (settings, rows), at the nodes of all axes."""
    grid = list(product(*(axis.nodes() for axis in axes)))
    found = np.asarray(values(grid))
    found = found.reshape(*(len(axis.nodes()) for axis in axes), -1)
    for i, axis in enumerate(axes):
        found = np.moveaxis(axis.transform(np.moveaxis(found, i, 0)), 0, i)
    return found


def fit(name, limits, values, floor, others):
    """Axes with the powers and numbers of terms that leave out only coefficients below `floor` (one for each row).

    `others` are settings at which the remaining parameters stand while one varies.
    """
    axes = []
    for i, (low, high) in enumerate(limits):

        def along(axis):
            lines = [values([(*other[:i], p, *other[i + 1 :]) for p in axis.nodes()]) / floor for other in others]
            return np.abs(axis.transform(np.stack(lines, axis=-1))).max(axis=(1, 2))

        found = []
        for power in (1, 2, 3, 4) if low >= 0 else (1,):
            terms = 4
            while (sizes := along(Axis(low, high, power, terms)))[-2:].max() > 1 and terms < MOST_TERMS:
                terms *= 2
            if sizes[-2:].max() <= 1:
                found.append(Axis(low, high, power, max(1, int(np.flatnonzero(sizes > 1).max(initial=0)) + 1)))
        if not found:
            raise ValueError(
                f"{name}: not smooth in parameter {i + 1} between {low:g} and {high:g}, "
                f"expected a series of at most {MOST_TERMS} terms to give the jets"
            )
        axes.append(min(found, key=lambda axis: axis.terms))
    return axes


def trimmed(numbers):
    """What JSON says for one row: a number, or a list of coefficients without the zeros at its end."""
    numbers = list(numbers)
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return numbers[0] if len(numbers) == 1 else numbers


def integers(row, decimals):
    """The coefficients of one row in units of the last decimal."""
    return trimmed(map(int, np.round(row * 10.0**decimals)))


def probes(limits, count=24):
    """Settings at which errors are measured: corners, and points of a lattice that fills the box evenly."""
    if not limits:
        return [()]
    low, high = np.array(limits, float).T
    lattice = np.outer(np.arange(1, count), np.sqrt([2, 3, 5, 7, 11, 13][: len(limits)])) % 1
    return [*product(*limits), *map(tuple, low + (high - low) * lattice)]


class Rows:
    """Where an elementwise function is sampled: nodes t in [0, 1] of each piece between kinks, which move with p."""

    def __init__(self, f, low, high, settings):
        self.f = f
        kinks = [self.kinks(p) for p in settings]
        self.count = max(map(len, kinks))
        self.low = min([low, *(min(found) for found in kinks if found)])
        self.high = max([high, *(max(found) for found in kinks if found)])
        self.nodes = [np.array([0.0, 1.0])] * (self.count + 1)

    def kinks(self, p):
        """The kinks at the setting p."""
        return self.f.kinks(**dict(zip(self.f.parameters, p)))

    def jet(self, z, p):
        """(3, ...): g, g' and g'' at z, at the setting p."""
        return np.array(self.f.jet(z, **dict(zip(self.f.parameters, p))))

    def edges(self, p):
        """The ends of the pieces at the setting p."""
        kinks = self.kinks(p)
        if len(kinks) != self.count:
            raise ValueError(f"{self.f.name}: found {len(kinks)} kinks at {p}, expected {self.count} as elsewhere")
        return [self.low, *kinks, self.high]

    def place(self, t, a, b):
        """z at the fractions t of the piece from a to b; its ends are the floats just inside."""
        return np.clip(a + (b - a) * t, np.nextafter(a, b), np.nextafter(b, a))

    def table(self, p):
        """(4, rows): z, g, g' and g'' of all rows at the setting p."""
        edges = self.edges(p)
        columns = []
        for i, ((a, b), t) in enumerate(zip(pairwise(edges), self.nodes)):
            z = self.place(t, a, b)
            columns.append([a + (b - a) * t, *self.jet(z, p)])
            if i < self.count:
                columns.append([np.array([b]), *self.jet(np.array([b]), p)])
        return np.concatenate(columns, axis=1)

    def pieces(self):
        """The numbers of rows: of a piece, of the kink that ends it, of the next piece ..."""
        return [n for t in self.nodes for n in (len(t), 1)][:-1]

    def space(self, settings, tolerance):
        """Put as few nodes as it takes for the quintics to be right at all settings: errors alike in all intervals."""
        settings = [p for p in settings if len(self.kinks(p)) == self.count]
        mesh = np.linspace(0, 1, 257)
        for i in range(self.count + 1):
            if self.errors(i, self.nodes[i], settings).max() <= tolerance:
                continue
            # An error goes with the fourth power of the interval, so this many intervals are needed up to each t.
            needed = np.append(0, np.cumsum((self.errors(i, mesh, settings) / tolerance) ** 0.25))
            count = needed[-1]
            while count < 1000:
                share = np.linspace(0, needed[-1], math.ceil(count) + 1)
                self.nodes[i] = np.unique(np.interp(share, needed, mesh).round(4))
                if self.errors(i, self.nodes[i], settings).max() <= tolerance:
                    break
                count = 1.03 * count + 1
            else:
                raise ValueError(f"{self.f.name}: not smooth between its kinks, found 1000 intervals that do not do")

    def errors(self, i, t, settings):
        """The largest error, over settings and orders, in each interval between the nodes t of piece i."""
        found = np.zeros(len(t) - 1)
        for p in settings:
            a, b = self.edges(p)[i : i + 2]
            if a < b:
                z = self.place(t, a, b)
                between = z[:-1, None] + np.diff(z)[:, None] * np.array([0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9])
                error = quintic(z, self.jet(z, p), np.arange(len(t) - 1)[:, None], between) - self.jet(between, p)
                found = np.maximum(found, np.abs(error).max(axis=(0, 2)))
        return found


def quintic(z, jet, i, x):
    """(3, ...): value, slope and curvature at x of the quintic Hermite interpolant on the intervals z[i], z[i + 1]."""
    h = z[i + 1] - z[i]
    t = (x - z[i]) / h
    g, d, s = (column[i] * h**k for k, column in enumerate(jet))
    value, slope, bend = (column[i + 1] * h**k for k, column in enumerate(jet))
    r0, r1, r2 = value - g - d - s / 2, slope - d - s, bend - s
    a, b, c = 10 * r0 - 4 * r1 + r2 / 2, -15 * r0 + 7 * r1 - r2, 6 * r0 - 3 * r1 + r2 / 2
    return np.array(
        [
            g + t * (d + t * (s / 2 + t * (a + t * (b + t * c)))),
            (d + t * (s + t * (3 * a + t * (4 * b + t * 5 * c)))) / h,
            (s + t * (6 * a + t * (12 * b + t * 20 * c))) / h**2,
        ]
    )


def split(table, pieces):
    """The rows of each piece: views of the table, (4, rows of the piece)."""
    return np.split(table, np.cumsum(pieces)[:-1], axis=1)


def misses(table, pieces):
    """(4, rows): the table with g and g' as curves.json has them."""
    found = table.copy()
    for (z, g, d1, d2), piece in zip(split(table, pieces), split(found, pieces)):
        h = np.diff(z)
        piece[1, 1:] = np.diff(g) - h * (d1[:-1] + d1[1:]) / 2 + h**2 * np.diff(d2) / 12
        piece[2, 1:] = np.diff(d1) - h * (d2[:-1] + d2[1:]) / 2
    return found


def jets(table, pieces):
    """(4, rows): the table that `misses` began with."""
    found = table.copy()
    for z, g, d1, d2 in split(found, pieces):
        h = np.diff(z)
        d1[1:] += h * (d2[:-1] + d2[1:]) / 2
        d1[:] = np.cumsum(d1)
        g[1:] += h * (d1[:-1] + d1[1:]) / 2 - h**2 * np.diff(d2) / 12
        g[:] = np.cumsum(g)
    return found


def step(parameter):
    """A round step of which the slider has 40 or more, and which leads from its low end to the default; or "any"."""
    low, high = parameter.shown
    for power in range(math.floor(math.log10((high - low) / 40)), -9, -1):
        for digit in (5, 2, 1):
            size = digit * 10.0**power
            steps = np.array([high - low, parameter.default - low]) / size
            if steps[0] > 39.9 and np.allclose(steps, np.round(steps), rtol=0, atol=1e-6):
                return float(f"{size:g}")
    return "any"


def symbol(name):
    """alpha as a Greek letter; a name that is none, in words."""
    name = name.strip("_")
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")  # as Unicode spells it
    except KeyError:
        return name.replace("_", " ")


def weights(axes, p):
    """The products of Chebyshev polynomials that the coefficients multiply."""
    found = np.ones(1)
    for axis, value in zip(axes, p):
        low, high, root = axis["low"] ** (1 / axis["power"]), axis["high"] ** (1 / axis["power"]), 1 / axis["power"]
        x = np.clip(2 * (value**root - low) / (high - low) - 1, -1, 1)
        found = np.outer(found, np.cos(np.arange(axis["terms"]) * np.arccos(x))).ravel()
    return found


def value(row, factors):
    """The number that one row of a column says."""
    return row if isinstance(row, (int, float)) else float(np.dot(row, factors[: len(row)]))


def worst(rows, data, settings):
    """The largest error of what the browser will make of `data`."""
    found = 0.0
    for p in settings:
        factors = weights(data["parameters"], p)
        table = np.array([[value(row, factors) for row in data[name]] for name in COLUMNS])
        table[1:] /= [[10.0**n] for n in data["decimals"].values()]
        for z, *jet in split(jets(table, data["pieces"]), data["pieces"]):
            if z[0] < z[-1]:
                i = np.arange(len(z) - 1)[:, None]
                between = z[:-1, None] + np.diff(z)[:, None] * np.array([0.15, 0.5, 0.85])
                found = max(found, np.abs(quintic(z, jet, i, between) - rows.jet(between, p)).max())
    return found


def elementwise_data(f, low, high):
    """As `explorer`, for an elementwise function."""
    limits = [parameter.shown for parameter in f.parameters.values()]
    settings = probes(limits)
    rows = Rows(f, low, high, settings)
    rows.space(settings, SPARE * TOLERANCE)
    table = cache(lambda p: misses(rows.table(p), rows.pieces()).ravel())

    def tables(grid):
        return np.stack([table(p) for p in grid])

    for last in range(6, 13):
        # A quintic's curvature magnifies errors in steps of g by 6 / h^2, and of g' by 4 / h; h is about 0.1.
        decimals = np.array([12, last + 3, last + 1, last])
        floor = np.repeat(0.5 * 10.0**-decimals, sum(rows.pieces()))
        axes = fit(f.name, limits, tables, floor, settings[-3:])
        found = np.moveaxis(series(axes, tables), -1, 0).reshape(4, sum(rows.pieces()), -1)
        data = {
            "name": f.name,
            "title": f.title,
            "range": [low, high],
            "parameters": [
                {"name": p.name, "symbol": symbol(p.name), "default": p.default, "step": step(p), **axis.facts()}
                for p, axis in zip(f.parameters.values(), axes)
            ],
            "pieces": rows.pieces(),
            "z": [trimmed(map(float, row.round(12) if axes else row)) for row in found[0]],
            "decimals": dict(zip(COLUMNS[1:], map(int, decimals[1:]))),
        } | {
            name: [integers(row, n) for row in column] for name, column, n in zip(COLUMNS[1:], found[1:], decimals[1:])
        }
        if worst(rows, data, settings) <= 0.9 * TOLERANCE:
            return data
    raise ValueError(f"{f.name}: found no number of decimals that keeps the error below {TOLERANCE:g}")


def vector_data(f):
    """As `explorer`, for a vector function: as series, or on a lattice if it has kinks or parameters."""
    count = len(f.demonstration.sliders)
    n = f.outputs(count)
    in_order = count == n and only_in_order(f, count)
    data = lattice(f, count, in_order) if f.smoothness < math.inf or f.parameters else smooth(f, count, in_order)
    return data | {"decimals": DECIMALS, "outputs": data["outputs"][:n], "jacobian": data["outputs"][n:]}


def only_in_order(f, count):
    """Whether rotating and shifting the inputs only rotates the outputs and the rows and columns of the Jacobian."""
    z = np.array(probes([LOGITS] * count))
    both, turned = outputs(f, z), outputs(f, np.roll(z, 1, axis=1) + 1)
    jacobian = both[:, count:].reshape(-1, count, count)
    expected = [np.roll(both[:, :count], 1, axis=1), np.roll(jacobian, (1, 1), axis=(1, 2)).reshape(len(both), -1)]
    return np.allclose(turned, np.concatenate(expected, axis=1), rtol=0, atol=1e-12)


def sliders(f, step):
    """The sliders of the inputs."""
    return [
        {"name": name, "symbol": words.subscripts(name), "default": default}
        | {"low": LOGITS[0], "high": LOGITS[1], "step": step}
        for name, default in zip(f.demonstration.sliders, DEFAULTS)
    ]


def smooth(f, count, in_order):
    """The data of a smooth vector function without parameters: series, all of them in `outputs`."""
    limits = [(0.0, LOGITS[1] - LOGITS[0])] * (count - 1) if in_order else [LOGITS] * count

    def values(settings):
        z = np.array(settings)
        return outputs(f, -np.insert(z, 0, 0.0, axis=1) if in_order else z)

    columns = outputs(f, np.zeros((1, count))).shape[1]
    floor = np.full(columns, 0.5 * 10.0**-DECIMALS)
    axes = fit(f.name, limits, values, floor, probes(limits)[-5:])
    found = np.moveaxis(series(axes, values), -1, 0).reshape(columns, -1)
    return {
        "name": f.name,
        "title": f.title,
        "parameters": sliders(f, 0.1),
        "sorted": in_order,
        "differences": [axis.facts() for axis in axes],
        "decimals": DECIMALS,
        "outputs": [integers(row, DECIMALS) for row in found],
    }


def lattice(f, count, in_order):
    """The data of a vector function at all positions of its sliders, all columns in `outputs`."""
    dimensions = count - in_order + len(f.parameters)
    step = next((step for step in STEPS if positions(step) ** dimensions <= MOST_POINTS), STEPS[-1])
    axes = [{"low": 0.0 if in_order else LOGITS[0], "step": step, "count": positions(step)}] * (count - in_order)
    axes += [parameter_axis(p, positions(step)) for p in f.parameters.values()]
    ticks = [axis["low"] + axis["step"] * np.arange(axis["count"]) for axis in axes]
    inputs = np.stack(np.meshgrid(*ticks[: count - in_order], indexing="ij"), axis=-1).reshape(-1, count - in_order)
    z = -np.insert(inputs, 0, 0.0, axis=1) if in_order else inputs
    settings = [dict(zip(f.parameters, p)) for p in product(*(np.round(t, 12) for t in ticks[count - in_order :]))]
    found = np.stack([outputs(f, np.round(z, 12), **setting) for setting in settings], axis=1)
    if in_order:  # what isn't in descending order is never asked for
        found[(np.diff(inputs, axis=1) < -step / 2).any(axis=1)] = 0
    columns = np.round(np.moveaxis(found, -1, 0).reshape(found.shape[-1], -1) * 10.0**DECIMALS).astype(int)
    return {
        "name": f.name,
        "title": f.title,
        "parameters": sliders(f, step)
        + [
            {"name": p.name, "symbol": symbol(p.name), "default": p.default, "low": axis["low"], "step": axis["step"]}
            | {"high": tidy(axis["low"] + axis["step"] * (axis["count"] - 1))}
            for p, axis in zip(f.parameters.values(), axes[count - in_order :])
        ],
        "inputs": count,
        "sorted": in_order,
        "lattice": axes,
        "decimals": DECIMALS,
        "outputs": columns.tolist(),
    }


def positions(step):
    """How many positions an input's slider has."""
    return round((LOGITS[1] - LOGITS[0]) / step) + 1


def tidy(x):
    """Without the rounding of a sum of steps."""
    return float(f"{x:.12g}")


def parameter_axis(parameter, most):
    """At most so many positions of a parameter's slider, a round step apart and one of them the default."""
    low, high = parameter.shown
    least = (high - low) / (most - 1)
    power = math.floor(math.log10(least))
    step = tidy(next(digit for digit in (1, 2, 2.5, 5, 10) if digit * 10.0**power >= least * (1 - 1e-9)) * 10.0**power)
    below, above = (math.floor(abs(end - parameter.default) / step + 1e-9) for end in (low, high))
    return {"low": tidy(parameter.default - below * step), "step": step, "count": below + above + 1}


def outputs(f, z, **setting):
    """(rows, outputs and entries of the Jacobian) of a vector function."""
    return np.concatenate([f(z, **setting), f.jacobian(z, **setting).reshape(len(z), -1)], axis=1)
