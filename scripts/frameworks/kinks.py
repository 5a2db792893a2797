"""What the frameworks return for the derivative at points where there is none: the rows of tables/kinks.md."""

import math

import numpy as np

# Title, points, and the line of each framework. The slope of a leaky function is given, as the defaults differ.
FIRST = (
    ("ReLU", (0,), {"torch": "torch.relu(z)", "jax": "jax.nn.relu(z)"}),
    ("ReLU6", (0, 6), {"torch": "torch.nn.functional.relu6(z)", "jax": "jax.nn.relu6(z)"}),
    ("Leaky ReLU, slope 0.01", (0,), {
        "torch": "torch.nn.functional.leaky_relu(z, 0.01)", "jax": "jax.nn.leaky_relu(z, 0.01)"}),
    ("PReLU, slope 0.25", (0,), {
        "torch": "torch.nn.functional.prelu(z, torch.full((1,), 0.25, dtype=z.dtype))"}),
    ("Absolute value", (0,), {"torch": "torch.abs(z)", "jax": "jax.numpy.abs(z)"}),
    ("Hard sigmoid", (-3, 3), {"torch": "torch.nn.functional.hardsigmoid(z)", "jax": "jax.nn.hard_sigmoid(z)"}),
    ("Hard tanh", (-1, 1), {"torch": "torch.nn.functional.hardtanh(z)", "jax": "jax.nn.hard_tanh(z)"}),
    ("Hard swish", (-3, 3), {"torch": "torch.nn.functional.hardswish(z)", "jax": "jax.nn.hard_swish(z)"}),
    ("ELU, α = 2", (0,), {"torch": "torch.nn.functional.elu(z, 2.0)", "jax": "jax.nn.elu(z, 2.0)"}),
    ("SELU", (0,), {"torch": "torch.nn.functional.selu(z)", "jax": "jax.nn.selu(z)"}),
    ("Soft shrink, λ = 0.5", (-0.5, 0.5), {"torch": "torch.nn.functional.softshrink(z, 0.5)"}),
    ("Hard shrink, λ = 0.5", (-0.5, 0.5), {"torch": "torch.nn.functional.hardshrink(z, 0.5)"}),
    ("Threshold at 1", (1,), {"torch": "torch.nn.functional.threshold(z, 1.0, 0.0)"}),
)
SECOND = (
    ("ELU, α = 1", (0,), {"torch": "torch.nn.functional.elu(z)", "jax": "jax.nn.elu(z)"}),
    ("SELU", (0,), {"torch": "torch.nn.functional.selu(z)", "jax": "jax.nn.selu(z)"}),
    ("CELU, α = 2", (0,), {"torch": "torch.nn.functional.celu(z, 2.0)", "jax": "jax.nn.celu(z, 2.0)"}),
    ("Softsign", (0,), {"torch": "torch.nn.functional.softsign(z)", "jax": "jax.nn.soft_sign(z)"}),
)


def rows(frameworks):
    """A dict for each title and point: title, z, order, lines, what each framework returns, and just left and right.

    `sides` are PyTorch's derivatives at the nearest floats; beside 0, at the smallest normal ones, as a processor may be
    set to take smaller ones for 0.
    """
    found = []
    for order, table in ((1, FIRST), (2, SECOND)):
        for title, points, lines in table:
            for z in points:
                tiny = np.finfo(float).tiny
                beside = [math.nextafter(z, end) if z else math.copysign(tiny, end) for end in (-math.inf, math.inf)]
                at = {key: derivative(frameworks[key], code, [z], order)[0] for key, code in lines.items()}
                sides = derivative(frameworks["torch"], lines["torch"], beside, order)
                found.append({"title": title, "z": z, "order": order, "lines": lines, "at": at, "sides": sides})
    return found


def derivative(framework, code, z, order):
    """The derivative of this order at each z, as a list."""
    return [x + 0.0 for x in framework.derivatives(code, np.array(z, float), order)[order].tolist()]  # no -0
