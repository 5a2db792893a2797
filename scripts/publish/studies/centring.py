"""Small slopes or the mean: functions less a constant at 12 layers."""

import numpy as np
from experiments.centring import AS_TANH
from experiments.functions import FUNCTIONS
from facts import gaussian

from publish import words
from publish.markdown import table
from publish.panels import figure
from publish.studies.wording import lowest_error, percent, spread, title, wrong_answers


def name_of(case):
    """What a case is called on the page."""
    return "Sigmoid as tanh" if case == AS_TANH else title(case)


def chi(case):
    """At the function's own gain, for pre-activations of variance 1."""
    g = FUNCTIONS["tanh" if case == AS_TANH else case]
    return gaussian.chi(g, 1.0, gaussian.forward_gain(g))


def largest_slope(case):
    """Of |g'|, as far as four digits go."""
    g = FUNCTIONS["sigmoid" if case == AS_TANH else case]
    return float(np.abs(g.derivative(np.linspace(-10, 10, 200001))).max())


def centring_figure(result):
    """The wrong answers of each case, as SVG."""
    settings, results = result["settings"], result["results"]
    rows = [(name_of(case), [("", results[case])]) for case in settings["cases"]]
    panel = wrong_answers(
        f"{settings['depth']} hidden layers, own gain", rows, lowest_error(results), left=146, width=366
    )
    caption = (
        "Share of wrong answers on the test digits, on a logarithmic scale. Dot: median of "
        f"{len(settings['test_runs'])} runs; thick bar: quartiles; thin line: all runs. {settings['depth']} hidden "
        f"layers of {settings['width']} units, the learning rate chosen for each case on other data."
    )
    return figure("centring", [panel], [], caption, "broad")


def centring_table(result):
    """Slope, mean and chi of each function beside its accuracy."""
    rows = []
    for case in result["settings"]["cases"]:
        entry = result["results"][case]
        g = FUNCTIONS["tanh" if case == AS_TANH else case]
        mean = gaussian.mean(FUNCTIONS["sigmoid"] if case == AS_TANH else g)
        rows.append(
            (
                name_of(case),
                words.number(round(largest_slope(case), 4), 3),
                words.number(round(mean, 9), 3),
                words.number(round(chi(case), 9), 3),
                f"{entry['rate']:g}",
                spread(entry),
                f"{percent(min(entry['runs']))} to {percent(max(entry['runs']))}",
            )
        )
    header = (
        "Function",
        "Largest slope",
        "Mean output",
        r"Factor $\chi$",
        "Rate",
        "Accuracy, median (quartiles)",
        "All runs",
    )
    return table(header, rows, " rrrrrr")


def centring_reading(result):
    """What the slope does and what the mean does, in sentences that follow the numbers."""
    results = result["results"]

    def of(case):
        entry = results[case]
        return f"{percent(entry['median'])} (runs from {percent(min(entry['runs']))} to {percent(max(entry['runs']))})"

    pairs = [
        f"{title(name)} with {of(name)} and less its mean with {of(f'{name}_centred')}"
        for name in ("softplus", "relu", "gelu")
    ]
    return (
        f"The sigmoid with its own gain ends at an accuracy of {of('sigmoid')}; four times the sigmoid, with slopes as "
        f"large as those of tanh, at {of('sigmoid_times_4')}; the sigmoid less one half, with slopes of at most a "
        f"quarter, at {of('sigmoid_less_half')}; and the plain sigmoid, started with the weights and biases that make "
        f"its network compute what a tanh network does, at {of(AS_TANH)}. Tanh itself ends at {of('tanh')}. The same "
        f"subtraction for other functions: {words.listed(pairs)}.\n"
    )


PIECES = {
    "centring.svg": centring_figure,
    "centring.md": centring_table,
    "centring_reading.md": centring_reading,
}
