"""Gaussian moments and gains of each elementwise function, and what depth does to them: tables, and lists for sentences."""

from functools import cache

from facts import gaussian
from frameworks import named
from reference import CATALOGUE

from publish import words
from publish.markdown import table

LAYERS = 50
ELEMENTWISE = {name: f for name, f in CATALOGUE.items() if not f.vector}


def title(f):
    """The function with its link, and the defaults that the numbers are for."""
    defaults = [rf"$\{p.name} = {words.tex(p.default)}$" for p in f.parameters.values()]
    return ", ".join([f"[{f.title}](../functions/{f.name}.md)", *defaults])


@cache
def measure(f):
    """What the tables need of a function: (`moments`, `shares`)."""
    return moments(f), shares(f)


def gains(record, measured=measure):
    """Moments for standard normal inputs, both gains, and PyTorch's as recorded.

    Here and below, `measured` returns what `measure` does: the build has it from when it made the function's own files.
    """
    header = (
        "Function",
        r"Mean $\mathbb{E}[g(Z)]$",
        r"Variance of $g(Z)$",
        r"Mean square $\mathbb{E}[g(Z)^2]$",
        r"Mean square slope $\mathbb{E}[g'(Z)^2]$",
        "Forward gain",
        "Backward gain",
        named("torch", record["gains"]["torch"]),
    )
    rows = [(title(f), *map(words.number, measured(f)[0]), recommended(f, record)) for f in ELEMENTWISE.values()]
    return table(header, rows, "lrrrrrrr")


def moments(f):
    """E[g], Var g, E[g^2], E[g'^2] and the two gains, as far as the quadrature is right, so that 0 is 0 and 1/2 is 1/2."""
    mean, square = gaussian.mean(f), gaussian.second_moment(f)
    slope_square, forward, backward = (
        gaussian.slope_second_moment(f),
        gaussian.forward_gain(f),
        gaussian.backward_gain(f),
    )
    return tuple(round(x, 12) for x in (mean, square - mean**2, square, slope_square, forward, backward))


def recommended(f, record):
    """What PyTorch recommends, or a dash."""
    gains = record["gains"]["torch"]["gains"]
    return words.number(gains[f.name]) if f.name in gains else "–"


def depth(measured=measure):
    """What a network does that starts with each function's own forward gain: to its signal, and to its gradient."""
    header = (
        "Function",
        "Square of the mean in the mean square",
        "Slope of the variance map at 1",
        "Does the variance stay at 1?",
        r"Factor $\chi$ for the gradient's mean square",
        f"The gradient's size through {LAYERS} layers, if it stays",
    )
    return table(header, [(title(f), *propagation(*measured(f)[1])) for f in ELEMENTWISE.values()], "lrrlrr")


def propagation(mean, slope, chi):
    """The cells of `depth` for one function, from its `shares`."""
    through = f"times {words.number(chi ** (LAYERS / 2), 3)}"
    return words.number(mean, 3), words.number(slope), stays(slope), words.number(chi), through


def shares(f):
    """mean^2 / E[g^2], the slope of the variance map at 1 and chi, at the function's own gain and without biases."""
    gain = gaussian.forward_gain(f)
    found = gaussian.mean(f) ** 2 * gain**2, gaussian.variance_slope(f, 1.0, gain), gaussian.chi(f, 1.0, gain)
    return tuple(round(x, 12) for x in found)  # the moments are right to 1e-13: a slope of 1 is 1


def stays(slope):
    """Whether a fixed point with this slope of the map attracts."""
    if slope == 1:
        return "keeps whatever it is"
    return "yes, it returns" if slope < 1 else "no, it drifts away"


def lists(measured=measure):
    """Piece -> the functions of which a sentence speaks, with links, so that it stays true when one joins."""
    slopes, chis = ({f: measured(f)[1][i] for f in ELEMENTWISE.values()} for i in (1, 2))
    return {
        "gains_drift.md": links(f for f, slope in slopes.items() if slope > 1),
        "gains_keep.md": links(f for f, slope in slopes.items() if slope == 1),
        "chi_below.md": links(f for f, chi in chis.items() if chi < 1),
        "chi_one.md": links(f for f, chi in chis.items() if chi == 1),
        "chi_above.md": links(f for f, chi in chis.items() if chi > 1),
    }


def links(functions):
    """[A](...), [B](...) and [C](...), for a page one folder below docs/; a line end would end the paragraph around it."""
    return words.listed([f"[{f.title}](../functions/{f.name}.md)" for f in functions] or ["no function"])
