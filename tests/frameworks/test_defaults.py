"""The tables of docs/tables/defaults.md against the signatures that the record has."""

import ast
import re

import frameworks
from frameworks import defaults
from layout import ROOT

PAGE = (ROOT / "docs" / "tables" / "defaults.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `((?:torch|keras|jax|tf|flax)\.[\w.]+)` \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
RECORD = frameworks.read()
# Recorded for other pages, which say which axis is split, and that TensorFlow's SiLU has a parameter.
ELSEWHERE = {"torch.nn.GLU", "jax.nn.glu", "keras.activations.glu", "tf.nn.silu"}


def test_the_page_shows_what_is_recorded():
    shown = {
        call: dict(
            zip(re.findall(r"`(\w+)`", names), map(ast.literal_eval, values.replace("*", "").split(", ")), strict=True)
        )
        for call, names, values in ROWS
    }
    recorded = defaults.rows(RECORD)
    assert shown == {call: given for call, given in recorded.items() if call not in ELSEWHERE}
    asked = {call: names for calls in defaults.PARAMETERS.values() for call, names in calls.items()}
    assert {call: tuple(given) for call, given in recorded.items()} == asked


def test_the_page_names_the_versions():
    for key, answer in RECORD["defaults"].items():
        assert frameworks.named(key, answer) in " ".join(PAGE.split())


def test_the_function_pages_say_the_recorded_defaults():
    folder = ROOT / "docs" / "functions"
    page = {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in ("glu", "prelu", "silu")}
    recorded = defaults.rows(RECORD)
    assert recorded["torch.nn.GLU"] == {"dim": -1} and "glu(input, dim=-1)" in page["glu"]
    assert recorded["jax.nn.glu"] == {"axis": -1} and "jax.nn.glu(x, axis=-1)" in page["glu"]
    assert recorded["keras.activations.glu"] == {"axis": -1} and "keras.activations.glu(x, axis=-1)" in page["glu"]
    assert recorded["tf.nn.silu"] == {"beta": 1.0} and "`beta=1.0`" in page["silu"]
    assert recorded["keras.layers.PReLU"] == {"alpha_initializer": "Zeros"}
    exact = {"torch.nn.GELU": "none", "keras.activations.gelu": False, "tf.nn.gelu": False}
    other = {"keras.ops.gelu": True, "jax.nn.gelu": True}
    assert all(recorded[call] == {"approximate": default} for call, default in (exact | other).items())
    for layer, start in (("torch.nn.PReLU", "0.25"), ("flax.linen.PReLU", "**0.01**"), ("keras.layers.PReLU", "**0**")):
        assert f"`{layer}` | {start} |" in page["prelu"]
        [value] = recorded[layer].values()
        assert value in (float(start.strip("*")), "Zeros")


def test_leaky_relu_names_its_three_defaults():
    page = " ".join((ROOT / "docs" / "functions" / "leaky_relu.md").read_text(encoding="utf-8").split())
    recorded = defaults.rows(RECORD)
    slopes = [
        recorded[call] for call in ("torch.nn.functional.leaky_relu", "tf.nn.leaky_relu", "keras.layers.LeakyReLU")
    ]
    assert [value for given in slopes for value in given.values()] == [0.01, 0.2, 0.3]
    assert recorded["jax.nn.leaky_relu"] == slopes[0] and [*recorded["keras.activations.leaky_relu"].values()] == [0.2]
    assert (
        "The same name, three defaults: 0.01 in PyTorch, JAX and NNlib; 0.2 in TensorFlow and in the activation of "
        "Keras; 0.3 in the layer of Keras." in page
    )


def test_gelu_s_page_says_which_form_each_call_is():
    page = (ROOT / "docs" / "functions" / "gelu.md").read_text(encoding="utf-8")
    for call in ("PyTorch `torch.nn.functional.gelu`", "Keras `keras.activations.gelu`", "TensorFlow `tf.nn.gelu`"):
        assert f"| {call} | exact; " in page
    assert "| JAX `jax.nn.gelu` | **tanh form**; " in page and "`keras.ops.gelu` has the opposite" in page
