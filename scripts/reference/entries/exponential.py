"""Functions that are an exponential on the left and a straight line on the right."""

import numpy as np

from reference.registry import activation, by, d1, d2, g


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
    yield g(np.where(z > 0, z, alpha * slope))
    h = np.exp(x / 2)  # twice, since exp(x) is 0 from -745.2 on, where alpha exp(x) may not be
    left = alpha * h * h
    yield d1(np.where(z > 0, 1, left))
    yield d2(np.where(z < 0, left, 0))
    yield by(alpha=slope)


# The solution of E[g(Z)] = 0 and E[g(Z)^2] = 1 for a standard normal Z, rounded to float64; the page derives it.
# SCALE * ALPHA is rounded once as well: the product of the two rounded numbers is off by one unit in the last place.
SCALE = 1.0507009873554805
SCALE_ALPHA = 1.7580993408473768


@activation(
    title="SELU",
    family="exponential",
    smoothness=0,
    kinks=(0.0,),
    papers=("klambauer2017",),
    frameworks={"torch": "torch.nn.functional.selu", "jax": "jax.nn.selu", "keras": "keras.activations.selu"},
    aliases=("scaled exponential linear unit",),
)
def selu(z):
    x = np.minimum(z, 0)
    yield g(np.where(z > 0, SCALE * z, SCALE_ALPHA * np.expm1(x)))
    h = np.exp(x / 2)  # as for ELU
    left = SCALE_ALPHA * h * h
    yield d1(np.where(z > 0, SCALE, left))
    yield d2(np.where(z < 0, left, 0))
