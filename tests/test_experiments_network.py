"""The experiments' network and harness: gradients, initialisation, training, comparison of results, writing."""

import json
import math

import numpy as np
import pytest

from experiments import harness, network
from experiments.network import ELEMENTWISE, INITIALISATIONS
from reference import gaussian


def small(g, random, widths=(5, 7, 6, 4), bias=0.1):
    return network.initialise(g, widths, INITIALISATIONS["own"], random, bias)


@pytest.mark.parametrize("g", ELEMENTWISE.values(), ids=ELEMENTWISE)
def test_backward_is_the_derivative_of_the_loss(g):
    random = network.generator(99)
    layers, x, labels = small(g, random), random.normal(size=(3, 5)), np.array([0, 3, 1])
    done = network.forward(g, layers, x)
    gradients, deltas = network.backward(layers, done, network.loss_gradient(done.logits, labels))
    assert [delta.shape for delta in deltas] == [(3, 7), (3, 6)]
    step = 1e-6
    for layer, gradient in zip(layers, gradients):
        for numbers, derivative in zip(layer, gradient):
            assert numbers.shape == derivative.shape
            for index in np.ndindex(numbers.shape):
                losses = []
                for sign in (1, -1):
                    numbers[index] += sign * step
                    losses.append(network.loss(network.forward(g, layers, x).logits, labels))
                    numbers[index] -= sign * step
                assert derivative[index] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5, abs=1e-8)


def test_the_loss_is_the_mean_cross_entropy():
    logits = np.array([[0.0, 0.0], [math.log(3), 0.0]])
    assert network.loss(logits, np.array([0, 1])) == pytest.approx((math.log(2) + math.log(4)) / 2)
    assert np.allclose(network.loss_gradient(logits, np.array([0, 1])), [[-0.25, 0.25], [0.375, -0.375]])


@pytest.mark.parametrize("scheme, variance", [("he", 2 / 300), ("xavier", 2 / 800), ("own", 1 / 300)])
def test_initialisations_have_the_stated_variance(scheme, variance):
    """Fan-in is the first axis: 300 inputs, 500 units; the second layer of "own" has the gain of the activation."""
    g = ELEMENTWISE["tanh"]
    layers = network.initialise(g, (300, 500, 400), INITIALISATIONS[scheme], network.generator(1), bias=-0.5)
    assert [layer.weights.shape for layer in layers] == [(300, 500), (500, 400)]
    assert np.var(layers[0].weights) == pytest.approx(variance, rel=0.02)
    assert np.all(layers[0].biases == -0.5) and np.all(layers[-1].biases == 0)
    if scheme == "own":
        assert np.var(layers[1].weights) == pytest.approx(gaussian.forward_gain(g) ** 2 / 500, rel=0.02)


@pytest.mark.parametrize("g", ELEMENTWISE.values(), ids=ELEMENTWISE)
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


def test_training_separates_two_clouds_and_ends_early_where_it_diverges():
    random = network.generator(5)
    labels = random.integers(2, size=200)
    x = random.normal(size=(200, 5)) + 4 * labels[:, None]
    g = ELEMENTWISE["tanh"]
    layers = small(g, random, (5, 7, 2))
    assert len(list(network.train(g, layers, x, labels, 0.1, 20, 5, random))) == 5
    assert network.accuracy(g, layers, x, labels) > 0.98
    g = ELEMENTWISE["leaky_relu"]
    layers = small(g, random, (5, 7, 7, 2))
    assert len(list(network.train(g, layers, x, labels, 1e9, 20, 50, random))) < 50


def test_one_step_of_training_goes_down_the_gradient():
    g, random = ELEMENTWISE["tanh"], network.generator(6)
    x, labels = random.normal(size=(8, 5)), random.integers(4, size=8)
    layers, start = small(g, network.generator(7)), small(g, network.generator(7))
    done = network.forward(g, start, x)
    gradients, _ = network.backward(start, done, network.loss_gradient(done.logits, labels))
    list(network.train(g, layers, x, labels, 0.3, 8, 1, random))
    for after, before, gradient in zip(layers, start, gradients):
        assert np.allclose(after.weights, before.weights - 0.3 * gradient.weights, rtol=1e-12, atol=1e-15)
        assert np.allclose(after.biases, before.biases - 0.3 * gradient.biases, rtol=1e-12, atol=1e-15)


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
        "q1": [2, 20], "median": [3, 30], "q3": [4, 40],
    }


def test_progress_is_shown_on_a_terminal_alone(capsys, monkeypatch):
    harness.progress(1, 2, "relu/he", 3.0)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    harness.progress(1, 2, "relu/he", 3.0)
    assert "1/2" in (shown := capsys.readouterr().err) and "3 s left" in shown and "relu/he" in shown
