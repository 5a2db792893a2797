"""The generated Markdown: facts, values and references of each function, and the tables over all of them."""

from math import inf
from textwrap import indent

import numpy as np

from frameworks import NAMES as FRAMEWORKS
from publish import words
from publish.curves import Component
from publish.markdown import table
from reference import CATALOGUE, PAPERS

FAMILY_TITLES = {
    "sigmoidal": "Sigmoidal",
    "rectifier": "Rectifiers",
    "exponential": "Exponential",
    "gated": "Gated",
    "vector": "Vector functions",
}
SMOOTHNESS = {inf: "smooth", 1: "slope continuous", 0: "kink", -1: "jump"}
POINTS = np.arange(-6.0, 7.0)


def card(f, facts):
    """The facts of one function. `facts` are those of g, or of the first output of a vector function."""
    computed = vector_rows(f, facts) if f.vector else elementwise_rows(facts)
    return table(("Property", f.title), [row for row in computed if row[1]] + given_rows(f))


def elementwise_rows(facts):
    """What the computation found."""
    return [
        ("Range", words.interval(facts.range)),
        ("Limits", words.limits(facts)),
        ("Smoothness", words.smoothness(facts)),
        ("Monotone", words.monotone(facts)),
        ("Zeros", words.zeros(facts)),
        ("Zero-centred", words.centred(facts)),
        ("Saturates", words.saturation(facts)),
        ("Slope exactly 0", facts.dead and f"for {words.places(facts.dead)}"),
        ("Largest slope", words.steepest(facts)),
    ]


def vector_rows(f, facts):
    """What can be said of a function from n inputs to n outputs; tried at 1000 random inputs of 5."""
    z = np.random.default_rng(0).normal(scale=3, size=(1000, 5))
    sums = f(z).sum(axis=-1)
    return [
        ("Each output", words.interval(facts.range)),
        ("Sum of the outputs", np.allclose(sums, sums[0], rtol=1e-12) and f"always ${words.tex(round(sums[0], 12))}$"),
        ("A constant added to all inputs", np.allclose(f(z + 2), f(z), rtol=1e-12) and "changes nothing"),
        ("Smoothness", words.smoothness(facts)),
        ("Saturates", f"{words.saturation(facts)}, as one input moves"),
        ("Largest entry of the Jacobian", f"${words.tex(facts.lipschitz)}$"),
    ]


def given_rows(f):
    """What the entry says."""
    parameters = [rf"$\{p.name} = {words.tex(p.default)}$, allowed in ${p.allowed}$" for p in f.parameters.values()]
    years = [PAPERS[key].year for key in f.papers]
    rows = [
        ("Parameter" if len(parameters) == 1 else "Parameters", "; ".join(parameters).replace("inf", r"\infty")),
        *((FRAMEWORKS[key], f"`{call}`") for key, call in f.frameworks.items()),
        ("Also called", ", ".join(f.aliases)),
        ("Papers from", ", ".join(map(str, sorted(set(years))))),
    ]
    return [row for row in rows if row[1]]


def values(f):
    """g, g' and g'' at z = -6 ... 6; for a vector function its outputs and their slopes as the first input moves."""
    if f.vector:
        outputs = [Component(f, i) for i in range(3)]
        header = ["Input $z_1$", *(f"Output $g_{i}$" for i in (1, 2, 3))]
        header += [rf"Slope $\partial g_{i} / \partial z_1$" for i in (1, 2, 3)]
        columns = [output.jet(POINTS)[order] for order in (0, 1) for output in outputs]
    else:
        header = ["Input $z$", "Value $g(z)$", "Slope $g'(z)$", "Curvature $g''(z)$"]
        columns = f.jet(POINTS)
    rows = [[words.number(x) for x in row] for row in zip(POINTS, *columns)]
    note = "The other inputs stay at $z_2 = 1$ and $z_3 = 0$.\n\n" if f.vector else ""
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
