"""Gaussian moments: against closed forms, against a second rule of quadrature, and against rigorous integrals."""

import math

import numpy as np
import pytest
from facts import gaussian
from flint import acb, arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import CATALOGUE
from support.catalogue import ELEMENTWISE

RELATIVE = 1e-13  # what gaussian.py states


def parameter_sets(g):
    """The default parameters and, for each parameter, the ends of its shown range."""
    yield {}
    for parameter in g.parameters.values():
        yield from ({parameter.name: end} for end in parameter.shown)


CASES = [pytest.param(g, p, id=f"{g.name} {p or ''}") for g in ELEMENTWISE for p in parameter_sets(g)]


def tanh_sinh(function, low, high, n=60):
    """The double-exponential rule, which shares nothing with Gauss-Legendre."""
    t = np.linspace(-4, 4, 2 * n + 1)
    u = np.pi / 2 * np.sinh(t)
    x, weights = np.tanh(u), np.pi / 2 * np.cosh(t) / np.cosh(u) ** 2
    return math.fsum(function((low + high) / 2 + (high - low) / 2 * x) * weights) * 4 / n * (high - low) / 2


def second_opinion(function, deviation, kinks, waves=False):
    """E[function(deviation Z)] by the double-exponential rule on pieces that end at the kinks.

    For waves, which go on at any distance, no piece is longer than 1.
    """
    steps = 4.0 ** np.arange(-4, 22)
    ends = {float(z) / deviation for kink in (0.0, *kinks) for z in (kink, *(kink + steps), *(kink - steps))}
    ends = sorted({end for end in ends if abs(end) < 14} | set(range(-14, 15)))
    if waves:
        ends = np.unique([*ends, *np.linspace(-14, 14, 28 * math.ceil(deviation) + 1)])
    return math.fsum(
        tanh_sinh(lambda x: function(deviation * x) * np.exp(-x * x / 2), low, high)
        for low, high in zip(ends, ends[1:])
    ) / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("g, parameters", CASES)
@pytest.mark.parametrize("q", [1e-6, 0.03, 1.0, 40.0, 1e6])
def test_moments_agree_with_another_rule(g, parameters, q):
    waves = math.isnan(g.derivative(math.inf, **parameters))
    for moment, function in (
        (gaussian.second_moment, lambda z: g(z, **parameters) ** 2),
        (gaussian.slope_second_moment, lambda z: g.derivative(z, **parameters) ** 2),
    ):
        expected = second_opinion(function, math.sqrt(q), g.kinks(**parameters), waves)
        assert moment(g, q, **parameters) == pytest.approx(expected, rel=RELATIVE, abs=0)
    size = math.sqrt(gaussian.second_moment(g, q, **parameters))
    expected = second_opinion(lambda z: g(z, **parameters), math.sqrt(q), g.kinks(**parameters), waves)
    assert gaussian.mean(g, q, **parameters) == pytest.approx(expected, rel=0, abs=RELATIVE * size)


@settings(deadline=None)  # the time of one example says nothing on a busy machine
@given(q=st.floats(1e-12, 1e12))
def test_rectifiers_have_closed_forms(q):
    relu, leaky = CATALOGUE["relu"], CATALOGUE["leaky_relu"]
    assert gaussian.second_moment(relu, q) == pytest.approx(q / 2, rel=RELATIVE)
    assert gaussian.slope_second_moment(relu, q) == pytest.approx(1 / 2, rel=RELATIVE)
    assert gaussian.mean(relu, q) == pytest.approx(math.sqrt(q / (2 * math.pi)), rel=RELATIVE)
    assert gaussian.second_moment(leaky, q, alpha=0.3) == pytest.approx(q * (1 + 0.3**2) / 2, rel=RELATIVE)


def test_smooth_functions_have_closed_forms():
    assert gaussian.mean(CATALOGUE["sigmoid"], 7.0) == pytest.approx(1 / 2, rel=RELATIVE)
    assert gaussian.mean(CATALOGUE["tanh"], 7.0) == pytest.approx(0, abs=1e-15)
    # E[Z Phi(Z)] = E[phi(Z)]
    assert gaussian.mean(CATALOGUE["gelu"]) == pytest.approx(1 / (2 * math.sqrt(math.pi)), rel=RELATIVE)
    # SELU's two constants were made for this.
    assert gaussian.mean(CATALOGUE["selu"]) == pytest.approx(0, abs=1e-14)
    assert gaussian.second_moment(CATALOGUE["selu"]) == pytest.approx(1, rel=RELATIVE)


@pytest.mark.parametrize("correlation", [-1, -0.9, -1e-3, 0, 0.5, 0.999, 1 - 1e-6, 1 - 1e-10, 1])
@pytest.mark.parametrize("q1, q2", [(1, 1), (0.01, 30)])
def test_covariance_of_relu_is_the_arc_cosine_kernel(correlation, q1, q2):
    angle = math.acos(correlation)
    expected = math.sqrt(q1 * q2) / (2 * math.pi) * (math.sin(angle) + correlation * (math.pi - angle))
    found = gaussian.covariance(CATALOGUE["relu"], q1, q2, correlation)
    assert found == pytest.approx(expected, rel=0, abs=1e-12 * math.sqrt(q1 * q2) / 2)


class Clipped:
    """A function with kinks beside 0."""

    def __call__(self, z):
        return np.clip(z, -1, 1)

    def derivative(self, z):
        return (np.abs(z) < 1).astype(float)

    def kinks(self):
        return (-1.0, 1.0)


@pytest.mark.parametrize("correlation", [0.3, 0.99, 1 - 1e-6])
@pytest.mark.parametrize("q1, q2", [(1, 2), (0.3, 5)])
def test_covariance_with_kinks_beside_zero(correlation, q1, q2):
    """The two inputs play different parts in the integral, and yet can be exchanged."""
    one, other = (gaussian.covariance(Clipped(), *q, correlation) for q in ((q1, q2), (q2, q1)))
    assert one == pytest.approx(other, rel=0, abs=1e-13)


@pytest.mark.parametrize("g, parameters", CASES)
@pytest.mark.parametrize("q", [0.1, 1.0, 9.0])
def test_covariance_at_its_ends(g, parameters, q):
    """Equal inputs give the second moment, independent ones the square of the mean; in between it is symmetric."""
    square = gaussian.second_moment(g, q, **parameters)
    near = {"rel": 0, "abs": 1e-12 * square}
    assert gaussian.covariance(g, q, q, 1, **parameters) == pytest.approx(square, **near)
    mean = gaussian.mean(g, q, **parameters)
    assert gaussian.covariance(g, q, q, 0, **parameters) == pytest.approx(mean**2, **near)
    mirrored = gaussian.covariance(g, 2 * q, q, 0.7, **parameters)
    assert gaussian.covariance(g, q, 2 * q, 0.7, **parameters) == pytest.approx(mirrored, rel=0, abs=2e-12 * square)
    # Close to equal inputs, the loss of covariance is the slope's second moment times the loss of correlation
    # (to first order; in second order it has q E[g''^2], and at a kink it goes with the power 3/2).
    step = 1e-6
    slope = (square - gaussian.covariance(g, q, q, 1 - step, **parameters)) / (step * q)
    assert slope == pytest.approx(gaussian.slope_second_moment(g, q, **parameters), rel=2e-3)


@pytest.mark.parametrize("correlation", [1.5, -1.5])
def test_a_correlation_out_of_range_is_refused(correlation):
    with pytest.raises(ValueError, match=f"tanh: found the correlation {correlation}, expected a number from -1 to 1"):
        gaussian.covariance(CATALOGUE["tanh"], 1, 1, correlation)


@pytest.mark.parametrize("name", ["tanh", "relu", "gelu"])
def test_unless_told_otherwise_pre_activations_have_variance_one_and_there_is_no_bias(name):
    g = CATALOGUE[name]
    for moment in (gaussian.mean, gaussian.second_moment, gaussian.slope_second_moment):
        assert moment(g) == moment(g, 1.0)
    assert gaussian.forward_gain(g) == 1 / math.sqrt(gaussian.second_moment(g, 1.0))
    assert gaussian.backward_gain(g) == 1 / math.sqrt(gaussian.slope_second_moment(g, 1.0))
    assert gaussian.variance_map(g, 0.3, 1.2) == gaussian.variance_map(g, 0.3, 1.2, 0.0)
    assert repr(gaussian.fixed_points(g, 1.5)) == repr(gaussian.fixed_points(g, 1.5, 0.0))  # NaN too
    assert repr(gaussian.edge_of_chaos(g)) == repr(gaussian.edge_of_chaos(g, 0.0))


class Sine:
    """A function whose Gaussian moments are exponentials: E[sin(u) sin(v)] = e^-q sinh(q c)."""

    name = "sine"

    def __call__(self, z):
        return np.sin(z)

    def derivative(self, z):
        return np.cos(z)

    def kinks(self):
        return ()


class Waves:
    """z + sin^2(a z) / a: waves on a straight line. E[g^2] = q + E[sin^4(a z)] / a^2, E[g'^2] = 1 + E[sin^2(2 a z)]."""

    name = "waves"

    def __init__(self, a):
        self.a = a

    def __call__(self, z):
        return z + np.sin(self.a * z) ** 2 / self.a

    def derivative(self, z):
        return 1 + np.sin(2 * self.a * z)

    def kinks(self):
        return ()


@pytest.mark.parametrize("a", [1.0, 3.0])
@pytest.mark.parametrize("q", [1e-6, 1.0, 40.0, 1e3, 1e6])
def test_moments_of_waves(a, q):
    """However many of them lie within the deviation."""
    damped, more = math.exp(-2 * a * a * q), math.exp(-8 * a * a * q)
    assert gaussian.slope_second_moment(Waves(a), q) == pytest.approx(1 + (1 - more) / 2, rel=RELATIVE)
    second = q + (3 / 8 - damped / 2 + more / 8) / a**2
    assert gaussian.second_moment(Waves(a), q) == pytest.approx(second, rel=RELATIVE)
    size = math.sqrt(second)
    assert gaussian.mean(Waves(a), q) == pytest.approx((1 - damped) / 2 / a, rel=0, abs=RELATIVE * size)
    independent = gaussian.covariance(Waves(a), q, q, 0) if q <= 40 else gaussian.mean(Waves(a), q) ** 2
    assert independent == pytest.approx(gaussian.mean(Waves(a), q) ** 2, rel=0, abs=1e-12 * second)


def test_too_many_waves_are_refused():
    with pytest.raises(
        ValueError, match="found a function that oscillates too fast for the deviation 1e\\+06, expected fewer"
    ):
        gaussian.slope_second_moment(Waves(1000.0), 1e12)


@pytest.mark.parametrize("correlation", [-1, -0.4, 0, 0.3, 0.9, 1])
@pytest.mark.parametrize("sigma_w, sigma_b", [(1.3, 0), (1.3, 0.7)])
def test_correlation_maps_with_closed_forms(correlation, sigma_w, sigma_b):
    angle, q = math.acos(correlation), 2.5
    for g, shared, square in (
        (CATALOGUE["relu"], q / (2 * math.pi) * (math.sin(angle) + correlation * (math.pi - angle)), q / 2),
        (Sine(), math.exp(-q) * math.sinh(q * correlation), math.exp(-q) * math.sinh(q)),
    ):
        expected = (sigma_w**2 * shared + sigma_b**2) / (sigma_w**2 * square + sigma_b**2)
        found = gaussian.correlation_map(g, q, correlation, sigma_w, sigma_b)
        assert found == pytest.approx(expected, rel=0, abs=1e-12)
        if not sigma_b:
            assert gaussian.correlation_map(g, q, correlation, sigma_w) == found


@pytest.mark.parametrize("q", [0.3, 2.5])
@pytest.mark.parametrize("g, parameters", CASES)
def test_the_correlation_map_rises_from_the_share_of_the_mean_to_one_with_slope_chi(g, parameters, q):
    second = gaussian.second_moment(g, q, **parameters)
    share = gaussian.mean(g, q, **parameters) ** 2 / second
    gain = math.sqrt(q / second)  # so that q is a fixed point
    c = [0, 0.25, 0.5, 0.75, 1 - 1e-6, 1]
    values = [gaussian.correlation_map(g, q, x, gain, **parameters) for x in c]
    assert values[0] == pytest.approx(share, abs=1e-12) and values[-1] == pytest.approx(1, abs=1e-12)
    chords = np.diff(values) / np.diff(c)
    assert all(a <= b + 1e-5 for a, b in zip(chords, chords[1:]))  # it bends upwards
    chi = gaussian.chi(g, q, gain, **parameters)
    assert chords[-1] == pytest.approx(chi, rel=2e-3)
    # The inequality of Poincare: the mean slope is at most the last. Only a straight line has a third point on it.
    straight = values[2] == pytest.approx((values[0] + values[-1]) / 2, abs=1e-9)
    assert (chi == pytest.approx(1 - share, abs=1e-9)) if straight else chi > 1 - share + 1e-6


@pytest.mark.parametrize(
    "q, sigma_w, sigma_b",
    [(1.0, 1.2, 0), (1.0, 1.2, 0.5), (2.0, 2.0, 0.3), (0.3, 0.8, 0.5), (2.5, 3.0, 0), (0.6, 1.0, 0.1)],
)
@pytest.mark.parametrize(
    "g", [*map(CATALOGUE.get, ("sigmoid", "tanh", "relu", "elu", "gelu")), Sine()], ids=lambda g: g.name
)
def test_correlations_come_to_their_fixed_point(g, q, sigma_w, sigma_b):
    """From just above 0 and from just below 1, as the map has no other between these two, step by step."""
    found = gaussian.correlation_fixed_point(g, q, sigma_w, sigma_b)
    step = lambda c: gaussian.correlation_map(g, q, c, sigma_w, sigma_b)  # noqa: E731
    assert step(found) == pytest.approx(found, abs=1e-10)
    below, above = found / 2 + 1e-6 * (found == 0), (1 + found) / 2
    assert found == 0 or step(below) > below
    assert found == 1 or step(above) < above
    if not sigma_b:
        assert gaussian.correlation_fixed_point(g, q, sigma_w) == found


def test_known_fixed_points_of_correlations():
    gain = {name: gaussian.forward_gain(CATALOGUE[name]) for name in ("tanh", "relu", "sigmoid", "gelu")}
    found = {name: gaussian.correlation_fixed_point(CATALOGUE[name], 1.0, gain[name]) for name in gain}
    assert found["relu"] == found["sigmoid"] == 1 and found["tanh"] == 0
    assert 0.7 < found["gelu"] < 0.8
    for q in (0.3, 3.0, 50.0):  # where the slope at 1 is rounded to a little more than 1
        assert gaussian.correlation_fixed_point(CATALOGUE["relu"], q, 1.3) == 1
    straight = CATALOGUE["prelu"]
    assert math.isnan(gaussian.correlation_fixed_point(straight, 1.0, 1.3, alpha=1.0))
    assert gaussian.correlation_fixed_point(straight, 1.0, 1.3, 0.1, alpha=1.0) == 1
    # A variance that isn't fixed: 1 + 0.3 z is a straight line whose mean makes all inputs alike.
    assert gaussian.correlation_fixed_point(Line(), 2.0, 1.0) == 1


class Line:
    def __call__(self, z):
        return 1 + 0.3 * z

    def derivative(self, z):
        return np.full(np.shape(z), 0.3)

    def kinks(self):
        return ()


def test_the_sigmoid_has_an_edge_of_chaos_that_attracts():
    """What the guide says in words; the numbers stand in its displays."""
    (point,) = gaussian.edge_of_chaos(CATALOGUE["sigmoid"])
    assert (round(point.sigma_w, 4), round(point.q, 4)) == (10.1493, 45.6243)
    assert point.attracting and point.slope == pytest.approx(0.0603, abs=5e-5)


RIGOROUS = {  # analytic, so that Arb's integrator encloses the integral
    "sigmoid": lambda z: ((z / 2).tanh() + 1) / 2,
    "tanh": lambda z: z.tanh(),
    "gelu": lambda z: z * (-z / acb(2).sqrt()).erfc() / 2,
}


@pytest.mark.parametrize("name", RIGOROUS)
@pytest.mark.parametrize("q", [0.25, 1.0, 16.0])
def test_moments_lie_in_rigorous_enclosures(name, q):
    def integrand(x, _):
        return RIGOROUS[name](acb(q).sqrt() * x) ** 2 * (-x * x / 2).exp()

    with ctx.workprec(120):
        # Beyond 20 the integral is below 1e-80, as |g(z)| <= 1 + |z|.
        enclosure = (acb.integral(integrand, -20, 20) / (2 * acb.pi()).sqrt()).real
        assert enclosure.rel_accuracy_bits() > 90
        assert abs(arb(gaussian.second_moment(CATALOGUE[name], q)) - enclosure) < RELATIVE * enclosure


@pytest.mark.parametrize("g, parameters", CASES)
def test_gains_keep_the_variance_and_the_gradient(g, parameters):
    forward, backward = gaussian.forward_gain(g, **parameters), gaussian.backward_gain(g, **parameters)
    assert gaussian.variance_map(g, 1.0, forward, **parameters) == pytest.approx(1, rel=RELATIVE)
    assert gaussian.chi(g, 1.0, backward, **parameters) == pytest.approx(1, rel=RELATIVE)


@pytest.mark.parametrize("g, parameters", CASES)
@pytest.mark.parametrize("sigma_w, sigma_b", [(1.0, 0.0), (1.3, 0.3), (1.7, 0.0), (3.0, 0.1)])
def test_fixed_points_are_fixed_and_attract_as_stated(g, parameters, sigma_w, sigma_b):
    for point in gaussian.fixed_points(g, sigma_w, sigma_b, **parameters):
        if math.isnan(point.q):  # every q is one
            assert gaussian.variance_map(g, 0.7, sigma_w, sigma_b, **parameters) == pytest.approx(0.7, rel=1e-11)
            continue
        step = lambda q: gaussian.variance_map(g, q, sigma_w, sigma_b, **parameters)  # noqa: E731
        assert step(point.q) == pytest.approx(point.q, rel=1e-11)
        if point.q:
            assert point.chi == pytest.approx(gaussian.chi(g, point.q, sigma_w, **parameters), rel=RELATIVE)
            rise = (step(1.0001 * point.q) - step(0.9999 * point.q)) / (0.0002 * point.q)
            assert point.slope == pytest.approx(rise, rel=1e-6)
            q = 1.001 * point.q
            for _ in range(20):
                if q < 2 * point.q:  # beyond, it has left; a square would soon overflow
                    q = step(q)
            assert (abs(q - point.q) < 0.001 * point.q) == point.attracting


@pytest.mark.parametrize("g, parameters", CASES)
@pytest.mark.parametrize("sigma_b", [0.0, 0.1, 1.0])
def test_the_edge_of_chaos_has_chi_one_at_a_fixed_point(g, parameters, sigma_b):
    for point in gaussian.edge_of_chaos(g, sigma_b, **parameters):
        q = 1.0 if math.isnan(point.q) else point.q or 1e-12
        assert gaussian.chi(g, q, point.sigma_w, **parameters) == pytest.approx(1, rel=1e-5)
        assert gaussian.variance_map(g, q, point.sigma_w, sigma_b, **parameters) == pytest.approx(q, rel=1e-5)


@pytest.mark.parametrize("q", [1e-3, 1.0, 50.0])
def test_the_slope_of_the_variance_map_of_rectifiers(q):
    assert gaussian.variance_slope(CATALOGUE["relu"], q, 3.0) == pytest.approx(4.5, rel=RELATIVE)
    leaky = gaussian.variance_slope(CATALOGUE["leaky_relu"], q, 3.0, alpha=0.5)
    assert leaky == pytest.approx(9 * 1.25 / 2, rel=RELATIVE)


@pytest.mark.parametrize("q", [1e-3, 1.0, 50.0])
def test_the_slope_of_the_variance_map_with_kinks_beside_zero(q):
    """d/dq E[g(sqrt(q) Z)^2] = E[Z^2 g'(sqrt(q) Z)^2], the integral of z^2 phi(z) over |z| < a = 1/sqrt(q) here."""
    a = 1 / math.sqrt(q)
    expected = math.erf(a / math.sqrt(2)) - a * math.sqrt(2 / math.pi) * math.exp(-a * a / 2)
    assert gaussian.variance_slope(Clipped(), q, 3.0) == pytest.approx(9 * expected, rel=1e-11)


@pytest.mark.parametrize("sigma_w, sigma_b", [(1.0, 1e-4), (1.0, 1.0), (1.2, 2e3), (0.1, 0.3)])
def test_the_only_fixed_point_of_relu(sigma_w, sigma_b):
    """q = sigma_w^2 q / 2 + sigma_b^2, near to either end of the search and between them."""
    (point,) = gaussian.fixed_points(CATALOGUE["relu"], sigma_w, sigma_b)
    expected = sigma_b**2 / (1 - sigma_w**2 / 2)
    assert gaussian.variance_map(CATALOGUE["relu"], expected, sigma_w, sigma_b) == pytest.approx(expected, rel=RELATIVE)
    assert point[:2] == (sigma_w, sigma_b) and point.q == pytest.approx(expected, rel=1e-10)
    assert point.slope == pytest.approx(sigma_w**2 / 2, rel=RELATIVE) == point.chi
    assert point.attracting


class Hump:
    """A function whose E[g^2] / q rises first and falls then, so that it crosses 1 twice."""

    def __call__(self, z):
        return z**3 / (1 + z**4)

    def derivative(self, z):
        return z * z * (3 - z**4) / (1 + z**4) ** 2

    def kinks(self):
        return ()


def test_attracting_and_repelling_fixed_points_take_turns():
    points = gaussian.fixed_points(Hump(), 3.0)
    assert [point.attracting for point in points] == [True, False, True]
    assert points[0].q == 0 and points[1].q < points[2].q < 900 * points[1].q
    for point in points[1:]:
        assert gaussian.variance_map(Hump(), point.q, 3.0) == pytest.approx(point.q, rel=1e-10)
        assert (point.slope < 1) == point.attracting


def test_known_edges_of_chaos():
    tanh, relu = (gaussian.edge_of_chaos(CATALOGUE[name]) for name in ("tanh", "relu"))
    assert [(p.q, p.attracting) for p in tanh] == [(0, True)] and tanh[0].sigma_w == pytest.approx(1, rel=1e-12)
    assert len(relu) == 1 and math.isnan(relu[0].q) and relu[0].sigma_w == pytest.approx(math.sqrt(2), rel=RELATIVE)
    assert gaussian.edge_of_chaos(CATALOGUE["relu"], 0.1) == ()


@pytest.mark.parametrize("g, parameters", CASES)
@pytest.mark.parametrize("q1, q2", [(1.0, 1.0), (0.01, 30.0)])
@pytest.mark.parametrize("correlation", [-gaussian.WITHIN, 0.3, gaussian.WITHIN])
def test_the_series_in_the_correlation_is_the_double_integral(monkeypatch, g, parameters, q1, q2, correlation):
    series = gaussian.covariance(g, q1, q2, correlation, **parameters)
    monkeypatch.setattr(gaussian, "WITHIN", -1)
    integral = gaussian.covariance(g, q1, q2, correlation, **parameters)
    size = math.sqrt(gaussian.second_moment(g, q1, **parameters) * gaussian.second_moment(g, q2, **parameters))
    assert series == pytest.approx(integral, rel=0, abs=1e-12 * size)
