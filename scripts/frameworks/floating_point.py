"""Results of the frameworks where formulas lose digits: what pages say under “In floating point”, and its table."""

from dataclasses import dataclass

import numpy as np
from reference import CATALOGUE
from reference.numerics import normal

SIGMOID = {"torch": "torch.sigmoid(z)", "jax": "jax.nn.sigmoid(z)", "tensorflow": "tf.sigmoid(z)"}
TANH = {"torch": "torch.tanh(z)", "jax": "jax.numpy.tanh(z)", "tensorflow": "tf.tanh(z)"}
ELU = {"torch": "torch.nn.functional.elu(z)", "jax": "jax.nn.elu(z)", "tensorflow": "tf.nn.elu(z)"}
CELU = {
    "torch": "torch.nn.functional.celu(z, 2.0)",
    "jax": "jax.nn.celu(z, 2.0)",
    "tensorflow": "keras.activations.celu(z, 2.0)",
}
SELU = {"torch": "torch.nn.functional.selu(z)", "jax": "jax.nn.selu(z)", "tensorflow": "tf.nn.selu(z)"}
GELU = {
    "torch": "torch.nn.functional.gelu(z)",
    "jax": "jax.nn.gelu(z, approximate=False)",
    "tensorflow": "tf.nn.gelu(z)",
}
TANH_FORM = {
    "torch": "torch.nn.functional.gelu(z, approximate='tanh')",
    "jax": "jax.nn.gelu(z)",
    "tensorflow": "tf.nn.gelu(z, approximate=True)",
}
SILU = {"torch": "torch.nn.functional.silu(z)", "jax": "jax.nn.silu(z)", "tensorflow": "tf.nn.silu(z)"}
MISH = {"torch": "torch.nn.functional.mish(z)", "jax": "jax.nn.mish(z)", "tensorflow": "keras.activations.mish(z)"}
SOFTPLUS = {"torch": "torch.nn.functional.softplus(z)", "jax": "jax.nn.softplus(z)", "tensorflow": "tf.nn.softplus(z)"}
HARD_SIGMOID = {
    "torch": "torch.nn.functional.hardsigmoid(z)",
    "jax": "jax.nn.hard_sigmoid(z)",
    "tensorflow": "keras.activations.hard_sigmoid(z)",
}
SOFTMAX = {
    "torch": "torch.nn.functional.softmax(z, -1)",
    "jax": "jax.nn.softmax(z)",
    "tensorflow": "tf.nn.softmax(z)",
    "scipy": "scipy.special.softmax(z, -1)",
}
LOG_SOFTMAX = {key: line.replace("softmax", "log_softmax") for key, line in SOFTMAX.items()}
NORMAL = {"scipy": "scipy.special.ndtr(z)"}


@dataclass(frozen=True)
class Question:
    """The derivative of this order of each line at z, in this type; or what `measure(framework, line)` returns.

    Another processor may change the result by `tolerance`, relative to it: noise where all digits are lost, more.
    """

    lines: dict
    z: tuple = ()
    order: int = 0
    type: str = "float64"
    tolerance: float = 1e-6
    measure: object = None


def lost(points, type):
    """A measure of GELU: the largest of these falling points from which on no value has a relative error under 1/2.

    None of them, an empty list, if the last point's has one.
    """

    def measure(framework, line):
        z = points.astype(type)
        [found] = framework.derivatives(line, z, 0)
        right = np.abs(found / CATALOGUE["gelu"](z.astype(float)) - 1) < 0.5
        return [float(x) for x in points[np.flatnonzero(right)[-1] + 1 :][:1]]

    return measure


def softmax_ulps(framework, line):
    """The largest error in 4000 draws of five scores from -700 to 700, in units in the last place."""
    scores = np.random.default_rng(0).uniform(-700, 700, (4000, 5))
    truth = CATALOGUE["softmax"](scores)
    [found] = framework.derivatives(line, scores, 0)
    normal = truth >= np.finfo(float).tiny
    return [float((np.abs(found - truth) / np.spacing(truth))[normal].max())]


def normal_ulps(framework, line):
    """z and the error there in units in the last place, where it is largest near -37.131."""
    z = np.linspace(-37.1315, -37.1305, 1001)
    r, m = normal(-z)
    truth = r * m * r
    errors = np.abs(framework.derivatives(line, z, 0)[0] - truth) / np.spacing(truth)
    return [float(z[errors.argmax()]), float(errors.max())]


# Name -> question. The pages include the answers by these names, docs/generated/found/.
QUESTIONS = {
    "sigmoid_slope": Question(SIGMOID, (40,), 1),
    "sigmoid_curvature": Question(SIGMOID, (1e-10,), 2),
    "tanh_slope": Question(TANH, (20,), 1),
    "tanh_slope_near": Question(TANH, (19.9995,), 1, tolerance=0.5),
    "tanh_value": Question(TANH, (19.06,), 0, tolerance=1e-15),
    "elu_slope": Question(ELU, (-40,), 1),
    "celu_slope": Question(CELU, (0,), 1),
    "selu_slope": Question(SELU, (0,), 1, tolerance=1e-17),
    "gelu_value": Question(GELU, (-8.5,)),
    "gelu_single": Question(GELU, (-5.6,), type="float32"),
    "gelu_lost": Question(GELU, tolerance=0.01, measure=lost(np.arange(-7000, -8400, -1) / 1000, "float64")),
    "gelu_single_lost": Question(GELU, tolerance=0.01, measure=lost(np.arange(-4500, -5580, -1) / 1000, "float32")),
    "gelu_tanh_form": Question(TANH_FORM, (-7.3439,), tolerance=0.5),
    "gelu_infinity": Question(GELU, (-np.inf,)),
    "silu_infinity": Question(SILU, (-np.inf,)),
    "silu_slopes_infinity": Question(SILU, (-np.inf, np.inf), 1),
    "silu_far": Question(SILU, (-710,)),
    "mish_infinity": Question(MISH, (-np.inf,)),
    "mish_curvature": Question(MISH, (709.78, 709.79), 2),
    "mish_curvature_single": Question(MISH, (88.72, 88.73), 2, "float32"),
    "softplus_value": Question(SOFTPLUS, (20.000001,), tolerance=1e-14),
    "softplus_slope": Question(SOFTPLUS, (20.000001,), 1, tolerance=1e-14),
    "softplus_curvature": Question(SOFTPLUS, (20.000001,), 2),
    "hard_sigmoid_slope": Question(HARD_SIGMOID, (0.5,), 1, tolerance=1e-10),
    "softmax": Question(SOFTMAX, tolerance=0.5, measure=softmax_ulps),
    "softmax_infinity": Question(SOFTMAX, (np.inf, 0)),
    "log_softmax": Question(LOG_SOFTMAX, (40, 0)),
    "log_softmax_infinity": Question(LOG_SOFTMAX, (np.inf, 0)),
    "normal": Question(NORMAL, tolerance=0.5, measure=normal_ulps),
}


def ask(key, framework):
    """{"found": {name of the question: result}}; a result is a list of numbers."""
    found = {
        name: answer(question, framework, question.lines[key])
        for name, question in QUESTIONS.items()
        if key in question.lines
    }
    return {"found": found} if found else None


def answer(question, framework, line):
    """The numbers that this line gives, as a list."""
    if question.measure:
        return question.measure(framework, line)
    with np.errstate(all="ignore"):  # infinity - infinity is asked for
        return framework.derivatives(line, np.array(question.z, question.type), question.order)[question.order].tolist()
