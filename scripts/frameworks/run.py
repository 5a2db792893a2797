"""Run lines of code in the frameworks, in float64, and compare value and slope with the reference module."""

import importlib
import os

import numpy as np

from frameworks import line
from reference import CATALOGUE

POINTS = np.arange(-60, 61) / 10
VECTORS = np.random.default_rng(0).normal(scale=3, size=(200, 6))  # of even length: a gated unit halves its input


class Torch:
    """PyTorch on the CPU."""

    def __init__(self):
        self.module = importlib.import_module("torch")
        self.version = self.module.__version__.partition("+")[0]
        self.names = {"torch": self.module}

    def derivatives(self, code, z, order, cotangent=None):
        """The value of a line at z (float64 array), and its derivatives up to this order with respect to each entry.

        For a vector function `cotangent` says of which combination of the outputs.
        """
        x = self.module.tensor(z, dtype=self.module.float64, requires_grad=True)
        y = eval(code, {**self.names, "z": x})
        found = [y]
        for _ in range(order):
            weights = self.module.ones_like(y) if cotangent is None else self.module.tensor(cotangent)
            if y.requires_grad:
                [y] = self.module.autograd.grad(y, x, weights, create_graph=True, materialize_grads=True)
            else:
                y = self.module.zeros_like(x)  # constant: the graph has ended
            found.append(y)
        return [y.detach().numpy() for y in found]


class Keras(Torch):
    """Keras on top of PyTorch, whose automatic differentiation it uses."""

    def __init__(self):
        super().__init__()
        os.environ["KERAS_BACKEND"] = "torch"
        keras = importlib.import_module("keras")
        self.version = keras.__version__
        self.names = {"keras": keras}


class Jax:
    """JAX on the CPU."""

    def __init__(self):
        os.environ["JAX_PLATFORMS"] = "cpu"
        self.module = importlib.import_module("jax")
        self.module.config.update("jax_enable_x64", True)
        self.version = self.module.__version__
        self.names = {"jax": self.module}

    def derivatives(self, code, z, order, cotangent=None):
        """As in Torch."""
        jax = self.module
        chain = [lambda x: eval(code, {**self.names, "z": x})]
        for _ in range(order):
            def slope(x, f=chain[-1]):
                y, back = jax.vjp(f, x)
                return back(jax.numpy.ones_like(y) if cotangent is None else jax.numpy.asarray(cotangent))[0]

            chain.append(slope)
        return [np.asarray(f(jax.numpy.asarray(z, dtype=float))) for f in chain]


FRAMEWORKS = {"torch": Torch, "jax": Jax, "keras": Keras}


def installed():
    """Framework -> runner, of those that can be imported."""
    found = {}
    for name, runner in FRAMEWORKS.items():
        try:
            found[name] = runner()
        except ImportError:
            pass
    return found


def lines(frameworks):
    """Function -> framework -> what running its line gave."""
    return {
        f.name: {key: compare(f, frameworks[key], line(call)) for key, call in f.frameworks.items() if key in frameworks}
        for f in CATALOGUE.values()
    }


def compare(f, framework, code):
    """The line, its largest differences from the module in value and slope, and its slope at each kink.

    A difference is relative where the module's number is larger than 1.
    """
    if f.vector:
        outputs = f(VECTORS).shape[-1]
        cotangent = np.random.default_rng(1).normal(size=(len(VECTORS), outputs))
        expected = f(VECTORS), np.einsum("ri,rij->rj", cotangent, f.jacobian(VECTORS))
        found = framework.derivatives(code, VECTORS, 1, cotangent)
        kinks = ()
    else:
        kinks = np.array(f.kinks(), float)
        points = np.setdiff1d(POINTS, kinks)
        expected = f.jet(points)[:2]
        found = framework.derivatives(code, points, 1)
    value, slope = (float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b)))) for a, b in zip(found, expected))
    result = {"line": code, "value": value, "slope": slope}
    if len(kinks):
        result["kinks"] = dict(zip(map(repr, kinks.tolist()), framework.derivatives(code, kinks, 1)[1].tolist()))
    return result
