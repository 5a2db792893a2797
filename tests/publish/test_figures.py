"""The figures: well-formed, accessible, in the page's colours, and true to the module."""

import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest
from facts import features
from layout import ROOT
from publish import curves, figures
from reference import CATALOGUE
from support.catalogue import ALL, EACH_ELEMENTWISE, EACH_VECTOR, ELEMENTWISE, EVERY
from support.svg import SVG, check_announced, check_figure


def facts(f):
    return features.features(f)


@pytest.fixture(scope="module")
def drawn():
    """Name -> text of its figure."""
    return {f.name: (figures.vector_figure if f.vector else figures.figure)(f, facts(f)) for f in ALL}


def points(path):
    """The pixels along a path of M, L and C, as runs of points that are joined."""
    runs = []
    for letter, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = np.array(text.split(), float).reshape(-1, 2)
        if letter == "M":
            runs.append([numbers[0]])
        elif letter == "L":
            t = np.linspace(0, 1, 20)[1:, None]
            runs[-1].extend((1 - t) * runs[-1][-1] + t * numbers[0])
        else:
            assert letter == "C" and len(numbers) == 3
            t, start = np.linspace(0, 1, 9)[1:, None], runs[-1][-1]
            weights = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
            runs[-1].extend(sum(w * p for w, p in zip(weights, (start, *numbers))))
    return [np.array(run) for run in runs]


def check_path(path, f, order):
    """Hold each pixel of a curve against the module; return where its runs begin and end."""
    sx, tx, sy, ty = map(float, path.get("data-scale").split())
    ends = []
    for run in points(path.get("d")):
        z, y = (run[:, 0] - tx) / sx, (run[:, 1] - ty) / sy
        # A hundredth of a pixel is the rounding; at the very kink the values of both sides are right.
        inner = np.clip(z, z[0] + 2e-4, z[-1] - 2e-4)
        expected = f.jet(inner)[order]
        slope = abs(f.jet(inner)[order + 1]).max() if order < 2 else 1
        assert abs(y - expected).max() <= (0.2 + 0.02 * slope) / abs(sy)
        ends.append((round(z[0], 2), round(z[-1], 2)))
    return ends


@EACH_ELEMENTWISE
def test_curves_are_the_values_of_the_module(f, drawn):
    root = ElementTree.fromstring(drawn[f.name])
    low, high = curves.drawn_range(facts(f))
    for order, classes in enumerate(figures.ROLES):
        (path,) = [e for e in root.iter(f"{SVG}path") if e.get("class") == classes and e.get("data-scale")]
        ends = check_path(path, f, order)
        assert ends[0][0] == low and ends[-1][1] == high


def test_a_jump_is_not_drawn_as_a_line(drawn):
    for name in ("relu", "leaky_relu"):
        root = ElementTree.fromstring(drawn[name])
        (slope,) = [e for e in root.iter(f"{SVG}path") if e.get("class") == "d1" and e.get("data-scale")]
        assert check_path(slope, CATALOGUE[name], 1) == [(-4, 0), (0, 4)]


def test_the_scale_is_that_of_the_ticks(drawn):
    root = ElementTree.fromstring(drawn["sigmoid"])
    sx, tx, sy, ty = map(float, next(e for e in root.iter() if e.get("data-scale")).get("data-scale").split())
    at = {text.text: (float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{SVG}text")}
    for z in (-6, -4, 4, 6):
        assert at[str(z).replace("-", "−")][0] == pytest.approx(sx * z + tx, abs=0.02)
    assert at["0.5"][1] - at["1"][1] == pytest.approx(-0.5 * sy, abs=0.02)


def test_the_small_slope_of_leaky_relu_is_magnified(drawn):
    root = ElementTree.fromstring(drawn["leaky_relu"])
    inset = {e.get("class"): e for e in root.iter(f"{SVG}path") if "magnified" in (e.get("class") or "")}
    check_path(inset["g magnified"], CATALOGUE["leaky_relu"], 0)
    check_path(inset["d1 magnified"], CATALOGUE["leaky_relu"], 1)
    (plain,) = [e for e in root.iter(f"{SVG}path") if e.get("class") == "g" and e.get("data-scale")]
    factor = float(inset["g magnified"].get("data-scale").split()[2]) / float(plain.get("data-scale").split()[2])
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert factor >= 10 and f"heights × {factor:g}" in texts and "0.01" in texts


@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu"])
def test_nothing_is_magnified_without_need(name, drawn):
    assert "magnified" not in drawn[name]


@EACH_VECTOR
def test_vector_curves_are_the_values_of_the_module(f, drawn):
    check_vector_curves(f, drawn[f.name])


def check_vector_curves(f, figure):
    """Hold the curves of a vector function against the module: from one end to the other, broken at most at a kink."""
    paths = [e for e in ElementTree.fromstring(figure).iter(f"{SVG}path") if e.get("data-scale")]
    low, high = curves.drawn_range(facts(f))
    for path, (order, output) in zip(paths, product(range(2), features.shown(f)), strict=True):
        ends = check_path(path, output, order)
        assert (ends[0][0], ends[-1][1]) == (low, high)
        assert {z for run in ends for z in run} <= {low, high, *np.round(f.demonstration.kinks, 2)}


@pytest.mark.parametrize("name", CATALOGUE)
def test_figure_is_fit_for_a_page(name, drawn):
    text = drawn[name]
    root, ids = check_figure(text, 4096)
    assert text.endswith("</figure>\n")
    assert all(i.startswith(f"{name}-figure-") for i in ids)
    uses = [e.get("{http://www.w3.org/1999/xlink}href") for e in root.iter(f"{SVG}use")]
    assert {use[1:] for use in uses} <= set(ids)
    check_announced(root.find(f"{SVG}svg"))
    assert not list(root.iter(f"{SVG}style"))
    assert "metadata" not in text and "Matplotlib" not in text


def test_descriptions_say_what_the_curve_does(drawn):
    said = {name: ElementTree.fromstring(text).find(f".//{SVG}desc").text for name, text in drawn.items()}
    for expected in ("from −6 to 6", "strictly increasing", "g(z) → 0 as z → −∞", "0.25, at z = 0"):
        assert expected in said["sigmoid"]
    assert "minimum ≈ −0.1700 at z ≈ −0.7518" in said["gelu"]
    assert "jumps from 0.01 to 1" in said["leaky_relu"]
    assert "g is 0 for z ≤ 0" in said["relu"]
    assert not any(character in text for text in said.values() for character in "$\\")


@pytest.mark.parametrize("name", [f.name for f in ELEMENTWISE])
def test_the_second_derivative_waits_to_be_asked_for(name, drawn):
    root = ElementTree.fromstring(drawn[name])
    second = [e for e in root.iter() if "second" in (e.get("class") or "").split()]
    assert second and all(e.get("visibility") == "hidden" for e in second)
    assert root.find("./figcaption/label/input[@type='checkbox']") is not None


def test_labels_do_not_collide(drawn):
    for name, text in drawn.items():
        boxes = []
        for e in ElementTree.fromstring(text).iter(f"{SVG}text"):
            if "second" not in e.get("class"):
                size, x, y = (float(e.get(key)) for key in ("font-size", "x", "y"))
                boxes.append((e.text, x, y, 0.25 * size * len(e.text), 0.35 * size))
        for i, (a, ax, ay, aw, ah) in enumerate(boxes):
            for b, bx, by, bw, bh in boxes[i + 1 :]:
                assert abs(ax - bx) >= aw + bw or abs(ay - by) >= ah + bh, f"{name}: {a} over {b}"


@EVERY
def test_thumbnails_are_small_and_silent(f):
    text = figures.thumbnail(f, facts(f))
    root = ElementTree.fromstring(text)
    assert root.get("aria-hidden") == "true" and "\n" not in text and "|" not in text and len(text) < 4000
    assert not [e for e in root.iter() if e.get("id")]


def test_a_thumbnail_of_its_own_has_the_sites_colours_for_both_schemes():
    """What an image can't take from the page: light as a fallback, dark as a rule, both as in the stylesheet."""
    css = (ROOT / "docs" / "stylesheets" / "site.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--curve-(\w+): (#\w+);", part)) for part in css.split("@media screen", 1))
    for f in ALL:
        text = figures.alone(figures.thumbnail(f, facts(f)))
        root = ElementTree.fromstring(text)
        shown = {match[1]: match[2] for match in re.finditer(r'"var\(--curve-(\w+),(#\w+)\)"', text)}
        assert shown == {role: light[role] for role in shown} and {"g", "axis"} <= shown.keys()
        rules = dict(re.findall(r"--curve-(\w+):(#\w+)", root[0].text))
        assert rules == {role: dark[role] for role in shown} and "prefers-color-scheme:dark" in root[0].text
        assert not [e for e in root.iter() if e.get("class")] and len(text) < 4000
