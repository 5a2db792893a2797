"""What pages say of frameworks is what the record holds; the lines that it holds run again where they are installed."""

import copy
import dataclasses
import json
import math
import re
import subprocess
import sys

import frameworks
import layout
import numpy as np
import pytest
from derivations.evaluate import Evaluator
from flint import arb
from frameworks import entries, floating_point, kinks, models, run
from language.displays import read_definitions
from language.page import read
from language.scope import Scope
from layout import ROOT
from publish import code, found
from publish import models as tables_of_models
from records import FRESH, NOT_RUN, STALE
from reference import CATALOGUE

RECORD = frameworks.read()
LINES = [(f.name, key, call) for f in CATALOGUE.values() for key, call in f.frameworks.items()]
DOCS = {
    path: path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md") if "generated" not in path.parts
}
MODELS = RECORD["models"]["transformers"]


# The lines on the pages


@pytest.mark.parametrize("name, key, call", LINES)
def test_what_was_run_agrees_with_the_module(name, key, call):
    if frameworks.state(CATALOGUE[name], key, RECORD) == FRESH:
        ran = RECORD[name][key]
        # Some frameworks keep constants such as 1/6 in float32.
        assert ran["line"] == frameworks.line(call) and ran["value"] < 1e-7 and ran["slope"] < 1e-7


@pytest.mark.parametrize("f", [f for f in CATALOGUE.values() if f.kinks() and f.smoothness < 1], ids=lambda f: f.name)
def test_slopes_at_kinks_lie_between_the_sides_and_torch_s_is_the_module_s(f):
    for key, ran in RECORD.get(f.name, {}).items():
        for kink in f.kinks() if frameworks.state(f, key, RECORD) == FRESH else ():
            slope = ran["kinks"][repr(float(kink))]
            sides = [float(f.derivative(np.nextafter(kink, end))) for end in (-np.inf, np.inf)]
            assert min(sides) - 1e-6 <= slope <= max(sides) + 1e-6
            if key == "torch":
                assert slope == pytest.approx(float(f.derivative(kink)), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("f", CATALOGUE.values(), ids=lambda f: f.name)
def test_the_page_shows_the_lines_and_versions_of_the_record(f):
    page = (ROOT / "docs" / "functions" / f"{f.name}.md").read_text(encoding="utf-8")
    assert f'--8<-- "{f.name}/calls.md"' in page and f'--8<-- "{f.name}/source.md"' in page
    shown = code.calls(f, RECORD)
    for key, call in f.frameworks.items():
        state = frameworks.state(f, key, RECORD)
        comment = frameworks.named(key, RECORD[f.name][key]) if state == FRESH else f"{frameworks.NAMES[key]}, not run"
        assert re.search(rf"^# {re.escape(comment)}.*\n{re.escape(frameworks.line(call))}\n", shown, re.MULTILINE)
    assert all(f"    {line}".rstrip() in code.source(f) for line in f.source.splitlines())


def test_a_line_that_was_not_run_is_shown_as_such_and_never_with_another_s_answer():
    f = CATALOGUE["gelu"]
    record = copy.deepcopy(RECORD)
    record["gelu"]["jax"] |= {"line": "jax.nn.gelu(z)", "value": 0.1}  # by default, another form
    del record["gelu"]["keras"]
    assert [frameworks.state(f, key, record) for key in ("torch", "jax", "keras")] == [FRESH, STALE, NOT_RUN]
    shown = code.calls(f, record)
    assert "# JAX, not run since its entry was changed\njax.nn.gelu(z, approximate=False)\n" in shown
    assert "# Keras, not run yet\nkeras.activations.gelu(z)\n" in shown
    assert "# PyTorch 2" in shown and "differ from those of this site's module by less than" in shown
    assert "$10^{-1}$" not in shown and "$10^{0}$" not in shown
    del record["gelu"]
    shown = code.calls(f, record)
    assert shown.count("not run yet") == 3 and "Run in float64" not in shown


def test_a_kink_that_moved_makes_an_answer_stale():
    f = dataclasses.replace(CATALOGUE["relu"], kink_points=(1.0,))
    assert frameworks.state(CATALOGUE["relu"], "torch", RECORD) == FRESH
    assert frameworks.state(f, "torch", RECORD) == STALE and "At $" not in code.calls(f, RECORD)


def test_a_function_that_no_framework_has():
    f = dataclasses.replace(CATALOGUE["gelu"], frameworks={})
    assert code.calls(f, RECORD) == "PyTorch, JAX and Keras have no call for GELU.\n"


def test_the_words_bound_the_largest_difference():
    f = CATALOGUE["gelu"]
    record = copy.deepcopy(RECORD)
    record["gelu"]["jax"]["slope"] = 2e-9
    assert "less than $10^{-8}$" in code.calls(f, record)
    for ran in record["gelu"].values():
        ran["value"] = ran["slope"] = 0.0
    assert "are equal to" in code.calls(f, record)


def test_differing_slopes_at_a_kink_are_told():
    text = code.calls(CATALOGUE["leaky_relu"], RECORD)
    assert "0.01 in PyTorch and Keras and 1 in JAX" in text
    assert "no derivative" not in code.calls(CATALOGUE["gelu"], RECORD)


@pytest.mark.parametrize(
    "call, line",
    [
        ("torch.tanh", "torch.tanh(z)"),
        ("jax.nn.gelu(approximate=False)", "jax.nn.gelu(z, approximate=False)"),
        ("torch.prelu(weight=z.new_tensor(0.25))", "torch.prelu(z, weight=z.new_tensor(0.25))"),
        ("torch.nn.functional.relu(z) ** 2", "torch.nn.functional.relu(z) ** 2"),
        ("jax.numpy.square(jax.nn.relu(z))", "jax.numpy.square(jax.nn.relu(z))"),
        ("-torch.relu(-z)", "-torch.relu(-z)"),
    ],
)
def test_a_call_as_a_line_of_code(call, line):
    assert frameworks.line(call) == line


@pytest.mark.parametrize("call", ["", "f(", "f()", "f(2)", "f(x) ** 2", "f; g(z)"])
def test_what_is_no_call_is_refused(call):
    with pytest.raises(ValueError, match="found the call .* expected a name"):
        frameworks.line(call)


def test_every_call_of_the_catalogue_is_a_line_of_code():
    assert all(frameworks.line(call) for _, _, call in LINES)


def test_a_line_that_a_framework_refuses_is_named():
    class Refusing:
        def derivatives(self, *arguments):
            raise AttributeError("module 'torch' has no attribute 'sigmoi'")

    f = dataclasses.replace(CATALOGUE["sigmoid"], frameworks={"torch": "torch.sigmoi"})
    said = "sigmoid, torch: torch.sigmoi.z.: AttributeError: module 'torch' has no attribute 'sigmoi'"
    with pytest.raises(run.LineError, match=said):
        run.ask(f, "torch", Refusing())


# Versions


def test_every_version_that_a_page_names_is_one_of_the_record():
    """PyTorch 2.6 alone is named for what it did."""
    recorded = {frameworks.named(key, answer) for answers in RECORD.values() for key, answer in answers.items()}
    names = "|".join(frameworks.NAMES.values())
    version = rf"(?:{names}) \d+\.[\d.]*\d"
    named = {found for text in DOCS.values() for found in re.findall(version, " ".join(text.split()))}
    assert named <= recorded | {"PyTorch 2.6"}


def test_the_requirements_are_the_versions_of_the_record():
    text = (ROOT / "scripts" / "frameworks" / "requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^(\w+)==([\d.]+)", text, re.MULTILINE))
    used = {item for answers in RECORD.values() for answer in answers.values() for item in answer["versions"].items()}
    assert used <= pinned.items() and set(frameworks.NAMES) <= set(pinned)
    site = dict(re.findall(r"^(\w+)==([\d.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    assert pinned["numpy"] == site["numpy"]


def test_the_workflow_checks_the_record_every_week():
    text = (ROOT / ".github" / "workflows" / "frameworks.yml").read_text(encoding="utf-8")
    assert "schedule:" in text
    assert "scripts/frameworks/requirements.txt" in text and "python -m frameworks --check" in text


# The record


def test_entries_and_answers_are_those_that_the_code_asks_for():
    assert set(entries.TABLES) <= set(RECORD) <= set(entries.ENTRIES)
    rows = [
        (key, row["order"], row["title"], row["z"], row["line"])
        for key, answer in RECORD["kinks"].items()
        for row in answer["rows"]
    ]
    assert sorted(rows) == sorted(
        (key, order, title, z, line) for order, title, z, lines in kinks.ROWS for key, line in lines.items()
    )
    asked = {(key, name) for name, question in floating_point.QUESTIONS.items() for key in question.lines}
    assert {(key, name) for key, answer in RECORD["floating_point"].items() for name in answer["found"]} == asked


def test_one_entry_again_leaves_the_others_and_their_versions():
    new = {"versions": {"torch": "9.9"}, "line": "torch.sigmoid(z)", "value": 0.0, "slope": 0.0}
    missing = [key for key in frameworks.NAMES if key != "torch"]
    record = entries.merged(RECORD, {"sigmoid": {"torch": new}}, missing)
    assert record["sigmoid"]["torch"] == new
    assert {**record, "sigmoid": {**record["sigmoid"], "torch": RECORD["sigmoid"]["torch"]}} == RECORD
    assert "# PyTorch 9.9\n" in code.calls(CATALOGUE["sigmoid"], record)
    assert f"# PyTorch {RECORD['tanh']['torch']['versions']['torch']}\n" in code.calls(CATALOGUE["tanh"], record)


def test_an_entry_that_nobody_answers_has_no_place_in_the_record():
    assert "sigmoid" not in entries.merged({}, {"sigmoid": {}}, [])


def test_a_call_that_changed_keeps_its_old_answer_until_it_is_run():
    """As the framework is missing here; the page shows no more than that it was not run."""
    f = dataclasses.replace(CATALOGUE["sigmoid"], frameworks={"torch": "torch.special.expit"})
    record = entries.merged(RECORD, {"sigmoid": {}}, list(frameworks.NAMES))
    assert record["sigmoid"] == RECORD["sigmoid"]
    assert code.calls(f, record) == (
        "```python\n# PyTorch, not run since its entry was changed\ntorch.special.expit(z)\n```\n"
    )


def test_what_an_installed_framework_no_longer_answers_goes():
    record = entries.merged(RECORD, {"sigmoid": {}}, ["jax"])
    assert list(record["sigmoid"]) == ["jax"]


def test_a_difference_is_one_line():
    now = copy.deepcopy(RECORD)
    assert entries.differences(RECORD, now) == []
    now["sigmoid"]["torch"]["value"] *= 3  # a rounding, which another processor makes otherwise
    assert entries.differences(RECORD, now) == []
    now["sigmoid"]["torch"]["value"] = 1e-9
    now["gains"]["torch"]["gains"]["tanh"] = 1.7
    now["floating_point"]["jax"]["found"]["gelu_tanh_form"][0] *= 1.2  # noise
    now["floating_point"]["jax"]["found"]["sigmoid_slope"][0] = 4.25e-18
    now["defaults"]["keras"]["defaults"]["keras.ops.gelu"]["approximate"] = False
    del now["kinks"]["flax"]
    lines = entries.differences(RECORD, now)
    assert [line.partition(": recorded")[0] for line in lines] == [
        "sigmoid, torch, value",
        "kinks, flax",
        "gains, torch, gains, tanh",
        "defaults, keras, defaults, keras.ops.gelu, approximate",
        "floating_point, jax, found, sigmoid_slope, 0",
    ]
    assert lines[2] == f"gains, torch, gains, tanh: recorded {5 / 3!r}, now 1.7"


def test_an_unknown_entry_is_one_line():
    done = subprocess.run([sys.executable, "-m", "frameworks", "--only", "sigmoi"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("found no entry 'sigmoi', expected one of sigmoid, ")


def test_what_json_has_no_number_for():
    assert entries.plain({"a": (math.nan, -math.inf, 1.0)}) == {"a": [None, "-inf", 1.0]}


def test_the_frameworks_that_are_installed_answer_as_recorded():
    present = [key for key in frameworks.NAMES if run.present(key)]
    if not present:
        pytest.skip("no framework is installed")
    again, missing = entries.collect(list(RECORD))

    def held(name, key):
        """What was run as it is asked for today, and can be run again here."""
        stays = name in entries.TABLES or frameworks.state(CATALOGUE[name], key, RECORD) == FRESH
        return stays and key not in missing

    before, now = (
        {name: {key: answers[key] for key in answers if held(name, key)} for name, answers in record.items()}
        for record in (RECORD, again)
    )
    assert entries.differences(before, now) == []


# At the kinks


@pytest.mark.parametrize("order", [1, 2])
def test_the_table_of_kinks_shows_the_record(order):
    header, _, *lines = code.kinks(RECORD, order).splitlines()
    assert all(frameworks.named(key, RECORD["kinks"][key]) in header for key in ("torch", "jax", "tensorflow"))
    rows = [row for row in RECORD["kinks"]["torch"]["rows"] if row["order"] == order]
    slopes = {
        (key, row["title"], row["z"]): row["slope"]
        for key, answer in RECORD["kinks"].items()
        for row in answer["rows"]
        if row["order"] == order
    }
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows):
        cells = line.strip("| ").split(" | ")
        for key, cell in zip(("torch", "jax", "tensorflow"), cells[2:]):
            slope = slopes.get((key, row["title"], row["z"]), "–")
            if slope == "–":
                assert cell == "–" or key == "jax" and "Flax" in cell
                continue
            assert ("**" in cell) == (slope is None or not math.isclose(slope, row["slope"], rel_tol=1e-6))
            assert cell.strip("*") == ("error" if slope is None else code.short(slope))


def test_the_slopes_of_nnlib_are_at_points_of_the_table():
    """They were read, not run: it agrees with PyTorch but for hard swish and ELU."""
    torch = {(row["title"], row["z"]): row["slope"] for row in RECORD["kinks"]["torch"]["rows"] if row["order"] == 1}
    assert set(kinks.READ) <= set(torch)
    differing = {place for place, slope in kinks.READ.items() if not math.isclose(slope, torch[place])}
    assert differing == {("Hard swish", -3), ("Hard swish", 3), ("ELU, α = 2", 0)}


def test_what_pages_say_of_kinks():
    slopes = {
        (key, row["title"], row["order"]): row["slope"]
        for key, answer in RECORD["kinks"].items()
        for row in answer["rows"]
    }
    relu = [slopes[key, "ReLU", 1] for key in ("torch", "jax", "tensorflow")]
    maximum = [slopes[key, "Maximum of z and 0", 1] for key in ("torch", "jax", "tensorflow")]
    assert relu == [0, 0, 0] and maximum == [0.5, 0.5, 1]
    assert [slopes[key, "PReLU, slope 0.25", 1] for key in ("torch", "flax", "keras", "tensorflow")] == [0.25, 1, 0, 0]
    assert [slopes[key, "ELU, α = 2", 1] for key in ("torch", "jax", "tensorflow")] == [2, 2, 2]
    assert [slopes[key, "ELU, α = 1", 2] for key in ("torch", "tensorflow", "jax")] == [0, 0, 1]
    product = RECORD["floating_point"]["torch"]["found"]["selu_slope"][0]
    assert slopes["torch", "SELU", 1] == slopes["jax", "SELU", 1] == product
    assert slopes["tensorflow", "SELU", 1] == pytest.approx(1.0507009873554805)
    assert [slopes[key, "SELU", 2] for key in ("torch", "tensorflow")] == [0, 0] and slopes["jax", "SELU", 2] == product
    assert repr(product) in (ROOT / "docs" / "functions" / "selu.md").read_text(encoding="utf-8")
    assert slopes["jax", "CELU, α = 2", 2] not in (0.0, 0.5) and slopes["tensorflow", "Softsign", 2] is None


# Floating point


def test_every_piece_is_included():
    included = {name for text in DOCS.values() for name in re.findall(r'--8<-- "((?:found|models)/[\w.]+)"', text)}
    made = {**found.pieces(RECORD), **tables_of_models.pieces(RECORD), "found/prelu.md": code.prelu(RECORD)}
    # Those of the table that no sentence needs.
    alone = {
        f"found/{name}.md"
        for name in (
            "gelu_tanh_form",
            "hard_sigmoid_slope",
            "softplus_value",
            "softplus_slope",
            "mish_curvature_single",
        )
    }
    assert included | alone == set(made)
    # A line break at the end of a piece of a sentence would end the paragraph.
    tables = {"found/table.md", "models/counts.md", "models/seen.md"}
    assert all("\n" not in text for name, text in made.items() if name not in tables)


@pytest.fixture
def first():
    """The record as if each framework were at its version 1."""
    record = copy.deepcopy(RECORD)
    for answers in record.values():
        for answer in answers.values():
            answer["versions"] = dict.fromkeys(answer["versions"], "1")
    return record


def test_the_table_has_a_row_for_each_wrong_result(first):
    assert "| PyTorch, JAX, TensorFlow | sigmoid′(40) | 0 | 4.25·10⁻¹⁸ |" in found.library(first)
    assert "| PyTorch | softplus(20.000001) | 20.000001 | 20.000001002 |" in found.library(first)
    first["floating_point"]["jax"]["found"]["sigmoid_slope"] = [4.248354255291589e-18]
    assert "| PyTorch, TensorFlow | sigmoid′(40) | 0 | 4.25·10⁻¹⁸ |" in found.library(first)
    assert found.returned(first, "sigmoid_slope") == "PyTorch 1 and TensorFlow 1 return $0$ (JAX 1 is right)"


def test_sentences_say_what_was_found(first):
    answers = {key: answer["found"] for key, answer in first["floating_point"].items()}
    assert found.returned(first, "elu_slope") == "JAX 1 and TensorFlow 1 return $0$ (PyTorch 1 is right)"
    answers["tensorflow"]["elu_slope"] = [2e-18]
    assert found.returned(first, "elu_slope").startswith(
        "JAX 1 returns $0$ and TensorFlow 1 returns $2.00 \\cdot 10^{-18}$ ("
    )
    answers["jax"]["silu_infinity"] = [0.0]
    assert found.returned(first, "silu_infinity") == "PyTorch 1 and TensorFlow 1 return NaN (JAX 1 is right)"
    answers["scipy"] |= {"normal": [-37.13, 1832.0], "softmax": [480.0]}
    assert found.normal(first).endswith("is off by 1832 units in the last place at $-37.130000$")
    answers["jax"]["softmax"] = answers["torch"]["softmax"] = answers["tensorflow"]["softmax"] = [512.0]
    assert found.softmax(first).startswith("480 to 512 units in the last place in PyTorch")
    answers["jax"] |= {"tanh_slope_near": [17e-17], "tanh_value": [1 - 2.0**-52]}
    assert found.times(first, "tanh_slope_near") == "JAX 1 returns $1.70 \\cdot 10^{-16}$, 10 times the truth"
    assert "which is 1.5 units in the last place too little" in found.tanh_value(first)


def test_facts_that_sentences_around_the_pieces_rely_on():
    """A sentence says “for all outputs”, “in both types”, or what is asked without a version."""
    for key, answer in RECORD["floating_point"].items():
        results = answer["found"]
        assert results.get("softmax_infinity", [None, None]) == [None, None]
        assert results.get("silu_slopes_infinity", [None, None]) == [None, None]
        assert results.get("log_softmax_infinity", [None, None]) == [None, "-inf" if key == "scipy" else None]
        if "mish_curvature" in results:
            first = [results[name][0] for name in ("mish_curvature", "mish_curvature_single")]
            last = [results[name][1] for name in ("mish_curvature", "mish_curvature_single")]
            assert first == [0, 0] and last == ([None, None] if key == "torch" else [0, 0])


def test_truths_of_the_table_are_those_of_the_displays():
    """The page claims some of them in displays, which are checked."""
    page = (ROOT / "docs" / "tables" / "floating_point.md").read_text(encoding="utf-8")
    truths = [found.shown(truth, digits) for _, truth, digits in found.SHOWN.values()]
    for shown in ("4.25·10⁻¹⁸", "1.70·10⁻¹⁷", "−8.0576·10⁻¹⁷", "0.99999999794", "−4.25·10⁻¹⁸"):
        assert shown in truths and rf"\approx {found.tex(shown)[1:-1]}" in page


# Models


def names_of_functions():
    return {name: function for function, names in models.NAMES.items() for name in names}


def test_every_name_that_is_counted_has_its_function_and_computes_it():
    names = names_of_functions()
    assert set(MODELS["counts"]) <= set(names)
    values, formula = MODELS["values"], MODELS["values"]["names"]
    assert all(difference < 1e-7 for difference in formula.values())
    assert set(formula) == {name for name, function in names.items() if function in ("GELU", "SiLU", "ReLU", "Tanh")}
    assert len(values["points"]) == len(values["quick_gelu"]) == len(models.POINTS)


def test_each_model_s_claim_is_what_was_seen():
    rows = [(function, model) for function, seen in MODELS["seen"].items() for model in seen]
    assert rows == [(function, model) for function, claims in models.SEEN.items() for model in claims]
    for function, claims_of in models.SEEN.items():
        for model, claims in claims_of.items():
            for (file, name, options, expected), seen in zip(claims, MODELS["seen"][function][model], strict=True):
                assert (seen["file"], seen["name"]) == (file, name)
                assert seen["found"] == expected if options is not None else expected in seen["found"], (model, seen)


def test_a_function_s_configured_name_is_the_function_of_its_row():
    names = names_of_functions()
    for function, claims_of in models.SEEN.items():
        for model, claims in claims_of.items():
            for _, _, options, expected in claims:
                if options is not None and isinstance(expected, str):
                    first = function.partition(", gated")[0]
                    assert names[expected] == first, (model, function)


def page_definitions(path):
    scope, page = Scope(), read(ROOT / "docs" / path)
    read_definitions(read(layout.NOTATION), scope)
    read_definitions(page, scope)
    return scope.definitions


@pytest.mark.parametrize(
    "recorded, path, name, parameters",
    [
        ("quick_gelu", "guide/choosing.md", "quick", {}),
        ("relu2", "guide/choosing.md", "squared", {}),
        ("xielu", "guide/choosing.md", "xielu", {r"\alpha": 0.8, r"\gamma": 0.8}),
        ("snake", "guide/choosing.md", "snake", {r"\alpha": 2, r"\beta": 2}),
        ("snake_beta", "guide/choosing.md", "snake", {r"\alpha": 2, r"\beta": 3}),
        ("clamped_swiglu", "guide/choosing.md", "clamped", {}),
        ("tanh_form", "functions/gelu.md", "h", {}),
    ],
)
def test_the_formula_on_the_page_is_what_transformers_computes(recorded, path, name, parameters):
    definitions, z = page_definitions(path), MODELS["values"]["points"]
    definition = definitions[name]
    inputs = zip(z, reversed(z)) if len(definition.formals) == 2 else ((x,) for x in z)
    for arguments, value in zip(inputs, MODELS["values"][recorded], strict=True):
        environment = {symbol: arb(x) for symbol, x in (*zip(definition.formals, arguments), *parameters.items())}
        truth = float(Evaluator(definitions).value(definition.body, environment))
        # Snake adds 1e-9 to what it divides by; xIELU's logarithm and softplus cost some digits.
        assert value == pytest.approx(truth, rel=1e-8, abs=1e-14), (arguments, value, truth)


def test_the_tables_show_what_was_counted_and_seen():
    made = tables_of_models.pieces(RECORD)
    lines = made["models/counts.md"].splitlines()[2:]
    assert [int(line.split("|")[3]) for line in lines] == list(MODELS["counts"].values())
    version = MODELS["versions"]["transformers"]
    assert made["models/classes.md"] == f"{MODELS['classes']} configuration classes of Transformers {version}"
    assert f"| [GELU](../functions/gelu.md), tanh form | `gelu_new` | {MODELS['counts']['gelu_new']} |" in lines
    source = r"https://github.com/huggingface/transformers/blob/v([\d.]+)/src/transformers/(\S+?)"
    links = re.findall(rf"\[([^\]]+)\]\({source}\)", made["models/seen.md"])
    assert {model for model, *_ in links} == {model for claims in models.SEEN.values() for model in claims}
    assert {v for _, v, _ in links} == {version}


def test_the_record_is_plain_json():
    assert json.loads(json.dumps(RECORD, allow_nan=False)) == RECORD
