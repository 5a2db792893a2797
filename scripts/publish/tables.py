"""The generated Markdown: facts, values and references of each function, and the tables over all of them."""

import re
from html import escape
from math import ceil, inf
from textwrap import indent

import numpy as np
from facts.features import Component, features, shown
from frameworks import NAMES as FRAMEWORKS
from reference import CATALOGUE, FAMILIES, PAPERS

from publish import words
from publish.markdown import table

FAMILY_TITLES = {family.key: family.title for family in FAMILIES.values()}
SMOOTHNESS = {inf: "smooth", 1: "slope continuous", 0: "kink", -1: "jump"}
FEW = 4  # tiles of a family on the home page
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
        ("Period", words.period(facts)),
    ]


def vector_rows(f, facts):
    """What can be said of a function of n inputs; tried at 1000 random inputs of 6."""
    z = np.random.default_rng(0).normal(scale=3, size=(1000, inputs(f)))
    sums = f(z).sum(axis=-1)
    return [
        ("Each output", words.interval(reach(f, facts))),
        ("Sum of the outputs", np.allclose(sums, sums[0], rtol=1e-12) and f"always ${words.tex(round(sums[0], 12))}$"),
        ("A constant added to all inputs", np.allclose(f(z + 2), f(z), rtol=1e-12) and "changes nothing"),
        ("Smoothness", words.smoothness(facts, f.demonstration.kinked)),
        ("Saturates", f"{words.saturation(facts)}, {f.demonstration.saturates}"),
        ("Largest entry of the Jacobian", largest_entry(f, facts)),
    ]


def inputs(f):
    """How many inputs the random vectors have: 6, or the next number above it that the function takes."""
    return f.lengths[0] * ceil(6 / f.lengths[0])


def reach(f, facts):
    """The range of an output, which on the line of `facts` it may not reach."""
    line = f.demonstration.reach
    return features(Component(f, f.demonstration.outputs[0], line)).range if line else facts.range


def largest_entry(f, facts):
    """The largest entry of the Jacobian: as along the line of `facts`, if no inputs of many sizes give a larger one."""
    random = np.random.default_rng(0)
    n = inputs(f)
    z = random.normal(size=(1000, n)) * 10.0 ** random.uniform(-3, 6, size=(1000, n))
    sizes = np.abs(f.jacobian(z)).max(axis=(-1, -2))
    if sizes.max() <= facts.lipschitz * (1 + 1e-9):
        return f"${words.tex(facts.lipschitz)}$"
    near = np.abs(z).max(axis=-1) < 1e3
    return "unbounded" if sizes[~near].max() > 100 * sizes[near].max() else f"${words.tex(sizes.max())}$ or more"


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
        outputs, show = shown(f), f.demonstration
        header = [f"Input ${words.subscripts_tex(show.axis)}$", *(f"Output $g_{i + 1}$" for i in show.outputs)]
        header += [f"Slope ${words.slope_tex(show, i)}$" for i in show.outputs]
        columns = [output.jet(POINTS)[order] for order in (0, 1) for output in outputs]
    else:
        header = ["Input $z$", "Value $g(z)$", "Slope $g'(z)$", "Curvature $g''(z)$"]
        columns = f.jet(POINTS)
    rows = [[words.number(x) for x in row] for row in zip(POINTS, *columns)]
    note = show.note.format(*map(words.tex, show.start)) + "\n\n" if f.vector else ""
    more = f"[Download in steps of 0.1, with all digits (CSV)](../generated/{f.name}/values.csv){{ download={f.name}.csv }}\n"
    return f"{note}{table(header, rows, 'r' * len(header))}\n{more}"


def references(f):
    """The papers of one function: a list, and folded, for each a block of BibTeX."""
    papers = [PAPERS[key] for key in f.papers]
    blocks = [f"```bibtex\n{paper.bibtex}\n```" for paper in papers]
    folded = indent("\n\n".join(blocks), "    ")
    return "".join(f"- {paper.citation}\n" for paper in papers) + f'\n??? bibtex "BibTeX"\n\n{folded}\n'


def families():
    """The families in the order of the site's story: title, key, and the names of its functions in their order."""
    members = {family: [f.name for f in CATALOGUE.values() if f.family == family] for family in FAMILIES}
    return [{"title": FAMILY_TITLES[key], "key": key, "functions": names} for key, names in members.items() if names]


def gallery(thumbnails):
    """The home page's gallery: each family with a few small curves that lead to their pages, however many it has."""
    parts = []
    for family in families():
        names, address = family["functions"], f"functions/index.md#family={family['key']}"
        first = names if len(names) <= FEW else names[: FEW - 1]
        items = [f"- [{thumbnails[name]} {CATALOGUE[name].title}](functions/{name}.md)" for name in first]
        items += [f"- [all {len(names)}]({address}){{ .more }}"] * (len(first) < len(names))
        parts.append(f"### [{family['title']}]({address})\n\n" + "\n".join(items))
    return '<div class="gallery" markdown>\n\n' + "\n\n".join(parts) + "\n\n</div>\n"
