"""Where textbook formulas lose their digits, and gradients in float16."""

from itertools import groupby

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure
from publish.studies.wording import percent, title


def underflow_figure(result):
    """The share of the weights' gradient that becomes 0 in float16, by layer and loss scale."""
    settings, results = result["settings"], result["results"]["underflow"]
    layers = range(1, settings["hidden"] + 2)
    scales = settings["loss_scales"]
    panels = []
    for name in settings["activations"]:
        panel = Panel(title(name), (1, len(layers)), (0, 1), left=44)
        panel.y_ticks({share: percent(share) for share in (0, 0.5, 1)})
        panel.x_ticks({layer: str(layer) for layer in (1, (len(layers) + 1) // 2, len(layers))}, "layer")
        said = []
        for role, scale in zip(ROLES, scales):
            zeros = results[name][str(scale)]["zeros"]
            panel.line(layers, zeros["median"], role)
            panel.bars(layers, zeros["q1"], zeros["q3"], role)
            panel.dots(layers, zeros["median"], role)
            said.append(
                f"loss × {scale}: {percent(zeros['median'][0])} of the gradient is 0 in the first layer, "
                f"{percent(zeros['median'][-1])} in the last"
            )
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
        rows.append((title(name), *cells))
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
                    rows.append(
                        (
                            f"`{form}`",
                            dtype,
                            words.number(sides[side]["z"]),
                            shown(found),
                            words.number(sides[side]["true"], 3),
                        )
                    )
    merged = [row for _, rows in groupby(rows, lambda row: row[0]) for row in blank_repeats(list(rows))]
    return table(("Textbook form", "Type", "From $z$ on", "It gives", "Truth"), merged, "  rrr")


def shown(x):
    """A number as printed, to three digits."""
    return "NaN" if x != x else words.number(x, 3)


def blank_repeats(rows):
    """The form's name in its first row only."""
    return [rows[0], *(("", *row[1:]) for row in rows[1:])]


PIECES = {"underflow.svg": underflow_figure, "underflow.md": underflow_table, "forms.md": forms_table}
