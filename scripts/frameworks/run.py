"""Run lines of code in the frameworks, and compare value and slope with the reference module."""

import contextlib
import importlib.util
import os

import numpy as np

from frameworks import line

POINTS = np.arange(-60, 61) / 10
VECTORS = np.random.default_rng(0).normal(scale=3, size=(200, 6))  # of even length: a gated unit halves its input


class Torch:
    """PyTorch on the CPU."""

    packages = ("torch",)

    def __init__(self):
        self.names = {name: importlib.import_module(name) for name in self.packages}
        self.module = next(iter(self.names.values()))
        self.versions = {name: module.__version__.partition("+")[0] for name, module in self.names.items()}

    def derivatives(self, code, z, order, cotangent=None):
        """The value of a line at z (an array of floats), and its derivatives up to this order for each entry.

        For a vector function `cotangent` says of which combination of the outputs. Computed in the type of z.
        """
        torch = self.names["torch"]
        x = torch.tensor(z, requires_grad=True)
        y = eval(code, {**self.names, "z": x})
        found = [y]
        for _ in range(order):
            weights = torch.ones_like(y) if cotangent is None else torch.tensor(cotangent)
            if y.requires_grad:
                [y] = torch.autograd.grad(y, x, weights, create_graph=True, materialize_grads=True)
            else:
                y = torch.zeros_like(x)  # constant: the graph has ended
            found.append(y)
        return [y.detach().numpy() for y in found]


class Keras(Torch):
    """Keras on top of PyTorch, whose automatic differentiation it uses."""

    packages = ("keras", "torch")

    def __init__(self):
        os.environ["KERAS_BACKEND"] = "torch"
        super().__init__()


class Jax(Torch):
    """JAX on the CPU."""

    packages = ("jax",)

    def __init__(self):
        os.environ["JAX_PLATFORMS"] = "cpu"
        super().__init__()
        self.names["jax"].config.update("jax_enable_x64", True)

    def derivatives(self, code, z, order, cotangent=None):
        """As in Torch."""
        jax = self.names["jax"]
        chain = [lambda x: eval(code, {**self.names, "z": x})]
        for _ in range(order):

            def slope(x, f=chain[-1]):
                y, back = jax.vjp(f, x)
                return back(jax.numpy.ones_like(y) if cotangent is None else jax.numpy.asarray(cotangent))[0]

            chain.append(slope)
        return [np.asarray(f(jax.numpy.asarray(z))) for f in chain]


class Flax(Jax):
    """Flax's layers, on JAX."""

    packages = ("flax", "jax")

    def __init__(self):
        super().__init__()
        importlib.import_module("flax.linen")


class TensorFlow(Torch):
    """TensorFlow on the CPU, and Keras on top of it for what TensorFlow itself doesn't have."""

    packages = ("tensorflow", "keras")

    def __init__(self):
        os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        super().__init__()
        self.names["tf"] = self.module

    def derivatives(self, code, z, order, cotangent=None):
        """As in Torch. LookupError where TensorFlow has no derivative of this order."""
        tf = self.module
        x = tf.constant(z)
        with contextlib.ExitStack() as tapes:
            open_tapes = [tapes.enter_context(tf.GradientTape()) for _ in range(order)]
            for tape in open_tapes:
                tape.watch(x)
            found = [eval(code, {**self.names, "z": x})]
            for tape in reversed(open_tapes):
                weights = None if cotangent is None else tf.constant(cotangent)
                found.append(tape.gradient(found[-1], x, weights, tf.UnconnectedGradients.ZERO))
        return [y.numpy() for y in found]


class SciPy(Torch):
    """SciPy, which has values and no derivatives."""

    packages = ("scipy",)

    def __init__(self):
        super().__init__()
        importlib.import_module("scipy.special")

    def derivatives(self, code, z, order, cotangent=None):
        """As in Torch, for order 0."""
        return [eval(code, {**self.names, "z": np.asarray(z)})]


class Transformers(Torch):
    """Transformers: asked for its configurations and its source."""

    packages = ("transformers", "torch")

    def __init__(self):
        os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "critical"}
        super().__init__()


FRAMEWORKS = {
    "torch": Torch,
    "jax": Jax,
    "keras": Keras,
    "tensorflow": TensorFlow,
    "flax": Flax,
    "scipy": SciPy,
    "transformers": Transformers,
}


def present(key):
    """Whether the framework of this name is installed."""
    return all(importlib.util.find_spec(package) for package in FRAMEWORKS[key].packages)


class LineError(Exception):
    """A line that a framework can't run, with its function and what went wrong."""


def ask(f, key, framework):
    """Run the line of this function in the framework; None if it has none. LineError if it fails there."""
    if key not in f.frameworks:
        return None
    code = line(f.frameworks[key])
    try:
        return compare(f, framework, code)
    except Exception as error:  # of any kind: it comes from the framework
        raise LineError(f"{f.name}, {key}: {code}: {type(error).__name__}: {error}") from None


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
