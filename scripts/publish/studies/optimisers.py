"""Accuracy over a fine grid of learning rates, with stochastic gradient descent and with Adam."""

from math import log10

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure
from publish.studies.wording import percent, spread, title

LABELS = {"sgd": "SGD", "adam": "Adam"}
NEAR = 0.02  # of the best accuracy: what counts as a rate that works


def optimisers_figure(result):
    """Accuracy by learning rate for each function and optimiser, as SVG."""
    settings, results = result["settings"], result["results"]
    rates = settings["rates"]
    low, high = (end(log10(rate) for grid in rates.values() for rate in grid) for end in (min, max))
    panels = []
    for name in settings["activations"]:
        panel = Panel(title(name), (low, high), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({log10(rate): words.number(rate, 1) for rate in (0.0001, 0.01, 1)}, "rate")
        said = []
        for role, optimiser in zip(ROLES, LABELS):
            entry, at = results[f"{name}/{optimiser}"], [log10(rate) for rate in rates[optimiser]]
            panel.line(at, entry["median"], role)
            panel.bars(at, entry["q1"], entry["q3"], role)
            panel.dots(at, entry["median"], role)
            best, share, (first, last) = reading(result, name, optimiser)
            said.append(
                f"{LABELS[optimiser]}: best {percent(share)} at {best:g}, within {100 * NEAR:g} points of it from "
                f"{first:g} to {last:g}"
            )
        panels.append((panel, f"Validation accuracy by learning rate. {'. '.join(said)}."))
    caption = (
        f"Validation accuracy by learning rate on the 8×8 digits: {settings['depth']} hidden layers of "
        f"{settings['width']} units, own gain, {settings['epochs']} epochs. Median and quartiles of "
        f"{len(settings['runs'])} runs, where one that diverged counts as guessing."
    )
    return figure("optimisers", panels, list(LABELS.values()), caption, "three")


def reading(result, name, optimiser):
    """The best rate, its median accuracy, and the first and last of the rates around it that come near."""
    rates, medians = result["settings"]["rates"][optimiser], result["results"][f"{name}/{optimiser}"]["median"]
    best = max(range(len(rates)), key=medians.__getitem__)
    first = last = best
    while first > 0 and medians[first - 1] >= medians[best] - NEAR:
        first -= 1
    while last < len(rates) - 1 and medians[last + 1] >= medians[best] - NEAR:
        last += 1
    return rates[best], medians[best], (rates[first], rates[last])


def optimisers_table(result):
    """The best rate of each function and optimiser, what it gives, and the range near it, as Markdown."""
    rows = []
    for name in result["settings"]["activations"]:
        for optimiser, label in LABELS.items():
            best, _, (first, last) = reading(result, name, optimiser)
            entry, i = result["results"][f"{name}/{optimiser}"], result["settings"]["rates"][optimiser].index(best)
            there = {side: entry[side][i] for side in ("q1", "median", "q3")}
            rows.append(
                (title(name), label, f"{best:g}", spread(there), f"{first:g} to {last:g}", f"{last / first:.1f}")
            )
    header = ("Function", "Optimiser", "Best rate", "Accuracy there", f"Within {100 * NEAR:g} points of it", "Ratio")
    return table(header, rows, "  rrrr")


def optimisers_reading(result):
    """Whether Adam's rates are wider, in a sentence that follows the numbers."""
    names = result["settings"]["activations"]
    ratio = {
        (name, optimiser): (lambda ends: ends[1] / ends[0])(reading(result, name, optimiser)[2])
        for name in names
        for optimiser in LABELS
    }
    wider = [title(name) for name in names if ratio[name, "adam"] > ratio[name, "sgd"] * 1.01]
    narrower = [title(name) for name in names if ratio[name, "adam"] < ratio[name, "sgd"] / 1.01]
    best = {optimiser: [reading(result, name, optimiser)[1] for name in names] for optimiser in LABELS}
    apart = {optimiser: f"{100 * (max(found) - min(found)):.1f}" for optimiser, found in best.items()}
    parts = [f"{word} for {words.listed(found)}" for found, word in ((wider, "wider"), (narrower, "narrower")) if found]
    return (
        f"Between the best and the worst of these functions, each at its best rate, lie {apart['sgd']} percentage "
        f"points of accuracy with SGD and {apart['adam']} with Adam. The range of rates that come within "
        f"{100 * NEAR:g} points of the best is, with "
        f"Adam against SGD, {', '.join(parts) or 'the same for all'}.\n"
    )


PIECES = {
    "optimisers.svg": optimisers_figure,
    "optimisers.md": optimisers_table,
    "optimisers_reading.md": optimisers_reading,
}
