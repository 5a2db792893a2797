"""Functions of a whole vector: z has the shape (rows, n)."""

import math

import numpy as np

from reference.activation import activation
from reference.numerics import difference, total


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
    yield p

    others = np.where(np.eye(z.shape[1], dtype=bool), 0, p[:, None, :])  # p_j, and 0 at j = i
    jacobian = -p[:, :, None] * p[:, None, :]
    np.einsum("rii->ri", jacobian)[...] = p * others.sum(axis=-1)  # not p (1 - p), which is 0 for z = (40, 0)
    yield jacobian

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
    yield hessian
