"""Signal and gradient by depth in random networks."""

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure, span
from publish.studies.wording import SCHEMES, by_first, log, power_of_ten, title, titles

FAR = 3  # standard errors


def powers(x):
    """A common logarithm in words: by how many powers of ten something grew."""
    size = f"{abs(x):.1f}"
    return "stays the same" if size == "0.0" else f"{'grows' if x > 0 else 'falls'} by {size} powers of ten"


def profile(quantity, low_layer):
    """The figure of "gradient" or "variance" by layer: theory as a line, measurement as dots with quartiles."""

    def make(result):
        settings, profiles = result["settings"], by_first(result["results"]["profile"])
        end = 0 if quantity == "gradient" else -1  # where the change shows
        panels, gaps, changes = [], [], []
        for name in settings["activations"]:
            schemes = {scheme: profiles[name][scheme][quantity] for scheme in SCHEMES}
            panel = profile_panel(name, settings["profile_layers"], schemes)
            said = ". ".join(predicted_and_measured(scheme, entry, end) for scheme, entry in schemes.items())
            panels.append((panel, f"{low_layer}, as a power of ten. {said}."))
            for scheme, entry in schemes.items():
                theory, measured = entry["theory"][end], entry["median"][end]
                changes.append((theory, title(name), SCHEMES[scheme]))
                if None not in (theory, measured):
                    gaps.append((abs(theory - measured), title(name), SCHEMES[scheme]))
        caption = (
            f"Networks of width {settings['width']} and depth {settings['profile_depth']}, untrained, "
            f"{settings['runs']} runs each. Lines: mean-field prediction for infinite width. Dots: median of what was "
            f"measured; bars: its quartiles. Each panel has its own scale. {extremes(changes)} {widest(gaps)}"
        )
        name = "gradient-norms" if quantity == "gradient" else "signal-variance"
        return figure(name, panels, list(SCHEMES.values()), caption, "three")

    return make


def profile_panel(name, layers, schemes):
    """The panel of a function, {scheme: entry}; dots and quartiles stand at the first layer and at each tenth."""
    shown = [i for i, layer in enumerate(layers) if layer == 1 or layer % 10 == 0]
    numbers = [n for entry in schemes.values() for side in ("theory", "q1", "q3") for n in entry[side]]
    low, high, step = span([n for n in numbers if n is not None], 4)
    panel = Panel(title(name), (layers[0], layers[-1]), (low, high))
    panel.y_ticks({y: power_of_ten(y) for y in range(low, high + 1, step)})
    panel.x_ticks({layer: str(layer) for layer in (layers[0], layers[-1] // 2, layers[-1])}, "layer")
    for role, entry in zip(ROLES, schemes.values()):
        panel.line(layers, entry["theory"], role)
        at, low_, high_, median = (
            [row[i] for i in shown] for row in (layers, entry["q1"], entry["q3"], entry["median"])
        )
        panel.bars(at, low_, high_, role)
        panel.dots(at, median, role)
    return panel


def predicted_and_measured(scheme, entry, end):
    """What became of the quantity at the layer with index `end`, for the description of a panel."""
    return (
        f"{SCHEMES[scheme]}: predicted {log(entry['theory'][end])}, measured {log(entry['median'][end])} "
        f"(quartiles {log(entry['q1'][end])} to {log(entry['q3'][end])})"
    )


def extremes(changes):
    """Where the prediction falls and grows most."""
    low, high = min(changes), max(changes)
    return (
        f"Predicted over the whole depth: {low[1]} with {low[2]} {powers(low[0])}; "
        f"{high[1]} with {high[2]} {powers(high[0])}."
    )


def widest(gaps):
    """Where theory and measurement are farthest apart."""
    gap, name, scheme = max(gaps)
    return f"The median is farthest from the prediction for {name} with {scheme}, by {gap:.1f} powers of ten."


def cells(result):
    """(name, scheme, depth, entry) of all networks of full width."""
    results = by_first(result["results"]["by_depth"])
    return [
        (name, scheme, depth, results[name][scheme][str(depth)])
        for name in result["settings"]["activations"]
        for scheme in SCHEMES
        for depth in result["settings"]["depths"]
    ]


def is_off(entry):
    """Whether the theory is more than three standard errors from the root mean square, and more than is printed."""
    return abs(entry["rms"] - entry["theory"]) > max(FAR * entry["rms_error"], 0.05)


def depth_table(result):
    """The gradient in the first layer by depth: theory, root mean square and median; where theory is off is marked."""
    depths = result["settings"]["depths"]
    rows = {}
    for name, scheme, _, entry in cells(result):
        text = f"{log(entry['theory'])} / {log(entry['rms'])} ± {entry['rms_error']:.2f} / {log(entry['median'])}"
        rows.setdefault((title(name), SCHEMES[scheme]), []).append(f"**{text}**" if is_off(entry) else text)
    note = (
        "Size of the gradient in the first layer relative to that in the last, as a power of ten: predicted / root "
        f"mean square over {result['settings']['runs']} runs ± its standard error / median of the runs. Bold: the "
        f"prediction is more than {FAR} standard errors (and more than 0.05) away from the root mean square, which is "
        "what it predicts.\n\n"
    )
    header = ("Function", "Initialisation", *(f"Depth {depth}" for depth in depths))
    return note + table(header, [(*names, *row) for names, row in rows.items()], "  " + "r" * len(depths))


def fit(result):
    """How often the theory holds, in a sentence."""
    found = cells(result)
    off = [cell for cell in found if is_off(cell[3])]
    wide = [cell for cell in found if cell[3]["rms_error"] > 0.1]
    text = (
        f"The prediction lies within {FAR} standard errors of the measured root mean square in {len(found) - len(off)} "
        f"of {len(found)} cases"
    )
    if off:
        cases = dict.fromkeys(f"{title(name)} with {SCHEMES[scheme]}" for name, scheme, _, _ in off)
        text += f"; the other {len(off)} are of {words.listed(list(cases))}"
    text += "."
    if wide:
        text += (
            f" In {len(wide)} cases the standard error itself is above 0.1 powers of ten, up to "
            f"{max(cell[3]['rms_error'] for cell in wide):.1f}: there a few runs of {result['settings']['runs']} "
            "decide the mean square, and an agreement says little."
        )
    return text + "\n"


def width_table(result):
    """Some of the cases at several widths."""
    settings = result["settings"]
    widths = [str(width) for width in settings["widths"]]
    rows = []
    for name, scheme in settings["width_cases"]:
        entry = result["results"]["by_width"][f"{name}/{scheme}"]
        shown = [f"{log(entry[w]['rms'])} ± {entry[w]['rms_error']:.2f} / {log(entry[w]['median'])}" for w in widths]
        rows.append((title(name), SCHEMES[scheme], log(entry[widths[0]]["theory"]), *shown))
    header = ("Function", "Initialisation", "Predicted", *(f"Width {width}" for width in widths))
    note = (
        f"The same at depth {settings['width_depth']} and three widths: root mean square ± its standard error / "
        "median.\n\n"
    )
    return note + table(header, rows, "  r" + "r" * len(widths))


def default_table(result):
    """PyTorch's default: signal and gradient in some layers, predicted and measured."""
    settings = result["settings"]
    layers = [layer for layer in settings["profile_layers"] if layer in (1, 2, 5, 10, 20, 50)]
    rows = []
    for name in settings["default_activations"]:
        entry = result["results"]["profile"][f"{name}/default"]
        for quantity, label in (("variance", "mean square of $z$"), ("gradient", "gradient")):
            at = [settings["profile_layers"].index(layer) for layer in layers]
            shown = [f"{log(entry[quantity]['theory'][i])} / {log(entry[quantity]['median'][i])}" for i in at]
            rows.append((title(name), label, *shown))
    note = (
        f"With the default of PyTorch's linear layer, biases included, at depth {settings['profile_depth']}: the mean "
        "square of the pre-activations, and the gradient relative to the last layer, as powers of ten, predicted / "
        "median measured.\n\n"
    )
    return note + table(
        ("Function", "Quantity", *(f"Layer {layer}" for layer in layers)), rows, "  " + "r" * len(layers)
    )


def first_layer(result, name, scheme):
    """log10 of the first layer's gradient in the deepest networks: root mean square over the runs."""
    return result["results"]["by_depth"][f"{name}/{scheme}"][str(result["settings"]["depths"][-1])]["rms"]


def is_kept(size):
    """Whether a common logarithm is within a power of ten."""
    return abs(size) <= 1


def some_keep_it(name, sizes):
    """The sentence on a function, {scheme: size}, whose gradient stays within a power of ten with some schemes."""
    kept = [SCHEMES[scheme] for scheme, size in sizes.items() if is_kept(size)]
    return f"{title(name)} stays within a power of ten with {words.listed(kept)}, and {strays(sizes)}."


def strays(sizes):
    """By how much the gradient changes with the schemes that don't keep it."""
    return words.listed(
        [f"{powers(size)} with {SCHEMES[scheme]}" for scheme, size in sizes.items() if not is_kept(size)]
    )


def reading(result):
    """Who keeps the gradient and who loses it, in sentences that follow the numbers."""
    names, depth = result["settings"]["activations"], result["settings"]["depths"][-1]
    ends = {name: {scheme: first_layer(result, name, scheme) for scheme in SCHEMES} for name in names}
    return f"Through {depth} layers, from the last to the first (root mean square over the runs):\n\n" + "".join(
        f"- {part}\n" for part in fates(ends)
    )


def fates(ends):
    """The sentences on {name: {scheme: size}}: all that lose the gradient, all that keep it, each of the others."""
    lost = [name for name, sizes in ends.items() if max(sizes.values()) < -1]
    kept = [name for name, sizes in ends.items() if all(map(is_kept, sizes.values()))]
    parts = []
    if lost:
        parts.append(f"With all three initialisations it loses more than a power of ten: {titles(lost)}.")
    if kept:
        parts.append(f"With all three it stays within a power of ten: {titles(kept)}.")
    others = {name: sizes for name, sizes in ends.items() if name not in lost + kept}
    parts += [some_keep_it(name, sizes) for name, sizes in others.items() if any(map(is_kept, sizes.values()))]
    parts += [
        f"{title(name)} {strays(sizes)}." for name, sizes in others.items() if not any(map(is_kept, sizes.values()))
    ]
    return parts


PIECES = {
    "gradient_norms.svg": profile("gradient", "Gradient in the first layer relative to the last"),
    "signal_variance.svg": profile("variance", "Mean square of z in the last layer"),
    "gradient_norms.md": depth_table,
    "gradient_norms_fit.md": fit,
    "gradient_norms_reading.md": reading,
    "widths.md": width_table,
    "default.md": default_table,
}
