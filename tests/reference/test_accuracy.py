"""Every entry of the reference module against its page's definition, in ball arithmetic, over the whole of float64."""

import dataclasses
import functools
import itertools
import math

import flint
import numpy as np
import pytest
from derivations import definition
from derivations.oracle import Oracle
from derivations.series import Undefined
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import CATALOGUE
from support.catalogue import EACH_ELEMENTWISE, EACH_VECTOR, ELEMENTWISE, EVERY, PARAMETRIC, each, everything

# The contract, for the value and both derivatives: |error| <= 8 (ulp(truth) + |next derivative| ulp(z)).
ALLOWED = 8


def defaults(f):
    """The parameters where nobody says otherwise."""
    return {p.name: p.default for p in f.parameters.values()}


def within(f, z, **setting):
    """Those of the points z where the entry promises its digits."""
    low, high = f.domain(**setting)
    return z[(z >= low) & (z <= high)]


@functools.cache
def published(name, z, parameters):
    """Value and three derivatives at z of the definition on the function's page; at a kink the value alone."""
    kink = z in CATALOGUE[name].kinks(**dict(parameters))
    return definition(name).jet(z, 0 if kink else 3, **dict(parameters))


def truth(name, z, order, **parameters):
    """The derivative of this order at z of the published definition, a ball exact as far as float64 can tell."""
    parameters = defaults(CATALOGUE[name]) | parameters
    return published(name, float(z), tuple(parameters.items()))[order]


def ulp(x):
    """The distance between neighbouring numbers at x, a float or a ball."""
    return math.ulp(float(x))


def error(found, exact, slack):
    """|found - exact| in units of ulp(exact) + slack; inf if found is not finite, unless float64 ends before exact."""
    if math.isinf(float(exact)):
        return 0 if found == float(exact) else math.inf
    if not math.isfinite(found):
        return math.inf
    with flint.ctx.workprec(8192):
        return float(abs(arb(float(found)) - exact) / (arb(ulp(exact)) + slack))


def errors(name, jet, z, **parameters):
    """The errors of a jet at the points z, in units of the contract, as an array (3, len(z)).

    At a kink the definition has no derivative, and only the value counts.
    """
    kinks = CATALOGUE[name].kinks(**parameters)
    result = np.zeros((3, len(z)))
    for column, point in enumerate(z):
        if point in kinks:
            result[0, column] = error(jet[0][column], truth(name, point, 0, **parameters), 0)
            continue
        for order in range(3):
            exact, slope = (truth(name, point, o, **parameters) for o in (order, order + 1))
            result[order, column] = error(jet[order][column], exact, abs(slope) * ulp(point))
    return result


def check_parameter_derivatives(f, z, setting):
    """Fail, with the point, where a derivative with respect to a parameter breaks the contract."""
    for parameter in f.parameters:
        for point, found in zip(z, f.parameter_derivative(parameter, z, **setting)):
            order = 0 if point in f.kinks(**setting) else 1
            exact, *slope = definition(f.name).parameter_derivative(parameter, float(point), order, **setting)
            units = error(found, exact, sum(map(abs, slope)) * ulp(point))
            place = f"{f.name}, d/d({parameter}), z = {float(point)!r}, {setting}"
            assert units <= ALLOWED, f"{place}: found {found!r}, expected {exact.str(20)}: {units:.3g} units"


def tensor(f, z, order, **setting):
    """The derivatives of the published definition at a vector; outputs beyond those of g_i(z) the page calls h_i(z)."""
    oracle = definition(f.name)
    found = oracle.tensor(z, order, **defaults(f) | setting)
    count = 1 + max(i for i, *_ in found)
    if f.outputs(len(z)) > count:
        more = Oracle(oracle.scope, "h").tensor(z, order, **defaults(f) | setting)
        found |= {(i + count, *rest): ball for (i, *rest), ball in more.items()}
    assert 1 + max(i for i, *_ in found) == f.outputs(len(z))
    return found


def tensors(f, z, **setting):
    """Those of all orders up to 3; up to 0 where a vector lies on a kink."""
    try:
        return [tensor(f, z, order, **setting) for order in range(4)]
    except Undefined:
        assert f.smoothness < math.inf
        return [tensor(f, z, 0, **setting)]


def check_vector(f, z, **setting):
    """Fail where the contract is broken at one vector."""
    z = whole(f, z)
    assert max(vector_errors(f, everything(f, z, **setting), z, **setting)) <= ALLOWED
    for parameter in f.parameters:
        value = (defaults(f) | setting)[parameter]
        ends = [value - 2.0**-24 * abs(value), value + 2.0**-24 * abs(value)]
        if not all(end in f.parameters[parameter].allowed for end in ends) or len(tensors(f, z, **setting)) == 1:
            continue
        low, high = (tensor(f, z, 0, **setting | {parameter: end}) for end in ends)
        for i, slope in enumerate(f.parameter_derivative(parameter, z, **setting)):
            expected = float((high[i,] - low[i,]) / (ends[1] - ends[0]))
            assert slope == pytest.approx(expected, rel=1e-9, abs=1e-12), (parameter, i, z)


def vector_errors(f, results, z, **setting):
    """The errors of value, Jacobian and Hessian at one vector, in units of the contract; on a kink, of the value."""
    exact = tensors(f, z, **setting)
    if len(exact) == 1:
        return [error(results[0][indices], ball, 0) for indices, ball in exact[0].items()]
    return [
        error(result[indices], ball, sum(abs(exact[order + 1][*indices, j]) * ulp(z[j]) for j in range(len(z))))
        for order, result in enumerate(results)
        for indices, ball in exact[order].items()
    ]


def check(name, jet, z, **parameters):
    """Fail, with the worst point, where the contract is broken."""
    found = errors(name, jet, z, **parameters)
    order, column = np.unravel_index(np.argmax(found), found.shape)
    place = f"{name}, order {order}, z = {float(z[column])!r}, {parameters}"
    exact = truth(name, z[column], int(order), **parameters)
    text = f"{place}: found {jet[order][column]!r}, expected {exact.str(20)}"
    assert found.max() <= ALLOWED, f"{text}: {found.max():.3g} units, allowed {ALLOWED}"


def magnitudes(step):
    """One number in every `step` binades of float64, both signs, mantissas spread by the golden ratio; and the ends."""
    exponents = np.arange(-1074, 1024, step)
    positive = np.ldexp(1 + (np.arange(len(exponents)) * 0.6180339887498949) % 1, exponents)
    positive = np.concatenate([[5e-324, 2.2250738585072014e-308, 1.7976931348623157e308], positive])
    return np.concatenate([-positive[::-1], [0.0], positive])


def edges(f, **parameters):
    """The numbers around every place where a result changes sign or becomes subnormal, found by bisection."""

    def kind(z):
        values = np.stack(f.jet(z, **parameters))
        return np.sign(values), np.abs(values) < 2.2250738585072014e-308

    grid = np.unique(np.concatenate([np.linspace(-50, 50, 1001), np.linspace(-800, 800, 801), magnitudes(40)]))
    grid = within(f, grid, **parameters)
    found = []
    for order in range(3):
        for which in range(2):
            kinds = kind(grid)[which][order]
            for left in np.flatnonzero(kinds[1:] != kinds[:-1]):
                low, high = grid[left], grid[left + 1]
                while low < (middle := low / 2 + high / 2) < high:
                    if kind(np.array([middle]))[which][order, 0] == kinds[left]:
                        low = middle
                    else:
                        high = middle
                steps = np.concatenate([-(2.0 ** np.arange(0, 50, 7)), [0], 2.0 ** np.arange(0, 50, 7)])
                with np.errstate(over="ignore"):  # at the far end of float64, where a wave changes its sign as well
                    found.append(low + steps * np.spacing(max(abs(low), 1e-300)))
    return within(f, np.concatenate([*found, [0.0]]), **parameters)


def corners(f):
    """The parameter settings that are tried: defaults, shown ranges and the ends of what is allowed."""
    choices = {}
    for name, parameter in f.parameters.items():
        allowed = parameter.allowed
        low = allowed.low if allowed.closed_low else np.nextafter(allowed.low, math.inf)
        high = allowed.high if allowed.closed_high else np.nextafter(allowed.high, -math.inf)
        choices[name] = sorted({parameter.default, *parameter.shown, float(low), float(high)})
    return [dict(zip(choices, values)) for values in itertools.product(*choices.values())]


def cases(functions):
    """Parametrise by function and parameter setting."""
    return [pytest.param(f, setting, id=f"{f.name}{setting or ''}") for f in functions for setting in corners(f)]


@pytest.mark.parametrize("f, setting", cases(ELEMENTWISE))
def test_all_magnitudes(f, setting):
    z = within(f, magnitudes(4 if setting == corners(f)[0] else 32), **setting)
    check(f.name, f.jet(z, **setting), z, **setting)


@pytest.mark.parametrize("f, setting", cases(ELEMENTWISE))
def test_where_things_happen(f, setting):
    z = within(f, np.linspace(-50, 50, 1003), **setting)
    check(f.name, f.jet(z, **setting), z, **setting)


@pytest.mark.parametrize("f, setting", cases(ELEMENTWISE))
def test_around_zeros_and_thresholds(f, setting):
    z = edges(f, **setting)
    check(f.name, f.jet(z, **setting), z, **setting)


@pytest.mark.parametrize("f, setting", [case for case in cases(ELEMENTWISE) if case.values[1]])
def test_derivatives_with_respect_to_parameters(f, setting):
    z = np.concatenate([magnitudes(32), np.linspace(-50, 50, 301)])
    check_parameter_derivatives(f, within(f, z, **setting), setting)


@each(PARAMETRIC)
@pytest.mark.parametrize("size", [1e-300, 1e-100, 1e-3, 1e3, 1e100])
def test_parameters_of_every_size(f, size):
    """What overflows or underflows at z for the parameter 1 does so at z / size, if the parameter scales z."""
    z = np.linspace(-1600, 1600, 641)
    z = np.concatenate([z, z / size])
    for name, parameter in f.parameters.items():
        if size in parameter.allowed:
            inner = within(f, z, **{name: size})
            check(f.name, f.jet(inner, **{name: size}), inner, **{name: size})
            check_parameter_derivatives(f, inner, {name: size})


@EACH_ELEMENTWISE
def test_plain_relative_accuracy_away_from_zeros(f):
    """Within 16 ULP, whatever the slope: the contract's second term would allow exp(-z^2/2) to lose z^2 of them."""
    z = np.linspace(-50, 50, 2001) + 0.0123
    jet = f.jet(z)
    setting = {name: parameter.default for name, parameter in f.parameters.items()}
    for order in range(3):
        grid = np.linspace(-50, 50, 10_001)
        values = f.jet(grid, **setting)[order]
        signs, size = np.sign(values), np.abs(values)
        touched = (size[1:-1] < size[:-2]) & (size[1:-1] < size[2:]) & (size[1:-1] < 1e-3)  # a zero without a change
        zeros = np.concatenate([grid[:-1][signs[1:] * signs[:-1] <= 0], grid[1:-1][touched]])
        for point, found in zip(z, jet[order]):
            if not np.any(np.abs(zeros - point) < 0.25):
                assert error(found, truth(f.name, point, order, **setting), 0) <= 16, (order, point)


def test_the_inflection_of_gelu_keeps_its_digits():
    for z in np.sqrt(2) + np.arange(-3, 4) * np.spacing(1.4):
        assert error(CATALOGUE["gelu"].second_derivative(z), truth("gelu", z, 2), 0) <= ALLOWED


@EACH_ELEMENTWISE
@settings(max_examples=100, deadline=None, print_blob=True)
@given(data=st.data())
def test_fresh_points(f, data):
    z = np.array([data.draw(st.floats(-50, 50) | st.floats(allow_nan=False, allow_infinity=False))])
    setting = {
        name: data.draw(
            st.floats(
                max(parameter.allowed.low, -1e3),
                min(parameter.allowed.high, 1e3),
                exclude_min=not parameter.allowed.closed_low,
                exclude_max=not parameter.allowed.closed_high,
            )
        )
        for name, parameter in f.parameters.items()
    }
    assume(len(within(f, z, **setting)))
    check(f.name, f.jet(z, **setting), z, **setting)
    check_parameter_derivatives(f, z, setting)


VECTORS = [
    [0.3],
    [-1e308],
    [0.0, 0.0],
    [40.0, 0.0],
    [0.0, 700.0],
    [-700.3, 700.7],
    [1e-10, 0.0],
    [1e-300, -5e-324],
    [1.7e308, -1.7e308],
    [math.log(2), 0.0, 0.0],
    [0.0, -math.log(2), -math.log(2)],
    [1e-10, 0.0, -20.0],
    [-20.0, 1e-10, 0.0],
    [-3.0, -30.0, 5.0, 5.000000001],
    [20.0, 20.0 + 1e-12, 19.0],
    [700.1, -3.3, -700.2],
    [300.25, 300.75, -300.5, 0.1],
    [0.1, 0.1, 0.1, 0.1],
    [1e-3, -745.1, 709.9, 3.7, 3.7],
    [-400.1, 0.2, -372.6, -354.9],
]


def whole(f, z):
    """z, with its last entry once more, or so often that its length is one that the function takes."""
    return z + z[-1:] * (-len(z) % f.lengths[0])


@EACH_VECTOR
@pytest.mark.parametrize("z", VECTORS, ids=str)
def test_chosen_vectors(f, z):
    check_vector(f, z)


@EACH_VECTOR
@pytest.mark.parametrize("z", VECTORS, ids=str)
def test_plain_relative_accuracy_of_vector_functions(f, z):
    """Within 4 ULP, though the slopes would allow a small output to lose as many digits as its large exponent has."""
    z = whole(f, z)
    exact = tensor(f, z, 0)
    assert max(error(f(z)[indices], value, 0) for indices, value in exact.items()) <= 4


@EACH_VECTOR
@settings(max_examples=40, deadline=None, print_blob=True)
@given(z=st.lists(st.floats(-2, 2) | st.floats(-800, 800), min_size=1, max_size=4))
def test_fresh_vectors(f, z):
    check_vector(f, z)


def test_the_harness_refuses_a_textbook_derivative():
    s = 1 / (1 + math.exp(-40))
    jet = [np.array([s]), np.array([s * (1 - s)]), np.array([-s * (1 - s) * math.tanh(20)])]
    found = errors("sigmoid", jet, [40.0])
    assert found[0] <= ALLOWED and found[1] > 1e14 and found[2] > 1e14


@pytest.mark.parametrize("name, wrong", [("relu", 1.0), ("tanh", 1e-200), ("gelu", -1e-300), ("sigmoid", 5e-323)])
def test_the_harness_refuses_a_derivative_that_is_wrong_in_one_saturated_branch(name, wrong):
    z = magnitudes(4)
    value, slope, curvature = CATALOGUE[name].jet(z)
    check(name, (value, slope, curvature), z)
    with pytest.raises(AssertionError, match=f"{name}, order 1"):
        check(name, (value, np.where(z < -800, wrong, slope), curvature), z)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 0.0, -1e-17])
def test_the_harness_refuses_what_is_not_a_small_error(wrong):
    assert errors("sigmoid", [[wrong]] * 3, [-40.0]).min() > ALLOWED


@EVERY
def test_the_page_declares_the_same_parameters_with_the_same_ranges(f):
    published = {name: dataclasses.astuple(interval) for name, interval in definition(f.name).parameters.items()}
    assert published == {p.name: dataclasses.astuple(p.allowed) for p in f.parameters.values()}
    assert definition(f.name).is_vector == f.vector


@pytest.mark.parametrize("f, setting", cases(ELEMENTWISE))
def test_the_entry_names_every_kink_of_the_published_definition(f, setting):
    every = defaults(f) | setting
    published, named = definition(f.name).kinks(**every), f.kinks(**setting)
    assert set(published) >= set(named)
    for kink in published:
        sides = [definition(f.name).jet(kink, 6, side=side, **every) for side in (-1, 1)]
        order = next((k for k, (left, right) in enumerate(zip(*sides)) if not left.overlaps(right)), math.inf)
        assert kink in named or order == math.inf
        if kink in named and every == defaults(f):
            assert order >= f.smoothness + 1
