"""The figures and tables of the experiments, made from the result files of scripts/experiments; nothing is run here."""

import json
from itertools import groupby
from math import log10
from textwrap import indent

import numpy as np

from publish import words
from publish.code import block
from publish.panels import FONT, ROLES, Panel, figure, span
from publish.tables import table
from reference import CATALOGUE

SCHEMES = {"he": "He", "xavier": "Xavier", "own": "own gain"}


EXPECTED = "expected what `python -m experiments.{}` writes"


class ResultError(Exception):
    """A result file that is missing, or isn't what its experiment writes."""


def read(folder):
    """The results by name. `folder` has one file for each experiment."""
    results = {}
    for name in MADE:
        path = folder / f"{name}.json"
        try:
            results[name] = json.loads(path.read_text())
        except FileNotFoundError:
            raise ResultError(f"{path}: found no such file, {EXPECTED.format(name)}") from None
        except ValueError as error:
            raise ResultError(f"{path}: found no JSON ({error}), {EXPECTED.format(name)}") from None
    return results


def pieces(folder):
    """The generated files: path below docs/generated -> text. `folder` holds results/ and snippets/."""
    results = read(folder / "results")
    files, rows = {}, []
    for name, makers in MADE.items():
        result = results[name]
        try:
            files |= {f"experiments/{piece}": make(result) for piece, make in makers.items()}
            files[f"experiments/{name}_about.md"] = about(result)
            rows.append(cost(name, result))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            path = folder / "results" / f"{name}.json"
            raise ResultError(f"{path}: found {type(error).__name__}: {error}, {EXPECTED.format(name)}") from None
    files["experiments/overview.md"] = overview(results, rows)
    for name in TROUBLES:
        files[f"experiments/detect_{name}.md"] = tabs(folder / "snippets", name)
    return files


# Numbers in words


def percent(share):
    """A share as 0.5%, 5%, 12%, 100%; a tiny one as <0.1%."""
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f}".removesuffix(".0") + "%"


def powers(x):
    """A common logarithm in words: by how many powers of ten something grew."""
    size = f"{abs(x):.1f}"
    return "stays the same" if size == "0.0" else f"{'grows' if x > 0 else 'falls'} by {size} powers of ten"


def power_of_ten(exponent):
    return f"10{str(exponent).translate(words.SUPERSCRIPT)}" if exponent else "1"


def log(x):
    """A common logarithm with one decimal."""
    return "–" if x is None else f"{x + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−")


def titles(cases):
    """The functions of a result in the catalogue's order, those with equal results together: [(names, title)]."""
    found = []
    for name in sorted(cases, key=list(CATALOGUE).index):
        same = next((group for group in found if cases[group[0]] == cases[name]), None)
        if same:
            same.append(name)
        else:
            found.append([name])
    return [(group, ", ".join(CATALOGUE[name].title for name in group)) for group in found]


# Signal and gradient with depth


def profile(quantity, low_layer):
    """The figure of "gradient" or "variance" by layer: theory as a line, measurement as dots with quartiles."""

    def make(result):
        settings, profiles = result["settings"], result["results"]["profile"]
        layers = settings["profile_layers"]
        cases = by_function({case: entry[quantity] for case, entry in profiles.items()})
        shown = [i for i, layer in enumerate(layers) if layer == 1 or layer % 10 == 0]
        end = 0 if quantity == "gradient" else -1  # where the change shows
        panels, gaps, changes = [], [], []
        for names, title in titles(cases):
            schemes = cases[names[0]]
            numbers = [n for entry in schemes.values() for side in ("theory", "q1", "q3") for n in entry[side]]
            low, high, step = span([n for n in numbers if n is not None], 4)
            panel = Panel(title, (layers[0], layers[-1]), (low, high))
            panel.y_ticks({y: power_of_ten(y) for y in range(low, high + 1, step)})
            panel.x_ticks({layer: str(layer) for layer in (layers[0], layers[-1] // 2, layers[-1])}, "layer")
            said = []
            for role, (scheme, entry) in zip(ROLES, ordered(schemes)):
                panel.line(layers, entry["theory"], role)
                at, low_, high_, median = ([row[i] for i in shown] for row in (
                    layers, entry["q1"], entry["q3"], entry["median"]))
                panel.bars(at, low_, high_, role)
                panel.dots(at, median, role)
                theory, measured = entry["theory"][end], entry["median"][end]
                said.append(f"{SCHEMES[scheme]}: predicted {log(theory)}, measured {log(measured)} "
                            f"(quartiles {log(entry['q1'][end])} to {log(entry['q3'][end])})")
                changes.append((theory, title, SCHEMES[scheme]))
                if None not in (theory, measured):
                    gaps.append((abs(theory - measured), title, SCHEMES[scheme]))
            panels.append((panel, f"{low_layer}, as a power of ten. {'. '.join(said)}."))
        caption = (
            f"Networks of width {settings['width']} and depth {settings['profile_depth']}, untrained, "
            f"{settings['runs']} runs each. Lines: mean-field prediction for infinite width. Dots: median of what was "
            f"measured; bars: its quartiles. Each panel has its own scale. {extremes(changes)} {widest(gaps)}"
        )
        name = "gradient-norms" if quantity == "gradient" else "signal-variance"
        return figure(name, panels, list(SCHEMES.values()), caption, "three")

    return make


def by_function(cases):
    """{"relu/he": entry} as {"relu": {"he": entry}}."""
    found = {}
    for case, entry in cases.items():
        name, scheme = case.split("/", 1)
        found.setdefault(name, {})[scheme] = entry
    return found


def ordered(schemes):
    return [(scheme, schemes[scheme]) for scheme in SCHEMES]


def extremes(changes):
    """Where the prediction falls and grows most."""
    low, high = min(changes), max(changes)
    return (f"Predicted over the whole depth: {low[1]} with {low[2]} {powers(low[0])}; "
            f"{high[1]} with {high[2]} {powers(high[0])}.")


def widest(gaps):
    """Where theory and measurement are farthest apart."""
    gap, title, scheme = max(gaps)
    return f"Farthest from the prediction: {title} with {scheme}, by {gap:.1f} powers of ten."


def gradient_table(result):
    """The gradient in the first layer by depth: theory, measured median and quartiles; what lies outside is marked."""
    settings, cases = result["settings"], by_function(result["results"]["by_depth"])
    depths = [str(depth) for depth in settings["depths"]]
    rows = []
    for names, title in titles(cases):
        for scheme, entry in ordered(cases[names[0]]):
            cells = []
            for depth in depths:
                e = entry[depth]["gradient_first_layer"]
                text = f"{log(e['theory'])} / {log(e['median'])}"
                cells.append(text if e["low"] - 0.05 <= e["theory"] <= e["high"] + 0.05 else f"**{text}**")
            rows.append((title, SCHEMES[scheme], *cells))
    note = (
        "Powers of ten by which the gradient changes from the last hidden layer to the first: predicted / measured "
        f"(median of {settings['runs']} runs, width {settings['width']}). Bold: the prediction lies outside the range "
        "of all runs by more than 0.05.\n\n"
    )
    header = ("Function", "Initialisation", *(f"Depth {depth}" for depth in depths))
    return note + table(header, rows, "  " + "r" * len(depths))


def width_table(result):
    """The same four cases at several widths."""
    settings = result["settings"]
    widths = [str(width) for width in settings["widths"]]
    rows = []
    for case, entry in result["results"]["by_width"].items():
        name, scheme = case.split("/")
        first = [entry[width]["gradient_first_layer"] for width in widths]
        cells = [f"{log(e['median'])} ({log(e['q1'])} to {log(e['q3'])})" for e in first]
        rows.append((CATALOGUE[name].title, SCHEMES[scheme], log(first[0]["theory"]), *cells))
    header = ("Function", "Initialisation", "Predicted", *(f"Width {width}" for width in widths))
    note = f"The same at depth {settings['width_depth']} and three widths, with quartiles in parentheses.\n\n"
    return note + table(header, rows, "  r" + "r" * len(widths))


# Dead and stuck units


def dead_figure(result):
    """The share of dead ReLU units through training, a panel for each bias, a line for each of three rates."""
    settings, results = result["settings"], result["results"]
    epochs = settings["shown_epochs"]
    rates = [rate for rate in settings["rates"]
             if any("dead" in results[f"relu/{rate}/{bias}"] for bias in settings["biases"])]
    rates = [rates[0], rates[len(rates) // 2], rates[-1]]
    panels = []
    for bias in settings["biases"]:
        panel = Panel(f"bias {words.number(bias)}", (0, epochs[-1]), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({epoch: str(epoch) for epoch in (0, epochs[-1] // 2, epochs[-1])}, "epoch")
        said = []
        for role, rate in zip(ROLES, rates):
            entry = results[f"relu/{rate}/{bias}"]
            if "dead" not in entry:
                said.append(f"Rate {rate:g}: all runs diverged")
                continue
            dead = entry["dead"]
            panel.line(epochs, dead["median"], role)
            panel.bars(epochs, dead["q1"], dead["q3"], role)
            panel.dots(epochs, dead["median"], role)
            said.append(f"Rate {rate:g}: from {percent(dead['median'][0])} to {percent(dead['median'][-1])}"
                        + f", {entry['diverged']} of {settings['runs']} runs diverged" * bool(entry["diverged"]))
        panels.append((panel, f"Share of dead units through training. {'. '.join(said)}."))
    caption = (
        f"Share of ReLU units with slope 0 for every training example: {len(settings['hidden'])} hidden layers of "
        f"{settings['hidden'][0]} units, trained on the 8×8 digits at three learning rates, with three initial biases. "
        f"Median and quartiles of {settings['runs']} runs."
    )
    return figure("dead-units", panels, [f"rate {rate:g}" for rate in rates], caption, "three")


def stuck_figure(result):
    """The share of stuck units at the end of training by learning rate, a panel for each activation."""
    settings, results = result["settings"], result["results"]
    rates = settings["rates"]
    panels = []
    for name in settings["activations"]:
        panel = Panel(CATALOGUE[name].title, (0, len(rates) - 1), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({i: f"{rates[i]:g}" for i in (0, len(rates) // 2, len(rates) - 1)}, "rate")
        said = []
        for role, bias in zip(ROLES, settings["biases"]):
            entries = [results[f"{name}/{rate}/{bias}"] for rate in rates]
            ends = [{side: entry["stuck"][side][-1] for side in ("q1", "median", "q3")} if "stuck" in entry else
                    dict.fromkeys(("q1", "median", "q3")) for entry in entries]
            median = [end["median"] for end in ends]
            panel.line(range(len(rates)), median, role)
            panel.bars(range(len(rates)), [end["q1"] for end in ends], [end["q3"] for end in ends], role)
            panel.dots(range(len(rates)), median, role)
            shares = [f"{percent(share)} at {rate:g}" for rate, share in zip(rates, median) if share is not None]
            said.append(f"Bias {words.number(bias)}: {', '.join(shares)}")
        panels.append((panel, f"Share of stuck units at the end of training, by learning rate. {'. '.join(said)}."))
    caption = (
        f"Share of units with a slope of at most {settings['threshold']:g} for every training example after "
        f"{settings['epochs']} epochs, by learning rate and initial bias. Median and quartiles of {settings['runs']} "
        f"runs, without those that diverged: up to {max(entry['diverged'] for entry in results.values())} in a case."
    )
    return figure("stuck-units", panels, [f"bias {words.number(bias)}" for bias in settings["biases"]], caption)


def dead_table(result):
    """All settings: shares at the end, who was ever stuck and recovered, accuracy."""
    settings, results = result["settings"], result["results"]
    rows = []
    for case, entry in results.items():
        name, rate, bias = case.split("/")
        if "dead" not in entry:
            rows.append((CATALOGUE[name].title, rate, words.number(float(bias)), *["–"] * 5, f"{entry['diverged']}"))
            continue
        rows.append((
            CATALOGUE[name].title, rate, words.number(float(bias)),
            percent(entry["dead"]["median"][-1]), percent(entry["stuck"]["median"][-1]),
            ", ".join(map(percent, entry["ever_stuck"])), ", ".join(map(percent, entry["recovered"])),
            percent(entry["test_accuracy"]["median"]), str(entry["diverged"]),
        ))
    order = [CATALOGUE[name].title for name in settings["activations"]]
    rows.sort(key=lambda row: (order.index(row[0]), float(row[1]), row[2]))  # "0" before "−1" before "−2"
    header = ("Function", "Rate", "Bias", "Dead at the end", "Stuck at the end", "Ever stuck, by layer",
              "Recovered, by layer", "Accuracy", "Diverged")
    return table(header, rows, " rrrrrrrr")


# Saturation


def saturation_figure(result):
    """Histograms of z by layer, from the top down, for the two functions that saturate on both sides."""
    settings, results = result["settings"], result["results"]
    low, high, bins = settings["bins"]
    step = (high - low) / bins
    centres = np.linspace(low - step / 2, high + step / 2, bins + 2)  # the outermost are all that lies beyond
    panels = []
    for name in ("sigmoid", "tanh"):
        edge = flat_from(CATALOGUE[name], settings["fraction"])
        for scale in settings["scales"]:
            entry = results[f"{name}/{scale}"]
            layers = settings["layers"]
            panel = Panel(f"{CATALOGUE[name].title}, weights × {scale:g}", (low - step, high + step), (0, len(layers)),
                          (210, 214), left=30, right=44)
            panel.x_ticks({z: words.number(z) for z in (low, 0, high)}, "z")
            panel.strokes([((z, 0), (z, len(layers))) for z in (-edge, edge)], "axis", 0.8)
            said = []
            for i, layer in enumerate(layers):
                base = len(layers) - 1 - i
                shares = np.array(entry["shares"][i])
                panel.line(centres, base + 0.8 * shares / shares.max(), "g", 1.8)
                panel.drawing.text(24, panel.plot.at(0, base)[1] + 2, str(layer), "axis", size=FONT, align="right")
                saturated = entry["saturated"]
                y = panel.plot.at(0, base)[1] + 2
                panel.drawing.text(206, y, percent(saturated["median"][i]), "d1", size=FONT, align="right")
                said.append(f"layer {layer}: {percent(saturated['median'][i])} saturated, "
                            f"{percent(saturated['theory'][i])} predicted")
            panels.append((panel, f"Histograms of z. {words.listed(said).capitalize()}."))
    caption = (
        f"Pre-activations z of untrained networks of width {settings['width']}, from the layer on the left; weights of "
        f"standard deviation {words.listed([f'{scale:g}' for scale in settings['scales']])} over √width. Right: the "
        f"share that is saturated, with a slope below {percent(settings['fraction'])} of the largest: outside the two "
        "upright lines. The outermost values stand for all beyond."
    )
    return figure("saturation", panels, [], caption, "three")


def flat_from(f, fraction):
    """The z > 0 beyond which |g'| stays below this fraction of its largest."""
    z = np.linspace(0, 20, 20001)
    slope = np.abs(f.derivative(z))
    return float(z[slope >= fraction * slope.max()][-1])


def saturation_table(result):
    """The share saturated for all functions."""
    settings, results = result["settings"], result["results"]
    layers = settings["layers"]
    rows = []
    for names, title in titles(by_function(results)):
        for scale in settings["scales"]:
            saturated = results[f"{names[0]}/{scale}"]["saturated"]
            cells = [f"{percent(m)} ({percent(t)})" for m, t in zip(saturated["median"], saturated["theory"])]
            rows.append((title, f"{scale:g}", *cells))
    note = (f"Share of slopes below {percent(settings['fraction'])} of the largest: median of {settings['runs']} runs "
            "(predicted for infinite width).\n\n")
    return note + table(("Function", "Weights ×", *(f"Layer {layer}" for layer in layers)), rows, " " + "r" * 5)


# Training on digits

ERRORS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.9)  # where the axis is marked; 0.9 is guessing


def digits_figure(result):
    """Dots and intervals: the share of wrong answers by activation and initialisation, a panel for each depth."""
    settings, cases = result["settings"], nested(result["results"])
    groups = titles(cases)
    best = max(share for entry in result["results"].values() for share in entry["runs"])
    low = log10(min(ERRORS[0], max(1 - best, 1e-3))) - 0.05
    panels = []
    for depth in map(str, settings["depths"]):
        height = 30 * len(groups) + 62
        panel = Panel(f"{depth} hidden layers", (low, 0), (-len(groups) + 0.5, 0.5),
                      (320, height), left=100)
        bottom, top = panel.plot.y
        panel.x_ticks({log10(share): percent(share) for share in ERRORS}, "wrong answers")
        panel.strokes([((log10(share), bottom), (log10(share), top)) for share in ERRORS], "axis", 0.3)
        said = []
        for row, (names, title) in enumerate(groups):
            panel.drawing.text(94, panel.plot.at(0, -row)[1] - 4, short(title), "mark", size=FONT, align="right")
            parts = []
            for place, role, (scheme, entries) in zip((0.25, 0, -0.25), ROLES, ordered(cases[names[0]])):
                entry, y = entries[depth], place - row
                shares = [*entry["runs"], entry["q1"], entry["median"], entry["q3"]]
                *runs, right, middle, left = (log10(max(1 - share, 10**low)) for share in shares)
                panel.strokes([((min(runs), y), (max(runs), y))], role, 1)
                panel.strokes([((left, y), (right, y))], role, 3)
                panel.dots([middle], [y], role, 6)
                parts.append(f"{SCHEMES[scheme]} {percent(1 - entry['median'])}")
            said.append(f"{title}: {', '.join(parts)}")
        panels.append((panel, f"Median share of wrong answers. {'. '.join(said)}."))
    caption = (
        f"Share of wrong answers on the test digits, on a logarithmic scale. Dot: median of {len(settings['runs'])} "
        f"runs; thick bar: quartiles; thin line: all runs. Width {settings['width']}, {settings['epochs']} epochs; the "
        "learning rate was chosen for each case on other data."
    )
    return figure("digits", panels, list(SCHEMES.values()), caption, "broad")


def nested(results):
    """{"relu/he/2": entry} as {"relu": {"he": {"2": entry}}}."""
    found = {}
    for case, entry in results.items():
        name, scheme, depth = case.split("/")
        found.setdefault(name, {}).setdefault(scheme, {})[depth] = entry
    return found


def short(title):
    """A title that fits beside a chart."""
    return title if len(title) <= 14 else title.split(",")[0]


def digits_table(result):
    """Median accuracy with quartiles, chosen rate, runs that diverged."""
    cases = nested(result["results"])
    depths = [str(depth) for depth in result["settings"]["depths"]]
    rows = []
    for names, title in titles(cases):
        for scheme, entries in ordered(cases[names[0]]):
            cells = []
            for depth in depths:
                e = entries[depth]
                median, q1, q3 = (f"{100 * e[key]:.1f}%" for key in ("median", "q1", "q3"))
                cells.append(f"{median} ({q1} to {q3}), rate {e['rate']:g}"
                             + f", {e['diverged']} diverged" * bool(e["diverged"]))
            rows.append((title, SCHEMES[scheme], *cells))
    return table(("Function", "Initialisation", *(f"{depth} hidden layers" for depth in depths)), rows)


# Low precision


def underflow_figure(result):
    """The share of the weights' gradient that becomes 0 in float16, by layer and loss scale."""
    settings, results = result["settings"], result["results"]["underflow"]
    layers = range(1, settings["hidden"] + 2)
    scales = settings["loss_scales"]
    panels = []
    for name in settings["activations"]:
        panel = Panel(CATALOGUE[name].title, (1, len(layers)), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({layer: str(layer) for layer in (1, (len(layers) + 1) // 2, len(layers))}, "layer")
        said = []
        for role, scale in zip(ROLES, scales):
            zeros = results[name][str(scale)]["zeros"]
            panel.line(layers, zeros["median"], role)
            panel.bars(layers, zeros["q1"], zeros["q3"], role)
            panel.dots(layers, zeros["median"], role)
            said.append(f"loss × {scale}: {percent(zeros['median'][0])} of the gradient is 0 in the first layer, "
                        f"{percent(zeros['median'][-1])} in the last")
        panels.append((panel, ". ".join(said).capitalize() + "."))
    caption = (
        "Share of the weights' gradient that is 0 in float16 though not in float64, by layer, with the loss multiplied "
        f"by {words.listed([str(scale) for scale in scales])}. Untrained networks, He initialisation; median and "
        f"quartiles of {settings['runs']} runs."
    )
    return figure("underflow", panels, [f"loss × {scale}" for scale in scales], caption)


def underflow_table(result):
    """The error of the gradient in the first layer."""
    settings, results = result["settings"], result["results"]["underflow"]
    scales = [str(scale) for scale in settings["loss_scales"]]
    rows = []
    for name in settings["activations"]:
        errors = [results[name][scale]["error"] for scale in scales]
        errors.append(results[name][scales[-1]]["error_with_exact_slopes"])
        cells = [f"{percent(e['median'][0])} ({percent(e['q1'][0])} to {percent(e['q3'][0])})" for e in errors]
        rows.append((CATALOGUE[name].title, *cells))
    note = "Error of the first layer's gradient in float16, relative to its size: median (quartiles).\n\n"
    header = ("Function", *(f"Loss × {scale}" for scale in scales), f"Loss × {scales[-1]}, exact slopes")
    return note + table(header, rows, " " + "r" * (len(header) - 1))


def forms_table(result):
    """Where textbook formulas first lose all but their first digit, in each type."""
    rows = []
    for form, types in result["results"]["forms"].items():
        for dtype, sides in types.items():
            for side in ("up", "down"):
                if sides[side]:
                    found = float(sides[side]["found"])
                    rows.append((f"`{form}`", dtype, words.number(sides[side]["z"]), shown(found),
                                 words.number(sides[side]["true"], 3)))
    merged = [row for _, rows in groupby(rows, lambda row: row[0]) for row in blank_repeats(list(rows))]
    return table(("Textbook form", "Type", "From $z$ on", "It gives", "Truth"), merged, "  rrr")


def shown(x):
    return "NaN" if x != x else words.number(x, 3)


def blank_repeats(rows):
    """The form's name in its first row only."""
    return [rows[0], *(("", *row[1:]) for row in rows[1:])]


# What was run


def cost(name, result):
    """What it takes to run an experiment again: link, command, runs, time and memory."""
    runs = result["settings"]["runs"]
    return (
        f"[{name.replace('_', ' ').capitalize()}](#{name.replace('_', '-')})",
        f"`{result['command']}`",
        str(runs if isinstance(runs, int) else len(runs)),
        minutes(time(result)),
        f"{result['peak_memory_mb']} MB",
    )


def overview(results, rows):
    """The costs of all experiments and their sum."""
    total = ("All", "`python -m experiments`", "", minutes(sum(map(time, results.values()))), "")
    used = {f"{name} {version}" for result in results.values() for name, version in result["versions"].items()}
    header = ("Experiment", "Command", "Runs of each case", "Time", "Memory")
    note = f"The time is half of the processor time used: what two free cores need. With {words.listed(sorted(used))}."
    return f"{table(header, [*rows, total], '  rrr')}\n{note}\n"


def time(result):
    """Seconds on two free cores; the file's wall time has in it what else the machine did."""
    return result["processor_seconds"] / 2


def minutes(seconds):
    return f"{seconds:.0f}\N{NO-BREAK SPACE}s" if seconds < 60 else f"{seconds / 60:.1f}\N{NO-BREAK SPACE}min"


def tabs(folder, name):
    """The functions that find a trouble, in a tab for each library."""
    parts = []
    for label, library in (("NumPy", "numpy"), ("PyTorch", "torch")):
        path = folder / f"{name}_{library}.py"
        if not path.is_file():
            raise ResultError(f"{path}: found no such file, expected the function that finds the trouble")
        code = indent(block(path.read_text()), "    ")
        parts.append(f'=== "{label}"\n\n{code}')
    return "\n".join(parts)


def about(result):
    """The experiment's own description and its settings, folded."""
    settings = "\n".join(f"{key}: {json.dumps(value)}" for key, value in result["settings"].items())
    text = indent(f"```text\n{result['about']}\n\n{settings}\n```", "    ")
    return f'??? info "Exact description and settings"\n\n{text}\n'


TROUBLES = ("gradients", "saturation", "dead_units", "zero_centred", "initialisation", "low_precision")
MADE = {
    "low_precision": {
        "underflow.svg": underflow_figure, "underflow.md": underflow_table, "forms.md": forms_table,
    },
    "saturation": {"saturation.svg": saturation_figure, "saturation.md": saturation_table},
    "gradient_norms": {
        "gradient_norms.svg": profile("gradient", "Gradient in the first layer relative to the last"),
        "signal_variance.svg": profile("variance", "Mean square of z in the last layer"),
        "gradient_norms.md": gradient_table,
        "widths.md": width_table,
    },
    "dead_units": {"dead_units.svg": dead_figure, "stuck_units.svg": stuck_figure, "dead_units.md": dead_table},
    "digits": {"digits.svg": digits_figure, "digits.md": digits_table},
}
