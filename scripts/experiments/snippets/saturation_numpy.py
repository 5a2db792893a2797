import numpy as np


def saturation_trouble(pre_activations, slope, fraction=0.05, limit=0.5):
    """One line for each layer in which more than half of the units' slopes are below 5 % of the largest.

    pre_activations: z of each hidden layer, (examples, units); slope: the derivative g' of the activation.
    For sigmoid, tanh and other functions that flatten out; half of ReLU's slopes are 0 in good health.
    """
    largest = np.abs(slope(np.linspace(-20, 20, 4001))).max()
    shares = [np.mean(np.abs(slope(z)) < fraction * largest) for z in pre_activations]
    return [
        f"layer {layer}: {share:.0%} of the slopes are below {fraction:.0%} of the largest"
        for layer, share in enumerate(shares, start=1)
        if share > limit
    ]
