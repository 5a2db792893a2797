"""Entries of every kind that a function may be of, for tests: none of them is in the catalogue."""

import math

import numpy as np
from reference import Demonstration
from reference.registry import by, d1, d2, g

ROOT = math.sqrt(2)


def three_kinks(z):
    """|z - 0.1| / 2 + |z - sqrt 2| + max(0, z - 3)^2"""
    x = np.clip(z, -1e150, 1e150)
    far = np.maximum(x - 3, 0)
    yield g(np.abs(z - 0.1) / 2 + np.abs(z - ROOT) + np.where(np.isinf(z), np.abs(z), far * far))
    yield d1(
        np.where(z > 0.1, 0.5, -0.5)
        + np.where(z > ROOT, 1.0, -1.0)
        + np.where(np.isinf(z), 2 * np.maximum(z, 0), 2 * far)
    )
    yield d2(np.where((z > 3), 2.0, 0))


def jump(z):
    yield g(np.where(z > 1, 2 + np.tanh(z), np.tanh(np.minimum(z, 1))))
    slope = 1 / np.cosh(np.clip(z, -400, 400)) ** 2
    yield d1(slope)
    yield d2(np.where(z == 1, 0, -2 * np.tanh(z) * slope))


def square(z):
    """Unbounded slopes, and a curvature that jumps."""
    x = np.maximum(z, 0)
    yield g(x * x)
    yield d1(2 * x)
    yield d2(np.where(z > 0, 2.0, 0))


def wave(z):
    """It settles nowhere."""
    yield g(np.sin(z))
    yield d1(np.cos(z))
    yield d2(-np.sin(z))


def ripple(z, *, alpha=1.0):
    """Its slope settles nowhere, and alpha z overflows where z is large."""
    u = np.where(np.isinf(z), math.nan, alpha * z)
    yield g(np.where(np.isinf(z), z, z + np.sin(u) ** 2 / alpha))
    yield d1((np.sin(u) + np.cos(u)) ** 2)
    yield d2(2 * alpha * (np.cos(u) - np.sin(u)) * (np.cos(u) + np.sin(u)))
    yield by(alpha=z * 2 * np.sin(u) * np.cos(u) / alpha - np.sin(u) ** 2 / alpha**2)


def moving_kink(z, *, alpha=0.5):
    """A kink that moves with the parameter."""
    yield g(np.maximum(z - alpha, 0))
    yield d1(z > alpha)
    yield d2(np.zeros_like(z))
    yield by(alpha=-1.0 * (z > alpha))


def sparse(z):
    """Sparsemax: a vector function with kinks, on the simplex."""
    d = z - z.max(axis=-1, keepdims=True)
    total = np.cumsum(-np.sort(-d, axis=-1), axis=-1)
    k = np.arange(1, z.shape[1] + 1)
    size = (1 - k * np.sort(-d, axis=-1) > total).sum(axis=-1, keepdims=True)
    p = np.maximum(d - (np.take_along_axis(total, size - 1, axis=-1) - 1) / size, 0)
    yield g(p)
    on = 1.0 * (p > 0)
    yield d1(on[:, :, None] * np.eye(z.shape[1]) - on[:, :, None] * on[:, None, :] / on.sum(axis=-1)[:, None, None])
    yield d2(np.zeros((*z.shape, z.shape[1], z.shape[1])))


def tempered(z, *, alpha=1.0):
    """Softmax of alpha z: a vector function with a parameter."""
    e = np.exp(alpha * (z - z.max(axis=-1, keepdims=True)))
    p = e / e.sum(axis=-1, keepdims=True)
    yield g(p)
    delta = np.eye(z.shape[1])
    jacobian = alpha * p[:, :, None] * (delta - p[:, None, :])
    yield d1(jacobian)
    inner = alpha * (delta[None, :, None, :] - p[:, None, None, :])
    yield d2(jacobian[..., None] * inner - alpha * p[:, :, None, None] * jacobian[:, None])
    yield by(alpha=p * (z - (p * z).sum(axis=-1, keepdims=True)))


def both_signs(z):
    """CReLU: twice as many outputs as inputs."""
    n = z.shape[1]
    yield g(np.concatenate([np.maximum(z, 0), np.maximum(-z, 0)], axis=1))
    jacobian = np.zeros((len(z), 2 * n, n))
    np.einsum("rii->ri", jacobian[:, :n])[...] = z > 0
    np.einsum("rii->ri", jacobian[:, n:])[...] = -1.0 * (z < 0)
    yield d1(jacobian)
    yield d2(np.zeros((len(z), 2 * n, n, n)))


def largest(z):
    """Maxout: an output for three inputs."""
    n = z.shape[1] // 3
    parts = z.reshape(len(z), 3, n)
    yield g(parts.max(axis=1))
    rows, i = np.indices((len(z), n))
    jacobian = np.zeros((len(z), n, 3 * n))
    jacobian[rows, i, parts.argmax(axis=1) * n + i] = 1
    yield d1(jacobian)
    yield d2(np.zeros((len(z), n, 3 * n, 3 * n)))


SMOOTH = {"smoothness": math.inf}
ALPHA = {"allowed": {"alpha": "(0, inf)"}, "shown": {"alpha": (0.5, 2)}}
ELEMENTWISE = {  # generator -> its facts
    three_kinks: {"smoothness": 0, "kinks": (0.1, ROOT, 3.0)},
    jump: {"smoothness": -1, "kinks": (1.0,)},
    square: {"smoothness": 1, "kinks": (0.0,)},
    wave: SMOOTH,
    ripple: SMOOTH | ALPHA | {"domain": lambda alpha: (-1e290 / max(alpha, 1e-10), 1e290 / max(alpha, 1e-10))},
    moving_kink: ALPHA | {"smoothness": 0, "kinks": lambda alpha: (alpha,)},
}
VECTOR = {
    sparse: {
        "smoothness": 0,
        "demonstration": Demonstration(kinks=(0.0, 2.0), kinked="where an output becomes 0"),
    },
    tempered: SMOOTH | ALPHA,
    both_signs: {
        "smoothness": 0,
        "lengths": (1, 2),
        "demonstration": Demonstration(
            inputs=("z1", "z2"),
            start=(0.0, 1.0),
            outputs=(0, 1, 2),
            kinks=(0.0,),
            kinked="where an input is 0",
            caption="z₁ moves, z₂ = {1}.",
            note="The other input stays at $z_2 = {1}$.",
            sliders=("z1", "z2"),
        ),
    },
    largest: {
        "smoothness": 0,
        "lengths": (3, 1),
        "demonstration": Demonstration(
            outputs=(0,),
            kinks=(1.0,),
            kinked="where two are the largest",
            reach=((0.0, 0.0, 0.0), (0, 1, 2)),
        ),
    },
}
