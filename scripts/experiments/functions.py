"""The functions that the experiments take: entries of the catalogue, some with another parameter, scale or constant.

An experiment names those that it takes, a dozen at most, so that what a text says of them stays true when a function
joins the catalogue. The keys here name the cases of the result files.
"""

import dataclasses
from collections.abc import Mapping

from facts import gaussian
from reference import CATALOGUE
from reference.activation import Activation


@dataclasses.dataclass(frozen=True, eq=False)
class Function:
    """scale * g(z; parameters) + constant, for an elementwise g. z is an array of any shape, and so are the results."""

    title: str
    g: Activation
    parameters: Mapping[str, float] = dataclasses.field(default_factory=dict)
    scale: float = 1.0
    constant: float = 0.0

    def __call__(self, z):
        return self.scale * self.g(z, **self.parameters) + self.constant

    def derivative(self, z):
        return self.scale * self.g.derivative(z, **self.parameters)

    def value_and_derivative(self, z):
        """Both, as a layer needs them."""
        value, slope = self.g.value_and_derivative(z, **self.parameters)
        return self.scale * value + self.constant, self.scale * slope

    def kinks(self):
        return self.g.kinks(**self.parameters)


def less_its_mean(name):
    """The function less E[g(Z)], Z standard normal: centred where the pre-activations have variance 1."""
    g = CATALOGUE[name]
    return Function(f"{g.title} less mean", g, constant=-gaussian.mean(g))


FUNCTIONS = {
    **{name: Function(g.title, g) for name, g in CATALOGUE.items() if not g.vector},
    "leaky_relu_quarter": Function("Leaky ReLU (1/4)", CATALOGUE["leaky_relu"], {"alpha": 0.25}),
    "sigmoid_times_4": Function("4 × sigmoid", CATALOGUE["sigmoid"], scale=4),
    "sigmoid_less_half": Function("Sigmoid less 1/2", CATALOGUE["sigmoid"], constant=-0.5),
    **{f"{name}_centred": less_its_mean(name) for name in ("softplus", "relu", "gelu")},
}
# Those that the broad comparisons take. Swish with its default is SiLU, and so isn't among them.
COMPARED = [
    "sigmoid",
    "tanh",
    "softplus",
    "relu",
    "leaky_relu",
    "leaky_relu_quarter",
    "elu",
    "selu",
    "gelu",
    "silu",
    "mish",
]
