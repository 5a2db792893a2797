"""Figures and tables of the experiments: fit for a page, true to the result files; what the guides say of them holds."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from publish import experiments
from reference import CATALOGUE
from reference.gaussian import forward_gain, variance_slope

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "scripts" / "experiments"
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = [f"experiments/{piece}" for makers in experiments.MADE.values() for piece in makers if piece.endswith(".svg")]
ROLES = ("g", "d1", "d2")
SCHEMES = ("he", "xavier", "own")


@pytest.fixture(scope="module")
def made():
    return experiments.pieces(FOLDER)


@pytest.fixture(scope="module")
def results():
    return {name: entry["results"] for name, entry in experiments.read(FOLDER / "results").items()}


@pytest.fixture(scope="module")
def settings():
    return {name: entry["settings"] for name, entry in experiments.read(FOLDER / "results").items()}


@pytest.fixture
def folder(tmp_path):
    """A copy to break."""
    for part in ("results", "snippets"):
        shutil.copytree(FOLDER / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def panels(made, name):
    """Title -> SVG element of each panel."""
    return {svg[0].text: svg for svg in ElementTree.fromstring(made[f"experiments/{name}.svg"]).iter(f"{SVG}svg")}


def numbers(path):
    """The points of a path in the units of its axes, each once."""
    sx, tx, sy, ty = map(float, path.get("data-scale").split())
    points = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path.get("d")), float)
    points = np.array([point for i, point in enumerate(points) if i == 0 or (point != points[i - 1]).any()])
    return (points[:, 0] - tx) / sx, (points[:, 1] - ty) / sy, 0.35 / abs(sy)


def series(svg, role, measured):
    """The line or the dots of one series, or None."""
    classes = f"{role} measured" if measured else role
    found = [e for e in svg.iter(f"{SVG}path") if e.get("class") == classes and e.get("data-scale")]
    return numbers(found[0]) if found else None


def case(results, title):
    """The first function of a panel, which stands for all of them."""
    return next(name for name, f in CATALOGUE.items() if f.title == title.split(", ")[0])


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_fit_for_a_page(name, made):
    text = made[name]
    root = ElementTree.fromstring(text)
    assert root.tag == "figure" and all(line.strip() for line in text.splitlines())
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(set(ids)) == len(ids)
    drawings = list(root.iter(f"{SVG}svg"))
    for svg in drawings:
        assert svg.get("role") == "img"
        title, description = svg[0], svg[1]
        assert svg.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
        assert title.text and len(description.text) > 40 and not set(description.text) & set("$\\{}")
        width, height = float(svg.get("width")), float(svg.get("height"))
        for e in svg.iter(f"{SVG}text"):
            wide = sum(0.4 if letter in "⁻⁰¹²³⁴⁵⁶⁷⁸⁹" else 0.6 for letter in e.text)
            reach = wide * float(e.get("font-size"))
            left = float(e.get("x")) - {"start": 0, "middle": 0.5, "end": 1}[e.get("text-anchor")] * reach
            assert -4 < left and left + reach < width + 4 and 0 < float(e.get("y")) < height, e.text
        for e in svg.iter():
            for attribute in ("fill", "stroke"):
                assert re.fullmatch(r"none|var\(--[a-z0-9-]+,#[0-9a-f]{6}\)", e.get(attribute, "none"))
            assert not e.get("style")
    assert len({svg[0].text for svg in drawings}) == len(drawings)
    assert len(gzip.compress(text.encode(), mtime=0)) <= 6144
    assert root.find("figcaption").text.endswith(".")


def test_ids_differ_between_figures(made):
    ids = [i for name in FIGURES for i in re.findall(r'\bid="([^"]+)"', made[name])]
    assert len(set(ids)) == len(ids)


def test_the_same_bytes_each_time(made):
    assert experiments.pieces(FOLDER) == made


@pytest.mark.parametrize("figure, quantity", [("gradient_norms", "gradient"), ("signal_variance", "variance")])
def test_profiles_show_theory_and_measurement(figure, quantity, made, results, settings):
    layers = settings["gradient_norms"]["profile_layers"]
    shown, functions = panels(made, figure), set()
    for title, svg in shown.items():
        functions |= set(title.split(", "))
        for role, scheme in zip(ROLES, SCHEMES):
            entry = results["gradient_norms"]["profile"][f"{case(results, title)}/{scheme}"][quantity]
            expected = {layer: (t, m) for layer, t, m in zip(layers, entry["theory"], entry["median"])}
            x, y, tolerance = series(svg, role, measured=False)
            assert np.interp(layers, x, y) == pytest.approx(entry["theory"], abs=tolerance)
            x, y, tolerance = series(svg, role, measured=True)
            assert [expected[round(layer)][1] for layer in x] == pytest.approx(list(y), abs=tolerance)
    assert functions == {f.title for f in CATALOGUE.values() if not f.vector}


def test_dead_units_are_those_of_the_file(made, results, settings):
    (rates,) = [re.findall(r"rate ([\d.]+)</li>", made["experiments/dead_units.svg"])]
    for bias in settings["dead_units"]["biases"]:
        svg = panels(made, "dead_units")[f"bias {f'{bias:g}'.replace('-', '−')}"]
        for role, rate in zip(ROLES, rates, strict=True):
            entry = results["dead_units"][f"relu/{float(rate)}/{bias}"]
            found = series(svg, role, measured=True)
            if "dead" in entry:
                x, y, tolerance = found
                expected = dict(zip(settings["dead_units"]["shown_epochs"], entry["dead"]["median"]))
                assert [expected[round(epoch)] for epoch in x] == pytest.approx(list(y), abs=tolerance)
            else:
                assert found is None


def test_stuck_units_are_those_of_the_file(made, results, settings):
    rates = settings["dead_units"]["rates"]
    for name in settings["dead_units"]["activations"]:
        svg = panels(made, "stuck_units")[CATALOGUE[name].title]
        for role, bias in zip(ROLES, settings["dead_units"]["biases"], strict=True):
            entries = [results["dead_units"][f"{name}/{rate}/{bias}"] for rate in rates]
            expected = {i: entry["stuck"]["median"][-1] for i, entry in enumerate(entries) if "stuck" in entry}
            x, y, tolerance = series(svg, role, measured=True)
            assert {round(i): share for i, share in zip(x, y)} == pytest.approx(expected, abs=tolerance)


def test_digits_show_the_median_errors(made, results, settings):
    for depth in settings["digits"]["depths"]:
        svg = panels(made, "digits")[f"{depth} hidden layers"]
        for role, scheme in zip(ROLES, SCHEMES):
            dots = [numbers(e) for e in svg.iter(f"{SVG}path") if e.get("class") == f"{role} measured"]
            expected = {}
            for names, _ in experiments.titles(experiments.nested(results["digits"])):
                expected[len(expected)] = np.log10(1 - results["digits"][f"{names[0]}/{scheme}/{depth}"]["median"])
            found = {round(-y[0]): x[0] for x, y, _ in dots}
            assert found == pytest.approx(expected, abs=0.005)


def test_tables_are_whole(made):
    for name, text in made.items():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            assert len({line.count(" |") for line in block.splitlines()}) == 1, name


def test_tables_hold_every_case(made, results):
    assert made["experiments/dead_units.md"].count("\n") == len(results["dead_units"]) + 2
    for name in CATALOGUE:
        if not CATALOGUE[name].vector:
            for table in ("gradient_norms", "saturation", "digits"):
                assert CATALOGUE[name].title in made[f"experiments/{table}.md"]
    for form in results["low_precision"]["forms"]:
        assert f"`{form}`" in made["experiments/forms.md"]


def test_functions_with_equal_results_share_a_panel():
    cases = {"relu": {"he": 1}, "gelu": {"he": 2}, "tanh": {"he": 1}}
    assert experiments.titles(cases) == [(["tanh", "relu"], "Tanh, ReLU"), (["gelu"], "GELU")]


@pytest.mark.parametrize("share, text", [
    (0, "0%"), (0.0001, "<0.1%"), (0.0049, "0.5%"), (0.05, "5%"), (0.0995, "10%"), (0.124, "12%"), (1, "100%"),
])
def test_shares_in_words(share, text):
    assert experiments.percent(share) == text


def test_snippets_stand_in_tabs_as_they_are_tested(made):
    for trouble in experiments.TROUBLES:
        tabs = made[f"experiments/detect_{trouble}.md"]
        for library in ("numpy", "torch"):
            code = (FOLDER / "snippets" / f"{trouble}_{library}.py").read_text()
            assert "".join(f"    {line}" if line.strip() else line for line in code.splitlines(True)) in tabs
    found = {path.stem.rpartition("_")[0] for path in (FOLDER / "snippets").glob("*_*.py")}
    assert found == set(experiments.TROUBLES)


@pytest.mark.parametrize("breaking, said", [
    (lambda path: path.unlink(), "found no such file"),
    (lambda path: path.write_text("{"), "found no JSON"),
    (lambda path: path.write_text(json.dumps(json.loads(path.read_text()) | {"results": {}})), "found"),
    (lambda path: path.write_text(json.dumps(json.loads(path.read_text()) | {"settings": None})), "found TypeError"),
])
@pytest.mark.parametrize("name", experiments.MADE)
def test_a_bad_result_file_is_one_clear_message(name, breaking, said, folder):
    breaking(folder / "results" / f"{name}.json")
    with pytest.raises(experiments.ResultError) as caught:
        experiments.pieces(folder)
    message = str(caught.value)
    assert message.startswith(f"{folder / 'results' / name}.json: {said}") and "\n" not in message
    assert f"python -m experiments.{name}" in message


def test_a_missing_snippet_is_one_clear_message(folder):
    (folder / "snippets" / "saturation_torch.py").unlink()
    with pytest.raises(experiments.ResultError, match="saturation_torch.py: found no such file"):
        experiments.pieces(folder)


def test_the_build_refuses_a_missing_result(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copytree(ROOT / "docs" / "functions", tmp_path / "docs" / "functions")
    (tmp_path / "scripts" / "experiments" / "results" / "digits.json").unlink()
    result = subprocess.run([sys.executable, tmp_path / "scripts" / "build.py"], capture_output=True, text=True)
    assert result.returncode == 1 and result.stderr.startswith("scripts/experiments/results/digits.json: found no such")
    assert result.stderr.count("\n") == 1 and not (tmp_path / "docs" / "generated").exists()


# What the guides say about the figures.


def test_the_guide_on_gradients(results):
    profile = results["gradient_norms"]["profile"]
    first = {case: entry["gradient"]["median"][0] for case, entry in profile.items()}
    theory = {case: entry["gradient"]["theory"][0] for case, entry in profile.items()}
    assert all(first[f"{name}/{scheme}"] < -1 for name in ("sigmoid", "softplus") for scheme in SCHEMES)
    for name in ("relu", "leaky_relu", "prelu"):
        assert abs(first[f"{name}/he"]) < 1 and abs(first[f"{name}/own"]) < 1 and first[f"{name}/xavier"] < -5
    assert all(abs(first[f"{name}/{scheme}"]) < 2.5 for name in ("tanh", "elu", "selu") for scheme in SCHEMES)
    assert {case for case in first if abs(first[case] - theory[case]) > 0.1} == {
        "gelu/own", "silu/own", "swish/own", "mish/own", "gelu/he", "mish/he", "softplus/he",
    }
    growing = {g.name for g in CATALOGUE.values() if not g.vector and variance_slope(g, 1.0, forward_gain(g)) > 1.01}
    assert growing == {"gelu", "silu", "swish", "mish"}


def test_the_guide_on_saturation(results):
    saturated = {case: entry["saturated"]["median"] for case, entry in results["saturation"].items()}
    shrinking = results["saturation"]["tanh/1.0"]["variance_theory"]
    assert max(saturated["tanh/1.0"] + saturated["sigmoid/1.0"]) < 0.05 and sorted(shrinking, reverse=True) == shrinking
    assert min(saturated["tanh/5.0"]) > 0.5
    for scale in ("1.0", "2.0", "5.0"):
        assert all(s <= t for s, t in zip(saturated[f"sigmoid/{scale}"], saturated[f"tanh/{scale}"]))


def test_the_guide_on_low_precision(results):
    underflow = results["low_precision"]["underflow"]
    zeros = {name: {scale: e["zeros"]["median"][0] for scale, e in entry.items()} for name, entry in underflow.items()}
    assert zeros["sigmoid"]["1"] > 0.9 and zeros["sigmoid"]["1024"] < 0.05
    assert max(zeros[name]["1"] for name in ("tanh", "relu", "gelu")) < 0.01
    error = {name: entry["1024"]["error"]["median"][0] for name, entry in underflow.items()}
    exact = {name: entry["1024"]["error_with_exact_slopes"]["median"][0] for name, entry in underflow.items()}
    assert max(error, key=error.get) == "relu" and exact["relu"] < error["relu"] / 10


def test_the_guide_on_dead_and_stuck_units(results, settings):
    entries, rates = results["dead_units"], settings["dead_units"]["rates"]
    moderate, highest = [rate for rate in rates if rate < 0.5], rates[-1]

    def at(name, rate, bias, share="stuck", time=-1):
        return entries[f"{name}/{rate}/{bias}"][share]["median"][time]

    def accuracy(name, rate, bias):
        return entries[f"{name}/{rate}/{bias}"]["test_accuracy"]["median"]

    assert max(at("relu", rate, 0.0, "dead") for rate in moderate) < 0.05
    assert 0.5 <= at("relu", highest, 0.0, "dead", time=1) < at("relu", highest, 0.0, "dead")
    for rate in moderate:
        start, end = (at("relu", rate, -1.0, "dead", time) for time in (0, -1))
        assert 0.3 < start < 0.4 and end < start / 2
    assert all(at("relu", rate, -2.0, "dead", time) > 0.7 for rate in rates for time in (0, -1))
    assert all(accuracy(name, rate, -2.0) < 0.12 for rate in rates for name in ("relu", "leaky_relu"))
    for bias in settings["dead_units"]["biases"]:
        assert all(abs(at("leaky_relu", rate, bias) - at("relu", rate, bias)) < 0.02 for rate in moderate)
        assert all(at(name, rate, bias, time=0) == 0 for name in ("elu", "gelu") for rate in rates)
        assert all(at("elu", rate, bias) > 0.5 and accuracy("elu", rate, bias) < 0.12 for rate in rates[-2:])
        assert all(at("gelu", rate, bias) < 0.05 for rate in rates[:-1])
    assert at("leaky_relu", 0.6, -1.0) < at("relu", 0.6, -1.0) - 0.2
    assert accuracy("leaky_relu", 0.6, -1.0) > accuracy("relu", 0.6, -1.0) + 0.3
    assert min(accuracy("elu", rate, -2.0) for rate in moderate) > 0.9
    assert max(accuracy("gelu", rate, -2.0) for rate in rates) < 0.8


def test_the_guide_on_digits(results):
    cases = {title: experiments.nested(results["digits"])[names[0]] for names, title in
             experiments.titles(experiments.nested(results["digits"]))}

    def medians(title, depth):
        return [cases[title][scheme][str(depth)]["median"] for scheme in SCHEMES]

    deep = {title: medians(title, 12) for title in cases}  # with He's, Xavier's and the own gain
    assert min(min(medians(title, 2)) for title in cases) > 0.95
    assert max(deep["Sigmoid"]) < 0.12
    assert deep["Softplus"][0] > 0.7 and max(deep["Softplus"][1:]) < 0.12
    for title in ("ReLU", "Leaky ReLU", "GELU", "SiLU, Swish", "Mish"):
        he, xavier, own = deep[title]
        assert he > 0.9 and own > 0.9 and xavier < min(he, own) - 0.1
    assert max(deep["GELU"][1], deep["SiLU, Swish"][1]) < 0.12
    for title in ("Tanh", "PReLU", "ELU", "SELU"):
        assert min(deep[title]) > 0.9
    for title in ("ELU", "SELU"):
        assert cases[title]["he"]["12"]["diverged"] > 0
