"""The figures of guide/signal_propagation.md: the maps of variance and correlation, and what the moments say of chi."""

import numpy as np
from experiments.functions import FUNCTIONS
from facts import gaussian
from reference import CATALOGUE

from publish import words
from publish.gains import ELEMENTWISE, measure
from publish.panels import FONT, Panel, figure

SQUARE = (210, 226)  # of a panel whose axes have the same scale
LAYERS = 10


def staircase(panel, start, step, role, layers=LAYERS):
    """The way from layer to layer: up or down to the map, then across to the diagonal; returns all values."""
    values = [start]
    for _ in range(layers):
        values.append(float(step(values[-1])))
    corners = [(x, y) for x, y in zip(values, values[1:])]
    ends = [((x, x), (x, y)) for x, y in corners] + [((x, y), (y, y)) for x, y in corners]
    high, inside = panel.plot.y[1], panel.plot.x[1]
    panel.strokes([pair for pair in ends if max(pair[1]) <= min(high, inside)], role, 1.3)
    panel.dots([start], [start], role, 5)
    return values


# The variance map

VARIANCES = {  # function -> the largest variance drawn, and the two starts
    "tanh": (2.0, (0.2, 1.9)),
    "relu": (2.0, (0.5, 1.5)),
    "gelu": (3.0, (0.6, 1.4)),
}


def variance_figure():
    """V(q) with each function's own gain, the diagonal, and ten layers from two starts."""
    panels = []
    for name, (most, starts) in VARIANCES.items():
        f = CATALOGUE[name]
        gain = gaussian.forward_gain(f)
        step = lambda q: gaussian.variance_map(f, q, gain)  # noqa: E731
        panel = Panel(f"{f.title}, gain {words.number(gain)}", (0, most), (0, most), SQUARE)
        panel.x_ticks({q: str(q) for q in range(int(most) + 1)}, "variance q")
        panel.y_ticks({q: str(q) for q in range(1, int(most) + 1)})
        panel.line([0, most], [0, most], "axis", 1)
        q = np.linspace(0, most, 41)[1:]
        v = [step(x) for x in q]
        drawn = [(x, y) for x, y in zip(q, v) if y <= most]
        panel.line([0, *(x for x, _ in drawn)], [0, *(y for _, y in drawn)], "g")
        ends = [staircase(panel, start, step, role)[-1] for role, start in zip(("d1", "d2"), starts)]
        ways = words.listed([f"from {words.number(a)} to {words.number(round(b, 9), 3)}" for a, b in zip(starts, ends)])
        slope = words.number(round(gaussian.variance_slope(f, 1.0, gain), 12), 3)
        panels.append(
            (
                panel,
                f"The variance of the next layer against that of this one. The map meets the diagonal at 1 "
                f"with the slope {slope}. In {LAYERS} layers the variance goes {ways}.",
            )
        )
    caption = (
        "The variance map of three functions, with the weights that make 1 a fixed point, and the diagonal, on which a "
        f"variance stays as it is. Staircases: {LAYERS} layers from two starts, up or down to the map and across to the "
        "diagonal."
    )
    return figure("variance-map", panels, ["variance map", "a low start", "a high start"], caption, "three solid")


# The moments

LONGEST = 1.5  # of a bar, in mean squares; a longer one ends there, its number stands beside all


def moments_figure(measured=measure):
    """Mean^2 and variance as parts of the mean square, and below them the mean square slope, for every function."""
    rows = {}
    for f in ELEMENTWISE.values():
        share, _, chi = measured(f)[1]
        rows.setdefault((chi, share), []).append(f.title)
    ordered = sorted(rows.items())
    panels = []
    for title, group in (
        ("χ at most 1", [row for row in ordered if row[0][0] <= 1]),
        ("χ above 1", [row for row in ordered if row[0][0] > 1]),
    ):
        if not group:
            continue
        height = 34 * len(group) + 66
        panel = Panel(title, (0, LONGEST), (-len(group) + 0.5, 0.5), (320, height), left=100, right=52)
        bottom, top = panel.plot.y
        panel.x_ticks({0: "0", 0.5: "0.5", 1: "1"}, "parts of the mean square")
        panel.strokes([((x, bottom), (x, top)) for x in (0.5, 1)], "axis", 0.4)
        said = []
        for row, ((chi, share), titles) in enumerate(group):
            name = ", ".join(titles)
            panel.drawing.text(
                94,
                panel.plot.at(0, -row)[1] - 4,
                name if len(name) <= 14 else f"{titles[0]}, …",
                "mark",
                size=FONT,
                align="right",
            )
            panel.strokes([((0, 0.16 - row), (share, 0.16 - row))] if share > 0.002 else [], "d1", 8)
            panel.strokes([((share, 0.16 - row), (1, 0.16 - row))], "g", 8)
            panel.strokes([((0, -0.16 - row), (min(chi, LONGEST), -0.16 - row))], "d2", 8)
            right = panel.plot.at(LONGEST, -row)
            panel.drawing.text(right[0] + 6, right[1] - 4, words.number(chi, 3), "axis", size=FONT, align="left")
            said.append(f"{name}: mean² {words.number(share, 3)}, χ {words.number(chi, 3)}")
        panels.append((panel, f"Square of the mean as a part of the mean square, and χ. {'. '.join(said)}."))
    caption = (
        "For standard normal inputs, in parts of the mean square of the outputs. Upper bar: the square of the mean and "
        "the variance, which make up the whole. Lower bar and number: the mean square of the slope, which is χ at the "
        "function’s own gain. For a function without jumps it is never shorter than the variance."
    )
    key = ["variance", "square of the mean", "mean square of the slope"]
    return figure("moments", panels, key, caption, "broad solid")


# The correlation map

CORRELATIONS = np.linspace(0, 1, 9)  # straight lines between them are off by less than a third of a pixel
START = 0.5


SHOWN = ("sigmoid", "softplus", "relu", "gelu", "tanh", "sigmoid_less_half")


def correlation_figure():
    """C(c) with each function's own gain, the diagonal, and ten layers from one half."""
    panels = []
    for f in map(FUNCTIONS.get, SHOWN):
        gain = gaussian.forward_gain(f)
        values = [gaussian.correlation_map(f, 1.0, c, gain) for c in CORRELATIONS]
        panel = Panel(f.title, (0, 1), (0, 1), SQUARE)
        panel.x_ticks({c: words.number(c) for c in (0, 0.5, 1)}, "correlation c")
        panel.y_ticks({c: words.number(c) for c in (0.5, 1)})
        panel.line([0, 1], [0, 1], "axis", 1)
        panel.line(CORRELATIONS, values, "g")
        end = staircase(panel, START, lambda c: np.interp(c, CORRELATIONS, values), "d1")[-1]
        rest = gaussian.correlation_fixed_point(f, 1.0, gain)
        panels.append(
            (
                panel,
                (
                    f"The correlation of two inputs in the next layer against that in this one. From "
                    f"{words.number(round(values[0], 12), 3)} at 0 the map rises to 1 at 1, where its slope is "
                    f"{words.number(round(gaussian.chi(f, 1.0, gain), 12), 3)}. From {words.number(START)}, {LAYERS} layers lead "
                    f"to {words.number(round(end, 2), 2)}; with depth the correlation comes to {words.number(round(rest, 12), 3)}."
                ),
            )
        )
    caption = (
        "The correlation map with each function’s own gain at variance 1, and the diagonal. It begins at the square of "
        f"the mean, as a part of the mean square, and ends in 1 with the slope χ. Staircase: {LAYERS} layers of two "
        f"inputs that start with the correlation {words.number(START)}."
    )
    return figure("correlation-map", panels, ["correlation map", f"{LAYERS} layers"], caption, "three solid")


FIGURES = {"variance_map": variance_figure, "moments": moments_figure, "correlation_map": correlation_figure}
