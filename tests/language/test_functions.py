"""The table of elementary functions: every entry of every row is held against the function itself."""

import re

import mpmath
import pytest
from derivations import check
from derivations.evaluate import Evaluator
from derivations.roots import kinks
from derivations.series import Undecided, Undefined
from flint import arb, ctx
from language.conditions import conditions
from language.expressions import formula
from language.functions import FUNCTIONS
from language.interpret import satisfies
from language.scope import Scope
from language.tree import Call, Derivative, Symbol
from layout import ROOT

ONE = {name: row for name, row in FUNCTIONS.items() if not row.several}
POINTS = (-20.0, -2.5, -1.0, -0.75, -0.25, 0.0, 0.125, 0.5, 1.0, 1.75, 3.0, 20.0)
ELSEWHERE = {"ln": "log", "arctan": "atan", "arsinh": "asinh", "artanh": "atanh", "abs": "fabs", "sgn": "sign"}


def call(name, argument="x"):
    """The function of an argument, as a page writes it."""
    spelling = FUNCTIONS[name].spelling
    return spelling.replace("x", argument) if " " in spelling else f"{spelling}({argument})"


def with_(fact):
    """The functions of the table that have this fact."""
    return [name for name, row in ONE.items() if getattr(row, fact)]


def claimed(claim, name=None, smooth=False):
    """Whether the algebra proves a claim about x on the function's domain; what is false fails the test."""
    row = ONE.get(name)
    where = [row.domain] if row and row.domain else []
    where += [f"{row.kinks} \\ne 0"] if row and row.kinks and smooth else []
    under = ", ".join(where) or r"x \in \mathbb{R}"
    result = check.check_text(f"$$\n{claim} \\quad {under}\n$$\n", "table.md", Scope())
    assert result.refused == []
    return result.relations[0][3]


def value(tree, x):
    """A tree's ball at x, None where it has no value."""
    with ctx.workprec(200):
        try:
            ball = Evaluator({}).value(tree, {"x": arb(x)})
        except (Undefined, Undecided):
            return None
    return None if ball.is_nan() else ball


def allowed(name, x):
    """Whether x is in the function's domain."""
    found = (
        satisfies(Evaluator({}).sign(value(condition.left, x) - value(condition.right, x)), condition.relation)
        for condition in conditions(FUNCTIONS[name].domain or "x = x")
    )
    return all(found)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_it_is_read_by_its_spelling(name):
    several = FUNCTIONS[name].several
    tree = formula(call(name, "x, 1") if several else call(name))
    assert isinstance(tree, Call) and tree.name == name


@pytest.mark.parametrize("name", ONE)
def test_it_agrees_with_another_library(name):
    with mpmath.workdps(40), ctx.workprec(200):
        other = getattr(mpmath, ELSEWHERE.get(name, name))
        for x in filter(lambda x: allowed(name, x), POINTS):
            found, expected = value(formula(call(name)), x), arb(mpmath.nstr(other(mpmath.mpf(x)), 35))
            assert abs(found - expected) < arb(10) ** -30 * (1 + abs(expected)), x


@pytest.mark.parametrize("name", ONE)
def test_it_has_a_value_on_its_domain_alone(name):
    for x in POINTS:
        assert (value(formula(call(name)), x) is not None) == allowed(name, x), x


@pytest.mark.parametrize("name", with_("definition"))
def test_its_definition_holds(name):
    assert claimed(f"{call(name)} = {FUNCTIONS[name].definition}", name)


@pytest.mark.parametrize("name", ONE)
def test_its_derivative_holds(name):
    derivative = rf"\frac{{\mathrm d}}{{\mathrm dx}} \left[{call(name)}\right]"
    assert claimed(f"{derivative} = {FUNCTIONS[name].derivative}", name, smooth=True)


@pytest.mark.parametrize("name", with_("parity"))
def test_its_parity_holds(name):
    claimed(f"{call(name, '-x')} = {'' if FUNCTIONS[name].parity > 0 else '-'}{call(name)}", name)


@pytest.mark.parametrize("name", with_("sign"))
def test_its_sign_holds(name):
    claimed(f"{call(name)} > 0", name)


@pytest.mark.parametrize("name", with_("limits"))
def test_its_limits_hold(name):
    for target, limit in zip((r"-\infty", r"\infty"), FUNCTIONS[name].limits):
        if limit is not None:
            text = f"$$\n\\lim_{{x \\to {target}}} {call(name)} = {limit}\n$$\n"
            assert check.check_text(text, "table.md", Scope()).refused == []


@pytest.mark.parametrize("name", [name for name in ONE if ONE[name].tail != "1"])
def test_the_rest_to_its_limit_vanishes_against_its_tail(name):
    row = FUNCTIONS[name]
    for sign, limit in zip((-1, 1), row.limits):
        rest = [
            abs((value(formula(limit), x) - value(formula(call(name)), x)) / value(formula(row.tail), x))
            for x in (sign * 1.0, sign * 3.0, sign * 6.0)
        ]
        assert rest[0] > rest[1] > rest[2]


@pytest.mark.parametrize("name", ONE)
def test_it_has_kinks_where_the_table_says(name):
    slope = Derivative(formula(call(name)), ((Symbol("x"), 1),))
    places = []
    for x in filter(lambda x: allowed(name, x), POINTS):
        if FUNCTIONS[name].kinks and value(formula(FUNCTIONS[name].kinks), x).is_zero():
            places.append(x)
        assert (value(slope, x) is None) == (x in places), x
    assert bool(places) == bool(FUNCTIONS[name].kinks)
    found = [find({"x": arb(0)}) for find in kinks(formula(call(name)), Evaluator({}), poles=False)]
    assert bool(found) == bool(FUNCTIONS[name].kinks) and all(difference.is_zero() for difference in found)


def test_a_mutant_puts_a_function_of_as_many_arguments_in_its_place():
    for row in FUNCTIONS.values():
        assert row.alike is None or FUNCTIONS[row.alike].several == row.several


def test_the_guide_names_them_all():
    guide = (ROOT / "docs/guide/adding.md").read_text(encoding="utf-8")
    listed = re.search(r"Known without a definition are\s+`([^`]*)`;", guide)[1]
    items = re.findall(r"\\lvert x \\rvert|\\operatorname\{\w+\}|\\\w+", listed)
    assert sorted(items) == sorted([*(row.spelling for row in FUNCTIONS.values()), r"\sqrt"])
