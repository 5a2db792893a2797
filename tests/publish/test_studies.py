"""Each figure, table and sentence of an experiment against its result file, counted again by other means."""

import re
from xml.etree import ElementTree

import layout
import numpy as np
import pytest
from experiments.arrangements import ARRANGEMENTS
from experiments.functions import FUNCTIONS
from facts import gaussian
from publish import experiments
from publish.studies import optimisers, wording
from scipy import stats
from support.svg import SVG, numbers, series

ROLES = ("g", "d1", "d2")
SCHEMES = ("he", "xavier", "own")


@pytest.fixture(scope="module")
def made():
    return {
        name.removeprefix("experiments/"): text
        for name, text in experiments.pieces(layout.RESULTS, layout.SNIPPETS).items()
    }


@pytest.fixture(scope="module")
def results():
    return {name: experiments.read(name, layout.RESULTS)["results"] for name in experiments.MADE}


@pytest.fixture(scope="module")
def settings():
    return {name: experiments.read(name, layout.RESULTS)["settings"] for name in experiments.MADE}


def title(name):
    return FUNCTIONS[name].title


def panels(made, name):
    """Title -> SVG element of each panel."""
    return {svg[0].text: svg for svg in ElementTree.fromstring(made[f"{name}.svg"]).iter(f"{SVG}svg")}


def dots_are(svg, role, expected):
    """Whether the dots of a series are these, {x: y}."""
    expected = {x: y for x, y in expected.items() if y is not None}
    found = series(svg, role)
    if not expected:
        assert found is None
        return
    x, y, tolerance = found
    order = sorted(expected)
    assert list(np.sort(x)) == pytest.approx(order, abs=0.02 * max(1, abs(order[-1] - order[0])))
    assert list(y[np.argsort(x)]) == pytest.approx([expected[at] for at in order], abs=tolerance)


def table(text):
    """The cells of a Markdown table, a list a row, without header and rule; marks of emphasis left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("*") for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def read(text):
    """The numbers of a text; a percentage as a share."""
    found = re.findall(r"(−?)(\d+(?:\.\d+)?)(%?)", text)
    return [float(number) * (-1 if sign else 1) / (100 if percent else 1) for sign, number, percent in found]


# Gradient norms


@pytest.mark.parametrize("figure, quantity", [("gradient_norms", "gradient"), ("signal_variance", "variance")])
def test_profiles_show_theory_and_measurement(figure, quantity, made, results, settings):
    layers = settings["gradient_norms"]["profile_layers"]
    shown = panels(made, figure)
    assert list(shown) == [title(name) for name in settings["gradient_norms"]["activations"]]
    for name, svg in zip(settings["gradient_norms"]["activations"], shown.values()):
        for role, scheme in zip(ROLES, SCHEMES):
            entry = results["gradient_norms"]["profile"][f"{name}/{scheme}"][quantity]
            x, y, tolerance = series(svg, role, measured=False)
            assert np.interp(layers, x, y) == pytest.approx(entry["theory"], abs=tolerance)
            dots_are(svg, role, {n: m for n, m in zip(layers, entry["median"]) if n == 1 or n % 10 == 0})


def test_the_table_by_depth(made, results, settings):
    """Theory, root mean square with its error, median; bold where the theory is more than three errors off."""
    depths = settings["gradient_norms"]["depths"]
    lines = [line for line in made["gradient_norms.md"].splitlines() if line.startswith("|")][2:]
    cases = [(name, scheme) for name in settings["gradient_norms"]["activations"] for scheme in SCHEMES]
    off = []
    for line, (name, scheme) in zip(lines, cases, strict=True):
        for depth, cell in zip(depths, line.strip("| ").split(" | ")[2:], strict=True):
            entry = results["gradient_norms"]["by_depth"][f"{name}/{scheme}"][str(depth)]
            expected = [entry["theory"], entry["rms"], entry["rms_error"], entry["median"]]
            assert read(cell) == pytest.approx(expected, abs=0.0501)
            gap = abs(entry["rms"] - entry["theory"])
            bold = gap > 3 * entry["rms_error"] and gap > 0.05
            assert cell.startswith("**") == bold
            off += [f"{title(name)} with {wording.SCHEMES[scheme]}"] * bold
    text = made["gradient_norms_fit.md"]
    assert f"in {len(cases) * len(depths) - len(off)} of {len(cases) * len(depths)} cases" in text
    first = text.split(". In ")[0]
    for name, scheme in cases:
        case = f"{title(name)} with {wording.SCHEMES[scheme]}"
        assert bool(re.search(rf"(?:are of|,|and) {re.escape(case)}\b", first)) == (case in off), case


def test_the_sentences_on_the_gradient(made, results, settings):
    """Every function is in one item, with what becomes of its gradient."""
    deepest = str(settings["gradient_norms"]["depths"][-1])
    items = [line for line in made["gradient_norms_reading.md"].splitlines() if line.startswith("- ")]
    for name in settings["gradient_norms"]["activations"]:
        named = re.compile(rf"(?:^- |: |, |and ){re.escape(title(name))}(?=[ ,.]|$)(?! \(1)")
        (item,) = filter(named.search, items)
        check_fate(item, {s: results["gradient_norms"]["by_depth"][f"{name}/{s}"][deepest]["rms"] for s in SCHEMES})


def check_fate(item, sizes):
    """The item says what becomes of a gradient with these sizes, {scheme: common logarithm}."""
    if "it loses more than" in item:
        assert max(sizes.values()) < -1
    elif "With all three it stays" in item:
        assert max(map(abs, sizes.values())) <= 1
    else:
        for scheme, size in sizes.items():
            label = wording.SCHEMES[scheme]
            if abs(size) <= 1:
                assert re.search(rf"stays within a power of ten with [^.]*{label}", item)
            else:
                assert f"{'grows' if size > 0 else 'falls'} by {abs(size):.1f} powers of ten with {label}" in item


def test_the_table_by_width(made, results, settings):
    widths = settings["gradient_norms"]["widths"]
    for row, (name, scheme) in zip(table(made["widths.md"]), settings["gradient_norms"]["width_cases"], strict=True):
        assert row[:2] == [title(name), wording.SCHEMES[scheme]]
        entries = [results["gradient_norms"]["by_width"][f"{name}/{scheme}"][str(width)] for width in widths]
        assert read(row[2]) == pytest.approx([entries[0]["theory"]], abs=0.0501)
        for cell, e in zip(row[3:], entries, strict=True):
            assert read(cell) == pytest.approx([e["rms"], e["rms_error"], e["median"]], abs=0.0501)


def test_the_table_of_the_default(made, results, settings):
    layers = settings["gradient_norms"]["profile_layers"]
    header = [line for line in made["default.md"].splitlines() if line.startswith("|")][0]
    shown = [int(layer) for layer in re.findall(r"Layer (\d+)", header)]
    rows = table(made["default.md"])
    for i, name in enumerate(settings["gradient_norms"]["default_activations"]):
        for row, quantity in zip(rows[2 * i : 2 * i + 2], ("variance", "gradient"), strict=True):
            entry = results["gradient_norms"]["profile"][f"{name}/default"][quantity]
            assert row[0] == title(name) and ("gradient" in row[1]) == (quantity == "gradient")
            for layer, cell in zip(shown, row[2:], strict=True):
                at = layers.index(layer)
                assert read(cell) == pytest.approx([entry["theory"][at], entry["median"][at]], abs=0.0501)


# Correlation


def test_correlations_are_those_of_the_file(made, results, settings):
    layers = settings["correlation"]["layers"]
    for name in settings["correlation"]["activations"]:
        svg = panels(made, "correlation")[title(name)]
        for role, start in zip(ROLES, settings["correlation"]["starts"]):
            entry = results["correlation"][f"{name}/{start}"]
            dots_are(svg, role, dict(zip(layers, entry["median"])))
            x, y, tolerance = series(svg, role, measured=False)
            assert np.interp(layers, x, y) == pytest.approx(entry["theory"], abs=tolerance)


def test_the_table_of_correlations(made, results, settings):
    header = [line for line in made["correlation.md"].splitlines() if line.startswith("|")][0]
    at = [settings["correlation"]["layers"].index(int(layer)) for layer in re.findall(r"Layer (\d+)", header)]
    cases = [(n, s) for n in settings["correlation"]["activations"] for s in settings["correlation"]["starts"]]
    for (first, start, *cells), (name, expected) in zip(table(made["correlation.md"]), cases, strict=True):
        entry = results["correlation"][f"{name}/{expected}"]
        assert first == title(name) and float(start) == expected
        for i, cell in zip(at, cells, strict=True):
            assert read(cell) == pytest.approx([entry["theory"][i], entry["median"][i]], abs=0.00101)
            for text, c in zip(cell.split(" / "), (entry["theory"][i], entry["median"][i])):
                assert (text == "1.000") == (c == 1) or c < 0.9995


def test_the_sentence_on_correlations(made, results, settings):
    at = settings["correlation"]["layers"].index(12)
    found = {
        name: results["correlation"][f"{name}/0.5"]["median"][at] for name in settings["correlation"]["activations"]
    }
    alike, rest = made["correlation_reading.md"].split("With the others")
    assert "correlation 0.5 have more than 0.99 in layer 12" in alike
    for name, c in found.items():
        assert (title(name) in alike.split("with ")[-1]) == (c > 0.99)
        if c <= 0.99:
            assert f"{title(name)} {c:.3f}" in rest
    shown = read(rest.split(": ")[1].replace("(1/4)", ""))
    assert shown == sorted(shown, reverse=True)


# Centring


def centred_function(case):
    return FUNCTIONS["tanh" if case == "sigmoid_started_as_tanh" else case]


def test_the_table_on_centring(made, results, settings):
    rows = table(made["centring.md"])
    for row, case in zip(rows, settings["centring"]["cases"], strict=True):
        entry, g = results["centring"][case], centred_function(case)
        slope, mean, chi = (read(cell)[0] for cell in row[1:4])
        sigmoid = FUNCTIONS["sigmoid" if case == "sigmoid_started_as_tanh" else case]
        assert slope == pytest.approx(np.abs(sigmoid.derivative(np.arange(-2000, 2001) / 100)).max(), rel=5e-3)
        assert mean == pytest.approx(gaussian.mean(sigmoid), abs=5e-3)
        expected = gaussian.slope_second_moment(g) / gaussian.second_moment(g)
        assert chi == pytest.approx(expected, rel=5e-3)
        assert float(row[4]) == entry["rate"]
        assert read(row[5]) == pytest.approx([entry["median"], entry["q1"], entry["q3"]], abs=5.1e-4)
        assert read(row[6]) == pytest.approx([min(entry["runs"]), max(entry["runs"])], abs=5.1e-3)


def test_the_sentences_on_centring(made, results):
    text, entries = made["centring_reading.md"], results["centring"]
    order = [
        "sigmoid",
        "sigmoid_times_4",
        "sigmoid_less_half",
        "sigmoid_started_as_tanh",
        "tanh",
        "softplus",
        "softplus_centred",
        "relu",
        "relu_centred",
        "gelu",
        "gelu_centred",
    ]
    expected = [n for c in order for n in (entries[c]["median"], min(entries[c]["runs"]), max(entries[c]["runs"]))]
    assert [n for n in read(re.sub(r"[^\d.%]+", " ", text)) if n != 4] == pytest.approx(expected, abs=5.1e-3)


# Those with the share of wrong answers


def wrong_answers(svg, roles):
    """Row -> role -> the share of right answers that is marked."""
    found = {}
    for role in roles:
        for e in svg.iter(f"{SVG}path"):
            if e.get("class") == f"{role} measured":
                (x,), (y,), _ = numbers(e)
                found[round(-y), role] = 1 - 10**x
    return found


def medians_are_shown(svg, rows):
    """`rows` is a list of a list of entries."""
    expected = {(i, role): e["median"] for i, row in enumerate(rows) for role, e in zip(ROLES, row)}
    assert wrong_answers(svg, ROLES) == pytest.approx(expected, abs=0.005)


def test_digits_show_the_median_errors(made, results, settings):
    for depth in settings["digits"]["depths"]:
        names = settings["digits"]["activations"]
        rows = [[results["digits"][f"{name}/{scheme}/{depth}"] for scheme in SCHEMES] for name in names]
        medians_are_shown(panels(made, "digits")[f"{depth} hidden layers"], rows)


def test_normalisation_shows_the_median_errors(made, results, settings):
    for arrangement in settings["normalisation"]["arrangements"]:
        rows = [
            [results["normalisation"][f"{name}/{arrangement}/{depth}"] for depth in settings["normalisation"]["depths"]]
            for name in settings["normalisation"]["activations"]
        ]
        medians_are_shown(panels(made, "normalisation")[ARRANGEMENTS[arrangement]], rows)


def test_centring_shows_the_median_errors(made, results, settings):
    (svg,) = panels(made, "centring").values()
    medians_are_shown(svg, [[results["centring"][case]] for case in settings["centring"]["cases"]])


def accuracies(cell, entry):
    *shares, rate = read(cell.split(" diverged")[0].rsplit(",", 1)[0] if "diverged" in cell else cell)
    assert shares == pytest.approx([entry["median"], entry["q1"], entry["q3"]], abs=5.1e-4)
    assert rate == entry["rate"]
    assert re.findall(r"(\d+) diverged", cell) == [str(entry["diverged"])] * bool(entry["diverged"])


@pytest.mark.parametrize(
    "name, parts",
    [
        ("digits", lambda s: [(f, i) for f in s["activations"] for i in SCHEMES]),
        ("normalisation", lambda s: [(f, a) for a in s["arrangements"] for f in s["activations"]]),
    ],
)
def test_tables_of_accuracies(name, parts, made, results, settings):
    for row, case in zip(table(made[f"{name}.md"]), parts(settings[name]), strict=True):
        assert title(case[0]) in row
        for depth, cell in zip(settings[name]["depths"], row[2:], strict=True):
            accuracies(cell, results[name][f"{'/'.join(case)}/{depth}"])


@pytest.mark.parametrize("count", [6, 8, 12, 30])
def test_intervals_are_those_of_the_order_statistics(count):
    a, b = np.random.default_rng(0).normal(size=(2, count))
    pair = wording.paired(a, b)
    assert (pair.low, pair.high) == pytest.approx(tuple(interval(a - b)))
    assert pair.median == np.median(a - b) and (pair.won, pair.lost) == ((a > b).sum(), (a < b).sum())


def interval(differences):
    """Of their median, 95 %."""
    return stats.quantile_test(differences, q=0, p=0.5).confidence_interval(0.95)


def signs(text):
    """The numbers of a text, with + and −."""
    return [float(number.replace("−", "-")) for number in re.findall(r"[+−]?\d+\.\d", text)]


def difference(results, name, depth):
    a, b = (np.array(results["digits"][f"{f}/own/{depth}"]["runs"]) for f in (name, "relu"))
    return a - b


def test_the_table_of_pairs(made, results, settings):
    names = [name for name in settings["digits"]["activations"] if name != "relu"]
    for row, name in zip(table(made["digits_pairs.md"]), names, strict=True):
        assert row[0] == title(name)
        for depth, cell in zip(settings["digits"]["depths"], row[1:], strict=True):
            d = difference(results, name, depth)
            low, high = interval(d)
            assert signs(cell) == pytest.approx([100 * np.median(d), 100 * low, 100 * high], abs=0.0501)
            assert cell.endswith(f", {(d > 0).sum()}–{(d < 0).sum()}")


def test_the_sentences_on_pairs(made, results, settings):
    text, depths = made["digits_pairs_reading.md"], settings["digits"]["depths"]
    names = [name for name in settings["digits"]["activations"] if name != "relu"]
    kinds = {"better": "- better: ", "worse": "- worse: ", "even": "- not told apart from it: "}
    first, second = text.split(f"\n\nWith {depths[0]} hidden")
    for name in names:
        d = difference(results, name, depths[-1])
        low, high = interval(d)
        kind = "better" if low > 0 else "worse" if high < 0 else "even"
        part = next(part for part in first.splitlines() if part.startswith(kinds[kind]))
        shown, won = re.search(rf"{re.escape(title(name))} \(([+−]?[\d.]+), (\d+) of {len(d)}\)", part).groups()
        assert signs(shown) == pytest.approx([100 * np.median(d)], abs=0.0501) and int(won) == (d > 0).sum()
    shallow = [difference(results, name, depths[0]) for name in names]
    apart = sum(not low <= 0 <= high for low, high in map(interval, shallow))
    assert f"{apart or 'none'} of {len(names)} functions can be told apart" in second
    assert f"medians is {100 * max(abs(np.median(d)) for d in shallow):.1f} percentage" in second


def test_rates_are_those_of_the_file(made, results, settings):
    for name in settings["digits"]["activations"]:
        svg = panels(made, "digits_rates")[title(name)]
        for role, depth in zip(ROLES, settings["digits"]["depths"]):
            tried = results["digits"][f"{name}/own/{depth}"]["tried"]
            dots_are(svg, role, {np.log10(float(rate)): mean for rate, (mean, _, _) in tried.items()})
    cases = [
        (n, s, d) for n in settings["digits"]["activations"] for s in SCHEMES for d in settings["digits"]["depths"]
    ]
    for row, (name, scheme, depth) in zip(table(made["digits_rates.md"]), cases, strict=True):
        assert row[:3] == [title(name), wording.SCHEMES[scheme], str(depth)]
        tried = results["digits"][f"{name}/{scheme}/{depth}"]["tried"]
        parts = row[3].split("; ")
        assert [float(part.split(":")[0]) for part in parts] == sorted(map(float, tried))
        for part in parts:
            rate, rest = part.split(":")
            mean, diverged, runs = tried[rate]
            assert read(rest) == pytest.approx([mean] + [diverged, runs] * bool(diverged), abs=5.1e-4)


def test_the_sentences_on_normalisation(made, results, settings):
    names, entries = settings["normalisation"]["activations"], results["normalisation"]
    items = made["normalisation_reading.md"].splitlines()
    for item, arrangement in zip(items, settings["normalisation"]["arrangements"], strict=True):
        assert item.startswith(f"- *{ARRANGEMENTS[arrangement]}*: ")
        for part, depth in zip(item.split("; "), settings["normalisation"]["depths"], strict=True):
            at = {name: entries[f"{name}/{arrangement}/{depth}"] for name in names}
            medians = {title(name): entry["median"] for name, entry in at.items()}
            worst, low, best, high = re.search(r"from ([\d.]+%) \((.*?)\) to ([\d.]+%) \((.*?)\)", part).group(
                2, 1, 4, 3
            )
            assert medians[worst] == min(medians.values()) and medians[best] == max(medians.values())
            assert read(low) + read(high) == pytest.approx([medians[worst], medians[best]], abs=5.1e-3)
            runs = {title(name): entry["runs"] for name, entry in at.items()}
            d = np.subtract(runs[best], runs[worst])
            expected = [100 * number for number in (np.median(d), *interval(d))]
            assert signs(part.split("run by run")[1]) == pytest.approx(expected, abs=0.0501)


# Optimisers


def test_optimisers_are_those_of_the_file(made, results, settings):
    for name in settings["optimisers"]["activations"]:
        svg = panels(made, "optimisers")[title(name)]
        for role, optimiser in zip(ROLES, ("sgd", "adam")):
            at = np.log10(settings["optimisers"]["rates"][optimiser])
            dots_are(svg, role, dict(zip(at, results["optimisers"][f"{name}/{optimiser}"]["median"])))


def ranges(results, settings, name, optimiser):
    """The best rate, and the rates around it that come within two points of its accuracy."""
    grid, medians = settings["optimisers"]["rates"][optimiser], results["optimisers"][f"{name}/{optimiser}"]["median"]
    best = int(np.argmax(medians))
    near = np.array(medians) >= max(medians) - 0.02
    low = max([i + 1 for i in range(best) if not near[i]], default=0)
    high = min([i - 1 for i in range(best, len(grid)) if not near[i]], default=len(grid) - 1)
    return best, grid[low], grid[high]


def test_the_table_and_the_sentence_on_optimisers(made, results, settings):
    names, grids = settings["optimisers"]["activations"], settings["optimisers"]["rates"]
    rows = iter(table(made["optimisers.md"]))
    ratio, share = {}, {}
    for name in names:
        for optimiser, label in (("sgd", "SGD"), ("adam", "Adam")):
            row, entry = next(rows), results["optimisers"][f"{name}/{optimiser}"]
            best, low, high = ranges(results, settings, name, optimiser)
            assert row[:2] == [title(name), label] and float(row[2]) == grids[optimiser][best]
            assert read(row[3]) == pytest.approx([entry[side][best] for side in ("median", "q1", "q3")], abs=5.1e-4)
            assert row[4] == f"{low:g} to {high:g}" and float(row[5]) == pytest.approx(high / low, abs=0.0501)
            ratio[name, optimiser], share[name, optimiser] = high / low, entry["median"][best]
    text = made["optimisers_reading.md"]
    for optimiser, label in (("sgd", "SGD"), ("adam", "Adam")):
        found = [share[name, optimiser] for name in names]
        points = f"{100 * (max(found) - min(found)):.1f}"
        assert re.search(rf"\b{re.escape(points)}(?: percentage points of accuracy)? with {label}\b", text)
    for name in names:
        wider = np.log10(ratio[name, "adam"] / ratio[name, "sgd"])
        for word, holds in (("wider", wider > 0.01), ("narrower", wider < -0.01)):
            part = re.search(rf"{word} for (.*?)(?:, narrower|\.\s)", text)
            assert bool(part and title(name) in re.split(", | and ", part[1])) == holds, (name, word)


def test_an_optimisers_range_is_around_its_best_rate():
    result = {
        "settings": {"rates": {"sgd": [1, 2, 3, 4, 5, 6]}},
        "results": {"relu/sgd": {"median": [0.9, 0.5, 0.89, 0.9, 0.91, 0.2]}},
    }
    assert optimisers.reading(result, "relu", "sgd") == (5, 0.91, (3, 5))


# Dead units


def survives(entry, settings):
    return settings["dead_units"]["runs"] - entry["diverged"] >= 8


def test_dead_units_are_those_of_the_file(made, results, settings):
    (rates,) = [re.findall(r"rate ([\d.]+)</li>", made["dead_units.svg"])]
    for bias in settings["dead_units"]["biases"]:
        svg = panels(made, "dead_units")[f"bias {f'{bias:g}'.replace('-', '−')}"]
        for role, rate in zip(ROLES, rates, strict=True):
            entry = results["dead_units"][f"relu/plain/{float(rate)}/{bias}"]
            epochs, kept = settings["dead_units"]["shown_epochs"], survives(entry, settings)
            dots_are(svg, role, dict(zip(epochs, entry["dead"]["median"])) if kept else {})


def test_stuck_units_are_those_of_the_file(made, results, settings):
    rates = settings["dead_units"]["rates"]
    for name in settings["dead_units"]["activations"]:
        svg = panels(made, "stuck_units")[title(name)]
        for role, bias in zip(ROLES, settings["dead_units"]["biases"], strict=True):
            entries = [results["dead_units"][f"{name}/plain/{rate}/{bias}"] for rate in rates]
            dots_are(svg, role, {i: e["stuck"]["median"][-1] for i, e in enumerate(entries) if survives(e, settings)})


def test_failures_are_those_of_the_file(made, results, settings):
    rates, runs = settings["dead_units"]["rates"], settings["dead_units"]["runs"]
    for name in settings["dead_units"]["activations"]:
        svg = panels(made, "dead_units_failed")[title(name)]
        plain, momentum = (
            [results["dead_units"][f"{name}/{setup}/{rate}/0.0"] for rate in rates] for setup in ("plain", "momentum")
        )
        dots_are(svg, "g", {i: e["test_accuracy"]["median"] for i, e in enumerate(plain)})
        dots_are(svg, "d1", {i: e["test_accuracy"]["median"] for i, e in enumerate(momentum)})
        dots_are(svg, "d2", {i: e["diverged"] / runs for i, e in enumerate(plain)})


def test_the_table_of_dead_units(made, results, settings):
    s, rows = settings["dead_units"], table(made["dead_units.md"])
    cases = [(n, t, r, b) for n in s["activations"] for t in s["setups"] for r in s["rates"] for b in s["biases"]]
    labels = {"plain": "plain", "momentum": "momentum 0.9"}
    for row, (name, setup, rate, bias) in zip(rows, cases, strict=True):
        entry = results["dead_units"][f"{name}/{setup}/{rate}/{bias}"]
        assert row[:2] == [title(name), labels[setup]] and float(row[2]) == rate and read(row[3]) == [bias]
        check_shares(row[4:8], entry)
        assert read(row[8]) == pytest.approx([entry["test_accuracy"]["median"]], abs=5.1e-4)
        assert row[9] == f"{entry['diverged']} of {s['runs']}"


def check_shares(cells, entry):
    """The shares of dead, stuck, ever stuck and recovered units, or dashes where they weren't counted."""
    if "dead" not in entry:
        assert cells == ["–"] * 4
        return
    for cell, share in zip(cells[:2], ("dead", "stuck")):
        assert read(cell) == pytest.approx([entry[share]["median"][-1]], abs=5.1e-3)
    for cell, share in zip(cells[2:], ("ever_stuck", "recovered")):
        assert read(cell) == pytest.approx(entry[share], abs=5.1e-3)


# Saturation and low precision


def test_the_table_of_saturation(made, results, settings):
    s = settings["saturation"]
    cases = [(name, scale) for name in s["activations"] for scale in s["scales"]]
    for row, (name, scale) in zip(table(made["saturation.md"]), cases, strict=True):
        entry = results["saturation"][f"{name}/{scale}"]["saturated"]
        assert row[0] == title(name) and float(row[1]) == scale
        for cell, median, theory in zip(row[2:], entry["median"], entry["theory"], strict=True):
            assert read(cell.replace("<", "")) == pytest.approx([median, theory], abs=5.1e-3)


def test_histograms_are_those_of_the_file(made, results, settings):
    layers = settings["saturation"]["layers"]
    for heading, svg in panels(made, "saturation").items():
        name, scale = re.fullmatch(r"(.*), weights × (\d)", heading).groups()
        entry = results["saturation"][f"{name.lower()}/{float(scale)}"]
        lines = [numbers(e) for e in svg.iter(f"{SVG}path") if e.get("class") == "g"]
        assert len(lines) == len(layers)
        for i, (x, y, tolerance) in enumerate(lines):
            shares = np.array(entry["shares"][i])
            z = np.linspace(-8.25, 8.25, 34)
            expected = len(layers) - 1 - i + 0.8 * shares / shares.max()
            assert np.interp(z, x, y) == pytest.approx(expected, abs=tolerance)
        texts = [e.text for e in svg.iter(f"{SVG}text")]
        assert all(wording.percent(share) in texts for share in entry["saturated"]["median"])


def test_underflow_is_that_of_the_file(made, results, settings):
    s = settings["low_precision"]
    rows = {row[0]: row[1:] for row in table(made["underflow.md"])}
    for name in s["activations"]:
        entry, svg = results["low_precision"]["underflow"][name], panels(made, "underflow")[title(name)]
        for role, scale in zip(ROLES, s["loss_scales"]):
            dots_are(svg, role, dict(enumerate(entry[str(scale)]["zeros"]["median"], 1)))
        errors = [entry[str(scale)]["error"] for scale in s["loss_scales"]]
        errors.append(entry[str(s["loss_scales"][-1])]["error_with_exact_slopes"])
        for cell, error in zip(rows[title(name)], errors, strict=True):
            expected = [error[side][0] for side in ("median", "q1", "q3")]
            assert read(cell.replace("<", "")) == pytest.approx(expected, abs=5.1e-3)


def test_forms_are_those_of_the_file(made, results):
    for form in results["low_precision"]["forms"]:
        assert f"`{form}`" in made["forms.md"]


@pytest.mark.parametrize(
    "share, text",
    [
        (0, "0%"),
        (0.0001, "<0.1%"),
        (0.0049, "0.5%"),
        (0.05, "5%"),
        (0.0995, "10%"),
        (0.124, "12%"),
        (1, "100%"),
    ],
)
def test_shares_in_words(share, text):
    assert wording.percent(share) == text
