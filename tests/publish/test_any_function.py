"""Entries of every kind, registered for a test only: what holds of each function of the catalogue holds of them."""

import csv
import gzip
import io
import json
import sys
from itertools import product
from math import inf, isfinite, pi, sqrt
from xml.etree import ElementTree

import layout
import numpy as np
import pytest
from facts import features
from publish import curves, downloads, figures, samples, tables
from reference import CATALOGUE
from support import entries
from support.catalogue import each, everything, registered
from support.tables import rows

# The tests of the catalogue, to be called with other functions.
sys.path += [str(layout.ROOT / "tests" / folder) for folder in ("reference", "publish")]
import test_contract as contract
import test_curves as drawing
import test_figures as pictures
import test_samples as explorer

BEFORE = list(CATALOGUE)


def made(orders, facts, **more):
    with registered(orders, **facts | more) as f:
        return f


ELEMENTWISE = {orders.__name__: made(orders, facts) for orders, facts in entries.ELEMENTWISE.items()}
VECTOR = {orders.__name__: made(orders, facts, vector=True) for orders, facts in entries.VECTOR.items()}
ALL = ELEMENTWISE | VECTOR
EVERY, EACH_ELEMENTWISE, EACH_VECTOR = (each(group.values()) for group in (ALL, ELEMENTWISE, VECTOR))


def test_none_of_them_stays():
    assert list(CATALOGUE) == BEFORE


@EVERY
def test_the_contract(f):
    contract.test_result_types(f, [1, -2], float)
    contract.test_narrow_types_are_rounded_once(f, np.float32)
    contract.test_nan_gives_nan(f)
    contract.test_the_other_kind_of_derivative_is_refused(f)
    for parameter in f.parameters.values():
        contract.test_the_default_is_the_default(f, parameter)
        contract.test_the_derivative_with_respect_to_a_parameter(f, parameter)


@EACH_ELEMENTWISE
def test_the_contract_of_an_elementwise_function(f):
    contract.test_elementwise_shapes(f, (2, 3, 4))
    contract.test_each_number_is_on_its_own(f)
    contract.test_the_jet_is_made_of_its_parts(f)
    contract.test_limits_at_infinity(f)
    contract.test_kinks_and_smoothness(f)
    contract.test_there_is_no_jump_but_at_the_kinks(f)


@EACH_VECTOR
def test_the_contract_of_a_vector_function(f):
    contract.test_vector_shapes(f, (3, 2))
    with pytest.raises(ValueError, match="z must have a last axis with at least one entry"):
        f([])
    if f.lengths[0] > 1:
        with pytest.raises(ValueError, match=f"whose length is a multiple of {f.lengths[0]}, found the shape"):
            f(np.zeros(f.lengths[0] + 1))


@EACH_ELEMENTWISE
def test_facts_and_curves(f):
    drawing.test_facts_hold_at_random_points(f)
    for order in range(3):
        drawing.test_arcs_follow_the_function(f, order)


def test_kinks_are_found_exactly():
    f = ELEMENTWISE["three_kinks"]
    found = features.features(f)
    assert found.kinks == (0.1, sqrt(2), 3.0)
    assert found.extrema[0] == (features.Extremum(sqrt(2), f(sqrt(2)), "minimum"),)
    assert [arc.z[0] for arc in curves.arcs(f, 1, -5, 7, 1e-4)] == pytest.approx([-5, 0.1, sqrt(2), 3], abs=1e-15)
    assert found.lipschitz == inf and found.steepest == ((inf, inf),)


def test_a_jump():
    found = features.features(ELEMENTWISE["jump"])
    assert found.lipschitz == inf and found.steepest == ((1, 1),) and found.monotone == "strictly increasing"
    assert found.limits == (-1, 3)


def test_what_grows_without_bound():
    found = features.features(ELEMENTWISE["square"])
    assert found.lipschitz == inf and found.end_slopes == (0, inf) and found.dead == ((-inf, 0),)
    assert dict(rows(tables.card(ELEMENTWISE["square"], found)))["Largest slope"] == r"unbounded, as $z \to \infty$"


def test_what_settles_nowhere():
    found, card = {}, {}
    for name in ("wave", "ripple"):
        found[name] = features.features(ELEMENTWISE[name])
        card[name] = dict(rows(tables.card(ELEMENTWISE[name], found[name])))
        assert np.isnan(found[name].end_slopes).all() and card[name]["Saturates"] == "no"
    assert np.isnan(found["wave"].limits).all() and "Limits" not in card["wave"]
    assert found["wave"].period == pytest.approx(2 * pi, rel=1e-9) and found["wave"].range.high == 1
    assert card["wave"]["Period"] == r"$\approx 6.283$"
    assert found["ripple"].limits == (-inf, inf) and found["ripple"].lipschitz == pytest.approx(2, rel=1e-14)
    assert found["ripple"].period == pytest.approx(pi, rel=1e-9)
    assert card["ripple"]["Period"] == r"$\approx 3.142$, of the slope"
    flat = [e.value for e in found["ripple"].extrema[1] if e.kind == "minimum" and abs(e.z) < 64]
    assert set(flat) == {0}  # not the square of a rounding
    assert features.features(ELEMENTWISE["ripple"], alpha=0.5).period == pytest.approx(2 * pi, rel=1e-9)


@pytest.mark.parametrize("name", ["sigmoid", "relu", "gelu", "leaky_relu"])
def test_most_functions_have_no_period(name):
    assert np.isnan(features.features(CATALOGUE[name]).period)


def test_waves_that_grow_have_no_bounds():
    class Growing:
        name, smoothness = "growing", inf

        def jet(self, z):
            z = np.asarray(z, float)
            with np.errstate(invalid="ignore"):
                s, c = np.sin(z), np.cos(z)
                return z * s, s + z * c, 2 * c - z * s

        def __call__(self, z):
            return self.jet(z)[0]

        def kinks(self):
            return ()

    found = features.features(Growing())
    assert (found.range.low, found.range.high, found.lipschitz) == (-inf, inf, inf)


def test_a_function_without_any_limit_or_extremum_is_refused():
    class Lost:
        name, smoothness = "lost", inf

        def jet(self, z):
            slope = 1 / (1 + z * z)
            return np.where(np.isfinite(z), np.arctan(z), np.nan), slope, -2 * np.where(np.isfinite(z), z, 0) * slope**2

        def __call__(self, z):
            return self.jet(z)[0]

        def kinks(self):
            return ()

    with pytest.raises(ValueError, match="^lost: found no limit at -inf and inf, and no extremum; expected the entry"):
        features.features(Lost())


@EVERY
def test_figures_and_tables(f):
    facts = features.features(f)
    figure = (figures.vector_figure if f.vector else figures.figure)(f, facts)
    drawn = {f.name: figure}
    if f.vector:
        pictures.check_vector_curves(f, figure)
    else:
        pictures.test_curves_are_the_values_of_the_module(f, drawn)
    pictures.test_thumbnails_are_small_and_silent(f)
    assert ElementTree.fromstring(figure).tag == "figure"
    assert all(cell.count("$") % 2 == 0 for row in rows(tables.card(f, facts)) for cell in row)
    header, *lines = csv.reader(io.StringIO(downloads.values(f)))
    assert len(header) == len(lines[0]) == len(set(header))
    assert len(rows(tables.values(f))) == 14


@EACH_ELEMENTWISE
def test_samples_are_right_to_a_millionth(f):
    explorer.test_interpolation_is_right_to_a_millionth(f)
    if f.kinks():
        explorer.test_kinks_say_what_the_module_says_and_what_lies_beside_them(f)
    size = len(gzip.compress(samples.encode(samples.explorer(f, -4, 4)).encode(), mtime=0))
    assert size <= explorer.allowed_size(f)


@EACH_VECTOR
def test_the_lattice_of_a_vector_function_is_what_the_module_computes(f):
    text = samples.encode(samples.explorer(f, -4, 4))
    data = json.loads(text)
    assert len(gzip.compress(text.encode(), mtime=0)) <= 60_000
    explorer.check_lattice(f, data)
    for slider in data["parameters"]:
        steps = (slider["default"] - slider["low"]) / slider["step"]
        assert steps == pytest.approx(round(steps), abs=1e-9) and slider["high"] > slider["low"]


def test_cards_of_vector_functions():
    cards = {name: dict(rows(tables.card(f, features.features(f)))) for name, f in VECTOR.items()}
    assert cards["sparse"]["Smoothness"] == "continuous, with a kink where an output becomes 0"
    assert cards["sparse"]["Sum of the outputs"] == "always $1$" and cards["sparse"]["Each output"] == "$[0, 1]$"
    assert cards["largest"]["Each output"] == r"$(-\infty, \infty)$"
    assert cards["both_signs"]["Each output"] == r"$[0, \infty)$"
    assert cards["both_signs"]["Largest entry of the Jacobian"] == "$1$"
    assert cards["sparse"]["Largest entry of the Jacobian"].endswith("or more")
    assert cards["tempered"]["Parameter"] == r"$\alpha = 1$, allowed in $(0, \infty)$"


@pytest.mark.parametrize("f", [VECTOR["sparse"], VECTOR["largest"], VECTOR["both_signs"]], ids=lambda f: f.name)
def test_an_output_is_smooth_but_at_the_kinks_of_its_demonstration(f):
    for output in features.shown(f):
        for part in features.pieces(output, -6, 6, np.linspace(-6, 6, 241)):
            assert np.ptp(part.jet[1]) < 1e-9 and not part.jet[2].any()  # all three are straight between kinks
    broken = [
        kink
        for kink, output in product(f.demonstration.kinks, features.shown(f))
        if abs(np.subtract(*(output.jet(np.nextafter(kink, end))[1] for end in (-inf, inf)))) > 1e-6
    ]
    assert set(broken) == set(f.demonstration.kinks)
    assert all(map(isfinite, everything(f, np.array(f.demonstration.start))[0].ravel()))
