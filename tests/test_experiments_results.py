"""The committed results: their beginnings can be reproduced, they belong to the code as it stands, theory fits them."""

import importlib
import json
import math

import numpy as np
import pytest

import experiments
from experiments import dead_units, digits, gradient_norms, harness, saturation
from experiments.network import ELEMENTWISE, INITIALISATIONS
from reference import gaussian

EXPERIMENTS = {name: importlib.import_module(f"experiments.{name}").EXPERIMENT for name in experiments.EXPERIMENTS}
every_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


def committed(experiment):
    return json.loads(harness.path(experiment).read_text())


def test_every_result_has_its_experiment():
    assert {file.stem for file in harness.RESULTS.iterdir()} == set(EXPERIMENTS)


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
    assert result["settings"] == harness.plain(experiment.settings)
    assert result["about"] == experiment.about.strip()
    assert result["first"].keys() == {harness.key(task) for task in experiment.short()}
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


@pytest.mark.parametrize("module, places", [(gradient_norms, ["by_depth", "profile"]), (saturation, [])])
def test_every_elementwise_function_is_in(module, places):
    results = committed(module.EXPERIMENT)["results"]
    for place in [results[name] for name in places] or [results]:
        assert {case.split("/")[0] for case in place} == set(ELEMENTWISE)


def test_all_were_trained_from_all_initialisations_at_all_depths():
    results = committed(digits.EXPERIMENT)["results"]
    assert results.keys() == {harness.key(setting) for setting in digits.settings()}
    assert all(len(entry["runs"]) == len(digits.SETTINGS["runs"]) for entry in results.values())
    assert not set(digits.SETTINGS["runs"]) & set(digits.SETTINGS["choosing_runs"])
    for entry in results.values():
        assert entry["median"] == pytest.approx(np.median(entry["runs"]), abs=1e-3)


def test_training_validation_and_test_set_share_nothing():
    sets = [digits.digits(run) for run in (0, 7)]
    for parts in sets:
        assert [len(part.x) for part in parts] == [1047, 300, 450]
        assert np.mean(parts[0].x ** 2) == pytest.approx(1, rel=1e-12)
    (train, _, test), (other_train, _, other_test) = sets
    assert np.array_equal(test.labels, other_test.labels)
    assert not np.array_equal(train.labels, other_train.labels)
    # Identical images are compared up to the scaling by the training set's mean and deviation.
    rows = [{tuple(np.argsort(row, kind="stable")) + (label,) for row, label in zip(*part)} for part in sets[0]]
    assert len(rows[0] & rows[2]) <= 2 and len(rows[1] & rows[2]) <= 2


@pytest.mark.parametrize("case", gradient_norms.cases(), ids="/".join)
def test_the_theory_in_the_file_is_the_theory_of_the_module(case):
    results = committed(gradient_norms.EXPERIMENT)["results"]
    depth = gradient_norms.SETTINGS["profile_depth"]
    layers = np.array(gradient_norms.SETTINGS["profile_layers"]) - 1
    prediction = gradient_norms.predict(*case, depth)
    for quantity, numbers in results["profile"]["/".join(case)].items():
        assert numbers["theory"] == pytest.approx(prediction[quantity][layers], rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("case", ["/".join(case) for case in gradient_norms.SETTINGS["width_cases"]])
def test_wider_networks_come_nearer_to_the_theory(case):
    """In the mean square over the runs, from the narrowest to the widest network."""
    by_width = committed(gradient_norms.EXPERIMENT)["results"]["by_width"][case]
    ends = [by_width[str(width)]["gradient_first_layer"] for width in gradient_norms.SETTINGS["widths"]]
    gaps = [abs(end["rms"] - end["theory"]) for end in ends]
    assert gaps[-1] < gaps[0]


def test_theory_and_measurement_agree():
    """The theory lies within the range of the runs, but for a few cases whose variance has no fixed point to go to."""
    by_depth = committed(gradient_norms.EXPERIMENT)["results"]["by_depth"]
    ends = {(case, depth): end["gradient_first_layer"] for case in by_depth for depth, end in by_depth[case].items()}
    outside = {case for (case, _), end in ends.items() if not end["low"] <= end["theory"] <= end["high"]}
    for case in outside:
        name, scheme = case.split("/")
        sigma_w = math.sqrt(INITIALISATIONS[scheme](ELEMENTWISE[name], False, 1, 1))
        points = gaussian.fixed_points(ELEMENTWISE[name], sigma_w)
        assert not any(point.attracting and point.q for point in points), case
    assert len(outside) <= 6


def test_a_dead_unit_of_the_first_layer_stays_dead():
    """Its inputs never change, and with a gradient of 0 neither do its weights; so it is, whatever the rate."""
    results = committed(dead_units.EXPERIMENT)["results"]
    found = [entry for name, entry in results.items() if name.startswith("relu/") and "ever_stuck" in entry]
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
