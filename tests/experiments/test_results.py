"""The committed results: their beginnings can be reproduced, they belong to the code as it stands, theory fits them."""

import importlib
import json
import math

import experiments
import layout
import numpy as np
import pytest
from experiments import (
    centring,
    correlation,
    data,
    dead_units,
    digits,
    gradient_norms,
    harness,
    normalisation,
    optimisers,
    rates,
    saturation,
)
from experiments.functions import COMPARED, FUNCTIONS
from experiments.network import INITIALISATIONS
from facts import gaussian
from records import FRESH, NOT_RUN
from records.experiments import states

EXPERIMENTS = {name: importlib.import_module(f"experiments.{name}").EXPERIMENT for name in experiments.EXPERIMENTS}
every_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


CHOOSING = [digits, centring, normalisation]  # those that choose a learning rate


def committed(experiment):
    return harness.committed(experiment)


def ran(module):
    """The cases of an experiment whose function was run: one that joined and wasn't is for the page to say."""
    found = states(committed(module.EXPERIMENT), harness.plain(module.EXPERIMENT.settings))
    return [case for case in module.EXPERIMENT.cases() if found.get(case[0], FRESH) != NOT_RUN]


def test_every_result_has_its_experiment():
    assert {file.stem for file in layout.RESULTS.iterdir()} == set(EXPERIMENTS)


@pytest.mark.slow
@every_experiment
def test_the_beginning_is_reproduced(experiment):
    assert harness.check(experiment) == []


@every_experiment
def test_a_changed_number_is_noticed(experiment):
    """The comparison reads every number of the file's beginning."""
    first = committed(experiment)["first"]

    def numbers(value):
        if isinstance(value, (dict, list)):
            for name in value if isinstance(value, dict) else range(len(value)):
                if isinstance(value[name], (int, float)):
                    yield value, name
                else:
                    yield from numbers(value[name])

    changed = json.loads(json.dumps(first))
    places = list(numbers(changed))
    for place, name in places:
        place[name] += 3 * experiment.tolerance * max(1, abs(place[name]))
    assert len(harness.differences(first, changed, experiment.tolerance)) == len(places) > 0


@every_experiment
def test_the_file_belongs_to_the_code(experiment):
    result = committed(experiment)
    assert harness.path(experiment).read_text() == harness.text(result) + "\n"
    assert harness.path(experiment).stat().st_size < 64_000
    assert set(states(result, harness.plain(experiment.settings)).values()) <= {FRESH, NOT_RUN}
    assert result["about"] == experiment.about.strip()
    assert result["first"].keys() <= {harness.key(task) for task in experiment.short()}
    assert len(cases := experiment.cases()) == len(set(cases))
    assert set(result["versions"]) == {"python", *experiment.packages}
    assert {"command", "processor_seconds", "peak_memory_mb", "seconds", "tolerance", "results"} <= result.keys()


@every_experiment
def test_help_says_what_it_takes(experiment, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", [experiment.name, "--help"])
    with pytest.raises(SystemExit) as end:
        harness.main(experiment)
    said = " ".join(capsys.readouterr().out.split())
    assert end.value.code == 0 and experiment.about.split("\n")[0] in said
    assert f"{committed(experiment)['processor_seconds']} seconds" in said


@every_experiment
def test_the_short_command_compares_and_says_so(experiment, capsys, monkeypatch):
    """One line and exit status 1 for a number that is not the file's; nothing is written."""
    before = harness.path(experiment).read_bytes()
    wrong = experiment._replace(short=lambda: experiment.short()[:1], work=lambda task: {"a": 1.0})
    monkeypatch.setattr("sys.argv", [experiment.name, "--short"])
    with pytest.raises(SystemExit) as end:
        harness.main(wrong)
    assert end.value.code == 1 and "expected" in capsys.readouterr().out
    assert harness.path(experiment).read_bytes() == before


@pytest.mark.parametrize("module", [saturation, correlation, dead_units, optimisers, *CHOOSING])
def test_every_case_is_in_and_no_other(module):
    results = committed(module.EXPERIMENT)["results"]
    assert results.keys() == {harness.key(case) for case in ran(module)}


@pytest.mark.parametrize("place", ["by_depth", "profile"])
def test_every_initialisation_of_every_function_is_in(place):
    results = committed(gradient_norms.EXPERIMENT)["results"][place]
    assert results.keys() == {"/".join(case) for case in ran(gradient_norms)}


def test_an_experiment_takes_a_dozen_functions_at_most():
    assert len(COMPARED) == len(set(COMPARED)) <= 12 and set(COMPARED) <= set(FUNCTIONS)


@pytest.mark.parametrize("module", CHOOSING)
def test_rates_were_chosen_by_the_rule(module):
    """The best mean validation accuracy of eight runs or more, between two rates that are no better, or at an end."""
    grid = rates.RATES
    for case, entry in committed(module.EXPERIMENT)["results"].items():
        tried = {float(rate): numbers for rate, numbers in entry["tried"].items()}
        assert set(grid[1::2]) <= set(tried) <= set(grid), case
        i = grid.index(entry["rate"])
        for rate in grid[max(0, i - 1) : i + 2]:
            mean, diverged, runs = tried[rate]
            assert runs == 8 and mean <= tried[entry["rate"]][0], (case, rate)
        assert all(0 <= diverged <= runs and runs in (4, 8) for _, diverged, runs in tried.values())
        assert len(entry["runs"]) == len(rates.SETTINGS["test_runs"])
        assert entry["median"] == pytest.approx(np.median(entry["runs"]), abs=1e-3)
        assert entry["diverged"] <= entry["runs"].count(0.1)


def test_optimisers_hold_a_share_for_each_rate():
    results = committed(optimisers.EXPERIMENT)["results"]
    for case, entry in results.items():
        grid = optimisers.SETTINGS["rates"][case.split("/")[1]]
        assert {len(numbers) for numbers in entry.values()} == {len(grid)} and grid == sorted(grid)
        assert all(a <= b <= c for a, b, c in zip(entry["q1"], entry["median"], entry["q3"]))


def test_training_validation_and_test_set_share_nothing():
    sets = [data.digits(run) for run in (0, 7)]
    for parts in sets:
        assert [len(part.x) for part in parts] == [1047, 300, 450]
        assert np.mean(parts[0].x ** 2) == pytest.approx(1, rel=1e-12)
    (train, _, test), (other_train, _, other_test) = sets
    assert np.array_equal(test.labels, other_test.labels)
    assert not np.array_equal(train.labels, other_train.labels)
    # Identical images are compared up to the scaling by the training set's mean and deviation.
    rows = [{tuple(np.argsort(row, kind="stable")) + (label,) for row, label in zip(*part)} for part in sets[0]]
    assert len(rows[0] & rows[2]) <= 2 and len(rows[1] & rows[2]) <= 2


@pytest.mark.parametrize("case", ran(gradient_norms), ids="/".join)
def test_the_theory_in_the_file_is_the_theory_of_the_module(case):
    results = committed(gradient_norms.EXPERIMENT)["results"]
    depth = gradient_norms.SETTINGS["profile_depth"]
    layers = np.array(gradient_norms.SETTINGS["profile_layers"]) - 1
    prediction = gradient_norms.predict(*case, depth)
    for quantity, numbers in results["profile"]["/".join(case)].items():
        assert numbers["theory"] == pytest.approx(prediction[quantity][layers], rel=1e-3, abs=1e-3)


def test_theory_and_measurement_agree():
    """Within three standard errors of the mean square, but where the variance has no fixed point to go to."""
    by_depth = committed(gradient_norms.EXPERIMENT)["results"]["by_depth"]
    ends = {(case, depth): end for case in by_depth for depth, end in by_depth[case].items()}
    off = {case for (case, _), e in ends.items() if abs(e["rms"] - e["theory"]) > max(3 * e["rms_error"], 0.05)}
    for case in off:
        name, scheme = case.split("/")
        sigma_w = math.sqrt(INITIALISATIONS[scheme](FUNCTIONS[name], False, 1, 1))
        points = gaussian.fixed_points(FUNCTIONS[name], sigma_w)
        assert not any(point.attracting and point.q for point in points), case


def test_the_standard_error_is_that_of_a_mean_square():
    """Against the spread of many samples of 16 log-normal numbers."""
    random = np.random.default_rng(1)
    samples = random.normal(0, 0.1, size=(4000, 16))
    found = [gradient_norms.mean_square(sample) for sample in samples]
    spread = np.std([entry["rms"] for entry in found])
    assert np.mean([entry["rms_error"] for entry in found]) == pytest.approx(spread, rel=0.1)
    assert gradient_norms.mean_square(np.array([0.5, 0.5]))["rms"] == pytest.approx(0.5)


@pytest.mark.parametrize("case", ran(correlation), ids=harness.key)
def test_correlations_follow_the_theory(case):
    """Where the variance stays at 1, and in the first layers of all; the theory is that of the module."""
    entry = committed(correlation.EXPERIMENT)["results"][harness.key(case)]
    if case[1] == correlation.SETTINGS["starts"][0]:
        assert entry["theory"] == pytest.approx(correlation.predict(*case), rel=1e-3)
    stays = gaussian.variance_slope(FUNCTIONS[case[0]], 1.0, gaussian.forward_gain(FUNCTIONS[case[0]])) < 1 + 1e-9
    layers = correlation.SETTINGS["layers"]
    for layer, theory, median in zip(layers, entry["theory"], entry["median"]):
        assert not (stays or layer <= 5) or abs(theory - median) < 0.1, layer


def test_a_dead_unit_of_the_first_layer_stays_dead():
    """Its inputs never change, and with a gradient of 0 neither do its weights; so it is, whatever the rate."""
    results = committed(dead_units.EXPERIMENT)["results"]
    found = [entry for name, entry in results.items() if name.startswith("relu/plain/") and "ever_stuck" in entry]
    assert any(entry["ever_stuck"][0] > 0 for entry in found)
    assert all(entry["recovered"][0] == 0 for entry in found)
    assert any(entry["recovered"][2] > 0 for entry in found)


def test_shares_are_shares():
    for name, entry in committed(saturation.EXPERIMENT)["results"].items():
        assert all(sum(shares) == pytest.approx(1, abs=0.02) for shares in entry["shares"]), name
        assert all(0 <= share <= 1 for share in entry["saturated"]["median"])


def test_xavier_and_he_differ_by_a_factor_of_two_where_widths_are_equal():
    he, xavier = (INITIALISATIONS[scheme](None, False, 300, 300) for scheme in ("he", "xavier"))
    assert he == pytest.approx(2 * xavier) and math.isclose(xavier, 1 / 300)
