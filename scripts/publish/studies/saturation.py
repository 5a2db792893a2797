"""Where the pre-activations lie, and the share that is saturated."""

import numpy as np
from reference import CATALOGUE

from publish import words
from publish.markdown import table
from publish.panels import FONT, Panel, figure
from publish.studies.wording import percent, title


def histograms(result):
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
            panel = Panel(
                f"{title(name)}, weights × {scale:g}",
                (low - step, high + step),
                (0, len(layers)),
                (210, 214),
                left=30,
                right=44,
            )
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
                said.append(
                    f"layer {layer}: {percent(saturated['median'][i])} saturated, "
                    f"{percent(saturated['theory'][i])} predicted"
                )
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


def shares_table(result):
    """The share saturated for all functions."""
    settings, results = result["settings"], result["results"]
    layers = settings["layers"]
    rows = []
    for name in settings["activations"]:
        for scale in settings["scales"]:
            saturated = results[f"{name}/{scale}"]["saturated"]
            cells = [f"{percent(m)} ({percent(t)})" for m, t in zip(saturated["median"], saturated["theory"])]
            rows.append((title(name), f"{scale:g}", *cells))
    note = (
        f"Share of slopes below {percent(settings['fraction'])} of the largest: median of {settings['runs']} runs "
        "(predicted for infinite width).\n\n"
    )
    return note + table(("Function", "Weights ×", *(f"Layer {layer}" for layer in layers)), rows, " " + "r" * 5)


PIECES = {"saturation.svg": histograms, "saturation.md": shares_table}
