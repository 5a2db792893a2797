"""The figures of the guide on signal propagation: fit for a page, true to the module, and as the guide says."""

import gzip
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from experiments.functions import FUNCTIONS
from facts import gaussian
from publish import theory, words
from reference import CATALOGUE
from support.svg import series

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    return {name: make() for name, make in theory.FIGURES.items()}


def panels(text):
    """Title -> SVG element of each panel."""
    return {svg[0].text: svg for svg in ElementTree.fromstring(text).iter(f"{SVG}svg")}


def strokes(svg, role, scale):
    """The straight lines of a role that have no scale of their own, as rows x1, y1, x2, y2 in the units of the axes."""
    sx, tx, sy, ty = map(float, scale.split())
    found = [
        part
        for path in svg.iter(f"{SVG}path")
        if path.get("class") == role and not path.get("data-scale")
        for part in re.findall(r"M(-?[\d.]+) (-?[\d.]+)L(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    ]
    return (np.array(found, float) - [tx, ty, tx, ty]) / [sx, sy, sx, sy]


@pytest.mark.parametrize("name", theory.FIGURES)
def test_figures_are_fit_for_a_page(name, drawn):
    text = drawn[name]
    assert all(line.strip() for line in text.splitlines()) and len(gzip.compress(text.encode(), mtime=0)) <= 6144
    ids = re.findall(r'\bid="([^"]+)"', "".join(drawn.values()))
    assert len(set(ids)) == len(ids)
    for svg in panels(text).values():
        assert svg.get("role") == "img" and len(svg[1].text) > 60 and not set(svg[1].text) & set("$\\{}")
        assert svg.get("aria-labelledby").split() == [svg[0].get("id"), svg[1].get("id")]
        width, height = float(svg.get("width")), float(svg.get("height"))
        for e in svg.iter(f"{SVG}text"):
            reach = 0.6 * len(e.text) * float(e.get("font-size"))
            left = float(e.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[e.get("text-anchor")] * reach
            assert -4 < left and left + reach < width + 4 and 0 < float(e.get("y")) < height, e.text


@pytest.mark.parametrize("name", ["variance_map", "moments"])
def test_the_same_bytes_each_time(name, drawn):
    assert theory.FIGURES[name]() == drawn[name]


def layers(svg, role, scale):
    """The values of a staircase: where its vertical lines stand, and where the last of them ends."""
    found = strokes(svg, role, scale)
    upright = found[: len(found) // 2]
    assert upright[:, 0] == pytest.approx(upright[:, 1], abs=0.02) and upright[:, 0] == pytest.approx(
        upright[:, 2], abs=0.01
    )
    return [*upright[:, 0], upright[-1, 3]]


@pytest.mark.parametrize("name", theory.VARIANCES)
def test_the_variance_map_is_that_of_the_module(name, drawn):
    f = CATALOGUE[name]
    gain = gaussian.forward_gain(f)
    svg = panels(drawn["variance_map"])[f"{f.title}, gain {words.number(gain)}"]
    q, v, tolerance = series(svg, "g", measured=False)
    for x in np.linspace(0.05, q[-1], 17):
        assert np.interp(x, q, v) == pytest.approx(gaussian.variance_map(f, x, gain), abs=2 * tolerance)
    scale = next(e.get("data-scale") for e in svg.iter(f"{SVG}path") if e.get("data-scale"))
    for role, start in zip(("d1", "d2"), theory.VARIANCES[name][1]):
        expected = [start]
        for _ in range(theory.LAYERS):
            expected.append(gaussian.variance_map(f, expected[-1], gain))
        assert layers(svg, role, scale) == pytest.approx(expected, abs=0.02)
        assert f"from {words.number(start)} to {words.number(round(expected[-1], 9), 3)}" in svg[1].text


def test_what_the_guide_says_of_the_three_variance_maps():
    tanh, relu, gelu = (
        gaussian.fixed_points(f, gaussian.forward_gain(f)) for f in map(CATALOGUE.get, ("tanh", "relu", "gelu"))
    )
    assert [(round(p.q, 9), p.attracting) for p in tanh] == [(0, False), (1, True)]
    assert len(relu) == 1 and np.isnan(relu[0].q)
    assert [(round(p.q, 9), p.attracting) for p in gelu] == [(0, True), (1, False)]


def test_bars_are_the_moments(drawn):
    """Each row: the mean's part and the rest up to 1 above, the slope's below; the description has the same numbers."""
    titles = []
    for svg in panels(drawn["moments"]).values():
        said = re.findall(r" ([^.]+?): mean² (\d[\d.]*), χ (\d[\d.]*)\.", svg[1].text)
        titles += [title for names, *_ in said for title in names.split(", ")]
        scale = f"{168 / theory.LONGEST} 100 -34 {float(svg.get('height')) - 34 - 34 * (len(said) - 0.5)}"
        bars = {
            role: {(round(-y), y > round(y)): (x1, x2) for x1, y, x2, _ in strokes(svg, role, scale)}
            for role in ("d1", "g", "d2")
        }
        for row, (names, *shown) in enumerate(said):
            f = next(f for f in CATALOGUE.values() if f.title == names.split(", ")[0])
            square = gaussian.second_moment(f)
            share, chi = gaussian.mean(f) ** 2 / square, gaussian.slope_second_moment(f) / square
            assert [float(x) for x in shown] == pytest.approx([share, chi], rel=6e-3, abs=1e-9)
            assert bars["d1"].get((row, True), (0, 0)) == pytest.approx((0, share), abs=3e-3)
            assert bars["g"][row, True] == pytest.approx((share, 1), abs=3e-3)
            assert bars["d2"][row, False] == pytest.approx((0, min(chi, theory.LONGEST)), abs=3e-3)
    assert sorted(titles) == sorted(f.title for f in CATALOGUE.values() if not f.vector)


def test_no_function_without_jumps_has_more_variance_than_slope():
    """The inequality of Poincare, as the caption has it."""
    for f in CATALOGUE.values():
        if not f.vector and f.smoothness >= 0:
            variance = gaussian.second_moment(f) - gaussian.mean(f) ** 2
            assert variance <= gaussian.slope_second_moment(f) * (1 + 1e-12)


@pytest.mark.parametrize("name", theory.SHOWN)
def test_the_correlation_map_is_that_of_the_module(name, drawn):
    f = FUNCTIONS[name]
    svg = panels(drawn["correlation_map"])[f.title]
    c, values, tolerance = series(svg, "g", measured=False)
    gain = gaussian.forward_gain(f)
    for x in (0.1, 0.45, 0.7, 0.93):
        assert np.interp(x, c, values) == pytest.approx(gaussian.correlation_map(f, 1.0, x, gain), abs=2 * tolerance)
    scale = next(e.get("data-scale") for e in svg.iter(f"{SVG}path") if e.get("data-scale"))
    expected = [theory.START]
    for _ in range(theory.LAYERS):
        expected.append(float(np.interp(expected[-1], c, values)))
    assert layers(svg, "d1", scale) == pytest.approx(expected, abs=0.02)
    rest = gaussian.correlation_fixed_point(f, 1.0, gain)
    assert svg[1].text.endswith(f"with depth the correlation comes to {words.number(round(rest, 12), 3)}.")
    assert abs(expected[-1] - rest) <= abs(theory.START - rest)
