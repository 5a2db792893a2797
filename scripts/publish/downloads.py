"""What a reader can take along: values as CSV, papers as BibTeX, and the catalogue as JSON with its description."""

import csv
import dataclasses
import io
import json
from math import inf, isfinite, isnan

import frameworks
import numpy as np
from reference import PAPERS

from publish.curves import Component
from publish.markdown import table

VECTOR_HEADERS = {
    1: ["z1", "z2", "z3", "g1", "g2", "g3", "dg1/dz1", "dg2/dz1", "dg3/dz1"],
    2: ["a1", "a2", "a3", "b1", "b2", "b3", "g1", "g2", "g3", "dg1/db1", "dg2/db2", "dg3/db3"],
}
STEPS = np.arange(-60, 61) / 10

# The keys of catalogue.json, where a dot leads into an object and [] into the items of a list: type, meaning.
FIELDS = {
    "functions": ("list", "one object for each function, in the order of this site"),
    "functions[].name": ("string", "the key of the function, also in addresses"),
    "functions[].title": ("string", "its name"),
    "functions[].aliases": ("list of strings", "other names"),
    "functions[].family": ("string", "`sigmoidal`, `rectifier`, `exponential`, `gated` or `vector`"),
    "functions[].vector": ("boolean", "whether each output depends on all the inputs"),
    "functions[].parameters": ("list", "the parameters, in the order of the definition"),
    "functions[].parameters[].name": ("string", "its name, such as `alpha`"),
    "functions[].parameters[].default": ("number", "the value used for everything below"),
    "functions[].parameters[].allowed": ("string", "the interval of allowed values, such as `[0, 1)`"),
    "functions[].parameters[].shown": ("two numbers", "the range of the slider"),
    "functions[].frameworks": ("object", "`torch`, `jax`, `keras`: a line of code that takes `z`"),
    "functions[].papers": ("list of strings", "keys in `papers`"),
    "functions[].facts": (
        "object",
        "computed from the code; of a vector function, for the first output along the line of inputs in `values.csv`",
    ),
    "functions[].facts.limits": ("two numbers", "of $g$ on the left and on the right"),
    "functions[].facts.end_slopes": ("two numbers", "limits of $g'$ on the left and on the right"),
    "functions[].facts.range": ("object", "the interval of the values of $g$"),
    "functions[].facts.range.low": ("number", "its lower end"),
    "functions[].facts.range.high": ("number", "its upper end"),
    "functions[].facts.range.closed_low": ("boolean", "whether the lower end is a value"),
    "functions[].facts.range.closed_high": ("boolean", "whether the upper end is a value"),
    "functions[].facts.zeros": ("list of pairs", "where $g$ is 0: intervals; a point is an interval with equal ends"),
    "functions[].facts.extrema": ("three lists", "strict local extrema of $g$, $g'$ and $g''$"),
    "functions[].facts.extrema[][].z": ("number", "where it is"),
    "functions[].facts.extrema[][].value": ("number", "how high"),
    "functions[].facts.extrema[][].kind": ("string", "`minimum` or `maximum`"),
    "functions[].facts.monotone": (
        "string",
        "such as `strictly increasing` or `non-decreasing`; empty if it is neither",
    ),
    "functions[].facts.lipschitz": ("number", "the supremum of the size of $g'$"),
    "functions[].facts.steepest": ("list of pairs", "where that is attained or, at an infinite end, approached"),
    "functions[].facts.dead": ("list of pairs", "intervals on which $g'$ is exactly 0"),
    "functions[].facts.odd": ("boolean", "whether $g(-z) = -g(z)$"),
    "functions[].facts.mean": ("number", "the mean of $g(z)$ for standard normal $z$"),
    "functions[].facts.kinks": ("list of numbers", "where $g$ or one of its derivatives jumps"),
    "functions[].facts.smoothness": (
        "number",
        "$k$ if $g$ is $k$ times continuously differentiable and no more; −1 if it jumps",
    ),
    "functions[].formulas": (
        "object",
        "section of the page → list of its displayed equations, in LaTeX. The first one of "
        "`Definition` that starts with $g$ defines it",
    ),
    "functions[].files": ("object", "addresses, relative to this file"),
    "functions[].files.page": ("string", "the page"),
    "functions[].files.samples": (
        "string",
        "sampled $g$, $g'$ and $g''$ for interpolation, as the explorer reads them",
    ),
    "functions[].files.values": ("string", "the same three as CSV, to full precision"),
    "papers": ("list", "the papers that the functions come from"),
    "papers[].key": ("string", "the key in `papers.bib`"),
    "papers[].authors": ("list of strings", "each as “Family, Given”"),
    "papers[].title": ("string", "its title"),
    "papers[].year": ("number", "the year of publication"),
    "papers[].venue": ("string", "where it appeared"),
    "papers[].link": ("string", "where it can be read"),
}
# Heading of a table in the description -> what the keys in it begin with.
OBJECTS = {
    "The file": "",
    "Each item of functions": "functions[].",
    "Its facts": "functions[].facts.",
    "Each item of papers": "papers[].",
}


def values(f):
    """CSV of g, g' and g'' at z = -6, -5.9 ... 6, each number with all its digits.

    For a vector function: inputs, outputs and slopes along the line that curves.LINES gives.
    """
    if f.vector:
        outputs = [Component(f, i) for i in range(3)]
        header = VECTOR_HEADERS[f.inputs_per_output]
        inputs = outputs[0].inputs(STEPS).T
        columns = [*inputs, *(output.jet(STEPS)[order] for order in (0, 1) for output in outputs)]
    else:
        header = ["z", "g", "g'", "g''"]
        columns = [STEPS, *f.jet(STEPS)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([repr(float(x) + 0.0) for x in row] for row in zip(*columns))
    return out.getvalue()


def facts(f, found):
    """The object of one function in catalogue.json but for its formulas; `found` are its Features."""
    return {
        "name": f.name,
        "title": f.title,
        "aliases": f.aliases,
        "family": f.family,
        "vector": f.vector,
        "parameters": [
            {"name": p.name, "default": p.default, "allowed": str(p.allowed), "shown": p.shown}
            for p in f.parameters.values()
        ],
        "frameworks": {key: frameworks.line(call) for key, call in f.frameworks.items()},
        "papers": f.papers,
        "facts": dataclasses.asdict(found),
        "files": {
            "page": f"../functions/{f.name}/",
            "samples": f"{f.name}/curves.json",
            "values": f"{f.name}/values.csv",
        },
    }


def papers():
    """The list of papers in catalogue.json."""
    return [
        {"key": key, "authors": p.authors, "title": p.title, "year": p.year, "venue": p.published, "link": p.link}
        for key, p in PAPERS.items()
    ]


def plain(x):
    """x as JSON can say it: an infinite number as "inf" or "-inf", an unknown one as null."""
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(value) for value in x]
    if isinstance(x, float) and not isfinite(x):
        return None if isnan(x) else "inf" if x == inf else "-inf"
    return x


def encode(data):
    """The text of a JSON file."""
    return json.dumps(plain(data), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def bibliography():
    """The text of papers.bib: all papers."""
    return "\n\n".join(paper.bibtex for paper in PAPERS.values()) + "\n"


def fields():
    """The keys of catalogue.json: a table for what each object holds."""
    parts = []
    for title, prefix in OBJECTS.items():
        rows = [
            (f"`{key.removeprefix(prefix)}`", *rest)
            for key, rest in FIELDS.items()
            if key.startswith(prefix)
            and not any(len(other) > len(prefix) and key.startswith(other) for other in OBJECTS.values())
        ]
        parts.append(f"### {title}\n\n{table(('Key', 'Type', 'Meaning'), rows)}")
    return "\n".join(parts)
