import numpy as np


def dead_unit_trouble(pre_activations, slope, threshold=0.0, limit=0.1):
    """One line for each layer in which more than a tenth of the units are dead: slope 0 for every example.

    pre_activations: z of each hidden layer on the whole training set, (examples, units); slope: the derivative g'.
    threshold=0.01 finds the units that are stuck: at most a hundredth of the gradient passes (Leaky ReLU).
    """
    lines = []
    for layer, z in enumerate(pre_activations, start=1):
        dead = np.abs(slope(z)).max(axis=0) <= threshold
        if dead.mean() > limit:
            lines.append(f"layer {layer}: {dead.sum()} of {dead.size} units are dead: {np.flatnonzero(dead).tolist()}")
    return lines
