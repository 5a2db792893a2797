"""What the guides conclude from the experiments: each sentence as on its page, and what the results say of it.

A function decorated with `@says(page, sentences)` asserts that these sentences are true. Between the figure of an
experiment and the next heading of a guide, and in some whole sections, no sentence stands that isn't held so, or made
from the results by the build.
"""

import layout
import numpy as np
import pytest
from experiments import rates
from experiments.functions import FUNCTIONS
from facts import gaussian
from publish import experiments
from scipy import stats
from support.conclusions import HELD, joined, page, says, sentences, spoken

SCHEMES = ("he", "xavier", "own")
# Sentences that lead to a piece or a figure and state nothing.
LEADING = {
    "Read it from right to left, the way the gradient goes.",
    "How far the theory can be trusted:",
    "How alike two examples become can be measured without any training.",
    "From the worst function to the best, by median:",
    "With normalisation and skips, from the worst function to the best:",
    "In short:",
    "Are smooth or leaky functions immune?",
    "Do the failures above survive in networks with normalisation, skips or both?",
    "Small fully connected networks on small images, without normalisation and skips:",
    "They don't show which function is best: not for other data, other architectures, larger networks or longer "
    "training.",
    "[Their page](experiments.md) has all numbers, and what can't be concluded from each.",
}
# Where a guide speaks of experiments: page, first and last mark.
SPOKEN = [
    ("underperforming", "**The experiment.**", "**In your own network.**"),
    ("underperforming", "### The experiments on real data", "**In your own network.**"),
    ("choosing", "## What the experiments here show", "## A short guide"),
]


@pytest.fixture(scope="module")
def results():
    return {name: experiments.read(name, layout.RESULTS)["results"] for name in experiments.MADE}


@pytest.mark.parametrize("name, first, last", SPOKEN)
def test_no_sentence_on_an_experiment_is_held_by_nothing(name, first, last):
    held = {joined(s) for page_, found, _ in HELD if page_ == name for s in found} | LEADING
    passages = spoken(page(name), first, last)
    assert passages
    free = [s for passage in passages for s in sentences(passage) if s not in held]
    assert not free, "expected a function that asserts: " + " | ".join(free)


def median(results, experiment, case):
    return results[experiment][case]["median"]


def paired(results, experiment, a, b):
    """The ends of the 95 % interval of the median difference of two cases, run by run."""
    a, b = (np.array(results[experiment][case]["runs"]) for case in (a, b))
    return tuple(stats.quantile_test(a - b, q=0, p=0.5).confidence_interval(0.95))


def chi(name):
    return gaussian.chi(FUNCTIONS[name], 1.0, gaussian.forward_gain(FUNCTIONS[name]))


def variance_slope(name):
    return gaussian.variance_slope(FUNCTIONS[name], 1.0, gaussian.forward_gain(FUNCTIONS[name]))


# Random networks


@says(
    "underperforming",
    "Random networks, before any training; the theory is computed from this site's module.",
    "Where it strays, the variance has no fixed point that attracts: a small deviation [grows from layer to "
    "layer](../tables/gains.md#through-many-layers), and in a network of finite width there always is one.",
)
def where_the_theory_strays(results):
    for case, depths in results["gradient_norms"]["by_depth"].items():
        name, scheme = case.split("/")
        off = [e for e in depths.values() if abs(e["rms"] - e["theory"]) > max(3 * e["rms_error"], 0.05)]
        if off:
            sigma_w = (
                gaussian.forward_gain(FUNCTIONS[name]) if scheme == "own" else {"he": 2**0.5, "xavier": 1.0}[scheme]
            )
            points = gaussian.fixed_points(FUNCTIONS[name], sigma_w)
            assert not any(point.attracting and point.q > 0 for point in points), case


@says(
    "underperforming",
    "Random networks at three scales of the weights.",
    "With the smallest weights hardly any unit is saturated; the signal of tanh then shrinks from layer to layer, "
    "while that of the sigmoid, whose outputs have a mean, soon settles.",
    "With the largest most tanh units are saturated, in every layer.",
    "The sigmoid saturates less than tanh at the same scale, since its flat part begins twice as far out and its "
    "outputs are smaller.",
)
def saturation(results):
    found = results["saturation"]
    assert max(found["tanh/1.0"]["saturated"]["median"] + found["sigmoid/1.0"]["saturated"]["median"]) < 0.05
    shrinking, settled = (found[case]["variance_theory"] for case in ("tanh/1.0", "sigmoid/1.0"))
    assert all(a > 1.3 * b for a, b in zip(shrinking, shrinking[1:]))
    assert settled[2:] == pytest.approx([settled[-1]] * len(settled[2:]), rel=0.01)
    assert min(found["tanh/5.0"]["saturated"]["median"]) > 0.5
    for scale in ("1.0", "2.0", "5.0"):
        less, more = (found[f"{name}/{scale}"]["saturated"]["median"] for name in ("sigmoid", "tanh"))
        assert all(a <= b for a, b in zip(less, more))
    z = np.linspace(0, 10, 100001)
    ends = [z[np.abs(FUNCTIONS[n].derivative(z)) < 0.05 * FUNCTIONS[n].derivative(0.0)][0] for n in ("sigmoid", "tanh")]
    assert ends[0] == pytest.approx(2 * ends[1], rel=1e-3)


@says(
    "underperforming",
    "Gradients of random networks computed in float16, with and without *loss scaling*: the loss is multiplied by a "
    "constant before the backward pass, and the gradients are divided by it afterwards, in float32.",
    "The sigmoid loses the gradient of its first layers; with the loss scaled it is there again.",
    "The other functions have nothing to lose at this depth.",
    "Once the loss is scaled, ReLU's gradient is the least exact [of the four](experiments.md#low-precision), and not "
    "because of its size: near zero a rounded input can lie on the other side of the kink, where the slope is 1 "
    "instead of 0.",
    "With the slopes of the exact pass nearly all of this error is gone.",
)
def low_precision(results):
    underflow = results["low_precision"]["underflow"]
    zeros = {name: {scale: e["zeros"]["median"][0] for scale, e in entry.items()} for name, entry in underflow.items()}
    assert zeros["sigmoid"]["1"] > 0.9 and zeros["sigmoid"]["1024"] < 0.05
    assert max(zeros[name]["1"] for name in ("tanh", "relu", "gelu")) < 0.01 and len(zeros) == 4
    error = {name: entry["1024"]["error"]["median"][0] for name, entry in underflow.items()}
    exact = {name: entry["1024"]["error_with_exact_slopes"]["median"][0] for name, entry in underflow.items()}
    assert max(error, key=error.get) == "relu" and exact["relu"] < error["relu"] / 10


# Centring


@says(
    "underperforming",
    "Networks with twelve hidden layers, trained on the 8×8 digits; each function has its own gain and a learning rate "
    "chosen for it.",
    "So it isn't the small slope that stops the deep sigmoid: four times the slope changes nothing, and a constant "
    "changes everything.",
    "The plain sigmoid trains, too, from a start at which it keeps the examples apart.",
    "Softplus fails and recovers in the same way.",
    "ReLU has a mean as well, but its $\\chi$ is 1 with it, and subtracting it gains nothing.",
)
def centring(results):
    found = {case: entry["median"] for case, entry in results["centring"].items()}
    assert max(found[case] for case in ("sigmoid", "sigmoid_times_4", "softplus")) < 0.12
    assert min(found[case] for case in ("sigmoid_less_half", "sigmoid_started_as_tanh", "softplus_centred")) > 0.9
    for case in ("sigmoid", "sigmoid_times_4", "softplus"):  # not in one run of twelve
        assert max(results["centring"][case]["runs"]) < 0.15
    assert chi("relu") == pytest.approx(1, abs=1e-12) and gaussian.mean(FUNCTIONS["relu"]) > 0.3
    assert paired(results, "centring", "relu_centred", "relu")[0] < 0


@says("experiments", "and of these functions only those whose $\\chi$ is far below 1 needed it.")
def who_needs_centring(results):
    for name in ("sigmoid", "softplus", "relu", "gelu"):
        fails = median(results, "centring", name) < 0.5
        assert fails == (chi(name) < 0.5) and (fails or chi(name) > 0.99)


@says(
    "experiments", "A gradient of the right size is not enough for learning: see [the next experiment](#correlation)."
)
def size_is_not_enough(results):
    """Softplus with He's weights keeps more of the gradient than SELU gains of it, and makes the inputs alike."""
    gradient = {case: abs(entry["50"]["rms"]) for case, entry in results["gradient_norms"]["by_depth"].items()}
    assert gradient["softplus/he"] < gradient["selu/he"]
    assert median(results, "digits", "softplus/he/12") < median(results, "digits", "selu/own/12")


# Dead units

LOW, MIDDLE, HIGH = (0.03, 0.1, 0.3), 0.6, 1.0


def dead(results, name, setup, rate, bias, share="dead", time=-1):
    return results["dead_units"][f"{name}/{setup}/{rate}/{bias}"][share]["median"][time]


def accuracy(results, name, setup, rate, bias):
    return results["dead_units"][f"{name}/{setup}/{rate}/{bias}"]["test_accuracy"]["median"]


def diverged(results, name, setup, rate, bias=0.0):
    return results["dead_units"][f"{name}/{setup}/{rate}/{bias}"]["diverged"]


@says(
    "underperforming",
    "Small networks trained on the 8×8 digits with plain stochastic gradient descent.",
    "With biases of 0 few units die at the three lowest rates, and at the highest most of the network, nearly all of "
    "it within the first epoch.",
    "With biases of $-1$ or $-2$ more than half of the network starts dead, nothing gets through it, and no rate "
    "helps.",
    "The next figure counts units that are *stuck*: at most a hundredth of the gradient passes, for every example.",
    "That is how a leaky unit with the slope 0.01 looks where ReLU would be dead.",
)
def dead_units(results):
    assert max(dead(results, "relu", "plain", rate, 0.0) for rate in LOW) < 0.05
    end, first = (dead(results, "relu", "plain", HIGH, 0.0, time=time) for time in (-1, 1))
    assert end > 0.7 and first > 0.9 * end
    for bias in (-1.0, -2.0):
        for rate in (*LOW, MIDDLE, HIGH):
            assert dead(results, "relu", "plain", rate, bias, time=0) > 0.5
            assert accuracy(results, "relu", "plain", rate, bias) < 0.12


@says(
    "underperforming",
    "*Leaky ReLU* with biases of 0 has as many stuck units as ReLU has dead ones, within a few per cent, at the three "
    "lowest rates, and is as accurate.",
    "With biases of $-1$ the leak brings some units back at higher rates, and with momentum it trains where ReLU only "
    "guesses.",
    "At the highest rate without momentum nearly all of its runs diverge, and none of ReLU.",
)
def leaky_units(results):
    for rate in LOW:
        stuck, gone = (
            dead(results, n, "plain", rate, 0.0, share) for n, share in (("leaky_relu", "stuck"), ("relu", "dead"))
        )
        assert abs(stuck - gone) < 0.03
        assert (
            abs(accuracy(results, "leaky_relu", "plain", rate, 0.0) - accuracy(results, "relu", "plain", rate, 0.0))
            < 0.01
        )
    for rate in (0.3, MIDDLE):
        start, end = (dead(results, "leaky_relu", "plain", rate, -1.0, "stuck", time) for time in (0, -1))
        assert end < start - 0.1
    for rate in (MIDDLE, HIGH):
        assert accuracy(results, "leaky_relu", "momentum", rate, -1.0) > 0.85
        assert accuracy(results, "relu", "momentum", rate, -1.0) < 0.12
    assert diverged(results, "leaky_relu", "plain", HIGH) >= 9 and diverged(results, "relu", "plain", HIGH) == 0


@says(
    "underperforming",
    "*ELU* starts without stuck units even with biases of $-2$, and trains from there at the three lowest rates.",
    "At the two highest it fails: some runs diverge, and in the others most units end so far on the left that they are "
    "stuck.",
    "*GELU* starts without stuck units as well, and at the three lowest rates ends without any.",
    "Yet with biases of $-2$ it learns badly: a unit that isn't stuck needn't learn well.",
)
def smooth_units(results):
    biases = (0.0, -1.0, -2.0)
    for bias in biases:
        assert all(dead(results, n, "plain", r, bias, "stuck", 0) == 0 for n in ("elu", "gelu") for r in (*LOW, MIDDLE))
        assert all(dead(results, "gelu", "plain", rate, bias, "stuck") == 0 for rate in LOW)
        for rate in (MIDDLE, HIGH):
            assert diverged(results, "elu", "plain", rate, bias) > 0
            assert dead(results, "elu", "plain", rate, bias, "stuck") > 0.5
            assert accuracy(results, "elu", "plain", rate, bias) < 0.12
    assert min(accuracy(results, "elu", "plain", rate, -2.0) for rate in LOW) > 0.9
    assert max(accuracy(results, "gelu", "plain", rate, -2.0) for rate in (*LOW, MIDDLE, HIGH)) < 0.6


@says(
    "underperforming",
    "How bad are dead units?",
    "What counts is what the network learns.",
    "ReLU at the rate 0.6 loses a quarter of its units and two percentage points of accuracy.",
    "With momentum, which spreads each step over the next ones, far fewer die at the highest rates, and all four "
    "functions but ELU train there.",
    "The [table of all settings](experiments.md#dead-units) has the accuracies, the shares that recovered, and how "
    "often training diverged.",
)
def momentum(results):
    assert dead(results, "relu", "plain", MIDDLE, 0.0) == pytest.approx(0.25, abs=0.03)
    best = max(accuracy(results, "relu", "plain", rate, 0.0) for rate in LOW)
    assert best - accuracy(results, "relu", "plain", MIDDLE, 0.0) == pytest.approx(0.02, abs=0.005)
    for rate in (MIDDLE, HIGH):
        assert dead(results, "relu", "momentum", rate, 0.0) < 0.2 * dead(results, "relu", "plain", rate, 0.0)
    assert all(accuracy(results, name, "momentum", HIGH, 0.0) > 0.9 for name in ("relu", "leaky_relu", "gelu"))
    assert accuracy(results, "elu", "momentum", HIGH, 0.0) < 0.12


# Digits, normalisation, optimisers


def digits(results, depth, schemes=SCHEMES):
    """Function -> median accuracies with the initialisations, for all that were run."""
    names = dict.fromkeys(case.split("/")[0] for case in results["digits"])
    return {name: [median(results, "digits", f"{name}/{scheme}/{depth}") for scheme in schemes] for name in names}


def alike(results, name):
    """The correlation in layer 12 of two inputs with 0.5."""
    return results["correlation"][f"{name}/0.5"]["median"][6]


@says(
    "underperforming",
    "Trained on the 8×8 digits at three depths, each function with three initialisations and a learning rate of its "
    "own.",
    "With two hidden layers every function learns with every initialisation, the sigmoid included.",
    "With twelve that is over.",
)
def shallow(results):
    assert min(min(shares) for shares in digits(results, 2).values()) > 0.95
    assert min(min(shares) for shares in digits(results, 12).values()) < 0.12


@says(
    "underperforming",
    "*Who fails.* The sigmoid only guesses, with each of the three initialisations and at every rate that was tried.",
    "Softplus learns with He's alone.",
    "With their own gain both make [all inputs alike](#outputs-that-are-not-centred).",
)
def who_fails(results):
    deep = digits(results, 12)
    assert max(deep["sigmoid"]) < 0.12
    for scheme in SCHEMES:
        assert max(mean for mean, _, _ in results["digits"][f"sigmoid/{scheme}/12"]["tried"].values()) < 0.12
    assert deep["softplus"][0] > 0.7 and max(deep["softplus"][1:]) < 0.12
    assert all(alike(results, name) > 0.99 and deep[name][2] < 0.5 for name in ("sigmoid", "softplus"))


@says(
    "underperforming",
    "*The initialisation.* GELU and SiLU only guess with Xavier's, for which their gradient vanishes; ReLU, Leaky ReLU "
    "and Mish do worse with it than with the two others.",
    "Tanh, ELU and SELU learn with all three.",
)
def initialisation(results):
    deep = digits(results, 12)
    for name in ("gelu", "silu"):
        assert deep[name][1] < 0.12 and results["gradient_norms"]["by_depth"][f"{name}/xavier"]["10"]["rms"] < -2
    for name in ("relu", "leaky_relu", "mish"):
        he, xavier, own = deep[name]
        assert xavier < min(he, own) - 0.05
    assert min(min(deep[name]) for name in ("tanh", "elu", "selu")) > 0.92


@says(
    "underperforming",
    "*Among those who learn*, the size of the gradient isn't what decides.",
    "With its own gain ReLU keeps it, and is worse than tanh, ELU and SELU, for which it grows from layer to layer.",
    "These three keep two inputs farther apart than ReLU does.",
)
def who_learns(results):
    own = {name: shares[2] for name, shares in digits(results, 12).items()}
    ends = {name: results["gradient_norms"]["by_depth"][f"{name}/own"]["50"] for name in own}
    assert abs(ends["relu"]["theory"]) < 0.01
    for name in ("tanh", "elu", "selu"):
        assert (
            own[name] > own["relu"] and ends[name]["rms"] > 0.2 and alike(results, name) < alike(results, "relu") - 0.1
        )


@says(
    "underperforming",
    "A function that needs its own learning rate may look bad at another's.",
    "With six layers and plain gradient descent the sigmoid hardly learns at any rate.",
    "With Adam, whose steps hardly depend on the size of the gradient, it does.",
    "All others learn with both, and none of them at every rate: a comparison at one rate for all compares how well "
    "that rate fits.",
)
def optimisers(results):
    found = {case.split("/")[0]: {} for case in results["optimisers"]}
    for case, entry in results["optimisers"].items():
        name, optimiser = case.split("/")
        found[name][optimiser] = entry["median"]
    assert max(found["sigmoid"]["sgd"]) < 0.3 and max(found.pop("sigmoid")["adam"]) > 0.9
    for medians in found.values():
        assert all(max(shares) > 0.95 and min(shares) < 0.5 for shares in medians.values())


@says(
    "choosing",
    "**With two hidden layers the choice hardly matters**: all functions learn, the sigmoid among them.",
    "**With twelve, and neither normalisation nor skips, it does.**",
    "With their own gain the sigmoid and softplus only guess, because of [their "
    "mean](underperforming.md#outputs-that-are-not-centred); tanh, ELU, SELU and Mish are better than ReLU in nearly "
    "every pair of runs.",
    "**The initialisation can matter more than the function**: GELU and SiLU learn with one and only guess with "
    "another.",
)
def the_choice(results):
    shallow(results)
    deep = digits(results, 12)
    assert max(deep["sigmoid"][2], deep["softplus"][2]) < 0.12
    for name in ("tanh", "elu", "selu", "mish"):
        assert paired(results, "digits", f"{name}/own/12", "relu/own/12")[0] > 0
        runs = zip(*(results["digits"][f"{f}/own/12"]["runs"] for f in (name, "relu")))
        assert sum(a > b for a, b in runs) >= 11
    for name in ("gelu", "silu"):
        assert max(deep[name]) > 0.9 and min(deep[name]) < 0.12


@says("choosing", "with its own gain: centred or nearly so, $\\chi$ near 1, and a variance that returns to 1")
def what_to_take_without_normalisation(results):
    for name in ("tanh", "selu", "elu"):
        g = FUNCTIONS[name]
        assert gaussian.mean(g) ** 2 < 0.05 * gaussian.second_moment(g)
        assert 1 < chi(name) < 1.2 and variance_slope(name) < 1


@says("experiments", "Where GELU, SiLU and Mish stray, their variance doesn't stay at 1.")
def correlations_that_stray(results):
    for case, entry in results["correlation"].items():
        gaps = np.abs(np.subtract(entry["theory"], entry["median"]))
        assert variance_slope(case.split("/")[0]) > 1 + 1e-9 or max(gaps) < 0.1, case
    assert all(variance_slope(name) > 1 for name in ("gelu", "silu", "mish"))


@says(
    "experiments",
    "With two hidden layers all are so near to what can be had on these data that the experiment can't separate them.",
)
def a_ceiling(results):
    assert not any(
        low > 0 or high < 0
        for low, high in (paired(results, "digits", f"{name}/own/2", "relu/own/2") for name in digits(results, 2))
    )


ARRANGED = ("sigmoid", "tanh", "relu", "gelu")


def arranged(results, arrangement, depth):
    return {name: median(results, "normalisation", f"{name}/{arrangement}/{depth}") for name in ARRANGED}


@says(
    "underperforming",
    "*Plain* networks of 50 layers don't train within these ten epochs, whatever the function.",
    "*Layer norm* doesn't change that, and it doesn't help the sigmoid with 12 layers either: it fixes the size, and "
    "what all examples have in common stays.",
)
def layer_norm(results):
    assert {case.split("/")[0] for case in results["normalisation"]} == set(ARRANGED)
    for arrangement in ("plain", "layer_norm"):
        assert max(arranged(results, arrangement, 50).values()) < 0.25
        assert arranged(results, arrangement, 12)["sigmoid"] < 0.12


@says(
    "underperforming",
    "*Batch norm* takes out what all examples have in common, and the sigmoid trains; with 50 layers it is the best of "
    "the four.",
    "The others lose with depth.",
)
def batch_norm(results):
    shallow, deep = (arranged(results, "batch_norm", depth) for depth in (12, 50))
    assert min(shallow.values()) > 0.9 and deep["sigmoid"] > 0.85 and max(deep, key=deep.get) == "sigmoid"
    assert all(deep[name] < shallow[name] - 0.3 for name in ARRANGED if name != "sigmoid")


@says(
    "underperforming",
    "*Skips* change everything: all four functions train through 50 layers, the sigmoid included, and the best and the "
    "worst are a few percentage points apart.",
    "*Batch norm*, which subtracts the mean over the examples, or *skips*: [an experiment "
    "below](#with-normalisation-and-skips).",
)
@says(
    "choosing",
    "**With skips it hardly matters again**: through 12 layers and through 50 all four functions tried end "
    "within a few percentage points of each other.",
)
@says("choosing", "you have no other reason, and the network has skip connections")
def skips(results):
    for arrangement in ("residual", "residual_layer_norm"):
        for depth in (12, 50):
            found = arranged(results, arrangement, depth).values()
            assert min(found) > 0.93 and max(found) - min(found) < 0.04


@says("experiments", "with batch norm or skips the sigmoid [trains](#normalisation) without it")
def without_a_constant(results):
    for arrangement in ("batch_norm", "residual", "residual_layer_norm"):
        assert arranged(results, arrangement, 12)["sigmoid"] > 0.9


@says(
    "experiments",
    "In narrow networks the runs spread more, around the same mean square where the variance has a fixed point that "
    "attracts, or keeps whatever it is:",
)
def narrow_networks(results):
    for case, entry in results["gradient_norms"]["by_width"].items():
        assert entry["32"]["q3"] - entry["32"]["q1"] > 1.5 * (entry["512"]["q3"] - entry["512"]["q1"])
        if case in ("sigmoid/own", "tanh/own", "relu/he"):
            assert all(abs(e["rms"] - e["theory"]) < max(3 * e["rms_error"], 0.05) for e in entry.values())
    assert all(variance_slope(name) < 1 - 1e-3 for name in ("sigmoid", "tanh"))
    assert variance_slope("relu") == pytest.approx(1, abs=1e-9)


@says(
    "experiments",
    "first a grid of half powers of ten with four runs each, then eight runs at the best rate and at its neighbours a "
    "quarter of a power away, until the best lies between two that are no better, or at the grid's end.",
)
def how_rates_are_chosen(results):
    assert np.allclose(np.diff(np.log10(rates.RATES)), 0.25, atol=0.02)
    assert [len(runs) for runs in rates.SETTINGS["choosing_runs"].values()] == [4, 4]


@says(
    "experiments",
    "PyTorch's default is [derived](signal_propagation.md#pytorchs-default-is-not-hes) to let signal and gradient die "
    "out:",
)
def the_default(results):
    for name in ("tanh", "relu"):
        entry = results["gradient_norms"]["profile"][f"{name}/default"]
        assert entry["gradient"]["median"][0] < -10 and entry["variance"]["median"][-1] < -2.5


@says(
    "experiments",
    "In the last column the slopes are taken from the exact pass.",
    "ReLU's error comes from them: near its kink a rounded input can lie on the other side.",
)
def whose_slopes(results):
    entry = results["low_precision"]["underflow"]["relu"]["1024"]
    assert entry["error_with_exact_slopes"]["median"][0] < entry["error"]["median"][0] / 10


@says(
    "experiments",
    "For Leaky ReLU with the slope 0.01, stuck means by definition what dead means for ReLU: all inputs on the left.",
    "That ELU and GELU have dead units at all is floating point: far enough on the left their slope is rounded to 0.",
)
def dead_by_rounding(results):
    assert FUNCTIONS["leaky_relu"].derivative(-1.0) == 0.01 < FUNCTIONS["leaky_relu"].derivative(1.0)
    for name in ("elu", "gelu"):
        assert FUNCTIONS[name].derivative(-800.0) == 0 != FUNCTIONS[name].derivative(-30.0)
        found = [
            e["dead"]["median"][-1]
            for case, e in results["dead_units"].items()
            if case.startswith(name) and "dead" in e
        ]
        assert max(found) > 0


@says(
    "experiments",
    "For functions that are flat on one side, such as ReLU, half of the slopes are 0 in a healthy network; there the "
    "number says nothing about trouble.",
)
def half_of_the_slopes(results):
    for scale in ("1.0", "2.0", "5.0"):
        assert results["saturation"][f"relu/{scale}"]["saturated"]["median"] == pytest.approx([0.5] * 4, abs=0.05)


@says(
    "underperforming",
    "[PyTorch's default](signal_propagation.md#pytorchs-default-is-not-hes) does it to deep networks of all functions "
    "in these experiments.",
)
def the_default_is_ordered(results):
    """At every variance from 1e-6 to 1e3 a layer brings inputs nearer to each other: chi is below 1."""
    for name in digits(results, 2):
        assert max(gaussian.chi(FUNCTIONS[name], q, 3**-0.5) for q in 10.0 ** np.arange(-6, 4)) < 1, name


@pytest.mark.parametrize("name, found, check", HELD, ids=[f"{name}-{check.__name__}" for name, _, check in HELD])
def test_the_page_says_it_and_the_results_bear_it(name, found, check, results):
    text = joined(page(name))
    for sentence in found:
        assert joined(sentence) in text
    check(results)
