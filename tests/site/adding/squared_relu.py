"""A function whose slope is unbounded and whose curvature jumps."""

import numpy as np
from reference.registry import activation, d1, d2, g


@activation(
    title="Squared ReLU",
    family="rectifier",
    smoothness=1,
    kinks=(0.0,),
    papers=(),
    frameworks={
        "torch": "torch.nn.functional.relu(z) ** 2",
        "jax": "jax.nn.relu(z) ** 2",
        "keras": "keras.activations.relu(z) ** 2",
    },
)
def squared_relu(z):
    r = np.maximum(z, 0)
    yield g(r * r)
    yield d1(2 * r)
    yield d2(np.where(z > 0, 2.0, 0.0))
