"""Functions made of straight pieces."""

import numpy as np

from reference.activation import activation


@activation(
    title="ReLU",
    family="rectifier",
    smoothness=0,
    kinks=(0.0,),
    papers=("fukushima1969", "nair2010", "glorot2011"),
    frameworks={"torch": "torch.nn.functional.relu", "jax": "jax.nn.relu", "keras": "keras.activations.relu"},
    aliases=("rectified linear unit", "rectifier"),
)
def relu(z):
    yield np.maximum(z, 0)
    yield z > 0
    yield np.zeros_like(z)


@activation(
    title="Leaky ReLU",
    family="rectifier",
    smoothness=0,
    kinks=(0.0,),
    papers=("maas2013",),
    frameworks={
        "torch": "torch.nn.functional.leaky_relu",
        "jax": "jax.nn.leaky_relu",
        "keras": "keras.activations.leaky_relu(negative_slope=0.01)",
    },
    aliases=("lrelu",),
    allowed={"alpha": "[0, 1)"},
    shown={"alpha": (0, 0.5)},
)
def leaky_relu(z, *, alpha=0.01):
    yield np.maximum(alpha * z if alpha else 0, z)  # 0 * -inf would be NaN
    yield np.maximum(alpha, z > 0)
    yield np.zeros_like(z)
    yield np.minimum(z, 0)
