"""The tables of tables/gains.md: Gaussian moments and gains of each elementwise function, and what depth does to them."""

from frameworks import named
from publish import words
from publish.markdown import table
from reference import CATALOGUE, gaussian

LAYERS = 50
ELEMENTWISE = {name: f for name, f in CATALOGUE.items() if not f.vector}


def title(f):
    """The function with its link, and the defaults that the numbers are for."""
    defaults = [rf"$\{p.name} = {words.tex(p.default)}$" for p in f.parameters.values()]
    return ", ".join([f"[{f.title}](../functions/{f.name}.md)", *defaults])


def gains(record):
    """Moments for standard normal inputs, both gains, and PyTorch's as recorded."""
    header = (
        "Function",
        r"Mean $\mathbb{E}[g(Z)]$",
        r"Mean square $\mathbb{E}[g(Z)^2]$",
        r"Mean square slope $\mathbb{E}[g'(Z)^2]$",
        "Forward gain",
        "Backward gain",
        named("torch", record["gains"]["torch"]),
    )
    rows = [(title(f), *map(words.number, moments(f)), recommended(f, record)) for f in ELEMENTWISE.values()]
    return table(header, rows, "lrrrrrr")


def moments(f):
    """E[g], E[g^2], E[g'^2] and the two gains, as far as the quadrature is right, so that 0 is 0 and 1/2 is 1/2."""
    of = gaussian.mean, gaussian.second_moment, gaussian.slope_second_moment, gaussian.forward_gain, gaussian.backward_gain
    return tuple(round(moment(f), 12) for moment in of)


def recommended(f, record):
    """What PyTorch recommends, or a dash."""
    gains = record["gains"]["torch"]["gains"]
    return words.number(gains[f.name]) if f.name in gains else "–"


def depth():
    """What a network does that starts with each function's own forward gain: to its signal, and to its gradient."""
    header = (
        "Function",
        "Slope of the variance map at 1",
        "Does the variance stay at 1?",
        r"Factor $\chi$ for the gradient's mean square",
        f"The gradient's size through {LAYERS} layers, if it stays",
    )
    return table(header, [(title(f), *propagation(f)) for f in ELEMENTWISE.values()], "lrlrr")


def propagation(f):
    """The cells of `depth` for one function."""
    gain = gaussian.forward_gain(f)
    slope, chi = gaussian.variance_slope(f, 1.0, gain), gaussian.chi(f, 1.0, gain)
    slope, chi = round(slope, 12), round(chi, 12)  # the moments are right to 1e-13: a slope of 1 is 1
    return words.number(slope), stays(slope), words.number(chi), f"times {words.number(chi ** (LAYERS / 2), 3)}"


def stays(slope):
    """Whether a fixed point with this slope of the map attracts."""
    if slope == 1:
        return "keeps whatever it is"
    return "yes, it returns" if slope < 1 else "no, it drifts away"
