"""How alike two inputs become from layer to layer."""

from publish import words
from publish.markdown import table
from publish.panels import ROLES, Panel, figure
from publish.studies.wording import title

ALIKE = 0.99
LAYER = 12  # as deep as the networks of the experiments that train


def correlation_figure(result):
    """A panel for each function; a line and dots for each correlation of the inputs."""
    settings, results = result["settings"], result["results"]
    layers, panels = settings["layers"], []
    for name in settings["activations"]:
        panel = Panel(title(name), (layers[0], layers[-1]), (0, 1), left=44)
        panel.y_ticks({c: words.number(c) for c in (0, 0.5, 1)})
        panel.x_ticks({layer: str(layer) for layer in (layers[0], layers[-1] // 2, layers[-1])}, "layer")
        said = []
        for role, start in zip(ROLES, settings["starts"]):
            entry = results[f"{name}/{start}"]
            panel.line(layers, entry["theory"], role)
            panel.bars(layers, entry["q1"], entry["q3"], role)
            panel.dots(layers, entry["median"], role)
            at = layers.index(LAYER)
            said.append(
                f"From {start:g}: {shown(entry['median'][at])} in layer {LAYER} (predicted "
                f"{shown(entry['theory'][at])}), {shown(entry['median'][-1])} in layer {layers[-1]} "
                f"(predicted {shown(entry['theory'][-1])})"
            )
        panels.append((panel, f"Correlation of two inputs by layer. {'. '.join(said)}."))
    caption = (
        f"Correlation of the pre-activations of two inputs, by layer: networks of width {settings['width']}, "
        f"untrained, own gain. Lines: prediction for infinite width. Dots: median of {settings['runs']} runs; bars: "
        f"quartiles. The inputs have the correlation {words.listed([f'{start:g}' for start in settings['starts']])}."
    )
    key = [f"inputs {start:g}" for start in settings["starts"]]
    return figure("correlation", panels, key, caption, "three")


def shown(c):
    """A correlation with three decimals; one that isn't quite 1 doesn't become it."""
    return ">0.999" if 0.9995 <= c < 1 - 1e-12 else f"{c:.3f}"


def correlation_table(result):
    """Prediction and median by layer for each function and start, as Markdown."""
    settings, rows = result["settings"], []
    layers = [layer for layer in settings["layers"] if layer in (2, 3, 5, LAYER, 20, 50)]
    for name in settings["activations"]:
        for start in settings["starts"]:
            entry = result["results"][f"{name}/{start}"]
            at = [settings["layers"].index(layer) for layer in layers]
            cells = [f"{shown(entry['theory'][i])} / {shown(entry['median'][i])}" for i in at]
            rows.append((title(name), f"{start:g}", *cells))
    note = f"Correlation, predicted / median of {settings['runs']} runs.\n\n"
    return note + table(("Function", "Inputs", *(f"Layer {layer}" for layer in layers)), rows, " r" + "r" * len(layers))


def order(result):
    """The functions by the correlation in layer 12 of inputs with the first correlation: [(name, correlation)]."""
    start, at = result["settings"]["starts"][0], result["settings"]["layers"].index(LAYER)
    found = [(name, result["results"][f"{name}/{start}"]["median"][at]) for name in result["settings"]["activations"]]
    return sorted(found, key=lambda pair: -pair[1])


def correlation_reading(result):
    """Who makes inputs alike, in a sentence that follows the numbers."""
    settings = result["settings"]
    found = order(result)
    alike = [title(name) for name, c in found if c > ALIKE]
    rest = [f"{title(name)} {shown(c)}" for name, c in found if c <= ALIKE]
    return (
        f"Two inputs with the correlation {settings['starts'][0]:g} have more than {ALIKE:g} in layer {LAYER} with "
        f"{words.listed(alike)}. With the others they have, from the most alike to the least: {words.listed(rest)}.\n"
    )


PIECES = {
    "correlation.svg": correlation_figure,
    "correlation.md": correlation_table,
    "correlation_reading.md": correlation_reading,
}
