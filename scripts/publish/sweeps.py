"""The figures over a parameter: one function at several settings, its curves above and their slopes below."""

from dataclasses import dataclass
from html import escape
from math import isclose

import numpy as np
from reference import CATALOGUE, Activation

from publish import curves, words
from publish.figures import MARGIN, MATHML, NAMES, ROLES, WIDTH, Label, Plot, draw_axes, ticks
from publish.labels import Room
from publish.svg import Drawing

HEIGHT, BETWEEN, ABOVE = 210, 76, 40  # of one panel, of the gap to the next, and above the first
THIN, THICK = 1.8, 3.5


@dataclass(frozen=True)
class Scaled:
    """z -> f(b z) for a function f of the catalogue, with b as its parameter."""

    f: Activation

    def jet(self, z, *, b):
        """Value, first and second derivative by the chain rule."""
        return tuple(b**order * value for order, value in enumerate(self.f.jet(np.multiply(b, z))))

    def kinks(self, *, b):
        """Those of the function, moved towards 0 by the scale."""
        return tuple(kink / b for kink in self.f.kinks())


@dataclass(frozen=True)
class Sweep:
    """A function, its parameter as in the module and as in print, the settings, the one that is drawn thick, and z."""

    title: str
    f: Activation | Scaled
    parameter: str
    symbol: str
    settings: tuple[float, ...]
    usual: float
    range: tuple[float, float] = (-4.0, 4.0)

    def at(self, setting):
        """The keyword argument for a setting."""
        return {self.parameter: setting}

    def name(self, setting):
        """α = 0.25"""
        return f"{self.symbol} = {words.number(setting)}"


SWEEPS = {
    "input_scale": Sweep("tanh(b z)", Scaled(CATALOGUE["tanh"]), "b", "b", (0.5, 1.0, 2.0, 4.0), 1.0),
    "leaky_slope": Sweep(
        "Leaky ReLU", CATALOGUE["leaky_relu"], "alpha", "α", (0.01, 0.1, 0.25, 0.5), 0.01, (-4.0, 2.0)
    ),
    "elu_floor": Sweep("ELU", CATALOGUE["elu"], "alpha", "α", (0.5, 1.0, 1.5, 2.0), 1.0, (-5.0, 2.0)),
    "swish_gate": Sweep("Swish", CATALOGUE["swish"], "beta", "β", (0.0, 0.5, 1.0, 2.0, 8.0), 1.0),
}


def figure(name):
    """The <figure> of a sweep: g above, its slope below, a curve for each setting with its label."""
    sweep = SWEEPS[name]
    drawing = Drawing(WIDTH, 2 * HEIGHT + BETWEEN + ABOVE + MARGIN)
    room = Room(drawing.width, drawing.height)
    panels = [panel(drawing, room, sweep, order) for order in (0, 1)]
    for classes, title, (plot, groups) in zip(ROLES, NAMES, panels):
        draw_axes(plot, room, "z", ticks(*plot.x, 6), ticks(*plot.y, 3))
        for setting, arcs in zip(sweep.settings, groups):
            plot.curve(arcs, classes, width=THICK if setting == sweep.usual else THIN)
        Label(title, f"{classes} name", [plot.at(plot.x[0], plot.y[1])], ((1, 1),)).put(drawing, room)
    for classes, (plot, groups) in zip(ROLES, panels):
        for setting, arcs in zip(sweep.settings, groups):
            Label(sweep.name(setting), classes, apart(plot, groups, arcs)).put(drawing, room)
    svg = drawing.svg(f"sweep-{name}", f"{sweep.title} at several settings", describe(sweep))
    return f"<figure>\n{svg}\n<figcaption>{caption(sweep)}</figcaption>\n</figure>\n"


def panel(drawing, room, sweep, order):
    """Where the derivative of this order is drawn, and its arcs at each setting."""
    groups = [curves.arcs(sweep.f, order, *sweep.range, 2e-3, **sweep.at(setting)) for setting in sweep.settings]
    values = np.concatenate([arc.y for arcs in groups for arc in arcs])
    span = (float(min(0, *values)), float(max(0, *values)))
    corner = (MARGIN, MARGIN + (HEIGHT + BETWEEN) * (1 - order))
    plot = Plot(drawing, sweep.range, span, corner, (WIDTH - 2 * MARGIN, HEIGHT))
    for arcs in groups:
        room.take(plot.points(arcs), "curve")
    return plot, groups


def apart(plot, groups, arcs):
    """Points of one curve, those first that are far from all the others: there a label says whose it is."""
    points = plot.points(arcs)[::6]
    others = np.concatenate([plot.points(other) for other in groups if other is not arcs])
    distance = np.linalg.norm(points[:, None] - others, axis=-1).min(axis=1)
    return points[np.argsort(-distance, kind="stable")][: sum(distance > distance.max() / 2)]


def describe(sweep):
    """What changes from setting to setting, in plain words."""
    low, high = sweep.range
    settings = words.listed([words.number(setting) for setting in sweep.settings])
    sentences = [
        f"The curves of {sweep.title} and of its slope for z from {words.number(low)} to {words.number(high)}, "
        f"at {sweep.symbol} = {settings}.",
        *(f"{sweep.name(setting)}: {ends(sweep, setting)}." for setting in sweep.settings),
    ]
    return " ".join(sentences)


def ends(sweep, setting):
    """Value and slope at both ends, and the extremes of the slope between them."""
    low, high = ((words.number(float(x), 3) for x in sweep.f.jet(z, **sweep.at(setting))[:2]) for z in sweep.range)
    slopes = np.concatenate([arc.y for arc in curves.arcs(sweep.f, 1, *sweep.range, 2e-3, **sweep.at(setting))])
    least, most = float(slopes.min()), float(slopes.max())
    between = (
        f"the slope is {words.number(most, 3)} throughout"
        if isclose(least, most)
        else f"the slope lies between {words.number(least, 3)} and {words.number(most, 3)}"
    )
    return f"the value goes from {next(low)} to {next(high)}, {between}"


def caption(sweep):
    """What is drawn, and which curve is thick."""
    g, d1 = (f"<math>{name}<mo>(</mo><mi>z</mi><mo>)</mo></math>" for name in MATHML[:2])
    return f"{escape(sweep.title)}. Above, solid: {g}. Below, dashed: its slope {d1}. Thick: {sweep.name(sweep.usual)}."
