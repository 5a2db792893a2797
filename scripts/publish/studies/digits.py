"""Training on digits: accuracy, paired differences, and what each learning rate gave."""

from math import log10

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure
from publish.studies.wording import (
    SCHEMES,
    accuracy,
    count,
    lowest_error,
    outcome,
    paired,
    percent,
    points,
    signed,
    title,
    wrong_answers,
)

BASE = "relu"  # what the others are compared with, run by run


def digits_figure(result):
    """Dots and intervals: the share of wrong answers by activation and initialisation, a panel for each depth."""
    settings, results = result["settings"], result["results"]
    panels = []
    for depth in settings["depths"]:
        rows = [
            (title(name), [(label, results[f"{name}/{scheme}/{depth}"]) for scheme, label in SCHEMES.items()])
            for name in settings["activations"]
        ]
        panels.append(wrong_answers(f"{depth} hidden layers", rows, lowest_error(results), left=132, width=350))
    caption = (
        "Share of wrong answers on the test digits, on a logarithmic scale. Dot: median of "
        f"{len(settings['test_runs'])} runs; thick bar: quartiles; thin line: all runs. Width {settings['width']}, "
        f"{settings['epochs']} epochs; the learning rate was chosen for each case on other data. A run that "
        "diverged counts as guessing."
    )
    return figure("digits", panels, list(SCHEMES.values()), caption, "broad")


def digits_table(result):
    """Median accuracy with quartiles, chosen rate, runs that diverged."""
    settings, results = result["settings"], result["results"]
    rows = []
    for name in settings["activations"]:
        for scheme, label in SCHEMES.items():
            entries = [results[f"{name}/{scheme}/{depth}"] for depth in settings["depths"]]
            rows.append((title(name), label, *map(outcome, entries)))
    return table(("Function", "Initialisation", *(f"{depth} hidden layers" for depth in settings["depths"])), rows)


def against(result, name, depth, base=BASE):
    """A function against another, both with their own gain, run by run."""
    return paired(*(result["results"][f"{f}/own/{depth}"]["runs"] for f in (name, base)))


def pairs_table(result):
    """Each function against ReLU, run by run."""
    settings = result["settings"]
    rows = []
    for name in settings["activations"]:
        if name != BASE:
            found = [against(result, name, depth) for depth in settings["depths"]]
            rows.append((title(name), *(f"{points(pair)}, {pair.won}–{pair.lost}" for pair in found)))
    note = (
        f"Accuracy less that of {title(BASE)}, in percentage points, each with its own gain: median of the differences "
        f"of {len(settings['test_runs'])} pairs of runs that share their random numbers, a 95% interval for it, and in "
        f"how many the function was better and worse than {title(BASE)}. The interval is for one comparison, not for "
        "all at once.\n\n"
    )
    header = ("Function", *(f"{depth} hidden layers" for depth in settings["depths"]))
    return note + table(header, rows, " " + "r" * len(settings["depths"]))


def pairs_reading(result):
    """Who is better and worse than ReLU in the deepest networks, in sentences that follow the numbers."""
    settings, depth = result["settings"], result["settings"]["depths"][-1]
    runs = len(settings["test_runs"])
    better, worse, even = [], [], []
    for name in settings["activations"]:
        if name != BASE:
            pair = against(result, name, depth)
            text = f"{title(name)} ({signed(pair.median)}, {pair.won} of {runs})"
            (even if not pair.apart else better if pair.median > 0 else worse).append(text)
    kinds = (("better", better), ("worse", worse), ("not told apart from it", even))
    parts = ";\n".join(f"- {kind}: {words.listed(found)}" for kind, found in kinds if found)
    shallow = [against(result, name, settings["depths"][0]) for name in settings["activations"] if name != BASE]
    largest = max(abs(pair.median) for pair in shallow)
    return (
        f"With {depth} hidden layers and own gains, against {title(BASE)} (median of the differences run by run in "
        f"percentage points, and in how many runs it was better):\n\n{parts}.\n\nWith {settings['depths'][0]} hidden "
        f"layers the largest of these medians is {100 * largest:.1f} percentage points, and "
        f"{sum(pair.apart for pair in shallow) or 'none'} of {len(shallow)} functions can be told apart from "
        f"{title(BASE)}.\n"
    )


def rates_figure(result):
    """Mean validation accuracy by learning rate, a panel for each function with its own gain, a line for each depth."""
    settings, results = result["settings"], result["results"]
    low, high = (log10(settings["rates"][end]) for end in (0, -1))
    panels = []
    for name in settings["activations"]:
        panel = Panel(title(name), (low, high), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({log10(rate): f"{rate:g}" for rate in (0.01, 0.1, 1, 10)}, "rate")
        said = []
        for role, depth in zip(ROLES, settings["depths"]):
            tried = results[f"{name}/own/{depth}"]["tried"]
            at = [log10(float(rate)) for rate in tried]
            shares = [entry[0] for entry in tried.values()]
            order = sorted(range(len(at)), key=at.__getitem__)
            panel.line([at[i] for i in order], [shares[i] for i in order], role)
            panel.dots([at[i] for i in order], [shares[i] for i in order], role)
            best = max(tried, key=lambda rate: tried[rate][0])
            said.append(f"{depth} hidden layers: best {percent(tried[best][0])} at {best}")
        panels.append((panel, f"Mean validation accuracy by learning rate. {'. '.join(said)}."))
    caption = (
        "Mean validation accuracy at each learning rate that was tried, own gain, where a run that diverged counts as "
        f"guessing. {count(len(settings['choosing_runs']['first']), 'run')} at each rate, and "
        f"{sum(map(len, settings['choosing_runs'].values()))} around the best."
    )
    return figure("digits-rates", panels, [f"{depth} hidden layers" for depth in settings["depths"]], caption, "three")


def rates_table(result):
    """The same numbers for all initialisations."""
    settings, results = result["settings"], result["results"]
    rows = []
    for name in settings["activations"]:
        for scheme, label in SCHEMES.items():
            for depth in settings["depths"]:
                tried = results[f"{name}/{scheme}/{depth}"]["tried"]
                shown = [
                    f"{rate}: {accuracy(mean)}" + f" ({diverged} of {runs} diverged)" * bool(diverged)
                    for rate, (mean, diverged, runs) in sorted(tried.items(), key=lambda item: float(item[0]))
                ]
                rows.append((title(name), label, str(depth), "; ".join(shown)))
    return table(("Function", "Initialisation", "Layers", "Mean validation accuracy by rate"), rows, "  r")


PIECES = {
    "digits.svg": digits_figure,
    "digits.md": digits_table,
    "digits_pairs.md": pairs_table,
    "digits_pairs_reading.md": pairs_reading,
    "digits_rates.svg": rates_figure,
    "digits_rates.md": rates_table,
}
