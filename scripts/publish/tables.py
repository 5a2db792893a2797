"""The generated Markdown: facts, values and references of each function, and the tables over all of them."""

import re
from html import escape
from math import ceil, inf
from textwrap import indent

import numpy as np
from frameworks import NAMES as FRAMEWORKS
from reference import CATALOGUE, PAPERS

from publish import words
from publish.curves import SIGNAL, Component, features
from publish.markdown import table

FAMILY_TITLES = {
    "sigmoidal": "Sigmoidal",
    "rectifier": "Rectifiers",
    "exponential": "Exponential",
    "gated": "Gated",
    "vector": "Vector functions",
}
SMOOTHNESS = {inf: "smooth", 1: "slope continuous", 0: "kink", -1: "jump"}
VECTOR_WORDS = {  # inputs per output -> the moving input's name, a slope's name, what the other inputs are
    1: ("z_1", r"\partial g_{} / \partial z_1", "The other inputs stay at $z_2 = {1}$ and $z_3 = {2}$."),
    2: (
        "b",
        r"\partial g_{0} / \partial b_{0}",
        "The signals are $a_1 = {0}$, $a_2 = {1}$ and $a_3 = {2}$; all gates have the same input $b$.",
    ),
}
POINTS = np.arange(-6.0, 7.0)


def card(f, facts):
    """The facts of one function. `facts` are those of g, or of the first output of a vector function."""
    computed = vector_rows(f, facts) if f.vector else elementwise_rows(facts)
    rows = [row for row in computed if row[1]] + given_rows(f)
    heights = [
        max(ceil(len(name) / 13), text_lines(cell, 22)) + 0.3 for name, cell in rows
    ]  # lines and the room between
    half = min(range(len(rows)), key=lambda k: max(sum(heights[:k]), sum(heights[k:])))
    return sheet(("Property", f.title), rows[:half], rows[half:])


def text_lines(cell, width):
    """On how many lines a cell is printed, about, that holds `width` letters on one."""
    letters = re.sub(r"<(?!br>)[^>]*>|\$", "", re.sub(r"\\[a-z]+ ?", "x", cell))
    return sum(ceil(len(line) / width) for line in letters.split("<br>"))


def sheet(header, *parts):
    """A table whose rows stand in `parts`, side by side where there is room (docs/stylesheets/site.css).

    As HTML: a table of Markdown has no class, and the theme's script puts each table without one into a box.
    """
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    bodies = "".join(
        "<tbody markdown>\n"
        + "".join(f'<tr markdown><th scope="row">{name}</th><td markdown>{cell}</td></tr>\n' for name, cell in rows)
        + "</tbody>\n"
        for rows in parts
    )
    return f'<table class="card" markdown>\n<thead><tr>{head}</tr></thead>\n{bodies}</table>\n'


def elementwise_rows(facts):
    """What the computation found."""
    return [
        ("Range", words.interval(facts.range)),
        ("Limits", words.limits(facts).replace("; ", ";<br>")),
        ("Smoothness", words.smoothness(facts)),
        ("Monotone", words.monotone(facts)),
        ("Zeros", words.zeros(facts)),
        ("Zero-centred", words.centred(facts)),
        ("Saturates", words.saturation(facts)),
        ("Slope exactly 0", facts.dead and f"for {words.places(facts.dead)}"),
        ("Largest slope", words.steepest(facts)),
    ]


def vector_rows(f, facts):
    """What can be said of a function of n inputs; tried at 1000 random inputs of 6."""
    z = np.random.default_rng(0).normal(scale=3, size=(1000, 6))
    sums = f(z).sum(axis=-1)
    return [
        ("Each output", words.interval(reach(f, facts))),
        ("Sum of the outputs", np.allclose(sums, sums[0], rtol=1e-12) and f"always ${words.tex(round(sums[0], 12))}$"),
        ("A constant added to all inputs", np.allclose(f(z + 2), f(z), rtol=1e-12) and "changes nothing"),
        ("Smoothness", words.smoothness(facts)),
        ("Saturates", f"{words.saturation(facts)}, as one {'gate' if f.inputs_per_output > 1 else 'input'} moves"),
        ("Largest entry of the Jacobian", largest_entry(f, facts)),
    ]


def reach(f, facts):
    """The range of an output. Along the line of GLU's gates, of which `facts` are, its signal stays."""
    return facts.range if f.inputs_per_output == 1 else features(Component(f, 0, SIGNAL)).range


def largest_entry(f, facts):
    """The largest entry of the Jacobian: as along the line of `facts`, if no inputs of many sizes give a larger one."""
    random = np.random.default_rng(0)
    z = random.normal(size=(1000, 6)) * 10.0 ** random.uniform(-3, 6, size=(1000, 6))
    larger = np.abs(f.jacobian(z)).max() > facts.lipschitz * (1 + 1e-9)
    return "unbounded" if larger else f"${words.tex(facts.lipschitz)}$"


def given_rows(f):
    """What the entry says."""
    parameters = [rf"$\{p.name} = {words.tex(p.default)}$, allowed in ${p.allowed}$" for p in f.parameters.values()]
    years = [PAPERS[key].year for key in f.papers]
    rows = [
        ("Parameter" if len(parameters) == 1 else "Parameters", "; ".join(parameters).replace("inf", r"\infty")),
        *((FRAMEWORKS[key], dotted(call)) for key, call in f.frameworks.items()),
        ("Also called", ", ".join(f.aliases)),
        ("Papers from", ", ".join(map(str, sorted(set(years))))),
    ]
    return [row for row in rows if row[1]]


def dotted(call):
    """A call as code that a narrow cell breaks after its dots."""
    return "<code>" + re.sub(r"(?<=[a-z])\.", ".<wbr>", escape(call, quote=False)) + "</code>"


def values(f):
    """g, g' and g'' at z = -6 ... 6; for a vector function its outputs and their slopes as the first input moves."""
    if f.vector:
        outputs = [Component(f, i) for i in range(3)]
        name, slope, note = VECTOR_WORDS[f.inputs_per_output]
        header = [f"Input ${name}$", *(f"Output $g_{i}$" for i in (1, 2, 3))]
        header += [f"Slope ${slope.format(i)}$" for i in (1, 2, 3)]
        columns = [output.jet(POINTS)[order] for order in (0, 1) for output in outputs]
    else:
        header = ["Input $z$", "Value $g(z)$", "Slope $g'(z)$", "Curvature $g''(z)$"]
        columns = f.jet(POINTS)
    rows = [[words.number(x) for x in row] for row in zip(POINTS, *columns)]
    note = note.format(*(words.tex(start) for start in outputs[0].start)) + "\n\n" if f.vector else ""
    more = f"[Download in steps of 0.1, with all digits (CSV)](../generated/{f.name}/values.csv){{ download={f.name}.csv }}\n"
    return f"{note}{table(header, rows, 'r' * len(header))}\n{more}"


def references(f):
    """The papers of one function: a list, and folded, for each a block of BibTeX."""
    papers = [PAPERS[key] for key in f.papers]
    blocks = [f"```bibtex\n{paper.bibtex}\n```" for paper in papers]
    folded = indent("\n\n".join(blocks), "    ")
    return "".join(f"- {paper.citation}\n" for paper in papers) + f'\n??? bibtex "BibTeX"\n\n{folded}\n'


def gallery(thumbnails):
    """The home page's gallery: a small curve of each function that leads to its page."""
    items = [f"- [{thumbnails[f.name]} {f.title}](functions/{f.name}.md)" for f in CATALOGUE.values()]
    return '<div class="gallery" markdown>\n\n' + "\n".join(items) + "\n\n</div>\n"
