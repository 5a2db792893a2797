"""Dead and stuck units through training."""

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure
from publish.studies.wording import GUESSING, accuracy, percent, title

ENOUGH = 0.8  # the share of the runs that a point of a figure needs: below, survivors would stand for all
SETUPS = {"plain": "plain", "momentum": "momentum 0.9"}


def survivors(result, case, share):
    """A share over the runs that didn't diverge, {q1, median, q3} with a number an epoch; None if too few are left."""
    entry, runs = result["results"][case], result["settings"]["runs"]
    return entry[share] if runs - entry["diverged"] >= ENOUGH * runs else None


def dead_figure(result):
    """The share of dead ReLU units through training, a panel for each bias, a line for each of three rates."""
    settings = result["settings"]
    epochs, rates = settings["shown_epochs"], settings["rates"]
    rates = [rates[0], rates[len(rates) // 2], rates[-1]]
    panels = []
    for bias in settings["biases"]:
        panel = Panel(f"bias {words.number(bias)}", (0, epochs[-1]), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({epoch: str(epoch) for epoch in (0, epochs[-1] // 2, epochs[-1])}, "epoch")
        said = []
        for role, rate in zip(ROLES, rates):
            case = f"relu/plain/{rate}/{bias}"
            dead, diverged = survivors(result, case, "dead"), result["results"][case]["diverged"]
            lost = f"{diverged} of {settings['runs']} runs diverged"
            if dead is None:
                said.append(f"Rate {rate:g}: {lost}")
                continue
            panel.line(epochs, dead["median"], role)
            panel.bars(epochs, dead["q1"], dead["q3"], role)
            panel.dots(epochs, dead["median"], role)
            said.append(
                f"Rate {rate:g}: from {percent(dead['median'][0])} to {percent(dead['median'][-1])}"
                + f", {lost}" * bool(diverged)
            )
        panels.append((panel, f"Share of dead units through training. {'. '.join(said)}."))
    caption = (
        f"Share of ReLU units with slope 0 for every training example: {len(settings['hidden'])} hidden layers of "
        f"{settings['hidden'][0]} units, trained on the 8×8 digits at three learning rates, with three initial biases. "
        f"Median and quartiles of {settings['runs']} runs, less those that diverged; nothing is drawn where these are "
        f"more than {percent(1 - ENOUGH)}."
    )
    return figure("dead-units", panels, [f"rate {rate:g}" for rate in rates], caption, "three")


def by_rate(result, name, heading, lines, numbers):
    """A panel with a share by learning rate, and what it says; `numbers`: line -> case -> {q1, median, q3} or None."""
    rates = result["settings"]["rates"]
    panel = Panel(heading, (0, len(rates) - 1), (0, 1), left=44)
    panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
    panel.x_ticks({i: f"{rates[i]:g}" for i in (0, len(rates) // 2, len(rates) - 1)}, "rate")
    said = []
    for role, (label, case) in zip(ROLES, lines):
        ends = [numbers(case(name, rate)) for rate in rates]
        low, median, high = ([end and end[side] for end in ends] for side in ("q1", "median", "q3"))
        at = range(len(rates))
        panel.line(at, median, role)
        panel.bars(at, low, high, role)
        panel.dots(at, median, role)
        shown = [f"{percent(share)} at {rate:g}" for rate, share in zip(rates, median) if share is not None]
        said.append(f"{label}: {', '.join(shown) or 'too many runs diverged'}")
    return panel, said


def stuck_figure(result):
    """The share of stuck units at the end of training by learning rate, a panel for each activation."""
    settings = result["settings"]
    lines = [
        (f"Bias {words.number(bias)}", lambda name, rate, bias=bias: f"{name}/plain/{rate}/{bias}")
        for bias in settings["biases"]
    ]

    def at_the_end(case):
        stuck = survivors(result, case, "stuck")
        return stuck and {side: shares[-1] for side, shares in stuck.items()}

    panels = []
    for name in settings["activations"]:
        panel, said = by_rate(result, name, title(name), lines, at_the_end)
        panels.append((panel, f"Share of stuck units at the end of training, by learning rate. {'. '.join(said)}."))
    caption = (
        f"Share of units with a slope of at most {settings['threshold']:g} for every training example after "
        f"{settings['epochs']} epochs, by learning rate and initial bias. Median and quartiles of {settings['runs']} "
        f"runs, less those that diverged; no point where these are more than {percent(1 - ENOUGH)}."
    )
    return figure("stuck-units", panels, [label.lower() for label, _ in lines], caption)


def failed_figure(result):
    """What training comes to by learning rate, with biases of 0: accuracy, and the share of the runs that diverged."""
    settings, results = result["settings"], result["results"]
    panels = []
    for name in settings["activations"]:
        lines = [
            (f"accuracy, {SETUPS['plain']}", lambda name, rate: (name, "plain", rate, "test_accuracy")),
            (f"accuracy, {SETUPS['momentum']}", lambda name, rate: (name, "momentum", rate, "test_accuracy")),
            (f"diverged, {SETUPS['plain']}", lambda name, rate: (name, "plain", rate, "diverged")),
        ]

        def of(case):
            name, setup, rate, what = case
            entry = results[f"{name}/{setup}/{rate}/0.0"][what]
            return entry if what != "diverged" else dict.fromkeys(("q1", "median", "q3"), entry / settings["runs"])

        panel, said = by_rate(result, name, title(name), lines, of)
        panels.append((panel, f"By learning rate, biases 0. {'. '.join(said).replace('accuracy', 'Accuracy')}."))
    caption = (
        f"Accuracy on the test digits (median and quartiles of {settings['runs']} runs, where one that diverged counts "
        f"as guessing, {percent(GUESSING)}) and share of the runs that diverged, by learning rate; biases 0."
    )
    return figure("dead-units-failed", panels, [label for label, _ in lines], caption)


def dead_table(result):
    """All settings: shares at the end, who was ever stuck and recovered, accuracy, runs that diverged."""
    settings, results = result["settings"], result["results"]
    rows = []
    for name in settings["activations"]:
        for setup in settings["setups"]:
            for rate in settings["rates"]:
                for bias in settings["biases"]:
                    entry = results[f"{name}/{setup}/{rate}/{bias}"]
                    shares = ["–"] * 4
                    if "dead" in entry:
                        shares = [
                            percent(entry["dead"]["median"][-1]),
                            percent(entry["stuck"]["median"][-1]),
                            ", ".join(map(percent, entry["ever_stuck"])),
                            ", ".join(map(percent, entry["recovered"])),
                        ]
                    rows.append(
                        (
                            title(name),
                            SETUPS[setup],
                            f"{rate:g}",
                            words.number(bias),
                            *shares,
                            accuracy(entry["test_accuracy"]["median"]),
                            f"{entry['diverged']} of {settings['runs']}",
                        )
                    )
    header = (
        "Function",
        "Training",
        "Rate",
        "Bias",
        "Dead at the end",
        "Stuck at the end",
        "Ever stuck, by layer",
        "Recovered, by layer",
        "Accuracy",
        "Diverged",
    )
    note = (
        "Dead and stuck: medians over the runs that didn't diverge; ever stuck and recovered: means over them. "
        f"Accuracy: median over all runs, where one that diverged counts as guessing, {percent(GUESSING)}.\n\n"
    )
    return note + table(header, rows, "  rrrrrrrr")


PIECES = {
    "dead_units.svg": dead_figure,
    "stuck_units.svg": stuck_figure,
    "dead_units_failed.svg": failed_figure,
    "dead_units.md": dead_table,
}
