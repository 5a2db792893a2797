import numpy as np


def centre_trouble(outputs, limit=0.9):
    """One line for each layer whose output is more than 90 % the same for all examples.

    outputs: g(z) of each hidden layer, (examples, units), for a mixed batch of 100 examples or more. The share is the
    square of the mean over the examples, divided by the mean square: 0 for centred outputs, 1 for constants.
    """
    shares = [np.mean(np.mean(a, axis=0) ** 2) / np.mean(a**2) for a in outputs]
    return [
        f"layer {layer}: {share:.0%} of the output is the same for all examples"
        for layer, share in enumerate(shares, start=1)
        if share > limit
    ]
