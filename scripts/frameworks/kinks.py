"""What the frameworks return for the derivative at points where there is none: the rows of tables/kinks.md."""

import math

import numpy as np

KERAS_PRELU = "keras.layers.PReLU(keras.initializers.Constant(0.25), dtype='float64')(z)"

# Title, points, and the line of each framework. The slope of a leaky function is given, as the defaults differ.
FIRST = (
    ("ReLU", (0,), {"torch": "torch.relu(z)", "jax": "jax.nn.relu(z)", "tensorflow": "tf.nn.relu(z)"}),
    (
        "Maximum of z and 0",
        (0,),
        {
            "torch": "torch.maximum(z, torch.zeros_like(z))",
            "jax": "jax.numpy.maximum(z, 0)",
            "tensorflow": "tf.maximum(z, 0)",
        },
    ),
    (
        "ReLU6",
        (0, 6),
        {"torch": "torch.nn.functional.relu6(z)", "jax": "jax.nn.relu6(z)", "tensorflow": "tf.nn.relu6(z)"},
    ),
    (
        "Leaky ReLU, slope 0.01",
        (0,),
        {
            "torch": "torch.nn.functional.leaky_relu(z, 0.01)",
            "jax": "jax.nn.leaky_relu(z, 0.01)",
            "tensorflow": "tf.nn.leaky_relu(z, 0.01)",
        },
    ),
    (
        "PReLU, slope 0.25",
        (0,),
        {
            "torch": "torch.nn.functional.prelu(z, torch.full((1,), 0.25, dtype=z.dtype))",
            "keras": KERAS_PRELU,
            "flax": "flax.linen.PReLU(z.dtype, 0.25).init_with_output(jax.random.key(0), z)[0]",
            "tensorflow": KERAS_PRELU,
        },
    ),
    ("Absolute value", (0,), {"torch": "torch.abs(z)", "jax": "jax.numpy.abs(z)", "tensorflow": "tf.abs(z)"}),
    (
        "Hard sigmoid",
        (-3, 3),
        {
            "torch": "torch.nn.functional.hardsigmoid(z)",
            "jax": "jax.nn.hard_sigmoid(z)",
            "tensorflow": "keras.activations.hard_sigmoid(z)",
        },
    ),
    (
        "Hard tanh",
        (-1, 1),
        {
            "torch": "torch.nn.functional.hardtanh(z)",
            "jax": "jax.nn.hard_tanh(z)",
            "tensorflow": "keras.activations.hard_tanh(z)",
        },
    ),
    (
        "Hard swish",
        (-3, 3),
        {
            "torch": "torch.nn.functional.hardswish(z)",
            "jax": "jax.nn.hard_swish(z)",
            "tensorflow": "keras.activations.hard_swish(z)",
        },
    ),
    (
        "ELU, α = 2",
        (0,),
        {
            "torch": "torch.nn.functional.elu(z, 2.0)",
            "jax": "jax.nn.elu(z, 2.0)",
            "tensorflow": "keras.activations.elu(z, 2.0)",
        },
    ),
    ("SELU", (0,), {"torch": "torch.nn.functional.selu(z)", "jax": "jax.nn.selu(z)", "tensorflow": "tf.nn.selu(z)"}),
    (
        "Soft shrink, λ = 0.5",
        (-0.5, 0.5),
        {"torch": "torch.nn.functional.softshrink(z, 0.5)", "tensorflow": "keras.activations.soft_shrink(z, 0.5)"},
    ),
    (
        "Hard shrink, λ = 0.5",
        (-0.5, 0.5),
        {"torch": "torch.nn.functional.hardshrink(z, 0.5)", "tensorflow": "keras.activations.hard_shrink(z, 0.5)"},
    ),
    (
        "Threshold at 1",
        (1,),
        {
            "torch": "torch.nn.functional.threshold(z, 1.0, 0.0)",
            "tensorflow": "keras.activations.threshold(z, 1.0, 0.0)",
        },
    ),
)
SECOND = (
    ("ELU, α = 1", (0,), {"torch": "torch.nn.functional.elu(z)", "jax": "jax.nn.elu(z)", "tensorflow": "tf.nn.elu(z)"}),
    ("SELU", (0,), {"torch": "torch.nn.functional.selu(z)", "jax": "jax.nn.selu(z)", "tensorflow": "tf.nn.selu(z)"}),
    (
        "CELU, α = 2",
        (0,),
        {
            "torch": "torch.nn.functional.celu(z, 2.0)",
            "jax": "jax.nn.celu(z, 2.0)",
            "tensorflow": "keras.activations.celu(z, 2.0)",
        },
    ),
    (
        "Softsign",
        (0,),
        {"torch": "torch.nn.functional.softsign(z)", "jax": "jax.nn.soft_sign(z)", "tensorflow": "tf.nn.softsign(z)"},
    ),
)
ROWS = [
    (order, title, z, lines)
    for order, table in ((1, FIRST), (2, SECOND))
    for title, points, lines in table
    for z in points
]

# Read, not run, as it needs Julia: the rules in src/activations.jl of NNlib 0.9.36, commit f71b71c of 2026-06-10.
NNLIB = "0.9.36"
READ = {
    ("ReLU", 0): 0,
    ("ReLU6", 0): 0,
    ("ReLU6", 6): 0,
    ("Leaky ReLU, slope 0.01", 0): 0.01,
    ("Hard sigmoid", -3): 0,
    ("Hard sigmoid", 3): 0,
    ("Hard tanh", -1): 0,
    ("Hard tanh", 1): 0,
    ("Hard swish", -3): -0.5,
    ("Hard swish", 3): 1.5,
    ("ELU, α = 2", 0): 1,
    ("SELU", 0): 1.7580993408473766,
    ("Soft shrink, λ = 0.5", -0.5): 0,
    ("Soft shrink, λ = 0.5", 0.5): 0,
    ("Threshold at 1", 1): 0,
}


def ask(key, framework):
    """{"rows": [{title, z, order, line, slope}]}, a row for each point at which the framework has a line.

    `slope` is its derivative of this order, None if it says that it has none. PyTorch's rows have `sides` as well: its
    derivatives at the nearest floats; beside 0, at the smallest normal ones: a processor may take smaller ones for 0.
    """
    rows = []
    for order, title, z, lines in ROWS:
        if key in lines:
            found = {"title": title, "z": z, "order": order, "line": lines[key]}
            found["slope"] = (derivative(framework, lines[key], [z], order) or [None])[0]
            if key == "torch":
                tiny = np.finfo(float).tiny
                beside = [math.nextafter(z, end) if z else math.copysign(tiny, end) for end in (-math.inf, math.inf)]
                found["sides"] = derivative(framework, lines[key], beside, order)
            rows.append(found)
    return {"rows": rows} if rows else None


def derivative(framework, code, z, order):
    """The derivative of this order at each z, as a list; None where the framework raises LookupError for it."""
    try:
        return [x + 0.0 for x in framework.derivatives(code, np.array(z, float), order)[order].tolist()]  # no -0
    except LookupError:
        return None
