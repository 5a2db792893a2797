"""Numbers, names and charts that the studies share."""

from math import comb, log10
from typing import NamedTuple

import numpy as np
from experiments.functions import FUNCTIONS

from publish import words
from publish.panels import FONT, ROLES, Panel

SCHEMES = {"he": "He", "xavier": "Xavier", "own": "own gain"}
GUESSING = 0.1  # of ten digits


def title(name):
    """The title of a function of the experiments."""
    return FUNCTIONS[name].title


def titles(names):
    """Their titles as a list in words."""
    return words.listed([title(name) for name in names])


def percent(share):
    """A share as 0.5%, 5%, 12%, 100%; a tiny one as <0.1%."""
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f}".removesuffix(".0") + "%"


def accuracy(share):
    """A share of right answers, of which a tenth of a percent is half a digit."""
    return f"{100 * share:.1f}%"


def power_of_ten(exponent):
    """10 with its exponent as superscripts."""
    return f"10{str(exponent).translate(words.SUPERSCRIPT)}" if exponent else "1"


def log(x):
    """A common logarithm with one decimal."""
    return "–" if x is None else f"{x + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−")


def count(number, noun):
    """A number with its noun, in the plural but for 1."""
    return f"{number} {noun}{'s' * (number != 1)}"


def spread(entry, text=accuracy):
    """Median and quartiles."""
    return f"{text(entry['median'])} ({text(entry['q1'])} to {text(entry['q3'])})"


def outcome(entry):
    """What training at the chosen rate came to: accuracy, rate, runs that diverged."""
    return f"{spread(entry)}, rate {entry['rate']:g}" + f", {entry['diverged']} diverged" * bool(entry["diverged"])


class Paired(NamedTuple):
    """Two lists of runs that share their random numbers, the first less the second."""

    median: float
    low: float  # ends of an interval for the median, right with a probability of 95 % or more
    high: float
    won: int  # runs in which the first is better
    lost: int

    @property
    def apart(self):
        """Whether 0 lies outside the interval."""
        return not self.low <= 0 <= self.high


def paired(a, b):
    """The differences of two lists of runs, compared without a word on their distribution: one run may fail altogether.

    The k-th difference from either end bounds the median, unless fewer than k lie on one side of it. With the
    probability of tossing fewer than k heads, at most 1/40, each end is wrong.
    """
    differences = np.sort(np.subtract(a, b))
    n, k = len(differences), 0
    while sum(comb(n, heads) for heads in range(k + 1)) / 2**n <= 0.025:
        k += 1
    won, lost = int((differences > 0).sum()), int((differences < 0).sum())
    return Paired(float(np.median(differences)), float(differences[k - 1]), float(differences[-k]), won, lost)


def signed(share):
    """A difference of shares in percentage points."""
    text = f"{100 * abs(share):.1f}"
    return text if text == "0.0" else f"{'+' if share > 0 else '−'}{text}"


def points(pair):
    """A paired difference in percentage points with its interval."""
    return f"{signed(pair.median)} ({signed(pair.low)} to {signed(pair.high)})"


def by_first(results):
    """{"relu/he": entry} as {"relu": {"he": entry}}."""
    found = {}
    for case, entry in results.items():
        name, rest = case.split("/", 1)
        found.setdefault(name, {})[rest] = entry
    return found


ERRORS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.9)  # where an axis of wrong answers is marked; 0.9 is guessing


def wrong_answers(heading, rows, lowest, left=100, width=320):
    """A panel with the share of wrong answers on a logarithmic scale, a row a function, and what it says.

    `rows` are (label, [(name of the series or "", entry)]); an entry has runs, q1, median and q3 of the accuracy.
    """
    low = log10(min(ERRORS[0], max(lowest, 1e-3))) - 0.05
    panel = Panel(heading, (low, 0), (-len(rows) + 0.5, 0.5), (width, 30 * len(rows) + 62), left=left)
    bottom, top = panel.plot.y
    panel.x_ticks({log10(share): percent(share) for share in ERRORS}, "wrong answers")
    panel.strokes([((log10(share), bottom), (log10(share), top)) for share in ERRORS], "axis", 0.3)
    said = []
    for row, (label, entries) in enumerate(rows):
        panel.drawing.text(left - 6, panel.plot.at(0, -row)[1] - 4, label, "mark", size=FONT, align="right")
        places = np.linspace(0.25, -0.25, len(entries)) if len(entries) > 1 else [0]
        parts = []
        for place, role, (series, entry) in zip(places, ROLES, entries):
            y = place - row
            shares = [*entry["runs"], entry["q1"], entry["median"], entry["q3"]]
            *runs, right, middle, left_ = (log10(max(1 - share, 10**low)) for share in shares)
            panel.strokes([((min(runs), y), (max(runs), y))], role, 1)
            panel.strokes([((left_, y), (right, y))], role, 3)
            panel.dots([middle], [y], role, 6)
            parts.append(f"{series} {percent(1 - entry['median'])}".strip())
        said.append(f"{label}: {', '.join(parts)}")
    return panel, f"Median share of wrong answers. {'. '.join(said)}."


def lowest_error(results):
    """The smallest share of wrong answers of any run: where the axis of errors begins."""
    return 1 - max(share for entry in results.values() for share in entry["runs"])
