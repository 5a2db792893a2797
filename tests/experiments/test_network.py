"""The experiments' network and harness: gradients, initialisation, training, comparison of results, writing."""

import json
import math

import layout
import numpy as np
import pytest
from experiments import arrangements, centring, harness, network, rates
from experiments.arrangements import ARRANGEMENTS
from experiments.functions import FUNCTIONS
from experiments.network import INITIALISATIONS
from facts import gaussian
from support.counting import counting, more


def small(g, random, widths=(5, 7, 6, 4), bias=0.1):
    return network.initialise(g, widths, INITIALISATIONS["own"], random, bias)


@pytest.mark.parametrize("g", FUNCTIONS.values(), ids=FUNCTIONS)
def test_backward_is_the_derivative_of_the_loss(g):
    random = network.generator(99)
    layers, x, labels = small(g, random), random.normal(size=(3, 5)), np.array([0, 3, 1])
    done = network.forward(g, layers, x)
    gradients, deltas = network.backward(layers, done, network.loss_gradient(done.logits, labels))
    assert [delta.shape for delta in deltas] == [(3, 7), (3, 6)]
    assert_gradients(layers, gradients, lambda: network.loss(network.forward(g, layers, x).logits, labels))


def assert_gradients(layers, gradients, loss):
    """Each number of `gradients` against a difference of the loss for the number of `layers` at its place."""
    step = 1e-6
    for layer, gradient in zip(layers, gradients, strict=True):
        for numbers, derivative in zip(layer, gradient, strict=True):
            assert numbers.shape == derivative.shape
            for index in np.ndindex(numbers.shape):
                losses = []
                for sign in (1, -1):
                    numbers[index] += sign * step
                    losses.append(loss())
                    numbers[index] -= sign * step
                assert derivative[index] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5, abs=1e-8)


def test_the_loss_is_the_mean_cross_entropy():
    logits = np.array([[0.0, 0.0], [math.log(3), 0.0]])
    assert network.loss(logits, np.array([0, 1])) == pytest.approx((math.log(2) + math.log(4)) / 2)
    assert np.allclose(network.loss_gradient(logits, np.array([0, 1])), [[-0.25, 0.25], [0.375, -0.375]])


@pytest.mark.parametrize("scheme, variance", [("he", 2 / 300), ("xavier", 2 / 800), ("own", 1 / 300)])
def test_initialisations_have_the_stated_variance(scheme, variance):
    """Fan-in is the first axis: 300 inputs, 500 units; the second layer of "own" has the gain of the activation."""
    g = FUNCTIONS["tanh"]
    layers = network.initialise(g, (300, 500, 400), INITIALISATIONS[scheme], network.generator(1), bias=-0.5)
    assert [layer.weights.shape for layer in layers] == [(300, 500), (500, 400)]
    assert np.var(layers[0].weights) == pytest.approx(variance, rel=0.02)
    assert np.all(layers[0].biases == -0.5) and np.all(layers[-1].biases == 0)
    if scheme == "own":
        assert np.var(layers[1].weights) == pytest.approx(gaussian.forward_gain(g) ** 2 / 500, rel=0.02)


@pytest.mark.parametrize("g", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_own_gain_keeps_the_signal(g):
    """Over three layers; over many, finite width and unstable fixed points show, which gradient_norms measures."""
    random = network.generator(2)
    layers = network.initialise(g, (1000, 1000, 1000, 1000, 1), INITIALISATIONS["own"], random)
    done = network.forward(g, layers, random.normal(size=(10, 1000)))
    assert [np.mean(z**2) for z in done.pre_activations] == pytest.approx([1, 1, 1], rel=0.15)


def test_a_run_depends_on_its_key_alone():
    network.generator(1).normal(size=100)
    again = network.generator(3, 4).normal(size=5)
    assert np.array_equal(again, network.generator(3, 4).normal(size=5))
    assert not np.array_equal(again, network.generator(4, 3).normal(size=5))


def clouds(random):
    """Two clouds of points, and which is which."""
    labels = random.integers(2, size=200)
    return random.normal(size=(200, 5)) + 4 * labels[:, None], labels


def trained(g, layers, x, labels, step, epochs, random, batch=20):
    """One network, trained in place; how many epochs that took."""
    stacked = network.stack([layers])
    done = sum(
        1 for _ in network.train(network.gradient(g), stacked, x[None], labels[None], step, batch, epochs, [random])
    )
    for layer, run in zip(layers, stacked):
        for numbers, found in zip(layer, run):
            numbers[...] = found[0]
    return done


@pytest.mark.parametrize(
    "step", [network.sgd(0.1), network.sgd(0.1, 0.9), network.adam(0.01)], ids=["sgd", "momentum", "adam"]
)
def test_training_separates_two_clouds(step):
    random = network.generator(5)
    x, labels = clouds(random)
    g = FUNCTIONS["tanh"]
    layers = small(g, random, (5, 7, 2))
    assert trained(g, layers, x, labels, step, 5, random) == 5
    assert network.right(network.forward(g, layers, x).logits, labels) > 0.98


def test_a_run_that_diverges_leaves_the_others_alone():
    """Runs of a stack are as alone; the numbers of one that overflows are no longer finite."""
    g, starts = FUNCTIONS["leaky_relu"], [network.generator(5, run) for run in range(3)]
    networks = [small(g, random, (5, 7, 7, 2)) for random in starts]
    networks[1][0].weights[...] *= 1e200
    x, labels = clouds(network.generator(8))
    together = network.stack(networks)
    data = np.stack([x] * 3), np.stack([labels] * 3)
    list(network.train(network.gradient(g), together, *data, network.sgd(0.05), 20, 3, starts))
    assert network.finite(together).tolist() == [True, False, True]
    starts = [network.generator(5, run) for run in range(3)]
    alone = [small(g, random, (5, 7, 7, 2)) for random in starts]
    for run in (0, 2):
        trained(g, alone[run], x, labels, network.sgd(0.05), 3, starts[run])
        for a, b in zip(alone[run], together):
            assert np.array_equal(a.weights, b.weights[run]) and np.array_equal(a.biases, b.biases[run])


def test_one_step_of_training_goes_down_the_gradient():
    g, random = FUNCTIONS["tanh"], network.generator(6)
    x, labels = random.normal(size=(8, 5)), random.integers(4, size=8)
    layers, start = small(g, network.generator(7)), small(g, network.generator(7))
    gradients = network.gradient(g)(start, x, labels)
    trained(g, layers, x, labels, network.sgd(0.3), 1, random, batch=8)
    for after, before, gradient in zip(layers, start, gradients):
        assert np.allclose(after.weights, before.weights - 0.3 * gradient.weights, rtol=1e-12, atol=1e-15)
        assert np.allclose(after.biases, before.biases - 0.3 * gradient.biases, rtol=1e-12, atol=1e-15)


def test_momentum_is_a_running_mean_of_the_gradients():
    step = network.sgd(0.5, 0.9)
    assert [float(step("w", np.array(gradient))) for gradient in (1.0, 1.0, 0.0)] == pytest.approx(
        [0.5 * 0.1, 0.5 * 0.19, 0.5 * 0.171]
    )
    assert float(step("b", np.array(1.0))) == pytest.approx(0.05)  # each array of numbers has a mean of its own


def test_adam_takes_the_steps_of_its_paper():
    """The first step is the rate, in the direction of the gradient, whatever its size; then the means as defined."""
    step, gradients = network.adam(0.1), [4.0, -1.0, 2.0]
    first = second = 0.0
    for count, gradient in enumerate(gradients, 1):
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        expected = 0.1 * (first / (1 - 0.9**count)) / (math.sqrt(second / (1 - 0.999**count)) + 1e-8)
        assert float(step("w", np.array(gradient))) == pytest.approx(expected, rel=1e-12)
        if count == 1:
            assert expected == pytest.approx(0.1, rel=1e-7)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
@pytest.mark.parametrize("name", ["tanh", "gelu"])
def test_backward_through_each_arrangement(arrangement, name):
    g, random = FUNCTIONS[name], network.generator(9)
    layers = network.stack([arrangements.initialise(arrangement, g, 5, 6, 3, 4, random) for _ in range(2)])
    for layer in layers:
        layer.biases[...] = random.normal(size=layer.biases.shape) / 10
    x, labels = random.normal(size=(2, 7, 5)), random.integers(4, size=(2, 7))
    gradients = arrangements.gradient(arrangement, g)(layers, x, labels)
    assert_gradients(
        layers, gradients, lambda: network.loss(arrangements.forward(arrangement, g, layers, x)[0], labels).sum()
    )


def test_a_plain_arrangement_is_the_plain_network():
    g = FUNCTIONS["tanh"]
    layers = arrangements.initialise("plain", g, 5, 6, 3, 4, network.generator(9))
    x = network.generator(1).normal(size=(8, 5))
    assert np.array_equal(arrangements.forward("plain", g, layers, x)[0], network.forward(g, layers, x).logits)
    same = network.initialise(g, (5, 6, 6, 6, 4), INITIALISATIONS["own"], network.generator(9))
    assert all(np.allclose(a.weights, b.weights, rtol=1e-12) for a, b in zip(layers, same, strict=True))


@pytest.mark.parametrize("axis", [-1, -2])
def test_normalisation_takes_out_mean_and_deviation(axis):
    u = 3 + 2 * network.generator(1).normal(size=(2, 40, 30))
    normal, _ = arrangements.normalise(u, axis, None)
    assert np.allclose(normal.mean(axis=axis), 0, atol=1e-12)
    assert np.allclose(normal.std(axis=axis), 1, rtol=1e-4)  # 1e-5 stands beside a variance of about 4


def test_what_does_not_vary_becomes_0():
    normal, deviation = arrangements.normalise(np.full((3, 4), 7.0), -1, None)
    assert np.all(normal == 0) and deviation == pytest.approx(np.full((3, 1), 1e-5**0.5))


def test_batch_norm_is_tested_with_the_statistics_of_the_training_set():
    """What is tested doesn't change them, and so each example's output is its own."""
    u = network.generator(1).normal(size=(50, 4))
    alone, _ = arrangements.normalise(np.concatenate([u, 5 + u[:1]]), -2, known=50)
    together, _ = arrangements.normalise(np.concatenate([u, 5 + u[:9]]), -2, known=50)
    assert np.array_equal(alone[:51], together[:51]) and np.allclose(alone[:50].mean(axis=0), 0, atol=1e-12)


def test_branches_together_add_as_much_variance_as_there_was():
    g, random = FUNCTIONS["relu"], network.generator(3)
    layers = arrangements.initialise("residual_layer_norm", g, 400, 400, 8, 2, random)
    x = random.normal(size=(20, 400))
    stream = x @ layers[0].weights
    for block in layers[1:-1]:
        normal, _ = arrangements.normalise(stream, -1, None)
        stream = stream + g(normal @ block.weights) @ block.back
    assert np.mean(stream**2) == pytest.approx(2, rel=0.1)


def test_a_sigmoid_network_can_compute_what_a_tanh_network_does():
    g, random = FUNCTIONS["tanh"], network.generator(4)
    layers = small(g, random)
    x = random.normal(size=(6, 5))
    made = centring.as_tanh(layers)
    assert np.allclose(
        network.forward(FUNCTIONS["sigmoid"], made, x).logits,
        network.forward(g, layers, x).logits,
        rtol=1e-12,
        atol=1e-14,
    )


def test_functions_less_their_mean_have_none():
    for name, g in FUNCTIONS.items():
        if name.endswith("_centred") or name == "sigmoid_less_half":
            assert gaussian.mean(g) == pytest.approx(0, abs=1e-14)
    assert FUNCTIONS["sigmoid_times_4"].derivative(0.0) == 1 and FUNCTIONS["leaky_relu_quarter"](-4.0) == -1


def fake(peak, worst=0.0):
    """Tasks -> accuracies that fall away from a rate."""

    def work(task):
        share = 0.9 - 0.1 * abs(math.log10(task[-2] / peak))
        return [(share, share)] * len(rates.GROUPS[task[-1]])

    return work


@pytest.mark.parametrize("peak, chosen", [(0.32, 0.32), (0.19, 0.18), (50, rates.RATES[-1]), (1e-4, rates.RATES[0])])
def test_the_chosen_rate_lies_between_two_that_are_worse(peak, chosen):
    """Or at the end of the grid; all around it have all choosing runs, and the test runs are those at the best rate."""
    work, values, cases = fake(peak), {}, [("x", 3)]
    while todo := [task for task in rates.tasks(cases, values) if task not in values]:
        values |= {task: work(task) for task in todo}
    (entry,) = rates.summarise(cases, values).values()
    assert entry["rate"] == chosen and len(entry["runs"]) == len(rates.SETTINGS["test_runs"])
    i = rates.RATES.index(chosen)
    for rate in rates.RATES[max(0, i - 1) : i + 2]:
        assert entry["tried"][f"{rate:g}"][2] == 8
    assert sum(task[-1] == "test" for task in values) == 1


def test_of_equal_rates_the_smallest_is_chosen():
    values = {("x", rate, group): [(0.5, 0.5)] * 4 for rate in (0.1, 0.18, 0.32) for group in ("first", "more")}
    assert rates.best_rate(("x",), values, [0.32, 0.1, 0.18]) == 0.1


def test_a_run_that_diverges_counts_as_guessing():
    case = ("x",)
    values = {(*case, 0.1, "first"): [(0.9, 0.8), None, (0.9, 0.8), (0.9, 0.8)], (*case, 0.1, "more"): [None] * 4}
    assert rates.score(case, 0.1, values) == pytest.approx((3 * 0.9 + 5 * 0.1) / 8)
    values |= {(*case, 0.1, "test"): [(0.9, 0.8), None]}
    (entry,) = rates.summarise([case], values).values()
    assert (
        entry["runs"] == [0.8, 0.1] and entry["diverged"] == 1 and entry["tried"] == {"0.1": [pytest.approx(0.4), 5, 8]}
    )


def test_test_runs_and_choosing_runs_are_others():
    groups = [set(runs) for runs in rates.GROUPS.values()]
    assert sum(map(len, groups)) == len(set.union(*groups)) and [len(group) for group in groups] == [4, 4, 12]


@pytest.mark.parametrize(
    "found, expected, lines",
    [
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.0005]}, []),
        ({"a": [1.0, 2.0]}, {"a": [1.0, 2.1]}, ["a[1]: found 2.0, expected 2.1 within 0.001"]),
        ({"a": 0.001}, {"a": 0.0025}, ["a: found 0.001, expected 0.0025 within 0.001"]),
        ({"a": 1000.5}, {"a": 1000}, []),
        ({"a": 1002.0}, {"a": 1000}, ["a: found 1002.0, expected 1000 within 0.001"]),
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, ["a: found [1.0], expected [1.0, 2.0]"]),
        ({"a": 1.0}, {"b": 1.0}, [": found {'a': 1.0}, expected {'b': 1.0}"]),
        ({"a": None}, {"a": 1.0}, ["a: found None, expected 1.0"]),
        ({"a": None}, {"a": None}, []),
        ({"a": "nan"}, {"a": "inf"}, ["a: found 'nan', expected 'inf'"]),
    ],
)
def test_differences_are_named(found, expected, lines):
    assert harness.differences(found, expected, 0.001) == lines


def test_plain_values_are_json():
    value = {"a": np.array([1.23456789, math.nan]), "b": np.int64(3), "c": (True, "x", None, np.float64(math.inf))}
    assert harness.plain(value) == {"a": [1.235, None], "b": 3, "c": [True, "x", None, None]}


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "x.json"
    value = {"b": {"c": [1, 2]}, "a": {"d": 1, "e": 2}}
    harness.write(file, value)
    assert json.loads(file.read_text()) == value
    assert file.read_text() == '{\n "a": {"d": 1, "e": 2},\n "b": {\n  "c": [1, 2]\n }\n}\n'
    with pytest.raises(ValueError):
        harness.write(file, {"a": math.nan})
    assert json.loads(file.read_text()) == value and list(tmp_path.iterdir()) == [file]


def test_quartiles_are_over_the_runs():
    assert {k: v.tolist() for k, v in harness.quartiles([[1, 10], [2, 20], [3, 30], [4, 40], [5, 50]]).items()} == {
        "q1": [2, 20],
        "median": [3, 30],
        "q3": [4, 40],
    }


def test_progress_is_shown_on_a_terminal_alone(capsys, monkeypatch):
    harness.progress(1, 2, "relu/he", 3.0)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    harness.progress(1, 2, "relu/he", 3.0)
    assert "1/2" in (shown := capsys.readouterr().err) and "3 s left" in shown and "relu/he" in shown


# Running some cases again.


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "RESULTS", tmp_path)
    experiment = counting()
    harness.write(harness.path(experiment), harness.run(experiment, experiment.cases()))
    return harness.committed(experiment)


@pytest.mark.parametrize("only, again", [("a", {"a/x", "a/y"}), ("x", {"a/x", "b/x"}), ("a/y", {"a/y"})])
def test_some_cases_are_run_again_and_join_the_file(only, again, written):
    file = harness.joined(counting(work=more), only)
    assert {case for case in file["results"] if file["results"][case] != written["results"][case]} == again
    assert file["results"].keys() == written["results"].keys()
    assert file["joined"][only]["versions"] == written["versions"] and file["first"] == {"a/x/0": 13}


def test_a_function_joins_the_file(written):
    grown = counting(settings={"activations": ["a", "b", "c"], "runs": 2}, cases=lambda: [("a", "x"), ("c", "x")])
    file = harness.joined(grown, "c")
    assert file["results"] == written["results"] | {"c/x": {"sum": 7}}
    assert file["settings"]["activations"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "change, only, said",
    [
        ({}, "z", "found no case 'z', expected one of a, x, y, b"),
        ({"settings": {"activations": ["a", "b"], "runs": 3}}, "a", "found runs = 3 in the code and 2 in "),
    ],
)
def test_what_cannot_join_is_one_clear_line(change, only, said, written, capsys, monkeypatch):
    before = harness.path(counting()).read_bytes()
    monkeypatch.setattr("sys.argv", ["counting", "--only", only])
    with pytest.raises(SystemExit) as end:
        harness.main(counting(**change))
    assert end.value.code.startswith(f"counting: {said}") and "\n" not in end.value.code
    assert harness.path(counting()).read_bytes() == before
