"""Facts and curves that publish computes, against closed forms and high precision."""

from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
import pytest
from facts import features
from publish import curves
from reference import CATALOGUE, Interval
from support.catalogue import EACH_ELEMENTWISE


@dataclass(frozen=True)
class Made:
    """A function made up here, with what curves.py asks of an activation."""

    jets: object
    edges: tuple = ()
    smoothness: float = inf

    def jet(self, z):
        with np.errstate(all="ignore"):
            return tuple(np.broadcast_to(part, np.shape(z)) + 0.0 for part in self.jets(np.asarray(z, float)))

    def __call__(self, z):
        return self.jet(z)[0]

    def kinks(self):
        return self.edges


def facts(name, **parameters):
    return features.features(CATALOGUE[name], **parameters)


def test_sigmoid():
    found = facts("sigmoid")
    assert found.range == Interval(0, 1, False, False)
    assert found.lipschitz == 0.25 and found.steepest == ((0, 0),)
    assert found.zeros == () and found.dead == () and not found.odd
    assert found.monotone == "strictly increasing"
    assert found.limits == (0, 1) and found.end_slopes == (0, 0)
    assert found.mean == pytest.approx(0.5, abs=1e-15)
    bend = np.log(2 + np.sqrt(3))
    assert [e.z for e in found.extrema[2]] == pytest.approx([-bend, bend], abs=1e-7)
    assert [e.value for e in found.extrema[2]] == pytest.approx([np.sqrt(3) / 18, -np.sqrt(3) / 18], rel=1e-14)


def test_tanh():
    found = facts("tanh")
    assert found.range == Interval(-1, 1, False, False)
    assert found.lipschitz == 1 and found.steepest == ((0, 0),)
    assert found.zeros == ((0, 0),) and found.odd and found.mean == pytest.approx(0, abs=1e-15)
    bend = np.arctanh(1 / np.sqrt(3))
    assert [e.z for e in found.extrema[2]] == pytest.approx([-bend, bend], abs=1e-7)
    assert found.extrema[2][0].value == pytest.approx(4 / (3 * np.sqrt(3)), rel=1e-14)


def test_relu():
    found = facts("relu")
    assert found.range == Interval(0, inf, True, False)
    assert found.zeros == ((-inf, 0),) and found.dead == ((-inf, 0),)
    assert found.monotone == "non-decreasing"
    assert found.lipschitz == 1 and found.steepest == ((0, inf),)
    assert found.extrema == ((), (), ())
    assert found.mean == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-14)


@pytest.mark.parametrize("alpha", [0.01, 0.2, 0.99])
def test_leaky_relu(alpha):
    found = facts("leaky_relu", alpha=alpha)
    assert found.range == Interval(-inf, inf, False, False)
    assert found.zeros == ((0, 0),) and found.dead == ()
    assert found.monotone == "strictly increasing"
    assert found.end_slopes == (alpha, 1) and found.lipschitz == 1 and found.steepest == ((0, inf),)
    assert found.mean == pytest.approx((1 - alpha) / np.sqrt(2 * np.pi), rel=1e-14)


def test_leaky_relu_without_a_leak_is_relu():
    assert facts("leaky_relu", alpha=0.0) == facts("relu")


def test_gelu():
    found = facts("gelu")
    (lowest,) = found.extrema[0]  # test_published_numbers.py holds its place and value
    assert lowest.kind == "minimum"
    assert found.range == Interval(lowest.value, inf, True, False)
    assert [e.z for e in found.extrema[1]] == pytest.approx([-np.sqrt(2), np.sqrt(2)], abs=1e-15)
    assert [e.z for e in found.extrema[2]] == pytest.approx([-2, 0, 2], abs=1e-7)
    assert found.steepest == ((found.extrema[1][1].z,) * 2,) and found.lipschitz == found.extrema[1][1].value
    assert found.monotone == "" and found.zeros == ((0, 0),)
    assert found.mean == pytest.approx(1 / (2 * np.sqrt(np.pi)), rel=1e-14)


def test_softmax_as_its_first_input_moves():
    found = features.features(features.Component(CATALOGUE["softmax"], 0))
    assert found.range == Interval(0, 1, False, False)
    assert found.lipschitz == pytest.approx(0.25, rel=1e-14)
    assert found.extrema[1][0].z == pytest.approx(np.log(np.e + 1), abs=1e-14)


def test_the_component_of_a_vector_function_is_its_column():
    softmax, z = CATALOGUE["softmax"], np.array([[-2.0, 1, 0], [3, 1, 0]])
    for i in range(3):
        jet = features.Component(softmax, i).jet(z[:, 0])
        expected = softmax(z)[:, i], softmax.jacobian(z)[:, i, 0], softmax.hessian(z)[:, i, 0, 0]
        np.testing.assert_array_equal(jet, expected)


def test_a_minimum_at_a_kink():
    found = features.features(Made(lambda z: (abs(z - 1), np.sign(z - 1), 0), (1.0,), 0))
    assert found.extrema[0] == (features.Extremum(1.0, 0.0, "minimum"),)
    assert found.range == Interval(0, inf, True, False) and found.zeros == ((1, 1),)
    assert found.lipschitz == 1 and found.steepest == ((-inf, 1), (1, inf))
    assert found.monotone == ""


def test_a_step():
    found = features.features(Made(lambda z: (z > 2, 0, 0), (2.0,), -1))
    assert found.range == Interval(0, 1, True, True)
    assert found.dead == ((-inf, 2), (2, inf))
    assert found.lipschitz == inf and found.steepest == ((2, 2),)
    assert found.monotone == "non-decreasing"


def test_a_dead_zone_in_the_middle():
    def shrink(z):
        outside = abs(z) > 0.5
        return np.where(outside, z - np.sign(z) / 2, 0), outside, 0

    found = features.features(Made(shrink, (-0.5, 0.5), 0))
    assert found.dead == ((-0.5, 0.5),) and found.zeros == ((-0.5, 0.5),) and found.odd


def test_a_slope_that_is_only_approached():
    def softplus(z):
        p = 1 / (1 + np.exp(-z))
        return np.logaddexp(z, 0), p, p * (1 - p)

    found = features.features(Made(softplus))
    assert found.lipschitz == 1 and found.steepest == ((inf, inf),)
    assert found.range == Interval(0, inf, False, False) and found.zeros == ()


def test_a_slope_that_is_largest_at_one_side_of_a_kink():
    def selu(z):
        below = 1.5 * np.exp(np.minimum(z, 0))
        return np.where(z > 0, z, below - 1.5), np.where(z > 0, 1, below), np.where(z > 0, 0, below)

    found = features.features(Made(selu, (0.0,), 0))
    assert found.lipschitz == 1.5 and found.steepest == ((0, 0),)
    assert found.range == Interval(-1.5, inf, False, False)


def test_a_slope_that_is_reached_and_kept():
    def elu(z):
        below = np.exp(np.minimum(z, 0))
        return np.where(z > 0, z, below - 1), np.where(z > 0, 1, below), np.where(z > 0, 0, below)

    found = features.features(Made(elu, (0.0,), 1))
    assert found.lipschitz == 1 and found.steepest == ((0, inf),)
    assert found.range == Interval(-1, inf, False, False) and found.zeros == ((0, 0),)


def test_every_kink_is_drawn():
    found = features.features(Made(lambda z: (np.clip(z, 0, 6), (z > 0) & (z < 6), 0), (0.0, 6.0), 0))
    assert curves.drawn_range(found) == (-8, 8)
    assert found.range == Interval(0, 6, True, True) and found.steepest == ((0, 6),)


def test_a_wave_has_no_limits():
    found = features.features(Made(lambda z: (np.sin(z), np.cos(z), -np.sin(z))))
    assert np.isnan(found.limits).all()
    assert found.lipschitz == pytest.approx(1) and found.range.high == pytest.approx(1)


@EACH_ELEMENTWISE
def test_facts_hold_at_random_points(f):
    found = features.features(f)
    random = np.random.default_rng(1)
    z = np.concatenate([random.normal(scale=scale, size=20_000) for scale in (0.01, 1, 5, 1000)])
    g, d1, _ = f.jet(z)
    assert (g >= found.range.low).all() and (g <= found.range.high).all()
    check_steepness(f, found, d1)
    for low, high in found.dead:
        assert not d1[(z > low) & (z < high)].any()
    assert bool(found.monotone) == ((d1 >= 0).all() or (d1 <= 0).all())
    for low, high in zip(found.zeros, found.zeros[1:]):
        assert low[1] < high[0]
    for extremum in found.extrema[0]:
        near = f(extremum.z + np.array([-1e-3, 1e-3]))
        assert (near > extremum.value).all() if extremum.kind == "minimum" else (near < extremum.value).all()


def check_steepness(f, found, d1):
    """Some of these slopes come near the largest, none is above it; where there is no largest, g jumps or steepens."""
    assert (abs(d1) <= found.lipschitz * (1 + 1e-15)).all()
    if isfinite(found.lipschitz):
        assert abs(d1).max() > 0.999 * found.lipschitz
    elif isfinite(found.steepest[0][0]):  # g jumps there
        left, right = f(np.nextafter(found.steepest[0][0], [-inf, inf]))
        assert left != right
    else:
        assert abs(f.derivative([-1e100, 1e100])).max() > 1e90


@pytest.mark.parametrize("order", range(3))
@EACH_ELEMENTWISE
def test_arcs_follow_the_function(f, order):
    arcs = curves.arcs(f, order, -5, 7, 1e-4)
    assert [arc.z[0] for arc in arcs] == pytest.approx([-5, *f.kinks()])
    for arc in arcs:
        z = np.random.default_rng(2).uniform(arc.z[0], arc.z[-1], 500)
        assert abs(arc.at(z) - f.jet(z)[order]).max() <= 3e-4
        assert isfinite(arc.slope.sum())


def test_arcs_end_in_the_limits_at_a_jump():
    left, right = curves.arcs(CATALOGUE["leaky_relu"], 1, -4, 4, 1e-4, alpha=0.3)
    assert set(left.y) == {0.3} and set(right.y) == {1}
