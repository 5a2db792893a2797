"""The guides' snippets: each finds its trouble in a network built to have it, and none in a healthy one."""

import importlib

import numpy as np
import pytest
from experiments.functions import FUNCTIONS
from experiments.network import INITIALISATIONS, backward, forward, generator, initialise, loss_gradient
from facts.gaussian import forward_gain


def numpy_snippet(name):
    return importlib.import_module(f"experiments.snippets.{name}_numpy")


class Run:
    """One forward and backward pass of a random network."""

    def __init__(self, name, variance, depth=10, width=100, bias=0.0, scale=1.0, seed=0):
        self.g, random = FUNCTIONS[name], generator(7, seed)
        layers = initialise(self.g, [width] * (depth + 1) + [10], variance, random, bias)
        done = forward(self.g, layers, random.normal(size=(200, width)))
        delta = scale * loss_gradient(done.logits, random.integers(10, size=200))
        gradients, deltas = backward(layers, done, delta)
        self.gradients, self.deltas = [gradient.weights for gradient in gradients], [*deltas, delta]
        self.pre_activations, self.outputs, self.slope = done.pre_activations, done.inputs[1:], self.g.derivative


def scaled(sigma_w):
    return lambda g, first, fan_in, fan_out: sigma_w**2 / fan_in


HE, XAVIER, OWN = (INITIALISATIONS[scheme] for scheme in ("he", "xavier", "own"))


@pytest.mark.parametrize("name, variance", [("relu", HE), ("tanh", OWN), ("gelu", OWN)])
@pytest.mark.parametrize("seed", range(3))
def test_a_healthy_network_has_no_trouble(name, variance, seed):
    run = Run(name, variance, depth=5, seed=seed)
    assert numpy_snippet("gradients").gradient_trouble(run.deltas) == []
    assert numpy_snippet("dead_units").dead_unit_trouble(run.pre_activations, run.slope) == []
    assert numpy_snippet("dead_units").dead_unit_trouble(run.pre_activations, run.slope, threshold=0.01) == []
    assert numpy_snippet("initialisation").initialisation_trouble(run.pre_activations) == []
    assert numpy_snippet("low_precision").low_precision_trouble(run.gradients) == []
    assert numpy_snippet("zero_centred").centre_trouble(run.outputs) == []
    assert numpy_snippet("saturation").saturation_trouble(run.pre_activations, run.slope, limit=0.7) == []


def layers_named(lines):
    return [int(line.split(":")[0].removeprefix("layer ")) for line in lines]


def test_vanishing_and_exploding_gradients():
    find = numpy_snippet("gradients").gradient_trouble
    for run, verb in (
        (Run("sigmoid", XAVIER), "vanishes"),
        (Run("relu", XAVIER, depth=30), "vanishes"),
        (Run("relu", scaled(5)), "explodes"),
        (Run("tanh", scaled(8), depth=20), "explodes"),
    ):
        lines = find(run.deltas)
        assert layers_named(lines) == list(range(1, len(lines) + 1)) and len(lines) >= 3
        assert all(verb in line for line in lines)
    assert find([np.array([[np.nan]]), np.array([[1.0]])]) == ["layer 1: the gradient is nan"]
    assert find([np.array([[0.0]]), np.array([[1.0]])]) == [
        "layer 1: the gradient vanishes, 0.0e+00 against 1.0e+00 in the last layer"
    ]


def test_the_gradients_of_the_weights_hide_it_in_relu_networks():
    """As the snippet says: without biases, <W, d loss / d W> is the same in all layers of a ReLU network."""
    sizes = [np.linalg.norm(gradient) for gradient in Run("relu", XAVIER, depth=30).gradients[:-1]]
    assert max(sizes) < 3 * min(sizes)


def test_saturation():
    find = numpy_snippet("saturation").saturation_trouble
    run = Run("tanh", scaled(10))
    assert layers_named(find(run.pre_activations, run.slope)) == list(range(1, 11))
    healthy = Run("tanh", OWN)
    assert find(healthy.pre_activations, healthy.slope) == []
    assert find([np.full((5, 3), 9.0)], run.slope) == ["layer 1: 100% of the slopes are below 5% of the largest"]


def test_dead_units():
    find = numpy_snippet("dead_units").dead_unit_trouble
    run = Run("relu", HE, bias=-3.0)
    assert layers_named(find(run.pre_activations, run.slope))[-1] == 10
    z = np.array([[-1.0, 2.0, -3.0], [-1.0, -2.0, -0.5]])
    assert find([z], run.slope) == ["layer 1: 2 of 3 units are dead: [0, 2]"]
    leaky = FUNCTIONS["leaky_relu"].derivative
    assert find([z], leaky) == [] and find([z], leaky, threshold=0.01) == ["layer 1: 2 of 3 units are dead: [0, 2]"]


def test_outputs_that_are_not_centred():
    find = numpy_snippet("zero_centred").centre_trouble
    assert layers_named(find(Run("sigmoid", XAVIER).outputs)) == list(range(2, 11))
    assert find([np.full((100, 4), 0.5)]) == ["layer 1: 100% of the output is the same for all examples"]


def test_bad_initialisation():
    module = numpy_snippet("initialisation")
    assert layers_named(module.initialisation_trouble(Run("relu", scaled(0.5)).pre_activations))[-1] == 10
    assert layers_named(module.initialisation_trouble(Run("relu", scaled(5)).pre_activations))[-1] == 10
    for g in FUNCTIONS.values():
        assert module.gain(g) == pytest.approx(forward_gain(g), rel=5e-3)


def test_low_precision():
    find = numpy_snippet("low_precision").low_precision_trouble
    lost = find(Run("sigmoid", XAVIER).gradients)
    assert layers_named(lost)[0] == 1 and "multiply the loss" in lost[0]
    assert find([np.array([1e6, 1.0])]) == ["layer 1: the gradient overflows, its largest entry is 1.0e+06"]
    assert find([np.zeros(3)]) == []
    assert find(Run("sigmoid", XAVIER, depth=4, scale=1024).gradients) == []


# The same with PyTorch, where it is installed.


def torch_snippet(name):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    return importlib.import_module(f"experiments.snippets.{name}_torch")


def torch_run(kind, gain, depth=10, width=100, bias=0.0):
    """A model after one backward pass, its inputs, and its loss."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.manual_seed(0)
    layers = []
    for fan_out in [width] * depth + [10]:
        linear = torch.nn.Linear(width, fan_out)
        torch.nn.init.normal_(linear.weight, std=gain / width**0.5)
        torch.nn.init.constant_(linear.bias, bias)
        layers += [linear, getattr(torch.nn, kind)()]
    model, x, y = torch.nn.Sequential(*layers[:-1]), torch.randn(200, width), torch.randint(10, (200,))
    loss = lambda: torch.nn.functional.cross_entropy(model(x), y)  # noqa: E731
    loss().backward()
    return model, x, loss


@pytest.mark.parametrize("kind, gain", [("ReLU", 2**0.5), ("Tanh", 1.2), ("GELU", 1.53)])
def test_a_healthy_torch_model_has_no_trouble(kind, gain):
    model, x, loss = torch_run(kind, gain, depth=5)
    assert torch_snippet("gradients").gradient_trouble(model, loss) == []
    assert torch_snippet("saturation").saturation_trouble(model, x) == []
    assert torch_snippet("dead_units").dead_unit_trouble(model, x.split(50)) == []
    assert torch_snippet("zero_centred").centre_trouble(model, x) == []
    assert torch_snippet("initialisation").initialisation_trouble(model, x) == []
    assert torch_snippet("low_precision").low_precision_trouble(model) == []
    assert all(not module._forward_hooks for module in model.modules())


def test_torch_gradients():
    find = torch_snippet("gradients").gradient_trouble
    model, _, loss = torch_run("Sigmoid", 1.0)
    before = model[0].weight.grad.clone()
    lines = find(model, loss)
    assert lines[0].startswith("0: the gradient vanishes") and len(lines) >= 3
    assert (model[0].weight.grad == before).all()  # it leaves the gradients alone
    for kind, gain, depth, verb in (
        ("ReLU", 5.0, 10, "explodes"),
        ("Tanh", 8.0, 20, "explodes"),
        ("ReLU", 1.0, 30, "vanishes"),
    ):
        model, _, loss = torch_run(kind, gain, depth)
        assert find(model, loss)[0].startswith(f"0: the gradient {verb}")


def test_torch_saturation():
    find = torch_snippet("saturation").saturation_trouble
    assert [line.split(":")[0] for line in find(*torch_run("Tanh", 10.0)[:2])] == [str(i) for i in range(1, 20, 2)]


def test_torch_dead_units():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    find = torch_snippet("dead_units").dead_unit_trouble
    model, x, _ = torch_run("ReLU", 2**0.5, bias=-3.0)
    assert find(model, x.split(50))[-1].startswith("19: 100 of 100 units are dead")
    # Alive in one batch only: not dead.
    one = torch.nn.Sequential(torch.nn.ReLU())
    assert find(one, [torch.tensor([[-1.0, -1.0]]), torch.tensor([[1.0, -1.0]])]) == ["0: 1 of 2 units are dead: [1]"]
    leaky = torch.nn.Sequential(torch.nn.LeakyReLU())
    assert find(leaky, [-torch.ones(3, 2)], kinds=(torch.nn.LeakyReLU,)) == []
    assert find(leaky, [-torch.ones(3, 2)], kinds=(torch.nn.LeakyReLU,), threshold=0.01) == [
        "0: 2 of 2 units are dead: [0, 1]"
    ]
    images = torch.stack([torch.ones(4, 5, 5), -torch.ones(4, 5, 5)], dim=1)
    assert find(one, [images]) == ["0: 1 of 2 units are dead: [1]"]


def test_torch_outputs_that_are_not_centred():
    lines = torch_snippet("zero_centred").centre_trouble(*torch_run("Sigmoid", 1.0)[:2])
    assert len(lines) == 9 and "the same for all examples" in lines[0]


def test_torch_bad_initialisation():
    module = torch_snippet("initialisation")
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    small = module.initialisation_trouble(*torch_run("ReLU", 0.5)[:2])
    assert small[-1].startswith("20: the pre-activations have the size")
    assert module.initialisation_trouble(*torch_run("ReLU", 5.0)[:2]) != []
    assert module.gain(torch.nn.functional.relu) == pytest.approx(2**0.5, rel=5e-3)


def test_torch_low_precision():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    find = torch_snippet("low_precision").low_precision_trouble
    assert "multiply the loss" in find(torch_run("Sigmoid", 1.0)[0])[0]
    model = torch.nn.Linear(1, 1)
    model.weight.grad = torch.full((1, 1), 1e6)
    assert find(model) == ["weight: the gradient overflows, its largest entry is 1.0e+06"]
