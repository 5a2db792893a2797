"""A function with its kinks away from 0."""

import numpy as np
from reference.registry import activation, d1, d2, g


@activation(
    title="Hard swish",
    family="gated",
    smoothness=0,
    kinks=(-3.0, 3.0),
    papers=(),
    frameworks={
        "torch": "torch.nn.functional.hardswish",
        "jax": "jax.nn.hard_swish",
        "keras": "keras.activations.hard_swish",
    },
    aliases=("hard SiLU",),
)
def hard_swish(z):
    low, high = z <= -3, z >= 3
    # z relu6(z + 3) / 6 in three pieces: as one product it is inf * 0 at -inf
    yield g(np.where(low, 0, np.where(high, z, z * (z + 3) / 6)))
    yield d1(np.where(low, 0, np.where(high, 1, (2 * z + 3) / 6)))
    yield d2(np.where((np.abs(z) < 3), 1 / 3, 0))
