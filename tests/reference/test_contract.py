"""What every entry takes and gives: types, shapes, NaN, limits, kinks, parameters; one clear error for bad input."""

import math
import re

import flint
import layout
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from reference import CATALOGUE
from support.catalogue import ALL, EACH_ELEMENTWISE, EACH_VECTOR, EVERY, everything


@EVERY
@pytest.mark.parametrize(
    "z, dtype",
    [
        ([1, -2], float),
        ([True, False], float),
        (np.array([3, 4], np.uint8), float),
        (np.array([0.5, -0.5], np.float32), np.float32),
        (np.array([0.5, -0.5], np.float16), np.float16),
        (np.array([0.5, -0.5], ">f8"), float),
        (np.array([0.5, -0.5], ">f4"), np.float32),
        (np.array([0.5, -0.5], np.longdouble), float),
    ],
    ids=str,
)
def test_result_types(f, z, dtype):
    z = np.tile(z, f.lengths[0])
    for order, result in enumerate(everything(f, z)):
        assert result.dtype == np.dtype(dtype) and result.dtype.isnative
        assert result.shape == ((f.outputs(len(z)),) + z.shape * order if f.vector else z.shape)


@EVERY
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_narrow_types_are_rounded_once(f, dtype):
    z = np.random.default_rng(1).normal(0, 8, (50, 4 * f.lengths[0])).astype(dtype)
    for narrow, wide in zip(everything(f, z), everything(f, z.astype(float))):
        assert np.array_equal(narrow, wide.astype(dtype))


@EACH_ELEMENTWISE
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4), (5, 1)], ids=str)
def test_elementwise_shapes(f, shape):
    z = np.linspace(-3, 3, math.prod(shape)).reshape(shape)
    for result in (f(z), f.derivative(z), f.second_derivative(z), *f.jet(z)):
        assert result.shape == shape
        assert isinstance(result, np.ndarray if shape else np.float64)


@EACH_ELEMENTWISE
def test_each_number_is_on_its_own(f):
    z = np.random.default_rng(2).normal(0, 10, 40_000)  # more than one block
    some = [0, 1, 16383, 16384, 39_999]
    for whole, parts in zip(f.jet(z), zip(*(f.jet(float(z[i])) for i in some))):
        np.testing.assert_allclose(whole[some], parts, rtol=1e-14)
    for whole, reverse in zip(f.jet(z.reshape(200, 200)), f.jet(z.reshape(200, 200).T)):
        np.testing.assert_allclose(whole, reverse.T, rtol=1e-14)


@EACH_ELEMENTWISE
def test_the_jet_is_made_of_its_parts(f):
    z = np.linspace(-9, 9, 101)
    for part, whole in zip((f(z), f.derivative(z), f.second_derivative(z)), f.jet(z)):
        assert np.array_equal(part, whole)


@EACH_VECTOR
@pytest.mark.parametrize("shape", [(1,), (4,), (3, 2), (0, 3), (2, 2, 3)], ids=str)
def test_vector_shapes(f, shape):
    n = (shape[-1] * f.lengths[0],)
    z = np.random.default_rng(3).normal(0, 5, shape[:-1] + n)
    results = everything(f, z)
    for order, result in enumerate(results):
        assert result.shape == (*shape[:-1], shape[-1] * f.lengths[1]) + n * order
    for index in np.ndindex(shape[:-1]):
        for result, row in zip(results, everything(f, z[index])):
            np.testing.assert_allclose(result[index], row, rtol=1e-14)


@EACH_VECTOR
def test_many_vectors_and_a_long_one(f):
    z = np.random.default_rng(4).normal(0, 5, (6000, 3 * f.lengths[0]))  # more than one block
    for result, last in zip(everything(f, z), everything(f, z[-1])):
        np.testing.assert_allclose(result[-1], last, rtol=1e-14)
    n = 120_000 * f.lengths[0]
    assert f(np.zeros(n)).shape == (120_000 * f.lengths[1],)  # whose Jacobian would take 100 GB


def test_softmax_of_many_entries():
    for spread in (0.01, 3, 300):
        z = np.random.default_rng(5).normal(0, spread, 1000)
        with flint.ctx.workprec(200):
            powers = [flint.arb(x).exp() for x in z]
            total = sum(powers, flint.arb(0))
            for found, power in zip(CATALOGUE["softmax"](z), powers):
                assert abs(flint.arb(float(found)) - power / total) < 3 * math.ulp(float(power / total))


@EVERY
def test_nan_gives_nan(f):
    z = np.tile([[1.0, math.nan, -800.0], [0.0, 1.0, 2.0]], f.lengths[0])
    for result in everything(f, z):
        bad = np.isnan(result)
        if f.vector:
            assert bad[0].all() and not bad[1].any()
        else:
            assert np.array_equal(bad, np.isnan(z))


def check_limits(f, function):
    """Whether `function` gives at infinity what it comes to, and NaN only where it comes to nothing."""
    ends = np.clip(f.domain(), -np.finfo(float).max, np.finfo(float).max)
    far, before = function(ends), function(0.7 * ends)
    for found, there, on_the_way in zip(function([-math.inf, math.inf]).ravel(), far.ravel(), before.ravel()):
        if np.isnan(found):
            assert not np.isclose(there, on_the_way, rtol=1e-9) and not min(abs(there), abs(on_the_way)) > 1e300
        elif np.isfinite(found):
            assert there == pytest.approx(found, rel=1e-14)
        else:
            assert there * found > 0 and abs(there) > 1e15 and abs(there) >= abs(on_the_way)


@EACH_ELEMENTWISE
def test_limits_at_infinity(f):
    check_limits(f, lambda z: np.stack(f.jet(z)))


def test_leaky_relu_with_slope_zero_is_relu_at_infinity_too():
    z = [-math.inf, -1.0, 0.0, 2.0, math.inf]
    for leaky, relu in zip(CATALOGUE["leaky_relu"].jet(z, alpha=0), CATALOGUE["relu"].jet(z)):
        assert np.array_equal(leaky, relu)


@pytest.mark.parametrize(
    "z, limit",
    [
        ([math.inf, 0, -math.inf], [1, 0, 0]),
        ([-math.inf, 3], [0, 1]),
        ([-math.inf, 3, 3], [0, 0.5, 0.5]),
        ([math.inf], [1]),
        ([-math.inf], [1]),
    ],
)
def test_softmax_at_infinity(z, limit):
    softmax, p = CATALOGUE["softmax"], np.array(limit)
    n = len(z)
    delta = np.eye(n)
    z = [z, z]  # a vector's neighbours must not matter
    assert np.array_equal(softmax(z), [p, p])
    jacobian = p[:, None] * (delta - p)
    assert np.array_equal(softmax.jacobian(z), [jacobian, jacobian])
    hessian = jacobian[:, None, :] * (delta - p)[:, :, None] - p[:, None, None] * jacobian
    assert np.array_equal(softmax.hessian(z), [hessian, hessian])


@pytest.mark.parametrize("z", [[-math.inf] * 2, [math.inf, 1, math.inf]])
def test_softmax_has_no_limit_where_infinities_tie(z):
    for result in everything(CATALOGUE["softmax"], [z, [0.0] * len(z)]):
        assert np.isnan(result[0]).all() and np.isfinite(result[1]).all()


@pytest.mark.parametrize(
    "z, limit",
    [
        ([math.inf, 0, -math.inf], [0, -math.inf, -math.inf]),
        ([-math.inf, 3], [-math.inf, 0]),
        ([-math.inf], [0]),
        ([0, math.inf], [-math.inf, 0]),
    ],
)
def test_log_softmax_at_infinity(z, limit):
    log_softmax, p = CATALOGUE["log_softmax"], CATALOGUE["softmax"](z)
    assert np.array_equal(log_softmax([z, z]), [limit, limit])
    assert np.array_equal(log_softmax.jacobian(z), np.eye(len(z)) - p)
    assert np.array_equal(log_softmax.hessian(z), [-CATALOGUE["softmax"].jacobian(z)] * len(z))


def test_log_softmax_has_no_limit_where_infinities_tie():
    for result in everything(CATALOGUE["log_softmax"], [[math.inf, 1, math.inf], [0.0] * 3]):
        assert np.isnan(result[0]).all() and np.isfinite(result[1]).all()


@pytest.mark.parametrize(
    "z, value, by_a, by_b, by_b_twice",
    [
        ([math.inf, -2000], math.inf, 0, math.inf, math.inf),
        ([-math.inf, 1], -math.inf, 0.7310585786300049, -math.inf, math.inf),
        ([math.inf, 0], math.inf, 0.5, math.inf, 0),
        ([math.inf, math.inf], math.inf, 1, math.nan, math.nan),
        ([math.inf, -math.inf], math.nan, 0, math.nan, math.nan),
        ([1e308, -math.inf], 0, 0, 0, 0),
        ([-3, math.inf], -3, 1, 0, 0),
    ],
)
def test_glu_at_infinity(z, value, by_a, by_b, by_b_twice):
    glu = CATALOGUE["glu"]
    assert np.array_equal(glu(z), [value], equal_nan=True)
    np.testing.assert_allclose(glu.jacobian(z), [[by_a, by_b]], rtol=1e-15)
    assert np.array_equal(glu.hessian(z)[0, 1, 1], by_b_twice, equal_nan=True)


@pytest.mark.parametrize("slope", [0, 0.3, 1, -1, 7])
def test_prelu_is_leaky_relu_up_to_one_and_more_beyond(slope):
    z = np.array([-math.inf, -2.0, -0.0, 0.0, 3.0, math.inf])
    prelu = CATALOGUE["prelu"]
    assert np.array_equal(prelu(z, alpha=slope), [-math.inf * slope if slope else 0, -2 * slope, 0, 0, 3, math.inf])
    assert np.array_equal(prelu.derivative(z, alpha=slope), [slope] * 4 + [1, 1])
    assert prelu.kinks(alpha=slope) == (() if slope == 1 else (0.0,))
    if slope in CATALOGUE["leaky_relu"].parameters["alpha"].allowed:
        for one, other in zip(prelu.jet(z, alpha=slope), CATALOGUE["leaky_relu"].jet(z, alpha=slope)):
            assert np.array_equal(one, other)


def test_swish_without_a_gate_is_half_the_identity():
    z = np.array([-math.inf, -1e308, -2.0, 0.0, 3.0, math.inf])
    for result, expected in zip(CATALOGUE["swish"].jet(z, beta=0), (z / 2, np.full(6, 0.5), np.zeros(6))):
        assert np.array_equal(result, expected)


@EACH_ELEMENTWISE
def test_kinks_and_smoothness(f):
    broken = []
    for kink in f.kinks():
        left, middle, right = (f.jet(z) for z in (np.nextafter(kink, -math.inf), kink, np.nextafter(kink, math.inf)))
        assert min(left[1], right[1]) <= middle[1] <= max(left[1], right[1])
        jumps = [abs(a - b) > 1e-6 for a, b in zip(left, right)]
        assert middle[2] == 0 or not any(jumps)
        broken.append([*jumps, True].index(True))
    if f.smoothness < 2:
        assert min(broken) == f.smoothness + 1  # there may be others, where a later derivative jumps
    else:
        assert all(order == 3 for order in broken)


@EACH_ELEMENTWISE
def test_there_is_no_jump_but_at_the_kinks(f):
    """The step between two points goes with their distance, unless a jump lies between them."""
    z = np.linspace(-8, 8, 4001) + 0.0003
    for order, result in enumerate(f.jet(z)):
        steps = np.abs(np.diff(result))
        for i in np.argsort(-steps)[:40]:
            low, high = z[i], z[i + 1]
            if steps[i] < 1e-9 or any(low <= kink <= high for kink in f.kinks()):
                continue
            inside = f.jet(np.linspace(low, high, 65))[order]
            assert np.abs(np.diff(inside)).max() < 0.2 * steps[i] + 1e-12, (order, low)


def test_derivatives_at_the_kinks_are_those_of_automatic_differentiation_in_pytorch():
    assert CATALOGUE["relu"].derivative(0) == 0
    assert CATALOGUE["leaky_relu"].derivative(0) == 0.01
    assert CATALOGUE["leaky_relu"].derivative(-0.0, alpha=0.3) == 0.3
    assert CATALOGUE["elu"].derivative(0, alpha=0.3) == 0.3
    assert CATALOGUE["selu"].derivative(0) == CATALOGUE["selu"].derivative(-5e-324)


def test_defaults_make_the_functions_that_go_by_these_names():
    """The slopes of the two leaky rectifiers are PyTorch's; the others become functions that have their own name."""
    page = (layout.DOCS / "tables" / "defaults.md").read_text(encoding="utf-8")
    for name, call, parameter in (
        ("leaky_relu", "nn.functional.leaky_relu", "negative_slope"),
        ("prelu", "nn.PReLU", "init"),
    ):
        published = re.search(rf"^\| `torch\.{re.escape(call)}` \| `{parameter}` \| (\S+) \|$", page, re.MULTILINE)
        assert CATALOGUE[name].parameters["alpha"].default == float(published[1])
    z = np.linspace(-40, 40, 801)
    assert all(map(np.array_equal, CATALOGUE["swish"].jet(z), CATALOGUE["silu"].jet(z)))
    assert np.allclose(CATALOGUE["softplus"].derivative(z), CATALOGUE["sigmoid"](z), rtol=1e-14, atol=0)
    assert CATALOGUE["elu"].derivative(0) == 1 and np.array_equal(CATALOGUE["elu"](z), np.where(z > 0, z, np.expm1(z)))


@EVERY
@given(z=hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=2, max_side=4), elements=st.floats(width=64)))
def test_any_input_without_a_warning_and_without_a_change(f, z):
    z = np.repeat(z, f.lengths[0], axis=-1)
    before = z.copy()
    for result in everything(f, z):
        result += 1  # results are the caller's own
    assert np.array_equal(z, before, equal_nan=True)
    z.flags.writeable = False
    f(z)


@EVERY
@pytest.mark.parametrize(
    "z, error",
    [
        ([1j, 0], TypeError),
        (["1", "2"], TypeError),
        ([None, 1.0], TypeError),
        ([10**400, 1], TypeError),
        (np.array(["2020-01-01"], "datetime64[D]"), TypeError),
        ([[1.0, 2.0], [3.0]], ValueError),
    ],
    ids=str,
)
def test_bad_input_is_refused_by_name(f, z, error):
    with pytest.raises(error, match=f"^{f.name}: z must be"):
        f(z)


@EACH_VECTOR
@pytest.mark.parametrize("z", [1.0, [], np.zeros((3, 0))], ids=str)
def test_a_vector_function_needs_a_vector(f, z):
    with pytest.raises(ValueError, match=f"^{f.name}: z must have a last axis .* found the shape"):
        f(z)


def test_the_two_halves_of_glu_are_equally_long():
    for z in ([1.0], [[1.0, 2.0, 3.0]], np.zeros((0, 5))):
        with pytest.raises(ValueError, match="^glu: z must have a last axis whose length is a multiple of 2"):
            CATALOGUE["glu"](z)


@EVERY
def test_the_other_kind_of_derivative_is_refused(f):
    for method in ("jet", "derivative", "second_derivative") if f.vector else ("jacobian", "hessian"):
        with pytest.raises(TypeError, match=f"^{f.name}: {method} is not defined"):
            getattr(f, method)([1.0, 2.0])


@EVERY
def test_an_unknown_parameter_is_refused(f):
    expected = ", ".join(f.parameters) or "none"
    for call in (f, f.hessian if f.vector else f.jet, lambda z, **given: f.kinks(**given)):
        with pytest.raises(TypeError, match=f"^{f.name}: found an unknown parameter 'slope', expected {expected}$"):
            call([1.0, 2.0], slope=1.0)


PARAMETERS = [(f, parameter) for f in ALL for parameter in f.parameters.values()]


@pytest.mark.parametrize("f, parameter", PARAMETERS, ids=lambda x: x.name)
@pytest.mark.parametrize("value", ["0.1", None, 1j, [0.1, 0.2], True, np.array([0.1])], ids=str)
def test_a_parameter_must_be_a_real_scalar(f, parameter, value):
    with pytest.raises(TypeError, match=f"^{f.name}: {parameter.name} must be a real scalar in "):
        f(1.0, **{parameter.name: value})


@pytest.mark.parametrize("f, parameter", PARAMETERS, ids=lambda x: x.name)
def test_a_parameter_outside_its_interval_is_refused(f, parameter):
    allowed = parameter.allowed
    outside = [math.nan, math.inf, -math.inf]
    outside += [allowed.low - 1, *([] if allowed.closed_low else [allowed.low])]
    outside += [allowed.high + 1, *([] if allowed.closed_high else [allowed.high])]
    for value in outside:
        message = f"{f.name}: {parameter.name} must be in {allowed}, found {value!r}"
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            f(1.0, **{parameter.name: value})


@pytest.mark.parametrize("f, parameter", PARAMETERS, ids=lambda x: x.name)
def test_the_default_is_the_default(f, parameter):
    z = np.linspace(-3, 3, 6 * f.lengths[0])
    for kind in (float, np.float64, np.array):
        given_ = everything(f, z, **{parameter.name: kind(parameter.default)})
        assert all(map(np.array_equal, given_, everything(f, z)))


@pytest.mark.parametrize("f, parameter", PARAMETERS, ids=lambda x: x.name)
def test_the_derivative_with_respect_to_a_parameter(f, parameter):
    n = 12 * f.lengths[0]
    for z in (np.linspace(-3, 3, 2 * n).reshape(2, n), np.float32([-1.5] * n), np.zeros((0, n)), np.zeros((9000, n))):
        result = f.parameter_derivative(parameter.name, z)
        assert result.shape == f(z).shape and result.dtype == f(z).dtype
    if not f.vector:
        check_limits(f, lambda z: f.parameter_derivative(parameter.name, z))
    assert np.isnan(f.parameter_derivative(parameter.name, [math.nan] * n)).all()


@EVERY
def test_a_derivative_with_respect_to_an_unknown_parameter_is_refused(f):
    expected = ", ".join(f.parameters) or "none"
    with pytest.raises(TypeError, match=f"^{f.name}: found an unknown parameter 'slope', expected {expected}$"):
        f.parameter_derivative("slope", [1.0, 2.0])


def test_a_parameter_matters():
    assert CATALOGUE["leaky_relu"](-2.0, alpha=0.25) == -0.5
