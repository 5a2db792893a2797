"""What the frameworks were found to return where formulas lose digits: a table and pieces of sentences."""

from math import exp, inf, isnan, nan

import frameworks
import numpy as np
from frameworks.floating_point import QUESTIONS
from reference import CATALOGUE, numerics

from publish import words
from publish.markdown import table


def truth(page, z, order=0):
    """What this site's module gives for a function of one number, or for the first of two scores."""
    f = CATALOGUE[page]
    return float(f(np.array(z, float))[0] if f.vector else f.jet(z)[order])


def tanh_form(z):
    """GELU's tanh form on the left, without a subtraction: z times the sigmoid of twice the argument."""
    u = (2 / np.pi) ** 0.5 * (z + 0.044715 * z**3)
    return float(z * numerics.logistic(2 * u)[0])


# Question -> the call, the truth, and the digits that are shown: a result that shows the truth's digits is right.
SHOWN = {
    "sigmoid_slope": ("sigmoid′(40)", truth("sigmoid", 40, 1), 3),
    "sigmoid_curvature": ("sigmoid″(10⁻¹⁰)", truth("sigmoid", 1e-10, 2), 9),
    "tanh_slope": ("tanh′(20)", truth("tanh", 20, 1), 3),
    "tanh_slope_near": ("tanh′(19.9995)", truth("tanh", 19.9995, 1), 3),
    "elu_slope": ("ELU′(−40)", truth("elu", -40, 1), 3),
    "celu_slope": ("CELU′(0), α = 2", 1.0, 3),
    "gelu_value": ("GELU(−8.5)", truth("gelu", -8.5), 5),
    "gelu_single": ("GELU(−5.6), float32", truth("gelu", -5.6), 3),
    "gelu_tanh_form": ("GELU(−7.3439), tanh form", tanh_form(-7.3439), 3),
    "silu_far": ("SiLU(−710)", truth("silu", -710), 4),
    "softplus_value": ("softplus(20.000001)", truth("softplus", 20.000001), 11),
    "softplus_slope": ("softplus′(20.000001)", truth("softplus", 20.000001, 1), 11),
    "hard_sigmoid_slope": ("hard sigmoid′(0.5)", 1 / 6, 11),
    "mish_curvature": ("mish″(709.79)", truth("mish", 709.79, 2), 3),
    "mish_curvature_single": ("mish″(88.73), float32", truth("mish", 88.73, 2), 3),
    "gelu_infinity": ("GELU(−∞)", truth("gelu", -inf), 3),
    "silu_infinity": ("SiLU(−∞)", truth("silu", -inf), 3),
    "mish_infinity": ("mish(−∞)", truth("mish", -inf), 3),
    "softmax_infinity": ("softmax(∞, 0), first entry", truth("softmax", (inf, 0)), 3),
    "log_softmax": ("log-softmax(40, 0), first entry", truth("log_softmax", (40, 0)), 3),
    "log_softmax_infinity": ("log-softmax(∞, 0), first entry", truth("log_softmax", (inf, 0)), 3),
}


def results(record, name):
    """Framework -> the number found: that of the last input, or the first of several outputs."""
    which = 0 if "softmax" in name else -1
    found = {key: answer["found"].get(name) for key, answer in record["floating_point"].items()}
    return {key: nan if values[which] is None else float(values[which]) for key, values in found.items() if values}


def shown(value, digits):
    """The number as text."""
    return "NaN" if isnan(value) else "−0" if str(value) == "-0.0" else words.number(value, digits)


def tex(text):
    """The same between dollars; words stay words."""
    mantissa, _, power = text.replace("−", "-").partition("·10")
    times = rf" \cdot 10^{{{power.translate(words.REGULAR)}}}" if power else ""
    return text if text == "NaN" else f"${mantissa}{times}$"


def grouped(record, name):
    """(text of a wrong result -> the frameworks that return it, the frameworks that are right, text of the truth)."""
    _, expected, digits = SHOWN[name]
    groups, right = {}, shown(expected + 0.0, digits)
    # Where the truth is below the type's smallest number, 0 is right.
    smallest = np.finfo(QUESTIONS[name].type).tiny
    for key, value in results(record, name).items():
        text = right if value == 0 and abs(expected) < smallest else shown(value, digits)
        groups.setdefault(text, []).append(key)
    return groups, groups.pop(right, []), right


def named(record, keys):
    """These frameworks with their versions."""
    return words.listed([frameworks.named(key, record["floating_point"][key]) for key in keys])


def returned(record, name):
    """As in "JAX 0.10.2 and TensorFlow 2.21.0 return 0 (PyTorch 2.13.0 is right)": a piece of a sentence."""
    groups, right, _ = grouped(record, name)
    wrong = words.listed(
        [f"{named(record, keys)} {'return' if keys[1:] else 'returns'} {tex(text)}" for text, keys in groups.items()]
    )
    return wrong + (f" ({named(record, right)} {'are' if right[1:] else 'is'} right)" if right else "")


def library(record):
    """The table of tables/floating_point.md: each wrong result, who returns it, and the truth."""
    rows = []
    for name, (call, *_) in SHOWN.items():
        groups, _, right = grouped(record, name)
        rows += [(", ".join(frameworks.NAMES[key] for key in keys), call, text, right) for text, keys in groups.items()]
    return table(("Library", "Call", "Result", "Truth"), rows)


def times(record, name):
    """How many times the truth those return that don't return 0: "JAX 0.10.2 returns 1.55·10⁻¹⁵, 91 times ..."."""
    key, value = max(results(record, name).items(), key=lambda found: found[1])
    return f"{named(record, [key])} returns {tex(shown(value, 3))}, {value / SHOWN[name][1]:.0f} times the truth"


def lost(record, name):
    """As in "PyTorch 2.13.0 has no correct digit left of −8.34"."""
    [(key, z)] = results(record, name).items()
    return f"{named(record, [key])} has no correct digit left of ${z:.2f}$"


def softplus(record):
    """What PyTorch returns beyond its threshold."""
    value, slope, curvature = (results(record, f"softplus_{what}")["torch"] for what in ("value", "slope", "curvature"))
    return (
        f"{named(record, ['torch'])} returns the value ${shown(value, 11)}$, the slope ${slope:g}$ and the curvature "
        f"${curvature:g}$"
    )


def tanh_value(record):
    """How far the value is off near 1, in units in the last place of numbers below 1."""
    value, z = results(record, "tanh_value")["jax"], QUESTIONS["tanh_value"].z[0]
    units = (1 - value - 2 / (exp(2 * z) + 1)) * 2.0**53
    return (
        f"{named(record, ['jax'])} returns {value!r} at $z = {z}$, which is {units:.2g} units in the last place too "
        "little"
    )


def softmax(record):
    """The largest error of softmax for large scores."""
    found = results(record, "softmax")
    low, high = (words.number(f(found.values()), 3) for f in (min, max))
    return f"{low if low == high else f'{low} to {high}'} units in the last place in {named(record, found)}"


def normal(record):
    """The largest error of the normal distribution function that was found."""
    [(key, units)] = results(record, "normal").items()
    z = record["floating_point"][key]["found"]["normal"][0]
    return (
        f"{named(record, [key])}'s normal distribution function is off by {words.number(units, 2)} units in the last "
        f"place at ${z:.6f}$"
    )


def pieces(record):
    """The generated files, path -> text. Each is a piece of a sentence or a table."""
    sentences = {name: returned(record, name) for name in SHOWN} | {
        "tanh_slope_near": times(record, "tanh_slope_near"),
        "gelu_lost": lost(record, "gelu_lost"),
        "gelu_single_lost": lost(record, "gelu_single_lost"),
        "softplus": softplus(record),
        "tanh_value": tanh_value(record),
        "softmax": softmax(record),
        "normal": normal(record),
        "asked": named(record, record["floating_point"]),
    }
    files = {f"found/{name}.md": text for name, text in sentences.items()}  # a line break would end the paragraph
    return files | {"found/table.md": library(record)}
