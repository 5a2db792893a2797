"""The defaults that docs/tables/defaults.md compares, read from the signatures of the calls."""

import inspect

PARAMETERS = {
    "torch": {
        "torch.nn.functional.leaky_relu": ("negative_slope",),
        "torch.nn.PReLU": ("init",),
        "torch.nn.GELU": ("approximate",),
        "torch.nn.Softplus": ("beta", "threshold"),
        "torch.nn.GLU": ("dim",),
    },
    "jax": {
        "jax.nn.leaky_relu": ("negative_slope",),
        "jax.nn.gelu": ("approximate",),
        "jax.nn.glu": ("axis",),
    },
    "keras": {
        "keras.activations.leaky_relu": ("negative_slope",),
        "keras.layers.LeakyReLU": ("negative_slope",),
        "keras.layers.PReLU": ("alpha_initializer",),
        "keras.activations.gelu": ("approximate",),
        "keras.ops.gelu": ("approximate",),
        "keras.activations.glu": ("axis",),
    },
    "tensorflow": {
        "tf.nn.leaky_relu": ("alpha",),
        "tf.nn.gelu": ("approximate",),
        "tf.nn.silu": ("beta",),
    },
    "flax": {
        "flax.linen.PReLU": ("negative_slope_init",),
    },
}


def ask(key, framework):
    """{"defaults": {call: {parameter: default}}}."""
    if key not in PARAMETERS:
        return None
    found = {}
    for call, names in PARAMETERS[key].items():
        given = inspect.signature(eval(call, dict(framework.names))).parameters
        found[call] = {name: given[name].default for name in names}
    return {"defaults": found}


def rows(record):
    """Call -> parameter -> default, of all frameworks."""
    return {call: given for answer in record["defaults"].values() for call, given in answer["defaults"].items()}
