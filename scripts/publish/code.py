"""The generated Markdown with code: an entry's own source, its calls in the frameworks, and their derivatives at kinks."""

from math import ceil, log10
from textwrap import indent

import frameworks
from frameworks.run import POINTS, VECTORS
from publish import words
from publish.markdown import table
from reference import CATALOGUE


def block(code):
    """A fenced block of Python."""
    return f"```python\n{code.rstrip()}\n```\n"


def source(f):
    """The entry's source as it is tested, folded."""
    title = f"This site's code, scripts/reference/{f.file.name}"
    return f'??? source "{title}"\n\n{indent(block(f.source), "    ")}'


def calls(f, record):
    """One line for each framework as it was run, and how near the result is to the module's."""
    runs, versions = record["lines"].get(f.name, {}), record["versions"]
    # An entry's call that has not been run yet is not shown.
    runs = {key: runs[key] for key, call in f.frameworks.items() if runs.get(key, {}).get("line") == frameworks.line(call)}
    if not runs:
        return ""
    code = "\n".join(f"# {frameworks.NAMES[key]} {versions[key]}\n{run['line']}" for key, run in runs.items())
    return f"{block(code)}\n{agreement(f, runs)}{slopes_at_kinks(f, runs)}\n"


def agreement(f, runs):
    """How near values and slopes come to those of the module."""
    where = f"for {len(VECTORS)} random vectors" if f.vector else (
        f"from {words.number(POINTS[0])} to {words.number(POINTS[-1])} in steps of {words.number(POINTS[1] - POINTS[0], 1)}")
    error = max(run[what] for run in runs.values() for what in ("value", "slope"))
    result = "are equal to those of this site's module"
    if error:
        # The power of ten above it: the last bits differ between processors.
        result = f"differ from those of this site's module by less than $10^{{{ceil(log10(error))}}}$"
    return f"Run in float64 {where}: values and slopes {result}."


def slopes_at_kinks(f, runs):
    """What automatic differentiation gives where the slope jumps."""
    if f.vector or f.smoothness > 0:
        return ""
    sentences = []
    for kink in f.kinks():
        names = {}
        for key, run in runs.items():
            names.setdefault(words.number(run["kinks"][repr(kink)]), []).append(frameworks.NAMES[key])
        found = words.listed([f"{slope} in {words.listed(where)}" for slope, where in names.items()])
        sentences.append(f" At ${words.tex(kink)}$, where there is no derivative, automatic differentiation gives {found}.")
    return "".join(sentences)


def kinks(record, order):
    """What the frameworks return for the derivative of this order where there is none, a table."""
    header = ("Function", "at $z$", *(f"{frameworks.NAMES[key]} {record['versions'][key]}" for key in ("torch", "jax")),
              "One-sided slopes" if order == 1 else "One-sided second derivatives")
    rows = []
    for row in record["kinks"]:
        if row["order"] == order:
            torch, jax = (words.number(row["at"][key]) if key in row["at"] else "–" for key in ("torch", "jax"))
            jax = f"**{jax}**" if jax not in ("–", torch) else jax
            rows.append((linked(row["title"]), words.number(row["z"]), torch, jax,
                         ", ".join(words.number(side) for side in row["sides"])))
    return table(header, rows)


def linked(title):
    """The title of a row, with a link to the page of its function if there is one."""
    name, comma, rest = title.partition(",")
    for f in CATALOGUE.values():
        if name.lower() in (label.lower() for label in (f.title, *f.aliases)):
            return f"[{name}](../functions/{f.name}.md){comma}{rest}"
    return title
