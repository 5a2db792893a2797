import numpy as np


def low_precision_trouble(gradients, dtype=np.float16, limit=0.01):
    """One line for each layer where more than 1 % of the gradient would be 0, or any of it infinite, in float16.

    gradients: d loss / d W of each layer, computed in float32 or float64.
    """
    lines = []
    for layer, gradient in enumerate(gradients, start=1):
        with np.errstate(over="ignore"):
            rounded = gradient.astype(dtype)
        lost = np.mean(rounded[gradient != 0] == 0) if gradient.any() else 0
        if not np.isfinite(rounded).all():
            lines.append(f"layer {layer}: the gradient overflows, its largest entry is {np.abs(gradient).max():.1e}")
        elif lost > limit:
            lines.append(f"layer {layer}: {lost:.0%} of the gradient becomes 0: multiply the loss by a constant")
    return lines
