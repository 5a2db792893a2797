"""The figures over a parameter and the tables of gains: true to the module, and fit for a page."""

import re
from math import sqrt
from xml.etree import ElementTree

import frameworks
import numpy as np
import pytest
from facts import gaussian
from hypothesis import given
from hypothesis import strategies as st
from layout import ROOT
from publish import gains, sweeps, words
from reference import CATALOGUE
from support.catalogue import EACH_ELEMENTWISE

SVG = "{http://www.w3.org/2000/svg}"
RECORD = frameworks.read()
GAINS = RECORD["gains"]["torch"]["gains"]
SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.fixture(scope="module")
def drawn():
    """Name -> text of its figure."""
    return {name: sweeps.figure(name) for name in sweeps.SWEEPS}


def curves(text, role):
    """The paths of one role, in the order of the settings: their nodes as numbers (points, 2), and a pixel (2,)."""
    found = []
    for path in ElementTree.fromstring(text).iter(f"{SVG}path"):
        if path.get("class") == role and path.get("data-scale"):
            sx, tx, sy, ty = map(float, path.get("data-scale").split())
            nodes = [list(map(float, part.split()[-2:])) for part in re.findall("[MLC]([^MLC]*)", path.get("d"))]
            found.append(((np.array(nodes) - [tx, ty]) / [sx, sy], abs(1 / np.array([sx, sy]))))
    return found


@pytest.mark.parametrize("name", sweeps.SWEEPS)
@pytest.mark.parametrize("order, role", [(0, "g"), (1, "d1")])
def test_each_setting_is_drawn_as_the_module_computes_it(name, order, role, drawn):
    sweep = sweeps.SWEEPS[name]
    paths = curves(drawn[name], role)
    assert len(paths) == len(sweep.settings) == len(set(sweep.settings)) and sweep.usual in sweep.settings
    for setting, (path, (width, height)) in zip(sweep.settings, paths):
        z, y = path.T
        assert z[0] == pytest.approx(sweep.range[0], abs=0.01) and z[-1] == pytest.approx(sweep.range[1], abs=0.01)
        smooth = [abs(z - kink) > 0.02 for kink in sweep.f.kinks(**sweep.at(setting))]
        smooth = np.all(smooth, axis=0) if smooth else np.full(z.shape, True)
        jet = sweep.f.jet(z[smooth], **sweep.at(setting))
        # A hundredth of a pixel is the rounding, in either direction.
        assert abs(y[smooth] - jet[order]).max() < 0.01 * (height + width * abs(jet[order + 1]).max())


@pytest.mark.parametrize("name", sweeps.SWEEPS)
def test_figure_is_fit_for_a_page(name, drawn):
    text = drawn[name]
    assert text == sweeps.figure(name), "two builds differ"
    assert all(line.strip() for line in text.splitlines()), "Markdown ends raw HTML at an empty line"
    figure = ElementTree.fromstring(text)
    svg = figure.find(f"{SVG}svg")
    ids = [e.get("id") for e in figure.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) and all(each.startswith(f"sweep-{name}-") for each in ids)
    assert svg.get("role") == "img" and svg.get("aria-labelledby") == f"sweep-{name}-title sweep-{name}-desc"
    assert not re.search(r'(fill|stroke)="#', text), "a colour that doesn't follow the scheme"
    said = svg.find(f"{SVG}desc").text
    assert all(sweeps.SWEEPS[name].name(setting) + ":" in said for setting in sweeps.SWEEPS[name].settings)
    labels = [e.text for e in svg.iter(f"{SVG}text")]
    for setting in sweeps.SWEEPS[name].settings:
        assert labels.count(sweeps.SWEEPS[name].name(setting)) == 2  # at the curve and at its slope


def test_the_description_says_what_the_module_computes():
    said = sweeps.describe(sweeps.SWEEPS["leaky_slope"])
    assert "α = 0.25: the value goes from −1 to 2, the slope lies between 0.25 and 1." in said


@given(z=st.floats(-5, 5), b=st.floats(0.1, 5))
def test_a_scaled_function_is_the_function_of_the_scaled_input(z, b):
    tanh = CATALOGUE["tanh"]
    g, d1, d2 = sweeps.Scaled(tanh).jet(z, b=b)
    expected = np.tanh(b * z), b / np.cosh(b * z) ** 2, b * b * tanh.second_derivative(b * z)
    assert (g, d1, d2) == pytest.approx(expected)
    assert sweeps.Scaled(CATALOGUE["relu"]).kinks(b=b) == (0.0,)


# The tables of gains


def rows(markdown):
    """Function -> the other cells."""
    lines = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in markdown.splitlines()[2:]]
    return dict(zip([name for name, f in CATALOGUE.items() if not f.vector], lines, strict=True))


def number(cell):
    mantissa, _, power = cell.removeprefix("times ").replace("−", "-").partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(SUPERSCRIPT) or 0)


def normal_mean():
    """The mean over a standard normal number, by equal steps, which shares nothing with Gauss-Legendre."""
    z = np.linspace(-12, 12, 2_400_001)
    density = np.exp(-z * z / 2) * (z[1] - z[0]) / sqrt(2 * np.pi)
    return lambda function: float((function(z) * density).sum())


@EACH_ELEMENTWISE
def test_moments_and_gains(f):
    cells = rows(gains.gains(RECORD))[f.name]
    assert cells[0].startswith(f"[{f.title}](../functions/{f.name}.md)")
    assert all(rf"$\{p.name} = {words.tex(p.default)}$" in cells[0] for p in f.parameters.values())
    average = normal_mean()
    square, slope_square = average(lambda z: f(z) ** 2), average(lambda z: f.derivative(z) ** 2)
    expected = average(f), square - average(f) ** 2, square, slope_square, square**-0.5, slope_square**-0.5
    for cell, value in zip(cells[1:7], expected, strict=True):
        assert number(cell) == pytest.approx(value, rel=6e-4, abs=1e-6)
    assert cells[7] == (words.number(GAINS[f.name]) if f.name in GAINS else "–")


@EACH_ELEMENTWISE
def test_what_becomes_of_a_start_with_the_own_gain(f):
    """The words on the variance are right if the map itself, run for 300 layers from two starts, says so."""
    _, share, slope, words_, chi, through = rows(gains.depth())[f.name]
    gain, average = gaussian.forward_gain(f), normal_mean()
    assert number(share) == pytest.approx(average(f) ** 2 / average(lambda z: f(z) ** 2), rel=6e-3, abs=1e-6)
    ends = []
    for q in (0.97, 1.03):
        for _ in range(300):
            q = min(gaussian.variance_map(f, q, gain), 1e9)
        ends.append(q)
    if words_ == "keeps whatever it is":
        assert ends == pytest.approx([0.97, 1.03])
    elif words_ == "yes, it returns":
        assert ends == pytest.approx([1, 1], abs=0.02)
    else:
        assert words_ == "no, it drifts away" and not any(0.97 <= q <= 1.03 for q in ends)
    assert number(through) == pytest.approx(number(chi) ** 25, rel=0.02)
    assert number(slope) > 0


def test_lists_name_the_functions_of_which_the_tables_say_so():
    """Each sentence with a list speaks of a column: where it says so, the function is in the list, and only there."""
    listed = {piece: set(re.findall(r"/(\w+)\.md", text)) for piece, text in gains.lists().items()}
    cells = rows(gains.depth())
    for piece, said in (("gains_drift.md", "no, it drifts away"), ("gains_keep.md", "keeps whatever it is")):
        assert listed[piece] == {name for name, row in cells.items() if row[3] == said}
    chi = {name: number(row[4]) for name, row in cells.items()}
    for piece, true in (
        ("chi_below.md", lambda x: x < 1),
        ("chi_one.md", lambda x: x == 1),
        ("chi_above.md", lambda x: x > 1),
    ):
        assert listed[piece] == {name for name in chi if true(chi[name])}
    assert all("\n" not in text for text in gains.lists().values())
    # The two gains agree where chi is 1.
    for name in chi:
        forward, backward = map(number, rows(gains.gains(RECORD))[name][5:7])
        assert (forward == backward) == (name in listed["chi_one.md"])


def test_a_list_without_a_function_is_still_a_phrase():
    assert gains.links([]) == "no function"


def test_the_record_has_pytorch_s_conventions():
    assert GAINS["tanh"] == 5 / 3 and GAINS["sigmoid"] == 1
    assert GAINS["relu"] == pytest.approx(sqrt(2))
    assert GAINS.get("selu", 3 / 4) == 3 / 4
    assert GAINS["leaky_relu"] == pytest.approx(gaussian.forward_gain(CATALOGUE["leaky_relu"]))


# The code on the guide's page


def blocks(page):
    """The Python blocks of a page."""
    text = (ROOT / "docs" / "guide" / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.S)


def test_the_code_on_tweaking_gives_the_gradient_of_the_shared_parameter():
    names = {}
    (code,) = blocks("tweaking.md")
    exec(code, names)
    swish, z, arriving = names["swish"], names["z"], names["arriving"]
    up, down = ((arriving * swish(z, beta=1 + step)).sum() for step in (1e-5, -1e-5))
    assert names["gradient"] == pytest.approx((up - down) / 2e-5, rel=1e-8)


def test_the_code_on_signal_propagation_runs_and_says_what_the_module_says():
    of_this_site, of_your_own = blocks("signal_propagation.md")
    names = {}
    exec(of_this_site, names)
    assert names["gain"] == pytest.approx(gaussian.forward_gain(CATALOGUE["gelu"]))
    exec(of_your_own, names)
    average, f = normal_mean(), names["f"]
    assert names["forward"] == pytest.approx(average(lambda z: f(z) ** 2) ** -0.5, rel=0.01)
    steps = 1e-6
    slope_square = average(lambda z: ((f(z + steps) - f(z - steps)) / (2 * steps)) ** 2)
    assert names["backward"] == pytest.approx(slope_square**-0.5, rel=0.01)
    mish, gain = CATALOGUE["mish"], gaussian.forward_gain(CATALOGUE["mish"])
    assert names["chi"] == pytest.approx(gaussian.chi(mish, 1.0, gain), rel=0.01)
    assert names["map_slope"] == pytest.approx(gaussian.variance_slope(mish, 1.0, gain), rel=0.02)
    assert names["mean_share"] == pytest.approx(gaussian.correlation_map(mish, 1.0, 0.0, gain), rel=0.01)
