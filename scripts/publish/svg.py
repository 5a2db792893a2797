"""One drawing as an inline SVG: matplotlib draws it, `thin` keeps only what a page needs."""

import io
import re
from itertools import count
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)

# The stylesheet gives these variables for light and dark; the fallbacks serve where there is none.
COLOURS = {
    "g": "#1257a6",
    "d1": "#c2500c",
    "d2": "#00614d",
    "mark": "#1c2733",
    "axis": "#5b6674",
    "paper": "#ffffff",
}
DARK = {"g": "#79b6ff", "d1": "#ff9e5e", "d2": "#7fe0bd", "axis": "#97a3b0"}  # on a dark ground, as in site.css
VARIABLES = {
    colour: f"var(--md-default-bg-color,{colour})" if role == "paper" else f"var(--curve-{role},{colour})"
    for role, colour in COLOURS.items()
}
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "activation functions"}
# In units of the line's width.
DASHES = {"g": "-", "d1": (0, (3, 1.3)), "d2": (0, (0.7, 1)), "axis": "-", "limit": (0, (1, 3)), "mark": "-"}
# What a browser assumes anyway.
DEFAULTS = {("stroke-dashoffset", "0"), ("stroke-linejoin", "miter"), ("stroke-linecap", "butt"), ("stroke-width", "1")}
# Letters that stand for quantities, in the maths italics of the page's formulas and in their font. A maths font's
# U+2032 sits on the baseline for MathML to raise it; the modifier letter prime is raised in every font.
ITALICS = str.maketrans("gz′″", "\U0001d454\U0001d467ʹʺ")
MATHS_FONT = "STIX Two Math Subset,STIX Two Math,Cambria Math,Latin Modern Math,math"


class Drawing:
    """A canvas of width x height pixels, y up; what is drawn later lies above.

    `classes` are the CSS classes of what is drawn; the first is its role: a key of COLOURS.
    """

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        FigureCanvasSVG(self.figure)
        self.figure.patch.set_visible(False)
        self.layer = count()

    def add(self, artist, classes, scale=""):
        """Put an artist of matplotlib on top, without Axes: pixels need none, and to make them takes 12 ms."""
        artist.set(gid=f".{classes}|{scale}", zorder=next(self.layer), transform=IdentityTransform())
        self.figure.add_artist(artist)

    def path(self, vertices, codes, classes, *, width, dash=None, scale=""):
        """A line of straight and cubic stretches. `scale` tells scripts how its pixels follow from numbers."""
        role = classes.split()[0]
        self.add(
            PathPatch(
                Path(vertices, codes),
                fill=False,
                edgecolor=COLOURS[role],
                linewidth=width,
                linestyle=DASHES[dash or role],
            ),
            classes,
            scale,
        )

    def line(self, *points, classes="axis", width=1.2, dash=None, scale=""):
        """Straight lines from point to point."""
        codes = [Path.MOVETO] + [Path.LINETO] * (len(points) - 1)
        self.path(points, codes, classes, width=width, dash=dash, scale=scale)

    def dot(self, point, classes, *, filled=True, size=9):
        """A filled or an open dot."""
        colour = COLOURS[classes.split()[0]]
        self.add(
            Line2D(
                *np.reshape(point, (2, 1)),
                linestyle="",
                marker="o",
                markersize=size,
                markeredgewidth=2,
                markeredgecolor=colour,
                markerfacecolor=colour if filled else COLOURS["paper"],
            ),
            classes,
        )

    def dots(self, points, classes, *, size, scale=""):
        """Many filled dots as one path: strokes without length, with round ends."""
        role = classes.split()[0]
        vertices = np.repeat(points, 2, axis=0)
        codes = [Path.MOVETO, Path.LINETO] * len(points)
        self.add(
            PathPatch(
                Path(vertices, codes),
                fill=False,
                edgecolor=COLOURS[role],
                linewidth=size,
                capstyle="round",
            ),
            classes,
            scale,
        )

    def text(self, x, y, text, classes, *, size, align="center"):
        """A label with its baseline at y, and x at its centre, left or right; "name" if it names a quantity."""
        self.add(Text(x, y, text, color=COLOURS[classes.split()[0]], fontsize=size, ha=align), classes)

    def svg(self, prefix, title="", description=""):
        """The drawing as text; ids begin with `prefix`. Without a title it is hidden from screen readers."""
        with matplotlib.rc_context(STYLE):
            out = io.StringIO()
            self.figure.canvas.print_svg(out, metadata={"Date": None})
        slim = ElementTree.Element(
            f"{{{SVG}}}svg",
            {
                "viewBox": f"0 0 {self.width} {self.height}",
                "width": str(self.width),
                "height": str(self.height),
            },
        )
        if title:
            slim.attrib |= {"role": "img", "aria-labelledby": f"{prefix}-title {prefix}-desc"}
            slim.set("data-search-exclude", "1")  # the index would run the labels together, as -4-224
            for tag, text in (("title", title), ("desc", description)):
                ElementTree.SubElement(slim, f"{{{SVG}}}{tag}", {"id": f"{prefix}-{tag}"}).text = text
        else:
            slim.set("aria-hidden", "true")
        names = {}
        for child in ElementTree.fromstring(out.getvalue()).findall(f"{{{SVG}}}g"):
            slim.extend(thin(child, lambda name: names.setdefault(name, f"{prefix}-{len(names)}")))
        return ElementTree.tostring(slim, encoding="unicode").replace(" />", "/>")


def thin(element, rename):
    """What `element` draws, as a list of elements: groups dissolved, styles as attributes, numbers to 0.01 pixel."""
    if element.tag == f"{{{SVG}}}g":
        children = [kept for child in element for kept in thin(child, rename)]
        name = element.get("id", "")
        if name.startswith("."):
            mark(children, *name[1:].split("|"))
        return children
    kept = ElementTree.Element(element.tag, thin_attributes(element, rename))
    kept.text = element.text and element.text.strip()
    kept.extend(child for inner in element for child in thin(inner, rename))
    return [kept]


def mark(children, classes, scale):
    """Give what a group of these classes draws its attributes, and names of quantities the letters of formulas."""
    for child in children:
        if not child.tag.endswith("defs"):
            child.attrib |= own(child, classes, scale)
        if "name" in classes.split():
            child.text = child.text.translate(ITALICS)


def thin_attributes(element, rename):
    """The attributes of an element that isn't a group, with those of its style, without what a browser assumes."""
    given = dict(element.attrib)
    name = given.pop("id", "")
    style = dict(rule.split(": ", 1) for rule in given.pop("style", "").split("; ") if rule)
    attributes = {"id": rename(name)} if name else {}
    for key, value in (given | style).items():
        if key in ("transform", "font-family") or (key, value) in DEFAULTS:
            continue
        if key == f"{{{XLINK}}}href":
            value = "#" + rename(value[1:])
        elif key == "d":
            value = re.sub(r"\s*([A-Za-z])\s*", r"\1", value).strip()
        if key in ("d", "x", "y"):
            value = re.sub(r"-?\d+\.\d+", lambda decimal: f"{float(decimal[0]):.2f}".rstrip("0").rstrip("."), value)
        attributes[key] = VARIABLES.get(value, value.removesuffix("px"))
    return attributes


def own(element, classes, scale):
    """The attributes that a thing of these classes has beside those of matplotlib."""
    attributes = {"class": classes}
    if scale:
        attributes["data-scale"] = scale
    if "second" in classes.split():
        attributes["visibility"] = "hidden"  # until the reader asks for it: the stylesheet's rule goes before this
    if element.tag.endswith("text"):
        # A rim in the colour of the page keeps a label readable where a line runs behind it.
        attributes |= {"paint-order": "stroke", "stroke": VARIABLES[COLOURS["paper"]], "stroke-width": "5"}
        if "name" in classes.split():
            attributes["font-family"] = MATHS_FONT
    return attributes
