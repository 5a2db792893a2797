"""A page's definition, evaluated in ball arithmetic, agrees with mpmath and is tight over the whole of float64."""

import math

import derivations
import mpmath
import pytest
from derivations import oracle
from derivations.series import Undefined
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture
def page(tmp_path):
    """An oracle of a page that holds nothing but this definition."""

    def write(display):
        path = tmp_path / "page.md"
        path.write_text(f"## Definition\n\n$$\n{display}\n$$\n", encoding="utf-8")
        return oracle.definition.__wrapped__(path)

    return write


def close(ball, value):
    with ctx.workprec(200):
        return abs(ball - arb(str(value))) < arb(10) ** -25


def test_jet_agrees_with_another_library(page):
    curve = page(r"g(z) = z \tanh\left(\ln\left(1 + e^{\beta z}\right)\right) \quad \beta > 0")
    with mpmath.workdps(60):

        def g(z):
            return z * mpmath.tanh(mpmath.log(1 + mpmath.exp(mpmath.mpf(1.25) * z)))

        for z in (-3.5, 0.0, 0.75, 20.0):
            expected = [mpmath.nstr(c, 50) for c in mpmath.taylor(g, mpmath.mpf(z), 3)]
            found = curve.jet(z, 3, beta=1.25)
            assert all(close(found[k], mpmath.mpf(expected[k]) * math.factorial(k)) for k in range(4))


@settings(max_examples=200, deadline=None)
@given(FLOATS)
def test_balls_are_tight_at_every_float(z):
    for name in ("sigmoid", "tanh", "gelu"):
        before = ctx.prec
        for ball in derivations.definition(name).jet(z, 3):
            assert ball.rad() <= abs(ball.mid()) * 2.0**-60 or ball.rad() < arb(2) ** -1100
        assert ctx.prec == before


def test_parameters_have_the_names_of_code_and_their_declared_ranges(page):
    curve = page(r"g(z) = \lambda\,\alpha\,z \quad 0 \le \alpha < 1, \lambda > 0")
    assert set(curve.parameters) == {"alpha", "lambda_"}
    alpha, lambda_ = curve.parameters["alpha"], curve.parameters["lambda_"]
    assert (alpha.low, alpha.high, alpha.closed_low, alpha.closed_high) == (0, 1, True, False)
    assert (lambda_.low, lambda_.high, lambda_.closed_low) == (0, math.inf, False)
    assert close(curve.jet(2.0, 1, alpha=0.5, lambda_=3.0)[0], 3)
    with pytest.raises(TypeError, match="alpha"):
        curve.jet(2.0, 1, beta=0.5)


def test_a_kink_has_two_sides_and_a_smooth_joint_has_one(page):
    curve = page(r"g(z) = \begin{cases} z^2, & z > 0 \\ -z^2, & z \le 0 \end{cases}")
    assert curve.kinks() == [0.0]
    assert [float(ball.mid()) for ball in curve.jet(0.0, 1)] == [0, 0]
    assert float(curve.jet(0.0, 2, side=1)[2].mid()) == 2 and float(curve.jet(0.0, 2, side=-1)[2].mid()) == -2
    with pytest.raises(Undefined, match="kink"):
        curve.jet(0.0, 2)


def test_a_removable_gap_is_filled_by_its_germ(page):
    curve = page(r"g(z) = \begin{cases} \frac{\sin z}{z}, & z \ne 0 \\ 1, & z = 0 \end{cases}")
    assert [round(float(ball.mid()), 12) for ball in curve.jet(0.0, 2)] == [1, 0, round(-1 / 3, 12)]


def test_a_vector_function_has_its_derivatives_of_every_order():
    softmax = derivations.definition("softmax")
    assert softmax.is_vector
    z = [0.25, -1.0, 2.0]
    with mpmath.workdps(60):

        def entry(i, *x):
            return mpmath.exp(x[i]) / sum(map(mpmath.exp, x))

        point = tuple(map(mpmath.mpf, z))
        for order in range(3):
            found = softmax.tensor(z, order)
            assert len(found) == 3 ** (1 + order)
            for (i, *places), ball in found.items():
                expected = mpmath.diff(lambda *x, i=i: entry(i, *x), point, [places.count(k) for k in range(3)])
                assert abs(ball - arb(str(expected))) < arb(10) ** -12


def test_a_gate_of_two_vectors(page):
    gate = page(r"g_i(a, b) = a_i\,\sigma(b_i) \quad i = 1, \dots, n")
    assert gate.is_vector
    found = gate.tensor([3.0, 5.0, 0.0, 0.0], 1)
    assert [[float(found[i, j].mid()) for j in range(4)] for i in range(2)] == [[0.5, 0, 0.75, 0], [0, 0.5, 0, 1.25]]
