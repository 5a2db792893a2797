"""The figures: a curve with its derivatives for a page, the outputs of a vector function, and thumbnails."""

import re
from dataclasses import dataclass
from html import escape
from math import inf, isclose, isfinite

import numpy as np
from facts.features import shown
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from publish import curves, words
from publish.labels import CLASH, SIDES, Room
from publish.svg import DARK, Drawing

ROLES = ("g", "d1", "d2 second")  # classes of g, g' and g''; the last is hidden until asked for
NAMES = ("g(z)", "g′(z)", "g″(z)")
OUTPUTS = ("g", "d1", "d2")  # classes of the outputs of a vector function
MATHML = ("<mi>g</mi>", "<msup><mi>g</mi><mo>′</mo></msup>", "<msup><mi>g</mi><mo>″</mo></msup>")
WIDTHS = (3.5, 3, 3)
WIDTH, MARGIN = 600, 34
NAME, VALUE = 24, 18  # font sizes of names and of numbers


class Plot:
    """A rectangle of a drawing with its scales: pixel = scale * number + shift."""

    def __init__(self, drawing, x, y, corner, size):
        self.drawing, self.x, self.y = drawing, x, y
        self.scale = np.array(size) / [x[1] - x[0], y[1] - y[0]]
        self.shift = np.array(corner) - self.scale * [x[0], y[0]]

    def at(self, z, y):
        """Pixels (..., 2) of numbers."""
        return np.stack(np.broadcast_arrays(z, y), axis=-1) * self.scale + self.shift

    def curve(self, arcs, classes, *, width):
        """Draw arcs as cubic Bezier curves, joined where they meet."""
        vertices, codes, end = [], [], inf
        for arc in arcs:
            third = np.diff(arc.z) / 3
            controls = np.stack(
                [
                    self.at(arc.z[:-1] + third, arc.y[:-1] + third * arc.slope[:-1]),
                    self.at(arc.z[1:] - third, arc.y[1:] - third * arc.slope[1:]),
                    self.at(arc.z[1:], arc.y[1:]),
                ],
                axis=1,
            )
            if not isclose(end, arc.y[0], rel_tol=1e-9, abs_tol=1e-9):
                vertices.append(self.at(arc.z[0], arc.y[0]))
                codes.append(Path.MOVETO)
            if len(third) == 1 and np.ptp(arc.slope) == 0:
                vertices.append(controls[0, 2])
                codes.append(Path.LINETO)
            else:
                vertices.extend(controls.reshape(-1, 2))
                codes.extend([Path.CURVE4] * (3 * len(third)))
            end = arc.y[-1]
        self.drawing.path(vertices, codes, classes, width=width, scale=self.scales())

    def scales(self):
        """Scale and shift of both axes for scripts and tests, in the pixels of SVG, whose y grows downwards."""
        (sx, sy), (tx, ty) = self.scale, self.shift
        return " ".join(f"{number:.8g}" for number in (sx, tx, -sy, self.drawing.height - ty))

    def points(self, arcs):
        """Pixels along the arcs, about three apart, for the labels to avoid."""
        z = [np.linspace(arc.z[0], arc.z[-1], 2 + int((arc.z[-1] - arc.z[0]) * self.scale[0] / 3)) for arc in arcs]
        return np.concatenate([self.at(part, arc.at(part)) for part, arc in zip(z, arcs)])


@dataclass(frozen=True)
class Label:
    """A text and the points that it may stand beside."""

    text: str
    classes: str
    anchors: np.ndarray
    sides: tuple = SIDES
    gaps: tuple = (6, 20, 34)

    def put(self, drawing, room, *, needed=True):
        """Draw it on its best spot. One that is not needed is left out where it would lie on something."""
        size = NAME if "name" in self.classes.split() else VALUE
        role = self.classes.split()[0]
        spot = room.place(self.text, size, self.anchors, owner=role, sides=self.sides, gaps=self.gaps)
        if needed or spot.cost < CLASH:
            if spot.tie:
                drawing.line(*spot.tie, classes=self.classes, width=1, dash="axis")
            x, y = spot.centre
            drawing.text(x, y - 0.35 * size, self.text, self.classes, size=size)
        else:
            room.boxes.pop()


def ticks(low, high, count, wanted=()):
    """A few round numbers from low to high without 0, and those wanted."""
    values = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    apart, slack = 0.1 * (high - low), 0.005 * (high - low)
    return sorted(
        {*wanted}
        | {
            float(v)
            for v in values
            if low - slack <= v <= high + slack and abs(v) > slack and all(abs(v - other) > apart for other in wanted)
        }
    )


def draw_axes(plot, room, name, x_ticks, y_ticks, needed=()):
    """Axes through the origin, with a few ticks. Numbers that would lie on a curve are left out, but for the needed."""
    drawing = plot.drawing
    across, up = plot.at(plot.x, 0.0), plot.at(0.0, plot.y)
    drawing.line(*(across + [[-14, 0], [14, 0]]))
    drawing.line(*(up + [[0, -12], [0, 14]]))
    for line in (across, up):
        room.take(np.linspace(line[0], line[1], 150), "axis")
    for z in x_ticks:
        point = plot.at(z, 0.0)
        drawing.line(point - [0, 4], point + [0, 4])
        Label(words.number(z), "axis", [point], ((0, -1), (0, 1)), (9,)).put(drawing, room, needed=False)
    for y in y_ticks:
        point = plot.at(0.0, y)
        drawing.line(point - [4, 0], point + [4, 0])
        Label(words.number(y), "axis", [point], ((-1, 0), (1, 0)), (9,)).put(drawing, room, needed=y in needed)
    Label(name, "axis name", [across[1] + [6 + 6 * len(name), 0]], ((0, 1),), (4,)).put(drawing, room)


def jumps(f, order, low, high):
    """(z, one-sided limits, value that the module gives) at each kink in the range where this derivative jumps."""
    found = []
    for kink in f.kinks():
        if low < kink < high:
            sides = [float(f.jet(np.nextafter(kink, end))[order]) for end in (-inf, inf)]
            if not isclose(*sides, rel_tol=1e-9, abs_tol=1e-9):
                found.append((kink, sides, float(f.jet(kink)[order])))
    return found


def magnification(height, span):
    """How often to stretch heights that could not be told from the axis, a round number; 0 if they can."""
    if not 0 < height < 0.02 * span:
        return 0
    most = 0.25 * span / height
    power = 10.0 ** int(np.log10(most))
    return max(step * power for step in (1, 2, 2.5, 5) if step * power <= most)


def draw_magnified(plot, room, f, low, high):
    """Draw [low, high] once more above itself with stretched heights if g and g' hug the axis; return how far, or 0."""
    groups = [curves.arcs(f, order, low, high, inf) for order in (0, 1)]
    values = [float(y) for arcs in groups for arc in arcs for y in arc.y]
    factor = magnification(max(map(abs, values)), plot.y[1] - plot.y[0])
    if not factor:
        return 0
    least, most = min(0, *values), max(0, *values)
    size = plot.scale * [high - low, factor * (most - least)]
    inset = Plot(plot.drawing, (low, high), (least, most), plot.at(low, plot.y[1]) - [0, size[1] + 40], size)
    (left, bottom), (right, top) = inset.at(low, least) - [14, 26], inset.at(high, most) + [14, 50]
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    plot.drawing.line(*corners, corners[0], width=1, dash="limit")
    plot.drawing.line(inset.at(low, 0.0), inset.at(high, 0.0))
    Label(f"heights × {factor:g}", "axis", [((left + right) / 2, top)], ((0, -1),)).put(plot.drawing, room)
    for classes, width, arcs in zip(ROLES, WIDTHS, groups):
        inset.curve(arcs, f"{classes} magnified", width=width)
        room.take(inset.points(arcs), classes.split()[0])
    for classes, end, side in zip(ROLES, f.jet(low), ((1, -1), (1, 1))):
        Label(words.number(end), classes, [inset.at(low, end)], (side,), (5,)).put(plot.drawing, room)
    room.reserve(((left + right) / 2, (bottom + top) / 2), ((right - left) / 2, (top - bottom) / 2))
    return factor


def draw_marks(plot, room, facts, groups, jumping):
    """Dots at zeros, jumps and extrema. Return the labels of the extrema and of the curves, not yet put anywhere."""
    drawing = plot.drawing
    for left, right in facts.zeros:
        if left == right and plot.x[0] < left < plot.x[1]:
            drawing.dot(plot.at(left, 0.0), "mark", size=6)
    labels = []
    for order, classes in enumerate(ROLES):
        for z, sides, value in jumping[order]:
            for side in sides:
                if side != value:
                    drawing.dot(plot.at(z, side), classes, filled=False)
            drawing.dot(plot.at(z, value), classes)
            room.take(plot.at(z, [*sides, value]), "dot")
        for e in sorted(facts.extrema[order], key=lambda e: abs(e.z))[: words.MOST]:
            if plot.x[0] < e.z < plot.x[1]:
                point = plot.at(e.z, e.value)
                drawing.dot(point, classes, size=7)
                room.take(point[None], classes.split()[0])
                labels.append(Label(f"({words.number(e.z, 3)}, {words.number(e.value, 3)})", classes, [point]))
        labels.append(Label(NAMES[order], f"{classes} name", plot.points(groups[order])[::-10], gaps=(6,)))
    return labels


def extent(f, low, high, ends):
    """The lowest and the highest number to draw: of g, g' and g'', of the limits of g, and 0."""
    rough = np.concatenate([arc.y for order in range(3) for arc in curves.arcs(f, order, low, high, 0.1)])
    return float(min(0, *rough, *ends)), float(max(0, *rough, *ends))


def pixels_high(equal):
    """The height with equal scales if that has a good shape: a slope of 1 rises at 45 degrees then."""
    return round(equal) if 240 <= equal <= 400 else 310


def draw_limits(plot, limits, levels):
    """A line at the limit on each side that has one of these levels."""
    for z, limit in zip(plot.x, limits):
        if limit in levels:
            plot.drawing.line(plot.at(0.0, limit), plot.at(z, limit), width=1.5, dash="limit")


def figure(f, facts):
    """The <figure> of an elementwise function: g and g', and g'' for the reader who asks for it."""
    low, high = curves.drawn_range(facts)
    ends = [limit for limit in facts.limits if isfinite(limit)]
    bottom, top = extent(f, low, high, ends)
    groups = [curves.arcs(f, order, low, high, 2e-4 * (top - bottom)) for order in range(3)]

    width = WIDTH - 2 * MARGIN
    height = pixels_high((top - bottom) * width / (high - low))
    below = 62 if bottom < 0 else 40  # room for the labels of minima
    drawing = Drawing(WIDTH, height + below + MARGIN)
    plot = Plot(drawing, (low, high), (bottom, top), (MARGIN, below), (width, height))
    room = Room(drawing.width, drawing.height)
    for arcs, classes in zip(groups[:2], ROLES):
        room.take(plot.points(arcs), classes.split()[0])

    levels = [limit for limit in ends if limit]
    draw_limits(plot, facts.limits, levels)
    draw_axes(plot, room, "z", ticks(low, high, 6), ticks(bottom, top, 4, levels), levels)
    factor = draw_magnified(plot, room, f, low, -60 / plot.scale[0])
    for arcs, classes, thickness in zip(groups, ROLES, WIDTHS):
        plot.curve(arcs, classes, width=thickness)
    jumping = [jumps(f, order, low, high) for order in range(3)]
    labels = draw_marks(plot, room, facts, groups, jumping)
    for label in labels:
        if "second" not in label.classes:
            label.put(drawing, room)
    room.take(plot.points(groups[2]), "d2")
    for label in labels:
        if "second" in label.classes:
            label.put(drawing, room)
    svg = drawing.svg(f"{f.name}-figure", f"{f.title} and its derivatives", describe(facts, low, high, jumping[1]))
    return wrap(f, svg, caption(jumping, factor))


def vector_figure(f, facts):
    """The <figure> of a vector function: outputs, and their slopes, along the line of its demonstration."""
    low, high = curves.drawn_range(facts)
    outputs, show = shown(f), f.demonstration
    axis = words.subscripts(show.axis)
    values = [words.subscripts(f"g{i + 1}") for i in show.outputs]
    slopes = [words.slope(show, i) for i in show.outputs]
    width, height, between = WIDTH - 2 * MARGIN, 190, 76
    drawing = Drawing(WIDTH, 2 * height + between + 40 + MARGIN)
    room = Room(drawing.width, drawing.height)
    for order, names in enumerate((values, slopes)):
        # To a fifth of a pixel; the slopes are drawn at a larger scale.
        groups = [curves.arcs(output, order, low, high, (1e-3, 2e-4)[order]) for output in outputs]
        heights = np.concatenate([arc.y for arcs in groups for arc in arcs])
        span = (float(min(0, *heights)), float(max(0 if order else 1, *heights)))
        plot = Plot(drawing, (low, high), span, (MARGIN, 40 + (height + between) * (1 - order)), (width, height))
        for arcs, role in zip(groups, OUTPUTS):
            room.take(plot.points(arcs), role)
        draw_axes(plot, room, axis, ticks(low, high, 6), ticks(*span, 3))
        for arcs, role, thickness in zip(groups, OUTPUTS, WIDTHS):
            plot.curve(arcs, role, width=thickness)
        for arcs, role, name in zip(groups, OUTPUTS, names):
            Label(name, f"{role} name", plot.points(arcs)[::-10], gaps=(6,)).put(drawing, room)
    text = show.caption.format(*map(words.number, show.start))
    description = f"{text} {follow(outputs, axis, low, high)}"
    count = ("One output", "Two outputs", "Three outputs")[len(outputs) - 1]
    return wrap(f, drawing.svg(f"{f.name}-figure", f"{count} of {f.title}", description), escape(text))


def follow(outputs, axis, low, high):
    """Where the outputs of a vector function start and end, in words."""
    ends = [[words.number(float(output(z)), 3) for z in (low, high)] for output in outputs]
    goes = [f"output {output.i + 1} goes from {start} to {end}" for output, (start, end) in zip(outputs, ends)]
    return f"From {axis} = {words.number(low)} to {words.number(high)}, {words.listed(goes)}."


def describe(facts, low, high, jumping):
    """What the curves do, in plain words."""
    sentences = [
        f"The curves of g, its slope g′ and, on request, g″ for z from {words.number(low)} to {words.number(high)}.",
        f"g is {facts.monotone}." if facts.monotone else f"g is not monotone: {words.extrema(facts.extrema[0])}.",
        f"{words.limits(facts)}." if words.limits(facts) else "",
        f"g is 0 {words.at(facts.zeros, closed=True)}." if facts.zeros else "g has no zero.",
        f"The largest slope in size is {words.steepest(facts)}.",
        *(
            f"At {words.place(z, z)} the slope jumps from {words.number(left)} to {words.number(right)}."
            for z, (left, right), _ in jumping
        ),
    ]
    return words.plain(" ".join(filter(None, sentences)))


def caption(jumping, factor):
    """What the line styles and dots mean, and the switch for g''."""
    g, d1, d2 = (f"<math>{name}<mo>(</mo><mi>z</mi><mo>)</mo></math>" for name in MATHML)
    sentences = [f"Solid: {g}. Dashed: its slope {d1}."]
    if any(jumping[:2]):
        sentences.append("At a jump, the filled dot is the value that automatic differentiation uses.")
    if factor:
        sentences.append(f"The inset shows the left half with its heights multiplied by {factor:g}.")
    return f'{" ".join(sentences)} <label><input type="checkbox"/> Dotted: the second derivative {d2}</label>'


def wrap(f, svg, text):
    """A figure element that Markdown leaves alone: no line is empty. On a screen the explorer grows out of it."""
    # What the explorer will need room for: sliders, and a note at kinks. Style attributes would need a laxer CSP.
    kind = "curve" + " vector" * f.vector + " kinked" * (f.smoothness < 2)
    sliders = len(f.parameters)
    if f.vector:  # an output more than there are sliders needs as much room as one of those
        inputs = len(f.demonstration.sliders)
        sliders = max(sliders + inputs, f.outputs(inputs))
    figure = f'<figure class="{kind}" data-explorer="{f.name}" data-sliders="{sliders}">'
    return f"{figure}\n{svg}\n<figcaption>{text}</figcaption>\n</figure>\n"


def thumbnail(f, facts):
    """A small drawing of g and g', or of the outputs of a vector function, for a link whose text names it."""
    low, high = curves.drawn_range(facts)
    lines = [(output, 0) for output in shown(f)] if f.vector else [(f, 0), (f, 1)]
    groups = [curves.arcs(g, order, low, high, 0.02) for g, order in lines]
    values = np.concatenate([arc.y for arcs in groups for arc in arcs])
    drawing = Drawing(96, 60)
    plot = Plot(drawing, (low, high), (min(0, values.min()), max(0, values.max())), (4, 5), (88, 50))
    drawing.line(plot.at(low, 0.0), plot.at(high, 0.0), width=1)
    drawing.line(*plot.at(0.0, plot.y), width=1)
    for arcs, role in zip(groups, OUTPUTS):
        plot.curve(arcs, role, width=2)
    return drawing.svg(f"{f.name}-thumbnail")


def alone(svg):
    """A thumbnail as a file for <img>, which gets no colours from the page; those for the dark are inside.

    The browser takes `prefers-color-scheme` from the element that shows the image, which follows the site's switch.
    """
    roles = sorted(set(re.findall(r"var\(--curve-(\w+)", svg)))
    dark = ";".join(f"--curve-{role}:{DARK[role]}" for role in roles)
    start, end, rest = re.sub(r' (class|data-scale|aria-hidden)="[^"]*"', "", svg).partition(">")
    return f"{start}{end}<style>@media(prefers-color-scheme:dark){{svg{{{dark}}}}}</style>{rest}\n"
