"""The defaults that docs/tables/defaults.md compares, read from the signatures of the calls."""

import inspect

PARAMETERS = {
    "torch.nn.functional.leaky_relu": ("negative_slope",),
    "jax.nn.leaky_relu": ("negative_slope",),
    "keras.activations.leaky_relu": ("negative_slope",),
    "keras.layers.LeakyReLU": ("negative_slope",),
    "torch.nn.PReLU": ("init",),
    "keras.layers.PReLU": ("alpha_initializer",),
    "torch.nn.GELU": ("approximate",),
    "keras.activations.gelu": ("approximate",),
    "keras.ops.gelu": ("approximate",),
    "jax.nn.gelu": ("approximate",),
    "torch.nn.Softplus": ("beta", "threshold"),
}


def rows(frameworks):
    """Call -> parameter -> default, for the calls of the frameworks given."""
    found = {}
    for call, names in PARAMETERS.items():
        framework = call.partition(".")[0]
        if framework in frameworks:
            given = inspect.signature(eval(call, dict(frameworks[framework].names))).parameters
            found[call] = {name: given[name].default for name in names}
    return found
