"""Where textbook formulas lose their digits in float16, float32 and float64, and how gradients underflow in float16.

Formulas: for z in steps of 1/16 away from 0 to either side, the first z where the textbook form has a relative error
above 10 %, what it gives there, and what is true according to the reference module. Results below the smallest normal
number of the type are left out, since no formula could give their digits. And the error along the way, in steps of 1/2.

Underflow: networks of 12 hidden layers with 64 units, He initialisation, untrained; 128 normal inputs, random labels,
mean loss. Everything is computed in float64 and, again, with each array rounded to float16 as it is stored (sums are
kept in float64, as graphics processors keep them in float32), the loss multiplied by 1 or 1024 before the backward pass
and the gradients divided by it afterwards. By layer, over 10 runs: the share of the entries of d loss / d W that are 0
in float16 though not in float64 ("zeros"), and the size of the error relative to that of the gradient ("error"), also
with the slopes g'(z) taken from the float64 pass ("error_with_exact_slopes"): at a kink, a rounded z can lie on the
other side.
"""

import numpy as np
from reference import CATALOGUE

from experiments.functions import FUNCTIONS
from experiments.harness import Experiment, main, quartiles
from experiments.network import INITIALISATIONS, backward, forward, generator, initialise, loss_gradient

SETTINGS = {
    "types": ["float16", "float32", "float64"],
    "step": 1 / 16,
    "reach": 800,
    "curve_reach": 24,
    "activations": ["sigmoid", "tanh", "relu", "gelu"],
    "hidden": 12,
    "width": 64,
    "inputs": 128,
    "loss_scales": [1, 1024],
    "runs": 10,
}


def two(z):
    """The logits (0, z): the second class has the odds e^z."""
    return np.stack([np.zeros_like(z), z], axis=-1)


def textbook_sigmoid(z):
    return 1 / (1 + np.exp(-z))


# What is often written, and what is true.
FORMS = {
    "sigmoid' = s (1 - s)": (
        lambda z: textbook_sigmoid(z) * (1 - textbook_sigmoid(z)),
        lambda z: CATALOGUE["sigmoid"].derivative(z),
    ),
    "tanh' = 1 - t^2": (lambda z: 1 - np.tanh(z) ** 2, lambda z: CATALOGUE["tanh"].derivative(z)),
    "softplus = log(1 + e^z)": (lambda z: np.log(1 + np.exp(z)), lambda z: CATALOGUE["softplus"](z)),
    "softplus' = e^z / (1 + e^z)": (
        lambda z: np.exp(z) / (1 + np.exp(z)),
        lambda z: CATALOGUE["softplus"].derivative(z),
    ),
    "softmax = e^z / sum e^z": (
        lambda z: np.exp(z) / np.exp(two(z)).sum(axis=-1),
        lambda z: CATALOGUE["softmax"](two(z))[..., 1],
    ),
    "log softmax = log(softmax)": (
        lambda z: np.log(np.exp(z) / np.exp(two(z)).sum(axis=-1)),
        lambda z: CATALOGUE["log_softmax"](two(z))[..., 1],
    ),
}


def cases():
    return [("form", form) for form in FORMS] + [("underflow", name) for name in SETTINGS["activations"]]


def tasks(cases, values):
    parts = {"form": SETTINGS["types"], "underflow": range(SETTINGS["runs"])}
    return [(*case, part) for case in cases for part in parts[case[0]]]


def short():
    return [task for task in tasks(cases(), {}) if task[0] == "form" or task[2] == 0]


def work(task):
    kind, name, which = task
    return form(name, which) if kind == "form" else underflow(name, which)


def form(name, dtype):
    """{"up", "down"}: where the form goes wrong to either side of 0, {z, found, true}, or None if it never does."""
    steps = np.arange(0, SETTINGS["reach"] + SETTINGS["step"], SETTINGS["step"])
    found = {}
    for side, z in (("up", steps), ("down", -steps)):
        z, value, truth, error = errors(name, dtype, z)
        found[side] = None
        wrong = ~(error <= 0.1)
        if wrong.any():
            i = wrong.argmax()
            found[side] = {"z": z[i], "found": value[i] if np.isfinite(value[i]) else str(value[i]), "true": truth[i]}
    return found


def errors(name, dtype, z):
    """z, what the textbook form gives in this type, the truth in float64, relative error; where the truth is normal."""
    textbook, true = FORMS[name]
    z = z.astype(dtype)
    with np.errstate(all="ignore"):
        value = textbook(z)
    truth = true(z.astype(float))
    normal = np.abs(truth) >= np.finfo(dtype).tiny
    z, value, truth = z[normal], value[normal], truth[normal]
    with np.errstate(invalid="ignore"):
        return z.astype(float), value, truth, np.abs(value.astype(float) / truth - 1)


def underflow(name, run):
    """For each loss scale and by layer: zeros and error of d loss / d W in float16."""
    g, random, width = FUNCTIONS[name], generator(5, run), SETTINGS["width"]
    widths = [width] * (SETTINGS["hidden"] + 1) + [10]
    layers = initialise(g, widths, INITIALISATIONS["he"], random)
    x = random.normal(size=(SETTINGS["inputs"], width))
    labels = random.integers(10, size=len(x))
    done = forward(g, layers, x)
    exact, _ = backward(layers, done, loss_gradient(done.logits, labels))
    found = {}
    for scale in SETTINGS["loss_scales"]:
        rounded = half_precision_gradients(g, layers, x, labels, scale)
        with_exact_slopes = half_precision_gradients(g, layers, x, labels, scale, done.slopes)
        found[str(scale)] = {
            "zeros": [np.mean((a == 0) & (b.weights != 0)) for a, b in zip(rounded, exact)],
            "error": relative_errors(rounded, exact),
            "error_with_exact_slopes": relative_errors(with_exact_slopes, exact),
        }
    return found


def relative_errors(gradients, exact):
    return [np.linalg.norm(a - b.weights) / np.linalg.norm(b.weights) for a, b in zip(gradients, exact)]


def half_precision_gradients(g, layers, x, labels, scale, exact_slopes=None):
    """d loss / d W of each layer, with each array rounded to float16 as it is stored and the loss scaled; no biases."""
    weights, received, slopes = [half(layer.weights) for layer in layers], [half(x)], []
    for w in weights[:-1]:
        value, slope = g.value_and_derivative(half(received[-1] @ w))
        received.append(half(value))
        slopes.append(half(slope))
    slopes = exact_slopes or slopes
    delta = half(scale * loss_gradient(half(received[-1] @ weights[-1]), labels))
    gradients = []
    for i in reversed(range(len(weights))):
        gradients.insert(0, half(received[i].T @ delta) / scale)
        if i:
            delta = half(half(delta @ weights[i].T) * slopes[i - 1])
    return gradients


def half(numbers):
    return numbers.astype(np.float16).astype(float)


def summarise(cases, values):
    forms = {}
    for name in (name for kind, name in cases if kind == "form"):
        for dtype in SETTINGS["types"]:
            z = np.arange(-SETTINGS["curve_reach"], SETTINGS["curve_reach"] + 0.5, 0.5)
            z, _, _, error = errors(name, dtype, z)
            with np.errstate(divide="ignore"):
                curve = {"z": z, "log10_error": np.round(np.log10(error), 1)}
            forms.setdefault(name, {})[dtype] = values[("form", name, dtype)] | {"curve": curve}
    underflows = {
        name: {
            str(scale): {
                what: quartiles([values[("underflow", name, run)][str(scale)][what] for run in range(SETTINGS["runs"])])
                for what in ("zeros", "error", "error_with_exact_slopes")
            }
            for scale in SETTINGS["loss_scales"]
        }
        for name in (name for kind, name in cases if kind == "underflow")
    }
    return {"forms": forms, "underflow": underflows}


EXPERIMENT = Experiment("low_precision", __doc__, SETTINGS, cases, tasks, short, work, summarise, tolerance=0.03)

if __name__ == "__main__":
    main(EXPERIMENT)
