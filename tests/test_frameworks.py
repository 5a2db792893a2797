"""The framework calls that pages show are those of the entries, were run, and agree with the module; those that can, run again."""

import json
import math

import frameworks
import numpy as np
import pytest
from conftest import ROOT
from frameworks import kinks, run
from publish import code
from reference import CATALOGUE

RECORD = frameworks.read()
LINES = [(f.name, key, call) for f in CATALOGUE.values() for key, call in f.frameworks.items()]


@pytest.mark.parametrize("name, key, call", LINES)
def test_each_call_was_run_and_agrees_with_the_module(name, key, call):
    ran = RECORD["lines"].get(name, {}).get(key, {})
    assert ran.get("line") == frameworks.line(call), "not in the record: run python -m frameworks"
    # Some frameworks keep constants such as 1/6 in float32.
    assert ran["value"] < 1e-7 and ran["slope"] < 1e-7


@pytest.mark.parametrize("f", [f for f in CATALOGUE.values() if f.kinks() and f.smoothness < 1], ids=lambda f: f.name)
def test_slopes_at_kinks_lie_between_the_sides_and_torch_s_is_the_module_s(f):
    for key, ran in RECORD["lines"][f.name].items():
        assert set(ran["kinks"]) == {repr(float(kink)) for kink in f.kinks()}
        for kink in f.kinks():
            slope = ran["kinks"][repr(float(kink))]
            sides = [float(f.derivative(np.nextafter(kink, end))) for end in (-np.inf, np.inf)]
            assert min(sides) - 1e-6 <= slope <= max(sides) + 1e-6
            if key == "torch":
                assert slope == pytest.approx(float(f.derivative(kink)), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("f", CATALOGUE.values(), ids=lambda f: f.name)
def test_the_page_shows_the_lines_and_versions_of_the_record(f):
    page = (ROOT / "docs" / "functions" / f"{f.name}.md").read_text(encoding="utf-8")
    assert f'--8<-- "{f.name}/calls.md"' in page and f'--8<-- "{f.name}/source.md"' in page
    shown = code.calls(f, RECORD)
    for key, call in f.frameworks.items():
        assert f"# {frameworks.NAMES[key]} {RECORD['versions'][key]}\n{frameworks.line(call)}\n" in shown
    assert all(f"    {line}".rstrip() in code.source(f) for line in f.source.splitlines())


def test_a_line_that_was_not_run_is_not_shown():
    f = CATALOGUE["gelu"]
    record = json.loads(json.dumps(RECORD))
    record["lines"]["gelu"]["jax"]["line"] = "jax.nn.gelu(z)"
    assert "jax" not in code.calls(f, record) and "torch" in code.calls(f, record)
    del record["lines"]["gelu"]
    assert code.calls(f, record) == ""


def test_the_words_bound_the_largest_difference():
    f = CATALOGUE["gelu"]
    record = json.loads(json.dumps(RECORD))
    record["lines"]["gelu"]["jax"]["slope"] = 2e-9
    assert "less than $10^{-8}$" in code.calls(f, record)
    for ran in record["lines"]["gelu"].values():
        ran["value"] = ran["slope"] = 0.0
    assert "are equal to" in code.calls(f, record)


def test_differing_slopes_at_a_kink_are_told():
    text = code.calls(CATALOGUE["leaky_relu"], RECORD)
    assert "0.01 in PyTorch and Keras and 1 in JAX" in text
    assert "no derivative" not in code.calls(CATALOGUE["gelu"], RECORD)


@pytest.mark.parametrize("order", [1, 2])
def test_the_table_of_kinks_shows_the_record(order):
    lines = code.kinks(RECORD, order).splitlines()[2:]
    rows = [row for row in RECORD["kinks"] if row["order"] == order]
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows):
        assert ("**" in line) == ("jax" in row["at"] and not math.isclose(row["at"]["jax"], row["at"]["torch"]))


@pytest.mark.parametrize("name, key, call", LINES)
def test_each_line_runs_again_as_recorded(installed, name, key, call):
    if key not in installed:
        pytest.skip(f"{key} is not installed")
    again, before = run.compare(CATALOGUE[name], installed[key], frameworks.line(call)), RECORD["lines"][name][key]
    assert again["value"] < max(1e-14, 2 * before["value"]) and again["slope"] < max(1e-14, 2 * before["slope"])
    assert again.get("kinks") == before.get("kinks") or installed[key].version != RECORD["versions"][key]


def test_kinks_are_found_again_as_recorded(installed):
    if {"torch", "jax"} - installed.keys():
        pytest.skip("torch or jax is not installed")
    for again, before in zip(kinks.rows(installed), RECORD["kinks"], strict=True):
        assert again["title"] == before["title"] and again["lines"] == before["lines"]
        assert again["at"] == pytest.approx(before["at"]) and again["sides"] == pytest.approx(before["sides"])


def test_line():
    assert frameworks.line("torch.tanh") == "torch.tanh(z)"
    assert frameworks.line("jax.nn.gelu(approximate=False)") == "jax.nn.gelu(z, approximate=False)"
