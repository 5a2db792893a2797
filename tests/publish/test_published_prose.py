"""The numbers in sentences that no displayed equation holds: read off the page, and computed again."""

import math
import re

import numpy as np
import pytest
from derivations import definition
from facts import gaussian
from layout import ROOT
from publish import curves
from reference import CATALOGUE
from scipy.special import expit

HUGE, TINY = math.log(np.finfo(float).max), math.log(np.finfo(float).tiny)  # where exp overflows, loses digits
NOTHING = -1075 * math.log(2)  # and is rounded to 0: half the smallest number is 2^-1075
LOST = math.log(2**53)  # from here on 1 + exp(-z) is rounded to 1


def sentence(page):
    """The text of a page with each run of white space as one space."""
    return " ".join((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split())


def up(x, decimals=0):
    """The number that follows x on a grid of so many decimals."""
    return math.ceil(x * 10**decimals) / 10**decimals


def extrema(name, order):
    return sorted(found.z for found in curves.features(CATALOGUE[name]).extrema[order])


def tanh_form(z):
    return z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def farthest(f, h):
    """(z, |f - h| there) where two functions are farthest apart."""
    z = np.linspace(-8, 8, 160001)
    apart = np.abs(f(z) - h(z))
    return abs(z[apart.argmax()]), apart.max()


def steps_of_a_leaky_unit():
    """How many steps of the example on the page of Leaky ReLU bring z = 2 w + b above 0."""
    leaky, w, b, steps = CATALOGUE["leaky_relu"], -1.0, -1.0, 0
    while 2 * w + b <= 0:
        gradient = (leaky(2 * w + b) - 1) * leaky.derivative(2 * w + b)
        w, b, steps = w - 2 * gradient, b - gradient, steps + 1
    return steps


def relative_error_of_exp_minus_one():
    return abs((np.exp(-1e-10) - 1) / float(definition("elu").jet(-1e-10, 0, alpha=1)[0]) - 1)


def lost_digits_behind_the_threshold():
    """Of the sixteen digits of softplus(20.000001), those that are wrong where the input itself is returned."""
    value = float(definition("softplus").jet(20.000001, 0, beta=1)[0])
    return 16 - round(-math.log10((value - 20.000001) / value))


def passing(w):
    """How wide the range of inputs is for which a sigmoid with the weight w has a slope of at least 1."""
    return 2 / w * math.log(w * (1 + math.sqrt(1 - 4 / w)) / 2 - 1)


def widest_passing():
    return max((step / 10 for step in range(41, 200)), key=passing)


def growth(name):
    """By how many per cent the mean square of the gradient grows a layer, at the function's own gain."""
    return round(100 * (gaussian.chi(CATALOGUE[name], 1.0, gaussian.forward_gain(CATALOGUE[name])) - 1))


WORDS = {"seven per cent": 7, "six": 6, "seven": 7, "sixteen": 16, "forty": 40}
(EDGE,) = gaussian.edge_of_chaos(CATALOGUE["sigmoid"])
CENTRED = gaussian.second_moment(CATALOGUE["sigmoid"]) - 0.25  # its mean is 1/2
QUICK = farthest(CATALOGUE["gelu"], lambda z: z * expit(1.702 * z))[1]

# Page, sentence with a group for each number, and the numbers as they must be shown.
SENTENCES = [
    ("functions/sigmoid", r"happens just below \$z = (.+?)\$", lambda: [up(LOST)]),
    ("functions/sigmoid", r"in float64 from about \$z = (.+?)\$ on", lambda: [round(-HUGE, 1)]),
    ("functions/tanh", r"is infinity over infinity at \$z = (.+?)\$ in float64", lambda: [up(HUGE)]),
    (
        "functions/elu",
        r"numpy 2\.4\.6 computes it as \$(.+?) \\cdot 10\^\{-10\}\$",
        lambda: [round((np.exp(-1e-10) - 1) * 1e10, 8)],
    ),
    (
        "functions/elu",
        r"with about (\w+) right digits of",
        lambda: [round(-math.log10(relative_error_of_exp_minus_one()))],
    ),
    ("functions/softplus", r"just below \$z = (.+?)\$, and its logarithm", lambda: [round(-LOST, 1)]),
    ("functions/softplus", r"On the right \$e\^\{z\}\$ overflows at \$z = (.+?)\$", lambda: [round(HUGE, 1)]),
    (
        "functions/softplus",
        r"and (\w+) of the (\w+) digits of the value",
        lambda: [lost_digits_behind_the_threshold(), 16],
    ),
    ("functions/leaky_relu", r"After (\d+) of them \$z\$ is positive", lambda: [steps_of_a_leaky_unit()]),
    ("functions/gelu", r"to a minimum just below \$(.+?)\$", lambda: [up(extrema("gelu", 0)[0], 2)]),
    (
        "functions/gelu",
        r"difference is largest near \$(.+?)\$ and \$-\1\$, and less",
        lambda: [round(farthest(CATALOGUE["gelu"], tanh_form)[0], 1)],
    ),
    ("functions/silu", r"to a minimum near \$(.+?)\$ and rises", lambda: [round(extrema("silu", 0)[0], 2)]),
    (
        "functions/silu",
        r"second derivative is zero, at about \$\\pm (.+?)\$",
        lambda: [round(extrema("silu", 1)[1], 1)],
    ),
    (
        "functions/silu",
        r"lies between about \$(.+?)\$ and \$(.+?)\$\.",
        lambda: np.round(CATALOGUE["silu"].derivative(np.array(extrema("silu", 1))), 1),
    ),
    (
        "functions/silu",
        r"underflows to zero near \$z = (.+?)\$, and loses digits from \$(.+?)\$ on",
        lambda: [round(NOTHING), round(TINY)],
    ),
    (
        "functions/swish",
        r"differ by at most about ([\d.]+), some (\w+) times as much",
        lambda: [round(QUICK, 2), round(QUICK / farthest(CATALOGUE["gelu"], tanh_form)[1], -1)],
    ),
    ("functions/mish", r"to a minimum near \$(.+?)\$ and rises", lambda: [round(extrema("mish", 0)[0], 2)]),
    (
        "functions/mish",
        r"changes its sign twice, near \$(.+?)\$ and \$(.+?)\$",
        lambda: np.round(extrema("mish", 1), 2),
    ),
    (
        "functions/mish",
        r"from \$z = (.+?)\$ on, in float32 from \$z = (.+?)\$ on",
        lambda: [up(HUGE / 4, 1), up(math.log(np.finfo(np.float32).max) / 4, 1)],
    ),
    ("functions/glu", r"For \$b\$ below \$(.+?)\$ the sigmoid underflows", lambda: [round(NOTHING)]),
    ("functions/glu", r"which is 0 from \$b = (.+?)\$ on", lambda: [up(LOST)]),
    ("functions/softmax", r"In float64, \$e\^\{(.+?)\}\$ is infinity", lambda: [up(HUGE)]),
    (
        "functions/sigmoid",
        r"a range of less than ([\d.]+) falls into it\. It is widest for a weight near ([\d.]+)",
        lambda: [up(passing(widest_passing()), 2), widest_passing()],
    ),
    (
        "guide/signal_propagation",
        r"at \$\\sigma_w\$ about ([\d.]+)\. There the variance settles at about ([\d.]+),",
        lambda: [round(EDGE.sigma_w, 2), round(EDGE.q, 2)],
    ),
    ("guide/signal_propagation", r"mean square then grows by (\d+) per cent a layer", lambda: [growth("tanh")]),
    ("guide/signal_propagation", r"grows by about (seven per cent) a layer", lambda: [growth("selu")]),
    (
        "guide/signal_propagation",
        r"for the sigmoid (\d+) per cent of that is the mean",
        lambda: [round(25 / gaussian.second_moment(CATALOGUE["sigmoid"]))],
    ),
    (
        "guide/signal_propagation",
        r"For ReLU it takes it from 1 to ([\d.]+)\.",
        lambda: [round(math.pi / (math.pi - 1), 3)],
    ),
    (
        "guide/tweaking",
        r"the gain goes up from ([\d.]+) to ([\d.]+)\. With the old gain the variance would shrink to ([\d.]+)",
        lambda: [
            round(gaussian.forward_gain(CATALOGUE["sigmoid"]), 2),
            round(1 / math.sqrt(CENTRED), 2),
            round(CENTRED / gaussian.second_moment(CATALOGUE["sigmoid"]), 3),
        ],
    ),
]


@pytest.mark.parametrize("page, pattern, expected", SENTENCES)
def test_a_number_in_a_sentence_is_right(page, pattern, expected):
    [found] = re.finditer(pattern, sentence(page))
    shown = [WORDS[word] if word in WORDS else float(word) for word in found.groups()]
    assert shown == pytest.approx(list(expected()), rel=1e-12)


def test_numbers_are_lost_where_the_pages_say():
    """What the pages conclude from the thresholds above, in arithmetic."""
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        assert 1 + np.exp(-37.0) == 1 < 1 + np.exp(-36.7)
        assert np.log(1 + np.exp(-36.75)) == 0 < np.log(1 + np.exp(-36.7))
        assert np.isinf(np.exp(710.0)) and np.isfinite(np.exp(709.0))
        assert np.isinf(np.exp(709.8)) and np.exp(-745.2) == 0 < np.exp(-745.0) < np.finfo(float).tiny
        for z, kind in ((177.5, np.float64), (22.2, np.float32)):
            e = np.exp(kind(z))
            omega = 4 * (kind(z) + 1) + 4 * e * e + e * e * e + e * (4 * kind(z) + 6)
            assert np.isnan(e * omega / (2 * e + e * e + 2) ** 2)
        p = np.exp([800.0 - 800.0, 0.0 - 800.0]) / np.exp([800.0 - 800.0, 0.0 - 800.0]).sum()
        assert p.tolist() == [1, 0]


def named(page, pattern):
    """The functions that a sentence names, as entries."""
    [found] = re.finditer(pattern, sentence(page))
    titles = {f.title: f for f in CATALOGUE.values()}
    return [titles[title] for title in re.split(r", | and ", found[1])]


Z = np.linspace(-9, 9, 37)


def test_the_functions_named_as_symmetric_are():
    for f in named("functions/mish", r"Unlike for (.+?), the values at"):
        assert f(Z) - f(-Z) == pytest.approx(Z, abs=1e-14)
    mish = CATALOGUE["mish"]
    assert mish(Z) - mish(-Z) != pytest.approx(Z, abs=0.1)


def test_the_functions_with_one_scale_have_one():
    for f in named("guide/tweaking", r"\*\*For (.+?) \$a\$ and \$b\$ are even one and the same dial"):
        for b in (0.3, 2.0):
            assert f(b * Z) == pytest.approx(b * f(Z), rel=1e-12)


STUMBLES = r"\b(dear(er|est|ly)?|mend(s|ed)?)\b|\b(softmax|softplus|JAX|Swish)['’](?!\w)"


def test_no_words_that_readers_with_little_english_stumble_over():
    for path in (ROOT / "docs").rglob("*.md"):
        if "generated" not in path.parts:
            assert not re.search(STUMBLES, path.read_text(encoding="utf-8")), path
