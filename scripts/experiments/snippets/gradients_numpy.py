import numpy as np


def gradient_trouble(deltas, factor=1000):
    """One line for each layer whose gradient is 1000 times smaller or larger than the last layer's.

    deltas: d loss / d z of each layer, first to last, from one backward pass. The gradients of the weights can hide
    the trouble: without biases, those of a ReLU network have nearly the same size in all layers.
    """
    sizes = [np.sqrt(np.mean(np.square(delta))) for delta in deltas]
    lines = []
    for layer, size in enumerate(sizes, start=1):
        if not np.isfinite(size):
            lines.append(f"layer {layer}: the gradient is {size}")
        elif size * factor < sizes[-1]:
            lines.append(f"layer {layer}: the gradient vanishes, {size:.1e} against {sizes[-1]:.1e} in the last layer")
        elif size > factor * sizes[-1]:
            lines.append(f"layer {layer}: the gradient explodes, {size:.1e} against {sizes[-1]:.1e} in the last layer")
    return lines
