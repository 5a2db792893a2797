"""The building blocks of the reference module against exact arithmetic."""

import math
from fractions import Fraction

import flint
import numpy as np
from flint import arb
from hypothesis import given
from hypothesis import strategies as st
from reference import numerics

MODERATE = st.floats(-1e30, 1e30).filter(lambda x: x == 0 or abs(x) > 1e-30)  # nothing under- or overflows


def exact(number):
    return Fraction(float(number))


@given(a=MODERATE, b=MODERATE)
def test_a_difference_and_its_rounding_are_exact(a, b):
    s, r = numerics.difference(np.array(a), np.array(b))
    assert s == a - b
    assert exact(s) + exact(r) == Fraction(a) - Fraction(b)


@given(x=MODERATE)
def test_a_square_and_its_rounding_are_exact_to_thirty_digits(x):
    s, r = numerics.square(np.array(x))
    assert s == x * x
    assert abs(exact(s) + exact(r) - Fraction(x) ** 2) <= Fraction(x) ** 2 / 10**30


@given(e=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_a_sum_and_its_rounding_are_exact_to_23_digits(e):
    s, r = (float(part[0]) for part in numerics.total(np.array(e)))
    true = sum(map(Fraction, e))
    assert abs(exact(s) - true) <= Fraction(math.ulp(s))
    assert abs(exact(s) + exact(r) - true) <= Fraction(len(e), 10**23)


@given(x=st.floats(0, 37))
def test_the_normal_tail_is_within_eight_units(x):
    r, m = numerics.normal(np.array([x]))
    with flint.ctx.workprec(200):
        tail, density = (arb(x) / arb(2).sqrt()).erfc() / 2, (-(arb(x) ** 2) / 2).exp()
        for found, true in ((r * m * r, tail), (r * r, density)):
            assert abs(arb(float(found[0])) - true) <= 8 * math.ulp(float(true))


@given(z=st.floats(-1600, 1600))
def test_logistic_and_decay_are_within_two_units(z):
    with flint.ctx.workprec(4000):
        e = (-abs(arb(z))).exp()
        for found, true in (
            *zip(numerics.logistic(np.array([z])), (1 / (1 + (-arb(z)).exp()), 1 / (1 + arb(z).exp()))),
            *zip(numerics.decay(np.array([z]))[1:], (e.sqrt(), e)),
        ):
            assert abs(arb(float(found[0])) - true) <= 2 * math.ulp(float(true))
