"""A vector function with kinks."""

import numpy as np
from reference.activation import Demonstration
from reference.registry import activation, d1, d2, g


@activation(
    title="Sparsemax",
    family="vector",
    smoothness=0,
    papers=(),
    frameworks={},
    vector=True,
    demonstration=Demonstration(
        start=(0.0, 1.0, 0.5), kinks=(0.25, 1.0, 2.0), kinked="where a score begins to take part or no longer does"
    ),
)
def sparsemax(z):
    top = z.max(axis=-1, keepdims=True)
    d = z - top  # at most 0, and nothing is lost that counts: an entry below -1 is outside
    d[z == top] = 0  # also where it is inf - inf
    falling = -np.sort(-d, axis=-1)
    sums = np.cumsum(falling, axis=-1)
    count = np.arange(1, z.shape[1] + 1)
    inside = 1 + count * falling > sums  # true for the largest entries that share the 1, and for no other
    k = inside.sum(axis=-1, keepdims=True)
    taking = d > (np.take_along_axis(sums, k - 1, axis=-1) - 1) / k
    # d - level costs 5 ULP at z = (ln 2, 0, 0), since the level is rounded. So 1 + (sum of all e) - k e is what is
    # divided by k; the multiples of 2^-26 in it add up exactly.
    e = np.where(taking, -d, 0)
    head = e + 2.0**26 - 2.0**26
    tail = e - head
    left = 1 + head.sum(axis=-1, keepdims=True) - k * head + (tail.sum(axis=-1, keepdims=True) - k * tail)
    p = np.where(taking, np.maximum(left, 0) / k, 0)
    # Two entries at inf, or all at -inf, have no limit: it depends on the way there.
    p[(np.isinf(top) & ((z == top).sum(axis=-1, keepdims=True) > 1))[:, 0]] = np.nan
    yield g(p)

    on = (p > 0).astype(float)
    jacobian = -on[:, :, None] * on[:, None, :] / k[:, :, None]
    np.einsum("rii->ri", jacobian)[...] += on
    yield d1(jacobian)

    yield d2(np.zeros((*z.shape, z.shape[1], z.shape[1])))
