"""Functions that are an exponential on the left and a straight line on the right."""

import numpy as np

from reference.activation import activation


@activation(
    title="ELU",
    family="exponential",
    smoothness=1,
    kinks=(0.0,),
    papers=("clevert2015",),
    frameworks={"torch": "torch.nn.functional.elu", "jax": "jax.nn.elu", "keras": "keras.activations.elu"},
    aliases=("exponential linear unit",),
    allowed={"alpha": "(0, inf)"},
    shown={"alpha": (0.1, 3)},
)
def elu(z, *, alpha=1.0):
    x = np.minimum(z, 0)
    slope = np.expm1(x)  # not exp(x) - 1, which is 0 for x > -1e-16
    yield np.where(z > 0, z, alpha * slope)
    h = np.exp(x / 2)  # twice, since exp(x) is 0 from -745.2 on, where alpha exp(x) may not be
    left = alpha * h * h
    yield np.where(z > 0, 1, left)
    yield np.where(z < 0, left, 0)
    yield slope
