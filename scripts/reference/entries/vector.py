"""Functions of a whole vector: z has the shape (rows, n)."""

import math

import numpy as np

from reference.activation import Demonstration
from reference.numerics import decay, difference, total
from reference.registry import activation, d1, d2, g


def without_own(p):
    """The array (rows, n, n) with p_j at [i, j], and 0 at j = i."""
    return np.where(np.eye(p.shape[1], dtype=bool), 0, p[:, None, :])


@activation(
    title="Softmax",
    family="vector",
    smoothness=math.inf,
    papers=("bridle1990",),
    frameworks={
        "torch": "torch.nn.functional.softmax(dim=-1)",
        "jax": "jax.nn.softmax",
        "keras": "keras.activations.softmax",
    },
    aliases=("normalised exponential",),
    vector=True,
)
def softmax(z):
    top = z.max(axis=-1, keepdims=True)
    # The rounding of z - top costs 480 ULP in the small entries at z = +-700, so it is put back. inf - inf counts as 0.
    d, rest = map(np.nan_to_num, difference(z, top))
    e = np.exp(d)
    e += e * rest
    # So is the rounding of the sum, since the Hessian has its error three times over: 6 ULP otherwise, 4 with it.
    s, rest = total(e)
    p = e / s
    p -= p * (rest / s)
    # Two entries at inf, or all at -inf, have no limit: it depends on the way there.
    p[(np.isinf(top) & ((z == top).sum(axis=-1, keepdims=True) > 1))[:, 0]] = math.nan
    yield g(p)

    others = without_own(p)
    jacobian = -p[:, :, None] * p[:, None, :]
    np.einsum("rii->ri", jacobian)[...] = p * others.sum(axis=-1)  # not p (1 - p), which is 0 for z = (40, 0)
    yield d1(jacobian)

    # 1 - 2p_i has no correct digit where p_i is close to 1/2. With b the largest other entry it is
    # p_b - p_i + (the rest), and p_b - p_i = (p_b + p_i) tanh((z_b - z_i) / 2).
    b = others.argmax(axis=-1)[:, :, None]
    p_b = np.take_along_axis(others, b, axis=-1)[:, :, 0]
    z_b = np.take_along_axis(np.broadcast_to(d[:, None, :], others.shape), b, axis=-1)[:, :, 0]
    np.put_along_axis(others, b, 0, axis=-1)
    balance = (p_b + p) * np.tanh((z_b - d) / 2) + others.sum(axis=-1)
    hessian = 2 * p[:, :, None, None] * p[:, None, :, None] * p[:, None, None, :]
    # d2 p_i / dz_j dz_k, where two of i, j, k are equal:
    for diagonal in ("riik->rik", "riki->rik", "rkii->rik"):
        np.einsum(diagonal, hessian)[...] = jacobian * balance[:, :, None]
    yield d2(hessian)


@activation(
    title="Log-softmax",
    family="vector",
    smoothness=math.inf,
    papers=("bridle1990",),
    frameworks={
        "torch": "torch.nn.functional.log_softmax(dim=-1)",
        "jax": "jax.nn.log_softmax",
        "keras": "keras.activations.log_softmax",
    },
    aliases=("log of softmax",),
    vector=True,
)
def log_softmax(z):
    softmaxes = softmax.orders(z)
    p = next(softmaxes).array
    top = z.argmax(axis=-1)[:, None]
    d, rest = difference(z, np.take_along_axis(z, top, axis=-1))
    np.put_along_axis(d, top, 0, axis=-1)  # also where it is inf - inf
    e = np.exp(d) * (1 + np.nan_to_num(rest))  # as for softmax: entries 700 apart cost the largest 500 ULP otherwise
    np.put_along_axis(e, top, 0, axis=-1)
    # log1p of the others' sum: 1 + 4e-18 is 1, and so the largest entry would be 0 for z = (40, 0).
    log_p = d - np.log1p(e.sum(axis=-1, keepdims=True))
    log_p[np.isnan(p)] = math.nan
    yield g(log_p)

    jacobian = np.repeat(-p[:, None, :], z.shape[1], axis=1)
    np.einsum("rii->ri", jacobian)[...] = without_own(p).sum(axis=-1)  # not 1 - p, which is 0 for z = (40, 0)
    yield d1(jacobian)

    yield d2(np.repeat(-next(softmaxes).array[:, None], z.shape[1], axis=1))  # the same for every output


@activation(
    title="GLU",
    family="vector",
    smoothness=math.inf,
    papers=("dauphin2016", "shazeer2020"),
    frameworks={"torch": "torch.nn.functional.glu", "jax": "jax.nn.glu", "keras": "keras.activations.glu"},
    aliases=("gated linear unit",),
    vector=True,
    lengths=(2, 1),
    demonstration=Demonstration(
        inputs=("a1", "a2", "a3", "b1", "b2", "b3"),
        start=(1.0, 2.0, -1.0, 0.0, 0.0, 0.0),
        moving=(3, 4, 5),
        axis="b",
        slope="dg{0}/db{0}",
        caption="Three signals, a₁ = {0}, a₂ = {1} and a₃ = {2}, each with the same input b of its gate. Above: the "
        "outputs. Below: their slopes, the diagonal of the Jacobian's second block.",
        note="The signals are $a_1 = {0}$, $a_2 = {1}$ and $a_3 = {2}$; all gates have the same input $b$.",
        saturates="as one gate moves",
        reach=((0.0, 2.0, -1.0, 0.0, 0.0, 0.0), (0,)),  # the first signal moves, all gates are half open
        sliders=("a", "b"),
    ),
)
def glu(z):
    n = z.shape[1] // 2
    a, b = z[:, :n], z[:, n:]
    x, h, e = decay(b)
    h = np.maximum(h, 5e-324)  # a h h is 0 for every finite a all the same, but inf, and not NaN, for a = inf
    q = 1 + e
    value = np.where(b > 0, a / q, a * h / q * h)
    value[np.isinf(a) & (b == -np.inf)] = math.nan  # inf * 0: the limit depends on the way there
    yield g(value)

    by_a = np.where(b > 0, 1 / q, e / q)
    by_b = a * h / q * h / q
    by_b[np.isinf(a) & np.isinf(b)] = math.nan
    jacobian = np.zeros((len(z), n, 2 * n))
    np.einsum("rii->ri", jacobian[:, :, :n])[...] = by_a
    np.einsum("rii->ri", jacobian[:, :, n:])[...] = by_b
    yield d1(jacobian)

    hessian = np.zeros((len(z), n, 2 * n, 2 * n))
    for block in (hessian[:, :, :n, n:], hessian[:, :, n:, :n]):
        np.einsum("riii->ri", block)[...] = e / (q * q)
    np.einsum("riii->ri", hessian[:, :, n:, n:])[...] = np.where(b == 0, 0, np.sign(b) * np.expm1(-x) * by_b / q)
    yield d2(hessian)
