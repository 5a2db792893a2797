"""Normalisation and skips: does the choice of function still matter?"""

from experiments.arrangements import ARRANGEMENTS

from publish.markdown import table
from publish.panels import figure
from publish.studies.wording import lowest_error, outcome, paired, percent, points, title, wrong_answers


def normalisation_figure(result):
    """A panel for each arrangement, a row for each function, a series for each depth."""
    settings, results = result["settings"], result["results"]
    panels = []
    for arrangement in settings["arrangements"]:
        rows = [
            (
                title(name),
                [(f"{depth} layers", results[f"{name}/{arrangement}/{depth}"]) for depth in settings["depths"]],
            )
            for name in settings["activations"]
        ]
        panels.append(wrong_answers(ARRANGEMENTS[arrangement], rows, lowest_error(results), left=76))
    caption = (
        "Share of wrong answers on the test digits, on a logarithmic scale. Dot: median of "
        f"{len(settings['test_runs'])} runs; thick bar: quartiles; thin line: all runs. Width {settings['width']}, own "
        f"gain, {settings['epochs']} epochs; the learning rate was chosen for each case on other data. A run that "
        "diverged counts as guessing."
    )
    return figure("normalisation", panels, [f"{depth} hidden layers" for depth in settings["depths"]], caption, "broad")


def normalisation_table(result):
    """The outcome of each arrangement, function and depth, as Markdown."""
    settings, results = result["settings"], result["results"]
    rows = []
    for arrangement in settings["arrangements"]:
        for name in settings["activations"]:
            entries = [results[f"{name}/{arrangement}/{depth}"] for depth in settings["depths"]]
            rows.append((ARRANGEMENTS[arrangement], title(name), *map(outcome, entries)))
    return table(("Arrangement", "Function", *(f"{depth} hidden layers" for depth in settings["depths"])), rows)


def gap(result, arrangement, depth):
    """Best and worst function by median, and the difference of the two run by run."""
    names, results = result["settings"]["activations"], result["results"]
    best, worst = (
        end(names, key=lambda name: results[f"{name}/{arrangement}/{depth}"]["median"]) for end in (max, min)
    )
    runs = [results[f"{name}/{arrangement}/{depth}"]["runs"] for name in (best, worst)]
    return best, worst, paired(*runs)


def normalisation_reading(result):
    """How far apart the functions are in each arrangement, in sentences that follow the numbers."""
    lines = []
    for arrangement in result["settings"]["arrangements"]:
        parts = []
        for depth in result["settings"]["depths"]:
            best, worst, pair = gap(result, arrangement, depth)
            medians = [result["results"][f"{name}/{arrangement}/{depth}"]["median"] for name in (best, worst)]
            parts.append(
                f"with {depth} layers from {percent(medians[1])} ({title(worst)}) to {percent(medians[0])} "
                f"({title(best)}), run by run {points(pair)} percentage points apart"
            )
        lines.append(f"- *{ARRANGEMENTS[arrangement]}*: {'; '.join(parts)}.\n")
    return "".join(lines)


PIECES = {
    "normalisation.svg": normalisation_figure,
    "normalisation.md": normalisation_table,
    "normalisation_reading.md": normalisation_reading,
}
