"""How the site grows: its builds and pages with 15, 80 and 400 functions, most of them made up.

    python -m tools.growth               15, 80 and 400 functions
    python -m tools.growth 15 80         these numbers of functions
    python -m tools.growth --build       only builds and pages

A made-up function has an entry and a page of its own, with other numbers, other words and another name: copies of a
page would compress each other. Its equations are true, and the check passes. Times are seconds of processor time, which
other work on the machine changes little; bytes are those of files, as they are and with gzip.
"""

import argparse
import gzip
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from reference import CATALOGUE

from tools.benchmark import copy_project, served

PORTION = 40  # pages of which a cold check is timed where there are more: the time for all follows
VOWELS, CONSONANTS = "aeiou", "bcdfghklmnprstvz"
PAGE = """---
description: "{title}, {words8}."
---
# {title}

{words20}

--8<-- "{name}/card.md"

--8<-- "{name}/checked.md"

--8<-- "{name}/figure.svg"

## Definition

$$
g(z) = {g}
$$

{words80}

## First derivative

{words40}

{first}

{words80}

## Second derivative

{words40}

{second}

## Behaviour

{words80}

{values}

## In floating point

{words80}

--8<-- "{name}/values.md"

## In the frameworks

{words40}

--8<-- "{name}/calls.md"

## When it helps, when it hurts

{words120}

## References

--8<-- "{name}/source.md"

--8<-- "{name}/references.md"
"""
D = r"\frac{\mathrm d}{\mathrm dz}"


def chain(left, *rows, condition=""):
    """A displayed derivation, from (right side, reason)."""
    lines = " \\\\\n".join(rf"&= {side} && \text{{{reason}}}" for side, reason in rows)
    return f"$$\n\\begin{{aligned}}\n{left} {lines}\n\\end{{aligned}}{condition}\n$$"


def tanh(a, b):
    s = rf"\operatorname{{sech}}^2({b} z)"
    return (
        "sigmoidal",
        f"t, s = np.tanh({b} * z), 1 / np.cosh(np.clip({b} * z, -350, 350))",
        (f"{a} * t", f"{a * b!r} * s * s", f"{-2 * a * b * b!r} * t * s * s"),
        rf"{a} \tanh({b} z)",
        [(rf"{D} \left[ {a} \tanh({b} z) \right]", "set up"), (rf"{a} \cdot {b}\,{s}", "chain rule")],
        [
            (rf"{D} \left[ {a} \cdot {b}\,{s} \right]", "set up"),
            (rf"-2 \cdot {a} \cdot {b}^2 \tanh({b} z)\,{s}", "chain rule"),
        ],
        "g(-z) = -g(z)",
    )


def gate(a, b):
    u = f"{b} z"
    return (
        "gated",
        f"p, q = logistic({b} * z)\n    x = np.clip(z, -1e4, 1e4)",
        (
            f"{a} * np.where(z > -1e4, z, 0) * p",
            f"{a} * (p + {b} * x * p * q)",
            f"{a} * {b} * p * q * (2 - {b} * x * np.tanh({b} / 2 * x))",
        ),
        rf"{a} z\,\sigma({u})",
        [
            (rf"{D} \left[ {a} z\,\sigma({u}) \right]", "set up"),
            (rf"{a}\,\sigma({u}) + {a} z \cdot {b}\,\sigma'({u})", "product rule, chain rule"),
        ],
        [
            (rf"{D} \left[ {a}\,\sigma({u}) + {a} z \cdot {b}\,\sigma'({u}) \right]", "set up"),
            (rf"2 \cdot {a} \cdot {b}\,\sigma'({u}) + {a} z \cdot {b}^2\,\sigma''({u})", "sum rule, product rule"),
        ],
        rf"g(z) - g(-z) = {a} z",
    )


def plus(a, b):
    u = f"{b} z"
    return (
        "rectifier",
        f"p, q = logistic({b} * z)",
        (
            f"{a} * (np.maximum({b} * z, 0) + np.log1p(np.exp(-np.abs({b} * z))))",
            f"{a * b!r} * p",
            f"{a * b * b!r} * p * q",
        ),
        rf"{a} \ln\left(1 + e^{{{u}}}\right)",
        [
            (rf"{D} \left[ {a} \ln\left(1 + e^{{{u}}}\right) \right]", "set up"),
            (rf"{a} \cdot \frac{{{b}\,e^{{{u}}}}}{{1 + e^{{{u}}}}}", "chain rule"),
            (rf"{a} \cdot {b}\,\sigma({u})", "definition of the sigmoid"),
        ],
        [
            (rf"{D} \left[ {a} \cdot {b}\,\sigma({u}) \right]", "set up"),
            (rf"{a} \cdot {b}^2\,\sigma'({u})", "chain rule"),
        ],
        rf"g(z) - g(-z) = {a} \cdot {b} z",
    )


def elu(a, b):
    e = f"e^{{{b} z}}"
    return (
        "exponential",
        f"m = np.minimum({b} * z, 0)\n    e = np.exp(m)",
        (
            f"np.where(z > 0, z, {a} * np.expm1(m))",
            f"np.where(z > 0, 1, {a * b!r} * e)",
            f"np.where(z >= 0, 0, {a * b * b!r} * e)",
        ),
        rf"\begin{{cases}} z, & z > 0 \\ {a} \left({e} - 1\right), & z \le 0 \end{{cases}}",
        [(rf"{D} \left[ {a} \left({e} - 1\right) \right]", "set up"), (rf"{a} \cdot {b}\,{e}", "chain rule")],
        [(rf"{D} \left[ {a} \cdot {b}\,{e} \right]", "set up"), (rf"{a} \cdot {b}^2\,{e}", "chain rule")],
        rf"g'(z) = {b} \left(g(z) + {a}\right) \quad z < 0",
    )


def word(chance):
    letters = (chance.choice(CONSONANTS) + chance.choice(VOWELS) for _ in range(chance.choice((1, 2, 2, 3, 4))))
    return "".join(letters) + chance.choice(("", "", "n", "s", "t", "r"))


def invent(number, vocabulary):
    """(name, family, entry, page) of a made-up function. `vocabulary` are words, the frequent ones first."""
    chance = random.Random(number)
    a, b = (round(chance.uniform(0.5, 2), 3) for _ in "ab")
    family, given, yields, g, first, second, claim = (tanh, gate, plus, elu)[number % 4](a, b)
    # No word is in two names, so that a search for one finds its page.
    name = f"{word(chance)}{word(chance)}_{number}"
    title = name.replace("_", " ").capitalize()
    calls = {"torch": f"torch.nn.functional.{name}", "jax": f"jax.nn.{name}"} if number % 3 else {}
    kinked = family == "exponential"
    facts = "smoothness=0, kinks=(0.0,)" if kinked else "smoothness=math.inf"
    lines = "\n".join(f"    yield {formula}" for formula in yields)
    entry = f"""

@activation(
    title={title!r}, family={family!r}, {facts}, papers=(), frameworks={calls!r},
    aliases=({" ".join(word(chance) for _ in range(3))!r},),
)
def {name}(z):
    {given}
{lines}
"""

    def prose(count):
        """So many words, as often as words are in prose, in sentences."""
        words = [vocabulary[int(len(vocabulary) ** chance.random()) - 1] for _ in range(count)]
        return ". ".join(" ".join(words[i : i + 12]).capitalize() for i in range(0, count, 12)) + "."

    condition = r" \quad z < 0" if kinked else ""
    points = [round(chance.uniform(-3, 3), 2) for _ in range(4)]
    page = PAGE.format(
        title=title,
        name=name,
        g=g,
        first=chain("g'(z)", *first, condition=condition),
        second=chain("g''(z)", *second, condition=condition),
        values="\n\n".join([f"$$\n{claim}\n$$", *(f"$$\ng({x}) - g({x}) = 0\n$$" for x in points)]),
        **{f"words{count}": prose(count) for count in (8, 20, 40, 80, 120)},
    )
    return name, family, entry, page


def grow(folder, count):
    """Add made-up functions to the project in a folder, until it has `count`; returns their names."""
    chance, names = random.Random(0), []
    vocabulary = sorted({word(chance) for _ in range(6000)}, key=len)
    for number in range(count - len(CATALOGUE)):
        name, family, entry, page = invent(number, vocabulary)
        path = folder / "scripts/reference/entries" / f"made_{family}.py"
        if not path.exists():
            path.write_text(
                "import math\n\nimport numpy as np\n\nfrom reference.activation import activation\n"
                "from reference.numerics import logistic\n"
            )
        with path.open("a") as file:
            file.write(entry)
        (folder / "docs/functions" / f"{name}.md").write_text(page)
        names.append(name)
    return names


def run(folder, environment, *command):
    """(processor seconds, peak memory in MB) of a command and of what it starts."""
    process = subprocess.Popen([sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def sizes(path):
    """ "96 KB, 21 KB gzip"."""
    data = path.read_bytes()
    return f"{len(data) / 1000:.1f} KB, {len(gzip.compress(data)) / 1000:.1f} KB"


def measure(count, checked):
    """Label -> value: what a site of `count` functions takes."""
    found = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = copy_project(folder)
        names = grow(folder, count)
        build = ("-m", "mkdocs", "build", "--quiet")
        for made in (folder / "docs/generated", folder / ".cache", folder / "site"):
            shutil.rmtree(made, ignore_errors=True)
        found["clean build"], memory = run(folder, environment, *build)
        found["unchanged build"], _ = run(folder, environment, *build)
        page = folder / "docs/functions/sigmoid.md"
        page.write_text(page.read_text() + "\nOne more sentence.\n")
        found["one page edited"], _ = run(folder, environment, *build)
        entry = folder / "scripts/reference/entries/sigmoidal.py"
        entry.write_text(entry.read_text().replace('aliases=("logistic",)', 'aliases=("logistic", "squash")'))
        found["one entry edited"], _ = run(folder, environment, *build)
        found["peak memory, MB"] = memory
        for label, name in (("home", ""), ("index", "functions/"), ("function page", "functions/sigmoid/")):
            found[f"{label}, raw and gzip"] = sizes(folder / "site" / name / "index.html")
        if checked:
            found["page edited while served"] = refreshed(count)
            pages = [f"docs/functions/{name}.md" for name in (names or CATALOGUE)]
            portion = random.Random(0).sample(pages, min(PORTION, len(pages)))
            cold, _ = run(folder, environment, "scripts/check.py", *portion)
            found["check, cold, of all function pages" + " (estimated)" * (len(portion) < count)] = (
                cold * count / len(portion)
            )
            found["check, cached"], _ = run(folder, environment, "scripts/check.py", *portion)
    return found


def refreshed(count):
    """Processor seconds of `mkdocs serve` from an edit of a page to the refreshed page, the median of three."""
    with served("mkdocs.yml", lambda folder: grow(folder, count)) as edit:
        return statistics.median(edit() for _ in range(3))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("counts", nargs="*", type=int, default=[15, 80, 400], help="how many functions")
    parser.add_argument("--build", action="store_true", help="neither the check nor the server")
    options = parser.parse_args()
    columns = {count: measure(count, not options.build) for count in options.counts}
    labels = list(dict.fromkeys(label for found in columns.values() for label in found))
    print(f"{'':<38}" + "".join(f"{count:>20}" for count in columns))
    for label in labels:
        values = (found.get(label, "-") for found in columns.values())
        print(
            f"{label:<38}" + "".join(f"{value if isinstance(value, str) else f'{value:.1f}':>20}" for value in values)
        )


if __name__ == "__main__":
    main()
