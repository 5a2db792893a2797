"""The generated Markdown with code: an entry's own source, its calls in frameworks, and their derivatives at kinks."""

from math import ceil, isclose, log10
from textwrap import indent

import frameworks
import layout
from frameworks.kinks import NNLIB, READ
from frameworks.run import POINTS, VECTORS
from records import FRESH, NOT_RUN, STALE
from reference import CATALOGUE

from publish import words
from publish.markdown import table


def block(code):
    """A fenced block of Python."""
    return f"```python\n{code.rstrip()}\n```\n"


def source(f):
    """The entry's source as it is tested, folded."""
    title = f"This site's code, {layout.relative(f.file)}"
    return f'??? source "{title}"\n\n{indent(block(f.source), "    ")}'


UNTOLD = {NOT_RUN: "not run yet", STALE: "not run since its entry was changed"}
COMMON = ("torch", "jax", "keras")  # those whose calls an entry names


def calls(f, record):
    """One line for each framework, and of those that were run how near the result is to the module's."""
    if not f.frameworks:
        return f"{words.listed([frameworks.NAMES[key] for key in COMMON])} have no call for {f.title}.\n"
    lines, runs = [], {}
    for key, call in f.frameworks.items():
        state = frameworks.state(f, key, record)
        if state == FRESH:
            runs[key] = record[f.name][key]
            lines.append(f"# {frameworks.named(key, runs[key])}\n{runs[key]['line']}")
        else:
            lines.append(f"# {frameworks.NAMES[key]}, {UNTOLD[state]}\n{frameworks.line(call)}")
    said = f"\n{agreement(f, runs)}{slopes_at_kinks(f, runs)}\n" if runs else ""
    return block("\n".join(lines)) + said


def agreement(f, runs):
    """How near values and slopes come to those of the module."""
    where = (
        f"for {len(VECTORS)} random vectors"
        if f.vector
        else (
            f"from {words.number(POINTS[0])} to {words.number(POINTS[-1])} "
            f"in steps of {words.number(POINTS[1] - POINTS[0], 1)}"
        )
    )
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
        sentences.append(
            f" At ${words.tex(kink)}$, where there is no derivative, automatic differentiation gives {found}."
        )
    return "".join(sentences)


def kinks(record, order):
    """What the frameworks return for the derivative of this order where there is none, a table."""
    answers, columns = record["kinks"], ("torch", "jax", "tensorflow")
    header = ["Function", "at $z$", *(frameworks.named(key, answers[key]) for key in columns)]
    header += [f"NNlib {NNLIB}", "One-sided slopes"] if order == 1 else ["One-sided second derivatives"]
    slopes = {
        (key, row["title"], row["z"], row["order"]): row["slope"]
        for key, answer in answers.items()
        for row in answer["rows"]
    }
    rows = []
    for row in answers["torch"]["rows"]:
        if row["order"] == order:
            place = row["title"], row["z"]
            found = [slopes.get((key, *place, order), "–") for key in columns]
            if found[1] == "–":
                found[1] = slopes.get(("flax", *place, order), "–")
            found += [READ.get(place, "–")] if order == 1 else []
            cells = [row["title"], *(cell(slope, row["slope"]) for slope in found)]
            if ("flax", *place, order) in slopes:
                cells[2] += f" ({frameworks.named('flax', answers['flax'])})"
            rows.append((linked(cells[0]), words.number(row["z"]), *cells[1:], ", ".join(map(short, row["sides"]))))
    return table(header, rows)


def cell(slope, expected):
    """A derivative, bold if it isn't the expected one; a dash stays; "error" where the framework has none."""
    if slope == "–":
        return slope
    if slope is None:
        return "**error**"
    return short(slope) if isclose(slope, expected, rel_tol=1e-6) else f"**{short(slope)}**"


def short(slope):
    """To four digits, but 0.01 where it is kept in float32."""
    return words.number(float(f"{slope:.6g}"))


def linked(title):
    """The title of a row, with a link to the page of its function if there is one."""
    name, comma, rest = title.partition(",")
    for f in CATALOGUE.values():
        if name.lower() in (label.lower() for label in (f.title, *f.aliases)):
            return f"[{name}](../functions/{f.name}.md){comma}{rest}"
    return title


def prelu(record):
    """As in "0.25 in PyTorch 2.13.0, 1 in Flax 0.12.8": the derivative of PReLU at its kink, a piece of a sentence."""
    found = [
        (row["slope"], frameworks.named(key, answer))
        for key, answer in record["kinks"].items()
        if key != "tensorflow"
        for row in answer["rows"]
        if row["title"].startswith("PReLU")
    ]
    return words.listed([f"{words.number(slope)} in {name}" for slope, name in found])
