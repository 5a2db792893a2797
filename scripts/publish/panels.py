"""Figures of several small charts that wrap: a title, a few ticks and up to three series in each."""

from html import escape
from math import ceil, floor

import numpy as np
from matplotlib.path import Path

from publish import words
from publish.figures import Plot
from publish.svg import Drawing

ROLES = ("g", "d1", "d2")  # of the three series of a figure; labels and swatches follow
SMALL = (200, 154)  # a drawing of which four stand in a row, on a phone two
FONT = 13


class Panel:
    """One small chart with a title, a few ticks and up to three series."""

    def __init__(self, title, x, y, size=SMALL, left=38, right=12):
        width, height = size
        self.drawing, self.title = Drawing(width, height), title
        self.plot = Plot(self.drawing, x, y, (left, 34), (width - left - right, height - 66))
        self.drawing.text(left, height - 16, title, "mark", size=FONT + 1, align="left")

    def x_ticks(self, labels, name=""):
        """`labels` are {number: text}; the axis is drawn below them all."""
        low, high = self.plot.x
        bottom = self.plot.y[0]
        self.drawing.line(self.plot.at(low, bottom), self.plot.at(high, bottom), width=1)
        for x, text in labels.items():
            point = self.plot.at(x, bottom)
            self.drawing.line(point, point - [0, 4], width=1)
            self.drawing.text(point[0], point[1] - 16, text, "axis", size=FONT)
        if name:
            middle = (self.plot.at(low, bottom) + self.plot.at(high, bottom)) / 2
            self.drawing.text(middle[0], 4, name, "axis", size=FONT)

    def y_ticks(self, labels):
        """Faint lines across the chart, each with its text on the left."""
        for y, text in labels.items():
            left, right = (self.plot.at(x, y) for x in self.plot.x)
            self.drawing.line(left, right, width=0.8, dash="limit")
            self.drawing.text(left[0] - 5, left[1] - 4.5, text, "axis", size=FONT, align="right")

    def line(self, x, y, role, width=2):
        """Straight from point to point; without those that lie on the way, and without missing ones."""
        points = thinned(self.plot.at(*present(x, y)))
        if len(points) > 1:
            self.drawing.line(*points, classes=role, width=width, scale=self.plot.scales())

    def dots(self, x, y, role, size=5):
        """A dot for each point."""
        points = self.plot.at(*present(x, y))
        if len(points):
            self.drawing.dots(points, f"{role} measured", size=size, scale=self.plot.scales())

    def bars(self, x, low, high, role, width=1.6):
        """A vertical bar from low to high at each x, such as the quartiles."""
        self.strokes([((at, a), (at, b)) for at, a, b in zip(x, low, high) if None not in (a, b)], role, width)

    def strokes(self, ends, role, width):
        """Straight lines, each with two ends, as one path."""
        if ends:
            points = self.plot.at(*np.reshape(ends, (-1, 2)).T)
            codes = [Path.MOVETO, Path.LINETO] * len(ends)
            self.drawing.path(points, codes, role, width=width, dash="axis")

    def svg(self, prefix, description):
        """The drawing as SVG; ids begin with `prefix`, the description is plain text or Markdown."""
        return self.drawing.svg(prefix, self.title, words.plain(description))


def present(x, y):
    """The points of which both numbers are there, as two arrays."""
    pairs = [pair for pair in zip(x, y) if None not in pair]
    return np.array(pairs, float).reshape(-1, 2).T


def thinned(points):
    """Points, from left to right, without those that lie within a quarter of a pixel above or below the line drawn."""
    kept, first = list(points[:1]), 0
    for last in range(2, len(points)):
        left = points[first + 1 : last]
        line = np.interp(left[:, 0], *points[[first, last]].T)
        if np.max(np.abs(left[:, 1] - line)) > 0.25:
            first = last - 1
            kept.append(points[first])
    return [*kept, *points[1:][-1:]]


def figure(name, panels, key, caption, layout=""):
    """A <figure> of panels that wrap. `panels` are (Panel, description), `key` the names of the series.

    `layout` is a class of the stylesheet: four panels in a row, "three" or "broad"; on a phone two, two or one. With
    "solid", too, the key shows whole lines in place of dashes.
    """
    swatches = "".join(f'<li class="{role}">{escape(label)}</li>' for role, label in zip(ROLES, key))
    drawings = [panel.svg(f"{name}-{i}", description) for i, (panel, description) in enumerate(panels)]
    lines = [
        f'<figure class="{f"panels {layout}".strip()}">',
        *([f'<ul class="key">{swatches}</ul>'] if key else []),
        *drawings,
        f"<figcaption>{escape(caption, quote=False)}</figcaption>",
        "</figure>",
    ]
    return "\n".join(lines) + "\n"


def span(values, least):
    """Round ends of an axis that holds these numbers and 0, at least so long, and a step for two or three ticks."""
    low, high = min(0, *values), max(0, *values)
    short = max(0, least - (high - low)) / 2
    low, high = low - short, high + short
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (high - low) / step <= 4)
    return step * floor(low / step + 1e-9), step * ceil(high / step - 1e-9), step
