"""What a reader can take along: values as CSV, papers as BibTeX, and the catalogue as JSON with its description."""

import csv
import dataclasses
import io
import json
from math import inf, isfinite, isnan

import frameworks
import numpy as np
from facts.features import Features, shown
from reference import FAMILIES, PAPERS

from publish.markdown import table

STEPS = np.arange(-60, 61) / 10

# The keys of catalogue.json, where a dot leads into an object and [] into the items of a list: type, meaning.
FIELDS = {
    "functions": ("list", "one object for each function, in the order of this site"),
    "functions[].name": ("string", "the key of the function, also in addresses"),
    "functions[].title": ("string", "its name"),
    "functions[].aliases": ("list of strings", "other names"),
    "functions[].family": ("string", f"{', '.join(f'`{key}`' for key in list(FAMILIES)[:-1])} or `{[*FAMILIES][-1]}`"),
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
    **{
        f"functions[].facts.{field.name}{item}": row
        for field in dataclasses.fields(Features)
        for item, row in field.metadata["told"].items()
    },
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

    For a vector function: inputs, outputs and slopes along the line of its demonstration.
    """
    if f.vector:
        outputs, show = shown(f), f.demonstration
        header = [*show.inputs, *(f"g{i + 1}" for i in show.outputs), *(show.slope.format(i + 1) for i in show.outputs)]
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
