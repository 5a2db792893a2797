import numpy as np


def gain(g, samples=1_000_000):
    """The number for which weights of variance gain^2 / fan_in keep the size of the signal, to about three digits."""
    z = np.random.default_rng(0).standard_normal(samples)
    return 1 / np.sqrt(np.mean(g(z) ** 2))


def initialisation_trouble(pre_activations, factor=10):
    """One line for each layer whose signal is 10 times smaller or larger than 1, which is the size to aim for.

    pre_activations: z of each hidden layer, (examples, units), before any training; inputs of mean 0 and variance 1.
    """
    sizes = [np.sqrt(np.mean(np.square(z))) for z in pre_activations]
    return [
        f"layer {layer}: the pre-activations have the size {size:.1e}, expected about 1"
        for layer, size in enumerate(sizes, start=1)
        if not 1 / factor < size < factor
    ]
