"""The image that a link to the site shows elsewhere, docs/assets/social.png; `python -m tools.social` makes it."""

from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from reference import CATALOGUE

OUTPUT = Path("docs/assets/social.png")
INK, PAPER, COLOURS = "#1c2733", "#fdfdfc", ("#1257a6", "#c2500c", "#00614d")


def main():
    """Write OUTPUT, 1200 by 630 pixels: the curves of a function, its first and its second derivative."""
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=PAPER)
    axes = figure.add_axes((0.57, 0.1, 0.4, 0.8))
    z = np.linspace(-5, 5, 501)
    for values, colour, width in zip(CATALOGUE["tanh"].jet(z), COLOURS, (7, 5, 3)):
        axes.plot(z, values, color=colour, linewidth=width, solid_capstyle="round")
    axes.axhline(0, color=INK, linewidth=1, zorder=0)
    axes.axvline(0, color=INK, linewidth=1, zorder=0)
    axes.axis("off")
    figure.text(
        0.06, 0.56, "Activation functions\nand their derivatives", size=34, weight="bold", color=INK, linespacing=1.3
    )
    figure.text(
        0.06,
        0.36,
        "Derived line by line,\nevery equation checked by machine",
        size=21,
        color="#55616f",
        linespacing=1.5,
    )
    FigureCanvasAgg(figure).print_png(OUTPUT, metadata={"Software": None})


if __name__ == "__main__":
    main()
